//! The pack's dated amounts, as far as histories need them: money by day, with or without a key.

use super::{settings::SettingsError, text::PackText};
use karton_api::{Currency, Date, Money};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Dated amounts by name.
#[derive(Debug, Clone)]
pub(crate) struct Parameters {
    currency: Currency,
    decimals: u32,
    pub(crate) demo_today: Option<Date>,
    schemes: Vec<(String, String)>,
    by_name: BTreeMap<String, Vec<(Date, Amounts)>>,
}

#[derive(Debug, Clone)]
enum Amounts {
    One(i64),
    Table(Vec<(i64, i64)>),
}

#[derive(Deserialize)]
struct Country {
    currency: String,
    minor_units: u32,
    demo_today: Option<toml::value::Datetime>,
    #[serde(default)]
    id_scheme: Vec<IdScheme>,
}
#[derive(Deserialize)]
struct IdScheme {
    code: String,
    check: String,
}
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    parameter: Vec<Parameter>,
}
#[derive(Deserialize)]
struct Parameter {
    name: String,
    unit: String,
    #[serde(default)]
    at: Vec<At>,
}
#[derive(Deserialize)]
struct At {
    from: toml::value::Datetime,
    value: Option<toml::Value>,
    rows: Option<Vec<Vec<toml::Value>>>,
}

/// A TOML day as a day of the calendar.
pub(crate) fn day(text: &toml::value::Datetime) -> Option<Date> {
    text.to_string().parse().ok()
}

impl Parameters {
    /// Reads `country.toml` and `parameters/*.toml`; what is not money is left alone.
    pub(crate) fn read(text: &PackText) -> Result<Parameters, SettingsError> {
        let country = text
            .get("country.toml")
            .ok_or_else(|| SettingsError::missing("country.toml"))?;
        let country: Country =
            toml::from_str(country).map_err(|e| SettingsError::wrong("country.toml", e))?;
        let currency = country
            .currency
            .parse()
            .map_err(|e| SettingsError::wrong("country.toml", e))?;
        let mut all = Parameters {
            currency,
            decimals: country.minor_units.min(6),
            demo_today: country.demo_today.as_ref().and_then(day),
            schemes: (country.id_scheme.into_iter())
                .map(|scheme| (scheme.check, scheme.code))
                .collect(),
            by_name: BTreeMap::new(),
        };
        for (name, contents) in text.iter().filter(|(name, _)| name.starts_with("parameters/")) {
            let file: File = toml::from_str(contents).map_err(|e| SettingsError::wrong(name, e))?;
            for parameter in file
                .parameter
                .into_iter()
                .filter(|parameter| parameter.unit.starts_with("money"))
            {
                let mut dated = Vec::new();
                for at in parameter.at {
                    let from = day(&at.from).ok_or_else(|| SettingsError::wrong(name, "a day is needed"))?;
                    let amount = |value: &toml::Value| {
                        let text = value.as_str().unwrap_or_default();
                        all.minor(text).ok_or_else(|| {
                            SettingsError::wrong(
                                name,
                                format!("{}: an amount such as \"12.50\" is needed", parameter.name),
                            )
                        })
                    };
                    let amounts = match (&at.value, &at.rows) {
                        // A table by codes, bounds or several keys is nothing that people are drawn by.
                        (_, Some(rows)) => Amounts::Table(
                            rows.iter()
                                .filter_map(|row| match row.as_slice() {
                                    [toml::Value::Integer(key), value] => Some((*key, value)),
                                    _ => None,
                                })
                                .map(|(key, value)| Ok((key, amount(value)?)))
                                .collect::<Result<_, SettingsError>>()?,
                        ),
                        (Some(value), None) => Amounts::One(amount(value)?),
                        // Worked out from other values, or not known.
                        (None, None) => continue,
                    };
                    dated.push((from, amounts));
                }
                dated.sort_by_key(|(from, _)| *from);
                all.by_name.insert(parameter.name, dated);
            }
        }
        Ok(all)
    }

    /// The code of the pack's first scheme of numbers with this check.
    pub(crate) fn scheme_code(&self, check: &str) -> String {
        let found = self.schemes.iter().find(|(of, _)| of == check);
        found.map_or_else(|| check.to_owned(), |(_, code)| code.clone())
    }

    /// The pack's currency.
    pub(crate) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    /// The minor units of an amount written with a point.
    pub(crate) fn minor(&self, text: &str) -> Option<i64> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let wanted = usize::try_from(self.decimals).unwrap_or(0);
        if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > wanted {
            return None;
        }
        format!("{whole}{part:0<wanted$}").parse().ok()
    }

    /// An amount as it is written, with a point: `152.88`.
    pub(crate) fn written(&self, money: Money) -> String {
        let unit = 10_u64.pow(self.decimals);
        let sign = if money.minor < 0 { "-" } else { "" };
        let minor = money.minor.unsigned_abs();
        if self.decimals == 0 {
            return format!("{sign}{minor}");
        }
        let width = usize::try_from(self.decimals).unwrap_or(0);
        format!("{sign}{}.{:0width$}", minor / unit, minor % unit)
    }

    /// Whether the pack has a parameter of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The amount in force on a day: of a table the greatest row up to the key. Nothing before the first.
    pub(crate) fn at(&self, name: &str, key: i64, on: Date) -> Option<i64> {
        let (_, amounts) = self
            .by_name
            .get(name)?
            .iter()
            .rev()
            .find(|(from, _)| *from <= on)?;
        match amounts {
            Amounts::One(minor) => Some(*minor),
            Amounts::Table(rows) => rows
                .iter()
                .filter(|(row, _)| *row <= key)
                .max_by_key(|(row, _)| *row)
                .map(|(_, minor)| *minor),
        }
    }

    /// The days on which an amount changes within `(from, until)`.
    pub(crate) fn changes(&self, name: &str, from: Date, until: Date) -> Vec<Date> {
        let dated = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        dated
            .iter()
            .map(|(day, _)| *day)
            .filter(|day| *day > from && *day < until)
            .collect()
    }
}
