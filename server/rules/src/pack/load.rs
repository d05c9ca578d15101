//! Parameters, and what every file of a pack is written with: types, values, confidences.

use super::{
    Confidence, Literal, Parameter, ParameterAt, ParameterValue,
    read::{File, Item, Table, To},
};
use crate::lang::{Ratio, Type, hint, minor};
use karton_api::Date;

pub(super) const CONFIDENCES: [(&str, Confidence); 5] = [
    ("law", Confidence::Law),
    ("published", Confidence::Published),
    ("derived", Confidence::Derived),
    ("memory", Confidence::Memory),
    ("default", Confidence::Default),
];

/// The languages come first: every other text of the pack is held against them.
pub(super) fn languages(file: File<'_>) -> Vec<String> {
    let toml = file.toml();
    file.table(toml.get_ref(), 0).strings("languages")
}

/// A type as packs write it, noted when it is none.
pub(super) fn type_of(item: &Item<'_>) -> Option<Type> {
    let text = item.text()?;
    let found = Type::parse(text);
    if let Some(Type::Code(list)) = &found {
        item.file.refer(To::CodeList, list, item.offset());
    }
    if found.is_none() {
        let known = [
            "bool",
            "int",
            "decimal",
            "money",
            "money per month",
            "money per year",
            "date",
            "text",
            "person",
            "rows",
        ];
        item.wrong(format!("`{text}` is not a type{}", hint(text, known)));
    }
    found
}

/// A value of a type, as packs write it.
pub(super) fn literal(item: &Item<'_>, ty: &Type, minor_units: u8) -> Option<Literal> {
    Some(match ty {
        Type::Bool => Literal::Bool(item.bool()?),
        Type::Int => Literal::Int(item.int()?),
        Type::Date => Literal::Date(item.date()?),
        Type::Text | Type::Code(_) => Literal::Text(item.text()?.to_owned()),
        Type::Decimal if item.value.get_ref().is_integer() => Literal::Decimal(Ratio::whole(item.int()?)),
        Type::Decimal | Type::Money(_) => {
            if item.value.get_ref().is_float() || item.value.get_ref().is_integer() {
                item.wrong("an exact number is written as text with a point, such as \"152.88\"");
                return None;
            }
            let text = item.text()?;
            let Ok(number) = text.parse::<Ratio>() else {
                item.wrong(format!(
                    "`{text}` is not a number with a point, such as \"152.88\""
                ));
                return None;
            };
            if *ty == Type::Decimal {
                return Some(Literal::Decimal(number));
            }
            let found = minor(number, minor_units);
            if found.is_none() {
                item.wrong(format!(
                    "`{text}` is not an amount with at most {minor_units} decimals"
                ));
            }
            Literal::Money(found?)
        }
        _ => {
            item.wrong(format!("a {ty} cannot be written down"));
            return None;
        }
    })
}

pub(super) fn parameters(file: File<'_>, minor_units: u8, found: &mut Vec<Parameter>) {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    for table in root.tables("parameter") {
        let name = table.text("name");
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        if !name.is_empty()
            && (!name.chars().all(good) || !name.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            table.wrong(format!(
                "the name `{name}` is not lower case with dots, such as mo.base"
            ));
        }
        let unit = table
            .need("unit")
            .and_then(|item| type_of(&item))
            .unwrap_or(Type::Text);
        let key = table.opt("key").and_then(|item| {
            let ty = type_of(&item)?;
            if !matches!(ty, Type::Int | Type::Text | Type::Code(_)) {
                item.wrong("the key of a table is int, text or a code");
            }
            Some(ty)
        });
        let says = table.opt_texts("says");
        let mut at: Vec<ParameterAt> = Vec::new();
        for dated in table.tables("at") {
            let from = dated.need("from").and_then(|item| item.date());
            let entry = ParameterAt {
                from: from.unwrap_or(Date::MIN),
                until: dated.opt("until").and_then(|item| item.date()),
                published: dated.opt("published").and_then(|item| item.date()),
                source: dated.refer(To::Source, "source"),
                confidence: dated
                    .choice("confidence", &CONFIDENCES, None)
                    .unwrap_or(Confidence::Default),
                note: dated.opt_text("note"),
                value: parameter_value(&dated, &unit, key.as_ref(), minor_units),
            };
            dated.finish();
            if entry.until.is_some_and(|until| until <= entry.from) {
                dated.wrong(format!("a value of `{name}` ends before it begins"));
            }
            if let (Some(last), Some(_)) = (at.last(), from) {
                if entry.from == last.from {
                    dated.wrong(format!(
                        "`{name}` has two values from {}: they overlap",
                        entry.from
                    ));
                } else if entry.from < last.from {
                    dated.wrong(format!(
                        "the values of `{name}` are not in the order of their days"
                    ));
                } else if last.until.is_some_and(|until| until >= entry.from) {
                    dated.wrong(format!(
                        "the value of `{name}` before this one lasts until then: `until` is for a gap"
                    ));
                }
            }
            at.push(entry);
        }
        if at.is_empty() {
            table.wrong(format!("`{name}` has no value"));
        }
        table.finish();
        if let Some(first) = found.iter().find(|other| other.name == name) {
            table.wrong(format!(
                "the parameter `{name}` is defined twice, also in {}",
                first.place.file
            ));
        }
        found.push(Parameter {
            name,
            unit,
            key,
            says,
            at,
            place: table.place(),
        });
    }
    root.finish();
}

fn parameter_value(dated: &Table<'_>, unit: &Type, key: Option<&Type>, minor_units: u8) -> ParameterValue {
    let Some(key) = key else {
        let value = dated
            .need("value")
            .and_then(|item| literal(&item, unit, minor_units));
        return ParameterValue::One(value.unwrap_or(Literal::Int(0)));
    };
    let mut rows: Vec<(Literal, Literal)> = Vec::new();
    let items = dated
        .need("rows")
        .and_then(|item| item.array())
        .unwrap_or_default();
    if items.is_empty() {
        dated.wrong("a table needs rows: [[1, \"89.84\"], …]");
    }
    for item in items {
        let pair = item.array().unwrap_or_default();
        let [a, b] = pair.as_slice() else {
            item.wrong("a row is a key and a value: [1, \"89.84\"]");
            continue;
        };
        let (Some(a_value), Some(b_value)) = (literal(a, key, minor_units), literal(b, unit, minor_units))
        else {
            continue;
        };
        if let (Some((Literal::Int(before), _)), Literal::Int(now)) = (rows.last(), &a_value)
            && before >= now
        {
            a.wrong("the keys of a table ascend, each once");
        } else if rows.iter().any(|(key, _)| *key == a_value) {
            a.wrong("this key is already in the table");
        }
        rows.push((a_value, b_value));
    }
    ParameterValue::Table(rows)
}
