use crate::store::Migration;

/// Organisations with the words they are found by, and what they are registered for as providers. Ranges of words and digits are compared byte by
/// byte on both engines.
pub const MIGRATION: Migration = Migration {
    number: 375,
    name: "organisations",
    sqlite: include_str!("schema.sql"),
    postgres: concat!(
        include_str!("schema.sql"),
        "ALTER TABLE organisation ALTER COLUMN number TYPE TEXT COLLATE \"C\";
        ALTER TABLE organisation ALTER COLUMN folded TYPE TEXT COLLATE \"C\";
        ALTER TABLE organisation_word ALTER COLUMN word TYPE TEXT COLLATE \"C\";"
    ),
};
