//! A robot at the keyboard: whatever the latency, no key is lost, no draft is lost, the cursor is somewhere.

use super::{
    visits::{INTAKE, TO_INTAKE},
    *,
};
use proptest::prelude::*;

/// Types a whole visit without ever waiting for the server.
fn typed_blind(latency: impl FnMut() -> u64 + 'static, pause: u64) -> Desk_ {
    let mut desk = Desk_::home().slow(latency);
    for chord in chords(&format!("{TO_INTAKE}{INTAKE}<F10>d")) {
        desk.msg(Msg::Key(chord));
        desk.pass(pause);
    }
    desk.pass(60_000);
    desk
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn typing_ahead_gives_the_same_application(delays in prop::collection::vec(0u64..3_000, 16), pause in 0u64..200) {
        let still = typed_blind(|| 0, 500);
        let mut i = 0;
        let slow = typed_blind(move || { i += 1; delays[i % 16] }, pause);
        let (still, slow) = (still.fake.borrow(), slow.fake.borrow());
        prop_assert!(still.state.is_some());
        prop_assert_eq!(still.state, slow.state);
        prop_assert_eq!(&still.answers, &slow.answers);
        prop_assert!(slow.keys.values().all(|n| *n == 1));
    }

    #[test]
    fn whatever_is_pressed_it_stays_a_client(keys in prop::collection::vec(any_key(), 0..150), sizes in prop::collection::vec((20u16..140, 5u16..50), 3)) {
        let mut desk = Desk_::home().slow(|| 150);
        for (i, key) in keys.into_iter().enumerate() {
            desk.msg(Msg::Key(key));
            desk.pass(40);
            if i % 50 == 7 {
                let (w, h) = sizes[i / 50 % 3];
                desk.msg(Msg::Resize(w, h));
            }
            let (buffer, cursor) = desk.draw();
            let area = buffer.area;
            prop_assert!(cursor.is_none_or(|c| area.contains(c)));
        }
    }
}

fn any_key() -> impl Strategy<Value = Chord> {
    prop_oneof![
        6 => any::<char>().prop_map(|c| Chord::of(Key::Char(c))),
        10 => prop::sample::select("abcdefghijklmnopqrstuvwxyz0123456789 ".chars().collect::<Vec<_>>()).prop_map(|c| Chord::of(Key::Char(c))),
        10 => prop::sample::select(vec![Key::Enter, Key::Tab, Key::BackTab, Key::Esc, Key::Up, Key::Down, Key::Left, Key::Right,
            Key::PageUp, Key::PageDown, Key::Home, Key::End, Key::Backspace, Key::Delete, Key::Insert]).prop_map(Chord::of),
        6 => (1u8..=12).prop_map(|n| Chord::of(Key::F(n))),
        1 => prop::sample::select(vec!['z', 'p', 'n', 'r']).prop_map(Chord::ctrl),
    ]
}

#[test]
fn keys_typed_ahead_of_a_call_that_fails_are_dropped_with_a_bell() {
    let mut desk = Desk_::home().slow(|| 1_000);
    desk.press("f");
    desk.press("marija");
    desk.pass(3_000);
    desk.fake.borrow_mut().offline = true;
    desk.press("<Enter>a<Enter>d");
    desk.pass(500);
    assert!(desk.sees("otkucano unaprijed: 3"), "{}", desk.picture());
    desk.cmds.clear();
    desk.pass(3_000);
    assert!(desk.cmds.contains(&Cmd::Bell));
    assert!(desk.sees("Server ne odgovara"), "{}", desk.picture());
    assert!(matches!(desk.app.screen(), Screen::Find(_)));
}

#[test]
fn a_typed_character_costs_a_byte_and_a_dead_key_none() {
    let mut desk = Desk_::home();
    desk.keys("n<Enter>");
    let mut wire = Wire::on(&desk);
    let mut bytes = Vec::new();
    for c in "Milica Bojana Perović".chars() {
        desk.msg(Msg::Key(Chord::of(Key::Char(c))));
        bytes.push(wire.frame(&desk));
    }
    bytes.sort_unstable();
    assert_eq!(bytes[bytes.len() / 2], 1, "{bytes:?}");
    assert!(bytes[bytes.len() - 1] <= 24, "{bytes:?}");
    desk.msg(Msg::Key(Chord::of(Key::Right)));
    assert_eq!(wire.frame(&desk), 0);
    desk.msg(Msg::Key(Chord::of(Key::Tab)));
    let next = wire.frame(&desk);
    assert!(next <= 48, "{next}");
}

#[test]
fn a_selection_moves_and_a_first_picture_comes_in_few_bytes() {
    let mut desk = Desk_::home();
    let mut first = Painter::new(Caps::XTERM, 80, 24);
    let (buffer, cursor) = Desk_::new(Lang::CNR, (80, 24), false).draw();
    let bytes = first.paint(&buffer, cursor);
    assert!(bytes.len() <= 1_600, "{}", bytes.len());
    assert!(!String::from_utf8_lossy(&bytes).contains("38;5"));
    let mut wire = Wire::on(&desk);
    desk.keys("<Down>");
    let moved = wire.frame(&desk);
    assert!(moved <= 60, "{moved}");
    assert!(desk.fake.borrow().asked.len() < 5);
}
