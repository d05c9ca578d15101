//! Applications, the evidence behind them, and their way to a decision.

use crate::{
    Date, Id, Money, Timestamp,
    assessments::{Answer, Assessment, MissingFact, Outcome},
    common::{OfficeRef, OfficerRef, Texts},
    dossiers::Overlap,
    lodgings::{Lodging, Paper},
    matters::Step,
    notices::Notice,
    organisations::{ChosenProvider, OrganisationCard},
    persons::{HouseholdView, PersonCard},
    standing::{Choice, StandingLine},
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
    /// Who applies; of a benefit that organisations ask for, the person on whose account one does: the employee.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub applicant: Id<value::Person>,
    /// The organisation that applies; only for benefits that organisations ask for, and needed there.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Id<value::Organisation>>,
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
    /// Granted by the first of two bodies; nothing is awarded before the second one has confirmed it.
    Confirming,
    /// Not taken up: dismissed, or forwarded to the competent body.
    Dismissed,
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
    /// Who applies, or on whose account an organisation does.
    pub applicant: PersonCard,
    /// The organisation that applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationCard>,
    /// On whose account, by name, where that is somebody else: the same may be asked for on account of another child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
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
    /// The provider who is paid, once one is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ChosenProvider>,
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
    /// What this officer may do now: `save`, `lodge`, `withdraw`, `ask-evidence`, `assess`, `recommend`, `decide`, `return`, `deliver`,
    /// `dismiss`, `decide-dismissal`, `deliver-dismissal`.
    pub may: Vec<String>,
    /// The recommendation, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<Recommendation>,
    /// Why it was sent back, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
    /// How it was first handed in, with its receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lodging: Option<Lodging>,
    /// How the day on which the decision is due is worked out; none for a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// The dismissal, proposed or decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dismissal: Option<Dismissal>,
    /// The confirmation of its withdrawal, where it was lodged before and the country gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<Paper>,
}

/// The term for the decision and how its last day comes about: it stands still while the applicant completes what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Term {
    /// Runs from the day after this one.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Its last day, had it never stood still.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub first_due_on: Date,
    /// When it stood still.
    pub pauses: Vec<Pause>,
    /// Days it has stood still by now, in all.
    pub stood_still: u32,
    /// Its last day as it stands; none while it stands still.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

/// The term stood still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pause {
    /// From this day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Until this day, from which it runs on; none while it lasts.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Propose that an application is not taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Dismiss {
    /// A code of the list `dismissal_reasons`. `not-completed` needs a lapsed term, `not-competent` a body to forward to.
    pub reason: String,
    /// Why, in words that are printed: 3 to 2,000 characters.
    pub words: String,
    /// The competent body, with its address: 3 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_to: Option<String>,
}

/// A dismissal: a legal act of two officers. It awards nothing and says nothing about the right itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dismissal {
    /// Which; its letter is the paper of the same id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Letter>,
    /// A code of the list `dismissal_reasons`.
    pub reason: String,
    /// Its name.
    pub reason_name: Texts,
    /// Why, in words.
    pub words: String,
    /// The competent body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_to: Option<String>,
    /// The first officer.
    pub proposed_by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub proposed_at: Timestamp,
    /// The second officer, once decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<OfficerRef>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// `CSR-01-O-2025/2`, once decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where its letter stands, once decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<crate::decisions::LetterState>,
    /// The day it was delivered; the term for appeal runs from it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<Date>,
}

/// Take an application back, by the applicant's written word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Why: 3 to 2,000 characters.
    pub reason: String,
    /// What the applicant wrote or signed: title, number, day. Needed once it is lodged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// The answer to lodging: the status, at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lodged {
    /// As it stands now.
    pub application: Application,
    /// The status.
    pub status: Status,
    /// The receipt, where the country has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Paper>,
}

/// What is known at the moment of lodging.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// Earlier and current benefits of the household in the whole country, and incompatibilities.
    pub overlaps: Vec<Overlap>,
    /// Households, files and dossiers at once, rights that run out, durations: each with its reason.
    #[serde(default)]
    pub lines: Vec<StandingLine>,
    /// What cannot be held beside it, and what each choice is worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
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
    /// A paragraph of the reasoning, printed in the letter: plain text, at most 1,500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<String>,
    /// What is not granted of what was asked, each with its reason: at most 20, only beside `grant`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Without>,
    /// The amount, where the officers set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountSet>,
}

/// A part of what was asked that is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Without {
    /// What.
    pub part: Part,
    /// Why: 3 to 2,000 characters, printed in the letter.
    pub reason: String,
}

/// What of an application is refused while the rest is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Part {
    /// A member of the household: the rules are run without them.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    Person(Id<value::Person>),
    /// Days at the beginning: the right starts on this later day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    Before(Date),
    /// Days at the end: the right ends before this earlier day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    After(Date),
    /// Something else that was asked for, in words: 3 to 200 characters. The amount stays.
    Component(String),
}

/// An amount that an officer sets within the rule's limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AmountSet {
    /// How much.
    pub money: Money,
    /// Why: 3 to 2,000 characters, printed in the letter.
    pub reason: String,
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
    /// A paragraph of the second officer, printed in the letter: plain text, at most 1,500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<String>,
    /// The amount, where the officers set it: confirmed or changed, with the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountSet>,
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
    /// The paragraph of the reasoning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<String>,
    /// What is not granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Without>,
    /// The amount the first officer set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountSet>,
    /// By whom.
    pub by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}
