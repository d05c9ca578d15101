//! The job that compares whoever is due with those who share a key.
//!
//! Batch by batch, each in short transactions of its own, so that the counter works on meanwhile; memory is bounded by the batch and by how
//! many may share a key. A job that dies leaves its batch due.

use super::store::{self, NewPair};
use crate::{
    access::Actor,
    audit::{self, Entry},
    facts,
    house::House,
    persons::{self, likeness},
    problem::Error,
    store::{
        Tx,
        jobs::{self, Job, NewJob, Setback},
    },
};
use karton_api::{Id, value::Person};
use karton_likeness::{Card, POSSIBLE, score};
use std::collections::{BTreeMap, BTreeSet};

/// So many people are taken up at once.
const BATCH: usize = 500;
/// So many of them are compared in one read.
const COMPARED: usize = 50;

/// Compares everybody who is due.
pub async fn look(house: House, _job: Job) -> Result<(), Setback> {
    while batch(&house)
        .await
        .map_err(|error| Setback::Later(error.to_string()))?
    {}
    Ok(())
}

/// Calls for the job where somebody is due and nobody has called: facts that arrived, people who were loaded, a store from before.
pub async fn call_if_due(house: &House) -> Result<(), Error> {
    if !house.store.read(likeness::any_due).await? {
        return Ok(());
    }
    let (id, now) = (house.clock.id(), house.clock.now());
    house
        .store
        .write(move |tx| {
            jobs::post(tx, &NewJob::new(id, likeness::LOOK, now).once("due"))?;
            Ok(())
        })
        .await
}

/// One batch; `false` when nobody is due any more.
async fn batch(house: &House) -> Result<bool, Error> {
    let now_known = |tx: &mut Tx| {
        let due = likeness::due(tx, BATCH)?;
        let people: Vec<Id<Person>> = due.iter().map(|due| due.person).collect();
        let lives = facts::store::lives(tx, &people)?;
        let cards = likeness::cards_now(tx, &people, &lives)?;
        Ok::<_, Error>((due, people, cards))
    };
    let (due, people, cards) = house.store.read(now_known).await?;
    if due.is_empty() {
        return Ok(false);
    }
    // What follows from the cards is no act of anybody: no entry. The pairs found are one.
    let kept = (people.clone(), cards.clone());
    house
        .store
        .write(move |tx| likeness::keep(tx, &kept.0, &kept.1))
        .await?;
    let mut pairs: BTreeMap<(Id<Person>, Id<Person>), NewPair> = BTreeMap::new();
    let compared: Vec<(Id<Person>, Card)> = cards.into_iter().collect();
    for some in compared.chunks(COMPARED) {
        let (some, house_) = (some.to_vec(), house.clone());
        for pair in house.store.read(move |tx| alike(tx, &some, &house_)).await? {
            pairs.insert((pair.one, pair.other), pair);
        }
    }
    let (pairs, now): (Vec<NewPair>, _) = (pairs.into_values().collect(), house.clock.now());
    let top = house.offices.top().ok_or_else(|| Error::fault("no office"))?.id;
    let actor = Actor {
        officer: None,
        office: top,
    };
    house
        .store
        .write(move |tx| {
            let new = store::replace(tx, &people, &pairs, now)?;
            likeness::done(tx, &due)?;
            if new > 0 {
                let entry = Entry::of("likenesses-found")
                    .value("people", people.len())
                    .value("pairs", new);
                audit::append(tx, actor, now, &entry)?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(true)
}

/// Who is alike to each of these.
fn alike(tx: &mut Tx, some: &[(Id<Person>, Card)], house: &House) -> Result<Vec<NewPair>, Error> {
    let mut sharing: Vec<BTreeSet<Id<Person>>> = Vec::with_capacity(some.len());
    for (_, card) in some {
        sharing.push(likeness::sharing(tx, card)?);
    }
    let others: BTreeSet<Id<Person>> = sharing.iter().flatten().copied().collect();
    let others: Vec<Id<Person>> = others.into_iter().collect();
    let cards = likeness::kept(tx, &others)?;
    let rarity = likeness::rarity(tx, some.iter().map(|(_, card)| card))?;
    let mut pairs = Vec::new();
    for ((person, card), sharing) in some.iter().zip(sharing) {
        for other in sharing.into_iter().filter(|other| other != person) {
            let Some(other_card) = cards.get(&other) else {
                continue;
            };
            let found = score(card, other_card, &rarity);
            if found.bits >= POSSIBLE {
                pairs.push(NewPair {
                    id: house.clock.id(),
                    one: *person.min(&other),
                    other: other.max(*person),
                    bits: found.bits,
                    reasons: persons::likeness_reasons(&found),
                });
            }
        }
    }
    Ok(pairs)
}
