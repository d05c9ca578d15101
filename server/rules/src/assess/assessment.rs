use super::input::FactRef;
use crate::pack::{BenefitKind, Confidence, PayeeKind, Texts};
use karton_api::{Date, Id, Money, Per, value};
use serde::{Deserialize, Serialize};

/// What the rules of a benefit say about the facts on a day, with all reasons. Stored with the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Code of the benefit.
    pub benefit: String,
    /// The day of the assessment.
    pub on: Date,
    /// What comes out.
    pub outcome: Outcome,
    /// Each condition of the benefit, in order.
    pub conditions: Vec<AssessedCondition>,
    /// The amount; none when it cannot be said or nothing is granted in money.
    pub amount: Option<Amount>,
    /// The kind, where the claim says it; none where the benefit has only one, and while it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<BenefitKind>,
    /// Who is paid, where the claim says it; none where that is always the same, and while it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<PayeeKind>,
    /// From when until when; none when it cannot be said.
    pub term: Option<Term>,
    /// Facts that would settle what is unknown. Empty unless something is.
    pub missing: Vec<Missing>,
    /// Parameters that were looked up.
    pub parameters: Vec<UsedParameter>,
    /// What rests on memory, on a pack's invention, or on values past their published period.
    pub unconfirmed: Vec<Unconfirmed>,
    /// What could not be worked out at all (an overflow, a table without a row), for the log and the pack's author.
    pub faults: Vec<String>,
    /// SHA-256 of the pack, in hexadecimal.
    pub pack_hash: String,
    /// Version of the engine.
    pub engine: String,
}

/// What comes out of an assessment. It recommends; officers decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every condition is met.
    Grant,
    /// A confirmed condition is not met.
    Refuse,
    /// Facts are missing.
    Unknown,
    /// Only unconfirmed conditions are not met: the officer must confirm.
    Confirm,
}

/// What can be said of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// Facts are missing.
    Unknown,
    /// It does not hold, but stands on unconfirmed law.
    MustConfirm,
    /// It does not apply.
    NotApplicable,
}

/// One condition with its verdict and reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessedCondition {
    /// Its id in the benefit.
    pub id: String,
    /// What can be said.
    pub verdict: Verdict,
    /// The article; empty where confidence is memory or default, so that nobody prints it as law.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// The sentence in each language with its values filled in; how it fails, when it does.
    pub says: Texts,
    /// The values the condition names.
    pub values: Vec<Printed>,
    /// Every fact that was looked at, those behind named values among them.
    pub facts: Vec<UsedFact>,
    /// How the verdict came about: the condition taken apart, decided branches only.
    pub steps: Vec<Step>,
    /// Facts that would settle it.
    pub missing: Vec<Missing>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Printed {
    /// Its name in the pack.
    pub name: String,
    /// Its type, with the unit: `money per month`.
    pub unit: String,
    /// As people of each language write it; a question mark when it is unknown.
    pub text: Texts,
    /// The expression behind it.
    pub expression: String,
    /// The facts it was made from.
    pub facts: Vec<UsedFact>,
}

/// A part of an expression with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// 0 is the whole expression, 1 its parts, and so on.
    pub depth: usize,
    /// The part, as the pack writes it.
    pub expression: String,
    /// Its type, with the unit.
    pub unit: String,
    /// Its value in each language.
    pub text: Texts,
}

/// Whose fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Holder {
    /// Who asks.
    Applicant {
        /// Who it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Id<value::Person>>,
    },
    /// Another member of the household, from 1.
    Member {
        /// From 1, the applicant not counted.
        number: usize,
        /// Who it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Id<value::Person>>,
    },
    /// A person outside the household that the claim names, from 1.
    Other {
        /// From 1.
        number: usize,
        /// Who it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Id<value::Person>>,
    },
    /// The household.
    Household,
    /// The matter.
    Claim,
}

/// A fact that nobody knows and that would settle something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Missing {
    /// Whose fact.
    pub holder: Holder,
    /// Its name in the dictionary.
    pub fact: String,
}

/// A fact that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UsedFact {
    /// Whose fact.
    pub holder: Holder,
    /// Its name in the dictionary.
    pub fact: String,
    /// Where it comes from; none for what nobody knows.
    pub source: Option<FactRef>,
}

/// A parameter that was looked up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsedParameter {
    /// Its name.
    pub name: String,
    /// The key, for tables.
    pub key: Option<String>,
    /// The value in each language.
    pub text: Texts,
    /// The day from which the value holds.
    pub from: Date,
    /// `S3` of SOURCES.md
    pub source: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// The day lies past the period with published values, or in a gap between two: the last one was used.
    pub past_published: bool,
}

/// The amount with its explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// How much.
    pub money: Money,
    /// For which period.
    pub per: Per,
    /// The article; empty where confidence is memory or default.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// The sentence with its values filled in.
    pub says: Option<Texts>,
    /// The formula.
    pub formula: String,
    /// The formula taken apart, the branch taken only.
    pub steps: Vec<Step>,
    /// The values it names.
    pub values: Vec<Printed>,
    /// Every fact that the formula and its limits looked at. Engines before this one kept none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<UsedFact>,
    /// What it is the sum of, in the order of the pack; nothing where the formula says it as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartAmount>,
    /// Officers set the amount, up to this and inclusive, and `money` only proposes it; none where the rule alone says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upto: Option<Money>,
    /// Officers set at least this; only beside `upto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atleast: Option<Money>,
}

impl Amount {
    /// What is paid once beside it, with the first month: minor units.
    pub fn once_minor(&self) -> i64 {
        let once = self.parts.iter().filter(|part| part.once && !part.suspended);
        once.map(|part| part.money.minor).fold(0, i64::saturating_add)
    }
}

/// A part of the amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartAmount {
    /// Its code in the benefit.
    pub code: String,
    /// Its name.
    pub name: Texts,
    /// The article; empty where confidence is memory or default.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// Whose, where it is worked out for each member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Holder>,
    /// How much it is; also while it is suspended.
    pub money: Money,
    /// Paid once, with the first month, and so not counted in what is paid each month.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once: bool,
    /// It is suspended, and so not counted in the amount.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
}

/// From when until when an award would run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// First day.
    pub starts: Date,
    /// The day after the last; none while open.
    pub ends: Option<Date>,
    /// The day of the next review.
    pub review_on: Option<Date>,
}

/// Something that rests on no confirmed law.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Unconfirmed {
    /// A condition.
    Condition {
        /// Its id.
        id: String,
    },
    /// A parameter whose value is from memory or invented.
    Parameter {
        /// Its name.
        name: String,
    },
    /// A parameter used past the period with published values, or in a gap between two.
    PastPublished {
        /// Its name.
        name: String,
    },
    /// The amount.
    Amount,
}
