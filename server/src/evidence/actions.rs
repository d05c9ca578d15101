//! What an officer can do with evidence: see the round, ask again, replace a silent register by a document.

use super::{
    round,
    store::{self, Item},
};
use crate::{
    access::{May, ReadDossiers, Scope, TakeApplications},
    audit::{self, Entry},
    facts::{self, NewFact, values},
    house::House,
    matters::{self, Done, Fresh},
    persons,
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Id,
    applications::{EvidenceItem, EvidenceRound, EvidenceState, ReplaceEvidence},
    assessments::AnswerOf,
    common::Texts,
    persons::{Holder, PersonCard, SourceKind},
    value::{Evidence, Matter, Person},
};
use karton_rules::pack::{HolderKind, Pack, StepKind};
use std::time::Duration;
use tokio::time::Instant;

/// The counter's request never waits longer for the registers, its own writing included.
const PATIENCE: Duration = Duration::from_millis(1_800);

fn show(pack: &Pack, card: PersonCard, item: &Item) -> EvidenceItem {
    let service = pack.service(&item.service);
    let institution = service
        .and_then(|service| pack.codes.get("institutions")?.entry(&service.institution))
        .map_or_else(Texts::new, |entry| entry.name.to_map());
    EvidenceItem {
        id: item.id,
        service: item.service.clone(),
        name: service.map_or_else(Texts::new, |service| service.name.0.clone()),
        institution,
        person: card,
        state: item.state,
        asked_at: item.asked_at,
        answered_at: item.answered_at,
        message: item.message.clone(),
        tries: item.tries,
        gives: service.map_or_else(Vec::new, |service| {
            service.gives.iter().map(|gives| gives.fact.clone()).collect()
        }),
        facts: item.facts,
        contradicts: item.contradicts,
        problem: item.problem.clone(),
    }
}

fn see(tx: &mut Tx, pack: &Pack, scope: &Scope, matter: Id<Matter>) -> Result<EvidenceRound, Error> {
    matters::store::load(tx, scope, matter)?;
    let items = store::items(tx, matter)?;
    let mut people: Vec<Id<Person>> = items.iter().map(|item| item.person).collect();
    people.sort_unstable();
    people.dedup();
    let cards = persons::store::cards(tx, scope, &people)?;
    let items: Vec<EvidenceItem> = items
        .iter()
        .filter_map(|item| {
            Some(show(
                pack,
                cards.iter().find(|card| card.id == item.person)?.clone(),
                item,
            ))
        })
        .collect();
    let complete = items.iter().all(|item| item.state != EvidenceState::Waiting);
    Ok(EvidenceRound { items, complete })
}

/// The round of a matter within the scope.
pub async fn round_of(
    may: &May<ReadDossiers>,
    house: &House,
    matter: Id<Matter>,
) -> Result<EvidenceRound, Error> {
    let (scope, pack) = (may.scope(), house.pack.clone());
    house.store.read(move |tx| see(tx, &pack, &scope, matter)).await
}

/// Asks again what is silent, unusable or past its freshness, and answers as soon as all is in, at the latest after 1.8 seconds with what is
/// there. Refuses with `StepNotOpen` where the matter has ended.
pub async fn ask_again(
    may: &May<TakeApplications>,
    house: &House,
    matter: Id<Matter>,
) -> Result<EvidenceRound, Error> {
    let patience = Instant::now() + PATIENCE;
    let now = house.clock.now();
    let job = house.clock.id();
    let (scope, pack, officer) = (may.scope(), house.pack.clone(), may.officer());
    // What is told is how the answers stand a moment later, so nothing is kept of it here; asking again asks the same.
    audit::write(&house.store, may.actor(), now, move |tx| {
        let running = matters::store::load(tx, &scope, matter)?;
        crate::persons::not_own(tx, officer, running.person)?;
        if running.ended_at.is_some() {
            return Err(Refusal::StepNotOpen.into());
        }
        let (mut asked, mut waiting) = (0, false);
        let refused = round::refused(tx, matter, now)?;
        for mut item in store::items(tx, matter)? {
            // What the pack no longer has cannot be asked.
            let Some(service) = pack.service(&item.service) else {
                continue;
            };
            let fresh = i64::from(service.freshness_days) * 86_400;
            let stale = item
                .answered_at
                .is_some_and(|at| now.as_second() - at.as_second() >= fresh);
            let again = match item.state {
                EvidenceState::Silent | EvidenceState::Unusable => true,
                EvidenceState::Answered | EvidenceState::Nothing => stale,
                EvidenceState::Waiting | EvidenceState::Replaced => false,
            };
            let obstacle = match round::number_of(tx, item.person)? {
                _ if refused => Some(round::NO_CONSENT),
                None => Some(round::NO_NUMBER),
                Some(_) => None,
            };
            if let (true, Some(obstacle)) = (again, obstacle) {
                // Nobody would answer, or may be asked: the question would wait for ever.
                item.problem = Some(obstacle.into());
                store::save(tx, &item, None)?;
            } else if again {
                round::ask_anew(&mut item, officer, now);
                store::save(tx, &item, None)?;
                asked += 1;
            }
            waiting |= item.state == EvidenceState::Waiting;
        }
        if waiting {
            round::post(tx, matter, job, now)?;
        }
        Ok((
            (),
            Entry::of("evidence-asked")
                .person(running.person)
                .matter(matter)
                .value("questions", asked),
        ))
    })
    .await?;
    let (scope, pack) = (may.scope(), house.pack.clone());
    let look = move || {
        let pack = pack.clone();
        house.store.read(move |tx| see(tx, &pack, &scope, matter))
    };
    let wait = async {
        loop {
            let changed = house.evidence_changed.notified();
            tokio::pin!(changed);
            // Registered before looking, so that an answer between the look and the wait is not missed.
            changed.as_mut().enable();
            let round = look().await?;
            if round.complete {
                return Ok(round);
            }
            changed.await;
        }
    };
    match tokio::time::timeout_at(patience, wait).await {
        Ok(round) => round,
        Err(_) => look().await,
    }
}

/// Writes in from a document what a register did not say. The facts must be ones this service gives, about this person.
pub async fn replace(
    may: &May<TakeApplications>,
    house: &House,
    matter: Id<Matter>,
    id: Id<Evidence>,
    body: ReplaceEvidence,
) -> Result<EvidenceRound, Error> {
    let document = body.document.trim().to_owned();
    if !(3..=500).contains(&document.chars().count()) {
        return Err(Error::field(
            "/document",
            "length",
            "name the document in 3 to 500 characters: title, number, date",
        ));
    }
    if body.facts.len() > 50 {
        return Err(Error::field("/facts", "too-many", "at most 50 facts"));
    }
    let (now, today) = (house.clock.now(), house.clock.today());
    let ids: Vec<Id<karton_api::value::Fact>> = body.facts.iter().map(|_| house.clock.id()).collect();
    let steps = Fresh::new(&house.clock);
    let (scope, officer, pack, packs) = (
        may.scope(),
        may.officer(),
        house.pack.clone(),
        house.packs.clone(),
    );
    let round = audit::tell(&house.store, may.actor(), now, move |tx| {
        let running = matters::store::load(tx, &scope, matter)?;
        crate::persons::not_own(tx, officer, running.person)?;
        tx.hold("matter", matter)?;
        let mut item = store::one(tx, id)?
            .filter(|item| item.matter == matter)
            .ok_or(Error::Missing)?;
        if running.ended_at.is_some()
            || matches!(item.state, EvidenceState::Answered | EvidenceState::Nothing)
        {
            return Err(Refusal::StepNotOpen.into());
        }
        let gives: Vec<&str> = pack
            .service(&item.service)
            .map(|service| service.gives.iter().map(|gives| gives.fact.as_str()).collect())
            .unwrap_or_default();
        let mut errors = Vec::new();
        for (place, answer) in body.facts.iter().enumerate() {
            let mut wrong = |member: &str, code: &str, message: &str| {
                errors.push(karton_api::problem::FieldError {
                    pointer: format!("/facts/{place}/{member}"),
                    code: code.into(),
                    message: message.into(),
                });
            };
            if answer.of != AnswerOf::Person(item.person) {
                wrong("of", "differs", "the register was asked about another person");
            }
            match pack
                .fact(HolderKind::Person, &answer.fact)
                .filter(|_| gives.contains(&answer.fact.as_str()))
            {
                Some(def) => errors.extend(values::check_typed(
                    &pack,
                    def,
                    &answer.value,
                    &format!("/facts/{place}/value/value"),
                )),
                None => wrong("fact", "unknown", "this register does not speak about that"),
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        for (answer, fact) in body.facts.iter().zip(&ids) {
            let new = NewFact {
                id: *fact,
                holder: Holder::Person(item.person),
                name: answer.fact.clone(),
                value: answer.value.clone(),
                from: item.valid_from,
                until: None,
                source: SourceKind::Document,
                service: None,
                evidence: Some(item.id),
                note: Some(document.clone()),
                fresh_until: None,
                by: Some(officer),
            };
            facts::insert(tx, &new, now)?;
        }
        item.state = EvidenceState::Replaced;
        item.answered_at = Some(now);
        item.facts = u32::try_from(body.facts.len()).unwrap_or(0);
        store::save(tx, &item, None)?;
        store::save_document(tx, item.id, &document)?;
        let all_in = store::items(tx, matter)?.iter().all(|item| {
            matches!(
                item.state,
                EvidenceState::Answered | EvidenceState::Nothing | EvidenceState::Replaced
            )
        });
        if all_in {
            let done = Done {
                by: Some(officer),
                at: now,
                on: today,
            };
            matters::complete_kind(
                tx,
                &packs,
                &scope,
                matter,
                StepKind::Evidence,
                done,
                &mut steps.clone(),
            )?;
        }
        let entry = Entry::of("evidence-replaced")
            .person(item.person)
            .matter(matter)
            .value("service", &item.service);
        Ok((see(tx, &pack, &scope, matter)?, entry))
    })
    .await?;
    house.evidence_changed.notify_waiters();
    Ok(round)
}
