//! Applications, the evidence behind them, and their way to a decision.

use crate::{
    Date, Id, Timestamp,
    assessments::{Answer, Assessment, MissingFact, Outcome},
    common::{OfficeRef, OfficerRef, Texts},
    dossiers::Overlap,
    matters::Step,
    notices::Notice,
    persons::{HouseholdView, PersonCard},
    value,
};
use serde::{Deserialize, Serialize};

/// Open a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// The benefit's code.
    pub benefit: String,
    /// Who applies.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub applicant: Id<value::Person>,
    /// What is typed so far.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

/// Save a draft: replaces all answers. Needs `If-Match`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// All that is typed.
    pub answers: Vec<Answer>,
}

/// The legal state of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationState {
    /// Being typed.
    Draft,
    /// Lodged, being handled.
    Lodged,
    /// A first officer has recommended.
    Recommended,
    /// Decided.
    Decided,
    /// Sent back to the applicant for completion.
    Returned,
    /// Withdrawn by the applicant.
    Withdrawn,
}

/// An application, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApplicationSummary {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Application>,
    /// Drawn when it is lodged: `CSR-01-Z-2025/18`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The benefit's code.
    pub benefit: String,
    /// Its name.
    pub benefit_name: Texts,
    /// Who applies.
    pub applicant: PersonCard,
    /// Where it stands.
    pub state: ApplicationState,
    /// The office that handles it.
    pub office: OfficeRef,
    /// The day it was lodged.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lodged_on: Option<Date>,
    /// Due on.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The outcome of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The decision, if any.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Application {
    /// In short.
    pub summary: ApplicationSummary,
    /// For `If-Match`.
    pub revision: i64,
    /// When the draft was opened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: OfficerRef,
    /// What was typed.
    pub answers: Vec<Answer>,
    /// The household of the applicant on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdView>,
    /// The steps of the procedure, in order; none for a draft.
    pub steps: Vec<Step>,
    /// Other institutions that were told of its decision.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// What this officer may do now: `save`, `lodge`, `withdraw`, `ask-evidence`, `assess`, `recommend`, `decide`, `return`, `deliver`.
    pub may: Vec<String>,
    /// The recommendation, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<Recommendation>,
    /// Why it was sent back, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
}

/// The answer to lodging: the status, at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lodged {
    /// As it stands now.
    pub application: Application,
    /// The status.
    pub status: Status,
}

/// What is known at the moment of lodging.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// Earlier and current benefits of the household in the whole country, and incompatibilities.
    pub overlaps: Vec<Overlap>,
    /// What the rules say on the facts known at this moment.
    pub assessment: Assessment,
    /// Facts that neither a register will bring nor the applicant has given.
    pub missing: Vec<MissingFact>,
    /// The registers that will be asked.
    pub services: Vec<String>,
    /// The decision is due on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub due_on: Date,
}

/// Why a matter was sent back for completion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Returned {
    /// In the officer's words.
    pub reason: String,
    /// Until when the applicant may complete it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: Date,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// By whom.
    pub by: OfficerRef,
}

/// The evidence of an application: one item for each service and person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceRound {
    /// In the benefit's order.
    pub items: Vec<EvidenceItem>,
    /// Nothing is waiting any more.
    pub complete: bool,
}

/// One question to a register, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceItem {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Evidence>,
    /// The service's code.
    pub service: String,
    /// By language.
    pub name: Texts,
    /// The institution's name, by language.
    pub institution: Texts,
    /// About whom.
    pub person: PersonCard,
    /// Where it stands.
    pub state: EvidenceState,
    /// When it was asked.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub asked_at: Timestamp,
    /// When it was answered.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// The message's id: the same in every repetition.
    pub message: String,
    /// How often it was asked.
    pub tries: u32,
    /// Names of the facts this service can bring: what a document in its place may prove.
    #[serde(default)]
    pub gives: Vec<String>,
    /// How many facts it brought.
    pub facts: u32,
    /// Facts that contradict what was declared.
    pub contradicts: u32,
    /// What went wrong, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Where a question to a register stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceState {
    /// Asked, no answer yet.
    Waiting,
    /// Answered with data.
    Answered,
    /// Answered: nothing there.
    Nothing,
    /// No answer in time: not verified. A task asks for a document.
    Silent,
    /// The answer could not be used (garbled, about another person, too large).
    Unusable,
    /// Replaced by a document or a finding.
    Replaced,
}

/// Write in what a register did not answer, from a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplaceEvidence {
    /// Which facts about the person the document proves.
    pub facts: Vec<Answer>,
    /// What document: title, number, date.
    pub document: String,
}

/// A recommendation of a first officer, or the decision of the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Recommend {
    /// The assessment it rests on: must be the newest and not outdated.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub assessment: Id<value::Assessment>,
    /// `grant` or `refuse`.
    pub outcome: Outcome,
    /// What the officer confirmed on conditions of unconfirmed law, and on facts that no register verified.
    #[serde(default)]
    pub confirmed: Vec<Confirmed>,
    /// A free remark for the second officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An officer's word on a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// The condition's id.
    pub condition: String,
    /// It is met.
    pub met: bool,
    /// Why: 3 to 2,000 characters.
    pub reason: String,
}

/// Decide what was recommended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// The assessment that the second officer saw.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub assessment: Id<value::Assessment>,
    /// The same outcome as recommended; to disagree, return it.
    pub outcome: Outcome,
}

/// Send back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// To `applicant` (request for completion) or to `assessment` (to the first officer).
    pub to: ReturnTo,
    /// In words; printed in the request for completion.
    pub reason: String,
}

/// Where something is sent back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReturnTo {
    /// The applicant completes it.
    Applicant,
    /// The first officer looks again.
    Assessment,
}

/// A recommendation as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recommendation {
    /// The assessment it rests on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub assessment: Id<value::Assessment>,
    /// `grant` or `refuse`.
    pub outcome: Outcome,
    /// What was confirmed.
    pub confirmed: Vec<Confirmed>,
    /// The remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// By whom.
    pub by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}
