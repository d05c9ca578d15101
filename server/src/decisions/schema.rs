use crate::store::Migration;

/// Decisions, and requests to an applicant to complete an application. The letters' input is frozen here; the letters themselves are made
/// after the commit.
pub const MIGRATION: Migration = Migration::both(
    110,
    "decisions and requests for completion",
    "CREATE TABLE decision (
        id {ID} PRIMARY KEY,
        office {ID} NOT NULL REFERENCES office (id),
        application {ID} NOT NULL REFERENCES application (id),
        number TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('grant', 'refuse')),
        assessment {ID} NOT NULL REFERENCES assessment (id),
        starts BIGINT,
        ends BIGINT,
        review_on BIGINT,
        decided_by {ID} NOT NULL,
        decided_at BIGINT NOT NULL,
        award {ID},
        letter TEXT NOT NULL CHECK (letter IN ('making', 'ready', 'failed')),
        letter_input TEXT NOT NULL,
        delivered_on BIGINT
    );
    CREATE UNIQUE INDEX decision_number ON decision (number);
    CREATE UNIQUE INDEX decision_application ON decision (application);
    CREATE TABLE completion_request (
        id {ID} PRIMARY KEY,
        office {ID} NOT NULL REFERENCES office (id),
        application {ID} NOT NULL REFERENCES application (id),
        asked_at BIGINT NOT NULL,
        letter TEXT NOT NULL CHECK (letter IN ('making', 'ready', 'failed')),
        letter_input TEXT NOT NULL
    );
    CREATE INDEX completion_request_application ON completion_request (application, asked_at);",
);
