//! Reads TOML with positions: every mistake is noted and reading goes on.

use super::{Expression, Mistake, Place, Texts, model::Source};
use crate::lang::hint;
use karton_api::Date;
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Collects mistakes, and what refers to something else in the pack; readers share it.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    found: RefCell<Vec<Mistake>>,
    references: RefCell<Vec<Reference>>,
}

/// What a text of the pack may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    Procedure,
    Form,
    Letter,
    Service,
    Message,
    Benefit,
    Body,
    Act,
    CodeList,
    Institution,
    Office,
    Municipality,
    PersonFact,
    HouseholdFact,
    ClaimFact,
    ClaimPerson,
    Source,
    CaseRole,
    CareKind,
    ContactKind,
    OwnRegister,
}

/// A text that names something else in the pack, with its place.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) to: To,
    pub(super) name: String,
    pub(super) place: Place,
}

/// So many mistakes are told; who has more than these has taken another file for a pack's.
const MOST_MISTAKES: usize = 10_000;
/// So many tables of one kind stand in a file.
const MOST_TABLES: usize = 5_000;

impl Mistakes {
    pub(super) fn note(&self, mistake: Mistake) {
        if !self.is_full() {
            self.found.borrow_mut().push(mistake);
        }
    }
    /// Whether no more mistakes are told.
    pub(super) fn is_full(&self) -> bool {
        self.found.borrow().len() >= MOST_MISTAKES
    }
    pub(super) fn take(&self) -> Vec<Mistake> {
        let mut found = self.found.take();
        found.sort();
        found.dedup();
        found
    }
    pub(super) fn references(&self) -> Vec<Reference> {
        self.references.take()
    }
}

/// A file being read.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    pub(super) mistakes: &'a Mistakes,
    pub(super) languages: &'a [String],
}

impl<'a> File<'a> {
    pub(super) fn wrong(&self, offset: usize, message: impl Into<String>) {
        if !self.mistakes.is_full() {
            self.mistakes
                .note(Mistake::at(self.name, self.text, offset, message));
        }
    }
    pub(super) fn place(&self, offset: usize) -> Place {
        Place {
            file: self.name.to_owned(),
            offset,
        }
    }
    pub(super) fn refer(&self, to: To, name: &str, offset: usize) {
        let reference = Reference {
            to,
            name: name.to_owned(),
            place: self.place(offset),
        };
        self.mistakes.references.borrow_mut().push(reference);
    }
    /// Parses the file as TOML; what is no TOML is noted.
    pub(super) fn toml(&self) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            self.wrong(
                at,
                error
                    .message()
                    .lines()
                    .next()
                    .unwrap_or("this is not TOML")
                    .to_owned(),
            );
        }
        table
    }
    pub(super) fn table<'t>(self, table: &'t DeTable<'a>, offset: usize) -> Table<'t>
    where
        'a: 't,
    {
        Table {
            file: self,
            table,
            offset,
            seen: RefCell::default(),
            lenient: Cell::new(false),
        }
    }
}

/// A value with its place.
#[derive(Clone, Copy)]
pub(super) struct Item<'t> {
    pub(super) file: File<'t>,
    pub(super) value: &'t Spanned<DeValue<'t>>,
}

/// Whether a character steers a terminal or turns the direction of a text, so that it reads otherwise than it is.
fn steers(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn unseen(c: char) -> String {
    format!(
        "the character U+{:04X} cannot be seen and changes how a text reads",
        u32::from(c)
    )
}

impl File<'_> {
    /// Notes characters that nobody sees, wherever they stand; the first alone, as one seldom comes alone. A mark at the beginning of the file
    /// is how some editors say that it is Unicode.
    pub(super) fn visible(&self) {
        let start = self
            .text
            .chars()
            .next()
            .filter(|c| *c == '\u{FEFF}')
            .map_or(0, char::len_utf8);
        if let Some((at, c)) = self.text[start..].char_indices().find(|(_, c)| steers(*c)) {
            self.wrong(start + at, unseen(c));
        }
    }
}

impl<'t> Item<'t> {
    pub(super) fn offset(&self) -> usize {
        self.value.span().start
    }
    pub(super) fn wrong(&self, message: impl Into<String>) {
        self.file.wrong(self.offset(), message);
    }
    fn needs<T>(&self, what: &str, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.wrong(format!(
                "{what} was expected, this is a {}",
                self.value.get_ref().type_str()
            ));
        }
        found
    }
    pub(super) fn text(&self) -> Option<&'t str> {
        let text = self.needs("a text", self.value.get_ref().as_str())?;
        // An escape brings in what the file itself does not show.
        if let Some(c) = text.chars().find(|c| steers(*c))
            && !self.file.text.contains(c)
        {
            self.wrong(unseen(c));
        }
        Some(text)
    }
    pub(super) fn bool(&self) -> Option<bool> {
        self.needs("true or false", self.value.get_ref().as_bool())
    }
    pub(super) fn int(&self) -> Option<i64> {
        let found = self
            .value
            .get_ref()
            .as_integer()
            .and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        self.needs("a whole number", found)
    }
    pub(super) fn date(&self) -> Option<Date> {
        let whole_day = self
            .value
            .get_ref()
            .as_datetime()
            .filter(|d| d.time.is_none() && d.offset.is_none());
        let day = whole_day.and_then(|d| d.date).and_then(|d| {
            Date::new(
                i16::try_from(d.year).ok()?,
                i8::try_from(d.month).ok()?,
                i8::try_from(d.day).ok()?,
            )
            .ok()
        });
        self.needs("a day, written 2024-07-01 without quotes,", day)
    }
    pub(super) fn array(&self) -> Option<Vec<Item<'t>>> {
        let array = self.needs("a list", self.value.get_ref().as_array())?;
        Some(
            array
                .iter()
                .map(|value| Item {
                    file: self.file,
                    value,
                })
                .collect(),
        )
    }
    pub(super) fn table(&self) -> Option<Table<'t>> {
        let table = self.needs("a table", self.value.get_ref().as_table())?;
        Some(Table {
            file: self.file,
            table,
            offset: self.offset(),
            seen: RefCell::default(),
            lenient: Cell::new(false),
        })
    }
    pub(super) fn texts(&self) -> Option<Texts> {
        let table = self.table()?;
        let mut found = BTreeMap::new();
        for (key, item) in table.entries() {
            if let Some(text) = item.text() {
                if text.trim().is_empty() {
                    item.wrong(format!("the text in `{key}` is empty"));
                }
                found.insert(key.to_owned(), text.to_owned());
            }
        }
        for language in self.file.languages {
            if !found.contains_key(language) {
                self.wrong(format!("the text in `{language}` is missing"));
            }
        }
        for key in found.keys().filter(|key| !self.file.languages.contains(key)) {
            self.wrong(format!(
                "`{key}` is not a language of this country{}",
                hint(key, self.file.languages.iter().map(String::as_str))
            ));
        }
        Some(Texts(found))
    }
    /// An expression, with the place of each of its bytes in the file.
    pub(super) fn expression(&self) -> Option<Expression> {
        let text = self.text()?;
        let span = self.value.span();
        let offsets = offsets(self.file.text, span, text);
        let source = Source {
            file: self.file.name.to_owned(),
            offsets,
        };
        Some(Expression {
            text: text.to_owned(),
            source,
            code: None,
        })
    }
}

/// Where each byte of a TOML string's content stands in the file; one more for its end.
fn offsets(file: &str, span: Range<usize>, content: &str) -> Vec<usize> {
    let raw = file.get(span.clone()).unwrap_or("");
    let long = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    let literal = raw.starts_with('\'');
    let mut at = if long { 3 } else { 1 };
    if long {
        at += if raw[at..].starts_with("\r\n") {
            2
        } else {
            usize::from(raw[at..].starts_with('\n'))
        };
    }
    let mut found = Vec::with_capacity(content.len() + 1);
    for c in content.chars() {
        let rest = raw.get(at..).unwrap_or("");
        let mut width = rest.chars().next().map_or(0, char::len_utf8);
        if !literal && rest.starts_with('\\') {
            // A backslash at a line's end joins it with the next line's first character.
            let after = &rest[1..];
            let trimmed = after.trim_start();
            if after[..after.len() - trimmed.len()].contains('\n') {
                at += rest.len() - trimmed.len();
                width = trimmed.chars().next().map_or(0, char::len_utf8);
            } else {
                width = match after.as_bytes().first() {
                    Some(b'u') => 6,
                    Some(b'U') => 10,
                    Some(b'x') => 4,
                    _ => 2,
                };
            }
        } else if rest.starts_with("\r\n") && c == '\n' {
            width = 2;
        }
        found.extend(std::iter::repeat_n(span.start + at, c.len_utf8()));
        at += width;
    }
    found.push(span.start + at);
    found
}

/// A table being read: what was not asked for is a mistake at the end.
pub(super) struct Table<'t> {
    pub(super) file: File<'t>,
    table: &'t DeTable<'t>,
    pub(super) offset: usize,
    seen: RefCell<BTreeSet<String>>,
    lenient: Cell<bool>,
}

impl<'t> Table<'t> {
    pub(super) fn wrong(&self, message: impl Into<String>) {
        self.file.wrong(self.offset, message);
    }
    pub(super) fn place(&self) -> Place {
        self.file.place(self.offset)
    }
    /// All entries in the order of the file; all count as asked for.
    pub(super) fn entries(&self) -> Vec<(&'t str, Item<'t>)> {
        self.lenient.set(true);
        let mut found: Vec<_> = self.table.iter().collect();
        found.sort_by_key(|(key, _)| key.span().start);
        found
            .into_iter()
            .map(|(key, value)| {
                (
                    key.get_ref().as_ref(),
                    Item {
                        file: self.file,
                        value,
                    },
                )
            })
            .collect()
    }
    pub(super) fn opt(&self, key: &str) -> Option<Item<'t>> {
        self.seen.borrow_mut().insert(key.to_owned());
        let value = self.table.get(key)?;
        Some(Item {
            file: self.file,
            value,
        })
    }
    pub(super) fn need(&self, key: &str) -> Option<Item<'t>> {
        let found = self.opt(key);
        if found.is_none() {
            self.wrong(format!("`{key}` is missing"));
        }
        found
    }
    pub(super) fn text(&self, key: &str) -> String {
        self.need(key)
            .and_then(|item| item.text())
            .unwrap_or_default()
            .to_owned()
    }
    pub(super) fn opt_text(&self, key: &str) -> Option<String> {
        self.opt(key)?.text().map(str::to_owned)
    }
    /// A text that names something else in the pack.
    pub(super) fn refer(&self, to: To, key: &str) -> String {
        let Some(item) = self.need(key) else {
            return String::new();
        };
        let text = item.text().unwrap_or_default();
        self.file.refer(to, text, item.offset());
        text.to_owned()
    }
    /// A list of texts that name something else in the pack.
    pub(super) fn refer_all(&self, to: To, key: &str) -> Vec<String> {
        let items = self.items(key);
        let texts = items.iter().filter_map(|item| Some((item, item.text()?)));
        texts
            .map(|(item, text)| {
                self.file.refer(to, text, item.offset());
                text.to_owned()
            })
            .collect()
    }
    /// An article: the code of an act, a blank, and the rest.
    pub(super) fn law(&self, key: &str) -> String {
        let Some(item) = self.need(key) else {
            return String::new();
        };
        let text = item.text().unwrap_or_default();
        self.file
            .refer(To::Act, text.split(' ').next().unwrap_or(text), item.offset());
        text.to_owned()
    }
    pub(super) fn texts(&self, key: &str) -> Texts {
        self.need(key).and_then(|item| item.texts()).unwrap_or_default()
    }
    pub(super) fn opt_texts(&self, key: &str) -> Option<Texts> {
        self.opt(key)?.texts()
    }
    pub(super) fn strings(&self, key: &str) -> Vec<String> {
        self.items(key)
            .iter()
            .filter_map(Item::text)
            .map(str::to_owned)
            .collect()
    }
    /// The items of an optional list.
    pub(super) fn items(&self, key: &str) -> Vec<Item<'t>> {
        self.opt(key).and_then(|item| item.array()).unwrap_or_default()
    }
    pub(super) fn tables(&self, key: &str) -> Vec<Table<'t>> {
        let items = self.items(key);
        if let Some(first) = items.get(MOST_TABLES) {
            first.wrong(format!("a file has at most {MOST_TABLES} [[{key}]]: divide it"));
        }
        items.iter().take(MOST_TABLES).filter_map(Item::table).collect()
    }
    pub(super) fn expression(&self, key: &str) -> Option<Expression> {
        self.need(key)?.expression()
    }
    pub(super) fn opt_expression(&self, key: &str) -> Option<Expression> {
        self.opt(key)?.expression()
    }
    pub(super) fn bool(&self, key: &str, otherwise: bool) -> bool {
        self.opt(key).and_then(|item| item.bool()).unwrap_or(otherwise)
    }
    pub(super) fn whole(&self, key: &str) -> Option<u32> {
        let item = self.opt(key)?;
        let found = u32::try_from(item.int()?).ok();
        if found.is_none() {
            item.wrong("a whole number that is not negative was expected");
        }
        found
    }
    /// One of several words.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&str, T)],
        otherwise: Option<T>,
    ) -> Option<T> {
        let item = if otherwise.is_some() {
            self.opt(key)
        } else {
            self.need(key)
        };
        let Some(item) = item else { return otherwise };
        let text = item.text()?;
        let found = choices
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            item.wrong(format!(
                "`{text}` is none of {}{}",
                words.join(", "),
                hint(text, words.iter().copied())
            ));
        }
        found
    }
    /// What is worked out, remembered or of the pack's own is not called better founded than that.
    fn founded(&self) {
        let text = |key: &str| self.table.get(key).and_then(|value| value.get_ref().as_str());
        let (Some(source), Some(confidence)) = (text("source"), text("confidence")) else {
            return;
        };
        let fits: &[&str] = match source {
            "D" => &["derived", "memory", "default"],
            "M" => &["memory", "default"],
            "P" => &["default"],
            _ => return,
        };
        if !fits.contains(&confidence)
            && let Some(item) = self.opt("confidence")
        {
            item.wrong(format!(
                "`{confidence}` needs a source that says so: `{source}` stands for {}",
                match source {
                    "D" => "what is derived",
                    "M" => "memory",
                    _ => "a value of the pack's own, confidence = \"default\"",
                }
            ));
        }
    }
    /// Notes every key that nobody asked for.
    pub(super) fn finish(&self) {
        if self.lenient.get() {
            return;
        }
        self.founded();
        let seen = self.seen.borrow();
        for (key, _) in self.table {
            if !seen.contains(key.get_ref().as_ref()) {
                let near = hint(key.get_ref(), seen.iter().map(String::as_str));
                self.file.wrong(
                    key.span().start,
                    format!("the key `{}` is not known here{near}", key.get_ref()),
                );
            }
        }
    }
}
