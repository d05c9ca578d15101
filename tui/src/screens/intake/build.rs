//! From the pack's form to fields, and from fields to answers.

use super::super::choices;
use crate::{
    api::IntakeKit,
    app::Look,
    form::{self, Choice, Ctx, Field, Form, Kind, Page},
    i18n::Say,
    text::visible,
};
use karton_api::{
    assessments::{Answer as Typed, AnswerOf, HiddenField},
    catalogue::{CodeList, FieldKind, PageOf},
};
use std::collections::BTreeMap;

/// Whose facts a page of the form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) page: String,
    pub(super) of: AnswerOf,
}

/// The pages; one for each member where the pack says so.
pub(super) fn form(kit: &IntakeKit, look: &Look<'_>) -> (Form, Vec<Place>) {
    let applicant = kit.person.card.id;
    let members: Vec<(karton_api::Id<karton_api::value::Person>, String)> = match &kit.household {
        Some(h) if !h.members.is_empty() => {
            let mut list: Vec<_> = h
                .members
                .iter()
                .map(|m| (m.card.id, super::full_name(&m.card.name)))
                .collect();
            list.sort_by_key(|(id, _)| *id != applicant);
            list
        }
        _ => vec![(applicant, super::full_name(&kit.person.card.name))],
    };
    let people: Vec<Choice> = members
        .iter()
        .map(|(id, name)| Choice::new(id.to_string(), Say::raw(name.clone())))
        .collect();
    let mut pages = Vec::new();
    let mut places = Vec::new();
    for page in &kit.form.pages {
        let title = Say::table(&page.title);
        let whose: Vec<(AnswerOf, Say)> = match page.of {
            PageOf::Applicant => vec![(AnswerOf::Person(applicant), title)],
            PageOf::Household => vec![(AnswerOf::Household, title)],
            PageOf::Claim => vec![(AnswerOf::Claim, title)],
            PageOf::Members => {
                let words = visible(look.words.pick(&page.title));
                members
                    .iter()
                    .map(|(id, name)| (AnswerOf::Person(*id), Say::raw(format!("{words} · {name}"))))
                    .collect()
            }
        };
        for (of, title) in whose {
            let id = match of {
                AnswerOf::Person(person) => format!("{}#{person}", page.id),
                AnswerOf::Household | AnswerOf::Claim => page.id.clone(),
            };
            let field = |f: &karton_api::catalogue::FormField| {
                let mut field = Field::new(
                    f.fact.clone(),
                    Say::table(&f.label),
                    kind(&f.kind, &kit.codes, &people, look),
                );
                field.help = f.help.as_ref().map(Say::table).unwrap_or_default();
                field.required = f.required;
                // What applies only sometimes waits for the rules to say so.
                field.shown = !f.conditional;
                field.conditional = f.conditional;
                if let Some(value) = &f.default {
                    field.set(value, &look.form());
                }
                field
            };
            pages.push(Page {
                id: id.clone(),
                title,
                fields: page.fields.iter().map(field).collect(),
            });
            places.push(Place { page: id, of });
        }
    }
    let mut form = Form::new(pages);
    form.remember(look.answers);
    (form, places)
}

/// What a field of the dictionary's kind takes.
pub(in crate::screens) fn kind(
    kind: &FieldKind,
    codes: &BTreeMap<String, CodeList>,
    people: &[Choice],
    look: &Look<'_>,
) -> Kind {
    let country = look.session.and_then(|s| s.country.as_ref());
    match kind {
        FieldKind::Bool => Kind::Bool,
        FieldKind::Int => Kind::Int {
            min: -999_999_999,
            max: 999_999_999,
        },
        FieldKind::Decimal => Kind::Decimal { places: 6 },
        FieldKind::Money { .. } => Kind::Money {
            currency: country.map_or(karton_api::Currency::EUR, |c| c.currency),
            places: country.map_or(2, |c| u32::from(c.minor_units)),
        },
        FieldKind::Date => Kind::Date { past: false },
        FieldKind::Text => Kind::Text { max: 200 },
        FieldKind::Code { list } => Kind::Code(choices(codes.get(list), look).into()),
        FieldKind::Person { .. } => Kind::Person(people.into()),
        FieldKind::Rows { columns } => {
            let column = |c: &karton_api::catalogue::Column| form::Column {
                id: c.name.clone(),
                label: c.label.as_ref().map_or_else(|| column_label(&c.name), Say::table),
                kind: self::kind(&c.kind, codes, people, look),
            };
            Kind::Rows(columns.iter().map(column).collect())
        }
    }
}

/// A column's heading: the contract gives its name only, so those the dictionary uses most have words here.
fn column_label(name: &str) -> Say {
    match name {
        "month" => Say::key("column-month"),
        "payer" => Say::key("column-payer"),
        "kind" => Say::key("column-kind"),
        "net" => Say::key("column-net"),
        "amount" => Say::key("amount"),
        "from" => Say::key("column-from"),
        "until" => Say::key("column-until"),
        "area" => Say::key("column-area"),
        "municipality" => Say::key("municipality"),
        "name" => Say::key("col-name"),
        "who" => Say::key("column-who"),
        "relation" => Say::key("column-relation"),
        "injuries" => Say::key("column-injuries"),
        "medical" => Say::key("column-medical"),
        "shelter" => Say::key("column-shelter"),
        "contact" => Say::key("column-contact"),
        "role" => Say::key("column-role"),
        "school" => Say::key("column-school"),
        "where" => Say::key("column-where"),
        "cared" => Say::key("column-cared"),
        "factor" => Say::key("column-factor"),
        "measure" => Say::key("column-measure"),
        "number" => Say::key("column-number"),
        "order" => Say::key("column-order"),
        "level" => Say::key("column-level"),
        "note" => Say::key("column-note"),
        "armed_service" => Say::key("column-armed-service"),
        "convicted" => Say::key("column-convicted"),
        "reported" => Say::key("column-reported"),
        "addiction" => Say::key("column-addiction"),
        "arrested" => Say::key("column-arrested"),
        other => Say::raw(other.replace('_', " ")),
    }
}

/// What is typed so far and can be read.
pub(super) fn answers(form: &Form, places: &[Place], ctx: &Ctx<'_>) -> Vec<Typed> {
    let mut out = Vec::new();
    for place in places {
        let Some(page) = form.pages.iter().find(|p| p.id == place.page) else {
            continue;
        };
        for field in page.fields.iter().filter(|f| f.shown) {
            if let Ok(Some(value)) = field.value(ctx) {
                out.push(Typed {
                    of: place.of,
                    fact: field.id.clone(),
                    value,
                });
            }
        }
    }
    out
}

/// Puts the answers of a draft at their fields.
pub(super) fn fill(form: &mut Form, places: &[Place], answers: &[Typed], ctx: &Ctx<'_>) {
    for answer in answers {
        for place in places.iter().filter(|p| p.of == answer.of) {
            if let Some(field) = form.find_mut(&place.page, &answer.fact) {
                field.set(&answer.value, ctx);
                field.shown = true;
            }
        }
    }
}

/// Offers the answers of the last application again where the pack says so; whether there were any.
pub(super) fn take_over(
    form: &mut Form,
    places: &[Place],
    asked: &karton_api::catalogue::Form,
    last: &karton_api::applications::Application,
    look: &Look<'_>,
) -> bool {
    let again = |fact: &str| {
        let mut fields = asked.pages.iter().flat_map(|page| &page.fields);
        fields.any(|field| field.again && field.fact == fact)
    };
    let number = last.summary.number.clone().unwrap_or_default();
    let mut any = false;
    for answer in &last.answers {
        if answer.of != AnswerOf::Claim || !again(&answer.fact) {
            continue;
        }
        for place in places.iter().filter(|place| place.of == AnswerOf::Claim) {
            if let Some(field) = form.find_mut(&place.page, &answer.fact) {
                let words = Say::key("taken-over").with("number", number.clone());
                field.take_over(&answer.value, words, &look.form());
                // A code that the list no longer has is not offered.
                if field.value(&look.form()).is_err() {
                    field.put("");
                    continue;
                }
                any = true;
            }
        }
    }
    any
}

/// Shows what applies now. The field with the cursor stays: what is being typed is not taken away.
pub(super) fn show(form: &mut Form, places: &[Place], hidden: &[HiddenField]) {
    let here = (form.page(), form.field_index());
    for (p, page) in form.pages.iter_mut().enumerate() {
        let Some(place) = places.iter().find(|x| x.page == page.id) else {
            continue;
        };
        for (f, field) in page.fields.iter_mut().enumerate() {
            field.shown = (p, f) == here || !hidden.iter().any(|h| h.of == place.of && h.fact == field.id);
        }
    }
}
