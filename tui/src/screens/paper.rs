//! A receipt or a dismissal, as it will be read.

use super::{
    Desk, done,
    leaves::{self, Leaves},
    letter::{file_name, width},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{Cx, Effect, Look, TimerId, keymap::Act},
    i18n::Say,
    term::Chord,
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
};

/// A paper with its letter.
#[derive(Debug, Clone)]
pub struct PaperScreen {
    paper: Paper,
    /// The application whose dismissal can still be noted as delivered.
    deliver: Option<Id<value::Application>>,
    leaves: Leaves,
}

impl PaperScreen {
    /// With its text, where it has been made.
    pub fn new(paper: Paper, text: Option<String>, deliver: Option<Id<value::Application>>) -> PaperScreen {
        PaperScreen {
            paper,
            deliver,
            leaves: Leaves::of(text),
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
        leaves::watch(Some(self.paper.letter), cx);
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
        if self.leaves.are_turned(look) {
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
            Act::Deliver => leaves::ask_delivery(cx),
            Act::Previous | Act::Next => {
                self.leaves.turn(chord.key, &cx.look);
            }
            Act::Refresh => cx.want(Effect::Submit(self.ask(&cx.look))),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        !chord.ctrl && self.leaves.turn(chord.key, &cx.look)
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
                self.leaves = self.leaves.again(text);
                self.paper = *paper;
                self.watch(cx);
            }
            (Ask::PaperPdf { number, .. }, Ok(Answer::Bytes(bytes))) => {
                cx.want(Effect::Write(file_name(number, false), bytes));
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
        self.leaves.place(look)
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        self.leaves.draw(self.paper.letter, look, buffer, area);
        None
    }
}
