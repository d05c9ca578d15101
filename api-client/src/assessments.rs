//! Assessments: the rules of a benefit run over the facts on a date, with the reasons.

use crate::{
    Date, FactValue, Id, Money, Per, Timestamp,
    awards::Entitlement,
    common::{OfficerRef, Texts},
    persons::{FactStatus, Holder, SourceKind},
    value::{Assessment as AssessmentThing, Fact, Person},
};
use serde::{Deserialize, Serialize};

/// Work out what somebody would be entitled to. Writes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// The benefit's code.
    pub benefit: String,
    /// Who asks. What the house knows about the person and the household is used.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub applicant: Id<Person>,
    /// On which day; today when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// What is typed so far: counts as declared.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

/// Work out what people would be entitled to who are not registered: everything is what is told. Writes nothing about anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WhatIf {
    /// The benefit's code.
    pub benefit: String,
    /// On which day; today when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Who lives together, the one who would apply first: 1 to 30.
    pub people: Vec<Supposed>,
    /// What is told: any fact of the dictionary, about these people, their household or the claim.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

/// Somebody who is not registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Supposed {
    /// Made up by whoever asks, so that answers can say about whom they are.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Person>,
    /// Where it is told.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// A code of the list `sexes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// To the one who would apply: a code of the list `relationships`. Not looked at for that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<String>,
}

/// One thing typed into a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// About whom or what.
    pub of: AnswerOf,
    /// The fact's name in the dictionary.
    pub fact: String,
    /// What it says.
    pub value: FactValue,
}

/// About whom or what something is typed, before there is a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum AnswerOf {
    /// A person of the household.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    Person(Id<Person>),
    /// The applicant's household.
    Household,
    /// What is asked for this time.
    Claim,
}

/// The answer to a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Previewed {
    /// The assessment of what is known so far.
    pub assessment: Assessment,
    /// Fields of the form not to be shown now.
    pub hidden: Vec<HiddenField>,
    /// Checks of the form that do not hold, with a pointer into `answers` or the field's name.
    pub problems: Vec<crate::problem::FieldError>,
}

/// As of which day, and with what was known at which instant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ThenQuery {
    /// The day of the law and of the facts; today when not said.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// What was known at this instant: facts, awards, and values of the law that were published by then; now when not said.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<Timestamp>,
}

/// An application worked out as of a day with what was known at an instant. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssessedThen {
    /// The day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub as_of: Date,
    /// The instant.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub known_at: Timestamp,
    /// What the rules say.
    pub assessment: Assessment,
    /// Months until the day for which the law that became known since gives more, or less: each with the difference.
    pub arrears: Vec<Entitlement>,
}

/// Rights that members of a household may also have: nobody has asked for them, and no condition fails on the facts known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PossibleRights {
    /// In the order of the catalogue; at most 100.
    pub items: Vec<PossibleRight>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PossibleRight {
    /// The benefit's name.
    pub benefit_name: Texts,
    /// Who would apply.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub applicant: Id<Person>,
    /// That person's name.
    pub applicant_name: String,
    /// On whose account, where that is somebody else.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Id<Person>>,
    /// That person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_name: Option<String>,
    /// What the rules say, with every reason and its article.
    pub assessment: Assessment,
}

/// A field of a form that does not apply now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HiddenField {
    /// Whose page.
    pub of: AnswerOf,
    /// The fact's name.
    pub fact: String,
}

/// What the rules say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The right exists.
    Grant,
    /// The right does not exist.
    Refuse,
    /// Facts are missing.
    Unknown,
    /// Only conditions of unconfirmed law fail: an officer must confirm them.
    Confirm,
}

/// What a condition says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// Facts are missing.
    Unknown,
    /// It does not hold by unconfirmed law: an officer must confirm.
    MustConfirm,
    /// It does not apply here.
    NotApplicable,
}

/// An assessment with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assessment {
    /// The benefit's code.
    pub benefit: String,
    /// The day it is worked out for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
    /// What the rules say.
    pub outcome: Outcome,
    /// In the benefit's order.
    pub conditions: Vec<Condition>,
    /// What is due, where it can be said.
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
    /// When it is to be reviewed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<Date>,
    /// Facts that would settle what is not known.
    pub missing: Vec<MissingFact>,
    /// Dated values of the pack that were used.
    pub parameters: Vec<ParameterUsed>,
    /// Something rests on unconfirmed law or on values past the pack's period.
    pub unconfirmed: bool,
    /// SHA-256 of the pack.
    pub pack: String,
    /// The version of the rule engine.
    pub engine: String,
}

/// A condition and why it holds or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Condition {
    /// Its id in the benefit.
    pub id: String,
    /// What it says.
    pub verdict: Verdict,
    /// The sentence with the values in it, by language.
    pub text: Texts,
    /// The article.
    pub law: String,
    /// The law behind it is confirmed; otherwise it is never printed as an article.
    pub confirmed: bool,
    /// `law`, `published`, `derived`, `memory` or `default`.
    pub confidence: String,
    /// The rule as written in the pack.
    pub rule: String,
    /// The values it saw.
    pub values: Vec<ValueSeen>,
    /// The facts that would settle it.
    pub missing: Vec<MissingFact>,
}

/// A value a rule saw, with where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValueSeen {
    /// The name in the rule.
    pub name: String,
    /// The expression behind it.
    pub rule: String,
    /// As people read it, by language; absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Texts>,
    /// The facts it was made of.
    pub facts: Vec<FactSeen>,
}

/// A fact a rule saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactSeen {
    /// About whom.
    pub of: AnswerOf,
    /// The person's name, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The fact's name in the dictionary.
    pub fact: String,
    /// The question, by language.
    pub question: Texts,
    /// What it says, as people read it, by language.
    pub text: Texts,
    /// Where from.
    pub source: SourceKind,
    /// The register's service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// How far it is proved.
    pub status: FactStatus,
    /// When we learnt it; absent for what is only typed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
    /// The stored fact, where there is one.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id<Fact>>,
    /// What other sources say where they say otherwise: what was declared beside what a visit found. The newest word of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<FactSaid>,
}

/// What a source says that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactSaid {
    /// Where from.
    pub source: SourceKind,
    /// What it says, as people read it, by language.
    pub text: Texts,
    /// When we learnt it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub recorded_at: Timestamp,
}

/// A fact nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissingFact {
    /// About whom.
    pub of: AnswerOf,
    /// The person's name, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The fact's name in the dictionary.
    pub fact: String,
    /// The question, by language.
    pub question: Texts,
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amount {
    /// How much.
    pub money: Money,
    /// For what period.
    pub per: Per,
    /// The article.
    pub law: String,
    /// The law behind it is confirmed.
    pub confirmed: bool,
    /// The formula as written in the pack.
    pub rule: String,
    /// The sum step by step, in order.
    pub steps: Vec<SumStep>,
    /// The officers set the amount, at most this; `money` only proposes it. None where the rule alone says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upto: Option<Money>,
    /// And at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atleast: Option<Money>,
}

/// One step of a sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SumStep {
    /// The part of the formula.
    pub rule: String,
    /// Its value as people read it, by language.
    pub text: Texts,
    /// The facts it was made of.
    pub facts: Vec<FactSeen>,
}

/// A dated value of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParameterUsed {
    /// Its name, with the key for a table: `mo.base(4)`.
    pub name: String,
    /// What it is, by language.
    pub says: Texts,
    /// Its value as people read it, by language.
    pub text: Texts,
    /// In force from.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Where it was published.
    pub source: String,
    /// `law`, `published`, `derived`, `memory` or `default`.
    pub confidence: String,
}

/// An assessment that a decision may point to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredAssessment {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<AssessmentThing>,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: OfficerRef,
    /// A newer fact arrived since: assess again.
    pub outdated: bool,
    /// Facts it rests on that are only declared, or that no register answered for.
    pub not_verified: Vec<MissingFact>,
    /// The conditions on which an officer's word is needed, by id; `amount` for what only the amount rests on.
    #[serde(default)]
    pub confirm: Vec<String>,
    /// What the rules said.
    pub assessment: Assessment,
}

/// For the client's own use: whom a holder in a dossier is.
pub type FactHolder = Holder;
