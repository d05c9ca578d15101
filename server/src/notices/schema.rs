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

/// A step of a procedure may tell an institution, too: then there is no decision that it tells of, but the step that waits for it. The messages that
/// come back name the one they answer.
pub const OF_STEPS: Migration = Migration::both(
    395,
    "notices of steps",
    "CREATE TABLE notice_anew (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL, office {ID} NOT NULL, decision {ID}, run {ID}, person {ID} NOT NULL REFERENCES person (id),
        service TEXT NOT NULL, message TEXT NOT NULL, members TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'refused', 'silent')), tries BIGINT NOT NULL,
        posted_at BIGINT NOT NULL, answered_at BIGINT, receipt TEXT, problem TEXT
    );
    INSERT INTO notice_anew (id, matter, office, decision, person, service, message, members, state, tries, posted_at, answered_at, receipt, problem)
        SELECT id, matter, office, decision, person, service, message, members, state, tries, posted_at, answered_at, receipt, problem FROM notice;
    DROP TABLE notice;
    ALTER TABLE notice_anew RENAME TO notice;
    CREATE INDEX notice_matter ON notice (matter, posted_at);
    CREATE INDEX notice_message ON notice (message);",
);
