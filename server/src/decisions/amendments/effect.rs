//! What a later decision brings about in the transaction that decides it: on the award, on the decision it annuls and its application, and who
//! is told of it.

use super::{
    content,
    store::{self, Amendment},
};
use crate::{
    applications::{self, Desk},
    awards::{self, NewAward, Turn, TurnKind},
    decisions::{
        self,
        confirmations::{self, store::About},
    },
    matters::{self, Fresh},
    notices::{self, NewNotice},
    problem::{Error, Refusal},
    store::Tx,
    users,
};
use karton_api::{Id, amendments::AmendmentKind, applications::Returned, value};
use karton_rules::{
    assess::Told,
    pack::{AmendmentKind as PackKind, StepKind},
};

/// What an institution that knows of the right hears: the later decision itself, or what an annulled one leaves behind.
fn event(turn: &Turn) -> PackKind {
    // Of a part the others only learn that the amount is another one.
    match turn.kind {
        _ if turn.part.is_some() => PackKind::Change,
        TurnKind::Change => PackKind::Change,
        TurnKind::Suspend => PackKind::Suspend,
        TurnKind::Resume => PackKind::Resume,
        TurnKind::End => PackKind::End,
        TurnKind::Annul => PackKind::Annul,
    }
}

/// The same where the later decision that made it loses its effect: the right is as it was before.
fn undone(turn: &Turn) -> PackKind {
    match turn.kind {
        _ if turn.part.is_some() => PackKind::Change,
        TurnKind::Change => PackKind::Change,
        TurnKind::Resume => PackKind::Suspend,
        TurnKind::Suspend | TurnKind::End | TurnKind::Annul => PackKind::Resume,
    }
}

/// Turns the award, takes an annulled decision's effect, and takes its application up again. Answers what happened to the right, for whoever is
/// told of it, and since which day.
pub(super) fn take(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    about: Option<&(NewAward, Vec<Turn>)>,
    fresh: &mut Fresh,
) -> Result<Option<(PackKind, karton_api::Date)>, Error> {
    if let (AmendmentKind::Annul, Some(target)) = (it.kind, it.target) {
        store::annul_later(tx, target, it.id)?;
        // What a second body said of it has no effect without it.
        confirmations::store::annul(tx, About::Amendment(target), it.id)?;
        let Some((award, turns)) = about else {
            return Ok(None);
        };
        if store::load(tx, &desk.scope, target)?.kind == AmendmentKind::Correct {
            return Ok(None);
        }
        let (turn, rest) = awards::without(turns, target)?;
        it.content.undue = content::undue_without(tx, desk, award, turns, (&turn, &rest))?;
        awards::take_back(tx, &turn, &rest, it.id)?;
        return Ok(Some((undone(&turn), turn.from)));
    }
    let mut happened = None;
    if let Some((award, turns)) = about
        && let Some(turn) = content::turn(tx, desk, it, award)?
    {
        awards::allowed(award, turns, (turn.kind, turn.part.as_ref()), it.from, desk.today)?;
        it.content.undue = content::undue(tx, desk, it, award, turns)?;
        awards::add(tx, award, &turn)?;
        happened = Some((event(&turn), turn.from));
    }
    if let (AmendmentKind::Annul, Some(confirmation)) = (it.kind, it.confirmation) {
        confirm_again(tx, desk, it, confirmation, fresh)?;
    } else if let (AmendmentKind::Annul, Some(decision)) = (it.kind, it.decision) {
        store::annul(tx, decision, it.id)?;
        // What a second body decided on it has no effect without it.
        confirmations::store::annul(tx, About::Decision(decision), it.id)?;
        // Annulled from a later day on, what was decided stands for the time before it: there is nothing to decide again.
        if it.from.is_none() {
            again(tx, desk, it, fresh)?;
        }
    }
    Ok(happened)
}

/// Whether it could be brought about today, and what would not have been due then: before another body is asked to confirm it. Refuses as [`take`] does.
pub(super) fn possible(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    about: Option<&(NewAward, Vec<Turn>)>,
) -> Result<(), Error> {
    let Some((award, turns)) = about else {
        return Ok(());
    };
    if let (AmendmentKind::Annul, Some(target)) = (it.kind, it.target) {
        let target = store::load(tx, &desk.scope, target)?;
        if target.annulled_by.is_some() {
            return Err(Refusal::DecisionAnnulled.into());
        }
        if target.kind != AmendmentKind::Correct {
            let (turn, rest) = awards::without(turns, target.id)?;
            it.content.undue = content::undue_without(tx, desk, award, turns, (&turn, &rest))?;
        }
        return Ok(());
    }
    if let (AmendmentKind::Annul, Some(decision)) = (it.kind, it.decision)
        && decisions::store::load(tx, &desk.scope, decision)?
            .annulled_by
            .is_some()
    {
        return Err(Refusal::DecisionAnnulled.into());
    }
    if let Some(turn) = content::turn(tx, desk, it, award)? {
        awards::allowed(award, turns, (turn.kind, turn.part.as_ref()), it.from, desk.today)?;
        it.content.undue = content::undue(tx, desk, it, award, turns)?;
    }
    Ok(())
}

/// The reason as it stands with what is taken up again: in words, with the number of what lost its effect.
fn why(desk: &Desk, it: &Amendment, number: &str) -> String {
    let pack = &desk.house.pack;
    let language = decisions::letter_language(pack);
    let code = it.reason.as_deref();
    match code.and_then(|code| content::reason(pack, code)) {
        Some(entry) => format!("{} ({number})", entry.name.get(&language)),
        None => number.to_owned(),
    }
}

/// The second body's decision alone loses its effect: what the first one granted waits for it again, as if it had not decided yet. The days in between
/// do not count towards the term. Refuses with `DecisionAnnulled` where another decision stands by now.
fn confirm_again(
    tx: &mut Tx,
    desk: &Desk,
    it: &Amendment,
    id: Id<value::Confirmation>,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    let said = confirmations::store::load(tx, &desk.scope, id)?;
    let decision = said.about.decision().ok_or(Refusal::StepNotOpen)?;
    confirmations::store::annul_alone(tx, id, decision, it.id)?;
    let target = decisions::store::load(tx, &desk.scope, decision)?;
    let mut application = desk.load(tx, target.application)?;
    if application.stage.decision() != Some(decision) {
        return Err(Refusal::DecisionAnnulled.into());
    }
    let reason = why(desk, it, said.number.as_deref().unwrap_or_default());
    let matter = application.id.cast();
    let (packs, scope) = (&desk.house.packs, &desk.scope);
    tx.hold("matter", matter)?;
    matters::store::stand_still(tx, matter, desk.house.clock.day_of(said.decided_at))?;
    matters::store::run_on(tx, matter, desk.today)?;
    matters::confirm_again(tx, packs, scope, matter, &reason, desk.done(), fresh)?;
    application.stage = application.stage.clone().confirm_again()?;
    applications::store::save(tx, &mut application)
}

/// The application goes back to the first officer, as if it had not been decided yet; what was decided, recommended and written stays with the
/// annulled decision. Refuses with `AlreadyRunning` where another application for the same benefit runs by now.
fn again(tx: &mut Tx, desk: &Desk, it: &Amendment, fresh: &mut Fresh) -> Result<(), Error> {
    let Some(decision) = it.decision else {
        return Ok(());
    };
    let target = decisions::store::load(tx, &desk.scope, decision)?;
    let mut application = desk.load(tx, target.application)?;
    let standing = application.stage.decision().ok_or(Refusal::StepNotOpen)?;
    if standing != decision {
        return Err(Refusal::DecisionAnnulled.into());
    }
    let recommendation = application.stage.recommendation().ok_or(Refusal::StepNotOpen)?;
    decisions::store::keep_recommendation(tx, decision, recommendation)?;
    let reason = why(desk, it, &target.number);
    let due = matters::take_up_again(
        tx,
        &desk.house.packs,
        &desk.scope,
        application.id.cast(),
        (
            StepKind::Assess,
            desk.house.clock.day_of(target.decided_at),
            &reason,
        ),
        desk.done(),
        fresh,
    )?;
    application.stage = application.stage.clone().take_up_again(Returned {
        reason,
        until: due.unwrap_or(desk.today),
        at: desk.now,
        by: users::officer_ref(tx, Some(desk.session.officer))?,
    })?;
    applications::store::save(tx, &mut application)
}

/// Tells the institution that was told of the right, where the pack says so; where nobody is told, the step that waits for it is done. A right
/// whose facts are not known is told of by hand: the step stays open.
pub(super) fn tell(
    tx: &mut Tx,
    desk: &Desk,
    it: &Amendment,
    (event, award): (Option<(PackKind, karton_api::Date)>, Option<&NewAward>),
    new: &NewNotice,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    let pack = &desk.house.pack;
    let told = event.filter(|(kind, _)| pack.tells_later(&it.benefit, *kind));
    let Some((kind, from)) = told else {
        let (packs, scope) = (&desk.house.packs, &desk.scope);
        for of in [matters::Decider::First, matters::Decider::Second] {
            let kind = (StepKind::Notify, of);
            if matters::complete_kind_of(tx, packs, scope, it.id.cast(), kind, desk.done(), fresh)? {
                break;
            }
        }
        return Ok(());
    };
    let basis = award.and_then(|award| award.basis.as_ref());
    let (Some((_, input)), Some(number)) = (basis, it.number.as_deref()) else {
        return Ok(());
    };
    let told = Told {
        number,
        on: desk.today,
        from: Some(from),
    };
    if let Some(message) = pack.later_message(&it.benefit, kind, input, told) {
        notices::post(tx, pack, new, &message, desk.now)?;
    }
    Ok(())
}
