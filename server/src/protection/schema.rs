use crate::store::Migration;

/// Protections, whom they cover with what, who may open them, and who did.
pub const MIGRATION: Migration = Migration::both(
    152,
    "protected addresses",
    "CREATE TABLE protection (
        id {ID} PRIMARY KEY, person {ID} NOT NULL REFERENCES person (id), office {ID} NOT NULL REFERENCES office (id),
        ground TEXT NOT NULL CHECK (ground IN ('shelter', 'court-order', 'danger')), proof TEXT NOT NULL,
        set_at BIGINT NOT NULL, set_by {ID}, until_day BIGINT, ended_at BIGINT, ended_by {ID}, end_reason TEXT
    );
    CREATE TABLE protected_person (
        protection {ID} NOT NULL REFERENCES protection (id), person {ID} NOT NULL REFERENCES person (id), instead TEXT NOT NULL,
        municipality TEXT, address TEXT, lifted_at BIGINT, PRIMARY KEY (protection, person)
    );
    CREATE UNIQUE INDEX protected_now ON protected_person (person) WHERE lifted_at IS NULL;
    CREATE TABLE protection_officer (
        protection {ID} NOT NULL REFERENCES protection (id), officer {ID} NOT NULL REFERENCES officer (id), named_at BIGINT NOT NULL,
        PRIMARY KEY (protection, officer)
    );
    CREATE TABLE protection_opening (
        id {ID} PRIMARY KEY, protection {ID} NOT NULL REFERENCES protection (id), officer {ID} NOT NULL, at BIGINT NOT NULL, reason TEXT NOT NULL
    );
    CREATE INDEX protection_opening_by_protection ON protection_opening (protection, at);",
);
