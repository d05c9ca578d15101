//! From the pack's form to pages, and from pages to answers.

use crate::{
    app::Look,
    form::{Choice, Ctx, Field, Form, Kind, Page},
    i18n::Say,
    screens::intake::field_kind,
    text::visible,
};
use karton_api::{
    Id,
    assessments::{Answer as Typed, AnswerOf},
    catalogue::{CodeList, FieldKind, Form as PackForm, PageOf},
    value,
};
use std::collections::BTreeMap;

/// Somebody whom a form may name.
pub(in crate::screens) type Person = (Id<value::Person>, String);

/// Whose facts a page asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::screens) struct Place {
    page: String,
    of: AnswerOf,
}

/// The pages of a form about somebody; `home` are those of the household, that person first, `people` all whom a field may name.
pub(in crate::screens) fn pages(
    form: &PackForm,
    (subject, home, people): (Id<value::Person>, &[Person], &[Person]),
    codes: &BTreeMap<String, CodeList>,
    look: &Look<'_>,
) -> (Vec<Page>, Vec<Place>) {
    let choices: Vec<Choice> = people
        .iter()
        .map(|(id, name)| Choice::new(id.to_string(), Say::raw(name.clone())))
        .collect();
    let (mut pages, mut places) = (Vec::new(), Vec::new());
    for page in &form.pages {
        let title = Say::table(&page.title);
        let whose: Vec<(AnswerOf, Say)> = match page.of {
            PageOf::Applicant => vec![(AnswerOf::Person(subject), title)],
            PageOf::Household => vec![(AnswerOf::Household, title)],
            PageOf::Claim => vec![(AnswerOf::Claim, title)],
            PageOf::Members => {
                let words = visible(look.words.pick(&page.title));
                let title = |name: &String| Say::raw(format!("{words} · {name}"));
                home.iter()
                    .map(|(id, name)| (AnswerOf::Person(*id), title(name)))
                    .collect()
            }
        };
        for (of, title) in whose {
            let id = match of {
                AnswerOf::Person(person) => format!("{}#{person}", page.id),
                AnswerOf::Household | AnswerOf::Claim => page.id.clone(),
            };
            let field = |f: &karton_api::catalogue::FormField| {
                let kind = match &f.kind {
                    // What is told of a life needs more room than an answer at a counter.
                    FieldKind::Text => Kind::Text { max: 2000 },
                    other => field_kind(other, codes, &choices, look),
                };
                let mut field = Field::new(f.fact.clone(), Say::table(&f.label), kind);
                field.help = f.help.as_ref().map(Say::table).unwrap_or_default();
                field.required = f.required;
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
    (pages, places)
}

/// What is typed and can be read.
pub(in crate::screens) fn answers(form: &Form, places: &[Place], ctx: &Ctx<'_>) -> Vec<Typed> {
    let mut out = Vec::new();
    for place in places {
        let fields = form
            .pages
            .iter()
            .filter(|p| p.id == place.page)
            .flat_map(|p| &p.fields);
        for field in fields {
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

/// Puts earlier answers at their fields.
pub(in crate::screens) fn fill(form: &mut Form, places: &[Place], typed: &[Typed], ctx: &Ctx<'_>) {
    for answer in typed {
        for place in places.iter().filter(|p| p.of == answer.of) {
            if let Some(field) = form.find_mut(&place.page, &answer.fact) {
                field.set(&answer.value, ctx);
            }
        }
    }
}

/// `/answers/2/value` is the third of those sent: the page and the field it was typed in.
pub(in crate::screens) fn place_of(
    pointer: &str,
    sent: &[Typed],
    places: &[Place],
) -> Option<(String, String)> {
    let at: usize = pointer
        .strip_prefix("/answers/")?
        .split('/')
        .next()?
        .parse()
        .ok()?;
    let answer = sent.get(at)?;
    let place = places.iter().find(|place| place.of == answer.of)?;
    Some((place.page.clone(), answer.fact.clone()))
}

/// The page of a place.
pub(in crate::screens) fn page_of(place: &Place) -> &str {
    &place.page
}

/// The page that has the field of an answer.
pub(in crate::screens) fn page_asking(form: &Form, places: &[Place], answer: &Typed) -> Option<String> {
    let asks = |place: &&Place| place.of == answer.of && form.find(&place.page, &answer.fact).is_some();
    places.iter().find(asks).map(|place| place.page.clone())
}
