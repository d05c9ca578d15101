//! What a case stands at follows its steps, whoever moved them: a message of another institution, a lapsed term, a step that is done by hand.

use super::{desk, store};
use crate::{
    access::{Actor, Scope},
    audit,
    house::House,
    problem::Error,
    store::jobs::{Job, Setback},
};
use karton_api::{Id, value};

/// The job: the phase and the next term of a case are those of its open steps, and these are with whoever leads it.
pub async fn follow(house: House, job: Job) -> Result<(), Setback> {
    let id: Id<value::Case> = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no case's id".into()))?;
    match followed(&house, id).await {
        Ok(()) | Err(Error::Missing) => Ok(()),
        Err(error) => Err(Setback::Later(error.to_string())),
    }
}

async fn followed(house: &House, id: Id<value::Case>) -> Result<(), Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let top = house.offices.top().ok_or_else(|| Error::fault("no office"))?.id;
    let scope = Scope::under(top);
    let it = house.store.read(move |tx| store::load(tx, &scope, id)).await?;
    let actor = Actor {
        officer: None,
        office: it.office,
    };
    let packs = house.packs.clone();
    audit::write(&house.store, actor, now, move |tx| {
        tx.hold("social_case", id)?;
        let mut it = store::load(tx, &scope, id)?;
        let before = (it.phase.clone(), it.due_on);
        desk::settle(tx, &packs, &mut it, today)?;
        if before != (it.phase.clone(), it.due_on) {
            store::save(tx, &mut it)?;
        }
        Ok(((), desk::entry("case-followed", &it)))
    })
    .await
}
