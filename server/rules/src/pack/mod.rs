//! The model of a country pack, its loader and its checker.

mod beside;
mod cases;
mod check_beside;
mod columns;
mod competent;
mod deciders;
mod derive;
mod duration;
mod exchange;
mod facts_file;
mod imports;
mod later;
mod letter_places;
mod letters;
mod like;
mod load;
mod load_benefit;
mod load_beside;
mod load_cases;
mod load_codes;
mod load_country;
mod load_facts;
mod load_imports;
mod load_own;
mod load_party;
mod load_signals;
mod load_work;
mod loader;
mod mistake;
mod model;
mod model_work;
mod own_register;
mod party;
mod program;
mod read;
mod references;
mod run_cases;
mod sensitive;
mod signal;
mod signal_cases;
mod supplied;
mod whole;
mod words;

pub use beside::{BesideEffect, Incompatible, Reach, Relation};
pub use cases::{Case, Expect, Words};
pub use columns::{Columns, Names};
pub use competent::{Competent, Territory};
pub use deciders::Above;
pub use duration::Duration;
pub use exchange::{Brings, Hears, Incoming, Sent, Tells};
pub use imports::{Heading, Imports};
pub use later::{LaterBy, LaterRule};
pub use letter_places::{LetterKind, Place as LetterPlace};
pub use mistake::Mistake;
pub use model::*;
pub use model_work::*;
pub use own_register::{Extract, OwnField, OwnRegister, OwnSection, SubjectKind};
pub use party::{ApplicantKind, Choice, ChosenBy, OrganisationScheme, PayeeKind, ProviderRule};
pub use sensitive::Sensitive;
pub use signal::*;
pub use signal_cases::SignalCase;

pub(crate) use program::{ChoiceCode, ConditionCode, Gate, PartCode, Program, SignalProgram};

use crate::lang::{Dictionary, Law};
use std::collections::BTreeMap;

/// The engine's version, stored with every assessment: it grows when the meaning of a rule could change.
pub const ENGINE_VERSION: &str = "2";

/// A whole country pack, checked.
#[derive(Debug)]
pub struct Pack {
    /// `country.toml`
    pub country: Country,
    /// In the order of their files.
    pub parameters: Vec<Parameter>,
    /// Cross-checks that ask for a look.
    pub signals: Vec<Signal>,
    /// Worked examples of cross-checks.
    pub signal_cases: Vec<SignalCase>,
    /// Names shared by the rules of several benefits: `rules/*.toml`.
    pub shared: Vec<Let>,
    /// The dictionary.
    pub facts: Vec<FactDef>,
    /// In the order of the country's catalogue.
    pub benefits: Vec<Benefit>,
    /// All forms.
    pub forms: Vec<Form>,
    /// All procedures.
    pub procedures: Vec<Procedure>,
    /// Registers that the institution keeps itself.
    pub own_registers: Vec<OwnRegister>,
    /// How tables of old registers are understood.
    pub imports: Imports,
    /// Other institutions' services.
    pub services: Vec<Service>,
    /// What other institutions send to us.
    pub incoming: Vec<Incoming>,
    /// Classifiers by name, `offices`, `municipalities` and `holidays` not among them.
    pub codes: BTreeMap<String, CodeList>,
    /// The tree of offices.
    pub offices: Vec<OfficeRow>,
    /// Municipalities; also usable as the code list `municipalities`.
    pub municipalities: Vec<MunicipalityRow>,
    /// Holidays, ascending.
    pub holidays: Vec<Holiday>,
    /// Templates of letters by name and language.
    pub letters: BTreeMap<String, BTreeMap<String, String>>,
    /// Fluent texts by language.
    pub words: Words,
    /// Files of `people/` as text, for the generator of fictional people: name without the folder.
    pub people: BTreeMap<String, String>,
    /// Legend of `SOURCES.md`: what S1, S2 … stand for.
    pub sources: BTreeMap<String, String>,
    /// SHA-256 over all files, in hexadecimal.
    pub hash: String,
    /// What is not wrong but should be looked at: sources without a legend, unconfirmed law.
    pub notes: Vec<Mistake>,
    pub(crate) dictionary: Dictionary,
    pub(crate) law: Law,
    /// In the order of `benefits`.
    pub(crate) programs: Vec<Program>,
    /// In the order of `signals`.
    pub(crate) signal_programs: Vec<SignalProgram>,
}

impl Pack {
    /// The benefit with this code.
    pub fn benefit(&self, code: &str) -> Option<&Benefit> {
        self.benefits.iter().find(|benefit| benefit.code == code)
    }
    /// The form with this id.
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.id == id)
    }
    /// The procedure with this id.
    pub fn procedure(&self, id: &str) -> Option<&Procedure> {
        self.procedures.iter().find(|procedure| procedure.id == id)
    }
    /// The service with this code.
    pub fn service(&self, code: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.code == code)
    }
    /// A fact of a kind of holder.
    pub fn fact(&self, holder: HolderKind, name: &str) -> Option<&FactDef> {
        self.facts
            .iter()
            .find(|fact| fact.holder == holder && fact.name == name)
    }
    /// Whether a declaration alone leaves a fact unverified: a register speaks of it, or the dictionary asks for a document.
    pub fn wants_proof(&self, holder: HolderKind, name: &str) -> bool {
        let registered = || {
            self.services
                .iter()
                .any(|service| service.gives.iter().any(|gives| gives.fact == name))
        };
        self.fact(holder, name).is_some_and(|fact| fact.proof)
            || (holder == HolderKind::Person && registered())
    }
    /// The template of a letter in a language.
    pub fn letter(&self, name: &str, language: &str) -> Option<&str> {
        self.letters.get(name)?.get(language).map(String::as_str)
    }
}
