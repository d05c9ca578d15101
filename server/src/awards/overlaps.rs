//! What runs beside what is asked for, in the whole country: a named exception from the officer's scope.

use super::store::{MOST, line};
use crate::{
    access::Scope,
    problem::Error,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Date, Id,
    dossiers::Overlap,
    persons::PersonCard,
    value::{Award, Person},
};
use karton_rules::pack::{
    ApplicantKind, Benefit, BenefitKind, BesideEffect, HolderKind, Pack, Reach, Relation,
};

/// For whom something is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What.
    pub benefit: &'a Benefit,
    /// Who asks.
    pub applicant: Id<Person>,
    /// On whose account, where that is somebody else.
    pub about: Option<Id<Person>>,
}

/// Whether what a pack says carries a refusal: only the code is written, which holds as it always did, or its law is confirmed. What rests on
/// unconfirmed law is a condition on which an officer's word is needed.
fn carries(relation: &Relation<'_>) -> bool {
    relation.rule.law.is_empty() || !relation.rule.confidence.is_unconfirmed()
}

/// What the pack says of an award beside which something is asked for, where it is reached; none where the two can be held together.
fn reached<'p>(
    pack: &'p Pack,
    asked: Asked<'p>,
    other: &str,
    holder: bool,
    same_account: bool,
) -> Option<Relation<'p>> {
    pack.relations(asked.benefit, other)
        .into_iter()
        .find(|relation| match relation.of {
            Reach::Holder => holder,
            Reach::Members => true,
            Reach::About => same_account,
        })
}

/// Earlier and current benefits of people in the whole country, and of whoever has one on the same account: the caller leaves an entry of its
/// own. What cannot be held beside what is asked for on the day is marked, with what follows and its article where that is confirmed.
pub fn overlaps(
    tx: &mut Tx,
    scope: &Scope,
    pack: &Pack,
    people: &[PersonCard],
    asked: Asked<'_>,
    on: Date,
) -> Result<Vec<Overlap>, Error> {
    let mut found = Vec::new();
    for card in people {
        let rows = tx.query(
            "SELECT a.benefit, a.starts, a.ends, o.code, o.name, a.about, a.id FROM award a JOIN office o ON o.id = a.office
             WHERE a.beneficiary = $1 ORDER BY a.starts DESC, a.id LIMIT $2",
            vals![card.id, MOST],
        )?;
        for row in &rows {
            found.push(marked(pack, asked, card, row, on)?);
        }
    }
    if let Some(about) = asked.about {
        let rows = tx.query(
            "SELECT a.benefit, a.starts, a.ends, o.code, o.name, a.about, a.id, a.beneficiary FROM award a JOIN office o ON o.id = a.office
             WHERE a.about = $1 ORDER BY a.starts DESC, a.id LIMIT $2",
            vals![about, MOST],
        )?;
        for row in &rows {
            let holder: Id<Person> = row.get(7)?;
            if people.iter().all(|card| card.id != holder) {
                let card = crate::persons::store::card_of(tx, scope, holder)?;
                found.push(marked(pack, asked, &card, row, on)?);
            }
        }
    }
    Ok(found)
}

fn marked(pack: &Pack, asked: Asked<'_>, card: &PersonCard, row: &Row, on: Date) -> Result<Overlap, Error> {
    let benefit: String = row.get(0)?;
    let until: Option<Date> = row.get(2)?;
    let about: Option<Id<Person>> = row.get(5)?;
    let holder = card.id == asked.applicant || asked.benefit.unit == HolderKind::Household;
    let same_account = asked.about.is_some() && about == asked.about;
    let relation = reached(pack, asked, &benefit, holder, same_account);
    let same = benefit == asked.benefit.code && (holder || same_account) && about == asked.about;
    let running = until.is_none_or(|until| until > on);
    let award: Id<Award> = row.get(6)?;
    Ok(Overlap {
        award: Some(award),
        effect: relation
            .filter(|_| running)
            .map(|relation| relation.effect.name().to_owned()),
        law: relation
            .filter(|relation| running && !relation.rule.confidence.is_unconfirmed())
            .map(|relation| relation.rule.law.clone()),
        ..line(card, row, running && (same || relation.is_some()))?
    })
}

/// Whether an award beside which this cannot be granted runs on the day `from` or begins later, for one of these people, or on the same account, in
/// the whole country: one of the same monthly benefit, or one whose law refuses it. Where the person chooses, or the other one only rests, nothing is
/// in the way.
pub fn in_the_way(
    tx: &mut Tx,
    pack: &Pack,
    people: &[Id<Person>],
    asked: Asked<'_>,
    from: Date,
) -> Result<bool, Error> {
    let refuses = |benefit: &str, holder: bool, same_account: bool| {
        reached(pack, asked, benefit, holder, same_account)
            .is_some_and(|relation| relation.effect == BesideEffect::Refuse && carries(&relation))
    };
    // What an organisation holds itself is looked at by `held_by`: another one's on account of the same person is no obstacle.
    let own = asked.benefit.applicant == ApplicantKind::Person;
    for person in people {
        let rows = tx.query(
            "SELECT benefit, about FROM award WHERE beneficiary = $1 AND per <> 'once' AND (ends IS NULL OR ends > $2)",
            vals![*person, from],
        )?;
        for row in &rows {
            let benefit: String = row.get(0)?;
            let about: Option<Id<Person>> = row.get(1)?;
            let same_account = asked.about.is_some() && about == asked.about;
            // What is granted for one child is no obstacle to the same for another.
            let same = own
                && benefit == asked.benefit.code
                && asked.benefit.kind == BenefitKind::Monthly
                && (asked.about.is_none() || same_account);
            if same || refuses(&benefit, true, same_account) {
                return Ok(true);
            }
        }
    }
    let Some(about) = asked.about else {
        return Ok(false);
    };
    let rows = tx.query(
        "SELECT benefit FROM award WHERE about = $1 AND (ends IS NULL OR ends > $2)",
        vals![about, from],
    )?;
    for row in &rows {
        let benefit: String = row.get(0)?;
        // A single amount runs for ever: the same is not granted again on the same account.
        if (own && benefit == asked.benefit.code) || refuses(&benefit, false, true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether either of two benefits says that whoever has the one cannot have the other.
pub fn excluded(pack: &Pack, asked: &Benefit, other: &str) -> bool {
    let relations = pack.relations(asked, other);
    relations.iter().any(|relation| relation.of != Reach::About)
}
