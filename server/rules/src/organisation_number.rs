//! Numbers that organisations are registered by: what is checked, and what is wrong with one that fails.

use crate::id_number::{self, IdNumberError};
use serde::{Deserialize, Serialize};

/// A kind of check that Karton knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// Montenegro's tax number of employers: eight digits.
    Pib,
    /// Romania's unique code: two to ten digits.
    Cui,
    /// Ukraine's code of enterprises: eight digits.
    Edrpou,
    /// Ukraine's taxpayer number, which somebody in business is known by.
    Rnokpp,
    /// Any text.
    None,
}

impl Check {
    /// As packs write it.
    pub const NAMES: [(&'static str, Check); 5] = [
        ("pib", Check::Pib),
        ("cui", Check::Cui),
        ("edrpou", Check::Edrpou),
        ("rnokpp", Check::Rnokpp),
        ("none", Check::None),
    ];
}

/// Checks a number; spaces around it are not forgiven here, the caller trims.
pub fn check(check: Check, text: &str) -> Result<(), IdNumberError> {
    match check {
        Check::Pib => pib(&digits(text, 8..=8)?),
        Check::Cui => cui(&digits(text, 2..=10)?),
        Check::Edrpou => edrpou(&digits(text, 8..=8)?),
        Check::Rnokpp => id_number::check(id_number::Scheme::Rnokpp, text).map(drop),
        Check::None => Ok(()),
    }
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Result<Vec<u32>, IdNumberError> {
    let digit = |(at, c): (usize, char)| c.to_digit(10).ok_or(IdNumberError::NotADigit { at: at + 1 });
    let found = text
        .chars()
        .enumerate()
        .map(digit)
        .collect::<Result<Vec<u32>, _>>()?;
    if length.contains(&found.len()) {
        Ok(found)
    } else {
        let needed = if found.len() < *length.start() {
            *length.start()
        } else {
            *length.end()
        };
        Err(IdNumberError::Length {
            needed,
            found: found.len(),
        })
    }
}

fn weighted(digits: &[u32], weights: impl IntoIterator<Item = u32>) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

fn held(control: u32, digits: &[u32]) -> Result<(), IdNumberError> {
    if digits.last() == Some(&control) {
        Ok(())
    } else {
        Err(IdNumberError::Checksum)
    }
}

/// Weights 8 to 2; the control digit is what is missing to a multiple of eleven, ten being zero.
fn pib(digits: &[u32]) -> Result<(), IdNumberError> {
    let sum = weighted(&digits[..7], [8, 7, 6, 5, 4, 3, 2]);
    held((11 - sum % 11) % 11 % 10, digits)
}

/// Nine digits, zeros before them, with the weights 7 5 3 2 1 7 5 3 2; ten times their sum by eleven, ten being zero.
fn cui(digits: &[u32]) -> Result<(), IdNumberError> {
    let own = digits.len() - 1;
    let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2].into_iter().skip(9 - own);
    held(weighted(&digits[..own], weights) * 10 % 11 % 10, digits)
}

/// Weights 1 to 7, or 7 and 1 to 6 between thirty and sixty millions; where eleven leaves ten, a second time with weights two higher.
fn edrpou(digits: &[u32]) -> Result<(), IdNumberError> {
    let number = digits.iter().fold(0_u32, |number, digit| number * 10 + digit);
    let weights: [u32; 7] = if (30_000_000..60_000_000).contains(&number) {
        [7, 1, 2, 3, 4, 5, 6]
    } else {
        [1, 2, 3, 4, 5, 6, 7]
    };
    let mut left = weighted(&digits[..7], weights) % 11;
    if left == 10 {
        left = weighted(&digits[..7], weights.map(|weight| weight + 2)) % 11;
    }
    held(left % 10, digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_three_countries_pass() {
        let good = [
            (
                Check::Pib,
                &[
                    "02999013", "02999021", "02999030", "03999041", "03999050", "03999068",
                ][..],
            ),
            (
                Check::Cui,
                &["9999999013", "9999999021", "9999999030", "9999999048", "19"],
            ),
            (
                Check::Edrpou,
                &[
                    "59999016", "59999120", "59999233", "59999347", "59999450", "59999564", "00032112",
                ],
            ),
            (Check::None, &["", "any"]),
        ];
        for (kind, numbers) in good {
            for number in numbers {
                assert_eq!(check(kind, number), Ok(()), "{kind:?} {number}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(check(Check::Pib, "02999014"), Err(IdNumberError::Checksum));
        assert_eq!(
            check(Check::Pib, "0299901"),
            Err(IdNumberError::Length { needed: 8, found: 7 })
        );
        assert_eq!(
            check(Check::Pib, "0299901O"),
            Err(IdNumberError::NotADigit { at: 8 })
        );
        assert_eq!(
            check(Check::Cui, "99999990130"),
            Err(IdNumberError::Length {
                needed: 10,
                found: 11
            })
        );
        assert_eq!(
            check(Check::Cui, "1"),
            Err(IdNumberError::Length { needed: 2, found: 1 })
        );
        assert_eq!(check(Check::Cui, "9999999014"), Err(IdNumberError::Checksum));
        assert_eq!(check(Check::Edrpou, "59999017"), Err(IdNumberError::Checksum));
        for wrong in ["", "１２３４５６７８", "-2999013", "02999013 "] {
            assert!(check(Check::Pib, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_single_mistyped_digit_of_a_pib_is_noticed() {
        let good = "02999021";
        for place in 0..8 {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = good.chars().collect();
                wrong[place] = digit;
                let wrong: String = wrong.iter().collect();
                assert_eq!(check(Check::Pib, &wrong).is_ok(), wrong == good, "{wrong}");
            }
        }
    }

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_makes_a_check_panic(text in "\\PC{0,20}", number in "[0-9]{0,16}") {
            for (_, kind) in Check::NAMES {
                let _ = check(kind, &text);
                let _ = check(kind, &number);
            }
        }

        /// Of the ten last digits exactly one fits, whatever the number.
        #[test]
        fn one_control_digit_fits(stem in 0..10_000_000_u32, long in 1..1_000_000_000_u32) {
            let fits = |kind, stem: String| (0..10).filter(|digit| check(kind, &format!("{stem}{digit}")).is_ok()).count();
            prop_assert_eq!(fits(Check::Pib, format!("{stem:07}")), 1);
            prop_assert_eq!(fits(Check::Edrpou, format!("{stem:07}")), 1);
            prop_assert_eq!(fits(Check::Cui, long.to_string()), 1);
        }

        /// Zeros before a code of Romania change nothing.
        #[test]
        fn zeros_before_a_cui_change_nothing(long in 1..100_000_000_u32, digit in 0..10) {
            let bare = format!("{long}{digit}");
            prop_assert_eq!(check(Check::Cui, &bare), check(Check::Cui, &format!("0{bare}")));
        }
    }
}
