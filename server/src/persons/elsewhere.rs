//! Where else people are known to live: membership in two households at once.

use crate::{problem::Error, store::Tx, vals};
use karton_api::{
    Date, Id,
    value::{Household, Office, Person},
};

/// A membership in another household on the same day.
#[derive(Debug, Clone)]
pub struct ElsewhereToo {
    /// Who.
    pub person: Id<Person>,
    /// The other household.
    pub household: Id<Household>,
    /// The office that keeps it.
    pub office: Id<Office>,
    /// Since when.
    pub from: Date,
    /// Its head, where it has one.
    pub head: Option<Id<Person>>,
}

/// The households in which somebody is known on a day, each with its head.
pub const STATEMENT: &str = "SELECT m.household, h.office, m.from_day,
    (SELECT x.person FROM household_member x WHERE x.household = m.household AND x.relationship = 'self'
        AND x.from_day <= $2 AND (x.until_day IS NULL OR x.until_day > $2) AND x.replaced_at IS NULL
     ORDER BY x.from_day DESC LIMIT 1)
    FROM household_member m JOIN household h ON h.id = m.household
    WHERE m.person = $1 AND m.from_day <= $2 AND (m.until_day IS NULL OR m.until_day > $2) AND m.replaced_at IS NULL
    ORDER BY m.from_day, m.household LIMIT 20";

/// Other households in which these people are known on a day too, in the whole country; `but` is the one that is asked from.
pub fn elsewhere_too(
    tx: &mut Tx,
    people: &[Id<Person>],
    but: Option<Id<Household>>,
    on: Date,
) -> Result<Vec<ElsewhereToo>, Error> {
    let mut found = Vec::new();
    for person in people {
        let rows = tx.query(STATEMENT, vals![*person, on])?;
        for row in &rows {
            let household: Id<Household> = row.get(0)?;
            if Some(household) != but {
                found.push(ElsewhereToo {
                    person: *person,
                    household,
                    office: row.get(1)?,
                    from: row.get(2)?,
                    head: row.get(3)?,
                });
            }
        }
    }
    Ok(found)
}
