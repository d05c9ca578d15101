//! One field: what it takes, what was typed, and what that says.

use super::{
    Ctx, amount,
    check::Check,
    choice::{Choice, matches},
    date,
};
use crate::i18n::Say;
use karton_api::{Currency, FactValue, Money};
use std::{collections::BTreeMap, sync::Arc};
use unicode_segmentation::UnicodeSegmentation;

/// What a field takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Free text of at most this many characters, in any script.
    Text {
        /// The longest allowed.
        max: usize,
    },
    /// Text that is not shown.
    Secret,
    /// Digits only, of a fixed length where one is given, with a check digit where one is given.
    Digits {
        /// How many; 0 for any number up to 20.
        len: usize,
        /// The check.
        check: Option<Check>,
        /// How they are grouped when read, `999 999 999`; empty for not at all.
        mask: &'static str,
    },
    /// A whole number within limits.
    Int {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// A decimal number with at most this many places.
    Decimal {
        /// Places after the point.
        places: u32,
    },
    /// An amount; takes arithmetic.
    Money {
        /// Its currency.
        currency: Currency,
        /// Minor units: places after the point.
        places: u32,
    },
    /// A day.
    Date {
        /// The day cannot lie ahead.
        past: bool,
    },
    /// Yes or no.
    Bool,
    /// An entry of a list, stored by code.
    Code(Arc<[Choice]>),
    /// A person, chosen among some; stored by id.
    Person(Arc<[Choice]>),
    /// A small table: an empty one says "there is none".
    Rows(Arc<[Column]>),
}

/// A column of a small table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in the fact.
    pub id: String,
    /// Its heading.
    pub label: Say,
    /// What it takes.
    pub kind: Kind,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where its value belongs; also the last part of the pointer that the server's errors name.
    pub id: String,
    /// What is asked.
    pub label: Say,
    /// F1: what it means, and the legal ground.
    pub help: Say,
    /// What it takes.
    pub kind: Kind,
    /// Must be answered.
    pub required: bool,
    /// F6 repeats the last answer to the same question; not where every answer differs.
    pub dup: bool,
    /// F6 and the answers kept for it know the question by this name; by its id where there is none.
    pub asks: Option<String>,
    /// Shown now.
    pub shown: bool,
    /// Whether it is shown depends on other answers; until that is known again the cursor does not pass it.
    pub conditional: bool,
    /// Cannot be changed here.
    pub fixed: bool,
    /// What was taken over from elsewhere, and the words that say so; until something else is typed.
    taken: Option<(String, Say)>,
    pub(super) text: String,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) caret: usize,
    pub(super) fresh: bool,
    pub(super) error: Say,
}

/// What a key did to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Not a key for typing.
    NotMine,
    /// The key does not fit here.
    Refused(Say),
    /// The caret moved.
    Moved,
    /// The text changed; `full` when nothing more fits.
    Changed {
        /// Nothing more fits.
        full: bool,
    },
}

impl Field {
    /// An empty, optional field.
    pub fn new(id: impl Into<String>, label: Say, kind: Kind) -> Field {
        let dup = !matches!(
            kind,
            Kind::Digits { check: Some(_), .. } | Kind::Secret | Kind::Rows(_)
        );
        Field {
            id: id.into(),
            label,
            help: Say::Nothing,
            kind,
            required: false,
            dup,
            asks: None,
            shown: true,
            conditional: false,
            fixed: false,
            taken: None,
            text: String::new(),
            rows: Vec::new(),
            caret: 0,
            fresh: true,
            error: Say::Nothing,
        }
    }
    /// The same field, which must be answered.
    #[must_use]
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }
    /// The same field with help.
    #[must_use]
    pub fn help(mut self, help: Say) -> Field {
        self.help = help;
        self
    }
    /// The same field, whose question is asked elsewhere too under this name: F6 repeats its answer.
    #[must_use]
    pub fn same_as(mut self, question: &str) -> Field {
        self.asks = Some(question.to_owned());
        self
    }
    pub(super) fn question(&self) -> &str {
        self.asks.as_deref().unwrap_or(&self.id)
    }
    /// What was typed, as it stands.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The rows of a small table.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }
    /// What is wrong with it.
    pub fn error(&self) -> &Say {
        &self.error
    }
    /// Whether something was answered; a table that says "none" is an answer.
    pub fn answered(&self) -> bool {
        !self.text.trim().is_empty() || !self.rows.is_empty()
    }
    /// Puts text there, as if it had been typed and left.
    pub fn put(&mut self, text: &str) {
        self.text = text.to_owned();
        self.caret = count(text);
        self.fresh = true;
        self.error = Say::Nothing;
    }
    /// Puts there what was answered elsewhere, marked with these words as long as it stands.
    pub fn take_over(&mut self, value: &FactValue, words: Say, ctx: &Ctx<'_>) {
        self.set(value, ctx);
        self.taken = Some((self.text.clone(), words));
    }
    /// Where the answer was taken over from, while it stands as it was.
    pub fn taken(&self) -> Option<&Say> {
        let (text, words) = self.taken.as_ref()?;
        (*text == self.text && self.answered()).then_some(words)
    }
    pub(super) fn put_rows(&mut self, rows: Vec<Vec<String>>) {
        self.text = if rows.is_empty() {
            "0".to_owned()
        } else {
            String::new()
        };
        self.rows = rows;
        self.error = Say::Nothing;
    }
    /// Puts a known value there, in the form in which it would have been typed.
    pub fn set(&mut self, value: &FactValue, ctx: &Ctx<'_>) {
        if let (Kind::Rows(columns), FactValue::Rows(rows)) = (&self.kind, value) {
            let cell = |record: &BTreeMap<String, FactValue>, column: &Column| {
                record
                    .get(&column.id)
                    .map(|v| typed(v, &column.kind, ctx))
                    .unwrap_or_default()
            };
            let rows = rows
                .iter()
                .map(|r| columns.iter().map(|c| cell(r, c)).collect())
                .collect();
            self.put_rows(rows);
            return;
        }
        let text = typed(value, &self.kind, ctx);
        self.put(&text);
    }

    /// What it says, or nothing when it was not answered. Refuses in words.
    pub fn value(&self, ctx: &Ctx<'_>) -> Result<Option<FactValue>, Say> {
        if let Kind::Rows(columns) = &self.kind {
            if !self.rows.is_empty() {
                let mut rows = Vec::new();
                for cells in &self.rows {
                    let mut record = BTreeMap::new();
                    for (column, text) in columns.iter().zip(cells) {
                        if let Some(value) = read(text, &column.kind, ctx)? {
                            record.insert(column.id.clone(), value);
                        }
                    }
                    rows.push(record);
                }
                return Ok(Some(FactValue::Rows(rows)));
            }
            return Ok((self.text == "0").then(|| FactValue::Rows(Vec::new())));
        }
        read(&self.text, &self.kind, ctx)
    }

    /// Looks at the field when it is left: says what is wrong, and writes what was typed the way it is read.
    pub(super) fn settle(&mut self, ctx: &Ctx<'_>) {
        match self.value(ctx) {
            Err(error) => self.error = error,
            Ok(None) => self.error = Say::Nothing,
            Ok(Some(value)) => {
                self.error = Say::Nothing;
                if !matches!(
                    self.kind,
                    Kind::Rows(_) | Kind::Secret | Kind::Text { .. } | Kind::Digits { .. }
                ) {
                    self.text = typed(&value, &self.kind, ctx);
                }
            }
        }
        self.caret = count(&self.text);
        self.fresh = true;
    }

    pub(super) fn insert(&mut self, c: char, ctx: &Ctx<'_>) -> Typed {
        if self.fixed {
            return Typed::Refused(Say::key("error-fixed"));
        }
        match &self.kind {
            Kind::Bool => return self.insert_bool(c),
            Kind::Rows(_) if c == '0' => {
                self.put_rows(Vec::new());
                return Typed::Changed { full: true };
            }
            Kind::Rows(_) => return Typed::Refused(Say::key("error-rows-key")),
            Kind::Digits { .. } if !c.is_ascii_digit() => {
                return Typed::Refused(Say::key("error-digits-only"));
            }
            Kind::Int { .. } if !c.is_ascii_digit() && c != '-' => {
                return Typed::Refused(Say::key("error-digits-only"));
            }
            Kind::Money { .. } | Kind::Decimal { .. } if !"0123456789,.+-*/: ".contains(c) => {
                return Typed::Refused(Say::key("error-number-key"));
            }
            _ => {}
        }
        // What was only taken over is typed over as a whole, texts too.
        let replaces = self.fresh && (!matches!(self.kind, Kind::Text { .. }) || self.taken().is_some());
        if replaces {
            self.text.clear();
            self.caret = 0;
        }
        self.fresh = false;
        let most = self.most();
        if self.text.chars().count() >= most {
            return Typed::Refused(Say::key("error-full").with("max", most));
        }
        let at = byte(&self.text, self.caret);
        self.text.insert(at, c);
        // A combining mark joins what stands before it, so the caret follows what can be seen.
        self.caret = count(&self.text[..at + c.len_utf8()]);
        self.error = Say::Nothing;
        Typed::Changed {
            full: self.is_full(ctx),
        }
    }

    fn insert_bool(&mut self, c: char) -> Typed {
        let text = match c.to_lowercase().next().unwrap_or(c) {
            'd' | 'y' | '1' | '+' | 'д' | 'т' => "true",
            'n' | '0' | '-' | 'н' => "false",
            ' ' if self.text == "true" => "false",
            ' ' => "true",
            _ => return Typed::Refused(Say::key("error-bool-key")),
        };
        self.put(text);
        Typed::Changed { full: c != ' ' }
    }

    /// The longest text it takes, in characters.
    pub(super) fn most(&self) -> usize {
        match self.kind {
            Kind::Text { max } => max,
            Kind::Digits { len: 0, .. } => 20,
            Kind::Digits { len, .. } => len,
            Kind::Date { .. } => 11,
            Kind::Secret => 200,
            Kind::Int { .. } => 18,
            _ => 40,
        }
    }

    fn is_full(&self, ctx: &Ctx<'_>) -> bool {
        match &self.kind {
            Kind::Digits { len, .. } => *len > 0 && self.text.len() == *len,
            Kind::Date { .. } => self.text.len() == 10 && self.value(ctx).is_ok(),
            Kind::Code(list) | Kind::Person(list) => {
                let typed = self.text.to_lowercase();
                let begins = |c: &&Choice| c.code.to_lowercase().starts_with(&typed);
                // Full only where a code of digits is typed out and nothing else begins with it, not even a name: words end
                // with Enter, as the hand knows it.
                typed.chars().all(|c| c.is_ascii_digit())
                    && list.iter().any(|c| c.code.to_lowercase() == typed)
                    && list.iter().filter(begins).count() == 1
                    && !list.iter().any(|c| {
                        c.code.to_lowercase() != typed
                            && ctx.words.say(&c.label).to_lowercase().starts_with(&typed)
                    })
            }
            _ => false,
        }
    }

    pub(super) fn edit(&mut self, key: crate::term::Key) -> Typed {
        use crate::term::Key;
        let end = count(&self.text);
        let erasing = matches!(key, Key::Backspace | Key::Delete);
        if erasing && self.fixed {
            return Typed::Refused(Say::key("error-fixed"));
        }
        if erasing
            && matches!(
                self.kind,
                Kind::Bool | Kind::Rows(_) | Kind::Code(_) | Kind::Person(_)
            )
            && (self.fresh || end == 0)
        {
            if !self.answered() {
                return Typed::Moved;
            }
            self.put("");
            self.rows.clear();
            return Typed::Changed { full: false };
        }
        let before = self.caret;
        match key {
            Key::Left => self.caret = self.caret.saturating_sub(1),
            Key::Right => self.caret = (self.caret + 1).min(end),
            Key::Home => self.caret = 0,
            Key::End => self.caret = end,
            Key::Backspace if self.caret > 0 => {
                let (from, to) = (byte(&self.text, self.caret - 1), byte(&self.text, self.caret));
                self.text.replace_range(from..to, "");
                self.caret = before - 1;
                self.fresh = false;
                self.error = Say::Nothing;
                return Typed::Changed { full: false };
            }
            Key::Delete if self.caret < end => {
                let (from, to) = (byte(&self.text, self.caret), byte(&self.text, self.caret + 1));
                self.text.replace_range(from..to, "");
                self.fresh = false;
                self.error = Say::Nothing;
                return Typed::Changed { full: false };
            }
            Key::Backspace | Key::Delete => return Typed::Moved,
            _ => return Typed::NotMine,
        }
        self.fresh = false;
        Typed::Moved
    }

    /// What the field shows when it is not being typed in.
    pub fn display(&self, ctx: &Ctx<'_>) -> String {
        match &self.kind {
            Kind::Bool => match self.text.as_str() {
                "true" => ctx.words.t("yes"),
                "false" => ctx.words.t("no"),
                _ => String::new(),
            },
            Kind::Secret => "•".repeat(count(&self.text)),
            Kind::Code(list) | Kind::Person(list) => match list.iter().find(|c| c.code == self.text) {
                Some(choice) => ctx.words.say(&choice.label),
                None if is_person(&self.kind, &self.text) => ctx.words.t("field-chosen"),
                None => crate::text::visible(&self.text),
            },
            Kind::Rows(_) if !self.rows.is_empty() => {
                ctx.words.say(&Say::key("rows-count").with("n", self.rows.len()))
            }
            Kind::Rows(_) if self.text == "0" => ctx.words.t("rows-none"),
            Kind::Digits { mask, .. } if !mask.is_empty() && self.fresh => masked(&self.text, mask),
            _ => crate::text::visible(&self.text),
        }
    }
}

fn is_person(kind: &Kind, text: &str) -> bool {
    matches!(kind, Kind::Person(_)) && text.parse::<karton_api::Id<karton_api::value::Person>>().is_ok()
}

/// What text of this kind says.
pub(super) fn read(text: &str, kind: &Kind, ctx: &Ctx<'_>) -> Result<Option<FactValue>, Say> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(match kind {
        // What turns the direction of writing came with something pasted; it would turn a letter too.
        Kind::Text { .. } if text.chars().any(crate::text::turns) => return Err(Say::key("error-control")),
        Kind::Text { .. } | Kind::Secret => FactValue::Text(text.to_owned()),
        Kind::Digits { len, check, .. } => {
            if *len > 0 && text.len() != *len {
                return Err(Say::key("error-digits").with("length", len));
            }
            if let Some(check) = check {
                check.holds(text)?;
            }
            FactValue::Text(text.to_owned())
        }
        Kind::Int { min, max } => {
            let n = text.parse::<i64>().map_err(|_| Say::key("error-number"))?;
            if n < *min || n > *max {
                return Err(Say::key("error-range").with("min", min).with("max", max));
            }
            FactValue::Int(n)
        }
        Kind::Decimal { places } => FactValue::Decimal(amount::decimal(text, *places, ctx.words.lang())?),
        Kind::Money { currency, places } => FactValue::Money(Money::new(
            amount::minor(text, *places, ctx.words.lang())?,
            *currency,
        )),
        Kind::Date { past } => {
            let day = date::parse(text, ctx.today, ctx.words.lang(), *past)?;
            if *past && day > ctx.today {
                return Err(Say::key("error-future"));
            }
            FactValue::Date(day)
        }
        Kind::Bool => FactValue::Bool(text == "true"),
        Kind::Code(list) => FactValue::Code(choose(list, text, ctx)?),
        // Somebody chosen earlier who is not on this list stands there by the id.
        Kind::Person(list) => FactValue::Person(match text.parse() {
            Ok(id) => id,
            Err(_) => choose(list, text, ctx)?
                .parse()
                .map_err(|_| Say::key("error-choice"))?,
        }),
        Kind::Rows(_) => FactValue::Rows(Vec::new()),
    }))
}

/// The code that was typed, or the only entry that fits, or the one whose name begins with it.
fn choose(list: &[Choice], text: &str, ctx: &Ctx<'_>) -> Result<String, Say> {
    if let Some(choice) = list
        .iter()
        .find(|c| c.code == text)
        .or_else(|| list.iter().find(|c| c.code.eq_ignore_ascii_case(text)))
    {
        return Ok(choice.code.clone());
    }
    match matches(list, text, ctx.words)[..] {
        [only] => Ok(list[only].code.clone()),
        [] => Err(Say::key("error-choice")),
        [first, ..] => {
            let begins = |i: usize| {
                crate::text::fold(&ctx.words.say(&list[i].label)).starts_with(&crate::text::fold(text))
            };
            let many = list.iter().enumerate().filter(|(i, _)| begins(*i)).count();
            if many == 1 && begins(first) {
                Ok(list[first].code.clone())
            } else {
                Err(Say::key("error-choices"))
            }
        }
    }
}

/// A value as it would have been typed.
pub(super) fn typed(value: &FactValue, kind: &Kind, ctx: &Ctx<'_>) -> String {
    match value {
        FactValue::Bool(yes) => yes.to_string(),
        FactValue::Int(n) => n.to_string(),
        FactValue::Decimal(text) => text.replace('.', &ctx.words.lang().decimal().to_string()),
        FactValue::Money(money) => {
            let places = if let Kind::Money { places, .. } = kind {
                *places
            } else {
                2
            };
            amount::show(money.minor, places, ctx.words.lang())
        }
        FactValue::Date(day) => date::show(*day),
        FactValue::Text(text) | FactValue::Code(text) => text.clone(),
        FactValue::Person(id) => id.to_string(),
        FactValue::Rows(_) => String::new(),
    }
}

fn masked(text: &str, mask: &str) -> String {
    let mut digits = text.chars();
    let mut out = String::new();
    for m in mask.chars() {
        if m == '9' {
            match digits.next() {
                Some(d) => out.push(d),
                None => return out,
            }
        } else {
            out.push(m);
        }
    }
    out.extend(digits);
    out
}

pub(super) fn count(text: &str) -> usize {
    text.graphemes(true).count()
}
pub(super) fn byte(text: &str, caret: usize) -> usize {
    text.grapheme_indices(true)
        .nth(caret)
        .map_or(text.len(), |(i, _)| i)
}
