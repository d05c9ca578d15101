//! Basic social assistance (B010 of the pack `ua`) as somebody would write it in Rust who has no pack.
//!
//! Amounts are those in force on 16 March 2026, in kopiykas.

use crate::{
    family::{Family, Human, Kin, Land, code, common, input, known, money, rows, text},
    hand::{Country, Said, third, years_between},
};
use jiff::civil::date;
use karton_api::{Currency, Date, FactValue};
use karton_rules::{
    Input,
    assess::{Facts, Outcome, PersonFacts},
};

const UAH: Currency = Currency::from_letters(*b"UAH").unwrap();

pub(crate) struct Ukraine;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    None,
    /// The first two groups have a whole share.
    Heavy,
    Third,
}

#[derive(Debug)]
struct Person {
    age: i64,
    oneself: bool,
    resident: bool,
    group: Group,
    at_school: bool,
    idle_months: i64,
    cares: bool,
    property_lost: bool,
    unemployment_benefit: i64,
    /// Month, whether it counts, amount.
    incomes: Vec<(Date, bool, i64)>,
    pensions: Vec<(Date, i64)>,
    deposits: Vec<i64>,
    /// Whether for a treatment, amount, day.
    purchases: Vec<(bool, i64, Date)>,
    /// Of those that are dwellings, whether it is the home.
    dwellings: Vec<bool>,
    cars: usize,
}

/// A household as the rule sees it.
#[derive(Debug)]
pub(crate) struct Household {
    lodged: Date,
    members: Vec<Person>,
}

impl Person {
    fn of(it: &Human, today: Date) -> Person {
        Person {
            age: years_between(it.birth, today),
            oneself: it.kin == Kin::Oneself,
            resident: it.resident,
            group: match it.disability {
                "I-A" | "I-B" | "II" => Group::Heavy,
                "none" => Group::None,
                _ => Group::Third,
            },
            at_school: it.at_school,
            idle_months: it.idle_months,
            cares: it.cares,
            property_lost: it.property_lost,
            unemployment_benefit: it.unemployment_benefit,
            incomes: it
                .incomes
                .iter()
                .map(|(month, kind, net)| (*month, *kind != "not-counted", *net))
                .collect(),
            pensions: it.pensions.clone(),
            deposits: if it.deposits > 0 {
                vec![it.deposits]
            } else {
                Vec::new()
            },
            purchases: it
                .purchases
                .iter()
                .map(|(what, much, day)| (*what == "treatment", *much, *day))
                .collect(),
            dwellings: it
                .estates
                .iter()
                .filter(|(kind, ..)| matches!(*kind, "house" | "apartment"))
                .map(|(_, _, home)| *home)
                .collect(),
            cars: it
                .vehicles
                .iter()
                .filter(|(kind, _)| matches!(*kind, "car" | "van"))
                .count(),
        }
    }
}

const BASE: i64 = 450_000;
const REDUCED: i64 = 315_000;
const PENSION_AGE: i64 = 60;
const MOST: i64 = 10_000_000;

impl Country for Ukraine {
    const PACK: &'static str = "ua";
    const BENEFIT: &'static str = "B010";
    const LAND: Land = Land {
        today: date(2026, 3, 16),
        wage: 1_600_000,
        incomes: &[
            "wage",
            "self-employment",
            "agriculture",
            "scholarship",
            "not-counted",
        ],
        awards: &[],
    };
    type Household = Household;

    fn typed(family: &Family) -> Household {
        let today = Self::LAND.today;
        Household {
            lodged: today,
            members: family.people.iter().map(|it| Person::of(it, today)).collect(),
        }
    }

    fn input(family: &Family) -> Input {
        let people = family.people.iter().map(|it| {
            let mut facts = common(it, UAH);
            let deposits: Vec<i64> = (it.deposits > 0).then_some(it.deposits).into_iter().collect();
            facts.extend(known([
                ("disability", code(it.disability)),
                ("idle_months", FactValue::Int(it.idle_months)),
                ("cares_for_other", FactValue::Bool(it.cares)),
                ("property_lost", FactValue::Bool(it.property_lost)),
                (
                    "deposits",
                    rows(&deposits, |much| {
                        [("bank", text("Банк")), ("amount", money(*much, UAH))]
                    }),
                ),
                (
                    "purchases",
                    rows(&it.purchases, |(what, much, day)| {
                        [
                            ("day", FactValue::Date(*day)),
                            ("what", code(what)),
                            ("amount", money(*much, UAH)),
                        ]
                    }),
                ),
            ]));
            PersonFacts {
                facts,
                ..PersonFacts::default()
            }
        });
        input(Self::LAND.today, people.collect(), Facts::new(), Facts::new())
    }

    fn rule(it: &Household) -> Said {
        let until = it.lodged.first_of_month();
        let from = until.saturating_sub(jiff::Span::new().months(3));
        let recent = |month: Date| from <= month && month < until;
        let year_ago = it.lodged.saturating_sub(jiff::Span::new().months(12));
        let all = &it.members;
        let size = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let (mut earned, mut pensions, mut benefits, mut full) = (0, 0, 0, 0);
        let (mut deposits, mut cars, mut second) = (0, 0, false);
        for m in all {
            for (month, counts, net) in &m.incomes {
                if *counts && recent(*month) {
                    earned += net;
                }
            }
            for (month, net) in &m.pensions {
                if recent(*month) {
                    pensions += net;
                }
            }
            if m.age >= 18 {
                benefits += m.unemployment_benefit;
            }
            full += i64::from(m.oneself || m.age < 18 || m.group == Group::Heavy);
            deposits += m.deposits.iter().sum::<i64>();
            cars += m.cars;
            second |= m.dwellings.iter().any(|home| !home);
        }
        let income = third(earned) + third(pensions) + benefits;
        let guaranteed = BASE * full + REDUCED * (size - full);
        let able = |m: &Person| m.age >= 18 && m.age < PENSION_AGE && m.group == Group::None && !m.at_school;
        let only_lost = || {
            all.iter()
                .filter(|m| m.age >= 18)
                .all(|m| m.dwellings.iter().all(|home| *home) || m.property_lost)
        };
        let purchase =
            |(treatment, much, day): &(bool, i64, Date)| *treatment || *much <= MOST || *day <= year_ago;
        let conditions = [
            it.lodged >= date(2025, 7, 1) && it.lodged < date(2027, 7, 1),
            all.first().is_some_and(|m| m.resident),
            income < guaranteed,
            all.iter()
                .filter(|m| able(m))
                .all(|m| m.idle_months <= 3 || m.cares),
            all.iter().flat_map(|m| &m.purchases).all(purchase),
            deposits <= MOST,
            !second || only_lost(),
            cars <= 1,
        ];
        // Residence and the second car are not confirmed law.
        let refused = [0, 2, 3, 4, 5, 6].iter().any(|at| !conditions[*at]);
        let outcome = if refused {
            Outcome::Refuse
        } else if conditions.iter().all(|holds| *holds) {
            Outcome::Grant
        } else {
            Outcome::Confirm
        };
        Said::of(
            outcome,
            guaranteed - income,
            it.lodged.first_of_month(),
            &conditions,
        )
    }
}
