//! The form of a field visit on paper: the matter's number, whom it is about, and blanks to be filled in by hand. It is typed into the same
//! form afterwards, with the contact. It is no letter: nothing is issued, and it is made anew each time it is asked for.

use super::{
    desk::Way,
    store::{self, SocialCase},
};
use crate::{access::Scope, house::House, persons, problem::Error, store::Tx};
use karton_api::{Date, Timestamp};
use karton_letters::{Letter, render_markdown};
use karton_rules::{
    lang::Type,
    pack::{HolderKind, Pack, Page, PageOf},
};
use serde_json::{Value, json};

/// Lines left free for something that is told at length.
const LONG: usize = 3;

/// What the paper shows, without anybody having written on it.
pub(super) fn sheet(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    it: &SocialCase,
    (today, now): (Date, Timestamp),
) -> Result<(Letter, String), Error> {
    let way = Way::of_house(house, tx, it)?;
    let form = way.rules()?.visit.clone().ok_or(Error::Missing)?;
    let form = way.pack.form(&form).ok_or(Error::Missing)?;
    let language = way.pack.country.languages.first().cloned().unwrap_or_default();
    let template = way
        .pack
        .letter("visit", &language)
        .ok_or_else(|| Error::fault("the pack has no letter `visit`"))?;
    let person = persons::store::card_of(tx, scope, it.person)?;
    let household = persons::household(tx, scope, it.person, today, now)?;
    let people: Vec<Value> = household
        .into_iter()
        .flat_map(|home| home.members)
        .map(|member| {
            json!({
                "name": format!("{} {}", member.card.name.given, member.card.name.family).trim(),
                "born": member.card.birth_date.map(|day| day.to_string()).unwrap_or_default(),
                "relationship": words(&way.pack, "relationships", &member.relationship, &language),
            })
        })
        .collect();
    let goals: Vec<String> = store::plans(tx, it.matter())?
        .into_iter()
        .find(|plan| plan.state == karton_api::cases::PlanState::Approved)
        .map(|plan| plan.body.goals.into_iter().map(|goal| goal.goal).collect())
        .unwrap_or_default();
    let pages: Vec<Value> = form
        .pages
        .iter()
        .filter(|page| !matches!(page.of, PageOf::Members))
        .map(|page| json!({ "title": in_language(&page.title.0, &language), "fields": fields(&way.pack, page, &language) }))
        .collect();
    let values = json!({
        "number": it.number,
        "office": in_language(&house.offices.to_ref(it.office).name, &language),
        "title": in_language(&form.title.0, &language),
        "kind": in_language(&way.procedure()?.name.0, &language),
        "person": format!("{} {}", person.name.given, person.name.family).trim(),
        "born": person.birth_date.map(|day| day.to_string()).unwrap_or_default(),
        "people": people,
        "goals": goals,
        "pages": pages,
    });
    let markdown = render_markdown(template, &values).map_err(Error::fault)?;
    let letter = Letter {
        title: format!("{} {}", in_language(&form.title.0, &language), it.number),
        language,
        date: today,
        markdown,
    };
    Ok((letter, it.number.clone()))
}

fn in_language(texts: &karton_api::common::Texts, language: &str) -> String {
    texts
        .get(language)
        .or_else(|| texts.values().next())
        .cloned()
        .unwrap_or_default()
}

fn words(pack: &Pack, list: &str, code: &str, language: &str) -> String {
    let entry = pack.codes.get(list).and_then(|list| list.entry(code));
    entry.map_or_else(|| code.to_owned(), |entry| in_language(&entry.name.0, language))
}

/// The questions of a page, each with what may be ticked or how much room is left.
fn fields(pack: &Pack, page: &Page, language: &str) -> Vec<Value> {
    let holder: HolderKind = page.of.holder();
    let facts = page
        .fields
        .iter()
        .filter_map(|field| Some((field, pack.fact(holder, &field.fact)?)));
    facts
        .map(|(field, fact)| {
            let label = field.label.as_ref().unwrap_or(&fact.question);
            let ticks: Vec<String> = match &fact.ty {
                Type::Bool => ["yes", "no"]
                    .map(|code| words(pack, "answers_known", code, language))
                    .to_vec(),
                Type::Code(list) => pack.codes.get(list.as_ref()).map_or_else(Vec::new, |list| {
                    list.entries
                        .iter()
                        .take(12)
                        .map(|entry| in_language(&entry.name.0, language))
                        .collect()
                }),
                _ => Vec::new(),
            };
            let lines = if ticks.is_empty() && fact.ty == Type::Text {
                LONG
            } else {
                1
            };
            json!({ "label": in_language(&label.0, language), "ticks": ticks, "lines": vec![""; lines] })
        })
        .collect()
}
