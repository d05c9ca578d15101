//! Running procedures, whatever their kind, and the work queue.

use crate::{
    Date, Id, Timestamp,
    assessments::Answer,
    common::{OfficeRef, OfficerRef, Texts},
    persons::{PersonCard, SourceKind},
    value,
};
use serde::{Deserialize, Serialize};

/// A running procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Matter {
    /// Which; an application shares it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Matter>,
    /// For `If-Match`.
    pub revision: i64,
    /// The procedure's id.
    pub procedure: String,
    /// The procedure's version: the one it began with, or was moved to.
    pub version: u32,
    /// Whether it runs on the version of the pack that is in force. Where not, an officer may move it there, with a reason.
    pub in_force: bool,
    /// The office that handles it.
    pub office: OfficeRef,
    /// `running`, `ended`.
    pub state: String,
    /// In order of opening.
    pub steps: Vec<Step>,
}

/// A step of a running procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::StepRun>,
    /// The step's key in the procedure.
    pub key: String,
    /// By language.
    pub name: Texts,
    /// Its kind.
    pub kind: String,
    /// Who does it.
    pub role: String,
    /// Where it stands.
    pub state: StepState,
    /// Due on, where it is due.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Who took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<OfficerRef>,
    /// When it opened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Timestamp,
    /// When it was done.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<OfficerRef>,
    /// Why it was opened again or dropped, in the officer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The legal act that completes it; the generic route refuses those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// The form that is filled in by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// The office that works on it, where that is not the matter's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeRef>,
    /// What this officer may do with it: `start`, `complete`, `reopen`, `assign`.
    pub may: Vec<String>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// To be done.
    Open,
    /// Somebody is at it.
    Started,
    /// Done.
    Done,
    /// No longer needed.
    Dropped,
}

/// Complete a step; where it has a form, with what was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CompleteStep {
    /// The day the form speaks of, that of a visit: from the beginning of the matter until today; today when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// What was filled in; nothing for a step without a form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// A form that was filled in at a step. Nothing in it is ever overwritten: a step that is opened again and completed gives a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepSheet {
    /// This version.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::StepSheet>,
    /// The step's key.
    pub step: String,
    /// The form.
    pub form: String,
    /// Its title.
    pub title: Texts,
    /// From 1.
    pub version: u32,
    /// Whose word its facts are.
    pub source: SourceKind,
    /// The day it speaks of.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
    /// What was filled in.
    pub answers: Vec<Answer>,
    /// When it was handed in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: OfficerRef,
}

/// Give a step to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// To whom; to nobody when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<Id<value::Officer>>,
}

/// An open step that somebody has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// The step.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::StepRun>,
    /// The matter.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub matter: Id<value::Matter>,
    /// The step's key.
    pub step: String,
    /// Its name.
    pub name: Texts,
    /// Its kind.
    pub kind: String,
    /// The legal act, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// The form that is filled in by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Who does it.
    pub role: String,
    /// The matter's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The benefit's code, for an application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<String>,
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonCard>,
    /// Due on.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Past its due date.
    pub overdue: bool,
    /// Who took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<OfficerRef>,
    /// When it opened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Timestamp,
    /// A second officer is needed and this one was the first, or another office does it.
    pub blocked: bool,
    /// The office that does it, where that is not the matter's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeRef>,
    /// What it is about besides the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<TaskAbout>,
}

/// What a matter is about besides its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskAbout {
    /// What has to be looked at, as a code: `award-of-the-dead` (it ends with the day), `award-of-the-household` (it is to be assessed anew),
    /// `matter-after-death`.
    pub what: String,
    /// The award.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Id<value::Award>>,
    /// The matter.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Id<value::Matter>>,
    /// The day that counts: the first one without the right.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

/// Which part of the work queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Queue {
    /// Taken by me, or open for my roles.
    Mine,
    /// All of my office.
    Office,
    /// Past their due date.
    Overdue,
}

/// Which part of the work queue, and which page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct TasksQuery {
    /// `mine` when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Queue>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
