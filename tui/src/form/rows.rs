//! The editor of a small table: a line for each row, typed through like a form.

use super::{Column, Ctx, Did, Field, Form, Kind, Page};
use crate::{
    i18n::Say,
    term::{Chord, Key},
};
use std::sync::Arc;

/// A table being edited. Each row is a page of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsEditor {
    /// What the table is about.
    pub title: Say,
    /// Its columns.
    pub columns: Arc<[Column]>,
    /// Its rows, the last of them empty for the next.
    pub form: Form,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowsDid {
    /// Still editing.
    Form(Did),
    /// Done: the rows as they stand.
    Done(Vec<Vec<String>>),
    /// A row is wrong; the words say how.
    Wrong(Say),
}

impl RowsEditor {
    /// Opens the editor of a field's table.
    pub fn open(field: &Field) -> Option<RowsEditor> {
        let Kind::Rows(columns) = &field.kind else {
            return None;
        };
        let mut pages: Vec<Page> = field.rows.iter().map(|r| row(columns, r)).collect();
        pages.push(row(columns, &[]));
        Some(RowsEditor {
            title: field.label.clone(),
            columns: columns.clone(),
            form: Form::new(pages),
        })
    }
    /// The columns' headings and the rows' texts, with the cursor's row.
    pub fn rows(&self) -> &[Page] {
        &self.form.pages
    }
    /// Takes a key: Esc and F10 finish, F8 removes the row, everything else is typing.
    pub fn key(&mut self, chord: Chord, ctx: &Ctx<'_>) -> RowsDid {
        match chord.key {
            Key::Esc | Key::F(10) => return self.finish(ctx),
            Key::F(8) => {
                let at = self.form.page();
                if at + 1 < self.form.pages.len() {
                    self.form.pages.remove(at);
                    return RowsDid::Form(Did::Changed);
                }
                return RowsDid::Form(Did::Refused(Say::Nothing));
            }
            Key::Down | Key::Up => {
                let key = if chord.key == Key::Down {
                    Key::PageDown
                } else {
                    Key::PageUp
                };
                let before = (self.form.page(), self.form.field_index());
                let did = self.form.key(Chord::of(key), ctx);
                return self.left_wrong(before, ctx).unwrap_or(RowsDid::Form(did));
            }
            _ => {}
        }
        let before = (self.form.page(), self.form.field_index());
        let did = self.form.key(chord, ctx);
        let full = self
            .form
            .pages
            .last()
            .is_some_and(|p| p.fields.iter().any(Field::answered));
        if full {
            self.form.pages.push(row(&self.columns, &[]));
        }
        match did {
            // Enter on the last, empty line: nothing more to add.
            Did::Finished => self.finish(ctx),
            other => self.left_wrong(before, ctx).unwrap_or(RowsDid::Form(other)),
        }
    }
    /// What is wrong with the cell that the cursor has just left, as a form says it of its fields.
    fn left_wrong(&self, (page, field): (usize, usize), ctx: &Ctx<'_>) -> Option<RowsDid> {
        let moved = (page, field) != (self.form.page(), self.form.field_index());
        let left = self.form.pages.get(page)?.fields.get(field)?;
        if !moved || left.error().is_nothing() {
            return None;
        }
        let (label, error) = (ctx.words.say(&left.label), ctx.words.say(left.error()));
        Some(RowsDid::Wrong(Say::raw(format!("{label}: {error}"))))
    }
    fn finish(&mut self, ctx: &Ctx<'_>) -> RowsDid {
        let used = |p: &&Page| p.fields.iter().any(Field::answered);
        if let Err(words) = self.form.check(ctx) {
            return RowsDid::Wrong(words);
        }
        RowsDid::Done(
            self.form
                .pages
                .iter()
                .filter(used)
                .map(|p| p.fields.iter().map(|f| f.text.clone()).collect())
                .collect(),
        )
    }
}

fn row(columns: &[Column], texts: &[String]) -> Page {
    let field = |(i, c): (usize, &Column)| {
        let mut field = Field::new(c.id.clone(), c.label.clone(), c.kind.clone());
        field.put(texts.get(i).map_or("", String::as_str));
        field
    };
    Page {
        id: String::new(),
        title: Say::Nothing,
        fields: columns.iter().enumerate().map(field).collect(),
    }
}
