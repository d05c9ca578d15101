//! The SQL of messages of other institutions.

use crate::{
    problem::Error,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    FactValue, Id, Timestamp,
    value::{Matter, Notice, Reply, StepRun},
};

/// A message as it was taken.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) id: Id<Reply>,
    pub(super) matter: Id<Matter>,
    /// The step that waited for it.
    pub(super) run: Id<StepRun>,
    /// What it answers.
    pub(super) notice: Id<Notice>,
    /// Who sent it, in the gateway.
    pub(super) client: String,
    /// The sender's id of it.
    pub(super) message: String,
    /// The message's code.
    pub(super) service: String,
    /// SHA-256 of what came, in hexadecimal.
    pub(super) digest: String,
    /// Member → value.
    pub(super) brought: Vec<(String, FactValue)>,
    /// Whether it completed the step.
    pub(super) completed: bool,
    /// Steps that opened.
    pub(super) opened: Vec<String>,
    pub(super) received_at: Timestamp,
}

const COLUMNS: &str =
    "id, matter, run, notice, client, message, service, digest, brought, completed, opened, received_at";

fn reply(row: &Row) -> Result<Stored, Error> {
    let read = |text: String| serde_json::from_str(&text).map_err(Error::fault);
    Ok(Stored {
        id: row.get(0)?,
        matter: row.get(1)?,
        run: row.get(2)?,
        notice: row.get(3)?,
        client: row.get(4)?,
        message: row.get(5)?,
        service: row.get(6)?,
        digest: row.get(7)?,
        brought: read(row.get(8)?)?,
        completed: row.get(9)?,
        opened: serde_json::from_str(&row.get::<String>(10)?).map_err(Error::fault)?,
        received_at: row.get(11)?,
    })
}

pub(super) fn insert(tx: &mut Tx, it: &Stored) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO reply (id, matter, run, notice, client, message, service, digest, brought, completed, opened, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            it.id,
            it.matter,
            it.run,
            it.notice,
            &it.client,
            &it.message,
            &it.service,
            &it.digest,
            serde_json::to_string(&it.brought).map_err(Error::fault)?,
            it.completed,
            serde_json::to_string(&it.opened).map_err(Error::fault)?,
            it.received_at
        ],
    )?;
    Ok(())
}

/// What was taken before under a sender's id.
pub(super) fn before(tx: &mut Tx, client: &str, message: &str) -> Result<Option<Stored>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM reply WHERE client = $1 AND message = $2");
    tx.opt(&sql, vals![client, message])?
        .as_ref()
        .map(reply)
        .transpose()
}

pub(super) fn one(tx: &mut Tx, id: Id<Reply>) -> Result<Option<Stored>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM reply WHERE id = $1");
    tx.opt(&sql, vals![id])?.as_ref().map(reply).transpose()
}

/// One line of what went out and came in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line {
    Sent(Id<Notice>),
    Heard(Id<Reply>),
}

/// What went out and came in about a matter, the newest first, after the line that was seen last. The caller has found the matter within the scope.
pub(super) fn lines(
    tx: &mut Tx,
    matter: Id<Matter>,
    after: Option<(Timestamp, Id<Notice>)>,
    limit: usize,
) -> Result<Vec<(Timestamp, Line)>, Error> {
    let (at, id) = after.unwrap_or((Timestamp::MAX, Id::from_uuid(uuid::Uuid::max())));
    let rows = tx.query(
        "SELECT x.at, x.id, x.sent FROM (
            SELECT posted_at AS at, id, 1 AS sent FROM notice WHERE matter = $1
            UNION ALL SELECT received_at, id, 0 FROM reply WHERE matter = $1
         ) AS x WHERE x.at < $2 OR (x.at = $2 AND x.id < $3) ORDER BY x.at DESC, x.id DESC LIMIT $4",
        vals![matter, at, id, i64::try_from(limit).unwrap_or(i64::MAX)],
    )?;
    rows.iter()
        .map(|row| {
            let id: Id<Notice> = row.get(1)?;
            let line = if row.get::<i64>(2)? == 1 {
                Line::Sent(id)
            } else {
                Line::Heard(id.cast())
            };
            Ok((row.get(0)?, line))
        })
        .collect()
}
