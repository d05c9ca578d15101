//! Who asks for a benefit and who is handed the money, where that is not simply the person: employers and providers. And benefits of which the
//! claim says the kind.

use super::{Expression, Place};
use serde::{Deserialize, Serialize};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicantKind {
    /// A person, for herself or her household.
    #[default]
    Person,
    /// A legal body or somebody in business, on account of a person who works for it: the right is that of the organisation for this person,
    /// its account is paid, and the rules call the person `applicant`.
    Organisation,
}

impl ApplicantKind {
    /// As packs write it.
    pub const fn name(self) -> &'static str {
        match self {
            ApplicantKind::Person => "person",
            ApplicantKind::Organisation => "organisation",
        }
    }
}

/// Who is handed the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PayeeKind {
    /// Whoever asks.
    #[default]
    Applicant,
    /// A provider of a register that the institution keeps.
    Provider,
}

impl PayeeKind {
    /// As packs write it.
    pub const fn name(self) -> &'static str {
        match self {
            PayeeKind::Applicant => "applicant",
            PayeeKind::Provider => "provider",
        }
    }
}

/// Who chooses the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChosenBy {
    /// The applicant: it is named before the application is lodged.
    Applicant,
    /// The office: it is named before the first officer recommends.
    Office,
}

impl ChosenBy {
    /// As packs write it.
    pub const fn name(self) -> &'static str {
        match self {
            ChosenBy::Applicant => "applicant",
            ChosenBy::Office => "office",
        }
    }
}

/// Which providers may be paid, and who chooses among them.
#[derive(Debug, Clone)]
pub struct ProviderRule {
    /// Id of the register they stand in.
    pub register: String,
    /// Codes of what they are registered for (the register's field `service`); one of these is needed.
    pub services: Vec<String>,
    /// Who chooses.
    pub chosen: ChosenBy,
    /// Where it is defined.
    pub place: Place,
}

/// One of several, by what an expression says.
#[derive(Debug, Clone)]
pub struct Choice<T> {
    /// A text or code: `claim.package_form`.
    pub of: Expression,
    /// What each value stands for, in the order of the file.
    pub each: Vec<(String, T)>,
    /// Where it is defined.
    pub place: Place,
}

/// A kind of number that organisations are known by.
#[derive(Debug, Clone)]
pub struct OrganisationScheme {
    /// `pib`
    pub code: String,
    /// Its name.
    pub name: super::Texts,
    /// Which check of [`crate::organisation_number`] applies.
    pub check: crate::organisation_number::Check,
}

impl super::Pack {
    /// The code list of what a register's providers are registered for; nothing where it is none of providers.
    pub fn provider_services(&self, register: &str) -> Option<&str> {
        let register = self.own_registers.iter().find(|one| one.id == register)?;
        let field = register.fields.iter().find(|field| field.name == "service")?;
        match &field.ty {
            crate::lang::Type::Code(list) => Some(list),
            _ => None,
        }
    }
}
