use crate::store::Migration;

/// Letters as issued. Rows are only ever added.
pub const MIGRATION: Migration = Migration::both(
    130,
    "letters",
    "CREATE TABLE letter (
        decision {ID} PRIMARY KEY REFERENCES decision (id),
        title TEXT NOT NULL,
        language TEXT NOT NULL,
        day BIGINT NOT NULL,
        markdown TEXT NOT NULL,
        pdf {BLOB} NOT NULL,
        hash TEXT NOT NULL,
        made_at BIGINT NOT NULL
    );",
);
