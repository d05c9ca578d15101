//! Lists to choose from: a filter that forgives, the same for code lists, people and commands.

use crate::{
    i18n::{Say, Words},
    text::fold,
};
use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub code: String,
    /// What people read.
    pub label: Say,
    /// Said beside it: a fuller name, a number.
    pub note: Say,
}

impl Choice {
    /// An entry without a note.
    pub fn new(code: impl Into<String>, label: Say) -> Choice {
        Choice {
            code: code.into(),
            label,
            note: Say::Nothing,
        }
    }
}

/// The entries that fit what was typed, best first, by their place in the list. Nothing typed fits everything, in the list's order. An
/// exact code comes first. Case, diacritics and script make no difference.
pub fn matches(choices: &[Choice], typed: &str, words: &Words) -> Vec<usize> {
    let typed = fold(typed.trim());
    if typed.is_empty() {
        return (0..choices.len()).collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(&typed, CaseMatching::Ignore, Normalization::Never);
    let mut found: Vec<(u32, usize)> = Vec::new();
    for (i, choice) in choices.iter().enumerate() {
        let (code, label) = (fold(&choice.code), fold(&words.say(&choice.label)));
        let exact = if code == typed || label == typed {
            100_000
        } else {
            0
        };
        let hay = format!("{label} {code} {}", fold(&words.say(&choice.note)));
        let mut buffer = Vec::new();
        if let Some(score) = pattern.score(Utf32Str::new(&hay, &mut buffer), &mut matcher) {
            found.push((score + exact, i));
        }
    }
    found.sort_by_key(|(score, i)| (std::cmp::Reverse(*score), *i));
    found.into_iter().map(|(_, i)| i).collect()
}

/// A list that is open: filter and cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    /// What it chooses.
    pub title: Say,
    /// All entries.
    pub choices: Vec<Choice>,
    /// What was typed to narrow it.
    pub filter: String,
    /// The cursor, among the entries that fit.
    pub at: usize,
}

impl Picker {
    /// An open list with the cursor on `code`.
    pub fn new(title: Say, choices: Vec<Choice>, code: &str) -> Picker {
        let at = choices.iter().position(|c| c.code == code).unwrap_or(0);
        Picker {
            title,
            choices,
            filter: String::new(),
            at,
        }
    }
    /// The entries that fit.
    pub fn fitting(&self, words: &Words) -> Vec<&Choice> {
        matches(&self.choices, &self.filter, words)
            .into_iter()
            .filter_map(|i| self.choices.get(i))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn the_list_forgives_diacritics_and_order_and_takes_codes_first() {
        let words = Words::of(Lang::CNR);
        let list: Vec<Choice> = [
            ("20", "Šavnik"),
            ("21", "Žabljak"),
            ("5", "Podgorica"),
            ("55", "Pljevlja"),
        ]
        .map(|(c, l)| Choice::new(c, Say::raw(l)))
        .to_vec();
        assert_eq!(matches(&list, "sav", &words), [0]);
        assert_eq!(matches(&list, "5", &words)[0], 2);
        assert_eq!(matches(&list, "", &words).len(), 4);
        assert_eq!(matches(&list, "под", &words), [2]);
    }
}
