use karton_api::Rounding;
use std::{cmp::Ordering, fmt, str::FromStr};

/// An exact number: a fraction in lowest terms. Nothing is ever rounded unless a rounding is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// The low and the high half of the numerator. In one piece it would make every value of a rule larger by half.
    numerator: (u64, i64),
    /// Never zero.
    denominator: u64,
}

/// The text is not a decimal number, or one beyond what Karton counts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a decimal number is written with a point, such as 12.50, with at most 18 decimals")]
pub struct NoDecimal;

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        // Nearly all numbers are small, and the rest of small ones is found many times faster.
        if let (Ok(mut x), Ok(mut y)) = (u64::try_from(a), u64::try_from(b)) {
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return u128::from(x);
        }
        (a, b) = (b, a % b);
    }
    a
}

/// `a / b` of what is not negative; `b` is not zero.
fn divided(a: u128, b: u128) -> u128 {
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => u128::from(a / b),
        _ => a / b,
    }
}

impl Ratio {
    /// In lowest terms already.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number is taken apart into halves"
    )]
    fn of(numerator: i128, denominator: u64) -> Ratio {
        Ratio {
            numerator: (numerator as u64, (numerator >> 64) as i64),
            denominator,
        }
    }
    fn numerator(&self) -> i128 {
        i128::from(self.numerator.1) << 64 | i128::from(self.numerator.0)
    }
    /// `n / d`; nothing when `d` is zero or the result is too large.
    pub fn new(n: i128, d: i128) -> Option<Ratio> {
        if d == 0 {
            return None;
        }
        if d == 1 {
            return Some(Ratio::of(n, 1));
        }
        let g = gcd(n.unsigned_abs(), d.unsigned_abs());
        let numerator = i128::try_from(divided(n.unsigned_abs(), g)).ok()?;
        let denominator = u64::try_from(divided(d.unsigned_abs(), g)).ok()?;
        let numerator = if (n < 0) == (d < 0) { numerator } else { -numerator };
        Some(Ratio::of(numerator, denominator))
    }
    /// A whole number.
    pub fn whole(n: i64) -> Ratio {
        Ratio::of(i128::from(n), 1)
    }
    /// The sum; nothing when it is too large.
    pub fn checked_add(self, other: Ratio) -> Option<Ratio> {
        if self.denominator == other.denominator {
            let sum = self.numerator().checked_add(other.numerator())?;
            return Ratio::new(sum, i128::from(self.denominator));
        }
        let a = self.numerator().checked_mul(i128::from(other.denominator))?;
        let b = other.numerator().checked_mul(i128::from(self.denominator))?;
        Ratio::new(
            a.checked_add(b)?,
            i128::from(self.denominator) * i128::from(other.denominator),
        )
    }
    /// The negative.
    pub fn negate(self) -> Option<Ratio> {
        Some(Ratio::of(self.numerator().checked_neg()?, self.denominator))
    }
    /// The difference; nothing when it is too large.
    pub fn checked_sub(self, other: Ratio) -> Option<Ratio> {
        self.checked_add(other.negate()?)
    }
    /// The product; nothing when it is too large.
    pub fn checked_mul(self, other: Ratio) -> Option<Ratio> {
        let n = self.numerator().checked_mul(other.numerator())?;
        Ratio::new(
            n,
            i128::from(self.denominator).checked_mul(i128::from(other.denominator))?,
        )
    }
    /// The quotient; nothing when the divisor is zero or the result too large.
    pub fn checked_div(self, other: Ratio) -> Option<Ratio> {
        let n = self.numerator().checked_mul(i128::from(other.denominator))?;
        Ratio::new(n, i128::from(self.denominator).checked_mul(other.numerator())?)
    }
    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.numerator() == 0
    }
    /// The whole number below or at it.
    pub fn floor(self) -> i128 {
        if self.denominator == 1 {
            return self.numerator();
        }
        if let (Ok(numerator), Ok(denominator)) =
            (i64::try_from(self.numerator()), i64::try_from(self.denominator))
        {
            return i128::from(numerator.div_euclid(denominator));
        }
        self.numerator().div_euclid(i128::from(self.denominator))
    }
    /// The whole number above or at it.
    pub fn ceiling(self) -> i128 {
        let floor = self.floor();
        if self.numerator().rem_euclid(i128::from(self.denominator)) == 0 {
            floor
        } else {
            floor.saturating_add(1)
        }
    }
    /// As a whole number, rounded the way the law says.
    pub fn round(self, rounding: Rounding) -> i128 {
        rounding.divide(self.numerator(), i128::from(self.denominator))
    }
    /// How many decimals it takes to write it out; nothing when it never ends.
    pub fn decimals(self) -> Option<u32> {
        let (mut rest, mut twos, mut fives) = (self.denominator, 0, 0);
        while rest % 2 == 0 {
            (rest, twos) = (rest / 2, twos + 1);
        }
        while rest % 5 == 0 {
            (rest, fives) = (rest / 5, fives + 1);
        }
        (rest == 1).then_some(std::cmp::max(twos, fives))
    }
    /// Written with at most `most` decimals (cut off with `…` when there are more) and the given decimal mark.
    pub fn write(self, most: u32, mark: char) -> String {
        let whole = self.numerator().unsigned_abs() / u128::from(self.denominator);
        let mut rest = self.numerator().unsigned_abs() % u128::from(self.denominator);
        let mut text = format!("{}{whole}", if self.numerator() < 0 { "-" } else { "" });
        if rest != 0 {
            text.push(mark);
        }
        for _ in 0..most {
            if rest == 0 {
                return text;
            }
            rest *= 10;
            let digit = u32::try_from(rest / u128::from(self.denominator)).unwrap_or(0);
            text.push(char::from_digit(digit, 10).unwrap_or('0'));
            rest %= u128::from(self.denominator);
        }
        if rest != 0 {
            text.push('…');
        }
        text
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator().cmp(&other.numerator());
        }
        // Whole parts first, so that nothing can overflow: the rests are below their denominators.
        self.floor().cmp(&other.floor()).then_with(|| {
            let rest = |r: &Ratio| r.numerator().rem_euclid(i128::from(r.denominator)).unsigned_abs();
            (rest(self) * u128::from(other.denominator)).cmp(&(rest(other) * u128::from(self.denominator)))
        })
    }
}

/// At most twenty decimals, with a point.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.write(20, '.'))
    }
}

impl FromStr for Ratio {
    type Err = NoDecimal;
    fn from_str(text: &str) -> Result<Self, NoDecimal> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let dangling = digits.contains('.') && part.is_empty();
        if whole.is_empty() || dangling || part.len() > 18 || !all_digits(whole) || !all_digits(part) {
            return Err(NoDecimal);
        }
        let n: i128 = format!("{whole}{part}").parse().map_err(|_| NoDecimal)?;
        let scale = u32::try_from(part.len()).map_err(|_| NoDecimal)?;
        Ratio::new(if negative { -n } else { n }, 10_i128.pow(scale)).ok_or(NoDecimal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r(text: &str) -> Ratio {
        text.parse().unwrap()
    }

    #[test]
    fn a_third_three_times_is_one() {
        let third = Ratio::whole(1).checked_div(Ratio::whole(3)).unwrap();
        assert_eq!(third.checked_mul(Ratio::whole(3)), Some(Ratio::whole(1)));
        assert_eq!(third.to_string(), "0.33333333333333333333…");
        assert_eq!(third.decimals(), None);
    }

    #[test]
    fn decimals_are_read_and_written_exactly() {
        for text in ["0", "12.5", "-0.05", "1000000", "0.000000000000000001"] {
            assert_eq!(r(text).to_string(), text);
        }
        assert_eq!(r("12.50").to_string(), "12.5");
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1,5",
            "1e3",
            "--1",
            "0.0000000000000000001",
            "NaN",
        ] {
            assert_eq!(text.parse::<Ratio>(), Err(NoDecimal), "{text}");
        }
    }

    #[test]
    fn roundings_and_order() {
        assert_eq!(r("-1.5").floor(), -2);
        assert_eq!(r("-1.5").ceiling(), -1);
        assert_eq!(r("2.5").round(Rounding::HalfEven), 2);
        assert_eq!(r("2.5").round(Rounding::HalfUp), 3);
        assert!(r("-1.5") < r("-1.4") && r("0.3") < Ratio::new(1, 3).unwrap());
        assert_eq!(Ratio::whole(1).checked_div(Ratio::whole(0)), None);
        assert_eq!(
            Ratio::new(i128::MAX, 1).unwrap().checked_add(Ratio::whole(1)),
            None
        );
        assert_eq!(Ratio::new(i128::MIN, -1), None);
    }
}
