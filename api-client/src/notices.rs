//! Notices: what another institution is told of a decision, and whether it has it.

use crate::{Id, Timestamp, common::Texts, value};
use serde::{Deserialize, Serialize};

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NoticeState {
    /// Being sent, again until the institution answers.
    Waiting,
    /// The institution has it.
    Taken,
    /// The institution does not take it, and says why.
    Refused,
    /// The institution did not answer in many tries.
    Silent,
}

/// A message to another institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Notice>,
    /// The service's code.
    pub service: String,
    /// What it is for.
    pub service_name: Texts,
    /// Who is told.
    pub institution: Texts,
    /// Where it stands.
    pub state: NoticeState,
    /// When it was posted, the last time.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub posted_at: Timestamp,
    /// When the institution answered, or was given up.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// The institution's receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    /// What this officer may do now: `send`.
    #[serde(default)]
    pub may: Vec<String>,
}
