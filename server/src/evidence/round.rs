//! A round of questions: opened in the transaction that lodges, asked by a job after it.

use super::{
    model,
    store::{self, Item},
};
use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    facts::{self, NewFact},
    gateway::{Failure, Question},
    house::House,
    matters::{self, Done, Fresh},
    problem::Error,
    signals,
    store::{
        Tx,
        jobs::{self, Job, NewJob, Setback},
    },
    vals,
};
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, ToSpan as _};
use karton_api::{
    Date, Id, Timestamp,
    applications::EvidenceState,
    persons::{Holder, SourceKind},
    value::{Evidence, Matter, Office, Officer, Person},
};
use karton_rules::pack::{Benefit, EvidenceOf, Pack, Service, SignalEvent, StepKind};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// The queue of the job that asks. Its payload is the matter's id.
pub const ASK: &str = "ask-registers";
/// So often a question is tried under its message id before it counts as silent.
const TRIES: u32 = 3;
/// A question that is held back, because its service failed several times in a row, waits so long at most.
const HELD_BACK: SignedDuration = SignedDuration::from_mins(2);
/// Why nobody may be asked.
pub(super) const NO_CONSENT: &str = "the applicant has not consented that data are inspected";
/// Why nobody can be asked.
pub(super) const NO_NUMBER: &str = "the person has no national number to ask by";
/// So many questions are under way at once for one matter.
const AT_ONCE: usize = 16;

/// What a round is opened for.
#[derive(Debug, Clone)]
pub struct Opening<'a> {
    /// The matter.
    pub matter: Id<Matter>,
    /// In whose name.
    pub office: Id<Office>,
    /// Names the services.
    pub benefit: &'a Benefit,
    /// Who applies.
    pub applicant: Id<Person>,
    /// The members of the household, the applicant among them.
    pub members: &'a [Id<Person>],
    /// People that facts of the claim name, by the fact's name.
    pub named: &'a [(String, Id<Person>)],
    /// The day of lodging: answers are true from it.
    pub lodged_on: Date,
    /// For which officer.
    pub officer: Option<Id<Officer>>,
    /// The id of the job, made before the transaction.
    pub job: Id<Job>,
}

/// Ids and messages follow from what is asked, so that a transaction that is run again asks the same.
fn derived(
    matter: Id<Matter>,
    service: &str,
    person: Id<Person>,
    round: i64,
    now: Timestamp,
) -> Id<Evidence> {
    let mut hash = Sha256::new();
    hash.update(matter.uuid().as_bytes());
    hash.update(service.as_bytes());
    hash.update(person.uuid().as_bytes());
    hash.update(round.to_be_bytes());
    let digest = hash.finalize();
    let mut random = [0; 10];
    random
        .iter_mut()
        .zip(digest.iter())
        .for_each(|(to, from)| *to = *from);
    Id::at(now, random)
}

/// Whether the applicant has refused that data are inspected: the claim's fact `consent`, answered no.
pub(super) fn refused(tx: &mut Tx, matter: Id<Matter>, now: Timestamp) -> Result<bool, Error> {
    let said = facts::known(tx, &[Holder::Claim(matter)], now)?;
    let newest = said
        .iter()
        .filter(|fact| fact.name == "consent")
        .max_by_key(|fact| (fact.recorded_at, fact.id));
    Ok(newest.is_some_and(|fact| fact.value == karton_api::FactValue::Bool(false)))
}

/// Opens the round inside the transaction that lodges: writes the questions and posts the job. Without anything to ask the evidence step is
/// left to the procedure's own guard.
pub fn open_round(tx: &mut Tx, pack: &Pack, opening: &Opening<'_>, now: Timestamp) -> Result<(), Error> {
    let mut place = 0;
    let refused = refused(tx, opening.matter, now)?;
    for need in &opening.benefit.evidence {
        if pack.service(&need.service).is_none() {
            continue;
        }
        let about: Vec<Id<Person>> = match &need.of {
            EvidenceOf::Applicant => vec![opening.applicant],
            EvidenceOf::Members => opening.members.to_vec(),
            EvidenceOf::Claim(fact) => opening
                .named
                .iter()
                .filter(|(name, _)| name == fact)
                .map(|(_, person)| *person)
                .collect(),
        };
        for person in about {
            let obstacle = match number_of(tx, person)? {
                _ if refused => Some(NO_CONSENT),
                None => Some(NO_NUMBER),
                Some(_) => None,
            };
            let item = Item {
                id: derived(opening.matter, &need.service, person, 0, now),
                matter: opening.matter,
                office: opening.office,
                person,
                service: need.service.clone(),
                state: if obstacle.is_none() {
                    EvidenceState::Waiting
                } else {
                    EvidenceState::Silent
                },
                message: derived(opening.matter, &need.service, person, 1, now).to_string(),
                round: 1,
                valid_from: opening.lodged_on,
                asked_at: now,
                asked_by: opening.officer,
                answered_at: None,
                tries: 0,
                facts: 0,
                contradicts: 0,
                problem: obstacle.map(str::to_owned),
            };
            store::insert(tx, &item, place)?;
            place += 1;
        }
    }
    post(tx, opening.matter, opening.job, now)
}

/// Posts the job that asks what is waiting.
pub(super) fn post(tx: &mut Tx, matter: Id<Matter>, job: Id<Job>, now: Timestamp) -> Result<(), Error> {
    jobs::post(tx, &NewJob::new(job, ASK, now).payload(matter.to_string()))?;
    Ok(())
}

/// Sets a question to be asked anew, with a new message.
pub(super) fn ask_anew(item: &mut Item, officer: Id<Officer>, now: Timestamp) {
    item.round += 1;
    item.message = derived(item.matter, &item.service, item.person, item.round, now).to_string();
    item.state = EvidenceState::Waiting;
    item.asked_at = now;
    item.asked_by = Some(officer);
    item.answered_at = None;
    item.tries = 0;
    item.problem = None;
}

/// The national number by which a person is asked about; none where there is none.
pub(super) fn number_of(tx: &mut Tx, person: Id<Person>) -> Result<Option<String>, Error> {
    Ok(tx
        .one("SELECT id_number FROM person WHERE id = $1", vals![person])?
        .get(0)?)
}

/// The job: asks everything of a matter that is waiting, all at once, and enters each answer as it arrives. Comes back later while something
/// is to be tried again. May be run twice: only what is waiting is asked, under the message id it had.
pub async fn ask(house: House, job: Job) -> Result<(), Setback> {
    let matter: Id<Matter> = job
        .payload
        .parse()
        .map_err(|_| Setback::Never("the payload is no matter's id".into()))?;
    let (mut again, mut held) = (0_u32, Vec::new());
    let mut only: Option<BTreeSet<String>> = None;
    loop {
        let (more, rests) = ask_waiting(&house, matter, only.as_ref()).await?;
        again += more;
        held.extend(rests);
        // Whoever was held back behind a service's trial need not wait when it answers again.
        let ready = |(service, _): &(String, Timestamp)| !house.gateway.is_left_alone(service);
        let services: BTreeSet<String> = held
            .iter()
            .filter(|it| ready(it))
            .map(|it| it.0.clone())
            .collect();
        if services.is_empty() {
            break;
        }
        held.retain(|it| !services.contains(&it.0));
        only = Some(services);
    }
    let why = || {
        format!(
            "{again} questions are to be asked again, {} are held back",
            held.len()
        )
    };
    match held.iter().map(|(_, until)| *until).min() {
        None if again == 0 => Ok(()),
        // Nothing failed this time: it is asked as soon as the service may be asked, not after pauses that grow.
        Some(until) if again == 0 => Err(Setback::Until(until, why())),
        _ => Err(Setback::Later(why())),
    }
}

/// Asks what is waiting (of these services only, where any are named), all at once; answers how many are to be asked again, and the services
/// of those that were held back, with until when.
async fn ask_waiting(
    house: &House,
    matter: Id<Matter>,
    only: Option<&BTreeSet<String>>,
) -> Result<(u32, Vec<(String, Timestamp)>), Setback> {
    let waiting = house
        .store
        .read(move |tx| {
            let mut waiting = Vec::new();
            for item in store::items(tx, matter)? {
                if item.state == EvidenceState::Waiting
                    && let Some(number) = number_of(tx, item.person)?
                {
                    waiting.push((item, number));
                }
            }
            Ok::<_, Error>(waiting)
        })
        .await
        .map_err(|error| Setback::Later(error.to_string()))?;
    let mut again = 0_u32;
    let mut rests = Vec::new();
    let waiting = waiting
        .into_iter()
        .filter(|(item, _)| only.is_none_or(|only| only.contains(&item.service)));
    let mut came = stream::iter(waiting)
        .map(|(item, number)| {
            let service = item.service.clone();
            async move { (service, ask_one(house, item, number).await) }
        })
        .buffer_unordered(AT_ONCE);
    while let Some((service, came)) = came.next().await {
        match came {
            Ok(Came::Settled) => {}
            Ok(Came::HeldBack(until)) => rests.push((service, until)),
            Ok(Came::Again) | Err(_) => again += 1,
        }
    }
    Ok((again, rests))
}

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// It is answered, or nobody asks any more.
    Settled,
    /// It is to be asked again.
    Again,
    /// It was not asked: the service is left alone until then.
    HeldBack(Timestamp),
}

/// Asks one question and enters what came.
async fn ask_one(house: &House, item: Item, number: String) -> Result<Came, Error> {
    let Some(service) = house.pack.service(&item.service) else {
        // The pack has changed since it was asked: nobody will answer.
        let gone = Err(Failure::Unusable(
            "the pack that is served has no such service".into(),
        ));
        let entered = enter(house, item, number, None, gone).await;
        house.evidence_changed.notify_waiters();
        return entered.map(|_| Came::Settled);
    };
    let today = house.clock.today();
    let months = service.period_months.map(|months| {
        let first = today.first_of_month();
        first.checked_sub(i64::from(months).months()).unwrap_or(first)
    });
    let question = Question {
        message: item.message.clone(),
        national_id: number.clone(),
        from: months,
        until: months.map(|_| today),
        user: item
            .asked_by
            .map_or_else(|| "system".to_owned(), |officer| officer.to_string()),
        issue: item.matter.to_string(),
    };
    let answer = house.gateway.ask(service, &question).await;
    let entered = enter(house, item, number, Some(service), answer).await;
    house.evidence_changed.notify_waiters();
    entered
}

/// Enters what came for a question that was asked by this national number.
async fn enter(
    house: &House,
    asked: Item,
    number: String,
    service: Option<&Service>,
    answer: Result<Option<serde_json::Map<String, serde_json::Value>>, Failure>,
) -> Result<Came, Error> {
    let now = house.clock.now();
    // It was not asked, so it has cost no try; but nobody waits for ever.
    let held_back = now.duration_since(asked.asked_at) < HELD_BACK;
    let (answer, tries) = match answer {
        Err(Failure::Resting { until, .. }) if held_back => return Ok(Came::HeldBack(until)),
        Err(Failure::Resting { last, .. }) => (Err(*last), TRIES),
        // What the pack no longer has is not asked again.
        answer if service.is_none() => (answer, TRIES),
        answer => (answer, asked.tries + 1),
    };
    let raw = match &answer {
        Ok(Some(members)) => serde_json::to_string(members).ok(),
        _ => None,
    };
    let outcome = answer.and_then(|members| {
        let facts = service.map(|service| model::facts_of(&house.pack, service, members.as_ref()));
        Ok((
            members.is_some(),
            facts
                .unwrap_or_else(|| Ok(Vec::new()))
                .map_err(Failure::Unusable)?,
        ))
    });
    let today = house.clock.today();
    let fresh_until = now
        .checked_add(SignedDuration::from_hours(
            24 * service.map_or(0, |service| i64::from(service.freshness_days)),
        ))
        .ok();
    let gives = service.map_or(0, |service| service.gives.len());
    let ids: Vec<Id<karton_api::value::Fact>> = (0..gives).map(|_| house.clock.id()).collect();
    let steps = Fresh::new(&house.clock);
    let (packs, actor) = (
        house.packs.clone(),
        Actor {
            officer: None,
            office: asked.office,
        },
    );
    let scope = Scope::under(asked.office);
    let (id, message, pack) = (asked.id, asked.message.clone(), house.pack.clone());
    audit::write(&house.store, actor, now, move |tx| {
        let entry = Entry::of("evidence-arrived")
            .person(asked.person)
            .matter(asked.matter)
            .value("service", &asked.service);
        // Whether all is in is asked of all items: two last answers must not each take the other for missing.
        tx.hold("matter", asked.matter)?;
        // Somebody may have replaced it, asked it anew or run this job twice meanwhile: then this answer comes too late.
        let Some(mut item) = store::one(tx, id)? else {
            return Ok((Came::Settled, entry.value("state", "gone")));
        };
        if item.state != EvidenceState::Waiting || item.message != message {
            return Ok((Came::Settled, entry.value("state", "late")));
        }
        // The matter was withdrawn or decided meanwhile: what is no longer needed is not kept.
        if matters::store::load(tx, &scope, item.matter)?.ended_at.is_some() {
            item.state = EvidenceState::Silent;
            item.problem = Some("the matter had ended before the answer came".into());
            store::save(tx, &item, None)?;
            return Ok((Came::Settled, entry.value("state", "late")));
        }
        // The person's number was corrected meanwhile: the answer is about whoever bears the number that was asked by.
        if number_of(tx, item.person)?.as_ref() != Some(&number) {
            item.problem = Some("the person's number was corrected while the service was asked".into());
            store::save(tx, &item, None)?;
            return Ok((Came::Again, entry.value("state", "other-number")));
        }
        item.tries = tries;
        let mut again = false;
        match &outcome {
            Ok((found, facts)) => {
                item.state = if *found {
                    EvidenceState::Answered
                } else {
                    EvidenceState::Nothing
                };
                item.answered_at = Some(now);
                item.problem = None;
                item.facts = u32::try_from(facts.len()).unwrap_or(u32::MAX);
                item.contradicts = contradicted(tx, &item, facts)?;
                for ((name, value), fact_id) in facts.iter().zip(&ids) {
                    let fact = NewFact {
                        id: *fact_id,
                        holder: Holder::Person(item.person),
                        name: name.clone(),
                        value: value.clone(),
                        from: item.valid_from,
                        until: None,
                        source: SourceKind::Register,
                        service: Some(item.service.clone()),
                        evidence: Some(item.id),
                        note: None,
                        fresh_until,
                        by: None,
                    };
                    facts::insert(tx, &fact, now)?;
                }
                signals::look(
                    tx,
                    &pack,
                    SignalEvent::Register,
                    (&scope, item.matter),
                    (today, now),
                )?;
            }
            Err(failure) => {
                let (state, problem) = match failure {
                    Failure::Silent(problem) => (EvidenceState::Silent, problem.as_str()),
                    Failure::Unusable(problem) => (EvidenceState::Unusable, problem.as_str()),
                    Failure::Resting { .. } => {
                        (EvidenceState::Silent, "the service is left alone for a moment")
                    }
                };
                item.problem = Some(problem.to_owned());
                again = item.tries < TRIES;
                if !again {
                    item.state = state;
                    item.answered_at = Some(now);
                }
            }
        }
        store::save(tx, &item, raw.as_deref())?;
        let all_in = store::items(tx, item.matter)?.iter().all(|item| {
            matches!(
                item.state,
                EvidenceState::Answered | EvidenceState::Nothing | EvidenceState::Replaced
            )
        });
        if all_in {
            let done = Done {
                by: None,
                at: now,
                on: today,
            };
            matters::complete_kind(
                tx,
                &packs,
                &scope,
                item.matter,
                StepKind::Evidence,
                done,
                &mut steps.clone(),
            )?;
        }
        let state = store::state_name(item.state);
        Ok((
            if again { Came::Again } else { Came::Settled },
            entry
                .value("state", state)
                .value("facts", item.facts)
                .value("tries", item.tries),
        ))
    })
    .await
}

/// How many facts of an answer say otherwise than the applicant declared.
fn contradicted(tx: &mut Tx, item: &Item, facts: &[(String, karton_api::FactValue)]) -> Result<u32, Error> {
    let declared = facts::known(tx, &[Holder::Person(item.person)], Timestamp::MAX)?;
    let count = facts
        .iter()
        .filter(|(name, value)| {
            let newest = declared
                .iter()
                .filter(|fact| fact.name == *name && fact.source == SourceKind::Declaration)
                .max_by_key(|fact| (fact.recorded_at, fact.id));
            newest.is_some_and(|fact| fact.value != *value)
        })
        .count();
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
