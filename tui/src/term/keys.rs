//! Keys as the client means them, and how a terminal's events become them.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::fmt;

/// A key, without what was held with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the keys' own names say it")]
pub enum Key {
    Char(char),
    F(u8),
    Enter,
    Tab,
    BackTab,
    Esc,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
    Delete,
    Backspace,
}

/// A key with or without Ctrl. Shift is part of the character; Alt is never needed (Alt and a digit is an F-key).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// Whether Ctrl was held.
    pub ctrl: bool,
}

impl Chord {
    /// The key alone.
    pub const fn of(key: Key) -> Chord {
        Chord { key, ctrl: false }
    }
    /// The letter with Ctrl.
    pub const fn ctrl(letter: char) -> Chord {
        Chord {
            key: Key::Char(letter),
            ctrl: true,
        }
    }
    /// Reads an event. A released key says nothing; Esc and a digit, which arrives as Alt and the digit, is an F-key.
    pub fn read(event: KeyEvent) -> Option<Chord> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        let key = match event.code {
            KeyCode::Char(c) if alt && c.is_ascii_digit() => Key::F(digit(c)),
            KeyCode::Char(_) if alt && !ctrl => return None,
            KeyCode::Char(c) if ctrl => return Some(Chord::ctrl(c.to_ascii_lowercase())),
            KeyCode::Char(c) => Key::Char(c),
            KeyCode::F(n) => Key::F(n),
            KeyCode::Enter => Key::Enter,
            KeyCode::Tab => Key::Tab,
            KeyCode::BackTab => Key::BackTab,
            KeyCode::Esc => Key::Esc,
            KeyCode::Up => Key::Up,
            KeyCode::Down => Key::Down,
            KeyCode::Left => Key::Left,
            KeyCode::Right => Key::Right,
            KeyCode::Home => Key::Home,
            KeyCode::End => Key::End,
            KeyCode::PageUp => Key::PageUp,
            KeyCode::PageDown => Key::PageDown,
            KeyCode::Insert => Key::Insert,
            KeyCode::Delete => Key::Delete,
            KeyCode::Backspace => Key::Backspace,
            _ => return None,
        };
        Some(Chord { key, ctrl })
    }
    /// The F-key that Esc and this digit stand for, on keyboards and lines without F-keys.
    pub fn after_esc(self) -> Option<Chord> {
        match self.key {
            Key::Char(c) if !self.ctrl && c.is_ascii_digit() => Some(Chord::of(Key::F(digit(c)))),
            _ => None,
        }
    }
}

fn digit(c: char) -> u8 {
    match c.to_digit(10) {
        Some(0) | None => 10,
        Some(n) => u8::try_from(n).unwrap_or(10),
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        match self.key {
            Key::Char(' ') => f.write_str("Space"),
            Key::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Key::Char(c) => write!(f, "{c}"),
            Key::F(n) => write!(f, "F{n}"),
            Key::PageUp => f.write_str("PgUp"),
            Key::PageDown => f.write_str("PgDn"),
            Key::Delete => f.write_str("Del"),
            Key::Insert => f.write_str("Ins"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// The Latin letters on the keys of a Serbian or Montenegrin Cyrillic layout (ЉЊЕРТ) and of a Ukrainian one (ЙЦУКЕН),
/// so that a letter command works whichever layout is on. The same Cyrillic letter can lie on two keys, so this gives
/// both: what the letter is called, and where it lies.
pub fn latin_twins(c: char) -> [char; 2] {
    let lower = c.to_lowercase().next().unwrap_or(c);
    const SERBIAN: &str = "љњертзуиопшђасдфгхјклчћжѕџцвбнм";
    const SERBIAN_KEYS: &str = "qwertzuiop[]asdfghjkl;'\\yxcvbnm";
    const UKRAINIAN: &str = "йцукенгшщзхїфівапролджєячсмитьбю";
    const UKRAINIAN_KEYS: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
    let find = |letters: &str, keys: &str| {
        letters
            .chars()
            .position(|l| l == lower)
            .and_then(|i| keys.chars().nth(i))
    };
    match (find(SERBIAN, SERBIAN_KEYS), find(UKRAINIAN, UKRAINIAN_KEYS)) {
        (Some(a), Some(b)) => [a, b],
        (Some(a), None) | (None, Some(a)) => [a, a],
        (None, None) => [lower, lower],
    }
}

/// Where the Cyrillic letters lie on the keyboard of whoever reads a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cyrillic {
    /// ЉЊЕРТ, where a letter lies on the Latin one of its sound.
    #[default]
    Serbian,
    /// ЙЦУКЕН, where it lies anywhere: к is written by the key of r.
    Ukrainian,
}

/// Whether a typed letter means this mnemonic, in either case, typed on a Latin layout or on this Cyrillic one.
pub fn means(typed: char, mnemonic: char, layout: Cyrillic) -> bool {
    let [serbian, ukrainian] = latin_twins(typed);
    let lies = match layout {
        Cyrillic::Serbian => serbian,
        Cyrillic::Ukrainian => ukrainian,
    };
    typed.to_ascii_lowercase() == mnemonic || lies == mnemonic
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn esc_and_a_digit_is_an_f_key() {
        let event = |code, modifiers| Chord::read(KeyEvent::new(code, modifiers));
        assert_eq!(
            event(KeyCode::Char('0'), KeyModifiers::ALT),
            Some(Chord::of(Key::F(10)))
        );
        assert_eq!(
            event(KeyCode::Char('4'), KeyModifiers::ALT),
            Some(Chord::of(Key::F(4)))
        );
        assert_eq!(Chord::of(Key::Char('2')).after_esc(), Some(Chord::of(Key::F(2))));
        assert_eq!(
            event(KeyCode::Char('P'), KeyModifiers::CONTROL),
            Some(Chord::ctrl('p'))
        );
        assert_eq!(event(KeyCode::Char('x'), KeyModifiers::ALT), None);
    }

    #[test]
    fn a_letter_command_works_on_a_cyrillic_layout() {
        // The key N on ЉЊЕРТ writes н, on ЙЦУКЕН т; the Serbian т lies on T.
        let serbian = |typed, letter| means(typed, letter, Cyrillic::Serbian);
        assert!(serbian('н', 'n') && serbian('Н', 'n') && serbian('n', 'n') && serbian('N', 'n'));
        assert!(serbian('љ', 'q') && serbian('џ', 'x') && serbian('й', 'q') && serbian('ц', 'c'));
        assert!(!serbian('а', 'n') && serbian('к', 'k'));
        let ukrainian = |typed, letter| means(typed, letter, Cyrillic::Ukrainian);
        assert!(ukrainian('к', 'r') && ukrainian('К', 'r') && !ukrainian('к', 'k') && ukrainian('k', 'k'));
        assert!(ukrainian('т', 'n') && ukrainian('щ', 'o') && ukrainian('м', 'v') && ukrainian('љ', 'q'));
    }

    #[test]
    fn a_chord_reads_as_on_the_keyboard() {
        assert_eq!(Chord::ctrl('p').to_string(), "Ctrl-P");
        assert_eq!(Chord::of(Key::F(10)).to_string(), "F10");
        assert_eq!(Chord::of(Key::PageDown).to_string(), "PgDn");
    }
}
