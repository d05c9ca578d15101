//! The `Idempotency-Key`: a repeated request gets the answer of the first, and makes nothing twice.
//!
//! The row of the key is written in the same transaction as the thing the request makes ([`Key::take`]), so that its
//! unique key decides, on one server or on many: two requests with one key can never both commit. Within a server the
//! second waits for the first at a door in memory; between servers it waits in the database, and then for the answer.
//!
//! # How the HTTP layer uses it
//!
//! ```ignore
//! // Around the handler of a POST that carries the header:
//! let key = Key::new(officer, header, request_hash);
//! let answer = idempotency::once(&store, &clock, &key, async {
//!     handler(request, key.clone()).await            // an Answer: status, headers, body
//! }).await;
//! // Inside the one transaction of the action (audit::write), before anything else:
//! key.take(tx, now)?;                                // Err(Refused) rolls back; `once` then fetches the answer
//! ```
//!
//! What a refused request leaves is nothing: its key went with its transaction, and the repeat is judged anew.
//! An action that knows its answer writes it in its own transaction ([`Key::tell`]): whatever happens after the commit,
//! a repeat hears it. Of others the answer is written after the commit, in a transaction of its own, unless it is a
//! fault (5xx); a server that dies between the two, or a fault after the commit, leaves a key without an answer, and the
//! repeat hears [`Refused::NoAnswer`], never makes the thing again.

use super::{Migration, Store, StoreError, Tx};
use crate::{clock::Clock, vals};
use jiff::{SignedDuration, Timestamp};
use karton_api::{Id, value::Officer};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// The table of keys.
pub const MIGRATION: Migration = Migration::both(
    2,
    "idempotency keys",
    "CREATE TABLE idempotency (
        officer {ID} NOT NULL, key TEXT NOT NULL, request_hash {BLOB} NOT NULL, status BIGINT, headers TEXT,
        body {BLOB}, expires_at BIGINT NOT NULL,
        PRIMARY KEY (officer, key)
    );
    CREATE INDEX idempotency_expires ON idempotency (expires_at);",
);

/// A key is honoured for so long.
pub const HONOURED: SignedDuration = SignedDuration::from_hours(24);

/// An answer, as it will be given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers worth repeating, as the HTTP layer writes them (one `name: value` a line).
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether both say the same, in whatever order their headers stand.
    fn says(&self, other: &Answer) -> bool {
        let headers = |it: &Answer| -> std::collections::BTreeSet<String> {
            it.headers.lines().map(str::to_owned).collect()
        };
        self.status == other.status && self.body == other.body && headers(self) == headers(other)
    }
}

/// Why a request with a key gets no answer of a handler.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The key was used for something else.
    #[error("this idempotency key was used for another request")]
    Reused,
    /// The key is taken; inside a transaction, the reason to roll back. [`once`] never answers this.
    #[error("this idempotency key is taken")]
    Taken,
    /// The thing was made, but the answer was lost with its server or is not there yet: look for the thing.
    #[error("the first request with this idempotency key was carried out, but its answer is not known")]
    NoAnswer,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The key of one request. Clones belong to the same request.
#[derive(Debug, Clone)]
pub struct Key {
    officer: Id<Officer>,
    key: Arc<str>,
    hash: [u8; 32],
    /// In its last run the transaction found the key taken.
    late: Arc<AtomicBool>,
    /// What the transaction, in its last run, wrote beside the key.
    told: Arc<Mutex<Option<Answer>>>,
}

/// What is known of a key.
enum Known {
    Nothing,
    NoAnswer,
    Answered(Answer),
}

impl Key {
    /// Keys of different officers are different keys. `hash` is over everything that makes the request what it is:
    /// method, path, and body.
    pub fn new(officer: Id<Officer>, key: &str, hash: [u8; 32]) -> Key {
        Key {
            officer,
            key: key.into(),
            hash,
            late: Arc::default(),
            told: Arc::default(),
        }
    }

    /// Whose key it is.
    pub fn officer(&self) -> Id<Officer> {
        self.officer
    }

    /// Takes the key inside the transaction of the thing. [`Refused::Taken`] or [`Refused::Reused`] must roll it back.
    pub fn take(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Refused> {
        let expires = now.checked_add(HONOURED).unwrap_or(Timestamp::MAX);
        // Waits here while another transaction holds the key, and takes over one that has expired.
        let mine = tx.opt(
            "INSERT INTO idempotency (officer, key, request_hash, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (officer, key) DO UPDATE SET
                request_hash = excluded.request_hash, expires_at = excluded.expires_at,
                status = NULL, headers = NULL, body = NULL
             WHERE idempotency.expires_at <= $5 RETURNING expires_at",
            vals![self.officer, &*self.key, self.hash, expires, now],
        )?;
        self.late.store(mine.is_none(), Ordering::Relaxed);
        if mine.is_some() {
            return Ok(());
        }
        self.look(tx, now)?;
        Err(Refused::Taken)
    }

    /// Writes the answer beside the key in the transaction that took it, so that it is there whenever the thing is.
    pub fn tell(&self, tx: &mut Tx, answer: Answer) -> Result<(), StoreError> {
        self.answered(tx, &answer)?;
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        Ok(())
    }

    /// Puts the answer that was given in the place of the one that was kept.
    fn corrected(&self, tx: &mut Tx, answer: &Answer) -> Result<(), StoreError> {
        tx.exec(
            "UPDATE idempotency SET status = NULL WHERE officer = $1 AND key = $2 AND request_hash = $3",
            vals![self.officer, &*self.key, self.hash],
        )?;
        self.answered(tx, answer)
    }

    /// Writes the answer beside the key. Without effect where the key was not taken.
    pub fn answered(&self, tx: &mut Tx, answer: &Answer) -> Result<(), StoreError> {
        tx.exec(
            "UPDATE idempotency SET status = $4, headers = $5, body = $6
             WHERE officer = $1 AND key = $2 AND request_hash = $3 AND status IS NULL",
            vals![
                self.officer,
                &*self.key,
                self.hash,
                answer.status,
                &answer.headers,
                &answer.body
            ],
        )?;
        Ok(())
    }

    fn look(&self, tx: &mut Tx, now: Timestamp) -> Result<Known, Refused> {
        let row = tx.opt(
            "SELECT request_hash, status, headers, body FROM idempotency
             WHERE officer = $1 AND key = $2 AND expires_at > $3",
            vals![self.officer, &*self.key, now],
        )?;
        let Some(row) = row else { return Ok(Known::Nothing) };
        if row.get::<[u8; 32]>(0)? != self.hash {
            return Err(Refused::Reused);
        }
        Ok(match row.get::<Option<u16>>(1)? {
            None => Known::NoAnswer,
            Some(status) => Known::Answered(Answer {
                status,
                headers: row.get(2)?,
                body: row.get(3)?,
            }),
        })
    }
}

/// Answers a request with a key: with the answer of an earlier one, or by running `handler`, which makes its thing in
/// one transaction that begins with [`Key::take`]. A handler that found the key taken there is not heard: the answer
/// is the one that the other request was given.
pub async fn once(
    store: &Store,
    clock: &Clock,
    key: &Key,
    handler: impl Future<Output = Answer>,
) -> Result<Answer, Refused> {
    // Dropped at the end, also when the client has gone away and this future with it.
    let _door = store.doors().pass(key).await;
    match known(store, clock, key).await? {
        Known::Answered(answer) => return Ok(answer),
        Known::NoAnswer => return wait(store, clock, key).await,
        Known::Nothing => {}
    }
    let answer = handler.await;
    if key.late.load(Ordering::Relaxed) {
        return wait(store, clock, key).await;
    }
    let told = key.told.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(told) = told.filter(|_| answer.status < 400) {
        if !told.says(&answer) {
            tracing::error!(
                status = answer.status,
                kept = told.status,
                "another answer was kept than was given"
            );
            debug_assert!(false, "another answer was kept than was given");
            let (mine, given) = (key.clone(), answer.clone());
            if let Err(error) = store.write(move |tx| mine.corrected(tx, &given)).await {
                tracing::error!(%error, "the answer that was given could not be kept");
            }
        }
        return Ok(answer);
    }
    if answer.status >= 500 {
        // Perhaps the thing was made and only its showing failed: that is not told for a day. A repeat looks for the thing.
        return Ok(answer);
    }
    let (mine, kept) = (key.clone(), answer.clone());
    if let Err(error) = store.write(move |tx| mine.answered(tx, &kept)).await {
        // The thing is made and its answer known: whoever asked hears it; only a repeat will not.
        tracing::warn!(%error, "an answer could not be kept for its idempotency key");
    }
    Ok(answer)
}

async fn known(store: &Store, clock: &Clock, key: &Key) -> Result<Known, Refused> {
    let (key, now) = (key.clone(), clock.now());
    store.read(move |tx| key.look(tx, now)).await
}

/// Another server carries the request out: its answer follows its commit within moments.
async fn wait(store: &Store, clock: &Clock, key: &Key) -> Result<Answer, Refused> {
    for pause in [2, 5, 10, 20, 50, 100, 200, 400, 800, 1600] {
        match known(store, clock, key).await? {
            Known::Answered(answer) => return Ok(answer),
            Known::Nothing | Known::NoAnswer => {}
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "another server tells nobody when it has answered"
        )]
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    Err(Refused::NoAnswer)
}

/// Forgets keys that are no longer honoured, at most `n`, and says how many those were.
pub fn forget_expired(tx: &mut Tx, now: Timestamp, n: i64) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM idempotency WHERE (officer, key) IN
            (SELECT officer, key FROM idempotency WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        vals![now, n],
    )
}

type Name = (Id<Officer>, Arc<str>);

/// Where requests of this server with the same key wait for each other without holding a connection.
#[derive(Default)]
pub(super) struct Doors(Arc<Mutex<HashMap<Name, Weak<tokio::sync::Mutex<()>>>>>);

struct Door {
    doors: Arc<Mutex<HashMap<Name, Weak<tokio::sync::Mutex<()>>>>>,
    name: Name,
    guard: Option<tokio::sync::OwnedMutexGuard<()>>,
}

impl Doors {
    async fn pass(&self, key: &Key) -> Door {
        let name = (key.officer, Arc::clone(&key.key));
        let door = {
            let mut doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let there = doors.get(&name).and_then(Weak::upgrade);
            there.unwrap_or_else(|| {
                let door = Arc::default();
                doors.insert(name.clone(), Arc::downgrade(&door));
                door
            })
        };
        Door {
            guard: Some(door.lock_owned().await),
            doors: Arc::clone(&self.0),
            name,
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        self.guard = None;
        if doors.get(&self.name).is_some_and(|door| door.strong_count() == 0) {
            doors.remove(&self.name);
        }
    }
}
