//! What the rules written by hand have in common.

use crate::family::{Family, Land};
use karton_api::Date;
use karton_rules::{Input, assess::Outcome};

/// A country's main means-tested benefit, once for the pack and once as types made for it.
pub(crate) trait Country: 'static {
    /// The folder of the pack.
    const PACK: &'static str;
    /// The code of the benefit.
    const BENEFIT: &'static str;
    /// Its people.
    const LAND: Land;
    /// A household as the rule written by hand sees it.
    type Household;
    /// The household for the rule written by hand.
    fn typed(family: &Family) -> Self::Household;
    /// The same household with the facts of the pack.
    fn input(family: &Family) -> Input;
    /// The rule written by hand.
    fn rule(household: &Self::Household) -> Said;
}

/// What comes out of a rule written by hand, with its conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) outcome: Outcome,
    pub(crate) amount_minor: Option<i64>,
    pub(crate) starts: Option<Date>,
    /// Bit for bit whether each condition holds, in the order of the pack.
    pub(crate) conditions: u32,
}

impl Said {
    /// An amount and a day belong to what is granted only.
    pub(crate) fn of(outcome: Outcome, minor: i64, starts: Date, conditions: &[bool]) -> Said {
        let granted = outcome != Outcome::Refuse;
        Said {
            outcome,
            amount_minor: granted.then_some(minor),
            starts: granted.then_some(starts),
            conditions: conditions
                .iter()
                .fold(0, |bits, holds| bits << 1 | u32::from(*holds)),
        }
    }
}

/// Completed months; negative where the second day is earlier.
pub(crate) fn months_between(a: Date, b: Date) -> i64 {
    let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    if b < a {
        return -months_between(b, a);
    }
    months(b) - months(a) - i64::from(b.day() < a.day())
}

/// Completed years.
pub(crate) fn years_between(a: Date, b: Date) -> i64 {
    months_between(a, b) / 12
}

/// A third, half up; for sums that are not negative.
pub(crate) fn third(sum: i64) -> i64 {
    (2 * sum + 3).div_euclid(6)
}
