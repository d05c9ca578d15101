//! Many decisions at once: recommended applications of one benefit and outcome, each with its why one key away.

use super::{
    Desk,
    widgets::{Cursor, card_line, full_name, list, money, outcome_key, put},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{
        Cx, Effect, Look, confirm,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    i18n::Say,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    Id,
    assessments::Outcome,
    decisions::{DecideMany, DecidedMany, Marked, ReadyToDecide},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use std::collections::BTreeSet;

/// The list with its marks.
#[derive(Debug, Clone)]
pub struct ManyScreen {
    benefit: String,
    outcome: Outcome,
    items: Vec<ReadyToDecide>,
    marked: BTreeSet<Id<value::Application>>,
    cursor: Cursor,
}

impl ManyScreen {
    /// With all marked that may be decided together.
    pub fn new(benefit: &str, outcome: Outcome, items: Vec<ReadyToDecide>) -> ManyScreen {
        let marked = items
            .iter()
            .filter(|item| item.barred.is_none())
            .map(|item| item.application.id)
            .collect();
        ManyScreen {
            benefit: benefit.to_owned(),
            outcome,
            items,
            marked,
            cursor: Cursor::default(),
        }
    }
    fn show(&self, outcome: Outcome, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::Ready {
            benefit: self.benefit.clone(),
            outcome,
        }));
    }
    fn mark(&mut self, cx: &mut Cx<'_>) {
        let Some(item) = self.items.get(self.cursor.0) else {
            return;
        };
        if item.barred.is_some() {
            return cx.wrong(Say::key("many-barred"));
        }
        if !self.marked.remove(&item.application.id) {
            self.marked.insert(item.application.id);
        }
        self.cursor.0 = (self.cursor.0 + 1).min(self.items.len().saturating_sub(1));
    }
    fn said(&self, told: &DecidedMany, cx: &mut Cx<'_>) {
        let mut lines = vec![Line::Text(
            0,
            Say::key("many-decided").with("n", told.decided.len()),
        )];
        let name = |id: Id<value::Application>| {
            self.items
                .iter()
                .find(|item| item.application.id == id)
                .map(|item| card_line(&item.application.applicant))
                .unwrap_or_default()
        };
        for one in &told.decided {
            lines.push(Line::Pair(
                Say::raw(one.number.clone()),
                Say::raw(name(one.application)),
            ));
        }
        if !told.left.is_empty() {
            lines.push(Line::Gap);
            lines.push(Line::Text(0, Say::key("many-left").with("n", told.left.len())));
        }
        for one in &told.left {
            let why = crate::api::refusal(&one.problem)
                .map(|words| cx.look.words.t(words))
                .or_else(|| one.detail.clone())
                .unwrap_or_else(|| one.problem.clone());
            lines.push(Line::Pair(Say::raw(name(one.application)), Say::raw(why)));
        }
        cx.want(Effect::Overlay(Box::new(Overlay::Text {
            title: Say::key("title-many"),
            lines,
            at: 0,
        })));
    }
}

impl Desk for ManyScreen {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-many"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-many")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if !self.marked.is_empty() {
            acts.push(Act::Decide);
        }
        if !self.items.is_empty() {
            acts.extend([Act::Open, Act::Mark]);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => {
                if let Some(item) = self.items.get(self.cursor.0) {
                    cx.want(Effect::Open {
                        ask: Ask::Application {
                            id: item.application.id,
                        },
                        replace: false,
                    });
                }
            }
            Act::Mark => self.mark(cx),
            Act::Decide => {
                let outcome = cx.look.words.t(outcome_key(self.outcome));
                let lines = vec![
                    Say::key("many-ask-says")
                        .with("n", self.marked.len())
                        .with("outcome", outcome),
                    Say::key("decide-says"),
                ];
                cx.want(confirm(Say::key("many-ask"), lines, Act::Decide));
            }
            Act::Refresh => self.show(self.outcome, cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Tab | Key::BackTab => {
                let other = if self.outcome == Outcome::Grant {
                    Outcome::Refuse
                } else {
                    Outcome::Grant
                };
                self.show(other, cx);
                true
            }
            Key::Char(' ') => {
                self.mark(cx);
                true
            }
            _ => self.cursor.key(
                chord,
                self.items.len(),
                usize::from(cx.look.size.1).saturating_sub(8),
            ),
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        self.show(self.outcome, cx);
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let items = self
            .items
            .iter()
            .filter(|item| self.marked.contains(&item.application.id));
        let body = DecideMany {
            outcome: self.outcome,
            items: items
                .map(|item| Marked {
                    application: item.application.id,
                    revision: item.revision,
                    assessment: item.assessment,
                })
                .collect(),
        };
        let once = cx.once();
        cx.want(Effect::Submit(Ask::DecideMany { body, once }));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (Ask::Ready { benefit, outcome }, Ok(Answer::Ready(items))) => {
                let out: BTreeSet<Id<value::Application>> = self
                    .items
                    .iter()
                    .filter(|item| item.barred.is_none() && !self.marked.contains(&item.application.id))
                    .map(|item| item.application.id)
                    .collect();
                let at = self.cursor;
                *self = ManyScreen::new(benefit, *outcome, items);
                // What was taken out stays out.
                self.marked.retain(|id| !out.contains(id));
                self.cursor = at;
                self.cursor.0 = self.cursor.0.min(self.items.len().saturating_sub(1));
            }
            (_, Ok(Answer::Many(told))) => {
                self.said(&told, cx);
                self.show(self.outcome, cx);
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        Say::key("many-marked")
            .with("n", self.marked.len())
            .with("all", self.items.len())
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let head = format!(
            "{}  ·  {}",
            self.items.first().map_or_else(
                || visible(&self.benefit),
                |item| visible(look.words.pick(&item.application.benefit_name))
            ),
            look.words.t(outcome_key(self.outcome))
        );
        put(buffer, area, 0, &head, look.theme.strong());
        put(buffer, area, 1, &look.words.t("many-says"), look.theme.quiet());
        if self.items.is_empty() {
            put(buffer, area, 3, &look.words.t("many-none"), Style::new());
            return None;
        }
        let body = Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(3));
        let name = usize::from(area.width).saturating_sub(60);
        list(buffer, body, self.items.len(), self.cursor, look, |i| {
            let item = &self.items[i];
            // A number that is cut off tells nobody apart.
            let applicant = &item.application.applicant;
            let who = Some(card_line(applicant))
                .filter(|line| crate::text::width(line) <= name)
                .unwrap_or_else(|| full_name(&applicant.name));
            let mark = match (&item.barred, self.marked.contains(&item.application.id)) {
                (Some(_), _) => "[–]",
                (None, true) => "[x]",
                (None, false) => "[ ]",
            };
            let note = item
                .barred
                .as_deref()
                .map(|slug| match slug {
                    "second-officer-needed" => look.words.t("many-own"),
                    "amount-needed" => look.words.t("many-amount"),
                    _ => look.words.t("many-outdated"),
                })
                .unwrap_or_default();
            vec![
                (mark.to_owned(), 3, Style::new()),
                (who, name, Style::new()),
                (
                    item.amount.map(|amount| money(amount, look)).unwrap_or_default(),
                    14,
                    Style::new(),
                ),
                (
                    visible(item.application.number.as_deref().unwrap_or("")),
                    18,
                    look.theme.quiet(),
                ),
                (note, 20, look.theme.open()),
            ]
        })
    }
}
