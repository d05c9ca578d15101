//! Days as clerks type them: `t`, `+3`, `-1m`, `po`, `1506`, `150690`, `31-12`, `31.12.2024.`, `2024-12-31`.

use crate::i18n::{Lang, Say};
use jiff::{Span, ToSpan, civil::Date};

/// Reads what was typed. `past` says that the day cannot lie ahead, so that a day without a year means the last one.
pub fn parse(text: &str, today: Date, lang: Lang, past: bool) -> Result<Date, Say> {
    let typed = text.trim().trim_end_matches('.').to_lowercase();
    let not_a_day = || Say::key("error-date");
    if matches!(typed.as_str(), "t" | "d" | "danas" | "today" | "т" | "д") {
        return Ok(today);
    }
    if let Some(rest) = typed.strip_prefix('+') {
        return shift(today, rest, 1).ok_or_else(not_a_day);
    }
    if let Some(rest) = typed.strip_prefix('-') {
        return shift(today, rest, -1).ok_or_else(not_a_day);
    }
    if typed.chars().all(char::is_alphabetic) {
        return weekday(&typed, today, lang, past).ok_or_else(not_a_day);
    }
    let parts: Vec<&str> = typed
        .split(['.', '-', '/', ' '])
        .filter(|p| !p.is_empty())
        .collect();
    if !parts.iter().all(|p| p.chars().all(|c| c.is_ascii_digit())) {
        return Err(not_a_day());
    }
    let (day, month, year) = match parts[..] {
        [digits] => match digits.len() {
            1 | 2 => (digits, "", ""),
            3 | 4 => (&digits[..2], &digits[2..], ""),
            6 | 8 => (&digits[..2], &digits[2..4], &digits[4..]),
            _ => return Err(not_a_day()),
        },
        [day, month] => (day, month, ""),
        [year, month, day] if year.len() == 4 => (day, month, year),
        [day, month, year] => (day, month, year),
        _ => return Err(not_a_day()),
    };
    let number = |t: &str| t.parse::<i16>().map_err(|_| not_a_day());
    let day = i8::try_from(number(day)?).map_err(|_| not_a_day())?;
    let month = if month.is_empty() {
        today.month()
    } else {
        i8::try_from(number(month)?).map_err(|_| not_a_day())?
    };
    let make = |year: i16| Date::new(year, month, day).map_err(|_| Say::key("error-no-such-day"));
    match year.len() {
        0 => {
            let this = make(today.year());
            match this {
                Ok(date) if past && date > today => make(today.year() - 1),
                Err(_) if past => make(today.year() - 1),
                other => other,
            }
        }
        // Two digits mean the nearest such year that is not far ahead: nobody is registered a century early.
        2 => {
            let short = number(year)?;
            let ahead = if past { 0 } else { 10 };
            let this = make(2000 + short);
            match this {
                Ok(date) if date.year() > today.year() + ahead || (past && date > today) => {
                    make(1900 + short)
                }
                Err(_) => make(1900 + short),
                other => other,
            }
        }
        4 => {
            let year = number(year)?;
            if !(1850..=2200).contains(&year) {
                return Err(Say::key("error-year"));
            }
            make(year)
        }
        _ => Err(not_a_day()),
    }
}

/// The day as it is shown: `15.06.1990`.
pub fn show(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

fn shift(today: Date, rest: &str, sign: i64) -> Option<Date> {
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let unit = &rest[digits.len()..];
    let n = digits.parse::<i64>().ok()?.checked_mul(sign)?;
    let span = match unit {
        "" | "d" | "д" => Span::new().try_days(n),
        "n" | "s" | "w" | "н" => Span::new().try_weeks(n),
        "m" | "м" => Span::new().try_months(n),
        "g" | "y" | "г" => Span::new().try_years(n),
        _ => return None,
    };
    today
        .checked_add(span.ok()?)
        .ok()
        .filter(|d| (1850..=2200).contains(&d.year()))
}

/// The nearest such weekday: back from today where the day must be past, ahead otherwise; today itself counts.
fn weekday(typed: &str, today: Date, lang: Lang, past: bool) -> Option<Date> {
    let plain = |t: &str| t.replace('č', "c");
    let names = lang.weekdays();
    let own = names.iter().position(|n| plain(typed).starts_with(&plain(n)));
    // `ma` is what people who come from other systems type for Monday; it is nobody's own here.
    let index = own.or((typed == "ma").then_some(0))?;
    let now = usize::try_from(today.weekday().to_monday_zero_offset()).ok()?;
    let days = if past {
        -i64::try_from((now + 7 - index) % 7).ok()?
    } else {
        i64::try_from((index + 7 - now) % 7).ok()?
    };
    today.checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_read_as_clerks_type_them() {
        let today = date(2025, 3, 10); // a Monday
        let read = |t: &str| parse(t, today, Lang::CNR, false).unwrap();
        assert_eq!(read("t"), today);
        assert_eq!(read("+3"), date(2025, 3, 13));
        assert_eq!(read("-1m"), date(2025, 2, 10));
        assert_eq!(read("+2n"), date(2025, 3, 24));
        assert_eq!(read("-1g"), date(2024, 3, 10));
        assert_eq!(read("ma"), today);
        assert_eq!(read("sr"), date(2025, 3, 12));
        assert_eq!(read("če"), date(2025, 3, 13));
        assert_eq!(read("ce"), date(2025, 3, 13));
        assert_eq!(read("1506"), date(2025, 6, 15));
        assert_eq!(read("150690"), date(1990, 6, 15));
        assert_eq!(read("15061990"), date(1990, 6, 15));
        assert_eq!(read("31-12"), date(2025, 12, 31));
        assert_eq!(read("31.12.2024."), date(2024, 12, 31));
        assert_eq!(read("2024-12-31"), date(2024, 12, 31));
        assert_eq!(read("5"), date(2025, 3, 5));
    }

    #[test]
    fn a_past_day_is_the_last_such_day() {
        let today = date(2025, 3, 10);
        let read = |t: &str| parse(t, today, Lang::EN, true).unwrap();
        assert_eq!(read("1506"), date(2024, 6, 15));
        assert_eq!(read("we"), date(2025, 3, 5));
        assert_eq!(read("150626"), date(1926, 6, 15));
        assert_eq!(read("100325"), today);
    }

    #[test]
    fn what_is_no_day_is_said_to_be_none() {
        let today = date(2025, 3, 10);
        for text in [
            "31.02",
            "3113",
            "0",
            "x",
            "12345",
            "+",
            "15.06.0000",
            "15.06.9999",
            "+9999999999999999999",
        ] {
            assert!(parse(text, today, Lang::CNR, false).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_read_again(days in 0i64..90_000) {
            let day = date(1900, 1, 1).checked_add(days.days()).unwrap();
            proptest::prop_assert_eq!(parse(&show(day), date(2025, 3, 10), Lang::CNR, false), Ok(day));
        }
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,12}", past: bool) {
            let _ = parse(&text, date(2025, 3, 10), Lang::CNR, past);
        }
    }
}
