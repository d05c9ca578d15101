//! What a pack shows to people: guards of forms, rules as one reads them, coverage.

use karton_api::FactValue;
use karton_rules::{Pack, show};

fn pack() -> Pack {
    match Pack::load(&crate::common::files("tests/small")) {
        Ok(pack) => pack,
        Err(mistakes) => unreachable!("the small pack is broken: {mistakes:?}"),
    }
}

#[test]
fn a_guard_of_a_page_of_members_is_asked_for_each_and_unknown_is_no_answer() {
    let pack = pack();
    let on = pack.country.demo_today.unwrap();
    let facts = "applicant = { birth_date = 1990-05-05, wealth = \"-1.00\" }\nmembers = [{ birth_date = 2020-01-01 }, {}]";
    let input = pack.read_facts("facts", facts, on).unwrap();
    let page = &pack.form("aid").unwrap().pages[0];
    let student = &page.fields[0];
    let when = student.when.as_ref().unwrap();
    assert_eq!(
        [0, 1, 2].map(|n| pack.holds(when, &input, Some(n))),
        [Some(true), Some(false), None]
    );
    assert_eq!(
        pack.value_of(student.default.as_ref().unwrap(), &input, Some(0)),
        Some(FactValue::Bool(false))
    );
    // Negative savings fail the check; unknown savings pass it.
    assert_eq!(
        [0, 1].map(|n| pack.holds(&page.checks[0].when, &input, Some(n))),
        [Some(false), Some(true)]
    );
    let guard = pack
        .procedure("standard")
        .unwrap()
        .step("decision")
        .unwrap()
        .guard
        .clone()
        .unwrap();
    assert_eq!(pack.holds(&guard, &input, None), Some(false));
}

#[test]
fn a_rule_is_shown_with_its_law_confidence_and_the_values_of_the_day() {
    let shown = show::show(&pack(), "AID", karton_api::Date::constant(2024, 5, 10), "en").unwrap();
    for line in [
        "AID – Aid",
        "  limit = aid.base(size)",
        "1. Income {income} is below {limit} [income]",
        "     when  income < limit",
        "     law   ACT 2 (law)",
        "     law   ACT 4 (memory: the officer confirms it)",
        "amount   (limit - income) * 0.5",
        "parameters on 10 May 2024",
        "  aid.base = 1: 100.00\u{a0}€ · 2: 150.00\u{a0}€ · 4: 200.00\u{a0}€ (from 1 Jan 2024, S1, published) Base",
    ] {
        assert!(
            shown.lines().any(|found| found == line),
            "no line {line:?} in\n{shown}"
        );
    }
    assert_eq!(
        show::show(&pack(), "NONE", karton_api::Date::constant(2024, 5, 10), "en"),
        None
    );
}

#[test]
fn what_is_confirmed_and_what_is_not_is_counted_apart() {
    let found = karton_rules::coverage::coverage(&pack());
    assert_eq!((found[0].confirmed, found[0].unconfirmed), (2, 1));
    assert_eq!((found[0].cases_confirmed, found[0].cases_unconfirmed), (5, 1));
    assert_eq!(found[0].amount_confirmed, Some(true));
}

#[test]
fn the_same_pack_has_the_same_hash_and_another_letter_another() {
    let mut files = crate::common::files("tests/small");
    let hash = |files: &_| Pack::load(files).map(|pack| pack.hash).unwrap_or_default();
    let first = hash(&files);
    assert_eq!(first, hash(&files));
    assert_eq!(first.len(), 64);
    files.insert("letters/decision.en.md".to_owned(), "Decided!\n".to_owned());
    assert_ne!(first, hash(&files));
}

#[test]
fn facts_of_another_type_than_the_dictionary_says_are_a_named_fault_not_a_verdict() {
    let pack = pack();
    let on = pack.country.demo_today.unwrap();
    let facts = "applicant = { birth_date = 1990-05-05, income = [] }\nhousehold = { rooms = 1 }";
    let mut input = pack.read_facts("facts", facts, on).unwrap();
    input.household.get_mut("rooms").unwrap().value = FactValue::Text("many".to_owned());
    let found = karton_rules::assess::assess(&pack, "AID", &input).unwrap();
    assert_eq!(found.outcome, karton_rules::assess::Outcome::Unknown);
    assert_eq!(found.faults, ["a value does not have the type of its fact"]);
}
