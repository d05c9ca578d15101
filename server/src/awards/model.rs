//! What an award yields. Pure.

use super::turns::{Standing, Turn, standing};
use jiff::ToSpan as _;
use karton_api::{
    Date, Id, Money, Per,
    awards::Entitlement,
    value::{Award, Decision, Household, Office, Person},
};
use karton_rules::{
    assess::{Input, Suspended},
    pack::Pack,
};
use std::borrow::Cow;

/// An award as it is stored.
#[derive(Debug, Clone)]
pub struct NewAward {
    /// Made before the transaction.
    pub id: Id<Award>,
    /// The office that decided.
    pub office: Id<Office>,
    /// Who has the right.
    pub beneficiary: Id<Person>,
    /// For a benefit of the household.
    pub household: Option<Id<Household>>,
    /// The benefit's code.
    pub benefit: String,
    /// The decision behind it; none for awards from before.
    pub decision: Option<Id<Decision>>,
    /// Its number.
    pub decision_number: Option<String>,
    /// On account of whom it is granted, where that is not the beneficiary: the child, the deceased.
    pub about: Option<Id<Person>>,
    /// No money: the amount is nothing.
    pub in_kind: bool,
    /// As decided.
    pub amount: Money,
    /// For what period.
    pub per: Per,
    /// First day.
    pub starts: Date,
    /// The day after the last.
    pub ends: Option<Date>,
    /// To be reviewed on.
    pub review_on: Option<Date>,
    /// The pack it was decided by, and the facts; none where the amount does not follow from a rule (from before, or set by officers).
    pub basis: Option<(String, Input)>,
    /// Later decisions have made something else of it.
    pub turned: bool,
}

impl NewAward {
    /// In force on a day.
    pub fn in_force(&self, on: Date) -> bool {
        self.starts <= on && self.ends.is_none_or(|ends| on < ends)
    }
}

/// The months of an award, from the first to `until` (inclusive) or its end, each with its amount by that month's parameters and by what later
/// decisions made of it. A first month that is not whole is paid whole; a suspended month is not there. A single amount stands in the month
/// in which the award begins. A right in kind yields no money.
pub fn months(pack: Option<&Pack>, award: &NewAward, turns: &[Turn], until: Date) -> Vec<Entitlement> {
    if award.in_kind {
        return Vec::new();
    }
    let first = award.starts.first_of_month();
    if award.ends.is_some_and(|ends| ends <= award.starts) {
        // Annulled as if it had never been.
        return Vec::new();
    }
    if award.per == Per::Once {
        return vec![Entitlement {
            month: first,
            amount: award.amount,
        }];
    }
    let last = award
        .ends
        .and_then(|ends| ends.yesterday().ok())
        .map_or(until, |last| last.min(until))
        .first_of_month();
    let mut months = Vec::new();
    let mut month = first;
    while month <= last {
        let now = standing(turns, month);
        if !now.suspended {
            let basis = basis_of(award, &now);
            let amount = pack
                .zip(basis)
                .and_then(|(pack, input)| amount_of(pack, &award.benefit, &input, month, month == first))
                .unwrap_or(now.amount.unwrap_or(award.amount));
            months.push(Entitlement { month, amount });
        }
        let Ok(next) = month.checked_add(1.month()) else {
            break;
        };
        month = next;
    }
    months
}

/// The facts that an award rests on as it stands, without the parts of the amount that are suspended; none where it does not follow from a rule.
pub fn basis_of<'a>(award: &'a NewAward, now: &Standing<'a>) -> Option<Cow<'a, Input>> {
    let basis = now
        .changed
        .map_or(award.basis.as_ref(), |turn| turn.basis.as_ref());
    let (_, input) = basis?;
    if now.parts.is_empty() {
        return Some(Cow::Borrowed(input));
    }
    let mut input = input.clone();
    let rests = now.parts.iter().map(|part| Suspended {
        part: part.code.clone(),
        person: part.person,
    });
    input.suspended.extend(rests);
    Some(Cow::Owned(input))
}

/// The amount of one month by its parameters, on the facts the award was granted or last changed on; with the first month goes what is paid
/// once.
fn amount_of(pack: &Pack, benefit: &str, input: &Input, month: Date, first: bool) -> Option<Money> {
    let minor = karton_rules::assess::month(pack, benefit, input, month, first)?;
    Some(Money::new(minor, pack.country.currency))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use karton_api::Currency;

    fn award(per: Per, starts: Date, ends: Option<Date>) -> NewAward {
        NewAward {
            id: Id::at(karton_api::Timestamp::UNIX_EPOCH, [1; 10]),
            office: Id::at(karton_api::Timestamp::UNIX_EPOCH, [2; 10]),
            beneficiary: Id::at(karton_api::Timestamp::UNIX_EPOCH, [3; 10]),
            household: None,
            benefit: "MO".into(),
            decision: None,
            decision_number: None,
            about: None,
            in_kind: false,
            amount: Money::new(15_288, Currency::EUR),
            per,
            starts,
            ends,
            review_on: None,
            basis: None,
            turned: false,
        }
    }

    #[test]
    fn a_monthly_award_yields_each_month_it_touches_and_none_after_its_end() {
        let open = months(
            None,
            &award(Per::Month, date(2025, 1, 10), None),
            &[],
            date(2025, 3, 1),
        );
        let days: Vec<Date> = open.iter().map(|it| it.month).collect();
        assert_eq!(days, [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]);
        let ended = months(
            None,
            &award(Per::Month, date(2025, 1, 10), Some(date(2025, 2, 1))),
            &[],
            date(2025, 3, 1),
        );
        assert_eq!(ended.len(), 1, "the end is exclusive: no right in February");
        assert!(
            months(
                None,
                &award(Per::Month, date(2025, 5, 1), None),
                &[],
                date(2025, 3, 1)
            )
            .is_empty()
        );
    }

    #[test]
    fn a_single_amount_stands_in_one_month() {
        let one = months(
            None,
            &award(Per::Once, date(2025, 1, 10), None),
            &[],
            date(2026, 1, 1),
        );
        assert_eq!(
            one,
            [Entitlement {
                month: date(2025, 1, 1),
                amount: Money::new(15_288, Currency::EUR)
            }]
        );
    }

    #[test]
    fn a_monthly_award_follows_the_index_without_a_new_decision_and_nobody_grows_older_by_it() {
        let pack = Pack::load(&crate::pack::files("me").unwrap()).unwrap();
        let benefit = pack.benefit("MO").unwrap();
        let case = benefit
            .cases
            .iter()
            .find(|case| case.input.on == date(2024, 8, 1))
            .unwrap();
        let said = karton_rules::assess::assess(&pack, "MO", &case.input).unwrap();
        let mut award = award(Per::Month, date(2024, 8, 1), None);
        award.amount = said.amount.unwrap().money;
        award.basis = Some((pack.hash.clone(), case.input.clone()));
        let months = months(Some(&pack), &award, &[], date(2025, 2, 1));
        let at = |month: Date| months.iter().find(|it| it.month == month).unwrap().amount;
        assert_eq!(at(date(2024, 8, 1)), award.amount);
        assert_eq!(at(date(2024, 12, 1)), award.amount);
        let base = |on: Date| {
            let mut input = case.input.clone();
            input.on = on;
            karton_rules::assess::assess(&pack, "MO", &input)
                .unwrap()
                .amount
                .unwrap()
                .money
        };
        assert_ne!(
            at(date(2025, 1, 1)),
            award.amount,
            "the base was raised on 1 January"
        );
        assert_eq!(at(date(2025, 1, 1)), base(date(2025, 1, 1)));
        let moved = karton_rules::assess::moved(&case.input, date(2040, 1, 1)).unwrap();
        let age = |input: &Input| match input.applicant.facts.get("birth_date").map(|it| &it.value) {
            Some(karton_api::FactValue::Date(born)) => input.on.year() - born.year(),
            _ => 0,
        };
        assert_eq!(age(&moved), age(&case.input));
    }
}
