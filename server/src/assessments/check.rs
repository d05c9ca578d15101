//! What is typed into a form, held against the dictionary and the form's guards. Pure.

use super::gather::Gathered;
use crate::facts::values;
use karton_api::{
    FactValue,
    assessments::{Answer, AnswerOf, HiddenField},
    persons::PersonCard,
    problem::FieldError,
};
use karton_rules::{
    assess::Facts,
    pack::{Expression, Form, Pack, Page, PageOf},
};

/// The most answers of one draft.
pub(super) const MOST_ANSWERS: usize = 1000;

fn wrong(pointer: String, code: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        pointer,
        code: code.to_owned(),
        message: message.into(),
    }
}

/// Answers against the form and the dictionary: unknown facts, facts of another form, people who are not of the household, values of another
/// type or out of range, the same thing twice. `known` tells whether a person exists.
pub fn answers(
    pack: &Pack,
    form: &Form,
    typed: &[Answer],
    household: &[PersonCard],
    known: &[PersonCard],
) -> Vec<FieldError> {
    if typed.len() > MOST_ANSWERS {
        return vec![wrong(
            "/answers".to_owned(),
            "too-many",
            format!("At most {MOST_ANSWERS} answers are kept."),
        )];
    }
    let mut errors = Vec::new();
    for (place, answer) in typed.iter().enumerate() {
        let at = |member: &str| format!("/answers/{place}/{member}");
        if let AnswerOf::Person(id) = answer.of
            && household.iter().all(|card| card.id != id)
        {
            errors.push(wrong(
                at("of"),
                "not-a-member",
                "This person is not a member of the household.",
            ));
            continue;
        }
        let pages = form.pages.iter().filter(|page| asks(page, answer.of, household));
        if !pages
            .flat_map(|page| &page.fields)
            .any(|field| field.fact == answer.fact)
        {
            errors.push(wrong(
                at("fact"),
                "unknown-fact",
                "This form does not ask for that.",
            ));
            continue;
        }
        if typed
            .iter()
            .take(place)
            .any(|before| before.of == answer.of && before.fact == answer.fact)
        {
            errors.push(wrong(at("fact"), "twice", "This is answered twice."));
        }
        let Some(def) = pack.fact(kind_of(answer.of), &answer.fact) else {
            errors.push(wrong(
                at("fact"),
                "unknown-fact",
                "The dictionary has no such fact.",
            ));
            continue;
        };
        errors.extend(values::check_typed(pack, def, &answer.value, &at("value")));
        if let FactValue::Person(id) = answer.value
            && known.iter().all(|card| card.id != id)
        {
            errors.push(wrong(at("value"), "unknown-person", "There is no such person."));
        }
    }
    errors
}

fn kind_of(of: AnswerOf) -> karton_rules::pack::HolderKind {
    match of {
        AnswerOf::Person(_) => karton_rules::pack::HolderKind::Person,
        AnswerOf::Household => karton_rules::pack::HolderKind::Household,
        AnswerOf::Claim => karton_rules::pack::HolderKind::Claim,
    }
}

fn asks(page: &Page, of: AnswerOf, household: &[PersonCard]) -> bool {
    match (page.of, of) {
        (PageOf::Members, AnswerOf::Person(_))
        | (PageOf::Household, AnswerOf::Household)
        | (PageOf::Claim, AnswerOf::Claim) => true,
        (PageOf::Applicant, AnswerOf::Person(id)) => household.first().is_some_and(|card| card.id == id),
        _ => false,
    }
}

/// One page as it stands before one holder.
struct Sheet<'a> {
    page: &'a Page,
    of: AnswerOf,
    facts: &'a Facts,
    /// The person's place in the household, on a page of members.
    member: Option<usize>,
    name: Option<String>,
}

fn sheets<'a>(form: &'a Form, gathered: &'a Gathered) -> Vec<Sheet<'a>> {
    let input = &gathered.input;
    let mut sheets = Vec::new();
    for page in &form.pages {
        match page.of {
            PageOf::Household => {
                sheets.push(Sheet {
                    page,
                    of: AnswerOf::Household,
                    facts: &input.household,
                    member: None,
                    name: None,
                });
            }
            PageOf::Claim => sheets.push(Sheet {
                page,
                of: AnswerOf::Claim,
                facts: &input.claim,
                member: None,
                name: None,
            }),
            PageOf::Applicant | PageOf::Members => {
                let people = std::iter::once(&input.applicant)
                    .chain(&input.members)
                    .enumerate();
                for (place, person) in people.take(if page.of == PageOf::Applicant {
                    1
                } else {
                    usize::MAX
                }) {
                    let Some(id) = person.person else { continue };
                    sheets.push(Sheet {
                        page,
                        of: AnswerOf::Person(id),
                        facts: &person.facts,
                        member: (page.of == PageOf::Members).then_some(place),
                        name: person.name.clone(),
                    });
                }
            }
        }
    }
    sheets
}

/// What a form does not show now, what of it must still be filled, and which of its checks do not hold.
#[derive(Debug, Clone, Default)]
pub(super) struct FormNow {
    pub(super) hidden: Vec<HiddenField>,
    pub(super) unfilled: Vec<FieldError>,
    /// What must be filled in and is known from elsewhere only.
    known: Vec<FieldError>,
    /// Checks without which nothing is lodged.
    pub(super) binding: Vec<FieldError>,
    pub(super) problems: Vec<FieldError>,
}

/// Reads a form against the facts. A guard that cannot be told yet hides its field; a check that cannot be told yet passes.
pub(super) fn form_now(pack: &Pack, form: &Form, gathered: &Gathered, typed: &[Answer]) -> FormNow {
    let mut now = FormNow::default();
    let holds = |guard: &Expression, member| pack.holds(guard, &gathered.input, member);
    let language = pack.country.languages.first().map_or("en", String::as_str);
    for sheet in sheets(form, gathered) {
        for field in &sheet.page.fields {
            let shown = field
                .when
                .as_ref()
                .is_none_or(|when| holds(when, sheet.member) == Some(true));
            if !shown {
                now.hidden.push(HiddenField {
                    of: sheet.of,
                    fact: field.fact.clone(),
                });
            } else if field.required && !typed_there(typed, sheet.of, &field.fact) {
                let question = field
                    .label
                    .as_ref()
                    .or_else(|| Some(&pack.fact(sheet.page.of.holder(), &field.fact)?.question));
                let question = question.map_or(field.fact.as_str(), |texts| texts.get(language));
                let said = match &sheet.name {
                    Some(name) => format!("{name}: {question}"),
                    None => question.to_owned(),
                };
                let list = if sheet.facts.contains_key(&field.fact) {
                    &mut now.known
                } else {
                    &mut now.unfilled
                };
                list.push(wrong(place(typed, sheet.of, &field.fact), "required", said));
            }
        }
        for check in &sheet.page.checks {
            if holds(&check.when, sheet.member) == Some(false) {
                let problem = wrong(
                    place(typed, sheet.of, &check.field),
                    "check",
                    check.says.get(language),
                );
                if check.binding {
                    now.binding.push(problem.clone());
                }
                now.problems.push(problem);
            }
        }
    }
    now
}

fn typed_there(typed: &[Answer], of: AnswerOf, fact: &str) -> bool {
    typed.iter().any(|answer| answer.of == of && answer.fact == fact)
}

/// Where the cursor goes: the answer, or the field's name where there is none yet (with the person's id before it on a person's page).
fn place(typed: &[Answer], of: AnswerOf, fact: &str) -> String {
    match typed
        .iter()
        .position(|answer| answer.of == of && answer.fact == fact)
    {
        Some(place) => format!("/answers/{place}/value"),
        None => match of {
            AnswerOf::Person(id) => format!("{id}/{fact}"),
            AnswerOf::Household | AnswerOf::Claim => fact.to_owned(),
        },
    }
}

/// What stands in the way of lodging: what must be filled in and is not known, and binding checks that do not hold.
pub fn missing_required(pack: &Pack, form: &Form, gathered: &Gathered, typed: &[Answer]) -> Vec<FieldError> {
    let now = form_now(pack, form, gathered, typed);
    now.unfilled.into_iter().chain(now.binding).collect()
}

/// What stands in the way of keeping a form in which an officer writes what was found: what somebody else said before does not fill its fields.
pub fn unanswered(pack: &Pack, form: &Form, gathered: &Gathered, typed: &[Answer]) -> Vec<FieldError> {
    let now = form_now(pack, form, gathered, typed);
    now.unfilled
        .into_iter()
        .chain(now.known)
        .chain(now.binding)
        .collect()
}
