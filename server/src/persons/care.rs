//! Who cares for whom by an act: guardians, foster carers. Dated, and as it was known at any instant; rows are never overwritten.
//!
//! The ties are begun and ended by procedures of social work; whoever takes an application asks here who may act for a child or a ward.

use super::store::card_of;
use crate::{
    access::Scope,
    problem::Error,
    store::{Migration, Row, Tx},
    users, vals,
};
use karton_api::{
    Date, Id, Timestamp,
    persons::Carer,
    value::{self, Officer, Person},
};

/// Ties of care.
pub const CARE: Migration = Migration::both(
    181,
    "guardians and foster carers",
    "CREATE TABLE care (
        id {ID} PRIMARY KEY,
        person {ID} NOT NULL REFERENCES person (id),
        carer {ID} NOT NULL REFERENCES person (id),
        kind TEXT NOT NULL,
        act TEXT NOT NULL,
        from_day BIGINT NOT NULL,
        until_day BIGINT,
        matter {ID},
        recorded_at BIGINT NOT NULL,
        recorded_by {ID},
        replaced_at BIGINT,
        reason TEXT
    );
    CREATE INDEX care_person ON care (person, from_day);
    CREATE INDEX care_carer ON care (carer, from_day);
    CREATE INDEX care_matter ON care (matter) WHERE matter IS NOT NULL;",
);

/// The most ties of one person that are read.
const MOST: i64 = 200;

/// A tie of care as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Care {
    /// The row.
    pub id: Id<value::Care>,
    /// Who is cared for.
    pub person: Id<Person>,
    /// By whom.
    pub carer: Id<Person>,
    /// As what: a code of `codes/care_kinds.csv`.
    pub kind: String,
    /// The decision or contract by which it stands, as people call it.
    pub act: String,
    /// First day.
    pub from: Date,
    /// The day after the last.
    pub until: Option<Date>,
    /// The case that began it.
    pub matter: Option<Id<value::Matter>>,
    /// When it became known.
    pub recorded_at: Timestamp,
    /// Who wrote it down.
    pub recorded_by: Option<Id<Officer>>,
    /// Why it ended.
    pub reason: Option<String>,
}

const COLUMNS: &str =
    "id, person, carer, kind, act, from_day, until_day, matter, recorded_at, recorded_by, reason";

fn care(row: &Row) -> Result<Care, Error> {
    Ok(Care {
        id: row.get(0)?,
        person: row.get(1)?,
        carer: row.get(2)?,
        kind: row.get(3)?,
        act: row.get(4)?,
        from: row.get(5)?,
        until: row.get(6)?,
        matter: row.get(7)?,
        recorded_at: row.get(8)?,
        recorded_by: row.get(9)?,
        reason: row.get(10)?,
    })
}

/// Writes a tie that begins. The caller has checked the kind and the people.
pub fn begin_care(tx: &mut Tx, it: &Care) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO care (id, person, carer, kind, act, from_day, until_day, matter, recorded_at, recorded_by, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            it.id,
            it.person,
            it.carer,
            &it.kind,
            &it.act,
            it.from,
            it.until,
            it.matter,
            it.recorded_at,
            it.recorded_by,
            it.reason.clone()
        ],
    )?;
    Ok(())
}

/// Ends a tie: the row that stood is closed and another one written, with the day after the last and why.
pub fn end_care(tx: &mut Tx, stood: &Care, new: &Care) -> Result<(), Error> {
    let closed = tx.exec(
        "UPDATE care SET replaced_at = $2 WHERE id = $1 AND replaced_at IS NULL",
        vals![stood.id, new.recorded_at],
    )?;
    if closed == 0 {
        return Err(Error::Missing);
    }
    begin_care(tx, new)
}

/// A tie by its id, as it stands.
pub fn care_of(tx: &mut Tx, id: Id<value::Care>) -> Result<Care, Error> {
    let sql = format!("SELECT {COLUMNS} FROM care WHERE id = $1 AND replaced_at IS NULL");
    tx.opt(&sql, vals![id])?
        .map_or(Err(Error::Missing), |row| care(&row))
}

/// The ties that stand between these two people, as what, on a day or later.
pub fn runs(
    tx: &mut Tx,
    person: Id<Person>,
    carer: Id<Person>,
    kind: &str,
    from: Date,
) -> Result<bool, Error> {
    let row = tx.query(
        "SELECT 1 FROM care WHERE person = $1 AND carer = $2 AND kind = $3 AND replaced_at IS NULL
            AND (until_day IS NULL OR until_day > $4) LIMIT 1",
        vals![person, carer, kind, from],
    )?;
    Ok(!row.is_empty())
}

/// Who cares for a person on a day, as known at an instant: guardians and foster carers, with their cards.
pub fn carers(
    tx: &mut Tx,
    scope: &Scope,
    person: Id<Person>,
    on: Date,
    known_at: Timestamp,
) -> Result<Vec<Carer>, Error> {
    ties(tx, scope, "person", "carer", person, on, known_at)
}

/// For whom a person cares on a day, as known at an instant.
pub fn wards(
    tx: &mut Tx,
    scope: &Scope,
    carer: Id<Person>,
    on: Date,
    known_at: Timestamp,
) -> Result<Vec<Carer>, Error> {
    ties(tx, scope, "carer", "person", carer, on, known_at)
}

fn ties(
    tx: &mut Tx,
    scope: &Scope,
    side: &str,
    other: &str,
    person: Id<Person>,
    on: Date,
    known_at: Timestamp,
) -> Result<Vec<Carer>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM care WHERE {side} = $1 AND from_day <= $2 AND (until_day IS NULL OR until_day > $2)
            AND recorded_at <= $3 AND (replaced_at IS NULL OR replaced_at > $3) ORDER BY from_day, id LIMIT $4"
    );
    let mut found = Vec::new();
    for row in tx.query(&sql, vals![person, on, known_at, MOST])? {
        let it = care(&row)?;
        let who = if other == "carer" { it.carer } else { it.person };
        found.push(shown(tx, scope, &it, who)?);
    }
    Ok(found)
}

/// The ties that a case has begun, as they stand now, the carer's card on each.
pub fn care_of_matter(tx: &mut Tx, scope: &Scope, matter: Id<value::Matter>) -> Result<Vec<Carer>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM care WHERE matter = $1 AND replaced_at IS NULL ORDER BY from_day, id LIMIT $2"
    );
    let mut found = Vec::new();
    for row in tx.query(&sql, vals![matter, MOST])? {
        let it = care(&row)?;
        found.push(shown(tx, scope, &it, it.carer)?);
    }
    Ok(found)
}

fn shown(tx: &mut Tx, scope: &Scope, it: &Care, who: Id<Person>) -> Result<Carer, Error> {
    Ok(Carer {
        id: it.id,
        card: card_of(tx, scope, who)?,
        kind: it.kind.clone(),
        act: it.act.clone(),
        from: it.from,
        until: it.until,
        recorded_at: it.recorded_at,
        recorded_by: it
            .recorded_by
            .map(|by| users::officer_ref(tx, Some(by)))
            .transpose()?,
        reason: it.reason.clone(),
    })
}
