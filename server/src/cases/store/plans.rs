//! The SQL of plans, their goals and activities.

use crate::{
    cases::model::{PlanBody, PlanVersion},
    problem::Error,
    store::Tx,
    vals,
};
use karton_api::{
    Id,
    cases::{ActivityState, PlanState},
    value::{self, Activity, Matter, Officer},
};

fn plan_state(state: PlanState) -> &'static str {
    match state {
        PlanState::Proposed => "proposed",
        PlanState::Returned => "returned",
        PlanState::Approved => "approved",
        PlanState::Superseded => "superseded",
    }
}
fn plan_state_of(name: &str) -> Result<PlanState, Error> {
    match name {
        "proposed" => Ok(PlanState::Proposed),
        "returned" => Ok(PlanState::Returned),
        "approved" => Ok(PlanState::Approved),
        "superseded" => Ok(PlanState::Superseded),
        other => Err(Error::fault(format!("a plan cannot be `{other}`"))),
    }
}

pub(in crate::cases) fn insert_plan(tx: &mut Tx, matter: Id<Matter>, it: &PlanVersion) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO case_plan (id, matter, version, state, body, review_on, proposed_at, proposed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            it.id,
            matter,
            it.version,
            plan_state(it.state),
            serde_json::to_string(&it.body).map_err(Error::fault)?,
            it.review_on,
            it.proposed_at,
            it.proposed_by
        ],
    )?;
    Ok(())
}

/// Writes the supervisor's word.
pub(in crate::cases) fn decide_plan(tx: &mut Tx, it: &PlanVersion) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_plan SET state = $2, decided_at = $3, decided_by = $4, note = $5 WHERE id = $1 AND state = 'proposed'",
        vals![it.id, plan_state(it.state), it.decided_at, it.decided_by, it.note.clone()],
    )?;
    Ok(())
}

/// The plans in force before this one are so no longer.
pub(in crate::cases) fn supersede(tx: &mut Tx, matter: Id<Matter>, by: Id<value::Plan>) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_plan SET state = 'superseded' WHERE matter = $1 AND state = 'approved' AND id <> $2",
        vals![matter, by],
    )?;
    Ok(())
}

/// Every version, the newest first.
pub(in crate::cases) fn plans(tx: &mut Tx, matter: Id<Matter>) -> Result<Vec<PlanVersion>, Error> {
    tx.query(
        "SELECT id, version, state, body, review_on, proposed_at, proposed_by, decided_at, decided_by, note FROM case_plan WHERE matter = $1
         ORDER BY version DESC LIMIT 200",
        vals![matter],
    )?
    .iter()
    .map(|row| {
        Ok(PlanVersion {
            id: row.get(0)?,
            version: row.get(1)?,
            state: plan_state_of(&row.get::<String>(2)?)?,
            body: serde_json::from_str::<PlanBody>(&row.get::<String>(3)?).map_err(Error::fault)?,
            review_on: row.get(4)?,
            proposed_at: row.get(5)?,
            proposed_by: row.get(6)?,
            decided_at: row.get(7)?,
            decided_by: row.get(8)?,
            note: row.get(9)?,
        })
    })
    .collect()
}

pub(in crate::cases) fn activity_name(state: ActivityState) -> &'static str {
    match state {
        ActivityState::Open => "open",
        ActivityState::Done => "done",
        ActivityState::Partly => "partly",
        ActivityState::NotDone => "not-done",
        ActivityState::Dropped => "dropped",
    }
}
fn activity_of(name: &str) -> Result<ActivityState, Error> {
    match name {
        "open" => Ok(ActivityState::Open),
        "done" => Ok(ActivityState::Done),
        "partly" => Ok(ActivityState::Partly),
        "not-done" => Ok(ActivityState::NotDone),
        "dropped" => Ok(ActivityState::Dropped),
        other => Err(Error::fault(format!("an activity cannot be `{other}`"))),
    }
}

/// Who has to do what is still to be done of the plan in force: whoever the plan says, or whoever it was passed on to.
pub(in crate::cases) fn doers(
    tx: &mut Tx,
    matter: Id<Matter>,
) -> Result<std::collections::BTreeMap<Id<Activity>, Option<Id<Officer>>>, Error> {
    tx.query(
        "SELECT id, officer FROM case_activity WHERE matter = $1 AND state = 'open'",
        vals![matter],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, row.get(1)?)))
    .collect()
}

/// The state of every activity that was ever in force.
pub(in crate::cases) fn activity_states(
    tx: &mut Tx,
    matter: Id<Matter>,
) -> Result<std::collections::BTreeMap<Id<Activity>, ActivityState>, Error> {
    tx.query(
        "SELECT id, state FROM case_activity WHERE matter = $1",
        vals![matter],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, activity_of(&row.get::<String>(1)?)?)))
    .collect()
}

/// How far goals are reached by the last review.
pub(in crate::cases) fn reached(
    tx: &mut Tx,
    matter: Id<Matter>,
) -> Result<std::collections::BTreeMap<Id<Activity>, u8>, Error> {
    tx.query(
        "SELECT id, reached FROM case_goal WHERE matter = $1 AND reached IS NOT NULL",
        vals![matter],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, row.get(1)?)))
    .collect()
}

pub(in crate::cases) fn set_reached(
    tx: &mut Tx,
    matter: Id<Matter>,
    goal: Id<Activity>,
    percent: u8,
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO case_goal (id, matter, reached) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET reached = excluded.reached",
        vals![goal, matter, percent],
    )?;
    Ok(())
}

/// The activities of a plan come into force: those that are settled stay so, those that it no longer has are dropped.
pub(in crate::cases) fn put_in_force(tx: &mut Tx, matter: Id<Matter>, plan: &PlanBody) -> Result<(), Error> {
    for (id, state) in activity_states(tx, matter)? {
        if state == ActivityState::Open && plan.activities.iter().all(|it| it.id != id) {
            set_activity(tx, id, ActivityState::Dropped)?;
        }
    }
    for it in &plan.activities {
        tx.exec(
            "INSERT INTO case_activity (id, matter, kind, what, officer, due_on, state) VALUES ($1, $2, $3, $4, $5, $6, 'open')
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, what = excluded.what, officer = excluded.officer, due_on = excluded.due_on",
            vals![it.id, matter, &it.kind, &it.what, it.officer, it.due_on],
        )?;
    }
    Ok(())
}

pub(in crate::cases) fn set_activity(
    tx: &mut Tx,
    id: Id<Activity>,
    state: ActivityState,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE case_activity SET state = $2 WHERE id = $1",
        vals![id, activity_name(state)],
    )?;
    Ok(())
}
