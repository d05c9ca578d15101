//! The telephone rings: a number or a name, and two sentences that may be said aloud.

use super::{
    Desk,
    widgets::{Cursor, card_line, day, list, put},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{Cx, Effect, Look, keymap::Act},
    i18n::Say,
    term::{Chord, Key},
    text::{visible, wrap},
};
use karton_api::{
    applications::ApplicationState,
    inquiries::{Awaits, Inquire, Inquiry, Standing},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The prompt and its answer.
#[derive(Debug, Clone, Default)]
pub struct Phone {
    text: String,
    /// What the answer is about.
    asked: String,
    answer: Option<Inquiry>,
    cursor: Cursor,
}

impl Phone {
    fn people(&self) -> usize {
        self.answer.as_ref().map_or(0, |it| it.people.len())
    }
    fn ask(&mut self, cx: &mut Cx<'_>) {
        let text = self.text.trim().to_owned();
        let chosen = self.answer.as_ref().filter(|_| self.asked == text);
        let chosen = chosen
            .and_then(|it| it.people.get(self.cursor.0))
            .map(|card| card.id);
        if chosen.is_none() && text.chars().count() < 2 {
            return cx.wrong(Say::key("phone-how"));
        }
        self.asked.clone_from(&text);
        let body = Inquire {
            text: chosen.is_none().then_some(text),
            person: chosen,
        };
        cx.want(Effect::Submit(Ask::Inquire(body)));
    }
}

/// What may be said aloud: when what was asked for, and what is awaited from whom until when.
fn sentences(it: &Standing, look: &Look<'_>) -> [String; 2] {
    let a = &it.application;
    let first = Say::key("phone-lodged")
        .with("benefit", look.words.pick(&a.benefit_name))
        .with("number", a.number.as_deref().unwrap_or("–"))
        .with("day", day(a.lodged_on));
    let until = day(it.until.or(a.due_on));
    let second = match (it.awaits, a.state) {
        (Awaits::Registers, _) => Say::key("phone-registers").with("until", until),
        (Awaits::Officer, _) => Say::key("phone-officer").with("until", until),
        (Awaits::Decision, _) => Say::key("phone-decision").with("until", until),
        (Awaits::Applicant, _) => Say::key("phone-applicant")
            .with("what", it.asked_for.as_deref().unwrap_or("–"))
            .with("until", until),
        (Awaits::Delivery, _) => Say::key("phone-delivery"),
        (Awaits::Nobody, ApplicationState::Withdrawn) => Say::key("phone-withdrawn"),
        (Awaits::Nobody, ApplicationState::Dismissed) => Say::key("phone-dismissed"),
        (Awaits::Nobody, _) => Say::key("phone-over"),
    };
    [look.words.say(&first), look.words.say(&second)].map(|text| visible(&text))
}

impl Desk for Phone {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-phone")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        vec![Act::Open]
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => self.ask(cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Char(c) if !chord.ctrl && self.text.chars().count() < 100 => self.text.push(c),
            Key::Backspace => {
                self.text.pop();
            }
            Key::Delete => self.text.clear(),
            _ => {
                let page = usize::from(cx.look.size.1).saturating_sub(8);
                return self.people() > 0 && self.cursor.key(chord, self.people(), page);
            }
        }
        true
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    fn paste(&mut self, text: &str, _cx: &mut Cx<'_>) {
        let room = 100usize.saturating_sub(self.text.chars().count());
        self.text
            .extend(text.chars().filter(|c| !c.is_control()).take(room));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Inquiry(inquiry)) => {
                if inquiry.person.is_none() && inquiry.people.is_empty() {
                    cx.wrong(Say::key("find-none"));
                }
                self.cursor = Cursor::default();
                self.answer = Some(*inquiry);
            }
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        match &self.answer {
            Some(it) if it.person.is_some() => Say::key("phone-entered"),
            Some(it) if !it.people.is_empty() => Say::key("phone-who"),
            _ => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let label = look.words.t("phone-label");
        put(buffer, area, 0, &label, Style::new());
        let x = area.x + u16::try_from(crate::text::width(&label)).unwrap_or(0) + 1;
        let room = usize::from(area.right().saturating_sub(x)).min(40);
        let shown = visible(&self.text);
        let from = crate::text::width(&shown).saturating_sub(room.saturating_sub(1));
        let tail: String = shown.chars().skip(from).collect();
        buffer.set_string(x, area.y, crate::text::pad(&tail, room), look.theme.field());
        let cells = u16::try_from(crate::text::width(&tail).min(room.saturating_sub(1))).unwrap_or(0);
        let cursor = Position::new(x + cells, area.y);
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        match &self.answer {
            None => put(buffer, body, 0, &look.words.t("phone-how"), look.theme.quiet()),
            Some(it) => match &it.person {
                None => {
                    list(buffer, body, it.people.len(), self.cursor, look, |i| {
                        vec![(card_line(&it.people[i]), usize::from(body.width), Style::new())]
                    });
                }
                Some(card) => {
                    put(buffer, body, 0, &card_line(card), look.theme.strong());
                    let mut line = 2;
                    if it.cases.is_empty() {
                        put(buffer, body, line, &look.words.t("phone-none"), Style::new());
                    }
                    for case in &it.cases {
                        for text in sentences(case, look) {
                            for text in wrap(&text, body.width.into()) {
                                if line < body.height {
                                    put(buffer, body, line, &text, Style::new());
                                }
                                line += 1;
                            }
                        }
                        line += 1;
                    }
                }
            },
        }
        Some(cursor)
    }
}
