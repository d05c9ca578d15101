//! What is known at the moment of lodging: number, due date, other benefits, conditions, what is missing, who is asked.

use super::{
    Desk, beside,
    lines::{self, Opens, Row, Rows},
    why,
    widgets::{asked_for, card_line, day, outcome_style, put},
};
use crate::{
    api::{Answer, Ask, Fault, LodgedBeside, beside::BesideAsk, documents::DocumentAsk},
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    i18n::Say,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{applications::Lodged, assessments::Verdict};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

/// The status after lodging.
#[derive(Debug, Clone)]
pub struct StatusScreen {
    /// Everything that was lodged in one go, one of them shown.
    all: Vec<Lodged>,
    at: usize,
    lodged: Lodged,
    beside: LodgedBeside,
    rows: Rows,
}

impl StatusScreen {
    /// As the server answered.
    pub fn new(lodged: Lodged, beside: LodgedBeside) -> StatusScreen {
        StatusScreen {
            all: vec![lodged.clone()],
            at: 0,
            lodged,
            beside,
            rows: Rows::default(),
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
            rows: Rows::default(),
        })
    }
    fn show(&mut self, at: usize) {
        if let Some(lodged) = self.all.get(at) {
            self.lodged = lodged.clone();
            self.at = at;
            self.rows = Rows::default();
        }
    }
    /// Everything that is known, what needs a look first; each line opens what stands behind it.
    fn shown(&self, look: &Look<'_>, height: usize) -> Vec<Row> {
        let status = &self.lodged.status;
        let a = &status.assessment;
        let style = outcome_style(a.outcome, look).add_modifier(Modifier::BOLD);
        let mut rows = vec![Row::new(why::headline(a, look), style, Opens::Application)];
        let open = [Verdict::NotMet, Verdict::MustConfirm, Verdict::Unknown];
        rows.extend(lines::conditions(a, &open, look));
        let met = lines::conditions(a, &[Verdict::Met], look);
        let beside = self.beside_rows(look);
        let rest = self.rest(look);
        // What is met is read last where not everything has room.
        if rows.len() + met.len() + beside.len() + rest.len() + 2 <= height {
            rows.extend(met);
            rows.push(Row::gap());
            rows.extend(beside);
            rows.extend(rest);
        } else {
            rows.push(Row::gap());
            rows.extend(beside);
            rows.extend(rest);
            if !met.is_empty() {
                rows.push(Row::gap());
            }
            rows.extend(met);
        }
        rows
    }
    /// Other benefits, the choice, households, files and durations.
    fn beside_rows(&self, look: &Look<'_>) -> Vec<Row> {
        let status = &self.lodged.status;
        let mut rows = Vec::new();
        if beside::open_choice(status.choice.as_ref()) {
            rows.push(Row::plain(look.words.t("status-choice"), look.theme.open()));
        }
        if !status.overlaps.is_empty() {
            rows.push(Row::head(look.words.t("overlaps"), look));
            rows.extend(status.overlaps.iter().map(|one| lines::overlap(one, look)));
        }
        rows.extend(status.lines.iter().map(|one| lines::standing(one, look)));
        rows
    }
    /// What else the family may have a right to, what is missing, who is asked.
    fn rest(&self, look: &Look<'_>) -> Vec<Row> {
        let status = &self.lodged.status;
        let mut rows = Vec::new();
        let asked: Vec<&str> = (self.all.iter())
            .map(|one| one.application.summary.benefit.as_str())
            .collect();
        let possible: Vec<Row> = (self.beside.possible.iter())
            .filter(|right| !asked.contains(&right.assessment.benefit.as_str()))
            .map(|right| lines::possible(right, look))
            .collect();
        if !possible.is_empty() {
            rows.push(Row::head(look.words.t("possible-rights"), look));
            rows.extend(possible);
        }
        if !status.missing.is_empty() {
            let names: Vec<String> = status.missing.iter().map(|m| why::missing(m, look)).collect();
            let says = Say::key("status-missing").with("facts", names.join("; "));
            rows.push(Row::plain(look.words.say(&says), look.theme.open()));
        }
        let name = |code: &String| {
            self.beside
                .names
                .get(code)
                .map_or_else(|| visible(code), |name| visible(look.words.pick(name)))
        };
        let services: Vec<String> = status.services.iter().map(name).collect();
        let says = Say::key("status-services").with("services", services.join(" · "));
        rows.push(Row::plain(look.words.say(&says), look.theme.quiet()));
        rows
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
            Act::Open => match self.rows.opens(&self.shown(&cx.look, room(cx.look.size.1))) {
                Some(Opens::Text(text)) => cx.want(Effect::Overlay(text.clone())),
                _ => cx.want(Effect::Open {
                    ask: Ask::Application { id: summary.id },
                    // Of several the others are still to be seen to.
                    replace: self.all.len() < 2,
                }),
            },
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
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let all = self.all.len();
        match chord.key {
            Key::Tab | Key::Right if all > 1 => self.show((self.at + 1) % all),
            Key::BackTab | Key::Left if all > 1 => self.show((self.at + all - 1) % all),
            _ => {
                let room = room(cx.look.size.1);
                let rows = self.shown(&cx.look, room);
                return self.rows.key(chord, &rows, room);
            }
        }
        true
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        // What was chosen above stands here at once.
        cx.want(Effect::Submit(Ask::Beside(BesideAsk::See {
            application: self.lodged.application.summary.id,
        })));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (Ask::Beside(BesideAsk::See { application }), Ok(Answer::Standing(it))) => {
                let of = |one: &&mut Lodged| one.application.summary.id == *application;
                let all = self.all.iter_mut().chain(std::iter::once(&mut self.lodged));
                for one in all.filter(of) {
                    one.status.overlaps = it.overlaps.clone();
                    one.status.lines = it.lines.clone();
                    one.status.choice = it.choice.clone();
                }
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            (_, Ok(_)) => {}
        }
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
                asked_for(summary, look)
            ),
            Style::new(),
        );
        put(buffer, area, 2, &due, Style::new());
        let below = Rect::new(
            area.x,
            area.y + area.height.min(4),
            area.width,
            area.height.saturating_sub(4),
        );
        let rows = self.shown(look, below.height.into());
        self.rows.draw(&rows, look, buffer, below)
    }
}

/// The lines below the number, the person and the term.
fn room(height: u16) -> usize {
    usize::from(height.saturating_sub(8))
}
