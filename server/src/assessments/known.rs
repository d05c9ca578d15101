//! What was known at an instant: awards that were granted later, or turned later, and cards that were corrected later, are seen as they stood then.

use super::gather::{Gathered, by_card};
use crate::{awards, persons, problem::Error, store::Tx};
use karton_api::{Date, FactValue, Timestamp};
use karton_rules::assess::Facts;

/// Lays the awards and cards as they were known at an instant into what was gathered; facts and households are gathered so already.
pub fn as_known(tx: &mut Tx, gathered: &mut Gathered, at: Timestamp) -> Result<(), Error> {
    let input = &mut gathered.input;
    let on = input.on;
    let people = std::iter::once(&mut input.applicant)
        .chain(&mut input.members)
        .chain(&mut input.others);
    for one in people {
        let Some(person) = one.person else { continue };
        let then = awards::of_person_at(tx, person, Some(at))?;
        one.awards = then.own;
        one.family_awards = then.family;
        one.awards_about = then.about;
        if let Some(card) = persons::card_then(tx, person, at)? {
            lay(&mut one.facts, card, on);
        }
    }
    Ok(())
}

/// The facts that a card gives, as it stood; nothing else is touched.
fn lay(facts: &mut Facts, card: persons::CardThen, on: Date) {
    let alive = card.death_date.is_none_or(|died| died > on);
    for (name, value) in [
        ("birth_date", card.birth_date.map(FactValue::Date)),
        ("sex", card.sex.map(FactValue::Code)),
        ("death_date", card.death_date.map(FactValue::Date)),
        ("alive", Some(FactValue::Bool(alive))),
    ] {
        match value {
            Some(value) => drop(facts.insert(name.to_owned(), by_card(value))),
            None => drop(facts.remove(name)),
        }
    }
}
