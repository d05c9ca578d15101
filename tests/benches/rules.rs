//! Material support worked out for a whole population on one thread, by the pack's rules and by the same rule written by hand in Rust.
//!
//! Both work on facts laid out beforehand, a few hundred households at a time, each in its own shape; each batch is worked out twice by both
//! and the faster time counts. What comes out has to be the same household by household: outcome, amount and first day.

use crate::{
    by_hand::{self, Household},
    place::Size,
    table::{Figure, Share, Table},
    time::{a_second, grouped, said, timed},
};
use jiff::civil::date;
use karton_api::{Currency, Date, FactValue, Money, value::Record};
use karton_rules::{
    Input, Pack,
    assess::{self, Facts, Known, Outcome, PersonFacts, Result as Found},
    lang::{Scratch, World},
};
use karton_server::{
    generate::{FictionalHousehold, FictionalPerson, Population, Settings, Shape, pack_text},
    pack,
};
use std::{collections::BTreeMap, hint::black_box, time::Duration};

const BATCH: usize = 250;

/// Both, and the explained one.
pub(crate) fn measure(size: &Size, table: &mut Table) {
    table.group(format!(
        "assessment of MO for {} households, one thread, a household",
        grouped(size.households as u64)
    ));
    let pack = Pack::load(&pack::files("me").unwrap()).unwrap();
    let settings = Settings::read(&pack_text("me").unwrap()).unwrap();
    let today = date(2025, 3, 10);
    let mut households = (Population {
        seed: 1,
        persons: u64::MAX,
        today,
    })
    .generate(&settings);
    let (mut by_rules, mut by_hand, mut laid_out, mut explained) =
        (Duration::ZERO, Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let (mut done, mut outcomes) = (0, BTreeMap::new());
    let mut scratch = Scratch::default();
    while done < size.households {
        let some: Vec<FictionalHousehold> = households
            .by_ref()
            .filter(|it| it.members.iter().all(|member| member.death_date.is_none()))
            .take(BATCH.min(size.households - done))
            .collect();
        let inputs: Vec<Input> = some.iter().map(|it| input(it, today)).collect();
        let typed: Vec<Household> = some.iter().map(|it| Household::of(it, today)).collect();
        let (worlds, took) = timed(|| inputs.iter().map(|it| pack.prepare(it)).collect::<Vec<World>>());
        laid_out += took;
        let mut found: Vec<Option<Found>> = Vec::with_capacity(some.len());
        by_rules += fastest(|| {
            found.clear();
            found.extend(
                worlds
                    .iter()
                    .map(|world| pack.run("MO", black_box(world), &mut scratch)),
            );
        });
        let mut copied = Vec::with_capacity(some.len());
        by_hand += fastest(|| {
            copied.clear();
            copied.extend(typed.iter().map(|it| by_hand::material_support(black_box(it))));
        });
        for ((rules, hand), household) in found.iter().zip(&copied).zip(&some) {
            let rules = rules.as_ref().unwrap();
            let said = (rules.outcome, rules.amount_minor, rules.starts);
            assert_eq!(
                said,
                (hand.outcome, hand.amount_minor, hand.starts),
                "household {}: the rules say one thing, their copy by hand another",
                household.index
            );
            *outcomes.entry(name(rules.outcome)).or_insert(0_u64) += 1;
        }
        // The explanation is what a clerk asks for: one household at a time.
        let ((), took) = timed(|| {
            for input in inputs.iter().take(BATCH / 10) {
                black_box(assess::assess(&pack, "MO", input));
            }
        });
        explained += took * 10;
        done += some.len();
    }
    let each = |time: Duration| time / u32::try_from(done).unwrap();
    let (rules, hand) = (each(by_rules), each(by_hand));
    let share = Share::of_times(rules, hand);
    let outcomes: Vec<String> = outcomes
        .iter()
        .map(|(name, many)| format!("{} {name}", grouped(*many)))
        .collect();
    table.add(
        Figure::new(format!("the pack's rules ({})", outcomes.join(", ")), said(rules))
            .limit(format!("{} by hand", said(hand)), share)
            .aim("≤ 8 ×", share <= Share(800)),
    );
    table.add(
        Figure::new("the pack's rules, slots kept", said(rules))
            .aim("≤ 5 µs", rules <= Duration::from_micros(5)),
    );
    table.add(Figure::new("facts laid out for them", said(each(laid_out))));
    table.add(Figure::new("with the whole explanation", said(each(explained))));
    table.add(Figure::new(
        "households in a second, rules alone",
        grouped(a_second(done as u64, by_rules)),
    ));
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let ((), first) = timed(&mut work);
    let ((), second) = timed(&mut work);
    first.min(second)
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Grant => "granted",
        Outcome::Refuse => "refused",
        Outcome::Unknown => "unknown",
        Outcome::Confirm => "to confirm",
    }
}

/// Animals, in half units: some farmers have more than the rule allows.
pub(crate) fn half_units(household: &FictionalHousehold, person: &FictionalPerson) -> i64 {
    let farms = person.truth.real_estate.iter().any(|it| it.kind == "farmland");
    if farms {
        i64::try_from(household.index % 9).unwrap_or(0)
    } else {
        0
    }
}

/// Who brings up children alone.
pub(crate) fn alone(household: &FictionalHousehold, place: usize) -> bool {
    household.shape == Shape::SingleParent && place == 0
}

/// A vehicle serves somebody with a disability.
pub(crate) fn for_disability(person: &FictionalPerson) -> bool {
    person.truth.disability.as_ref().is_some_and(|it| it.degree >= 80)
}

/// Everything that the registers and the family would say.
fn input(household: &FictionalHousehold, today: Date) -> Input {
    let mut people = household
        .members
        .iter()
        .enumerate()
        .map(|(place, person)| facts_of(household, place, person));
    let applicant = people.next().unwrap();
    Input {
        on: today,
        lodged: today,
        known_at: None,
        suspended: Vec::new(),
        applicant,
        members: people.collect(),
        others: Vec::new(),
        household: known([
            ("tenure", FactValue::Code(household.home.tenure.clone())),
            ("dwelling_rooms", FactValue::Int(household.home.rooms)),
            (
                "shares_budget",
                FactValue::Bool(!household.index.is_multiple_of(50)),
            ),
        ]),
        claim: known([("consent", FactValue::Bool(true))]),
    }
}

fn known<const N: usize>(facts: [(&str, FactValue); N]) -> Facts {
    facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Known::declared(value)))
        .collect()
}

fn facts_of(household: &FictionalHousehold, place: usize, person: &FictionalPerson) -> PersonFacts {
    let truth = &person.truth;
    let code = |code: &str| FactValue::Code(code.to_owned());
    let text = |text: &str| FactValue::Text(text.to_owned());
    let school = truth.schooling.as_ref();
    let unemployed = truth.unemployment.as_ref();
    let halves = half_units(household, person);
    let facts = known([
        ("birth_date", FactValue::Date(person.birth_date)),
        ("sex", code(person.sex.code())),
        ("relationship", code(person.relationship.code())),
        ("residence_kind", code(&truth.residence_kind)),
        ("work_capable", FactValue::Bool(truth.work_capable)),
        ("pregnant", FactValue::Bool(truth.pregnant)),
        ("single_parent", FactValue::Bool(alone(household, place))),
        (
            "adapted_education",
            FactValue::Bool(school.is_some_and(|it| it.adapted)),
        ),
        (
            "former_child_without_care",
            FactValue::Bool(truth.former_child_without_care),
        ),
        (
            "in_regular_education",
            FactValue::Bool(school.is_some_and(|it| it.regular)),
        ),
        ("registered_unemployed", FactValue::Bool(unemployed.is_some())),
        (
            "unemployment_benefit",
            FactValue::Money(unemployed.map_or(Money::new(0, Currency::EUR), |it| it.benefit)),
        ),
        (
            "refused_work",
            FactValue::Bool(unemployed.is_some_and(|it| it.refused_work)),
        ),
        ("lifelong_support_contract", FactValue::Bool(false)),
        ("in_institution", FactValue::Bool(false)),
        ("vehicle_for_disability", FactValue::Bool(for_disability(person))),
        (
            "livestock_units",
            FactValue::Decimal(format!("{}.{}", halves / 2, halves % 2 * 5)),
        ),
        (
            "left_work_on",
            rows(&truth.left_work, |it| {
                vec![
                    ("day", FactValue::Date(it.day)),
                    ("own_fault", FactValue::Bool(it.own_fault)),
                ]
            }),
        ),
        (
            "income",
            rows(&truth.incomes, |it| {
                vec![
                    ("month", FactValue::Date(it.month)),
                    ("payer", text(&it.payer)),
                    ("kind", code(&it.kind)),
                    ("net", FactValue::Money(it.net)),
                ]
            }),
        ),
        (
            "pension",
            rows(&truth.pensions, |it| {
                vec![
                    ("month", FactValue::Date(it.month)),
                    ("kind", code(&it.kind)),
                    ("net", FactValue::Money(it.net)),
                ]
            }),
        ),
        (
            "vehicles",
            rows(&truth.vehicles, |it| {
                vec![
                    ("plate", text(&it.plate)),
                    ("kind", code(&it.kind)),
                    ("make", text(&it.make)),
                    ("year", FactValue::Int(it.year)),
                ]
            }),
        ),
        (
            "real_estate",
            rows(&truth.real_estate, |it| {
                vec![
                    ("parcel", text(&it.parcel)),
                    ("kind", code(&it.kind)),
                    ("municipality", code(&it.municipality)),
                    ("area_m2", FactValue::Int(it.area_m2)),
                    ("rooms", FactValue::Int(it.rooms)),
                    ("home", FactValue::Bool(it.home)),
                ]
            }),
        ),
        (
            "property_disposals",
            rows(&truth.disposals, |it| {
                vec![
                    ("parcel", text(&it.parcel)),
                    ("day", FactValue::Date(it.day)),
                    ("deed", text(&it.deed)),
                ]
            }),
        ),
    ]);
    PersonFacts {
        facts,
        ..PersonFacts::default()
    }
}

fn rows<T>(from: &[T], columns: impl Fn(&T) -> Vec<(&'static str, FactValue)>) -> FactValue {
    let row = |it: &T| -> Record {
        columns(it)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    FactValue::Rows(from.iter().map(row).collect())
}
