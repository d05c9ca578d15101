//! Check digits of national numbers, and what the numbers say.

use crate::i18n::Say;
use jiff::{ToSpan, civil::Date};

/// A check that a pack's id scheme names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Montenegro and its neighbours: 13 digits, DDMMYYY RR BBB K.
    Jmbg,
    /// Romania: 13 digits.
    Cnp,
    /// Ukraine: 10 digits.
    Rnokpp,
}

impl Check {
    /// The check of this name in a pack; none for `none` and for what is not known.
    pub fn named(name: &str) -> Option<Check> {
        match name {
            "jmbg" => Some(Check::Jmbg),
            "cnp" => Some(Check::Cnp),
            "rnokpp" => Some(Check::Rnokpp),
            _ => None,
        }
    }
    /// How many digits it has.
    pub fn length(self) -> usize {
        match self {
            Check::Jmbg | Check::Cnp => 13,
            Check::Rnokpp => 10,
        }
    }
    /// Whether the number can be right. Refuses in words.
    pub fn holds(self, text: &str) -> Result<(), Say> {
        let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
        if digits.len() != self.length() || digits.len() != text.chars().count() {
            return Err(Say::key("error-digits").with("length", self.length()));
        }
        let sum = |weights: &[u32]| weights.iter().zip(&digits).map(|(w, d)| w * d).sum::<u32>();
        let expected = match self {
            Check::Jmbg => {
                self.born(text)?;
                // A remainder of 1 has no check digit: such a number is never given to anybody.
                match 11 - sum(&[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
                    11 => 0,
                    n => n,
                }
            }
            Check::Cnp => match sum(&[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 {
                10 => 1,
                n => n,
            },
            Check::Rnokpp => {
                // The first weight is −1; 11 more keeps the sum above zero and the remainder the same.
                sum(&[10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10
            }
        };
        if digits.last() == Some(&expected) {
            Ok(())
        } else {
            Err(Say::key("error-check-digit"))
        }
    }
}

impl Check {
    /// The birth date that a number carries; nothing where it tells none. Refuses one that is no day.
    pub fn born(self, number: &str) -> Result<Option<Date>, Say> {
        let part = |from: usize, to: usize| number.get(from..to).and_then(|t| t.parse::<i16>().ok());
        let wrong = || Say::key("error-birth-in-number");
        let (year, month, day) = match self {
            Check::Jmbg => (
                part(4, 7).map(|y| if y >= 800 { 1000 + y } else { 2000 + y }),
                part(2, 4),
                part(0, 2),
            ),
            Check::Cnp => {
                let century = match part(0, 1).ok_or_else(wrong)? {
                    1 | 2 => 1900,
                    3 | 4 => 1800,
                    5 | 6 => 2000,
                    // Residents and foreigners: the century is not said.
                    7..=9 => return Ok(None),
                    _ => return Err(wrong()),
                };
                (part(1, 3).map(|y| century + y), part(3, 5), part(5, 7))
            }
            Check::Rnokpp => {
                let days = number
                    .get(..5)
                    .and_then(|t| t.parse::<i32>().ok())
                    .ok_or_else(wrong)?;
                let born = Date::constant(1899, 12, 31).checked_add(days.days());
                return born.map(Some).map_err(|_| wrong());
            }
        };
        let (Some(year), Some(month), Some(day)) = (year, month, day) else {
            return Err(wrong());
        };
        let small = |n: i16| i8::try_from(n).map_err(|_| wrong());
        Date::new(year, small(month)?, small(day)?)
            .map(Some)
            .map_err(|_| wrong())
    }
    /// Whether a number is of a woman; nothing where it does not tell.
    pub fn woman(self, number: &str) -> Option<bool> {
        let digits = |from: usize, to: usize| number.get(from..to)?.parse::<u16>().ok();
        match self {
            Check::Jmbg => Some(digits(9, 12)? >= 500),
            Check::Cnp => digits(0, 1)
                .filter(|first| (1..=8).contains(first))
                .map(|first| first % 2 == 0),
            Check::Rnokpp => Some(digits(8, 9)? % 2 == 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn jmbg(head: &str) -> String {
        (0..10)
            .map(|k| format!("{head}{k}"))
            .find(|n| Check::Jmbg.holds(n).is_ok())
            .unwrap_or_default()
    }

    #[test]
    fn a_number_is_right_or_it_is_said_what_is_wrong() {
        // Worked by hand: 0101006500006 has the weighted sum 0·7+1·6+0·5+1·4+0·3+0·2+6·7+5·6+0·5+0·4+0·3+0·2 = 82, 11 − 82 mod 11 = 6.
        assert_eq!(Check::Jmbg.holds("0101006500006"), Ok(()));
        assert_eq!(
            Check::Jmbg.holds("0101006500007"),
            Err(Say::key("error-check-digit"))
        );
        assert_eq!(
            Check::Jmbg.holds("3113006500006"),
            Err(Say::key("error-birth-in-number"))
        );
        assert_eq!(
            Check::Jmbg.holds("12"),
            Err(Say::key("error-digits").with("length", 13))
        );
        assert!(Check::Jmbg.holds("१२३४५६७८९०१२३").is_err());
    }

    #[test]
    fn a_number_says_when_somebody_was_born_and_which_sex() {
        let number = jmbg("150699020513");
        assert_eq!(Check::Jmbg.born(&number), Ok(Some(date(1990, 6, 15))));
        assert_eq!(Check::Jmbg.woman(&number), Some(true));
        assert_eq!(Check::Jmbg.born("0101006500006"), Ok(Some(date(2006, 1, 1))));
        assert_eq!(Check::Cnp.born("1800101221144"), Ok(Some(date(1980, 1, 1))));
        assert_eq!(Check::Cnp.woman("1800101221144"), Some(false));
        assert_eq!(Check::Cnp.born("9800101221144"), Ok(None));
        assert_eq!(Check::Rnokpp.born("3184710691"), Ok(Some(date(1987, 3, 12))));
        assert_eq!(Check::Rnokpp.woman("3075401124"), Some(true));
    }

    #[test]
    fn one_wrong_digit_never_passes() {
        let number = "1403978200118".to_owned();
        for i in 0..13 {
            for d in '0'..='9' {
                let mut other: Vec<char> = number.chars().collect();
                if other[i] != d {
                    other[i] = d;
                    let other: String = other.into_iter().collect();
                    assert!(Check::Jmbg.holds(&other).is_err(), "{other}");
                }
            }
        }
    }
}
