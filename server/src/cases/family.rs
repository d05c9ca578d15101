//! The people around a case: the household of the one it is about and of those who stand in it, generation by generation, with who has died,
//! who has left, and who cares for whom.

use super::store::{self, SocialCase};
use crate::{access::Scope, house::House, persons, problem::Error, store::Tx, vals};
use karton_api::{
    Date, Id, Timestamp,
    cases::{Family, Home, Kin},
    persons::PersonCard,
    value::{Household, Person},
};
use karton_rules::pack::Pack;

/// More households are not drawn.
const MOST_HOMES: usize = 8;

/// Generations above the head of a household, as the pack's relationships say it.
fn generation(pack: &Pack, relationship: &str) -> Option<i8> {
    let list = pack.codes.get("relationships")?;
    list.entry(relationship)?
        .more
        .get("generation")?
        .trim()
        .parse()
        .ok()
}

/// The roles of a person in the case on a day, as codes.
fn roles(standings: &[store::Standing], person: Id<Person>) -> Vec<String> {
    let mut found: Vec<String> = standings
        .iter()
        .filter(|standing| standing.person == Some(person) && standing.until.is_none())
        .map(|standing| standing.role.clone())
        .collect();
    found.dedup();
    found
}

/// Somebody of a household: card, relationship, from, and when they left.
type Living = (PersonCard, String, Date, Option<Date>);

/// Everybody who lives or has lived in a household: card, relationship, from, and when they left.
fn members(tx: &mut Tx, scope: &Scope, home: Id<Household>, today: Date) -> Result<Vec<Living>, Error> {
    let rows = tx.query(
        "SELECT person, relationship, from_day, until_day FROM household_member WHERE household = $1 AND replaced_at IS NULL
            AND (until_day IS NULL OR until_day > from_day) ORDER BY from_day, id LIMIT 200",
        vals![home],
    )?;
    let mut found = Vec::new();
    for row in &rows {
        let left: Option<Date> = row.get(3)?;
        let card = persons::store::card_of(tx, scope, row.get(0)?)?;
        found.push((card, row.get(1)?, row.get(2)?, left.filter(|left| *left <= today)));
    }
    Ok(found)
}

/// The family as it stands today.
pub(super) fn of_case(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    it: &SocialCase,
    (today, now): (Date, Timestamp),
) -> Result<Family, Error> {
    let standings = store::standings(tx, it.matter())?;
    let mut people = vec![it.person];
    people.extend(standings.iter().filter_map(|standing| standing.person));
    let mut homes: Vec<Id<Household>> = Vec::new();
    for person in &people {
        let home = persons::household(tx, scope, *person, today, now)?.map(|home| home.id);
        if let Some(home) = home.filter(|home| !homes.contains(home) && homes.len() < MOST_HOMES) {
            homes.push(home);
        }
    }
    let (mut households, mut drawn) = (Vec::new(), Vec::new());
    for home in homes {
        let mut kin = Vec::new();
        for (card, relationship, from, left) in members(tx, scope, home, today)? {
            drawn.push(card.id);
            kin.push(Kin {
                name: None,
                generation: generation(&house.pack, &relationship),
                relationship,
                roles: roles(&standings, card.id),
                from: Some(from),
                left,
                carers: persons::carers(tx, scope, card.id, today, now)?,
                card: Some(card),
            });
        }
        kin.sort_by_key(|kin| {
            let born = kin.card.as_ref().and_then(|card| card.birth_date);
            (std::cmp::Reverse(kin.generation.unwrap_or(i8::MIN)), born)
        });
        households.push(Home {
            id: home,
            people: kin,
        });
    }
    let mut others = Vec::new();
    for standing in &standings {
        let card = match standing.person {
            Some(person) if drawn.contains(&person) => continue,
            Some(person) => {
                drawn.push(person);
                Some(persons::store::card_of(tx, scope, person)?)
            }
            None => None,
        };
        let (roles, carers) = match &card {
            Some(card) => (
                roles(&standings, card.id),
                persons::carers(tx, scope, card.id, today, now)?,
            ),
            None => (vec![standing.role.clone()], Vec::new()),
        };
        others.push(Kin {
            card,
            name: standing.name.clone(),
            relationship: String::new(),
            generation: None,
            roles,
            from: None,
            left: standing.until,
            carers,
        });
    }
    Ok(Family { households, others })
}
