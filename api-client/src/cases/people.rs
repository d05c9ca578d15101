//! The people of a case: who stands in it, who cares for whom, who is named on it.

use crate::{
    Date, Id, Timestamp,
    common::OfficerRef,
    persons::{Carer, PersonCard},
    value,
};
use serde::{Deserialize, Serialize};

wire! {
    /// Somebody who stands in a case.
    pub struct Participant {
        /// The row.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Participant>,
        /// As what: code of `case_roles`; `subject` for the one it is about.
        pub role: String,
        /// A person the office knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub person: Option<PersonCard>,
        /// Somebody the office does not know, by name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// How to reach them, or what else is to be known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// First day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub from: Date,
        /// The day after the last.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<Date>,
    }
    /// An officer named on a restricted case.
    pub struct NamedOfficer {
        /// The row.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Named>,
        /// Who.
        pub officer: OfficerRef,
        /// `intake`, `lead`, `supervisor`, `team`, `granted`.
        pub capacity: String,
        /// Why.
        pub reason: String,
        /// From when.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        pub from: Timestamp,
        /// Until when, exclusive.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<Timestamp>,
        /// Whether it runs now.
        pub runs: bool,
    }
    /// The people around a case: who is whose kin, who lives with whom, who cares for whom.
    pub struct Family {
        /// Households, that of the person first.
        pub households: Vec<Home>,
        /// People of the case who live in none of them.
        pub others: Vec<Kin>,
    }
    /// A household.
    pub struct Home {
        /// Which.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Household>,
        /// In order of generation, the eldest first, then by age. Those who have left are among them, with the day.
        pub people: Vec<Kin>,
    }
    /// Somebody of the family.
    pub struct Kin {
        /// A person the office knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub card: Option<PersonCard>,
        /// Somebody it does not know, by name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Relationship to the head of the household; empty where there is none.
        pub relationship: String,
        /// Generations above (+) or below (-) the head; none where it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub generation: Option<i8>,
        /// Roles in the case.
        pub roles: Vec<String>,
        /// Lives there from.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<Date>,
        /// Has left on.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub left: Option<Date>,
        /// Who cares for them by an act.
        pub carers: Vec<Carer>,
    }
}

asked! {
    /// Somebody comes to stand in a case: a known person, or a name.
    pub struct NewParticipant {
        /// Code of `case_roles` that the procedure names.
        pub role: String,
        /// Who.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub person: Option<Id<value::Person>>,
        /// Somebody the office does not know, 1 to 300 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// At most 2,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// Today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<Date>,
    }
    /// Somebody becomes guardian or foster carer.
    pub struct NewCare {
        /// Who is cared for: somebody of the case.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub person: Id<value::Person>,
        /// By whom.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub carer: Id<value::Person>,
        /// Code of `care_kinds` that the procedure names.
        pub kind: String,
        /// The decision or contract, 3 to 300 characters.
        pub act: String,
        /// First day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub from: Date,
    }
    /// A tie, or somebody's standing in a case, ends.
    pub struct EndTie {
        /// The day after the last; not after tomorrow.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub until: Date,
        /// 3 to 2,000 characters.
        pub reason: String,
    }
    /// Name an officer on a restricted case.
    pub struct NameOfficer {
        /// Who.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub officer: Id<value::Officer>,
        /// `team`, `supervisor` or `granted`.
        pub capacity: String,
        /// 3 to 2,000 characters.
        pub reason: String,
        /// The last day; must be said for `granted`.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<Date>,
    }
}
