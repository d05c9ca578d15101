//! Check digits of national numbers, and what the numbers say.

use crate::i18n::Say;
use jiff::civil::Date;

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
                born(text)?;
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

/// The birth date that a JMBG carries. Refuses one that is no day.
pub fn born(jmbg: &str) -> Result<Date, Say> {
    let part = |from: usize, to: usize| jmbg.get(from..to).and_then(|t| t.parse::<i16>().ok());
    let wrong = || Say::key("error-jmbg-date");
    let (Some(day), Some(month), Some(year)) = (part(0, 2), part(2, 4), part(4, 7)) else {
        return Err(wrong());
    };
    let year = if year >= 800 { 1000 + year } else { 2000 + year };
    let small = |n: i16| i8::try_from(n).map_err(|_| wrong());
    Date::new(year, small(month)?, small(day)?).map_err(|_| wrong())
}

/// Whether a JMBG is of a woman: its ordinal is 500 or more.
pub fn woman(jmbg: &str) -> Option<bool> {
    jmbg.get(9..12)?.parse::<u16>().ok().map(|n| n >= 500)
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
            Err(Say::key("error-jmbg-date"))
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
        assert_eq!(born(&number), Ok(date(1990, 6, 15)));
        assert_eq!(woman(&number), Some(true));
        assert_eq!(born("0101006500006"), Ok(date(2006, 1, 1)));
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
