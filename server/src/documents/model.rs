//! What is pure about documents: checks of what is typed, the words they are found by, how long they are kept.

use super::{name, sniff::Media};
use crate::{problem::Error, search};
use jiff::civil::date;
use karton_api::{
    Date, Id,
    common::Texts,
    documents::{Doubt, Retention, TextProblem, TextState},
    problem::FieldError,
    value,
};
use karton_rules::pack::Pack;
use std::collections::HashSet;

/// Words longer than this are looked for by their beginning, in bytes.
const LONGEST_WORD: usize = 64;
/// So many bytes of words of one document are found, spaces included.
const MOST_WORDS: usize = 512 * 1024;
/// So many words can be looked for at once.
pub(super) const MOST_SOUGHT: usize = 10;

/// One word as it is kept and as it is looked for.
fn shortened(word: &str) -> &str {
    let mut end = word.len().min(LONGEST_WORD);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    &word[..end]
}

/// The words a document is found by, each once, folded, with one space between them: those of its title and file name first, so that they
/// are found in any case.
pub(super) fn words<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut seen = HashSet::new();
    let mut words = String::new();
    for text in texts {
        for word in search::tokens(text) {
            let word = shortened(&word);
            if words.len() + word.len() + 1 > MOST_WORDS {
                return words;
            }
            if seen.insert(word.to_owned()) {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(word);
            }
        }
    }
    words
}

/// The words of a query, folded, each once.
pub(super) fn sought(text: &str) -> Vec<String> {
    let mut sought: Vec<String> = Vec::new();
    for word in search::tokens(text) {
        let word = shortened(&word).to_owned();
        if !sought.contains(&word) {
            sought.push(word);
        }
    }
    sought
}

/// The number under which the full-text index knows a document: the random part of its id.
pub(super) fn place(id: Id<value::Document>) -> i64 {
    let bits = id.uuid().as_u64_pair().1 & (u64::MAX >> 2);
    i64::try_from(bits).unwrap_or(0)
}

/// What is wrong with the fields of a request, all of it.
#[derive(Default)]
pub(super) struct Fields(Vec<FieldError>);

impl Fields {
    pub(super) fn wrong(&mut self, pointer: &str, code: &str, message: &str) {
        self.0.push(FieldError {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
        });
    }
    pub(super) fn done(self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.0))
        }
    }

    /// A line of text: without control characters, not empty, at most 200 characters.
    pub(super) fn line(&mut self, pointer: &str, text: &str) -> String {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            self.wrong(pointer, "control", "Control characters cannot be taken.");
        }
        if !(1..=200).contains(&text.chars().count()) {
            self.wrong(pointer, "length", "1 to 200 characters.");
        }
        text.to_owned()
    }
    pub(super) fn language(&mut self, text: &str) -> String {
        let right = (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase());
        if !right {
            self.wrong(
                "/language",
                "code",
                "A language is named by its ISO 639 code: cnr, sr, sq, en.",
            );
        }
        text.to_owned()
    }
    pub(super) fn day(&mut self, pointer: &str, day: Option<Date>, today: Date) {
        if day.is_some_and(|day| day > today) {
            self.wrong(pointer, "future", "This day has not come yet.");
        }
        if day.is_some_and(|day| day < date(1850, 1, 1)) {
            self.wrong(pointer, "range", "This day is too long ago.");
        }
    }
    /// A type of the pack that is in use on the day.
    pub(super) fn kind(&mut self, pack: &Pack, kind: &str, today: Date) {
        let entry = pack.codes.get(KINDS).and_then(|list| list.entry(kind));
        let used = entry.is_some_and(|entry| {
            entry.from.is_none_or(|from| from <= today) && entry.until.is_none_or(|until| today < until)
        });
        if !used {
            self.wrong("/kind", "unknown", "There is no such type of document.");
        }
    }
    /// Exactly one of an upload and a shelf.
    pub(super) fn either(&mut self, upload: bool, shelf: Option<&String>) -> Option<String> {
        match (upload, shelf) {
            (true, Some(_)) => self.wrong("/shelf", "both", "It is either a file or a paper, not both."),
            (false, None) => self.wrong(
                "/upload",
                "missing",
                "Name an upload, or where the paper is kept.",
            ),
            _ => {}
        }
        shelf.map(|text| self.line("/shelf", text))
    }
}

/// Types of documents, each with its class of retention in the column `retention`.
pub(super) const KINDS: &str = "document_types";
/// Classes of retention, each with `years`; without them it is kept for good.
const CLASSES: &str = "retention_classes";

/// The name of a code in a list of the pack; the code itself where it is not there any more.
fn name_of(pack: &Pack, list: &str, code: &str) -> Texts {
    let entry = pack.codes.get(list).and_then(|list| list.entry(code));
    let itself = || {
        let languages = pack.country.languages.iter();
        languages
            .map(|language| (language.clone(), code.to_owned()))
            .collect()
    };
    entry.map_or_else(itself, |entry| entry.name.to_map())
}

/// The name of a type of document.
pub(super) fn kind_name(pack: &Pack, kind: &str) -> Texts {
    name_of(pack, KINDS, kind)
}

/// The class of retention of a type, as the pack has it.
pub(super) fn class_of(pack: &Pack, kind: &str) -> Option<String> {
    let entry = pack.codes.get(KINDS)?.entry(kind)?;
    entry
        .more
        .get("retention")
        .filter(|class| !class.is_empty())
        .map(str::to_owned)
}

/// How long something of a class is kept that was received on a day: whole years from the end of that year.
pub(super) fn retention(pack: &Pack, class: &str, received_on: Date) -> Retention {
    let entry = pack.codes.get(CLASSES).and_then(|list| list.entry(class));
    let years: Option<i16> = entry.and_then(|entry| entry.more.get("years")?.parse().ok());
    let until = years.and_then(|years| {
        let year = received_on.year().checked_add(years)?.checked_add(1)?;
        Date::new(year, 1, 1).ok()
    });
    Retention {
        class: class.to_owned(),
        name: name_of(pack, CLASSES, class),
        until,
    }
}

/// What a version is made of.
#[derive(Debug, Clone)]
pub(super) enum Stuff {
    /// Bytes.
    File {
        hash: String,
        size: u64,
        media: Media,
        name: String,
        doubt: Option<Doubt>,
    },
    /// A paper, and where it is kept.
    Paper(String),
}

impl Stuff {
    /// Bytes under a harmless name.
    pub(super) fn file(hash: String, size: u64, media: Media, typed: &str, doubt: Option<Doubt>) -> Stuff {
        let name = name::harmless(typed, media);
        Stuff::File {
            hash,
            size,
            media,
            name,
            doubt,
        }
    }
    /// Where its text stands at the beginning.
    pub(super) fn text(&self) -> (TextState, Option<TextProblem>) {
        match self {
            Stuff::File {
                doubt: Some(Doubt::SeveralTypes),
                ..
            } => (TextState::Failed, Some(TextProblem::SeveralTypes)),
            Stuff::File { media, .. } if media.kind().is_some() => (TextState::Waiting, None),
            _ => (TextState::None, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_once_and_bounded() {
        assert_eq!(
            words(["Uvjerenje o školovanju", "uvjerenje.pdf", "Уверење: ŠKOLA, škola"]),
            "uvjerenje o skolovanju pdf uverenje skola"
        );
        let many: String = (0..200_000).map(|n| format!("rijec{n} ")).collect();
        assert!(words([many.as_str()]).len() <= MOST_WORDS);
        let long = "š".repeat(500);
        assert_eq!(words([long.as_str()]).len(), LONGEST_WORD);
        assert_eq!(
            sought(&long),
            [words([long.as_str()])],
            "what is kept is what is looked for"
        );
        assert!(sought("' \" & | ! ( ) : * \\ --").is_empty());
        assert_eq!(sought("Škola ŠKOLA šk"), ["skola", "sk"]);
    }

    #[test]
    fn a_paper_is_kept_for_whole_years_after_the_year_it_came() {
        let files = crate::pack::files("me").unwrap();
        let pack = Pack::load(&files).unwrap();
        for entry in &pack.codes[KINDS].entries {
            let class = class_of(&pack, &entry.code).unwrap();
            assert!(
                pack.codes[CLASSES].entry(&class).is_some(),
                "{}: {class}",
                entry.code
            );
        }
        let five = retention(&pack, "R5", date(2025, 3, 10));
        assert_eq!(five.until, Some(date(2031, 1, 1)));
        assert_eq!(retention(&pack, "R-trajno", date(2025, 3, 10)).until, None);
    }

    #[test]
    fn the_place_of_a_document_is_never_negative() {
        for text in [
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "01939c2e-0000-7000-8000-000000000000",
        ] {
            assert!(place(text.parse().unwrap()) >= 0);
        }
    }
}
