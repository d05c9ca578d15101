//! The dossier: everything the institution holds on one person, and its history.

use crate::{
    Date, Id, Timestamp,
    applications::ApplicationSummary,
    awards::Award,
    common::{OfficeRef, OfficerRef},
    persons::{HouseholdView, PersonView},
    value::Person,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[derive(Default)]
pub enum Purpose {
    /// An application is taken or handled.
    #[default]
    Application,
    /// The person, or somebody for them, asks.
    Inquiry,
    /// A review or an inspection.
    Review,
    /// Social work.
    Case,
    /// Somebody asks by telephone.
    Phone,
}

/// The purpose of looking into a dossier, left in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct OpenDossier {
    /// `application` when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
}

/// The dossier at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dossier {
    /// The person.
    pub person: PersonView,
    /// The household of today, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdView>,
    /// Applications, newest first, at most 50.
    pub applications: Vec<ApplicationSummary>,
    /// Awards of this person and of the household, in force first, at most 50.
    pub awards: Vec<Award>,
    /// Cases of social work about this person or in which they stand, newest first, at most 50; restricted ones only for whoever is named on them.
    #[serde(default)]
    pub cases: Vec<crate::cases::CaseSummary>,
    /// What other offices pay to the same people, and what cannot be held together.
    pub overlaps: Vec<Overlap>,
}

/// A benefit that touches another: a named exception from an office's scope, with its own entry in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overlap {
    /// Whose.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub person: Id<Person>,
    /// The person's name.
    pub name: String,
    /// The benefit's code.
    pub benefit: String,
    /// Its name, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub benefit_name: crate::common::Texts,
    /// On whose account it was granted, by name, where that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The member of the household whom somebody else's right covers, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<String>,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The office that pays.
    pub office: OfficeRef,
    /// Cannot be held together with what is asked for.
    pub incompatible: bool,
    /// It is what is asked for: the same benefit, for the same person or household, on the same account.
    #[serde(default)]
    pub same: bool,
    /// The pack's sentence about the two, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub says: crate::common::Texts,
    /// The articles on which the right itself rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// What follows from that: `refuse`, `suspend` (this one rests while the other is paid) or `choose`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// Which award.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Id<crate::value::Award>>,
    /// The article, where it is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEvent {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// What, as a code: `registered`, `member-joined`, `lodged`, `evidence-arrived`, `assessed`, `recommended`, `decided`, `returned`, `letter-made`, `delivered`, `fact-recorded`, `corrected`, `death-recorded`, `household-split`, `moved` and others.
    pub what: String,
    /// Values for the text in the client's language.
    pub values: BTreeMap<String, String>,
    /// Who; absent for what the system did by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerRef>,
    /// Where.
    pub office: OfficeRef,
    /// The application it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<Id<crate::value::Application>>,
    /// The case it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Id<crate::value::Case>>,
}
