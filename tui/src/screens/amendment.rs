//! A later decision on its way: what it says, whose turn it is, its letter.

use super::{
    AmendForm, BackForm, Desk, Screen, ServeForm,
    amend::{Served, how_words, kind_words},
    done,
    widgets::{card_line, day, money, put, turned},
};
use crate::{
    api::{About, Answer, Ask, Fault, FirstId, SecondAsk},
    app::{Cx, Effect, Look, TimerId, confirm, keymap::Act},
    i18n::Say,
    term::{Chord, Key},
    text::{pad, visible, width, wrap},
};
use karton_api::{
    amendments::{Amendment, AmendmentKind, AmendmentState, ConfirmAmendment, DecideAmendment},
    confirmations::Says,
    decisions::LetterState,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// A later decision.
#[derive(Debug, Clone)]
pub struct AmendmentScreen {
    it: Amendment,
    letter: Vec<String>,
    at: usize,
}

impl AmendmentScreen {
    /// With its letter's text, once there is one.
    pub fn new(it: Amendment, letter: Option<String>) -> AmendmentScreen {
        AmendmentScreen {
            it,
            letter: letter
                .map(|text| text.lines().map(visible).collect())
                .unwrap_or_default(),
            at: 0,
        }
    }
    fn may(&self, what: &str) -> bool {
        self.it.may.iter().any(|may| may == what)
    }
    fn ask(&self, look: &Look<'_>) -> Ask {
        Ask::Amendment {
            id: self.it.id,
            width: super::letter::width(look),
        }
    }
    /// What it says, line by line.
    fn lines(&self, look: &Look<'_>) -> Vec<(String, String)> {
        let it = &self.it;
        let mut lines = Vec::new();
        let mut say = |key: &'static str, text: String| {
            lines.push((look.words.t(key), text));
        };
        say("amend-kind", look.words.t(kind_words(it.kind)));
        if let Some(number) = &it.decision_number {
            say("amend-target", visible(number));
        }
        if it.from.is_some() {
            say("amend-from", day(it.from));
        }
        say("amend-reason", visible(look.words.pick(&it.reason_name)));
        if it.part.is_some() {
            let whose = it
                .part_person
                .as_deref()
                .map(|name| format!(" · {}", visible(name)));
            let name = visible(look.words.pick(&it.part_name));
            say("amend-part", format!("{name}{}", whose.unwrap_or_default()));
        }
        if let Some(before) = it.before {
            say("amend-before", money(before, look));
        }
        if let Some(amount) = it.amount {
            say("amend-after", money(amount, look));
        }
        for line in &it.corrections {
            say(
                "correct-was",
                format!("{} → {}", visible(&line.was), visible(&line.is)),
            );
        }
        for paragraph in &it.paragraphs {
            say("paragraph", visible(paragraph));
        }
        for line in &it.undue {
            say(
                "amend-undue",
                format!("{} · {}", day(Some(line.month)), money(line.amount, look)),
            );
        }
        if let Some(by) = &it.recommended_by {
            say("amend-first", visible(&by.name));
        }
        if let Some(by) = &it.decided_by {
            let absent = it
                .deputy_for
                .as_ref()
                .map(|absent| {
                    look.words
                        .say(&Say::key("deputy-of").with("officer", visible(&absent.name)))
                })
                .unwrap_or_default();
            say("amend-second", format!("{} {absent}", visible(&by.name)));
        }
        if let Some(standing) = super::second::standing_later(it, usize::MAX, look) {
            say("amend-chain", standing);
        }
        if it.annulled {
            say("amend-state", look.words.t("amend-annulled"));
        }
        for one in &it.amendments {
            let number = one.number.as_deref().unwrap_or("…");
            say(
                "amend-on-it",
                format!("{} · {}", look.words.t(kind_words(one.kind)), visible(number)),
            );
        }
        for notice in &it.notices {
            say("amend-told", super::work::notice_said(notice, look));
        }
        if let Some(returned) = &it.returned {
            say(
                "reason",
                format!("{}: {}", visible(&returned.by.name), visible(&returned.reason)),
            );
        }
        for attempt in &it.delivery.attempts {
            say(
                "serve-how",
                format!(
                    "{}  {}",
                    day(Some(attempt.on)),
                    look.words.t(how_words(attempt.how))
                ),
            );
        }
        if it.delivery.appeal_until.is_some() {
            say("appeal-until", day(it.delivery.appeal_until));
        }
        lines
    }
    fn body(&self, look: &Look<'_>) -> Vec<String> {
        let wide = usize::from(look.size.0).saturating_sub(4).max(20);
        // Values stand below each other, also where one takes several lines.
        let lines = self.lines(look);
        let label = lines.iter().map(|(label, _)| width(label)).max().unwrap_or(0) + 2;
        let mut all = Vec::new();
        for (name, text) in &lines {
            for (nth, part) in wrap(text, wide.saturating_sub(label)).iter().enumerate() {
                all.push(format!("{}{part}", pad(if nth == 0 { name } else { "" }, label)));
            }
        }
        if !self.letter.is_empty() {
            all.push(String::new());
            all.extend(self.letter.iter().cloned());
        }
        all
    }
    fn turn(&mut self, key: Key, look: &Look<'_>) -> bool {
        let page = usize::from(look.size.1).saturating_sub(8).max(1);
        let lines = self.body(look).len();
        turned(&mut self.at, key, page, lines)
    }
    /// Whether the second body's letter can be read.
    fn second_letter(&self) -> bool {
        let said = self.it.second.as_ref();
        let said = said.and_then(|second| second.confirmation.as_ref());
        said.is_some_and(|said| said.letter.is_some())
    }
    fn watch(&self, cx: &mut Cx<'_>) {
        super::leaves::watch(self.it.letter, cx);
    }
}

impl Desk for AmendmentScreen {
    fn title(&self, look: &Look<'_>) -> Say {
        Say::raw(format!(
            "{} · {}",
            look.words.t(kind_words(self.it.kind)),
            visible(self.it.number.as_deref().unwrap_or(&self.it.benefit))
        ))
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        for (what, act) in [
            ("recommend", Act::Recommend),
            ("decide", Act::Decide),
            ("decide", Act::DecideMore),
            ("confirm", Act::Decide),
            ("confirm", Act::Return),
            ("return", Act::Return),
            ("deliver", Act::Deliver),
            ("drop", Act::Withdraw),
            ("correct", Act::Correct),
            ("annul", Act::Annul),
        ] {
            if self.may(what) {
                acts.push(act);
            }
        }
        if self.second_letter() {
            acts.push(Act::SecondLetter);
        }
        if self.it.letter == Some(LetterState::Ready) {
            acts.extend([Act::SavePdf, Act::Slip]);
        }
        acts.extend([Act::Previous, Act::Next, Act::Dossier, Act::Refresh]);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        let it = &self.it;
        let number = it.number.clone().unwrap_or_default();
        match act {
            Act::Recommend => cx.want(Effect::Open {
                ask: Ask::AmendForm {
                    about: Box::new(About::Again(Box::new(it.clone()))),
                },
                replace: false,
            }),
            Act::Decide if self.may("confirm") => {
                let question = super::second::question_later(it, &cx.look);
                cx.want(question);
            }
            Act::SecondLetter => cx.want(Effect::Open {
                ask: super::second::letter(FirstId::Later(it.id), &cx.look),
                replace: false,
            }),
            Act::Decide => {
                let lines = vec![
                    Say::raw(card_line(&it.person)),
                    Say::key(kind_words(it.kind)),
                    Say::raw(visible(cx.look.words.pick(&it.reason_name))),
                    Say::key("decide-says"),
                ];
                cx.want(confirm(Say::key("decide-ask"), lines, Act::Decide));
            }
            Act::Correct | Act::Annul => {
                let kind = if act == Act::Annul {
                    AmendmentKind::Annul
                } else {
                    AmendmentKind::Correct
                };
                cx.want(Effect::Open {
                    ask: Ask::AmendForm {
                        about: Box::new(About::Later(Box::new(it.clone()), kind)),
                    },
                    replace: false,
                });
            }
            Act::Return | Act::Withdraw | Act::DecideMore => cx.want(Effect::Push(Box::new(Screen::Back(
                Box::new(BackForm::new(it.clone(), act)),
            )))),
            Act::Deliver => cx.want(Effect::Push(Box::new(Screen::Serve(Box::new(ServeForm::new(
                Served::Amendment(it.id),
                number,
                &cx.look,
            )))))),
            Act::SavePdf => cx.want(Effect::Submit(Ask::AmendmentPdf { id: it.id, number })),
            Act::Slip => cx.want(Effect::Submit(Ask::AmendmentSlip { id: it.id, number })),
            Act::Dossier => cx.want(Effect::Open {
                ask: Ask::DossierFor {
                    person: it.person.id,
                    purpose: karton_api::dossiers::Purpose::Review,
                },
                replace: false,
            }),
            Act::Refresh => cx.want(Effect::Submit(self.ask(&cx.look))),
            Act::Previous | Act::Next => {
                self.turn(chord.key, &cx.look);
            }
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
        cx.want(Effect::Submit(self.ask(&cx.look)));
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Poll {
            cx.want(Effect::Ask(self.ask(&cx.look)));
        }
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let once = cx.once();
        if self.may("confirm") {
            let (id, revision) = (self.it.id, self.it.revision);
            let body = ConfirmAmendment {
                revision,
                says: Says::Confirm,
                reason: None,
            };
            return cx.want(Effect::Submit(Ask::Second(SecondAsk::ConfirmLater {
                id,
                body,
                once,
            })));
        }
        cx.want(Effect::Submit(Ask::DecideAmendment {
            id: self.it.id,
            body: DecideAmendment {
                revision: self.it.revision,
                paragraph: None,
            },
            once,
        }));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (ask, Ok(Answer::Amendment(it, letter))) => {
                *self = AmendmentScreen {
                    at: self.at,
                    ..AmendmentScreen::new(*it, letter)
                };
                if let Ask::Second(SecondAsk::ConfirmLater { .. }) = ask {
                    let said = self.it.second.as_ref();
                    let said = said.and_then(|second| second.confirmation.as_ref());
                    let number = said.and_then(|it| it.number.clone());
                    cx.want(Effect::Say(
                        Say::key("chain-done").with("number", number.unwrap_or_default()),
                        crate::app::Tone::Done,
                    ));
                    cx.want(Effect::Open {
                        ask: super::second::letter(FirstId::Later(self.it.id), &cx.look),
                        replace: false,
                    });
                }
                if let (Ask::DecideAmendment { .. }, Some(number)) = (ask, &self.it.number) {
                    cx.want(Effect::Say(
                        Say::key("decided").with("number", number),
                        crate::app::Tone::Done,
                    ));
                }
                self.watch(cx);
            }
            (
                Ask::AmendmentPdf { number, .. } | Ask::AmendmentSlip { number, .. },
                Ok(Answer::Bytes(bytes)),
            ) => {
                let slip = matches!(ask, Ask::AmendmentSlip { .. });
                cx.want(Effect::Write(super::letter::file_name(number, slip), bytes));
            }
            (_, Ok(_)) => done(cx, "delivery-noted"),
            (_, Err(Fault::Offline(_))) if self.it.letter == Some(LetterState::Making) => self.watch(cx),
            (_, Err(fault)) => cx.wrong(fault.say()),
        }
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        match (self.it.state, self.it.letter) {
            (AmendmentState::Open, _) => Say::key("amendment-open"),
            (AmendmentState::Recommended, _) => Say::key("amendment-recommended"),
            (AmendmentState::Dropped, _) => Say::key("amendment-dropped"),
            (AmendmentState::Refused, _) => Say::key("amendment-refused"),
            (AmendmentState::Confirming, _) => Say::key("amendment-confirming"),
            (_, Some(LetterState::Making)) => Say::key("letter-making"),
            (_, Some(LetterState::Failed)) => Say::key("letter-failed"),
            _ => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &card_line(&self.it.person), look.theme.strong());
        put(
            buffer,
            area,
            1,
            &visible(look.words.pick(&self.it.benefit_name)),
            Style::new(),
        );
        let room = usize::from(area.height.saturating_sub(3));
        for (place, line) in self.body(look).iter().skip(self.at).take(room).enumerate() {
            put(
                buffer,
                area,
                u16::try_from(place).unwrap_or(0) + 3,
                line,
                Style::new(),
            );
        }
        None
    }
}

/// Where the form of a later decision opens, if the pack has reasons for one.
pub(super) fn form(about: About, answer: Answer, look: &Look<'_>) -> Option<Screen> {
    let Answer::Codes(codes) = answer else { return None };
    AmendForm::new(about, codes, look).map(|form| Screen::Amend(Box::new(form)))
}
