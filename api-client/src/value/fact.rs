use super::{Date, Id, Money, Person};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The period an amount of money is for. An amount per month is not an amount per year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// A single amount.
    Once,
    /// For each calendar month.
    Month,
    /// For each calendar year.
    Year,
}

/// One row of a fact that is a list (a vehicle, a parcel, one month's income from one payer).
pub type Record = BTreeMap<String, FactValue>;

/// What a fact says. There is no null: what is not known is not there.
///
/// On the wire `{"type": "money", "value": {"minor": 15288, "currency": "EUR"}}`; decimals are strings (`"12.50"`), exact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(
    tag = "type",
    content = "value",
    rename_all = "kebab-case",
    deny_unknown_fields
)]
pub enum FactValue {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact decimal number, written with a point.
    Decimal(String),
    /// An amount; what period it is for stands in the fact's definition.
    Money(Money),
    /// A day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    Date(Date),
    /// Free text.
    Text(String),
    /// An entry of one of the pack's code lists, by its code.
    Code(String),
    /// A person known to the office, in a named role of a claim (the child, the deceased).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    Person(Id<Person>),
    /// A list of rows. Empty means: asked, nothing there.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    Rows(Vec<Record>),
}
