//! Background work: a table of jobs, posted in the transaction of the thing they follow.
//!
//! A letter is made, a register asked, a signal sent after the commit, by a *worker*: it takes a job with a lease,
//! keeps the lease alive while it works, and gives the job back when it fails, later each time. A worker that dies
//! leaves a lease that lapses, and another takes over; so a handler must bear being run twice. It can end its job in
//! the transaction of its own result with [`done`], and then the result is there exactly once.

use super::{Dialect, Migration, Row, Store, StoreError, Tx};
use crate::{clock::Clock, vals};
use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::{SignedDuration, Timestamp};
use karton_api::Id;
use std::{collections::BTreeMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet, time::timeout};

/// The table of jobs. `run_at` is when a job may next be taken: its day, or the end of its lease while it runs.
pub const MIGRATION: Migration = Migration::both(
    1,
    "jobs",
    "CREATE TABLE job (
        id {ID} PRIMARY KEY, queue TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
        run_at BIGINT NOT NULL, tries BIGINT NOT NULL, worker TEXT, payload TEXT NOT NULL, dedup_key TEXT,
        last_error TEXT
    );
    CREATE INDEX job_due ON job (run_at, id) WHERE state <> 'dead';
    CREATE UNIQUE INDEX job_dedup ON job (queue, dedup_key) WHERE dedup_key IS NOT NULL;",
);

/// A job that fails so often is dead: it stays in the table until somebody revives it.
pub const TRIES: u32 = 12;

/// Work to be done after the commit.
#[derive(Debug, Clone)]
pub struct NewJob {
    id: Id<Job>,
    queue: &'static str,
    run_at: Timestamp,
    payload: String,
    dedup_key: Option<String>,
}

impl NewJob {
    /// A job for `queue`, not before `run_at`. The id is made before the transaction's first try.
    pub fn new(id: Id<Job>, queue: &'static str, run_at: Timestamp) -> NewJob {
        NewJob {
            id,
            queue,
            run_at,
            payload: String::new(),
            dedup_key: None,
        }
    }
    /// What the handler needs to know: ids, as JSON or plain; never what can be looked up by them.
    pub fn payload(mut self, payload: impl Into<String>) -> NewJob {
        self.payload = payload.into();
        self
    }
    /// While a job of this queue and key is there (waiting, running or dead), posting another changes nothing.
    pub fn once(mut self, dedup_key: impl Into<String>) -> NewJob {
        self.dedup_key = Some(dedup_key.into());
        self
    }
}

/// A job as its worker holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: Id<Job>,
    /// Which handler is meant.
    pub queue: String,
    /// What was posted with it.
    pub payload: String,
    /// Which try this is, from 1.
    pub tries: u32,
    worker: String,
}

impl Job {
    fn of(row: &Row, worker: &str) -> Result<Job, StoreError> {
        Ok(Job {
            id: row.get(0)?,
            queue: row.get(1)?,
            payload: row.get(2)?,
            tries: row.get(3)?,
            worker: worker.to_owned(),
        })
    }
}

/// Posts a job inside the transaction of the thing it follows. Answers whether it was new (see [`NewJob::once`]).
pub fn post(tx: &mut Tx, job: &NewJob) -> Result<bool, StoreError> {
    let posted = tx.exec(
        "INSERT INTO job (id, queue, state, run_at, tries, payload, dedup_key) VALUES ($1, $2, 'waiting', $3, 0, $4, $5)
         ON CONFLICT (queue, dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING",
        vals![job.id, job.queue, job.run_at, &job.payload, job.dedup_key.clone()],
    )?;
    tx.posted |= posted == 1;
    Ok(posted == 1)
}

/// Takes up to `n` jobs that are due, those whose lease has lapsed among them, in the order they fell due.
/// They are `worker`'s until `now + lease`.
pub async fn claim(
    store: &Store,
    now: Timestamp,
    worker: &str,
    queues: &[&'static str],
    n: usize,
    lease: SignedDuration,
) -> Result<Vec<Job>, StoreError> {
    let (worker, queues) = (worker.to_owned(), queues.to_vec());
    let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
    store
        .write(move |tx| {
            let lock = match tx.dialect() {
                Dialect::Sqlite => "",
                Dialect::Postgres => "FOR UPDATE SKIP LOCKED",
            };
            let names: Vec<String> = (5..5 + queues.len()).map(|number| format!("${number}")).collect();
            let sql = format!(
                "WITH due AS MATERIALIZED (
                    SELECT id FROM job WHERE state <> 'dead' AND run_at <= $1 AND queue IN ({})
                    ORDER BY run_at, id LIMIT $2 {lock}
                 )
                 UPDATE job SET state = 'running', worker = $3, run_at = $4, tries = tries + 1
                 WHERE id IN (SELECT id FROM due) RETURNING id, queue, payload, tries",
                names.join(", ")
            );
            let mut values = vals![now, i64::try_from(n).unwrap_or(i64::MAX), &worker, until].to_vec();
            values.extend(queues.iter().map(|queue| (*queue).into()));
            let mut jobs = Vec::new();
            for row in tx.query(&sql, &values)? {
                jobs.push(Job::of(&row, &worker)?);
            }
            jobs.sort_by_key(|job| job.id);
            Ok(jobs)
        })
        .await
}

/// Ends a job, best in the transaction of its result. `false`: the lease has lapsed and the job is another's now; the
/// result must not be kept.
pub fn done(tx: &mut Tx, job: &Job) -> Result<bool, StoreError> {
    let ended = tx.exec(
        "DELETE FROM job WHERE id = $1 AND state = 'running' AND worker = $2 AND tries = $3",
        vals![job.id, &job.worker, job.tries],
    )?;
    Ok(ended == 1)
}

/// Gives a job back after a setback, to be tried again later or never.
fn put_back(tx: &mut Tx, job: &Job, setback: &Setback, now: Timestamp) -> Result<(), StoreError> {
    let later = now.checked_add(pause(job.tries)).unwrap_or(now);
    let (state, why, at, tries) = match setback {
        Setback::Until(until, why) => ("waiting", why, (*until).max(now), job.tries.saturating_sub(1)),
        Setback::Later(why) if job.tries < TRIES => ("waiting", why, later, job.tries),
        Setback::Later(why) | Setback::Never(why) => ("dead", why, later, job.tries),
    };
    let why: String = why.chars().filter(|c| *c != '\0').take(500).collect();
    tx.exec(
        "UPDATE job SET state = $4, run_at = $5, last_error = $6, worker = NULL, tries = $7
         WHERE id = $1 AND state = 'running' AND worker = $2 AND tries = $3",
        vals![job.id, &job.worker, job.tries, state, at, why, tries],
    )?;
    Ok(())
}

/// Five seconds after the first try, twice as long after each further one, at most an hour.
fn pause(tries: u32) -> SignedDuration {
    SignedDuration::from_secs((5i64 << tries.saturating_sub(1).min(12)).min(3600))
}

/// Keeps a lease alive; `false` when it is another's already.
async fn keep(store: &Store, job: &Job, until: Timestamp) -> Result<bool, StoreError> {
    let job = job.clone();
    store
        .write(move |tx| {
            let kept = tx.exec(
                "UPDATE job SET run_at = $4 WHERE id = $1 AND state = 'running' AND worker = $2 AND tries = $3",
                vals![job.id, &job.worker, job.tries, until],
            )?;
            Ok(kept == 1)
        })
        .await
}

/// Gives a dead job its tries again. `false` when there is no such dead job.
pub fn revive(tx: &mut Tx, id: Id<Job>, now: Timestamp) -> Result<bool, StoreError> {
    let revived = tx.exec(
        "UPDATE job SET state = 'waiting', tries = 0, run_at = $2 WHERE id = $1 AND state = 'dead'",
        vals![id, now],
    )?;
    tx.posted |= revived == 1;
    Ok(revived == 1)
}

/// How many jobs there are, by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Due now or later.
    pub waiting: u64,
    /// With a worker.
    pub running: u64,
    /// Given up.
    pub dead: u64,
}

/// Counts the jobs.
pub fn count(tx: &mut Tx) -> Result<Count, StoreError> {
    let mut count = Count::default();
    for row in tx.query("SELECT state, count(*) FROM job GROUP BY state", &[])? {
        match row.get::<String>(0)?.as_str() {
            "waiting" => count.waiting = row.get(1)?,
            "running" => count.running = row.get(1)?,
            _ => count.dead = row.get(1)?,
        }
    }
    Ok(count)
}

/// Why a handler did not do its job. The words are stored and logged: no names, no numbers of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setback {
    /// To be tried again.
    Later(String),
    /// Not tried yet: what it needs is not there before this instant. Costs no try, so whoever says it sees to it that it ends.
    Until(Timestamp, String),
    /// Trying again would not help.
    Never(String),
}
impl From<StoreError> for Setback {
    fn from(error: StoreError) -> Setback {
        Setback::Later(error.to_string())
    }
}

type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, Result<(), Setback>> + Send + Sync>;

/// Who does the jobs of which queue.
#[derive(Clone, Default)]
pub struct Handlers(BTreeMap<&'static str, Handler>);

impl Handlers {
    /// Nobody yet.
    pub fn new() -> Handlers {
        Handlers::default()
    }
    /// Lets `handler` do the jobs of `queue`. It must bear being run twice for one job.
    pub fn on<F, D>(mut self, queue: &'static str, handler: F) -> Handlers
    where
        F: Fn(Job) -> D + Send + Sync + 'static,
        D: Future<Output = Result<(), Setback>> + Send + 'static,
    {
        self.0.insert(queue, Arc::new(move |job| handler(job).boxed()));
        self
    }
}

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// So many jobs at the same time.
    pub at_once: usize,
    /// How long a job may be silent before another worker takes it. It is kept alive three times in that span.
    pub lease: Duration,
    /// The safety net: how often to look without having been called. (Jobs posted by another server, lapsed leases.)
    pub look_every: Duration,
}
impl Default for Pace {
    fn default() -> Self {
        Pace {
            at_once: 8,
            lease: Duration::from_secs(60),
            look_every: Duration::from_secs(5),
        }
    }
}

/// A worker at work. Dropped, it stops at once, and its leases lapse; [`Worker::stop`] lets it finish.
pub struct Worker {
    stop: watch::Sender<bool>,
    asked: watch::Sender<u64>,
    idle: watch::Receiver<u64>,
    task: tokio::task::JoinHandle<()>,
}

impl Worker {
    /// Takes no more jobs, and waits for those that are running.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let _ = (&mut self.task).await;
    }
    /// Waits until no job is due and none is running here.
    pub async fn drained(&self) {
        let mut mine = 0;
        self.asked.send_modify(|asked| {
            *asked += 1;
            mine = *asked;
        });
        let _ = self.idle.clone().wait_for(|idle| *idle >= mine).await;
    }
}
impl Drop for Worker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a worker. `name` tells it from all other workers of the database, other servers' included.
pub fn run(store: Store, clock: Clock, name: &str, handlers: Handlers, pace: Pace) -> Worker {
    let (stop, stopped) = watch::channel(false);
    let (asked, asking) = watch::channel(0);
    let (resting, idle) = watch::channel(0);
    let post = Post {
        store,
        clock,
        name: name.to_owned(),
        handlers,
        pace,
    };
    let task = tokio::spawn(post.work(stopped, asking, resting));
    Worker {
        stop,
        asked,
        idle,
        task,
    }
}

struct Post {
    store: Store,
    clock: Clock,
    name: String,
    handlers: Handlers,
    pace: Pace,
}

impl Post {
    async fn work(
        self,
        mut stop: watch::Receiver<bool>,
        mut asked: watch::Receiver<u64>,
        idle: watch::Sender<u64>,
    ) {
        let queues: Vec<&'static str> = self.handlers.0.keys().copied().collect();
        let lease = SignedDuration::try_from(self.pace.lease).unwrap_or(SignedDuration::MAX);
        let mut running = JoinSet::new();
        loop {
            let stopping = *stop.borrow_and_update();
            let asking = *asked.borrow_and_update();
            let free = self.pace.at_once.max(1).saturating_sub(running.len());
            if !stopping && free > 0 && !queues.is_empty() {
                match claim(&self.store, self.clock.now(), &self.name, &queues, free, lease).await {
                    Ok(jobs) if jobs.is_empty() => {}
                    Ok(jobs) => {
                        for job in jobs {
                            if let Some(handler) = self.handlers.0.get(job.queue.as_str()) {
                                let (store, clock, handler) =
                                    (self.store.clone(), self.clock.clone(), handler.clone());
                                running.spawn(one(store, clock, handler, job, lease));
                            }
                        }
                        continue;
                    }
                    Err(error) => tracing::warn!(%error, "jobs cannot be taken"),
                }
            }
            if running.is_empty() {
                if stopping {
                    break;
                }
                idle.send_replace(asking);
            }
            let patience = self.patience().await;
            tokio::select! {
                () = self.store.posted() => {}
                Ok(()) = asked.changed() => {}
                Ok(()) = stop.changed() => {}
                Some(_) = running.join_next(), if !running.is_empty() => {}
                // A timer, not a guess: the next job that is known falls due then.
                _ = timeout(patience, std::future::pending::<()>()) => {}
            }
        }
    }

    /// How long to wait without being called: until the next job is due, or the safety net.
    async fn patience(&self) -> Duration {
        let next = self.store.read(|tx| {
            tx.one("SELECT min(run_at) FROM job WHERE state <> 'dead'", &[])?
                .get::<Option<Timestamp>>(0)
        });
        let wait = match next.await {
            Ok::<_, StoreError>(Some(due)) => due.duration_since(self.clock.now()),
            _ => return self.pace.look_every,
        };
        // What is due already is somebody else's queue, or there was no hand free for it.
        Duration::try_from(wait)
            .ok()
            .filter(|wait| !wait.is_zero())
            .unwrap_or(self.pace.look_every)
            .min(self.pace.look_every)
    }
}

/// One job, from the lease to its end.
async fn one(store: Store, clock: Clock, handler: Handler, job: Job, lease: SignedDuration) {
    let work = AssertUnwindSafe(handler(job.clone())).catch_unwind();
    tokio::pin!(work);
    let beat = Duration::try_from(lease / 3).unwrap_or(Duration::from_secs(1));
    let outcome = loop {
        if let Ok(outcome) = timeout(beat, &mut work).await {
            break outcome;
        }
        let until = clock.now().checked_add(lease).unwrap_or(Timestamp::MAX);
        if let Ok(false) = keep(&store, &job, until).await {
            tracing::warn!(id = %job.id, queue = job.queue, "another worker has this job");
            return;
        }
    };
    let setback = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(setback)) => Some(setback),
        Err(_) => Some(Setback::Later("the handler broke off".into())),
    };
    if let Some(setback) = &setback {
        tracing::warn!(id = %job.id, queue = job.queue, tries = job.tries, ?setback, "a job met a setback");
    }
    let (id, now) = (job.id, clock.now());
    let ended = store
        .write(move |tx| match &setback {
            None => done(tx, &job).map(drop),
            Some(setback) => put_back(tx, &job, setback, now),
        })
        .await;
    if let Err::<(), StoreError>(error) = ended {
        tracing::warn!(%id, %error, "the end of a job could not be written; its lease will lapse");
    }
}
