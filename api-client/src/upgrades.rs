//! New versions of the pack: what is kept, what would change, and the two administrators who put a version in force.

use crate::{Date, Id, Timestamp, common::OfficerRef, value::Upgrade};
use serde::{Deserialize, Serialize};

/// A version of the pack that the store keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackVersion {
    /// Its hash, over all its files.
    pub hash: String,
    /// When it came to the store.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub kept_at: Timestamp,
    /// Whether it is the one in force.
    pub in_force: bool,
    /// Matters that run on it.
    pub running: i64,
}

/// One difference between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackChange {
    /// The file in the pack.
    pub file: String,
    /// Where in it: `condition income, when`. Empty for the file as a whole.
    pub place: String,
    /// What stood there; absent where it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What stands there now; absent where it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
}

/// How far an upgrade is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UpgradeState {
    /// A second administrator activates or withdraws it.
    Proposed,
    /// In force from its day on, until another one is.
    Activated,
    /// Taken back.
    Withdrawn,
}

/// A version of the pack on its way into force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackUpgrade {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Upgrade>,
    /// For `If-Match`.
    pub revision: i64,
    /// The version.
    pub hash: String,
    /// The version that was in force when it was proposed, with which it was compared; absent for the first one of a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// How far it is.
    pub state: UpgradeState,
    /// The first day on which it is in force.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// What was said to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who proposed it.
    pub proposed_by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub proposed_at: Timestamp,
    /// Who activated or withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<OfficerRef>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
}

/// Propose a version that the store keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposeUpgrade {
    /// The version's hash.
    pub hash: String,
    /// The first day on which it is to be in force: today or later, within a year.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// What the second administrator should know; up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What it would mean to move a running matter to the version of the pack that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatterVersion {
    /// The matter's revision, for `If-Match` of the move.
    pub revision: i64,
    /// The version it runs on.
    pub runs_on: String,
    /// The version that is in force.
    pub in_force: String,
    /// Whether the version in force has a place for where the matter stands. Where not, the move is refused.
    pub fits: bool,
    /// The differences that concern this matter: its benefit, its procedure, and what all share. At most 200.
    pub changes: Vec<PackChange>,
    /// Differences beyond those.
    pub more: i64,
}
