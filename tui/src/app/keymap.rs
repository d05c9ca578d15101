//! x
use crate::term::{Chord, Key};

/// Keys as tests and documents write them: `abc<Enter><F10><C-z>`.
#[cfg(test)]
pub(crate) fn chords(text: &str) -> Vec<Chord> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some(end) = rest.find('>')
        {
            out.push(named(&rest[1..end]));
            rest = &rest[end + 1..];
        } else {
            out.push(Chord::of(Key::Char(c)));
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}
#[cfg(test)]
fn named(name: &str) -> Chord {
    if let Some(letter) = name.strip_prefix("C-") {
        return Chord::ctrl(letter.chars().next().unwrap());
    }
    if let Some(n) = name.strip_prefix('F').and_then(|n| n.parse().ok()) {
        return Chord::of(Key::F(n));
    }
    let keys = [
        Key::Enter, Key::Tab, Key::BackTab, Key::Esc, Key::Up, Key::Down, Key::Left, Key::Right, Key::Home, Key::End,
        Key::PageUp, Key::PageDown, Key::Insert, Key::Delete, Key::Backspace,
    ];
    Chord::of(keys.into_iter().find(|k| format!("{k:?}") == name).unwrap_or_else(|| panic!("no key {name}")))
}
