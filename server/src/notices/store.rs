//! The SQL of notices.

use crate::{
    problem::Error,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Id, Timestamp,
    notices::NoticeState,
    value::{Decision, Matter, Notice, Office, Person, StepRun},
};
use serde_json::{Map, Value};

/// A notice as it is stored.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Which.
    pub id: Id<Notice>,
    /// Its matter.
    pub matter: Id<Matter>,
    /// In whose name.
    pub office: Id<Office>,
    /// What it tells of, where that is a decision.
    pub decision: Option<Id<Decision>>,
    /// The step that waits for it, where one tells.
    pub run: Option<Id<StepRun>>,
    /// About whom.
    pub person: Id<Person>,
    /// The service's code.
    pub service: String,
    /// The message's id, the same in every try.
    pub message: String,
    /// What is sent beside the person's number.
    pub members: Map<String, Value>,
    /// Where it stands.
    pub state: NoticeState,
    /// How often it was tried.
    pub tries: u32,
    /// When it was posted, the last time.
    pub posted_at: Timestamp,
    /// When the institution answered, or was given up.
    pub answered_at: Option<Timestamp>,
    /// The institution's receipt.
    pub receipt: Option<String>,
    /// What went wrong.
    pub problem: Option<String>,
}

const STATES: [(&str, NoticeState); 4] = [
    ("waiting", NoticeState::Waiting),
    ("taken", NoticeState::Taken),
    ("refused", NoticeState::Refused),
    ("silent", NoticeState::Silent),
];

pub(super) fn state_name(state: NoticeState) -> &'static str {
    match state {
        NoticeState::Waiting => "waiting",
        NoticeState::Taken => "taken",
        NoticeState::Refused => "refused",
        NoticeState::Silent => "silent",
    }
}

const COLUMNS: &str = "id, matter, office, decision, person, service, message, members, state, tries, posted_at, answered_at, receipt, problem, run";
/// The most notices of one matter that are shown.
const MOST: i64 = 50;

fn notice(row: &Row) -> Result<Stored, Error> {
    let name: String = row.get(8)?;
    let state = STATES.iter().find(|(known, _)| *known == name);
    Ok(Stored {
        id: row.get(0)?,
        matter: row.get(1)?,
        office: row.get(2)?,
        decision: row.get(3)?,
        person: row.get(4)?,
        service: row.get(5)?,
        message: row.get(6)?,
        members: serde_json::from_str(&row.get::<String>(7)?).map_err(Error::fault)?,
        state: state
            .map(|(_, state)| *state)
            .ok_or_else(|| Error::fault(format!("a notice cannot be `{name}`")))?,
        tries: row.get(9)?,
        posted_at: row.get(10)?,
        answered_at: row.get(11)?,
        receipt: row.get(12)?,
        problem: row.get(13)?,
        run: row.get(14)?,
    })
}

pub(super) fn insert(tx: &mut Tx, it: &Stored) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO notice (id, matter, office, decision, person, service, message, members, state, tries, posted_at, problem, run)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        vals![
            it.id,
            it.matter,
            it.office,
            it.decision,
            it.person,
            &it.service,
            &it.message,
            serde_json::to_string(&it.members).map_err(Error::fault)?,
            state_name(it.state),
            it.tries,
            it.posted_at,
            it.problem.clone(),
            it.run
        ],
    )?;
    Ok(())
}

/// Saves how a notice stands.
pub(super) fn save(tx: &mut Tx, it: &Stored) -> Result<(), Error> {
    tx.exec(
        "UPDATE notice SET message = $2, state = $3, tries = $4, posted_at = $5, answered_at = $6, receipt = $7, problem = $8, members = $9
         WHERE id = $1",
        vals![
            it.id,
            &it.message,
            state_name(it.state),
            it.tries,
            it.posted_at,
            it.answered_at,
            it.receipt.clone(),
            it.problem.clone(),
            serde_json::to_string(&it.members).map_err(Error::fault)?
        ],
    )?;
    Ok(())
}

/// The notice with this id.
pub fn one(tx: &mut Tx, id: Id<Notice>) -> Result<Option<Stored>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM notice WHERE id = $1");
    tx.opt(&sql, vals![id])?.as_ref().map(notice).transpose()
}

/// The notice under a message's id, for whoever was told answers by it.
pub fn by_message(tx: &mut Tx, message: &str) -> Result<Option<Stored>, Error> {
    let sql =
        format!("SELECT {COLUMNS} FROM notice WHERE message = $1 ORDER BY posted_at DESC, id DESC LIMIT 1");
    tx.opt(&sql, vals![message])?.as_ref().map(notice).transpose()
}

/// Whether a step that was opened has its notice.
pub(super) fn of_run(tx: &mut Tx, run: Id<StepRun>) -> Result<bool, Error> {
    Ok(tx
        .opt("SELECT 1 FROM notice WHERE run = $1", vals![run])?
        .is_some())
}

/// The notices of a matter in the order of posting. The caller has found the matter within the scope.
pub fn all(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<Stored>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM notice WHERE matter = $1 ORDER BY posted_at, id LIMIT {MOST}");
    tx.query(&sql, vals![matter])?.iter().map(notice).collect()
}
