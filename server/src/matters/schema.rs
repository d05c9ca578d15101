use crate::store::Migration;

/// Matters and their steps. `due_on` of a step without a term is a day after all others, so that the queue has one order.
pub const MIGRATION: Migration = Migration::both(
    70,
    "matters",
    "CREATE TABLE matter (
        id {ID} PRIMARY KEY,
        revision BIGINT NOT NULL,
        office {ID} NOT NULL REFERENCES office (id),
        procedure TEXT NOT NULL,
        version BIGINT NOT NULL,
        pack TEXT NOT NULL,
        person {ID} NOT NULL REFERENCES person (id),
        benefit TEXT,
        number TEXT,
        begun_at BIGINT NOT NULL,
        begun_on BIGINT NOT NULL,
        ended_at BIGINT
    );
    CREATE INDEX matter_person ON matter (person, id);
    CREATE TABLE step_run (
        id {ID} PRIMARY KEY,
        matter {ID} NOT NULL REFERENCES matter (id),
        office {ID} NOT NULL REFERENCES office (id),
        place BIGINT NOT NULL,
        step TEXT NOT NULL,
        role TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'started', 'done', 'dropped')),
        due_on BIGINT NOT NULL,
        assigned_to {ID},
        barred {ID},
        opened_at BIGINT NOT NULL,
        done_at BIGINT,
        done_by {ID},
        reason TEXT,
        UNIQUE (matter, place)
    );
    CREATE INDEX step_run_due ON step_run (office, due_on, id) WHERE state IN ('open', 'started');
    CREATE INDEX step_run_assigned ON step_run (assigned_to, due_on, id) WHERE state IN ('open', 'started');",
);

/// When the term of a matter stood still, because the applicant was asked to complete something. `until_on` is the day from which it runs on.
pub const PAUSES: Migration = Migration::both(
    141,
    "pauses of matters",
    "CREATE TABLE matter_pause (
        matter {ID} NOT NULL REFERENCES matter (id),
        place BIGINT NOT NULL,
        from_on BIGINT NOT NULL,
        until_on BIGINT,
        PRIMARY KEY (matter, place)
    );",
);
