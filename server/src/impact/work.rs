//! Both versions over one family. Pure.

use super::{
    Plan,
    asks::{Ask, Claim, Family, Said, Turning, everybody},
    model::{Fold, Impact, Lacking, OfBenefit, OfMunicipality, Paid, Row, Sums, Worth},
};
use crate::problem::Error;
use karton_api::{Date, FactValue, Id, value::Person};
use karton_rules::{
    Pack,
    assess::{Input, Known, Outcome, PersonFacts, Result as Found},
    lang::{Scratch, World},
    pack::HolderKind,
    reach::{self, Change, Reach},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A benefit that is worked out.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) code: String,
    pub(super) unit: HolderKind,
    /// The fact of the claim that names on whose account it is granted.
    pub(super) about: Option<String>,
    paid: Paid,
    /// The old and the new version have it on the day.
    there: [bool; 2],
    /// What both rest on.
    pub(super) reach: Reach,
}

/// Both versions, and what is to be asked of them.
#[derive(Debug)]
pub(super) struct Law {
    packs: [Arc<Pack>; 2],
    /// Facts are laid out once for both.
    alike: bool,
    pub(super) plan: Vec<Planned>,
    untouched: Vec<String>,
    /// Facts of claims that name on whose account something is granted.
    abouts: BTreeSet<String>,
    /// The order of sources that decides which fact counts: of the old version, and of the new one where it is another.
    pub(super) ranks: Vec<Vec<String>>,
}

impl Law {
    pub(super) fn of(plan: &Plan) -> Law {
        let (old, new) = (&plan.old, &plan.new);
        let mut planned = Vec::new();
        let mut untouched = Vec::new();
        for (code, change) in reach::changes(old, new) {
            if change == Change::Untouched && !plan.everything {
                untouched.push(code.to_owned());
                continue;
            }
            let versions = [old.benefit(code), new.benefit(code)];
            let Some(benefit) = versions[1].or(versions[0]) else {
                continue;
            };
            let mut found = Reach::default();
            for (pack, version) in [old, new].into_iter().zip(versions) {
                if let Some(version) = version {
                    found.take(reach::reach(pack, version));
                }
            }
            let begun = |first: Option<Date>| first.is_none_or(|first| first <= plan.on);
            planned.push(Planned {
                code: code.to_owned(),
                unit: benefit.unit,
                about: benefit.about.clone(),
                paid: benefit.kind.into(),
                there: versions.map(|version| {
                    version.is_some_and(|it| begun(it.competent.first().map(|first| first.from)))
                }),
                reach: found,
            });
        }
        let mut ranks = vec![old.country.rank.clone()];
        if new.country.rank != old.country.rank {
            ranks.push(new.country.rank.clone());
        }
        Law {
            alike: old.reads_like(new) && ranks.len() == 1,
            packs: [Arc::clone(old), Arc::clone(new)],
            abouts: planned.iter().filter_map(|it| it.about.clone()).collect(),
            plan: planned,
            untouched,
            ranks,
        }
    }

    /// Works a family out.
    pub(super) fn work_out(
        &self,
        mut family: Family,
        fold: &mut Fold,
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let asks = family.asks(&self.plan);
        let Some(first) = family.inputs.first() else {
            return Ok(());
        };
        fold.households += 1;
        fold.people += everybody(first).count() as u64;
        let people: Vec<Option<Id<Person>>> = everybody(first).map(|one| one.person).collect();
        let place = fold.place(everybody(first).find_map(municipality));
        let inputs = std::mem::take(&mut family.inputs);
        let mut inputs: Vec<Turning> = inputs.into_iter().map(Turning::of).collect();
        let mut laid: Option<((usize, Said), Vec<World>)> = None;
        for ask in &asks {
            let key = (ask.applicant, ask.said);
            if laid.as_ref().is_none_or(|(there, _)| *there != key) {
                for one in &mut inputs {
                    one.turn(ask.applicant);
                    self.say(&mut one.input, ask.said, &people, &family.claims);
                }
                laid = Some((key, self.lay_out(&inputs)));
            }
            if let Some((_, worlds)) = &laid {
                self.ask(ask, worlds, place, fold, scratch)?;
            }
        }
        Ok(())
    }

    /// The facts as the old version reads them, and as the new one does where it reads otherwise.
    fn lay_out(&self, inputs: &[Turning]) -> Vec<World> {
        let (Some(old), Some(new)) = (inputs.first(), inputs.last()) else {
            return Vec::new();
        };
        let [before, after] = &self.packs;
        if self.alike {
            return vec![before.prepare(&old.input)];
        }
        vec![before.prepare(&old.input), after.prepare(&new.input)]
    }

    /// Puts into the claim what is said in it.
    fn say(&self, input: &mut Input, said: Said, people: &[Option<Id<Person>>], claims: &[Claim]) {
        input.claim.clear();
        input.others.clear();
        match said {
            Said::Nothing => {}
            Said::About(place) => {
                if let Some(person) = people.get(place).copied().flatten() {
                    let named = Known::declared(FactValue::Person(person));
                    let names = self.abouts.iter().map(|name| (name.clone(), named.clone()));
                    input.claim.extend(names);
                }
            }
            Said::Claim(at) => {
                if let Some(claim) = claims.get(at) {
                    input.claim.clone_from(&claim.facts);
                    input.others.clone_from(&claim.others);
                }
            }
        }
    }

    fn ask(
        &self,
        ask: &Ask,
        worlds: &[World],
        place: usize,
        fold: &mut Fold,
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let (Some(planned), Some(old), Some(new)) =
            (self.plan.get(ask.benefit), worlds.first(), worlds.last())
        else {
            return Ok(());
        };
        let [before, after] = &self.packs;
        let mut worth = |pack: &Pack, there: bool, world: &World| {
            let found = there.then(|| pack.run(&planned.code, world, scratch)).flatten();
            let paid = found
                .as_ref()
                .and_then(|_| pack.paid(&planned.code, world, scratch));
            let paid = paid.map_or(planned.paid, Paid::from);
            (worth(found.as_ref(), paid == Paid::InKind), paid)
        };
        let (was, paid_before) = worth(before, planned.there[0], old);
        let (is, paid_after) = worth(after, planned.there[1], new);
        let gives = |worth: Worth| matches!(worth, Worth::Minor(_));
        let mut count =
            |paid, was, is| fold.count((ask.benefit, paid, place), &Sums::one(was, is, ask.running));
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
            (_, Worth::Unknown) => after.lacking(&planned.code, new, scratch),
            (Worth::Unknown, _) => before.lacking(&planned.code, old, scratch),
            _ => Vec::new(),
        };
        for (holder, fact) in waits {
            fold.lacks(ask.benefit, holder, fact);
        }
        Ok(())
    }

    /// What all workers have seen, in the order in which it is told.
    pub(super) fn told(self: &Law, on: Date, fold: &Fold) -> Result<Impact, Error> {
        let country = &self.packs[1].country;
        let mut found = Impact {
            on,
            currency: country.currency.code().to_owned(),
            people: fold.people,
            households: fold.households,
            untouched: self.untouched.clone(),
            monthly: Sums::default(),
            once: Sums::default(),
            benefits: Vec::new(),
            municipalities: Vec::new(),
            rows: Vec::new(),
        };
        let mut by_benefit: BTreeMap<(usize, Paid), Sums> = BTreeMap::new();
        for (benefit, planned) in self.plan.iter().enumerate() {
            by_benefit.insert((benefit, planned.paid), Sums::default());
        }
        let mut by_municipality: BTreeMap<Option<String>, Sums> = BTreeMap::new();
        for ((benefit, paid, municipality), sums) in fold.by_row() {
            let Some(planned) = self.plan.get(benefit) else {
                continue;
            };
            by_benefit.entry((benefit, paid)).or_default().add(&sums)?;
            match paid {
                Paid::Monthly => {
                    found.monthly.add(&sums)?;
                    by_municipality
                        .entry(municipality.clone())
                        .or_default()
                        .add(&sums)?;
                }
                Paid::Once => found.once.add(&sums)?,
                Paid::InKind => {}
            }
            found.rows.push(Row {
                benefit: planned.code.clone(),
                paid,
                municipality,
                sums,
            });
        }
        let all = by_municipality.into_iter();
        found.municipalities = all
            .map(|(municipality, sums)| OfMunicipality { municipality, sums })
            .collect();
        for ((benefit, paid), sums) in by_benefit {
            let Some(planned) = self.plan.get(benefit) else {
                continue;
            };
            let mut lacking: Vec<Lacking> = (fold.lacking.iter())
                .filter(|((of, ..), _)| *of == benefit && paid == planned.paid)
                .map(|((_, holder, fact), rights)| Lacking {
                    holder: *holder,
                    fact: fact.clone(),
                    rights: *rights,
                })
                .collect();
            lacking.sort_by(|a, b| (b.rights, a.holder, &a.fact).cmp(&(a.rights, b.holder, &b.fact)));
            found.benefits.push(OfBenefit {
                benefit: planned.code.clone(),
                paid,
                sums,
                lacking,
            });
        }
        Ok(found)
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
    match found {
        None => Worth::Nothing,
        Some(found) => match (found.outcome, found.amount_minor) {
            (Outcome::Refuse, _) => Worth::Nothing,
            (Outcome::Unknown, _) => Worth::Unknown,
            (_, Some(minor)) => Worth::Minor(minor),
            (_, None) if in_kind => Worth::Minor(0),
            (_, None) => Worth::Unknown,
        },
    }
}
