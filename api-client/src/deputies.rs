//! Deputies of absent approvers, and the hand-over of what an officer leaves open.

use crate::{
    Date, Id, Timestamp,
    common::{OfficeRef, OfficerRef, Texts},
    value,
};
use serde::{Deserialize, Serialize};

/// Name a deputy: who decides for an absent approver of an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDeputy {
    /// The office, by code; the session's when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// The approver who is away, by account; oneself when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
    /// Who decides meanwhile, by account: somebody who works in the same office.
    pub deputy: String,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Last day, inclusive; at most a year later.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: Date,
}

/// A deputy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deputy {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Deputy>,
    /// Where.
    pub office: OfficeRef,
    /// Who is away.
    pub absent: OfficerRef,
    /// Who decides meanwhile.
    pub deputy: OfficerRef,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Last day, inclusive.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: Date,
    /// Decides today.
    pub active: bool,
    /// When it was ended before its last day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// What an officer leaves open: no names of people, so that an administrator may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenWork {
    /// A step of a matter that is theirs; none for a draft.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Id<value::StepRun>>,
    /// The matter or draft.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub matter: Id<value::Matter>,
    /// The step's name, by language; empty for a draft.
    #[serde(default)]
    pub name: Texts,
    /// The matter's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The benefit's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<String>,
    /// The last day of the step's term.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Who has it; after a hand-over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<OfficerRef>,
}

/// Give everything that an officer leaves open to others, in turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// 1 to 20 accounts; each gets what their roles allow, the earliest due first.
    pub to: Vec<String>,
}

/// What was handed over, and what nobody among them may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandedOver {
    /// Each with who has it now.
    pub given: Vec<OpenWork>,
    /// Given back to the office's queue, because none of those named may do it.
    pub left: Vec<OpenWork>,
}
