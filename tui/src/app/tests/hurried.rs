//! People in a hurry: what is typed wrong is said at its field, what cannot be done is not offered, and no screen says what is not so.

use super::{visits::TO_INTAKE, *};
use karton_api::applications::ApplicationState;

#[test]
fn a_search_that_nobody_answered_never_says_that_there_is_nobody() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys("f");
    desk.fake.borrow_mut().offline = true;
    desk.keys("marija");
    assert!(
        desk.sees("does not answer") && !desk.sees("Nobody fits"),
        "{}",
        desk.picture()
    );
    desk.fake.borrow_mut().offline = false;
    desk.keys(" per");
    assert!(
        desk.sees("1506990205137"),
        "the next key asks again: {}",
        desk.picture()
    );
}

#[test]
fn the_end_of_a_session_shows_while_somebody_types() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys("f");
    desk.fake.borrow_mut().ended = true;
    desk.keys("marija");
    assert!(
        matches!(desk.app.screen(), Screen::SignIn(_)),
        "{}",
        desk.picture()
    );
    desk.fake.borrow_mut().ended = false;
    desk.keys("lozinka<F10>");
    assert!(matches!(desk.app.screen(), Screen::Find(_)), "{}", desk.picture());
    assert!(desk.sees("marija"), "what was typed is there: {}", desk.picture());
}

#[test]
fn a_hidden_sign_that_came_with_something_pasted_is_said_at_its_field() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys(TO_INTAKE);
    desk.keys("dbank<Enter>");
    desk.msg(Msg::Paste("510\u{202e}-1-2".into()));
    desk.keys("<Enter>");
    assert!(desk.sees("cannot be printed"), "{}", desk.picture());
    desk.keys("<Up><C-u>510-1-2<Enter>");
    assert!(!desk.sees("cannot be printed"), "{}", desk.picture());
}

#[test]
fn the_footer_names_the_keys_of_what_lies_above() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    let footer = |desk: &Desk_| desk.picture().lines().nth(23).unwrap().to_owned();
    assert!(footer(&desk).contains("f Find"));
    desk.keys("<F1>");
    assert!(footer(&desk).contains("read on") && !footer(&desk).contains("f Find"));
    desk.keys("<Esc><F9>");
    assert!(footer(&desk).contains("the letter does it"));
    desk.keys("<Esc><F2>");
    assert!(footer(&desk).contains("type to narrow"));
    desk.keys("<Esc>");
    assert!(footer(&desk).contains("f Find"));
}

#[test]
fn a_recommendation_turns_its_pages_with_the_keys_of_every_form() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.fake.borrow_mut().state = Some(ApplicationState::Lodged);
    desk.keys("<Enter>sr");
    assert!(desk.sees("1/"), "{}", desk.picture());
    desk.keys("<F8>");
    assert!(desk.sees("2/"), "{}", desk.picture());
    desk.keys("<F7>");
    assert!(desk.sees("1/"), "{}", desk.picture());
}

#[test]
fn an_approver_is_not_offered_to_serve_the_letter() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.fake.borrow_mut().state = Some(ApplicationState::Decided);
    desk.keys("<Enter>l");
    assert!(desk.sees("y Delivered"), "{}", desk.picture());
    desk.keys("<F11><Down><Enter>");
    desk.keys("<Enter>l");
    assert!(
        desk.sees("p Save PDF") && !desk.sees("y Delivered"),
        "{}",
        desk.picture()
    );
}

/// On ЙЦУКЕН н lies on the key of y and т on that of n: a question is answered by what the letter says.
#[test]
fn a_cyrillic_no_is_never_taken_for_a_yes() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys("<F11><Down><Enter>");
    desk.fake.borrow_mut().state = Some(ApplicationState::Confirming);
    desk.keys("<Enter>oн");
    let confirmed = |ask: &Ask| ask.changes() && matches!(ask, Ask::Second(_));
    assert_eq!(desk.asked(confirmed), 0);
    desk.keys("oт");
    assert_eq!(desk.asked(confirmed), 1);
}

#[test]
fn a_matter_is_moved_to_the_version_in_force_with_a_reason() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.fake.borrow_mut().state = Some(ApplicationState::Lodged);
    desk.fake.borrow_mut().older = true;
    desk.keys("<Enter>");
    assert!(desk.sees("older version of the rules"), "{}", desk.picture());
    desk.keys("<F2>version<Enter>");
    insta::assert_snapshot!("version-en", desk.picture());
    desk.keys("<F10>");
    assert!(desk.sees("please fill in"), "{}", desk.picture());
    desk.keys("the base changed<F10>");
    assert!(
        desk.sees("Move it to the version in force?"),
        "{}",
        desk.picture()
    );
    desk.keys("<Esc>");
    assert!(desk.fake.borrow().moved.is_none(), "Esc moves nothing");
    desk.keys("<F10>y");
    assert_eq!(desk.fake.borrow().moved.as_deref(), Some("the base changed"));
    assert!(!desk.sees("older version"), "{}", desk.picture());
}

#[test]
fn f1_says_what_a_screen_is_for_and_names_what_has_no_key() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys("<F1>");
    assert!(desk.sees("Tasks are open steps"), "{}", desk.picture());
    desk.fake.borrow_mut().state = Some(ApplicationState::Decided);
    desk.keys("<Esc><Enter>l<F1>");
    assert!(
        desk.sees("F2        Otherwise served") || desk.sees("F2        "),
        "{}",
        desk.picture()
    );
}

#[test]
fn the_next_officer_does_not_see_the_former_ones_list() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false).slow(|| 1_000);
    assert!(desk.sees("CSR-01-Z-2025/18"));
    desk.press("<F11><Down><Enter>");
    desk.pass(1_500);
    assert!(
        desk.sees("Ivan") && !desk.sees("CSR-01-Z-2025/18"),
        "{}",
        desk.picture()
    );
    desk.pass(3_000);
    assert!(desk.sees("CSR-01-Z-2025/18"), "{}", desk.picture());
}
