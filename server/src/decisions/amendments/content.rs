//! What a later decision says, held against the award or decision it is about.

use super::store::Amendment;
use crate::{
    applications::Desk,
    assessments::{self, About, Gathered, NewAssessment, Shown},
    awards::{self, NewAward, Turn, TurnKind},
    decisions::{
        self,
        model::{check_confirmed, follows},
        wording,
    },
    problem::{Error, Refusal},
    store::Tx,
    users,
};
use karton_api::{
    Id, Money,
    amendments::{AmendmentKind, Proposed, WouldChange},
    assessments::Outcome,
    awards::{Entitlement, PartRef},
    value::{self, Assessment},
};
use karton_rules::{
    assess,
    pack::{AmendmentKind as PackKind, CodeEntry, Pack},
};

/// What the award becomes by it; nothing for a correction.
pub(super) fn turn_kind(kind: AmendmentKind) -> Option<TurnKind> {
    Some(match kind {
        AmendmentKind::Change => TurnKind::Change,
        AmendmentKind::Suspend => TurnKind::Suspend,
        AmendmentKind::Resume => TurnKind::Resume,
        AmendmentKind::End => TurnKind::End,
        AmendmentKind::Annul => TurnKind::Annul,
        AmendmentKind::Correct => return None,
    })
}

pub(super) fn pack_kind(kind: AmendmentKind) -> PackKind {
    match kind {
        AmendmentKind::Change => PackKind::Change,
        AmendmentKind::Suspend => PackKind::Suspend,
        AmendmentKind::Resume => PackKind::Resume,
        AmendmentKind::End => PackKind::End,
        AmendmentKind::Correct => PackKind::Correct,
        AmendmentKind::Annul => PackKind::Annul,
    }
}

/// The pack's reason of this code.
pub(super) fn reason<'p>(pack: &'p Pack, code: &str) -> Option<&'p CodeEntry> {
    pack.codes.get("amendment_reasons")?.entry(code)
}

fn check_reason(desk: &Desk, kind: AmendmentKind, code: &str) -> Result<(), Error> {
    let entry = reason(&desk.house.pack, code).filter(|entry| {
        entry.from.is_none_or(|from| from <= desk.today) && entry.until.is_none_or(|until| desk.today < until)
    });
    let fits = entry.is_some_and(|entry| PackKind::of_reason(entry).contains(&pack_kind(kind)));
    if fits {
        Ok(())
    } else {
        Err(Error::field(
            "/says/reason",
            "unknown",
            "This is no reason for such a decision.",
        ))
    }
}

/// The award, held from others until the commit, with what was made of it so far.
pub(super) fn award(
    tx: &mut Tx,
    desk: &Desk,
    it: &Amendment,
) -> Result<Option<(NewAward, Vec<Turn>)>, Error> {
    let Some(id) = it.award else { return Ok(None) };
    tx.hold("award", id)?;
    let award = awards::store::load(tx, &desk.scope, id)?;
    let turns = awards::of_award(tx, id)?;
    Ok(Some((award, turns)))
}

/// What the officer proposes, checked and laid into `it`: errors stand at their fields. A change is assessed and the assessment kept.
pub(super) fn fill(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    says: &Proposed,
    assessment: Id<Assessment>,
) -> Result<(), Error> {
    check_reason(desk, it.kind, &says.reason)?;
    let paragraph = wording::paragraph(says.paragraph.as_deref(), "/says/paragraph")?;
    let only = |there: bool, kind: AmendmentKind, pointer: &str| {
        if there && it.kind != kind {
            Err(Error::field(
                pointer,
                "not-here",
                "This has no place in such a decision.",
            ))
        } else {
            Ok(())
        }
    };
    only(
        !says.corrections.is_empty(),
        AmendmentKind::Correct,
        "/says/corrections",
    )?;
    only(
        !says.confirmed.is_empty(),
        AmendmentKind::Change,
        "/says/confirmed",
    )?;
    if says.part.is_some() && !matches!(it.kind, AmendmentKind::Suspend | AmendmentKind::Resume) {
        return Err(Error::field(
            "/says/part",
            "not-here",
            "Only suspending and resuming may be about a part of the amount.",
        ));
    }
    it.reason = Some(says.reason.clone());
    it.content = super::store::Content {
        paragraph,
        ..super::store::Content::default()
    };
    it.from = says.from;
    it.assessment = None;
    if it.kind == AmendmentKind::Correct {
        if says.from.is_some() {
            return Err(Error::field(
                "/says/from",
                "not-here",
                "A correction holds from the day of the decision.",
            ));
        }
        let values = standing(tx, desk, it)?;
        it.content.corrections = wording::corrections(&says.corrections, &values)?;
        return Ok(());
    }
    if it.target.is_some() {
        if says.from.is_some() {
            return Err(Error::field(
                "/says/from",
                "not-here",
                "A later decision is annulled from its beginning.",
            ));
        }
        standing(tx, desk, it)?;
        return taking_back(tx, desk, it);
    }
    if it.kind == AmendmentKind::Annul && it.confirmation.is_some() {
        if says.from.is_some() {
            return Err(Error::field(
                "/says/from",
                "not-here",
                "What a second body decided is annulled from its beginning; a right is ended from a later month on.",
            ));
        }
        standing(tx, desk, it)?;
    } else if it.kind == AmendmentKind::Annul {
        let target = it.decision.ok_or(Error::Missing)?;
        standing_decision(&decisions::store::load(tx, &desk.scope, target)?)?;
        if it.award.is_none() && says.from.is_some() {
            return Err(Error::field(
                "/says/from",
                "not-here",
                "A refusal is annulled from the beginning.",
            ));
        }
    }
    let Some((award, turns)) = award(tx, desk, it)? else {
        return Ok(());
    };
    let kind = turn_kind(it.kind).ok_or(Error::Missing)?;
    awards::allowed(&award, &turns, (kind, says.part.as_ref()), says.from, desk.today)?;
    let on = says.from.unwrap_or(award.starts);
    let now = awards::standing(&turns, on);
    let before = now.amount.unwrap_or(award.amount);
    it.content.before = Some(due(tx, desk, &award, &turns, on)?.unwrap_or(before));
    it.content.per = Some(award.per);
    if let Some(part) = &says.part {
        of_a_part(tx, desk, it, (&award, &turns), part, on)?;
    }
    if it.kind == AmendmentKind::Change {
        change(tx, desk, it, &award, says, assessment)?;
    }
    it.content.undue = undue(tx, desk, it, &award, &turns)?;
    Ok(())
}

/// Only a part of the amount, or one person's share of it: what is left is due.
fn of_a_part(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    (award, turns): (&NewAward, &[Turn]),
    part: &PartRef,
    on: karton_api::Date,
) -> Result<(), Error> {
    let pack = rule(tx, desk, award)?;
    awards::check_part(pack.as_deref(), award, turns, on, part)?;
    it.content.part = Some(part.clone());
    let shown = pack.as_deref().map(|pack| awards::parts(pack, award, turns, on));
    let shown = shown
        .into_iter()
        .flatten()
        .find(|one| one.part.code == part.code && (part.person.is_none() || one.part.person == part.person));
    if let Some(shown) = shown {
        it.content.part_name = shown.name;
        it.content.part_person = shown.person_name.filter(|_| part.person.is_some());
    }
    let Some(turn) = turn(tx, desk, it, award)? else {
        return Ok(());
    };
    let mut more = turns.to_vec();
    more.push(turn);
    it.content.amount = due(tx, desk, award, &more, on)?;
    Ok(())
}

/// What stands in the letter that is corrected or annulled. Refuses with `DecisionAnnulled` and `LetterNotReady`.
fn standing(tx: &mut Tx, desk: &Desk, it: &Amendment) -> Result<serde_json::Value, Error> {
    if let Some(target) = it.confirmation {
        let target = decisions::confirmations::store::load(tx, &desk.scope, target)?;
        if target.annulled_by.is_some() {
            return Err(Refusal::DecisionAnnulled.into());
        }
        let written = target
            .letter_input
            .filter(|_| target.letter == Some(karton_api::decisions::LetterState::Ready));
        return Ok(written.ok_or(Refusal::LetterNotReady)?.values);
    }
    if let Some(target) = it.target {
        let target = super::store::load(tx, &desk.scope, target)?;
        if target.annulled_by.is_some() {
            return Err(Refusal::DecisionAnnulled.into());
        }
        let written = target
            .letter_input
            .filter(|_| target.letter == Some(karton_api::decisions::LetterState::Ready));
        return Ok(written.ok_or(Refusal::LetterNotReady)?.values);
    }
    let target = it.decision.ok_or(Error::Missing)?;
    let target = decisions::store::load(tx, &desk.scope, target)?;
    standing_decision(&target)?;
    Ok(target.letter_input.values)
}

/// What it means for the award that a later decision loses its effect. Refuses with `LaterDecisionStands` where a newer one builds on it.
fn taking_back(tx: &mut Tx, desk: &Desk, it: &mut Amendment) -> Result<(), Error> {
    let target = it.target.ok_or(Error::Missing)?;
    if super::store::load(tx, &desk.scope, target)?.kind == AmendmentKind::Correct {
        return Ok(());
    }
    let Some((award, turns)) = award(tx, desk, it)? else {
        return Ok(());
    };
    let (turn, rest) = awards::without(&turns, target)?;
    it.content.undue = undue_without(tx, desk, &award, &turns, (&turn, &rest))?;
    Ok(())
}

/// Months until today for which less is due once a turn is taken back.
pub(super) fn undue_without(
    tx: &mut Tx,
    desk: &Desk,
    award: &NewAward,
    turns: &[Turn],
    (turn, rest): (&Turn, &[Turn]),
) -> Result<Vec<Entitlement>, Error> {
    let pack = rule(tx, desk, award)?;
    let before = awards::months(pack.as_deref(), award, turns, desk.today);
    let mut then = award.clone();
    then.ends = awards::ended_before(tx, turn)?;
    let after = awards::months(pack.as_deref(), &then, rest, desk.today);
    Ok(awards::beyond(&before, &after))
}

fn standing_decision(target: &decisions::store::Decision) -> Result<(), Error> {
    if target.annulled_by.is_some() || target.returned_by.is_some() {
        return Err(Refusal::DecisionAnnulled.into());
    }
    if target.letter != karton_api::decisions::LetterState::Ready {
        return Err(Refusal::LetterNotReady.into());
    }
    Ok(())
}

/// What an award yields in the month of a day, if it yields anything.
fn due(
    tx: &mut Tx,
    desk: &Desk,
    award: &NewAward,
    turns: &[Turn],
    on: karton_api::Date,
) -> Result<Option<Money>, Error> {
    let pack = rule(tx, desk, award)?;
    let months = awards::months(pack.as_deref(), award, turns, on);
    let month = on.first_of_month();
    Ok(months.iter().find(|it| it.month == month).map(|it| it.amount))
}

fn rule(tx: &mut Tx, desk: &Desk, award: &NewAward) -> Result<Option<std::sync::Arc<Pack>>, Error> {
    award
        .basis
        .as_ref()
        .map(|(hash, _)| desk.house.packs.rule(tx, hash, &award.benefit))
        .transpose()
}

/// The turn that an amendment makes of its award.
pub(super) fn turn(
    tx: &mut Tx,
    desk: &Desk,
    it: &Amendment,
    award: &NewAward,
) -> Result<Option<Turn>, Error> {
    let Some(kind) = turn_kind(it.kind) else {
        return Ok(None);
    };
    let basis = match it.assessment {
        Some(id) => {
            let stored = assessments::store::load(tx, &desk.scope, id)?;
            Some((stored.trace.pack_hash.clone(), stored.input))
        }
        None => None,
    };
    Ok(Some(Turn {
        amendment: it.id,
        award: award.id,
        kind,
        from: it.from.unwrap_or(award.starts),
        amount: it.content.amount,
        part: it.content.part.clone(),
        basis,
        at: desk.now,
    }))
}

/// Months until today for which less is due than before: what was paid for them may have to be returned.
pub(super) fn undue(
    tx: &mut Tx,
    desk: &Desk,
    it: &Amendment,
    award: &NewAward,
    turns: &[Turn],
) -> Result<Vec<Entitlement>, Error> {
    let Some(turn) = turn(tx, desk, it, award)? else {
        return Ok(Vec::new());
    };
    let pack = rule(tx, desk, award)?;
    let before = awards::months(pack.as_deref(), award, turns, desk.today);
    let mut then = award.clone();
    if matches!(turn.kind, TurnKind::End | TurnKind::Annul) {
        then.ends = Some(turn.from.max(award.starts));
    }
    let mut more = turns.to_vec();
    more.push(turn);
    let after = awards::months(pack.as_deref(), &then, &more, desk.today);
    Ok(awards::beyond(&before, &after))
}

/// The rules over the facts known now, with the award's application where it has one.
fn rules(
    tx: &mut Tx,
    desk: &Desk,
    award: &NewAward,
) -> Result<(Option<Id<value::Application>>, Gathered, assess::Assessment), Error> {
    let application = match award.decision {
        Some(decision) => Some(decisions::store::load(tx, &desk.scope, decision)?.application),
        None => None,
    };
    let about = About {
        applicant: award.beneficiary,
        matter: application.map(Id::cast),
        on: desk.today,
        lodged: award.starts,
        known_at: desk.now,
    };
    let pack = &desk.house.pack;
    let gathered = assessments::gather(tx, pack, &desk.scope, &about, &[])?;
    let trace = assess::assess(pack, &award.benefit, &gathered.input).ok_or(Refusal::NotProvided)?;
    Ok((application, gathered, trace))
}

/// What a change would rest on, without proposing it.
pub(super) fn would_change(
    tx: &mut Tx,
    desk: &Desk,
    award: Id<value::Award>,
) -> Result<(Id<value::Person>, WouldChange), Error> {
    let award = awards::store::load(tx, &desk.scope, award)?;
    let (_, gathered, trace) = rules(tx, desk, &award)?;
    let pack = &desk.house.pack;
    let shown = Shown {
        pack,
        input: &gathered.input,
        learnt: &gathered.learnt,
        others: Some(&gathered.others),
    };
    let mut confirm: Vec<String> = assessments::doubts(pack, &trace)
        .into_iter()
        .map(|doubt| doubt.condition)
        .collect();
    for condition in &trace.conditions {
        if condition.verdict == assess::Verdict::MustConfirm {
            confirm.push(condition.id.clone());
        }
    }
    confirm.sort();
    confirm.dedup();
    let would = WouldChange {
        assessment: shown.assessment(&trace),
        confirm,
    };
    Ok((award.beneficiary, would))
}

/// Another amount: the rules over the facts known now, from the month on. Refuses with `OutcomeDiffers` where they do not grant it any more (that is
/// an ending), and with `NotVerified`.
fn change(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Amendment,
    award: &NewAward,
    says: &Proposed,
    assessment: Id<Assessment>,
) -> Result<(), Error> {
    let pack = desk.house.pack.clone();
    let (application, gathered, trace) = rules(tx, desk, award)?;
    let errors = check_confirmed(&trace, &says.confirmed);
    if !errors.is_empty() {
        return Err(Error::Invalid(
            errors
                .into_iter()
                .map(|error| karton_api::problem::FieldError {
                    pointer: format!("/says{}", error.pointer),
                    ..error
                })
                .collect(),
        ));
    }
    follows(
        &trace,
        &assessments::doubts(&pack, &trace),
        Outcome::Grant,
        &says.confirmed,
    )?;
    let amount = trace.amount.as_ref().ok_or(Refusal::OutcomeDiffers)?.money;
    if it.content.before == Some(amount) {
        return Err(Error::field(
            "/says/from",
            "same-amount",
            "The rules come to the same amount: nothing changes.",
        ));
    }
    let new = NewAssessment {
        id: assessment,
        matter: it.id.cast::<value::Matter>(),
        claim: application.map(Id::cast),
        office: award.office,
        at: desk.now,
        by: desk.session.officer,
    };
    assessments::insert(tx, &new, &gathered, &trace)?;
    let stored = assessments::store::load(tx, &desk.scope, assessment)?;
    users::not_own(tx, desk.session.officer, &stored.people())?;
    it.assessment = Some(assessment);
    it.content.amount = Some(amount);
    it.content.confirmed = says.confirmed.clone();
    Ok(())
}
