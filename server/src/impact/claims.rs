//! What people of a page have asked for.

use super::{
    asks::Claim,
    pages::Page,
    read::{Homes, Reader, among, as_known, given, in_order, person_of},
};
use crate::{
    awards, facts,
    problem::Error,
    store::{Tx, Val},
    vals,
};
use karton_api::{FactValue, Id, Timestamp, persons::Holder, value::Person};
use karton_rules::assess::{Facts, PersonFacts};
use serde::Deserialize;

impl Reader {
    /// What was asked for: of awards that run the claim they were granted on, of applications what was declared in them. Nothing of a restricted
    /// matter is known here.
    pub(super) fn claims(&self, tx: &mut Tx, page: &Page, homes: &mut Homes) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Basis {
            #[serde(default)]
            claim: Facts,
            #[serde(default)]
            others: Vec<PersonFacts>,
        }
        let (person, join) = (person_of(page), in_order(tx));
        let asked = |values: &mut Vec<Val>| among("a.benefit", &self.claims, values).unwrap_or_default();
        let (from, mut values) = self.from(page, &format!("{join} award a ON a.beneficiary = {person}"));
        let sql = format!(
            "SELECT {person}, a.benefit, a.starts, a.input {from} AND a.starts <= $3 AND (a.ends IS NULL OR a.ends > $3)
             AND a.input IS NOT NULL AND {}",
            asked(&mut values)
        );
        for row in tx.query(&sql, &values)? {
            let applicant: Id<Person> = row.get(0)?;
            let basis: Basis = serde_json::from_str(&row.get::<String>(3)?).map_err(Error::fault)?;
            if let Some(home) = homes.home(applicant) {
                home.claims.push(Claim {
                    benefit: row.get(1)?,
                    applicant,
                    day: row.get(2)?,
                    facts: basis.claim,
                    others: basis.others,
                });
            }
        }
        let (from, mut values) = self.from(page, &format!("{join} application a ON a.applicant = {person}"));
        let sql = format!(
            "SELECT {person}, a.benefit, a.lodged_on, a.id {from} AND a.lodged_on <= $3 AND a.state <> 'withdrawn' AND {}
             AND NOT EXISTS (SELECT 1 FROM restricted_matter r WHERE r.matter = a.id)",
            asked(&mut values)
        );
        for row in tx.query(&sql, &values)? {
            let applicant: Id<Person> = row.get(0)?;
            let matter = Holder::Claim(row.get(3)?);
            let known = facts::known(tx, &[matter], Timestamp::MAX)?;
            let order = self.orders.last().map_or(&[][..], Vec::as_slice);
            let known = facts::resolve(known, order, self.on, Timestamp::MAX);
            let facts = known
                .into_iter()
                .map(|((_, name), it)| (name, as_known(it.fact.value)));
            let claim = Claim {
                benefit: row.get(1)?,
                applicant,
                day: row.get(2)?,
                facts: facts.collect(),
                others: Vec::new(),
            };
            let others = self.outside(tx, homes, &claim)?;
            if let Some(home) = homes.home(applicant) {
                home.claims.push(Claim { others, ..claim });
            }
        }
        for home in &mut homes.list {
            home.claims.sort_by_key(|claim| std::cmp::Reverse(claim.day));
        }
        Ok(())
    }

    /// Whom a claim names outside of the household: the deceased, a child elsewhere.
    fn outside(&self, tx: &mut Tx, homes: &Homes, claim: &Claim) -> Result<Vec<PersonFacts>, Error> {
        let mut found = Vec::new();
        for known in claim.facts.values() {
            let FactValue::Person(person) = known.value else {
                continue;
            };
            let here = |id: Id<Person>| homes.people.get(&id).map(|(home, _)| *home);
            if here(person).is_some() && here(person) == here(claim.applicant) {
                continue;
            }
            let sql = "SELECT id, id, 'other', birth_day, sex, death_day FROM person WHERE id = $1";
            let Some(row) = tx.opt(sql, vals![person])? else {
                continue;
            };
            let mut facts = given(&row, self.on)?;
            facts.remove("relationship");
            let known = facts::known(tx, &[Holder::Person(person)], Timestamp::MAX)?;
            let order = self.orders.last().map_or(&[][..], Vec::as_slice);
            let at = known
                .iter()
                .map(|fact| fact.recorded_at)
                .max()
                .unwrap_or(Timestamp::MIN);
            let known = facts::resolve(known, order, self.on, at);
            for ((_, name), it) in known {
                facts.entry(name).or_insert_with(|| as_known(it.fact.value));
            }
            let granted = awards::of_person(tx, person)?;
            found.push(PersonFacts {
                person: Some(person),
                name: None,
                facts,
                awards: granted.own,
                family_awards: granted.family,
                awards_about: granted.about,
            });
        }
        Ok(found)
    }
}
