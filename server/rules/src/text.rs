//! Values as people of a language write them, and sentences with their values filled in.

use crate::lang::Ratio;
use karton_api::{Date, Money};

/// How a language writes numbers and days.
struct Habit {
    decimal: char,
    thousands: char,
    yes: &'static str,
    no: &'static str,
}

fn habit(language: &str) -> Habit {
    let (decimal, thousands, yes, no) = match language {
        "en" => ('.', ',', "yes", "no"),
        "ro" => (',', '.', "da", "nu"),
        "uk" => (',', '\u{a0}', "так", "ні"),
        _ => (',', '.', "da", "ne"),
    };
    Habit {
        decimal,
        thousands,
        yes,
        no,
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A day: `21.11.2026.` in Montenegrin, `21 Nov 2026` in English.
pub fn date(day: Date, language: &str) -> String {
    let month = usize::try_from(day.month())
        .ok()
        .and_then(|m| MONTHS.get(m.checked_sub(1)?))
        .copied()
        .unwrap_or("");
    match language {
        "en" => format!("{} {month} {}", day.day(), day.year()),
        "cnr" => format!("{}.{}.{}.", day.day(), day.month(), day.year()),
        _ => format!("{:02}.{:02}.{}", day.day(), day.month(), day.year()),
    }
}

/// A whole number; from five digits on its thousands stand apart, so that a year stays a year.
pub fn int(n: i64, language: &str) -> String {
    if n.unsigned_abs() < 10_000 {
        n.to_string()
    } else {
        grouped(n, language)
    }
}

fn grouped(n: i64, language: &str) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(habit(language).thousands);
        }
        text.push(digit);
    }
    if n < 0 { format!("-{text}") } else { text }
}

/// An amount without its currency: `1.234,56`.
pub fn minor(minor: i64, minor_units: u8, language: &str) -> String {
    let power = 10_u64.pow(u32::from(minor_units.min(4)));
    let (whole, rest) = (minor.unsigned_abs() / power, minor.unsigned_abs() % power);
    let sign = if minor < 0 { "-" } else { "" };
    let whole = grouped(i64::try_from(whole).unwrap_or(i64::MAX), language);
    if minor_units == 0 {
        return format!("{sign}{whole}");
    }
    format!(
        "{sign}{whole}{}{rest:0width$}",
        habit(language).decimal,
        width = usize::from(minor_units)
    )
}

/// The sign of a currency.
pub fn currency(code: &str, language: &str) -> String {
    match (code, language) {
        ("EUR", _) => "€".to_owned(),
        ("RON", "ro") => "lei".to_owned(),
        ("UAH", "uk") => "грн".to_owned(),
        _ => code.to_owned(),
    }
}

/// An amount: `1.234,56 €` in Montenegrin, `1,234.56 €` in English.
pub fn money(money: Money, minor_units: u8, language: &str) -> String {
    let sign = currency(money.currency.code(), language);
    format!("{}\u{a0}{sign}", minor(money.minor, minor_units, language))
}

/// An exact number; one that never ends is cut off after six decimals, with `…`.
pub fn decimal(value: Ratio, language: &str) -> String {
    value.write(6, habit(language).decimal)
}

/// Yes or no.
pub fn bool(value: bool, language: &str) -> &'static str {
    if value {
        habit(language).yes
    } else {
        habit(language).no
    }
}

/// What stands for a value that nobody knows.
pub const UNKNOWN: &str = "?";

/// The names in `{…}` of a sentence.
pub fn names(sentence: &str) -> impl Iterator<Item = &str> {
    sentence
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
}

/// A sentence with its `{names}` filled in. A name that has no value stays as it is.
pub fn fill(sentence: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut parts = sentence.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part
            .split_once('}')
            .and_then(|(name, rest)| Some((value(name)?, rest)))
        {
            Some((value, rest)) => {
                text.push_str(&value);
                text.push_str(rest);
            }
            None => {
                text.push('{');
                text.push_str(part);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use karton_api::Currency;

    #[test]
    fn amounts_and_days_read_as_in_their_language() {
        let amount = Money::new(123_456, Currency::EUR);
        assert_eq!(money(amount, 2, "cnr"), "1.234,56\u{a0}€");
        assert_eq!(money(amount, 2, "en"), "1,234.56\u{a0}€");
        assert_eq!(money(Money::new(-5, Currency::EUR), 2, "en"), "-0.05\u{a0}€");
        let day = Date::constant(2026, 11, 21);
        assert_eq!(date(day, "cnr"), "21.11.2026.");
        assert_eq!(date(day, "en"), "21 Nov 2026");
        assert_eq!(int(-1_234_567, "en"), "-1,234,567");
        assert_eq!(int(123, "cnr"), "123");
        assert_eq!(minor(i64::MIN, 2, "en"), "-92,233,720,368,547,758.08");
        assert_eq!(decimal("0.345".parse().unwrap(), "cnr"), "0,345");
    }

    #[test]
    fn a_sentence_is_filled_in_and_nothing_else_changes() {
        let value = |name: &str| (name == "a").then(|| "1".to_owned());
        assert_eq!(fill("x {a} y {b} { z", value), "x 1 y {b} { z");
        assert_eq!(names("x {a} y {b} { z").collect::<Vec<_>>(), ["a", "b"]);
    }
}
