//! Two bodies that decide one after the other, in keys.

use super::*;
use crate::api::SecondAsk;
use karton_api::{applications::ApplicationState, confirmations::Says};

/// The second decider at an application that the first body has granted.
fn waiting(lang: Lang) -> Desk_ {
    let mut desk = Desk_::home_in(lang, (80, 24), false);
    desk.keys("<F11><Down><Enter>");
    desk.fake.borrow_mut().state = Some(ApplicationState::Confirming);
    desk.keys("<Enter>");
    desk
}

fn said(desk: &Desk_) -> Vec<(Says, Option<String>)> {
    let fake = desk.fake.borrow();
    let asked = fake.asked.iter().filter_map(|ask| match ask {
        Ask::Second(SecondAsk::Confirm { body, .. }) => Some((body.says, body.reason.clone())),
        _ => None,
    });
    asked.collect()
}

#[test]
fn one_key_confirms_what_stands_on_the_screen_and_opens_the_second_letter() {
    let mut desk = waiting(Lang::EN);
    assert!(desk.sees("waits for The ministry"), "{}", desk.picture());
    desk.keys("o");
    assert!(desk.sees("CSR-01-R-2025/9"), "{}", desk.picture());
    desk.keys("<Esc>");
    assert!(said(&desk).is_empty(), "Esc decides nothing");
    desk.keys("oy");
    assert_eq!(said(&desk), [(Says::Confirm, None)]);
    assert!(desk.sees("MIN-R-2025/3"), "{}", desk.picture());
}

#[test]
fn sending_back_and_refusing_say_why() {
    let mut desk = waiting(Lang::EN);
    desk.keys("v<Tab><F10>");
    assert!(said(&desk).is_empty(), "not without a reason");
    desk.keys("a paper is missing<F10>");
    assert_eq!(said(&desk), [(Says::Return, Some("a paper is missing".into()))]);
}

#[test]
fn a_clerk_sees_where_it_is_and_decides_nothing() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.fake.borrow_mut().state = Some(ApplicationState::Confirming);
    desk.keys("<Enter>");
    assert!(desk.sees("waits for The ministry"), "{}", desk.picture());
    desk.keys("oy");
    assert!(said(&desk).is_empty());
}

/// The second decider at a later decision that the first body has made.
fn waiting_later(lang: Lang) -> Desk_ {
    let mut desk = Desk_::home_in(lang, (80, 24), false);
    {
        let mut fake = desk.fake.borrow_mut();
        (fake.later, fake.chained) = (true, true);
    }
    desk.keys("<Enter>");
    desk
}

fn said_later(desk: &Desk_) -> Vec<(Says, Option<String>)> {
    let fake = desk.fake.borrow();
    let asked = fake.asked.iter().filter_map(|ask| match ask {
        Ask::Second(SecondAsk::ConfirmLater { body, .. }) => Some((body.says, body.reason.clone())),
        _ => None,
    });
    asked.collect()
}

#[test]
fn a_later_decision_is_confirmed_where_it_is_read() {
    let mut desk = waiting_later(Lang::EN);
    assert!(desk.sees("until 25.03.2025"), "{}", desk.picture());
    desk.keys("o");
    assert!(desk.sees("CSR-01-R-2025/11"), "{}", desk.picture());
    desk.keys("<Esc>");
    assert!(said_later(&desk).is_empty(), "Esc decides nothing");
    desk.keys("oy");
    assert_eq!(said_later(&desk), [(Says::Confirm, None)]);
    assert!(desk.sees("MIN-R-2025/4"), "{}", desk.picture());
    // Its own body puts a slip of it right.
    desk.keys("<F2>correct<Enter>");
    assert!(
        desk.sees("Reads wrongly") || desk.sees("MIN-R-2025/4"),
        "{}",
        desk.picture()
    );
}

#[test]
fn a_later_decision_is_refused_or_sent_back_with_a_reason() {
    let mut desk = waiting_later(Lang::EN);
    desk.keys("v<Tab><F10>");
    assert!(said_later(&desk).is_empty(), "not without a reason");
    desk.keys("a paper is missing<F10>");
    assert_eq!(
        said_later(&desk),
        [(Says::Return, Some("a paper is missing".into()))]
    );
    assert!(desk.sees("Sent back by The ministry"), "{}", desk.picture());
}
