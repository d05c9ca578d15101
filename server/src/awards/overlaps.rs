//! What runs beside what is asked for, in the whole country: a named exception from the officer's scope.

use super::store::{MOST, full_name};
use crate::{
    access::Scope,
    problem::Error,
    protection,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Date, Id,
    common::OfficeRef,
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

/// What a statement about overlaps asks of an award and of the office that granted it.
const COLUMNS: &str = "a.benefit, a.starts, a.ends, o.code, o.name, a.about, a.id, a.beneficiary";

/// The awards of a person; those of other families while the person belonged to them; those on account of a person. The person is the first value,
/// the most rows the second.
pub fn statements() -> [String; 3] {
    let ordered = "ORDER BY a.starts DESC, a.id LIMIT $2";
    [
        format!("SELECT {COLUMNS} FROM award a JOIN office o ON o.id = a.office WHERE a.beneficiary = $1 {ordered}"),
        format!(
            "SELECT {COLUMNS} FROM household_member m JOIN award a ON a.household = m.household JOIN office o ON o.id = a.office
             WHERE m.person = $1 AND m.replaced_at IS NULL AND (m.until_day IS NULL OR m.until_day > a.starts)
                AND (a.ends IS NULL OR a.ends > m.from_day) AND a.beneficiary <> $1 {ordered}"
        ),
        format!("SELECT {COLUMNS} FROM award a JOIN office o ON o.id = a.office WHERE a.about = $1 {ordered}"),
    ]
}

/// Earlier and current benefits of people in the whole country, those of other families that cover one of them, and those of whoever has one on the
/// same account: the caller leaves an entry of its own. What cannot be held beside what is asked for on the day is marked, with what follows, the
/// sentence about it and its article where that is confirmed, and comes first; then what runs, then what has ended.
pub fn overlaps(
    tx: &mut Tx,
    scope: &Scope,
    pack: &Pack,
    people: &[PersonCard],
    asked: Asked<'_>,
    on: Date,
) -> Result<Vec<Overlap>, Error> {
    let mut rows: Vec<(Found, Option<&PersonCard>)> = Vec::new();
    let [own, family, same] = statements();
    for card in people {
        for row in &tx.query(&own, vals![card.id, MOST])? {
            rows.push((Found::of(row)?, None));
        }
        // The right of another family, for as long as this person belonged to it.
        for row in &tx.query(&family, vals![card.id, MOST])? {
            let found = Found::of(row)?;
            if people.iter().all(|other| other.id != found.holder) {
                rows.push((found, Some(card)));
            }
        }
    }
    if let Some(about) = asked.about {
        for row in &tx.query(&same, vals![about, MOST])? {
            rows.push((Found::of(row)?, None));
        }
    }
    let mut seen: Vec<Id<Award>> = Vec::new();
    let mut found = Vec::new();
    for (one, covers) in rows {
        if !seen.contains(&one.award) {
            seen.push(one.award);
            found.push(marked(tx, (scope, pack, people), asked, (one, covers), on)?);
        }
    }
    found.sort_by_key(|it| (!it.incompatible, it.until.is_some_and(|until| until <= on)));
    Ok(found)
}

/// An award as a line about it needs it.
struct Found {
    award: Id<Award>,
    holder: Id<Person>,
    benefit: String,
    about: Option<Id<Person>>,
    from: Date,
    until: Option<Date>,
    office: OfficeRef,
}

impl Found {
    fn of(row: &Row) -> Result<Found, Error> {
        Ok(Found {
            benefit: row.get(0)?,
            from: row.get(1)?,
            until: row.get(2)?,
            office: OfficeRef {
                code: row.get(3)?,
                name: serde_json::from_str(&row.get::<String>(4)?).map_err(Error::fault)?,
            },
            about: row.get(5)?,
            award: row.get(6)?,
            holder: row.get(7)?,
        })
    }
}

fn marked(
    tx: &mut Tx,
    (scope, pack, people): (&Scope, &Pack, &[PersonCard]),
    asked: Asked<'_>,
    (it, covers): (Found, Option<&PersonCard>),
    on: Date,
) -> Result<Overlap, Error> {
    // With whom somebody lives whose address is protected is not told; that the other right covers the child is.
    let hidden = match covers {
        Some(card) => protection::is_protected(tx, it.holder)? || protection::is_protected(tx, card.id)?,
        None => false,
    };
    let whose = covers.filter(|_| hidden).map_or(it.holder, |card| card.id);
    let mut name = |id: Id<Person>| match people.iter().find(|card| card.id == id) {
        Some(card) => Ok::<_, Error>(full_name(card)),
        None => Ok(full_name(&crate::persons::store::card_of(tx, scope, id)?)),
    };
    let in_household = covers.is_none() && people.iter().any(|card| card.id == it.holder);
    let holder =
        it.holder == asked.applicant || (asked.benefit.unit == HolderKind::Household && in_household);
    let same_account = asked.about.is_some() && it.about == asked.about;
    let relation = pack
        .relations(asked.benefit, &it.benefit)
        .into_iter()
        .find(|relation| match relation.of {
            Reach::Holder => holder,
            Reach::Members => in_household || covers.is_some(),
            Reach::About => same_account,
        });
    // For another child the same benefit is another right.
    let same = it.benefit == asked.benefit.code && (holder || same_account) && it.about == asked.about;
    let running = it.until.is_none_or(|until| until > on);
    let told = relation.as_ref().filter(|_| running);
    let benefit = pack.benefit(&it.benefit);
    Ok(Overlap {
        person: whose,
        name: name(whose)?,
        benefit_name: benefit.map(|benefit| benefit.name.0.clone()).unwrap_or_default(),
        about: it.about.map(&mut name).transpose()?,
        covers: covers.map(full_name),
        from: it.from,
        until: it.until,
        office: it.office,
        incompatible: running && (same || relation.is_some()),
        same: running && same,
        effect: told.map(|relation| relation.effect.name().to_owned()),
        says: told
            .and_then(|relation| relation.rule.says.as_ref())
            .map(|says| says.0.clone())
            .unwrap_or_default(),
        law: told
            .filter(|relation| !relation.rule.confidence.is_unconfirmed())
            .map(|relation| relation.rule.law.clone())
            .filter(|law| !law.is_empty()),
        ground: benefit.and_then(articles),
        award: Some(it.award),
        benefit: it.benefit,
    })
}

/// The articles on which a right rests, in one text.
pub fn articles(benefit: &Benefit) -> Option<String> {
    Some(benefit.law.join("; ")).filter(|law| !law.is_empty())
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
