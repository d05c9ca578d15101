//! Reporting a case. The kind is chosen first; it brings its own form.

use super::{
    build::{self, Place},
    form::{
        OWN, draw, faults,
        fields::{chosen, past, text},
        typed_form,
    },
};
use crate::{
    api::{Answer, Ask, CaseAnswer, CaseAsk, Fault, Once, ReportKit},
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Choice, Form, Page},
    i18n::Say,
    screens::{
        Desk, FORM_ACTS, FormKey, anyone, choices, form_checks, form_help, form_key, form_paste, form_status,
        widgets::{card_line, full_name},
    },
    term::Chord,
};
use karton_api::{FactValue, assessments::Answer as Typed, cases::NewCase};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// A case is reported. The kind is chosen first; it brings its own form.
#[derive(Debug, Clone)]
pub struct ReportForm {
    kit: ReportKit,
    /// The kind that the form is drawn for.
    drawn: String,
    form: Form,
    places: Vec<Place>,
    typed: Vec<Typed>,
    once: Once,
}

impl ReportForm {
    /// With the kind still to be chosen.
    pub fn new(kit: ReportKit, look: &Look<'_>) -> ReportForm {
        let list = |name: &str| choices(kit.codes.get(name), look);
        let kinds: Vec<Choice> = kit
            .procedures
            .iter()
            .filter_map(|it| {
                let rules = it.case.as_ref()?;
                Some(Choice {
                    note: Say::raw(rules.code.clone()),
                    ..Choice::new(it.id.clone(), Say::table(&it.name))
                })
            })
            .collect();
        let supervisors: Vec<Choice> = kit
            .officers
            .iter()
            .filter(|it| it.supervises)
            .map(|it| Choice::new(it.officer.id.to_string(), Say::raw(it.officer.name.clone())))
            .collect();
        let own = Page {
            id: OWN.to_owned(),
            title: Say::key("deed-report"),
            fields: vec![
                chosen("procedure", "field-kind-of-case", kinds).required(),
                chosen("way", "case-came", list("case_ways")).required(),
                chosen("reason", "case-why", list("case_reasons")).required(),
                chosen("priority", "case-priority", list("case_priorities")).required(),
                past("on", "field-on", look).required(),
                text("note", "note", 4000),
                chosen("supervisor", "field-supervisor", supervisors).help(Say::key("field-supervisor-help")),
            ],
        };
        let mut form = Form::new(vec![own]);
        form.remember(look.answers);
        ReportForm {
            kit,
            drawn: String::new(),
            form,
            places: Vec::new(),
            typed: Vec::new(),
            once: Once::new(),
        }
    }
    /// Another kind brings another form; what is typed on the first page stays.
    fn redraw(&mut self, look: &Look<'_>) {
        let code = match self.form.find(OWN, "procedure").map(|f| f.value(&look.form())) {
            Some(Ok(Some(FactValue::Code(code)))) => code,
            _ => return,
        };
        if code == self.drawn {
            return;
        }
        let rules = self
            .kit
            .procedures
            .iter()
            .find(|it| it.id == code)
            .and_then(|it| it.case.clone());
        let Some(form) = rules
            .as_ref()
            .and_then(|rules| self.kit.forms.get(rules.form.as_deref()?))
        else {
            return;
        };
        let card = &self.kit.person.card;
        let mut home = vec![(card.id, full_name(&card.name))];
        let members = self
            .kit
            .household
            .iter()
            .flat_map(|h| &h.members)
            .filter(|m| m.card.id != card.id);
        home.extend(members.map(|m| (m.card.id, full_name(&m.card.name))));
        let (pages, places) = build::pages(form, (card.id, &home, &home), &self.kit.codes, look);
        self.form.pages.truncate(1);
        self.form.pages.extend(pages);
        if let Some(field) = self.form.find_mut(OWN, "supervisor") {
            field.required = rules.is_some_and(|rules| rules.restricted);
        }
        self.places = places;
        self.drawn = code;
    }
    fn body(&self, look: &Look<'_>) -> Option<NewCase> {
        let value = |id: &str| {
            self.form
                .find(OWN, id)
                .and_then(|f| f.value(&look.form()).ok().flatten())
        };
        let code = |id: &str| match value(id) {
            Some(FactValue::Code(code)) => Some(code),
            _ => None,
        };
        let note = self
            .form
            .find(OWN, "note")
            .map(|f| f.text().trim().to_owned())
            .unwrap_or_default();
        Some(NewCase {
            procedure: code("procedure")?,
            person: self.kit.person.card.id,
            way: code("way")?,
            reason: code("reason")?,
            priority: code("priority")?,
            on: match value("on") {
                Some(FactValue::Date(day)) => Some(day),
                _ => None,
            },
            note: Some(note).filter(|note| !note.is_empty()),
            answers: build::answers(&self.form, &self.places, &look.form()),
            people: Vec::new(),
            supervisor: code("supervisor").and_then(|id| id.parse().ok()),
        })
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        self.redraw(&cx.look);
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let name = self
            .kit
            .procedures
            .iter()
            .find(|it| it.id == self.drawn)
            .map(|it| Say::table(&it.name));
        self.once = cx.once();
        let lines = vec![
            Say::raw(card_line(&self.kit.person.card)),
            name.unwrap_or_default(),
        ];
        cx.want(confirm(Say::key("deed-report-ask"), lines, Act::Submit));
    }
}

impl Desk for ReportForm {
    typed_form!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("deed-report")
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        if anyone::looks_for_somebody(&self.form, chord, cx) {
            return true;
        }
        let did = form_key(&mut self.form, chord, cx);
        self.redraw(&cx.look);
        if did == FormKey::Finished {
            self.submit(cx);
        }
        did != FormKey::Ignored
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
        self.redraw(&cx.look);
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        if let Some(body) = self.body(&cx.look) {
            self.typed.clone_from(&body.answers);
            cx.want(Effect::Submit(Ask::Cases(CaseAsk::Report {
                body: Box::new(body),
                once: self.once.clone(),
            })));
        }
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (Ask::Search { .. }, Ok(Answer::Found(page))) => {
                if let Some(only) = anyone::found(&mut self.form, &page.items, cx) {
                    self.chosen(&only, cx);
                }
            }
            (Ask::Search { .. }, Err(fault)) => cx.wrong(fault.say()),
            (_, Ok(Answer::Cases(CaseAnswer::Reported(id, number)))) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Say(
                    Say::key("case-reported-as").with("number", number),
                    crate::app::Tone::Done,
                ));
                cx.want(Effect::Open {
                    ask: Ask::Cases(CaseAsk::See { id, write: false }),
                    replace: true,
                });
            }
            (_, Ok(_)) => cx.want(Effect::Back),
            (_, Err(fault)) => faults(&mut self.form, &fault, &self.typed, &self.places, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        draw(&self.form, &card_line(&self.kit.person.card), look, buffer, area)
    }
}
