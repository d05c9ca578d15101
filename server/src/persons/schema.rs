use crate::store::Migration;

/// Tables of persons, of the words of their names, and of households in both times.
///
/// Ranges of words and digits are compared byte by byte on both engines: the collation of a PostgreSQL server would put `:` before digits.
pub const MIGRATION: Migration = Migration {
    number: 50,
    name: "persons and households",
    sqlite: concat!(
        "CREATE TABLE person_token (token TEXT NOT NULL, other TEXT NOT NULL, person {ID} NOT NULL,
            PRIMARY KEY (token, other, person)) WITHOUT ROWID;
        CREATE TABLE name_token (token TEXT PRIMARY KEY, added_at BIGINT NOT NULL) WITHOUT ROWID;",
        include_str!("schema.sql")
    ),
    postgres: concat!(
        "CREATE TABLE person_token (token TEXT COLLATE \"C\" NOT NULL, other TEXT COLLATE \"C\" NOT NULL, person {ID} NOT NULL,
            PRIMARY KEY (token, other, person));
        CREATE TABLE name_token (token TEXT COLLATE \"C\" PRIMARY KEY, added_at BIGINT NOT NULL);",
        include_str!("schema.sql"),
        "ALTER TABLE person ALTER COLUMN id_number TYPE TEXT COLLATE \"C\";"
    ),
};

/// What a correction says beside its reason, and the numbers of earlier times, also those of corrections that were made before this step. The
/// words of earlier names stay in `person_token`; which name is the present one is told by the card.
pub const FORMER: Migration = Migration {
    number: 150,
    name: "earlier names and numbers",
    sqlite: "ALTER TABLE person_correction ADD COLUMN kind TEXT NOT NULL DEFAULT 'mistake';
        ALTER TABLE person_correction ADD COLUMN holds_from BIGINT;
        ALTER TABLE person_correction ADD COLUMN proof TEXT;
        CREATE TABLE person_former_number (
            number TEXT NOT NULL, scheme TEXT NOT NULL, person {ID} NOT NULL REFERENCES person (id), until_at BIGINT NOT NULL,
            PRIMARY KEY (number, scheme, person)
        ) WITHOUT ROWID;
        INSERT INTO person_former_number (number, scheme, person, until_at)
            SELECT json_extract(c.stood, '$.national_id.number'), json_extract(c.stood, '$.national_id.scheme'), c.person, max(c.at)
            FROM person_correction c JOIN person p ON p.id = c.person
            WHERE json_extract(c.stood, '$.national_id.number') IS NOT NULL
                AND json_extract(c.stood, '$.national_id.number') <> coalesce(p.id_number, '') GROUP BY 1, 2, 3;",
    postgres: "ALTER TABLE person_correction ADD COLUMN kind TEXT NOT NULL DEFAULT 'mistake';
        ALTER TABLE person_correction ADD COLUMN holds_from BIGINT;
        ALTER TABLE person_correction ADD COLUMN proof TEXT;
        CREATE TABLE person_former_number (
            number TEXT COLLATE \"C\" NOT NULL, scheme TEXT NOT NULL, person {ID} NOT NULL REFERENCES person (id), until_at BIGINT NOT NULL,
            PRIMARY KEY (number, scheme, person)
        );
        INSERT INTO person_former_number (number, scheme, person, until_at)
            SELECT c.stood::json #>> '{national_id,number}', c.stood::json #>> '{national_id,scheme}', c.person, max(c.at)
            FROM person_correction c JOIN person p ON p.id = c.person
            WHERE c.stood::json #>> '{national_id,number}' IS NOT NULL
                AND c.stood::json #>> '{national_id,number}' <> coalesce(p.id_number, '') GROUP BY 1, 2, 3;",
};

/// What happened to households: each row of a membership names what began it and what replaced it, so that it can be taken back as a whole.
pub const CHANGES: Migration = Migration::both(
    151,
    "changes of households",
    "ALTER TABLE household_member ADD COLUMN change_id {ID};
    ALTER TABLE household_member ADD COLUMN replaced_by {ID};
    CREATE TABLE household_change (
        id {ID} PRIMARY KEY, at BIGINT NOT NULL, what TEXT NOT NULL, household {ID} NOT NULL REFERENCES household (id),
        other {ID} REFERENCES household (id), from_day BIGINT NOT NULL, officer {ID}, reason TEXT NOT NULL,
        undone_at BIGINT, undone_by {ID}, undone_reason TEXT
    );
    CREATE INDEX household_change_by_household ON household_change (household, at);
    CREATE INDEX household_change_by_other ON household_change (other, at) WHERE other IS NOT NULL;
    CREATE INDEX household_member_by_change ON household_member (change_id) WHERE change_id IS NOT NULL;
    CREATE INDEX household_member_by_replacing ON household_member (replaced_by) WHERE replaced_by IS NOT NULL;",
);
