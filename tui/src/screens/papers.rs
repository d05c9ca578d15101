//! What an officer brings by hand: a document in the place of a register's answer, a fact or finding, a withdrawal.

use super::{
    Desk, FormKey, done, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    forms::{form_desk, form_keys, rest},
    intake::field_kind,
    said::said,
    widgets::{card_line, evidence_key, full_name, put},
};
use crate::{
    api::{Answer, Ask, FactKit, Fault, Once, Work},
    app::{Cx, Effect, Look, Tone, confirm, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, view},
    i18n::Say,
    screens::FORM_ACTS,
    term::Chord,
    text::visible,
};
use karton_api::{
    FactValue, Id,
    applications::{EvidenceItem, ReplaceEvidence, Withdraw},
    assessments::{Answer as Typed, AnswerOf},
    catalogue::FactDef,
    persons::{PersonView, RecordFact, SourceKind},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The trimmed text of a field of a form of one page.
fn text(form: &Form, id: &str) -> String {
    form.find("", id)
        .map(|f| f.text().trim().to_owned())
        .unwrap_or_default()
}

/// The only person a fact of a register can name is the one it was asked about.
fn only(id: Id<value::Person>, name: String) -> Vec<Choice> {
    vec![Choice::new(id.to_string(), Say::raw(name))]
}

/// A document in the place of an answer that did not come or cannot be used: the facts that the service would have given, as fields.
#[derive(Debug, Clone)]
pub struct ReplaceForm {
    application: Id<value::Application>,
    item: EvidenceItem,
    form: Form,
    sent: Option<(ReplaceEvidence, Once)>,
}

impl ReplaceForm {
    /// The document first, then a field for each fact.
    pub fn new(
        application: Id<value::Application>,
        item: EvidenceItem,
        kit: &FactKit,
        look: &Look<'_>,
    ) -> ReplaceForm {
        let people = only(item.person.id, full_name(&item.person.name));
        let document = Field::new("document", Say::key("replace-document"), Kind::Text { max: 500 })
            .required()
            .same_as("document");
        let field = |name: &String| {
            let def = kit
                .facts
                .iter()
                .find(|f| f.name == *name && f.holder == "person")?;
            let kind = field_kind(&def.kind, &kit.codes, &people, look);
            Some(Field::new(name.clone(), Say::table(&def.question), kind))
        };
        let mut form = Form::single(
            [document]
                .into_iter()
                .chain(item.gives.iter().filter_map(field))
                .collect(),
        );
        form.remember(look.answers);
        ReplaceForm {
            application,
            item,
            form,
            sent: None,
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let ctx = cx.look.form();
        let fields = self.form.pages.iter().flat_map(|p| &p.fields).skip(1);
        let facts: Vec<Typed> = fields
            .filter_map(|f| {
                let value = f.value(&ctx).ok().flatten()?;
                Some(Typed {
                    of: AnswerOf::Person(self.item.person.id),
                    fact: f.id.clone(),
                    value,
                })
            })
            .collect();
        if facts.is_empty() {
            return cx.wrong(Say::key("replace-facts-needed"));
        }
        let body = ReplaceEvidence {
            facts,
            document: text(&self.form, "document"),
        };
        let once = match &self.sent {
            Some((sent, once)) if *sent == body => once.clone(),
            _ => cx.once(),
        };
        self.sent = Some((body.clone(), once.clone()));
        cx.want(Effect::Submit(Ask::Replace {
            id: self.application,
            item: self.item.id,
            body,
            once,
        }));
    }
    /// `/facts/2/value` is the third of those sent.
    fn fault(&mut self, fault: &Fault, cx: &mut Cx<'_>) {
        let mut placed = false;
        for error in fault.problem().into_iter().flat_map(|p| p.errors.iter().rev()) {
            let fact = error
                .pointer
                .strip_prefix("/facts/")
                .and_then(|r| r.split('/').next())
                .and_then(|n| n.parse::<usize>().ok())
                .and_then(|n| self.sent.as_ref()?.0.facts.get(n))
                .map(|a| a.fact.clone());
            let id = fact.unwrap_or_else(|| error.pointer.trim_start_matches('/').to_owned());
            placed |= self.form.fault("", &id, said(error, &cx.look));
        }
        cx.wrong(if placed {
            form_status(&self.form, &cx.look)
        } else {
            fault.say()
        });
    }
}

impl Desk for ReplaceForm {
    form_desk!();
    fn rows(&mut self, rows: Vec<Vec<String>>, _cx: &mut Cx<'_>) {
        self.form.put_rows(rows);
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-replace")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "replaced");
            }
            Err(fault) => self.fault(&fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &card_line(&self.item.person),
            look.theme.strong(),
        );
        let (sign, state) = evidence_key(self.item.state);
        let line = format!(
            "{sign} {}  ·  {}",
            visible(look.words.pick(&self.item.name)),
            look.words.t(state)
        );
        put(buffer, area, 1, &line, look.theme.open());
        if let Some(problem) = &self.item.problem {
            put(buffer, area, 2, &visible(problem), look.theme.quiet());
        }
        put(buffer, area, 3, &look.words.t("replace-says"), look.theme.quiet());
        view::draw(&self.form, buffer, rest(area, 5), &look.form(), look.theme)
    }
}

const SOURCES: [(&str, SourceKind, &str); 4] = [
    ("finding", SourceKind::Finding, "source-finding"),
    ("document", SourceKind::Document, "source-document"),
    ("visit", SourceKind::Visit, "source-visit"),
    ("declaration", SourceKind::Declaration, "source-declaration"),
];

/// A fact about a person or the household, recorded by an officer: from a document, a visit, a declaration, or as a finding.
#[derive(Debug, Clone)]
pub struct FactForm {
    person: PersonView,
    kit: FactKit,
    /// The fact that the value's field is drawn for.
    drawn: String,
    form: Form,
    sent: Option<(RecordFact, Once)>,
}

impl FactForm {
    /// With a fact chosen, its value is asked for at once.
    pub fn new(person: PersonView, fact: Option<&str>, mut kit: FactKit, look: &Look<'_>) -> FactForm {
        kit.facts.retain(|f| f.holder != "claim");
        let list: Vec<Choice> = kit
            .facts
            .iter()
            .map(|f| Choice::new(f.name.clone(), Say::table(&f.question)))
            .collect();
        let mut which = Field::new("fact", Say::key("record-fact"), Kind::Code(list.into())).required();
        which.put(fact.unwrap_or_default());
        let mut from = Field::new("from", Say::key("column-from"), Kind::Date { past: false }).required();
        from.set(&FactValue::Date(look.today), &look.form());
        let sources: Vec<Choice> = SOURCES
            .iter()
            .map(|(code, _, words)| Choice::new(*code, Say::key(words)))
            .collect();
        let mut source =
            Field::new("source", Say::key("record-source"), Kind::Code(sources.into())).required();
        source.put("finding");
        let note = Field::new("note", Say::key("record-note"), Kind::Text { max: 2000 });
        let mut form = Form::single(vec![
            which,
            Field::new("value", Say::key("record-value"), Kind::Text { max: 200 }).required(),
            from,
            Field::new("until", Say::key("column-until"), Kind::Date { past: false }),
            source,
            note.same_as("note").help(Say::key("record-note-help")),
        ]);
        form.remember(look.answers);
        let mut screen = FactForm {
            person,
            kit,
            drawn: String::new(),
            form,
            sent: None,
        };
        screen.redraw(look);
        if !screen.drawn.is_empty() {
            screen.form.go((0, 1));
        }
        screen
    }
    fn def(&self) -> Option<&FactDef> {
        let name = text(&self.form, "fact");
        self.kit.facts.iter().find(|f| f.name == name)
    }
    /// Another fact takes another value: its field is made anew.
    fn redraw(&mut self, look: &Look<'_>) {
        let Some(def) = self.def().filter(|d| d.name != self.drawn).cloned() else {
            return;
        };
        let people = only(self.person.card.id, full_name(&self.person.card.name));
        let kind = field_kind(&def.kind, &self.kit.codes, &people, look);
        if let Some(field) = self.form.find_mut("", "value") {
            *field = Field::new("value", Say::key("record-value"), kind)
                .required()
                .same_as(&def.name);
        }
        self.drawn = def.name;
    }
    fn body(&self, cx: &Cx<'_>) -> Option<RecordFact> {
        let ctx = cx.look.form();
        let value = |id: &str| self.form.find("", id).and_then(|f| f.value(&ctx).ok().flatten());
        let day = |id: &str| match value(id) {
            Some(FactValue::Date(day)) => Some(day),
            _ => None,
        };
        let code = text(&self.form, "source");
        Some(RecordFact {
            fact: self.def()?.name.clone(),
            value: value("value")?,
            from: day("from"),
            until: day("until"),
            source: SOURCES.iter().find(|(c, _, _)| *c == code)?.1,
            note: Some(text(&self.form, "note")).filter(|n| !n.is_empty()),
        })
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let Some(body) = self.body(cx) else {
            return cx.wrong(Say::key("error-required"));
        };
        if body.source == SourceKind::Finding && body.note.as_deref().is_none_or(|n| n.chars().count() < 3) {
            self.form.fault("", "note", Say::key("record-note-needed"));
            return cx.wrong(Say::key("record-note-needed"));
        }
        let once = match &self.sent {
            Some((sent, once)) if *sent == body => once.clone(),
            _ => cx.once(),
        };
        self.sent = Some((body.clone(), once.clone()));
        cx.want(Effect::Submit(Ask::Record {
            person: self.person.card.id,
            body,
            once,
        }));
    }
    fn after(&mut self, did: FormKey, cx: &mut Cx<'_>) -> bool {
        self.redraw(&cx.look);
        if did == FormKey::Finished {
            self.submit(cx);
        }
        did != FormKey::Ignored
    }
}

impl Desk for FactForm {
    form_keys!(after);
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-record")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        FORM_ACTS.to_vec()
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Submit => self.submit(cx),
            _ => {
                self.key(chord, cx);
            }
        }
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
        self.redraw(&cx.look);
    }
    fn rows(&mut self, rows: Vec<Vec<String>>, _cx: &mut Cx<'_>) {
        self.form.put_rows(rows);
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "recorded");
            }
            // `/value/value` and `/value` are both said at the value.
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &card_line(&self.person.card),
            look.theme.strong(),
        );
        if let Some(def) = self.def() {
            put(
                buffer,
                area,
                1,
                &visible(look.words.pick(&def.question)),
                Style::new(),
            );
        }
        view::draw(&self.form, buffer, rest(area, 3), &look.form(), look.theme)
    }
}

/// The applicant gives the application up.
#[derive(Debug, Clone)]
pub struct WithdrawForm {
    work: Work,
    form: Form,
    once: Once,
}

impl WithdrawForm {
    /// With the reason.
    pub fn new(work: &Work) -> WithdrawForm {
        let reason = Field::new("reason", Say::key("reason"), Kind::Text { max: 2000 }).required();
        let document = Field::new("document", Say::key("withdraw-document"), Kind::Text { max: 500 })
            .required()
            .help(Say::key("withdraw-document-help"));
        WithdrawForm {
            work: work.clone(),
            form: Form::single(vec![reason, document]),
            once: Once::new(),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let summary = &self.work.application.summary;
        let lines = vec![
            Say::raw(card_line(&summary.applicant)),
            Say::table(&summary.benefit_name),
            Say::key("withdraw-ask-says"),
        ];
        // What was typed over is another intention.
        self.once = cx.once();
        cx.want(confirm(Say::key("withdraw-ask"), lines, Act::Withdraw));
    }
}

impl Desk for WithdrawForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("act-withdraw")
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::Withdraw {
            id: self.work.application.summary.id,
            body: Withdraw {
                reason: text(&self.form, "reason"),
                document: Some(text(&self.form, "document")),
            },
            once: self.once.clone(),
        }));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(answer) => {
                let paper = match answer {
                    Answer::Work(work) => work.application.withdrawal,
                    _ => None,
                };
                cx.want(Effect::Back);
                match paper {
                    Some(paper) => cx.want(Effect::Say(
                        Say::key("withdrawn-confirmed").with("number", paper.number),
                        Tone::Done,
                    )),
                    None => done(cx, "withdrawn"),
                }
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let summary = &self.work.application.summary;
        put(
            buffer,
            area,
            0,
            &card_line(&summary.applicant),
            look.theme.strong(),
        );
        put(
            buffer,
            area,
            1,
            &look.words.t("withdraw-says"),
            look.theme.quiet(),
        );
        view::draw(&self.form, buffer, rest(area, 3), &look.form(), look.theme)
    }
}
