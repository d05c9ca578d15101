//! The fields of the forms of what is done in a case.

use super::What;
use crate::{
    api::CaseKit,
    app::Look,
    form::{Choice, Field, Kind, field::Column},
    i18n::Say,
    screens::{cases::build::Person, choices, widgets::full_name},
    text::visible,
};
use karton_api::{FactValue, cases::*, value};

pub(in crate::screens::cases) fn text(id: &str, key: &'static str, max: usize) -> Field {
    Field::new(id, Say::key(key), Kind::Text { max })
}
pub(in crate::screens::cases) fn past(id: &str, key: &'static str, look: &Look<'_>) -> Field {
    let mut field = Field::new(id, Say::key(key), Kind::Date { past: true });
    field.set(&FactValue::Date(look.today), &look.form());
    field
}
pub(in crate::screens::cases) fn ahead(id: &str, key: &'static str) -> Field {
    Field::new(id, Say::key(key), Kind::Date { past: false })
}
pub(in crate::screens::cases) fn chosen(id: &str, key: &'static str, list: Vec<Choice>) -> Field {
    Field::new(id, Say::key(key), Kind::Code(list.into()))
}
pub(in crate::screens::cases) fn fixed(codes: &[(&str, &'static str)]) -> Vec<Choice> {
    codes
        .iter()
        .map(|(code, words)| Choice::new(*code, Say::key(words)))
        .collect()
}

/// Who lives with the one a case is about, that person first; and everybody a field may name.
pub(in crate::screens::cases) fn people(kit: &CaseKit) -> (Vec<Person>, Vec<Person>) {
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
pub(super) fn fields(what: &What, kit: &CaseKit, look: &Look<'_>) -> Option<Vec<Field>> {
    let list = |name: &str| choices(kit.codes.get(name), look);
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
        What::Lead => vec![
            chosen("lead", "case-lead", officers(|it| it.leads)).required(),
            text("reason", "reason", 2000).required(),
        ],
        What::Approve(_) => vec![text("note", "note", 2000)],
        What::EndPerson(_) | What::EndCare(_) => vec![
            past("until", "column-until", look).required(),
            text("reason", "reason", 2000).required(),
        ],
        What::EndName(_) | What::Return | What::Reopen => vec![text("reason", "reason", 2000).required()],
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
    let kinds = choices(kit.codes.get("activity_kinds"), look);
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
