use crate::store::Migration;

/// Papers with their letters' frozen input, and the matters each speaks about: a receipt may speak about several.
pub const MIGRATION: Migration = Migration::both(
    140,
    "papers",
    "CREATE TABLE paper (
        id {ID} PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('receipt', 'dismissal')),
        office {ID} NOT NULL REFERENCES office (id),
        matter {ID} NOT NULL REFERENCES matter (id),
        number TEXT NOT NULL,
        issued_at BIGINT NOT NULL,
        letter TEXT NOT NULL CHECK (letter IN ('making', 'ready', 'failed')),
        letter_input TEXT NOT NULL
    );
    CREATE UNIQUE INDEX paper_number ON paper (kind, number);
    CREATE TABLE paper_matter (
        matter {ID} NOT NULL REFERENCES matter (id),
        paper {ID} NOT NULL REFERENCES paper (id),
        PRIMARY KEY (matter, paper)
    );",
);

/// The released table knows two kinds; what is of a further one is stored as a receipt and says here what it is.
pub const VARIANT: Migration = Migration::both(
    320,
    "further papers",
    "ALTER TABLE paper ADD COLUMN variant TEXT CHECK (variant IS NULL OR variant IN ('withdrawal'));",
);
