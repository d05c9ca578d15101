//! The audit log: everything done and every look, chained by hash, in the same transaction as the thing itself.
//!
//! [`write`] is the only way to change anything. No entry, no commit.

mod chain;
mod looks;
mod seals;
mod together;
mod verify;

pub use looks::{Looks, Searches};
pub use seals::{Head, Seal, SealKey, seal};
pub use verify::{Damage, Kind, Report, verify};

use crate::{
    access::Actor,
    http::idempotency::RequestKey,
    problem::Error,
    store::{Migration, Row, Store, Tx},
};
use karton_api::{Id, Timestamp, dossiers::Purpose, value};
use serde::Serialize;
use std::collections::BTreeMap;

/// The log, the heads of its lanes, and their seals.
pub const MIGRATION: Migration = Migration::both(
    20,
    "audit log",
    "CREATE TABLE audit_lane (
        office {ID} NOT NULL, lane BIGINT NOT NULL, sequence BIGINT NOT NULL, hash {BLOB} NOT NULL, PRIMARY KEY (office, lane)
    );
    CREATE TABLE audit_entry (
        id {ID} PRIMARY KEY, at BIGINT NOT NULL, office {ID} NOT NULL, lane BIGINT NOT NULL, sequence BIGINT NOT NULL,
        officer {ID}, what TEXT NOT NULL, person {ID}, matter {ID}, purpose TEXT, detail TEXT NOT NULL,
        previous {BLOB} NOT NULL, hash {BLOB} NOT NULL
    );
    CREATE UNIQUE INDEX audit_entry_in_lane ON audit_entry (office, lane, sequence);
    CREATE INDEX audit_entry_by_time ON audit_entry (at, id);
    CREATE INDEX audit_entry_by_person ON audit_entry (person, at, id) WHERE person IS NOT NULL;
    CREATE TABLE audit_sealed (
        office {ID} NOT NULL, lane BIGINT NOT NULL, sequence BIGINT NOT NULL, PRIMARY KEY (office, lane)
    );
    CREATE TABLE audit_seal (
        number BIGINT PRIMARY KEY, at BIGINT NOT NULL, heads TEXT NOT NULL, mac {BLOB} NOT NULL
    )",
);

/// An entry to be written: ids, codes and counts; never a name, a birth date or an amount.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(crate) what: &'static str,
    pub(crate) person: Option<Id<value::Person>>,
    pub(crate) matter: Option<Id<value::Matter>>,
    pub(crate) purpose: Option<Purpose>,
    pub(crate) values: BTreeMap<String, String>,
}
impl Entry {
    /// What was done, as a code: `lodged`.
    pub fn of(what: &'static str) -> Entry {
        Entry {
            what,
            person: None,
            matter: None,
            purpose: None,
            values: BTreeMap::new(),
        }
    }
    /// About whom.
    pub fn person(mut self, person: Id<value::Person>) -> Entry {
        self.person = Some(person);
        self
    }
    /// In which matter.
    pub fn matter<T>(mut self, matter: Id<T>) -> Entry {
        self.matter = Some(matter.cast());
        self
    }
    /// Why somebody looked.
    pub fn purpose(mut self, purpose: Purpose) -> Entry {
        self.purpose = Some(purpose);
        self
    }
    /// A code, id or count.
    pub fn value(mut self, name: &str, value: impl ToString) -> Entry {
        self.values.insert(name.into(), value.to_string());
        self
    }
}

/// Changes something: one transaction with its entry in it. The closure may be run again (a conflict between transactions): it has no
/// side effects, and ids and `now` are fixed before. An error rolls everything back.
///
/// Where the request carries an `Idempotency-Key`, the key is written in the same transaction.
pub async fn write<T, F>(store: &Store, actor: Actor, now: Timestamp, act: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: Fn(&mut Tx) -> Result<(T, Entry), Error> + Send + Sync + 'static,
{
    write_with(store, actor, now, act, |_, _, _| Ok(())).await
}

/// The same for an action whose value is what its door answers: with an `Idempotency-Key` that answer is kept in the same transaction, so that a
/// repeat hears it whatever becomes of the server after the commit.
pub async fn tell<T, F>(store: &Store, actor: Actor, now: Timestamp, act: F) -> Result<T, Error>
where
    T: Serialize + Send + 'static,
    F: Fn(&mut Tx) -> Result<(T, Entry), Error> + Send + Sync + 'static,
{
    write_with(store, actor, now, act, |key, tx, value| key.tell(tx, value)).await
}

/// The same where what the door answers is a part of the value.
pub async fn tell_part<T, U, F>(
    store: &Store,
    actor: Actor,
    now: Timestamp,
    act: F,
    part: fn(&T) -> Option<&U>,
) -> Result<T, Error>
where
    T: Send + 'static,
    U: Serialize + 'static,
    F: Fn(&mut Tx) -> Result<(T, Entry), Error> + Send + Sync + 'static,
{
    write_with(store, actor, now, act, move |key, tx, value| match part(value) {
        Some(part) => key.tell(tx, part),
        None => Ok(()),
    })
    .await
}

async fn write_with<T, F, K>(store: &Store, actor: Actor, now: Timestamp, act: F, keep: K) -> Result<T, Error>
where
    T: Send + 'static,
    F: Fn(&mut Tx) -> Result<(T, Entry), Error> + Send + Sync + 'static,
    K: Fn(&RequestKey, &mut Tx, &T) -> Result<(), Error> + Send + Sync + 'static,
{
    let key = crate::http::idempotency::of_this_request();
    store
        .write(move |tx| {
            if let Some(key) = &key {
                key.take(tx, now)?;
            }
            let (value, entry) = act(tx)?;
            chain::append(tx, actor, now, &entry)?;
            if let Some(key) = &key {
                keep(key, tx, &value)?;
            }
            Ok(value)
        })
        .await
        .inspect(|_| {
            if let Some(key) = crate::http::idempotency::of_this_request() {
                key.committed();
            }
        })
}

/// Writes an entry for something that changes nothing else (a look, a refused attempt).
pub async fn enter(store: &Store, actor: Actor, now: Timestamp, entry: Entry) -> Result<(), Error> {
    store.write(move |tx| chain::append(tx, actor, now, &entry)).await
}

/// Appends an entry inside a transaction of a caller that has more than one thing to enter.
pub fn append(tx: &mut Tx, actor: Actor, now: Timestamp, entry: &Entry) -> Result<(), Error> {
    chain::append(tx, actor, now, entry)
}

/// Appends several entries, each with its instant, inside a transaction that does many things in one office: a bulk load.
pub fn append_all(tx: &mut Tx, actor: Actor, entries: &[(Timestamp, Entry)]) -> Result<(), Error> {
    chain::append_all(tx, actor, entries)
}

/// An entry as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: Id<value::Entry>,
    pub(crate) at: Timestamp,
    pub(crate) office: Id<value::Office>,
    pub(crate) lane: i64,
    pub(crate) sequence: i64,
    pub(crate) officer: Option<Id<value::Officer>>,
    pub(crate) what: String,
    pub(crate) person: Option<Id<value::Person>>,
    pub(crate) matter: Option<Id<value::Matter>>,
    pub(crate) purpose: Option<String>,
    /// JSON of the values.
    pub(crate) values: String,
    pub(crate) previous: [u8; 32],
    pub(crate) hash: [u8; 32],
}

impl Line {
    /// The columns [`Line::read`] wants, in its order.
    pub(crate) const COLUMNS: &str = "e.id, e.at, e.office, e.lane, e.sequence, e.officer, e.what, e.person, e.matter, e.purpose, \
                                      e.detail, e.previous, e.hash";

    pub(crate) fn read(row: &Row) -> Result<Line, Error> {
        Ok(Line {
            id: row.get(0)?,
            at: row.get(1)?,
            office: row.get(2)?,
            lane: row.get(3)?,
            sequence: row.get(4)?,
            officer: row.get(5)?,
            what: row.get(6)?,
            person: row.get(7)?,
            matter: row.get(8)?,
            purpose: row.get(9)?,
            values: row.get(10)?,
            previous: row.get(11)?,
            hash: row.get(12)?,
        })
    }
}

/// A purpose, as it is stored and as it travels.
fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Application => "application",
        Purpose::Inquiry => "inquiry",
        Purpose::Review => "review",
        Purpose::Case => "case",
        Purpose::Phone => "phone",
    }
}

/// What somebody with a hand in the database could do, for the tests of [`verify`]: puts a copy of the entry at `like` at the free place
/// `at`, following the same entry as the one that stood there, with a right hash of its own.
#[cfg(test)]
pub(crate) fn forge(tx: &mut Tx, office: Id<value::Office>, like: i64, at: i64) -> Result<(), Error> {
    let mut line = line_at(tx, office, like)?;
    line.previous = line.hash;
    line.id = Id::at(line.at, rand::random());
    line.what = "forged".into();
    line.sequence = at;
    line.hash = line.reckon();
    chain::insert(tx, &[&line])
}

/// Changes the entry at `at` and gives it a right hash again.
#[cfg(test)]
pub(crate) fn rewrite(tx: &mut Tx, office: Id<value::Office>, at: i64) -> Result<(), Error> {
    let mut line = line_at(tx, office, at)?;
    line.what = "forged".into();
    line.hash = line.reckon();
    let sql = "UPDATE audit_entry SET what = $2, hash = $3 WHERE id = $1";
    tx.exec(sql, crate::vals![line.id, &line.what, line.hash])?;
    Ok(())
}

#[cfg(test)]
fn line_at(tx: &mut Tx, office: Id<value::Office>, sequence: i64) -> Result<Line, Error> {
    let sql = format!(
        "SELECT {} FROM audit_entry e WHERE e.office = $1 AND e.sequence = $2",
        Line::COLUMNS
    );
    Line::read(&tx.one(&sql, crate::vals![office, sequence])?)
}
