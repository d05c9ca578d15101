//! The SQL of awards.

use super::{model::NewAward, payees, turns};
use crate::{
    access::Scope,
    offices::Offices,
    problem::Error,
    store::{Row, Tx, Val},
    vals,
};
use karton_api::{
    Date, Id, Money, Per, Timestamp, awards as wire,
    common::{OfficeRef, Texts},
    dossiers::Overlap,
    persons::PersonCard,
    value::{Award, Office, Person},
};
use karton_rules::{assess::AwardInForce, pack::Pack};

/// The most awards of one person that are looked at.
pub(super) const MOST: i64 = 200;

const COLUMNS: &str = "a.id, a.office, a.beneficiary, a.household, a.benefit, a.decision, a.decision_number, a.minor, a.currency, a.per, \
     a.starts, a.ends, a.review_on, a.pack, a.input, a.about, a.in_kind, a.turned";

fn per_name(per: Per) -> &'static str {
    match per {
        Per::Once => "once",
        Per::Month => "month",
        Per::Year => "year",
    }
}

fn award(row: &Row) -> Result<NewAward, Error> {
    let per = match row.get::<String>(9)?.as_str() {
        "once" => Per::Once,
        "month" => Per::Month,
        "year" => Per::Year,
        other => return Err(Error::fault(format!("an award cannot be for each `{other}`"))),
    };
    let input: Option<String> = row.get(14)?;
    let input = input
        .map(|input| serde_json::from_str(&input))
        .transpose()
        .map_err(Error::fault)?;
    Ok(NewAward {
        id: row.get(0)?,
        office: row.get(1)?,
        beneficiary: row.get(2)?,
        household: row.get(3)?,
        benefit: row.get(4)?,
        decision: row.get(5)?,
        decision_number: row.get(6)?,
        amount: Money::new(row.get(7)?, row.parse(8)?),
        per,
        starts: row.get(10)?,
        ends: row.get(11)?,
        review_on: row.get(12)?,
        basis: row.get::<Option<String>>(13)?.zip(input),
        about: row.get(15)?,
        in_kind: row.get(16)?,
        turned: row.get(17)?,
    })
}

/// Writes an award: by a decision, or as it was before Karton.
pub fn insert(tx: &mut Tx, it: &NewAward) -> Result<(), Error> {
    let input = it
        .basis
        .as_ref()
        .map(|(_, input)| serde_json::to_string(input))
        .transpose()
        .map_err(Error::fault)?;
    tx.exec(
        "INSERT INTO award (id, office, beneficiary, household, benefit, decision, decision_number, minor, currency, per, starts, ends,
            review_on, pack, input, about, in_kind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        vals![
            it.id,
            it.office,
            it.beneficiary,
            it.household,
            &it.benefit,
            it.decision,
            it.decision_number.clone(),
            it.amount.minor,
            it.amount.currency.code(),
            per_name(it.per),
            it.starts,
            it.ends,
            it.review_on,
            it.basis.as_ref().map(|(pack, _)| pack.clone()),
            input,
            it.about,
            it.in_kind
        ],
    )?;
    Ok(())
}

/// An award within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<Award>) -> Result<NewAward, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM award a WHERE a.id = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office)"
    );
    tx.opt(&sql, vals![scope.val(), id])?
        .map_or(Err(Error::Missing), |row| award(&row))
}

/// The office of an award, for what the system does by itself; nothing where there is no such award.
pub fn office_of(tx: &mut Tx, id: Id<Award>) -> Result<Option<Id<Office>>, Error> {
    let row = tx.opt("SELECT office FROM award WHERE id = $1", vals![id])?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// Awards of a person in the whole country that have not ended on a day, each with its id: what a death gives cause to look at.
pub fn running_of(tx: &mut Tx, person: Id<Person>, on: Date) -> Result<Vec<Id<Award>>, Error> {
    let rows = tx.query(
        "SELECT id FROM award WHERE beneficiary = $1 AND per <> 'once' AND (ends IS NULL OR ends > $2) ORDER BY id LIMIT $3",
        vals![person, on, MOST],
    )?;
    rows.iter().map(|row| Ok(row.get(0)?)).collect()
}

/// A page of awards within the scope, by id; of one person where that is asked.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    person: Option<Id<Person>>,
    after: Option<Id<Award>>,
    limit: usize,
) -> Result<Vec<NewAward>, Error> {
    let mut values = vec![scope.val()];
    let mut bind = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut sql = format!(
        "SELECT {COLUMNS} FROM award a WHERE EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office)"
    );
    if let Some(person) = person {
        sql.push_str(&format!(" AND a.beneficiary = {}", bind(person.into())));
    }
    if let Some(after) = after {
        sql.push_str(&format!(" AND a.id > {}", bind(after.into())));
    }
    sql.push_str(&format!(
        " ORDER BY a.id LIMIT {}",
        bind(i64::try_from(limit).unwrap_or(MOST).into())
    ));
    tx.query(&sql, &values)?.iter().map(award).collect()
}

/// Awards of a person in the whole country that run on a day or later and are not paid once: what a death may end.
pub fn running(tx: &mut Tx, person: Id<Person>, from: Date) -> Result<Vec<NewAward>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM award a WHERE a.beneficiary = $1 AND a.per <> 'once' AND (a.ends IS NULL OR a.ends > $2)
         ORDER BY a.starts, a.id LIMIT $3"
    );
    tx.query(&sql, vals![person, from, MOST])?
        .iter()
        .map(award)
        .collect()
}

/// The awards of people within the scope, those in force on a day first, then the newest.
pub fn of_people(
    tx: &mut Tx,
    scope: &Scope,
    known: (&Pack, &Offices),
    people: &[Id<Person>],
    today: Date,
) -> Result<Vec<wire::Award>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM award a WHERE a.beneficiary = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office)
         ORDER BY a.starts DESC LIMIT $3"
    );
    let mut found = Vec::new();
    for person in people {
        for row in tx.query(&sql, vals![scope.val(), *person, MOST])? {
            found.push(award(&row)?);
        }
    }
    found.sort_by_key(|it| (!it.in_force(today), std::cmp::Reverse(it.starts)));
    found.iter().map(|it| show(tx, scope, known, it, today)).collect()
}

/// As it travels. The benefit's name comes from the pack, where the award's benefit still stands in it.
pub fn show(
    tx: &mut Tx,
    scope: &Scope,
    (pack, offices): (&Pack, &Offices),
    it: &NewAward,
    today: Date,
) -> Result<wire::Award, Error> {
    let turns = if it.turned {
        turns::of_award(tx, it.id)?
    } else {
        Vec::new()
    };
    let now = turns::standing(&turns, today);
    Ok(wire::Award {
        id: it.id,
        benefit: it.benefit.clone(),
        benefit_name: pack
            .benefit(&it.benefit)
            .map(|it| it.name.0.clone())
            .unwrap_or_default(),
        beneficiary: crate::persons::store::card_of(tx, scope, it.beneficiary)?,
        payee: payees::payee_of(tx, it.id)?,
        decision: it.decision,
        decision_number: it.decision_number.clone(),
        office: offices.to_ref(it.office),
        amount: now.amount.unwrap_or(it.amount),
        per: it.per,
        in_kind: it.in_kind,
        starts: it.starts,
        ends: it.ends,
        review_on: it.review_on,
        in_force: it.in_force(today),
        suspended: now.suspended,
    })
}

/// The awards that rules may look at for one person, in the whole country, past and coming ones too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfPerson {
    /// The person's own.
    pub own: Vec<AwardInForce>,
    /// To the family as a whole, while the person belonged to it.
    pub family: Vec<AwardInForce>,
    /// To anybody on account of this person.
    pub about: Vec<AwardInForce>,
}

/// The awards of a person for the rules: one that later decisions have turned stands as the spans in which something was due.
pub fn of_person(tx: &mut Tx, person: Id<Person>) -> Result<OfPerson, Error> {
    of_person_at(tx, person, None)
}

/// The same as it was known at an instant: without awards that were granted later, and without what was made of others since. An award's id bears
/// the instant at which it was granted.
pub fn of_person_at(tx: &mut Tx, person: Id<Person>, known_at: Option<Timestamp>) -> Result<OfPerson, Error> {
    let rows = tx.query(
        "SELECT cast(0 AS bigint) AS place, benefit, starts, ends, minor, currency, id, turned FROM award WHERE beneficiary = $1
         UNION ALL
         SELECT cast(1 AS bigint), a.benefit, CASE WHEN m.from_day > a.starts THEN m.from_day ELSE a.starts END,
            CASE WHEN m.until_day IS NULL OR m.until_day > a.ends THEN a.ends ELSE m.until_day END, a.minor, a.currency, a.id, a.turned
         FROM household_member m JOIN award a ON a.household = m.household
         WHERE m.person = $1 AND m.replaced_at IS NULL AND (m.until_day IS NULL OR m.until_day > a.starts)
            AND (a.ends IS NULL OR a.ends > m.from_day)
         UNION ALL
         SELECT cast(2 AS bigint), benefit, starts, ends, minor, currency, id, turned FROM award WHERE about = $1
         ORDER BY place, starts, id LIMIT $2",
        vals![person, 3 * MOST],
    )?;
    let mut found = OfPerson::default();
    for row in &rows {
        let id: Id<Award> = row.get(6)?;
        if known_at.is_some_and(|at| id.made_at() > at) {
            continue;
        }
        let mut award = AwardInForce {
            benefit: row.get(1)?,
            from: row.get(2)?,
            until: row.get(3)?,
            amount: Money::new(row.get(4)?, row.parse(5)?),
            award: Some(id),
        };
        let list = match row.get::<i64>(0)? {
            0 => &mut found.own,
            1 => &mut found.family,
            _ => &mut found.about,
        };
        if row.get::<bool>(7)? {
            let mut turns = turns::of_award(tx, id)?;
            if let Some(at) = known_at {
                let later = turns.iter().filter(|turn| turn.at > at);
                if let Some(first) = later.min_by_key(|turn| turn.at) {
                    award.until = turns::ended_before(tx, first)?;
                }
                turns.retain(|turn| turn.at <= at);
            }
            list.extend(turns::spans(&award, &turns));
        } else {
            list.push(award);
        }
    }
    Ok(found)
}

/// What offices outside of the scope pay to these people on a day: benefit, period and office, and nothing else. A named exception, for which
/// the caller leaves an entry of its own.
pub fn elsewhere(
    tx: &mut Tx,
    scope: &Scope,
    pack: &Pack,
    people: &[PersonCard],
    on: Date,
) -> Result<Vec<Overlap>, Error> {
    let mut found = Vec::new();
    for card in people {
        let rows = tx.query(
            "SELECT a.benefit, a.starts, a.ends, o.code, o.name FROM award a JOIN office o ON o.id = a.office
             WHERE a.beneficiary = $2 AND a.starts <= $3 AND (a.ends IS NULL OR a.ends > $3)
                AND NOT EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office)
             ORDER BY a.starts DESC, a.id LIMIT $4",
            vals![scope.val(), card.id, on, MOST],
        )?;
        for row in &rows {
            found.push(line(pack, card, row)?);
        }
    }
    Ok(found)
}

/// One line about an award: benefit, starts, ends, the office's code and name.
fn line(pack: &Pack, card: &PersonCard, row: &Row) -> Result<Overlap, Error> {
    let benefit: String = row.get(0)?;
    let known = pack.benefit(&benefit);
    Ok(Overlap {
        person: card.id,
        name: full_name(card),
        benefit_name: known.map(|benefit| benefit.name.0.clone()).unwrap_or_default(),
        ground: known.and_then(super::overlaps::articles),
        benefit,
        about: None,
        covers: None,
        from: row.get(1)?,
        until: row.get(2)?,
        office: OfficeRef {
            code: row.get(3)?,
            name: serde_json::from_str(&row.get::<String>(4)?).map_err(Error::fault)?,
        },
        incompatible: false,
        same: false,
        says: Texts::new(),
        effect: None,
        award: None,
        law: None,
    })
}

/// Given and family name as one text; either may be empty.
pub fn full_name(card: &PersonCard) -> String {
    format!("{} {}", card.name.given, card.name.family)
        .trim()
        .to_owned()
}
