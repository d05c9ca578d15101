//! The forms of what is done in a case, and of reporting one.

use super::build::{self, Person, Place};
use crate::{
    api::{Answer, Ask, CaseAnswer, CaseAsk, CaseKit, Deed, Fault, Once, ReportKit},
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, Page, field::Column, view},
    i18n::Say,
    screens::{
        Desk, FORM_ACTS, FormKey, choices, done, form_checks, form_help, form_key, form_paste, form_status,
        forms::rest,
        widgets::{card_line, full_name, put},
    },
    term::Chord,
    text::visible,
};
use karton_api::{Date, FactValue, Id, assessments::Answer as Typed, cases::*, common::Reason, value};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Open,
    Close,
    Return,
    Reopen,
    Appraise(String),
    Plan,
    Contact,
    Visit,
    Note,
    Correct(Id<value::Note>),
    Realise(Id<value::Activity>),
    Watch,
    Settle(Id<value::Watch>),
    Refer,
    Review,
    Person,
    Care,
    Name,
}

impl What {
    fn title(&self) -> &'static str {
        match self {
            What::Open => "deed-open",
            What::Close => "deed-close",
            What::Return => "deed-return",
            What::Reopen => "deed-reopen",
            What::Appraise(_) => "deed-appraise",
            What::Plan => "deed-plan",
            What::Contact => "deed-contact",
            What::Visit => "deed-visit",
            What::Note => "deed-note",
            What::Correct(_) => "deed-correct",
            What::Realise(_) => "deed-realise",
            What::Watch => "deed-watch",
            What::Settle(_) => "deed-settle",
            What::Refer => "deed-refer",
            What::Review => "deed-review",
            What::Person => "deed-participant",
            What::Care => "deed-care",
            What::Name => "deed-name",
        }
    }
    /// What cannot be taken back by another form is asked about first.
    fn asks(&self) -> bool {
        matches!(
            self,
            What::Open
                | What::Close
                | What::Return
                | What::Reopen
                | What::Appraise(_)
                | What::Plan
                | What::Review
                | What::Care
                | What::Name
        )
    }
}

fn text(id: &str, key: &'static str, max: usize) -> Field {
    Field::new(id, Say::key(key), Kind::Text { max })
}
fn past(id: &str, key: &'static str, look: &Look<'_>) -> Field {
    let mut field = Field::new(id, Say::key(key), Kind::Date { past: true });
    field.set(&FactValue::Date(look.today), &look.form());
    field
}
fn ahead(id: &str, key: &'static str) -> Field {
    Field::new(id, Say::key(key), Kind::Date { past: false })
}
fn chosen(id: &str, key: &'static str, list: Vec<Choice>) -> Field {
    Field::new(id, Say::key(key), Kind::Code(list.into()))
}
fn fixed(codes: &[(&str, &'static str)]) -> Vec<Choice> {
    codes
        .iter()
        .map(|(code, words)| Choice::new(*code, Say::key(words)))
        .collect()
}

/// The page of a form, single or before the pages of the pack's form.
const OWN: &str = "";

/// Something is done in a case.
#[derive(Debug, Clone)]
pub struct CaseForm {
    what: What,
    kit: CaseKit,
    form: Form,
    places: Vec<Place>,
    typed: Vec<Typed>,
    once: Once,
}

impl CaseForm {
    /// Nothing where there is no such thing to do.
    pub(super) fn new(what: What, kit: &CaseKit, look: &Look<'_>) -> Option<CaseForm> {
        let own = Page {
            id: OWN.to_owned(),
            title: Say::key(what.title()),
            fields: fields(&what, kit, look)?,
        };
        let mut pages: Vec<Page> = Some(own)
            .filter(|page| !page.fields.is_empty())
            .into_iter()
            .collect();
        let mut places = Vec::new();
        let mut earlier: Vec<Typed> = Vec::new();
        let named = match &what {
            What::Appraise(key) => {
                let step = kit.case.steps.iter().find(|step| step.key == *key)?;
                let sheet = kit
                    .case
                    .sheets
                    .iter()
                    .find(|sheet| sheet.step.as_deref() == Some(key.as_str()));
                earlier = sheet.map(|sheet| sheet.answers.clone()).unwrap_or_default();
                Some(step.form.clone()?)
            }
            What::Visit => Some(kit.case.visit_form.clone()?),
            _ => None,
        };
        if let Some(named) = named {
            let (home, people) = people(kit);
            let about = (kit.case.summary.person.id, home.as_slice(), people.as_slice());
            let (more, found) = build::pages(kit.forms.get(&named)?, about, &kit.codes, look);
            // What is done with a form stands at its end.
            let first = if matches!(what, What::Appraise(_)) {
                pages.pop()
            } else {
                None
            };
            pages.extend(more);
            pages.extend(first);
            places = found;
        }
        let mut form = Form::new(pages);
        form.remember(look.answers);
        build::fill(&mut form, &places, &earlier, &look.form());
        Some(CaseForm {
            what,
            kit: kit.clone(),
            form,
            places,
            typed: Vec::new(),
            once: Once::new(),
        })
    }
    fn text(&self, id: &str) -> String {
        self.form
            .find(OWN, id)
            .map(|f| f.text().trim().to_owned())
            .unwrap_or_default()
    }
    fn said(&self, id: &str) -> Option<String> {
        Some(self.text(id)).filter(|text| !text.is_empty())
    }
    fn value(&self, id: &str, look: &Look<'_>) -> Option<FactValue> {
        self.form.find(OWN, id)?.value(&look.form()).ok().flatten()
    }
    fn day(&self, id: &str, look: &Look<'_>) -> Option<Date> {
        match self.value(id, look) {
            Some(FactValue::Date(day)) => Some(day),
            _ => None,
        }
    }
    fn yes(&self, id: &str, look: &Look<'_>) -> bool {
        self.value(id, look) == Some(FactValue::Bool(true))
    }
    fn whole<T: TryFrom<i64>>(&self, id: &str, look: &Look<'_>) -> Option<T> {
        match self.value(id, look) {
            Some(FactValue::Int(number)) => T::try_from(number).ok(),
            _ => None,
        }
    }
    fn code(&self, id: &str, look: &Look<'_>) -> Option<String> {
        match self.value(id, look) {
            Some(FactValue::Code(code)) => Some(code),
            _ => None,
        }
    }
    fn officer(&self, id: &str, look: &Look<'_>) -> Option<Id<value::Officer>> {
        self.code(id, look)?.parse().ok()
    }
    fn person(&self, id: &str, look: &Look<'_>) -> Option<Id<value::Person>> {
        match self.value(id, look) {
            Some(FactValue::Person(id)) => Some(id),
            _ => None,
        }
    }
    fn note(&self, kind: NoteKind, code: Option<String>, look: &Look<'_>) -> NewNote {
        NewNote {
            kind,
            code,
            on: self.day("on", look),
            time: self.said("time"),
            who: self.said("who"),
            text: self.text("text"),
            next_step: self.said("next_step"),
            watch: self.code("watch", look).and_then(|id| id.parse().ok()),
            answers: None,
        }
    }
    /// What the form says is to be done.
    fn deed(&self, look: &Look<'_>) -> Option<Deed> {
        let reason = || Reason {
            reason: self.text("reason"),
        };
        Some(match &self.what {
            What::Open => Deed::Open(OpenCase {
                lead: self.officer("lead", look)?,
                note: self.said("note"),
            }),
            What::Close => Deed::Close(CloseCase {
                reason: self.code("reason", look)?,
                on: self.day("on", look),
                text: self.text("text"),
            }),
            What::Return => Deed::Return(reason()),
            What::Reopen => Deed::Reopen(reason()),
            What::Appraise(step) => Deed::Appraise(Appraise {
                step: step.clone(),
                on: self.day("on", look),
                answers: build::answers(&self.form, &self.places, &look.form()),
                close: self.yes("close", look),
            }),
            What::Plan => Deed::Plan(self.plan(look)?),
            What::Contact => Deed::Write(self.note(NoteKind::Contact, self.code("code", look), look)),
            What::Visit => {
                let mut note = self.note(NoteKind::Contact, Some("visit".to_owned()), look);
                note.answers = Some(build::answers(&self.form, &self.places, &look.form()));
                Deed::Write(note)
            }
            What::Note => Deed::Write(self.note(NoteKind::Note, None, look)),
            What::Correct(id) => {
                let note = self.kit.notes.iter().find(|note| note.id == *id)?;
                Deed::Correct(
                    *id,
                    note.version,
                    ChangeNote {
                        on: self.day("on", look)?,
                        time: self.said("time"),
                        who: self.said("who"),
                        text: self.text("text"),
                        next_step: self.said("next_step"),
                    },
                )
            }
            What::Realise(id) => Deed::Realise(
                *id,
                Realise {
                    state: match self.code("state", look)?.as_str() {
                        "done" => ActivityState::Done,
                        "partly" => ActivityState::Partly,
                        _ => ActivityState::NotDone,
                    },
                    on: self.day("on", look),
                    text: self.text("text"),
                },
            ),
            What::Watch => Deed::Watch(NewWatch {
                kind: self.code("kind", look)?,
                what: self.text("what"),
                due_on: self.day("due_on", look)?,
                time: self.said("time"),
                officer: self.officer("officer", look),
                every_days: self.whole("every_days", look),
            }),
            What::Settle(id) => Deed::Settle(
                *id,
                SettleWatch {
                    dropped: self.code("state", look)? == "dropped",
                    on: self.day("on", look),
                    text: self.text("text"),
                },
            ),
            What::Refer => Deed::Refer(Refer {
                to: self.code("to", look)?,
                who: self.said("who"),
                on: self.day("on", look),
                text: self.text("text"),
                answer_by: self.day("answer_by", look),
            }),
            What::Review => Deed::Review(Review {
                text: self.text("text"),
                goals: self.reached(look),
                risk: self.said("risk"),
                view: self.said("view"),
                outcome: match self.code("outcome", look)?.as_str() {
                    "change" => ReviewOutcome::Change,
                    "close" => ReviewOutcome::Close,
                    _ => ReviewOutcome::Continue,
                },
            }),
            What::Person => Deed::Person(NewParticipant {
                role: self.code("role", look)?,
                person: self.person("person", look),
                name: self.said("name"),
                note: self.said("note"),
                from: None,
            }),
            What::Care => Deed::Care(NewCare {
                person: self.person("person", look)?,
                carer: self.person("carer", look)?,
                kind: self.code("kind", look)?,
                act: self.text("act"),
                from: self.day("from", look)?,
            }),
            What::Name => Deed::Name(NameOfficer {
                officer: self.officer("officer", look)?,
                capacity: self.code("capacity", look)?,
                reason: self.text("reason"),
                until: self.day("until", look),
            }),
        })
    }
    /// Goals with their percent, from the fields `goal-0`, `goal-1` …
    fn reached(&self, look: &Look<'_>) -> Vec<Reached> {
        let goals = self.kit.case.plan.iter().flat_map(|plan| &plan.goals).enumerate();
        goals
            .filter_map(|(place, goal)| {
                let percent = self.whole(&format!("goal-{place}"), look)?;
                Some(Reached {
                    goal: goal.id,
                    percent,
                })
            })
            .collect()
    }
    /// Goals and activities that are worded as in the plan that stands go on with it.
    fn plan(&self, look: &Look<'_>) -> Option<NewPlan> {
        let stands = self.kit.case.proposed.as_ref().or(self.kit.case.plan.as_ref());
        let rows = |id: &str| match self.value(id, look) {
            Some(FactValue::Rows(rows)) => rows,
            _ => Vec::new(),
        };
        let words = |row: &value::Record, column: &str| match row.get(column) {
            Some(FactValue::Text(text)) => text.trim().to_owned(),
            Some(FactValue::Code(code)) => code.clone(),
            _ => String::new(),
        };
        let day = |row: &value::Record, column: &str| match row.get(column) {
            Some(FactValue::Date(day)) => *day,
            _ => look.today,
        };
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let (goal_rows, activity_rows) = (rows("goals"), rows("activities"));
        let goals = goal_rows.iter().map(|row| {
            let goal = words(row, "goal");
            let id = stands
                .and_then(|plan| plan.goals.iter().find(|it| it.goal == goal))
                .map(|it| it.id);
            NewGoal {
                id,
                indicator: said(words(row, "indicator")),
                due_on: day(row, "due_on"),
                goal,
            }
        });
        let goals = goals.collect();
        let activities = activity_rows.iter().map(|row| {
            let what = words(row, "what");
            let id = stands
                .and_then(|plan| plan.activities.iter().find(|it| it.what == what))
                .map(|it| it.id);
            let goal = match row.get("goal") {
                Some(FactValue::Int(number)) => u8::try_from(*number - 1).unwrap_or(u8::MAX),
                _ => 0,
            };
            NewActivity {
                id,
                goal,
                kind: words(row, "kind"),
                officer: words(row, "officer").parse().ok(),
                responsible: said(words(row, "responsible")),
                due_on: day(row, "due_on"),
                what,
            }
        });
        let activities = activities.collect();
        Some(NewPlan {
            aim: self.text("aim"),
            goals,
            activities,
            crisis: self.said("crisis"),
            participation: self.said("participation"),
            review_on: self.day("review_on", look)?,
        })
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        if self.deed(&cx.look).is_none() {
            return cx.wrong(Say::key("error-required"));
        }
        self.once = cx.once();
        if self.what.asks() {
            let lines = vec![
                Say::raw(card_line(&self.kit.case.summary.person)),
                Say::raw(self.kit.case.summary.number.clone()),
                Say::key("deed-ask-says"),
            ];
            return cx.want(confirm(Say::key(self.what.title()), lines, Act::Submit));
        }
        self.send(cx);
    }
    fn send(&mut self, cx: &mut Cx<'_>) {
        let Some(deed) = self.deed(&cx.look) else {
            return;
        };
        self.typed = build::answers(&self.form, &self.places, &cx.look.form());
        cx.want(Effect::Submit(Ask::Cases(CaseAsk::Do {
            id: self.kit.case.summary.id,
            deed: Box::new(deed),
            once: self.once.clone(),
        })));
    }
}

/// Puts the server's words at their fields: `/answers/2/…` is the third answer sent, `/goals/0/…` a row of the table.
fn faults(form: &mut Form, fault: &Fault, typed: &[Typed], places: &[Place], cx: &mut Cx<'_>) {
    let mut placed = false;
    let errors = fault
        .problem()
        .map(|problem| problem.errors.clone())
        .unwrap_or_default();
    for error in errors.iter().rev() {
        let (page, field) = build::place_of(&error.pointer, typed, places).unwrap_or_else(|| {
            let mut parts = error.pointer.trim_start_matches('/').split('/');
            let first = parts.next().unwrap_or("");
            (OWN.to_owned(), first.to_owned())
        });
        let row: Option<usize> = error.pointer.split('/').nth(2).and_then(|part| part.parse().ok());
        let words = match row {
            Some(row) if page.is_empty() => format!("{}: {}", row + 1, error.message),
            _ => error.message.clone(),
        };
        let found = form.fault(&page, &field, Say::raw(words.clone()));
        // What a form lacks is named by its fact.
        let fact = error.pointer.rsplit('/').next().unwrap_or("");
        placed |= found
            || places
                .iter()
                .any(|place| form.fault(build::page_of(place), fact, Say::raw(words.clone())));
    }
    match (placed, errors.first()) {
        (true, _) => cx.wrong(form_status(form, &cx.look)),
        (false, Some(error)) => cx.wrong(Say::raw(format!("{}: {}", error.pointer, error.message))),
        (false, None) => cx.wrong(fault.say()),
    }
}

/// Who lives with the one a case is about, that person first; and everybody a field may name.
fn people(kit: &CaseKit) -> (Vec<Person>, Vec<Person>) {
    let subject = &kit.case.summary.person;
    let mut home = vec![(subject.id, full_name(&subject.name))];
    let first = kit.family.households.first();
    let cards = first
        .iter()
        .flat_map(|h| &h.people)
        .filter(|kin| kin.left.is_none())
        .filter_map(|kin| kin.card.as_ref());
    for card in cards.filter(|card| card.id != subject.id) {
        home.push((card.id, full_name(&card.name)));
    }
    let mut all = home.clone();
    for card in kit.case.people.iter().filter_map(|it| it.person.as_ref()) {
        if all.iter().all(|(id, _)| *id != card.id) {
            all.push((card.id, full_name(&card.name)));
        }
    }
    (home, all)
}

/// The form's own fields.
fn fields(what: &What, kit: &CaseKit, look: &Look<'_>) -> Option<Vec<Field>> {
    let list = |name: &str| choices(kit.codes.get(name), look.today);
    let officers = |fits: fn(&CaseOfficer) -> bool| -> Vec<Choice> {
        let fit = kit.officers.iter().filter(|it| fits(it));
        fit.map(|it| Choice::new(it.officer.id.to_string(), Say::raw(it.officer.name.clone())))
            .collect()
    };
    let (_, all) = people(kit);
    let persons: Vec<Choice> = all
        .iter()
        .map(|(id, name)| Choice::new(id.to_string(), Say::raw(name.clone())))
        .collect();
    let watches: Vec<Choice> = kit
        .dues
        .iter()
        .filter(|due| due.source == DueSource::Watch)
        .map(|due| {
            Choice::new(
                due.id.to_string(),
                Say::raw(format!("{} {}", crate::form::date::show(due.on), due.what)),
            )
        })
        .collect();
    let written = |mut before: Vec<Field>| {
        before.extend([
            past("on", "field-on", look).required(),
            text("time", "field-time", 5),
            text("who", "field-who", 500).required(),
            text("text", "field-text", 4000).required(),
            text("next_step", "field-next", 1000),
        ]);
        if !watches.is_empty() {
            before.push(chosen("watch", "field-watch", watches.clone()));
        }
        before
    };
    Some(match what {
        What::Open => vec![
            chosen("lead", "case-lead", officers(|it| it.leads)).required(),
            text("note", "note", 2000),
        ],
        What::Close => vec![
            chosen("reason", "field-closing", list("closing_reasons")).required(),
            past("on", "field-on", look).required(),
            text("text", "case-outcome", 4000).required(),
        ],
        What::Return | What::Reopen => vec![text("reason", "reason", 2000).required()],
        What::Appraise(_) => vec![
            past("on", "field-assessed-on", look).required(),
            Field::new("close", Say::key("field-propose-close"), Kind::Bool),
        ],
        What::Plan => plan_fields(kit, look, officers(|_| true)),
        What::Contact => written(vec![
            chosen("code", "field-contact", list("contact_kinds")).required(),
        ]),
        What::Visit => written(Vec::new()),
        What::Note => vec![
            past("on", "field-on", look).required(),
            text("text", "field-text", 4000).required(),
        ],
        What::Correct(id) => {
            let note = kit.notes.iter().find(|note| note.id == *id)?;
            let mut fields = vec![
                past("on", "field-on", look).required(),
                text("time", "field-time", 5),
                text("who", "field-who", 500),
                text("text", "field-text", 4000).required(),
                text("next_step", "field-next", 1000),
            ];
            for field in &mut fields {
                match field.id.as_str() {
                    "on" => field.set(&FactValue::Date(note.on), &look.form()),
                    "time" => field.put(note.time.as_deref().unwrap_or("")),
                    "who" => field.put(note.who.as_deref().unwrap_or("")),
                    "text" => field.put(&note.text),
                    _ => field.put(note.next_step.as_deref().unwrap_or("")),
                }
            }
            fields
        }
        What::Realise(_) => vec![
            chosen(
                "state",
                "field-state",
                fixed(&[
                    ("done", "activity-done"),
                    ("partly", "activity-partly"),
                    ("not-done", "activity-not-done"),
                ]),
            )
            .required(),
            past("on", "field-on", look).required(),
            text("text", "field-text", 4000).required(),
        ],
        What::Watch => vec![
            chosen("kind", "col-kind", list("watch_kinds")).required(),
            text("what", "col-what", 500).required(),
            ahead("due_on", "col-due").required(),
            text("time", "field-time", 5),
            chosen("officer", "col-officer", officers(|_| true)),
            Field::new(
                "every_days",
                Say::key("field-every"),
                Kind::Int { min: 1, max: 730 },
            ),
        ],
        What::Settle(_) => vec![
            chosen(
                "state",
                "field-state",
                fixed(&[("done", "activity-done"), ("dropped", "watch-dropped")]),
            )
            .required(),
            past("on", "field-on", look).required(),
            text("text", "field-text", 2000).required(),
        ],
        What::Refer => vec![
            chosen("to", "field-to", list("referral_bodies")).required(),
            text("who", "field-to-whom", 300),
            past("on", "field-on", look).required(),
            text("text", "field-why", 4000).required(),
            ahead("answer_by", "field-answer-by"),
        ],
        What::Review => {
            let mut fields = vec![text("text", "field-found", 4000).required()];
            for (place, goal) in kit
                .case
                .plan
                .iter()
                .flat_map(|plan| &plan.goals)
                .enumerate()
                .take(10)
            {
                let label = Say::raw(format!("{}. {} %", place + 1, visible(&goal.goal)));
                fields.push(Field::new(
                    format!("goal-{place}"),
                    label,
                    Kind::Int { min: 0, max: 100 },
                ));
            }
            fields.extend([
                text("risk", "field-risk", 2000),
                text("view", "field-view", 2000),
                chosen(
                    "outcome",
                    "field-outcome",
                    fixed(&[
                        ("continue", "review-continue"),
                        ("change", "review-change"),
                        ("close", "review-close"),
                    ]),
                )
                .required(),
            ]);
            fields
        }
        What::Person => {
            let roles = list("case_roles")
                .into_iter()
                .filter(|c| kit.case.roles.contains(&c.code))
                .collect();
            vec![
                chosen("role", "field-role", roles).required(),
                Field::new("person", Say::key("field-known"), Kind::Person(persons.into())),
                text("name", "field-unknown", 300),
                text("note", "note", 2000),
            ]
        }
        What::Care => {
            let kinds = list("care_kinds")
                .into_iter()
                .filter(|c| kit.case.care_kinds.contains(&c.code))
                .collect();
            vec![
                Field::new(
                    "person",
                    Say::key("field-ward"),
                    Kind::Person(persons.clone().into()),
                )
                .required(),
                Field::new("carer", Say::key("field-carer"), Kind::Person(persons.into())).required(),
                chosen("kind", "col-kind", kinds).required(),
                text("act", "field-act", 300).required(),
                past("from", "column-from", look).required(),
            ]
        }
        What::Name => vec![
            chosen("officer", "col-officer", officers(|_| true)).required(),
            chosen(
                "capacity",
                "field-capacity",
                fixed(&[
                    ("team", "capacity-team"),
                    ("supervisor", "capacity-supervisor"),
                    ("granted", "capacity-granted"),
                ]),
            )
            .required(),
            text("reason", "reason", 2000).required(),
            ahead("until", "column-until"),
        ],
    })
}

/// The plan: what is to be reached and done stands in two small tables, filled with the plan that stands.
fn plan_fields(kit: &CaseKit, look: &Look<'_>, officers: Vec<Choice>) -> Vec<Field> {
    let column = |id: &str, key: &'static str, kind: Kind| Column {
        id: id.to_owned(),
        label: Say::key(key),
        kind,
    };
    let goals = vec![
        column("goal", "field-goal", Kind::Text { max: 500 }),
        column("indicator", "field-indicator", Kind::Text { max: 500 }),
        column("due_on", "col-due", Kind::Date { past: false }),
    ];
    let kinds = choices(kit.codes.get("activity_kinds"), look.today);
    let activities = vec![
        column("goal", "field-goal-number", Kind::Int { min: 1, max: 20 }),
        column("kind", "col-kind", Kind::Code(kinds.into())),
        column("what", "col-what", Kind::Text { max: 500 }),
        column("officer", "col-officer", Kind::Code(officers.into())),
        column("responsible", "field-responsible", Kind::Text { max: 300 }),
        column("due_on", "col-due", Kind::Date { past: false }),
    ];
    let mut fields = vec![
        text("aim", "field-aim", 2000).required(),
        Field::new("goals", Say::key("field-goals"), Kind::Rows(goals.into())).required(),
        Field::new(
            "activities",
            Say::key("field-activities"),
            Kind::Rows(activities.into()),
        )
        .required(),
        ahead("review_on", "plan-review-on").required(),
        text("participation", "field-participation", 2000),
        text("crisis", "field-crisis", 2000),
    ];
    let Some(plan) = kit.case.proposed.as_ref().or(kit.case.plan.as_ref()) else {
        return fields;
    };
    let said = |text: &Option<String>| FactValue::Text(text.clone().unwrap_or_default());
    let goals = plan.goals.iter().map(|goal| {
        value::Record::from([
            ("goal".to_owned(), FactValue::Text(goal.goal.clone())),
            ("indicator".to_owned(), said(&goal.indicator)),
            ("due_on".to_owned(), FactValue::Date(goal.due_on)),
        ])
    });
    let goals = FactValue::Rows(goals.collect());
    let activities = plan.activities.iter().map(|it| {
        let officer = it.officer.as_ref().map(|o| o.id.to_string()).unwrap_or_default();
        value::Record::from([
            ("goal".to_owned(), FactValue::Int(i64::from(it.goal) + 1)),
            ("kind".to_owned(), FactValue::Code(it.kind.clone())),
            ("what".to_owned(), FactValue::Text(it.what.clone())),
            ("officer".to_owned(), FactValue::Code(officer)),
            ("responsible".to_owned(), said(&it.responsible)),
            ("due_on".to_owned(), FactValue::Date(it.due_on)),
        ])
    });
    let activities = FactValue::Rows(activities.collect());
    for field in &mut fields {
        match field.id.as_str() {
            "aim" => field.put(&plan.aim),
            "goals" => field.set(&goals, &look.form()),
            "activities" => field.set(&activities, &look.form()),
            "review_on" if plan.review_on > look.today => {
                field.set(&FactValue::Date(plan.review_on), &look.form())
            }
            "participation" => field.put(plan.participation.as_deref().unwrap_or("")),
            "crisis" => field.put(plan.crisis.as_deref().unwrap_or("")),
            _ => {}
        }
    }
    fields
}

/// What both forms do with keys.
macro_rules! typed {
    () => {
        fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
            let mut acts = FORM_ACTS.to_vec();
            if self.form.pages.len() > 1 {
                acts.extend([Act::Previous, Act::Next]);
            }
            acts
        }
        fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
            match act {
                Act::Submit => self.submit(cx),
                Act::Previous => {
                    form_key(&mut self.form, Chord::of(crate::term::Key::PageUp), cx);
                }
                Act::Next => {
                    form_key(&mut self.form, Chord::of(crate::term::Key::PageDown), cx);
                }
                _ => {
                    self.key(chord, cx);
                }
            }
        }
        fn typing(&self, _look: &Look<'_>) -> bool {
            true
        }
        fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
            form_paste(&mut self.form, text, cx);
        }
        fn rows(&mut self, rows: Vec<Vec<String>>, _cx: &mut Cx<'_>) {
            self.form.put_rows(rows);
        }
        fn status(&self, look: &Look<'_>) -> Say {
            form_status(&self.form, look)
        }
        fn help(&self, _look: &Look<'_>) -> Vec<Line> {
            form_help(&self.form)
        }
    };
}

/// Draws a form below its heading, with the page's title where there are several.
fn draw(form: &Form, head: &str, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
    put(buffer, area, 0, head, look.theme.strong());
    let (at, of) = form.page_of();
    if let Some(page) = form.pages.get(form.page()) {
        let title = visible(&look.words.say(&page.title));
        let title = if of > 1 {
            format!("{at}/{of}  {title}")
        } else {
            title
        };
        put(buffer, area, 1, &title, look.theme.heading());
    }
    view::draw(form, buffer, rest(area, 3), &look.form(), look.theme)
}

impl Desk for CaseForm {
    typed!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(self.what.title())
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let did = form_key(&mut self.form, chord, cx);
        if did == FormKey::Finished {
            self.submit(cx);
        }
        did != FormKey::Ignored
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        self.send(cx);
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "case-done");
            }
            Err(fault) => faults(&mut self.form, &fault, &self.typed, &self.places, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let summary = &self.kit.case.summary;
        let head = format!(
            "{}  ·  {}",
            full_name(&summary.person.name),
            visible(&summary.number)
        );
        draw(&self.form, &head, look, buffer, area)
    }
}

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
        let list = |name: &str| choices(kit.codes.get(name), look.today);
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
    typed!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("deed-report")
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
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
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Cases(CaseAnswer::Reported(id, number))) => {
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
            Ok(_) => cx.want(Effect::Back),
            Err(fault) => faults(&mut self.form, &fault, &self.typed, &self.places, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        draw(&self.form, &card_line(&self.kit.person.card), look, buffer, area)
    }
}
