//! What is known at the moment of lodging: number, due date, other benefits, conditions, what is missing, who is asked.

use super::{
    Desk, why,
    widgets::{card_line, day, outcome_style, put, verdict},
};
use crate::{
    api::Ask,
    app::{Cx, Effect, Look, keymap::Act},
    i18n::Say,
    term::Chord,
    text::{visible, wrap},
};
use karton_api::{applications::Lodged, assessments::Verdict, common::Texts};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};
use std::collections::BTreeMap;

/// The status after lodging.
#[derive(Debug, Clone)]
pub struct StatusScreen {
    lodged: Lodged,
    /// The registers' names by code.
    names: BTreeMap<String, Texts>,
}

impl StatusScreen {
    /// As the server answered.
    pub fn new(lodged: Lodged, names: BTreeMap<String, Texts>) -> StatusScreen {
        StatusScreen { lodged, names }
    }
}

impl Desk for StatusScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-status")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        vec![Act::Open, Act::Dossier]
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        let summary = &self.lodged.application.summary;
        match act {
            Act::Open => cx.want(Effect::Open {
                ask: Ask::Application { id: summary.id },
                replace: true,
            }),
            Act::Dossier => cx.want(Effect::Open {
                ask: Ask::Dossier {
                    person: summary.applicant.id,
                },
                replace: true,
            }),
            _ => cx.want(Effect::Bell),
        }
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        Say::key("status-next")
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let summary = &self.lodged.application.summary;
        let status = &self.lodged.status;
        let number = visible(summary.number.as_deref().unwrap_or("–"));
        put(
            buffer,
            area,
            0,
            &look.words.say(&Say::key("lodged-as").with("number", number)),
            look.theme.good().add_modifier(Modifier::BOLD),
        );
        put(
            buffer,
            area,
            1,
            &format!(
                "{}  ·  {}",
                card_line(&summary.applicant),
                visible(look.words.pick(&summary.benefit_name))
            ),
            Style::new(),
        );
        put(
            buffer,
            area,
            2,
            &look
                .words
                .say(&Say::key("due-on").with("day", day(Some(status.due_on)))),
            Style::new(),
        );
        let a = &status.assessment;
        put(
            buffer,
            area,
            4,
            &why::headline(a, look),
            outcome_style(a.outcome, look).add_modifier(Modifier::BOLD),
        );
        let mut line = 5;
        let order = [
            Verdict::NotMet,
            Verdict::MustConfirm,
            Verdict::Unknown,
            Verdict::Met,
        ];
        let mut conditions: Vec<_> = a
            .conditions
            .iter()
            .filter(|c| c.verdict != Verdict::NotApplicable)
            .collect();
        conditions.sort_by_key(|c| order.iter().position(|v| *v == c.verdict));
        for c in conditions {
            let (sign, style) = verdict(c.verdict, look);
            if line < area.height.saturating_sub(7) {
                put(buffer, Rect::new(area.x, area.y + line, 1, 1), 0, sign, style);
                put(
                    buffer,
                    Rect::new(area.x + 2, area.y, area.width.saturating_sub(2), area.height),
                    line,
                    look.words.pick(&c.text),
                    Style::new(),
                );
                line += 1;
            }
        }
        line += 1;
        if !status.overlaps.is_empty() {
            put(
                buffer,
                area,
                line,
                &look.words.t("overlaps"),
                look.theme.heading(),
            );
            line += 1;
            for o in &status.overlaps {
                let sign = if o.incompatible { "!" } else { "·" };
                let text = format!(
                    "{sign} {} · {} · {} – {} · {}",
                    visible(&o.name),
                    visible(&o.benefit),
                    day(Some(o.from)),
                    day(o.until),
                    visible(look.words.pick(&o.office.name))
                );
                put(
                    buffer,
                    area,
                    line,
                    &text,
                    if o.incompatible {
                        look.theme.bad()
                    } else {
                        Style::new()
                    },
                );
                line += 1;
            }
        }
        if !status.missing.is_empty() {
            let names: Vec<String> = status.missing.iter().map(|m| why::missing(m, look)).collect();
            let text = look
                .words
                .say(&Say::key("status-missing").with("facts", names.join("; ")));
            for text in wrap(&text, area.width.into()).iter().take(3) {
                put(buffer, area, line, text, look.theme.open());
                line += 1;
            }
        }
        let name = |code: &String| {
            self.names
                .get(code)
                .map_or_else(|| visible(code), |name| visible(look.words.pick(name)))
        };
        let services: Vec<String> = status.services.iter().map(name).collect();
        let services = look
            .words
            .say(&Say::key("status-services").with("services", services.join(" · ")));
        for text in wrap(&services, area.width.into()).iter().take(4) {
            put(buffer, area, line, text, look.theme.quiet());
            line += 1;
        }
        None
    }
}
