//! Copies of a store: one portable format for both engines.
//!
//! A copy is read in one snapshot while the counter works, and holds rows, not pages: it can be restored into either engine, which is also
//! the way from SQLite to PostgreSQL. It is made of frames (`frame.rs`), each with a hash that goes on from the one before it, so that
//! a file that was cut or altered is refused with its place before anything is written. Restoring is one transaction, into an empty store.
//!
//! The bytes of documents follow the rows, each by its hash. Tables, their columns, keys and references are read from the database itself: a room's new table is copied without a word here.

mod frame;
mod objects;
mod restore;
mod rows;
mod save;
mod schema;
mod tables;
#[cfg(test)]
mod tests;

pub use frame::Broken;
pub use restore::{Checked, Restored, check, restore};
pub use save::{Saved, save};
pub use schema::{MIGRATION, Made, last, remember};

use crate::{objects::ObjectError, store::StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, io};

/// Tables that are not copied: sessions end with the server they were begun at, and delays after failed sign-ins with them.
const LEFT_OUT: &[&str] = &["migration", "session", "sign_in_failure"];

/// What a copy says about itself. No personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// When it was made.
    pub made_at: Timestamp,
    /// The version of Karton that made it.
    pub karton: String,
    /// The engine it was read from: `sqlite` or `postgresql`. It can be restored into either.
    pub engine: String,
    /// Numbers of the steps of the schema that were applied.
    pub schema: Vec<u32>,
    /// Hashes of the pack versions in use.
    pub packs: Vec<String>,
    /// Which key the log's seals were made with, as [`crate::audit::SealKey::fingerprint`].
    pub sealed_with: String,
}

/// Where the columns of the following rows go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TableHead {
    table: String,
    columns: Vec<String>,
}

/// Which object the following bytes are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ObjectHead {
    /// The SHA-256 of its content, in hexadecimal.
    hash: String,
    size: u64,
}

/// What the whole copy holds: its last frame.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tail {
    rows: BTreeMap<String, u64>,
    objects: u64,
}

/// How far a copy or a restore has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The table that is being worked on; `objects` for the bytes of documents.
    pub table: String,
    /// Rows of it so far.
    pub rows: u64,
    /// Bytes of the file so far.
    pub bytes: u64,
    /// Bytes of the whole file, where that is known.
    pub of: Option<u64>,
}

/// Why a copy was not made or not restored. Nothing is half done.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bytes of a document cannot be read or kept.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// There are documents, and nobody said where their bytes are.
    #[error("there are documents, and their bytes are not at hand")]
    NoObjects,
    /// The file cannot be written or read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The file is not what was written.
    #[error("{0}")]
    Broken(#[from] Broken),
    /// A table whose rows cannot be copied one after another.
    #[error("the table {0} has no primary key and cannot be copied")]
    NoKey(String),
    /// The store to restore into holds something.
    #[error("the store is not empty (the table {0} has rows): a copy is restored only into an empty one")]
    NotEmpty(String),
    /// The backup has a table or column that its own schema does not have.
    #[error("the schema has no place for {0}")]
    NoPlace(String),
    /// What was loaded is not what the copy says.
    #[error("the table {table} has {found} rows, but the copy says {said}")]
    Count {
        /// Which.
        table: String,
        /// Rows that were read.
        found: u64,
        /// Rows that should have been there.
        said: u64,
    },
}
