//! The letter of a second decision, and what an application's screen says of the second body.

use super::{
    Desk, Screen, ServeForm,
    amend::Served,
    done,
    leaves::{self, Leaves},
    letter::{file_name, serves, width},
    widgets::day,
};
use crate::{
    api::{Answer, Ask, Fault, SecondAsk},
    app::{Cx, Effect, Look, TimerId, confirm, keymap::Act, overlay::Line},
    i18n::Say,
    term::Chord,
    text::visible,
};
use karton_api::{
    common::OfficeRef,
    confirmations::{Confirmation, Says},
    decisions::{Decision, Deliver, DeliveryHow, LetterState},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// What the second body said, where it has.
pub(super) fn said(decision: &Decision) -> Option<&Confirmation> {
    decision.second.as_ref()?.confirmation.as_ref()
}

/// Where a decision stands between two bodies, as a sentence; nothing where one is enough. Where it is longer than these cells the office stands
/// there by its code.
pub(super) fn standing(decision: &Decision, cells: usize, look: &Look<'_>) -> Option<String> {
    let whole = sentence(decision, false, look)?;
    match crate::text::width(&whole) > cells {
        true => sentence(decision, true, look),
        false => Some(whole),
    }
}

fn sentence(decision: &Decision, by_code: bool, look: &Look<'_>) -> Option<String> {
    let second = decision.second.as_ref()?;
    let name = |texts| visible(look.words.pick(texts));
    let called = |office: &OfficeRef| match by_code {
        true => visible(&office.code),
        false => visible(look.words.pick(&office.name)),
    };
    let say = match &second.confirmation {
        None if !second.waits => return None,
        None => {
            let office = second.office.as_ref();
            let who = office.map_or_else(|| name(&second.body), called);
            let key = match (second.learnt_since, second.due_on) {
                (true, _) => "chain-learnt",
                (false, Some(_)) => "chain-waits",
                (false, None) => "chain-to-come",
            };
            Say::key(key)
                .with("officer", &decision.decided_by.name)
                .with("number", visible(&decision.number))
                .with("who", who)
                .with("day", day(second.due_on))
        }
        Some(it) => {
            let key = match it.says {
                _ if it.annulled => "chain-annulled",
                Says::Confirm => "chain-confirmed",
                Says::Refuse => "chain-refused",
                Says::Return => "chain-returned",
            };
            Say::key(key)
                .with("officer", &it.by.name)
                .with("number", visible(it.number.as_deref().unwrap_or("–")))
                .with("who", called(&it.office))
                .with("reason", visible(it.reason.as_deref().unwrap_or("–")))
        }
    };
    Some(look.words.say(&say))
}

/// The question before a decision is confirmed as it stands: what was granted first, by whom.
pub(super) fn question(decision: &Decision, mut lines: Vec<Say>, look: &Look<'_>) -> Effect {
    lines.push(
        Say::key("chain-first")
            .with("officer", &decision.decided_by.name)
            .with("number", visible(&decision.number)),
    );
    if decision.second.as_ref().is_some_and(|second| second.learnt_since) {
        lines.push(Say::raw(format!("! {}", look.words.t("chain-learnt-look"))));
    }
    lines.push(Say::key("chain-says"));
    confirm(Say::key("chain-ask"), lines, Act::Decide)
}

/// The letter of a second decision.
#[derive(Debug, Clone)]
pub struct SecondLetter {
    first: Decision,
    leaves: Leaves,
}

impl SecondLetter {
    /// With its text, where it has been made.
    pub fn new(first: Decision, text: Option<String>) -> SecondLetter {
        SecondLetter {
            first,
            leaves: Leaves::of(text),
        }
    }
    fn state(&self) -> Option<LetterState> {
        said(&self.first)?.letter
    }
    fn number(&self) -> String {
        said(&self.first)
            .and_then(|it| it.number.clone())
            .unwrap_or_default()
    }
    fn ask(&self, look: &Look<'_>) -> Ask {
        Ask::Second(SecondAsk::Letter {
            decision: self.first.id,
            width: width(look),
        })
    }
    fn watch(&self, cx: &mut Cx<'_>) {
        leaves::watch(self.state(), cx);
    }
}

impl Desk for SecondLetter {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-letter"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-letter").with("number", self.number())
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if let (Some(LetterState::Ready), Some(it)) = (self.state(), said(&self.first)) {
            acts.push(Act::SavePdf);
            if it.delivery.served_on.is_none() && !it.annulled && serves(look) {
                acts.extend([Act::Deliver, Act::Slip, Act::DeliverOther]);
            }
        }
        if self.leaves.are_turned(look) {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        let Some(id) = said(&self.first).map(|it| it.id) else {
            return cx.want(Effect::Bell);
        };
        let number = self.number();
        match act {
            Act::SavePdf => cx.want(Effect::Submit(Ask::Second(SecondAsk::Pdf { id, number }))),
            Act::Slip => cx.want(Effect::Submit(Ask::Second(SecondAsk::Slip { id, number }))),
            Act::Deliver => leaves::ask_delivery(cx),
            Act::DeliverOther => cx.want(Effect::Push(Box::new(Screen::Serve(Box::new(ServeForm::new(
                Served::Confirmation(id),
                number,
                &cx.look,
            )))))),
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
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(self.ask(&cx.look)));
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Poll {
            cx.want(Effect::Ask(self.ask(&cx.look)));
        }
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let Some(id) = said(&self.first).map(|it| it.id) else {
            return;
        };
        let once = cx.once();
        let body = Deliver {
            on: cx.look.today,
            how: DeliveryHow::Handed,
            to: None,
        };
        cx.want(Effect::Submit(Ask::Second(SecondAsk::Deliver { id, body, once })));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::SecondLetter(first, text))) => {
                self.leaves = self.leaves.again(text);
                self.first = *first;
                self.watch(cx);
            }
            (Ask::Second(asked), Ok(Answer::Bytes(bytes))) => {
                if let SecondAsk::Pdf { number, .. } | SecondAsk::Slip { number, .. } = asked {
                    let slip = matches!(asked, SecondAsk::Slip { .. });
                    cx.want(Effect::Write(file_name(number, slip), bytes));
                }
            }
            (_, Ok(Answer::Decision(first))) => {
                self.first = *first;
                done(cx, "delivered");
            }
            (Ask::Second(SecondAsk::Letter { .. }), Err(Fault::Offline(_))) => self.watch(cx),
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        let Some(it) = said(&self.first) else {
            return Say::Nothing;
        };
        match it.delivery.served_on {
            _ if it.annulled => Say::key("decision-is-annulled"),
            Some(on) => Say::key("delivered-and-final")
                .with("day", day(Some(on)))
                .with("appeal", day(it.delivery.appeal_until))
                .with("final", day(it.delivery.final_on)),
            None => {
                let cells = usize::from(look.size.0).saturating_sub(2);
                standing(&self.first, cells, look).map_or(Say::Nothing, Say::raw)
            }
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        if let Some(state) = self.state() {
            self.leaves.draw(state, look, buffer, area);
        }
        None
    }
}
