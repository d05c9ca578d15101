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
