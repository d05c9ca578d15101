//! Restricted matters: they do not exist for whoever is not named on them, in lists, search, counts and errors, for auditors too.
//!
//! Who is named is a dated list, each with a reason; nothing in it is ever overwritten but by an end. Every read of a matter takes a
//! [`Scope`], which knows who looks; [`seen`] and [`seen_by`] are the one place where that becomes SQL.

use super::model::Fresh;
use crate::{
    access::Scope,
    problem::Error,
    store::{Migration, Tx, Val},
    vals,
};
use karton_api::{
    Id, Timestamp,
    value::{self, Named, Officer},
};

/// Which matters are restricted, and who is named on which.
pub const RESTRICTED: Migration = Migration::both(
    180,
    "restricted matters",
    "CREATE TABLE restricted_matter (matter {ID} PRIMARY KEY REFERENCES matter (id), since_at BIGINT NOT NULL);
    CREATE TABLE matter_named (
        id {ID} PRIMARY KEY,
        matter {ID} NOT NULL REFERENCES matter (id),
        officer {ID} NOT NULL REFERENCES officer (id),
        capacity TEXT NOT NULL,
        reason TEXT NOT NULL,
        from_at BIGINT NOT NULL,
        until_at BIGINT,
        named_by {ID},
        ended_by {ID}
    );
    CREATE INDEX matter_named_officer ON matter_named (matter, officer);
    CREATE INDEX matter_named_by_officer ON matter_named (officer, matter);",
);

/// Who is named on a matter, as what, since and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedOn {
    /// The row.
    pub id: Id<Named>,
    /// Who.
    pub officer: Id<Officer>,
    /// As what: a code of the room that named them.
    pub capacity: String,
    /// Why.
    pub reason: String,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive; open where there is none.
    pub until: Option<Timestamp>,
    /// By whom; nobody for what the system does by itself.
    pub by: Option<Id<Officer>>,
}

/// A condition that holds where the matter in `column` exists for whoever looks; its values are bound by `bind`, which answers their place
/// (`$7`).
fn condition(scope: &Scope, column: &str, bind: &mut dyn FnMut(Val) -> String) -> Option<String> {
    let (officer, at) = scope.viewer()?;
    let (officer, at) = (bind(officer.into()), bind(at.into()));
    Some(format!(
        "NOT EXISTS (SELECT 1 FROM restricted_matter rm WHERE rm.matter = {column} AND NOT EXISTS (
            SELECT 1 FROM matter_named mn WHERE mn.matter = rm.matter AND mn.officer = {officer} AND mn.from_at <= {at}
                AND (mn.until_at IS NULL OR mn.until_at > {at})))"
    ))
}

/// ` AND …` for a statement that asks for matters: restricted ones only for whoever is named on them. `bind` takes a value and answers its
/// place (`$7`).
pub fn seen_by(scope: &Scope, column: &str, bind: &mut dyn FnMut(Val) -> String) -> String {
    condition(scope, column, bind).map_or_else(String::new, |holds| format!(" AND {holds}"))
}

/// The same condition by itself, for statements that show something else in its place; always true for the house itself.
pub fn seen(scope: &Scope, column: &str, values: &mut Vec<Val>) -> String {
    let mut bind = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    condition(scope, column, &mut bind).unwrap_or_else(|| "1 = 1".to_owned())
}

/// Makes a matter a restricted one. For the act that begins it: nobody has seen it before.
pub fn restrict(tx: &mut Tx, matter: Id<value::Matter>, now: Timestamp) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO restricted_matter (matter, since_at) VALUES ($1, $2)",
        vals![matter, now],
    )?;
    Ok(())
}

/// Makes a new matter a restricted one like another: it exists for those who are named on that one at the time. `fresh` has not been used yet.
pub fn restrict_like(
    tx: &mut Tx,
    matter: Id<value::Matter>,
    like: Id<value::Matter>,
    now: Timestamp,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    restrict(tx, matter, now)?;
    for there in named(tx, like)? {
        if there.until.is_some_and(|until| until <= now) {
            continue;
        }
        let new = NamedOn {
            id: fresh.take()?.cast(),
            from: now,
            ..there
        };
        name(tx, matter, &new)?;
    }
    Ok(())
}

/// Whether a matter is restricted.
pub fn is_restricted(tx: &mut Tx, matter: Id<value::Matter>) -> Result<bool, Error> {
    let row = tx.opt("SELECT 1 FROM restricted_matter WHERE matter = $1", vals![matter])?;
    Ok(row.is_some())
}

/// Names an officer on a matter.
pub fn name(tx: &mut Tx, matter: Id<value::Matter>, new: &NamedOn) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO matter_named (id, matter, officer, capacity, reason, from_at, until_at, named_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            new.id,
            matter,
            new.officer,
            &new.capacity,
            &new.reason,
            new.from,
            new.until,
            new.by
        ],
    )?;
    Ok(())
}

/// Ends what somebody is named for, at an instant. Answers whether it was running.
pub fn end_name(
    tx: &mut Tx,
    matter: Id<value::Matter>,
    id: Id<Named>,
    by: Id<Officer>,
    now: Timestamp,
) -> Result<bool, Error> {
    let ended = tx.exec(
        "UPDATE matter_named SET until_at = $3, ended_by = $4 WHERE id = $1 AND matter = $2 AND (until_at IS NULL OR until_at > $3)",
        vals![id, matter, now, by],
    )?;
    Ok(ended == 1)
}

/// Everybody who was ever named on a matter, in the order of naming.
pub fn named(tx: &mut Tx, matter: Id<value::Matter>) -> Result<Vec<NamedOn>, Error> {
    tx.query(
        "SELECT id, officer, capacity, reason, from_at, until_at, named_by FROM matter_named WHERE matter = $1 ORDER BY from_at, id",
        vals![matter],
    )?
    .iter()
    .map(|row| {
        Ok(NamedOn {
            id: row.get(0)?,
            officer: row.get(1)?,
            capacity: row.get(2)?,
            reason: row.get(3)?,
            from: row.get(4)?,
            until: row.get(5)?,
            by: row.get(6)?,
        })
    })
    .collect()
}

/// Whether a matter exists for an officer at an instant: it is open to its office, or the officer is named on it.
pub fn exists_for(
    tx: &mut Tx,
    matter: Id<value::Matter>,
    officer: Id<Officer>,
    now: Timestamp,
) -> Result<bool, Error> {
    let hidden = tx.opt(
        "SELECT 1 FROM restricted_matter rm WHERE rm.matter = $1 AND NOT EXISTS (
            SELECT 1 FROM matter_named mn WHERE mn.matter = $1 AND mn.officer = $2 AND mn.from_at <= $3
                AND (mn.until_at IS NULL OR mn.until_at > $3))",
        vals![matter, officer, now],
    )?;
    Ok(hidden.is_none())
}
