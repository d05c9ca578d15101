//! Awards: what decisions granted, and what that yields month by month.

use crate::{
    Date, Id, Money, Per,
    amendments::AmendmentKind,
    common::{OfficeRef, Texts},
    organisations::Payee,
    persons::PersonCard,
    value,
};
use serde::{Deserialize, Serialize};

/// An award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Award {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Award>,
    /// The benefit's code.
    pub benefit: String,
    /// By language.
    pub benefit_name: Texts,
    /// Who has the right, or on whose account an organisation has it.
    pub beneficiary: PersonCard,
    /// The organisation that is handed the money, where it is not the beneficiary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<Payee>,
    /// The decision behind it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_number: Option<String>,
    /// The office.
    pub office: OfficeRef,
    /// How much.
    pub amount: Money,
    /// For what period.
    pub per: Per,
    /// No money is paid: cover, a service, a concession.
    #[serde(default)]
    pub in_kind: bool,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub starts: Date,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Date>,
    /// To be reviewed on.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<Date>,
    /// In force today.
    pub in_force: bool,
    /// In force, but nothing is due: suspended.
    #[serde(default)]
    pub suspended: bool,
}

/// An award with what later decisions made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AwardView {
    /// The award as it stands today.
    pub award: Award,
    /// As it was granted.
    pub granted: Money,
    /// What later decisions made of it, in order.
    pub turns: Vec<AwardTurn>,
    /// What the amount is the sum of today, each part with whether it is suspended; nothing where it has no parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartAmount>,
}

/// A part of an amount: the whole part, or one person's share of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PartRef {
    /// Its code in the benefit.
    pub code: String,
    /// Whose; everybody's where it is left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
}

/// A part of an amount with how much it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartAmount {
    /// Which.
    pub part: PartRef,
    /// By language.
    pub name: Texts,
    /// Whose, by name, where it is one person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_name: Option<String>,
    /// How much a month, also while it is suspended.
    pub amount: Money,
    /// It is suspended, and so not paid.
    pub suspended: bool,
}

/// What a later decision made of an award.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AwardTurn {
    /// The later decision.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub amendment: Id<value::Amendment>,
    /// What it does.
    pub kind: AmendmentKind,
    /// From this day on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The new amount, for a change, or for a part that is suspended or resumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Only this part of the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartRef>,
}

/// What an award yields for one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entitlement {
    /// The first day of the month.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub month: Date,
    /// How much.
    pub amount: Money,
}

/// Whose awards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AwardsQuery {
    /// Of this person.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
