//! The audit log: everything done and every look, chained by hash, in the same transaction as the thing itself.
//!
//! [`write`] is the only way to change anything. No entry, no commit.

mod chain;

use crate::{access::Actor, problem::Error, store::{Store, Tx}};
use karton_api::{Id, Timestamp, dossiers::Purpose, value};
use std::collections::BTreeMap;

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
        Entry { what, person: None, matter: None, purpose: None, values: BTreeMap::new() }
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
    let key = crate::http::idempotency::of_this_request();
    store
        .write(move |tx| {
            if let Some(key) = &key {
                key.take(tx, now)?;
            }
            let (value, entry) = act(tx)?;
            chain::append(tx, actor, now, &entry)?;
            Ok(value)
        })
        .await
}

/// Writes an entry for something that changes nothing else (a look, a refused attempt).
pub async fn enter(store: &Store, actor: Actor, now: Timestamp, entry: Entry) -> Result<(), Error> {
    store.write(move |tx| chain::append(tx, actor, now, &entry)).await
}

/// Appends an entry inside a transaction of a caller that has more than one thing to enter.
pub fn append(tx: &mut Tx, actor: Actor, now: Timestamp, entry: &Entry) -> Result<(), Error> {
    chain::append(tx, actor, now, entry)
}
