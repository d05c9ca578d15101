//! Decisions and their letters.

use crate::{
    Date, Id, Timestamp,
    applications::{ApplicationSummary, Recommendation},
    assessments::{Amount, Outcome},
    common::OfficerRef,
    value,
};
use serde::{Deserialize, Serialize};

/// A decision: the legal act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decision {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Decision>,
    /// `CSR-01-R-2025/9`.
    pub number: String,
    /// On which application.
    pub application: ApplicationSummary,
    /// `grant` or `refuse`.
    pub outcome: Outcome,
    /// What was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// First day of the right.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Date>,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Date>,
    /// To be reviewed on.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<Date>,
    /// The assessment it rests on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub assessment: Id<value::Assessment>,
    /// The first officer's.
    pub recommendation: Recommendation,
    /// The second officer.
    pub decided_by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub decided_at: Timestamp,
    /// The letter.
    pub letter: LetterState,
    /// The day it was delivered; the term for appeal runs from it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<Date>,
    /// The award, if granted.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Id<value::Award>>,
}

/// Where the letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LetterState {
    /// Decided; the letter is being made.
    Making,
    /// Ready to be read and printed.
    Ready,
    /// Could not be made; the administrator is told.
    Failed,
}

/// In which shape the letter is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct LetterQuery {
    /// `pdf` when not said; `text` and `html` for screens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<LetterForm>,
    /// Characters a line, 40 to 200; only for `text`.
    #[cfg_attr(feature = "openapi", param(minimum = 40, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
}

/// A shape of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LetterForm {
    /// PDF/A with tags.
    Pdf,
    /// For the terminal.
    Text,
    /// A page.
    Html,
}

/// Note that the letter was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Deliver {
    /// The day it was handed over.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
}
