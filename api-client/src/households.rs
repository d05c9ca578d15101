//! What happens to households: a split, a joining, another head, a move to another address, each dated and with its reason.

use crate::{
    Date, Id, Timestamp,
    common::{OfficeRef, OfficerRef},
    persons::{HouseholdView, Name},
    value::{Household, HouseholdChange, Person},
};
use serde::{Deserialize, Serialize};

/// A member who is known in another household too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Elsewhere {
    /// Who.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub person: Id<Person>,
    /// The other household.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub household: Id<Household>,
    /// Its head, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Name>,
    /// First day there.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
}

/// Members leave and begin a household of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SplitHousehold {
    /// Who leads the new household.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub head: Id<Person>,
    /// Who leaves together with them; the head need not be named again.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, format = Uuid))]
    pub with: Vec<Id<Person>>,
    /// First day of the new household; the day after the last in the old one.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Who leads those who stay, where the head is among those who leave; who is nearest to the old head when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stays_under: Option<Id<Person>>,
    /// Why.
    pub reason: String,
}

/// The two households after a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Split {
    /// Those who stayed.
    pub stayed: HouseholdView,
    /// Those who left.
    pub left: HouseholdView,
}

/// All members of another household come into this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JoinHouseholds {
    /// Somebody of the other household.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub other: Id<Person>,
    /// What the head of the other household is to the head of this one: code of the list `relationships`.
    pub relationship: String,
    /// First day together.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Why.
    pub reason: String,
}

/// Another member leads the household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeHead {
    /// Who.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub head: Id<Person>,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Why.
    pub reason: String,
}

/// Something that happened to a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HouseholdEvent {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<HouseholdChange>,
    /// What: `member-joined`, `member-left`, `split`, `joined`, `head`, `death`.
    pub what: String,
    /// The day it holds from.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// When it was written down.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// By whom.
    pub by: OfficerRef,
    /// Why.
    pub reason: String,
    /// It was taken back.
    pub undone: bool,
    /// It can still be taken back: it was written down today, and nothing rests on it.
    pub may_undo: bool,
}

/// A person or a household has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Who moves together with the person: members of the household.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, format = Uuid))]
    pub with: Vec<Id<Person>>,
    /// Municipality of residence, a code.
    pub municipality: String,
    /// Address of residence.
    pub address: String,
    /// First day there.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The paper that proves it (title, number, date); what is said at the counter when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// What a move means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moved {
    /// How many people moved.
    pub people: u32,
    /// The office that holds the dossier.
    pub office: OfficeRef,
    /// The office that is competent for the new municipality, where it is another one: the dossier can be offered to it. Nothing is
    /// transferred by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competent: Option<OfficeRef>,
}

/// Where a day of death is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DeathSource {
    /// A register says so.
    Register,
    /// A death certificate or another document.
    Document,
    /// Somebody said so.
    Declaration,
}

/// Record a death.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordDeath {
    /// The day of death.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
    /// Where it is known from.
    pub source: DeathSource,
    /// The paper or the register's message: title, number, date.
    pub proof: String,
    /// Who leads the household from then on, where the head died and others stay; who is nearest to the head when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Id<Person>>,
}

/// What a death brought about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeathRecorded {
    /// The card as it stands now.
    pub person: crate::persons::PersonView,
    /// Awards that an officer has to look at: a task for each.
    pub awards: u32,
    /// Running matters that an officer has to look at: a task for each.
    pub matters: u32,
    /// Who leads the household now, where that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Name>,
}
