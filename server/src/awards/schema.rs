use crate::store::Migration;

/// On account of whom an award is granted, where that is not the beneficiary; benefits without money; the awards of a household.
pub const ABOUT: Migration = Migration::both(
    230,
    "whom awards are about, and awards in kind",
    "ALTER TABLE award ADD COLUMN about {ID} REFERENCES person (id);
    ALTER TABLE award ADD COLUMN in_kind BIGINT NOT NULL DEFAULT 0;
    CREATE INDEX award_about ON award (about) WHERE about IS NOT NULL;
    CREATE INDEX award_household ON award (household) WHERE household IS NOT NULL;",
);

/// Awards. `input` holds the facts behind it as the rules took them; awards from before Karton have none.
pub const MIGRATION: Migration = Migration::both(
    120,
    "awards",
    "CREATE TABLE award (
        id {ID} PRIMARY KEY,
        office {ID} NOT NULL REFERENCES office (id),
        beneficiary {ID} NOT NULL REFERENCES person (id),
        household {ID},
        benefit TEXT NOT NULL,
        decision {ID},
        decision_number TEXT,
        minor BIGINT NOT NULL,
        currency TEXT NOT NULL,
        per TEXT NOT NULL CHECK (per IN ('once', 'month', 'year')),
        starts BIGINT NOT NULL,
        ends BIGINT,
        review_on BIGINT,
        pack TEXT,
        input TEXT
    );
    CREATE UNIQUE INDEX award_decision ON award (decision) WHERE decision IS NOT NULL;
    CREATE INDEX award_beneficiary ON award (beneficiary, starts);
    CREATE INDEX award_office ON award (office, id);",
);

/// The organisation that is handed the money of an award, as it stood when it was decided: the one that asked, or a provider.
pub const PAYEES: Migration = Migration::both(
    377,
    "organisations that awards are paid to",
    "CREATE TABLE award_payee (
        award {ID} PRIMARY KEY REFERENCES award (id),
        organisation {ID} NOT NULL REFERENCES organisation (id),
        role TEXT NOT NULL CHECK (role IN ('applicant', 'provider')),
        details TEXT NOT NULL
    );
    CREATE INDEX award_payee_organisation ON award_payee (organisation, award);",
);

/// What a later decision made of an award may lose its effect with it; the row stays.
pub const TAKEN_BACK: Migration = Migration::both(
    310,
    "what later decisions made of awards may be taken back",
    "ALTER TABLE award_turn ADD COLUMN annulled_by {ID};",
);

/// What later decisions made of awards. Rows are only ever added; `ends` of the award follows them, so that whoever asks what runs on a day asks
/// one table.
pub const TURNS: Migration = Migration::both(
    160,
    "what later decisions make of awards",
    "CREATE TABLE award_turn (
        amendment {ID} PRIMARY KEY,
        award {ID} NOT NULL REFERENCES award (id),
        kind TEXT NOT NULL CHECK (kind IN ('change', 'suspend', 'resume', 'end', 'annul')),
        from_on BIGINT NOT NULL,
        minor BIGINT,
        currency TEXT,
        pack TEXT,
        input TEXT,
        ends_before BIGINT,
        made_at BIGINT NOT NULL
    );
    CREATE INDEX award_turn_award ON award_turn (award, from_on, made_at);
    ALTER TABLE award ADD COLUMN turned BIGINT NOT NULL DEFAULT 0;",
);

/// A later decision may suspend or resume only a part of the amount, or one person's share of it.
pub const PARTS: Migration = Migration::both(
    365,
    "later decisions about a part of an award",
    "ALTER TABLE award_turn ADD COLUMN part TEXT;
    ALTER TABLE award_turn ADD COLUMN whose {ID};",
);
