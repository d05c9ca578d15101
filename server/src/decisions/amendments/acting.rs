//! The two officers of a later decision, and what opens one.

use super::{
    content, effect, letter,
    store::{self, Amendment, Content},
};
use crate::{
    access::{Decide as MayDecide, DeliverLetters, May, Recommend as MayRecommend, ReturnApplications},
    applications::{self, Desk},
    assessments,
    audit::{self, Entry},
    awards,
    decisions::{
        self,
        delivery::{self, NewAttempt},
        wording,
    },
    house::House,
    http,
    matters::{self, Done, Fresh, Matter},
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
    Date, Id,
    amendments::{self as wire, AmendmentKind, AmendmentState, DecideAmendment, NewAmendment, Proposed},
    applications::Returned,
    common::Reason,
    decisions::{Deliver, LetterState},
    value::{self, Award},
};
use karton_rules::pack::LegalAct;

/// The queue of the job that makes the letter of a later decision. Its payload is the amendment's id.
pub const MAKE: &str = "make-amendment-letter";

/// What opens a task to end an award: a death, a register's message.
#[derive(Debug, Clone)]
pub struct Proposal<'a> {
    /// Made before the transaction.
    pub id: Id<value::Amendment>,
    /// The award to be ended.
    pub award: Id<Award>,
    /// It is suspended instead.
    pub rests: bool,
    /// The first of the month from which it should end; moved into the award's months where it lies before them.
    pub from: Date,
    /// A code of the pack's `amendment_reasons`.
    pub reason: &'a str,
}

/// Opens a task for a caseworker to look whether an award ends, inside the transaction of what gives cause for it. Nothing is decided by it. Answers
/// whether it was opened: not where the award has ended, a later decision on it is on its way, or the country has no procedure for it.
pub fn propose_end(
    tx: &mut Tx,
    house: &House,
    proposal: &Proposal<'_>,
    done: Done,
    fresh: &mut Fresh,
) -> Result<bool, Error> {
    let Some(office) = awards::store::office_of(tx, proposal.award)? else {
        return Ok(false);
    };
    let scope = crate::access::Scope::under(office);
    let award = awards::store::load(tx, &scope, proposal.award)?;
    if house.pack.country.amendments.is_none()
        || award.per == karton_api::Per::Once
        || award.ends.is_some_and(|ends| ends <= proposal.from)
        || store::running(tx, award.id)?.is_some()
    {
        return Ok(false);
    }
    let it = Amendment {
        from: Some(proposal.from.max(award.starts.first_of_month())),
        reason: Some(proposal.reason.to_owned()),
        ..blank(
            proposal.id,
            if proposal.rests {
                AmendmentKind::Suspend
            } else {
                AmendmentKind::End
            },
            &award,
            done,
        )
    };
    store::insert(tx, &it)?;
    begin(tx, house, &it, done, fresh)?;
    Ok(true)
}

pub(super) fn blank(
    id: Id<value::Amendment>,
    kind: AmendmentKind,
    award: &awards::NewAward,
    done: Done,
) -> Amendment {
    Amendment {
        id,
        revision: 1,
        office: award.office,
        person: award.beneficiary,
        benefit: award.benefit.clone(),
        kind,
        award: Some(award.id),
        decision: award.decision,
        target: None,
        target_number: award.decision_number.clone(),
        state: AmendmentState::Open,
        from: None,
        reason: None,
        content: Content::default(),
        assessment: None,
        opened_at: done.at,
        opened_by: done.by,
        recommended_by: None,
        recommended_at: None,
        decided_by: None,
        decided_at: None,
        deputy_for: None,
        number: None,
        letter: None,
        letter_input: None,
        annulled_by: None,
    }
}

/// The matter begins on the country's procedure for later decisions.
pub(super) fn begin(
    tx: &mut Tx,
    house: &House,
    it: &Amendment,
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    let pack = &house.pack;
    let rule = pack.country.amendments.as_ref().ok_or(Refusal::NotProvided)?;
    let procedure = pack
        .procedure(&rule.procedure)
        .ok_or_else(|| Error::fault(format!("no procedure `{}`", rule.procedure)))?;
    let matter = Matter {
        id: it.id.cast(),
        revision: 1,
        office: it.office,
        procedure: procedure.id.clone(),
        version: procedure.version,
        pack: pack.hash.clone(),
        person: it.person,
        benefit: Some(it.benefit.clone()),
        number: it.target_number.clone(),
        begun_at: done.at,
        begun_on: done.on,
        ended_at: None,
    };
    matters::begin(tx, pack, matter, fresh)
}

/// What a new one is about: an award, a decision with its award if it granted one, or a later decision with what that one is about.
fn opened(
    tx: &mut Tx,
    desk: &Desk,
    id: Id<value::Amendment>,
    body: &NewAmendment,
) -> Result<Amendment, Error> {
    let wanted = |pointer: &str, says: &str| Err(Error::field(pointer, "required", says));
    let about_decision = matches!(body.kind, AmendmentKind::Correct | AmendmentKind::Annul);
    match (body.award, body.decision, body.amendment) {
        (Some(award), None, None) if !about_decision => {
            let award = awards::store::load(tx, &desk.scope, award)?;
            Ok(blank(id, body.kind, &award, desk.done()))
        }
        (None, Some(decision), None) if about_decision => {
            let target = decisions::store::load(tx, &desk.scope, decision)?;
            let application = applications::store::load(tx, &desk.scope, target.application)?;
            Ok(Amendment {
                id,
                revision: 1,
                office: target.office,
                person: application.applicant,
                benefit: application.benefit,
                kind: body.kind,
                award: target.award,
                decision: Some(decision),
                target: None,
                target_number: Some(target.number),
                state: AmendmentState::Open,
                from: None,
                reason: None,
                content: Content::default(),
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
                annulled_by: None,
            })
        }
        (None, None, Some(amendment)) if about_decision => {
            let target = store::load(tx, &desk.scope, amendment)?;
            if body.kind == AmendmentKind::Annul && target.kind == AmendmentKind::Annul {
                return Err(Error::field(
                    "/amendment",
                    "not-here",
                    "An annulment is not annulled itself: what it was about can be decided anew.",
                ));
            }
            Ok(Amendment {
                id,
                revision: 1,
                kind: body.kind,
                target: Some(amendment),
                target_number: target.number.clone(),
                state: AmendmentState::Open,
                from: None,
                reason: None,
                content: Content::default(),
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
                annulled_by: None,
                ..target
            })
        }
        _ if about_decision => wanted(
            "/decision",
            "Say which decision or later decision, and nothing else.",
        ),
        _ => wanted("/award", "Say which award, and nothing else."),
    }
}

/// A later decision within the scope on which this officer may work, held from others: `OwnDossier` otherwise.
fn load(tx: &mut Tx, desk: &Desk, id: Id<value::Amendment>) -> Result<Amendment, Error> {
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
        bring_about(tx, &desk, &mut it, ids, paragraph.as_deref(), &mut fresh)?;
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
    it.content.second_paragraph = paragraph.map(str::to_owned);
    it.content.returned = None;
    it.state = AmendmentState::Decided;
    it.decided_by = Some(desk.session.officer);
    it.decided_at = Some(desk.now);
    it.deputy_for = desk.session.deputy_for;
    it.letter = Some(LetterState::Making);
    matters::advance(
        tx,
        &desk.house.packs,
        &desk.scope,
        it.id.cast(),
        LegalAct::Decide,
        desk.done(),
        fresh,
    )?;
    jobs::post(
        tx,
        &NewJob::new(ids.job, MAKE, desk.now).payload(it.id.to_string()),
    )?;
    // Numbers are drawn last: what follows only writes what bears the number.
    let number = applications::draw(tx, desk, it.office, "R")?;
    it.letter_input = Some(letter::of(tx, desk, it, &number)?);
    it.number = Some(number);
    store::save(tx, it)?;
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
        let served = delivery::of_paper(tx, id.cast())?.served_on;
        let (AmendmentState::Decided, Some(decided_at), None, None) =
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
