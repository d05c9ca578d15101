//! The place in the household of today, told beside people who were found.

use super::{own, store};
use crate::{
    problem::Error,
    store::{Tx, Val},
};
use karton_api::{
    Date, Id,
    persons::{HouseholdRole, PersonHit},
    value::{Officer, Person},
};
use karton_rules::pack::Pack;
use std::collections::HashMap;

/// Asked about so many at once; fewer are filled up with the last one, so that few statements are prepared.
const AT_ONCE: [usize; 2] = [8, 51];

/// Adds to each hit within the scope what the person is in the household of this day. Who lives with whom is content: of people that the officer
/// does not work on nothing is told.
pub(super) fn tell(
    tx: &mut Tx,
    pack: &Pack,
    officer: Id<Officer>,
    today: Date,
    hits: &mut [PersonHit],
) -> Result<(), Error> {
    let asked: Vec<Id<Person>> = hits
        .iter()
        .filter(|hit| hit.card.in_scope)
        .map(|hit| hit.card.id)
        .take(51)
        .collect();
    let Some(last) = asked.last().copied() else {
        return Ok(());
    };
    let places = AT_ONCE
        .into_iter()
        .find(|places| *places >= asked.len())
        .unwrap_or(51);
    let mut values: Vec<Val> = vec![today.into()];
    values.extend(
        asked
            .iter()
            .copied()
            .chain(std::iter::repeat(last))
            .take(places)
            .map(Val::from),
    );
    let marks: Vec<String> = (2..places + 2).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT m.person, m.relationship, (
            SELECT h.person FROM household_member h WHERE h.household = m.household AND h.relationship = 'self' AND h.replaced_at IS NULL
                AND h.from_day <= $1 AND (h.until_day IS NULL OR h.until_day > $1) ORDER BY h.from_day DESC LIMIT 1)
         FROM household_member m WHERE m.replaced_at IS NULL AND m.from_day <= $1 AND (m.until_day IS NULL OR m.until_day > $1)
            AND m.person IN ({}) ORDER BY m.from_day",
        marks.join(", ")
    );
    let mut roles: HashMap<Id<Person>, (String, Option<Id<Person>>)> = HashMap::new();
    for row in tx.query(&sql, &values)? {
        roles.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    let mut names: HashMap<Id<Person>, karton_api::persons::Name> = HashMap::new();
    let declared = own::has_declared(tx, officer)?;
    for hit in hits.iter_mut() {
        let Some((relationship, head)) = roles.remove(&hit.card.id) else {
            continue;
        };
        if declared && own::not_own(tx, officer, hit.card.id).is_err() {
            continue;
        }
        let head = match head.filter(|head| *head != hit.card.id) {
            None => None,
            Some(head) => {
                let name = match names.get(&head) {
                    Some(name) => name.clone(),
                    None => store::name_of(tx, head)?,
                };
                names.insert(head, name.clone());
                Some(name)
            }
        };
        let name = pack
            .codes
            .get("relationships")
            .and_then(|list| list.entry(&relationship));
        hit.household = Some(HouseholdRole {
            relationship_name: name.map(|entry| entry.name.to_map()).unwrap_or_default(),
            relationship,
            head,
        });
    }
    Ok(())
}
