//! What a step of a procedure tells another institution: written from what is known when the step opens, and sent like any notice.

use super::{
    sending::{NO_NUMBER, TELL, number_of, sent},
    store::{self, Stored},
};
use crate::{
    access::{Actor, Scope},
    assessments::{self, About},
    audit::{self, Entry},
    house::House,
    matters::{self, Matter},
    packs::Packs,
    problem::Error,
    store::{
        Tx,
        jobs::{self, Job, NewJob, Setback},
    },
};
use karton_api::{
    Date, Id, Timestamp,
    notices::NoticeState,
    value::{Notice, StepRun},
};
use karton_rules::pack::{self, Pack, Tells};
use serde_json::{Map, Value};

/// The job: posts what a step that has opened says, once, and the job that sends it.
pub async fn tell_of_step(house: House, job: Job) -> Result<(), Setback> {
    let run: Id<StepRun> = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no step's id".into()))?;
    posted(&house, run)
        .await
        .map_err(|error| Setback::Later(error.to_string()))
}

async fn posted(house: &House, run: Id<StepRun>) -> Result<(), Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let found = house.store.read(move |tx| matters::run_of(tx, run)).await?;
    let Some((matter, office, _)) = found.filter(|(_, _, step)| step.is_open()) else {
        return Ok(());
    };
    let (id, job) = (house.clock.id::<Notice>(), house.clock.id::<Job>());
    let actor = Actor {
        officer: None,
        office,
    };
    let packs = house.packs.clone();
    audit::write(&house.store, actor, now, move |tx| {
        let entry = Entry::of("institution-to-be-told").matter(matter);
        tx.hold("matter", matter)?;
        if store::of_run(tx, run)? {
            return Ok(((), entry.value("state", "late")));
        }
        let open = matters::run_of(tx, run)?.filter(|(_, _, step)| step.is_open());
        let Some((_, _, step)) = open else {
            return Ok(((), entry.value("state", "late")));
        };
        let running = matters::store::load(tx, &Scope::under(office), matter)?;
        let pack = matters::store::pack_of(tx, &packs, &running)?;
        let tells = tells(&pack, &running, &step.step)?;
        let members = members(tx, &pack, &running, tells, (today, now))?;
        let nobody = number_of(tx, running.person)?.is_none();
        let notice = Stored {
            id,
            matter,
            office: running.office,
            decision: None,
            run: Some(run),
            person: running.person,
            service: tells.service.clone(),
            message: id.to_string(),
            members,
            state: if nobody {
                NoticeState::Silent
            } else {
                NoticeState::Waiting
            },
            tries: 0,
            posted_at: now,
            answered_at: None,
            receipt: None,
            problem: nobody.then(|| NO_NUMBER.to_owned()),
        };
        store::insert(tx, &notice)?;
        if !nobody {
            jobs::post(tx, &NewJob::new(job, TELL, now).payload(id.to_string()))?;
        }
        let entry = entry
            .person(running.person)
            .value("service", &tells.service)
            .value("step", &step.step);
        Ok(((), entry))
    })
    .await
}

fn tells<'p>(pack: &'p Pack, matter: &Matter, step: &str) -> Result<&'p Tells, Error> {
    matters::store::procedure_of(pack, matter)?
        .step(step)
        .and_then(|step| step.tells.as_ref())
        .ok_or_else(|| Error::fault(format!("the step `{step}` tells nobody")))
}

/// What is known now, in the members that the step names. What nobody knows is left out; the institution then says what it lacks.
fn members(
    tx: &mut Tx,
    pack: &Pack,
    matter: &Matter,
    tells: &Tells,
    (today, now): (Date, Timestamp),
) -> Result<Map<String, Value>, Error> {
    let about = About {
        applicant: matter.person,
        matter: Some(matter.id),
        on: today.max(matter.begun_on),
        lodged: matter.begun_on,
        known_at: now,
    };
    let gathered = assessments::gather(tx, pack, &Scope::under(matter.office), &about, &[])?;
    let value = |it: &pack::Sent| match it {
        pack::Sent::Number => matter.number.clone().map(Value::String),
        pack::Sent::Of(expression) => {
            let value = pack.value_of(expression, &gathered.input, None)?;
            sent(pack, &value)
        }
    };
    let known = tells
        .send
        .iter()
        .filter_map(|(name, it)| Some((name.clone(), value(it)?)));
    Ok(known.collect())
}

/// Writes a step's notice anew, from what is known now; one of a decision stays as it was decided.
pub(super) fn anew(tx: &mut Tx, packs: &Packs, it: &mut Stored, at: (Date, Timestamp)) -> Result<(), Error> {
    let Some(run) = it.run else { return Ok(()) };
    let Some((matter, office, step)) = matters::run_of(tx, run)? else {
        return Ok(());
    };
    let running = matters::store::load(tx, &Scope::under(office), matter)?;
    let pack = matters::store::pack_of(tx, packs, &running)?;
    let tells = tells(&pack, &running, &step.step)?;
    it.members = members(tx, &pack, &running, tells, at)?;
    Ok(())
}
