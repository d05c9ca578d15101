//! What if: the rules over facts that somebody tells of people who are not registered. Nothing is stored; the log says only that it was asked
//! about a benefit, because nobody is named.

use super::show::Shown;
use crate::{
    access::{May, PreviewAssessments},
    facts::values,
    house::House,
    problem::Error,
};
use karton_api::{
    FactValue, Id,
    assessments::{Answer, AnswerOf, Previewed, Supposed, WhatIf},
    problem::FieldError,
    value::Person,
};
use karton_rules::{
    assess::{self, FactRef, Facts, Input, Known, PersonFacts},
    pack::{HolderKind, Pack},
};
use std::collections::BTreeMap;

/// The most people of a supposed household.
const MOST_PEOPLE: usize = 30;

/// Works it out. Refuses with the fields that cannot be taken.
pub(super) async fn what_if(
    may: &May<PreviewAssessments>,
    house: &House,
    body: WhatIf,
) -> Result<Previewed, Error> {
    let on = body.on.unwrap_or_else(|| house.clock.today());
    let pack = &house.pack;
    if pack.benefit(&body.benefit).is_none() {
        let says = "There is no such benefit in the catalogue.";
        return Err(Error::field("/benefit", "unknown", says));
    }
    let errors = check(pack, &body, on);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let input = input(pack, &body, on);
    let trace = assess::assess(pack, &body.benefit, &input).ok_or(Error::Missing)?;
    let learnt = BTreeMap::new();
    let shown = Shown {
        pack,
        input: &input,
        learnt: &learnt,
        others: None,
    };
    house.looks.supposed(house, may.actor(), &body.benefit).await?;
    Ok(Previewed {
        assessment: shown.assessment(&trace),
        hidden: Vec::new(),
        problems: Vec::new(),
    })
}

fn check(pack: &Pack, body: &WhatIf, on: karton_api::Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut wrong = |pointer: String, code: &str, message: &str| {
        errors.push(FieldError {
            pointer,
            code: code.to_owned(),
            message: message.to_owned(),
        });
    };
    if !values::plausible(on) {
        wrong(
            "/on".into(),
            "range",
            "This day is out of the calendar that is kept.",
        );
    }
    if !(1..=MOST_PEOPLE).contains(&body.people.len()) {
        wrong(
            "/people".into(),
            "range",
            "Between 1 and 30 people, the applicant first.",
        );
    }
    for (place, one) in body.people.iter().enumerate() {
        if body.people.iter().take(place).any(|before| before.id == one.id) {
            wrong(
                format!("/people/{place}/id"),
                "twice",
                "Two people have the same id.",
            );
        }
        if one
            .birth_date
            .is_some_and(|day| !values::plausible(day) || day > on)
        {
            wrong(
                format!("/people/{place}/birth_date"),
                "range",
                "Nobody is born on this day.",
            );
        }
        let known = |list: &str, code: &Option<String>| {
            code.as_ref()
                .is_none_or(|code| crate::persons::known_code(pack, list, code))
        };
        if !known("sexes", &one.sex) {
            wrong(
                format!("/people/{place}/sex"),
                "unknown",
                "There is no such code.",
            );
        }
        if !known("relationships", &one.relationship) {
            wrong(
                format!("/people/{place}/relationship"),
                "unknown",
                "There is no such code.",
            );
        }
    }
    if body.answers.len() > super::check::MOST_ANSWERS {
        wrong(
            "/answers".into(),
            "too-many",
            "At most 1000 answers are looked at.",
        );
        return errors;
    }
    for (place, answer) in body.answers.iter().enumerate() {
        let at = |member: &str| format!("/answers/{place}/{member}");
        if let AnswerOf::Person(id) = answer.of
            && body.people.iter().all(|one| one.id != id)
        {
            wrong(at("of"), "unknown-person", "There is no such person here.");
            continue;
        }
        if body
            .answers
            .iter()
            .take(place)
            .any(|before| before.of == answer.of && before.fact == answer.fact)
        {
            wrong(at("fact"), "twice", "This is answered twice.");
        }
        let kind = match answer.of {
            AnswerOf::Person(_) => HolderKind::Person,
            AnswerOf::Household => HolderKind::Household,
            AnswerOf::Claim => HolderKind::Claim,
        };
        let Some(def) = pack.fact(kind, &answer.fact) else {
            wrong(at("fact"), "unknown-fact", "The dictionary has no such fact.");
            continue;
        };
        for error in values::check_typed(pack, def, &answer.value, &at("value")) {
            wrong(error.pointer, &error.code, &error.message);
        }
        for (pointer, named) in values::people(&answer.value, &at("value")) {
            if body.people.iter().all(|one| one.id != named) {
                wrong(pointer, "unknown-person", "There is no such person here.");
            }
        }
    }
    errors
}

/// What the rules take: everything is somebody's word.
fn input(pack: &Pack, body: &WhatIf, on: karton_api::Date) -> Input {
    let word = |answer: &Answer| {
        let source = FactRef {
            kind: "declaration".to_owned(),
            status: Some("not-verified".to_owned()),
            as_of: Some(on),
            ..FactRef::default()
        };
        (
            answer.fact.clone(),
            Known {
                value: answer.value.clone(),
                source,
            },
        )
    };
    let of = |wanted: AnswerOf| -> Facts {
        let mine = body.answers.iter().filter(|answer| answer.of == wanted);
        mine.map(word).collect()
    };
    let mut people: Vec<PersonFacts> = body
        .people
        .iter()
        .enumerate()
        .map(|(place, one)| person(pack, place, one, of(AnswerOf::Person(one.id))))
        .collect();
    let applicant = if people.is_empty() {
        PersonFacts::default()
    } else {
        people.remove(0)
    };
    Input {
        on,
        lodged: on,
        known_at: None,
        suspended: Vec::new(),
        applicant,
        members: people,
        others: Vec::new(),
        household: of(AnswerOf::Household),
        claim: of(AnswerOf::Claim),
    }
}

fn person(pack: &Pack, place: usize, one: &Supposed, mut facts: Facts) -> PersonFacts {
    let mut put = |name: &str, value: Option<FactValue>| {
        if let Some(value) = value {
            let source = FactRef {
                kind: "declaration".to_owned(),
                status: Some("not-verified".to_owned()),
                ..FactRef::default()
            };
            facts.insert(name.to_owned(), Known { value, source });
        }
    };
    let relationship = match place {
        0 => "self".to_owned(),
        _ => one.relationship.clone().unwrap_or_else(|| "other".to_owned()),
    };
    put("birth_date", one.birth_date.map(FactValue::Date));
    put("sex", one.sex.clone().map(FactValue::Code));
    put("alive", Some(FactValue::Bool(true)));
    put("relationship", Some(FactValue::Code(relationship.clone())));
    let language = pack.country.languages.first().map_or("en", String::as_str);
    let name = pack.code_name("relationships", &relationship, language);
    PersonFacts {
        person: Some(Id::<Person>::from_uuid(one.id.uuid())),
        name: Some(format!("{} {}", place + 1, name.unwrap_or(&relationship))),
        facts,
        ..PersonFacts::default()
    }
}
