//! What later decisions make of an award: changed, suspended, resumed, ended, annulled. The state on a day is the fold of the turns until then.

use super::model::NewAward;
use crate::{
    problem::{Error, Refusal},
    store::{Row, Tx},
    vals,
};
use jiff::ToSpan as _;
use karton_api::{
    Date, Id, Money, Per, Timestamp,
    amendments::AmendmentKind,
    awards::{Entitlement, PartRef},
    value::{Amendment, Award},
};
use karton_rules::assess::{AwardInForce, Input};

/// A later decision reaches back so many months at most,
const BACK: i32 = 60;
/// and so many ahead.
const AHEAD: i32 = 12;

/// What is made of an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnKind {
    /// Another amount.
    Change,
    /// Nothing is due until it is resumed.
    Suspend,
    /// Due again.
    Resume,
    /// No right any more.
    End,
    /// The decision behind it has lost its effect.
    Annul,
}

impl TurnKind {
    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            TurnKind::Change => "change",
            TurnKind::Suspend => "suspend",
            TurnKind::Resume => "resume",
            TurnKind::End => "end",
            TurnKind::Annul => "annul",
        }
    }
    /// As it travels.
    pub fn wire(self) -> AmendmentKind {
        match self {
            TurnKind::Change => AmendmentKind::Change,
            TurnKind::Suspend => AmendmentKind::Suspend,
            TurnKind::Resume => AmendmentKind::Resume,
            TurnKind::End => AmendmentKind::End,
            TurnKind::Annul => AmendmentKind::Annul,
        }
    }
    fn named(name: &str) -> Option<TurnKind> {
        [
            TurnKind::Change,
            TurnKind::Suspend,
            TurnKind::Resume,
            TurnKind::End,
            TurnKind::Annul,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The later decision; its id is the turn's.
    pub amendment: Id<Amendment>,
    /// Of which award.
    pub award: Id<Award>,
    /// What.
    pub kind: TurnKind,
    /// From this day on: the first of a month, or the award's first day.
    pub from: Date,
    /// The new amount, for a change; what is left, where only a part is suspended or resumed.
    pub amount: Option<Money>,
    /// Only this part of the amount is suspended or resumed.
    pub part: Option<PartRef>,
    /// The pack and the facts it follows from.
    pub basis: Option<(String, Input)>,
    /// When it was decided.
    pub at: Timestamp,
}

/// How an award stands on a day.
#[derive(Debug, Clone, Default)]
pub struct Standing<'a> {
    /// Nothing is due.
    pub suspended: bool,
    /// The change that holds.
    pub changed: Option<&'a Turn>,
    /// Parts of the amount that are suspended.
    pub parts: Vec<&'a PartRef>,
    /// What the last change, or the last turn of a part, came to.
    pub amount: Option<Money>,
}

/// How an award stands on a day, whether it has ended or not. Turns are in the order of their days.
pub fn standing(turns: &[Turn], on: Date) -> Standing<'_> {
    let mut now = Standing::default();
    for turn in turns.iter().filter(|turn| turn.from <= on) {
        now.amount = turn.amount.or(now.amount);
        match (turn.kind, &turn.part) {
            (TurnKind::Change, _) => now.changed = Some(turn),
            (TurnKind::Suspend, Some(part)) => now.parts.push(part),
            (TurnKind::Resume, Some(part)) => now.parts.retain(|other| *other != part),
            (TurnKind::Suspend, None) => now.suspended = true,
            (TurnKind::Resume, None) => now.suspended = false,
            (TurnKind::End | TurnKind::Annul, _) => {}
        }
    }
    now
}

/// An award as the spans of days in which something was due, each with its amount.
pub(super) fn spans(award: &AwardInForce, turns: &[Turn]) -> Vec<AwardInForce> {
    let mut bounds: Vec<Date> = turns.iter().map(|turn| turn.from).collect();
    bounds.push(award.from);
    bounds.retain(|day| *day >= award.from && award.until.is_none_or(|until| *day < until));
    bounds.sort_unstable();
    bounds.dedup();
    let mut found = Vec::new();
    for (place, from) in bounds.iter().enumerate() {
        let now = standing(turns, *from);
        if now.suspended {
            continue;
        }
        found.push(AwardInForce {
            benefit: award.benefit.clone(),
            from: *from,
            until: bounds.get(place + 1).copied().or(award.until),
            amount: now.amount.unwrap_or(award.amount),
            award: award.award,
        });
    }
    found
}

fn wrong_month(code: &str, says: &str) -> Error {
    Error::field("/says/from", code, says)
}

/// Whether a turn is possible from a day on: `AwardNotRunning` where the award has ended or is a single amount (which is only annulled),
/// `AwardNotSuspended` and `AwardSuspended` where it, or the part that is meant, stands otherwise; the day is the first of a month within the award, not before an earlier
/// turn, at most five years back and one ahead.
pub fn allowed(
    award: &NewAward,
    turns: &[Turn],
    (kind, part): (TurnKind, Option<&PartRef>),
    from: Option<Date>,
    today: Date,
) -> Result<(), Error> {
    if award.ends.is_some_and(|ends| ends <= award.starts) {
        return Err(Refusal::AwardNotRunning.into());
    }
    if kind != TurnKind::Annul && award.per == Per::Once {
        return Err(Refusal::AwardNotRunning.into());
    }
    let Some(from) = from else {
        if kind == TurnKind::Annul {
            return Ok(());
        }
        return Err(wrong_month("required", "Say from which month on."));
    };
    if from.day() != 1 {
        return Err(wrong_month(
            "not-a-month",
            "It holds from the first day of a month on.",
        ));
    }
    let reach = |months: i32| today.first_of_month().saturating_add(months.months());
    if from < reach(-BACK) || from > reach(AHEAD) {
        return Err(wrong_month("range", "At most five years back and a year ahead."));
    }
    if from < award.starts.first_of_month() {
        return Err(wrong_month("before-award", "The right begins later."));
    }
    if award.ends.is_some_and(|ends| from >= ends) {
        return Err(Refusal::AwardNotRunning.into());
    }
    if turns.last().is_some_and(|last| from < last.from) {
        return Err(wrong_month(
            "before-last",
            "A later decision holds from a later month already.",
        ));
    }
    let now = standing(turns, from);
    if let Some(part) = part {
        // A part that is suspended as a whole covers everybody's share of it.
        let rests = now
            .parts
            .iter()
            .any(|other| other.code == part.code && (other.person.is_none() || other.person == part.person));
        return match kind {
            _ if now.suspended => Err(Refusal::AwardSuspended.into()),
            TurnKind::Suspend if rests => Err(Refusal::AwardSuspended.into()),
            TurnKind::Resume if !now.parts.contains(&part) => Err(Refusal::AwardNotSuspended.into()),
            _ => Ok(()),
        };
    }
    match kind {
        TurnKind::Resume if !now.suspended => Err(Refusal::AwardNotSuspended.into()),
        TurnKind::Change | TurnKind::Suspend if now.suspended => Err(Refusal::AwardSuspended.into()),
        _ => Ok(()),
    }
}

/// What was due before a turn and is not after it, month by month until today's: what was paid for these months may have to be returned.
pub fn beyond(before: &[Entitlement], after: &[Entitlement]) -> Vec<Entitlement> {
    let mut undue = Vec::new();
    for then in before {
        let now = after.iter().find(|now| now.month == then.month);
        let now = now.map_or(0, |now| now.amount.minor);
        if then.amount.minor > now {
            undue.push(Entitlement {
                month: then.month,
                amount: Money::new(then.amount.minor - now, then.amount.currency),
            });
        }
    }
    undue
}

fn turn(row: &Row) -> Result<Turn, Error> {
    let kind: String = row.get(2)?;
    let input: Option<String> = row.get(7)?;
    let input = input
        .map(|input| serde_json::from_str(&input))
        .transpose()
        .map_err(Error::fault)?;
    let amount = match row.get::<Option<i64>>(4)? {
        Some(minor) => Some(Money::new(minor, row.parse(5)?)),
        None => None,
    };
    Ok(Turn {
        amendment: row.get(0)?,
        award: row.get(1)?,
        kind: TurnKind::named(&kind).ok_or_else(|| Error::fault(format!("an award cannot be `{kind}`")))?,
        from: row.get(3)?,
        amount,
        basis: row.get::<Option<String>>(6)?.zip(input),
        at: row.get(8)?,
        part: match row.get::<Option<String>>(9)? {
            Some(code) => Some(PartRef {
                code,
                person: row.get(10)?,
            }),
            None => None,
        },
    })
}

/// The turns of an award, in the order of their days.
pub fn of_award(tx: &mut Tx, award: Id<Award>) -> Result<Vec<Turn>, Error> {
    tx.query(
        "SELECT amendment, award, kind, from_on, minor, currency, pack, input, made_at, part, whose FROM award_turn
         WHERE award = $1 AND annulled_by IS NULL ORDER BY from_on, made_at, amendment",
        vals![award],
    )?
    .iter()
    .map(turn)
    .collect()
}

/// The turns that are left where a later decision loses its effect. Refuses with `LaterDecisionStands` where a newer one builds on it, and with
/// `DecisionAnnulled` where nothing of it is left already.
pub fn without(turns: &[Turn], amendment: Id<Amendment>) -> Result<(Turn, Vec<Turn>), Refusal> {
    let newest = turns.iter().max_by_key(|turn| (turn.at, turn.amendment));
    let Some(newest) = newest.filter(|_| turns.iter().any(|turn| turn.amendment == amendment)) else {
        return Err(Refusal::DecisionAnnulled);
    };
    if newest.amendment != amendment {
        return Err(Refusal::LaterDecisionStands);
    }
    let rest = turns.iter().filter(|turn| turn.amendment != amendment);
    Ok((newest.clone(), rest.cloned().collect()))
}

/// When an award ended before a turn was made of it.
pub fn ended_before(tx: &mut Tx, turn: &Turn) -> Result<Option<Date>, Error> {
    let row = tx.one(
        "SELECT ends_before FROM award_turn WHERE amendment = $1",
        vals![turn.amendment],
    )?;
    Ok(row.get(0)?)
}

/// Takes a turn back, and what followed from it for the award's end. The caller holds the award and has asked [`without`].
pub fn take_back(tx: &mut Tx, turn: &Turn, rest: &[Turn], by: Id<Amendment>) -> Result<(), Error> {
    let ends = ended_before(tx, turn)?;
    tx.exec(
        "UPDATE award_turn SET annulled_by = $2 WHERE amendment = $1 AND annulled_by IS NULL",
        vals![turn.amendment, by],
    )?;
    tx.exec(
        "UPDATE award SET turned = $3, ends = $2 WHERE id = $1",
        vals![turn.award, ends, i64::from(!rest.is_empty())],
    )?;
    Ok(())
}

/// Writes a turn and what follows from it for the award's end. The caller holds the award and has asked [`allowed`].
pub fn add(tx: &mut Tx, award: &NewAward, turn: &Turn) -> Result<(), Error> {
    let input = turn
        .basis
        .as_ref()
        .map(|(_, input)| serde_json::to_string(input))
        .transpose()
        .map_err(Error::fault)?;
    tx.exec(
        "INSERT INTO award_turn (amendment, award, kind, from_on, minor, currency, pack, input, ends_before, made_at, part,
            whose) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            turn.amendment,
            turn.award,
            turn.kind.name(),
            turn.from,
            turn.amount.map(|amount| amount.minor),
            turn.amount.map(|amount| amount.currency.code().to_owned()),
            turn.basis.as_ref().map(|(pack, _)| pack.clone()),
            input,
            award.ends,
            turn.at,
            turn.part.as_ref().map(|part| part.code.clone()),
            turn.part.as_ref().and_then(|part| part.person)
        ],
    )?;
    let ends = match turn.kind {
        TurnKind::End | TurnKind::Annul => Some(turn.from.max(award.starts)),
        TurnKind::Change | TurnKind::Suspend | TurnKind::Resume => award.ends,
    };
    tx.exec(
        "UPDATE award SET turned = 1, ends = $2 WHERE id = $1",
        vals![turn.award, ends],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use karton_api::Currency;

    fn euro(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }
    fn award(per: Per, ends: Option<Date>) -> NewAward {
        NewAward {
            id: Id::at(Timestamp::UNIX_EPOCH, [1; 10]),
            office: Id::at(Timestamp::UNIX_EPOCH, [2; 10]),
            beneficiary: Id::at(Timestamp::UNIX_EPOCH, [3; 10]),
            household: None,
            benefit: "MO".into(),
            decision: None,
            decision_number: None,
            amount: euro(100),
            per,
            starts: date(2025, 1, 10),
            ends,
            review_on: None,
            basis: None,
            about: None,
            in_kind: false,
            turned: true,
        }
    }
    fn turn(kind: TurnKind, month: i8, minor: Option<i64>) -> Turn {
        Turn {
            amendment: Id::at(Timestamp::UNIX_EPOCH, [month.unsigned_abs(); 10]),
            award: Id::at(Timestamp::UNIX_EPOCH, [1; 10]),
            kind,
            from: date(2025, month, 1),
            amount: minor.map(euro),
            part: None,
            basis: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }
    fn slug(result: Result<(), Error>) -> String {
        match result {
            Ok(()) => "ok".into(),
            Err(Error::Refused(refusal)) => refusal.slug().into(),
            Err(Error::Invalid(fields)) => fields[0].code.clone(),
            Err(other) => other.to_string(),
        }
    }

    #[test]
    fn an_award_yields_what_its_turns_leave_of_each_month() {
        let turns = [
            turn(TurnKind::Change, 3, Some(80)),
            turn(TurnKind::Suspend, 5, None),
            turn(TurnKind::Resume, 7, None),
        ];
        let award = award(Per::Month, Some(date(2025, 9, 1)));
        let months = super::super::months(None, &award, &turns, date(2025, 12, 1));
        let said: Vec<(i8, i64)> = months
            .iter()
            .map(|it| (it.month.month(), it.amount.minor))
            .collect();
        assert_eq!(said, [(1, 100), (2, 100), (3, 80), (4, 80), (7, 80), (8, 80)]);
        let before = super::super::months(None, &award, &[], date(2025, 7, 31));
        let undue = beyond(
            &before,
            &super::super::months(None, &award, &turns, date(2025, 7, 31)),
        );
        let said: Vec<(i8, i64)> = undue
            .iter()
            .map(|it| (it.month.month(), it.amount.minor))
            .collect();
        assert_eq!(said, [(3, 20), (4, 20), (5, 100), (6, 100), (7, 20)]);
    }

    #[test]
    fn a_part_rests_and_is_paid_again_beside_the_others() {
        let today = date(2025, 3, 10);
        let whole = PartRef {
            code: "afc".into(),
            person: None,
        };
        let child = PartRef {
            person: Some(Id::at(Timestamp::UNIX_EPOCH, [7; 10])),
            ..whole.clone()
        };
        let of = |part: &PartRef, kind, month, minor| Turn {
            part: Some(part.clone()),
            ..turn(kind, month, Some(minor))
        };
        let running = award(Per::Month, None);
        let say = |turns: &[Turn], kind, part: &PartRef| {
            slug(allowed(
                &running,
                turns,
                (kind, Some(part)),
                Some(date(2025, 6, 1)),
                today,
            ))
        };
        let rests = [of(&child, TurnKind::Suspend, 3, 70)];
        assert_eq!(say(&[], TurnKind::Suspend, &child), "ok");
        assert_eq!(say(&rests, TurnKind::Suspend, &child), "award-suspended");
        assert_eq!(say(&rests, TurnKind::Suspend, &whole), "ok");
        assert_eq!(say(&rests, TurnKind::Resume, &whole), "award-not-suspended");
        assert_eq!(say(&rests, TurnKind::Resume, &child), "ok");
        let all = [turn(TurnKind::Suspend, 2, None)];
        assert_eq!(say(&all, TurnKind::Suspend, &child), "award-suspended");
        let everybody = [of(&whole, TurnKind::Suspend, 3, 50)];
        assert_eq!(say(&everybody, TurnKind::Suspend, &child), "award-suspended");
        // What is left is paid while it rests, and the whole again afterwards.
        let turns = [
            of(&child, TurnKind::Suspend, 3, 70),
            of(&child, TurnKind::Resume, 5, 100),
        ];
        let months = super::super::months(None, &running, &turns, date(2025, 6, 1));
        let said: Vec<i64> = months.iter().map(|it| it.amount.minor).collect();
        assert_eq!(said, [100, 100, 70, 70, 100, 100]);
        let span = AwardInForce {
            benefit: "VMI".into(),
            from: date(2025, 1, 1),
            until: None,
            amount: euro(100),
            award: None,
        };
        let seen: Vec<i64> = spans(&span, &turns).iter().map(|it| it.amount.minor).collect();
        assert_eq!(seen, [100, 70, 100]);
    }

    #[test]
    fn a_turn_holds_from_a_month_in_which_the_award_runs() {
        let today = date(2025, 3, 10);
        let say = |award: &NewAward, turns: &[Turn], kind, from| {
            slug(allowed(award, turns, (kind, None), from, today))
        };
        let running = award(Per::Month, None);
        let april = Some(date(2025, 4, 1));
        assert_eq!(say(&running, &[], TurnKind::End, april), "ok");
        assert_eq!(say(&running, &[], TurnKind::End, None), "required");
        assert_eq!(say(&running, &[], TurnKind::Annul, None), "ok");
        assert_eq!(say(&running, &[], TurnKind::End, Some(today)), "not-a-month");
        assert_eq!(
            say(&running, &[], TurnKind::End, Some(date(2024, 12, 1))),
            "before-award"
        );
        assert_eq!(say(&running, &[], TurnKind::End, Some(date(2026, 4, 1))), "range");
        assert_eq!(
            say(
                &running,
                &[turn(TurnKind::Suspend, 5, None)],
                TurnKind::End,
                april
            ),
            "before-last"
        );
        assert_eq!(say(&running, &[], TurnKind::Resume, april), "award-not-suspended");
        let suspended = [turn(TurnKind::Suspend, 2, None)];
        assert_eq!(say(&running, &suspended, TurnKind::Resume, april), "ok");
        for kind in [TurnKind::Suspend, TurnKind::Change] {
            assert_eq!(say(&running, &suspended, kind, april), "award-suspended");
        }
        let ended = award(Per::Month, Some(date(2025, 4, 1)));
        assert_eq!(say(&ended, &[], TurnKind::Suspend, april), "award-not-running");
        let once = award(Per::Once, None);
        assert_eq!(say(&once, &[], TurnKind::End, april), "award-not-running");
        assert_eq!(say(&once, &[], TurnKind::Annul, None), "ok");
    }
}
