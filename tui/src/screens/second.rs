//! The letter of a second decision, and what an application's screen says of the second body.

use super::{
    Desk, Screen, ServeForm,
    amend::{Served, kind_words},
    done,
    leaves::{self, Leaves},
    letter::{file_name, serves, width},
    widgets::{card_line, day},
};
use crate::{
    api::{About, Answer, Ask, Fault, First, FirstId, SecondAsk},
    app::{Cx, Effect, Look, TimerId, confirm, keymap::Act, overlay::Line},
    i18n::Say,
    term::Chord,
    text::visible,
};
use karton_api::{
    amendments::{Amendment, AmendmentKind},
    common::{OfficeRef, OfficerRef},
    confirmations::{Confirmation, Says, Second},
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
    let by = Some(&decision.decided_by);
    between(decision.second.as_ref()?, by, &decision.number, cells, look)
}

/// The same for a later decision.
pub(super) fn standing_later(it: &Amendment, cells: usize, look: &Look<'_>) -> Option<String> {
    let number = it.number.as_deref().unwrap_or("–");
    between(it.second.as_ref()?, it.decided_by.as_ref(), number, cells, look)
}

fn between(
    second: &Second,
    by: Option<&OfficerRef>,
    number: &str,
    cells: usize,
    look: &Look<'_>,
) -> Option<String> {
    let whole = sentence(second, by, number, false, look)?;
    match crate::text::width(&whole) > cells {
        true => sentence(second, by, number, true, look),
        false => Some(whole),
    }
}

fn sentence(
    second: &Second,
    by: Option<&OfficerRef>,
    number: &str,
    by_code: bool,
    look: &Look<'_>,
) -> Option<String> {
    let name = |texts| visible(look.words.pick(texts));
    let called = |office: &OfficeRef| match by_code {
        true => visible(&office.code),
        false => visible(look.words.pick(&office.name)),
    };
    let say = match second.confirmation.as_ref().filter(|_| !second.waits) {
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
                .with("officer", by.map(|by| visible(&by.name)).unwrap_or_default())
                .with("number", visible(number))
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

/// Asks for the letter of a second decision.
pub(super) fn letter(first: FirstId, look: &Look<'_>) -> Ask {
    let width = width(look);
    Ask::Second(SecondAsk::Letter { first, width })
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

/// The question before a later decision is confirmed as it stands.
pub(super) fn question_later(it: &Amendment, look: &Look<'_>) -> Effect {
    let mut lines = vec![
        Say::raw(card_line(&it.person)),
        Say::key(kind_words(it.kind)),
        Say::raw(visible(look.words.pick(&it.reason_name))),
    ];
    if let Some(by) = &it.recommended_by {
        lines.push(Say::key("decide-recommended-by").with("officer", &by.name));
    }
    if let Some(by) = &it.decided_by {
        let number = visible(it.number.as_deref().unwrap_or("–"));
        let first = Say::key("chain-first").with("officer", &by.name);
        lines.push(first.with("number", number));
    }
    if it.second.as_ref().is_some_and(|second| second.learnt_since) {
        lines.push(Say::raw(format!("! {}", look.words.t("chain-learnt-look"))));
    }
    lines.push(Say::key("chain-later-says"));
    confirm(Say::key("chain-ask"), lines, Act::Decide)
}

/// The letter of a second decision.
#[derive(Debug, Clone)]
pub struct SecondLetter {
    first: First,
    leaves: Leaves,
}

impl SecondLetter {
    /// With its text, where it has been made.
    pub fn new(first: First, text: Option<String>) -> SecondLetter {
        SecondLetter {
            first,
            leaves: Leaves::of(text),
        }
    }
    fn said(&self) -> Option<&Confirmation> {
        self.first.second()?.confirmation.as_ref()
    }
    fn state(&self) -> Option<LetterState> {
        self.said()?.letter
    }
    fn number(&self) -> String {
        self.said().and_then(|it| it.number.clone()).unwrap_or_default()
    }
    fn ask(&self, look: &Look<'_>) -> Ask {
        let first = match &self.first {
            First::Decision(it) => FirstId::Decision(it.id),
            First::Later(it) => FirstId::Later(it.id),
        };
        letter(first, look)
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
        if let (Some(LetterState::Ready), Some(it)) = (self.state(), self.said()) {
            acts.push(Act::SavePdf);
            if it.delivery.served_on.is_none() && !it.annulled && serves(look) {
                acts.extend([Act::Deliver, Act::Slip, Act::DeliverOther]);
            }
            for (what, act) in [("correct", Act::Correct), ("annul", Act::Annul)] {
                if it.may.iter().any(|may| may == what) {
                    acts.push(act);
                }
            }
        }
        if self.leaves.are_turned(look) {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        let Some(id) = self.said().map(|it| it.id) else {
            return cx.want(Effect::Bell);
        };
        let number = self.number();
        match act {
            Act::SavePdf => cx.want(Effect::Submit(Ask::Second(SecondAsk::Pdf { id, number }))),
            Act::Slip => cx.want(Effect::Submit(Ask::Second(SecondAsk::Slip { id, number }))),
            Act::Deliver => leaves::ask_delivery(cx),
            Act::DeliverOther => {
                let served = match &self.first {
                    First::Decision(_) => Served::Confirmation(id),
                    First::Later(it) => Served::OnLater(it.id),
                };
                let form = ServeForm::new(served, number, &cx.look);
                cx.want(Effect::Push(Box::new(Screen::Serve(Box::new(form)))));
            }
            Act::Correct | Act::Annul => {
                let kind = if act == Act::Annul {
                    AmendmentKind::Annul
                } else {
                    AmendmentKind::Correct
                };
                let about = Box::new(About::Second(self.first.clone(), kind));
                cx.want(Effect::Open {
                    ask: Ask::AmendForm { about },
                    replace: false,
                });
            }
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
        let Some(id) = self.said().map(|it| it.id) else {
            return;
        };
        let once = cx.once();
        let body = Deliver {
            on: cx.look.today,
            how: DeliveryHow::Handed,
            to: None,
        };
        cx.want(Effect::Submit(Ask::Second(match &self.first {
            First::Decision(_) => SecondAsk::Deliver { id, body, once },
            First::Later(it) => SecondAsk::DeliverLater {
                id: it.id,
                body,
                once,
            },
        })));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::SecondLetter(first, text))) => {
                self.leaves = self.leaves.again(text);
                self.first = first;
                self.watch(cx);
            }
            (Ask::Second(asked), Ok(Answer::Bytes(bytes))) => {
                if let SecondAsk::Pdf { number, .. } | SecondAsk::Slip { number, .. } = asked {
                    let slip = matches!(asked, SecondAsk::Slip { .. });
                    cx.want(Effect::Write(file_name(number, slip), bytes));
                }
            }
            (_, Ok(Answer::Decision(first))) => {
                self.first = First::Decision(first);
                done(cx, "delivered");
            }
            (_, Ok(Answer::Amendment(it, _))) => {
                self.first = First::Later(it);
                done(cx, "delivered");
            }
            (Ask::Second(SecondAsk::Letter { .. }), Err(Fault::Offline(_))) => self.watch(cx),
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        let Some(it) = self.said() else {
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
                let standing = match &self.first {
                    First::Decision(it) => standing(it, cells, look),
                    First::Later(it) => standing_later(it, cells, look),
                };
                standing.map_or(Say::Nothing, Say::raw)
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
