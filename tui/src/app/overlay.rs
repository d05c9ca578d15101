//! What opens above a screen: lists, the menu and palette, help, reasons, questions, the calendar, small tables.

use super::{Look, keymap};
use crate::{
    form::{Choice, Did as FormDid, Picker, RowsDid, RowsEditor, date},
    i18n::{Say, Words},
    term::{Chord, Key, keys::means},
};
use jiff::{ToSpan, civil::Date};
use keymap::{Act, action};

/// A question before something that cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// What is asked.
    pub title: Say,
    /// What it means.
    pub lines: Vec<Say>,
    /// What happens on yes.
    pub act: Act,
}

/// A line of a text above the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A heading.
    Head(Say),
    /// A paragraph, indented by so many levels.
    Text(u8, Say),
    /// A name and its value.
    Pair(Say, Say),
    /// Nothing.
    Gap,
}

/// Something above the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// A list for the field with the cursor.
    Pick(Picker),
    /// The demo's officers.
    Officers(Picker),
    /// The offices somebody may work in; with the password where it was typed just now.
    Offices(Picker, Option<String>),
    /// The menu (a letter each) or the palette (typed).
    Commands {
        /// Whether a letter chooses.
        menu: bool,
        /// The list.
        picker: Picker,
    },
    /// A text to read.
    Text {
        /// What it is about.
        title: Say,
        /// Its lines.
        lines: Vec<Line>,
        /// The first line shown.
        at: usize,
    },
    /// A small table.
    Rows(Box<RowsEditor>),
    /// A question.
    Confirm(Confirm),
    /// A month, with the cursor on a day.
    Month(Date),
}

/// What a key did.
#[derive(Debug, Clone, PartialEq)]
pub enum Did {
    /// Still open.
    Stay,
    /// Still open; that key does not fit.
    Refused(Say),
    /// Closed.
    Closed,
    /// Closed; do this.
    Act(Act),
    /// Closed; this was chosen.
    Chosen(String),
    /// Closed; the table as it stands.
    Rows(Vec<Vec<String>>),
    /// Closed; yes.
    Confirmed(Act),
    /// Closed; this officer.
    Officer(String),
    /// Closed; this office, with the password where it is known.
    Office(String, Option<String>),
}

const LETTERS: &str = "asdfghjklqwertyuiopzxcvbnm";

impl Overlay {
    /// The menu or the palette over what can be done.
    pub fn commands(menu: bool, acts: &[Act]) -> Overlay {
        let choice = |(i, act): (usize, &Act)| {
            let a = action(*act);
            let own = LETTERS.chars().nth(i).unwrap_or(' ');
            let note = a
                .chord
                .map(|c| c.to_string())
                .or(a.letter.map(String::from))
                .unwrap_or_default();
            Choice {
                code: if menu { own.to_string() } else { a.words.to_owned() },
                label: Say::key(a.words),
                note: Say::raw(note),
            }
        };
        let choices = acts.iter().enumerate().map(choice).collect();
        Overlay::Commands {
            menu,
            picker: Picker::new(
                Say::key(if menu { "act-menu" } else { "act-palette" }),
                choices,
                "",
            ),
        }
    }
    /// Help: what the screen says of itself, then every key that means something now.
    pub fn help(own: Vec<Line>, acts: Vec<Act>, typing: bool) -> Overlay {
        let mut lines = own;
        if !lines.is_empty() {
            lines.push(Line::Gap);
        }
        lines.push(Line::Head(Say::key("help-keys")));
        let mut named = Vec::new();
        for act in acts {
            let a = action(act);
            let key = keymap::key_name(a, typing);
            let line = |key: String| Line::Pair(Say::raw(key), Say::key(a.words));
            match key.is_empty() {
                true => named.push(line("F2".to_owned())),
                false => lines.push(line(key)),
            }
        }
        // What has no key of its own is found among the commands.
        lines.extend(named);
        lines.push(Line::Gap);
        lines.push(Line::Text(0, Say::key("help-typing")));
        Overlay::Text {
            title: Say::key("act-help"),
            lines,
            at: 0,
        }
    }

    /// The words that name its keys.
    pub fn keys(&self) -> &'static str {
        match self {
            Overlay::Pick(_) | Overlay::Officers(_) | Overlay::Offices(..) => "pick-keys",
            Overlay::Commands { menu: true, .. } => "menu-keys",
            Overlay::Commands { menu: false, .. } => "pick-keys",
            Overlay::Text { .. } => "text-keys",
            Overlay::Rows(_) => "rows-keys",
            Overlay::Confirm(_) => "confirm-keys",
            Overlay::Month(_) => "month-keys",
        }
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord, look: &Look<'_>) -> Did {
        match self {
            Overlay::Pick(picker) => match pick(picker, chord, look.words) {
                Picked::Chosen(code) => Did::Chosen(code),
                Picked::Did(did) => did,
            },
            Overlay::Officers(picker) => match pick(picker, chord, look.words) {
                Picked::Chosen(user) => Did::Officer(user),
                Picked::Did(did) => did,
            },
            Overlay::Offices(picker, password) => match pick(picker, chord, look.words) {
                Picked::Chosen(office) => Did::Office(office, password.take()),
                Picked::Did(did) => did,
            },
            Overlay::Commands { menu, picker } => {
                if *menu
                    && let Key::Char(c) = chord.key
                    && !chord.ctrl
                {
                    let hit = picker.choices.iter().find(|x| {
                        x.code
                            .chars()
                            .next()
                            .is_some_and(|l| means(c, l, look.words.lang().cyrillic()))
                    });
                    return match hit {
                        Some(choice) => command(&choice.label),
                        None => Did::Refused(Say::Nothing),
                    };
                }
                let chosen = picker.fitting(look.words).get(picker.at).map(|c| c.label.clone());
                match pick(picker, chord, look.words) {
                    Picked::Chosen(_) => chosen.map_or(Did::Closed, |label| command(&label)),
                    Picked::Did(did) => did,
                }
            }
            Overlay::Text { at, lines, .. } => {
                let last = lines.len().saturating_sub(1);
                match chord.key {
                    Key::Down => *at = (*at + 1).min(last),
                    Key::Up => *at = at.saturating_sub(1),
                    Key::PageDown | Key::Char(' ') | Key::F(8) => *at = (*at + 10).min(last),
                    Key::PageUp | Key::F(7) => *at = at.saturating_sub(10),
                    Key::Esc | Key::Enter | Key::F(1) => return Did::Closed,
                    _ => return Did::Refused(Say::Nothing),
                }
                Did::Stay
            }
            Overlay::Rows(editor) => match editor.key(chord, &look.form()) {
                RowsDid::Done(rows) => Did::Rows(rows),
                RowsDid::Wrong(say) | RowsDid::Form(FormDid::Refused(say)) => Did::Refused(say),
                RowsDid::Form(_) => Did::Stay,
            },
            Overlay::Confirm(confirm) => match chord.key {
                Key::F(10) => Did::Confirmed(confirm.act),
                // By their sound in every language, and not by the place of a key: н is no, also where it lies on Y.
                Key::Char('d' | 'D' | 'y' | 'Y' | 'д' | 'Д' | 'т' | 'Т') if !chord.ctrl => {
                    Did::Confirmed(confirm.act)
                }
                Key::Char('n' | 'N' | 'н' | 'Н') if !chord.ctrl => Did::Closed,
                Key::Esc => Did::Closed,
                _ => Did::Refused(Say::key("confirm-keys")),
            },
            Overlay::Month(day) => {
                let step = match chord.key {
                    Key::Left => (-1).days(),
                    Key::Right => 1.days(),
                    Key::Up => (-7).days(),
                    Key::Down => 7.days(),
                    Key::PageUp => (-1).months(),
                    Key::PageDown => 1.months(),
                    Key::Home => (-1).years(),
                    Key::End => 1.years(),
                    Key::Enter => return Did::Chosen(date::show(*day)),
                    Key::Esc => return Did::Closed,
                    _ => return Did::Refused(Say::Nothing),
                };
                *day = day.saturating_add(step);
                Did::Stay
            }
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        if let Overlay::Pick(picker)
        | Overlay::Officers(picker)
        | Overlay::Offices(picker, _)
        | Overlay::Commands { menu: false, picker } = self
        {
            picker.filter.extend(text.chars().filter(|c| !c.is_control()));
            picker.at = 0;
        }
    }
}

enum Picked {
    Chosen(String),
    Did(Did),
}

fn pick(picker: &mut Picker, chord: Chord, words: &Words) -> Picked {
    let fitting = picker.fitting(words).len();
    match chord.key {
        Key::Enter | Key::Tab => {
            return match picker.fitting(words).get(picker.at) {
                Some(choice) => Picked::Chosen(choice.code.clone()),
                None => Picked::Did(Did::Refused(Say::key("error-choice"))),
            };
        }
        Key::Esc | Key::F(4) => return Picked::Did(Did::Closed),
        Key::Down => picker.at = (picker.at + 1).min(fitting.saturating_sub(1)),
        Key::Up => picker.at = picker.at.saturating_sub(1),
        Key::PageDown => picker.at = (picker.at + 10).min(fitting.saturating_sub(1)),
        Key::PageUp => picker.at = picker.at.saturating_sub(10),
        Key::Home => picker.at = 0,
        Key::End => picker.at = fitting.saturating_sub(1),
        Key::Backspace => {
            picker.filter.pop();
            picker.at = 0;
        }
        Key::Char(c) if !chord.ctrl => {
            picker.filter.push(c);
            picker.at = 0;
        }
        _ => return Picked::Did(Did::Refused(Say::Nothing)),
    }
    Picked::Did(Did::Stay)
}

/// The action that a line of the menu or palette names: the registry's words are its key.
fn command(label: &Say) -> Did {
    let found = keymap::ACTIONS
        .iter()
        .find(|a| matches!(label, Say::Words(words, _) if *words == a.words));
    found.map_or(Did::Closed, |a| Did::Act(a.act))
}
