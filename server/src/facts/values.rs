//! Whether a value fits the dictionary. Pure; used wherever values come in: drafts, records, registers' answers.

use crate::persons::known_code;
use karton_api::{
    Date, FactValue, Id, Money,
    problem::FieldError,
    value::{Person, Record},
};
use karton_rules::{
    lang::Type,
    pack::{FactDef, Pack},
};

/// The longest text kept, in characters.
pub const LONGEST_TEXT: usize = 2000;
/// The most rows of a list.
pub const MOST_ROWS: usize = 500;
/// The largest amount, in minor units either way: a thousand million in a currency with cents.
pub const LARGEST_AMOUNT: i64 = 100_000_000_000;
/// Days outside of these years are mistakes of typing.
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2150;

/// Checks a value against its definition; the pointers of mistakes begin with `pointer`.
pub fn check(pack: &Pack, def: &FactDef, value: &FactValue, pointer: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    fits(pack, &def.ty, value, pointer, &mut errors);
    below_zero(def, value, pointer, &mut errors);
    if let (Some(check), FactValue::Text(text)) = (def.check, value)
        && let Err(message) = check.passes(text)
    {
        errors.push(FieldError {
            pointer: pointer.to_owned(),
            code: "check-digits".into(),
            message,
        });
    }
    errors
}

/// Checks what somebody typed, a form's answer or an officer's record: as `check` does, and no text that turns the direction of writing, which
/// comes along with what is pasted and would turn a letter. Registers are taken at their word, and shown with such characters made visible.
pub fn check_typed(pack: &Pack, def: &FactDef, value: &FactValue, pointer: &str) -> Vec<FieldError> {
    let mut errors = check(pack, def, value, pointer);
    turned(value, pointer, &mut errors);
    errors
}

fn turned(value: &FactValue, pointer: &str, errors: &mut Vec<FieldError>) {
    let turns = |c: char| {
        (c.is_control() && !matches!(c, '\0' | '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    match value {
        FactValue::Text(text) if text.chars().any(turns) => errors.push(FieldError {
            pointer: pointer.to_owned(),
            code: "control".into(),
            message: "a character here cannot be printed".into(),
        }),
        FactValue::Rows(rows) => {
            for (place, row) in rows.iter().enumerate() {
                for (column, cell) in row {
                    turned(cell, &format!("{pointer}/{place}/{column}"), errors);
                }
            }
        }
        _ => {}
    }
}

/// A sum of less than nothing would raise what an income lowers.
fn below_zero(def: &FactDef, value: &FactValue, pointer: &str, errors: &mut Vec<FieldError>) {
    let mut look = |name: &str, value: &FactValue, pointer: String| {
        let below = match value {
            FactValue::Int(number) => *number < 0,
            FactValue::Money(money) => money.minor < 0,
            FactValue::Decimal(text) => text.starts_with('-'),
            _ => false,
        };
        if below && !def.signed.iter().any(|signed| signed == name) {
            errors.push(FieldError {
                pointer,
                code: "below-zero".into(),
                message: "this cannot be less than zero".into(),
            });
        }
    };
    if let FactValue::Rows(rows) = value {
        for (place, (column, cell)) in
            (rows.iter().enumerate()).flat_map(|(place, row)| row.iter().map(move |cell| (place, cell)))
        {
            look(column, cell, format!("{pointer}/{place}/{column}"));
        }
    } else {
        look(&def.name, value, pointer.to_owned());
    }
}

fn fits(pack: &Pack, ty: &Type, value: &FactValue, pointer: &str, errors: &mut Vec<FieldError>) {
    let mut wrong = |code: &str, message: String| {
        errors.push(FieldError {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            message,
        });
    };
    match (ty, value) {
        (Type::Bool, FactValue::Bool(_)) | (Type::Person, FactValue::Person(_)) => {}
        (Type::Int, FactValue::Int(number)) => {
            if number.unsigned_abs() > 1_000_000_000 {
                wrong("range", "this number is too large".into());
            }
        }
        (Type::Decimal, FactValue::Decimal(text)) => {
            if !is_decimal(text) {
                wrong(
                    "decimal",
                    "write a number with a point, at most 12 digits before and 6 after it".into(),
                );
            }
        }
        (Type::Money(_), FactValue::Money(money)) => amount(pack, *money, &mut wrong),
        (Type::Date, FactValue::Date(day)) => {
            if !plausible(*day) {
                wrong(
                    "range",
                    format!("the year must lie between {} and {}", YEARS.start(), YEARS.end()),
                );
            }
        }
        (Type::Text, FactValue::Text(text)) => {
            if text.chars().count() > LONGEST_TEXT {
                wrong(
                    "too-long",
                    format!("at most {LONGEST_TEXT} characters are kept here"),
                );
            }
            if text.contains('\0') {
                wrong("nul", "this text holds a NUL character".into());
            }
        }
        (Type::Code(list), FactValue::Code(code)) => {
            if !known_code(pack, list, code) {
                wrong("unknown", format!("this is no code of the list `{list}`"));
            }
        }
        (Type::List(element), FactValue::Rows(rows)) => {
            if rows.len() > MOST_ROWS {
                wrong("too-many", format!("at most {MOST_ROWS} rows are kept here"));
                return;
            }
            if let Type::Row(row) = element.as_ref() {
                for (place, record) in rows.iter().enumerate() {
                    record_fits(pack, &row.columns, record, &format!("{pointer}/{place}"), errors);
                }
            }
        }
        _ => wrong("type", format!("this takes {}", wanted(ty))),
    }
}

fn record_fits(
    pack: &Pack,
    columns: &[(String, Type)],
    record: &Record,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) {
    for (name, value) in record {
        match columns.iter().find(|(column, _)| column == name) {
            Some((_, ty)) => fits(pack, ty, value, &format!("{pointer}/{name}"), errors),
            None => errors.push(FieldError {
                pointer: format!("{pointer}/{name}"),
                code: "unknown".into(),
                message: "the dictionary has no such column".into(),
            }),
        }
    }
}

fn amount(pack: &Pack, money: Money, wrong: &mut impl FnMut(&str, String)) {
    if money.currency != pack.country.currency {
        wrong("currency", format!("amounts are in {}", pack.country.currency));
    }
    if money.minor.unsigned_abs() > LARGEST_AMOUNT.unsigned_abs() {
        wrong("range", "this amount is too large".into());
    }
}

/// The people a value names, each with its pointer, which begins with `pointer`.
pub fn people(value: &FactValue, pointer: &str) -> Vec<(String, Id<Person>)> {
    match value {
        FactValue::Person(id) => vec![(pointer.to_owned(), *id)],
        FactValue::Rows(rows) => {
            let cells = rows
                .iter()
                .enumerate()
                .flat_map(|(place, row)| row.iter().map(move |cell| (place, cell)));
            cells
                .filter_map(|(place, (column, cell))| match cell {
                    FactValue::Person(id) => Some((format!("{pointer}/{place}/{column}"), *id)),
                    _ => None,
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A day that somebody may have meant.
pub fn plausible(day: Date) -> bool {
    YEARS.contains(&day.year())
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    all(whole, 12) && all(part, 6)
}

fn wanted(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "yes or no",
        Type::Int => "a whole number",
        Type::Decimal => "a decimal number",
        Type::Money(_) => "an amount of money",
        Type::Date => "a day",
        Type::Text => "text",
        Type::Code(_) => "a code",
        Type::Person => "a person",
        _ => "rows",
    }
}
