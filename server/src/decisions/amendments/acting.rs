//! The two officers of a later decision.

use super::{
    content, effect, letter,
    makers::makers,
    opening::{begin, opened},
    store::{self, Amendment},
};
use crate::{
    access::{Decide as MayDecide, DeliverLetters, May, Recommend as MayRecommend, ReturnApplications},
    applications::{self, Desk},
    assessments,
    audit::{self, Entry},
    decisions::{
        self,
        delivery::{self, NewAttempt},
        wording,
    },
    house::House,
    http,
    matters::{self, Fresh},
    notices::NewNotice,
    persons,
    problem::{Error, Refusal},
    store::{
        Tx,
        jobs::{self, NewJob},
    },
    users,
};
use karton_api::{
    Id,
    amendments::{self as wire, AmendmentState, DecideAmendment, NewAmendment, Proposed},
    applications::Returned,
    common::Reason,
    decisions::{Deliver, LetterState},
    value,
};
use karton_rules::pack::LegalAct;

/// The queue of the job that makes the letter of a later decision. Its payload is the amendment's id.
pub const MAKE: &str = "make-amendment-letter";

/// A later decision within the scope on which this officer may work, held from others: `OwnDossier` otherwise.
pub(super) fn load(tx: &mut Tx, desk: &Desk, id: Id<value::Amendment>) -> Result<Amendment, Error> {
    tx.hold("amendment", id)?;
    let it = store::load(tx, &desk.scope, id)?;
    persons::not_own(tx, desk.session.officer, it.person)?;
    Ok(it)
}

pub(super) fn entry(what: &'static str, it: &Amendment) -> Entry {
    Entry::of(what)
        .person(it.person)
        .matter(it.id)
        .value("amendment", it.id)
        .value("kind", store::kind_name(it.kind))
}

/// The first officer recommends: what is said is checked, kept, and the step done.
fn recommended(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    says: &Proposed,
    assessment: Id<value::Assessment>,
) -> Result<(), Error> {
    if it.state != AmendmentState::Open {
        return Err(Refusal::StepNotOpen.into());
    }
    let makers = makers(tx, &desk.house, it, &says.reason)?;
    if makers.office != it.office {
        return Err(Error::field(
            "/says/reason",
            "elsewhere",
            "For this reason another office decides: give this up, and let that one propose it.",
        ));
    }
    makers.here(tx, desk)?;
    content::fill(tx, desk, it, says, assessment)?;
    it.state = AmendmentState::Recommended;
    it.recommended_by = Some(desk.session.officer);
    it.recommended_at = Some(desk.now);
    advance(tx, desk, it, LegalAct::Recommend)?;
    store::save(tx, it)
}

fn advance(tx: &mut Tx, desk: &Desk, it: &Amendment, act: LegalAct) -> Result<(), Error> {
    let (packs, scope) = (&desk.house.packs, &desk.scope);
    matters::advance(
        tx,
        packs,
        scope,
        it.id.cast(),
        act,
        desk.done(),
        &mut desk.fresh(),
    )
}

/// Opens a later decision and recommends it at once. Refuses with `AmendmentRunning`, `OwnDossier`, `AwardNotRunning`, `AwardSuspended`,
/// `AwardNotSuspended`, `DecisionAnnulled`, `LaterDecisionStands`, `OutcomeDiffers`, `NotVerified`, `NotProvided`.
pub(super) async fn propose(
    may: &May<MayRecommend>,
    house: &House,
    body: NewAmendment,
) -> Result<wire::Amendment, Error> {
    let desk = Desk::of(may, house);
    let (id, assessment) = (house.clock.id(), house.clock.id());
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = opened(tx, &desk, id, &body)?;
        persons::not_own(tx, desk.session.officer, it.person)?;
        if let Some(award) = it.award {
            tx.hold("award", award)?;
        }
        let makers = makers(tx, &desk.house, &it, &body.says.reason)?;
        makers.here(tx, &desk)?;
        (it.office, it.of_second) = (makers.office, makers.of_second);
        let mut fresh = desk.fresh();
        store::insert(tx, &it)?;
        begin(tx, &desk.house, &it, desk.done(), &mut fresh)?;
        // The ids of the steps go on where the beginning of the matter stopped.
        content::fill(tx, &desk, &mut it, &body.says, assessment)?;
        it.state = AmendmentState::Recommended;
        it.recommended_by = Some(desk.session.officer);
        it.recommended_at = Some(desk.now);
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        matters::advance(
            tx,
            packs,
            scope,
            id.cast(),
            LegalAct::Recommend,
            desk.done(),
            &mut fresh,
        )?;
        store::save(tx, &mut it)?;
        let entry = entry("amendment-recommended", &it);
        Ok((super::reading::see(tx, &desk, &it)?, entry))
    })
    .await
}

/// The first officer recommends what was opened as a task, or came back. Refuses in the same way, and with `StepNotOpen`.
pub(super) async fn recommend(
    may: &May<MayRecommend>,
    house: &House,
    id: Id<value::Amendment>,
    says: Proposed,
) -> Result<wire::Amendment, Error> {
    let desk = Desk::of(may, house);
    let assessment = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = load(tx, &desk, id)?;
        recommended(tx, &desk, &mut it, &says, assessment)?;
        let entry = entry("amendment-recommended", &it);
        Ok((super::reading::see(tx, &desk, &it)?, entry))
    })
    .await
}

/// The second officer decides: number, what becomes of the award, the letter's input and the job that makes it, in one transaction. Refuses with
/// `SecondOfficerNeeded`, `StepNotOpen`, `AssessmentOutdated`, and as the recommendation does; an annulment with `AlreadyRunning` too, where the
/// person has applied for the same benefit anew meanwhile: that application is brought to its end first.
pub(super) async fn decide(
    may: &May<MayDecide>,
    house: &House,
    id: Id<value::Amendment>,
    body: DecideAmendment,
) -> Result<wire::Amendment, Error> {
    let paragraph = wording::paragraph(body.paragraph.as_deref(), "/paragraph")?;
    let desk = Desk::of(may, house);
    let ids = Ids {
        amendment: id,
        ..Ids::new(house)
    };
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut fresh = desk.fresh();
        let mut it = load(tx, &desk, id)?;
        if it.state != AmendmentState::Recommended {
            return Err(Refusal::StepNotOpen.into());
        }
        if it.revision != body.revision {
            return Err(Error::Changed(it.revision));
        }
        if it.recommended_by == Some(desk.session.officer) {
            return Err(Refusal::SecondOfficerNeeded.into());
        }
        if let Some(assessment) = it.assessment {
            let stored = assessments::store::load(tx, &desk.scope, assessment)?;
            if assessments::outdated(tx, &desk.scope, &stored, desk.today)? {
                return Err(Refusal::AssessmentOutdated.into());
            }
            users::not_own(tx, desk.session.officer, &stored.people())?;
        }
        let makers = makers(tx, &desk.house, &it, it.reason.as_deref().unwrap_or_default())?;
        if makers.office != it.office {
            return Err(Refusal::OtherOffice.into());
        }
        makers.here(tx, &desk)?;
        match makers.confirms {
            Some(body) => {
                let about = content::award(tx, &desk, &it)?;
                effect::possible(tx, &desk, &mut it, about.as_ref())?;
                it.confirms = Some(body);
                sign(tx, &desk, &mut it, ids.job, paragraph.as_deref(), &mut fresh)?;
            }
            None => bring_about(tx, &desk, &mut it, ids, paragraph.as_deref(), &mut fresh)?,
        }
        let entry = entry("amendment-decided", &it);
        let entry = match it.deputy_for {
            Some(absent) => entry.value("deputy_for", absent),
            None => entry,
        };
        Ok((super::reading::see(tx, &desk, &it)?, entry))
    })
    .await
}

/// Ids of what a later decision brings about, fixed before the transaction.
#[derive(Debug, Clone, Copy)]
pub struct Ids {
    /// Its own.
    pub amendment: Id<value::Amendment>,
    /// Of the job that makes its letter.
    pub job: Id<jobs::Job>,
    /// Of the message to another institution, and of its job.
    pub notice: Id<value::Notice>,
    /// Of that job.
    pub telling: Id<jobs::Job>,
}

impl Ids {
    /// New ones.
    pub fn new(house: &House) -> Ids {
        Ids {
            amendment: house.clock.id(),
            job: house.clock.id(),
            notice: house.clock.id(),
            telling: house.clock.id(),
        }
    }
}

/// What was recommended is decided: what becomes of the award, the number, the letter's input and the job that makes it, and who is told.
pub(super) fn bring_about(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    ids: Ids,
    paragraph: Option<&str>,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    let about = content::award(tx, desk, it)?;
    let event = effect::take(tx, desk, it, about.as_ref(), fresh)?;
    sign(tx, desk, it, ids.job, paragraph, fresh)?;
    let new = NewNotice {
        id: ids.notice,
        job: ids.telling,
        matter: it.id.cast(),
        office: it.office,
        decision: it.id.cast(),
        applicant: it.person,
    };
    effect::tell(
        tx,
        desk,
        it,
        (event, about.as_ref().map(|(award, _)| award)),
        &new,
        fresh,
    )?;
    Ok(())
}

/// The officer's decision: its step is done, its number drawn, its letter's input frozen and the job posted that makes it. Where another body has to
/// confirm it, it waits for that one.
fn sign(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    job: Id<jobs::Job>,
    paragraph: Option<&str>,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    it.content.second_paragraph = paragraph.map(str::to_owned);
    it.content.returned = None;
    it.decided_by = Some(desk.session.officer);
    it.decided_at = Some(desk.now);
    it.deputy_for = desk.session.deputy_for;
    it.letter = Some(LetterState::Making);
    let (packs, scope, matter) = (&desk.house.packs, &desk.scope, it.id.cast());
    if it.confirms.is_some() {
        it.state = AmendmentState::Confirming;
        matters::decided_onward(tx, packs, scope, matter, desk.done(), fresh)?;
    } else {
        it.state = AmendmentState::Decided;
        matters::advance(tx, packs, scope, matter, LegalAct::Decide, desk.done(), fresh)?;
    }
    jobs::post(tx, &NewJob::new(job, MAKE, desk.now).payload(it.id.to_string()))?;
    // Numbers are drawn last: what follows only writes what bears the number.
    let number = applications::draw(tx, desk, it.office, "R")?;
    it.letter_input = Some(letter::of(tx, desk, it, &number)?);
    it.number = Some(number);
    store::save(tx, it)
}

/// Back to the first officer, with the reason. Refuses with `StepNotOpen`, `OwnDossier`.
pub(super) async fn send_back(
    may: &May<ReturnApplications>,
    house: &House,
    id: Id<value::Amendment>,
    body: Reason,
) -> Result<wire::Amendment, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let desk = Desk::of(may, house);
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = load(tx, &desk, id)?;
        if it.state != AmendmentState::Recommended {
            return Err(Refusal::StepNotOpen.into());
        }
        makers(tx, &desk.house, &it, it.reason.as_deref().unwrap_or_default())?.here(tx, &desk)?;
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        let matter = matters::store::load(tx, scope, id.cast())?;
        let pack = matters::store::pack_of(tx, packs, &matter)?;
        let first = matters::store::procedure_of(&pack, &matter)?
            .steps
            .iter()
            .find(|step| step.act == Some(LegalAct::Recommend))
            .map(|step| step.id.clone())
            .ok_or(Refusal::StepNotOpen)?;
        let until = matters::jump(
            tx,
            packs,
            scope,
            id.cast(),
            &first,
            &reason,
            desk.done(),
            &mut desk.fresh(),
        )?;
        it.state = AmendmentState::Open;
        it.content.returned = Some(Returned {
            reason: reason.clone(),
            until: until.unwrap_or(desk.today),
            at: desk.now,
            by: users::officer_ref(tx, Some(desk.session.officer))?,
        });
        store::save(tx, &mut it)?;
        let entry = entry("amendment-returned", &it);
        Ok((super::reading::see(tx, &desk, &it)?, entry))
    })
    .await
}

/// The first officer gives it up, with the reason: nothing changes. Refuses with `StepNotOpen`, `OwnDossier`.
pub(super) async fn give_up(
    may: &May<MayRecommend>,
    house: &House,
    id: Id<value::Amendment>,
    body: Reason,
) -> Result<wire::Amendment, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let desk = Desk::of(may, house);
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = load(tx, &desk, id)?;
        if it.state != AmendmentState::Open {
            return Err(Refusal::StepNotOpen.into());
        }
        matters::end(
            tx,
            &desk.house.packs,
            &desk.scope,
            id.cast(),
            &reason,
            desk.done(),
        )?;
        it.state = AmendmentState::Dropped;
        it.content.returned = Some(Returned {
            reason: reason.clone(),
            until: desk.today,
            at: desk.now,
            by: users::officer_ref(tx, Some(desk.session.officer))?,
        });
        store::save(tx, &mut it)?;
        let entry = entry("amendment-dropped", &it);
        Ok((super::reading::see(tx, &desk, &it)?, entry))
    })
    .await
}

/// Notes an attempt to serve the letter. Refuses with `LetterNotReady` and `StepNotOpen`.
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
        makers(tx, &desk.house, &it, it.reason.as_deref().unwrap_or_default())?.here(tx, &desk)?;
        let served = delivery::of_paper(tx, id.cast())?.served_on;
        let (AmendmentState::Decided | AmendmentState::Confirming, Some(decided_at), None, None) =
            (it.state, it.decided_at, served, it.annulled_by)
        else {
            return Err(Refusal::StepNotOpen.into());
        };
        if it.letter != Some(LetterState::Ready) {
            return Err(Refusal::LetterNotReady.into());
        }
        decisions::delivery_day(&desk, body.on, decided_at)?;
        let new = NewAttempt {
            id: attempt,
            paper: id.cast(),
            on: body.on,
            how: body.how,
            to: to.as_deref(),
            served: delivery::serves(&desk.house.pack, body.on, body.how),
            by: desk.session.officer,
            at: desk.now,
        };
        delivery::add(tx, &new)?;
        if new.served.is_some() {
            advance(tx, &desk, &it, LegalAct::Deliver)?;
        }
        let entry = entry(
            if new.served.is_some() {
                "delivered"
            } else {
                "delivery-failed"
            },
            &it,
        );
        Ok((super::reading::see(tx, &desk, &it)?, entry))
    })
    .await
}
