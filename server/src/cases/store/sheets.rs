//! The SQL of filled forms.

use crate::{
    problem::Error,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    assessments::Answer,
    value::{Matter, Note, Officer},
};

/// A filled form.
#[derive(Debug, Clone)]
pub(in crate::cases) struct FilledSheet {
    pub(in crate::cases) id: Id<Note>,
    pub(in crate::cases) thing: Id<Note>,
    pub(in crate::cases) form: String,
    pub(in crate::cases) step: Option<String>,
    pub(in crate::cases) version: u32,
    pub(in crate::cases) on: Date,
    pub(in crate::cases) answers: Vec<Answer>,
    pub(in crate::cases) recorded_at: Timestamp,
    pub(in crate::cases) recorded_by: Id<Officer>,
}

pub(in crate::cases) fn insert_sheet(tx: &mut Tx, matter: Id<Matter>, it: &FilledSheet) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_sheet SET replaced_at = $2 WHERE thing = $1 AND replaced_at IS NULL",
        vals![it.thing, it.recorded_at],
    )?;
    tx.exec(
        "INSERT INTO case_sheet (id, thing, matter, form, step, version, on_day, answers, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![
            it.id,
            it.thing,
            matter,
            &it.form,
            it.step.clone(),
            it.version,
            it.on,
            serde_json::to_string(&it.answers).map_err(Error::fault)?,
            it.recorded_at,
            it.recorded_by
        ],
    )?;
    Ok(())
}

fn sheet(row: &Row) -> Result<FilledSheet, Error> {
    Ok(FilledSheet {
        id: row.get(0)?,
        thing: row.get(1)?,
        form: row.get(2)?,
        step: row.get(3)?,
        version: row.get(4)?,
        on: row.get(5)?,
        answers: serde_json::from_str(&row.get::<String>(6)?).map_err(Error::fault)?,
        recorded_at: row.get(7)?,
        recorded_by: row.get(8)?,
    })
}

const SHEET: &str = "id, thing, form, step, version, on_day, answers, recorded_at, recorded_by";

/// Filled forms, the newest version of each.
pub(in crate::cases) fn sheets(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<FilledSheet>, Error> {
    let sql = format!(
        "SELECT {SHEET} FROM case_sheet WHERE matter = $1 AND replaced_at IS NULL ORDER BY thing LIMIT 200"
    );
    tx.query(&sql, vals![matter])?.iter().map(sheet).collect()
}

/// Every version of every form, the newest first.
pub(in crate::cases) fn all_sheets(
    tx: &mut Tx,
    matter: Id<Matter>,
    before: Option<Id<Note>>,
    limit: usize,
) -> Result<Vec<FilledSheet>, Error> {
    let before = before.unwrap_or(Id::from_uuid(uuid::Uuid::max()));
    let sql =
        format!("SELECT {SHEET} FROM case_sheet WHERE matter = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    tx.query(&sql, vals![matter, before, i64::try_from(limit).unwrap_or(201)])?
        .iter()
        .map(sheet)
        .collect()
}
