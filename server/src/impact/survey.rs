//! Both versions over the families of a page, all together: the facts are laid out once for all benefits and for all who ask. Pure.

use super::{
    asks::{Claim, Family, Said, everybody},
    model::{Fold, Paid, Sums, Worth},
    work::{Law, Planned},
};
use crate::{persons, problem::Error};
use karton_api::{FactValue, Id, value::Person};
use karton_rules::{
    assess::{Block, Facts, Found, Input, Known, Outcome, PersonFacts, Rules, Stand, Survey},
    lang::Scratch,
    pack::HolderKind,
};
use std::collections::HashMap;

/// The rules of both versions, ready for many families.
#[derive(Debug)]
pub(super) struct Versions<'p> {
    law: &'p Law,
    /// One where both read facts alike.
    surveys: Vec<Survey<'p>>,
    /// Of each benefit that is worked out, by the old and the new version; nothing where a version does not have it on the day.
    rules: Vec<[Option<Rules>; 2]>,
    scratch: Scratch,
    /// What is lacking, of the benefits by their place in the plan.
    lacking: HashMap<(usize, HolderKind, &'p str), u64>,
}

/// One right that is asked for.
struct Asked {
    stand: usize,
    running: bool,
    /// Where the household lives.
    place: usize,
}

/// Who asks in a family, and what for.
struct Seat {
    family: usize,
    applicant: usize,
    said: Said,
}

impl<'p> Versions<'p> {
    pub(super) fn of(law: &'p Law) -> Versions<'p> {
        let [before, after] = &law.packs;
        let mut surveys = vec![Survey::of(before)];
        if !law.alike {
            surveys.push(Survey::of(after));
        }
        let mut rules = Vec::with_capacity(law.plan.len());
        for planned in &law.plan {
            let mut of = |version: usize| {
                let at = version.min(surveys.len() - 1);
                let survey = surveys.get_mut(at).filter(|_| planned.there[version])?;
                survey.add(&law.packs[version], &planned.code)
            };
            let old = of(0);
            rules.push(match planned.untouched && law.alike {
                true => [old, old],
                false => [old, of(1)],
            });
        }
        Versions {
            law,
            surveys,
            rules,
            scratch: Scratch::default(),
            lacking: HashMap::new(),
        }
    }

    /// Works the families of a page out.
    pub(super) fn work_out(&mut self, families: Vec<Family>, fold: &mut Fold) -> Result<(), Error> {
        let law = self.law;
        let mut asked: Vec<Vec<Asked>> = law.plan.iter().map(|_| Vec::new()).collect();
        let mut seats: Vec<Seat> = Vec::new();
        // By version, where they read the facts otherwise.
        let mut inputs: Vec<Vec<Input>> = Vec::new();
        let mut claims: Vec<Vec<Claim>> = Vec::with_capacity(families.len());
        for family in families {
            let asks = family.asks(&law.plan);
            let Some(first) = family.inputs.first() else {
                continue;
            };
            fold.households += 1;
            fold.people += everybody(first).count() as u64;
            let place = fold.place(everybody(first).find_map(municipality));
            let mut last = None;
            for ask in asks {
                if last != Some((ask.applicant, ask.said)) {
                    last = Some((ask.applicant, ask.said));
                    seats.push(Seat {
                        family: claims.len(),
                        applicant: ask.applicant,
                        said: ask.said,
                    });
                }
                if let Some(asked) = asked.get_mut(ask.benefit) {
                    asked.push(Asked {
                        stand: seats.len() - 1,
                        running: ask.running,
                        place,
                    });
                }
            }
            claims.push(family.claims);
            inputs.resize_with(family.inputs.len().max(inputs.len()), Vec::new);
            for (input, of_version) in family.inputs.into_iter().zip(&mut inputs) {
                of_version.push(input);
            }
        }
        let (Some(old), Some(new)) = (inputs.first(), inputs.last()) else {
            return Ok(());
        };
        let mut relates = vec![false; seats.len()];
        for (asked, rules) in asked.iter().zip(&self.rules) {
            let of = |version: usize, rules: Option<Rules>| {
                rules
                    .zip(self.survey(version))
                    .is_some_and(|(rules, survey)| survey.relates(rules))
            };
            if of(0, rules[0]) || of(1, rules[1]) {
                for one in asked {
                    if let Some(relates) = relates.get_mut(one.stand) {
                        *relates = true;
                    }
                }
            }
        }
        // Whom a claim would name that nobody has made yet.
        let named: Vec<Facts> = seats.iter().map(|seat| self.named(seat, old)).collect();
        let empty = Facts::new();
        let seats = seats.iter().zip(&named).zip(relates);
        let stands: Vec<Stand<'_>> = seats
            .map(|((seat, named), relates)| {
                let claim = match seat.said {
                    Said::Claim(at) => claims.get(seat.family).and_then(|claims| claims.get(at)),
                    _ => None,
                };
                Stand {
                    household: seat.family,
                    applicant: seat.applicant,
                    relationships: match old.get(seat.family) {
                        Some(input) if seat.applicant != 0 => relationships(input, seat.applicant),
                        _ => Vec::new(),
                    },
                    relates,
                    claim: match (seat.said, claim) {
                        (Said::About(_), _) => named,
                        (_, Some(claim)) => &claim.facts,
                        _ => &empty,
                    },
                    others: claim.map_or(&[], |claim| &claim.others),
                }
            })
            .collect();
        let (Some(first), Some(last)) = (self.surveys.first(), self.surveys.last()) else {
            return Ok(());
        };
        let mut blocks = vec![first.lay_out(old, &stands)];
        if !law.alike {
            blocks.push(last.lay_out(new, &stands));
        }
        for (benefit, (planned, asked)) in law.plan.iter().zip(&asked).enumerate() {
            self.benefit((benefit, planned), asked, &blocks, fold)?;
        }
        Ok(())
    }

    fn survey(&self, version: usize) -> Option<&Survey<'p>> {
        self.surveys.get(version.min(self.surveys.len() - 1))
    }

    fn named(&self, seat: &Seat, inputs: &[Input]) -> Facts {
        let Said::About(place) = seat.said else {
            return Facts::new();
        };
        let input = inputs.get(seat.family);
        let person: Option<Id<Person>> = input.and_then(|input| everybody(input).nth(place)?.person);
        let named = person.map(|person| Known::declared(FactValue::Person(person)));
        let names = self.law.abouts.iter();
        names
            .filter_map(|name| Some((name.clone(), named.clone()?)))
            .collect()
    }

    /// One benefit by both versions.
    fn benefit(
        &mut self,
        (benefit, planned): (usize, &Planned),
        asked: &[Asked],
        blocks: &[Block<'_>],
        fold: &mut Fold,
    ) -> Result<(), Error> {
        let stands: Vec<usize> = asked.iter().map(|one| one.stand).collect();
        let [old, new] = self.rules.get(benefit).copied().unwrap_or([None, None]);
        let run = |version: usize, rules: Option<Rules>| {
            let (survey, block) = (self.survey(version)?, blocks.get(version.min(blocks.len() - 1))?);
            Some(survey.run(rules?, block, &stands))
        };
        let before = run(0, old);
        let after = match old == new && self.law.alike {
            true => None,
            false => Some(run(1, new)),
        };
        let after = after.as_ref().unwrap_or(&before);
        for (at, one) in asked.iter().enumerate() {
            let of = |found: &Option<Vec<Found>>| {
                let found = found.as_ref().and_then(|found| found.get(at));
                let paid = found
                    .and_then(|found| found.kind)
                    .map_or(planned.paid, Paid::from);
                (worth(found, paid == Paid::InKind), paid)
            };
            let ((was, paid_before), (is, paid_after)) = (of(&before), of(after));
            let mut count = |paid, was, is| {
                let sums = Sums::one(was, is, one.running);
                fold.count((benefit, paid, one.place), &sums)
            };
            let gives = |worth: Worth| matches!(worth, Worth::Minor(_));
            match (gives(was), gives(is)) {
                // What is paid otherwise than before is another right: amounts of a month and single ones cannot be held against each other.
                (true, true) if paid_before != paid_after => {
                    count(paid_before, was, Worth::Nothing)?;
                    count(paid_after, Worth::Nothing, is)?;
                }
                (true, _) => count(paid_before, was, is)?,
                (_, true) => count(paid_after, was, is)?,
                _ => count(planned.paid, was, is)?,
            }
            // What the new version lacks; what the old one lacked, where only that could not say.
            let waits = match (was, is) {
                (_, Worth::Unknown) => new.map(|rules| (1, rules)),
                (Worth::Unknown, _) => old.map(|rules| (0, rules)),
                _ => None,
            };
            let Some((version, rules)) = waits else { continue };
            let version = version.min(blocks.len() - 1);
            if let Some((survey, block)) = self.surveys.get(version).zip(blocks.get(version)) {
                for (holder, fact) in survey.lacking(rules, block, one.stand, &mut self.scratch) {
                    *self.lacking.entry((benefit, holder, fact)).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    /// Hands over what was lacking.
    pub(super) fn leave(self, fold: &mut Fold) {
        for ((benefit, holder, fact), rights) in self.lacking {
            fold.lacks(benefit, holder, fact, rights);
        }
    }
}

/// What everybody is to a member, in the order of the household.
fn relationships(input: &Input, applicant: usize) -> Vec<&str> {
    let all: Vec<&str> = everybody(input).map(relationship).collect();
    let mine = all.get(applicant).copied().unwrap_or("self");
    all.iter()
        .map(|theirs| persons::to_applicant(mine, theirs))
        .collect()
}

fn relationship(person: &PersonFacts) -> &str {
    match person.facts.get("relationship").map(|known| &known.value) {
        Some(FactValue::Code(code)) => code,
        _ => "other",
    }
}

fn municipality(person: &PersonFacts) -> Option<&str> {
    match &person.facts.get("municipality")?.value {
        FactValue::Code(code) if !code.is_empty() => Some(code),
        _ => None,
    }
}

/// What an officer must confirm counts as given: it is refused by nothing that is confirmed.
fn worth(found: Option<&Found>, in_kind: bool) -> Worth {
    let Some(Found { result, .. }) = found else {
        return Worth::Nothing;
    };
    match (result.outcome, result.amount_minor) {
        (Outcome::Refuse, _) => Worth::Nothing,
        (Outcome::Unknown, _) => Worth::Unknown,
        (_, Some(minor)) => Worth::Minor(minor),
        (_, None) if in_kind => Worth::Minor(0),
        (_, None) => Worth::Unknown,
    }
}
