//! What the store says about itself.

use crate::{
    backup,
    problem::Error,
    store::{Dialect, Row, Tx, jobs},
    vals,
};
use karton_api::{
    Id, Timestamp,
    administration::{BackupMade, DocumentSizes, JobCount, JobState, JobView, Relative, Sizes, TableSize},
    value::{self, Officer},
};

/// Rows beyond so many are estimated.
const COUNTED: i64 = 100_000;

/// Counts that make up the health of a house.
pub(super) struct Counts {
    pub(super) schema: u32,
    pub(super) officers: u64,
    pub(super) sessions: u64,
    pub(super) jobs: JobCount,
    pub(super) sealed_at: Option<Timestamp>,
    pub(super) backup: Option<BackupMade>,
}

/// All of them at an instant.
pub(super) fn counts(tx: &mut Tx, now: Timestamp, used_since: Timestamp) -> Result<Counts, Error> {
    let schema = tx
        .one("SELECT coalesce(max(number), 0) FROM migration", &[])?
        .get(0)?;
    let officers = tx
        .one("SELECT count(*) FROM officer WHERE disabled = 0", &[])?
        .get(0)?;
    let sessions = tx
        .one(
            "SELECT count(*) FROM session WHERE ended_at IS NULL AND ends_at > $1 AND used_at > $2",
            vals![now, used_since],
        )?
        .get(0)?;
    let there = jobs::count(tx)?;
    let sealed_at = tx.one("SELECT max(at) FROM audit_seal", &[])?.get(0)?;
    let backup = backup::last(tx)?.map(|made| BackupMade {
        at: made.at,
        bytes: made.bytes,
        rows: made.rows,
        hash: made.hash,
    });
    Ok(Counts {
        schema,
        officers,
        sessions,
        jobs: JobCount {
            waiting: there.waiting,
            running: there.running,
            failed: there.dead,
        },
        sealed_at,
        backup,
    })
}

/// The tables with their rows, the largest first.
pub(super) fn sizes(tx: &mut Tx) -> Result<Sizes, Error> {
    let sizes = match tx.dialect() {
        Dialect::Sqlite => sizes_of_file(tx)?,
        Dialect::Postgres => sizes_of_server(tx)?,
    };
    let kept = tx.one(
        "SELECT count(*), cast(coalesce(sum(size), 0) AS bigint) FROM stored_object WHERE leaving = 0",
        &[],
    )?;
    Ok(Sizes {
        documents: DocumentSizes {
            contents: kept.get(0)?,
            bytes: kept.get(1)?,
        },
        ..sizes
    })
}

fn sizes_of_file(tx: &mut Tx) -> Result<Sizes, Error> {
    let pages: i64 = tx.one("PRAGMA page_count", &[])?.get(0)?;
    let page: i64 = tx.one("PRAGMA page_size", &[])?.get(0)?;
    let names = tx.query(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        &[],
    )?;
    let mut tables = Vec::new();
    for row in names {
        let (table, without_rowid): (String, bool) = (row.get(0)?, row.get(1)?);
        let name = quoted(&table);
        let some = format!("SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT {COUNTED})");
        let mut rows: i64 = tx.one(&some, &[])?.get(0)?;
        let estimated = rows >= COUNTED;
        if estimated {
            // Rows are numbered as they are added: the highest number is near the count where few are ever removed.
            let all = match without_rowid {
                true => format!("SELECT count(*) FROM {name}"),
                false => format!("SELECT coalesce(max(rowid), 0) FROM {name}"),
            };
            rows = tx.one(&all, &[])?.get(0)?;
        }
        tables.push(TableSize {
            table,
            rows,
            estimated: estimated && !without_rowid,
            bytes: None,
        });
    }
    tables.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.table.cmp(&b.table)));
    Ok(Sizes {
        bytes: pages.saturating_mul(page),
        documents: DocumentSizes::default(),
        tables,
    })
}

fn sizes_of_server(tx: &mut Tx) -> Result<Sizes, Error> {
    let bytes = tx
        .one("SELECT pg_database_size(current_database())", &[])?
        .get(0)?;
    let names = tx.query(
        "SELECT c.relname::text, pg_total_relation_size(c.oid), c.reltuples::bigint FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY 2 DESC, 1",
        &[],
    )?;
    let mut tables = Vec::new();
    for row in names {
        let (table, guess): (String, i64) = (row.get(0)?, row.get(2)?);
        // What was never analysed has no guess, and is small or new.
        let estimated = guess >= COUNTED;
        let rows = match estimated {
            true => guess,
            false => {
                let some = format!(
                    "SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {COUNTED}) AS few",
                    quoted(&table)
                );
                tx.one(&some, &[])?.get(0)?
            }
        };
        tables.push(TableSize {
            table,
            rows,
            estimated: estimated || rows >= COUNTED,
            bytes: Some(row.get(1)?),
        });
    }
    Ok(Sizes {
        bytes,
        documents: DocumentSizes::default(),
        tables,
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Place of a job in the list: when it may next be taken, in microseconds since 1970, and its id.
pub(super) type Key = (i64, Id<value::Job>);

fn stored(state: JobState) -> &'static str {
    match state {
        JobState::Waiting => "waiting",
        JobState::Running => "running",
        JobState::Failed => "dead",
    }
}

fn job(row: &Row) -> Result<JobView, Error> {
    Ok(JobView {
        id: row.get(0)?,
        queue: row.get(1)?,
        state: match row.get::<String>(2)?.as_str() {
            "waiting" => JobState::Waiting,
            "running" => JobState::Running,
            _ => JobState::Failed,
        },
        run_at: row.get(3)?,
        tries: row.get(4)?,
        problem: row.get(5)?,
    })
}

const JOB: &str = "id, queue, state, run_at, tries, last_error";

/// Jobs in the order in which they may be taken, after a place.
pub(super) fn jobs(
    tx: &mut Tx,
    state: Option<JobState>,
    after: Option<Key>,
    limit: usize,
) -> Result<Vec<JobView>, Error> {
    let (at, id) = after.unwrap_or((i64::MIN, Id::from_uuid(uuid::Uuid::nil())));
    let sql = format!(
        "SELECT {JOB} FROM job WHERE ($1 = '' OR state = $1) AND (run_at, id) > ($2, $3) ORDER BY run_at, id LIMIT $4"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = tx.query(&sql, vals![state.map_or("", stored), at, id, limit])?;
    rows.iter().map(job).collect()
}

/// One job.
pub(super) fn job_of(tx: &mut Tx, id: Id<value::Job>) -> Result<JobView, Error> {
    let row = tx.opt(&format!("SELECT {JOB} FROM job WHERE id = $1"), vals![id])?;
    job(&row.ok_or(Error::Missing)?)
}

/// Dossiers an officer must not work on, by number.
pub(super) fn relatives(tx: &mut Tx, officer: Id<Officer>) -> Result<Vec<Relative>, Error> {
    let rows = tx.query(
        "SELECT p.dossier_number, k.kind FROM officer_person k JOIN person p ON p.id = k.person WHERE k.officer = $1
         ORDER BY p.dossier_number LIMIT 200",
        vals![officer],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Relative {
                dossier: row.get(0)?,
                own: row.get::<String>(1)? == "self",
            })
        })
        .collect()
}
