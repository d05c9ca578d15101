use crate::store::Migration;

/// Letters as issued, of decisions and of requests for completion (`paper` is the id of either). Rows are only ever added.
pub const MIGRATION: Migration = Migration::both(
    130,
    "letters",
    "CREATE TABLE letter (
        paper {ID} PRIMARY KEY,
        title TEXT NOT NULL,
        language TEXT NOT NULL,
        day BIGINT NOT NULL,
        markdown TEXT NOT NULL,
        pdf {BLOB} NOT NULL,
        hash TEXT NOT NULL,
        made_at BIGINT NOT NULL
    );",
);
