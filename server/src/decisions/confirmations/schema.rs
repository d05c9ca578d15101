use crate::store::Migration;

/// What a second body decided on a decision. `confirms` of a decision is the body without which it grants nothing; `returned_by` what sent it back.
pub const MIGRATION: Migration = Migration::both(
    361,
    "decisions that a second body confirms",
    "ALTER TABLE decision ADD COLUMN confirms TEXT;
    ALTER TABLE decision ADD COLUMN returned_by {ID};
    DROP INDEX decision_standing;
    CREATE UNIQUE INDEX decision_standing ON decision (application) WHERE annulled_by IS NULL AND returned_by IS NULL;
    CREATE TABLE confirmation (
        id {ID} PRIMARY KEY,
        office {ID} NOT NULL REFERENCES office (id),
        decision {ID} NOT NULL REFERENCES decision (id),
        result TEXT NOT NULL CHECK (result IN ('confirmed', 'refused', 'returned')),
        reason TEXT,
        number TEXT,
        decided_by {ID} NOT NULL,
        decided_at BIGINT NOT NULL,
        deputy_for {ID},
        letter TEXT CHECK (letter IN ('making', 'ready', 'failed')),
        letter_input TEXT,
        annulled_by {ID}
    );
    CREATE UNIQUE INDEX confirmation_decision ON confirmation (decision);
    CREATE UNIQUE INDEX confirmation_number ON confirmation (number) WHERE number IS NOT NULL;",
);

/// A second body decides on later decisions too, and what it decided can be corrected and annulled alone. `confirms` of a later decision is the body
/// without which it brings nothing about; `confirmation` the second decision that it corrects or annuls; `of_second` says that the second body makes it.
/// A decision has one award that stands; others of it were annulled with the second decision that they came from.
pub const LATER: Migration = Migration::both(
    386,
    "later decisions that a second body confirms, and those on second decisions",
    "ALTER TABLE amendment ADD COLUMN confirms TEXT;
    ALTER TABLE amendment ADD COLUMN confirmation {ID};
    ALTER TABLE amendment ADD COLUMN of_second BIGINT NOT NULL DEFAULT 0;
    CREATE INDEX amendment_confirmation ON amendment (confirmation, id) WHERE confirmation IS NOT NULL;
    CREATE TABLE confirmation_of (
        id {ID} PRIMARY KEY,
        office {ID} NOT NULL REFERENCES office (id),
        decision {ID} REFERENCES decision (id),
        amendment {ID} REFERENCES amendment (id),
        result TEXT NOT NULL CHECK (result IN ('confirmed', 'refused', 'returned')),
        reason TEXT,
        number TEXT,
        decided_by {ID} NOT NULL,
        decided_at BIGINT NOT NULL,
        deputy_for {ID},
        letter TEXT CHECK (letter IN ('making', 'ready', 'failed')),
        letter_input TEXT,
        annulled_by {ID},
        CHECK ((decision IS NULL) <> (amendment IS NULL))
    );
    INSERT INTO confirmation_of (id, office, decision, result, reason, number, decided_by, decided_at, deputy_for, letter, letter_input, annulled_by)
        SELECT id, office, decision, result, reason, number, decided_by, decided_at, deputy_for, letter, letter_input, annulled_by FROM confirmation;
    DROP TABLE confirmation;
    ALTER TABLE confirmation_of RENAME TO confirmation;
    DROP INDEX award_decision;
    CREATE UNIQUE INDEX award_standing ON award (decision) WHERE decision IS NOT NULL AND (ends IS NULL OR ends > starts);
    CREATE INDEX award_decision ON award (decision);
    CREATE UNIQUE INDEX confirmation_standing ON confirmation (decision) WHERE decision IS NOT NULL AND annulled_by IS NULL;
    CREATE INDEX confirmation_decision ON confirmation (decision, decided_at);
    CREATE UNIQUE INDEX confirmation_amendment ON confirmation (amendment) WHERE amendment IS NOT NULL;
    CREATE UNIQUE INDEX confirmation_number ON confirmation (number) WHERE number IS NOT NULL;",
);
