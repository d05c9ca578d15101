//! Second decisions: where a second body has to decide before anything is granted.

use crate::{
    Date, Id, Timestamp,
    amendments::AmendmentSummary,
    common::{OfficeRef, OfficerRef, Texts},
    decisions::{Delivery, LetterState},
    value,
};
use serde::{Deserialize, Serialize};

/// The second body's decision on what the first one granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The first decision, as the officer saw it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub decision: Id<value::Decision>,
    /// What is decided.
    pub says: Says,
    /// Why: 3 to 2,000 characters, for a refusal and a return; a decision is confirmed as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a second body says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// Confirmed as it stands: what was granted enters into force.
    Confirm,
    /// Refused: nothing is granted.
    Refuse,
    /// Sent back: the first decision has no effect, its application is looked at again.
    Return,
}

/// The second body beside a decision that needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Second {
    /// The body's name, by language.
    pub body: Texts,
    /// It has not decided yet: nothing is granted so far.
    pub waits: bool,
    /// The office that decides, once it is its turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeRef>,
    /// The last day of its term.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Something was learnt since the assessment on which the first decision rests: to be looked at before it is confirmed.
    #[serde(default)]
    pub learnt_since: bool,
    /// What it decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// What it decided before and was annulled alone, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Confirmation>,
}

/// What a second body decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confirmation {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Confirmation>,
    /// The office that decided.
    pub office: OfficeRef,
    /// What.
    pub says: Says,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `AJPIS-CJ-R-2026/1`; none where the decision was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Who decided.
    pub by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// The approver for whom they signed as deputy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy_for: Option<OfficerRef>,
    /// The letter; none where the decision was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<LetterState>,
    /// How it was served, and until when an appeal against it may be made.
    #[serde(default)]
    pub delivery: Delivery,
    /// It was annulled, alone or with the first decision.
    #[serde(default)]
    pub annulled: bool,
    /// Later decisions on it, newest first, at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<AmendmentSummary>,
    /// What this officer may propose on it: `correct`, `annul`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may: Vec<String>,
}
