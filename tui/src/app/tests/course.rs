//! How a matter runs, in keys: its steps, what went to other institutions and came from them, and a step that is opened again.

use super::*;
use crate::api::CourseAsk;

/// At the steps and messages of an application.
fn course(lang: Lang, size: (u16, u16)) -> Desk_ {
    let mut desk = Desk_::home_in(lang, size, false);
    desk.keys("<Enter>");
    desk.keys("<");
    desk
}

fn asked(desk: &Desk_, wanted: fn(&CourseAsk) -> bool) -> usize {
    let fake = desk.fake.borrow();
    let course = fake.asked.iter().filter_map(|ask| match ask {
        Ask::Course(ask) => Some(ask),
        _ => None,
    });
    course.filter(|ask| wanted(ask)).count()
}

#[test]
fn what_was_sent_and_what_came_back_stands_on_one_screen() {
    for size in [(80, 24), (120, 40)] {
        let mut desk = course(Lang::EN, size);
        // It begins where an officer can do something: at the message that was not taken.
        assert!(desk.sees("not taken"), "{}", desk.picture());
        assert!(desk.sees("came in"), "{}", desk.picture());
        desk.keys("<Enter>");
        for seen in [
            "State of work activation",
            "Accepted by the agency",
            "Savjetodavac 4",
            "Individual plan",
        ] {
            assert!(desk.sees(seen), "{seen}: {}", desk.picture());
        }
        desk.keys("<Esc><Down><Enter>");
        for seen in ["rok_javljanja", "25", "nothing is taken at present"] {
            assert!(desk.sees(seen), "{seen}: {}", desk.picture());
        }
        desk.keys("<Esc>");
        assert_eq!(asked(&desk, CourseAsk::changes), 0);
        desk.keys("&");
        assert_eq!(asked(&desk, |ask| matches!(ask, CourseAsk::Send { .. })), 1);
    }
}

#[test]
fn a_step_is_opened_again_with_a_reason_and_a_yes() {
    let mut desk = course(Lang::EN, (80, 24));
    desk.keys("1");
    assert!(desk.sees("by itself"), "{}", desk.picture());
    desk.keys("<Down>r");
    assert!(
        !desk.sees("Reason"),
        "nobody opens that one again: {}",
        desk.picture()
    );
    desk.keys("<Home>r");
    assert!(desk.sees("Reason"), "{}", desk.picture());
    desk.keys("<F10>");
    assert_eq!(asked(&desk, CourseAsk::changes), 0, "not without a reason");
    desk.keys("a wrong person was named<F10>");
    assert!(desk.sees("Open the step again?"), "{}", desk.picture());
    desk.keys("n");
    assert_eq!(asked(&desk, CourseAsk::changes), 0);
    desk.keys("<F10>y");
    assert_eq!(
        desk.fake.borrow().reopened.as_deref(),
        Some("a wrong person was named")
    );
    assert!(desk.sees("The step is open again."), "{}", desk.picture());
}

#[test]
fn the_screen_speaks_the_languages() {
    for (lang, word) in [(Lang::CNR, "nije preuzeto"), (Lang::EN, "not taken")] {
        let desk = course(lang, (80, 24));
        assert!(desk.sees(word), "{}", desk.picture());
    }
}
