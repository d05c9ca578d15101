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
