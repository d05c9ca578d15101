//! A receipt or a dismissal, as it will be read.

use super::{
    Desk, done,
    letter::width,
    widgets::{put, turned},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{Cx, Effect, Look, TimerId, confirm, keymap::Act},
    i18n::Say,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    Id,
    decisions::LetterState,
    lodgings::{Paper, PaperKind},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// A letter that is being made is looked for this often.
const POLL_MS: u64 = 700;

/// A paper with its letter.
#[derive(Debug, Clone)]
pub struct PaperScreen {
    paper: Paper,
    /// The application whose dismissal can still be noted as delivered.
    deliver: Option<Id<value::Application>>,
    lines: Vec<String>,
    at: usize,
}

impl PaperScreen {
    /// With its text, where it has been made.
    pub fn new(paper: Paper, text: Option<String>, deliver: Option<Id<value::Application>>) -> PaperScreen {
        let lines = text.map(|t| t.lines().map(visible).collect()).unwrap_or_default();
        PaperScreen {
            paper,
            deliver,
            lines,
            at: 0,
        }
    }
    fn ask(&self, look: &Look<'_>) -> Ask {
        Ask::Paper {
            id: self.paper.id,
            width: width(look),
            deliver: self.deliver,
        }
    }
    fn watch(&self, cx: &mut Cx<'_>) {
        if self.paper.letter == LetterState::Making {
            cx.want(Effect::Timer(TimerId::Poll, POLL_MS));
        }
    }
    fn page(look: &Look<'_>) -> usize {
        usize::from(look.size.1).saturating_sub(5).max(1)
    }
    fn last(&self, look: &Look<'_>) -> usize {
        self.lines.len().saturating_sub(PaperScreen::page(look))
    }
    fn turn(&mut self, key: Key, look: &Look<'_>) -> bool {
        // Nothing here is chosen, so that Enter reads on.
        let key = if key == Key::Enter { Key::PageDown } else { key };
        turned(&mut self.at, key, PaperScreen::page(look), self.lines.len())
    }
}

impl Desk for PaperScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        let key = match self.paper.kind {
            PaperKind::Receipt => "title-receipt",
            PaperKind::Dismissal => "title-dismissal",
            PaperKind::Withdrawal => "title-withdrawal",
        };
        Say::key(key).with("number", &self.paper.number)
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.paper.letter == LetterState::Ready {
            acts.push(Act::SavePdf);
            if self.deliver.is_some() {
                acts.push(Act::Deliver);
            }
        }
        if self.last(look) > 0 {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::SavePdf => cx.want(Effect::Submit(Ask::PaperPdf {
                id: self.paper.id,
                number: self.paper.number.clone(),
            })),
            Act::Deliver => {
                let today = crate::form::date::show(cx.look.today);
                cx.want(confirm(
                    Say::key("deliver-ask"),
                    vec![Say::key("deliver-says").with("day", today)],
                    Act::Deliver,
                ));
            }
            Act::Previous | Act::Next => {
                self.turn(chord.key, &cx.look);
            }
            Act::Refresh => cx.want(Effect::Submit(self.ask(&cx.look))),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        !chord.ctrl && self.turn(chord.key, &cx.look)
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        self.watch(cx);
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Poll {
            cx.want(Effect::Ask(self.ask(&cx.look)));
        }
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        if let Some(id) = self.deliver {
            let once = cx.once();
            cx.want(Effect::Submit(Ask::DeliverDismissal {
                id,
                on: cx.look.today,
                once,
            }));
        }
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Paper(paper, text))) => {
                let at = self.at;
                *self = PaperScreen {
                    at,
                    ..PaperScreen::new(*paper, text, self.deliver)
                };
                self.watch(cx);
            }
            (Ask::PaperPdf { number, .. }, Ok(Answer::Bytes(bytes))) => {
                let name: String = number
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                    .collect();
                cx.want(Effect::Write(format!("{name}.pdf"), bytes));
            }
            (Ask::DeliverDismissal { .. }, Ok(_)) => {
                self.deliver = None;
                done(cx, "delivered");
            }
            (Ask::Paper { .. }, Err(Fault::Offline(_))) => self.watch(cx),
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        let page = PaperScreen::page(look);
        if self.lines.len() <= page {
            return Say::Nothing;
        }
        let pages = self.lines.len().div_ceil(page);
        let at = if self.at >= self.last(look) {
            pages
        } else {
            self.at / page + 1
        };
        Say::key("page-of").with("at", at).with("all", pages)
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        match self.paper.letter {
            LetterState::Making => put(buffer, area, 0, &look.words.t("letter-making"), look.theme.open()),
            LetterState::Failed => put(buffer, area, 0, &look.words.t("letter-failed"), look.theme.bad()),
            LetterState::Ready => {
                let area = Rect::new(area.x + 1, area.y - 1, area.width - 1, area.height + 1);
                for (i, line) in self
                    .lines
                    .iter()
                    .skip(self.at)
                    .take(area.height.into())
                    .enumerate()
                {
                    put(buffer, area, u16::try_from(i).unwrap_or(0), line, Style::new());
                }
            }
        }
        None
    }
}
