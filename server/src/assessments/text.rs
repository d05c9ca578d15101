//! What facts say, as people read it. Pure.

use karton_api::{FactValue, common::Texts, value::Record};
use karton_rules::{
    assess::Input,
    lang::Type,
    pack::{FactDef, Pack},
    text,
};

/// Rows that are written out before `…`.
const SHOWN: usize = 8;

/// The value in each language of the country. People of the assessment are called by their names.
pub(super) fn texts(pack: &Pack, def: Option<&FactDef>, value: &FactValue, input: &Input) -> Texts {
    let ty = def.map(|def| &def.ty);
    pack.country
        .languages
        .iter()
        .map(|language| (language.clone(), say(pack, ty, value, language, input)))
        .collect()
}

fn say(pack: &Pack, ty: Option<&Type>, value: &FactValue, language: &str, input: &Input) -> String {
    match value {
        FactValue::Bool(value) => text::bool(*value, language).to_owned(),
        FactValue::Int(value) => text::int(*value, language),
        FactValue::Decimal(value) if language == "en" => value.clone(),
        FactValue::Decimal(value) => value.replace('.', ","),
        FactValue::Money(money) => text::money(*money, pack.country.minor_units, language),
        FactValue::Date(day) => text::date(*day, language),
        FactValue::Text(value) => value.clone(),
        FactValue::Code(code) => match ty {
            Some(Type::Code(list)) => pack.code_name(list, code, language).unwrap_or(code).to_owned(),
            _ => code.clone(),
        },
        FactValue::Person(id) => std::iter::once(&input.applicant)
            .chain(&input.members)
            .chain(&input.others)
            .find(|person| person.person == Some(*id))
            .and_then(|person| person.name.clone())
            .unwrap_or_default(),
        FactValue::Rows(rows) => say_rows(pack, ty, rows, language, input),
    }
}

fn say_rows(pack: &Pack, ty: Option<&Type>, rows: &[Record], language: &str, input: &Input) -> String {
    let columns = match ty.and_then(Type::element) {
        Some(Type::Row(row)) => row.columns.as_slice(),
        _ => &[],
    };
    let row = |record: &Record| {
        let cells = columns.iter().filter_map(|(name, ty)| {
            record
                .get(name)
                .map(|it| say(pack, Some(ty), it, language, input))
        });
        cells.collect::<Vec<_>>().join(" ")
    };
    let mut said: Vec<String> = rows.iter().take(SHOWN).map(row).collect();
    if rows.len() > SHOWN {
        said.push("…".to_owned());
    }
    if said.is_empty() {
        "–".to_owned()
    } else {
        said.join(", ")
    }
}
