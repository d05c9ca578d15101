//! What an officer can do beside recommending and deciding: send back, look at, deliver.

use super::{
    amendments, confirmations,
    delivery::{self, NewAttempt},
    letter_input,
    store::{self, Decision, Request},
};
use crate::{
    access::{
        DeliverLetters, May, Permission as _, ReadDossiers, Recommend as MayRecommend, ReturnApplications,
        Scope, Session,
    },
    applications::{self, Act, Desk},
    assessments::{self, Shown},
    audit::{self, Entry},
    house::House,
    matters, persons,
    problem::{Error, Refusal},
    store::{
        Tx,
        jobs::{self, NewJob},
    },
    users,
};
use karton_api::{
    Date, Id, Timestamp,
    applications::{self as wire, Return, ReturnTo, Returned},
    assessments::Outcome,
    decisions::{self, Deliver, LetterState},
    value,
};
use karton_rules::pack::{LegalAct, StepKind};

/// The queue of the job that makes the letter of a request for completion. Its payload is the request's id.
pub const MAKE_REQUEST: &str = "make-request";

/// As it travels.
pub(super) fn view(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    session: &Session,
    it: &Decision,
) -> Result<decisions::Decision, Error> {
    let application = applications::store::load(tx, scope, it.application)?;
    let stored = assessments::store::load(tx, scope, it.assessment)?;
    let pack = house.packs.version(tx, &stored.trace.pack_hash)?;
    let others = assessments::store::others(tx, &pack, &stored)?;
    let shown = Shown {
        pack: &pack,
        input: &stored.input,
        learnt: &stored.learnt,
        others: Some(&others),
    };
    let granted = it.outcome == Outcome::Grant;
    let recommendation = it
        .recommendation
        .clone()
        .or_else(|| application.stage.recommendation().cloned());
    let recommends = MayRecommend::ROLES
        .iter()
        .any(|role| session.roles.contains(role));
    let looks = confirmations::Looks {
        house,
        scope,
        session,
    };
    // Where two bodies decide, each works for itself.
    let here = it.confirms.is_none() || matters::body(tx, session.office)? == matters::body(tx, it.office)?;
    let open = recommends
        && here
        && it.annulled_by.is_none()
        && it.returned_by.is_none()
        && it.letter == LetterState::Ready
        && house.pack.country.amendments.is_some()
        && persons::not_own(tx, session.officer, application.applicant).is_ok();
    Ok(decisions::Decision {
        id: it.id,
        number: it.number.clone(),
        application: applications::summary(tx, house, scope, &application)?,
        outcome: it.outcome,
        amount: shown.assessment(&stored.trace).amount.filter(|_| granted),
        starts: it.starts,
        ends: it.ends,
        review_on: it.review_on,
        assessment: it.assessment,
        recommendation: recommendation.ok_or_else(|| Error::fault("a decision without a recommendation"))?,
        decided_by: users::officer_ref(tx, Some(it.decided_by))?,
        decided_at: it.decided_at,
        letter: it.letter,
        delivered_on: it.delivered_on,
        award: it.award,
        granted: it.granted.as_ref().map(|granted| granted.money),
        amount_set: it.granted.as_ref().and_then(|granted| granted.amount.clone()),
        paragraph: it.paragraph.clone(),
        deputy_for: it
            .deputy_for
            .map(|id| users::officer_ref(tx, Some(id)))
            .transpose()?,
        delivery: delivery::of_paper(tx, it.id.cast())?,
        amendments: amendments::store::of_decision(tx, scope, it.id)?,
        annulled: it.annulled_by.is_some(),
        second: confirmations::of_decision(tx, &looks, it, application.applicant, (&pack, &stored))?,
        may: if open {
            vec!["correct".to_owned(), "annul".to_owned()]
        } else {
            Vec::new()
        },
    })
}

/// A decision within the scope.
pub(super) async fn see(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Decision>,
) -> Result<decisions::Decision, Error> {
    let (scope, inside, session) = (may.scope(), house.clone(), may.session().clone());
    let found = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            view(tx, &inside, &scope, &session, &it)
        })
        .await?;
    house
        .looks
        .looked(
            house,
            may.actor(),
            found.application.applicant.id,
            karton_api::dossiers::Purpose::default(),
        )
        .await?;
    Ok(found)
}

/// Sends an application back, before the recommendation or instead of the decision: to the applicant, who completes it within the term of that
/// step, or to the first officer, who assesses again. Refuses with `StepNotOpen`, `OwnDossier`.
pub(super) async fn send_back(
    may: &May<ReturnApplications>,
    house: &House,
    id: Id<value::Application>,
    body: Return,
) -> Result<wire::Application, Error> {
    let reason = crate::http::reason(&body.reason, "/reason")?;
    let desk = Desk::of(may, house);
    let (request, job) = (house.clock.id(), house.clock.id());
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = desk.load(tx, id)?;
        it.stage.allows(Act::Return)?;
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let open = matters::open_steps(tx, packs, scope, id.cast())?;
        let turn = |act| open.iter().any(|step| step.act == Some(act));
        if !turn(LegalAct::Recommend) && !turn(LegalAct::Decide) {
            return Err(Refusal::StepNotOpen.into());
        }
        let matter = matters::store::load(tx, scope, id.cast())?;
        let pack = matters::store::pack_of(tx, packs, &matter)?;
        let procedure = matters::store::procedure_of(&pack, &matter)?;
        let to = match body.to {
            ReturnTo::Applicant => matters::term::waiting_step(procedure).map(|step| step.id.as_str()),
            ReturnTo::Assessment => procedure
                .steps
                .iter()
                .find(|step| step.kind == StepKind::Assess)
                .map(|step| step.id.as_str()),
        };
        let to = to.ok_or(Refusal::StepNotOpen)?;
        let mut fresh = desk.fresh();
        if body.to == ReturnTo::Applicant {
            matters::store::stand_still(tx, id.cast(), desk.today)?;
        }
        let until = matters::jump(tx, packs, scope, id.cast(), to, &reason, desk.done(), &mut fresh)?;
        let returned = Returned {
            reason: reason.clone(),
            until: until.unwrap_or(desk.today),
            at: desk.now,
            by: users::officer_ref(tx, Some(desk.session.officer))?,
        };
        if body.to == ReturnTo::Applicant
            && let Some(letter_input) = letter_input::of_request(tx, &desk, &desk.house.pack, &it, &returned)?
        {
            let new = Request {
                id: request,
                office: it.office,
                application: id,
                asked_at: desk.now,
                letter: LetterState::Making,
                letter_input,
            };
            store::insert_request(tx, &new)?;
            jobs::post(
                tx,
                &NewJob::new(job, MAKE_REQUEST, desk.now).payload(request.to_string()),
            )?;
        }
        let stage = it.stage.clone();
        let (stage, name) = match body.to {
            ReturnTo::Applicant => (stage.send_to_applicant(returned)?, "applicant"),
            ReturnTo::Assessment => (stage.send_to_assessment(returned)?, "assessment"),
        };
        it.stage = stage;
        applications::store::save(tx, &mut it)?;
        let entry = Entry::of("returned")
            .person(it.applicant)
            .matter(id)
            .value("to", name);
        Ok((desk.see(tx, &it)?, entry))
    })
    .await
}

/// Who took a letter, as it was typed: at most 200 characters.
pub(super) fn recipient(given: Option<&str>) -> Result<Option<String>, Error> {
    let given = given.map(str::trim).filter(|given| !given.is_empty());
    if given.is_some_and(|given| given.chars().count() > 200 || given.chars().any(char::is_control)) {
        return Err(Error::field(
            "/to",
            "length",
            "At most 200 characters of plain text are kept here.",
        ));
    }
    Ok(given.map(str::to_owned))
}

/// The day of an attempt to serve: not in the future, and not before the decision.
pub(super) fn delivery_day(desk: &Desk, on: Date, decided_at: Timestamp) -> Result<(), Error> {
    if on > desk.today {
        return Err(Error::field("/on", "future", "This day has not come yet."));
    }
    if on < desk.house.clock.day_of(decided_at) {
        return Err(Error::field(
            "/on",
            "before-decision",
            "The decision was made later.",
        ));
    }
    Ok(())
}

/// Notes an attempt to serve the letter. Once it is served the term for an appeal runs; a letter that came back leaves the step open. Refuses with
/// `LetterNotReady` and `StepNotOpen`.
pub(super) async fn deliver(
    may: &May<DeliverLetters>,
    house: &House,
    id: Id<value::Decision>,
    body: Deliver,
) -> Result<decisions::Decision, Error> {
    let to = recipient(body.to.as_deref())?;
    let desk = Desk::of(may, house);
    let attempt = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let it = store::load(tx, &desk.scope, id)?;
        let application = desk.load(tx, it.application)?;
        application.stage.allows(Act::Deliver)?;
        // What was annulled is not served any more: an open delivery is that of the decision that came after it.
        if it.delivered_on.is_some() || it.annulled_by.is_some() || it.returned_by.is_some() {
            return Err(Refusal::StepNotOpen.into());
        }
        if it.letter != LetterState::Ready {
            return Err(Refusal::LetterNotReady.into());
        }
        delivery_day(&desk, body.on, it.decided_at)?;
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let served = delivery::serves(&desk.house.pack, body.on, body.how);
        let new = NewAttempt {
            id: attempt,
            paper: id.cast(),
            on: body.on,
            how: body.how,
            to: to.as_deref(),
            served,
            by: desk.session.officer,
            at: desk.now,
        };
        delivery::add(tx, &new)?;
        if let Some(served) = served {
            matters::advance(
                tx,
                packs,
                scope,
                it.application.cast(),
                LegalAct::Deliver,
                desk.done(),
                &mut desk.fresh(),
            )?;
            store::set_delivered(tx, id, served.on)?;
        }
        let it = store::load(tx, scope, id)?;
        let what = if served.is_some() {
            "delivered"
        } else {
            "delivery-failed"
        };
        let entry = Entry::of(what)
            .person(application.applicant)
            .matter(it.application)
            .value("decision", id);
        Ok((view(tx, &desk.house, scope, &desk.session, &it)?, entry))
    })
    .await
}
