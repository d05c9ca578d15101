//! The SQL of imports.

use super::sheet::{Doubt, Line};
use crate::{
    access::Scope,
    offices::Offices,
    problem::Error,
    store::{Row, Tx, Val, insert_many},
    users, vals,
};
use karton_api::{
    Id, Timestamp,
    imports::{Finding, ImportKind, ImportRows, ImportState, ImportView},
    value::{Import, Office, Officer, Person},
};
use karton_rules::pack::Pack;
use std::{collections::HashMap, sync::Arc};

/// An import as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) id: Id<Import>,
    pub(super) revision: i64,
    pub(super) office: Id<Office>,
    pub(super) kind: ImportKind,
    pub(super) state: ImportState,
    pub(super) file: String,
    pub(super) format: String,
    pub(super) encoding: Option<String>,
    pub(super) hash: String,
    pub(super) bytes: i64,
    pub(super) headings: Vec<String>,
    pub(super) problem: Option<String>,
    pub(super) brought_by: Option<Id<Officer>>,
    pub(super) brought_at: Timestamp,
    pub(super) accepted_by: Option<Id<Officer>>,
    pub(super) accepted_at: Option<Timestamp>,
    pub(super) also_alike: bool,
    pub(super) ended_at: Option<Timestamp>,
}

const KINDS: [(ImportKind, &str); 2] = [(ImportKind::Persons, "persons"), (ImportKind::Awards, "awards")];
const STATES: [(ImportState, &str); 7] = [
    (ImportState::Received, "received"),
    (ImportState::Checking, "checking"),
    (ImportState::Checked, "checked"),
    (ImportState::Applying, "applying"),
    (ImportState::Applied, "applied"),
    (ImportState::Refused, "refused"),
    (ImportState::Withdrawn, "withdrawn"),
];

fn name<T: PartialEq>(names: &[(T, &'static str)], value: &T) -> &'static str {
    names
        .iter()
        .find(|(known, _)| known == value)
        .map_or("", |(_, name)| name)
}
fn named<T: Copy>(names: &[(T, &'static str)], name: &str) -> Result<T, Error> {
    let found = names.iter().find(|(_, known)| *known == name);
    found
        .map(|(value, _)| *value)
        .ok_or_else(|| Error::fault(format!("an import cannot be `{name}`")))
}

const COLUMNS: &str = "i.id, i.revision, i.office, i.kind, i.state, i.file, i.format, i.encoding, i.hash, i.bytes, i.headings, i.problem, \
     i.brought_by, i.brought_at, i.accepted_by, i.accepted_at, i.also_alike, i.ended_at";

fn read(row: &Row) -> Result<Stored, Error> {
    Ok(Stored {
        id: row.get(0)?,
        revision: row.get(1)?,
        office: row.get(2)?,
        kind: named(&KINDS, &row.get::<String>(3)?)?,
        state: named(&STATES, &row.get::<String>(4)?)?,
        file: row.get(5)?,
        format: row.get(6)?,
        encoding: row.get(7)?,
        hash: row.get(8)?,
        bytes: row.get(9)?,
        headings: serde_json::from_str(&row.get::<String>(10)?).map_err(Error::fault)?,
        problem: row.get(11)?,
        brought_by: row.get(12)?,
        brought_at: row.get(13)?,
        accepted_by: row.get(14)?,
        accepted_at: row.get(15)?,
        also_alike: row.get(16)?,
        ended_at: row.get(17)?,
    })
}

pub(super) fn load(tx: &mut Tx, id: Id<Import>) -> Result<Stored, Error> {
    let row = tx.opt(
        &format!("SELECT {COLUMNS} FROM import i WHERE i.id = $1"),
        vals![id],
    )?;
    read(&row.ok_or(Error::Missing)?)
}

/// An import of an office within the scope.
pub(super) fn within(tx: &mut Tx, scope: &Scope, id: Id<Import>) -> Result<Stored, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM import i JOIN office_tree t ON t.office = i.office AND t.ancestor = $1 WHERE i.id = $2"
    );
    read(&tx.opt(&sql, vals![scope.val(), id])?.ok_or(Error::Missing)?)
}

/// Place of an import in the list, the newest first.
pub(super) type Key = (i64, Id<Import>);

pub(super) fn list(
    tx: &mut Tx,
    scope: &Scope,
    before: Option<Key>,
    limit: usize,
) -> Result<Vec<Stored>, Error> {
    let (at, id) = before.unwrap_or((i64::MAX, Id::from_uuid(uuid::Uuid::max())));
    let sql = format!(
        "SELECT {COLUMNS} FROM import i JOIN office_tree t ON t.office = i.office AND t.ancestor = $1
         WHERE (i.brought_at, i.id) < ($2, $3) ORDER BY i.brought_at DESC, i.id DESC LIMIT $4"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    tx.query(&sql, vals![scope.val(), at, id, limit])?
        .iter()
        .map(read)
        .collect()
}

pub(super) fn insert(tx: &mut Tx, it: &Stored, content: &[u8]) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO import (id, revision, office, kind, state, file, format, encoding, hash, bytes, headings, brought_by, brought_at, also_alike)
         VALUES ($1, 1, $2, $3, 'received', $4, $5, $6, $7, $8, '[]', $9, $10, 0)",
        vals![
            it.id,
            it.office,
            name(&KINDS, &it.kind),
            &it.file,
            &it.format,
            it.encoding.clone(),
            &it.hash,
            it.bytes,
            it.brought_by,
            it.brought_at
        ],
    )?;
    tx.exec(
        "INSERT INTO import_file (import, content) VALUES ($1, $2)",
        vals![it.id, content],
    )?;
    Ok(())
}

/// Moves an import on; what is not given stays. Answers whether its revision was still the one that was read.
pub(super) fn update(tx: &mut Tx, it: &Stored) -> Result<bool, Error> {
    let headings = serde_json::to_string(&it.headings).map_err(Error::fault)?;
    let changed = tx.exec(
        "UPDATE import SET revision = revision + 1, state = $3, encoding = $4, headings = $5, problem = $6, accepted_by = $7,
            accepted_at = $8, also_alike = $9, ended_at = $10 WHERE id = $1 AND revision = $2",
        vals![
            it.id,
            it.revision,
            name(&STATES, &it.state),
            it.encoding.clone(),
            headings,
            it.problem.clone(),
            it.accepted_by,
            it.accepted_at,
            it.also_alike,
            it.ended_at
        ],
    )?;
    Ok(changed == 1)
}

/// The file itself, as long as it has not been read.
pub(super) fn content(tx: &mut Tx, id: Id<Import>) -> Result<Option<Vec<u8>>, Error> {
    let row = tx.opt("SELECT content FROM import_file WHERE import = $1", vals![id])?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// Forgets the file.
pub(super) fn drop_file(tx: &mut Tx, id: Id<Import>) -> Result<(), Error> {
    tx.exec("DELETE FROM import_file WHERE import = $1", vals![id])?;
    Ok(())
}

/// Forgets what the rows say, of an import that will never be applied.
pub(super) fn drop_rows(tx: &mut Tx, id: Id<Import>) -> Result<(), Error> {
    tx.exec("DELETE FROM import_finding WHERE import = $1", vals![id])?;
    tx.exec("DELETE FROM import_row WHERE import = $1", vals![id])?;
    Ok(())
}

const DOUBTS: [(Doubt, &str); 4] = [
    (Doubt::Formula, "formula"),
    (Doubt::Long, "long"),
    (Doubt::Control, "control"),
    (Doubt::Error, "error"),
];

/// A row's values for [`insert_rows`], as texts.
pub(super) fn packed(line: &Line) -> Result<(i64, String, String), Error> {
    let doubts: Vec<(usize, &str)> = line
        .doubts
        .iter()
        .map(|(place, doubt)| (*place, name(&DOUBTS, doubt)))
        .collect();
    Ok((
        line.number.into(),
        serde_json::to_string(&line.cells).map_err(Error::fault)?,
        serde_json::to_string(&doubts).map_err(Error::fault)?,
    ))
}

/// Writes rows as they were read. A row that is there stays: reading was begun again.
pub(super) fn insert_rows(tx: &mut Tx, id: Id<Import>, rows: &[(i64, String, String)]) -> Result<(), Error> {
    let values = rows.iter().flat_map(|(line, cells, doubts)| -> [Val; 5] {
        [
            id.into(),
            (*line).into(),
            cells.into(),
            doubts.into(),
            "read".into(),
        ]
    });
    insert_many(
        tx,
        "INSERT INTO import_row (import, line, cells, doubts, state)",
        5,
        values.collect(),
        "ON CONFLICT (import, line) DO NOTHING",
    )?;
    Ok(())
}

/// Rows in a state, after a line.
pub(super) fn rows(tx: &mut Tx, id: Id<Import>, state: &str, limit: i64) -> Result<Vec<Line>, Error> {
    let rows = tx.query(
        "SELECT line, cells, doubts FROM import_row WHERE import = $1 AND state = $2 ORDER BY line LIMIT $3",
        vals![id, state, limit],
    )?;
    rows.iter().map(line).collect()
}

fn line(row: &Row) -> Result<Line, Error> {
    let doubts: Vec<(usize, String)> = serde_json::from_str(&row.get::<String>(2)?).map_err(Error::fault)?;
    let known = |(place, doubt): (usize, String)| Some((place, named(&DOUBTS, &doubt).ok()?));
    Ok(Line {
        number: row.get(0)?,
        cells: serde_json::from_str(&row.get::<String>(1)?).map_err(Error::fault)?,
        doubts: doubts.into_iter().filter_map(known).collect(),
    })
}

/// So many numbers stand in one list of a statement.
const AT_ONCE: usize = 32;

/// The first row of each of these numbers.
pub(super) fn first_rows(
    tx: &mut Tx,
    id: Id<Import>,
    numbers: &[&str],
) -> Result<HashMap<String, i64>, Error> {
    let mut first = HashMap::new();
    for some in numbers.chunks(AT_ONCE) {
        let places: Vec<String> = (2..some.len() + 2).map(|place| format!("${place}")).collect();
        let sql = format!(
            "SELECT number, min(line) FROM import_row WHERE import = $1 AND number IN ({}) GROUP BY number",
            places.join(", ")
        );
        let mut values: Vec<Val> = vec![id.into()];
        values.extend(some.iter().map(|number| Val::from(*number)));
        for row in tx.query(&sql, &values)? {
            first.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(first)
}

/// What became of a row.
pub(super) struct Outcome {
    pub(super) line: u32,
    pub(super) state: &'static str,
    pub(super) number: Option<String>,
    pub(super) household: Option<String>,
    pub(super) person: Option<Id<Person>>,
    pub(super) findings: Vec<Finding>,
}

/// Keeps what became of rows that are there, and what is the matter with them.
pub(super) fn settle(tx: &mut Tx, id: Id<Import>, outcomes: &[Outcome]) -> Result<(), Error> {
    // Many rows in few statements: each of them is there, so nothing is inserted and what a row said stays.
    let values = outcomes.iter().flat_map(|outcome| -> [Val; 8] {
        [
            id.into(),
            outcome.line.into(),
            "".into(),
            "".into(),
            outcome.state.into(),
            outcome.number.clone().into(),
            outcome.household.clone().into(),
            outcome.person.into(),
        ]
    });
    insert_many(
        tx,
        "INSERT INTO import_row (import, line, cells, doubts, state, number, household, person)",
        8,
        values.collect(),
        "ON CONFLICT (import, line) DO UPDATE SET state = excluded.state, number = coalesce(excluded.number, import_row.number),
            household = coalesce(excluded.household, import_row.household), person = coalesce(excluded.person, import_row.person)",
    )?;
    for outcome in outcomes {
        findings(tx, id, &outcome.findings)?;
    }
    Ok(())
}

/// Adds findings to those a row has.
pub(super) fn findings(tx: &mut Tx, id: Id<Import>, found: &[Finding]) -> Result<(), Error> {
    for finding in found {
        let place: i64 = tx
            .one(
                "SELECT coalesce(max(place), -1) + 1 FROM import_finding WHERE import = $1 AND line = $2",
                vals![id, finding.row],
            )?
            .get(0)?;
        tx.exec(
            "INSERT INTO import_finding (import, line, place, heading, code, message) VALUES ($1, $2, $3, $4, $5, $6)",
            vals![id, finding.row, place, &finding.column, &finding.code, &finding.message],
        )?;
    }
    Ok(())
}

/// Place of a finding in the report.
pub(super) type Place = (i64, i64);

/// The report, after a place.
pub(super) fn report(
    tx: &mut Tx,
    id: Id<Import>,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<(Place, Finding)>, Error> {
    let (line, place) = after.unwrap_or((-1, -1));
    let rows = tx.query(
        "SELECT line, place, heading, code, message FROM import_finding WHERE import = $1 AND (line, place) > ($2, $3)
         ORDER BY line, place LIMIT $4",
        vals![id, line, place, i64::try_from(limit).unwrap_or(i64::MAX)],
    )?;
    rows.iter()
        .map(|row| {
            let finding = Finding {
                row: row.get(0)?,
                column: row.get(2)?,
                code: row.get(3)?,
                message: row.get(4)?,
            };
            Ok(((row.get(0)?, row.get(1)?), finding))
        })
        .collect()
}

/// Rows that say that they were alike become good.
pub(super) fn take_alike(tx: &mut Tx, id: Id<Import>) -> Result<u64, Error> {
    let sql = "UPDATE import_row SET state = 'good' WHERE import = $1 AND state = 'alike'";
    Ok(tx.exec(sql, vals![id])?)
}

/// A household of a file, and its rows with whom they became.
type Household = (String, Vec<(Line, Id<Person>)>);

/// The next households of a file after one, each with the rows that became somebody.
pub(super) fn households(
    tx: &mut Tx,
    id: Id<Import>,
    after: &str,
    limit: i64,
) -> Result<Vec<Household>, Error> {
    let names = tx.query(
        "SELECT DISTINCT household FROM import_row WHERE import = $1 AND household > $2 ORDER BY household LIMIT $3",
        vals![id, after, limit],
    )?;
    let mut all = Vec::new();
    for name in names {
        let name: String = name.get(0)?;
        let rows = tx.query(
            "SELECT line, cells, doubts, person FROM import_row WHERE import = $1 AND household = $2 AND person IS NOT NULL
             ORDER BY line LIMIT 200",
            vals![id, &name],
        )?;
        let members = rows.iter().map(|row| Ok((line(row)?, row.get(3)?)));
        all.push((name, members.collect::<Result<_, Error>>()?));
    }
    Ok(all)
}

/// Rows by what is known of them.
pub(super) fn counts(tx: &mut Tx, id: Id<Import>) -> Result<ImportRows, Error> {
    let mut rows = ImportRows::default();
    for row in tx.query(
        "SELECT state, count(*) FROM import_row WHERE import = $1 GROUP BY state",
        vals![id],
    )? {
        let count: i64 = row.get(1)?;
        rows.all += count;
        match row.get::<String>(0)?.as_str() {
            "read" => rows.unchecked = count,
            "good" => rows.good = count,
            "wrong" => rows.wrong = count,
            "alike" => rows.alike = count,
            "known" => rows.known = count,
            "applied" => rows.applied = count,
            _ => rows.left_out = count,
        }
    }
    Ok(rows)
}

/// The pack, which understands the headings, and the offices.
pub(super) type Known = (Arc<Pack>, Offices);

/// An import as it travels.
pub(super) fn view(tx: &mut Tx, (pack, offices): &Known, it: &Stored) -> Result<ImportView, Error> {
    let ignored = super::columns::Columns::read(&pack.imports, it.kind, &it.headings)
        .map(|columns| columns.ignored())
        .unwrap_or_default();
    Ok(ImportView {
        id: it.id,
        revision: it.revision,
        kind: it.kind,
        state: it.state,
        office: offices.to_ref(it.office),
        file: it.file.clone(),
        format: it.format.clone(),
        encoding: it.encoding.clone(),
        hash: it.hash.clone(),
        bytes: it.bytes,
        ignored,
        rows: counts(tx, it.id)?,
        problem: it.problem.clone(),
        brought_by: users::officer_ref(tx, it.brought_by)?,
        brought_at: it.brought_at,
        accepted_by: match it.accepted_by {
            None => None,
            some => Some(users::officer_ref(tx, some)?),
        },
        accepted_at: it.accepted_at,
        ended_at: it.ended_at,
    })
}
