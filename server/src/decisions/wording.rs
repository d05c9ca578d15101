//! What officers write into a decision in their own words. Pure.

use crate::problem::Error;
use karton_api::{
    amendments::Correction,
    applications::{AmountSet, Part, Without},
    problem::FieldError,
};
use serde_json::Value;

/// The longest paragraph of an officer, in characters.
pub(super) const LONGEST: usize = 1500;

/// Whether a character has no place in a letter: control characters but the line break, and those that turn the direction of text or hide in it.
fn unprintable(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// A text of an officer that is printed: trimmed, within its length, without characters that no letter takes.
fn text(given: &str, pointer: &str, least: usize, most: usize) -> Result<String, Error> {
    let given = given.trim();
    if given.chars().any(unprintable) {
        return Err(Error::field(
            pointer,
            "control",
            "Only plain text: a character here cannot be printed.",
        ));
    }
    if !(least..=most).contains(&given.chars().count()) {
        return Err(Error::field(
            pointer,
            "length",
            format!("{least} to {most} characters are taken here."),
        ));
    }
    Ok(given.to_owned())
}

/// A paragraph of the reasoning; nothing where only blanks were typed.
pub(super) fn paragraph(given: Option<&str>, pointer: &str) -> Result<Option<String>, Error> {
    match given.map(str::trim) {
        None | Some("") => Ok(None),
        Some(given) => text(given, pointer, 1, LONGEST).map(Some),
    }
}

/// The parts that are refused, each with its reason.
pub(super) fn without(given: &[Without]) -> Result<Vec<Without>, Error> {
    if given.len() > 20 {
        return Err(Error::field(
            "/without",
            "too-many",
            "At most 20 parts are refused.",
        ));
    }
    let mut taken: Vec<Without> = Vec::new();
    for (place, one) in given.iter().enumerate() {
        let part = match &one.part {
            Part::Component(what) => {
                Part::Component(text(what, &format!("/without/{place}/part/component"), 3, 200)?)
            }
            other => other.clone(),
        };
        let same = |other: &Without| {
            other.part == part
                || matches!(
                    (&other.part, &part),
                    (Part::Before(_), Part::Before(_)) | (Part::After(_), Part::After(_))
                )
        };
        if taken.iter().any(same) {
            return Err(Error::field(
                format!("/without/{place}/part"),
                "twice",
                "This part is refused twice.",
            ));
        }
        taken.push(Without {
            part,
            reason: text(&one.reason, &format!("/without/{place}/reason"), 3, 2000)?,
        });
    }
    Ok(taken)
}

/// An amount that an officer set, with its reason.
pub(super) fn amount(given: Option<&AmountSet>) -> Result<Option<AmountSet>, Error> {
    let Some(given) = given else { return Ok(None) };
    if given.money.minor <= 0 {
        return Err(Error::field("/amount/money", "range", "More than nothing."));
    }
    Ok(Some(AmountSet {
        money: given.money,
        reason: text(&given.reason, "/amount/reason", 3, 2000)?,
    }))
}

/// All texts among a letter's values.
fn texts<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(members) => members.values().for_each(|item| texts(item, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Corrections of a decision's letter, by the values it was made of: what is corrected must stand there word for word, and be none of what was
/// decided (outcome, amount, days, sum): that takes an annulment or another decision.
pub(super) fn corrections(given: &[Correction], values: &Value) -> Result<Vec<Correction>, Error> {
    if !(1..=20).contains(&given.len()) {
        return Err(Error::field(
            "/says/corrections",
            "length",
            "Say what is corrected: 1 to 20 places.",
        ));
    }
    let mut there = Vec::new();
    texts(values, &mut there);
    let mut decided = Vec::new();
    for name in [
        "amount",
        "period",
        "calculation",
        "number",
        "date",
        "refused",
        "discretion",
    ] {
        texts(&values[name], &mut decided);
    }
    let mut taken = Vec::new();
    let mut errors = Vec::new();
    for (place, one) in given.iter().enumerate() {
        let at = |member: &str| format!("/says/corrections/{place}/{member}");
        let was = text(&one.was, &at("was"), 1, 500)?;
        let is = text(&one.is, &at("is"), 1, 500)?;
        let mut wrong = |member: &str, code: &str, message: &str| {
            errors.push(FieldError {
                pointer: at(member),
                code: code.to_owned(),
                message: message.to_owned(),
            });
        };
        let touches = |value: &str| {
            let content = value.chars().any(|c| c.is_ascii_digit());
            content && (was.contains(value) || is.contains(value) && !was.contains(value))
                || content && was.chars().any(|c| c.is_ascii_digit()) && value.contains(&was)
        };
        if was == is {
            wrong("is", "same", "This is what stands there already.");
        } else if decided.iter().any(|value| touches(value)) {
            wrong(
                "was",
                "not-clerical",
                "This was decided: it is changed by annulling, or by another decision.",
            );
        } else if !there.iter().any(|value| value.contains(&was)) {
            wrong("was", "not-there", "The letter does not say this.");
        }
        taken.push(Correction { was, is });
    }
    if errors.is_empty() {
        Ok(taken)
    } else {
        Err(Error::Invalid(errors))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code<T>(result: Result<T, Error>) -> String {
        match result {
            Ok(_) => "ok".into(),
            Err(Error::Invalid(fields)) => format!("{} {}", fields[0].pointer, fields[0].code),
            Err(other) => other.to_string(),
        }
    }

    #[test]
    fn a_paragraph_is_plain_and_bounded() {
        let said = |text: &str| code(paragraph(Some(text), "/paragraph"));
        assert_eq!(said("The family was visited.\nThe roof leaks."), "ok");
        assert_eq!(paragraph(Some("  \n "), "/paragraph").unwrap(), None);
        assert_eq!(said(&"a".repeat(LONGEST)), "ok");
        assert_eq!(said(&"a".repeat(LONGEST + 1)), "/paragraph length");
        for hidden in [
            "a\u{1b}[2Jb",
            "a\u{202e}b",
            "a\tb",
            "a\u{200b}b",
            "a\u{feff}b",
            "a\rb",
        ] {
            assert_eq!(said(hidden), "/paragraph control", "{hidden:?}");
        }
    }

    #[test]
    fn a_correction_says_what_stands_there_and_nothing_that_was_decided() {
        let values = json!({
            "applicant": { "name": "Marija Kova\u{10d}evi\u{10d}", "address": "Ulica 12, Bar" },
            "amount": "130,45 €", "period": { "starts": "10. mart 2025." }, "number": "CSR-01-R-2025/9",
            "calculation": [{ "label": "Osnov", "value": "130,45 €" }],
        });
        let one = |was: &str, is: &str| {
            let given = [Correction {
                was: was.into(),
                is: is.into(),
            }];
            code(corrections(&given, &values))
        };
        assert_eq!(one("Kova\u{10d}evi\u{10d}", "Kova\u{10d}evi\u{107}"), "ok");
        assert_eq!(one("Ulica 12", "Ulica 21"), "ok");
        assert_eq!(one("Petar", "Pavle"), "/says/corrections/0/was not-there");
        assert_eq!(one("Bar", "Bar"), "/says/corrections/0/is same");
        for decided in ["130,45 €", "130", "10. mart 2025.", "CSR-01-R-2025/9"] {
            assert_eq!(
                one(decided, "something else"),
                "/says/corrections/0/was not-clerical",
                "{decided}"
            );
        }
        assert_eq!(code(corrections(&[], &values)), "/says/corrections length");
    }

    #[test]
    fn a_part_is_refused_once_and_with_a_reason() {
        let part = |part: Part, reason: &str| Without {
            part,
            reason: reason.into(),
        };
        let day = jiff::civil::date(2025, 4, 1);
        assert_eq!(code(without(&[part(Part::Before(day), "lodged late")])), "ok");
        assert_eq!(
            code(without(&[part(Part::Before(day), "x")])),
            "/without/0/reason length"
        );
        let twice = [
            part(Part::Before(day), "lodged late"),
            part(Part::Before(day.tomorrow().unwrap()), "lodged late"),
        ];
        assert_eq!(code(without(&twice)), "/without/1/part twice");
    }
}
