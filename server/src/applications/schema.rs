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

/// How applications were handed in. `post_number` only where the number was drawn here. Several applications may be handed in at once, and one
/// application more than once: the completion that was asked for is a handing-in too.
pub const LODGINGS: Migration = Migration::both(
    142,
    "lodgings",
    "CREATE TABLE lodging (
        id {ID} PRIMARY KEY,
        office {ID} NOT NULL REFERENCES office (id),
        applicant {ID} NOT NULL REFERENCES person (id),
        number TEXT NOT NULL,
        at BIGINT NOT NULL,
        officer {ID} NOT NULL,
        post_number TEXT,
        details TEXT NOT NULL
    );
    CREATE UNIQUE INDEX lodging_number ON lodging (number);
    CREATE TABLE lodging_application (
        application {ID} NOT NULL REFERENCES application (id),
        lodging {ID} NOT NULL REFERENCES lodging (id),
        PRIMARY KEY (application, lodging)
    );
    CREATE INDEX lodging_application_lodging ON lodging_application (lodging);",
);

/// The organisation that applies on account of a person: each has an application of its own running. And the provider who is to be paid.
pub const PARTIES: Migration = Migration::both(
    376,
    "organisations as applicants, and providers",
    "ALTER TABLE application ADD COLUMN organisation {ID} REFERENCES organisation (id);
    DROP INDEX application_running;
    CREATE UNIQUE INDEX application_running ON application (applicant, benefit)
        WHERE organisation IS NULL AND state IN ('lodged', 'recommended', 'returned');
    CREATE UNIQUE INDEX application_running_for ON application (applicant, benefit, organisation)
        WHERE organisation IS NOT NULL AND state IN ('lodged', 'recommended', 'returned');
    CREATE INDEX application_organisation ON application (organisation, opened_at, id) WHERE organisation IS NOT NULL;
    CREATE TABLE application_provider (
        application {ID} PRIMARY KEY REFERENCES application (id),
        organisation {ID} NOT NULL REFERENCES organisation (id),
        service TEXT NOT NULL,
        chosen_at BIGINT NOT NULL,
        chosen_by {ID} NOT NULL
    );",
);

/// On whose account is asked: for each of them one application of a person (and of an organisation) runs at a time. Applications of before have
/// nobody here and say it in their answers.
pub const ACCOUNTS: Migration = Migration::both(
    385,
    "on whose account is asked",
    "ALTER TABLE application ADD COLUMN about {ID} REFERENCES person (id);
    DROP INDEX application_running;
    DROP INDEX application_running_for;
    CREATE UNIQUE INDEX application_running
        ON application (applicant, benefit, coalesce(about, applicant), coalesce(organisation, applicant))
        WHERE state IN ('lodged', 'recommended', 'returned');
    CREATE INDEX application_about ON application (about) WHERE about IS NOT NULL;
    CREATE INDEX application_household ON application (household) WHERE state IN ('lodged', 'recommended', 'returned');",
);

/// Dismissals, proposed and decided. A dismissed application is stored as decided with the outcome `dismiss`, its decision being the
/// dismissal: the states of released tables stay as they are.
pub const DISMISSALS: Migration = Migration::both(
    143,
    "dismissals",
    "CREATE TABLE dismissal (
        id {ID} PRIMARY KEY,
        office {ID} NOT NULL REFERENCES office (id),
        application {ID} NOT NULL REFERENCES application (id),
        reason TEXT NOT NULL,
        words TEXT NOT NULL,
        forward_to TEXT,
        proposed_by {ID} NOT NULL,
        proposed_at BIGINT NOT NULL,
        dropped_at BIGINT,
        decided_by {ID},
        decided_at BIGINT,
        number TEXT,
        delivered_on BIGINT
    );
    CREATE UNIQUE INDEX dismissal_number ON dismissal (number) WHERE number IS NOT NULL;
    CREATE UNIQUE INDEX dismissal_application ON dismissal (application) WHERE dropped_at IS NULL;",
);
