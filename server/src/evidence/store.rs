//! The SQL of evidence.

use crate::{
    problem::Error,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    applications::EvidenceState,
    value::{Evidence, Matter, Office, Officer, Person},
};

/// A question with its answer, as stored.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: Id<Evidence>,
    /// For which matter.
    pub matter: Id<Matter>,
    /// In whose name.
    pub office: Id<Office>,
    /// About whom.
    pub person: Id<Person>,
    /// The service's code.
    pub service: String,
    /// Where it stands.
    pub state: EvidenceState,
    /// The message's id.
    pub message: String,
    /// How often this service was asked anew about this person.
    pub round: i64,
    /// Facts of the answer are true from this day: that of lodging.
    pub valid_from: Date,
    /// When it was asked,
    pub asked_at: Timestamp,
    /// and for which officer.
    pub asked_by: Option<Id<Officer>>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// How often it was tried.
    pub tries: u32,
    /// How many facts it brought.
    pub facts: u32,
    /// How many contradict what was declared.
    pub contradicts: u32,
    /// What went wrong.
    pub problem: Option<String>,
}

const COLUMNS: &str = "id, matter, office, person, service, state, message, round, valid_from, asked_at, asked_by, answered_at, tries, facts, \
     contradicts, problem";

/// The name of a state as it is stored.
pub(super) fn state_name(state: EvidenceState) -> &'static str {
    match state {
        EvidenceState::Waiting => "waiting",
        EvidenceState::Answered => "answered",
        EvidenceState::Nothing => "nothing",
        EvidenceState::Silent => "silent",
        EvidenceState::Unusable => "unusable",
        EvidenceState::Replaced => "replaced",
    }
}

fn item(row: &Row) -> Result<Item, Error> {
    let name: String = row.get(5)?;
    let states = [
        EvidenceState::Waiting,
        EvidenceState::Answered,
        EvidenceState::Nothing,
        EvidenceState::Silent,
        EvidenceState::Unusable,
        EvidenceState::Replaced,
    ];
    let state = states
        .into_iter()
        .find(|state| state_name(*state) == name)
        .ok_or_else(|| Error::fault(format!("evidence in the state `{name}`")))?;
    Ok(Item {
        id: row.get(0)?,
        matter: row.get(1)?,
        office: row.get(2)?,
        person: row.get(3)?,
        service: row.get(4)?,
        state,
        message: row.get(6)?,
        round: row.get(7)?,
        valid_from: row.get(8)?,
        asked_at: row.get(9)?,
        asked_by: row.get(10)?,
        answered_at: row.get(11)?,
        tries: row.get(12)?,
        facts: row.get(13)?,
        contradicts: row.get(14)?,
        problem: row.get(15)?,
    })
}

/// All questions of a matter, in the order of the benefit. The caller has found the matter within the scope.
pub fn items(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<Item>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM evidence WHERE matter = $1 ORDER BY place, id LIMIT 2000");
    tx.query(&sql, vals![matter])?.iter().map(item).collect()
}

pub(super) fn one(tx: &mut Tx, id: Id<Evidence>) -> Result<Option<Item>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM evidence WHERE id = $1");
    tx.opt(&sql, vals![id])?.as_ref().map(item).transpose()
}

/// Writes a question that was not asked before; answers whether it was new.
pub(super) fn insert(tx: &mut Tx, item: &Item, place: i64) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO evidence (id, matter, office, person, service, place, state, message, round, valid_from, asked_at, asked_by, tries,
            facts, contradicts, problem) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, $13)
         ON CONFLICT (matter, service, person) DO NOTHING",
        vals![
            item.id,
            item.matter,
            item.office,
            item.person,
            item.service.as_str(),
            place,
            state_name(item.state),
            item.message.as_str(),
            item.round,
            item.valid_from,
            item.asked_at,
            item.asked_by,
            item.problem.as_deref()
        ],
    )?;
    Ok(())
}

/// Saves where a question stands; `answer` is what came, as it came.
pub(super) fn save(tx: &mut Tx, item: &Item, answer: Option<&str>) -> Result<(), Error> {
    tx.exec(
        "UPDATE evidence SET state = $2, message = $3, round = $4, asked_at = $5, asked_by = $6, answered_at = $7, tries = $8, facts = $9,
            contradicts = $10, problem = $11, answer = coalesce($12, answer) WHERE id = $1",
        vals![
            item.id,
            state_name(item.state),
            item.message.as_str(),
            item.round,
            item.asked_at,
            item.asked_by,
            item.answered_at,
            item.tries,
            item.facts,
            item.contradicts,
            item.problem.as_deref(),
            answer
        ],
    )?;
    Ok(())
}

pub(super) fn save_document(tx: &mut Tx, id: Id<Evidence>, document: &str) -> Result<(), Error> {
    tx.exec(
        "UPDATE evidence SET document = $2 WHERE id = $1",
        vals![id, document],
    )?;
    Ok(())
}

/// A question that brought no answer, and nothing has replaced it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// The service's code.
    pub service: String,
    /// About whom.
    pub person: Id<Person>,
    /// Still waiting.
    pub waiting: bool,
}

/// What no register has answered in a matter: its facts are not verified.
pub fn unanswered(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<Unanswered>, Error> {
    let open = |state| {
        matches!(
            state,
            EvidenceState::Waiting | EvidenceState::Silent | EvidenceState::Unusable
        )
    };
    let items = items(tx, matter)?.into_iter().filter(|item| open(item.state));
    Ok(items
        .map(|item| Unanswered {
            waiting: item.state == EvidenceState::Waiting,
            service: item.service,
            person: item.person,
        })
        .collect())
}
