//! What cannot be held beside a benefit, and what follows from it.

use super::{Benefit, Confidence, Pack, Place, Texts};
use serde::{Deserialize, Serialize};

/// Whose awards an incompatibility looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Those of whoever would hold it: the applicant's, or the household's where the benefit is the household's.
    Holder,
    /// Those of everybody in the household, and those that cover one of them with another family.
    Members,
    /// Those granted to anybody on account of the same person.
    About,
}

/// What becomes of a claim beside such an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BesideEffect {
    /// It is refused while the other award runs.
    Refuse,
    /// It may be granted; the other award is suspended from its first day.
    Suspend,
    /// The person chooses; where this one is chosen, the other ends with the day before it begins.
    Choose,
}

impl BesideEffect {
    /// As packs write it.
    pub fn name(self) -> &'static str {
        match self {
            BesideEffect::Refuse => "refuse",
            BesideEffect::Suspend => "suspend",
            BesideEffect::Choose => "choose",
        }
    }
}

impl Reach {
    /// As packs write it.
    pub fn name(self) -> &'static str {
        match self {
            Reach::Holder => "holder",
            Reach::Members => "members",
            Reach::About => "about",
        }
    }
}

/// A benefit that cannot be held beside another.
#[derive(Debug, Clone)]
pub struct Incompatible {
    /// Its code.
    pub benefit: String,
    /// Whose awards of it are meant.
    pub of: Reach,
    /// What follows.
    pub effect: BesideEffect,
    /// The article; empty where only the code is written.
    pub law: String,
    /// How well it is founded; `default` where only the code is written.
    pub confidence: Confidence,
    /// The sentence of it, where there is one.
    pub says: Option<Texts>,
    /// The condition made of it, by its id: only of an effect `refuse` with sentences.
    pub condition: Option<String>,
    /// Where it is defined.
    pub place: Place,
}

/// How two benefits stand to each other where one is asked for and the other runs.
#[derive(Debug, Clone, Copy)]
pub struct Relation<'p> {
    /// What the pack says.
    pub rule: &'p Incompatible,
    /// Whose awards of the running one are meant.
    pub of: Reach,
    /// What follows for the one that is asked for.
    pub effect: BesideEffect,
}

impl Benefit {
    /// Whether this benefit says of another that the two cannot be held together.
    pub fn excludes(&self, code: &str) -> bool {
        self.incompatible.iter().any(|one| one.benefit == code)
    }
}

impl Pack {
    /// What stands between a benefit that is asked for and another one: what it says itself, or what the other says of it. Where only the
    /// other says that it suspends this one, this one is refused.
    pub fn relations<'p>(&'p self, asked: &'p Benefit, other: &str) -> Vec<Relation<'p>> {
        let own: Vec<Relation<'p>> = (asked.incompatible.iter().filter(|one| one.benefit == other))
            .map(|rule| Relation {
                rule,
                of: rule.of,
                effect: rule.effect,
            })
            .collect();
        if !own.is_empty() || other == asked.code {
            return own;
        }
        let theirs = self.benefit(other).map_or(&[][..], |it| &it.incompatible);
        (theirs.iter().filter(|one| one.benefit == asked.code))
            // A claim that names nobody cannot be on account of the same person.
            .filter(|rule| rule.of != Reach::About || asked.about.is_some())
            .map(|rule| Relation {
                rule,
                of: rule.of,
                effect: match rule.effect {
                    BesideEffect::Choose => BesideEffect::Choose,
                    BesideEffect::Refuse | BesideEffect::Suspend => BesideEffect::Refuse,
                },
            })
            .collect()
    }
}
