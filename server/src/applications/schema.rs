use crate::store::Migration;

/// Applications. What is typed and what officers said stands as JSON in the form of the contract. One application for a benefit runs for a
/// person at a time: the partial index holds it also at the same instant.
pub const MIGRATION: Migration = Migration::both(
    100,
    "applications",
    "CREATE TABLE application (
        id {ID} PRIMARY KEY,
        revision BIGINT NOT NULL,
        office {ID} NOT NULL REFERENCES office (id),
        benefit TEXT NOT NULL,
        applicant {ID} NOT NULL REFERENCES person (id),
        household {ID},
        state TEXT NOT NULL CHECK (state IN ('draft', 'lodged', 'recommended', 'decided', 'returned', 'withdrawn')),
        number TEXT,
        answers TEXT NOT NULL,
        opened_at BIGINT NOT NULL,
        opened_by {ID} NOT NULL,
        lodged_at BIGINT,
        lodged_on BIGINT,
        due_on BIGINT,
        recommendation TEXT,
        returned TEXT,
        outcome TEXT,
        decision {ID},
        withdrawn TEXT
    );
    CREATE UNIQUE INDEX application_number ON application (number) WHERE number IS NOT NULL;
    CREATE UNIQUE INDEX application_running ON application (applicant, benefit)
        WHERE state IN ('lodged', 'recommended', 'returned');
    CREATE INDEX application_applicant ON application (applicant, opened_at, id);
    CREATE INDEX application_office ON application (office, opened_at, id);",
);
