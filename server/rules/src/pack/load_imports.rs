//! `imports.toml`: how the headings and words of old registers' tables are understood.

use super::{
    Heading, Imports,
    read::{File, Item, Table},
};
use crate::lang::hint;
use std::collections::BTreeMap;

/// What a row of persons may say.
pub(super) const PERSONS: [&str; 11] = [
    "number",
    "given",
    "family",
    "birth_date",
    "sex",
    "municipality",
    "address",
    "death_date",
    "household",
    "relationship",
    "since",
];
/// What a row of past awards may say.
pub(super) const AWARDS: [&str; 9] = [
    "number",
    "dossier",
    "benefit",
    "amount",
    "per",
    "from",
    "until",
    "decision",
    "review_on",
];
/// Words that stand in cells: for how long an amount is, and the sexes beside the names of their list.
pub(super) const WORDS: [&str; 5] = ["month", "once", "year", "male", "female"];

pub(super) fn imports(file: File<'_>) -> Imports {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    let section = |key: &str, known: &[&str]| {
        let table = root.opt(key).and_then(|item| item.table());
        table.map(|table| headings(&table, known)).unwrap_or_default()
    };
    let found = Imports {
        persons: section("persons", &PERSONS),
        awards: section("awards", &AWARDS),
        words: section("words", &WORDS),
    };
    root.finish();
    found
}

/// `birth_date = { cnr = ["datum rođenja"], en = ["birth date", "date of birth"] }`
fn headings(table: &Table<'_>, known: &[&str]) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for (code, item) in table.entries() {
        if !known.contains(&code) {
            item.wrong(format!(
                "`{code}` is none of {}{}",
                known.join(", "),
                hint(code, known.iter().copied())
            ));
            continue;
        }
        let Some(by_language) = item.table() else { continue };
        let mut said = Vec::new();
        for (language, texts) in by_language.entries() {
            if !item.file.languages.iter().any(|known| known == language) {
                texts.wrong(format!("`{language}` is not a language of this country"));
            }
            for text in texts.array().unwrap_or_default() {
                said.extend(heading(&text, code, &mut taken));
            }
        }
        for language in item.file.languages {
            if by_language.opt(language).is_none() {
                item.wrong(format!("the headings in `{language}` are missing"));
            }
        }
        found.push(Heading {
            code: code.to_owned(),
            said,
        });
    }
    found
}

/// One way to write it, which means nothing else.
fn heading(item: &Item<'_>, code: &str, taken: &mut BTreeMap<String, String>) -> Option<String> {
    let text = item.text()?.trim();
    if text.is_empty() {
        item.wrong("a heading is empty");
        return None;
    }
    match taken.insert(text.to_lowercase(), code.to_owned()) {
        Some(other) if other != code => {
            item.wrong(format!("`{text}` means `{other}` already"));
            None
        }
        _ => Some(text.to_owned()),
    }
}
