//! The letter of a decision, as it will be read.

use super::{
    Desk, Screen, ServeForm,
    amend::Served,
    done,
    leaves::{self, Leaves},
    second,
    widgets::day,
};
use crate::{
    api::{About, Answer, Ask, Fault, FirstId},
    app::{Cx, Effect, Look, TimerId, keymap::Act, overlay::Line},
    i18n::Say,
    term::Chord,
};
use karton_api::{
    amendments::AmendmentKind,
    decisions::{Decision, Deliver, DeliveryHow, LetterState},
    session::Role,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// Characters a line for this terminal.
pub(super) fn width(look: &Look<'_>) -> u16 {
    look.size.0.saturating_sub(4).clamp(40, 96)
}

/// Whether this officer serves letters: clerks and caseworkers do, whoever decided.
pub(super) fn serves(look: &Look<'_>) -> bool {
    let serving = |role: &Role| matches!(role, Role::Clerk | Role::Caseworker);
    look.session
        .is_some_and(|session| session.roles.iter().any(serving))
}

/// The name of a file for a number; a slip says that it is one.
pub(super) fn file_name(number: &str, slip: bool) -> String {
    let name: String = number
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("{name}{}.pdf", if slip { "-slip" } else { "" })
}

/// A letter.
#[derive(Debug, Clone)]
pub struct LetterScreen {
    decision: Decision,
    leaves: Leaves,
}

impl LetterScreen {
    /// With its text, where it has been made.
    pub fn new(decision: Decision, text: Option<String>) -> LetterScreen {
        LetterScreen {
            decision,
            leaves: Leaves::of(text),
        }
    }
    fn watch(&self, cx: &mut Cx<'_>) {
        leaves::watch(Some(self.decision.letter), cx);
    }
}

impl Desk for LetterScreen {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-letter"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-letter").with("number", &self.decision.number)
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.decision.letter == LetterState::Ready {
            acts.push(Act::SavePdf);
            if self.decision.delivered_on.is_none() && serves(look) {
                acts.extend([Act::Deliver, Act::Slip, Act::DeliverOther]);
            }
        }
        if second::said(&self.decision).is_some_and(|it| it.letter.is_some()) {
            acts.push(Act::SecondLetter);
        }
        let may = |what: &str| self.decision.may.iter().any(|may| may == what);
        for (what, act) in [("correct", Act::Correct), ("annul", Act::Annul)] {
            if may(what) {
                acts.push(act);
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
            Act::SavePdf => cx.want(Effect::Submit(Ask::Pdf {
                decision: self.decision.id,
                number: self.decision.number.clone(),
            })),
            Act::Deliver => leaves::ask_delivery(cx),
            Act::DeliverOther => cx.want(Effect::Push(Box::new(Screen::Serve(Box::new(ServeForm::new(
                Served::Decision(self.decision.id),
                self.decision.number.clone(),
                &cx.look,
            )))))),
            Act::SecondLetter => cx.want(Effect::Open {
                ask: second::letter(FirstId::Decision(self.decision.id), &cx.look),
                replace: false,
            }),
            Act::Slip => cx.want(Effect::Submit(Ask::Slip {
                decision: self.decision.id,
                number: self.decision.number.clone(),
            })),
            Act::Correct | Act::Annul => {
                let kind = if act == Act::Annul {
                    AmendmentKind::Annul
                } else {
                    AmendmentKind::Correct
                };
                let about = About::Decision(Box::new(self.decision.clone()), kind);
                cx.want(Effect::Open {
                    ask: Ask::AmendForm {
                        about: Box::new(about),
                    },
                    replace: false,
                });
            }
            Act::Previous | Act::Next => {
                self.leaves.turn(chord.key, &cx.look);
            }
            Act::Refresh => cx.want(Effect::Submit(Ask::Letter {
                decision: self.decision.id,
                width: width(&cx.look),
            })),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        !chord.ctrl && self.leaves.turn(chord.key, &cx.look)
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        self.watch(cx);
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::Letter {
            decision: self.decision.id,
            width: width(&cx.look),
        }));
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Poll {
            cx.want(Effect::Ask(Ask::Letter {
                decision: self.decision.id,
                width: width(&cx.look),
            }));
        }
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let once = cx.once();
        cx.want(Effect::Submit(Ask::Deliver {
            decision: self.decision.id,
            body: Deliver {
                on: cx.look.today,
                how: DeliveryHow::Handed,
                to: None,
            },
            once,
        }));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Letter(decision, text))) => {
                self.leaves = self.leaves.again(text);
                self.decision = *decision;
                self.watch(cx);
            }
            (Ask::Pdf { number, .. } | Ask::Slip { number, .. }, Ok(Answer::Bytes(bytes))) => {
                let slip = matches!(ask, Ask::Slip { .. });
                cx.want(Effect::Write(file_name(number, slip), bytes));
            }
            (_, Ok(Answer::Decision(decision))) => {
                self.decision = *decision;
                done(cx, "delivered");
            }
            (Ask::Letter { .. }, Err(Fault::Offline(_))) => self.watch(cx),
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        if self.decision.annulled {
            return Say::key("decision-is-annulled");
        }
        // Before the second body has decided nothing is granted: that comes before how the first letter was served.
        if self.decision.second.as_ref().is_some_and(|second| second.waits)
            && let Some(standing) =
                second::standing(&self.decision, usize::from(look.size.0).saturating_sub(2), look)
        {
            return Say::raw(standing);
        }
        match self.decision.delivered_on {
            Some(on) if self.decision.delivery.appeal_until.is_some() => Say::key("delivered-and-final")
                .with("day", crate::form::date::show(on))
                .with("appeal", day(self.decision.delivery.appeal_until))
                .with("final", day(self.decision.delivery.final_on)),
            Some(on) => Say::key("delivered-on").with("day", crate::form::date::show(on)),
            None => self.leaves.place(look),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        self.leaves.draw(self.decision.letter, look, buffer, area);
        None
    }
}
