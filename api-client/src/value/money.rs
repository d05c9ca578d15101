use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, num::NonZeroI64, str::FromStr};
use tinystr::TinyAsciiStr;

/// An ISO 4217 currency code, such as `EUR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(TinyAsciiStr<3>);

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency::from_letters(*b"EUR").unwrap();
    /// The currency of three capital letters A to Z; none of anything else.
    pub const fn from_letters(letters: [u8; 3]) -> Option<Currency> {
        let [a, b, c] = letters;
        if !(a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_uppercase()) {
            return None;
        }
        match TinyAsciiStr::try_from_raw(letters) {
            Ok(code) => Some(Currency(code)),
            Err(_) => None,
        }
    }
    /// The three letters.
    pub const fn code(&self) -> &str {
        self.0.as_str()
    }
}
impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let letters = text.as_bytes().try_into().ok();
        letters
            .and_then(Currency::from_letters)
            .ok_or(MoneyError::NoCurrency)
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A whole number of minor units of a currency: 152.88 EUR is 15 288. No floating point touches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Whole minor units; may be negative.
    pub minor: i64,
    /// ISO 4217.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Z]{3}$"))]
    pub currency: Currency,
}

/// How a division of money is rounded. The law says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Halves away from zero.
    HalfUp,
    /// Halves to the even neighbour.
    HalfEven,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

/// Why a sum of money could not be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The amount is beyond what 64 bits hold.
    #[error("the amount is too large")]
    TooLarge,
    /// Two currencies cannot be added or compared.
    #[error("the currencies differ")]
    CurrenciesDiffer,
    /// Three capital letters are needed.
    #[error("a currency is three capital letters (ISO 4217)")]
    NoCurrency,
}

impl Money {
    /// An amount in minor units.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }
    /// The sum. Refuses with `CurrenciesDiffer` or `TooLarge`.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same(other)?;
        self.minor
            .checked_add(other.minor)
            .map(|minor| Money { minor, ..self })
            .ok_or(MoneyError::TooLarge)
    }
    /// The difference. Refuses with `CurrenciesDiffer` or `TooLarge`.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.same(other)?;
        self.minor
            .checked_sub(other.minor)
            .map(|minor| Money { minor, ..self })
            .ok_or(MoneyError::TooLarge)
    }
    /// The share `part / whole` of this amount, rounded the way the law says.
    pub fn share(self, part: i64, whole: NonZeroI64, rounding: Rounding) -> Result<Money, MoneyError> {
        let minor = rounding.divide(i128::from(self.minor) * i128::from(part), i128::from(whole.get()));
        i64::try_from(minor)
            .map(|minor| Money { minor, ..self })
            .map_err(|_| MoneyError::TooLarge)
    }
    fn same(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrenciesDiffer)
        }
    }
}
impl Rounding {
    /// `n / d` as a whole number, rounded. `d` must not be zero (0 gives 0).
    pub fn divide(self, n: i128, d: i128) -> i128 {
        if d == 0 {
            return 0;
        }
        let (quotient, rest) = (n / d, n % d);
        if rest == 0 {
            return quotient;
        }
        let away = if (n < 0) == (d < 0) {
            quotient + 1
        } else {
            quotient - 1
        };
        let twice = rest.unsigned_abs() * 2;
        let whole = d.unsigned_abs();
        match self {
            Rounding::Down => quotient,
            Rounding::Up => away,
            Rounding::HalfUp if twice >= whole => away,
            Rounding::HalfEven if twice > whole || (twice == whole && quotient % 2 != 0) => away,
            Rounding::HalfUp | Rounding::HalfEven => quotient,
        }
    }
}
/// Two decimal places with a point and the code, for logs and tests; people read the form of their language.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        write!(f, "{sign}{}.{:02} {}", minor / 100, minor % 100, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_goes_the_way_it_is_named() {
        for (n, d, up, even, down, away) in [
            (5, 2, 3, 2, 2, 3),
            (7, 2, 4, 4, 3, 4),
            (-5, 2, -3, -2, -2, -3),
            (4, 3, 1, 1, 1, 2),
            (6, 3, 2, 2, 2, 2),
        ] {
            assert_eq!(Rounding::HalfUp.divide(n, d), up);
            assert_eq!(Rounding::HalfEven.divide(n, d), even);
            assert_eq!(Rounding::Down.divide(n, d), down);
            assert_eq!(Rounding::Up.divide(n, d), away);
        }
    }

    #[test]
    fn an_index_of_two_point_two_per_cent_is_exact() {
        let base = Money::new(14_959, Currency::EUR);
        let factor = NonZeroI64::new(10_000).unwrap();
        assert_eq!(
            base.share(10_220, factor, Rounding::HalfUp),
            Ok(Money::new(15_288, Currency::EUR))
        );
    }

    #[test]
    fn sums_refuse_other_currencies_and_overflow() {
        let (euro, leu) = (
            Money::new(1, Currency::EUR),
            Money::new(1, "RON".parse().unwrap()),
        );
        assert_eq!(euro.checked_add(leu), Err(MoneyError::CurrenciesDiffer));
        assert_eq!(
            Money::new(i64::MAX, Currency::EUR).checked_add(euro),
            Err(MoneyError::TooLarge)
        );
    }
}
