//! The parts of which the amount of an award is the sum. Pure.

use super::{
    model::{NewAward, basis_of},
    turns::{Turn, standing},
};
use crate::problem::Error;
use karton_api::{
    Date,
    awards::{PartAmount, PartRef},
};
use karton_rules::{
    assess::{self, Holder},
    pack::Pack,
};

/// The parts of an award's amount in the month of a day, each with whether it is suspended; nothing where it has none, or does not follow from
/// a rule.
pub fn parts(pack: &Pack, award: &NewAward, turns: &[Turn], on: Date) -> Vec<PartAmount> {
    let now = standing(turns, on);
    let said = basis_of(award, &now)
        .and_then(|input| Some((assess::moved(&input, on)?, input)))
        .and_then(|(moved, input)| Some((assess::assess(pack, &award.benefit, &moved)?, input)));
    let Some((said, input)) = said else {
        return Vec::new();
    };
    let everybody = || {
        std::iter::once(&input.applicant)
            .chain(&input.members)
            .chain(&input.others)
    };
    let parts = said.amount.into_iter().flat_map(|amount| amount.parts);
    let shown = parts.filter(|part| !part.once).map(|part| {
        let person = match part.of {
            Some(
                Holder::Applicant { person } | Holder::Member { person, .. } | Holder::Other { person, .. },
            ) => person,
            Some(Holder::Household | Holder::Claim) | None => None,
        };
        let name = everybody().find(|one| person.is_some() && one.person == person);
        PartAmount {
            part: PartRef {
                code: part.code,
                person,
            },
            name: part.name.0,
            person_name: name.and_then(|one| one.name.clone()),
            amount: part.money,
            suspended: part.suspended,
        }
    });
    shown.collect()
}

/// Whether an award's amount has this part, for everybody or for one: an error at `/says/part` otherwise.
pub fn check_part(
    pack: Option<&Pack>,
    award: &NewAward,
    turns: &[Turn],
    on: Date,
    part: &PartRef,
) -> Result<(), Error> {
    let there = pack.map(|pack| parts(pack, award, turns, on)).unwrap_or_default();
    let meant = there
        .iter()
        .any(|one| one.part.code == part.code && (part.person.is_none() || one.part.person == part.person));
    if meant {
        Ok(())
    } else {
        Err(Error::field(
            "/says/part",
            "unknown",
            "The amount of this right has no such part.",
        ))
    }
}
