use crate::store::Migration;

/// Messages of other institutions that were taken. `message` is the sender's id: the same one again is answered as it was.
pub const MIGRATION: Migration = Migration::both(
    396,
    "messages of other institutions",
    "CREATE TABLE reply (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL REFERENCES matter (id), run {ID} NOT NULL REFERENCES step_run (id), notice {ID} NOT NULL,
        client TEXT NOT NULL, message TEXT NOT NULL, service TEXT NOT NULL, digest TEXT NOT NULL, brought TEXT NOT NULL,
        completed BIGINT NOT NULL, opened TEXT NOT NULL, received_at BIGINT NOT NULL, UNIQUE (client, message)
    );
    CREATE INDEX reply_matter ON reply (matter, received_at);",
);
