//! Steps that wait for another institution: what it is told when one opens, what a message of it does, and a term that passes without a word.
//!
//! Telling and lapsing are jobs that are posted in the transaction in which the step opens; whoever tells stands above this room (`notices`).

use super::{
    actions::change,
    model::{Closed, Done, Fresh, Matter, Running},
    store,
};
use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    house::House,
    packs::Packs,
    problem::{Error, Refusal},
    store::{
        Tx,
        jobs::{self, Job, NewJob, Setback},
    },
    vals,
};
use jiff::tz::TimeZone;
use karton_api::{
    Date, Id, Timestamp,
    matters::StepState,
    value::{self, Office, StepRun as StepRunId},
};
use karton_rules::{
    calendar::due_on,
    pack::{Pack, Step},
};

/// The queue of the job that tells another institution what a step says. Its payload is the id of the step that was opened.
pub const TELL_OF_STEP: &str = "tell-of-step";
/// The queue of the job that looks whether the term of a step has passed. Its payload is the same.
pub const LAPSE: &str = "lapse";
/// The queue of the job that looks at what a case stands at, when its steps were moved by something else than its own acts. Its payload is the
/// matter's id.
pub const CASE_MOVED: &str = "case-moved";
/// Why a step is over that nobody completed.
const PASSED: &str = "the term has passed";

/// What is to be done about a step that has opened.
#[derive(Debug, Clone)]
pub(super) enum Later {
    /// Another institution is told.
    Tell(Id<Job>, Id<StepRunId>),
    /// After this day it is looked at whether the step is still open.
    Lapse(Id<Job>, Id<StepRunId>, Date),
}

/// Whether a step is done by another institution's word, and not by what the house does.
pub(super) fn waits_for_others(step: &Step) -> bool {
    step.tells.is_some() || !step.hears.is_empty()
}

/// What a step that opens asks for.
pub(super) fn later(
    found: &mut Vec<Later>,
    step: &Step,
    run: Id<StepRunId>,
    due: Option<Date>,
    fresh: &mut Fresh,
) -> Result<(), Refusal> {
    if step.tells.is_some() {
        found.push(Later::Tell(fresh.take()?.cast(), run));
    }
    if let (false, Some(due)) = (step.lapses.is_empty(), due) {
        found.push(Later::Lapse(fresh.take()?.cast(), run, due));
    }
    Ok(())
}

/// Posts it in the transaction of the move.
pub(super) fn post(tx: &mut Tx, pack: &Pack, running: &Running<'_>) -> Result<(), Error> {
    for one in &running.later {
        let job = match one {
            Later::Tell(job, run) => {
                let opened = running.steps.iter().find(|it| it.id == *run);
                let at = opened.map_or(running.matter.begun_at, |it| it.opened_at);
                NewJob::new(*job, TELL_OF_STEP, at).payload(run.to_string())
            }
            Later::Lapse(job, run, due) => {
                NewJob::new(*job, LAPSE, after(pack, *due)?).payload(run.to_string())
            }
        };
        jobs::post(tx, &job)?;
    }
    Ok(())
}

/// The first instant after a day.
fn after(pack: &Pack, day: Date) -> Result<Timestamp, Error> {
    let zone = TimeZone::get(&pack.country.time_zone).map_err(Error::fault)?;
    let next = day.tomorrow().map_err(Error::fault)?;
    Ok(next.to_zoned(zone).map_err(Error::fault)?.timestamp())
}

/// The steps of a matter are moved by something else than an act of the room that stands above: of a case, that room follows after the commit.
pub(super) fn moved(
    tx: &mut Tx,
    packs: &Packs,
    matter: &Matter,
    now: Timestamp,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    let pack = store::pack_of(tx, packs, matter)?;
    if store::procedure_of(&pack, matter)?.case.is_some() {
        let job = NewJob::new(fresh.take()?.cast(), CASE_MOVED, now).payload(matter.id.to_string());
        jobs::post(tx, &job)?;
    }
    Ok(())
}

impl Running<'_> {
    /// A message of another institution came in. Completes the open step that waits for it, or leaves it open and counts its term anew.
    /// Refuses with `NothingWaits` where no open step does.
    fn hear(
        &mut self,
        message: &str,
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<Heard, Refusal> {
        let procedure = self.procedure;
        let waiting = self.steps.iter().filter(|run| run.is_open()).find_map(|run| {
            let step = procedure.step(&run.step)?;
            Some((run.id, step, step.hears(message)?))
        });
        let (id, step, hears) = waiting.ok_or(Refusal::NothingWaits)?;
        let before = self.steps.len();
        if hears.stays {
            for run in self.steps.iter_mut().filter(|run| run.id == id) {
                let anew = step.due.map(|due| due_on(done.on, due, calendar));
                run.due_on = run.due_on.max(anew);
            }
            self.open(&hears.opens, done, calendar, closed, None, fresh)?;
        } else {
            let next = if hears.opens.is_empty() {
                &step.next
            } else {
                &hears.opens
            };
            self.finish((id, next), done, None, calendar, closed, fresh)?;
        }
        let opened = self.steps.iter().skip(before).map(|run| run.step.clone());
        Ok(Heard {
            run: id,
            step: step.id.clone(),
            completed: !hears.stays,
            opened: opened.collect(),
        })
    }

    /// The term of a step has passed: it is over, and what the procedure names for this opens.
    fn lapse(
        &mut self,
        id: Id<StepRunId>,
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let run = self.steps.iter().find(|run| run.id == id && run.is_open());
        let run = run.ok_or(Refusal::StepNotOpen)?;
        let opens = self.step(run).map(|step| step.lapses.clone()).unwrap_or_default();
        self.finish((id, &opens), done, None, calendar, closed, fresh)?;
        for run in self.steps.iter_mut().filter(|run| run.id == id) {
            run.state = StepState::Dropped;
            run.reason = Some(PASSED.to_owned());
        }
        Ok(())
    }
}

/// What a message did.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The step that waited for it,
    pub run: Id<StepRunId>,
    /// by its id in the procedure.
    pub step: String,
    /// Whether that step is done now.
    pub completed: bool,
    /// Steps that opened.
    pub opened: Vec<String>,
}

/// A message of another institution about a matter. Refuses with `NothingWaits` where no open step waits for it.
pub fn hear(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    message: &str,
    done: Done,
    fresh: &mut Fresh,
) -> Result<Heard, Error> {
    let matter = store::load(tx, scope, id)?;
    moved(tx, packs, &matter, done.at, fresh)?;
    let mut heard = None;
    change(
        tx,
        packs,
        scope,
        id,
        Some(done.on),
        |running, calendar, closed| {
            heard = Some(running.hear(message, done, calendar, closed, fresh)?);
            Ok(())
        },
    )?;
    heard.ok_or_else(|| Refusal::NothingWaits.into())
}

/// Completes one step that was opened, where it is still open and no legal act completes it.
pub fn complete_run(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    run: Id<StepRunId>,
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    let matter = store::load(tx, scope, id)?;
    moved(tx, packs, &matter, done.at, fresh)?;
    change(
        tx,
        packs,
        scope,
        id,
        Some(done.on),
        |running, calendar, closed| {
            let open = running.steps.iter().any(|it| it.id == run && it.is_open());
            if !open {
                return Ok(());
            }
            running.complete(run, done, calendar, closed, fresh)
        },
    )
}

/// A step that was opened, with its matter and the matter's office.
pub type RunOf = (Id<value::Matter>, Id<Office>, super::StepRun);

/// Where a step that was opened stands: its matter, the matter's office, its id in the procedure, whether it is open, the last day of its term.
pub fn run_of(tx: &mut Tx, run: Id<StepRunId>) -> Result<Option<RunOf>, Error> {
    let row = tx.opt(
        "SELECT m.id, m.office FROM step_run s JOIN matter m ON m.id = s.matter WHERE s.id = $1",
        vals![run],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (matter, office) = (row.get(0)?, row.get(1)?);
    let runs = store::steps(tx, matter)?;
    Ok(runs
        .into_iter()
        .find(|it| it.id == run)
        .map(|it| (matter, office, it)))
}

/// The job: where the term of a step has passed and it is still open, opens what the procedure names for this. Comes back where the term ends later.
pub async fn lapse(house: House, job: Job) -> Result<(), Setback> {
    let id: Id<StepRunId> = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no step's id".into()))?;
    lapsed(&house, id)
        .await
        .map_err(|error| Setback::Later(error.to_string()))
}

async fn lapsed(house: &House, id: Id<StepRunId>) -> Result<(), Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let Some((matter, office, run)) = house.store.read(move |tx| run_of(tx, id)).await? else {
        return Ok(());
    };
    if !run.is_open() {
        return Ok(());
    }
    let (packs, fresh, again) = (house.packs.clone(), Fresh::new(&house.clock), house.clock.id());
    if let Some(due) = run.due_on.filter(|due| *due >= today) {
        let pack = house.pack.clone();
        let at = after(&pack, due)?;
        let job = NewJob::new(again, LAPSE, at).payload(id.to_string());
        return house
            .store
            .write(move |tx| Ok(jobs::post(tx, &job).map(|_| ())?))
            .await;
    }
    let actor = Actor {
        officer: None,
        office,
    };
    audit::write(&house.store, actor, now, move |tx| {
        let entry = Entry::of("step-lapsed").matter(matter);
        let done = Done {
            by: None,
            at: now,
            on: today,
        };
        let scope = Scope::under(office);
        let mut fresh = fresh.clone();
        tx.hold("matter", matter)?;
        // Somebody may have completed it meanwhile, or this job may have run before.
        let now_there = run_of(tx, id)?.filter(|(_, _, run)| run.is_open());
        let Some((_, _, run)) = now_there else {
            return Ok(((), entry.value("state", "late")));
        };
        let about = store::load(tx, &scope, matter)?;
        moved(tx, &packs, &about, now, &mut fresh)?;
        change(
            tx,
            &packs,
            &scope,
            matter,
            Some(today),
            |running, calendar, closed| running.lapse(id, done, calendar, closed, &mut fresh),
        )?;
        Ok(((), entry.value("step", run.step)))
    })
    .await
}
