//! Every form of every country on a terminal of 80 by 24, in each of its languages: each question is read whole, each has its place, and each list
//! offers something.

use karton::{
    api::{IntakeKit, StepAt, StepKit},
    app::{Demo, Look},
    i18n::{Lang, Words},
    screens::{Desk as _, Intake, StepForm},
    theme::Theme,
};
use karton_api::{
    catalogue::{CodeList, FieldKind, Form, FormField},
    common::{BothTimes, Texts},
    session::Role,
};
use karton_tests::{
    house::{Country, Engine, Plan},
    officer::Officer,
};
use ratatui::{buffer::Buffer, layout::Rect};
use std::collections::{BTreeMap, BTreeSet};

/// Where a screen stands between the bar above and the two lines below.
const DESK: Rect = Rect {
    x: 1,
    y: 2,
    width: 78,
    height: 20,
};

fn lists(kind: &FieldKind, found: &mut BTreeSet<String>) {
    match kind {
        FieldKind::Code { list } => drop(found.insert(list.clone())),
        FieldKind::Rows { columns } => columns.iter().for_each(|column| lists(&column.kind, found)),
        _ => {}
    }
}

async fn codes(officer: &Officer, form: &Form) -> BTreeMap<String, CodeList> {
    let mut names = BTreeSet::from(["relationships".to_owned()]);
    for field in form.pages.iter().flat_map(|page| &page.fields) {
        lists(&field.kind, &mut names);
    }
    let mut found = BTreeMap::new();
    for name in names {
        let list = officer.codes(&name).await.unwrap();
        found.insert(name, list);
    }
    found
}

fn lines(buffer: &Buffer) -> Vec<String> {
    let row = |y: u16| -> String { (0..80).map(|x| buffer[(x, y)].symbol()).collect() };
    (0..24).map(row).collect()
}

/// What is wrong with a form, page by page.
fn drawn(form: &Form, kit: &StepKit, look: &Look<'_>, wrong: &mut Vec<String>) {
    let said = |texts: &Texts| look.words.pick(texts).to_owned();
    for page in &form.pages {
        let alone = StepKit {
            form: Form {
                pages: vec![page.clone()],
                ..form.clone()
            },
            ..kit.clone()
        };
        let screen = StepForm::new(alone, look);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
        screen.view(look, &mut buffer, DESK);
        let picture = lines(&buffer);
        let place = format!("{} {}/{}", look.words.lang().code(), form.id, page.id);
        if !picture.iter().any(|line| line.contains(&said(&page.title))) {
            wrong.push(format!("{place}: the title is cut: {}", said(&page.title)));
        }
        for field in &page.fields {
            let label = said(&field.label);
            if label.contains('_') || label.trim().is_empty() {
                wrong.push(format!("{place}: `{}` has no words", field.fact));
            }
            if !picture.iter().any(|line| line.contains(&label)) {
                wrong.push(format!("{place}: the question is cut or hidden: {label}"));
            }
        }
    }
}

async fn every_form(country: Country, office: &str, family: &str) {
    let Some(house) = Plan::on(Engine::Sqlite).country(country).people(40).open().await else {
        return;
    };
    let clerk = house
        .officer("counter", office, &[Role::Clerk, Role::Caseworker])
        .await;
    let head = clerk.finds_the_family_of(family).await.head();
    let times = BothTimes {
        as_of: None,
        known_at: None,
    };
    let person = clerk.person(head).await.unwrap();
    let household = clerk.household(head, &times).await.ok();
    let benefits = clerk.benefits().await.unwrap().items;
    let pack = house.inside.pack.clone();
    let (drafts, answers, demo) = (BTreeMap::new(), BTreeMap::new(), Demo::default());
    let mut wrong = Vec::new();
    let mut count = 0;
    for known in &pack.forms {
        let form = clerk.form(&known.id).await.unwrap();
        let codes = codes(&clerk, &form).await;
        for list in codes.values() {
            if list.codes.is_empty() && list.name != "relationships" {
                wrong.push(format!("{}: the list {} offers nothing", form.id, list.name));
            }
        }
        let kit = StepKit {
            at: StepAt {
                matter: house.clock.id(),
                step: house.clock.id(),
                key: form.id.clone(),
                name: form.title.clone(),
                form: form.id.clone(),
                person: head,
                number: "1".into(),
                applied: false,
            },
            form: form.clone(),
            codes: codes.clone(),
            person: person.card.clone(),
            household: household.clone(),
            sheets: Vec::new(),
            declared: Vec::new(),
        };
        for language in &pack.country.languages {
            let words = Words::of(Lang::of(language).unwrap());
            let look = Look {
                words: &words,
                theme: Theme::default(),
                today: house.clock.today(),
                session: None,
                drafts: &drafts,
                answers: &answers,
                demo: &demo,
                server: "",
                secrets: "secrets-memory",
                size: (80, 24),
            };
            drawn(&form, &kit, &look, &mut wrong);
            // The same form in an application, with what the rules say beside it.
            for benefit in benefits.iter().filter(|benefit| benefit.form == form.id) {
                let intake = IntakeKit {
                    benefit: benefit.clone(),
                    form: form.clone(),
                    codes: codes.clone(),
                    person: person.clone(),
                    together: Vec::new(),
                    household: household.clone(),
                    draft: None,
                    last: None,
                };
                let screen = Intake::new(intake, false, &look);
                let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
                let cursor = screen.view(&look, &mut buffer, DESK);
                if cursor.is_none() {
                    wrong.push(format!("{language} {}: there is nowhere to type", form.id));
                }
                let start = |field: &FormField| -> String {
                    look.words.pick(&field.label).chars().take(12).collect()
                };
                // What a condition passes over is not asked of this family: one of the questions up to the first that everybody is asked.
                let fields: Vec<&FormField> = form.pages.iter().flat_map(|page| &page.fields).collect();
                let always = fields.iter().position(|field| !field.conditional);
                let first = &fields[..=always.unwrap_or(fields.len() - 1)];
                let picture = lines(&buffer);
                let asked = |field: &&FormField| picture.iter().any(|line| line.contains(&start(field)));
                if !first.iter().any(asked) {
                    wrong.push(format!(
                        "{language} {}: the first question is not there: {}",
                        form.id,
                        picture.join("\n")
                    ));
                }
            }
            count += 1;
        }
    }
    assert!(count > 20, "{count} forms were drawn");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_montenegro_is_read_whole() {
    every_form(Country::ME, "CSR-01", "1403978200126").await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_romania_is_read_whole() {
    every_form(Country::RO, "CJ-054975", "1810514501019").await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_ukraine_is_read_whole() {
    every_form(Country::UA, "PFU-53", "3075499980").await;
}
