//! How a matter runs: its steps in the order in which they opened, what other institutions were told and what they sent back; and opening a step again.

use super::{
    Desk, FORM_ACTS, FormKey, Screen, done, form_checks, form_faults, form_help, form_key, form_paste,
    form_status,
    forms::form_desk,
    widgets::{Cursor, day, instant, list, put, tabs},
};
use crate::{
    api::{Answer, Ask, Course, CourseAsk, Fault},
    app::{
        Cx, Effect, Look, confirm,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Field, Form, Kind, date, view},
    i18n::Say,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    FactValue, Id,
    common::Reason,
    matters::{Step, StepState},
    notices::{Message, MessageValue, MessageWay, NoticeState},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

const TABS: [&str; 2] = ["tab-steps", "tab-messages"];

/// The steps of a matter and its messages.
#[derive(Debug, Clone)]
pub struct CourseScreen {
    course: Course,
    tab: usize,
    cursor: Cursor,
}

impl CourseScreen {
    /// On the messages where something waits there for an officer, otherwise on the steps.
    pub fn new(course: Course) -> CourseScreen {
        let again = course.messages.iter().any(|it| !it.may.is_empty());
        // The cursor is where the work is: at the first open step.
        let open = |step: &Step| matches!(step.state, StepState::Open | StepState::Started);
        let at = course.steps.iter().position(open).unwrap_or(0);
        CourseScreen {
            tab: usize::from(again),
            cursor: Cursor(if again { 0 } else { at }),
            course,
        }
    }
    fn len(&self) -> usize {
        match self.tab {
            0 => self.course.steps.len(),
            _ => self.course.messages.len(),
        }
    }
    fn step(&self) -> Option<&Step> {
        self.course.steps.get(self.cursor.0).filter(|_| self.tab == 0)
    }
    fn message(&self) -> Option<&Message> {
        self.course.messages.get(self.cursor.0).filter(|_| self.tab == 1)
    }
    fn reopenable(&self) -> Option<&Step> {
        self.step()
            .filter(|step| step.may.iter().any(|may| may == "reopen"))
    }
    fn unsent(&self) -> Option<&Message> {
        self.message().filter(|it| it.may.iter().any(|may| may == "send"))
    }
    fn see(&self) -> Ask {
        Ask::Course(CourseAsk::See {
            matter: self.course.matter,
            number: self.course.number.clone(),
        })
    }
    /// Everything about the line with the cursor.
    fn details(&self, look: &Look<'_>) -> Option<Overlay> {
        let (title, lines) = match (self.step(), self.message()) {
            (Some(step), _) => (
                Say::raw(visible(look.words.pick(&step.name))),
                of_step(step, look),
            ),
            (_, Some(message)) => (
                Say::raw(visible(look.words.pick(&message.service_name))),
                of_message(message, look),
            ),
            _ => return None,
        };
        Some(Overlay::Text { title, lines, at: 0 })
    }
}

const fn step_words(state: StepState) -> (&'static str, &'static str) {
    match state {
        StepState::Open => ("○", "step-open"),
        StepState::Started => ("●", "step-started"),
        StepState::Done => ("✓", "step-done"),
        StepState::Dropped => ("·", "step-dropped"),
    }
}

/// The sign of a message and how it stands, in a word.
fn message_words(message: &Message) -> (&'static str, &'static str) {
    match (message.way, message.state) {
        (MessageWay::Heard, _) => ("←", "message-heard"),
        (MessageWay::Sent, Some(NoticeState::Taken)) => ("→", "message-taken"),
        (MessageWay::Sent, Some(NoticeState::Refused)) => ("✗", "message-refused"),
        (MessageWay::Sent, Some(NoticeState::Silent)) => ("?", "message-silent"),
        (MessageWay::Sent, _) => ("○", "message-waiting"),
    }
}

fn pair(key: &'static str, value: String) -> Line {
    Line::Pair(Say::key(key), Say::raw(value))
}

fn of_step(step: &Step, look: &Look<'_>) -> Vec<Line> {
    let mut lines = vec![
        pair("col-state", look.words.t(step_words(step.state).1)),
        pair("course-opened", instant(step.opened_at)),
    ];
    if step.due_on.is_some() {
        lines.push(pair("col-due", day(step.due_on)));
    }
    if let Some(officer) = &step.assigned_to {
        lines.push(pair("course-with", visible(&officer.name)));
    }
    if let Some(at) = step.done_at {
        lines.push(pair("course-done", instant(at)));
        let by = step.done_by.as_ref().map(|by| visible(&by.name));
        lines.push(pair(
            "col-officer",
            by.unwrap_or_else(|| look.words.t("course-by-itself")),
        ));
    }
    if let Some(reason) = &step.reason {
        lines.push(Line::Text(0, Say::raw(visible(reason))));
    }
    lines
}

fn said(it: &MessageValue, look: &Look<'_>) -> String {
    if !it.says.is_empty() {
        return visible(look.words.pick(&it.says));
    }
    match &it.value {
        FactValue::Date(on) => date::show(*on),
        FactValue::Int(number) => number.to_string(),
        FactValue::Text(text) | FactValue::Code(text) | FactValue::Decimal(text) => {
            text.parse().map_or_else(|_| visible(text), date::show)
        }
        FactValue::Bool(_) | FactValue::Money(_) | FactValue::Person(_) | FactValue::Rows(_) => {
            "–".to_owned()
        }
    }
}

fn of_message(message: &Message, look: &Look<'_>) -> Vec<Line> {
    let mut lines = vec![
        pair("message-other", visible(look.words.pick(&message.institution))),
        pair("col-state", look.words.t(message_words(message).1)),
        pair(
            match message.way {
                MessageWay::Sent => "message-posted",
                MessageWay::Heard => "message-came",
            },
            instant(message.at),
        ),
    ];
    if let Some(at) = message.answered_at {
        lines.push(pair("message-answered", instant(at)));
    }
    if let Some(receipt) = &message.receipt {
        lines.push(pair("message-receipt", visible(receipt)));
    }
    if let Some(problem) = &message.problem {
        lines.push(pair("message-problem", visible(problem)));
    }
    if let Some(step) = &message.step {
        lines.push(pair("due-step", visible(look.words.pick(step))));
    }
    for opened in &message.opened {
        lines.push(pair("message-opened", visible(look.words.pick(opened))));
    }
    lines.extend([Line::Gap, Line::Head(Say::key("message-says"))]);
    for it in &message.values {
        let label = if it.label.is_empty() {
            visible(&it.member)
        } else {
            visible(look.words.pick(&it.label))
        };
        lines.push(Line::Pair(Say::raw(label), Say::raw(said(it, look))));
    }
    lines
}

impl Desk for CourseScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-course").with("number", visible(&self.course.number))
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.unsent().is_some() {
            acts.push(Act::Tell);
        }
        if self.len() > 0 {
            acts.push(Act::Open);
        }
        if self.reopenable().is_some() {
            acts.push(Act::Reopen);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => match self.details(&cx.look) {
                Some(overlay) => cx.want(Effect::Overlay(Box::new(overlay))),
                None => cx.want(Effect::Bell),
            },
            Act::Tell => match self.unsent().map(|it| it.id) {
                Some(notice) => {
                    let once = cx.once();
                    cx.want(Effect::Submit(Ask::Course(CourseAsk::Send {
                        matter: self.course.matter,
                        number: self.course.number.clone(),
                        notice,
                        once,
                    })));
                }
                None => cx.want(Effect::Bell),
            },
            Act::Reopen => match self.reopenable() {
                Some(step) => {
                    let form = ReopenForm::new(self.course.matter, step.clone());
                    cx.want(Effect::Push(Box::new(Screen::Reopen(Box::new(form)))));
                }
                None => cx.want(Effect::Bell),
            },
            Act::Refresh => cx.want(Effect::Submit(self.see())),
            _ => {
                self.key(chord, cx);
            }
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let tab = match chord.key {
            _ if chord.ctrl => return false,
            Key::Tab | Key::Right | Key::BackTab | Key::Left => 1 - self.tab,
            Key::Char('1') => 0,
            Key::Char('2') => 1,
            _ => {
                let page = usize::from(cx.look.size.1).saturating_sub(8);
                return self.cursor.key(chord, self.len(), page);
            }
        };
        self.tab = tab;
        self.cursor = Cursor::default();
        true
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(self.see()));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (ask, Ok(Answer::Course(course))) => {
                self.course = *course;
                if matches!(ask, Ask::Course(CourseAsk::Send { .. })) {
                    done(cx, "message-sent-again");
                }
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
        self.cursor.0 = self.cursor.0.min(self.len().saturating_sub(1));
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        if self.tab == 1 && self.course.more {
            return Say::key("message-more").with("n", self.course.messages.len());
        }
        Say::Nothing
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let names: Vec<String> = TABS
            .iter()
            .enumerate()
            .map(|(i, key)| format!("{} {}", i + 1, look.words.t(key)))
            .collect();
        let line = Rect::new(area.x, area.y, area.width, 1).intersection(area);
        if !line.is_empty() {
            tabs(buffer, line, &names, self.tab, look);
        }
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        if self.len() == 0 {
            put(buffer, body, 0, &look.words.t("message-none"), look.theme.quiet());
            return None;
        }
        let wide = usize::from(area.width);
        if self.tab == 0 {
            let name = wide.saturating_sub(54).clamp(26, 60);
            return list(buffer, body, self.len(), self.cursor, look, |i| {
                let step = &self.course.steps[i];
                let (sign, words) = step_words(step.state);
                let who = step.done_by.as_ref().or(step.assigned_to.as_ref());
                let by_itself = step.state == StepState::Done && step.done_by.is_none();
                let who = match who {
                    _ if by_itself => look.words.t("course-by-itself"),
                    Some(officer) => visible(&officer.name),
                    None => String::new(),
                };
                let on = step.done_at.map(|at| instant(at).chars().take(10).collect());
                let good = if step.state == StepState::Done {
                    look.theme.good()
                } else {
                    Style::new()
                };
                vec![
                    (sign.to_owned(), 1, good),
                    (visible(look.words.pick(&step.name)), name, Style::new()),
                    (look.words.t(words), 11, Style::new()),
                    (on.unwrap_or_else(|| day(step.due_on)), 11, look.theme.quiet()),
                    (who, wide, look.theme.quiet()),
                ]
            });
        }
        let name = wide.saturating_sub(62).clamp(20, 40);
        list(buffer, body, self.len(), self.cursor, look, |i| {
            let it = &self.course.messages[i];
            let (sign, words) = message_words(it);
            let style = match it.state {
                Some(NoticeState::Refused | NoticeState::Silent) => look.theme.bad(),
                Some(NoticeState::Waiting) => look.theme.open(),
                Some(NoticeState::Taken) | None => look.theme.good(),
            };
            vec![
                (sign.to_owned(), 1, style),
                (instant(it.at), 17, look.theme.quiet()),
                (visible(look.words.pick(&it.service_name)), name, Style::new()),
                (look.words.t(words), 14, style),
                (
                    visible(look.words.pick(&it.institution)),
                    wide,
                    look.theme.quiet(),
                ),
            ]
        })
    }
}

/// A step that was done is opened again, with the reason.
#[derive(Debug, Clone)]
pub struct ReopenForm {
    matter: Id<value::Matter>,
    step: Step,
    form: Form,
}

impl ReopenForm {
    fn new(matter: Id<value::Matter>, step: Step) -> ReopenForm {
        let reason = Field::new("reason", Say::key("reopen-reason"), Kind::Text { max: 2000 })
            .required()
            .help(Say::key("reopen-reason-help"));
        ReopenForm {
            matter,
            step,
            form: Form::single(vec![reason]),
        }
    }
    fn reason(&self) -> String {
        self.form
            .find("", "reason")
            .map(Field::text)
            .unwrap_or_default()
            .trim()
            .to_owned()
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let name = visible(cx.look.words.pick(&self.step.name));
        let lines = vec![Say::raw(name), Say::key("reopen-ask-says")];
        cx.want(confirm(Say::key("reopen-ask"), lines, Act::Submit));
    }
}

impl Desk for ReopenForm {
    form_desk!();
    fn title(&self, look: &Look<'_>) -> Say {
        Say::key("title-reopen").with("step", visible(look.words.pick(&self.step.name)))
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let once = cx.once();
        cx.want(Effect::Submit(Ask::Course(CourseAsk::Reopen {
            matter: self.matter,
            step: self.step.id,
            body: Reason {
                reason: self.reason(),
            },
            once,
        })));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "step-reopened");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &look.words.t("reopen-says"), look.theme.quiet());
        let top = 2;
        view::draw(
            &self.form,
            buffer,
            Rect::new(area.x, area.y + top, area.width, area.height.saturating_sub(top)),
            &look.form(),
            look.theme,
        )
    }
}
