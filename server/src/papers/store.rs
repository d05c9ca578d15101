//! The SQL of papers.

use super::LetterInput;
use crate::{
    access::Scope,
    problem::Error,
    store::{
        Row, Tx,
        jobs::{self, Job, NewJob},
    },
    vals,
};
use karton_api::{
    Id, Timestamp,
    decisions::LetterState,
    lodgings::{self as wire, PaperKind as Wire},
    value::{Letter, Matter, Office},
};

/// The queue of the job that makes a paper's letter. Its payload is the paper's id.
pub const MAKE_PAPER: &str = "make-paper";

/// What kind of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was handed in, when and to whom.
    Receipt,
    /// An application is not taken up.
    Dismissal,
    /// An application was taken back by whoever lodged it.
    Withdrawal,
}

impl Kind {
    /// The kind and the variant, as they are stored.
    fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Kind::Receipt => ("receipt", None),
            Kind::Dismissal => ("dismissal", None),
            Kind::Withdrawal => ("receipt", Some("withdrawal")),
        }
    }
    fn named(name: &str, variant: Option<&str>) -> Result<Kind, Error> {
        match (name, variant) {
            ("receipt", None) => Ok(Kind::Receipt),
            ("receipt", Some("withdrawal")) => Ok(Kind::Withdrawal),
            ("dismissal", None) => Ok(Kind::Dismissal),
            other => Err(Error::fault(format!("a paper cannot be a `{other:?}`"))),
        }
    }
}

/// A paper as it is stored.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Which.
    pub id: Id<Letter>,
    /// What it is.
    pub kind: Kind,
    /// Issues it.
    pub office: Id<Office>,
    /// The first matter it speaks about.
    pub matter: Id<Matter>,
    /// The number it bears.
    pub number: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Where its letter stands.
    pub letter: LetterState,
    /// What the letter is made of, frozen.
    pub letter_input: LetterInput,
}

impl Paper {
    /// As it travels.
    pub fn view(&self) -> wire::Paper {
        wire::Paper {
            id: self.id,
            kind: match self.kind {
                Kind::Receipt => Wire::Receipt,
                Kind::Dismissal => Wire::Dismissal,
                Kind::Withdrawal => Wire::Withdrawal,
            },
            number: self.number.clone(),
            issued_at: self.issued_at,
            letter: self.letter,
        }
    }
}

fn letter_name(letter: LetterState) -> &'static str {
    match letter {
        LetterState::Making => "making",
        LetterState::Ready => "ready",
        LetterState::Failed => "failed",
    }
}
fn letter_state(name: &str) -> Result<LetterState, Error> {
    match name {
        "making" => Ok(LetterState::Making),
        "ready" => Ok(LetterState::Ready),
        "failed" => Ok(LetterState::Failed),
        other => Err(Error::fault(format!("a letter cannot be `{other}`"))),
    }
}

const COLUMNS: &str =
    "p.id, p.kind, p.office, p.matter, p.number, p.issued_at, p.letter, p.letter_input, p.variant";

fn paper(row: &Row) -> Result<Paper, Error> {
    Ok(Paper {
        id: row.get(0)?,
        kind: Kind::named(&row.get::<String>(1)?, row.get::<Option<String>>(8)?.as_deref())?,
        office: row.get(2)?,
        matter: row.get(3)?,
        number: row.get(4)?,
        issued_at: row.get(5)?,
        letter: letter_state(&row.get::<String>(6)?)?,
        letter_input: serde_json::from_str(&row.get::<String>(7)?).map_err(Error::fault)?,
    })
}

/// Issues a paper about its matter and others, and has its letter made after the commit.
pub fn post(tx: &mut Tx, it: &Paper, also: &[Id<Matter>], job: Id<Job>) -> Result<(), Error> {
    let (kind, variant) = it.kind.names();
    tx.exec(
        "INSERT INTO paper (id, kind, office, matter, number, issued_at, letter, letter_input, variant)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            it.id,
            kind,
            it.office,
            it.matter,
            &it.number,
            it.issued_at,
            letter_name(it.letter),
            serde_json::to_string(&it.letter_input).map_err(Error::fault)?,
            variant
        ],
    )?;
    for matter in std::iter::once(&it.matter).chain(also) {
        tx.exec(
            "INSERT INTO paper_matter (matter, paper) VALUES ($1, $2) ON CONFLICT (matter, paper) DO NOTHING",
            vals![*matter, it.id],
        )?;
    }
    let new = NewJob::new(job, MAKE_PAPER, it.issued_at).payload(it.id.to_string());
    jobs::post(tx, &new)?;
    Ok(())
}

/// A paper within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<Letter>) -> Result<Paper, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM paper p WHERE p.id = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = p.office)"
    );
    tx.opt(&sql, vals![scope.val(), id])?
        .map_or(Err(Error::Missing), |row| paper(&row))
}

/// A paper, for the job that makes its letter; nothing where there is none.
pub fn find(tx: &mut Tx, id: Id<Letter>) -> Result<Option<Paper>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM paper p WHERE p.id = $1");
    tx.opt(&sql, vals![id])?.as_ref().map(paper).transpose()
}

/// The newest papers about a matter, at most 50. The caller has checked that it lies within the scope.
pub fn of_matter(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<Paper>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM paper_matter m JOIN paper p ON p.id = m.paper WHERE m.matter = $1 ORDER BY p.issued_at DESC, p.id DESC LIMIT 50"
    );
    tx.query(&sql, vals![matter])?.iter().map(paper).collect()
}

/// The matters a paper speaks about.
pub fn matters_of(tx: &mut Tx, id: Id<Letter>) -> Result<Vec<Id<Matter>>, Error> {
    let rows = tx.query(
        "SELECT matter FROM paper_matter WHERE paper = $1 ORDER BY matter",
        vals![id],
    )?;
    rows.iter().map(|row| Ok(row.get(0)?)).collect()
}

/// Notes where the letter stands.
pub fn set_letter(tx: &mut Tx, id: Id<Letter>, letter: LetterState) -> Result<(), Error> {
    tx.exec(
        "UPDATE paper SET letter = $2 WHERE id = $1",
        vals![id, letter_name(letter)],
    )?;
    Ok(())
}
