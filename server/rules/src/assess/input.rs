use karton_api::{Date, FactValue, Id, Money, value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything an assessment may look at. Stored with the decision, so that it can be run again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The day of the assessment.
    pub on: Date,
    /// The day the application was lodged.
    pub lodged: Date,
    /// Values of the law that were published later than this day are not known yet; everything known where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<Date>,
    /// Parts of the amount that are suspended, and so not counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspended: Vec<Suspended>,
    /// Who asks.
    pub applicant: PersonFacts,
    /// The others of the household.
    #[serde(default)]
    pub members: Vec<PersonFacts>,
    /// People outside the household that the claim names (the deceased).
    #[serde(default)]
    pub others: Vec<PersonFacts>,
    /// Facts of the household.
    #[serde(default)]
    pub household: Facts,
    /// Facts of the matter.
    #[serde(default)]
    pub claim: Facts,
}

/// A part of the amount that is not paid for the time being.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspended {
    /// Its code in the benefit.
    pub part: String,
    /// Whose; everybody's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
}

/// Facts by their name in the dictionary. What is not there is unknown.
pub type Facts = BTreeMap<String, Known>;

/// One person and what is known of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonFacts {
    /// Who it is; claim facts of type person refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
    /// How explanations call them; a number otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Facts of the dictionary, and of the given ones `birth_date`, `sex`, `death_date`, `alive`, `relationship`.
    #[serde(default)]
    pub facts: Facts,
    /// Awards of the person, past and coming ones too.
    #[serde(default)]
    pub awards: Vec<AwardInForce>,
    /// Awards to the person's family as a whole, whoever of it applied, while the person belonged to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub family_awards: Vec<AwardInForce>,
    /// Awards to anybody on account of this person: for this child, for the funeral of this deceased.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awards_about: Vec<AwardInForce>,
}

/// A fact that counts, and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// What it says.
    pub value: FactValue,
    /// Where it comes from.
    pub source: FactRef,
}

impl Known {
    /// A value that somebody declared and nothing else proves.
    pub fn declared(value: FactValue) -> Known {
        Known {
            value,
            source: FactRef {
                kind: "declaration".to_owned(),
                ..FactRef::default()
            },
        }
    }
}

/// Where a fact comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRef {
    /// The stored fact, where it is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<Id<value::Fact>>,
    /// finding, register, document, visit or declaration
    pub kind: String,
    /// The register's service, where it comes from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The day it was so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// verified, not-verified, contradicted
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// An award as rules see it. A single amount stays in force once it is granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardInForce {
    /// Code of the benefit.
    pub benefit: String,
    /// First day.
    pub from: Date,
    /// The day after the last; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// What it yields; nothing for a benefit in kind.
    pub amount: Money,
    /// Which one it is, where it is one of the store. Inputs of engines before this one kept none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Id<value::Award>>,
}
