//! Material support (MO of the pack `me`) as somebody would write it in Rust who has no pack: types made for it, and nothing looked up.
//!
//! The amounts and thresholds are those in force on 10 March 2025. Every condition is worked out and kept, as the pack's rules keep theirs.

use crate::rules;
use jiff::ToSpan as _;
use karton_api::Date;
use karton_rules::assess::Outcome;
use karton_server::generate::{FictionalHousehold, FictionalPerson, Relationship, Sex};

/// What a kind of income is to the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Counted, and shows that somebody works.
    Work,
    /// Counted.
    Counted,
    /// Not counted.
    Free,
}

#[derive(Debug, Clone, Copy)]
struct Income {
    month: Date,
    source: Source,
    net: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Estate {
    Business,
    Dwelling { home: bool },
    BuildingLand,
    Farmland { area: i64 },
    Other,
}

#[derive(Debug)]
struct Person {
    age: i64,
    kin: Relationship,
    female: bool,
    resident: bool,
    work_capable: bool,
    pregnant: bool,
    single_parent: bool,
    adapted_education: bool,
    regular_education: bool,
    former_child: bool,
    in_institution: bool,
    registered: bool,
    refused_work: bool,
    lifelong_support: bool,
    vehicle_for_disability: bool,
    unemployment_benefit: i64,
    half_units: i64,
    vehicles: u32,
    incomes: Vec<Income>,
    pensions: Vec<(Date, i64)>,
    estates: Vec<Estate>,
    disposals: Vec<Date>,
    left_work: Vec<(Date, bool)>,
}

/// A household as the rule sees it.
#[derive(Debug)]
pub(crate) struct Household {
    lodged: Date,
    members: Vec<Person>,
    shares_budget: bool,
    owned: bool,
    rooms: i64,
}

impl Household {
    /// Of a fictional one.
    pub(crate) fn of(household: &FictionalHousehold, today: Date) -> Household {
        Household {
            lodged: today,
            members: household
                .members
                .iter()
                .enumerate()
                .map(|(place, person)| Person::of(household, (place, person), today))
                .collect(),
            shares_budget: !household.index.is_multiple_of(50),
            owned: household.home.tenure == "owned",
            rooms: household.home.rooms,
        }
    }
}

impl Person {
    fn of(household: &FictionalHousehold, (place, person): (usize, &FictionalPerson), today: Date) -> Person {
        let truth = &person.truth;
        let school = truth.schooling.as_ref();
        let unemployed = truth.unemployment.as_ref();
        Person {
            age: person.age(today),
            kin: person.relationship,
            female: person.sex == Sex::Female,
            resident: truth.residence_kind != "none",
            work_capable: truth.work_capable,
            pregnant: truth.pregnant,
            single_parent: rules::alone(household, place),
            adapted_education: school.is_some_and(|it| it.adapted),
            regular_education: school.is_some_and(|it| it.regular),
            former_child: truth.former_child_without_care,
            in_institution: false,
            registered: unemployed.is_some(),
            refused_work: unemployed.is_some_and(|it| it.refused_work),
            lifelong_support: false,
            vehicle_for_disability: rules::for_disability(person),
            unemployment_benefit: unemployed.map_or(0, |it| it.benefit.minor),
            half_units: rules::half_units(household, person),
            vehicles: u32::try_from(truth.vehicles.len()).unwrap(),
            incomes: truth
                .incomes
                .iter()
                .map(|it| Income {
                    month: it.month,
                    source: match it.kind.as_str() {
                        "wage" | "self-employment" | "agriculture" => Source::Work,
                        "property" | "maintenance" | "abroad" | "other" => Source::Counted,
                        _ => Source::Free,
                    },
                    net: it.net.minor,
                })
                .collect(),
            pensions: truth.pensions.iter().map(|it| (it.month, it.net.minor)).collect(),
            estates: truth
                .real_estate
                .iter()
                .map(|it| match it.kind.as_str() {
                    "business" => Estate::Business,
                    "house" | "apartment" => Estate::Dwelling { home: it.home },
                    "building-land" => Estate::BuildingLand,
                    "farmland" => Estate::Farmland { area: it.area_m2 },
                    _ => Estate::Other,
                })
                .collect(),
            disposals: truth.disposals.iter().map(|it| it.day).collect(),
            left_work: truth.left_work.iter().map(|it| (it.day, it.own_fault)).collect(),
        }
    }
}

const OLD_AGE: i64 = 65;
const BASES: [i64; 5] = [9_429, 11_323, 13_593, 16_045, 17_928];
const FORMER_CHILD: i64 = 17_928;

/// What comes out, with what it was worked out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) outcome: Outcome,
    pub(crate) amount_minor: Option<i64>,
    pub(crate) starts: Option<Date>,
    /// Whether each condition holds, in the order of the pack.
    pub(crate) conditions: [bool; 17],
    pub(crate) income: i64,
    pub(crate) limit: i64,
}

/// The rule.
pub(crate) fn material_support(it: &Household) -> Said {
    let until = it.lodged.first_of_month();
    let from = until.saturating_sub(3.months());
    let recent = |month: Date| from <= month && month < until;
    let all = &it.members;
    let size = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let adults = || all.iter().filter(|m| m.age >= 18);
    let workers = || adults().filter(|m| m.age < OLD_AGE && m.work_capable);
    let children = all.iter().any(|m| m.kin == Relationship::Child && m.age < 18);

    let (mut earned, mut pensions) = (0, 0);
    for m in all {
        for income in &m.incomes {
            if income.source != Source::Free && recent(income.month) {
                earned += income.net;
            }
        }
        for (month, net) in &m.pensions {
            if recent(*month) {
                pensions += net;
            }
        }
    }
    let third = |sum: i64| (2 * sum + 3).div_euclid(6);
    let benefits: i64 = adults().map(|m| m.unemployment_benefit).sum();
    let income = third(earned) + third(pensions) + benefits;
    let limit = if size == 1 && all.iter().all(|m| m.former_child) {
        FORMER_CHILD
    } else {
        BASES[all.len().clamp(1, 5) - 1]
    };

    let estates = || all.iter().flat_map(|m| &m.estates);
    let area: i64 = estates()
        .map(|estate| match estate {
            Estate::Farmland { area } => *area,
            _ => 0,
        })
        .sum();
    let most_rooms = match size {
        ..=1 => 1,
        2..=3 => 2,
        _ => 3,
    };
    let long_ago = |day: Date| months_between(day, it.lodged) >= 12;
    let head = all.first();
    let eligible = |m: &Person| {
        m.age < 18
            || m.age >= OLD_AGE
            || !m.work_capable
            || (matches!(m.kin, Relationship::Head | Relationship::Spouse) && children)
            || (m.female && m.pregnant)
            || m.single_parent
            || m.adapted_education
            || m.former_child
    };
    let works = |m: &Person| {
        m.incomes
            .iter()
            .any(|income| income.source == Source::Work && recent(income.month))
    };
    let conditions = [
        head.is_some_and(|m| m.resident),
        size == 1 || it.shares_budget,
        all.iter().all(|m| !m.in_institution),
        all.iter().all(eligible),
        income <= limit,
        !estates().any(|estate| *estate == Estate::Business),
        !estates().any(|estate| *estate == Estate::Dwelling { home: false }),
        !it.owned || it.rooms <= most_rooms,
        !estates().any(|estate| *estate == Estate::BuildingLand),
        area <= 20 * 100 * size,
        adults().all(|m| m.vehicles == 0 || m.vehicle_for_disability),
        adults().map(|m| m.half_units).sum::<i64>() <= 2 * size,
        all.iter().flat_map(|m| &m.disposals).all(|day| long_ago(*day)),
        workers().all(|m| m.registered || works(m) || m.regular_education),
        workers().all(|m| !m.refused_work),
        workers().all(|m| m.left_work.iter().all(|(day, own)| !own || long_ago(*day))),
        adults().all(|m| !m.lifelong_support),
    ];
    // Only the income test is confirmed law: what else stands against it an officer has to confirm.
    let outcome = if !conditions[4] {
        Outcome::Refuse
    } else if conditions.iter().all(|holds| *holds) {
        Outcome::Grant
    } else {
        Outcome::Confirm
    };
    let granted = outcome != Outcome::Refuse;
    Said {
        outcome,
        amount_minor: granted.then_some(limit - income),
        starts: granted.then_some(it.lodged),
        conditions,
        income,
        limit,
    }
}

/// Completed months.
fn months_between(a: Date, b: Date) -> i64 {
    let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    if b < a {
        return -months_between(b, a);
    }
    months(b) - months(a) - i64::from(b.day() < a.day())
}
