//! The minimum inclusion income (VMI of the pack `ro`) as somebody would write it in Rust who has no pack.
//!
//! Levels and bands are those in force on 15 May 2025, amounts in bani.

use crate::{
    family::{Family, Human, Kin, Land, common, input, known, money, rows},
    hand::{Country, Said, years_between},
};
use jiff::civil::date;
use karton_api::{Currency, Date, FactValue, Money};
use karton_rules::{
    Input,
    assess::{AwardInForce, Outcome, PersonFacts},
};

const RON: Currency = Currency::from_letters(*b"RON").unwrap();

pub(crate) struct Romania;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Work,
    Other,
    Free,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Estate {
    Building { home: bool },
    BuildingLand { area: i64, home: bool },
    Other,
}

#[derive(Debug)]
struct Person {
    age: i64,
    kin: Kin,
    resident: bool,
    detained: bool,
    placed: bool,
    in_institution: bool,
    at_school: bool,
    work_capable: bool,
    registered: bool,
    refused_work: bool,
    /// Found work for good while the family had the aid, less than six months ago.
    lasting_work: bool,
    cares: bool,
    adapted_vehicle: bool,
    has_boat: bool,
    unemployment_benefit: i64,
    deposits: i64,
    incomes: Vec<(Date, Source, i64)>,
    pensions: Vec<(Date, i64)>,
    estates: Vec<Estate>,
    /// Years of those that are no tractors.
    vehicles: Vec<i64>,
    /// Sum of those that count, and whether there is one of this benefit.
    awards: Vec<(Award, i64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Award {
    Same,
    Counted,
    Free,
}

/// A household as the rule sees it.
#[derive(Debug)]
pub(crate) struct Household {
    lodged: Date,
    members: Vec<Person>,
    shares_budget: bool,
    urban: bool,
    other_file: bool,
    undertaking: bool,
}

impl Person {
    fn of(it: &Human, today: Date) -> Person {
        Person {
            age: years_between(it.birth, today),
            kin: it.kin,
            resident: it.resident,
            detained: it.detained,
            placed: it.placed,
            in_institution: it.in_institution,
            at_school: it.at_school,
            work_capable: it.work_capable,
            registered: it.registered,
            refused_work: it.refused_work,
            lasting_work: it.lifelong_support,
            cares: it.cares,
            adapted_vehicle: it.adapted_vehicle,
            has_boat: it.has_boat,
            unemployment_benefit: it.unemployment_benefit,
            deposits: it.deposits,
            incomes: it
                .incomes
                .iter()
                .map(|(month, kind, net)| {
                    let source = match *kind {
                        "wage" | "self-employment" | "agriculture" => Source::Work,
                        "property" | "maintenance" | "abroad" | "dividends" | "interest" | "copyright"
                        | "sickness" | "shared-household" | "other" => Source::Other,
                        _ => Source::Free,
                    };
                    (*month, source, *net)
                })
                .collect(),
            pensions: it.pensions.clone(),
            estates: it
                .estates
                .iter()
                .map(|(kind, area, home)| match *kind {
                    "house" | "apartment" | "business" => Estate::Building { home: *home },
                    "building-land" => Estate::BuildingLand {
                        area: *area,
                        home: *home,
                    },
                    _ => Estate::Other,
                })
                .collect(),
            vehicles: it
                .vehicles
                .iter()
                .filter(|(kind, _)| *kind != "tractor")
                .map(|(_, year)| *year)
                .collect(),
            awards: it
                .awards
                .iter()
                .map(|(code, minor)| {
                    let award = match *code {
                        "VMI" => Award::Same,
                        "ICC" | "STI" | "IAC" | "ITN" | "DL118" => Award::Counted,
                        _ => Award::Free,
                    };
                    (award, *minor)
                })
                .collect(),
        }
    }
}

const AI: i64 = 36_600;
const AI_SINGLE_65: i64 = 53_300;
const AFC: i64 = 93_000;
const LOW: [i64; 4] = [14_300, 28_600, 42_800, 57_000];
const LOW_SINGLE: [i64; 4] = [16_100, 32_000, 47_900, 63_800];
const HIGH: [i64; 4] = [11_500, 22_800, 34_100, 45_200];
const HIGH_SINGLE: [i64; 4] = [13_400, 26_700, 40_000, 53_300];
const MINIMUM: i64 = 5_000;
const WORK_CAP: i64 = 50_000;
const DEPOSITS: i64 = 3 * 862_000;

impl Country for Romania {
    const PACK: &'static str = "ro";
    const BENEFIT: &'static str = "VMI";
    const LAND: Land = Land {
        today: date(2025, 5, 15),
        wage: 300_000,
        incomes: &[
            "wage",
            "self-employment",
            "agriculture",
            "property",
            "dividends",
            "scholarship",
            "day-labour",
        ],
        awards: &["ICC", "STI", "ASC", "ASC", "ASC", "IINS", "VMI"],
    };
    type Household = Household;

    fn typed(family: &Family) -> Household {
        let today = Self::LAND.today;
        Household {
            lodged: today,
            members: family.people.iter().map(|it| Person::of(it, today)).collect(),
            shares_budget: family.shares_budget,
            urban: family.urban,
            other_file: family.other_file,
            undertaking: family.undertaking,
        }
    }

    fn input(family: &Family) -> Input {
        let people = family.people.iter().map(|it| {
            let mut facts = common(it, RON);
            let refused: Vec<Date> = it.refused_work.then(|| date(2024, 9, 1)).into_iter().collect();
            let found: Vec<Date> = it
                .lifelong_support
                .then(|| date(2025, 3, 3))
                .into_iter()
                .collect();
            facts.extend(known([
                ("work_capable", FactValue::Bool(it.work_capable)),
                (
                    "work_refusals",
                    rows(&refused, |day| [("day", FactValue::Date(*day))]),
                ),
                (
                    "new_contracts",
                    rows(&found, |day| {
                        [
                            ("starts", FactValue::Date(*day)),
                            ("indefinite", FactValue::Bool(true)),
                        ]
                    }),
                ),
                ("detained", FactValue::Bool(it.detained)),
                ("placed", FactValue::Bool(it.placed)),
                ("in_institution", FactValue::Bool(it.in_institution)),
                ("cares_for_dependant", FactValue::Bool(it.cares)),
                ("adapted_vehicle", FactValue::Bool(it.adapted_vehicle)),
                ("has_boat", FactValue::Bool(it.has_boat)),
                ("bank_deposits", money(it.deposits, RON)),
            ]));
            PersonFacts {
                facts,
                awards: it
                    .awards
                    .iter()
                    .map(|(code, minor)| AwardInForce {
                        award: None,
                        benefit: (*code).to_owned(),
                        from: date(2024, 11, 1),
                        until: None,
                        amount: Money::new(*minor, RON),
                    })
                    .collect(),
                ..PersonFacts::default()
            }
        });
        let area = if family.urban { "urban" } else { "rural" };
        let household = known([
            ("area_kind", FactValue::Code(area.to_owned())),
            ("shares_budget", FactValue::Bool(family.shares_budget)),
            ("other_file", FactValue::Bool(family.other_file)),
        ]);
        let claim = known([("undertaking", FactValue::Bool(family.undertaking))]);
        input(Self::LAND.today, people.collect(), household, claim)
    }

    fn rule(it: &Household) -> Said {
        let until = it.lodged.first_of_month();
        let from = until.saturating_sub(jiff::Span::new().months(1));
        let recent = |month: Date| from <= month && month < until;
        let year = i64::from(it.lodged.year());
        let family = || {
            it.members
                .iter()
                .filter(|m| !m.detained && (m.age >= 18 || !m.placed) && !m.in_institution)
        };
        let size = i64::try_from(family().count()).unwrap_or(i64::MAX);
        // Counted in halves: 1 for the first, a half for each other one.
        let halves = size + 1;
        let children = || family().filter(|m| m.age < 18 && m.kin == Kin::Child);
        let count = children().count();
        let single_parent = !family().any(|m| m.kin == Kin::Spouse);

        let had_aid = || {
            it.members
                .iter()
                .flat_map(|m| &m.awards)
                .any(|(award, _)| *award == Award::Same)
        };
        let (mut work, mut others) = (0, 0);
        for m in family() {
            let kept = m.lasting_work && had_aid();
            for (month, source, net) in &m.incomes {
                if recent(*month) {
                    match source {
                        Source::Work if kept => {}
                        Source::Work => work += net,
                        Source::Other => others += net,
                        Source::Free => {}
                    }
                }
            }
            for (month, net) in &m.pensions {
                if recent(*month) {
                    others += net;
                }
            }
            others += m.unemployment_benefit;
        }
        let awards: i64 = it
            .members
            .iter()
            .flat_map(|m| &m.awards)
            .filter(|(award, _)| *award == Award::Counted)
            .map(|(_, minor)| minor)
            .sum();
        let spared = (work / 2).min(WORK_CAP);
        let income = work - spared + others + awards;
        let adjusted = if halves == 0 {
            0
        } else {
            (2 * income).div_euclid(halves * 100) * 100
        };
        let elderly = it.members.first().is_some_and(|m| m.age >= 65);
        let limit = if size == 1 && elderly { AI_SINGLE_65 } else { AI };
        let highest = if count > 0 { AFC } else { limit };
        let ai = if adjusted > limit {
            0
        } else {
            MINIMUM.max((-(-((limit - adjusted) * halves)).div_euclid(200)) * 100)
        };
        let afc = if count == 0 || adjusted > AFC {
            0
        } else {
            let band = match (single_parent, adjusted <= AI) {
                (true, true) => LOW_SINGLE,
                (true, false) => HIGH_SINGLE,
                (false, true) => LOW,
                (false, false) => HIGH,
            };
            band[count.min(4) - 1]
        };

        let workers = || family().filter(|m| m.age >= 16 && m.age < 65 && !m.at_school && m.work_capable);
        let estates = || family().flat_map(|m| &m.estates);
        let land: i64 = estates()
            .map(|estate| match estate {
                Estate::BuildingLand { area, home: false } => *area,
                _ => 0,
            })
            .sum();
        let old = |built: i64| year - built > 10;
        let old_vehicles = family()
            .flat_map(|m| &m.vehicles)
            .filter(|built| old(**built))
            .count();
        let works = |m: &Person| {
            m.incomes
                .iter()
                .any(|(month, source, _)| *source == Source::Work && recent(*month))
        };
        let conditions = [
            it.members.first().is_some_and(|m| m.resident),
            size <= 1 || it.shares_budget,
            !it.other_file
                && !it
                    .members
                    .iter()
                    .flat_map(|m| &m.awards)
                    .any(|(award, _)| *award == Award::Same),
            adjusted <= highest || adjusted <= limit,
            !estates().any(|estate| *estate == Estate::Building { home: false }),
            land <= if it.urban { 1_200 } else { 2_500 },
            old_vehicles <= 1,
            family().all(|m| m.vehicles.iter().all(|built| old(*built)) || m.adapted_vehicle),
            !family().any(|m| m.has_boat),
            family().all(|m| m.deposits <= DEPOSITS),
            adjusted > limit || workers().all(|m| m.registered || m.at_school || m.cares || works(m)),
            workers().all(|m| !m.refused_work),
            children().all(|m| m.age < 6 || m.at_school),
            it.undertaking,
        ];
        // The common budget, the one file and schooling are not confirmed law.
        let unconfirmed = [1, 2, 12];
        let refused = |at: usize| !conditions[at] && !unconfirmed.contains(&at);
        let outcome = if (0..conditions.len()).any(refused) {
            Outcome::Refuse
        } else if conditions.iter().all(|holds| *holds) {
            Outcome::Grant
        } else {
            Outcome::Confirm
        };
        let starts = it
            .lodged
            .first_of_month()
            .saturating_add(jiff::Span::new().months(1));
        Said::of(outcome, ai + afc, starts, &conditions)
    }
}
