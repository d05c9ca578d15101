//! What moves a matter: the generic steps of officers, and the acts of the rooms above inside their own transactions.

use super::{
    above::{self, Decider},
    model::{Closed, Done, Fresh, Matter, Move, Running, moves, officer_roles, role_name},
    outside, queue,
    sheets::{self, By, HandedIn},
    store, term, versions,
};
use crate::{
    access::{LeadWork, May, Permission, Scope, Session, WorkTasks},
    assessments,
    audit::{self, Entry},
    house::House,
    http,
    packs::Packs,
    problem::{Error, Refusal},
    store::Tx,
    users,
};
use karton_api::{
    Id, Timestamp,
    common::Page,
    matters::{self as wire, Task, TasksQuery},
    value::{self, Officer},
};
use karton_rules::pack::{LegalAct, Pack, Procedure, StepKind};

/// Begins a matter on the current version of its procedure, inside the transaction of the act that begins it.
pub fn begin(tx: &mut Tx, pack: &Pack, matter: Matter, fresh: &mut Fresh) -> Result<(), Error> {
    let procedure = store::procedure_of(pack, &matter)?;
    let closed = closed(tx, pack, procedure, &matter, matter.begun_on)?;
    let running = Running::begin(matter, procedure, pack, &closed, fresh)?;
    store::insert(tx, &running)?;
    outside::post(tx, pack, &running)
}

/// A legal act has been done: completes its step and opens what follows. Refuses with `StepNotOpen`, and with `SecondOfficerNeeded` where
/// the officer is the one who cannot do it.
pub fn advance(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    act: LegalAct,
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    advance_of(tx, packs, scope, id, (act, Decider::First), done, fresh)
}

/// The same of either body's decision, where two decide. A step of another office than the matter's is done by officers of that one only:
/// `OtherOffice` otherwise.
pub fn advance_of(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    (act, of): (LegalAct, Decider),
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    change(
        tx,
        packs,
        scope,
        id,
        Some(done.on),
        |running, calendar, closed| {
            let run = running.open_act_of(act, of).ok_or(Refusal::StepNotOpen)?;
            running.works_there(run)?;
            if run.barred.is_some() && run.barred == done.by {
                return Err(Refusal::SecondOfficerNeeded);
            }
            running.act_of((act, of), done, calendar, closed, fresh)
        },
    )
}

/// Completes the open step of a kind that no legal act completes, if there is one; answers whether there was.
pub fn complete_kind(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    kind: StepKind,
    done: Done,
    fresh: &mut Fresh,
) -> Result<bool, Error> {
    complete_kind_of(tx, packs, scope, id, (kind, Decider::First), done, fresh)
}

/// The same of either body's decision, where two decide.
pub fn complete_kind_of(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    (kind, of): (StepKind, Decider),
    done: Done,
    fresh: &mut Fresh,
) -> Result<bool, Error> {
    let mut there = false;
    change(
        tx,
        packs,
        scope,
        id,
        Some(done.on),
        |running, calendar, closed| {
            let open = running.steps.iter().find(|run| {
                run.is_open()
                    && running.step(run).is_some_and(|step| {
                        step.kind == kind && step.act.is_none() && !outside::waits_for_others(step)
                    })
                    && of.has(running.procedure, &run.step)
            });
            let Some(run) = open.map(|run| run.id) else {
                return Ok(());
            };
            there = true;
            running.complete(run, done, calendar, closed, fresh)
        },
    )?;
    Ok(there)
}

/// Drops what is open and goes on with another step: the matter goes back, or aside. Answers the last day of that step.
#[expect(
    clippy::too_many_arguments,
    reason = "the same seven in every move, and where to"
)]
pub fn jump(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    to: &str,
    reason: &str,
    done: Done,
    fresh: &mut Fresh,
) -> Result<Option<karton_api::Date>, Error> {
    let mut due = None;
    change(tx, packs, scope, id, None, |running, calendar, _| {
        running.jump(to, reason, done, calendar, fresh)?;
        due = running.open_step(to).and_then(|run| run.due_on);
        Ok(())
    })?;
    Ok(due)
}

/// Takes a matter up again at the step of a kind, whether it has ended or not: the decision it led to has lost its effect. The time since that
/// decision does not count towards its terms. Answers the last day of that step. Refuses with `StepNotOpen` where its procedure has none.
pub fn take_up_again(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    (kind, decided_on, reason): (StepKind, karton_api::Date, &str),
    done: Done,
    fresh: &mut Fresh,
) -> Result<Option<karton_api::Date>, Error> {
    tx.hold("matter", id)?;
    store::stand_still(tx, id, decided_on)?;
    store::run_on(tx, id, done.on)?;
    let mut due = None;
    change(tx, packs, scope, id, None, |running, calendar, _| {
        let step = running.procedure.steps.iter().find(|step| step.kind == kind);
        let to = step.ok_or(Refusal::StepNotOpen)?.id.clone();
        running.take_up_again(&to, reason, done, calendar, fresh)?;
        due = running.open_step(&to).and_then(|run| run.due_on);
        Ok(())
    })?;
    Ok(due)
}

/// The matter goes aside to the step that a legal act completes, which the officer who proposes it cannot do. Refuses with `StepNotOpen` where
/// its procedure has no such step.
pub fn aside(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    (act, reason): (LegalAct, &str),
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    change(tx, packs, scope, id, None, |running, calendar, _| {
        running.aside(act, reason, done, calendar, fresh)
    })
}

/// Ends a matter where it stands.
pub fn end(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    reason: &str,
    done: Done,
) -> Result<(), Error> {
    change(tx, packs, scope, id, None, |running, _, _| {
        running.end(reason, done);
        Ok(())
    })
}

/// Load, move, save: the shape of every change of a matter. `on` is the day for which the guards of steps are looked at, where steps may open that
/// have one.
pub(super) fn change(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    on: Option<karton_api::Date>,
    step: impl FnOnce(&mut Running<'_>, &Pack, &Closed) -> Result<(), Refusal>,
) -> Result<(), Error> {
    tx.hold("matter", id)?;
    let matter = store::load(tx, scope, id)?;
    let pack = store::pack_of(tx, packs, &matter)?;
    let procedure = store::procedure_of(&pack, &matter)?;
    let closed = match on {
        Some(on) => closed(tx, &pack, procedure, &matter, on)?,
        None => Closed::new(),
    };
    let before = store::steps(tx, id)?;
    let elsewhere = above::elsewhere(tx, procedure, matter.office)?;
    let here = match elsewhere.is_empty() {
        true => None,
        false => Some(above::body(tx, scope.top())?),
    };
    let mut running = Running {
        elsewhere,
        here,
        matter,
        steps: before.clone(),
        procedure,
        stood_still: term::stood_still(&store::pauses(tx, id)?),
        later: Vec::new(),
    };
    step(&mut running, &pack, &closed)?;
    if running.steps == before && running.matter.ended_at.is_none() {
        return Ok(());
    }
    store::save(tx, &running, &before)?;
    outside::post(tx, &pack, &running)
}

/// Steps whose guard is known not to hold on a day, on the facts known now.
fn closed(
    tx: &mut Tx,
    pack: &Pack,
    procedure: &Procedure,
    matter: &Matter,
    on: karton_api::Date,
) -> Result<Closed, Error> {
    if procedure.steps.iter().all(|step| step.guard.is_none()) {
        return Ok(Closed::new());
    }
    let about = assessments::About {
        applicant: matter.person,
        matter: Some(matter.id),
        on: on.max(matter.begun_on),
        lodged: matter.begun_on,
        known_at: Timestamp::MAX,
    };
    let gathered = assessments::gather(tx, pack, &Scope::under(matter.office), &about, &[])?;
    let holds = |step: &&karton_rules::pack::Step| {
        step.guard
            .as_ref()
            .is_some_and(|guard| gathered.holds(pack, guard) == Some(false))
    };
    Ok(procedure
        .steps
        .iter()
        .filter(holds)
        .map(|step| step.id.clone())
        .collect())
}

/// One move by the generic routes.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    Start,
    Complete(HandedIn),
    Reopen(String),
    Assign(Option<Id<Officer>>),
}

impl Asked {
    fn entry(&self) -> Entry {
        match self {
            Asked::Start => Entry::of("step-started"),
            Asked::Complete(handed) => Entry::of("step-completed").value("answers", handed.answers()),
            Asked::Reopen(_) => Entry::of("step-reopened"),
            Asked::Assign(to) => {
                let entry = Entry::of("step-assigned");
                to.iter().fold(entry, |entry, to| entry.value("to", to))
            }
        }
    }
}

/// Starts, completes, reopens or assigns a step. Refuses with `LegalAct` where an act of its own completes it, `StepNotOpen`,
/// `CannotReopen`, `OwnDossier`; with `Denied` where the officer does not have the step's role.
pub(super) async fn move_step<P: Permission>(
    may: &May<P>,
    house: &House,
    id: Id<value::Matter>,
    step: Id<value::StepRun>,
    asked: Asked,
) -> Result<wire::Matter, Error> {
    if let Asked::Reopen(reason) = &asked {
        http::reason(reason, "/reason")?;
    }
    let (now, today) = (house.clock.now(), house.clock.today());
    let fresh = Fresh::new(&house.clock);
    let (scope, packs) = (may.scope(), house.packs.clone());
    let (session, inside) = (may.session().clone(), house.clone());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let matter = store::load(tx, &scope, id)?;
        crate::persons::not_own(tx, session.officer, matter.person)?;
        let pack = store::pack_of(tx, &packs, &matter)?;
        let run = store::steps(tx, id)?
            .into_iter()
            .find(|run| run.id == step)
            .ok_or(Error::Missing)?;
        let of_procedure = store::procedure_of(&pack, &matter)?
            .step(&run.step)
            .ok_or(Error::Missing)?;
        if matches!(asked, Asked::Start | Asked::Complete(_)) {
            let mine = officer_roles(of_procedure.role)
                .iter()
                .any(|role| session.roles.contains(role));
            if !mine {
                return Err(Error::Denied(role_name(of_procedure.role)));
            }
            if run.barred == Some(session.officer) {
                return Err(Refusal::SecondOfficerNeeded.into());
            }
        }
        above::own_step(tx, &matter, &run, session.office)?;
        if let Asked::Assign(Some(to)) = asked
            && !users::works_in(tx, to, run.office, officer_roles(of_procedure.role))?
        {
            return Err(Error::field(
                "/officer",
                "unknown",
                "nobody who may do this step works here under this id",
            ));
        }
        if let Asked::Assign(Some(to)) = asked
            && !super::exists_for(tx, id, to, now)?
        {
            return Err(Error::field(
                "/officer",
                "not-named",
                "this officer is not named on this matter",
            ));
        }
        let done = Done {
            by: Some(session.officer),
            at: now,
            on: today,
        };
        // What is handed in stands before the step is done, so that the guards of what follows see it.
        if let Asked::Complete(handed) = &asked
            && moves(run.state, of_procedure).contains(&Move::Complete)
        {
            // Who completes it at the same moment takes turns and is refused by name.
            tx.hold("matter", id)?;
            let by = By {
                officer: session.officer,
                now,
                today,
            };
            let versions = (inside.pack.as_ref(), pack.as_ref());
            sheets::fill(tx, versions, &scope, (&matter, of_procedure, step), handed, by)?;
        }
        let mut fresh = fresh.clone();
        if !matches!(asked, Asked::Assign(_)) {
            outside::moved(tx, &packs, &matter, now, &mut fresh)?;
        }
        change(
            tx,
            &packs,
            &scope,
            id,
            Some(today),
            |running, calendar, closed| match &asked {
                Asked::Start => running.start(step, session.officer),
                Asked::Complete(_) => running.complete(step, done, calendar, closed, &mut fresh),
                Asked::Reopen(reason) => running.reopen(step, reason.trim(), done, calendar, &mut fresh),
                Asked::Assign(to) => running.assign(step, *to),
            },
        )?;
        let entry = asked
            .entry()
            .person(matter.person)
            .matter(id)
            .value("step", &run.step);
        Ok((see(tx, &inside, &scope, &session, id)?, entry))
    })
    .await
}

/// A matter with its steps, and what this officer may do with each.
pub(super) fn see(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    session: &Session,
    id: Id<value::Matter>,
) -> Result<wire::Matter, Error> {
    let matter = store::load(tx, scope, id)?;
    let steps = steps(tx, &house.packs, session, &matter)?;
    Ok(wire::Matter {
        id,
        revision: matter.revision,
        procedure: matter.procedure.clone(),
        version: matter.version,
        in_force: matter.pack == house.pack.hash,
        office: house.offices.to_ref(matter.office),
        state: if matter.ended_at.is_some() {
            "ended"
        } else {
            "running"
        }
        .to_owned(),
        steps,
    })
}

/// The steps of a matter as they travel.
pub fn steps(
    tx: &mut Tx,
    packs: &Packs,
    session: &Session,
    matter: &Matter,
) -> Result<Vec<wire::Step>, Error> {
    let pack = store::pack_of(tx, packs, matter)?;
    let procedure = store::procedure_of(&pack, matter)?;
    let own = crate::persons::not_own(tx, session.officer, matter.person).is_err();
    let mut shown = Vec::new();
    let left = versions::left(tx, matter.id)?;
    let running = Running {
        matter: matter.clone(),
        steps: store::steps(tx, matter.id)?,
        procedure,
        stood_still: 0,
        elsewhere: above::Elsewhere::new(),
        here: None,
        later: Vec::new(),
    };
    let mut here = None;
    let may_reopen = running.may_reopen();
    for run in running.steps {
        if run.office != matter.office && here.is_none() {
            here = Some(above::body(tx, session.office)?);
        }
        let before = match procedure.step(&run.step) {
            Some(_) => None,
            // It was done before the matter was moved to a version that does not have it.
            None => versions::step_of(tx, packs, matter, &left, &run.step)?,
        };
        let step = before.as_ref().or_else(|| procedure.step(&run.step));
        let step = step.ok_or_else(|| Error::fault(format!("the procedure has no step `{}`", run.step)))?;
        let works = WorkTasks::ROLES.iter().any(|role| session.roles.contains(role))
            && officer_roles(step.role)
                .iter()
                .any(|role| session.roles.contains(role))
            && run.barred != Some(session.officer)
            && (run.office == matter.office || here == Some(run.office));
        let office = above::named(tx, matter, run.office)?;
        let leads = LeadWork::ROLES.iter().any(|role| session.roles.contains(role));
        let may = moves(run.state, step)
            .iter()
            .filter(|_| !own)
            .filter(|it| match it {
                Move::Start | Move::Complete => works,
                Move::Assign => leads,
                Move::Reopen => leads && may_reopen,
            })
            .map(|it| it.name().to_owned())
            .collect();
        shown.push(wire::Step {
            id: run.id,
            key: run.step,
            name: step.name.0.clone(),
            kind: queue::kind_name(step.kind).to_owned(),
            role: role_name(step.role).to_owned(),
            state: run.state,
            due_on: run.due_on,
            assigned_to: run
                .assigned_to
                .map(|id| users::officer_ref(tx, Some(id)))
                .transpose()?,
            opened_at: run.opened_at,
            done_at: run.done_at,
            done_by: run
                .done_by
                .map(|id| users::officer_ref(tx, Some(id)))
                .transpose()?,
            reason: run.reason,
            act: step.act.map(|act| queue::act_name(act).to_owned()),
            form: step.form.clone(),
            office,
            may,
        });
    }
    Ok(shown)
}

/// The work queue: a page of open steps, the most urgent first.
pub(super) async fn tasks(
    may: &May<WorkTasks>,
    house: &House,
    query: TasksQuery,
) -> Result<Page<Task>, Error> {
    let wanted = queue::Wanted {
        queue: query.queue.unwrap_or(wire::Queue::Mine),
        limit: http::limit(query.limit)?,
        after: http::cursor::decode(query.cursor.as_deref())?,
        today: house.clock.today(),
        own: own(house, may.session().office),
    };
    let (scope, packs, session) = (may.scope(), house.packs.clone(), may.session().clone());
    house
        .store
        .read(move |tx| queue::page(tx, &packs, &scope, &session, &wanted))
        .await
}

/// The offices of the legal body of an office: what is open there is its own work, what is open in bodies below it theirs.
fn own(house: &House, office: Id<value::Office>) -> Vec<Id<value::Office>> {
    let body = |id| house.offices.body(id).map(|body| body.id);
    let mine = body(office);
    let all = house.offices.all();
    let own = all.iter().filter(|one| body(one.id) == mine).map(|one| one.id);
    own.collect()
}

/// An open step, for what stands above matters.
#[derive(Debug, Clone)]
pub struct OpenStep {
    /// Its id in the procedure.
    pub step: String,
    /// What happens in it.
    pub kind: StepKind,
    /// The legal act that completes it.
    pub act: Option<LegalAct>,
    /// Who cannot do it, because a second officer is needed.
    pub barred: Option<Id<Officer>>,
    /// The office that works on it.
    pub office: Id<value::Office>,
    /// Whose decision it is of, where two bodies decide.
    pub of: Decider,
    /// The last day of its term.
    pub due_on: Option<karton_api::Date>,
}

/// The open steps of a matter within the scope.
pub fn open_steps(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
) -> Result<Vec<OpenStep>, Error> {
    let matter = store::load(tx, scope, id)?;
    let pack = store::pack_of(tx, packs, &matter)?;
    let procedure = store::procedure_of(&pack, &matter)?;
    let runs = store::steps(tx, id)?;
    let open = runs.into_iter().filter(|run| run.is_open());
    Ok(open
        .filter_map(|run| {
            let step = procedure.step(&run.step)?;
            Some(OpenStep {
                kind: step.kind,
                act: step.act,
                barred: run.barred,
                office: run.office,
                of: if procedure.behind_confirmation(&run.step) {
                    Decider::Second
                } else {
                    Decider::First
                },
                due_on: run.due_on,
                step: run.step,
            })
        })
        .collect())
}
