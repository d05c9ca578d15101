use crate::store::Migration;

/// Documents with their versions, what has been uploaded for them, and their text. `place` is the number under which the full-text index knows
/// a document; on SQLite triggers keep the index, on PostgreSQL a generated column, so that a restored store finds again by itself. Of
/// `stored_object`, `leaving` is 1 while a sweep removes the bytes.
pub const MIGRATION: Migration = Migration {
    number: 190,
    name: "documents",
    sqlite: concat!(
        include_str!("schema.sql"),
        "CREATE TABLE document_text (
            place BIGINT PRIMARY KEY REFERENCES document (place),
            document {ID} NOT NULL UNIQUE REFERENCES document (id),
            version BIGINT NOT NULL,
            text TEXT NOT NULL,
            encoding TEXT,
            cut BIGINT NOT NULL,
            words TEXT NOT NULL
        );
        CREATE VIRTUAL TABLE document_word USING fts5(words, content='', contentless_delete=1, tokenize='ascii', prefix='2 3 4');
        CREATE TRIGGER document_text_written AFTER INSERT ON document_text BEGIN
            INSERT INTO document_word (rowid, words) VALUES (new.place, new.words);
        END;
        CREATE TRIGGER document_text_changed AFTER UPDATE ON document_text BEGIN
            DELETE FROM document_word WHERE rowid = old.place;
            INSERT INTO document_word (rowid, words) VALUES (new.place, new.words);
        END;
        CREATE TRIGGER document_text_removed AFTER DELETE ON document_text BEGIN
            DELETE FROM document_word WHERE rowid = old.place;
        END;"
    ),
    postgres: concat!(
        include_str!("schema.sql"),
        "CREATE TABLE document_text (
            place BIGINT PRIMARY KEY REFERENCES document (place),
            document {ID} NOT NULL UNIQUE REFERENCES document (id),
            version BIGINT NOT NULL,
            text TEXT NOT NULL,
            encoding TEXT,
            cut BIGINT NOT NULL,
            words TEXT NOT NULL,
            found tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
        );
        CREATE INDEX document_text_found ON document_text USING gin (found);"
    ),
};
