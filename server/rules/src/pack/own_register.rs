//! Registers that the institution keeps itself: beneficiaries, guardians, providers.

use super::{Confidence, Place, Texts};
use crate::{lang::Type, text_check::TextCheck};

/// A register of our own: `own-registers/*.toml`. Its entries have fields; an extract has a number of a series.
#[derive(Debug, Clone)]
pub struct OwnRegister {
    /// `guardians`
    pub id: String,
    /// Its name.
    pub name: Texts,
    /// The article it is kept by, where one is known.
    pub law: Option<String>,
    /// Code of the body that keeps it.
    pub keeper: String,
    /// Roles that may write entries: clerk, caseworker, approver, registrar.
    pub writes: Vec<String>,
    /// Of whom entries are, at least one.
    pub sections: Vec<OwnSection>,
    /// What stands in an entry, in order.
    pub fields: Vec<OwnField>,
    /// What an extract shows; none where none is given.
    pub extract: Option<Extract>,
    /// `S7` of SOURCES.md
    pub source: String,
    /// How well its definition is founded.
    pub confidence: Confidence,
    /// Where it is defined.
    pub place: Place,
}

/// A part of a register with entries of one kind.
#[derive(Debug, Clone)]
pub struct OwnSection {
    /// Unique within the register.
    pub id: String,
    /// Its name.
    pub name: Texts,
    /// Of whom its entries are.
    pub of: SubjectKind,
}

/// Whom an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// A natural person with a dossier.
    Person,
    /// A legal body, by its own number.
    Organisation,
    /// A natural person in business.
    SoleTrader,
}

impl SubjectKind {
    /// As packs write it.
    pub const fn code(self) -> &'static str {
        match self {
            SubjectKind::Person => "person",
            SubjectKind::Organisation => "organisation",
            SubjectKind::SoleTrader => "sole-trader",
        }
    }
}

/// One field of an entry.
#[derive(Debug, Clone)]
pub struct OwnField {
    /// Unique within the register.
    pub name: String,
    /// A single value.
    pub ty: Type,
    /// A text that carries check digits: of one of these kinds; of any text where none is named.
    pub check: Vec<TextCheck>,
    /// How it is called.
    pub label: Texts,
    /// No entry without it.
    pub required: bool,
    /// Anybody may see it in the public part.
    pub public: bool,
    /// Sections that have it; all where none is named.
    pub sections: Vec<String>,
}

/// What an extract of a register shows.
#[derive(Debug, Clone)]
pub struct Extract {
    /// The class of its numbers.
    pub series: String,
    /// Names of the fields, in order.
    pub fields: Vec<String>,
    /// Name of its letter's template.
    pub letter: Option<String>,
}
