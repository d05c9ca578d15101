//! Employers and providers, in keys.

use super::*;
use crate::api::parties::PartyAsk;

fn clerk(lang: Lang) -> Desk_ {
    Desk_::home_in(lang, (80, 24), false)
}

fn parties(desk: &Desk_) -> Vec<PartyAsk> {
    let asked = &desk.fake.borrow().asked;
    let parties = asked.iter().filter_map(|ask| match ask {
        Ask::Parties(ask) => Some(ask.clone()),
        _ => None,
    });
    parties.collect()
}

#[test]
fn an_employer_is_found_and_asks_on_account_of_somebody_who_is_looked_for() {
    let mut desk = clerk(Lang::EN);
    desk.keys("\"primorac<Enter><Enter>");
    assert!(
        desk.sees("02999021") && desk.sees("Obala 3, Bar"),
        "{}",
        desk.picture()
    );
    assert!(desk.sees("Marija"), "what it asked for: {}", desk.picture());
    desk.keys("<F8>");
    assert!(
        desk.sees("1,000.00 €") || desk.sees("1000.00 €"),
        "what it is paid: {}",
        desk.picture()
    );
    desk.keys("a");
    assert!(desk.sees("Find"), "{}", desk.picture());
    desk.keys("marija<Enter>");
    let begun = parties(&desk).into_iter().rev().find_map(|ask| match ask {
        PartyAsk::Begin { body, .. } => Some(body),
        _ => None,
    });
    let begun = begun.unwrap_or_else(|| panic!("{}", desk.picture()));
    assert_eq!(begun.benefit, "RNZ");
    assert!(begun.organisation.is_some() && begun.answers.is_empty());
}

#[test]
fn a_new_organisation_is_written_down_field_by_field() {
    let mut desk = clerk(Lang::EN);
    desk.keys("\"<F10>");
    assert!(desk.sees("New organisation"), "{}", desk.picture());
    desk.keys("<F10>");
    assert!(
        !parties(&desk)
            .iter()
            .any(|ask| matches!(ask, PartyAsk::Keep { .. })),
        "not without a name"
    );
    desk.keys("Hotel d.o.o.<Tab><Tab>02999030<Tab>Obala 1<Tab>505000012345678951<F10>");
    let kept = parties(&desk).into_iter().find_map(|ask| match ask {
        PartyAsk::Keep { body, .. } => Some(body),
        _ => None,
    });
    let kept = kept.unwrap_or_else(|| panic!("{}", desk.picture()));
    assert_eq!(
        (kept.name.as_str(), kept.number.number.as_str()),
        ("Hotel d.o.o.", "02999030")
    );
    assert_eq!(kept.number.scheme, "pib");
    assert_eq!(kept.account.as_deref(), Some("505000012345678951"));
}
