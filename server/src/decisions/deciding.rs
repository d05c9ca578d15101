//! The two officers: recommending and deciding.

use super::{
    amendments, confirmations,
    granting::{self, Granted, Granting},
    letter_input::{self, Decided},
    model,
    store::{self, Decision},
    wording,
};
use crate::{
    access::{Decide as MayDecide, May, Recommend as MayRecommend},
    applications::{self, Act, Application, Desk, Settled, Stage},
    assessments::{self, Stored},
    audit::{self, Entry},
    awards::{self, Asked, NewAward},
    house::House,
    matters,
    notices::{self, NewNotice},
    problem::{Error, Refusal},
    signals,
    store::{
        Tx,
        jobs::{self, NewJob},
    },
    users,
};
use karton_api::{
    FactValue, Id,
    applications::{self as wire, AmountSet, Decide, Recommend, Recommendation},
    assessments::Outcome,
    decisions::LetterState,
    value,
};
use karton_rules::{
    assess::Input,
    pack::{Benefit, BenefitKind, HolderKind, LegalAct, Pack, SignalEvent, StepKind},
};

/// The queue of the job that makes a decision's letter. Its payload is the decision's id.
pub const MAKE_LETTER: &str = "make-letter";

/// A right is not granted twice, nor beside what excludes it: refuses with `AlreadyAwarded` where such an award runs. Holds the people, so that two
/// decisions at the same moment see each other.
pub(super) fn nothing_in_the_way(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    stored: &Stored,
) -> Result<(), Error> {
    let pack = desk.house.packs.version(tx, &stored.trace.pack_hash)?;
    let benefit = pack
        .benefit(&it.benefit)
        .ok_or_else(|| Error::fault("a benefit that the pack does not have"))?;
    let people = match benefit.unit {
        HolderKind::Household => stored.household_people(),
        _ => vec![it.applicant],
    };
    let mut held = people.clone();
    held.extend(on_account_of(benefit, &stored.input));
    held.sort_unstable();
    for person in &held {
        tx.hold("person", *person)?;
    }
    let from = stored
        .trace
        .term
        .as_ref()
        .map_or(stored.trace.on, |term| term.starts);
    let asked = Asked {
        benefit,
        applicant: it.applicant,
        about: on_account_of(benefit, &stored.input),
    };
    let own = match it.organisation {
        Some(asks) => awards::held_by(tx, (asks, it.applicant), asked.about, &benefit.code, from)?,
        None => false,
    };
    if own || awards::in_the_way(tx, &pack, &people, asked, from)? {
        return Err(Refusal::AlreadyAwarded.into());
    }
    Ok(())
}

/// The most awards that give way to one right.
const MOST_WAYS: usize = 8;

/// Desks and ids for the awards that may give way, made before the transaction.
pub(super) type Ways = Vec<(Desk, amendments::Ids)>;

/// As many as there may be.
pub(super) fn ways(desk: &Desk, house: &House) -> Ways {
    (0..MOST_WAYS)
        .map(|_| (desk.beside(), amendments::Ids::new(house)))
        .collect()
}

/// Ends what gives way to the right that is granted now.
pub(super) fn give_way(
    tx: &mut Tx,
    pack: &Pack,
    it: &Application,
    (settled, ways): (&Settled, &Ways),
    (recommendation, granting, number): (&Recommendation, &Granting, &str),
) -> Result<(), Error> {
    let Some(starts) = granting.starts else {
        return Ok(());
    };
    let words = letter_input::benefit_and_number(pack, &it.benefit, number);
    for (way, (beside, ids)) in settled.gives_way.iter().zip(ways) {
        let way = amendments::Way {
            award: way.award,
            ends: way.ends,
            starts,
            first: (recommendation.by.id, recommendation.at),
            words: &words,
        };
        amendments::give_way(tx, beside, *ids, &way)?;
    }
    Ok(())
}

/// The first day of what was assessed.
fn first_day(stored: &Stored) -> karton_api::Date {
    (stored.trace.term.as_ref()).map_or(stored.trace.on, |term| term.starts)
}

/// What was chosen beside it. A refusal because the person keeps another right says so in words, as no condition does: a missing paragraph is an error
/// at its field.
pub(super) fn settled(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    stored: &Stored,
    outcome: Outcome,
    paragraph: Option<&str>,
) -> Result<Settled, Error> {
    let pack = desk.house.packs.version(tx, &stored.trace.pack_hash)?;
    let found = applications::settled(tx, &pack, it, (&stored.input, &stored.trace), outcome)?;
    if found.gives_way.len() > MOST_WAYS {
        return Err(Refusal::AlreadyAwarded.into());
    }
    let refused = outcome == Outcome::Refuse && stored.trace.outcome != karton_rules::assess::Outcome::Refuse;
    if found.kept && refused && paragraph.is_none() {
        return Err(Error::field(
            "/paragraph",
            "required",
            "Say in a paragraph that the person keeps the other right: no condition says so.",
        ));
    }
    Ok(found)
}

/// Whom the claim names as the one on whose account the benefit is granted.
fn on_account_of(benefit: &Benefit, input: &Input) -> Option<Id<value::Person>> {
    match input.claim.get(benefit.about.as_ref()?)?.value {
        FactValue::Person(person) => Some(person),
        _ => None,
    }
}

/// The newest assessment of an application, if it is the one named and nothing was learnt since: `AssessmentOutdated` otherwise.
fn assessment(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    named: Id<value::Assessment>,
) -> Result<Stored, Error> {
    let newest = assessments::newest(tx, &desk.scope, it.id.cast())?.ok_or(Refusal::AssessmentOutdated)?;
    let matter = matters::store::load(tx, &desk.scope, it.id.cast())?;
    // Moved to another version of the pack since, it was not assessed by that one.
    let other_version = newest.trace.pack_hash != matter.pack;
    if newest.id != named || other_version || assessments::outdated(tx, &desk.scope, &newest, desk.today)? {
        return Err(Refusal::AssessmentOutdated.into());
    }
    users::not_own(tx, desk.session.officer, &newest.people())?;
    Ok(newest)
}

fn outcome_name(outcome: Outcome) -> Result<&'static str, Error> {
    match outcome {
        Outcome::Grant => Ok("grant"),
        Outcome::Refuse => Ok("refuse"),
        Outcome::Unknown | Outcome::Confirm => Err(Error::field(
            "/outcome",
            "undecided",
            "A decision grants or refuses.",
        )),
    }
}

/// The first officer recommends. Refuses with `StepNotOpen`, `AssessmentOutdated`, `NotVerified`, `OutcomeDiffers`, `OwnDossier`,
/// `AlreadyAwarded`.
pub(super) async fn recommend(
    may: &May<MayRecommend>,
    house: &House,
    id: Id<value::Application>,
    body: Recommend,
) -> Result<wire::Application, Error> {
    let outcome = outcome_name(body.outcome)?;
    let note = body
        .note
        .as_deref()
        .map(str::trim)
        .filter(|note| !note.is_empty())
        .map(str::to_owned);
    if note.as_ref().is_some_and(|note| note.chars().count() > 2000) {
        return Err(Error::field(
            "/note",
            "too-long",
            "At most 2,000 characters are kept here.",
        ));
    }
    let paragraph = wording::paragraph(body.paragraph.as_deref(), "/paragraph")?;
    let without = wording::without(&body.without)?;
    let amount = wording::amount(body.amount.as_ref())?;
    if body.outcome == Outcome::Refuse {
        for (there, pointer) in [(!without.is_empty(), "/without"), (amount.is_some(), "/amount")] {
            if there {
                return Err(Error::field(
                    pointer,
                    "not-here",
                    "This has no place in a refusal.",
                ));
            }
        }
    }
    let desk = Desk::of(may, house);
    let elsewhere: Vec<(Desk, Id<value::Amendment>)> = (0..MOST_WAYS)
        .map(|_| (desk.beside(), house.clock.id()))
        .collect();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = desk.load(tx, id)?;
        it.stage.allows(Act::Recommend)?;
        let stored = assessment(tx, &desk, &it, body.assessment)?;
        let errors = model::check_confirmed(&stored.trace, &body.confirmed);
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let pack = desk.house.packs.version(tx, &stored.trace.pack_hash)?;
        let settled = settled(tx, &desk, &it, &stored, body.outcome, paragraph.as_deref())?;
        if !(settled.kept && body.outcome == Outcome::Refuse) {
            model::follows(
                &stored.trace,
                &stored.doubts(&pack),
                body.outcome,
                &body.confirmed,
            )?;
        }
        for (way, (beside, id)) in settled.gives_way.iter().zip(&elsewhere) {
            amendments::propose_elsewhere(tx, beside, *id, way, first_day(&stored))?;
        }
        if body.outcome == Outcome::Grant {
            nothing_in_the_way(tx, &desk, &it, &stored)?;
            granting::work_out(&pack, &stored.trace, &stored.input, &without, amount.as_ref())?;
            applications::paid(tx, &desk, &pack, &it, &stored.trace)?;
        }
        let recommendation = Recommendation {
            paragraph: paragraph.clone(),
            without: without.clone(),
            amount: amount.clone(),
            assessment: stored.id,
            outcome: body.outcome,
            confirmed: body.confirmed.clone(),
            note: note.clone(),
            by: users::officer_ref(tx, Some(desk.session.officer))?,
            at: desk.now,
        };
        it.stage = it.stage.clone().recommend(recommendation)?;
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        matters::advance(
            tx,
            packs,
            scope,
            id.cast(),
            LegalAct::Recommend,
            desk.done(),
            &mut desk.fresh(),
        )?;
        applications::store::save(tx, &mut it)?;
        let looked = signals::of_matter(SignalEvent::Decision, id, it.applicant, it.office);
        signals::raise(tx, &pack, looked, &it.benefit, &stored.input, desk.now)?;
        let entry = Entry::of("recommended").person(it.applicant).matter(id);
        let entry = entry
            .value("outcome", outcome)
            .value("assessment", stored.id)
            .value("confirmed", body.confirmed.len())
            .value("without", without.len());
        Ok((desk.see(tx, &it)?, entry))
    })
    .await
}

/// What the second officer adds, checked.
struct Added {
    paragraph: Option<String>,
    amount: Option<AmountSet>,
}

/// The second officer decides what was recommended: number, award, the letter's input and the job that makes it, in one transaction. Refuses
/// with `SecondOfficerNeeded`, `StepNotOpen`, `AssessmentOutdated`, `OutcomeDiffers`, `NotVerified`, `OwnDossier`, `AlreadyAwarded`.
pub(super) async fn decide(
    may: &May<MayDecide>,
    house: &House,
    id: Id<value::Application>,
    body: Decide,
) -> Result<karton_api::decisions::Decision, Error> {
    decide_seen(may, house, id, body, None).await
}

/// The same where the officer has seen a revision of the application: `Changed` where it is another one now.
pub(super) async fn decide_seen(
    may: &May<MayDecide>,
    house: &House,
    id: Id<value::Application>,
    body: Decide,
    seen: Option<i64>,
) -> Result<karton_api::decisions::Decision, Error> {
    let outcome = outcome_name(body.outcome)?;
    let added = Added {
        paragraph: wording::paragraph(body.paragraph.as_deref(), "/paragraph")?,
        amount: wording::amount(body.amount.as_ref())?,
    };
    if body.outcome == Outcome::Refuse && added.amount.is_some() {
        return Err(Error::field(
            "/amount",
            "not-here",
            "This has no place in a refusal.",
        ));
    }
    let desk = Desk::of(may, house);
    let (decision, job, ids) = (house.clock.id(), house.clock.id(), NewIds::of(house));
    let ways = ways(&desk, house);
    let (actor, now) = (desk.actor(), desk.now);
    let act = move |tx: &mut Tx| {
        let mut it = desk.load(tx, id)?;
        if let Some(seen) = seen.filter(|seen| *seen != it.revision) {
            tracing::debug!(seen, stands = it.revision, "changed meanwhile");
            return Err(Error::Changed(it.revision));
        }
        it.stage = it
            .stage
            .clone()
            .decide(desk.session.officer, body.outcome, decision)?;
        let Stage::Decided { recommendation, .. } = it.stage.clone() else {
            return Err(Refusal::StepNotOpen.into());
        };
        signals::none_stops(tx, id.cast(), desk.now)?;
        let stored = assessment(tx, &desk, &it, body.assessment)?;
        if stored.id != recommendation.assessment {
            return Err(Refusal::AssessmentOutdated.into());
        }
        let pack = desk.house.packs.version(tx, &stored.trace.pack_hash)?;
        let paragraph = recommendation.paragraph.as_deref();
        let settled = settled(tx, &desk, &it, &stored, body.outcome, paragraph)?;
        if !(settled.kept && body.outcome == Outcome::Refuse) {
            model::follows(
                &stored.trace,
                &stored.doubts(&pack),
                body.outcome,
                &recommendation.confirmed,
            )?;
        }
        let granting = match body.outcome {
            Outcome::Grant => {
                nothing_in_the_way(tx, &desk, &it, &stored)?;
                let (without, set) = (&recommendation.without, added.amount.as_ref());
                Some(granting::work_out(
                    &pack,
                    &stored.trace,
                    &stored.input,
                    without,
                    set,
                )?)
            }
            _ => None,
        };
        let payee = match &granting {
            Some(_) => applications::paid(tx, &desk, &pack, &it, &stored.trace)?,
            None => None,
        };
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let mut fresh = desk.fresh();
        let confirms = confirmations::needed(&desk, &pack, &it, (&stored, body.outcome));
        if confirms.is_some() {
            // Each body of a chain decides for itself: the one above is not the first one too.
            if matters::body(tx, desk.session.office)? != matters::body(tx, it.office)? {
                return Err(Refusal::OtherOffice.into());
            }
            it.stage = it.stage.clone().onward()?;
            matters::decided_onward(tx, packs, scope, id.cast(), desk.done(), &mut fresh)?;
        } else {
            let act = LegalAct::Decide;
            matters::advance(tx, packs, scope, id.cast(), act, desk.done(), &mut fresh)?;
        }
        jobs::post(
            tx,
            &NewJob::new(job, MAKE_LETTER, desk.now).payload(decision.to_string()),
        )?;
        applications::store::save(tx, &mut it)?;
        let second = users::officer_ref(tx, Some(desk.session.officer))?.name;
        // Numbers are drawn last: what follows only writes what bears the number.
        let number = applications::number(tx, &desk, &it, "R")?;
        let decided = Decided {
            number: &number,
            application: &it,
            assessment: &stored,
            recommendation: &recommendation,
            outcome: body.outcome,
            second: &second,
            deputy_for: desk.session.deputy_for,
            granting: granting.as_ref(),
            payee: payee.as_ref(),
            paragraph: added.paragraph.as_deref(),
            amount: added.amount.as_ref(),
        };
        let letter_input = letter_input::of_decision(tx, &desk, &pack, &decided)?;
        let award = match granting.as_ref().filter(|_| confirms.is_none()) {
            Some(granting) => {
                let made = award(tx, &it, (granting, &pack), (decision, &number), ids)?;
                if let (Some(made), Some(payee)) = (made, &payee) {
                    awards::insert_payee(tx, made, payee)?;
                }
                if made.is_some() {
                    let of = (&recommendation, granting, number.as_str());
                    give_way(tx, &pack, &it, (&settled, &ways), of)?;
                }
                made
            }
            None => None,
        };
        let waits = confirms.is_some();
        let new = Decision {
            id: decision,
            office: it.office,
            application: id,
            number,
            outcome: body.outcome,
            assessment: stored.id,
            starts: granting.as_ref().and_then(|granting| granting.starts),
            ends: granting.as_ref().and_then(|granting| granting.ends),
            review_on: granting.as_ref().and_then(|granting| granting.review_on),
            decided_by: desk.session.officer,
            decided_at: desk.now,
            award,
            letter: LetterState::Making,
            letter_input,
            delivered_on: None,
            paragraph: added.paragraph.clone(),
            deputy_for: desk.session.deputy_for,
            granted: granting
                .as_ref()
                .filter(|granting| granting.differs)
                .map(|granting| Granted {
                    money: granting.money,
                    set: granting.set,
                    amount: added.amount.clone(),
                }),
            annulled_by: None,
            confirms,
            returned_by: None,
            recommendation: Some(recommendation),
        };
        store::insert(tx, &new)?;
        if !waits {
            let told = (body.outcome == Outcome::Grant).then_some((&stored, &*pack));
            tell(tx, &desk, &it, (decision, &new.number), told, ids, &mut fresh)?;
        }
        let mut entry = Entry::of("decided").person(it.applicant).matter(id);
        if let Some(absent) = new.deputy_for {
            entry = entry.value("deputy_for", absent);
        }
        let entry = entry
            .value("outcome", outcome)
            .value("decision", decision)
            .value("assessment", stored.id);
        Ok((
            super::actions::view(tx, &desk.house, scope, &desk.session, &new)?,
            entry,
        ))
    };
    // One of many is not what the door answers.
    if seen.is_some() {
        audit::write(&house.store, actor, now, act).await
    } else {
        audit::tell(&house.store, actor, now, act).await
    }
}

/// Ids of what a decision brings about, made before the transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewIds {
    award: Id<value::Award>,
    notice: Id<value::Notice>,
    telling: Id<jobs::Job>,
}

impl NewIds {
    pub(super) fn of(house: &House) -> NewIds {
        NewIds {
            award: house.clock.id(),
            notice: house.clock.id(),
            telling: house.clock.id(),
        }
    }
}

/// Enters the award that a decision grants; none for a right without a first day.
pub(super) fn award(
    tx: &mut Tx,
    it: &Application,
    (granting, pack): (&Granting, &Pack),
    (decision, number): (Id<value::Decision>, &str),
    ids: NewIds,
) -> Result<Option<Id<value::Award>>, Error> {
    let Some(granted) = granted(it, granting, pack, (ids.award, decision), number) else {
        return Ok(None);
    };
    awards::insert(tx, &granted)?;
    Ok(Some(granted.id))
}

/// Tells the institution that is told of a right; where there is nobody to tell, or nothing was granted, the step that would wait for it is done.
pub(super) fn tell(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    (decision, number): (Id<value::Decision>, &str),
    granted: Option<(&Stored, &Pack)>,
    ids: NewIds,
    fresh: &mut matters::Fresh,
) -> Result<(), Error> {
    let message = granted.and_then(|(stored, pack)| {
        let message = pack.message(&it.benefit, &stored.input, number, desk.today)?;
        Some((message, pack))
    });
    if let Some((message, pack)) = message {
        let notice = NewNotice {
            id: ids.notice,
            job: ids.telling,
            matter: it.id.cast(),
            office: it.office,
            decision,
            applicant: it.applicant,
        };
        return notices::post(tx, pack, &notice, &message, desk.now);
    }
    let (packs, scope) = (&desk.house.packs, &desk.scope);
    for of in [matters::Decider::First, matters::Decider::Second] {
        let kind = (StepKind::Notify, of);
        if matters::complete_kind_of(tx, packs, scope, it.id.cast(), kind, desk.done(), fresh)? {
            break;
        }
    }
    Ok(())
}

/// The award that a decision grants; none for a right without a first day.
fn granted(
    it: &Application,
    granting: &Granting,
    pack: &Pack,
    (award, decision): (Id<value::Award>, Id<value::Decision>),
    number: &str,
) -> Option<NewAward> {
    let benefit = pack.benefit(&it.benefit)?;
    let in_kind = granting.kind == BenefitKind::InKind;
    if granting.rule.is_none() && !in_kind {
        return None;
    }
    let household = benefit.unit == HolderKind::Household;
    Some(NewAward {
        id: award,
        office: it.office,
        beneficiary: it.applicant,
        household: it.household.filter(|_| household),
        benefit: it.benefit.clone(),
        decision: Some(decision),
        decision_number: Some(number.to_owned()),
        about: on_account_of(benefit, &granting.input),
        in_kind,
        amount: granting.money,
        per: granting.per,
        starts: granting.starts?,
        ends: granting.ends,
        review_on: granting.review_on,
        // What officers set does not follow the rule month by month.
        basis: (!granting.set).then(|| (pack.hash.clone(), granting.input.clone())),
        turned: false,
    })
}
