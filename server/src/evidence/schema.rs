use crate::store::Migration;

/// Questions to registers with their answers. The answer is kept as it came.
pub const MIGRATION: Migration = Migration::both(
    80,
    "evidence",
    "CREATE TABLE evidence (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL, office {ID} NOT NULL, person {ID} NOT NULL, service TEXT NOT NULL,
        place BIGINT NOT NULL, state TEXT NOT NULL, message TEXT NOT NULL, round BIGINT NOT NULL, valid_from BIGINT NOT NULL,
        asked_at BIGINT NOT NULL, asked_by {ID}, answered_at BIGINT, tries BIGINT NOT NULL, facts BIGINT NOT NULL,
        contradicts BIGINT NOT NULL, problem TEXT, answer TEXT, document TEXT
    );
    CREATE UNIQUE INDEX evidence_once ON evidence (matter, service, person);",
);
