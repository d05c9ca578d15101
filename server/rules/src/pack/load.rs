//! Parameters, and what every file of a pack is written with: types, values, confidences.

use super::{
    Confidence, Derived, Let, Literal, Parameter, ParameterAt, ParameterValue,
    read::{File, Item, Table, To},
};
use crate::lang::{MOST_KEYS, Ratio, Type, hint, minor};
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
        let keys = keys(&table);
        let up_to = table.choice("match", &[("from", false), ("up to", true)], Some(false));
        let up_to = up_to.unwrap_or(false);
        let says = table.opt_texts("says");
        let begins = table.bool("begins", false);
        let is = table.opt_expression("is").map(|is| {
            if !keys.is_empty() || !table.items("at").is_empty() {
                table.wrong(format!(
                    "`{name}` is worked out by `is`: it is no table and has no values of its own"
                ));
            }
            Derived {
                is,
                source: table.refer(To::Source, "source"),
                confidence: confidence(&table),
            }
        });
        let mut at: Vec<ParameterAt> = Vec::new();
        for dated in table.tables("at") {
            let from = dated.need("from").and_then(|item| item.date());
            let entry = ParameterAt {
                from: from.unwrap_or(Date::MIN),
                until: dated.opt("until").and_then(|item| item.date()),
                published: dated.opt("published").and_then(|item| item.date()),
                source: dated.refer(To::Source, "source"),
                confidence: confidence(&dated),
                note: dated.opt_text("note"),
                follows: dated.opt_expression("follows"),
                differs: dated.opt_text("differs"),
                given: true,
                value: ParameterValue::One(Literal::Int(0)),
            };
            let entry = with_value(entry, &dated, at.is_empty(), (&unit, &keys, up_to), minor_units);
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
        if at.is_empty() && is.is_none() {
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
            keys,
            up_to,
            says,
            is,
            begins,
            at,
            place: table.place(),
        });
    }
    root.finish();
}

fn confidence(table: &Table<'_>) -> Confidence {
    table
        .choice("confidence", &CONFIDENCES, None)
        .unwrap_or(Confidence::Default)
}

/// The types of a table's keys: one, or a list of up to three.
fn keys(table: &Table<'_>) -> Vec<Type> {
    let Some(item) = table.opt("key") else {
        return Vec::new();
    };
    let items = match item.value.get_ref().as_array() {
        Some(_) => item.array().unwrap_or_default(),
        None => vec![item],
    };
    if items.is_empty() || items.len() > MOST_KEYS {
        item.wrong(format!("a table has one to {MOST_KEYS} keys"));
    }
    let types = items.iter().filter_map(|item| {
        let ty = type_of(item)?;
        if matches!(ty, Type::Bool | Type::Person | Type::List(_)) {
            item.wrong("a key of a table is int, decimal, money, date, text or a code");
        }
        Some(ty)
    });
    types.take(MOST_KEYS).collect()
}

/// A dated value with what stands in the pack: needed where nothing says how it follows.
fn with_value(
    mut entry: ParameterAt,
    dated: &Table<'_>,
    first: bool,
    (unit, keys, up_to): (&Type, &[Type], bool),
    minor_units: u8,
) -> ParameterAt {
    let there = dated
        .opt(if keys.is_empty() { "value" } else { "rows" })
        .is_some();
    if let (Some(_), true) = (&entry.follows, first) {
        dated.wrong("the first value follows from nothing before it: write it down");
    }
    if entry.differs.is_some() && (entry.follows.is_none() || !there) {
        dated.wrong("`differs` says why a published value is another than the one that follows");
    }
    entry.given = there || entry.follows.is_none() || first;
    if entry.given {
        entry.value = parameter_value(dated, unit, keys, up_to, minor_units);
    }
    entry
}

/// So many rows a table has: more than a country has municipalities.
const MOST_ROWS: usize = 10_000;

fn parameter_value(
    dated: &Table<'_>,
    unit: &Type,
    keys: &[Type],
    up_to: bool,
    minor_units: u8,
) -> ParameterValue {
    if keys.is_empty() {
        let value = dated
            .need("value")
            .and_then(|item| literal(&item, unit, minor_units));
        return ParameterValue::One(value.unwrap_or(Literal::Int(0)));
    }
    let mut rows: Vec<(Vec<Option<Literal>>, Literal)> = Vec::new();
    let items = dated
        .need("rows")
        .and_then(|item| item.array())
        .unwrap_or_default();
    if items.len() > MOST_ROWS {
        dated.wrong(format!("a table has at most {MOST_ROWS} rows"));
    }
    if items.is_empty() {
        dated.wrong("a table needs rows: [[1, \"89.84\"], …]");
    }
    for item in items.into_iter().take(MOST_ROWS) {
        let cells = item.array().unwrap_or_default();
        let Some((value, own)) = cells.split_last().filter(|(_, own)| own.len() == keys.len()) else {
            item.wrong(match keys.len() {
                1 => "a row is a key and a value: [1, \"89.84\"]".to_owned(),
                many => format!("a row is {many} keys and a value"),
            });
            continue;
        };
        let mut found = Vec::new();
        for (cell, key) in own.iter().zip(keys) {
            let every_other =
                matches!(key, Type::Text | Type::Code(_)) && cell.value.get_ref().as_str() == Some("*");
            found.push(if every_other {
                Some(None)
            } else {
                literal(cell, key, minor_units).map(Some)
            });
        }
        let found: Option<Vec<Option<Literal>>> = found.into_iter().collect();
        let (Some(found), Some(value)) = (found, literal(value, unit, minor_units)) else {
            continue;
        };
        let first = own.first().unwrap_or(&item);
        if let (Some((before, _)), [Some(Literal::Int(now))], false) = (rows.last(), found.as_slice(), up_to)
            && let [Some(Literal::Int(before))] = before.as_slice()
            && before >= now
        {
            first.wrong("the keys of a table ascend, each once");
        } else if rows.iter().any(|(key, _)| *key == found) {
            first.wrong("this key is already in the table");
        }
        rows.push((found, value));
    }
    ParameterValue::Table(rows)
}

/// Names shared by the rules of several benefits: `rules/*.toml`.
pub(super) fn shared(file: File<'_>, found: &mut Vec<Let>) {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    for one in super::load_benefit::lets(&root) {
        let elsewhere = |other: &&Let| other.name == one.name && other.place.file != one.place.file;
        if let Some(first) = found.iter().find(elsewhere) {
            file.wrong(
                one.place.offset,
                format!("`{}` is named twice, also in {}", one.name, first.place.file),
            );
        }
        found.push(one);
    }
    root.finish();
}
