//! What is to be asked of both versions, and how it is told. Pure.

use super::{
    Plan,
    model::{Fold, Impact, Lacking, OfBenefit, OfMunicipality, Paid, Row, Sums},
};
use crate::problem::Error;
use karton_api::Date;
use karton_rules::{
    Pack,
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
    /// Both versions give the same.
    pub(super) untouched: bool,
    pub(super) code: String,
    pub(super) unit: HolderKind,
    /// The fact of the claim that names on whose account it is granted.
    pub(super) about: Option<String>,
    pub(super) paid: Paid,
    /// The old and the new version have it on the day.
    pub(super) there: [bool; 2],
    /// What both rest on.
    pub(super) reach: Reach,
}

/// Both versions, and what is to be asked of them.
#[derive(Debug)]
pub(super) struct Law {
    pub(super) packs: [Arc<Pack>; 2],
    /// Facts are laid out once for both.
    pub(super) alike: bool,
    pub(super) plan: Vec<Planned>,
    untouched: Vec<String>,
    /// Facts of claims that name on whose account something is granted.
    pub(super) abouts: BTreeSet<String>,
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
                untouched: change == Change::Untouched,
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
