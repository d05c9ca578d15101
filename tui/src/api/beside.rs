//! Questions about what stands beside an application, and about how it stood on another day.

use super::Once;
use karton_api::{
    Id,
    assessments::ThenQuery,
    awards::{PartAmount, PartRef},
    catalogue::{Code, CodeList},
    standing::Choose,
    value,
};
use std::collections::BTreeMap;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BesideAsk {
    /// What stands beside it.
    See {
        /// Which application.
        application: Id<value::Application>,
    },
    /// What the person chose is written down.
    Choose {
        /// Which application.
        application: Id<value::Application>,
        /// Between what.
        body: Box<Choose>,
        /// Its key.
        once: Once,
    },
    /// It is worked out as of another day.
    Then {
        /// Which application.
        application: Id<value::Application>,
        /// As of when, with what was known when.
        query: ThenQuery,
    },
}

impl BesideAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        matches!(self, BesideAsk::Choose { .. })
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            BesideAsk::Choose { once, .. } => Some(once),
            BesideAsk::See { .. } | BesideAsk::Then { .. } => None,
        }
    }
}

/// The list of an award's parts beside the reasons of a later decision.
pub const PARTS: &str = "parts";
/// Says of a part that it is suspended.
pub const RESTS: &str = "rests";

/// The parts of an award as a list to choose from: each whole part, and each person's share of it.
pub fn parts_list(parts: &[PartAmount]) -> CodeList {
    let mut codes: Vec<Code> = Vec::new();
    let mut add = |code: String, part: &PartAmount, person: Option<&str>, rests: bool| {
        if codes.iter().any(|other| other.code == code) {
            return;
        }
        let name = part.name.iter().map(|(language, name)| {
            let name = person.map_or_else(|| name.clone(), |person| format!("{name}: {person}"));
            (language.clone(), name)
        });
        codes.push(Code {
            code,
            name: name.collect(),
            from: None,
            until: None,
            more: if rests {
                BTreeMap::from([(RESTS.to_owned(), String::new())])
            } else {
                BTreeMap::new()
            },
        });
    };
    for part in parts {
        let all = parts.iter().filter(|other| other.part.code == part.part.code);
        let rests = all.clone().all(|other| other.suspended);
        add(part.part.code.clone(), part, None, rests);
    }
    for part in parts {
        if let (Some(person), Some(name)) = (part.part.person, &part.person_name) {
            let code = format!("{} {person}", part.part.code);
            add(code, part, Some(name), part.suspended);
        }
    }
    CodeList {
        name: PARTS.to_owned(),
        codes,
    }
}

/// The part that a code of the list names.
pub fn part_named(code: &str) -> Option<PartRef> {
    let (code, person) = match code.split_once(' ') {
        Some((code, person)) => (code, Some(person.parse().ok()?)),
        None => (code, None),
    };
    (!code.is_empty()).then(|| PartRef {
        code: code.to_owned(),
        person,
    })
}
