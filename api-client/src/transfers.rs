//! Transfers: a dossier goes to another centre with everything that runs; one asks, the other accepts.

use crate::{
    Id, Timestamp,
    common::{OfficeRef, OfficerRef},
    persons::PersonCard,
    value,
};
use serde::{Deserialize, Serialize};

/// Ask another centre to take over a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskTransfer {
    /// The office's code.
    pub to: String,
    /// Why: 3 to 2,000 characters.
    pub reason: String,
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transfer {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Letter>,
    /// Whose dossier.
    pub person: PersonCard,
    /// From where.
    pub from: OfficeRef,
    /// To where.
    pub to: OfficeRef,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub asked_at: Timestamp,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<OfficerRef>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// Taken over, or not; absent while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<bool>,
    /// In the words of whoever did not take it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Applications with their matters that went along, or would go now while it waits.
    pub applications: u32,
    /// The same of awards.
    pub awards: u32,
    /// The same of cases of social work; restricted ones stay with whoever is named on them.
    #[serde(default)]
    pub cases: u32,
    /// What this officer may do now: `accept`, `refuse`.
    #[serde(default)]
    pub may: Vec<String>,
}
