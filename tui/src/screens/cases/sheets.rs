//! What was filled in and planned before, to be read: versions of a form, versions of the plan.

use super::{
    build,
    case::draw::{activity_key, plan_key},
    form::fields::people,
};
use crate::{
    api::CaseKit,
    app::{
        Look,
        overlay::{Line, Overlay},
    },
    form::{Form, RowsEditor, date},
    i18n::Say,
    screens::widgets::instant,
    text::visible,
};
use karton_api::{
    Id,
    assessments::Answer as Typed,
    cases::{Plan, Sheet},
    catalogue::{CodeList, Form as PackForm},
    value::{self, Note},
};
use std::collections::BTreeMap;

/// Every version of one filled form, the newest first, question by question. A visit's form is filled in anew by each visit, so that only the
/// one that is looked at is told.
pub(super) fn of_form(
    kit: &CaseKit,
    all: &[Sheet],
    (form, step, id): &(String, Option<String>, Id<Note>),
    look: &Look<'_>,
) -> Overlay {
    let mut lines = Vec::new();
    let mut title = Say::Nothing;
    let same = |sheet: &&Sheet| {
        sheet.form == *form && sheet.step == *step && (sheet.step.is_some() || sheet.id == *id)
    };
    for sheet in all.iter().filter(same) {
        title = Say::table(&sheet.title);
        lines.push(head(
            sheet.version,
            &instant(sheet.recorded_at),
            &sheet.recorded_by.name,
        ));
        lines.push(Line::Pair(Say::key("field-on"), Say::raw(date::show(sheet.on))));
        lines.extend(answers(kit, sheet, look));
        lines.push(Line::Gap);
    }
    Overlay::Text { title, lines, at: 0 }
}

fn head(version: u32, at: &str, by: &str) -> Line {
    let words = Say::key("version-by").with("n", version).with("at", at);
    Line::Head(words.with("who", visible(by)))
}

/// The questions that were answered, in the order of the form.
fn answers(kit: &CaseKit, sheet: &Sheet, look: &Look<'_>) -> Vec<Line> {
    let Some(form) = kit.forms.get(&sheet.form) else {
        return Vec::new();
    };
    let (home, all) = people(kit);
    let about = (kit.case.summary.person.id, home.as_slice(), all.as_slice());
    answered(form, about, &kit.codes, &sheet.answers, look)
}

/// The questions of a form that were answered, in its order.
pub(in crate::screens) fn answered(
    form: &PackForm,
    about: (Id<value::Person>, &[build::Person], &[build::Person]),
    codes: &BTreeMap<String, CodeList>,
    answers: &[Typed],
    look: &Look<'_>,
) -> Vec<Line> {
    let (pages, places) = build::pages(form, about, codes, look);
    let ctx = look.form();
    let mut typed = Form::new(pages);
    build::fill(&mut typed, &places, answers, &ctx);
    let mut lines = Vec::new();
    for page in &typed.pages {
        let answered: Vec<_> = page
            .fields
            .iter()
            .filter(|field| !field.display(&ctx).is_empty())
            .collect();
        if answered.is_empty() {
            continue;
        }
        lines.push(Line::Text(0, page.title.clone()));
        for field in answered {
            lines.push(Line::Pair(field.label.clone(), Say::raw(field.display(&ctx))));
            let table = RowsEditor::open(field)
                .into_iter()
                .flat_map(|editor| editor.form.pages);
            for row in table {
                let cells: Vec<String> = row
                    .fields
                    .iter()
                    .map(|cell| cell.display(&ctx))
                    .filter(|text| !text.is_empty())
                    .collect();
                if !cells.is_empty() {
                    lines.push(Line::Text(1, Say::raw(cells.join(" · "))));
                }
            }
        }
    }
    lines
}

/// Every version of the plan, the newest first.
pub(super) fn of_plans(kit: &CaseKit, plans: &[Plan], look: &Look<'_>) -> Overlay {
    let mut lines = Vec::new();
    for plan in plans {
        lines.push(head(
            plan.version,
            &instant(plan.proposed_at),
            &plan.proposed_by.name,
        ));
        let state = match (&plan.decided_by, plan.decided_at) {
            (Some(by), Some(at)) => format!(
                "{}  {}  {}",
                look.words.t(plan_key(plan.state)),
                visible(&by.name),
                instant(at)
            ),
            _ => look.words.t(plan_key(plan.state)),
        };
        lines.push(Line::Pair(Say::key("field-state"), Say::raw(state)));
        if let Some(note) = &plan.note {
            lines.push(Line::Pair(Say::key("note"), Say::raw(visible(note))));
        }
        lines.push(Line::Pair(
            Say::key("plan-review-on"),
            Say::raw(date::show(plan.review_on)),
        ));
        lines.push(Line::Text(0, Say::raw(visible(&plan.aim))));
        for (place, goal) in plan.goals.iter().enumerate() {
            let words = format!(
                "{}. {} ({})",
                place + 1,
                visible(&goal.goal),
                date::show(goal.due_on)
            );
            lines.push(Line::Text(0, Say::raw(words)));
            for it in plan.activities.iter().filter(|it| usize::from(it.goal) == place) {
                let who = it.officer.as_ref().map(|officer| officer.name.as_str());
                let who = who.or(it.responsible.as_deref()).unwrap_or("");
                let words = format!(
                    "{} {} ({}) {}",
                    activity_key(it.state).0,
                    visible(&it.what),
                    date::show(it.due_on),
                    visible(who)
                );
                lines.push(Line::Text(1, Say::raw(words)));
            }
        }
        for (key, text) in [
            ("field-participation", &plan.participation),
            ("field-crisis", &plan.crisis),
        ] {
            if let Some(text) = text {
                lines.push(Line::Pair(Say::key(key), Say::raw(visible(text))));
            }
        }
        lines.push(Line::Gap);
    }
    Overlay::Text {
        title: Say::key("plan-versions").with("number", visible(&kit.case.summary.number)),
        lines,
        at: 0,
    }
}
