//! The SQL of decisions.

use super::granting::Granted;
use crate::papers::LetterInput;
use crate::{
    access::Scope,
    problem::Error,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    applications::Recommendation,
    assessments::Outcome,
    decisions::LetterState,
    value::{self, Application, Assessment, Award, Office, Officer},
};

/// A decision as it is stored.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Which.
    pub id: Id<value::Decision>,
    /// The office of the application.
    pub office: Id<Office>,
    /// On which application.
    pub application: Id<Application>,
    /// For people.
    pub number: String,
    /// `grant` or `refuse`.
    pub outcome: Outcome,
    /// What it rests on.
    pub assessment: Id<Assessment>,
    /// First day of the right.
    pub starts: Option<Date>,
    /// The day after the last.
    pub ends: Option<Date>,
    /// To be reviewed on.
    pub review_on: Option<Date>,
    /// The second officer.
    pub decided_by: Id<Officer>,
    /// When.
    pub decided_at: Timestamp,
    /// The award, if granted.
    pub award: Option<Id<Award>>,
    /// Where the letter stands.
    pub letter: LetterState,
    /// What the letter is made of, frozen.
    pub letter_input: LetterInput,
    /// The day it was delivered.
    pub delivered_on: Option<Date>,
    /// The second officer's paragraph.
    pub paragraph: Option<String>,
    /// The approver for whom the second officer signed.
    pub deputy_for: Option<Id<Officer>>,
    /// What was granted, where it differs from what was assessed.
    pub granted: Option<Granted>,
    /// The later decision that took its effect.
    pub annulled_by: Option<Id<value::Amendment>>,
    /// The body without whose own decision it grants nothing.
    pub confirms: Option<String>,
    /// What sent it back: it has no effect any more.
    pub returned_by: Option<Id<value::Confirmation>>,
    /// What was recommended; none for decisions from before it was kept here, whose application still has it.
    pub recommendation: Option<Recommendation>,
}

pub(super) fn letter_name(letter: LetterState) -> &'static str {
    match letter {
        LetterState::Making => "making",
        LetterState::Ready => "ready",
        LetterState::Failed => "failed",
    }
}

pub(super) fn letter_state(name: &str) -> Result<LetterState, Error> {
    match name {
        "making" => Ok(LetterState::Making),
        "ready" => Ok(LetterState::Ready),
        "failed" => Ok(LetterState::Failed),
        other => Err(Error::fault(format!("a letter cannot be `{other}`"))),
    }
}

const COLUMNS: &str = "d.id, d.office, d.application, d.number, d.outcome, d.assessment, d.starts, d.ends, d.review_on, d.decided_by, \
     d.decided_at, d.award, d.letter, d.letter_input, d.delivered_on, d.paragraph, d.deputy_for, d.granted, d.annulled_by, d.recommendation, \
     d.confirms, d.returned_by";

fn decision(row: &Row) -> Result<Decision, Error> {
    let outcome = match row.get::<String>(4)?.as_str() {
        "grant" => Outcome::Grant,
        "refuse" => Outcome::Refuse,
        other => return Err(Error::fault(format!("a decision cannot be `{other}`"))),
    };
    let letter = letter_state(&row.get::<String>(12)?)?;
    Ok(Decision {
        id: row.get(0)?,
        office: row.get(1)?,
        application: row.get(2)?,
        number: row.get(3)?,
        outcome,
        assessment: row.get(5)?,
        starts: row.get(6)?,
        ends: row.get(7)?,
        review_on: row.get(8)?,
        decided_by: row.get(9)?,
        decided_at: row.get(10)?,
        award: row.get(11)?,
        letter,
        letter_input: serde_json::from_str(&row.get::<String>(13)?).map_err(Error::fault)?,
        delivered_on: row.get(14)?,
        paragraph: row.get(15)?,
        deputy_for: row.get(16)?,
        granted: row
            .get::<Option<String>>(17)?
            .map(|granted| serde_json::from_str(&granted))
            .transpose()
            .map_err(Error::fault)?,
        annulled_by: row.get(18)?,
        recommendation: row
            .get::<Option<String>>(19)?
            .map(|said| serde_json::from_str(&said))
            .transpose()
            .map_err(Error::fault)?,
        confirms: row.get(20)?,
        returned_by: row.get(21)?,
    })
}

/// Writes a decision.
pub(super) fn insert(tx: &mut Tx, it: &Decision) -> Result<(), Error> {
    let outcome = if it.outcome == Outcome::Grant {
        "grant"
    } else {
        "refuse"
    };
    tx.exec(
        "INSERT INTO decision (id, office, application, number, outcome, assessment, starts, ends, review_on, decided_by, decided_at, award,
            letter, letter_input, delivered_on, paragraph, deputy_for, granted, recommendation, confirms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        vals![
            it.id,
            it.office,
            it.application,
            &it.number,
            outcome,
            it.assessment,
            it.starts,
            it.ends,
            it.review_on,
            it.decided_by,
            it.decided_at,
            it.award,
            letter_name(it.letter),
            serde_json::to_string(&it.letter_input).map_err(Error::fault)?,
            it.delivered_on,
            it.paragraph.clone(),
            it.deputy_for,
            it.granted
                .as_ref()
                .map(serde_json::to_string)
                .transpose()
                .map_err(Error::fault)?,
            it.recommendation
                .as_ref()
                .map(serde_json::to_string)
                .transpose()
                .map_err(Error::fault)?,
            it.confirms.clone()
        ],
    )?;
    Ok(())
}

/// Keeps what was recommended with the decision, before its application goes on without it.
pub(super) fn keep_recommendation(
    tx: &mut Tx,
    id: Id<value::Decision>,
    said: &Recommendation,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE decision SET recommendation = $2 WHERE id = $1 AND recommendation IS NULL",
        vals![id, serde_json::to_string(said).map_err(Error::fault)?],
    )?;
    Ok(())
}

/// A decision within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<value::Decision>) -> Result<Decision, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM decision d WHERE d.id = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = d.office)"
    );
    tx.opt(&sql, vals![scope.val(), id])?
        .map_or(Err(Error::Missing), |row| decision(&row))
}

/// The office of a decision, for the job that makes its letter; nothing where there is no such decision.
pub fn office_of(tx: &mut Tx, id: Id<value::Decision>) -> Result<Option<Id<Office>>, Error> {
    let row = tx.opt("SELECT office FROM decision WHERE id = $1", vals![id])?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// The body without whose own decision a decision grants nothing; nothing where it needs none.
pub fn confirms(tx: &mut Tx, id: Id<value::Decision>) -> Result<Option<String>, Error> {
    let row = tx.one("SELECT confirms FROM decision WHERE id = $1", vals![id])?;
    Ok(row.get(0)?)
}

/// Notes where the letter stands.
pub fn set_letter(tx: &mut Tx, id: Id<value::Decision>, letter: LetterState) -> Result<(), Error> {
    tx.exec(
        "UPDATE decision SET letter = $2 WHERE id = $1",
        vals![id, letter_name(letter)],
    )?;
    Ok(())
}

/// Notes the day of delivery.
pub(super) fn set_delivered(tx: &mut Tx, id: Id<value::Decision>, on: Date) -> Result<(), Error> {
    tx.exec(
        "UPDATE decision SET delivered_on = $2 WHERE id = $1",
        vals![id, on],
    )?;
    Ok(())
}

/// A request to the applicant to complete an application.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which.
    pub id: Id<value::Letter>,
    /// The office of the application.
    pub office: Id<Office>,
    /// To complete which application.
    pub application: Id<Application>,
    /// When.
    pub asked_at: Timestamp,
    /// Where its letter stands.
    pub letter: LetterState,
    /// What the letter is made of, frozen.
    pub letter_input: LetterInput,
}

fn request(row: &Row) -> Result<Request, Error> {
    Ok(Request {
        id: row.get(0)?,
        office: row.get(1)?,
        application: row.get(2)?,
        asked_at: row.get(3)?,
        letter: letter_state(&row.get::<String>(4)?)?,
        letter_input: serde_json::from_str(&row.get::<String>(5)?).map_err(Error::fault)?,
    })
}

const REQUEST: &str = "r.id, r.office, r.application, r.asked_at, r.letter, r.letter_input";

/// Writes a request for completion.
pub(super) fn insert_request(tx: &mut Tx, it: &Request) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO completion_request (id, office, application, asked_at, letter, letter_input) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![
            it.id,
            it.office,
            it.application,
            it.asked_at,
            letter_name(it.letter),
            serde_json::to_string(&it.letter_input).map_err(Error::fault)?
        ],
    )?;
    Ok(())
}

/// A request for completion, for the job that makes its letter; nothing where there is none.
pub fn request_of(tx: &mut Tx, id: Id<value::Letter>) -> Result<Option<Request>, Error> {
    let sql = format!("SELECT {REQUEST} FROM completion_request r WHERE r.id = $1");
    tx.opt(&sql, vals![id])?.as_ref().map(request).transpose()
}

/// The newest request for completion of an application within the scope; [`Error::Missing`] otherwise.
pub fn newest_request(tx: &mut Tx, scope: &Scope, application: Id<Application>) -> Result<Request, Error> {
    let sql = format!(
        "SELECT {REQUEST} FROM completion_request r WHERE r.application = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = r.office)
         ORDER BY r.asked_at DESC, r.id DESC LIMIT 1"
    );
    tx.opt(&sql, vals![scope.val(), application])?
        .map_or(Err(Error::Missing), |row| request(&row))
}

/// Notes where the letter of a request stands.
pub fn set_request_letter(tx: &mut Tx, id: Id<value::Letter>, letter: LetterState) -> Result<(), Error> {
    tx.exec(
        "UPDATE completion_request SET letter = $2 WHERE id = $1",
        vals![id, letter_name(letter)],
    )?;
    Ok(())
}
