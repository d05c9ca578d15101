//! Awards and refusals of earlier years, with the amounts that the pack's parameters gave at the time.

use super::{
    draw::Draw,
    model::{AmountFrom, FictionalHousehold, PastAward, PastRefusal, Standing},
    parameters::{Parameters, day},
    settings::{History, Holder, Settings},
};
use jiff::ToSpan;
use karton_api::Date;

/// The amounts of an award from its first day: the parameter's value less `less`, again at every change of the
/// parameter; empty where the first amount is nothing.
pub(super) fn amounts(
    parameters: &Parameters,
    (parameter, key): (&str, i64),
    less: i64,
    (from, until): (Date, Date),
) -> Vec<AmountFrom> {
    let mut amounts: Vec<AmountFrom> = Vec::new();
    for day in std::iter::once(from).chain(parameters.changes(parameter, from, until)) {
        let minor = parameters
            .at(parameter, key, day)
            .unwrap_or(0)
            .saturating_sub(less)
            .max(0);
        if amounts.is_empty() && minor == 0 {
            return amounts;
        }
        if amounts.last().is_none_or(|last| last.amount.minor != minor) {
            amounts.push(AmountFrom {
                from: day,
                amount: parameters.money(minor),
            });
        }
    }
    amounts
}

fn days(n: i64) -> jiff::Span {
    i32::try_from(n).unwrap_or(0).days()
}

/// Gives a share of the households what they had before.
pub(super) fn remember(
    draw: &mut Draw,
    settings: &Settings,
    household: &mut FictionalHousehold,
    today: Date,
) {
    for history in &settings.histories {
        // Drawn for every household, so that one history does not move the draws of the next.
        let (has, refused, ended) = (
            draw.chance(history.permille),
            draw.chance(history.refused_permille),
            draw.chance(history.ended_permille),
        );
        let (months_ago, lasted, waited) = (draw.between(3, 30), draw.between(3, 14), draw.between(4, 27));
        let of_standing = |list: &[Standing]| list.contains(&household.standing);
        if refused && of_standing(&history.refused) {
            let lodged_on = today.saturating_sub(days(months_ago * 20));
            household.refusals.push(PastRefusal {
                benefit: history.benefit.clone(),
                applicant: 0,
                lodged_on,
                decided_on: lodged_on.saturating_add(days(waited)),
                because: because(household.standing).to_owned(),
            });
        } else if has && (history.standings.is_empty() || of_standing(&history.standings)) {
            let earliest = day(&history.earliest).unwrap_or(today);
            let begun = today
                .saturating_sub(i32::try_from(months_ago).unwrap_or(3).months())
                .first_of_month()
                .max(earliest);
            let until = ended.then(|| {
                begun
                    .saturating_add(i32::try_from(lasted).unwrap_or(3).months())
                    .first_of_month()
            });
            // Half of the running awards would end in the future if they ended at all; then they have not ended.
            let until = until.filter(|until| *until <= today);
            let awards = awards(settings, history, household, today, (begun, until), waited);
            household.awards.extend(awards);
        }
    }
}

fn because(standing: Standing) -> &'static str {
    match standing {
        Standing::WithVehicle => "vehicles",
        Standing::WithProperty => "real_estate",
        _ => "income",
    }
}

fn awards(
    settings: &Settings,
    history: &History,
    household: &FictionalHousehold,
    today: Date,
    (begun, until): (Date, Option<Date>),
    waited: i64,
) -> Vec<PastAward> {
    let alive = household
        .members
        .iter()
        .filter(|person| person.death_date.is_none())
        .count() as i64;
    let less = if history.less_income {
        super::living::monthly_total(household, today)
    } else {
        0
    };
    let parameter = match &history.with {
        Some(with)
            if household
                .awards
                .iter()
                .any(|award| award.benefit == with.benefit && award.until.is_none()) =>
        {
            with.parameter.as_str()
        }
        _ => history.parameter.as_str(),
    };
    let holders: Vec<usize> = match history.holder {
        Holder::Household => vec![0],
        Holder::Child => (0..household.members.len())
            .filter(|place| {
                household.members.get(*place).is_some_and(|person| {
                    person.age(today) < 18 && (person.mother.is_some() || person.father.is_some())
                })
            })
            .collect(),
        Holder::Disabled => (0..household.members.len())
            .filter(|place| {
                household.members.get(*place).is_some_and(|person| {
                    person.death_date.is_none()
                        && person
                            .truth
                            .disability
                            .as_ref()
                            .is_some_and(|d| d.severe && d.lasting)
                })
            })
            .collect(),
    };
    let mut awards = Vec::new();
    for of in holders {
        let Some(holder) = household.members.get(of) else {
            continue;
        };
        let from = begun.max(holder.birth_date.saturating_add(1.month()).first_of_month());
        if from >= until.unwrap_or(today) {
            continue;
        }
        let amounts = amounts(
            &settings.parameters,
            (parameter, alive),
            less,
            (from, until.unwrap_or(today)),
        );
        if amounts.is_empty() {
            continue;
        }
        // A child does not apply; an adult with a right of their own does.
        let applicant = if holder.age(from) < 18 { 0 } else { of };
        let lodged_on = from.saturating_sub(days(waited / 2)).max(holder.birth_date);
        awards.push(PastAward {
            benefit: history.benefit.clone(),
            of,
            applicant,
            lodged_on,
            decided_on: lodged_on.saturating_add(days(waited)).min(today),
            from,
            until,
            amounts,
        });
    }
    awards
}
