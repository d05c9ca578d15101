//! National numbers of fictional people: valid by construction, of a region that is given to nobody.

use super::model::Sex;
use karton_api::Date;
use karton_rules::id_number::{self, Scheme};
use std::collections::{HashMap, HashSet};

/// How many digits a number of this scheme has; nothing for a scheme whose numbers cannot be made.
pub(crate) const fn digits(scheme: Scheme) -> Option<usize> {
    match scheme {
        Scheme::Jmbg | Scheme::Cnp => Some(13),
        Scheme::Rnokpp => Some(10),
        Scheme::Unzr | Scheme::None => None,
    }
}

/// The highest region that the generator's settings may name.
pub(crate) const fn last_region(scheme: Scheme) -> u8 {
    match scheme {
        // The first digit of the four that tell people of one day apart.
        Scheme::Rnokpp => 9,
        _ => 99,
    }
}

/// Serial numbers of one day, both included.
const fn serials(scheme: Scheme, sex: Sex) -> (u16, u16) {
    match (scheme, sex) {
        (Scheme::Jmbg, Sex::Male) | (Scheme::Rnokpp, _) => (0, 499),
        (Scheme::Jmbg, Sex::Female) => (500, 999),
        _ => (1, 999),
    }
}

/// A number, or nothing where this serial is not given out (its check digit would be 10), is not one of the sex, or
/// the scheme has no numbers of that day.
pub fn national_id(scheme: Scheme, birth: Date, sex: Sex, region: u8, serial: u16) -> Option<String> {
    let (first, last) = serials(scheme, sex);
    if region > last_region(scheme) || !(first..=last).contains(&serial) {
        return None;
    }
    let body = match scheme {
        Scheme::Jmbg => format!(
            "{:02}{:02}{:03}{region:02}{serial:03}",
            birth.day(),
            birth.month(),
            birth.year().rem_euclid(1000)
        ),
        Scheme::Cnp => {
            let century = match birth.year() {
                1800..1900 => 3,
                1900..2000 => 1,
                2000..2100 => 5,
                _ => return None,
            };
            format!(
                "{}{:02}{:02}{:02}{region:02}{serial:03}",
                century + u8::from(sex == Sex::Female),
                birth.year().rem_euclid(100),
                birth.month(),
                birth.day()
            )
        }
        Scheme::Rnokpp => {
            let days = Date::constant(1899, 12, 31).until(birth).ok()?.get_days();
            if !(1..=99_999).contains(&days) {
                return None;
            }
            let place = serial * 2 + u16::from(sex == Sex::Male);
            format!("{days:05}{region}{place:03}")
        }
        Scheme::Unzr | Scheme::None => return None,
    };
    // One of the ten control digits fits; where none does, the number is not given out.
    (0..10)
        .map(|control| format!("{body}{control}"))
        .find(|number| is_number(scheme, number))
}

/// Whether the text is a number of this scheme.
pub fn is_number(scheme: Scheme, text: &str) -> bool {
    digits(scheme).is_some() && id_number::check(scheme, text).is_ok()
}

/// Gives out numbers, each once.
#[derive(Debug)]
pub(crate) struct NumberBook {
    scheme: Scheme,
    region: u8,
    taken: HashSet<String>,
    next: HashMap<(Date, Sex), u16>,
}

impl NumberBook {
    /// An empty book for a region; `taken` are numbers that are promised to named people.
    pub(crate) fn new(scheme: Scheme, region: u8, taken: HashSet<String>) -> NumberBook {
        NumberBook {
            scheme,
            region,
            taken,
            next: HashMap::new(),
        }
    }
    /// The next free number of this day and sex; nothing on a day on which all are given out.
    pub(crate) fn give(&mut self, birth: Date, sex: Sex) -> Option<String> {
        let (first, last) = serials(self.scheme, sex);
        let next = self.next.entry((birth, sex)).or_insert(first);
        while *next <= last {
            let number = national_id(self.scheme, birth, sex, self.region, *next);
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

    fn jmbg(birth: Date, sex: Sex, region: u8, serial: u16) -> Option<String> {
        national_id(Scheme::Jmbg, birth, sex, region, serial)
    }

    #[test]
    fn romania_and_ukraine_number_their_people_too() {
        assert_eq!(
            national_id(Scheme::Cnp, date(1984, 9, 23), Sex::Female, 48, 102).as_deref(),
            Some("2840923481024")
        );
        assert_eq!(
            national_id(Scheme::Cnp, date(2012, 8, 25), Sex::Male, 47, 110).as_deref(),
            Some("5120825471103")
        );
        for (scheme, sex) in [
            (Scheme::Rnokpp, Sex::Female),
            (Scheme::Rnokpp, Sex::Male),
            (Scheme::Cnp, Sex::Male),
        ] {
            let mut book = NumberBook::new(scheme, 9, HashSet::new());
            let mut seen = HashSet::new();
            while let Some(number) = book.give(date(1975, 4, 26), sex) {
                let read = id_number::check(scheme, &number).unwrap();
                assert_eq!(read.born_on, Some(date(1975, 4, 26)), "{number}");
                let says = if sex == Sex::Female {
                    id_number::Sex::Female
                } else {
                    id_number::Sex::Male
                };
                assert_eq!(read.sex, Some(says), "{number}");
                assert!(seen.insert(number));
            }
            assert!(seen.len() > 440, "{}", seen.len());
        }
    }

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
            assert!(!is_number(Scheme::Jmbg, text), "{text}");
        }
        assert!(is_number(Scheme::Jmbg, "1403978200126"));
    }

    #[test]
    fn a_day_gives_each_number_once_and_then_no_more() {
        let mut book = NumberBook::new(Scheme::Jmbg, 20, HashSet::from(["1403978200126".to_owned()]));
        let mut seen = HashSet::new();
        while let Some(number) = book.give(date(1978, 3, 14), Sex::Male) {
            assert!(is_number(Scheme::Jmbg, &number));
            assert!(seen.insert(number));
        }
        assert!(!seen.contains("1403978200126"));
        assert!(seen.len() > 440, "{}", seen.len());
    }
}
