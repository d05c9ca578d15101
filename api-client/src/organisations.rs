//! Organisations: legal bodies and people in business who are a party themselves. Employers apply on account of an employee; providers are paid
//! for what a beneficiary is given.

use crate::{Date, Id, persons::NationalId, value};
use serde::{Deserialize, Serialize};

/// An organisation, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationCard {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Organisation>,
    /// As it is registered.
    pub name: String,
    /// The number it is registered by: the scheme's code and the number.
    pub number: NationalId,
    /// Where letters go.
    pub address: String,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organisation {
    /// In short.
    pub card: OrganisationCard,
    /// For `If-Match`.
    pub revision: i64,
    /// Where it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// How it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// A natural person in business.
    pub sole_trader: bool,
    /// What it is registered for as a provider, past entries too.
    pub services: Vec<ProviderEntry>,
}

/// What is written of an organisation: to register it, or in place of what stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KeepOrganisation {
    /// As it is registered: 2 to 200 characters.
    pub name: String,
    /// The number it is registered by. It never changes afterwards.
    pub number: NationalId,
    /// Where letters go: 3 to 200 characters.
    pub address: String,
    /// Where it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// How it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// A natural person in business.
    #[serde(default)]
    pub sole_trader: bool,
}

/// Look for organisations: the beginnings of words of a name, or of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SearchOrganisations {
    /// What is typed: at most 200 characters. Without it nothing is found, unless a service is named.
    #[serde(default)]
    pub text: String,
    /// Only those that are registered for this on the day: a code of the register's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// An entry of a register of providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProviderEntry {
    /// Id of the register.
    pub register: String,
    /// What it is registered for: a code of the register's list.
    pub service: String,
    /// The contract or licence it rests on: 1 to 100 characters.
    pub contract: String,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Choose the provider who is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChooseProvider {
    /// An organisation that is registered for one of the benefit's services.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub organisation: Id<value::Organisation>,
    /// For which.
    pub service: String,
}

/// The provider chosen for an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChosenProvider {
    /// Who.
    pub organisation: OrganisationCard,
    /// For which service.
    pub service: String,
}

/// The organisation that is handed the money of an award, as it stood when it was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payee {
    /// `applicant`: it asked itself and has the right; `provider`: it gives the beneficiary what is paid for.
    pub role: PayeeRole,
    /// Who, as it was called then.
    pub organisation: OrganisationCard,
    /// Where it is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// For which service, of a provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

/// As what an organisation is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PayeeRole {
    /// It asked, and the right is its own.
    Applicant,
    /// It gives what is paid for.
    Provider,
}
