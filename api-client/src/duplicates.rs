//! People who look alike, the verdict on them, and the merging of two dossiers of one person.
//!
//! A pair is an entry of a list, never a block: nothing stops because two people look alike. Merging takes two officers; afterwards both
//! numbers find the one who stays, and undoing it restores what was.

use crate::{
    Id, Timestamp,
    common::{OfficeRef, OfficerRef},
    persons::{LikenessReason, PersonCard},
    value::{Merge, Pair, Person},
};
use serde::{Deserialize, Serialize};

/// What is held of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PairState {
    /// Nobody has judged it.
    Open,
    /// One person.
    Same,
    /// Two people.
    Different,
    /// Judged, and it cannot be told.
    Unsure,
}

/// Two people who look alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicatePair {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Pair>,
    /// For `If-Match`.
    pub revision: i64,
    /// What is held of it.
    pub state: PairState,
    /// Alike enough to be judged first.
    pub certain: bool,
    /// How alike, in hundredths of bits.
    pub bits: i32,
    /// What each field says for or against.
    pub reasons: Vec<LikenessReason>,
    /// The one who was registered first.
    pub one: PersonCard,
    /// The other.
    pub other: PersonCard,
    /// When it was found.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub found_at: Timestamp,
    /// Who judged it, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
    /// The merge that is proposed or stands for the two.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<Id<Merge>>,
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judged {
    /// By whom.
    pub by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// In the officer's words.
    pub reason: String,
}

/// Which pairs of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct DuplicatesQuery {
    /// `open` when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub state: Option<PairState>,
    /// Only pairs with this person.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<Person>>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Judge a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JudgePair {
    /// `same`, `different` or `unsure`; `open` takes a verdict back.
    pub verdict: PairState,
    /// Why, in 3 to 2,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 2000))]
    pub reason: String,
}

/// How far a merge has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MergeState {
    /// A first officer proposes it.
    Proposed,
    /// A second officer has confirmed it: both numbers find the one who stays.
    Merged,
    /// The second officer said no, or the first took it back.
    Declined,
    /// It was undone: everything is as it was.
    Undone,
}

/// Something to look at before a merge; it does not stand against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MergeWarning {
    /// One of the two has died and the other has not, or on another day.
    DeadAndLiving,
    /// Their national numbers differ.
    NumbersDiffer,
    /// Only the one who goes has a national number: merging the other way round keeps it on the card.
    NumberGoes,
    /// Their birth dates differ.
    BirthDatesDiffer,
    /// Their sexes differ.
    SexesDiffer,
    /// Their dossiers lie in different offices.
    OfficesDiffer,
}

/// How much of a kind moves with a merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MergeMoves {
    /// `application`, `award`, `case`, `document` or `membership`.
    pub what: String,
    /// How many; kinds of which there is nothing are left out.
    pub count: u32,
}

/// The merging of two people's dossiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MergeView {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Merge>,
    /// For `If-Match`.
    pub revision: i64,
    /// How far it has come.
    pub state: MergeState,
    /// Who goes into the other.
    pub goes: PersonCard,
    /// Who stays.
    pub stays: PersonCard,
    /// The office in whose name.
    pub office: OfficeRef,
    /// What to look at.
    pub warnings: Vec<MergeWarning>,
    /// What of the one who goes is pointed at the one who stays; what is restricted is not counted.
    #[serde(default)]
    pub moves: Vec<MergeMoves>,
    /// Why, in the first officer's words.
    pub reason: String,
    /// The first officer.
    pub proposed_by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub proposed_at: Timestamp,
    /// The second officer, who confirmed or declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Judged>,
    /// Who undid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<Judged>,
    /// What this officer may do now: `confirm`, `decline`, `undo`.
    pub may: Vec<String>,
}

/// Propose that a person be merged into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposeMerge {
    /// Who stays.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub into: Id<Person>,
    /// Why, in 3 to 2,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 2000))]
    pub reason: String,
}

/// Which merges of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct MergesQuery {
    /// `proposed` when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub state: Option<MergeState>,
    /// Only merges of this person.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<Person>>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
