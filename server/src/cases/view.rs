//! A case as it travels, with what this officer may do now.

use super::{
    desk::Way,
    model::{PlanVersion, Stage},
    named,
    store::{self, FilledSheet, SocialCase, Written},
};
use crate::{
    access::{LeadCases, NameOnCases, Permission, Scope, Session, TakeCases, WorkCases},
    house::House,
    matters, persons,
    problem::Error,
    store::Tx,
    users,
};
use karton_api::{
    Id, Timestamp,
    cases::{self as wire, ActivityState, PlanState},
    value::{Officer, Person},
};
use karton_rules::pack::LegalAct;

/// The most cases that a dossier shows.
const SHOWN: usize = 50;

fn officer(tx: &mut Tx, id: Id<Officer>) -> Result<karton_api::common::OfficerRef, Error> {
    users::officer_ref(tx, Some(id))
}

/// In short.
pub(super) fn summary(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    it: &SocialCase,
) -> Result<wire::CaseSummary, Error> {
    let way = Way::of_house(house, tx, it)?;
    let phase = match &it.phase {
        Some(key) => way.step(key)?.map(|step| step.name.0.clone()),
        None => None,
    };
    let today = house.clock.today();
    Ok(wire::CaseSummary {
        id: it.id,
        number: it.number.clone(),
        procedure: it.procedure.clone(),
        code: way.rules()?.code.clone(),
        procedure_name: way.procedure()?.name.0.clone(),
        person: persons::store::card_of(tx, scope, it.person)?,
        state: it.stage.state(),
        phase: phase.unwrap_or_default(),
        priority: it.priority.clone(),
        office: house.offices.to_ref(it.office),
        lead: it.lead().map(|lead| officer(tx, lead)).transpose()?,
        reported_on: it.reported_on,
        due_on: it.due_on,
        overdue: it.due_on.is_some_and(|due| due < today),
        restricted: it.restricted,
    })
}

/// The cases about a person, or in which they stand, that exist for whoever looks: for the dossier.
pub fn of_person(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    person: Id<Person>,
) -> Result<Vec<wire::CaseSummary>, Error> {
    let wanted = store::Wanted {
        person: Some(person),
        limit: SHOWN,
        ..store::Wanted::default()
    };
    let found = store::page(tx, scope, &wanted)?;
    found.iter().map(|it| summary(tx, house, scope, it)).collect()
}

/// Something written down.
pub(super) fn note(tx: &mut Tx, it: &Written) -> Result<wire::Note, Error> {
    Ok(wire::Note {
        id: it.thing,
        kind: it.kind,
        code: it.code.clone(),
        on: it.on,
        time: it.time.clone(),
        who: it.who.clone(),
        text: it.text.clone(),
        next_step: it.next_step.clone(),
        activity: it.activity,
        sheet: it.sheet,
        version: it.version,
        recorded_at: it.recorded_at,
        recorded_by: officer(tx, it.recorded_by)?,
        replaced_at: it.replaced_at,
    })
}

/// A filled form.
pub(super) fn sheet(tx: &mut Tx, way: &Way, it: FilledSheet) -> Result<wire::Sheet, Error> {
    Ok(wire::Sheet {
        id: it.id,
        title: way
            .pack
            .form(&it.form)
            .map(|form| form.title.0.clone())
            .unwrap_or_default(),
        form: it.form,
        step: it.step,
        version: it.version,
        on: it.on,
        answers: it.answers,
        recorded_at: it.recorded_at,
        recorded_by: officer(tx, it.recorded_by)?,
    })
}

/// A version of a plan; how its goals and activities stand.
pub(super) fn plan(tx: &mut Tx, it: &SocialCase, plan: &PlanVersion) -> Result<wire::Plan, Error> {
    let states = store::activity_states(tx, it.matter())?;
    let reached = store::reached(tx, it.matter())?;
    // A version that was replaced stays as it was approved.
    let doers = match plan.state {
        PlanState::Approved => store::doers(tx, it.matter())?,
        _ => Default::default(),
    };
    let goals = plan.body.goals.iter().map(|goal| wire::Goal {
        id: goal.id,
        goal: goal.goal.clone(),
        indicator: goal.indicator.clone(),
        due_on: goal.due_on,
        reached: reached.get(&goal.id).copied(),
    });
    let goals = goals.collect();
    let mut activities = Vec::new();
    for activity in &plan.body.activities {
        activities.push(wire::Activity {
            id: activity.id,
            goal: activity.goal,
            kind: activity.kind.clone(),
            what: activity.what.clone(),
            officer: doers
                .get(&activity.id)
                .copied()
                .unwrap_or(activity.officer)
                .map(|id| officer(tx, id))
                .transpose()?,
            responsible: activity.responsible.clone(),
            due_on: activity.due_on,
            state: states.get(&activity.id).copied().unwrap_or(ActivityState::Open),
        });
    }
    Ok(wire::Plan {
        id: plan.id,
        version: plan.version,
        state: plan.state,
        aim: plan.body.aim.clone(),
        goals,
        activities,
        crisis: plan.body.crisis.clone(),
        participation: plan.body.participation.clone(),
        review_on: plan.review_on,
        proposed_at: plan.proposed_at,
        proposed_by: officer(tx, plan.proposed_by)?,
        decided_at: plan.decided_at,
        decided_by: plan.decided_by.map(|id| officer(tx, id)).transpose()?,
        note: plan.note.clone(),
    })
}

/// The whole of it. The caller has found that the case exists for this officer.
pub(super) fn see(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    session: &Session,
    it: &SocialCase,
    now: Timestamp,
) -> Result<wire::Case, Error> {
    let way = Way::of_house(house, tx, it)?;
    let matter = matters::store::load(tx, scope, it.matter())?;
    let steps = matters::steps(tx, &house.packs, session, &matter)?;
    let mut sheets = Vec::new();
    for filled in store::sheets(tx, it.matter())? {
        sheets.push(sheet(tx, &way, filled)?);
    }
    let plans = store::plans(tx, it.matter())?;
    let in_force = plans.iter().find(|plan| plan.state == PlanState::Approved);
    let newest = plans
        .first()
        .filter(|plan| matches!(plan.state, PlanState::Proposed | PlanState::Returned));
    let mut people = Vec::new();
    for standing in store::standings(tx, it.matter())? {
        people.push(wire::Participant {
            id: standing.id,
            role: standing.role,
            person: standing
                .person
                .map(|person| persons::store::card_of(tx, scope, person))
                .transpose()?,
            name: standing.name,
            note: standing.note,
            from: standing.from,
            until: standing.until,
        });
    }
    let names = matters::named(tx, it.matter())?;
    let mut named_officers = Vec::new();
    for named in &names {
        named_officers.push(wire::NamedOfficer {
            id: named.id,
            officer: officer(tx, named.officer)?,
            capacity: named.capacity.clone(),
            reason: named.reason.clone(),
            from: named.from,
            until: named.until,
            runs: named.until.is_none_or(|until| until > now),
        });
    }
    let mut led = Vec::new();
    for before in store::led(tx, it.matter())? {
        led.push(wire::Led {
            officer: officer(tx, before.officer)?,
            until: before.until,
            by: officer(tx, before.by)?,
            reason: before.reason,
        });
    }
    let opened = match it.stage.opening() {
        Some(opening) => Some(wire::Opened {
            on: opening.on,
            by: officer(tx, opening.by)?,
            note: opening.note.clone(),
        }),
        None => None,
    };
    let closed = match &it.stage {
        Stage::Closed(_, closing) => Some(wire::Closed {
            on: closing.on,
            by: officer(tx, closing.by)?,
            reason: closing.reason.clone(),
            text: closing.text.clone(),
        }),
        Stage::Reported | Stage::Open(_) => None,
    };
    Ok(wire::Case {
        summary: summary(tx, house, scope, it)?,
        revision: it.revision,
        way: it.way.clone(),
        reason: it.reason.clone(),
        note: it.note.clone(),
        reported_at: it.reported_at,
        reported_by: officer(tx, it.reported_by)?,
        opened,
        closed,
        steps,
        visit_form: way.rules()?.visit.clone(),
        sheets,
        plan: in_force.map(|version| plan(tx, it, version)).transpose()?,
        proposed: newest.map(|version| plan(tx, it, version)).transpose()?,
        led,
        people,
        care: persons::care_of_matter(tx, scope, it.matter())?,
        named: named_officers,
        roles: way.rules()?.roles.clone(),
        care_kinds: way.rules()?.care.clone(),
        may: may(tx, house, session, it, &names, now)?,
    })
}

/// What this officer may do: the permissions of the roles, the state, and the open steps. The same checks stand in the acts.
fn may(
    tx: &mut Tx,
    house: &House,
    session: &Session,
    it: &SocialCase,
    names: &[matters::NamedOn],
    now: Timestamp,
) -> Result<Vec<String>, Error> {
    fn allowed<P: Permission>(session: &Session) -> bool {
        P::ROLES.iter().any(|role| session.roles.contains(role))
    }
    if persons::not_own(tx, session.officer, it.person).is_err() {
        return Ok(Vec::new());
    }
    let scope = Scope::under(it.office);
    let open = matters::open_steps(tx, &house.packs, &scope, it.matter())?;
    let waits = |act: LegalAct| {
        open.iter()
            .any(|step| step.act == Some(act) && step.barred != Some(session.officer))
    };
    let (takes, works, leads) = (
        allowed::<TakeCases>(session),
        allowed::<WorkCases>(session),
        allowed::<LeadCases>(session),
    );
    let (running, closed) = (it.stage.worked_on().is_ok(), it.stage.not_closed().is_err());
    let has_care = !Way::of_house(house, tx, it)?.rules()?.care.is_empty();
    let runs: Vec<_> = names
        .iter()
        .filter(|named| named.until.is_none_or(|until| until > now))
        .cloned()
        .collect();
    let all = [
        (
            "open",
            leads && waits(LegalAct::Open) && it.stage.opening().is_none(),
        ),
        ("appraise", works && running && waits(LegalAct::Appraise)),
        ("plan", works && running && waits(LegalAct::Plan)),
        ("approve", leads && running && waits(LegalAct::Approve)),
        (
            "return",
            leads && running && (waits(LegalAct::Approve) || waits(LegalAct::Close)),
        ),
        ("contact", works && !closed),
        ("note", works && !closed),
        ("activity", works && running),
        ("watch", works && !closed),
        ("refer", works && running),
        ("review", works && running && waits(LegalAct::Review)),
        ("close", leads && running && waits(LegalAct::Close)),
        ("lead", leads && running),
        ("reopen", leads && closed && it.stage.opening().is_some()),
        ("participant", takes && !closed),
        ("care", works && running && has_care),
        (
            "name",
            allowed::<NameOnCases>(session) && it.restricted && named::names_others(&runs, session.officer),
        ),
    ];
    Ok(all
        .into_iter()
        .filter(|(_, may)| *may)
        .map(|(act, _)| act.to_owned())
        .collect())
}
