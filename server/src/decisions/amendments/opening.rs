//! What opens a later decision: a proposal, or a task that something else gives cause for.

use super::{
    makers::makers,
    store::{self, Amendment, Content},
};
use crate::{
    applications::{self, Desk},
    awards,
    decisions::{
        self,
        confirmations::{self, store::About},
    },
    house::House,
    matters::{self, Done, Fresh, Matter},
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Date, Id,
    amendments::{AmendmentKind, AmendmentState, NewAmendment},
    confirmations::Says,
    value::{self, Award},
};

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
    let mut it = Amendment {
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
    let makers = makers(tx, house, &it, proposal.reason)?;
    (it.office, it.of_second) = (makers.office, makers.of_second);
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
        confirms: None,
        confirmation: None,
        of_second: false,
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
pub(super) fn opened(
    tx: &mut Tx,
    desk: &Desk,
    id: Id<value::Amendment>,
    body: &NewAmendment,
) -> Result<Amendment, Error> {
    let wanted = |pointer: &str, says: &str| Err(Error::field(pointer, "required", says));
    let about_decision = matches!(body.kind, AmendmentKind::Correct | AmendmentKind::Annul);
    let new = |award: &NewAbout| Amendment {
        id,
        revision: 1,
        office: award.office,
        person: award.person,
        benefit: award.benefit.clone(),
        kind: body.kind,
        award: award.award,
        decision: award.decision,
        target: None,
        target_number: award.number.clone(),
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
        confirms: None,
        confirmation: None,
        of_second: false,
    };
    match (body.award, body.decision, body.amendment, body.confirmation) {
        (Some(award), None, None, None) if !about_decision => {
            let award = awards::store::load(tx, &desk.scope, award)?;
            Ok(blank(id, body.kind, &award, desk.done()))
        }
        (None, Some(decision), None, None) if about_decision => {
            let target = decisions::store::load(tx, &desk.scope, decision)?;
            let number = Some(target.number.clone());
            Ok(new(&NewAbout::of(tx, desk, target, number)?))
        }
        (None, None, Some(amendment), None) if about_decision => {
            let target = store::load(tx, &desk.scope, amendment)?;
            if body.kind == AmendmentKind::Annul && target.kind == AmendmentKind::Annul {
                return Err(Error::field(
                    "/amendment",
                    "not-here",
                    "An annulment is not annulled itself: what it was about can be decided anew.",
                ));
            }
            Ok(Amendment {
                target: Some(amendment),
                ..new(&NewAbout::later(target.clone(), target.number))
            })
        }
        (None, None, None, Some(confirmation)) if about_decision => {
            let target = confirmations::store::load(tx, &desk.scope, confirmation)?;
            let not_here = |says: &str| Error::field("/confirmation", "not-here", says);
            if target.says == Says::Return {
                return Err(not_here(
                    "What was sent back is no decision: there is nothing to correct or annul.",
                ));
            }
            let about = match target.about {
                About::Decision(first) => {
                    let first = decisions::store::load(tx, &desk.scope, first)?;
                    NewAbout::of(tx, desk, first, target.number)?
                }
                About::Amendment(_) if body.kind == AmendmentKind::Annul => {
                    return Err(not_here(
                        "What it decided on a later decision is not annulled alone: that later decision is, or another one is made.",
                    ));
                }
                About::Amendment(later) => {
                    let later = store::load(tx, &desk.scope, later)?;
                    NewAbout::later(later, target.number)
                }
            };
            Ok(Amendment {
                confirmation: Some(confirmation),
                ..new(&about)
            })
        }
        _ if about_decision => wanted(
            "/decision",
            "Say which decision, second decision or later decision, and nothing else.",
        ),
        _ => wanted("/award", "Say which award, and nothing else."),
    }
}

/// What one that corrects or annuls is about.
struct NewAbout {
    office: Id<value::Office>,
    person: Id<value::Person>,
    benefit: String,
    award: Option<Id<Award>>,
    decision: Option<Id<value::Decision>>,
    number: Option<String>,
}

impl NewAbout {
    fn of(
        tx: &mut Tx,
        desk: &Desk,
        decision: decisions::store::Decision,
        number: Option<String>,
    ) -> Result<NewAbout, Error> {
        let application = applications::store::load(tx, &desk.scope, decision.application)?;
        Ok(NewAbout {
            office: decision.office,
            person: application.applicant,
            benefit: application.benefit,
            award: decision.award,
            decision: Some(decision.id),
            number,
        })
    }
    fn later(it: Amendment, number: Option<String>) -> NewAbout {
        NewAbout {
            office: it.office,
            person: it.person,
            benefit: it.benefit,
            award: it.award,
            decision: it.decision,
            number,
        }
    }
}
