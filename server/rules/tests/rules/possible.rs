//! Rights that nobody has asked for.

use crate::common::files;
use karton_api::{Date, FactValue, Id, Money, value::Person};
use karton_rules::{
    Pack,
    assess::{AwardInForce, Input, Known, PersonFacts, possible},
};
use std::sync::LazyLock;

static ME: LazyLock<Pack> = LazyLock::new(|| Pack::load(&files("../../fixtures/me")).unwrap());

fn day(text: &str) -> Date {
    text.parse().unwrap()
}
fn id(n: u8) -> Id<Person> {
    format!("{n:08x}-0000-7000-8000-000000000000").parse().unwrap()
}

fn person(n: u8, relationship: &str, born: &str, facts: &[(&str, FactValue)]) -> PersonFacts {
    let mut one = PersonFacts {
        person: Some(id(n)),
        ..PersonFacts::default()
    };
    let given = [
        ("relationship", FactValue::Code(relationship.into())),
        ("birth_date", FactValue::Date(day(born))),
        ("residence_kind", FactValue::Code("residence".into())),
    ];
    for (name, value) in given
        .into_iter()
        .chain(facts.iter().map(|(n, v)| (*n, v.clone())))
    {
        one.facts.insert(name.to_owned(), Known::declared(value));
    }
    one
}

fn award(benefit: &str) -> AwardInForce {
    AwardInForce {
        benefit: benefit.into(),
        from: day("2024-01-01"),
        until: None,
        amount: Money::new(10_000, "EUR".parse().unwrap()),
        award: None,
    }
}

/// A father applies; the mother is registered as unemployed, one child is two months old, the other goes to a kindergarten.
fn family() -> Input {
    let mut input = Input {
        on: day("2025-03-10"),
        lodged: day("2025-03-10"),
        known_at: None,
        suspended: Vec::new(),
        applicant: person(1, "self", "1990-01-01", &[("sex", FactValue::Code("m".into()))]),
        members: vec![
            person(
                2,
                "spouse",
                "1992-02-02",
                &[("registered_unemployed", FactValue::Bool(true))],
            ),
            person(3, "child", "2025-01-05", &[]),
            person(
                4,
                "child",
                "2021-04-04",
                &[("in_kindergarten", FactValue::Bool(true))],
            ),
        ],
        others: Vec::new(),
        household: Default::default(),
        claim: Default::default(),
    };
    input.applicant.awards.push(award("MO"));
    for member in &mut input.members {
        member.family_awards.push(award("MO"));
    }
    input.applicant.family_awards.push(award("MO"));
    input
}

fn kinship(mine: &str, theirs: &str) -> String {
    match (mine, theirs) {
        ("spouse", "self") => "spouse".into(),
        ("spouse", "child") => "child".into(),
        ("child", "self") => "parent".into(),
        _ => "other".into(),
    }
}

fn told(input: &Input) -> Vec<(String, u8, Option<u8>)> {
    let number = |id: Id<Person>| u8::from_str_radix(&id.to_string()[..8], 16).unwrap();
    possible(&ME, input, &kinship)
        .into_iter()
        .map(|it| {
            (
                it.assessment.benefit.clone(),
                it.applicant.map_or(0, number),
                it.about.map(number),
            )
        })
        .collect()
}

#[test]
fn what_the_known_facts_would_open_is_told_and_what_rests_on_papers_is_not() {
    let found = told(&family());
    let has = |benefit: &str, applicant: u8, about: Option<u8>| {
        found.contains(&(benefit.to_owned(), applicant, about))
    };
    assert!(
        has("NRD", 2, Some(3)),
        "the mother's, for the small child: {found:?}"
    );
    assert!(has("IPU", 1, Some(4)), "{found:?}");
    // No finding on disability, no bill, no contract, no status of a veteran: nothing is promised.
    for never in ["LI", "DNJP", "TS", "JNP", "PSM", "BLI", "BMO", "MO", "NRT", "OBK"] {
        assert!(
            found.iter().all(|(benefit, ..)| benefit != never),
            "{never}: {found:?}"
        );
    }
}

#[test]
fn what_is_held_or_excluded_is_not_told() {
    let mut input = family();
    input.members[1].awards_about.push(award("NRD"));
    assert!(told(&input).iter().all(|(benefit, ..)| benefit != "NRD"));
    let mut input = family();
    input.members[0].awards.push(award("RNZ"));
    assert!(
        told(&input)
            .iter()
            .all(|(benefit, applicant, _)| (benefit.as_str(), *applicant) != ("NRD", 2))
    );
    let mut input = family();
    input.members[1]
        .facts
        .insert("alive".into(), Known::declared(FactValue::Bool(false)));
    assert!(told(&input).iter().all(|(_, _, about)| *about != Some(3)));
}
