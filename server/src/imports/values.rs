//! Values as people write them in tables. Pure.

use jiff::civil::Date;

/// Why a value cannot be taken: a stable code, and what to do, for people.
pub(super) type Refused = (&'static str, &'static str);

/// A day: `2024-03-05`, `5.3.2024.`, `05.03.2024`, `5/3/2024` (the day first). A year has four digits.
pub(super) fn date(text: &str) -> Result<Date, Refused> {
    let wrong = (
        "date",
        "write a day as 5.3.2024 or 2024-03-05, with four digits for the year",
    );
    let text = text.trim().trim_end_matches('.');
    // A spreadsheet's midnight.
    let text = text
        .strip_suffix("T00:00:00")
        .or(text.strip_suffix(" 00:00:00"))
        .unwrap_or(text);
    let parts: Vec<&str> = text.split(['.', '/', '-']).map(str::trim).collect();
    let [a, b, c] = parts.as_slice() else {
        return Err(wrong);
    };
    let (year, month, day) = if a.len() == 4 && text.contains('-') {
        (a, b, c)
    } else {
        (c, b, a)
    };
    let digits = |text: &str, most: usize| -> Option<i16> {
        let plain = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    if year.len() != 4 {
        return Err(wrong);
    }
    let read = || {
        let year = digits(year, 4)?;
        let month = i8::try_from(digits(month, 2)?).ok()?;
        let day = i8::try_from(digits(day, 2)?).ok()?;
        Date::new(year, month, day).ok()
    };
    read().ok_or(("date", "there is no such day in the calendar"))
}

/// An amount in minor units of a currency with `digits` of them: `152,88`, `152.88`, `1.234,56`, `1 234,56`, `152`. What could be read in
/// two ways (`1.234`) is refused.
pub(super) fn amount(text: &str, digits: u32) -> Result<i64, Refused> {
    let wrong = (
        "amount",
        "write an amount as 152,88 or 152.88, without a currency and without rounding",
    );
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
        .collect();
    let most = digits as usize;
    let last = text.rfind(['.', ',']);
    let (whole, fraction) = match last {
        None => (text.as_str(), ""),
        Some(at) => {
            let (whole, fraction) = (&text[..at], &text[at + 1..]);
            let separator = &text[at..=at];
            let repeated = whole.contains(separator);
            let other = whole.contains(['.', ',']) && !repeated;
            match fraction.len() {
                // Groups of thousands, more than one of them: nothing after the last is a fraction.
                3 if repeated && most != 3 => (text.as_str(), ""),
                3 if !other && most != 3 => {
                    return Err((
                        "ambiguous",
                        "this could be read in two ways: write thousands without a sign between them",
                    ));
                }
                length if length <= most && length > 0 && !repeated => (whole, fraction),
                _ => return Err(wrong),
            }
        }
    };
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let grouped = groups.len() > 1;
    let sound = groups.iter().enumerate().all(|(place, group)| {
        let length = group.len();
        let fits = match (grouped, place) {
            (false, _) => (1..=12).contains(&length),
            (true, 0) => (1..=3).contains(&length),
            (true, _) => length == 3,
        };
        fits && group.bytes().all(|b| b.is_ascii_digit())
    });
    if !sound || groups.len() > 4 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong);
    }
    let mut number = groups.concat();
    number.push_str(fraction);
    for _ in fraction.len()..most {
        number.push('0');
    }
    number.parse().map_err(|_| wrong)
}

/// Whether a cell would be worked out by a spreadsheet program instead of being what it says.
pub(super) fn is_formula(text: &str) -> bool {
    let text = text.trim_start();
    match text.chars().next() {
        Some('=' | '@') => true,
        Some('+' | '-') => !text[1..]
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '/' | '(' | ')' | '-')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_forms_people_write_and_no_other() {
        let day = |text| date(text).map(|day| day.to_string()).map_err(|(code, _)| code);
        for text in [
            "2024-03-05",
            "5.3.2024.",
            "05.03.2024",
            "5. 3. 2024.",
            "5/3/2024",
            "2024-03-05T00:00:00",
        ] {
            assert_eq!(day(text).as_deref(), Ok("2024-03-05"), "{text}");
        }
        for text in [
            "5.3.24",
            "2024-13-01",
            "31.2.2024",
            "45356",
            "",
            "5.3",
            "3.2024.5",
            "٥.٣.٢٠٢٤",
            "1.1.2024.1",
        ] {
            assert_eq!(day(text), Err("date"), "{text}");
        }
    }

    #[test]
    fn amounts_keep_their_decimal_comma_and_doubtful_ones_are_refused() {
        for (text, minor) in [
            ("152,88", 15_288),
            ("152.88", 15_288),
            ("152,8", 15_280),
            ("152", 15_200),
            ("1.234,56", 123_456),
            ("1,234.56", 123_456),
            ("1 234,56", 123_456),
            ("1.234.567", 123_456_700),
            ("1.234.567,89", 123_456_789),
            ("0,05", 5),
        ] {
            assert_eq!(amount(text, 2), Ok(minor), "{text}");
        }
        for text in [
            "",
            ",",
            "1,2,3",
            "12.34.56",
            "1.2345",
            "-5",
            "5 €",
            "1e3",
            "1,234,5",
            "12,",
            "9999999999999",
        ] {
            assert_eq!(amount(text, 2).map_err(|(code, _)| code), Err("amount"), "{text}");
        }
        assert_eq!(amount("1.234", 2).map_err(|(code, _)| code), Err("ambiguous"));
        assert_eq!(amount("1,234", 2).map_err(|(code, _)| code), Err("ambiguous"));
    }

    #[test]
    fn formulas_are_told_from_telephone_numbers() {
        for text in ["=1+1", "@SUM(A1)", "+cmd", "-A1", " =HYPERLINK(\"x\")"] {
            assert!(is_formula(text), "{text}");
        }
        for text in ["+382 20 123 456", "-12,50", "Ana-Marija", "(020) 1", ""] {
            assert!(!is_formula(text), "{text}");
        }
    }
}
