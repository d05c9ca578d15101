//! How a claim stands beside everything else: other benefits and the choice between them, households and files, terms that run.

use crate::{
    Date, Id, Money, Timestamp,
    common::{OfficeRef, OfficerRef, Texts},
    dossiers::Overlap,
    value,
};
use serde::{Deserialize, Serialize};

/// How an application stands today, over the applicant and everybody in the household, in the whole country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimStanding {
    /// Earlier and current benefits of the household, and of others on the same account.
    pub overlaps: Vec<Overlap>,
    /// What else is to be seen, each with its reason.
    pub lines: Vec<StandingLine>,
    /// What cannot be held beside it, and the choice where there is one; none where nothing stands beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

/// What a line of the standing tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StandingKind {
    /// A member of the household is known in another one too.
    Household,
    /// Another application about a member of the household is being handled.
    File,
    /// Two dossiers may be about one person.
    Dossier,
    /// A right of the household has an end: so many months of so many have passed.
    Months,
    /// A duration that the law asks for, or allows at most.
    Duration,
    /// What is asked for would run for so many months.
    Term,
    /// What is asked for would be reviewed on that day, and every so many months.
    Review,
}

/// One line of the standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandingLine {
    /// What it tells of.
    pub kind: StandingKind,
    /// Whom it is about.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
    /// That person's name, or the household's head.
    pub name: String,
    /// The code of the other benefit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<String>,
    /// Its name, by language.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub benefit_name: Texts,
    /// On whose account the other right or file is, by name, where that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The other file asks for the same: the same benefit, for the same person or household, on the same account.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same: bool,
    /// Where the other file, household or dossier lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeRef>,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// How much of a duration there is: whole months, or what the sentence says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub have: Option<i64>,
    /// How much is asked for, or allowed at most; the months of a right or between reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<i64>,
    /// Of a duration: at least so much is asked for; otherwise at most so much is allowed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub least: bool,
    /// It is as the law wants it; none where that cannot be said, or nothing is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// The pack's sentence, with its values, by language.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub says: Texts,
    /// The article, where it is confirmed: of a right that runs out and of a file that asks for the same, the one of that right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
}

/// What cannot be held beside a claim, and what each side of a choice is worth. The house suggests; the person chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// Awards that cannot be held beside it.
    pub beside: Vec<Beside>,
    /// What is asked for.
    pub asked: Worth,
    /// What would be given up for it.
    pub others: Worth,
    /// Which is worth more a month; none where it cannot be said or there is nothing to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<Better>,
}

/// What one side of a choice is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Worth {
    /// Each month; none where it cannot be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Money>,
    /// Once beside it.
    pub once: Money,
    /// For months that have passed.
    pub arrears: Money,
}

/// Which side of a choice is worth more a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// What is asked for.
    Asked,
    /// What is held.
    Other,
    /// Both alike.
    Same,
}

/// What becomes of a claim beside such an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BesideEffect {
    /// It is refused while the other award runs.
    Refuse,
    /// The other award rests while this one is paid.
    Suspend,
    /// The person chooses.
    Choose,
}

/// An award that cannot be held beside what is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Beside {
    /// Which award.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub award: Id<value::Award>,
    /// The code of its benefit.
    pub benefit: String,
    /// By language.
    pub benefit_name: Texts,
    /// Who has it, or whom it covers, by name.
    pub name: String,
    /// Where it was granted.
    pub office: OfficeRef,
    /// It lies in an office on which this officer may decide; otherwise that office ends it.
    pub here: bool,
    /// What follows.
    pub effect: BesideEffect,
    /// The article, where it is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// The pack's sentence, by language.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub says: Texts,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What it yields: each month, or once.
    pub amount: Money,
    /// It is paid once.
    pub once: bool,
    /// What was chosen, the last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Chosen>,
}

/// Which right the person keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Keeps {
    /// What is asked for: the other ends with the day before it begins.
    Asked,
    /// What is held: what is asked for is refused or taken back.
    Other,
}

/// Write down what the person chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// Beside which award.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub award: Id<value::Award>,
    /// What is kept.
    pub keeps: Keeps,
    /// How it was said or written: 3 to 2,000 characters.
    pub reason: String,
}

/// What was chosen, with what each side was worth then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chosen {
    /// What is kept.
    pub keeps: Keeps,
    /// How it was said or written.
    pub reason: String,
    /// Who wrote it down.
    pub by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// What was asked for was worth a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Money>,
    /// What was held was worth a month.
    pub other: Money,
}
