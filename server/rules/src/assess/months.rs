//! What an award yields month by month, and what a change of the law that was published late owes for the months before.

use super::{
    explain::{assess, assess_as},
    input::Input,
};
use crate::pack::Pack;
use jiff::{Span, ToSpan as _};
use karton_api::{Date, FactValue};

/// The amount of a benefit in a month by that month's parameters, in minor units, on facts that were assessed on another day; with the first month
/// goes what is paid once. Nothing where it cannot be said.
pub fn month(pack: &Pack, benefit: &str, input: &Input, month: Date, first: bool) -> Option<i64> {
    // What the claim decided was decided on the day of the assessment; another month does not change it.
    let by_claim = pack.benefit(benefit)?.kinds.is_some();
    let granted = by_claim.then(|| assess(pack, benefit, input)).flatten();
    let kind = granted.as_ref().and_then(|granted| granted.kind);
    let amount = assess_as(pack, benefit, &moved(input, month)?, kind)?.amount?;
    let once = match (first, &granted) {
        (false, _) => 0,
        (true, None) => amount.once_minor(),
        (true, Some(granted)) => granted.amount.as_ref().map_or(0, |amount| amount.once_minor()),
    };
    amount.money.minor.checked_add(once)
}

/// What is owed for the months from `from` to `until` (both included) because values of the law were published only after these months were worked
/// out: by month, what the law as it was known on the second day gives more (or less) than as it was known on the first, in minor units. Months
/// without a difference, and those that cannot be said, are left out.
pub fn arrears(
    pack: &Pack,
    benefit: &str,
    input: &Input,
    (from, until): (Date, Date),
    (before, now): (Date, Date),
) -> Vec<(Date, i64)> {
    let known = |at: Date| Input {
        known_at: Some(at),
        ..input.clone()
    };
    let (before, now) = (known(before), known(now));
    let mut found = Vec::new();
    let mut day = from.first_of_month();
    while day <= until {
        let difference = month(pack, benefit, &now, day, false)
            .zip(month(pack, benefit, &before, day, false))
            .and_then(|(later, earlier)| later.checked_sub(earlier));
        found.extend(difference.filter(|minor| *minor != 0).map(|minor| (day, minor)));
        match day.checked_add(1.month()) {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    found
}

/// The same facts in another month: the day moves, and the people's birth dates with it, so that ages stay as they were assessed.
pub fn moved(input: &Input, month: Date) -> Option<Input> {
    let by = months_between(input.on, month);
    let mut moved = input.clone();
    moved.on = input.on.checked_add(by).ok()?;
    let people = std::iter::once(&mut moved.applicant)
        .chain(&mut moved.members)
        .chain(&mut moved.others);
    for person in people {
        if let Some(born) = person.facts.get_mut("birth_date")
            && let FactValue::Date(day) = &mut born.value
        {
            *day = day.checked_add(by).ok()?;
        }
    }
    Some(moved)
}

fn months_between(from: Date, to: Date) -> Span {
    let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    (months(to) - months(from)).months()
}
