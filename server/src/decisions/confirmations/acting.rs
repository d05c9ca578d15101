//! What the second decider can do, and when one is needed.

use super::{
    letter::{self, Confirmed},
    store::{self, About, Confirmation},
};
use crate::{
    access::{ConfirmDecisions, DeliverLetters, May},
    applications::{self, Act, Application, Desk, Stage},
    assessments::{self, Stored},
    audit::{self, Entry},
    awards,
    decisions::{
        self, actions, deciding,
        delivery::{self, NewAttempt},
        granting,
        store::Decision,
    },
    house::House,
    http, matters,
    problem::{Error, Refusal},
    signals,
    store::{
        Tx,
        jobs::{self, NewJob},
    },
    users,
};
use karton_api::{
    Id,
    applications::Returned,
    assessments::Outcome,
    confirmations::{Confirm, Says},
    decisions::{Decision as Shown, Deliver, LetterState},
    value,
};
use karton_rules::pack::{LegalAct, Pack, Step};

/// The queue of the job that makes the letter of a second decision. Its payload is the confirmation's id.
pub const MAKE: &str = "make-confirmation-letter";

/// The body without whose own decision nothing is granted: by the benefit's competent bodies today, where the applicant lives, and where that is not
/// known in the municipality of the office. Nothing where one decision is enough, and for a refusal.
pub(in crate::decisions) fn needed(
    desk: &Desk,
    pack: &Pack,
    it: &Application,
    (stored, outcome): (&Stored, Outcome),
) -> Option<String> {
    if outcome != Outcome::Grant {
        return None;
    }
    let benefit = pack.benefit(&it.benefit)?;
    let office = desk.house.offices.get(it.office);
    let here = office.as_ref().and_then(|office| office.municipality.as_deref());
    let lives = karton_rules::assess::lives(&stored.input.applicant).or(here);
    benefit
        .competent_on(pack, desk.today, lives)
        .and_then(|competent| competent.confirms.clone())
}

/// What the second decider looks at, loaded and held.
struct Before {
    application: Application,
    first: Decision,
    stored: Stored,
    /// The office that decides.
    office: Id<value::Office>,
}

fn before(tx: &mut Tx, desk: &Desk, id: Id<value::Application>, body: &Confirm) -> Result<Before, Error> {
    let application = desk.load(tx, id)?;
    application.stage.allows(Act::Confirm)?;
    let Stage::Confirming {
        recommendation,
        decision,
        ..
    } = &application.stage
    else {
        return Err(Refusal::StepNotOpen.into());
    };
    // Another decision than the one that was seen stands by now.
    if *decision != body.decision {
        return Err(Refusal::StepNotOpen.into());
    }
    let me = desk.session.officer;
    let first = decisions::store::load(tx, &desk.scope, *decision)?;
    if first.decided_by == me || recommendation.by.id == me {
        return Err(Refusal::SecondOfficerNeeded.into());
    }
    let stored = assessments::store::load(tx, &desk.scope, first.assessment)?;
    users::not_own(tx, me, &stored.people())?;
    let (packs, scope) = (&desk.house.packs, &desk.scope);
    let open = matters::confirming(tx, packs, scope, id.cast())?;
    let (office, _) = open.ok_or(Refusal::StepNotOpen)?;
    if matters::body(tx, desk.session.office)? != office {
        return Err(Refusal::OtherOffice.into());
    }
    Ok(Before {
        application,
        first,
        stored,
        office,
    })
}

/// The step of the second decider.
fn step<'p>(pack: &'p Pack, it: &matters::Matter) -> Result<&'p Step, Error> {
    matters::store::procedure_of(pack, it)?
        .step_of(LegalAct::Confirm)
        .ok_or_else(|| Refusal::StepNotOpen.into())
}

/// What is given for a reason: a refusal and a return need one, a decision is confirmed as it stands.
pub(in crate::decisions) fn reason(says: Says, given: Option<&str>) -> Result<Option<String>, Error> {
    match (says, given.map(str::trim)) {
        (Says::Confirm, None | Some("")) => Ok(None),
        (Says::Confirm, Some(_)) => Err(Error::field(
            "/reason",
            "not-here",
            "A decision is confirmed as it stands; only a refusal and a return say why.",
        )),
        (Says::Refuse | Says::Return, given) => http::reason(given.unwrap_or_default(), "/reason").map(Some),
    }
}

/// The second body decides on what the first one granted: number, letter and, where it confirms, the award, in one transaction. Refuses with
/// `StepNotOpen`, `SecondOfficerNeeded`, `OtherOffice`, `OwnDossier`, `AlreadyAwarded`, and as a signal that stops does.
pub(super) async fn confirm(
    may: &May<ConfirmDecisions>,
    house: &House,
    id: Id<value::Application>,
    body: Confirm,
) -> Result<Shown, Error> {
    let reason = reason(body.says, body.reason.as_deref())?;
    let desk = Desk::of(may, house);
    let fresh = deciding::NewIds::of(house);
    let ways = deciding::ways(&desk, house);
    let (confirmation, job) = (house.clock.id(), house.clock.id());
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let before = before(tx, &desk, id, &body)?;
        let mut it = Confirmation {
            id: confirmation,
            office: before.office,
            about: About::Decision(before.first.id),
            says: body.says,
            reason: reason.clone(),
            number: None,
            decided_by: desk.session.officer,
            decided_at: desk.now,
            deputy_for: desk.session.deputy_for,
            letter: None,
            letter_input: None,
            annulled_by: None,
        };
        if body.says == Says::Return {
            send_back(tx, &desk, &before, &it)?;
        } else {
            decide(tx, &desk, &before, &mut it, (fresh, &ways))?;
            jobs::post(
                tx,
                &NewJob::new(job, MAKE, desk.now).payload(confirmation.to_string()),
            )?;
        }
        let what = match body.says {
            Says::Confirm => "decision-confirmed",
            Says::Refuse => "confirmation-refused",
            Says::Return => "decision-sent-back",
        };
        let mut entry = Entry::of(what)
            .person(before.application.applicant)
            .matter(id)
            .value("decision", before.first.id)
            .value("confirmation", confirmation);
        if let Some(absent) = it.deputy_for {
            entry = entry.value("deputy_for", absent);
        }
        let first = decisions::store::load(tx, &desk.scope, before.first.id)?;
        let shown = actions::view(tx, &desk.house, &desk.scope, &desk.session, &first)?;
        Ok((shown, entry))
    })
    .await
}

/// Confirmed or refused: the step is done, the number drawn, the letter frozen, and what is confirmed enters into force.
fn decide(
    tx: &mut Tx,
    desk: &Desk,
    before: &Before,
    it: &mut Confirmation,
    (new, ways): (deciding::NewIds, &deciding::Ways),
) -> Result<(), Error> {
    let mut application = before.application.clone();
    let stage = application.stage.clone();
    let recommendation = stage.recommendation().cloned().ok_or(Refusal::StepNotOpen)?;
    let pack = desk.house.packs.version(tx, &before.stored.trace.pack_hash)?;
    let granting = granting::work_out(
        &pack,
        &before.stored.trace,
        &before.stored.input,
        &recommendation.without,
        before
            .first
            .granted
            .as_ref()
            .and_then(|granted| granted.amount.as_ref()),
    )?;
    let confirmed = it.says == Says::Confirm;
    let outcome = if confirmed {
        Outcome::Grant
    } else {
        Outcome::Refuse
    };
    if confirmed {
        signals::none_stops(tx, application.id.cast(), desk.now)?;
        deciding::nothing_in_the_way(tx, desk, &application, &before.stored)?;
    }
    let (packs, scope, mut fresh) = (&desk.house.packs, &desk.scope, desk.fresh());
    let matter = application.id.cast();
    let done = desk.done();
    matters::advance(tx, packs, scope, matter, LegalAct::Confirm, done, &mut fresh)?;
    application.stage = stage.confirm(outcome)?;
    applications::store::save(tx, &mut application)?;
    let running = matters::store::load(tx, scope, matter)?;
    let of_matter = matters::store::pack_of(tx, packs, &running)?;
    let step = step(&of_matter, &running)?;
    // Numbers are drawn last: what follows only writes what bears the number.
    it.number = Some(applications::draw(tx, desk, it.office, "R")?);
    it.letter = Some(LetterState::Making);
    let about = Confirmed {
        application: &application,
        assessment: &before.stored,
        recommendation: &recommendation,
        first: &before.first,
        granting: &granting,
        step,
    };
    it.letter_input = Some(letter::of(tx, desk, &pack, it, &about)?);
    store::insert(tx, it)?;
    let first = (before.first.id, before.first.number.as_str());
    if confirmed && let Some(award) = deciding::award(tx, &application, (&granting, &pack), first, new)? {
        store::award(tx, before.first.id, award)?;
        if let Some(payee) = applications::paid(tx, desk, &pack, &application, &before.stored.trace)? {
            awards::insert_payee(tx, award, &payee)?;
        }
        // What the person chose to give up ends with the right that takes its place, not before.
        let said = recommendation.paragraph.as_deref();
        let settled = deciding::settled(tx, desk, &application, &before.stored, outcome, said)?;
        let of = (&recommendation, &granting, first.1);
        deciding::give_way(tx, &pack, &application, (&settled, ways), of)?;
    }
    let told = confirmed.then_some((&before.stored, &*pack));
    deciding::tell(tx, desk, &application, first, told, new, &mut fresh)
}

/// The first decision has no effect: its application goes back to the step that the procedure says, and the days since do not count towards its term.
fn send_back(tx: &mut Tx, desk: &Desk, before: &Before, it: &Confirmation) -> Result<(), Error> {
    let mut application = before.application.clone();
    let reason = it.reason.clone().unwrap_or_default();
    let (packs, scope) = (&desk.house.packs, &desk.scope);
    let matter = application.id.cast();
    let running = matters::store::load(tx, scope, matter)?;
    let pack = matters::store::pack_of(tx, packs, &running)?;
    let to = step(&pack, &running)?.returns.first().cloned();
    let to = to.ok_or(Refusal::StepNotOpen)?;
    let decided_on = desk.house.clock.day_of(before.first.decided_at);
    matters::store::stand_still(tx, matter, decided_on)?;
    matters::store::run_on(tx, matter, desk.today)?;
    let due = matters::jump(
        tx,
        packs,
        scope,
        matter,
        &to,
        &reason,
        desk.done(),
        &mut desk.fresh(),
    )?;
    if let Some(said) = application.stage.recommendation() {
        decisions::store::keep_recommendation(tx, before.first.id, said)?;
    }
    application.stage = application.stage.clone().take_up_again(Returned {
        reason,
        until: due.unwrap_or(desk.today),
        at: desk.now,
        by: users::officer_ref(tx, Some(desk.session.officer))?,
    })?;
    store::insert(tx, it)?;
    store::send_back(tx, it)?;
    applications::store::save(tx, &mut application)
}

/// Notes an attempt to serve its letter. Once it is served its own term for an appeal runs. Refuses with `LetterNotReady`, `StepNotOpen` and
/// `OtherOffice`.
pub(super) async fn deliver(
    may: &May<DeliverLetters>,
    house: &House,
    id: Id<value::Confirmation>,
    body: Deliver,
) -> Result<Shown, Error> {
    let to = actions::recipient(body.to.as_deref())?;
    let desk = Desk::of(may, house);
    let attempt = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let it = store::load(tx, &desk.scope, id)?;
        // The letter on a later decision is served with that one.
        let first = it.about.decision().ok_or(Refusal::StepNotOpen)?;
        let first = decisions::store::load(tx, &desk.scope, first)?;
        let application = desk.load(tx, first.application)?;
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let matter = matters::store::load(tx, scope, application.id.cast())?;
        let pack = matters::store::pack_of(tx, packs, &matter)?;
        let remedy = step(&pack, &matter)?.appeal.as_ref();
        let new = NewAttempt {
            id: attempt,
            paper: id.cast(),
            on: body.on,
            how: body.how,
            to: to.as_deref(),
            served: delivery::serves_with(&desk.house.pack, remedy, body.on, body.how),
            by: desk.session.officer,
            at: desk.now,
        };
        serve(tx, &desk, &it, application.id.cast(), &new)?;
        let what = match new.served {
            Some(_) => "delivered",
            None => "delivery-failed",
        };
        let entry = Entry::of(what)
            .person(application.applicant)
            .matter(first.application)
            .value("confirmation", id);
        Ok((
            actions::view(tx, &desk.house, scope, &desk.session, &first)?,
            entry,
        ))
    })
    .await
}

/// Keeps an attempt to serve what a second body decided; once it is served its step in the matter is done.
pub(in crate::decisions) fn serve(
    tx: &mut Tx,
    desk: &Desk,
    it: &Confirmation,
    matter: Id<value::Matter>,
    new: &NewAttempt<'_>,
) -> Result<(), Error> {
    let served = delivery::of_paper(tx, it.id.cast())?.served_on;
    if it.says == Says::Return || served.is_some() || it.annulled_by.is_some() {
        return Err(Refusal::StepNotOpen.into());
    }
    if it.letter != Some(LetterState::Ready) {
        return Err(Refusal::LetterNotReady.into());
    }
    if matters::body(tx, desk.session.office)? != it.office {
        return Err(Refusal::OtherOffice.into());
    }
    actions::delivery_day(desk, new.on, it.decided_at)?;
    delivery::add(tx, new)?;
    if new.served.is_some() {
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let act = (LegalAct::Deliver, matters::Decider::Second);
        matters::advance_of(tx, packs, scope, matter, act, desk.done(), &mut desk.fresh())?;
    }
    Ok(())
}
