//! Material support (MO of the pack `me`) as somebody would write it in Rust who has no pack: types made for it, and nothing looked up.
//!
//! The amounts and thresholds are those in force on 10 March 2025. Every condition is worked out and kept, as the pack's rules keep theirs.

use crate::{
    family::{Family, Human, Kin, Land, common, input, known, rows, text},
    hand::{Country, Said, months_between, third, years_between},
};
use jiff::civil::date;
use karton_api::{Currency, Date, FactValue};
use karton_rules::{
    Input,
    assess::{Outcome, PersonFacts},
};

pub(crate) struct Montenegro;

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
}

#[derive(Debug)]
struct Person {
    age: i64,
    kin: Kin,
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
    vehicles: usize,
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

impl Person {
    fn of(it: &Human, today: Date) -> Person {
        Person {
            age: years_between(it.birth, today),
            kin: it.kin,
            female: it.female,
            resident: it.resident,
            work_capable: it.work_capable,
            pregnant: it.pregnant,
            single_parent: it.alone,
            adapted_education: it.adapted_education,
            regular_education: it.at_school,
            former_child: it.former_child,
            in_institution: it.in_institution,
            registered: it.registered,
            refused_work: it.refused_work,
            lifelong_support: it.lifelong_support,
            vehicle_for_disability: it.adapted_vehicle,
            unemployment_benefit: it.unemployment_benefit,
            half_units: it.half_units,
            vehicles: it.vehicles.len(),
            incomes: it
                .incomes
                .iter()
                .map(|(month, kind, net)| Income {
                    month: *month,
                    source: match *kind {
                        "wage" | "self-employment" | "agriculture" => Source::Work,
                        "property" | "maintenance" | "abroad" | "other" => Source::Counted,
                        _ => Source::Free,
                    },
                    net: *net,
                })
                .collect(),
            pensions: it.pensions.clone(),
            estates: it
                .estates
                .iter()
                .map(|(kind, area, home)| match *kind {
                    "business" => Estate::Business,
                    "building-land" => Estate::BuildingLand,
                    "farmland" => Estate::Farmland { area: *area },
                    _ => Estate::Dwelling { home: *home },
                })
                .collect(),
            disposals: it.disposals.clone(),
            left_work: it.left_work.clone(),
        }
    }
}

const OLD_AGE: i64 = 65;
const BASES: [i64; 5] = [9_429, 11_323, 13_593, 16_045, 17_928];
const FORMER_CHILD: i64 = 17_928;

impl Country for Montenegro {
    const PACK: &'static str = "me";
    const BENEFIT: &'static str = "MO";
    const LAND: Land = Land {
        today: date(2025, 3, 10),
        wage: 60_000,
        incomes: &[
            "wage",
            "self-employment",
            "agriculture",
            "property",
            "maintenance",
            "social",
        ],
        awards: &[],
    };
    type Household = Household;

    fn typed(family: &Family) -> Household {
        let today = Self::LAND.today;
        Household {
            lodged: today,
            members: family.people.iter().map(|it| Person::of(it, today)).collect(),
            shares_budget: family.shares_budget,
            owned: family.owned,
            rooms: family.rooms,
        }
    }

    fn input(family: &Family) -> Input {
        let people = family.people.iter().map(|it| {
            let mut facts = common(it, Currency::EUR);
            facts.extend(known([
                ("work_capable", FactValue::Bool(it.work_capable)),
                ("pregnant", FactValue::Bool(it.pregnant)),
                ("single_parent", FactValue::Bool(it.alone)),
                ("adapted_education", FactValue::Bool(it.adapted_education)),
                ("former_child_without_care", FactValue::Bool(it.former_child)),
                ("lifelong_support_contract", FactValue::Bool(it.lifelong_support)),
                ("in_institution", FactValue::Bool(it.in_institution)),
                ("vehicle_for_disability", FactValue::Bool(it.adapted_vehicle)),
                (
                    "livestock_units",
                    FactValue::Decimal(format!("{}.{}", it.half_units / 2, it.half_units % 2 * 5)),
                ),
                (
                    "left_work_on",
                    rows(&it.left_work, |(day, own_fault)| {
                        [
                            ("day", FactValue::Date(*day)),
                            ("own_fault", FactValue::Bool(*own_fault)),
                        ]
                    }),
                ),
                (
                    "property_disposals",
                    rows(&it.disposals, |day| {
                        [("day", FactValue::Date(*day)), ("deed", text("1"))]
                    }),
                ),
            ]));
            PersonFacts {
                facts,
                ..PersonFacts::default()
            }
        });
        let tenure = if family.owned { "owned" } else { "rented" };
        let household = known([
            ("tenure", FactValue::Code(tenure.to_owned())),
            ("dwelling_rooms", FactValue::Int(family.rooms)),
            ("shares_budget", FactValue::Bool(family.shares_budget)),
        ]);
        input(
            Self::LAND.today,
            people.collect(),
            household,
            known([("consent", FactValue::Bool(true))]),
        )
    }

    fn rule(it: &Household) -> Said {
        let until = it.lodged.first_of_month();
        let from = until.saturating_sub(jiff::Span::new().months(3));
        let recent = |month: Date| from <= month && month < until;
        let all = &it.members;
        let size = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let adults = || all.iter().filter(|m| m.age >= 18);
        let workers = || adults().filter(|m| m.age < OLD_AGE && m.work_capable);
        let children = all.iter().any(|m| m.kin == Kin::Child && m.age < 18);

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
                || (matches!(m.kin, Kin::Oneself | Kin::Spouse) && children)
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
        // Only residence and the income test are confirmed law: what else stands against it an officer has to confirm.
        let outcome = if !conditions[0] || !conditions[4] {
            Outcome::Refuse
        } else if conditions.iter().all(|holds| *holds) {
            Outcome::Grant
        } else {
            Outcome::Confirm
        };
        Said::of(outcome, limit - income, it.lodged, &conditions)
    }
}
