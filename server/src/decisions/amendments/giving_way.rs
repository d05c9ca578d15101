//! The later decision that ends or suspends an award because another right is granted in its place. It is an act of its own, by the two officers of
//! the decision that grants, with a number and a letter of its own, in the same transaction.

use super::{
    acting::{Ids, bring_about, entry},
    content,
    opening::{begin, blank},
    store,
};
use crate::{
    applications::Desk,
    audit, awards, matters,
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Date, Id, Timestamp,
    amendments::{AmendmentKind, AmendmentState, Proposed},
    value::{Assessment, Award, Officer},
};
use karton_rules::pack::LegalAct;

/// An award that gives way.
#[derive(Debug, Clone)]
pub struct Way<'a> {
    /// Which.
    pub award: Id<Award>,
    /// It ends; otherwise it rests.
    pub ends: bool,
    /// The first day of the right for which it gives way.
    pub starts: Date,
    /// The officer who recommended that right, and when.
    pub first: (Id<Officer>, Timestamp),
    /// Names that right, for the letter.
    pub words: &'a str,
}

/// The first day on which an award is not paid any more: that of the month in which the other right begins, because a month is paid whole, to one of
/// them only. Where the other begins with a month this is the day after which the award's last one is the day before it.
pub(super) fn gives_way_on(award: &awards::NewAward, turns: &[awards::Turn], starts: Date) -> Date {
    let mut from = starts.first_of_month().max(award.starts.first_of_month());
    if let Some(last) = turns.last() {
        from = from.max(last.from);
    }
    from
}

/// Lets an award give way, unless it has ended or rests by then. Refuses with `AmendmentRunning` where a later decision on it is on its way, with
/// `AlreadyAwarded` where it lies in another office, which has to end it first, and with `NotProvided`.
pub fn give_way(tx: &mut Tx, desk: &Desk, ids: Ids, way: &Way<'_>) -> Result<(), Error> {
    let award = match awards::store::load(tx, &desk.scope, way.award) {
        Err(Error::Missing) => return Err(Refusal::AlreadyAwarded.into()),
        other => other?,
    };
    let turns = awards::of_award(tx, award.id)?;
    let from = gives_way_on(&award, &turns, way.starts);
    let rests = !way.ends && awards::standing(&turns, from).suspended;
    if award.ends.is_some_and(|ends| ends <= from) || rests {
        return Ok(());
    }
    if store::running(tx, award.id)?.is_some() {
        return Err(Refusal::AmendmentRunning.into());
    }
    let rule = desk.house.pack.country.amendments.as_ref();
    let rule = rule
        .and_then(|rule| rule.choice.as_ref())
        .ok_or(Refusal::NotProvided)?;
    let kind = if way.ends {
        AmendmentKind::End
    } else {
        AmendmentKind::Suspend
    };
    let mut it = blank(ids.amendment, kind, &award, desk.done());
    let mut fresh = desk.fresh();
    store::insert(tx, &it)?;
    begin(tx, &desk.house, &it, desk.done(), &mut fresh)?;
    let says = Proposed {
        from: Some(from),
        reason: rule.reason.clone(),
        corrections: Vec::new(),
        confirmed: Vec::new(),
        part: None,
        paragraph: Some(way.words.to_owned()),
    };
    // Neither ending nor suspending is assessed.
    let nothing: Id<Assessment> = ids.amendment.cast();
    content::fill(tx, desk, &mut it, &says, nothing)?;
    let (first, at) = way.first;
    it.state = AmendmentState::Recommended;
    it.recommended_by = Some(first);
    it.recommended_at = Some(at);
    // The step is that of the officer who recommended the right for which this one gives way.
    let recommended = matters::Done {
        by: Some(first),
        ..desk.done()
    };
    let (packs, scope) = (&desk.house.packs, &desk.scope);
    matters::advance(
        tx,
        packs,
        scope,
        it.id.cast(),
        LegalAct::Recommend,
        recommended,
        &mut fresh,
    )?;
    store::save(tx, &mut it)?;
    bring_about(tx, desk, &mut it, ids, None, &mut fresh)?;
    audit::append(tx, desk.actor(), desk.now, &entry("amendment-decided", &it))
}
