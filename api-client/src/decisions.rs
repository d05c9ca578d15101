//! Decisions and their letters.

use crate::{
    Date, Id, Money, Per, Timestamp,
    amendments::AmendmentSummary,
    applications::{AmountSet, ApplicationSummary, Recommendation},
    assessments::{Amount, Outcome},
    common::OfficerRef,
    confirmations::Second,
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
    /// What was granted in money, where it differs from what was assessed: a part, or an amount that the officers set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<Money>,
    /// The amount that the second officer confirmed or changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_set: Option<AmountSet>,
    /// The second officer's paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<String>,
    /// The approver for whom the second officer signed as deputy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy_for: Option<OfficerRef>,
    /// How it was served, and until when an appeal may be made.
    #[serde(default)]
    pub delivery: Delivery,
    /// Later decisions on it or on its award, newest first, at most 50.
    #[serde(default)]
    pub amendments: Vec<AmendmentSummary>,
    /// It has been annulled.
    #[serde(default)]
    pub annulled: bool,
    /// The second body, where nothing is granted before it has decided too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Second>,
    /// What this officer may propose on it: `correct`, `annul`.
    #[serde(default)]
    pub may: Vec<String>,
}

/// How a letter was served.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// The day on which it counts as served.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_on: Option<Date>,
    /// The last day of the term for an appeal.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_until: Option<Date>,
    /// The day on which it becomes final where nobody appeals.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_on: Option<Date>,
}

/// One attempt to serve a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// The day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
    /// What happened.
    pub how: DeliveryHow,
    /// Who took it, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Who wrote it down.
    pub by: OfficerRef,
}

/// What happened to a letter on its way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryHow {
    /// Handed over in person.
    #[default]
    Handed,
    /// Brought by post and received.
    Post,
    /// Refused by the addressee: served on that day.
    Refused,
    /// Put on the notice board: served so many days later as the pack says.
    NoticeBoard,
    /// Came back by post: not served.
    Returned,
}

/// An application that a first officer has recommended, in the list from which many are decided at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadyToDecide {
    /// The application.
    pub application: ApplicationSummary,
    /// Its revision.
    pub revision: i64,
    /// The assessment it rests on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub assessment: Id<value::Assessment>,
    /// What was recommended.
    pub outcome: Outcome,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// For what period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// The first officer.
    pub recommended_by: OfficerRef,
    /// Why it must be decided by itself: `second-officer-needed`, `amount-needed`, `assessment-outdated`; none where it may be marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barred: Option<String>,
}

/// Which recommended applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ReadyQuery {
    /// The benefit's code.
    pub benefit: String,
    /// What was recommended: `grant` or `refuse`.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub outcome: Outcome,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Decide many that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideMany {
    /// The one outcome of all.
    pub outcome: Outcome,
    /// 1 to 200, each once.
    pub items: Vec<Marked>,
}

/// One of them, as the officer saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Marked {
    /// The application.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub application: Id<value::Application>,
    /// Its revision.
    pub revision: i64,
    /// The assessment.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub assessment: Id<value::Assessment>,
}

/// What became of them: each was decided in a transaction of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecidedMany {
    /// Decided, in the order asked.
    pub decided: Vec<DecidedOne>,
    /// Left as they were, each with why.
    pub left: Vec<LeftOne>,
}

/// One that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecidedOne {
    /// The application.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub application: Id<value::Application>,
    /// The decision.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub decision: Id<value::Decision>,
    /// Its number.
    pub number: String,
}

/// One that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeftOne {
    /// The application.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub application: Id<value::Application>,
    /// The slug of the problem: `changed-meanwhile`, `second-officer-needed`, `assessment-outdated` …
    pub problem: String,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
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
    /// The day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
    /// What happened; handed over when not said.
    #[serde(default)]
    pub how: DeliveryHow,
    /// Who took it: at most 200 characters; the addressee when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}
