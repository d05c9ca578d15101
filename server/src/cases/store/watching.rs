//! The SQL of the monitoring list, and of what passes to another officer with it.

use crate::{problem::Error, store::Tx, vals};
use karton_api::{
    Date, Id, Timestamp,
    value::{Matter, Officer, Watch},
};

/// What waits for one officer in a case waits for another: lines of the monitoring list, and activities of the plan in force.
pub(in crate::cases) fn pass_on(
    tx: &mut Tx,
    matter: Id<Matter>,
    from: Id<Officer>,
    to: Id<Officer>,
) -> Result<(), Error> {
    for table in ["case_watch", "case_activity"] {
        tx.exec(
            &format!("UPDATE {table} SET officer = $3 WHERE matter = $1 AND officer = $2 AND state = 'open'"),
            vals![matter, from, to],
        )?;
    }
    Ok(())
}

/// A line of the monitoring list.
#[derive(Debug, Clone)]
pub(in crate::cases) struct Watched {
    pub(in crate::cases) id: Id<Watch>,
    pub(in crate::cases) kind: String,
    pub(in crate::cases) what: String,
    pub(in crate::cases) due_on: Date,
    pub(in crate::cases) time: Option<String>,
    pub(in crate::cases) officer: Option<Id<Officer>>,
    pub(in crate::cases) every_days: Option<u16>,
}

pub(in crate::cases) fn insert_watch(
    tx: &mut Tx,
    matter: Id<Matter>,
    it: &Watched,
    (by, now): (Id<Officer>, Timestamp),
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO case_watch (id, matter, kind, what, due_on, time_of_day, officer, every_days, state, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10)",
        vals![
            it.id,
            matter,
            &it.kind,
            &it.what,
            it.due_on,
            it.time.clone(),
            it.officer,
            it.every_days,
            now,
            by
        ],
    )?;
    Ok(())
}

/// A line that is still open; [`Error::Missing`] otherwise.
pub(in crate::cases) fn open_watch(tx: &mut Tx, matter: Id<Matter>, id: Id<Watch>) -> Result<Watched, Error> {
    let row = tx.opt(
        "SELECT id, kind, what, due_on, time_of_day, officer, every_days FROM case_watch WHERE matter = $1 AND id = $2 AND state = 'open'",
        vals![matter, id],
    )?;
    let row = row.ok_or(Error::Missing)?;
    Ok(Watched {
        id: row.get(0)?,
        kind: row.get(1)?,
        what: row.get(2)?,
        due_on: row.get(3)?,
        time: row.get(4)?,
        officer: row.get(5)?,
        every_days: row.get(6)?,
    })
}

/// Settles a line: done on a day, or dropped.
pub(in crate::cases) fn settle_watch(
    tx: &mut Tx,
    id: Id<Watch>,
    (state, on, outcome): (&str, Date, &str),
    (by, now): (Id<Officer>, Timestamp),
) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_watch SET state = $2, settled_on = $3, outcome = $4, settled_by = $5, settled_at = $6 WHERE id = $1 AND state = 'open'",
        vals![id, state, on, outcome, by, now],
    )?;
    Ok(())
}

/// A closed case watches nothing any more.
pub(in crate::cases) fn drop_open(
    tx: &mut Tx,
    matter: Id<Matter>,
    (by, now): (Id<Officer>, Timestamp),
    on: Date,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_watch SET state = 'dropped', settled_on = $2, settled_by = $3, settled_at = $4 WHERE matter = $1 AND state = 'open'",
        vals![matter, on, by, now],
    )?;
    tx.exec(
        "UPDATE case_activity SET state = 'dropped' WHERE matter = $1 AND state = 'open'",
        vals![matter],
    )?;
    Ok(())
}
