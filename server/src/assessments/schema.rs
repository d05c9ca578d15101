use crate::store::Migration;

/// Stored assessments. `input` and `trace` are the rules' own; `learnt` says when each fact was recorded. Rows are only ever added.
pub const MIGRATION: Migration = Migration::both(
    90,
    "assessments",
    "CREATE TABLE assessment (
        id {ID} PRIMARY KEY,
        matter {ID} NOT NULL,
        office {ID} NOT NULL REFERENCES office (id),
        benefit TEXT NOT NULL,
        made_at BIGINT NOT NULL,
        made_by {ID} NOT NULL,
        pack TEXT NOT NULL,
        engine TEXT NOT NULL,
        household {ID},
        input TEXT NOT NULL,
        trace TEXT NOT NULL,
        learnt TEXT NOT NULL
    );
    CREATE INDEX assessment_matter ON assessment (matter, made_at, id);",
);

/// What an assessment saw is counted, so that a fact committed meanwhile shows itself whatever instant it bears.
pub const COUNTED: Migration = Migration::both(
    162,
    "how many facts an assessment saw",
    "ALTER TABLE assessment ADD COLUMN claim {ID};
    ALTER TABLE assessment ADD COLUMN seen BIGINT;",
);
