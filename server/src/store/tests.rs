//! Stories of the store, told on every engine.

use super::{
    Dialect, MIGRATIONS, Migration, Options, Store, StoreError, StoreUrl, Tx, Val, idempotency, jobs, lite,
    numbers,
    testing::{self, on_both, on_both_with},
};
use crate::{clock::Clock, vals};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};
use karton_api::{Date, Id};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

mod engine;
mod tls;
mod work;

const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// A table to try things on.
const THINGS: &[Migration] = &[Migration::both(
    10,
    "things",
    "CREATE TABLE thing (id {ID} PRIMARY KEY, name TEXT, n BIGINT, bytes {BLOB}, UNIQUE (name, n));
     CREATE TABLE part (id {ID} PRIMARY KEY, thing {ID} NOT NULL REFERENCES thing (id), n BIGINT CHECK (n > 0));",
)];

fn clock() -> Clock {
    Clock::fixed(NOW, TimeZone::UTC)
}

fn add(tx: &mut Tx, id: Id<()>, name: &str, n: i64) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO thing (id, name, n) VALUES ($1, $2, $3)",
        vals![id, name, n],
    )
    .map(drop)
}

async fn things(store: &Store) -> i64 {
    count(store, "SELECT count(*) FROM thing").await
}

async fn count(store: &Store, sql: &'static str) -> i64 {
    store
        .read(move |tx| tx.one(sql, &[])?.get::<i64>(0))
        .await
        .unwrap_or_else(|error: StoreError| panic!("{error}"))
}
