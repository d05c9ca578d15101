//! National numbers of fictional people: valid by construction, of a region that is given to nobody.

use super::model::Sex;
use karton_api::Date;
use std::collections::{HashMap, HashSet};

/// A JMBG (`DDMMGGGRRBBBK`), or nothing where this serial is not given out (its check digit would be 10) or is not
/// one of the sex: 0–499 male, 500–999 female.
pub fn jmbg(birth: Date, sex: Sex, region: u8, serial: u16) -> Option<String> {
    let of_sex = match sex {
        Sex::Male => 0..500,
        Sex::Female => 500..1000,
    };
    if region > 99 || !of_sex.contains(&serial) {
        return None;
    }
    let body = format!(
        "{:02}{:02}{:03}{region:02}{serial:03}",
        birth.day(),
        birth.month(),
        birth.year().rem_euclid(1000)
    );
    Some(format!("{body}{}", check_digit(&body)?))
}

/// The 13th digit for the first twelve, or nothing where the number may not be given out.
fn check_digit(body: &str) -> Option<u32> {
    let digits: Vec<u32> = body.chars().map_while(|c| c.to_digit(10)).collect();
    if digits.len() != 12 {
        return None;
    }
    let sum: u32 = digits
        .iter()
        .zip([7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
        .map(|(digit, weight)| digit * weight)
        .sum();
    match 11 - sum % 11 {
        10 => None,
        11 => Some(0),
        digit => Some(digit),
    }
}

/// Whether the text is a JMBG: thirteen digits, a day of the calendar, the right check digit.
pub fn is_jmbg(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 13 || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |from: usize, to: usize| {
        text.get(from..to)
            .and_then(|part| part.parse::<i16>().ok())
            .unwrap_or(-1)
    };
    let year = number(4, 7) + if number(4, 7) >= 800 { 1000 } else { 2000 };
    let (Ok(month), Ok(day)) = (i8::try_from(number(2, 4)), i8::try_from(number(0, 2))) else {
        return false;
    };
    Date::new(year, month, day).is_ok()
        && text
            .get(..12)
            .and_then(check_digit)
            .map(|digit| digit.to_string())
            .as_deref()
            == text.get(12..)
}

/// Gives out numbers, each once.
#[derive(Debug, Default)]
pub(crate) struct NumberBook {
    region: u8,
    taken: HashSet<String>,
    next: HashMap<(Date, Sex), u16>,
}

impl NumberBook {
    /// An empty book for a region; `taken` are numbers that are promised to named people.
    pub(crate) fn new(region: u8, taken: HashSet<String>) -> NumberBook {
        NumberBook {
            region,
            taken,
            next: HashMap::new(),
        }
    }
    /// The next free number of this day and sex; nothing on a day on which all are given out.
    pub(crate) fn give(&mut self, birth: Date, sex: Sex) -> Option<String> {
        let (first, last) = match sex {
            Sex::Male => (0, 499),
            Sex::Female => (500, 999),
        };
        let next = self.next.entry((birth, sex)).or_insert(first);
        while *next <= last {
            let number = jmbg(birth, sex, self.region, *next);
            *next += 1;
            if let Some(number) = number.filter(|number| !self.taken.contains(number)) {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_known_from_elsewhere_come_out() {
        assert_eq!(
            jmbg(date(1978, 3, 14), Sex::Male, 20, 12).as_deref(),
            Some("1403978200126")
        );
        assert_eq!(
            jmbg(date(2019, 1, 5), Sex::Female, 21, 522).as_deref(),
            Some("0501019215228")
        );
        assert_eq!(
            jmbg(date(2008, 2, 29), Sex::Male, 20, 215).as_deref(),
            Some("2902008202150")
        );
        assert_eq!(jmbg(date(1978, 3, 14), Sex::Female, 20, 12), None);
    }

    #[test]
    fn a_wrong_digit_a_wrong_day_and_a_short_text_are_no_numbers() {
        for text in [
            "1403978210122",
            "3102978210121",
            "140397821012",
            "14039782100a6",
            "",
            "žžžžžžž",
        ] {
            assert!(!is_jmbg(text), "{text}");
        }
        assert!(is_jmbg("1403978200126"));
    }

    #[test]
    fn a_day_gives_each_number_once_and_then_no_more() {
        let mut book = NumberBook::new(20, HashSet::from(["1403978200126".to_owned()]));
        let mut seen = HashSet::new();
        while let Some(number) = book.give(date(1978, 3, 14), Sex::Male) {
            assert!(is_jmbg(&number));
            assert!(seen.insert(number));
        }
        assert!(!seen.contains("1403978200126"));
        assert!(seen.len() > 440, "{}", seen.len());
    }
}
