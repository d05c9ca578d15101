//! The SQL of matters and their steps.

use super::model::{Matter, Running, StepRun};
use crate::{
    access::Scope,
    clock::{day_after_1970, days_since_1970},
    packs::Packs,
    problem::Error,
    store::{Row, Tx},
    vals,
};
use karton_api::{Date, Id, applications::Pause, matters::StepState, value};
use karton_rules::pack::{Pack, Procedure};
use std::sync::Arc;

/// Stored for a step without a term: after every day there is.
const NO_TERM: i64 = 10_000_000;

pub(super) fn due_value(due: Option<Date>) -> i64 {
    due.map_or(NO_TERM, days_since_1970)
}
pub(super) fn due_of(value: i64) -> Option<Date> {
    day_after_1970(value)
}

pub(super) fn state_name(state: StepState) -> &'static str {
    match state {
        StepState::Open => "open",
        StepState::Started => "started",
        StepState::Done => "done",
        StepState::Dropped => "dropped",
    }
}
fn state_of(name: &str) -> Result<StepState, Error> {
    match name {
        "open" => Ok(StepState::Open),
        "started" => Ok(StepState::Started),
        "done" => Ok(StepState::Done),
        "dropped" => Ok(StepState::Dropped),
        other => Err(Error::fault(format!("a step cannot be `{other}`"))),
    }
}

const MATTER: &str = "m.id, m.revision, m.office, m.procedure, m.version, m.pack, m.person, m.benefit, m.number, m.begun_at, m.begun_on, \
     m.ended_at";

fn matter(row: &Row) -> Result<Matter, Error> {
    Ok(Matter {
        id: row.get(0)?,
        revision: row.get(1)?,
        office: row.get(2)?,
        procedure: row.get(3)?,
        version: row.get(4)?,
        pack: row.get(5)?,
        person: row.get(6)?,
        benefit: row.get(7)?,
        number: row.get(8)?,
        begun_at: row.get(9)?,
        begun_on: row.get(10)?,
        ended_at: row.get(11)?,
    })
}

/// The pack a matter began with.
pub fn pack_of(tx: &mut Tx, packs: &Packs, matter: &Matter) -> Result<Arc<Pack>, Error> {
    packs.version(tx, &matter.pack)
}

/// The procedure a matter runs on.
pub fn procedure_of<'p>(pack: &'p Pack, matter: &Matter) -> Result<&'p Procedure, Error> {
    pack.procedure(&matter.procedure)
        .filter(|procedure| procedure.version == matter.version)
        .ok_or_else(|| {
            Error::fault(format!(
                "the pack has no procedure `{}` {}",
                matter.procedure, matter.version
            ))
        })
}

/// A matter within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<value::Matter>) -> Result<Matter, Error> {
    let mut values = vec![scope.val(), id.into()];
    let seen = super::seen(scope, "m.id", &mut values);
    let sql = format!(
        "SELECT {MATTER} FROM matter m WHERE m.id = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = m.office) AND {seen}"
    );
    tx.opt(&sql, &values)?
        .map_or(Err(Error::Missing), |row| matter(&row))
}

/// The steps of a matter, in order of opening.
pub fn steps(tx: &mut Tx, id: Id<value::Matter>) -> Result<Vec<StepRun>, Error> {
    tx.query(
        "SELECT id, place, step, state, due_on, assigned_to, barred, opened_at, done_at, done_by, reason, office FROM step_run
         WHERE matter = $1 ORDER BY place",
        vals![id],
    )?
    .iter()
    .map(|row| {
        Ok(StepRun {
            id: row.get(0)?,
            place: row.get(1)?,
            step: row.get(2)?,
            state: state_of(&row.get::<String>(3)?)?,
            due_on: due_of(row.get(4)?),
            assigned_to: row.get(5)?,
            barred: row.get(6)?,
            opened_at: row.get(7)?,
            done_at: row.get(8)?,
            done_by: row.get(9)?,
            reason: row.get(10)?,
            office: row.get(11)?,
        })
    })
    .collect()
}

pub(super) fn insert(tx: &mut Tx, running: &Running<'_>) -> Result<(), Error> {
    let it = &running.matter;
    tx.exec(
        "INSERT INTO matter (id, revision, office, procedure, version, pack, person, benefit, number, begun_at, begun_on, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            it.id,
            it.revision,
            it.office,
            &it.procedure,
            it.version,
            &it.pack,
            it.person,
            it.benefit.clone(),
            it.number.clone(),
            it.begun_at,
            it.begun_on,
            it.ended_at
        ],
    )?;
    running.steps.iter().try_for_each(|run| put(tx, running, run))
}

/// Saves what a move changed. Two moves of one matter at the same time: the later one finds the revision gone.
pub(super) fn save(tx: &mut Tx, running: &Running<'_>, before: &[StepRun]) -> Result<(), Error> {
    let it = &running.matter;
    let changed = tx.exec(
        "UPDATE matter SET revision = revision + 1, ended_at = $3 WHERE id = $1 AND revision = $2",
        vals![it.id, it.revision, it.ended_at],
    )?;
    if changed == 0 {
        return Err(Error::Changed(it.revision + 1));
    }
    for run in &running.steps {
        if before.iter().all(|old| old != run) {
            put(tx, running, run)?;
        }
    }
    Ok(())
}

fn put(tx: &mut Tx, running: &Running<'_>, run: &StepRun) -> Result<(), Error> {
    let role = running
        .step(run)
        .map_or("clerk", |step| super::model::role_name(step.role));
    tx.exec(
        "INSERT INTO step_run (id, matter, office, place, step, role, state, due_on, assigned_to, barred, opened_at, done_at, done_by, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, assigned_to = excluded.assigned_to, barred = excluded.barred,
            due_on = excluded.due_on, done_at = excluded.done_at, done_by = excluded.done_by, reason = excluded.reason",
        vals![
            run.id,
            running.matter.id,
            run.office,
            run.place,
            &run.step,
            role,
            state_name(run.state),
            due_value(run.due_on),
            run.assigned_to,
            run.barred,
            run.opened_at,
            run.done_at,
            run.done_by,
            run.reason.clone()
        ],
    )?;
    Ok(())
}

/// Gives a matter the number of its application.
pub fn set_number(tx: &mut Tx, id: Id<value::Matter>, number: &str) -> Result<(), Error> {
    tx.exec("UPDATE matter SET number = $2 WHERE id = $1", vals![id, number])?;
    Ok(())
}

/// When the term of a matter stood still, in order.
pub fn pauses(tx: &mut Tx, id: Id<value::Matter>) -> Result<Vec<Pause>, Error> {
    let rows = tx.query(
        "SELECT from_on, until_on FROM matter_pause WHERE matter = $1 ORDER BY place",
        vals![id],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Pause {
                from: row.get(0)?,
                until: row.get(1)?,
            })
        })
        .collect()
}

/// The term of a matter stands still from a day; it does already where a pause is open.
pub fn stand_still(tx: &mut Tx, id: Id<value::Matter>, on: Date) -> Result<(), Error> {
    let pauses = pauses(tx, id)?;
    if pauses.iter().any(|pause| pause.until.is_none()) {
        return Ok(());
    }
    let place = i64::try_from(pauses.len()).unwrap_or(i64::MAX);
    tx.exec(
        "INSERT INTO matter_pause (matter, place, from_on) VALUES ($1, $2, $3)",
        vals![id, place, on],
    )?;
    Ok(())
}

/// The term of a matter runs on from a day, where it stood still.
pub fn run_on(tx: &mut Tx, id: Id<value::Matter>, on: Date) -> Result<(), Error> {
    tx.exec(
        "UPDATE matter_pause SET until_on = $2 WHERE matter = $1 AND until_on IS NULL",
        vals![id, on],
    )?;
    Ok(())
}
