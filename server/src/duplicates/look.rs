//! The job that compares whoever is due with those who share a key.
//!
//! Batch by batch; memory is bounded by the batch and by how many may share a key. What is written goes in transactions of a few people, one
//! after the other and never two at once, so that on the engine with one writer the counter waits for a few rows at most; what is read is cut
//! small for the same reason. A job that dies leaves due whoever was not done.

use super::store::{self, NewPair};
use crate::{
    access::Actor,
    audit::{self, Entry},
    facts,
    house::House,
    persons::{self, likeness},
    problem::Error,
    store::{
        Dialect, Tx,
        jobs::{self, Job, NewJob, Setback},
    },
};
use karton_api::{Id, value::Person};
use karton_likeness::{Card, POSSIBLE, score};
use std::collections::{BTreeMap, BTreeSet};

/// So many people are taken up at once.
const BATCH: usize = 200;
/// So many of them are written in one transaction: some four hundred rows, a few milliseconds.
const WRITTEN: usize = 20;

/// So many are compared in one read. SQLite reads on a thread that serves the counter; PostgreSQL answers over a wire and is asked for more.
fn compared_at_once(house: &House) -> usize {
    match house.store.dialect() {
        Dialect::Sqlite => 4,
        Dialect::Postgres => 50,
    }
}

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
    for some in people.chunks(WRITTEN) {
        let some = some.to_vec();
        let kept: BTreeMap<Id<Person>, Card> = some
            .iter()
            .filter_map(|person| Some((*person, cards.get(person)?.clone())))
            .collect();
        house
            .store
            .write(move |tx| likeness::keep(tx, &some, &kept))
            .await?;
    }
    let mut pairs: BTreeMap<(Id<Person>, Id<Person>), NewPair> = BTreeMap::new();
    let compared: Vec<(Id<Person>, Card)> = cards.into_iter().collect();
    for some in compared.chunks(compared_at_once(house)) {
        let (some, house_) = (some.to_vec(), house.clone());
        for pair in house.store.read(move |tx| alike(tx, &some, &house_)).await? {
            pairs.insert((pair.one, pair.other), pair);
        }
        tokio::task::yield_now().await;
    }
    let now = house.clock.now();
    let top = house.offices.top().ok_or_else(|| Error::fault("no office"))?.id;
    let actor = Actor {
        officer: None,
        office: top,
    };
    for some in due.chunks(WRITTEN) {
        let some = some.to_vec();
        let people: Vec<Id<Person>> = some.iter().map(|due| due.person).collect();
        let of_them = |pair: &&NewPair| people.contains(&pair.one) || people.contains(&pair.other);
        let pairs: Vec<NewPair> = pairs.values().filter(of_them).cloned().collect();
        house
            .store
            .write(move |tx| {
                let new = store::replace(tx, &people, &pairs, now)?;
                likeness::done(tx, &some)?;
                if new > 0 {
                    let entry = Entry::of("likenesses-found")
                        .value("people", people.len())
                        .value("pairs", new);
                    audit::append(tx, actor, now, &entry)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
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
