//! The form of a step, typed: what a visit found, what a report says. It is kept in this client until it is handed in; handing it in completes the
//! step.

use super::{
    Desk, FORM_ACTS, FormKey,
    cases::{
        answered,
        build::{self, Place},
        draw_form, faults,
    },
    done, form_checks, form_help, form_key, form_paste, form_status,
    forms::form_keys,
    widgets::{full_name, instant},
};
use crate::{
    api::{Answer, Ask, Fault, Once, StepAsk, StepAt, StepKit},
    app::{
        Cx, Effect, Look, Tone, confirm,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Field, Form, Kept, Kind, date},
    i18n::Say,
    screens::widgets::card_line,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{FactValue, Id, assessments::Answer as Typed, matters::CompleteStep, value};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use serde_json::json;
use std::collections::BTreeMap;

/// The day the form speaks of: the first field of its first page.
const ON: &str = "on";

/// The form of a step.
#[derive(Debug, Clone)]
pub struct StepForm {
    kit: StepKit,
    form: Form,
    places: Vec<Place>,
    typed: Vec<Typed>,
    once: Once,
    restored: bool,
}

/// Who lives with the one a matter is about, that person first.
fn home(kit: &StepKit) -> Vec<(Id<value::Person>, String)> {
    let mut home = vec![(kit.person.id, full_name(&kit.person.name))];
    for member in kit.household.iter().flat_map(|there| &there.members) {
        if member.card.id != kit.person.id {
            home.push((member.card.id, full_name(&member.card.name)));
        }
    }
    home
}

/// A form of a step that waits in this client: `step|user|matter|step`, with what opens it again.
pub(super) fn key_of_draft(user: &str, at: &StepAt) -> String {
    format!("step|{user}|{}|{}", at.matter, at.step)
}

impl StepForm {
    /// With what was handed in before, and what waits in this client.
    pub fn new(kit: StepKit, look: &Look<'_>) -> StepForm {
        let home = home(&kit);
        let (mut pages, places) = build::pages(&kit.form, (kit.person.id, &home, &home), &kit.codes, look);
        if let Some(first) = pages.first_mut() {
            let mut on = Field::new(ON, Say::key("field-on"), Kind::Date { past: true }).required();
            on.set(&FactValue::Date(look.today), &look.form());
            first.fields.insert(0, on);
        }
        let mut form = Form::new(pages);
        form.remember(look.answers);
        let mut it = StepForm {
            form,
            places,
            kit,
            typed: Vec::new(),
            once: Once::new(),
            restored: false,
        };
        it.say_declared(look);
        if let Some(before) = it.kit.sheets.first().cloned() {
            build::fill(&mut it.form, &it.places, &before.answers, &look.form());
            let day = FactValue::Date(before.on);
            if let Some(on) = it.form.pages.first_mut().and_then(|page| page.fields.first_mut()) {
                on.set(&day, &look.form());
            }
        }
        let user = look.session.map_or("", |s| s.user.as_str());
        let kept: Option<BTreeMap<String, Kept>> = look
            .drafts
            .get(&key_of_draft(user, &it.kit.at))
            .and_then(|body| serde_json::from_value(body.get("kept")?.clone()).ok());
        if let Some(kept) = kept {
            it.form.restore(&kept);
            it.restored = true;
        }
        it
    }
    /// Beside a field that the application asked for too stands what was declared.
    fn say_declared(&mut self, look: &Look<'_>) {
        let ctx = look.form();
        for answer in &self.kit.declared {
            let mut said = Form::new(self.form.pages.clone());
            build::fill(&mut said, &self.places, std::slice::from_ref(answer), &ctx);
            let Some(page) = build::page_asking(&self.form, &self.places, answer) else {
                continue;
            };
            let shown = said.find(&page, &answer.fact).map(|field| field.display(&ctx));
            if let (Some(shown), Some(field)) = (shown, self.form.find_mut(&page, &answer.fact)) {
                let words = look.words.say(&Say::key("step-declared").with("value", shown));
                field.help = Say::raw(words);
            }
        }
    }
    fn keep(&self, cx: &mut Cx<'_>) {
        let user = cx.look.session.map_or("", |s| s.user.as_str());
        let body = json!({ "name": full_name(&self.kit.person.name), "label": self.kit.at.name, "at": at_json(&self.kit.at),
            "kept": self.form.kept() });
        cx.want(Effect::Draft(key_of_draft(user, &self.kit.at), Some(body)));
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        self.once = cx.once();
        let lines = vec![
            Say::raw(card_line(&self.kit.person)),
            Say::table(&self.kit.form.title),
            Say::key("step-ask-says"),
        ];
        cx.want(confirm(Say::key("step-ask"), lines, Act::Submit));
    }
    fn body(&self, look: &Look<'_>) -> CompleteStep {
        let ctx = look.form();
        let first = self.form.pages.first().and_then(|page| page.fields.first());
        let on = first.and_then(|on| match on.value(&ctx) {
            Ok(Some(FactValue::Date(day))) => Some(day),
            _ => None,
        });
        let mut answers = build::answers(&self.form, &self.places, &ctx);
        answers.retain(|answer| answer.fact != ON);
        CompleteStep { on, answers }
    }
}

/// Which step, for a draft that opens it again.
fn at_json(at: &StepAt) -> serde_json::Value {
    json!({ "matter": at.matter, "step": at.step, "key": at.key, "form": at.form, "person": at.person, "number": at.number,
        "applied": at.applied })
}

/// What opens the form of a draft again.
pub(super) fn at_of_draft(body: &serde_json::Value) -> Option<StepAt> {
    let at = body.get("at")?;
    let text = |name: &str| at.get(name)?.as_str().map(str::to_owned);
    Some(StepAt {
        matter: text("matter")?.parse().ok()?,
        step: text("step")?.parse().ok()?,
        key: text("key")?,
        name: serde_json::from_value(body.get("label")?.clone()).ok()?,
        form: text("form")?,
        person: text("person")?.parse().ok()?,
        number: text("number")?,
        applied: at.get("applied")?.as_bool()?,
    })
}

impl Desk for StepForm {
    form_keys!(said);
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = FORM_ACTS.to_vec();
        if self.form.pages.len() > 1 {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts.push(Act::SavePdf);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        let page = |key| Chord::of(key);
        match act {
            Act::Submit => self.submit(cx),
            Act::Previous => drop(self.key(page(Key::PageUp), cx)),
            Act::Next => drop(self.key(page(Key::PageDown), cx)),
            Act::SavePdf => cx.want(Effect::Submit(Ask::Step(StepAsk::Blank(self.kit.at.clone())))),
            _ => drop(self.key(chord, cx)),
        }
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        form_paste(&mut self.form, text, cx);
        self.keep(cx);
    }
    fn rows(&mut self, rows: Vec<Vec<String>>, cx: &mut Cx<'_>) {
        self.form.put_rows(rows);
        self.keep(cx);
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::table(&self.kit.at.name)
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match form_key(&mut self.form, chord, cx) {
            FormKey::Finished => self.submit(cx),
            FormKey::Changed => self.keep(cx),
            FormKey::Ignored => return false,
            FormKey::Moved | FormKey::Held => {}
        }
        true
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
        self.keep(cx);
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        if self.restored {
            cx.want(Effect::Say(Say::key("draft-restored"), Tone::Note));
        }
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let body = self.body(&cx.look);
        self.typed = body.answers.clone();
        cx.want(Effect::Submit(Ask::Step(StepAsk::HandIn {
            at: self.kit.at.clone(),
            body: Box::new(body),
            once: self.once.clone(),
        })));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (Ask::Step(StepAsk::HandIn { .. }), Ok(_)) => {
                let user = cx.look.session.map_or("", |s| s.user.as_str());
                let key = key_of_draft(user, &self.kit.at);
                cx.want(Effect::Draft(key, None));
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "step-handed-in");
            }
            (Ask::Step(StepAsk::Blank(at)), Ok(Answer::Bytes(bytes))) => {
                let paper = paper(at, bytes, &cx.look);
                cx.want(paper);
            }
            (_, Ok(_)) => {}
            (_, Err(fault)) => faults(&mut self.form, &fault, &self.typed, &self.places, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let head = format!(
            "{}  ·  {}",
            full_name(&self.kit.person.name),
            visible(&self.kit.at.number)
        );
        draw_form(&self.form, &head, look, buffer, area)
    }
}

/// Every version of what was handed in with a step, the newest first, question by question.
pub(super) fn read(kit: &StepKit, look: &Look<'_>) -> Overlay {
    let home = home(kit);
    let mut lines = Vec::new();
    for sheet in &kit.sheets {
        let words = Say::key("version-by").with("n", sheet.version);
        let words = words.with("at", instant(sheet.recorded_at));
        lines.push(Line::Head(words.with("who", visible(&sheet.recorded_by.name))));
        lines.push(Line::Pair(Say::key("field-on"), Say::raw(date::show(sheet.on))));
        let about = (kit.person.id, home.as_slice(), home.as_slice());
        lines.extend(answered(&kit.form, about, &kit.codes, &sheet.answers, look));
        lines.push(Line::Gap);
    }
    if lines.is_empty() {
        lines.push(Line::Text(0, Say::key("step-nothing-yet")));
    }
    Overlay::Text {
        title: Say::table(&kit.form.title),
        lines,
        at: 0,
    }
}

/// The paper to write: its name and bytes.
pub(super) fn paper(at: &StepAt, bytes: Vec<u8>, look: &Look<'_>) -> Effect {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = at.number.chars().map(safe).collect();
    Effect::Write(format!("{}-{name}.pdf", look.words.t("step-file")), bytes)
}
