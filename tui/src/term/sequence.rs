//! What arrives together from the line, taken apart again. A slow line joins Esc and the key after it into one packet;
//! to the terminal library that is Alt and the key, or, where the key is a sequence of its own, Esc and its letters.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// How many events one packet is taken to hold; what lies beyond waits for the next round.
pub(crate) const MOST: usize = 4096;

/// The events of one packet as they were typed.
pub(crate) fn typed(packet: &[Event]) -> Vec<Event> {
    let mut out = Vec::with_capacity(packet.len());
    let mut rest = packet;
    while let Some((event, mut ahead)) = rest.split_first() {
        if let Some(key) = after_esc(event) {
            out.extend([esc(), key]);
        } else {
            out.push(event.clone());
            if is_esc(event) {
                let letters: String = ahead.iter().take(LONGEST).map_while(letter).collect();
                if let Some((key, length)) = sequence(&letters) {
                    out.push(Event::Key(KeyEvent::new(key, KeyModifiers::NONE)));
                    ahead = ahead.get(length..).unwrap_or_default();
                }
            }
        }
        rest = ahead;
    }
    out
}

/// The longest sequence of a key, in letters after Esc.
const LONGEST: usize = 8;

fn esc() -> Event {
    Event::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE))
}
fn is_esc(event: &Event) -> bool {
    matches!(event, Event::Key(key) if key.code == KeyCode::Esc && key.kind != KeyEventKind::Release)
}

/// The key that was typed after Esc, where both came as one. Alt and a digit stays what it is: an F-key.
fn after_esc(event: &Event) -> Option<Event> {
    let Event::Key(key) = event else { return None };
    if !key.modifiers.contains(KeyModifiers::ALT) || key.kind == KeyEventKind::Release {
        return None;
    }
    match key.code {
        KeyCode::Char(c) if c.is_ascii_digit() => None,
        KeyCode::Char(_) | KeyCode::Enter | KeyCode::Tab | KeyCode::Backspace => Some(Event::Key(
            KeyEvent::new(key.code, key.modifiers - KeyModifiers::ALT),
        )),
        _ => None,
    }
}

fn letter(event: &Event) -> Option<char> {
    match event {
        Event::Key(KeyEvent {
            code: KeyCode::Char(c),
            modifiers,
            ..
        }) if (*modifiers - KeyModifiers::SHIFT).is_empty() => Some(*c),
        _ => None,
    }
}

/// The key whose sequence these letters begin with, and how many of them it takes.
fn sequence(letters: &str) -> Option<(KeyCode, usize)> {
    if let Some(rest) = letters.strip_prefix("[[") {
        let last = rest.chars().next()?;
        let n = u8::try_from(u32::from(last).checked_sub(u32::from('A'))?).ok()?;
        return (n < 5).then_some((KeyCode::F(n + 1), 3));
    }
    if let Some(rest) = letters.strip_prefix('O') {
        return Some((arrow(rest.chars().next()?)?, 2));
    }
    let rest = letters.strip_prefix('[')?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ';'))?;
    let (numbers, last) = (rest.get(..end)?, rest.get(end..)?.chars().next()?);
    let key = match last {
        '~' => numbered(numbers.split(';').next()?.parse().ok()?)?,
        'Z' => KeyCode::BackTab,
        other => arrow(other)?,
    };
    Some((key, end + 2))
}
fn arrow(last: char) -> Option<KeyCode> {
    Some(match last {
        'A' => KeyCode::Up,
        'B' => KeyCode::Down,
        'C' => KeyCode::Right,
        'D' => KeyCode::Left,
        'H' => KeyCode::Home,
        'F' => KeyCode::End,
        'P' => KeyCode::F(1),
        'Q' => KeyCode::F(2),
        'R' => KeyCode::F(3),
        'S' => KeyCode::F(4),
        _ => return None,
    })
}
fn numbered(n: u8) -> Option<KeyCode> {
    Some(match n {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(n - 10),
        17..=21 => KeyCode::F(n - 11),
        23 | 24 => KeyCode::F(n - 12),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::keys::{Chord, Key};

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }
    fn read(packet: Vec<Event>) -> Vec<Chord> {
        typed(&packet)
            .into_iter()
            .filter_map(|e| match e {
                Event::Key(key) => Chord::read(key),
                _ => None,
            })
            .collect()
    }
    fn esc_and(letters: &str) -> Vec<Chord> {
        let mut packet = vec![esc()];
        packet.extend(letters.chars().map(|c| key(KeyCode::Char(c), KeyModifiers::NONE)));
        read(packet)
    }

    #[test]
    fn esc_and_a_key_in_one_packet_are_two_keys() {
        let both = |code, modifiers| read(vec![key(code, modifiers | KeyModifiers::ALT)]);
        assert_eq!(
            both(KeyCode::Char('q'), KeyModifiers::CONTROL),
            [Chord::of(Key::Esc), Chord::ctrl('q')]
        );
        assert_eq!(
            both(KeyCode::Char('x'), KeyModifiers::NONE),
            [Chord::of(Key::Esc), Chord::of(Key::Char('x'))]
        );
        assert_eq!(
            both(KeyCode::Enter, KeyModifiers::NONE),
            [Chord::of(Key::Esc), Chord::of(Key::Enter)]
        );
        assert_eq!(
            both(KeyCode::Char('4'), KeyModifiers::NONE),
            [Chord::of(Key::F(4))]
        );
        assert_eq!(both(KeyCode::Up, KeyModifiers::NONE), [Chord::of(Key::Up)]);
    }

    #[test]
    fn esc_and_a_key_of_several_letters_are_two_keys() {
        for (letters, key) in [
            ("[24~", Key::F(12)),
            ("[15~", Key::F(5)),
            ("[17~", Key::F(6)),
            ("OQ", Key::F(2)),
            ("[[B", Key::F(2)),
            ("[A", Key::Up),
            ("[1;5C", Key::Right),
            ("[Z", Key::BackTab),
            ("[3~", Key::Delete),
        ] {
            assert_eq!(
                esc_and(letters),
                [Chord::of(Key::Esc), Chord::of(key)],
                "{letters}"
            );
        }
    }

    #[test]
    fn what_follows_the_key_stays_and_what_is_no_key_is_text() {
        let text = |s: &str| s.chars().map(|c| Chord::of(Key::Char(c))).collect::<Vec<_>>();
        let mut expected = vec![Chord::of(Key::Esc), Chord::of(Key::F(12))];
        expected.extend(text("f1"));
        assert_eq!(esc_and("[24~f1"), expected);
        for letters in ["[x", "O", "Ok", "[99~", "[2", "[[Z", "abc", "[1;2;3;4;5A"] {
            let mut expected = vec![Chord::of(Key::Esc)];
            expected.extend(text(letters));
            assert_eq!(esc_and(letters), expected, "{letters}");
        }
    }
}
