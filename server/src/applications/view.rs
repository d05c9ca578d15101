//! An application as it travels, with what this officer may do now.

use super::{
    dismissals, handed_in,
    model::{Act, Stage},
    parties,
    store::{self, Application},
    withdrawals,
};
use crate::{
    access::{
        ConfirmDecisions, Decide, DeliverLetters, LeadWork, Permission, Recommend, ReturnApplications, Scope,
        Session, TakeApplications,
    },
    awards,
    house::House,
    matters::{self, Decider, OpenStep},
    notices, organisations, persons,
    problem::Error,
    protection,
    store::Tx,
    users,
};
use karton_api::{
    Id, Timestamp,
    applications::{self as wire, ApplicationSummary},
    value::{Office, Person},
};
use karton_rules::pack::{LegalAct, StepKind};

/// The most applications that a dossier shows.
const SHOWN: usize = 50;

/// In short.
pub fn summary(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    it: &Application,
) -> Result<ApplicationSummary, Error> {
    let (outcome, decision) = match &it.stage {
        Stage::Decided {
            outcome, decision, ..
        } => (Some(*outcome), Some(*decision)),
        stage => (None, stage.decision()),
    };
    Ok(ApplicationSummary {
        id: it.id,
        number: it.number.clone(),
        benefit: it.benefit.clone(),
        benefit_name: house
            .pack
            .benefit(&it.benefit)
            .map(|benefit| benefit.name.0.clone())
            .unwrap_or_default(),
        applicant: persons::store::card_of(tx, scope, it.applicant)?,
        organisation: it
            .organisation
            .map(|id| organisations::store::card(tx, id))
            .transpose()?,
        about: it
            .about
            .map(|id| persons::store::card_of(tx, scope, id))
            .transpose()?
            .map(|card| awards::store::full_name(&card)),
        state: it.stage.state(),
        office: house.offices.to_ref(it.office),
        lodged_on: it.stage.lodged().map(|lodged| lodged.on),
        due_on: it.due_on,
        outcome,
        decision,
    })
}

/// The applications of a person within the scope, newest first, at most 50: for the dossier.
pub fn of_person(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    person: Id<Person>,
) -> Result<Vec<ApplicationSummary>, Error> {
    let found = store::of_person(tx, scope, person, SHOWN)?;
    found.iter().map(|it| summary(tx, house, scope, it)).collect()
}

/// The whole of it.
pub fn see(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    session: &Session,
    it: &Application,
) -> Result<wire::Application, Error> {
    let on = it
        .stage
        .lodged()
        .map_or_else(|| house.clock.today(), |lodged| lodged.on);
    let (older, steps, open) = match it.stage.lodged() {
        None => (false, Vec::new(), Vec::new()),
        Some(_) => {
            let matter = matters::store::load(tx, scope, it.id.cast())?;
            (
                matter.ended_at.is_none() && matter.pack != house.pack.hash,
                matters::steps(tx, &house.packs, session, &matter)?,
                matters::open_steps(tx, &house.packs, scope, it.id.cast())?,
            )
        }
    };
    let notices = match it.stage {
        Stage::Decided { .. } => notices::of_matter(tx, &house.pack, session, it.id.cast())?,
        _ => Vec::new(),
    };
    let own = persons::not_own(tx, session.officer, it.applicant).is_err();
    let here = house.offices.body(session.office).map(|body| body.id);
    let may = Act::ALL
        .iter()
        .filter(|act| !own && open_for(**act, it, (session, here), &open))
        .map(|act| act.name().to_owned());
    let mut may: Vec<String> = may.collect();
    let paid = house
        .pack
        .benefit(&it.benefit)
        .is_some_and(|benefit| benefit.provider.is_some());
    let open_still = it.stage.allows(Act::Save).is_ok() || it.stage.allows(Act::Recommend).is_ok();
    if paid && open_still && !own && allowed::<TakeApplications>(session) {
        may.push("choose-provider".to_owned());
    }
    if older && !own && allowed::<LeadWork>(session) {
        may.push("move-version".to_owned());
    }
    let mut answers = it.answers.clone();
    protection::cover_answers(tx, it.applicant, &mut answers)?;
    Ok(wire::Application {
        summary: summary(tx, house, scope, it)?,
        revision: it.revision,
        provider: parties::chosen(tx, it.id)?,
        opened_at: it.opened_at,
        opened_by: users::officer_ref(tx, Some(it.opened_by))?,
        answers,
        household: persons::household(tx, scope, it.applicant, on, Timestamp::MAX)?,
        notices,
        steps,
        may,
        recommendation: it.stage.recommendation().cloned(),
        returned: match &it.stage {
            Stage::Returned { returned, .. } => Some(returned.clone()),
            Stage::Lodged { sent_back, .. } => sent_back.clone(),
            _ => None,
        },
        lodging: match it.stage.lodged() {
            Some(_) => handed_in::first(tx, house, it.id)?,
            None => None,
        },
        term: term(tx, house, scope, it)?,
        withdrawal: withdrawals::paper_of(tx, it)?,
        dismissal: match dismissals::of(tx, it.id)? {
            Some(there) => Some(dismissals::view(tx, &house.pack, &there)?),
            None => None,
        },
    })
}

/// The term for the decision with its working; none for a draft and where the procedure has no such term.
fn term(tx: &mut Tx, house: &House, scope: &Scope, it: &Application) -> Result<Option<wire::Term>, Error> {
    if it.stage.lodged().is_none() {
        return Ok(None);
    }
    let matter = matters::store::load(tx, scope, it.id.cast())?;
    let pack = matters::store::pack_of(tx, &house.packs, &matter)?;
    let due = matters::store::procedure_of(&pack, &matter)?
        .steps
        .iter()
        .find(|step| step.act == Some(LegalAct::Decide))
        .and_then(|step| step.due);
    let Some(due) = due else { return Ok(None) };
    let pauses = matters::store::pauses(tx, it.id.cast())?;
    let today = house.clock.today();
    Ok(Some(matters::term::shown(
        matter.begun_on,
        due,
        pauses,
        today,
        &pack,
    )))
}

fn allowed<P: Permission>(session: &Session) -> bool {
    P::ROLES.iter().any(|role| session.roles.contains(role))
}

/// Whether an act is open for this officer: by the application's state, the matter's open steps, and the officer's permissions.
fn open_for(
    act: Act,
    it: &Application,
    (session, here): (&Session, Option<Id<Office>>),
    open: &[OpenStep],
) -> bool {
    if it.stage.allows(act).is_err() {
        return false;
    }
    let of = |wanted: LegalAct, whose: Decider| {
        open.iter()
            .find(|step| step.act == Some(wanted) && step.of == whose)
    };
    let at = |wanted: LegalAct| of(wanted, Decider::First);
    match act {
        Act::Save | Act::Lodge | Act::Withdraw | Act::AskEvidence => allowed::<TakeApplications>(session),
        Act::Assess => allowed::<TakeApplications>(session) && assessable(open),
        Act::Recommend => allowed::<Recommend>(session) && at(LegalAct::Recommend).is_some(),
        Act::Decide => {
            allowed::<Decide>(session)
                && at(LegalAct::Decide).is_some_and(|step| step.barred != Some(session.officer))
        }
        Act::Confirm => {
            allowed::<ConfirmDecisions>(session)
                && at(LegalAct::Confirm)
                    .is_some_and(|step| step.barred != Some(session.officer) && here == Some(step.office))
        }
        Act::DeliverConfirmation => {
            allowed::<DeliverLetters>(session)
                && of(LegalAct::Deliver, Decider::Second).is_some_and(|step| here == Some(step.office))
        }
        Act::Return => {
            allowed::<ReturnApplications>(session)
                && (at(LegalAct::Recommend).is_some() || at(LegalAct::Decide).is_some())
        }
        Act::Dismiss => {
            allowed::<Recommend>(session)
                && at(LegalAct::Dismiss).is_none()
                && open.iter().any(|step| step.act != Some(LegalAct::Deliver))
        }
        Act::DecideDismissal => {
            allowed::<Decide>(session)
                && at(LegalAct::Dismiss).is_some_and(|step| step.barred != Some(session.officer))
        }
        Act::DeliverDismissal => allowed::<DeliverLetters>(session) && at(LegalAct::Deliver).is_some(),
        Act::Deliver => allowed::<DeliverLetters>(session) && at(LegalAct::Deliver).is_some(),
        // Only the annulment of its decision does that.
        Act::TakeUpAgain => false,
    }
}

/// An assessment can be made while its step is open, and again before the recommendation.
pub(super) fn assessable(open: &[OpenStep]) -> bool {
    open.iter()
        .any(|step| step.kind == StepKind::Assess || step.act == Some(LegalAct::Recommend))
}
