//! People whose dossier was merged into another's: both numbers find the one who stays.
//!
//! The card of the one who goes is kept as it was and marked; whoever asks for it by its id is led to the one who stays
//! ([`Error::Merged`]). Facts keep their holder: what was known of either is told of the one who stays from the instant of the merge on, and
//! no longer from the instant it is undone, so that a look at an earlier instant tells what was known then.

use crate::{
    problem::Error,
    store::{Migration, Tx, Val},
    vals,
};
use karton_api::{Id, Timestamp, value::Person};

/// Spans of time in which one person's facts are told of another.
pub const ALIAS: Migration = Migration::both(
    157,
    "dossiers merged into others",
    "CREATE TABLE person_alias (
        goes {ID} NOT NULL REFERENCES person (id),
        stays {ID} NOT NULL REFERENCES person (id),
        from_at BIGINT NOT NULL,
        until_at BIGINT,
        PRIMARY KEY (goes, stays, from_at)
    );
    CREATE INDEX person_alias_stays ON person_alias (stays, from_at);
    CREATE INDEX person_alias_goes ON person_alias (goes, from_at);",
);

/// Into whom a person was merged, if so.
pub fn merged_into(tx: &mut Tx, person: Id<Person>) -> Result<Option<Id<Person>>, Error> {
    let row = tx.opt("SELECT merged_into FROM person WHERE id = $1", vals![person])?;
    Ok(row.ok_or(Error::Missing)?.get(0)?)
}

/// Leads whoever asks for a person who was merged to the one who stays.
pub(super) fn follow(person: Id<Person>, into: Option<Id<Person>>) -> Result<(), Error> {
    match into {
        Some(stays) => Err(Error::Merged(person, stays)),
        None => Ok(()),
    }
}

/// Who goes, and who stays.
pub type Merged = (Id<Person>, Id<Person>);

/// Those whose facts are told of these people at an instant, with of whom; nobody for most.
pub fn also(tx: &mut Tx, people: &[Id<Person>], at: Timestamp) -> Result<Vec<Merged>, Error> {
    const AT_ONCE: usize = 16;
    let mut also = Vec::new();
    let places: Vec<String> = (2..AT_ONCE + 2).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT goes, stays FROM person_alias WHERE stays IN ({}) AND from_at <= $1 AND (until_at IS NULL OR until_at > $1)",
        places.join(", ")
    );
    for some in people.chunks(AT_ONCE) {
        let Some(last) = some.last() else { continue };
        let mut values = vals![at].to_vec();
        values.extend(
            some.iter()
                .chain(std::iter::repeat(last))
                .take(AT_ONCE)
                .map(|person| Val::from(*person)),
        );
        for row in tx.query(&sql, &values)? {
            also.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(also)
}

/// Everybody merged into a person, by earlier merges too.
pub fn merged(tx: &mut Tx, stays: Id<Person>) -> Result<Vec<Id<Person>>, Error> {
    tx.query(
        "SELECT id FROM person WHERE merged_into = $1 ORDER BY id",
        vals![stays],
    )?
    .iter()
    .map(|row| Ok(row.get(0)?))
    .collect()
}

/// One goes into another at `now`, and with them whoever had gone into them.
pub fn merge(tx: &mut Tx, goes: Id<Person>, stays: Id<Person>, now: Timestamp) -> Result<(), Error> {
    let mut all = merged(tx, goes)?;
    all.push(goes);
    for person in all {
        lead(tx, person, Some(stays), now)?;
    }
    Ok(())
}

/// The one who had gone comes back at `now`, and with them those who were merged into them before.
pub fn unmerge(tx: &mut Tx, goes: Id<Person>, before: &[Id<Person>], now: Timestamp) -> Result<(), Error> {
    lead(tx, goes, None, now)?;
    for person in before {
        lead(tx, *person, Some(goes), now)?;
    }
    Ok(())
}

fn lead(tx: &mut Tx, person: Id<Person>, to: Option<Id<Person>>, now: Timestamp) -> Result<(), Error> {
    tx.exec(
        "UPDATE person SET merged_into = $2, revision = revision + 1 WHERE id = $1",
        vals![person, to],
    )?;
    tx.exec(
        "UPDATE person_alias SET until_at = $2 WHERE goes = $1 AND until_at IS NULL",
        vals![person, now],
    )?;
    if let Some(to) = to {
        tx.exec(
            "INSERT INTO person_alias (goes, stays, from_at) VALUES ($1, $2, $3)",
            vals![person, to, now],
        )?;
    }
    super::likeness::mark(tx, [person].into_iter().chain(to))
}
