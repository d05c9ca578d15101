//! What must hold between the rows of a store, whatever wrote them: the books of the institution beside the chain of the log.
//!
//! Stands above the rooms and knows their tables, not their code: a mistake of a room must not hide itself here. Every violation is named
//! with the ids it concerns; nothing is repaired.

mod documents;
mod later;
mod numbers;
mod papers;
mod rights;
mod work;

pub use documents::objects;

use crate::{
    problem::Error,
    store::{Store, Tx, Val},
};
use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Violation {
    /// Which rule is broken, as a stable code.
    pub rule: &'static str,
    /// What it concerns: ids, numbers and codes by what they are.
    pub at: BTreeMap<&'static str, String>,
    /// More on it, for people.
    pub says: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.rule)?;
        for (what, id) in &self.at {
            write!(f, " {what} {id}")?;
        }
        if self.says.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.says)
        }
    }
}

/// What was looked at and what was found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Books {
    /// Stored assessments run again over their stored inputs.
    pub replayed: u64,
    /// Stored assessments there are.
    pub assessments: u64,
    /// Every violation; none in books that are in order.
    pub violations: Vec<Violation>,
}

/// How many assessments are run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// A sample spread over all of them.
    Sample,
    /// Every one.
    Full,
}

/// Verifies the books of a store in one snapshot.
pub async fn books(store: &Store, depth: Depth) -> Result<Books, Error> {
    store.read(move |tx| inspect(tx, depth)).await
}

/// The same inside a transaction.
pub(crate) fn inspect(tx: &mut Tx, depth: Depth) -> Result<Books, Error> {
    let mut books = Books::default();
    rights::decisions(tx, &mut books)?;
    rights::awards(tx, &mut books)?;
    later::amendments(tx, &mut books)?;
    later::turns(tx, &mut books)?;
    later::deliveries(tx, &mut books)?;
    rights::assessments(tx, depth, &mut books)?;
    work::matters(tx, &mut books)?;
    work::facts(tx, &mut books)?;
    work::households(tx, &mut books)?;
    work::merges(tx, &mut books)?;
    numbers::series(tx, &mut books)?;
    papers::letters(tx, &mut books)?;
    documents::rows(tx, &mut books)?;
    Ok(books)
}

impl Books {
    fn add(
        &mut self,
        rule: &'static str,
        at: impl IntoIterator<Item = (&'static str, String)>,
        says: impl Into<String>,
    ) {
        self.violations.push(Violation {
            rule,
            at: at.into_iter().collect(),
            says: says.into(),
        });
    }

    /// A query that must find nothing; each row it finds is a violation, its columns named by `names`.
    fn none(
        &mut self,
        tx: &mut Tx,
        rule: &'static str,
        names: &[&'static str],
        says: &str,
        sql: &str,
    ) -> Result<(), Error> {
        for row in tx.query(sql, &[])? {
            let mut at = BTreeMap::new();
            for (column, name) in names.iter().enumerate() {
                if let Some(text) = shown(row.get(column)?) {
                    at.insert(*name, text);
                }
            }
            self.add(rule, at, says);
        }
        Ok(())
    }
}

/// An id, code or number as text; nothing where there is none.
fn shown(value: Val) -> Option<String> {
    match value {
        Val::Null | Val::Blob(_) => None,
        Val::Int(number) => Some(number.to_string()),
        Val::Text(text) => Some(text),
        Val::Uuid(id) => Some(id.to_string()),
    }
}
