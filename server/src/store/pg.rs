//! PostgreSQL, and what speaks its protocol: threads that each own one connection and a small runtime to drive it.
//!
//! A closure runs on such a thread from its first statement to its commit, so that no statement hops between threads.

use super::{
    Options, StoreError, Tx, Val,
    tls::{self, Tls},
    tx::Engine,
    value::Row,
};
use futures_util::future::join;
use std::{
    any::TypeId,
    collections::{HashMap, HashSet, VecDeque},
    error::Error as _,
    num::NonZeroU64,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::runtime::Runtime;
use tokio_postgres::{
    Client, Config, Statement,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut},
};

pub(super) type Job = Box<dyn FnOnce(&mut Tx) + Send>;
type Boxed = Box<dyn std::error::Error + Sync + Send>;

/// A transaction that meets others is run again so many times,
const TRIES: u32 = 60;
/// after a pause that doubles from one millisecond up to this.
const LONGEST_PAUSE: u64 = 64;
/// A connection keeps so many prepared statements.
const STATEMENTS: usize = 512;

/// How a closure's transaction begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Write,
    Migrate,
}

pub(super) struct Pool {
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    more: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    closed: bool,
}

/// What the sessions of a pool share.
struct Plan {
    config: Config,
    tls: Tls,
    serializable: bool,
    statement_timeout: Option<Duration>,
    conflict_every: Option<NonZeroU64>,
    commits: AtomicU64,
    /// Every change is refused.
    reads_only: bool,
}

impl Pool {
    /// Reads the address and starts the threads; each connects when it gets its first work.
    pub(super) fn open(url: &str, options: &Options) -> Result<Pool, StoreError> {
        Pool::start(url, options, false)
    }

    /// The same for reading alone.
    pub(super) fn open_to_read(url: &str, options: &Options) -> Result<Pool, StoreError> {
        Pool::start(url, options, true)
    }

    fn start(url: &str, options: &Options, reads_only: bool) -> Result<Pool, StoreError> {
        let (mut config, tls) = tls::read(url)?;
        config.application_name("karton");
        config.connect_timeout(Duration::from_secs(5));
        let plan = Arc::new(Plan {
            config,
            tls,
            serializable: options.serializable,
            statement_timeout: options.statement_timeout,
            conflict_every: options.conflict_every,
            commits: AtomicU64::new(0),
            reads_only,
        });
        let queue = Arc::<Queue>::default();
        // Made first, so that its end closes the queue also when a thread cannot be started.
        let pool = Pool {
            queue: Arc::clone(&queue),
        };
        for number in 0..options.connections.max(1) {
            let (queue, plan) = (Arc::clone(&queue), Arc::clone(&plan));
            let rt = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let rt = rt.map_err(|error| StoreError::Db(error.to_string()))?;
            thread::Builder::new()
                .name(format!("store-{number}"))
                .spawn(move || {
                    let mut tx = Tx::new(Engine::Pg(Box::new(Session::new(rt, plan))));
                    while let Some(job) = queue.next() {
                        job(&mut tx);
                        if let Engine::Pg(session) = &mut tx.engine {
                            session.tidy();
                        }
                    }
                })
                .map_err(|error| StoreError::Db(error.to_string()))?;
        }
        Ok(pool)
    }

    pub(super) fn queue(&self, job: Job) {
        self.queue
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .jobs
            .push_back(job);
        self.queue.more.notify_one();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .closed = true;
        self.queue.more.notify_all();
    }
}

impl Queue {
    /// The next job; nothing when the pool is gone and its work is done.
    fn next(&self) -> Option<Job> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.more.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// One connection, what it has prepared, and the transaction that may be open on it.
pub(super) struct Session {
    rt: Runtime,
    plan: Arc<Plan>,
    link: Option<Link>,
    state: State,
    /// Closures that have read with more than one statement, and so need a snapshot from the start.
    many: HashSet<TypeId>,
}

struct Link {
    client: Client,
    statements: HashMap<Box<str>, Statement>,
}

enum State {
    Idle,
    /// A read whose first statement needs no transaction. A second one asks for the closure to be run again.
    Single {
        used: bool,
        again: bool,
    },
    /// Begins together with the first statement, in one trip.
    Pending(&'static str),
    Open,
}

/// What to do after a closure has run.
enum End<T> {
    Done(T),
    Again,
}

impl Session {
    fn new(rt: Runtime, plan: Arc<Plan>) -> Session {
        Session {
            rt,
            plan,
            link: None,
            state: State::Idle,
            many: HashSet::new(),
        }
    }

    pub(super) fn query(&mut self, sql: &str, values: &[Val]) -> Result<Vec<Row>, StoreError> {
        let rows = self.send(sql, async |client, statement| {
            client.query(statement, &arguments(values)).await
        })?;
        let mut answer = Vec::with_capacity(rows.len());
        for row in rows {
            let mut values = Vec::with_capacity(row.len());
            for column in 0..row.len() {
                values.push(row.try_get::<_, Val>(column).map_err(|error| fault(&error))?);
            }
            answer.push(Row(values));
        }
        Ok(answer)
    }

    pub(super) fn exec(&mut self, sql: &str, values: &[Val]) -> Result<u64, StoreError> {
        self.send(sql, async |client, statement| {
            client.execute(statement, &arguments(values)).await
        })
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        let begin = self.begin()?;
        let Some(link) = &self.link else {
            return Err(StoreError::Closed);
        };
        let (began, done) = self
            .rt
            .block_on(join(open(&link.client, begin), link.client.batch_execute(sql)));
        began.and(done).map_err(|error| self.broken(&error))
    }

    /// Sends a prepared statement, together with the `BEGIN` that may still be owed.
    fn send<T>(
        &mut self,
        sql: &str,
        work: impl AsyncFn(&Client, &Statement) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, StoreError> {
        let begin = self.begin()?;
        let Some(link) = &mut self.link else {
            return Err(StoreError::Closed);
        };
        let answer = self.rt.block_on(async {
            let (statement, begin) = match link.statements.get(sql) {
                Some(statement) => (statement.clone(), begin),
                None => {
                    let (began, prepared) = join(open(&link.client, begin), link.client.prepare(sql)).await;
                    began?;
                    let statement = prepared?;
                    if link.statements.len() >= STATEMENTS {
                        link.statements.clear();
                    }
                    link.statements.insert(sql.into(), statement.clone());
                    (statement, None)
                }
            };
            let (began, answer) = join(open(&link.client, begin), work(&link.client, &statement)).await;
            began?;
            answer
        });
        answer.map_err(|error| self.broken(&error))
    }

    /// The `BEGIN` that is owed before the next statement.
    fn begin(&mut self) -> Result<Option<&'static str>, StoreError> {
        match &mut self.state {
            State::Pending(begin) => {
                let begin = *begin;
                self.state = State::Open;
                Ok(Some(begin))
            }
            State::Single { used: true, again } => {
                *again = true;
                Err(StoreError::Conflict)
            }
            State::Single { used, .. } => {
                *used = true;
                Ok(None)
            }
            State::Open => Ok(None),
            State::Idle => Err(StoreError::Closed),
        }
    }

    /// What an error means, and what it makes of the connection.
    fn broken(&mut self, error: &tokio_postgres::Error) -> StoreError {
        if error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
            && let Some(link) = &mut self.link
        {
            // Perhaps a migration elsewhere changed what a prepared statement answers.
            link.statements.clear();
        }
        let meaning = fault(error);
        if self.link.as_ref().is_some_and(|link| link.client.is_closed()) || meaning == StoreError::Closed {
            self.link = None;
            return StoreError::Closed;
        }
        meaning
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        if self.link.as_ref().is_some_and(|link| !link.client.is_closed()) {
            return Ok(());
        }
        self.link = None;
        // What begins without saying so is a read: a closure given to `read` can change nothing.
        let isolation = if self.plan.serializable {
            "serializable"
        } else {
            "read committed"
        };
        let longest = self
            .plan
            .statement_timeout
            .map_or(0, |longest| longest.as_millis());
        let habits = format!(
            "SET default_transaction_read_only = on; SET default_transaction_isolation = '{isolation}'; SET statement_timeout = {longest}"
        );
        let connected = self.rt.block_on(async {
            let (client, connection) = self.plan.config.connect(self.plan.tls.clone()).await?;
            // Its end shows itself at the next statement.
            tokio::spawn(async { drop(connection.await) });
            client.batch_execute(&habits).await?;
            Ok(client)
        });
        let client = connected.map_err(|error| match fault(&error) {
            StoreError::Db(what) => StoreError::Db(format!("the database cannot be reached: {what}")),
            _ => StoreError::Closed,
        })?;
        self.link = Some(Link {
            client,
            statements: HashMap::new(),
        });
        Ok(())
    }

    /// `COMMIT` or `ROLLBACK`, where something is open.
    fn end(&mut self, how: &str) -> Result<(), StoreError> {
        let open = matches!(std::mem::replace(&mut self.state, State::Idle), State::Open);
        match &self.link {
            Some(link) if open => {
                let ended = self.rt.block_on(link.client.batch_execute(how));
                ended.map_err(|error| self.broken(&error))
            }
            _ => Ok(()),
        }
    }

    /// Closes a read's snapshot, after its answer has gone out.
    fn tidy(&mut self) {
        // A snapshot that cannot be closed goes with its connection.
        if self.end("COMMIT").is_err() {
            self.link = None;
        }
    }

    fn pause(&self, tries: u32) {
        let most = (1u64 << tries.min(16)).min(LONGEST_PAUSE);
        let millis = 1 + rand::random::<u64>() % most;
        self.rt.block_on(async {
            #[expect(
                clippy::disallowed_methods,
                reason = "the store's one timer: the pause between two tries"
            )]
            tokio::time::sleep(Duration::from_millis(millis)).await;
        });
    }
}

/// Runs a closure in a transaction of its own, as often as it takes.
pub(super) fn run<T, E, F>(tx: &mut Tx, kind: Kind, work: &F) -> Result<T, E>
where
    F: Fn(&mut Tx) -> Result<T, E> + 'static,
    E: From<StoreError>,
{
    let (mut tries, mut lost) = (0, 0);
    loop {
        tx.fresh();
        let Engine::Pg(session) = &mut tx.engine else {
            return Err(StoreError::Closed.into());
        };
        if session.plan.reads_only && kind != Kind::Read {
            return Err(StoreError::Closed.into());
        }
        session.connect()?;
        session.state = match kind {
            Kind::Read if session.many.contains(&TypeId::of::<F>()) => {
                State::Pending("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
            Kind::Read => State::Single {
                used: false,
                again: false,
            },
            Kind::Write => State::Pending("BEGIN READ WRITE"),
            // The lock between servers is waited for inside; what they did must be seen after it.
            Kind::Migrate => State::Pending(
                "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = 0",
            ),
        };
        let outcome = super::guarded(tx, work);
        match settle(tx, kind, TypeId::of::<F>(), outcome) {
            End::Done(result) => return result,
            End::Again if matches!(tx.failed, Some(StoreError::Closed)) => {
                lost += 1;
                if lost > 2 {
                    return Err(StoreError::Closed.into());
                }
            }
            End::Again => {
                tries += 1;
                if tries > TRIES {
                    return Err(StoreError::Conflict.into());
                }
                if kind != Kind::Read
                    && let Engine::Pg(session) = &tx.engine
                {
                    session.pause(tries);
                }
            }
        }
    }
}

/// Ends the transaction as its closure left it.
fn settle<T, E: From<StoreError>>(
    tx: &mut Tx,
    kind: Kind,
    closure: TypeId,
    outcome: Result<T, E>,
) -> End<Result<T, E>> {
    let Engine::Pg(session) = &mut tx.engine else {
        return End::Done(outcome);
    };
    if let State::Single { again: true, .. } = session.state {
        session.many.insert(closure);
        session.state = State::Idle;
        return End::Again;
    }
    if matches!(tx.failed, Some(StoreError::Conflict | StoreError::Closed)) {
        let _ = session.end("ROLLBACK");
        return End::Again;
    }
    if kind == Kind::Read && tx.failed.is_none() {
        return End::Done(outcome);
    }
    let value = match (outcome, &tx.failed) {
        (Ok(value), None) => value,
        (outcome, failed) => {
            let failed = failed.clone();
            let _ = session.end("ROLLBACK");
            return End::Done(outcome.and_then(|_| Err(failed.unwrap_or(StoreError::Aborted).into())));
        }
    };
    if session.conflict_is_due() {
        let _ = session.end("ROLLBACK");
        tx.failed = Some(StoreError::Conflict);
        return End::Again;
    }
    match session.end("COMMIT") {
        Ok(()) => End::Done(Ok(value)),
        Err(StoreError::Conflict) => {
            tx.failed = Some(StoreError::Conflict);
            End::Again
        }
        Err(StoreError::Closed) => End::Done(Err(StoreError::Lost.into())),
        Err(error) => End::Done(Err(error.into())),
    }
}

impl Session {
    /// Every n-th commit of the pool is refused where a test asks for it.
    fn conflict_is_due(&self) -> bool {
        self.plan.conflict_every.is_some_and(|every| {
            (self.plan.commits.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(every.get())
        })
    }
}

async fn open(client: &Client, begin: Option<&str>) -> Result<(), tokio_postgres::Error> {
    match begin {
        Some(begin) => client.batch_execute(begin).await,
        None => Ok(()),
    }
}

fn arguments(values: &[Val]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Val {
    fn to_sql(&self, to: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        match (self, to) {
            (Val::Null, _) => Ok(IsNull::Yes),
            (Val::Int(value), &Type::INT8) => value.to_sql(to, out),
            (Val::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(to, out),
            (Val::Int(value), &Type::INT2) => i16::try_from(*value)?.to_sql(to, out),
            (Val::Text(text), _) if <&str as ToSql>::accepts(to) => {
                if text.contains('\0') {
                    return Err("a text may not hold the character U+0000".into());
                }
                text.as_str().to_sql(to, out)
            }
            (Val::Uuid(value), &Type::UUID) => value.to_sql(to, out),
            (Val::Uuid(value), &Type::BYTEA) => value.as_bytes().as_slice().to_sql(to, out),
            (Val::Blob(bytes), &Type::BYTEA) => bytes.as_slice().to_sql(to, out),
            (Val::Blob(bytes), &Type::UUID) => uuid::Uuid::from_slice(bytes)?.to_sql(to, out),
            _ => Err(format!("{self:?} does not fit where {to} is needed").into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    tokio_postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Val {
    fn from_sql(from: &Type, raw: &'a [u8]) -> Result<Val, Boxed> {
        Ok(match *from {
            Type::INT8 => Val::Int(i64::from_sql(from, raw)?),
            Type::INT4 => Val::Int(i32::from_sql(from, raw)?.into()),
            Type::INT2 => Val::Int(i16::from_sql(from, raw)?.into()),
            Type::BOOL => Val::Int(bool::from_sql(from, raw)?.into()),
            Type::UUID => Val::Uuid(uuid::Uuid::from_sql(from, raw)?),
            Type::BYTEA => Val::Blob(raw.to_vec()),
            Type::VOID => Val::Null,
            _ => Val::Text(String::from_sql(from, raw)?),
        })
    }
    fn from_sql_null(_: &Type) -> Result<Val, Boxed> {
        Ok(Val::Null)
    }
    fn accepts(from: &Type) -> bool {
        matches!(
            *from,
            Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL | Type::UUID | Type::BYTEA | Type::VOID
        ) || <String as FromSql>::accepts(from)
    }
}

fn fault(error: &tokio_postgres::Error) -> StoreError {
    let Some(db) = error.as_db_error() else {
        let line = error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>());
        if line {
            return StoreError::Closed;
        }
        // The reason alone: the library's own words before it only say which side of the line it was.
        return StoreError::Db(
            error
                .source()
                .map_or_else(|| error.to_string(), ToString::to_string),
        );
    };
    match *db.code() {
        SqlState::UNIQUE_VIOLATION => StoreError::Unique(taken(db)),
        SqlState::FOREIGN_KEY_VIOLATION => StoreError::Reference,
        SqlState::CHECK_VIOLATION => StoreError::Check(db.constraint().unwrap_or_default().to_owned()),
        SqlState::NOT_NULL_VIOLATION => {
            let (table, column) = (db.table().unwrap_or_default(), db.column().unwrap_or_default());
            StoreError::Check(format!("{table}.{column}"))
        }
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => StoreError::Conflict,
        SqlState::FEATURE_NOT_SUPPORTED if db.message().contains("cached plan") => StoreError::Conflict,
        SqlState::QUERY_CANCELED => StoreError::TooSlow,
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::TOO_MANY_CONNECTIONS => StoreError::Closed,
        _ => StoreError::Db(format!("{}: {}", db.code().code(), db.message())),
    }
}

/// The same words SQLite's refusal gives: from `Key (office, number)=(…)` only what stands in the first brackets,
/// never the values; the index's name where it is one over an expression.
fn taken(db: &tokio_postgres::error::DbError) -> String {
    let columns = db
        .detail()
        .and_then(|detail| detail.split_once('(')?.1.split_once(")="))
        .map(|found| found.0);
    match (db.table(), columns) {
        (Some(table), Some(columns)) if !columns.contains(['(', ':']) => format!("{table}({columns})"),
        _ => db.constraint().unwrap_or_default().to_owned(),
    }
}
