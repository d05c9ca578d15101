//! Protected addresses: where somebody lives, known only to those who must know it.

use crate::{
    Date, Id, Timestamp,
    common::OfficerRef,
    value::{Officer, Person, Protection},
};
use serde::{Deserialize, Serialize};

/// Why an address is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The person is in a shelter.
    Shelter,
    /// A court has ordered it.
    CourtOrder,
    /// The centre found that the person would be in danger.
    Danger,
}

/// Protect an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProtectAddress {
    /// Why.
    pub ground: Ground,
    /// The paper behind it: title, number, date.
    pub proof: String,
    /// The day after the last; until it is ended when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Where the person lives now, where that is known: kept only here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// People who live there too, children above all: their addresses are protected with it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, format = Uuid))]
    pub with: Vec<Id<Person>>,
    /// Officers who may open it beside the one who protects it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, format = Uuid))]
    pub officers: Vec<Id<Officer>>,
}

/// That an address is protected: what everybody who handles the dossier has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProtectionView {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Protection>,
    /// The address that stands everywhere instead: the office's.
    pub instead: String,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub since: Timestamp,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// This officer may open it.
    pub may_open: bool,
    /// Why; only for those who may open it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// The officers who may open it; only for those who may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub officers: Vec<OfficerRef>,
}

/// The address, opened: the only answer of the API that holds one that is protected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenedAddress {
    /// Where the person lives; none where it is not known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The paper behind the protection.
    pub proof: String,
}

/// Another address of somebody whose address is protected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeProtected {
    /// Where the person lives now.
    pub address: String,
    /// Why it is written down.
    pub reason: String,
}
