//! The thin layer over SQLite and PostgreSQL.
//!
//! Everything is a closure over a transaction: `store.read(|tx| …)` sees one state of the data, `store.write(|tx| …)`
//! changes it. A closure is synchronous and *re-runnable*: it may be run several times before it commits, so it has
//! no side effects, and the time and new ids are fixed before it. What must happen after a commit is posted as a job
//! ([`jobs::post`]).
//!
//! On SQLite one writer thread runs whatever is queued, each closure in a savepoint, in one transaction with one
//! sync to disk; answers go out only after it. On PostgreSQL closures run on threads that own a connection each, and
//! are run again when they meet others (SQLSTATE 40001, 40P01).

use std::{
    num::NonZeroU64,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::{Notify, oneshot},
};

mod error;
pub mod idempotency;
pub mod jobs;
mod lite;
mod many;
mod migrate;
pub mod numbers;
mod pg;
#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub mod testing;
#[cfg(test)]
mod tests;
mod tls;
mod tx;
mod url;
mod value;

pub use crate::vals;
pub use error::StoreError;
pub use many::insert_many;
pub use migrate::Migration;
pub(crate) use migrate::run as migrate_in;
pub use tx::Tx;
pub use url::StoreUrl;
pub use value::{FromVal, Row, Val};

/// The tables of the store itself. Rooms number theirs from 10.
pub const MIGRATIONS: &[Migration] = &[jobs::MIGRATION, idempotency::MIGRATION, numbers::MIGRATION];

/// Which SQL is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL and what speaks its protocol.
    Postgres,
}

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections to a PostgreSQL server, each with a thread of its own.
    pub connections: usize,
    /// Runs every write on PostgreSQL at SERIALIZABLE instead of READ COMMITTED.
    pub serializable: bool,
    /// A statement on PostgreSQL that takes longer is stopped, outside of migrations; none is where nothing is said.
    pub statement_timeout: Option<Duration>,
    /// Refuses every n-th commit on PostgreSQL as if it had met another, so that tests can show that closures may
    /// be run again.
    #[doc(hidden)]
    pub conflict_every: Option<NonZeroU64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            connections: 10,
            serializable: false,
            statement_timeout: None,
            conflict_every: None,
        }
    }
}

/// A store, open. Clones are the same store; it closes with the last of them, after what is queued has been written.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    engine: Engine,
    /// Rung after a commit that posted a job.
    posted: Arc<Notify>,
    doors: idempotency::Doors,
}

enum Engine {
    Lite(lite::Lite),
    Pg(pg::Pool),
}

impl Store {
    /// Opens a store. A file is made when it is not there; a server is first spoken to by [`Store::migrate`].
    pub fn open(url: &StoreUrl, options: &Options) -> Result<Store, StoreError> {
        let engine = match url {
            StoreUrl::Sqlite(path) => Engine::Lite(lite::Lite::open(path)?),
            StoreUrl::Temporary => Engine::Lite(lite::Lite::temporary()?),
            StoreUrl::Postgres(url) => Engine::Pg(pg::Pool::open(url, options)?),
        };
        Ok(Store(Arc::new(Inner {
            engine,
            posted: Arc::default(),
            doors: idempotency::Doors::default(),
        })))
    }

    /// Opens a store that is there, to read it and nothing else: nothing is made, and every change is refused.
    pub fn open_to_read(url: &StoreUrl, options: &Options) -> Result<Store, StoreError> {
        let engine = match url {
            StoreUrl::Sqlite(path) => Engine::Lite(lite::Lite::open_to_read(path)?),
            StoreUrl::Temporary => return Err(StoreError::Db("an empty store holds nothing to read".into())),
            StoreUrl::Postgres(url) => Engine::Pg(pg::Pool::open_to_read(url, options)?),
        };
        Ok(Store(Arc::new(Inner {
            engine,
            posted: Arc::default(),
            doors: idempotency::Doors::default(),
        })))
    }

    /// Brings the schema up to `steps`, in one transaction, and answers how many were missing. Refuses a schema that
    /// a newer version has changed, and a step whose text is not the one that was applied.
    pub async fn migrate(&self, steps: &[Migration], now: jiff::Timestamp) -> Result<usize, StoreError> {
        let steps = steps.to_vec();
        self.change(pg::Kind::Migrate, move |tx| migrate::run(tx, &steps, now))
            .await
    }

    /// Reads in one snapshot of the data. `work` may be run more than once.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Tx) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Lite(_) => {
                // A read is bounded and takes microseconds, less than to hand it to another thread: the runtime's own thread does it. What
                // runs on a runtime of a single thread must not stop it, though.
                match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
                    Ok(RuntimeFlavor::CurrentThread) => {
                        let store = self.clone();
                        let read = tokio::task::spawn_blocking(move || store.read_here(&work));
                        read.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
                    }
                    _ => self.read_here(&work),
                }
            }
            Engine::Pg(pool) => {
                let (answer, answered) = oneshot::channel();
                pool.queue(Box::new(move |tx| {
                    drop(answer.send(pg::run(tx, pg::Kind::Read, &work)))
                }));
                answered.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
            }
        }
    }

    fn read_here<T, E: From<StoreError>>(&self, work: &impl Fn(&mut Tx) -> Result<T, E>) -> Result<T, E> {
        let Engine::Lite(lite) = &self.0.engine else {
            return Err(StoreError::Closed.into());
        };
        lite.read(|tx| {
            let value = guarded(tx, work)?;
            match &tx.failed {
                None => Ok(value),
                Some(failed) => Err(failed.clone().into()),
            }
        })?
    }

    /// Changes the data in one transaction, and answers after it is safe on disk. `work` may be run more than once;
    /// an error, a panic or a failed statement leaves nothing behind. Once begun it goes on although nobody waits
    /// for the answer any more.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Tx) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.change(pg::Kind::Write, work).await
    }

    /// Makes room for a bulk load, and takes it back after it: SQLite's writer then keeps more pages in memory (128 MB) and carries its log
    /// into the file less often. What is committed is as safe as ever.
    pub async fn make_room(&self, room: bool) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Postgres {
            return Ok(());
        }
        self.write(move |tx| {
            let habits: &[&str] = if room {
                &["PRAGMA cache_size = -131072", "PRAGMA wal_autocheckpoint = 16000"]
            } else {
                &[
                    "PRAGMA cache_size = -2000",
                    "PRAGMA wal_autocheckpoint = 1000",
                    "PRAGMA shrink_memory",
                ]
            };
            habits.iter().try_for_each(|habit| tx.query(habit, &[]).map(drop))
        })
        .await
    }

    /// Leaves nothing in SQLite's log after a bulk load: whoever copies or only reads the file has all of it, and what the log took is free again.
    pub async fn settle(&self) -> Result<(), StoreError> {
        let store = self.clone();
        let settled = tokio::task::spawn_blocking(move || match &store.0.engine {
            Engine::Lite(lite) => lite.settle(),
            Engine::Pg(_) => Ok(()),
        });
        settled.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn change<T, E, F>(&self, kind: pg::Kind, work: F) -> Result<T, E>
    where
        F: Fn(&mut Tx) -> Result<T, E> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let posted = Arc::clone(&self.0.posted);
        match &self.0.engine {
            Engine::Lite(lite) => lite.queue(Box::new(move |tx| {
                let result = in_savepoint(tx, &work);
                let rings = tx.posted;
                Box::new(move |committed| {
                    let result = match committed {
                        Err(error) if result.is_ok() => Err(error.into()),
                        _ => result,
                    };
                    if rings && result.is_ok() {
                        posted.notify_one();
                    }
                    drop(answer.send(result));
                })
            })),
            Engine::Pg(pool) => pool.queue(Box::new(move |tx| {
                let result = pg::run(tx, kind, &work);
                if tx.posted && result.is_ok() {
                    posted.notify_one();
                }
                drop(answer.send(result));
            })),
        }
        answered.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Waits for a commit of this store that posted a job; one that happened since the last call counts.
    async fn posted(&self) {
        self.0.posted.notified().await;
    }

    fn doors(&self) -> &idempotency::Doors {
        &self.0.doors
    }

    /// The SQL this store speaks.
    pub fn dialect(&self) -> Dialect {
        match &self.0.engine {
            Engine::Lite(_) => Dialect::Sqlite,
            Engine::Pg(_) => Dialect::Postgres,
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.dialect()).finish()
    }
}

/// Runs a closure and takes a panic as an error.
fn guarded<T, E: From<StoreError>>(tx: &mut Tx, work: &impl Fn(&mut Tx) -> Result<T, E>) -> Result<T, E> {
    // A transaction that broke off is rolled back, so nobody sees what it left half done.
    catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or_else(|_| Err(StoreError::Panicked.into()))
}

/// A closure on SQLite's writer: what it did is undone alone when it fails, its neighbours' work stays.
fn in_savepoint<T, E: From<StoreError>>(
    tx: &mut Tx,
    work: &impl Fn(&mut Tx) -> Result<T, E>,
) -> Result<T, E> {
    if let tx::Engine::Shut(error) = &tx.engine {
        return Err(error.clone().into());
    }
    tx.fresh();
    tx.control("SAVEPOINT job")?;
    let outcome = guarded(tx, work);
    let outcome = match (outcome, &tx.failed) {
        (Ok(_), Some(failed)) => Err(failed.clone().into()),
        (outcome, _) => outcome,
    };
    if outcome.is_err() && tx.in_transaction() {
        tx.control("ROLLBACK TO job")?;
    }
    if tx.in_transaction() {
        tx.control("RELEASE job")?;
    }
    outcome
}
