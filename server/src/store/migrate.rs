use super::{Dialect, StoreError, Tx};
use crate::vals;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// One step of the schema. Once released its text never changes: the store keeps a hash of it.
///
/// `{ID}` stands for the type of an id, `{BLOB}` for bytes; everything else is `TEXT` and `BIGINT`. Constraints are
/// checked at once, never `DEFERRABLE`: many transactions may share one commit.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its place in the order. Numbers below 10 are the store's own.
    pub number: u32,
    /// What it brings, for people.
    pub name: &'static str,
    /// The statements for SQLite.
    pub sqlite: &'static str,
    /// The statements for PostgreSQL.
    pub postgres: &'static str,
}

impl Migration {
    /// A step with the same text on both engines.
    pub const fn both(number: u32, name: &'static str, sql: &'static str) -> Migration {
        Migration {
            number,
            name,
            sqlite: sql,
            postgres: sql,
        }
    }

    fn text(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::Sqlite => self.sqlite.replace("{ID}", "BLOB").replace("{BLOB}", "BLOB"),
            Dialect::Postgres => self.postgres.replace("{ID}", "uuid").replace("{BLOB}", "bytea"),
        }
    }
}

/// Applies what is missing, all of it or nothing, and says how many steps that were.
pub(crate) fn run(tx: &mut Tx, steps: &[Migration], now: Timestamp) -> Result<usize, StoreError> {
    let mut steps: Vec<&Migration> = steps.iter().collect();
    steps.sort_by_key(|step| step.number);
    if let Some(pair) = steps.windows(2).find(|pair| pair[0].number == pair[1].number) {
        let what = format!("is there twice: “{}” and “{}”", pair[0].name, pair[1].name);
        return Err(StoreError::Migration {
            number: pair[0].number,
            what,
        });
    }
    let dialect = tx.dialect();
    if dialect == Dialect::Postgres {
        // Servers that start at the same time wait for each other here. (SQLite has one writer.)
        tx.query("SELECT pg_advisory_xact_lock(7238461092)", &[])?;
    }
    tx.batch(
        "CREATE TABLE IF NOT EXISTS migration (
            number BIGINT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, applied_at BIGINT NOT NULL
        )",
    )?;
    let known = steps.last().map_or(0, |step| step.number);
    let mut applied = Vec::new();
    for row in tx.query("SELECT number, hash FROM migration ORDER BY number", &[])? {
        applied.push((row.get::<u32>(0)?, row.get::<String>(1)?));
    }
    if let Some((found, _)) = applied
        .iter()
        .find(|(number, _)| steps.iter().all(|step| step.number != *number))
    {
        return Err(StoreError::NewerSchema { found: *found, known });
    }
    let mut done = 0;
    for step in steps {
        let text = step.text(dialect);
        let hash: String = Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        match applied.iter().find(|(number, _)| *number == step.number) {
            Some((_, before)) if *before == hash => continue,
            Some(_) => {
                let what = "has another text than the one this database was made with".to_owned();
                return Err(StoreError::Migration {
                    number: step.number,
                    what,
                });
            }
            None => {}
        }
        tx.batch(&text).map_err(|error| StoreError::Migration {
            number: step.number,
            what: format!("(“{}”) failed: {error}", step.name),
        })?;
        tx.exec(
            "INSERT INTO migration (number, name, hash, applied_at) VALUES ($1, $2, $3, $4)",
            vals![step.number, step.name, &hash, now],
        )?;
        done += 1;
    }
    Ok(done)
}
