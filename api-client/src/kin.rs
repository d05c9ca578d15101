//! Dossiers an officer does not work on: their own, and those of relatives.

use crate::{Timestamp, common::OfficerRef};
use serde::{Deserialize, Serialize};

/// Whose dossier it is to the officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KinOf {
    /// The officer's own.
    Own,
    /// A relative's.
    Relative,
}

/// Declare that a dossier is one's own or a relative's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclareKin {
    /// The dossier's number.
    pub dossier: String,
    /// Whose it is.
    pub kin: KinOf,
}

/// A dossier that an officer does not work on. The family that lives with its person is not worked on either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kin {
    /// The dossier's number.
    pub dossier: String,
    /// Whose it is.
    pub kin: KinOf,
    /// When it was declared; unknown for what was declared at the command line of earlier versions.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_at: Option<Timestamp>,
    /// By whom: the officer, or an administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_by: Option<OfficerRef>,
}
