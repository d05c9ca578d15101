//! SQLite: one writer that commits whatever is queued together, and readers beside it.

use super::{StoreError, Tx, Val, tx::Engine, value::Row};
use rusqlite::{
    CachedStatement, Connection, ErrorCode, OpenFlags, config::DbConfig, ffi, types::ToSqlOutput,
    types::ValueRef,
};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// The second half of a job: hears how the commit went and answers whoever waits.
pub(super) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// The first half: runs in its savepoint.
pub(super) type Job = Box<dyn FnOnce(&mut Tx) -> Answer + Send>;

/// So many jobs share one commit at most,
const GROUP: usize = 256;
/// and no job is taken into a group that has lasted as long as this.
const GROUP_LASTS: Duration = Duration::from_millis(50);
/// Readers kept open while nobody reads: to open one costs as much as many reads.
const READERS_KEPT: usize = 64;

pub(super) struct Lite {
    path: PathBuf,
    writer: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Tx>>,
    _temporary: Option<tempfile::TempDir>,
}

impl Lite {
    pub(super) fn open(path: &Path) -> Result<Lite, StoreError> {
        Lite::start(path.to_owned(), None)
    }

    /// Readers alone: the file is not made, and what is queued for a writer is dropped, which whoever waits hears as a closed store.
    pub(super) fn open_to_read(path: &Path) -> Result<Lite, StoreError> {
        let lite = Lite {
            path: path.to_owned(),
            writer: None,
            thread: None,
            readers: Mutex::default(),
            _temporary: None,
        };
        lite.read(|_| ())?;
        Ok(lite)
    }

    pub(super) fn temporary() -> Result<Lite, StoreError> {
        let folder = tempfile::Builder::new()
            .prefix("karton-")
            .tempdir()
            .map_err(cannot_open)?;
        Lite::start(folder.path().join("store.db"), Some(folder))
    }

    fn start(path: PathBuf, temporary: Option<tempfile::TempDir>) -> Result<Lite, StoreError> {
        make_private(&path).map_err(cannot_open)?;
        let connection = connect(
            &path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )?;
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
            .map_err(fault)?;
        let (writer, jobs) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || write(&jobs, &mut Tx::new(Engine::Lite(connection))))
            .map_err(cannot_open)?;
        Ok(Lite {
            path,
            writer: Some(writer),
            thread: Some(thread),
            readers: Mutex::default(),
            _temporary: temporary,
        })
    }

    /// Queues a job for the writer. A job that cannot be queued is dropped, and with it whoever would answer.
    pub(super) fn queue(&self, job: Job) {
        if let Some(writer) = &self.writer {
            let _ = writer.send(job);
        }
    }

    /// Carries everything that was committed from the log into the file, and leaves the log empty; only as far as nobody still reads from it.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        batch(&connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Runs `work` on a reader, inside one snapshot.
    pub(super) fn read<T>(&self, work: impl FnOnce(&mut Tx) -> T) -> Result<T, StoreError> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match kept {
            Some(reader) => reader,
            None => {
                let connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                Tx::new(Engine::Lite(connection))
            }
        };
        reader.fresh();
        reader.control("BEGIN DEFERRED")?;
        let value = work(&mut reader);
        reader.control("COMMIT")?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
        Ok(value)
    }
}

impl Drop for Lite {
    fn drop(&mut self) {
        self.writer = None;
        // What is queued is still written. The writer itself may hold the last handle, and must not wait for itself.
        if let Some(thread) = self
            .thread
            .take()
            .filter(|it| it.thread().id() != thread::current().id())
        {
            let _ = thread.join();
        }
    }
}

/// The writer's life: take what is queued, one savepoint each, one commit for all, and only then the answers.
fn write(jobs: &mpsc::Receiver<Job>, tx: &mut Tx) {
    while let Ok(first) = jobs.recv() {
        let began = tx.control("BEGIN IMMEDIATE");
        if let Err(error) = began {
            // Nothing can be written now: the job hears it without having run on an open transaction.
            first(&mut Tx::shut(error.clone()))(Err(error));
            continue;
        }
        let since = Instant::now();
        let mut answers = vec![first(tx)];
        while answers.len() < GROUP && since.elapsed() < GROUP_LASTS && tx.in_transaction() {
            let Ok(job) = jobs.try_recv() else { break };
            answers.push(job(tx));
        }
        metrics::histogram!("karton_store_group_writes").record(answers.len() as f64);
        let committing = Instant::now();
        // A full disk or a read error ends the whole transaction inside a job; then nobody's work was kept.
        let committed = if tx.in_transaction() {
            tx.control("COMMIT")
        } else {
            Err(StoreError::Db(
                "the transaction was broken off by the engine".into(),
            ))
        };
        if committed.is_err() && tx.in_transaction() {
            let _ = tx.control("ROLLBACK");
        }
        metrics::histogram!("karton_store_commit_seconds").record(committing.elapsed());
        for answer in answers {
            answer(committed.clone());
        }
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(256);
    // Otherwise a statement whose plan might depend on its values is prepared anew for every one of them, which takes longer than to run it.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(fault)?;
    connection
        .execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;")
        .map_err(fault)?;
    Ok(connection)
}

/// A store holds what nobody else on the machine may read; SQLite gives its other files the same mode.
fn make_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn cannot_open(error: std::io::Error) -> StoreError {
    StoreError::Db(format!("the store cannot be opened: {error}"))
}

pub(super) fn query(connection: &Connection, sql: &str, values: &[Val]) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    bind(&mut statement, values)?;
    let width = statement.column_count();
    let mut answer = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = answer.next().map_err(fault)? {
        let mut values = Vec::with_capacity(width);
        for column in 0..width {
            values.push(read(row.get_ref(column).map_err(fault)?)?);
        }
        rows.push(Row(values));
    }
    Ok(rows)
}

pub(super) fn exec(connection: &Connection, sql: &str, values: &[Val]) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    bind(&mut statement, values)?;
    statement
        .raw_execute()
        .map(|changed| changed as u64)
        .map_err(fault)
}

pub(super) fn batch(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.execute_batch(sql).map_err(fault)
}

/// `$2` is a name to SQLite, numbered by its first appearance: the value is chosen by the digits in the name.
fn bind(statement: &mut CachedStatement<'_>, values: &[Val]) -> Result<(), StoreError> {
    let mut highest = 0;
    for index in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(index)
            .and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let number = number.ok_or_else(|| StoreError::Db("arguments are written $1, $2 …".into()))?;
        let value = number.checked_sub(1).and_then(|place| values.get(place));
        let value = value.ok_or_else(|| StoreError::Db(format!("there is no value for ${number}")))?;
        statement.raw_bind_parameter(index, value).map_err(fault)?;
        highest = highest.max(number);
    }
    if highest == values.len() {
        return Ok(());
    }
    // The other engine refuses this too.
    Err(StoreError::Db(format!(
        "{} values were given for {highest} arguments",
        values.len()
    )))
}

impl rusqlite::ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Val::Null => ValueRef::Null,
            Val::Int(value) => ValueRef::Integer(*value),
            Val::Text(text) => ValueRef::Text(text.as_bytes()),
            Val::Uuid(value) => ValueRef::Blob(value.as_bytes()),
            Val::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn read(value: ValueRef<'_>) -> Result<Val, StoreError> {
    Ok(match value {
        ValueRef::Null => Val::Null,
        ValueRef::Integer(value) => Val::Int(value),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|_| StoreError::Db("a text is not UTF-8".into()))?;
            Val::Text(text.to_owned())
        }
        ValueRef::Blob(bytes) => match <[u8; 16]>::try_from(bytes) {
            Ok(bytes) => Val::Uuid(uuid::Uuid::from_bytes(bytes)),
            Err(_) => Val::Blob(bytes.to_vec()),
        },
        ValueRef::Real(_) => return Err(StoreError::Db("a column holds a floating point number".into())),
    })
}

fn fault(error: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return StoreError::Db(error.to_string());
    };
    let message = message.as_deref().unwrap_or_default();
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            StoreError::Unique(taken(message))
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::Reference,
        ffi::SQLITE_CONSTRAINT_CHECK | ffi::SQLITE_CONSTRAINT_NOTNULL => {
            StoreError::Check(message.rsplit(": ").next().unwrap_or_default().to_owned())
        }
        _ if matches!(code.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Conflict,
        _ => StoreError::Db(if message.is_empty() {
            code.to_string()
        } else {
            message.to_owned()
        }),
    }
}

/// From `UNIQUE constraint failed: person.office, person.number` to `person(office, number)`.
fn taken(message: &str) -> String {
    let names = message.rsplit("failed: ").next().unwrap_or_default();
    if let Some(index) = names.strip_prefix("index ") {
        return index.trim_matches('\'').to_owned();
    }
    let table = names.split('.').next().unwrap_or_default();
    let columns: Vec<&str> = names
        .split(", ")
        .map(|name| name.rsplit('.').next().unwrap_or(name))
        .collect();
    format!("{table}({})", columns.join(", "))
}
