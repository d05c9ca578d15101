use crate::store::Migration;

/// Messages to other institutions. `members` is what is sent beside the person's number, frozen when it is decided.
pub const MIGRATION: Migration = Migration::both(
    231,
    "notices",
    "CREATE TABLE notice (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL, office {ID} NOT NULL, decision {ID} NOT NULL, person {ID} NOT NULL REFERENCES person (id),
        service TEXT NOT NULL, message TEXT NOT NULL, members TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'refused', 'silent')), tries BIGINT NOT NULL,
        posted_at BIGINT NOT NULL, answered_at BIGINT, receipt TEXT, problem TEXT
    );
    CREATE INDEX notice_matter ON notice (matter, posted_at);",
);
