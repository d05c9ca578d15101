//! Is there a right? People who are not registered, what is told of them, and what the rules say to it. What the rules miss becomes the
//! next question; nothing is stored until somebody applies.

use super::{
    Desk, FORM_ACTS, FormKey, choices,
    find::Find,
    form_help, form_key, form_paste, form_status,
    forms::form_keys,
    intake::field_kind,
    said::said,
    why,
    widgets::{outcome_style, put},
};
use crate::{
    api::{Answer, Ask, Fault, WhatIfKit},
    app::{Cx, Effect, Look, TimerId, keymap::Act, overlay::Line},
    form::{Choice, Column, Field, Form, Kept, Kind, Page, view},
    i18n::Say,
    screens::Screen,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    FactValue, Id, Timestamp,
    assessments::{Answer as Typed, AnswerOf, Assessment, Supposed, WhatIf},
    catalogue::{FieldKind, PageOf},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Modifier,
};
use std::collections::BTreeMap;

/// Typing rests this long before the rules are asked.
const SETTLE_MS: u64 = 250;
/// A page has so many questions.
const PAGE: usize = 12;

/// A sum without a dossier.
#[derive(Debug, Clone)]
pub struct WhatIfScreen {
    kit: WhatIfKit,
    form: Form,
    /// About whom the question of each field is, by its id; those of people by their place.
    asked: BTreeMap<String, (Whom, String)>,
    said: Option<Assessment>,
}

/// About whom something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    Person(u8),
    Household,
    Claim,
}

/// The made-up id of the person at a place.
fn person(place: u8) -> Id<value::Person> {
    Id::at(Timestamp::UNIX_EPOCH, [place.wrapping_add(1); 10])
}

impl WhatIfScreen {
    /// The first page asks who lives together.
    pub fn new(kit: WhatIfKit, look: &Look<'_>) -> WhatIfScreen {
        let codes = |list: &str| -> Vec<Choice> { choices(kit.codes.get(list), look) };
        let relationships: Vec<Choice> = codes("relationships")
            .into_iter()
            .filter(|choice| choice.code != "self")
            .collect();
        let column = |id: &str, words: &'static str, kind: Kind| Column {
            id: id.to_owned(),
            label: Say::key(words),
            kind,
        };
        let others = vec![
            column("relationship", "relationship", Kind::Code(relationships.into())),
            column("born", "birth-date", Kind::Date { past: true }),
            column("sex", "sex", Kind::Code(codes("sexes").into())),
        ];
        let fields = vec![
            Field::new("born", Say::key("birth-date"), Kind::Date { past: true }),
            Field::new("sex", Say::key("sex"), Kind::Code(codes("sexes").into())),
            Field::new("others", Say::key("what-if-others"), Kind::Rows(others.into()))
                .help(Say::key("what-if-others-help")),
        ];
        let form = Form::new(vec![Page {
            id: "people".to_owned(),
            title: Say::key("what-if-people"),
            fields,
        }]);
        WhatIfScreen {
            kit,
            form,
            asked: BTreeMap::new(),
            said: None,
        }
    }
    fn people(&self, look: &Look<'_>) -> Vec<Supposed> {
        let ctx = look.form();
        let value = |id: &str| {
            self.form
                .find("people", id)
                .and_then(|f| f.value(&ctx).ok().flatten())
        };
        let day = |value: Option<&FactValue>| match value {
            Some(FactValue::Date(day)) => Some(*day),
            _ => None,
        };
        let code = |value: Option<&FactValue>| match value {
            Some(FactValue::Code(code)) => Some(code.clone()),
            _ => None,
        };
        let mut people = vec![Supposed {
            id: person(0),
            birth_date: day(value("born").as_ref()),
            sex: code(value("sex").as_ref()),
            relationship: None,
        }];
        if let Some(FactValue::Rows(rows)) = value("others") {
            for (place, row) in rows.iter().enumerate().take(28) {
                people.push(Supposed {
                    id: person(u8::try_from(place + 1).unwrap_or(u8::MAX)),
                    birth_date: day(row.get("born")),
                    sex: code(row.get("sex")),
                    relationship: code(row.get("relationship")),
                });
            }
        }
        people
    }
    fn body(&self, look: &Look<'_>) -> WhatIf {
        let ctx = look.form();
        let people = self.people(look);
        let mut answers = Vec::new();
        for field in self.form.pages.iter().skip(1).flat_map(|page| &page.fields) {
            let (Some((whom, fact)), Ok(Some(value))) = (self.asked.get(&field.id), field.value(&ctx)) else {
                continue;
            };
            let of = match whom {
                Whom::Person(place) if usize::from(*place) < people.len() => AnswerOf::Person(person(*place)),
                Whom::Person(_) => continue,
                Whom::Household => AnswerOf::Household,
                Whom::Claim => AnswerOf::Claim,
            };
            answers.push(Typed {
                of,
                fact: fact.clone(),
                value,
            });
        }
        WhatIf {
            benefit: self.kit.benefit.code.clone(),
            on: None,
            people,
            answers,
        }
    }
    fn ask(&self, cx: &mut Cx<'_>) {
        let body = Box::new(self.body(&cx.look));
        cx.want(Effect::Ask(Ask::WhatIf(body)));
    }
    /// What the rules miss is asked next, behind what was asked before.
    fn grow(&mut self, look: &Look<'_>) {
        let Some(said) = &self.said else { return };
        let people: Vec<Choice> = (0..self.people(look).len())
            .filter_map(|place| u8::try_from(place).ok())
            .map(|place| {
                let name = match place {
                    0 => look.words.t("what-if-applicant"),
                    _ => format!("{}", place + 1),
                };
                Choice::new(person(place).to_string(), Say::raw(name))
            })
            .collect();
        let count = u8::try_from(people.len()).unwrap_or(u8::MAX);
        let mut new = Vec::new();
        for missing in &said.missing {
            let (whom, holder) = match missing.of {
                AnswerOf::Person(id) => match (0..count).find(|place| person(*place) == id) {
                    Some(place) => (Whom::Person(place), "person"),
                    None => continue,
                },
                AnswerOf::Household => (Whom::Household, "household"),
                AnswerOf::Claim => (Whom::Claim, "claim"),
            };
            let id = format!("{whom:?} {}", missing.fact);
            let def = self
                .kit
                .facts
                .iter()
                .find(|f| f.name == missing.fact && f.holder == holder);
            let (Some(def), false) = (def, self.asked.contains_key(&id)) else {
                continue;
            };
            let question = look.words.pick(&def.question);
            let label = match (&missing.name, whom) {
                (Some(name), Whom::Person(place)) if place > 0 => format!("{}: {question}", visible(name)),
                _ => question.to_owned(),
            };
            let kind = field_kind(&def.kind, &self.kit.codes, &people, look);
            let field = Field::new(id.clone(), Say::raw(visible(&label)), kind);
            self.asked.insert(id, (whom, missing.fact.clone()));
            new.push(field);
        }
        for field in new {
            match self
                .form
                .pages
                .last_mut()
                .filter(|page| page.id != "people" && page.fields.len() < PAGE)
            {
                Some(page) => page.fields.push(field),
                None => {
                    let n = self.form.pages.len();
                    self.form.pages.push(Page {
                        id: format!("facts-{n}"),
                        title: Say::key("what-if-facts"),
                        fields: vec![field],
                    });
                }
            }
        }
    }
    fn after(&mut self, did: FormKey, cx: &mut Cx<'_>) -> bool {
        match did {
            FormKey::Changed => cx.want(Effect::Timer(TimerId::Settle, SETTLE_MS)),
            FormKey::Finished => self.ask(cx),
            FormKey::Ignored => return false,
            FormKey::Moved | FormKey::Held => {}
        }
        true
    }
    /// What was told about the applicant, the household and the claim, at the fields of the application's form.
    fn carried(&self, whose: Id<value::Person>) -> BTreeMap<String, Kept> {
        let kept = self.form.kept();
        let told = |whom: Whom, fact: &str| {
            let (id, _) = self.asked.iter().find(|(_, (w, f))| *w == whom && f == fact)?;
            let page = self
                .form
                .pages
                .iter()
                .find(|page| page.fields.iter().any(|f| f.id == *id))?;
            kept.get(&format!("{}/{id}", page.id)).cloned()
        };
        let mut out = BTreeMap::new();
        for page in &self.kit.form.pages {
            let (whom, id) = match page.of {
                PageOf::Claim => (Whom::Claim, page.id.clone()),
                PageOf::Household => (Whom::Household, page.id.clone()),
                PageOf::Applicant | PageOf::Members => (Whom::Person(0), format!("{}#{whose}", page.id)),
            };
            for field in page
                .fields
                .iter()
                .filter(|field| !matches!(field.kind, FieldKind::Person { .. }))
            {
                if let Some(kept) = told(whom, &field.fact) {
                    out.insert(format!("{id}/{}", field.fact), kept);
                }
            }
        }
        out
    }
}

impl Desk for WhatIfScreen {
    form_keys!(after);
    fn title(&self, look: &Look<'_>) -> Say {
        Say::key("title-what-if").with("benefit", visible(look.words.pick(&self.kit.benefit.name)))
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = FORM_ACTS.to_vec();
        if self.said.is_some() {
            acts.push(Act::Why);
        }
        if self.form.pages.len() > 1 {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            // Somebody wants to apply: the person is looked for, and what was told goes along.
            Act::Submit => {
                let find = Find::to_apply(self.kit.benefit.code.clone());
                cx.want(Effect::Push(Box::new(Screen::Find(find))));
            }
            Act::Why => {
                if let Some(said) = &self.said {
                    cx.want(Effect::Overlay(Box::new(super::intake::full(said, &cx.look))));
                }
            }
            Act::Previous => {
                self.key(Chord::of(Key::PageUp), cx);
            }
            Act::Next => {
                self.key(Chord::of(Key::PageDown), cx);
            }
            _ => {
                self.key(chord, cx);
            }
        }
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        let before = (self.form.page(), self.form.field_index());
        let did = self.form.choose(code, &ctx);
        let did = super::after_form(&self.form, before, did, cx);
        self.after(did, cx);
    }
    fn rows(&mut self, rows: Vec<Vec<String>>, cx: &mut Cx<'_>) {
        self.form.put_rows(rows);
        cx.want(Effect::Timer(TimerId::Settle, SETTLE_MS));
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        self.ask(cx);
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Settle {
            self.ask(cx);
        }
    }
    fn told(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let Answer::Chosen(person) = answer else { return };
        let user = cx.look.session.map_or("", |s| s.user.as_str());
        let code = &self.kit.benefit.code;
        let key = format!("intake|{user}|{code}|{}", person.id);
        let body = serde_json::json!({
            "name": super::widgets::full_name(&person.name), "kept": self.carried(person.id),
        });
        cx.want(Effect::Draft(key, Some(body)));
        cx.want(Effect::Open {
            ask: Ask::Intake {
                benefit: code.clone(),
                person: person.id,
                draft: None,
                local: true,
            },
            replace: true,
        });
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (Ask::WhatIf(_), Ok(Answer::Previewed(said))) => {
                self.said = Some(said.assessment);
                self.grow(&cx.look);
            }
            (_, Err(fault)) => {
                let placed = fault
                    .problem()
                    .and_then(|p| p.errors.first())
                    .map(|error| said(error, &cx.look));
                cx.wrong(placed.unwrap_or_else(|| fault.say()));
            }
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        match &self.said {
            Some(said) => put(
                buffer,
                area,
                0,
                &why::headline(said, look),
                outcome_style(said.outcome, look).add_modifier(Modifier::BOLD),
            ),
            None => put(buffer, area, 0, &look.words.t("panel-none"), look.theme.quiet()),
        }
        put(buffer, area, 1, &look.words.t("what-if-says"), look.theme.quiet());
        let page = self.form.pages.get(self.form.page());
        let title = page.map(|p| look.words.say(&p.title)).unwrap_or_default();
        let (nth, all) = self.form.page_of();
        put(
            buffer,
            area,
            2,
            &format!("{nth}/{all}  {title}"),
            look.theme.heading(),
        );
        let fields = Rect::new(area.x, area.y + 4, area.width, area.height.saturating_sub(4));
        view::draw(&self.form, buffer, fields, &look.form(), look.theme)
    }
}
