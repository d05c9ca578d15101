//! Lodging: what was typed becomes declared facts, the number is drawn, the matter begins and the registers are asked, in one transaction.

use super::{
    actions::{self, Desk},
    model::Lodged,
    store::{self, Application},
};
use crate::{
    access::{May, TakeApplications},
    assessments::{self, Shown},
    audit::{self, Entry},
    awards,
    evidence::{self, Opening},
    facts::{self, NewFact},
    house::House,
    matters::{self, Matter},
    persons,
    problem::{Error, Refusal},
    store::{Tx, numbers},
};
use karton_api::{
    Date, FactValue, Id,
    applications::{self as wire, Status},
    assessments::{Answer, AnswerOf},
    dossiers::Overlap,
    persons::{AddMember, Holder, SourceKind},
    value::{self, Fact, Household, Person},
};
use karton_rules::{
    assess, calendar,
    pack::{Benefit, HolderKind, LegalAct, Pack, StepKind},
};
use sha2::{Digest as _, Sha256};

/// Lodges a draft, or the completion that was asked for, and answers at once with the status. Refuses with `AlreadyRunning`, `NotADraft`,
/// `OwnDossier`; with the fields that are missing or cannot be taken.
pub(super) async fn lodge(
    may: &May<TakeApplications>,
    house: &House,
    id: Id<value::Application>,
) -> Result<wire::Lodged, Error> {
    let desk = Desk::of(may, house);
    let job = house.clock.id();
    let at = desk.clone();
    let (lodged, overlaps) = audit::write(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = at.load(tx, id)?;
        let first = it.stage.lodged().is_none();
        it.stage = it.stage.clone().lodge(Lodged {
            at: at.now,
            on: at.today,
        })?;
        let pack = &at.house.pack;
        let (benefit, form) = actions::catalogue(pack, &it.benefit)?;
        actions::check(&at, tx, form, &it, &it.answers)?;
        let gathered = assessments::gather(tx, pack, &at.scope, &at.about(&it), &it.answers)?;
        let unfilled = assessments::missing_required(pack, form, &gathered, &it.answers);
        if !unfilled.is_empty() {
            return Err(Error::Invalid(unfilled));
        }
        let people = gathered.household_people();
        crate::users::not_own(tx, at.session.officer, &people)?;
        let same_right = if benefit.unit == HolderKind::Household {
            people.as_slice()
        } else {
            &people[..1]
        };
        // Two counters may lodge for the same people at the same moment.
        let mut held = people.clone();
        held.sort();
        for person in held {
            tx.hold("person", person)?;
        }
        if store::running(tx, same_right, &it.benefit, id)? {
            return Err(Refusal::AlreadyRunning.into());
        }
        it.household = match gathered.household {
            Some(household) => Some(household),
            None => alone(tx, &at, &it)?,
        };
        declare(tx, &at, &it)?;
        let overlaps = awards::overlaps(
            tx,
            pack,
            &gathered.people[..gathered.members],
            it.applicant,
            benefit,
            at.today,
        )?;
        if !overlaps.is_empty() {
            // Looking into other offices' awards is an exception with an entry of its own.
            let entry = Entry::of("overlaps-seen")
                .person(it.applicant)
                .matter(id)
                .value("lines", overlaps.len());
            audit::append(tx, at.actor(), at.now, &entry)?;
        }
        if first {
            begin(tx, &at, &mut it, pack, benefit)?;
            let opening = Opening {
                matter: id.cast(),
                office: it.office,
                benefit,
                applicant: it.applicant,
                members: &people,
                named: &named(&it.answers),
                lodged_on: at.today,
                officer: Some(at.session.officer),
                job,
            };
            evidence::open_round(tx, pack, &opening, at.now)?;
            // Numbers are drawn last: the series stays locked until the commit.
            let number = number(tx, &at, &it, "Z")?;
            matters::store::set_number(tx, id.cast(), &number)?;
            it.number = Some(number);
        } else {
            complete(tx, &at, &it)?;
        }
        store::save(tx, &mut it)?;
        let entry = Entry::of("lodged").person(it.applicant).matter(id);
        Ok((
            (it.clone(), overlaps),
            entry.value("benefit", &it.benefit).value("first", first),
        ))
    })
    .await?;
    house
        .store
        .read(move |tx| answer(tx, &desk, &lodged, &overlaps))
        .await
}

/// A number for people: `CSR-01-Z-2025/18`, from the series of the legal body and the year.
pub fn number(tx: &mut Tx, desk: &Desk, it: &Application, class: &str) -> Result<String, Error> {
    let body = desk
        .house
        .offices
        .body(it.office)
        .ok_or_else(|| Error::fault("an office without a legal body"))?;
    let year = desk.today.year();
    let number = numbers::draw(tx, &body.code, class, year)?;
    Ok(format!("{}-{class}-{year}/{number}", body.code))
}

/// The matter begins; the step that lodging completes is done at once.
fn begin(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Application,
    pack: &Pack,
    benefit: &Benefit,
) -> Result<(), Error> {
    let procedure = pack
        .procedure(&benefit.procedure)
        .ok_or_else(|| Error::fault(format!("no procedure `{}`", benefit.procedure)))?;
    let matter = Matter {
        id: it.id.cast(),
        revision: 1,
        office: it.office,
        procedure: procedure.id.clone(),
        version: procedure.version,
        pack: pack.hash.clone(),
        person: it.applicant,
        benefit: Some(it.benefit.clone()),
        number: None,
        begun_at: desk.now,
        begun_on: desk.today,
        ended_at: None,
    };
    let decision = procedure
        .steps
        .iter()
        .find(|step| step.act == Some(LegalAct::Decide))
        .and_then(|step| step.due);
    it.due_on = decision.map(|due| calendar::due_on(desk.today, due, pack));
    let mut fresh = desk.fresh();
    matters::begin(tx, pack, matter, &mut fresh)?;
    matters::advance(
        tx,
        &desk.house.packs,
        &desk.scope,
        it.id.cast(),
        LegalAct::Lodge,
        desk.done(),
        &mut fresh,
    )
}

/// The applicant has completed what was asked for: the matter goes on with the evidence, which is done where nothing is open.
fn complete(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<(), Error> {
    let (packs, scope, id) = (&desk.house.packs, &desk.scope, it.id.cast());
    let mut fresh = desk.fresh();
    let open = matters::open_steps(tx, packs, scope, id)?;
    if open.iter().any(|step| step.act == Some(LegalAct::Lodge)) {
        matters::advance(tx, packs, scope, id, LegalAct::Lodge, desk.done(), &mut fresh)?;
    } else {
        matters::complete_kind(tx, packs, scope, id, StepKind::Form, desk.done(), &mut fresh)?;
    }
    if evidence::unanswered(tx, id)?.is_empty() {
        matters::complete_kind(tx, packs, scope, id, StepKind::Evidence, desk.done(), &mut fresh)?;
    }
    Ok(())
}

/// Ids that follow from what is written, so that a transaction that is run again writes the same.
fn derived<T>(it: &Application, what: &str, place: usize, now: karton_api::Timestamp) -> Id<T> {
    let mut hash = Sha256::new();
    hash.update(it.id.uuid().as_bytes());
    hash.update(it.revision.to_be_bytes());
    hash.update(what.as_bytes());
    hash.update(place.to_be_bytes());
    let mut random = [0; 10];
    random
        .iter_mut()
        .zip(hash.finalize().iter())
        .for_each(|(to, from)| *to = *from);
    Id::at(now, random)
}

/// Whoever applies alone and says something about the household begins a household of one.
fn alone(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<Option<Id<Household>>, Error> {
    if it.answers.iter().all(|answer| answer.of != AnswerOf::Household) {
        return Ok(None);
    }
    let id: Id<Household> = derived(it, "household", 0, desk.now);
    let office = persons::store::holding_office(tx, &desk.scope, it.applicant)?;
    persons::insert_household(tx, id, office)?;
    let head = AddMember {
        person: it.applicant,
        relationship: "self".to_owned(),
        from: desk.today,
    };
    persons::insert_member(tx, derived(it, "member", 0, desk.now), id, &head, desk.now)?;
    Ok(Some(id))
}

/// Writes what is typed as declared facts; what was declared in the same words before stands already.
fn declare(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<(), Error> {
    let mut known: Vec<(Holder, Vec<facts::Stored>)> = Vec::new();
    for (place, answer) in it.answers.iter().enumerate() {
        let holder = match answer.of {
            AnswerOf::Person(id) => Holder::Person(id),
            AnswerOf::Household => Holder::Household(
                it.household
                    .ok_or_else(|| Error::fault("a household without an id"))?,
            ),
            AnswerOf::Claim => Holder::Claim(it.id.cast()),
        };
        if known.iter().all(|(of, _)| *of != holder) {
            known.push((holder, facts::known(tx, &[holder], desk.now)?));
        }
        let declared = known
            .iter()
            .filter(|(of, _)| *of == holder)
            .flat_map(|(_, facts)| facts)
            .filter(|fact| {
                fact.name == answer.fact && fact.source == SourceKind::Declaration && fact.until.is_none()
            })
            .max_by_key(|fact| (fact.recorded_at, fact.id));
        if declared.is_some_and(|fact| fact.value == answer.value && fact.from <= desk.today) {
            continue;
        }
        let new = NewFact {
            id: derived::<Fact>(it, "fact", place, desk.now),
            holder,
            name: answer.fact.clone(),
            value: answer.value.clone(),
            from: desk.today,
            until: None,
            source: SourceKind::Declaration,
            service: None,
            evidence: None,
            note: None,
            fresh_until: None,
            by: Some(desk.session.officer),
        };
        facts::insert(tx, &new, desk.now)?;
    }
    Ok(())
}

/// People that the claim names, by the fact's name.
fn named(answers: &[Answer]) -> Vec<(String, Id<Person>)> {
    let named = answers.iter().filter(|answer| answer.of == AnswerOf::Claim);
    named
        .filter_map(|answer| match answer.value {
            FactValue::Person(id) => Some((answer.fact.clone(), id)),
            _ => None,
        })
        .collect()
}

/// The status: what is known at this moment.
fn answer(tx: &mut Tx, desk: &Desk, it: &Application, overlaps: &[Overlap]) -> Result<wire::Lodged, Error> {
    let pack = &desk.house.pack;
    let (benefit, _) = actions::catalogue(pack, &it.benefit)?;
    let gathered = assessments::gather(tx, pack, &desk.scope, &desk.about(it), &[])?;
    let trace = assess::assess(pack, &it.benefit, &gathered.input).ok_or(Error::Missing)?;
    let shown = Shown {
        pack,
        input: &gathered.input,
        learnt: &gathered.learnt,
    };
    let assessment = shown.assessment(&trace);
    let asked = |fact: &str| {
        benefit
            .evidence
            .iter()
            .filter_map(|need| pack.service(&need.service))
            .any(|it| it.gives.iter().any(|gives| gives.fact == fact))
    };
    let missing = assessment
        .missing
        .iter()
        .filter(|missing| !asked(&missing.fact))
        .cloned()
        .collect();
    let mut services: Vec<String> = Vec::new();
    for need in &benefit.evidence {
        if !services.contains(&need.service) {
            services.push(need.service.clone());
        }
    }
    let lodged_on: Date = it.stage.lodged().map_or(desk.today, |lodged| lodged.on);
    Ok(wire::Lodged {
        application: desk.see(tx, it)?,
        status: Status {
            overlaps: overlaps.to_vec(),
            assessment,
            missing,
            services,
            due_on: it.due_on.unwrap_or(lodged_on),
        },
    })
}
