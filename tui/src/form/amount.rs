//! Numbers and amounts, with a decimal comma or point and the four operations, exact throughout.

use crate::i18n::{Lang, Say};
use karton_api::Rounding;

/// A fraction, always with a positive denominator.
#[derive(Debug, Clone, Copy)]
struct Exact {
    over: i128,
    under: i128,
}

impl Exact {
    fn new(over: i128, under: i128) -> Option<Exact> {
        if under == 0 {
            return None;
        }
        let divisor = gcd(over.unsigned_abs(), under.unsigned_abs());
        let divisor = i128::try_from(divisor.max(1)).ok()?;
        let sign = if under < 0 { -1 } else { 1 };
        Some(Exact {
            over: (over / divisor).checked_mul(sign)?,
            under: (under / divisor).checked_mul(sign)?,
        })
    }
    fn apply(self, operator: char, other: Exact) -> Option<Exact> {
        let cross = |a: i128, b: i128| a.checked_mul(b);
        match operator {
            '+' => Exact::new(
                cross(self.over, other.under)?.checked_add(cross(other.over, self.under)?)?,
                cross(self.under, other.under)?,
            ),
            '-' => Exact::new(
                cross(self.over, other.under)?.checked_sub(cross(other.over, self.under)?)?,
                cross(self.under, other.under)?,
            ),
            '*' => Exact::new(cross(self.over, other.over)?, cross(self.under, other.under)?),
            _ => Exact::new(cross(self.over, other.under)?, cross(self.under, other.over)?),
        }
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Reads an amount in minor units (`places` of them after the point): `152,88`, `1.250`, `89,84*2+10`. A sum that does
/// not come out even is rounded half up.
pub fn minor(text: &str, places: u32, lang: Lang) -> Result<i64, Say> {
    let exact = expression(text, Some(places), lang)?;
    let scale = 10i128.checked_pow(places).ok_or("error-number-large")?;
    let over = exact.over.checked_mul(scale).ok_or("error-number-large")?;
    i64::try_from(Rounding::HalfUp.divide(over, exact.under)).map_err(|_| Say::key("error-number-large"))
}

/// Reads a decimal number and writes it as the wire wants it: with a point and no needless zeros. It must come out even within
/// `places`.
pub fn decimal(text: &str, places: u32, lang: Lang) -> Result<String, Say> {
    let exact = expression(text, None, lang)?;
    let scale = 10i128.checked_pow(places).ok_or("error-number-large")?;
    let over = exact.over.checked_mul(scale).ok_or("error-number-large")?;
    if over % exact.under != 0 {
        return Err(Say::key("error-places").with("places", places));
    }
    let n = over / exact.under;
    let sign = if n < 0 { "-" } else { "" };
    let n = n.unsigned_abs();
    let scale = scale.unsigned_abs();
    let tail = format!(
        "{:0width$}",
        n % scale,
        width = usize::try_from(places).unwrap_or(0)
    );
    let tail = tail.trim_end_matches('0');
    Ok(if tail.is_empty() || places == 0 {
        format!("{sign}{}", n / scale)
    } else {
        format!("{sign}{}.{tail}", n / scale)
    })
}

/// An amount of minor units as it is shown: `1.250,00`.
pub fn show(minor: i64, places: u32, lang: Lang) -> String {
    let scale = 10u64.checked_pow(places).unwrap_or(1);
    let n = minor.unsigned_abs();
    let whole = (n / scale).to_string();
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(lang.thousands());
        }
        grouped.push(digit);
    }
    let sign = if minor < 0 { "-" } else { "" };
    if places == 0 {
        return format!("{sign}{grouped}");
    }
    format!(
        "{sign}{grouped}{}{:0width$}",
        lang.decimal(),
        n % scale,
        width = usize::try_from(places).unwrap_or(0)
    )
}

fn expression(text: &str, places: Option<u32>, lang: Lang) -> Result<Exact, Say> {
    let not_a_number = || Say::key("error-number");
    let large = || Say::key("error-number-large");
    let mut terms: Vec<(char, Exact)> = Vec::new();
    let mut operator = '+';
    let mut rest = text.trim();
    let mut first = true;
    while !rest.is_empty() || first {
        let negative = rest.starts_with('-');
        rest = rest.strip_prefix('-').unwrap_or(rest).trim_start();
        let end = rest.find(['+', '-', '*', '/', ':']).unwrap_or(rest.len());
        let mut value = number(&rest[..end], places, lang)?;
        if negative {
            value.over = -value.over;
        }
        match (operator, terms.last_mut()) {
            ('*' | '/', Some((_, last))) => {
                if operator == '/' && value.over == 0 {
                    return Err(Say::key("error-zero"));
                }
                *last = last.apply(operator, value).ok_or_else(large)?;
            }
            _ => terms.push((operator, value)),
        }
        let mut tail = rest[end..].chars();
        match tail.next() {
            Some(c) => {
                operator = if c == ':' { '/' } else { c };
                rest = tail.as_str().trim_start();
                if rest.is_empty() {
                    return Err(not_a_number());
                }
            }
            None => rest = "",
        }
        first = false;
    }
    let mut sum = Exact { over: 0, under: 1 };
    for (operator, value) in terms {
        sum = sum.apply(operator, value).ok_or_else(large)?;
    }
    Ok(sum)
}

/// One number: spaces and the other mark in groups of three are thousands; a single other mark elsewhere is a decimal mark too.
fn number(text: &str, places: Option<u32>, lang: Lang) -> Result<Exact, Say> {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .collect();
    let text = text.trim_end_matches(['€']).to_owned();
    let other = lang.thousands();
    let groups = text.split(lang.decimal()).next().unwrap_or("");
    let grouped = groups.split(other).skip(1).all(|g| g.len() == 3) && !groups.starts_with(other);
    let plain = if text.contains(lang.decimal()) || grouped || text.matches(other).count() > 1 {
        if !grouped {
            return Err(Say::key("error-number"));
        }
        text.replace(other, "").replace(lang.decimal(), ".")
    } else {
        text.replace(other, ".")
    };
    let (whole, tail) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    if (whole.is_empty() && tail.is_empty()) || !digits(whole) || !digits(tail) {
        return Err(Say::key("error-number"));
    }
    if let Some(places) = places
        && tail.len() > usize::try_from(places).unwrap_or(0)
    {
        return Err(Say::key("error-places").with("places", places));
    }
    let large = || Say::key("error-number-large");
    let over = format!("{whole}{tail}").parse::<i128>().map_err(|_| large())?;
    let under = u32::try_from(tail.len())
        .ok()
        .and_then(|n| 10i128.checked_pow(n))
        .ok_or_else(large)?;
    Exact::new(over, under).ok_or_else(large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_take_a_comma_thousands_and_arithmetic() {
        let read = |t: &str| minor(t, 2, Lang::CNR).unwrap();
        assert_eq!(read("152,88"), 15_288);
        assert_eq!(read("1.250"), 125_000);
        assert_eq!(read("1.250,5"), 125_050);
        assert_eq!(read("12.5"), 1_250);
        assert_eq!(read("89,84*2+10"), 18_968);
        assert_eq!(read("100/3"), 3_333);
        assert_eq!(read("200/3"), 6_667);
        assert_eq!(read("10 - 2 * 3"), 400);
        assert_eq!(read("-5,00"), -500);
        assert_eq!(minor("1,250.00", 2, Lang::EN), Ok(125_000));
        assert_eq!(show(125_050, 2, Lang::CNR), "1.250,50");
        assert_eq!(show(-5, 2, Lang::EN), "-0.05");
    }

    #[test]
    fn what_is_no_amount_is_said_to_be_none() {
        for text in [
            "",
            "x",
            "1,234",
            "1+",
            "*2",
            "1/0",
            "1..2",
            "99999999999999999999999999999999999999999",
            "1,2,3",
        ] {
            assert!(minor(text, 2, Lang::CNR).is_err(), "{text}");
        }
        assert_eq!(decimal("12,50", 4, Lang::CNR), Ok("12.5".to_owned()));
        assert!(decimal("1/3", 4, Lang::CNR).is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_read_again(n: i64, en: bool) {
            let lang = if en { Lang::EN } else { Lang::CNR };
            proptest::prop_assert_eq!(minor(&show(n, 2, lang), 2, lang), Ok(n));
        }
        #[test]
        fn no_text_breaks_it(text in "[0-9,.+*/ -]{0,40}") {
            let _ = minor(&text, 2, Lang::CNR);
            let _ = decimal(&text, 6, Lang::EN);
        }
    }
}
