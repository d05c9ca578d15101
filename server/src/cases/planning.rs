//! The plan of a case: proposed by a caseworker, approved by another officer, version after version.

use super::{
    desk::{self, Ids, code, entry, inside, none_wrong, works_on},
    model::{self, Known, PlanVersion, check_plan},
    store,
};
use crate::{
    access::{LeadCases, May, WorkCases},
    applications::Desk,
    house::House,
    matters,
    problem::{Error, Refusal},
};
use karton_api::{
    Id,
    cases::{self as wire, ActivityState, ApprovePlan, NewPlan, PlanState},
    value,
};
use karton_rules::pack::LegalAct;

/// Proposes a plan: the next version. Goals and activities that go on keep their ids.
pub(super) async fn propose(
    may: &May<WorkCases>,
    house: &House,
    id: Id<value::Case>,
    body: NewPlan,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, body.goals.len() + body.activities.len() + 2);
    desk::act(desk, id, move |desk, tx, it| {
        let mut ids = ids.clone();
        it.stage.worked_on()?;
        let (packs, scope, matter) = (&desk.house.packs, inside(desk), it.matter());
        let open = matters::open_steps(tx, packs, &scope, matter)?;
        if open.iter().all(|step| step.act != Some(LegalAct::Plan)) {
            return Err(Refusal::StepNotOpen.into());
        }
        let versions = store::plans(tx, matter)?;
        let mut known = Known::default();
        // What was returned may be proposed again with the ids it had.
        for plan in versions.iter().filter(|plan| plan.state != PlanState::Superseded) {
            known.goals.extend(plan.body.goals.iter().map(|goal| goal.id));
            known
                .activities
                .extend(plan.body.activities.iter().map(|activity| activity.id));
        }
        let states = store::activity_states(tx, matter)?;
        let settled = states.iter().filter(|(_, state)| **state != ActivityState::Open);
        known.settled = settled.map(|(id, _)| *id).collect();
        let plan_id = ids.take()?;
        let mut fresh_ids = || ids.take().ok();
        let plan = check_plan(&body, &known, desk.today, &mut fresh_ids).map_err(Error::Invalid)?;
        let mut errors = Vec::new();
        for (place, activity) in plan.activities.iter().enumerate() {
            let at = |field: &str| format!("/activities/{place}/{field}");
            code(
                &desk.house.pack,
                "activity_kinds",
                &activity.kind,
                &at("kind"),
                &mut errors,
            );
        }
        none_wrong(errors)?;
        for (place, activity) in plan.activities.iter().enumerate() {
            if let Some(officer) = activity.officer {
                let pointer = format!("/activities/{place}/officer");
                works_on(desk, tx, it, officer, &pointer)?;
            }
        }
        let version = PlanVersion {
            id: plan_id,
            version: versions.first().map_or(1, |newest| newest.version + 1),
            state: PlanState::Proposed,
            body: plan,
            review_on: body.review_on,
            proposed_at: desk.now,
            proposed_by: desk.session.officer,
            decided_at: None,
            decided_by: None,
            note: None,
        };
        store::insert_plan(tx, matter, &version)?;
        let mut fresh = desk.fresh();
        matters::advance(tx, packs, &scope, matter, LegalAct::Plan, desk.done(), &mut fresh)?;
        Ok(entry("case-planned", it)
            .value("version", version.version)
            .value("activities", version.body.activities.len()))
    })
    .await
}

/// The supervisor approves the version that was read; it comes into force. Refuses with `SecondOfficerNeeded`.
pub(super) async fn approve(
    may: &May<LeadCases>,
    house: &House,
    id: Id<value::Case>,
    body: ApprovePlan,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    desk::act(desk, id, move |desk, tx, it| {
        it.stage.worked_on()?;
        let matter = it.matter();
        let mut errors = Vec::new();
        let note = model::optional(body.note.as_ref(), 2000, "/note", &mut errors);
        none_wrong(errors)?;
        let plan = store::plans(tx, matter)?
            .into_iter()
            .find(|plan| plan.id == body.plan)
            .ok_or_else(|| Error::field("/plan", "unknown", "this case has no such plan"))?;
        let plan = plan.approve(desk.session.officer, desk.now, note)?;
        store::decide_plan(tx, &plan)?;
        store::supersede(tx, matter, plan.id)?;
        store::put_in_force(tx, matter, &plan.body)?;
        let (packs, scope) = (&desk.house.packs, inside(desk));
        let mut fresh = desk.fresh();
        matters::advance(
            tx,
            packs,
            &scope,
            matter,
            LegalAct::Approve,
            desk.done(),
            &mut fresh,
        )?;
        Ok(entry("case-plan-approved", it).value("version", plan.version))
    })
    .await
}
