//! Forms: what a counter lives on. Pure: keys in, answers out; no network, no clock.
//!
//! The manners are those of the green screens that clerks know by heart: a full field moves on by itself, Enter moves on,
//! F4 opens the list, F6 repeats the last answer, a wrong answer is said at its field in words and never blocks typing,
//! Ctrl-Z takes back. A form has pages that fit the screen; it never scrolls.

pub mod amount;
pub mod check;
pub mod choice;
pub mod date;
pub mod field;
pub mod rows;
#[cfg(test)]
mod tests;
pub mod view;

pub use choice::{Choice, Picker};
pub use field::{Column, Field, Kind};
pub use rows::{RowsDid, RowsEditor};

use crate::{
    i18n::{Say, Words},
    term::{Chord, Key},
};
use field::Typed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a form must know of the world around it.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    /// Today, where the server is.
    pub today: karton_api::Date,
    /// The language.
    pub words: &'a Words,
}

/// One screenful of fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its name; stands before the fields' ids where fields repeat (one page for each member).
    pub id: String,
    /// What it is about.
    pub title: Say,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// Pages of fields, with the cursor in one of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Form {
    /// The pages.
    pub pages: Vec<Page>,
    page: usize,
    field: usize,
    undo: Vec<(usize, usize, String, Vec<Vec<String>>)>,
    visit: bool,
    dirty: bool,
    stale: bool,
    held: Option<Step>,
    /// The last answer to each question, for F6.
    last: BTreeMap<String, String>,
}

/// A move of the cursor that waits until it is known which fields apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    By(i32),
    Turn(i32),
    Finish,
}

/// What a key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// The cursor would pass a field that may or may not apply now: find out, then `resume`. Keys typed meanwhile come after that, so
    /// that the same keys always give the same answers, however slow the line.
    Held,
    /// Nothing: the key is not for forms.
    Ignored,
    /// The cursor moved.
    Moved,
    /// An answer changed.
    Changed,
    /// The key does not fit here; ring and say why.
    Refused(Say),
    /// F4: the list of the field should open, or the editor of its table.
    List,
    /// Enter on the last field of the last page.
    Finished,
}

/// An answer as it is kept in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Vec<String>>,
}

impl Form {
    /// A form with the cursor in its first field.
    pub fn new(pages: Vec<Page>) -> Form {
        let mut form = Form {
            pages,
            ..Form::default()
        };
        form.first();
        form
    }
    /// A form of one page.
    pub fn single(fields: Vec<Field>) -> Form {
        Form::new(vec![Page {
            id: String::new(),
            title: Say::Nothing,
            fields,
        }])
    }
    /// The page with the cursor.
    pub fn page(&self) -> usize {
        self.page
    }
    /// The number of the page with the cursor among those that have a question now, from 1, and how many these are.
    pub fn page_of(&self) -> (usize, usize) {
        let asks = |p: &&Page| p.fields.iter().any(|f| f.shown);
        let before = self.pages.iter().take(self.page).filter(asks).count();
        let all = self.pages.iter().filter(asks).count();
        (before + 1, all.max(before + 1))
    }
    /// The place of the field with the cursor, on its page.
    pub fn field_index(&self) -> usize {
        self.field
    }
    /// The field with the cursor.
    pub fn current(&self) -> Option<&Field> {
        self.pages.get(self.page)?.fields.get(self.field)
    }
    /// Whether something changed since it was made or saved.
    pub fn dirty(&self) -> bool {
        self.dirty
    }
    /// It has been saved: nothing to take back any more.
    pub fn saved(&mut self) {
        self.dirty = false;
        self.undo.clear();
    }
    /// Remembers earlier answers for F6.
    pub fn remember(&mut self, last: &BTreeMap<String, String>) {
        self.last = last.clone();
    }
    /// The answers of this form, for F6 in the next.
    pub fn answers(&self) -> BTreeMap<String, String> {
        let fields = self
            .pages
            .iter()
            .flat_map(|p| &p.fields)
            .filter(|f| f.dup && !f.text.is_empty());
        let mut last = self.last.clone();
        last.extend(fields.map(|f| (f.question().to_owned(), f.text.clone())));
        last
    }
    /// The field of this page and id.
    pub fn find(&self, page: &str, id: &str) -> Option<&Field> {
        self.pages
            .iter()
            .find(|p| p.id == page)?
            .fields
            .iter()
            .find(|f| f.id == id)
    }
    /// The field of this page and id, to change it.
    pub fn find_mut(&mut self, page: &str, id: &str) -> Option<&mut Field> {
        self.pages
            .iter_mut()
            .find(|p| p.id == page)?
            .fields
            .iter_mut()
            .find(|f| f.id == id)
    }

    /// Puts the cursor at a place, if there is a field that can be typed in.
    pub fn go(&mut self, (page, field): (usize, usize)) {
        if self.places().contains(&(page, field)) {
            (self.page, self.field) = (page, field);
        }
        self.visit = false;
    }

    /// Says whether it is known, for the answers as they stand, which fields apply.
    pub fn know(&mut self, known: bool) {
        self.stale = !known;
    }
    /// Makes the move that was held.
    pub fn resume(&mut self, ctx: &Ctx<'_>) -> Did {
        self.stale = false;
        match self.held.take() {
            Some(Step::By(by)) => self.step(by, ctx),
            Some(Step::Turn(by)) => self.turn(by, ctx),
            Some(Step::Finish) if self.is_last() => Did::Finished,
            Some(Step::Finish) => self.step(1, ctx),
            None => Did::Moved,
        }
    }
    /// Whether a move in this direction meets a field of which it is not known whether it applies.
    fn doubtful(&self, forward: bool) -> bool {
        if !self.stale {
            return false;
        }
        let here = (self.page, self.field);
        let all = self.pages.iter().enumerate().flat_map(|(p, page)| {
            page.fields
                .iter()
                .enumerate()
                .map(move |(f, field)| ((p, f), field))
        });
        let mut ahead: Vec<_> = all
            .filter(|(place, field)| !field.fixed && if forward { *place > here } else { *place < here })
            .collect();
        if !forward {
            ahead.reverse();
        }
        // Up to the first field that is there in any case.
        ahead
            .iter()
            .take_while(|(_, f)| f.conditional || !f.shown)
            .any(|(_, f)| f.conditional)
    }

    /// Takes a key.
    pub fn key(&mut self, chord: Chord, ctx: &Ctx<'_>) -> Did {
        if chord.ctrl {
            return match chord.key {
                Key::Char('z') => self.take_back(),
                Key::Char('a') => self.edit(Key::Home),
                Key::Char('e') => self.edit(Key::End),
                Key::Char('u') => self.empty(),
                _ => Did::Ignored,
            };
        }
        match chord.key {
            Key::Tab | Key::Down => self.step(1, ctx),
            Key::Enter if self.is_last() => {
                self.settle(ctx);
                if self.doubtful(true) {
                    self.held = Some(Step::Finish);
                    return Did::Held;
                }
                Did::Finished
            }
            Key::Enter => self.step(1, ctx),
            Key::BackTab | Key::Up => self.step(-1, ctx),
            Key::PageDown => self.turn(1, ctx),
            Key::PageUp => self.turn(-1, ctx),
            Key::F(4) => self.list(),
            Key::F(6) => self.repeat(ctx),
            Key::Char(' ') if matches!(self.current().map(|f| &f.kind), Some(Kind::Rows(_))) => Did::List,
            Key::Insert if matches!(self.current().map(|f| &f.kind), Some(Kind::Rows(_))) => Did::List,
            Key::Char(c) => self.type_in(c, ctx),
            key => self.edit(key),
        }
    }

    /// Away with all that stands in the field.
    fn empty(&mut self) -> Did {
        let mut did = self.edit(Key::End);
        let most = self.current().map_or(0, |field| field.text.chars().count());
        for _ in 0..most {
            did = self.edit(Key::Backspace);
        }
        did
    }

    /// Takes pasted text, character by character; line ends become blanks. It stays in the field it began in.
    pub fn paste(&mut self, text: &str, ctx: &Ctx<'_>) -> Did {
        let mut did = Did::Ignored;
        let place = (self.page, self.field);
        for c in text.chars() {
            let c = if c.is_control() { ' ' } else { c };
            let digits = matches!(self.current().map(|f| &f.kind), Some(Kind::Digits { .. }));
            if digits && !c.is_ascii_digit() {
                continue;
            }
            match self.type_in(c, ctx) {
                Did::Refused(why) => return Did::Refused(why),
                other => did = other,
            }
            if (self.page, self.field) != place {
                break;
            }
        }
        did
    }

    fn list(&mut self) -> Did {
        match self.current().map(|f| (&f.kind, f.fixed)) {
            Some((Kind::Code(_) | Kind::Person(_) | Kind::Rows(_) | Kind::Date { .. }, false)) => Did::List,
            _ => Did::Refused(Say::key("error-no-list")),
        }
    }

    fn type_in(&mut self, c: char, ctx: &Ctx<'_>) -> Did {
        self.keep();
        let Some(field) = self.at() else {
            return Did::Ignored;
        };
        match field.insert(c, ctx) {
            Typed::Refused(why) => Did::Refused(why),
            Typed::Changed { full } => self.advance(full, ctx),
            _ => Did::Moved,
        }
    }

    /// After a change: a full field moves on by itself.
    fn advance(&mut self, full: bool, ctx: &Ctx<'_>) -> Did {
        self.dirty = true;
        self.stale = self.stale || self.pages.iter().any(|p| p.fields.iter().any(|f| f.conditional));
        if full && (self.doubtful(true) || !self.is_last()) && self.step(1, ctx) == Did::Held {
            return Did::Held;
        }
        Did::Changed
    }

    fn edit(&mut self, key: Key) -> Did {
        if matches!(key, Key::Backspace | Key::Delete) {
            self.keep();
        }
        let Some(field) = self.at() else {
            return Did::Ignored;
        };
        match field.edit(key) {
            Typed::NotMine => Did::Ignored,
            Typed::Moved => Did::Moved,
            Typed::Refused(why) => Did::Refused(why),
            Typed::Changed { .. } => {
                self.dirty = true;
                Did::Changed
            }
        }
    }

    /// Puts an answer chosen from a list, and moves on.
    pub fn choose(&mut self, text: &str, ctx: &Ctx<'_>) -> Did {
        self.keep();
        let Some(field) = self.at() else {
            return Did::Ignored;
        };
        field.put(text);
        field.settle(ctx);
        self.advance(true, ctx)
    }
    /// Puts the rows of the table with the cursor.
    pub fn put_rows(&mut self, rows: Vec<Vec<String>>) -> Did {
        // A table that was only looked into says nothing: "there is none" is said with 0.
        if rows.is_empty() && self.current().is_some_and(|field| !field.answered()) {
            return Did::Moved;
        }
        self.keep();
        let Some(field) = self.at() else {
            return Did::Ignored;
        };
        field.put_rows(rows);
        self.dirty = true;
        Did::Changed
    }

    fn repeat(&mut self, ctx: &Ctx<'_>) -> Did {
        let Some(field) = self.current() else {
            return Did::Ignored;
        };
        if !field.dup || field.fixed {
            return Did::Refused(Say::key("error-no-dup"));
        }
        // The same question on an earlier page (the member before this one) is nearer than the last form.
        let question = field.question().to_owned();
        let (before, from_here) = self.pages.split_at(self.page);
        // Then one further on: whoever turned back asks for what was typed there.
        let after = from_here.iter().skip(1);
        let other = before
            .iter()
            .rev()
            .chain(after)
            .flat_map(|p| &p.fields)
            .find(|f| f.question() == question && !f.text.trim().is_empty());
        let text = other
            .map(|f| f.text.clone())
            .or_else(|| self.last.get(&question).cloned());
        match text {
            Some(text) => self.choose(&text, ctx),
            None => Did::Refused(Say::key("error-nothing-to-repeat")),
        }
    }

    fn take_back(&mut self) -> Did {
        let Some((page, field, text, rows)) = self.undo.pop() else {
            return Did::Refused(Say::key("error-nothing-to-undo"));
        };
        self.page = page;
        self.field = field;
        self.visit = false;
        if let Some(field) = self.at() {
            field.put(&text);
            field.rows = rows;
        }
        self.dirty = true;
        Did::Changed
    }

    /// Remembers the answer before the first change of a visit, so that Ctrl-Z takes back field by field.
    fn keep(&mut self) {
        if self.visit {
            return;
        }
        let place = (self.page, self.field);
        if let Some(field) = self.current().filter(|f| !f.fixed) {
            let entry = (place.0, place.1, field.text.clone(), field.rows.clone());
            self.undo.push(entry);
            self.visit = true;
        }
    }

    fn at(&mut self) -> Option<&mut Field> {
        self.pages.get_mut(self.page)?.fields.get_mut(self.field)
    }
    /// Looks at the field with the cursor as if it were left.
    pub fn settle(&mut self, ctx: &Ctx<'_>) {
        if let Some(field) = self.at() {
            field.settle(ctx);
        }
        // A visit that changed nothing leaves nothing to take back.
        let unchanged = self.undo.last().is_some_and(|(p, f, text, rows)| {
            (*p, *f) == (self.page, self.field)
                && self.current().is_some_and(|c| c.text == *text && c.rows == *rows)
        });
        if self.visit && unchanged {
            self.undo.pop();
        }
        self.visit = false;
    }

    fn places(&self) -> Vec<(usize, usize)> {
        let open = |f: &Field| f.shown && !f.fixed;
        let page = |(p, page): (usize, &Page)| -> Vec<(usize, usize)> {
            page.fields
                .iter()
                .enumerate()
                .filter(|(_, f)| open(f))
                .map(|(i, _)| (p, i))
                .collect()
        };
        self.pages.iter().enumerate().flat_map(page).collect()
    }
    fn is_last(&self) -> bool {
        self.places().last() == Some(&(self.page, self.field))
    }
    fn first(&mut self) {
        if let Some((page, field)) = self.places().first() {
            (self.page, self.field) = (*page, *field);
        }
    }
    fn step(&mut self, by: i32, ctx: &Ctx<'_>) -> Did {
        self.settle(ctx);
        if self.doubtful(by > 0) {
            self.held = Some(Step::By(by));
            return Did::Held;
        }
        let here = (self.page, self.field);
        let places = self.places();
        let next = if by > 0 {
            places.iter().find(|p| **p > here)
        } else {
            places.iter().rev().find(|p| **p < here)
        };
        match next {
            Some((page, field)) => {
                (self.page, self.field) = (*page, *field);
                Did::Moved
            }
            None => Did::Refused(Say::Nothing),
        }
    }
    fn turn(&mut self, by: i32, ctx: &Ctx<'_>) -> Did {
        self.settle(ctx);
        if self.stale && self.pages.iter().any(|p| p.fields.iter().any(|f| f.conditional)) {
            self.held = Some(Step::Turn(by));
            return Did::Held;
        }
        let page = self.page;
        let places = self.places();
        let target = if by > 0 {
            places.iter().map(|p| p.0).find(|p| *p > page)
        } else {
            places.iter().rev().map(|p| p.0).find(|p| *p < page)
        };
        match target.and_then(|t| places.iter().find(|p| p.0 == t)) {
            Some((page, field)) => {
                (self.page, self.field) = (*page, *field);
                Did::Moved
            }
            None => Did::Refused(Say::Nothing),
        }
    }

    /// Looks at every field that is shown. With something missing or wrong the cursor goes to the first of it and the words come back.
    pub fn check(&mut self, ctx: &Ctx<'_>) -> Result<(), Say> {
        for field in self
            .pages
            .iter_mut()
            .flat_map(|p| &mut p.fields)
            .filter(|f| f.shown)
        {
            field.settle(ctx);
            if field.error.is_nothing() && field.required && !field.answered() {
                field.error = Say::key("error-required");
            }
        }
        self.visit = false;
        match self.first_error() {
            Some((page, field)) => {
                (self.page, self.field) = (page, field);
                Err(self.current().map(|f| f.error.clone()).unwrap_or_default())
            }
            None => Ok(()),
        }
    }
    fn first_error(&self) -> Option<(usize, usize)> {
        let shown = |p: &(usize, usize)| !self.pages[p.0].fields[p.1].error.is_nothing();
        self.places().into_iter().find(shown)
    }
    /// The places of what is wrong on a page.
    pub fn errors_on(&self, page: usize) -> usize {
        self.pages.get(page).map_or(0, |p| {
            p.fields
                .iter()
                .filter(|f| f.shown && !f.error.is_nothing())
                .count()
        })
    }
    /// Puts the server's words at a field and the cursor there. False when there is no such field here.
    pub fn fault(&mut self, page: &str, id: &str, words: Say) -> bool {
        let Some(p) = self
            .pages
            .iter()
            .position(|x| x.id == page && x.fields.iter().any(|f| f.id == id))
        else {
            return false;
        };
        let Some(f) = self.pages[p].fields.iter().position(|f| f.id == id) else {
            return false;
        };
        self.pages[p].fields[f].error = words;
        (self.page, self.field) = (p, f);
        self.visit = false;
        true
    }

    /// Puts words at a field and leaves the cursor where it is: somebody is typing. False when there is no such field here.
    pub fn mark(&mut self, page: &str, id: &str, words: Say) -> bool {
        let page = self.pages.iter_mut().find(|it| it.id == page);
        let field = page.and_then(|page| page.fields.iter_mut().find(|field| field.id == id));
        match field {
            Some(field) => {
                field.error = words;
                true
            }
            None => false,
        }
    }

    /// Every answer, for a draft.
    pub fn kept(&self) -> BTreeMap<String, Kept> {
        let name = |p: &Page, f: &Field| format!("{}/{}", p.id, f.id);
        let secret = |f: &Field| matches!(f.kind, Kind::Secret);
        self.pages
            .iter()
            .flat_map(|p| p.fields.iter().map(move |f| (p, f)))
            .filter(|(_, f)| f.answered() && !secret(f) && !f.fixed)
            .map(|(p, f)| {
                (
                    name(p, f),
                    Kept {
                        text: f.text.clone(),
                        rows: f.rows.clone(),
                    },
                )
            })
            .collect()
    }
    /// Puts a draft's answers back; those whose fields are gone are left out.
    pub fn restore(&mut self, kept: &BTreeMap<String, Kept>) {
        for page in &mut self.pages {
            for field in page.fields.iter_mut().filter(|f| !f.fixed) {
                if let Some(answer) = kept.get(&format!("{}/{}", page.id, field.id)) {
                    field.put(&answer.text);
                    field.rows.clone_from(&answer.rows);
                }
            }
        }
        self.dirty = true;
    }
}
