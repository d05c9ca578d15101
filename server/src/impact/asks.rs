//! Who asks for what: the rights of one family that both versions are asked about. Pure.

use super::work::Planned;
use karton_api::{Date, FactValue, Id, value::Person};
use karton_rules::{
    assess::{Facts, Input, PersonFacts},
    pack::HolderKind,
};

/// A family as it was read.
#[derive(Debug)]
pub(super) struct Family {
    /// Everybody of the household, the head as the applicant: as the old version reads the facts, and as the new one does where it ranks their
    /// sources otherwise.
    pub(super) inputs: Vec<Input>,
    /// What claims say, the newest first.
    pub(super) claims: Vec<Claim>,
    /// What runs on the day.
    pub(super) running: Vec<Running>,
}

/// What somebody has asked for.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) benefit: String,
    pub(super) applicant: Id<Person>,
    /// The day it was handed in, or the first day of what was granted on it.
    pub(super) day: Date,
    pub(super) facts: Facts,
    /// People outside of the household whom it names.
    pub(super) others: Vec<PersonFacts>,
}

/// An award that runs.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) benefit: String,
    pub(super) beneficiary: Id<Person>,
    pub(super) about: Option<Id<Person>>,
}

/// What stands in the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// Nothing: nobody has asked.
    Nothing,
    /// Only on account of which member it would be.
    About(usize),
    /// What the claim at this place says.
    Claim(usize),
}

/// One right that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ask {
    /// Who asks: 0 is the head, others are members by their place and one.
    pub(super) applicant: usize,
    pub(super) said: Said,
    /// Place in the plan.
    pub(super) benefit: usize,
    /// It runs already.
    pub(super) running: bool,
}

/// Everybody of a household, the head first.
pub(super) fn everybody(input: &Input) -> impl Iterator<Item = &PersonFacts> {
    std::iter::once(&input.applicant).chain(&input.members)
}

fn date(person: &PersonFacts, name: &str) -> Option<Date> {
    match person.facts.get(name).map(|known| &known.value) {
        Some(FactValue::Date(day)) => Some(*day),
        _ => None,
    }
}

fn alive(person: &PersonFacts, on: Date) -> bool {
    date(person, "death_date").is_none_or(|died| died > on)
}

fn grown(person: &PersonFacts, on: Date) -> bool {
    date(person, "birth_date").is_none_or(|born| {
        let years = i32::from(on.year()) - i32::from(born.year());
        years > 18 || (years == 18 && (on.month(), on.day()) >= (born.month(), born.day()))
    })
}

impl Claim {
    fn about(&self, planned: &Planned) -> Option<Id<Person>> {
        match self.facts.get(planned.about.as_ref()?)?.value {
            FactValue::Person(person) => Some(person),
            _ => None,
        }
    }
}

impl Family {
    /// The rights of this family, those of one applicant and claim beside each other, so that facts are laid out once for them.
    pub(super) fn asks(&self, plan: &[Planned]) -> Vec<Ask> {
        let Some(input) = self.inputs.first() else {
            return Vec::new();
        };
        let on = input.on;
        let people: Vec<&PersonFacts> = everybody(input).collect();
        let living = |place: &usize| people.get(*place).is_some_and(|one| alive(one, on));
        let places: Vec<usize> = (0..people.len()).filter(living).collect();
        let of_age = |place: &&usize| people.get(**place).is_some_and(|one| grown(one, on));
        let Some(lead) = places.iter().find(of_age).or(places.first()).copied() else {
            return Vec::new();
        };
        let id = |place: usize| people.get(place).and_then(|one| one.person);
        let place_of = |person: Id<Person>| (0..people.len()).find(|place| id(*place) == Some(person));
        let mut asks = Vec::new();
        for (benefit, planned) in plan.iter().enumerate() {
            let claims = || {
                let of_it = self.claims.iter().enumerate();
                of_it.filter(|(_, claim)| claim.benefit == planned.code)
            };
            let running = |of: &dyn Fn(&Running) -> bool| {
                self.running.iter().any(|it| it.benefit == planned.code && of(it))
            };
            match (planned.unit, &planned.about) {
                (HolderKind::Person, None) => {
                    for place in places.iter().copied() {
                        let claim = claims().find(|(_, claim)| Some(claim.applicant) == id(place));
                        asks.push(Ask {
                            applicant: place,
                            said: claim.map_or(Said::Nothing, |(at, _)| Said::Claim(at)),
                            benefit,
                            running: running(&|it| Some(it.beneficiary) == id(place)),
                        });
                    }
                }
                (HolderKind::Person, Some(_)) => {
                    let mut named: Vec<Id<Person>> = Vec::new();
                    for (at, claim) in claims() {
                        let Some(about) = claim.about(planned).filter(|about| !named.contains(about)) else {
                            continue;
                        };
                        named.push(about);
                        asks.push(Ask {
                            applicant: place_of(claim.applicant).unwrap_or(lead),
                            said: Said::Claim(at),
                            benefit,
                            running: running(&|it| it.about == Some(about)),
                        });
                    }
                    for place in places.iter().copied() {
                        let Some(about) = id(place).filter(|about| !named.contains(about)) else {
                            continue;
                        };
                        asks.push(Ask {
                            applicant: lead,
                            said: Said::About(place),
                            benefit,
                            running: running(&|it| it.about == Some(about)),
                        });
                    }
                }
                _ => {
                    let claim = claims().next();
                    let asks_for_it = claim.and_then(|(_, claim)| place_of(claim.applicant));
                    asks.push(Ask {
                        applicant: asks_for_it.filter(living).unwrap_or(lead),
                        said: claim.map_or(Said::Nothing, |(at, _)| Said::Claim(at)),
                        benefit,
                        running: running(&|_| true),
                    });
                }
            }
        }
        asks.sort_unstable();
        asks
    }
}
