use crate::store::Migration;

/// Later decisions, attempts to serve letters, and what decisions keep since: paragraph, deputy, what was granted where it differs, annulment.
pub const MIGRATION: Migration = Migration::both(
    161,
    "later decisions and deliveries",
    "ALTER TABLE decision ADD COLUMN paragraph TEXT;
    ALTER TABLE decision ADD COLUMN deputy_for {ID};
    ALTER TABLE decision ADD COLUMN granted TEXT;
    ALTER TABLE decision ADD COLUMN annulled_by {ID};
    CREATE TABLE amendment (
        id {ID} PRIMARY KEY,
        revision BIGINT NOT NULL,
        office {ID} NOT NULL REFERENCES office (id),
        person {ID} NOT NULL REFERENCES person (id),
        benefit TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('change', 'suspend', 'resume', 'end', 'correct', 'annul')),
        award {ID},
        decision {ID},
        target_number TEXT,
        state TEXT NOT NULL CHECK (state IN ('open', 'recommended', 'decided', 'dropped')),
        from_on BIGINT,
        reason TEXT,
        content TEXT NOT NULL,
        assessment {ID},
        opened_at BIGINT NOT NULL,
        opened_by {ID},
        recommended_by {ID},
        recommended_at BIGINT,
        decided_by {ID},
        decided_at BIGINT,
        deputy_for {ID},
        number TEXT,
        letter TEXT CHECK (letter IN ('making', 'ready', 'failed')),
        letter_input TEXT
    );
    CREATE UNIQUE INDEX amendment_number ON amendment (number) WHERE number IS NOT NULL;
    CREATE UNIQUE INDEX amendment_running_award ON amendment (award) WHERE award IS NOT NULL AND state IN ('open', 'recommended');
    CREATE UNIQUE INDEX amendment_running_decision ON amendment (decision)
        WHERE award IS NULL AND decision IS NOT NULL AND state IN ('open', 'recommended');
    CREATE INDEX amendment_award ON amendment (award, id);
    CREATE INDEX amendment_decision ON amendment (decision, id);
    CREATE INDEX amendment_person ON amendment (person, id);
    CREATE TABLE delivery_attempt (
        id {ID} PRIMARY KEY,
        paper {ID} NOT NULL,
        on_day BIGINT NOT NULL,
        how TEXT NOT NULL CHECK (how IN ('handed', 'post', 'refused', 'notice-board', 'returned')),
        taken_by TEXT,
        served_on BIGINT,
        appeal_until BIGINT,
        noted_by {ID} NOT NULL,
        noted_at BIGINT NOT NULL
    );
    CREATE INDEX delivery_attempt_paper ON delivery_attempt (paper, noted_at);
    CREATE UNIQUE INDEX delivery_attempt_served ON delivery_attempt (paper) WHERE served_on IS NOT NULL;",
);

/// Later decisions on later decisions; what was recommended stays with each decision, and an application whose decision was annulled can be
/// decided again.
pub const AGAIN: Migration = Migration::both(
    311,
    "later decisions on later decisions, and deciding again",
    "ALTER TABLE amendment ADD COLUMN target {ID};
    ALTER TABLE amendment ADD COLUMN annulled_by {ID};
    ALTER TABLE decision ADD COLUMN recommendation TEXT;
    DROP INDEX decision_application;
    CREATE UNIQUE INDEX decision_standing ON decision (application) WHERE annulled_by IS NULL;
    CREATE INDEX decision_of_application ON decision (application, decided_at);
    CREATE INDEX amendment_target ON amendment (target, id) WHERE target IS NOT NULL;",
);
