//! The second body decides on a later decision: it confirms it as it stands, refuses it, or sends it back, which closes it and opens another one.

use super::{
    acting::{entry, load},
    content, effect, letter,
    opening::begin,
    store::{self, Amendment, Content},
};
use crate::{
    access::{ConfirmDecisions, DeliverLetters, May},
    applications::{self, Desk},
    assessments, audit,
    decisions::{
        self,
        confirmations::{
            self,
            store::{About, Confirmation},
        },
        delivery::{self, NewAttempt},
    },
    house::House,
    matters::{self, Fresh},
    notices::NewNotice,
    problem::{Error, Refusal},
    store::{
        Tx,
        jobs::{self, NewJob},
    },
    users,
};
use karton_api::{
    Id,
    amendments::{self as wire, AmendmentState, ConfirmAmendment},
    applications::Returned,
    confirmations::Says,
    decisions::{Deliver, LetterState},
    value,
};
use karton_rules::pack::{LegalAct, Step};

/// The step of the second body in the procedure on which a later decision runs.
fn step(tx: &mut Tx, desk: &Desk, it: &Amendment) -> Result<Step, Error> {
    let matter = matters::store::load(tx, &desk.scope, it.id.cast())?;
    let pack = matters::store::pack_of(tx, &desk.house.packs, &matter)?;
    let procedure = matters::store::procedure_of(&pack, &matter)?;
    let step = procedure.step_of(LegalAct::Confirm).cloned();
    step.ok_or_else(|| Refusal::StepNotOpen.into())
}

/// The second body decides on a later decision: number, letter and, where it confirms, what becomes of the award, in one transaction. Refuses with
/// `StepNotOpen`, `SecondOfficerNeeded`, `OtherOffice`, `OwnDossier`, with `Changed`, and as deciding it does.
pub(super) async fn confirm(
    may: &May<ConfirmDecisions>,
    house: &House,
    id: Id<value::Amendment>,
    body: ConfirmAmendment,
) -> Result<wire::Amendment, Error> {
    let reason = confirmations::reason(body.says, body.reason.as_deref())?;
    let desk = Desk::of(may, house);
    let ids = super::Ids {
        amendment: house.clock.id(),
        ..super::Ids::new(house)
    };
    let confirmation = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = load(tx, &desk, id)?;
        if it.state != AmendmentState::Confirming {
            return Err(Refusal::StepNotOpen.into());
        }
        if it.revision != body.revision {
            return Err(Error::Changed(it.revision));
        }
        let me = Some(desk.session.officer);
        if it.decided_by == me || it.recommended_by == me {
            return Err(Refusal::SecondOfficerNeeded.into());
        }
        if let Some(assessment) = it.assessment {
            let stored = assessments::store::load(tx, &desk.scope, assessment)?;
            users::not_own(tx, desk.session.officer, &stored.people())?;
        }
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let open = matters::confirming(tx, packs, scope, id.cast())?;
        let (office, _) = open.ok_or(Refusal::StepNotOpen)?;
        if matters::body(tx, desk.session.office)? != office {
            return Err(Refusal::OtherOffice.into());
        }
        let said = Confirmation {
            id: confirmation,
            office,
            about: About::Amendment(id),
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
        let mut fresh = desk.fresh();
        match body.says {
            Says::Return => send_back(tx, &desk, &mut it, said, ids.amendment, &mut fresh)?,
            Says::Confirm | Says::Refuse => decide(tx, &desk, &mut it, said, ids, &mut fresh)?,
        }
        let what = match body.says {
            Says::Confirm => "amendment-confirmed",
            Says::Refuse => "amendment-not-confirmed",
            Says::Return => "amendment-sent-back",
        };
        let entry = entry(what, &it).value("confirmation", confirmation);
        let entry = match desk.session.deputy_for {
            Some(absent) => entry.value("deputy_for", absent),
            None => entry,
        };
        Ok((super::reading::see(tx, &desk, &it)?, entry))
    })
    .await
}

/// Confirmed or refused: the step is done, the number drawn, the letter frozen, and what is confirmed becomes of the award.
fn decide(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    mut said: Confirmation,
    ids: super::Ids,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    let confirmed = said.says == Says::Confirm;
    let step = step(tx, desk, it)?;
    let about = content::award(tx, desk, it)?;
    let event = match confirmed {
        true => effect::take(tx, desk, it, about.as_ref(), fresh)?,
        false => None,
    };
    it.state = if confirmed {
        AmendmentState::Decided
    } else {
        AmendmentState::Refused
    };
    let (packs, scope) = (&desk.house.packs, &desk.scope);
    let (matter, act) = (it.id.cast(), LegalAct::Confirm);
    matters::advance(tx, packs, scope, matter, act, desk.done(), fresh)?;
    jobs::post(
        tx,
        &NewJob::new(ids.job, confirmations::MAKE, desk.now).payload(said.id.to_string()),
    )?;
    // Numbers are drawn last: what follows only writes what bears the number.
    let number = applications::draw(tx, desk, said.office, "R")?;
    said.number = Some(number);
    said.letter = Some(LetterState::Making);
    said.letter_input = Some(letter::of_second(tx, desk, it, &said, &step)?);
    confirmations::store::insert(tx, &said)?;
    store::save(tx, it)?;
    let new = NewNotice {
        id: ids.notice,
        job: ids.telling,
        matter,
        office: it.office,
        decision: it.id.cast(),
        applicant: it.person,
    };
    let award = about.as_ref().map(|(award, _)| award);
    effect::tell(tx, desk, it, (event, award), &new, fresh)
}

/// It has no effect any more, and its number and letter stay with it. What it was about stands anew as a task of the first officer, with what was said.
fn send_back(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    said: Confirmation,
    again: Id<value::Amendment>,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    let reason = said.reason.clone().unwrap_or_default();
    let (packs, scope) = (&desk.house.packs, &desk.scope);
    matters::end(tx, packs, scope, it.id.cast(), &reason, desk.done())?;
    it.state = AmendmentState::Refused;
    store::save(tx, it)?;
    confirmations::store::insert(tx, &said)?;
    let new = Amendment {
        id: again,
        revision: 1,
        state: AmendmentState::Open,
        content: Content {
            part: it.content.part.clone(),
            part_name: it.content.part_name.clone(),
            part_person: it.content.part_person.clone(),
            returned: Some(Returned {
                reason,
                until: desk.today,
                at: desk.now,
                by: users::officer_ref(tx, Some(desk.session.officer))?,
            }),
            ..Content::default()
        },
        assessment: None,
        opened_at: desk.now,
        opened_by: Some(desk.session.officer),
        recommended_by: None,
        recommended_at: None,
        decided_by: None,
        decided_at: None,
        deputy_for: None,
        number: None,
        letter: None,
        letter_input: None,
        confirms: None,
        ..it.clone()
    };
    store::insert(tx, &new)?;
    begin(tx, &desk.house, &new, desk.done(), fresh)
}

/// Notes an attempt to serve the second body's letter; once it is served its own term for an appeal runs. Refuses with `LetterNotReady`, `StepNotOpen`
/// and `OtherOffice`.
pub(super) async fn deliver(
    may: &May<DeliverLetters>,
    house: &House,
    id: Id<value::Amendment>,
    body: Deliver,
) -> Result<wire::Amendment, Error> {
    let to = decisions::recipient(body.to.as_deref())?;
    let desk = Desk::of(may, house);
    let attempt = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let it = load(tx, &desk, id)?;
        let said = confirmations::store::of_amendment(tx, id)?.ok_or(Refusal::StepNotOpen)?;
        let remedy = step(tx, &desk, &it)?.appeal;
        let new = NewAttempt {
            id: attempt,
            paper: said.id.cast(),
            on: body.on,
            how: body.how,
            to: to.as_deref(),
            served: delivery::serves_with(&desk.house.pack, remedy.as_ref(), body.on, body.how),
            by: desk.session.officer,
            at: desk.now,
        };
        confirmations::serve(tx, &desk, &said, id.cast(), &new)?;
        let what = match new.served {
            Some(_) => "delivered",
            None => "delivery-failed",
        };
        let entry = entry(what, &it).value("confirmation", said.id);
        Ok((super::reading::see(tx, &desk, &it)?, entry))
    })
    .await
}
