//! Inquiries: the state of somebody's applications in a form that may be said aloud, on the telephone or at the window.

use crate::{
    Date, Id,
    applications::{ApplicationState, ApplicationSummary},
    common::Texts,
    persons::PersonCard,
    value,
};
use serde::{Deserialize, Serialize};

/// Ask how things stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Inquire {
    /// The number of an application, or what the search for people takes. Needed where no person is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Who it is about, where several fit.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
}

/// The answer. Nothing of the dossier's content beside the state of applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inquiry {
    /// Several people fit: one has to be chosen. At most 10; none of them was looked at.
    pub people: Vec<PersonCard>,
    /// Who it is about; the look is entered with the purpose `phone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonCard>,
    /// Running applications first, then the newest; at most 5.
    pub cases: Vec<Standing>,
}

/// How an application stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// In short.
    pub application: ApplicationSummary,
    /// What is awaited.
    pub awaits: Awaits,
    /// The open step's name, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Texts>,
    /// Until when, where the applicant or the second officer is awaited; for a decision its due date.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What the applicant was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_for: Option<String>,
}

/// From whom something is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Awaits {
    /// Answers of other institutions.
    Registers,
    /// The officer who handles it.
    Officer,
    /// The head of the office.
    Decision,
    /// The applicant.
    Applicant,
    /// The letter, which is on its way.
    Delivery,
    /// Nobody: it is finished.
    Nobody,
}

impl Awaits {
    /// Whether it is finished.
    pub fn is_over(self, state: ApplicationState) -> bool {
        self == Awaits::Nobody || state == ApplicationState::Withdrawn
    }
}
