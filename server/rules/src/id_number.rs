//! National numbers of persons: what is checked, and what exactly is wrong with one that fails.

use karton_api::Date;
use serde::{Deserialize, Serialize};

/// A kind of check that Karton knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// Yugoslavia's number of citizens, used in Montenegro: `DDMMYYYRRBBBK`.
    Jmbg,
    /// Romania's: `SYYMMDDJJNNNC`.
    Cnp,
    /// Ukraine's taxpayer number: ten digits, the first five the days since 1899-12-31.
    Rnokpp,
    /// Ukraine's number of the record in the demographic register: `YYYYMMDD-NNNNC`.
    Unzr,
    /// Any text.
    None,
}

impl Scheme {
    /// As packs write it.
    pub fn parse(text: &str) -> Option<Scheme> {
        Some(match text {
            "jmbg" => Scheme::Jmbg,
            "cnp" => Scheme::Cnp,
            "rnokpp" => Scheme::Rnokpp,
            "unzr" => Scheme::Unzr,
            "none" => Scheme::None,
            _ => return None,
        })
    }
}

/// The sex a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Sex {
    Male,
    Female,
}

/// What a good number says about its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdNumber {
    /// Day of birth, where the number holds one.
    pub born_on: Option<Date>,
    /// Sex, where the number holds it.
    pub sex: Option<Sex>,
}

/// What is wrong with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Too short or too long.
    #[error("the number has {found} digits, {needed} are needed")]
    Length {
        /// How many there should be.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Something that is not a digit.
    #[error("character {at} is not a digit")]
    NotADigit {
        /// From 1.
        at: usize,
    },
    /// The part that says the day of birth is no day.
    #[error("the number says a day of birth that does not exist")]
    NoSuchDay,
    /// The first digit says no sex and century.
    #[error("the first digit is not one that is in use")]
    FirstDigit,
    /// No number with these digits was ever given out.
    #[error("numbers with these digits are not given out (the control digit would be 10)")]
    NeverGiven,
    /// A digit was mistyped.
    #[error("the last digit does not fit the others: a digit is mistyped")]
    Checksum,
}

/// Checks a number; spaces around it are not forgiven here, the caller trims.
pub fn check(scheme: Scheme, text: &str) -> Result<IdNumber, IdNumberError> {
    match scheme {
        Scheme::Jmbg => jmbg(text),
        Scheme::Cnp => cnp(text),
        Scheme::Rnokpp => rnokpp(text),
        Scheme::Unzr => unzr(text),
        Scheme::None => Ok(IdNumber {
            born_on: None,
            sex: None,
        }),
    }
}

fn digits<const N: usize>(text: &str) -> Result<[i16; N], IdNumberError> {
    let mut found = [0; N];
    let mut length = 0;
    for (i, c) in text.chars().enumerate() {
        let digit = c.to_digit(10).ok_or(IdNumberError::NotADigit { at: i + 1 })?;
        if let Some(place) = found.get_mut(i) {
            *place = i16::try_from(digit).unwrap_or(0);
        }
        length += 1;
    }
    if length == N {
        Ok(found)
    } else {
        Err(IdNumberError::Length {
            needed: N,
            found: length,
        })
    }
}

fn day(year: i16, month: i16, day: i16) -> Result<Date, IdNumberError> {
    let small = |n: i16| i8::try_from(n).map_err(|_| IdNumberError::NoSuchDay);
    Date::new(year, small(month)?, small(day)?).map_err(|_| IdNumberError::NoSuchDay)
}

/// The control digit of the first twelve digits of a JMBG; nothing when no number with them is given out.
pub fn jmbg_control(first_twelve: &[u8; 12]) -> Option<u8> {
    let weights = [7_u32, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
    let sum: u32 = first_twelve
        .iter()
        .zip(weights)
        .map(|(d, w)| u32::from(*d) * w)
        .sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        m => u8::try_from(m).ok(),
    }
}

/// Any region is accepted: citizens carry numbers of every part of the former federation.
fn jmbg(text: &str) -> Result<IdNumber, IdNumberError> {
    let d: [i16; 13] = digits(text)?;
    let short_year = d[4] * 100 + d[5] * 10 + d[6];
    let year = if short_year >= 800 {
        1000 + short_year
    } else {
        2000 + short_year
    };
    let born_on = day(year, d[2] * 10 + d[3], d[0] * 10 + d[1])?;
    let first: [u8; 12] = std::array::from_fn(|i| u8::try_from(d[i]).unwrap_or(0));
    let control = jmbg_control(&first).ok_or(IdNumberError::NeverGiven)?;
    if i16::from(control) != d[12] {
        return Err(IdNumberError::Checksum);
    }
    let sex = if d[9] * 100 + d[10] * 10 + d[11] < 500 {
        Sex::Male
    } else {
        Sex::Female
    };
    Ok(IdNumber {
        born_on: Some(born_on),
        sex: Some(sex),
    })
}

fn cnp(text: &str) -> Result<IdNumber, IdNumberError> {
    let d: [i16; 13] = digits(text)?;
    // 7 and 8 are residents, 9 foreigners: their century is not said, so the later one that fits is not guessed.
    let century = match d[0] {
        1 | 2 => 1900,
        3 | 4 => 1800,
        5 | 6 => 2000,
        7..=9 => 0,
        _ => return Err(IdNumberError::FirstDigit),
    };
    let (short_year, month, month_day) = (d[1] * 10 + d[2], d[3] * 10 + d[4], d[5] * 10 + d[6]);
    let born_on = if century == 0 {
        day(2000 + short_year, month, month_day).or_else(|_| day(1900 + short_year, month, month_day))?;
        None
    } else {
        Some(day(century + short_year, month, month_day)?)
    };
    let weights = [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9];
    let sum: i16 = d.iter().zip(weights).map(|(d, w)| d * w).sum();
    let control = if sum % 11 == 10 { 1 } else { sum % 11 };
    if control != d[12] {
        return Err(IdNumberError::Checksum);
    }
    let sex = match d[0] {
        9 => None,
        odd if odd % 2 == 1 => Some(Sex::Male),
        _ => Some(Sex::Female),
    };
    Ok(IdNumber { born_on, sex })
}

fn rnokpp(text: &str) -> Result<IdNumber, IdNumberError> {
    let d: [i16; 10] = digits(text)?;
    let days = d[..5].iter().fold(0_i64, |n, digit| n * 10 + i64::from(*digit));
    let born_on = Date::constant(1899, 12, 31)
        .checked_add(jiff::Span::new().days(days))
        .map_err(|_| IdNumberError::NoSuchDay)?;
    let weights = [-1, 5, 7, 9, 4, 6, 10, 5, 7];
    let sum: i16 = d.iter().zip(weights).map(|(d, w)| d * w).sum();
    if sum.rem_euclid(11) % 10 != d[9] {
        return Err(IdNumberError::Checksum);
    }
    let sex = if d[8] % 2 == 1 { Sex::Male } else { Sex::Female };
    Ok(IdNumber {
        born_on: Some(born_on),
        sex: Some(sex),
    })
}

/// The day of birth, four digits and the control digit of machine-readable documents (ICAO 9303: weights 7 3 1 over all twelve, by ten).
/// With the hyphen, as it stands on the card, or without it. That the control runs over all twelve digits was seen at the state's specimen
/// card, 19910824-00026.
fn unzr(text: &str) -> Result<IdNumber, IdNumberError> {
    let bare = match text.split_once('-') {
        Some((day, rest)) if day.len() == 8 => format!("{day}{rest}"),
        _ => text.to_owned(),
    };
    let d: [i16; 13] = digits(&bare)?;
    let number = |from: usize, until: usize| d[from..until].iter().fold(0, |n, digit| n * 10 + digit);
    let born_on = day(number(0, 4), number(4, 6), number(6, 8))?;
    let sum: i16 = d[..12]
        .iter()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(d, w)| d * w)
        .sum();
    if sum % 10 != d[12] {
        return Err(IdNumberError::Checksum);
    }
    Ok(IdNumber {
        born_on: Some(born_on),
        sex: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_of_any_region_are_read() {
        for (number, born, sex) in [
            ("1403978200126", date(1978, 3, 14), Sex::Male),
            ("1403978210121", date(1978, 3, 14), Sex::Male),
            ("0209981205177", date(1981, 9, 2), Sex::Female),
            ("2106012200331", date(2012, 6, 21), Sex::Male),
        ] {
            assert_eq!(
                check(Scheme::Jmbg, number),
                Ok(IdNumber {
                    born_on: Some(born),
                    sex: Some(sex)
                })
            );
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let jmbg = |text| check(Scheme::Jmbg, text);
        assert_eq!(
            jmbg("140397820012"),
            Err(IdNumberError::Length {
                needed: 13,
                found: 12
            })
        );
        assert_eq!(
            jmbg("14039782001260"),
            Err(IdNumberError::Length {
                needed: 13,
                found: 14
            })
        );
        assert_eq!(jmbg("140397820O126"), Err(IdNumberError::NotADigit { at: 10 }));
        assert_eq!(jmbg("3002978200126"), Err(IdNumberError::NoSuchDay));
        assert_eq!(jmbg("1403978200127"), Err(IdNumberError::Checksum));
        assert_eq!(jmbg(""), Err(IdNumberError::Length { needed: 13, found: 0 }));
    }

    #[test]
    fn every_single_mistyped_digit_and_most_swaps_are_noticed() {
        let good = "1403978200126";
        for place in 0..13 {
            for digit in '0'..='9' {
                let mut typed: Vec<char> = good.chars().collect();
                if typed[place] != digit {
                    typed[place] = digit;
                    let typed: String = typed.into_iter().collect();
                    assert!(check(Scheme::Jmbg, &typed).is_err(), "{typed}");
                }
            }
        }
    }

    #[test]
    fn a_number_that_would_need_ten_is_never_given() {
        let stem = (0..1000).map(|n| format!("140397820{n:03}")).find(|stem| {
            let first: [u8; 12] = std::array::from_fn(|i| stem.as_bytes()[i] - b'0');
            jmbg_control(&first).is_none()
        });
        let number = format!("{}0", stem.unwrap());
        assert_eq!(check(Scheme::Jmbg, &number), Err(IdNumberError::NeverGiven));
    }

    #[test]
    fn romanian_and_ukrainian_numbers_are_read() {
        assert_eq!(
            check(Scheme::Cnp, "1800101221144").unwrap().born_on,
            Some(date(1980, 1, 1))
        );
        assert_eq!(check(Scheme::Cnp, "1800101221143"), Err(IdNumberError::Checksum));
        assert_eq!(
            check(Scheme::Rnokpp, "3184710691").unwrap().born_on,
            Some(date(1987, 3, 12))
        );
        assert_eq!(check(Scheme::Rnokpp, "3184710692"), Err(IdNumberError::Checksum));
    }

    #[test]
    fn numbers_of_records_are_read_with_their_hyphen_and_without() {
        for (number, born) in [
            ("19910824-00026", date(1991, 8, 24)),
            ("1991082400026", date(1991, 8, 24)),
            ("19840314-01124", date(1984, 3, 14)),
            ("20240229-01048", date(2024, 2, 29)),
            ("20260105-00288", date(2026, 1, 5)),
        ] {
            let found = check(Scheme::Unzr, number);
            assert_eq!(
                found.map(|it| (it.born_on, it.sex)),
                Ok((Some(born), None)),
                "{number}"
            );
        }
        for (number, wrong) in [
            ("19910824-00025", IdNumberError::Checksum),
            ("19910230-00025", IdNumberError::NoSuchDay),
            (
                "19910824-0002",
                IdNumberError::Length {
                    needed: 13,
                    found: 12,
                },
            ),
            ("199108-2400026", IdNumberError::NotADigit { at: 7 }),
            ("19910824--0026", IdNumberError::NotADigit { at: 9 }),
        ] {
            assert_eq!(check(Scheme::Unzr, number), Err(wrong), "{number}");
        }
    }

    use proptest::prelude::*;

    proptest! {
        /// Whatever is typed is read or refused, and nothing else.
        #[test]
        fn no_text_makes_a_check_panic(text in "\\PC{0,20}", number in "[0-9-]{0,16}") {
            for scheme in [Scheme::Jmbg, Scheme::Cnp, Scheme::Rnokpp, Scheme::Unzr, Scheme::None] {
                let _ = check(scheme, &text);
                let _ = check(scheme, &number);
            }
        }

        /// Of the ten last digits that a number could have exactly one fits, and says the day it was made of.
        #[test]
        fn one_control_digit_fits(days in 0_i64..80_000, serial in 0..10_000) {
            let born = date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let stem = format!("{:04}{:02}{:02}-{serial:04}", born.year(), born.month(), born.day());
            let good: Vec<IdNumber> = (0..10).filter_map(|digit| check(Scheme::Unzr, &format!("{stem}{digit}")).ok()).collect();
            prop_assert_eq!(good.len(), 1);
            prop_assert_eq!(good[0].born_on, Some(born));
        }

        /// Weights 7, 3 and 1 have nothing in common with ten: a slip in one digit is always noticed.
        #[test]
        fn one_mistyped_digit_is_noticed(serial in 0..1_000, at in 8_usize..12, other in 0_u8..10) {
            let stem = format!("199108240{serial:03}");
            let control = (0..10).find(|digit| check(Scheme::Unzr, &format!("{stem}{digit}")).is_ok()).unwrap();
            let mut typed = format!("{stem}{control}").into_bytes();
            let before = typed[at] - b'0';
            typed[at] = b'0' + other;
            let typed = String::from_utf8(typed).unwrap();
            prop_assert_eq!(check(Scheme::Unzr, &typed).is_ok(), before == other);
        }
    }
}
