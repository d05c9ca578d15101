//! Amendments: later decisions that change, suspend, resume or end an award, and those that correct or annul a decision.

use crate::{
    Date, Id, Money, Per, Timestamp,
    applications::{Confirmed, Returned},
    assessments::{Assessment, StoredAssessment},
    awards::{Entitlement, PartRef},
    common::{OfficeRef, OfficerRef, Texts},
    confirmations::{Says, Second},
    decisions::{Delivery, LetterState},
    matters::Step,
    notices::Notice,
    persons::PersonCard,
    value,
};
use serde::{Deserialize, Serialize};

/// What a later decision does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AmendmentKind {
    /// Another amount from a month on.
    Change,
    /// Nothing is due from a month on, until it is resumed.
    Suspend,
    /// Due again from a month on.
    Resume,
    /// No right from a month on.
    End,
    /// A clerical error of a decision is put right; its content stays.
    Correct,
    /// A decision loses its effect.
    Annul,
}

/// Where a later decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AmendmentState {
    /// To be looked at by a first officer.
    Open,
    /// A first officer has recommended it.
    Recommended,
    /// Decided by the first of two bodies: nothing changes before the second one has decided too.
    Confirming,
    /// Decided.
    Decided,
    /// The second body did not confirm it: nothing changes. What it sent back stands anew as a task of its own.
    Refused,
    /// Given up without a decision.
    Dropped,
}

/// One clerical error and how it reads right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// As it stands in the letter: 1 to 500 characters, word for word.
    pub was: String,
    /// As it should: 1 to 500 characters.
    pub is: String,
}

/// What a later decision is to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// The first day of the month from which it holds; not for a correction, and none for an annulment as if the decision had never been.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// A code of the pack's `amendment_reasons`.
    pub reason: String,
    /// What is corrected: 1 to 20; only for a correction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// The officer's word on what nothing proves; only for a change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<Confirmed>,
    /// Only this part of the amount, or one person's share of it; only to suspend or resume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartRef>,
    /// A paragraph of the reasoning: plain text, at most 1,500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<String>,
}

/// Recommend a later decision on an award, a decision, a second decision or another later decision: exactly one of the four.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAmendment {
    /// What it does.
    pub kind: AmendmentKind,
    /// The award it changes, suspends, resumes or ends.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Id<value::Award>>,
    /// The decision it corrects or annuls.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
    /// The later decision it corrects or annuls; an annulment itself is only corrected.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<Id<value::Amendment>>,
    /// The second body's decision it corrects or annuls: a matter of that body alone.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Id<value::Confirmation>>,
    /// What it says.
    pub says: Proposed,
}

/// The second body's decision on a later decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmAmendment {
    /// The revision that the officer saw.
    pub revision: i64,
    /// What is decided.
    pub says: Says,
    /// Why: 3 to 2,000 characters, for a refusal and a return; a later decision is confirmed as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a change of an award would rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WouldChange {
    /// The conditions on which an officer's word is needed, by id; `amount` for what only the amount rests on.
    pub confirm: Vec<String>,
    /// What the rules say over the facts known now.
    pub assessment: Assessment,
}

/// Decide what was recommended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideAmendment {
    /// The revision that the second officer saw.
    pub revision: i64,
    /// A paragraph of the second officer: plain text, at most 1,500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<String>,
}

/// A later decision, on its way or decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amendment {
    /// Which; its matter shares it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Amendment>,
    /// Grows with every change.
    pub revision: i64,
    /// What it does.
    pub kind: AmendmentKind,
    /// Where it stands.
    pub state: AmendmentState,
    /// Whose right.
    pub person: PersonCard,
    /// The benefit's code.
    pub benefit: String,
    /// By language.
    pub benefit_name: Texts,
    /// The office.
    pub office: OfficeRef,
    /// The award it is about; none where a refusal is corrected or annulled.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Id<value::Award>>,
    /// The decision it is about; none for awards from before.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
    /// The later decision it corrects or annuls.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<Id<value::Amendment>>,
    /// The second decision it corrects or annuls.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Id<value::Confirmation>>,
    /// Beside one that a second body has to confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Second>,
    /// The number of the decision or later decision it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_number: Option<String>,
    /// First day of the month from which it holds.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The reason's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The reason, by language.
    #[serde(default)]
    pub reason_name: Texts,
    /// The amount so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Money>,
    /// The new amount; only for a change, or for a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Only this part of the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartRef>,
    /// The part's name, by language, and whose it is.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub part_name: Texts,
    /// Whose part it is, by name, where it is one person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_person: Option<String>,
    /// For what period both are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// What is corrected.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// What was confirmed.
    #[serde(default)]
    pub confirmed: Vec<Confirmed>,
    /// Months until the decision for which nothing was due, or less: what was paid for them may have to be returned. Each with how much too much.
    #[serde(default)]
    pub undue: Vec<Entitlement>,
    /// The paragraphs of the first and the second officer.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// What a change rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<StoredAssessment>,
    /// Why it went back to the first officer, or was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
    /// When it was opened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Timestamp,
    /// The first officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended_by: Option<OfficerRef>,
    /// The second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<OfficerRef>,
    /// The approver for whom the second officer signed as deputy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy_for: Option<OfficerRef>,
    /// When it was decided.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// `CSR-01-R-2025/10`, of the decisions' series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where the letter stands; none before the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<LetterState>,
    /// How it was served.
    #[serde(default)]
    pub delivery: Delivery,
    /// Later decisions on it, newest first, at most 50.
    #[serde(default)]
    pub amendments: Vec<AmendmentSummary>,
    /// It has been annulled.
    #[serde(default)]
    pub annulled: bool,
    /// What another institution is told of it.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// The steps of the procedure, in order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// What this officer may do now: `recommend`, `decide`, `return`, `drop`, `deliver`, `confirm`, `deliver-confirmation`; once decided also propose on it `correct`, `annul`.
    #[serde(default)]
    pub may: Vec<String>,
}

/// A later decision in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AmendmentSummary {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Amendment>,
    /// What it does.
    pub kind: AmendmentKind,
    /// Where it stands.
    pub state: AmendmentState,
    /// First day of the month from which it holds.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Once it is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// When it was opened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Timestamp,
    /// It has been annulled.
    #[serde(default)]
    pub annulled: bool,
}

/// Which later decisions: of one award, one decision, one later decision or one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AmendmentsQuery {
    /// On this award.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Id<value::Award>>,
    /// On this decision.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id<value::Decision>>,
    /// On this later decision.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment: Option<Id<value::Amendment>>,
    /// On rights of this person.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
