use crate::store::Migration;

/// Imports, their files until they are read, their rows as they stood in the file, and what is the matter with them. A row keeps what it was
/// and whom it became: the origin of what is known from it.
pub const MIGRATION: Migration = Migration::both(
    202,
    "imports",
    "CREATE TABLE import (
        id {ID} PRIMARY KEY,
        revision BIGINT NOT NULL,
        office {ID} NOT NULL REFERENCES office (id),
        kind TEXT NOT NULL CHECK (kind IN ('persons', 'awards')),
        state TEXT NOT NULL CHECK (state IN ('received', 'checking', 'checked', 'applying', 'applied', 'refused', 'withdrawn')),
        file TEXT NOT NULL,
        format TEXT NOT NULL,
        encoding TEXT,
        hash TEXT NOT NULL,
        bytes BIGINT NOT NULL,
        headings TEXT NOT NULL,
        problem TEXT,
        brought_by {ID},
        brought_at BIGINT NOT NULL,
        accepted_by {ID},
        accepted_at BIGINT,
        also_alike BIGINT NOT NULL,
        ended_at BIGINT
    );
    CREATE INDEX import_by_time ON import (brought_at, id);
    CREATE TABLE import_file (import {ID} PRIMARY KEY REFERENCES import (id), content {BLOB} NOT NULL);
    CREATE TABLE import_row (
        import {ID} NOT NULL REFERENCES import (id),
        line BIGINT NOT NULL,
        cells TEXT NOT NULL,
        doubts TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('read', 'good', 'wrong', 'alike', 'known', 'applied', 'left-out')),
        number TEXT,
        household TEXT,
        person {ID},
        PRIMARY KEY (import, line)
    );
    CREATE INDEX import_row_state ON import_row (import, state, line);
    CREATE INDEX import_row_number ON import_row (import, number, line) WHERE number IS NOT NULL;
    CREATE INDEX import_row_household ON import_row (import, household, line) WHERE household IS NOT NULL;
    CREATE INDEX import_row_person ON import_row (person) WHERE person IS NOT NULL;
    CREATE TABLE import_finding (
        import {ID} NOT NULL REFERENCES import (id),
        line BIGINT NOT NULL,
        place BIGINT NOT NULL,
        heading TEXT NOT NULL,
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (import, line, place)
    );",
);
