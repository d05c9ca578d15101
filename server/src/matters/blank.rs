//! Forms on paper, to be filled in by hand and typed in afterwards. They are no letters: nothing is issued, and one is made anew each time it is
//! asked for. The template is the pack's letter `visit`.

use super::{restricted, sheets, store};
use crate::{
    access::{May, WorkTasks},
    house::House,
    persons,
    problem::Error,
};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use karton_api::{
    Date, Id,
    common::Texts,
    decisions::{LetterForm, LetterQuery},
    persons::{HouseholdView, PersonCard},
    value::{self, StepRun},
};
use karton_letters::{Letter, render_markdown};
use karton_rules::{
    lang::Type,
    pack::{Form, Pack, Page, PageOf},
};
use serde_json::{Value, json};

/// Lines left free for something that is told at length.
const LONG: usize = 3;

/// What stands on the paper before anybody has written on it.
#[derive(Debug)]
pub struct Blank<'a> {
    /// Its questions.
    pub form: &'a Form,
    /// The matter's number.
    pub number: &'a str,
    /// The office's name.
    pub office: &'a Texts,
    /// What kind of matter it is.
    pub kind: &'a Texts,
    /// Whom it is about.
    pub person: &'a PersonCard,
    /// Who lives with them.
    pub household: Option<HouseholdView>,
    /// What is to be reached, of a case.
    pub goals: Vec<String>,
}

impl Blank<'_> {
    /// The paper, in the country's first language.
    pub fn letter(self, pack: &Pack, today: Date) -> Result<Letter, Error> {
        let language = pack.country.languages.first().cloned().unwrap_or_default();
        let template = pack
            .letter("visit", &language)
            .ok_or_else(|| Error::fault("the pack has no letter `visit`"))?;
        // A page about members is there for each of them, as it is on the screen: the person first, where nobody else lives with them too.
        let mut names = vec![full_name(self.person)];
        let others = self.household.iter().flat_map(|home| &home.members);
        let others = others.filter(|member| member.card.id != self.person.id);
        names.extend(others.map(|member| full_name(&member.card)));
        let people: Vec<Value> = self
            .household
            .into_iter()
            .flat_map(|home| home.members)
            .map(|member| {
                json!({
                    "name": full_name(&member.card),
                    "born": member.card.birth_date.map(|day| day.to_string()).unwrap_or_default(),
                    "relationship": words(pack, "relationships", &member.relationship, &language),
                })
            })
            .collect();
        let pages: Vec<Value> = self
            .form
            .pages
            .iter()
            .flat_map(|page| {
                let title = in_language(&page.title.0, &language);
                let titles: Vec<String> = match page.of {
                    PageOf::Members => names.iter().map(|name| format!("{title}: {name}")).collect(),
                    PageOf::Applicant | PageOf::Household | PageOf::Claim => vec![title],
                };
                let fields = fields(pack, page, &language);
                titles
                    .into_iter()
                    .map(move |title| json!({ "title": title, "fields": fields }))
            })
            .collect();
        let title = in_language(&self.form.title.0, &language);
        let values = json!({
            "number": self.number,
            "office": in_language(self.office, &language),
            "title": title,
            "kind": in_language(self.kind, &language),
            "person": full_name(self.person),
            "born": self.person.birth_date.map(|day| day.to_string()).unwrap_or_default(),
            "people": people,
            "goals": self.goals,
            "pages": pages,
        });
        let markdown = render_markdown(template, &values).map_err(Error::fault)?;
        Ok(Letter {
            title: format!("{title} {}", self.number),
            language,
            date: today,
            markdown,
        })
    }
}

fn full_name(card: &PersonCard) -> String {
    format!("{} {}", card.name.given, card.name.family)
        .trim()
        .to_owned()
}

fn in_language(texts: &Texts, language: &str) -> String {
    texts
        .get(language)
        .or_else(|| texts.values().next())
        .cloned()
        .unwrap_or_default()
}

fn words(pack: &Pack, list: &str, code: &str, language: &str) -> String {
    let entry = pack.codes.get(list).and_then(|list| list.entry(code));
    entry.map_or_else(|| code.to_owned(), |entry| entry.name.get(language).to_owned())
}

/// The questions of a page, each with what may be ticked or how much room is left.
fn fields(pack: &Pack, page: &Page, language: &str) -> Vec<Value> {
    let facts = page
        .fields
        .iter()
        .filter_map(|field| Some((field, pack.fact(page.of.holder(), &field.fact)?)));
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
                        .map(|entry| entry.name.get(language).to_owned())
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

/// The form of a step with blanks. `Missing` for a step without one.
pub(super) async fn of_step(
    may: &May<WorkTasks>,
    house: &House,
    (id, step): (Id<value::Matter>, Id<StepRun>),
    query: LetterQuery,
) -> Result<Response, Error> {
    let (scope, inside) = (may.scope(), house.clone());
    let (today, now) = (house.clock.today(), house.clock.now());
    let (letter, number, about) = house
        .store
        .read(move |tx| {
            let matter = store::load(tx, &scope, id)?;
            let pack = store::pack_of(tx, &inside.packs, &matter)?;
            let runs = store::steps(tx, id)?;
            let run = runs.iter().find(|run| run.id == step).ok_or(Error::Missing)?;
            let procedure = store::procedure_of(&pack, &matter)?;
            let step = procedure.step(&run.step).ok_or(Error::Missing)?;
            let form = sheets::form_of(&inside.pack, &pack, step)?.ok_or(Error::Missing)?;
            let benefit = matter.benefit.as_ref().and_then(|code| pack.benefit(code));
            let number = matter.number.clone().unwrap_or_default();
            let blank = Blank {
                form,
                number: &number,
                office: &inside.offices.to_ref(matter.office).name,
                kind: benefit.map_or(&procedure.name.0, |benefit| &benefit.name.0),
                person: &persons::store::card_of(tx, &scope, matter.person)?,
                household: persons::household(tx, &scope, matter.person, today, now)?,
                goals: Vec::new(),
            };
            let letter = blank.letter(&inside.pack, today)?;
            let restricted = restricted::is_restricted(tx, id)?;
            Ok::<_, Error>((letter, number, (id, matter.person, restricted)))
        })
        .await?;
    sheets::looked(may, house, about).await?;
    answer(letter, ("form", number), query).await
}

/// A paper in the form that was asked for, under a name for a file; a line of text has 40 to 200 characters.
pub async fn answer(
    letter: Letter,
    (what, number): (&'static str, String),
    query: LetterQuery,
) -> Result<Response, Error> {
    let width = query.width.unwrap_or(80);
    if !(40..=200).contains(&width) {
        return Err(Error::field("width", "range", "A line has 40 to 200 characters."));
    }
    let form = query.form.unwrap_or(LetterForm::Pdf);
    let made = tokio::task::spawn_blocking(move || match form {
        LetterForm::Pdf => letter.to_pdf().map_err(Error::fault),
        LetterForm::Text => Ok(letter.to_text(usize::from(width)).into_bytes()),
        LetterForm::Html => Ok(letter.to_html().into_bytes()),
    });
    let bytes = made.await.map_err(Error::fault)??;
    let (kind, ending) = match form {
        LetterForm::Pdf => ("application/pdf", "pdf"),
        LetterForm::Text => ("text/plain; charset=utf-8", "txt"),
        LetterForm::Html => ("text/html; charset=utf-8", "html"),
    };
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = number.chars().map(safe).collect();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let place = format!("inline; filename=\"{what}-{name}.{ending}\"");
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::try_from(place).map_err(Error::fault)?,
    );
    Ok(response)
}
