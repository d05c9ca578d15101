//! Refusals and problems: RFC 9457, `application/problem+json`.

use crate::persons::Candidate;
use serde::{Deserialize, Serialize};

/// What happened, what it means and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI reference that names the kind of problem: `/problems/` and its slug.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words, always the same.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This problem, for the person at the screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The number of the request, to quote to the administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// People already known who may be the same one (with `likely-duplicates`), or who bears the number (with `number-taken`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// The revision that stands now (only with `changed-meanwhile`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// Officers who may do it instead (only with `own-dossier`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub officers: Vec<crate::common::OfficerRef>,
}

/// One field's mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// A JSON pointer (RFC 6901) into the request's body, `/answers/3/value`; or the name of a parameter.
    pub pointer: String,
    /// A stable code, kebab-case.
    pub code: String,
    /// In words.
    pub message: String,
}

impl Problem {
    /// The stable slug: the last part of the type.
    pub fn slug(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or(&self.kind)
    }
}
