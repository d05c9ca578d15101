//! What the store remembers of the copies made of it.

use crate::{
    access::Actor,
    audit::{self, Entry},
    problem::Error,
    store::{Migration, Store, Tx},
    vals,
};
use jiff::Timestamp;
use karton_api::Id;

/// Copies that were made. A copy does not hold its own row: it is written after the copy is whole.
pub const MIGRATION: Migration = Migration::both(
    200,
    "backups made",
    "CREATE TABLE backup_made (id {ID} PRIMARY KEY, at BIGINT NOT NULL, bytes BIGINT NOT NULL, rows BIGINT NOT NULL, hash TEXT NOT NULL)",
);

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// When it was begun: what was committed by then is in it.
    pub at: Timestamp,
    /// The file's length.
    pub bytes: i64,
    /// Rows of all tables.
    pub rows: i64,
    /// The file's hash.
    pub hash: String,
}

/// Remembers a copy, with its entry. A store whose schema is older than that is left as it is; then nothing is remembered, and the answer is
/// `false`.
pub async fn remember(
    store: &Store,
    actor: Actor,
    id: Id<()>,
    now: Timestamp,
    made: Made,
) -> Result<bool, Error> {
    store
        .write(move |tx| {
            let known = tx.opt(
                "SELECT 1 FROM migration WHERE number = $1",
                vals![MIGRATION.number],
            )?;
            if known.is_none() {
                return Ok(false);
            }
            tx.exec(
                "INSERT INTO backup_made (id, at, bytes, rows, hash) VALUES ($1, $2, $3, $4, $5)",
                vals![id, made.at, made.bytes, made.rows, &made.hash],
            )?;
            let entry = Entry::of("backup-made")
                .value("bytes", made.bytes)
                .value("rows", made.rows)
                .value("hash", &made.hash);
            audit::append(tx, actor, now, &entry)?;
            Ok(true)
        })
        .await
}

/// The newest copy.
pub fn last(tx: &mut Tx) -> Result<Option<Made>, Error> {
    let row = tx.opt(
        "SELECT at, bytes, rows, hash FROM backup_made ORDER BY at DESC, id DESC LIMIT 1",
        &[],
    )?;
    let made = row.map(|row| {
        Ok::<_, Error>(Made {
            at: row.get(0)?,
            bytes: row.get(1)?,
            rows: row.get(2)?,
            hash: row.get(3)?,
        })
    });
    made.transpose()
}
