//! Signals: cross-checks that ask for a look, and the answer to one.

use super::{
    Desk, FormKey, Screen, done, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    forms::form_desk,
    widgets::{Cursor, card_line, list, put},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, view},
    i18n::Say,
    screens::FORM_ACTS,
    term::Chord,
    text::{visible, wrap},
};
use karton_api::{
    FactValue,
    signals::{AnswerSignal, RaisedSignal, SignalDoes, SignalOutcome, SignalState},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The queue: open ones, or those of another state.
#[derive(Debug, Clone)]
pub struct Signals {
    state: SignalState,
    list: Vec<RaisedSignal>,
    next: Option<String>,
    cursor: Cursor,
}

impl Signals {
    /// As the server answered.
    pub fn new(state: SignalState, list: Vec<RaisedSignal>, next: Option<String>) -> Signals {
        Signals {
            state,
            list,
            next,
            cursor: Cursor::default(),
        }
    }
    fn current(&self) -> Option<&RaisedSignal> {
        self.list.get(self.cursor.0)
    }
    fn other(&self, step: usize) -> SignalState {
        let states = [SignalState::Open, SignalState::Answered, SignalState::Lapsed];
        let at = states.iter().position(|state| *state == self.state).unwrap_or(0);
        states[(at + step) % states.len()]
    }
}

const fn state_words(state: SignalState) -> &'static str {
    match state {
        SignalState::Open => "signals-open",
        SignalState::Answered => "signals-answered",
        SignalState::Lapsed => "signals-lapsed",
    }
}

const fn outcome_words(outcome: SignalOutcome) -> &'static str {
    match outcome {
        SignalOutcome::Confirmed => "signal-confirmed",
        SignalOutcome::Unfounded => "signal-unfounded",
        SignalOutcome::Unclear => "signal-unclear",
    }
}

impl Desk for Signals {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-signals"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-signals")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if let Some(signal) = self.current() {
            if self.state != SignalState::Lapsed {
                acts.push(Act::WriteDown);
            }
            if signal.matter.is_some() {
                acts.push(Act::Open);
            }
            acts.push(Act::Dossier);
        }
        acts.extend([Act::Previous, Act::Next, Act::Refresh]);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        let open = |ask| Effect::Open { ask, replace: false };
        let again = |state| Effect::Open {
            ask: Ask::Signals { state },
            replace: true,
        };
        match (act, self.current()) {
            (Act::Next, _) => cx.want(again(self.other(1))),
            (Act::Previous, _) => cx.want(again(self.other(2))),
            (Act::Refresh, _) => cx.want(again(self.state)),
            (Act::WriteDown, Some(signal)) if self.state != SignalState::Lapsed => {
                let form = SignalForm::new(signal.clone(), &cx.look);
                cx.want(Effect::Push(Box::new(Screen::Signal(Box::new(form)))));
            }
            (Act::Open, Some(signal)) => match signal.matter {
                Some(matter) => cx.want(open(Ask::Application { id: matter.cast() })),
                None => cx.want(open(Ask::Dossier {
                    person: signal.person.id,
                })),
            },
            (Act::Dossier, Some(signal)) => cx.want(open(Ask::Dossier {
                person: signal.person.id,
            })),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, _cx: &mut Cx<'_>) -> bool {
        self.cursor.key(chord, self.list.len(), 8)
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        let more = if self.next.is_some() { "+" } else { "" };
        Say::key("signals-count").with("count", format!("{}{more}", self.list.len()))
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &look.words.t(state_words(self.state)),
            look.theme.heading(),
        );
        put(buffer, area, 1, &look.words.t("signals-says"), look.theme.quiet());
        if self.list.is_empty() {
            put(buffer, area, 3, &look.words.t("signals-none"), look.theme.quiet());
            return None;
        }
        // Below the list stands the whole sentence of the one under the cursor.
        let below = 6;
        let height = area.height.saturating_sub(3 + below);
        let body = Rect::new(area.x, area.y + 3, area.width, height);
        let rest = usize::from(area.width).saturating_sub(36);
        let place = list(buffer, body, self.list.len(), self.cursor, look, |i| {
            let it = &self.list[i];
            let sign = match it.does {
                SignalDoes::Stop => "!",
                SignalDoes::Look => "?",
                SignalDoes::Warn => "·",
            };
            vec![
                (sign.to_owned(), 2, look.theme.open()),
                (visible(&it.signal), 7, look.theme.quiet()),
                (
                    visible(&format!("{} {}", it.person.name.given, it.person.name.family)),
                    24,
                    look.theme.strong(),
                ),
                (visible(look.words.pick(&it.name)), rest, Style::new()),
            ]
        });
        if let Some(it) = self.current() {
            let foot = Rect::new(area.x, area.y + 3 + height, area.width, below);
            let mut lines = wrap(&visible(look.words.pick(&it.says)), area.width.into());
            lines.truncate(3);
            if let Some(law) = &it.law {
                lines.push(visible(law));
            }
            if let Some(answer) = &it.answer {
                let outcome = look.words.t(outcome_words(answer.outcome));
                lines.push(format!(
                    "{outcome} · {} · {}",
                    visible(&answer.by.name),
                    visible(&answer.note)
                ));
            }
            for (line, text) in (1..).zip(lines) {
                put(buffer, foot, line, &text, Style::new());
            }
        }
        place
    }
}

/// What came of a look.
#[derive(Debug, Clone)]
pub struct SignalForm {
    signal: RaisedSignal,
    form: Form,
}

impl SignalForm {
    /// For a signal.
    pub fn new(signal: RaisedSignal, look: &Look<'_>) -> SignalForm {
        let all = [
            SignalOutcome::Confirmed,
            SignalOutcome::Unfounded,
            SignalOutcome::Unclear,
        ];
        let choice = |outcome: SignalOutcome| Choice::new(code(outcome), Say::key(outcome_words(outcome)));
        let list: Vec<Choice> = all.into_iter().map(choice).collect();
        let mut outcome = Field::new("outcome", Say::key("signal-found"), Kind::Code(list.into())).required();
        let mut note = Field::new("note", Say::key("signal-note"), Kind::Text { max: 1500 }).required();
        if let Some(answer) = &signal.answer {
            outcome.put(code(answer.outcome));
            note.set(&FactValue::Text(answer.note.clone()), &look.form());
        }
        SignalForm {
            signal,
            form: Form::single(vec![outcome, note]),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let ctx = cx.look.form();
        let value = |id: &str| self.form.find("", id).and_then(|f| f.value(&ctx).ok().flatten());
        if let (Some(FactValue::Code(found)), Some(FactValue::Text(note))) = (value("outcome"), value("note"))
        {
            let outcome = match found.as_str() {
                "confirmed" => SignalOutcome::Confirmed,
                "unfounded" => SignalOutcome::Unfounded,
                _ => SignalOutcome::Unclear,
            };
            cx.want(Effect::Submit(Ask::AnswerSignal {
                id: self.signal.id,
                revision: self.signal.revision,
                body: AnswerSignal { outcome, note },
            }));
        }
    }
}

const fn code(outcome: SignalOutcome) -> &'static str {
    match outcome {
        SignalOutcome::Confirmed => "confirmed",
        SignalOutcome::Unfounded => "unfounded",
        SignalOutcome::Unclear => "unclear",
    }
}

impl Desk for SignalForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-signal")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Back);
                cx.want(Effect::Open {
                    ask: Ask::Signals {
                        state: SignalState::Open,
                    },
                    replace: true,
                });
                done(cx, "signal-answered");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &card_line(&self.signal.person),
            look.theme.strong(),
        );
        let mut line = 2;
        for text in wrap(&visible(look.words.pick(&self.signal.says)), area.width.into())
            .iter()
            .take(4)
        {
            put(buffer, area, line, text, Style::new());
            line += 1;
        }
        put(
            buffer,
            area,
            line + 1,
            &look.words.t("signal-no-ground"),
            look.theme.quiet(),
        );
        let top = line + 3;
        view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + top, area.width, area.height.saturating_sub(top)),
            &look.form(),
            look.theme,
        )
    }
}
