//! The letter of a decision, as it will be read.

use super::{
    Desk, Screen, ServeForm,
    amend::Served,
    done, second,
    widgets::{day, put, turned},
};
use crate::{
    api::{About, Answer, Ask, Fault, SecondAsk},
    app::{Cx, Effect, Look, TimerId, confirm, keymap::Act},
    i18n::Say,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    amendments::AmendmentKind,
    decisions::{Decision, Deliver, DeliveryHow, LetterState},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// A letter that is being made is looked for this often.
const POLL_MS: u64 = 700;

/// Characters a line for this terminal.
pub(super) fn width(look: &Look<'_>) -> u16 {
    look.size.0.saturating_sub(4).clamp(40, 96)
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
    lines: Vec<String>,
    at: usize,
}

impl LetterScreen {
    /// With its text, where it has been made.
    pub fn new(decision: Decision, text: Option<String>) -> LetterScreen {
        let lines = text.map(|t| t.lines().map(visible).collect()).unwrap_or_default();
        LetterScreen {
            decision,
            lines,
            at: 0,
        }
    }
    fn watch(&self, cx: &mut Cx<'_>) {
        if self.decision.letter == LetterState::Making {
            cx.want(Effect::Timer(TimerId::Poll, POLL_MS));
        }
    }
    fn page(look: &Look<'_>) -> usize {
        usize::from(look.size.1).saturating_sub(5).max(1)
    }
    fn last(&self, look: &Look<'_>) -> usize {
        self.lines.len().saturating_sub(LetterScreen::page(look))
    }
    fn turn(&mut self, key: Key, look: &Look<'_>) -> bool {
        // Nothing here is chosen, so that Enter reads on.
        let key = if key == Key::Enter { Key::PageDown } else { key };
        turned(&mut self.at, key, LetterScreen::page(look), self.lines.len())
    }
}

impl Desk for LetterScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-letter").with("number", &self.decision.number)
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.decision.letter == LetterState::Ready {
            acts.push(Act::SavePdf);
            if self.decision.delivered_on.is_none() {
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
        if self.last(look) > 0 {
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
            Act::Deliver => {
                let today = crate::form::date::show(cx.look.today);
                cx.want(confirm(
                    Say::key("deliver-ask"),
                    vec![Say::key("deliver-says").with("day", today)],
                    Act::Deliver,
                ));
            }
            Act::DeliverOther => cx.want(Effect::Push(Box::new(Screen::Serve(Box::new(ServeForm::new(
                Served::Decision(self.decision.id),
                self.decision.number.clone(),
                &cx.look,
            )))))),
            Act::SecondLetter => cx.want(Effect::Open {
                ask: Ask::Second(SecondAsk::Letter {
                    decision: self.decision.id,
                    width: width(&cx.look),
                }),
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
                self.turn(chord.key, &cx.look);
            }
            Act::Refresh => cx.want(Effect::Submit(Ask::Letter {
                decision: self.decision.id,
                width: width(&cx.look),
            })),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        !chord.ctrl && self.turn(chord.key, &cx.look)
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
                let at = self.at;
                *self = LetterScreen {
                    at,
                    ..LetterScreen::new(*decision, text)
                };
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
        let page = LetterScreen::page(look);
        if self.decision.annulled {
            return Say::key("decision-is-annulled");
        }
        // Before the second body has decided nothing is granted: that comes before how the first letter was served.
        if self.decision.second.as_ref().is_some_and(|second| second.waits)
            && let Some(standing) = second::standing(&self.decision, look)
        {
            return Say::raw(standing);
        }
        match self.decision.delivered_on {
            Some(on) if self.decision.delivery.appeal_until.is_some() => Say::key("delivered-and-final")
                .with("day", crate::form::date::show(on))
                .with("appeal", day(self.decision.delivery.appeal_until))
                .with("final", day(self.decision.delivery.final_on)),
            Some(on) => Say::key("delivered-on").with("day", crate::form::date::show(on)),
            None if self.lines.len() > page => {
                let pages = self.lines.len().div_ceil(page);
                let at = if self.at >= self.last(look) {
                    pages
                } else {
                    self.at / page + 1
                };
                Say::key("page-of").with("at", at).with("all", pages)
            }
            None => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        match self.decision.letter {
            LetterState::Making => put(buffer, area, 0, &look.words.t("letter-making"), look.theme.open()),
            LetterState::Failed => put(buffer, area, 0, &look.words.t("letter-failed"), look.theme.bad()),
            LetterState::Ready => {
                // The bar has its blank line; the letter takes it too, for it is long.
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
