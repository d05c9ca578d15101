//! Which benefit is applied for.

use super::{
    Desk,
    widgets::{Cursor, list, put},
};
use crate::{
    api::Ask,
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    i18n::Say,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{Id, catalogue::Benefit, value};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The catalogue, to choose from.
#[derive(Debug, Clone)]
pub struct Benefits {
    /// For whom; nobody where it is only worked out.
    person: Option<Id<value::Person>>,
    list: Vec<Benefit>,
    cursor: Cursor,
    /// Places of those that are applied for together, in the order of marking.
    marked: Vec<usize>,
    /// The letters typed so far.
    typed: String,
}

impl Benefits {
    /// For this person.
    pub fn new(person: Option<Id<value::Person>>, list: Vec<Benefit>) -> Benefits {
        Benefits {
            person,
            list,
            cursor: Cursor::default(),
            marked: Vec::new(),
            typed: String::new(),
        }
    }
    fn mark(&mut self) {
        let here = self.cursor.0;
        match self.marked.iter().position(|place| *place == here) {
            Some(there) => {
                self.marked.remove(there);
            }
            None if here < self.list.len() => self.marked.push(here),
            None => {}
        }
        self.cursor.0 = (here + 1).min(self.list.len().saturating_sub(1));
    }
    /// What is applied for: what is marked, otherwise what has the cursor; several stand with a plus between their codes.
    fn code(&self) -> Option<String> {
        let here = [self.cursor.0];
        let places: &[usize] = if self.marked.is_empty() {
            &here
        } else {
            &self.marked
        };
        let codes: Option<Vec<&str>> = places
            .iter()
            .map(|place| self.list.get(*place).map(|b| b.code.as_str()))
            .collect();
        Some(codes?.join("+"))
    }
}

impl Desk for Benefits {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-benefits")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        if self.person.is_some() {
            vec![Act::Open, Act::Mark]
        } else {
            vec![Act::Open]
        }
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match (act, self.code()) {
            (Act::Mark, _) => self.mark(),
            (Act::Open, Some(benefit)) if self.person.is_none() => cx.want(Effect::Open {
                ask: Ask::WhatIfForm {
                    benefit: benefit.split('+').next().unwrap_or_default().to_owned(),
                },
                replace: true,
            }),
            (Act::Open, Some(benefit)) => {
                let Some(person) = self.person else { return };
                let user = cx.look.session.map_or("", |s| s.user.as_str());
                let local = cx
                    .look
                    .drafts
                    .contains_key(&format!("intake|{user}|{benefit}|{person}"));
                let ask = Ask::Intake {
                    benefit,
                    person,
                    draft: None,
                    local,
                };
                cx.want(Effect::Open { ask, replace: true });
            }
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        if chord == Chord::of(Key::Char(' ')) {
            self.mark();
            return true;
        }
        // Letters go to the benefit whose code or name begins with what was typed; where none goes on so, the last letter begins anew.
        if let Key::Char(c) = chord.key
            && !chord.ctrl
        {
            let n = self.list.len();
            let find = |typed: &str, first: usize| {
                let typed = crate::text::fold(typed);
                let begins = |b: &Benefit| {
                    crate::text::fold(&b.code).starts_with(&typed)
                        || crate::text::fold(cx.look.words.pick(&b.name)).starts_with(&typed)
                };
                (first..first + n)
                    .map(|i| (self.cursor.0 + i) % n.max(1))
                    .find(|i| self.list.get(*i).is_some_and(&begins))
            };
            let so_far = format!("{}{c}", self.typed);
            let on = (!self.typed.is_empty()).then(|| find(&so_far, 0)).flatten();
            let (next, typed) = match on {
                Some(next) => (Some(next), so_far),
                None => (find(&c.to_string(), 1), c.to_string()),
            };
            self.typed = typed;
            if let Some(next) = next {
                self.cursor.0 = next;
            }
            return next.is_some();
        }
        self.typed.clear();
        self.cursor.key(chord, self.list.len(), 15)
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    /// The whole name of what has the cursor: the list has room for its beginning only.
    fn status(&self, look: &Look<'_>) -> Say {
        self.list.get(self.cursor.0).map_or(Say::Nothing, |benefit| {
            let name = visible(look.words.pick(&benefit.name));
            Say::raw(format!(
                "{}  {name}  {}",
                benefit.code,
                visible(&benefit.law.join(", "))
            ))
        })
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-benefits"))]
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &look.words.t("benefits-says"),
            look.theme.quiet(),
        );
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        let name = usize::from(area.width).saturating_sub(40);
        list(buffer, body, self.list.len(), self.cursor, look, |i| {
            let b = &self.list[i];
            let kind = if b.kind == "monthly" {
                "kind-monthly"
            } else {
                "kind-one-off"
            };
            let mark = if self.marked.contains(&i) { "x" } else { "" };
            vec![
                (mark.to_owned(), 1, look.theme.good()),
                (visible(&b.code), 6, look.theme.strong()),
                (visible(look.words.pick(&b.name)), name, Style::new()),
                (look.words.t(kind), 12, Style::new()),
                (visible(&b.law.join(", ")), 18, look.theme.quiet()),
            ]
        })
    }
}
