//! What is known at the moment of lodging: number, due date, other benefits, conditions, what is missing, who is asked.

use super::{
    Desk, beside, why,
    widgets::{card_line, day, outcome_style, overlaps, put, verdict},
};
use crate::{
    api::{Ask, LodgedBeside, beside::BesideAsk, documents::DocumentAsk},
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    i18n::Say,
    term::{Chord, Key},
    text::{visible, wrap},
};
use karton_api::{
    applications::Lodged,
    assessments::{PossibleRight, Verdict},
    standing::{Beside, BesideEffect},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

/// So many possible rights have room beside everything else on 80x24.
const MOST_POSSIBLE: usize = 3;

/// So many lines about households, files and durations; the rest stands on their own screen.
const MOST_LINES: usize = 3;

/// A right somebody may also have: whose, what, on whose account, how much, and the first reason with its article.
fn possible_line(right: &PossibleRight, look: &Look<'_>) -> String {
    let mut text = format!(
        "+ {} · {}",
        visible(&right.applicant_name),
        visible(look.words.pick(&right.benefit_name))
    );
    if let Some(about) = &right.about_name {
        text.push_str(&format!(" ({})", visible(about)));
    }
    if let Some(amount) = &right.assessment.amount {
        text.push_str(&format!(" · {}", super::widgets::money(amount.money, look)));
    }
    let reason = (right.assessment.conditions.iter()).find(|it| it.verdict == Verdict::Met && it.confirmed);
    if let Some(reason) = reason {
        text.push_str(&format!(" · {}", visible(look.words.pick(&reason.text))));
        if !reason.law.is_empty() {
            text.push_str(&format!(" [{}]", visible(&reason.law)));
        }
    }
    text
}

/// The status after lodging.
#[derive(Debug, Clone)]
pub struct StatusScreen {
    /// Everything that was lodged in one go, one of them shown.
    all: Vec<Lodged>,
    at: usize,
    lodged: Lodged,
    beside: LodgedBeside,
}

impl StatusScreen {
    /// As the server answered.
    pub fn new(lodged: Lodged, beside: LodgedBeside) -> StatusScreen {
        StatusScreen {
            all: vec![lodged.clone()],
            at: 0,
            lodged,
            beside,
        }
    }
    /// Several at once; none of nothing.
    pub fn together(all: Vec<Lodged>, beside: LodgedBeside) -> Option<StatusScreen> {
        let lodged = all.first()?.clone();
        Some(StatusScreen {
            all,
            at: 0,
            lodged,
            beside,
        })
    }
    fn show(&mut self, at: usize) {
        if let Some(lodged) = self.all.get(at) {
            self.lodged = lodged.clone();
            self.at = at;
        }
    }
}

impl Desk for StatusScreen {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-status"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-status")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Open];
        if self.lodged.receipt.is_some() {
            acts.push(Act::Receipt);
        }
        if self.all.len() > 1 {
            acts.extend([Act::Next, Act::Previous]);
        }
        acts.extend([Act::Documents, Act::Dossier, Act::Beside]);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        let summary = &self.lodged.application.summary;
        match act {
            Act::Open => cx.want(Effect::Open {
                ask: Ask::Application { id: summary.id },
                // Of several the others are still to be seen to.
                replace: self.all.len() < 2,
            }),
            Act::Receipt => {
                if let Some(receipt) = &self.lodged.receipt {
                    let ask = Ask::Paper {
                        id: receipt.id,
                        width: super::letter::width(&cx.look),
                        deliver: None,
                    };
                    cx.want(Effect::Open { ask, replace: false });
                }
            }
            Act::Next => self.show((self.at + 1) % self.all.len().max(1)),
            Act::Previous => self.show((self.at + self.all.len() - 1) % self.all.len().max(1)),
            // What was brought is filed at once, where it belongs.
            Act::Documents => cx.want(Effect::Open {
                ask: Ask::Documents(DocumentAsk::List {
                    person: summary.applicant.id,
                    matter: Some(summary.id.cast()),
                }),
                replace: false,
            }),
            Act::Beside => cx.want(Effect::Open {
                ask: Ask::Beside(BesideAsk::See {
                    application: summary.id,
                }),
                replace: false,
            }),
            Act::Dossier => cx.want(Effect::Open {
                ask: Ask::Dossier {
                    person: summary.applicant.id,
                },
                replace: self.all.len() < 2,
            }),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, _cx: &mut Cx<'_>) -> bool {
        let all = self.all.len();
        match chord.key {
            Key::Tab | Key::Right | Key::Down if all > 1 => self.show((self.at + 1) % all),
            Key::BackTab | Key::Left | Key::Up if all > 1 => self.show((self.at + all - 1) % all),
            _ => return false,
        }
        true
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        if self.all.len() > 1 {
            return Say::key("status-of")
                .with("at", self.at + 1)
                .with("all", self.all.len());
        }
        Say::key("status-next")
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let summary = &self.lodged.application.summary;
        let status = &self.lodged.status;
        let mut due = look
            .words
            .say(&Say::key("due-on").with("day", day(Some(status.due_on))));
        if let Some(receipt) = &self.lodged.receipt {
            let says = Say::key("receipt-as").with("number", visible(&receipt.number));
            due = format!("{due}  ·  {}", look.words.say(&says));
        }
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
        put(buffer, area, 2, &due, Style::new());
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
            line = overlaps(&status.overlaps, usize::MAX, look, buffer, area, line);
        }
        let waits = status.choice.as_ref().is_some_and(|choice| {
            let open = |one: &Beside| one.effect == BesideEffect::Choose && one.chosen.is_none();
            choice.beside.iter().any(open)
        });
        if waits {
            put(
                buffer,
                area,
                line,
                &look.words.t("status-choice"),
                look.theme.open(),
            );
            line += 1;
        }
        for one in status.lines.iter().take(MOST_LINES) {
            put(buffer, area, line, &beside::line(one, look), Style::new());
            line += 1;
        }
        let asked: Vec<&str> = (self.all.iter())
            .map(|one| one.application.summary.benefit.as_str())
            .collect();
        let possible: Vec<&PossibleRight> = (self.beside.possible.iter())
            .filter(|right| !asked.contains(&right.assessment.benefit.as_str()))
            .collect();
        if !possible.is_empty() {
            let heading = look.words.t("possible-rights");
            put(buffer, area, line, &heading, look.theme.heading());
            line += 1;
            for right in possible.iter().take(MOST_POSSIBLE) {
                put(buffer, area, line, &possible_line(right, look), Style::new());
                line += 1;
            }
            if possible.len() > MOST_POSSIBLE {
                let more = Say::key("possible-more").with("count", possible.len() - MOST_POSSIBLE);
                put(buffer, area, line, &look.words.say(&more), look.theme.quiet());
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
            self.beside
                .names
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
