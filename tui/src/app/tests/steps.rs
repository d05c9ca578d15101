//! Forms of steps, in keys.

use super::*;
use karton_api::{FactValue, applications::ApplicationState};

fn at_the_queue(lang: Lang) -> Desk_ {
    let mut desk = Desk_::home_in(lang, (80, 24), false);
    desk.fake.borrow_mut().visit.there = true;
    desk.keys("<F5>");
    desk
}

#[test]
fn the_form_of_a_step_in_pictures() {
    for (suffix, lang) in [("cnr", Lang::CNR), ("en", Lang::EN)] {
        let mut desk = at_the_queue(lang);
        insta::assert_snapshot!(format!("step-queue-{suffix}"), desk.picture());
        desk.keys("<Enter>");
        insta::assert_snapshot!(format!("step-form-{suffix}"), desk.picture());
        desk.keys("<Tab>yuredno domaćinstvo<F8>12<F10>");
        insta::assert_snapshot!(format!("step-ask-{suffix}"), desk.picture());
        desk.keys("y");
        let mut desk = opened(desk);
        insta::assert_snapshot!(format!("step-done-{suffix}"), desk.picture());
        desk.keys("<Enter>");
        insta::assert_snapshot!(format!("step-read-{suffix}"), desk.picture());
    }
}

/// From the queue to the steps of the application, with the cursor on the visit.
fn opened(mut desk: Desk_) -> Desk_ {
    desk.fake.borrow_mut().state = Some(ApplicationState::Lodged);
    desk.keys("<Home><Enter>3<Down><Down><Down>");
    desk
}

#[test]
fn enter_on_a_step_opens_its_form_and_f10_hands_it_in() {
    let mut desk = at_the_queue(Lang::EN);
    desk.keys("<Enter>");
    assert!(desk.sees("Found at home"), "{}", desk.picture());
    desk.keys("<F10>");
    assert!(
        desk.fake.borrow().visit.handed_in.is_empty(),
        "not without what must be filled in"
    );
    desk.keys("ydom uredan<F8>12,5<F10>y");
    assert!(desk.sees("handed in"), "{}", desk.picture());
    let handed = desk.fake.borrow().visit.handed_in.clone();
    let [body] = handed.as_slice() else {
        panic!("handed in once: {handed:?}")
    };
    assert_eq!(
        body.on,
        Some(jiff::civil::date(2025, 3, 10)),
        "today, where nothing else is said"
    );
    let said: Vec<(&str, &FactValue)> = body
        .answers
        .iter()
        .map(|answer| (answer.fact.as_str(), &answer.value))
        .collect();
    assert_eq!(
        said,
        [
            ("met", &FactValue::Bool(true)),
            ("finding", &FactValue::Text("dom uredan".into())),
            ("land_area", &FactValue::Decimal("12.5".into())),
        ]
    );
    assert!(desk.journal.is_empty(), "nothing waits any more");
}

#[test]
fn what_was_declared_stands_beside_the_question() {
    let mut desk = at_the_queue(Lang::EN);
    desk.keys("<Enter><F8><F1>");
    assert!(desk.sees("Declared: 0"), "{}", desk.picture());
}

#[test]
fn a_form_that_was_left_waits_and_opens_again() {
    let mut desk = at_the_queue(Lang::EN);
    desk.keys("<Enter><Tab>ypola<Esc>");
    assert_eq!(desk.journal.len(), 1);
    assert!(desk.sees("Begun and not sent"), "{}", desk.picture());
    desk.keys("b");
    assert!(desk.sees("pola"), "{}", desk.picture());
    assert!(desk.sees("What was typed earlier is back."), "{}", desk.picture());
}

#[test]
fn the_servers_word_stands_at_its_field() {
    let mut desk = at_the_queue(Lang::EN);
    desk.fake.borrow_mut().visit.refuses = true;
    desk.keys("<Enter><Tab>ydom<F8>500<F10>y");
    assert!(desk.sees("Najviše 100 ari."), "{}", desk.picture());
    assert!(
        desk.sees("2/2"),
        "the cursor is where the mistake is: {}",
        desk.picture()
    );
    assert_eq!(desk.journal.len(), 1, "nothing is lost");
}

#[test]
fn the_form_goes_to_paper() {
    let mut desk = at_the_queue(Lang::EN);
    desk.keys("p");
    let written = desk.cmds.iter().any(|cmd| {
        matches!(cmd, Cmd::Write { name, bytes, .. } if name.ends_with(".pdf") && bytes.starts_with(b"%PDF"))
    });
    assert!(written);
}
