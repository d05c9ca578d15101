use super::{Dialect, Row, StoreError, Val, lite, pg};

/// A transaction, and all that a closure may do with it.
///
/// Statements are written once for both engines: `$1` placeholders bound by their number, `TEXT` and `BIGINT`
/// columns, `INSERT … ON CONFLICT`, `RETURNING`, row values, `LIMIT $n`, and `cast(sum(x) AS bigint)`.
/// After a statement has failed the transaction is over: further statements answer [`StoreError::Aborted`] and
/// nothing is written, whatever the closure returns. Use `ON CONFLICT` where a clash is expected.
pub struct Tx {
    pub(super) engine: Engine,
    /// Why this run cannot be committed.
    pub(super) failed: Option<StoreError>,
    /// A job was posted: the runner is woken after the commit.
    pub(super) posted: bool,
}

pub(super) enum Engine {
    Lite(rusqlite::Connection),
    Pg(Box<pg::Session>),
    /// No transaction could be opened.
    Shut(StoreError),
}

impl Tx {
    pub(super) fn new(engine: Engine) -> Tx {
        Tx {
            engine,
            failed: None,
            posted: false,
        }
    }

    pub(super) fn shut(error: StoreError) -> Tx {
        Tx {
            engine: Engine::Shut(error.clone()),
            failed: Some(error),
            posted: false,
        }
    }

    /// Forgets the run before.
    pub(super) fn fresh(&mut self) {
        self.failed = None;
        self.posted = false;
    }

    /// All rows of a query.
    pub fn query(&mut self, sql: &str, values: &[Val]) -> Result<Vec<Row>, StoreError> {
        self.run(|engine| match engine {
            Engine::Lite(connection) => lite::query(connection, sql, values),
            Engine::Pg(session) => session.query(sql, values),
            Engine::Shut(error) => Err(error.clone()),
        })
    }

    /// The row of a query that has at most one. More are refused with [`StoreError::NotOne`].
    pub fn opt(&mut self, sql: &str, values: &[Val]) -> Result<Option<Row>, StoreError> {
        let mut rows = self.query(sql, values)?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            many => Err(StoreError::NotOne(many)),
        }
    }

    /// The row of a query that has exactly one; [`StoreError::NotOne`] otherwise.
    pub fn one(&mut self, sql: &str, values: &[Val]) -> Result<Row, StoreError> {
        self.opt(sql, values)?.ok_or(StoreError::NotOne(0))
    }

    /// Runs a statement that answers no rows, and says how many it changed.
    pub fn exec(&mut self, sql: &str, values: &[Val]) -> Result<u64, StoreError> {
        self.run(|engine| match engine {
            Engine::Lite(connection) => lite::exec(connection, sql, values),
            Engine::Pg(session) => session.exec(sql, values),
            Engine::Shut(error) => Err(error.clone()),
        })
    }

    /// Keeps a row from others until the commit, where a decision rests on several rows that others may be changing at the same moment. On
    /// SQLite there is one writer anyway. Rows of one table are held in the order of their ids, so that nobody waits in a circle.
    pub fn hold(&mut self, table: &'static str, id: impl Into<Val>) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Postgres {
            self.query(
                &format!("SELECT 1 FROM {table} WHERE id = $1 FOR UPDATE"),
                &[id.into()],
            )?;
        }
        Ok(())
    }

    /// Several statements without values: the text of a migration.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.run(|engine| match engine {
            Engine::Lite(connection) => lite::batch(connection, sql),
            Engine::Pg(session) => session.batch(sql),
            Engine::Shut(error) => Err(error.clone()),
        })
    }

    /// The engine's dialect, for the few places where two named queries stand side by side.
    pub fn dialect(&self) -> Dialect {
        match &self.engine {
            Engine::Lite(_) | Engine::Shut(_) => Dialect::Sqlite,
            Engine::Pg(_) => Dialect::Postgres,
        }
    }

    fn run<T>(&mut self, work: impl FnOnce(&mut Engine) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.failed.is_some() {
            return Err(StoreError::Aborted);
        }
        let answer = work(&mut self.engine);
        self.failed = answer.as_ref().err().cloned();
        answer
    }

    /// `BEGIN`, `SAVEPOINT` and their kin on SQLite, outside what a failed statement forbids.
    pub(super) fn control(&mut self, sql: &str) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Lite(connection) => lite::exec(connection, sql, &[]).map(drop),
            Engine::Pg(_) => Err(StoreError::Db(
                "sessions open and close their own transactions".into(),
            )),
            Engine::Shut(error) => Err(error.clone()),
        }
    }

    pub(super) fn in_transaction(&self) -> bool {
        matches!(&self.engine, Engine::Lite(connection) if !connection.is_autocommit())
    }
}
