//! The SQL of protections, and the veil over what is known about people.

use super::sealed::Protected;
use crate::{problem::Error, store::Tx, vals};
use karton_api::{
    Date, FactValue, Id, Timestamp,
    assessments::{Answer, AnswerOf},
    protection::Ground,
    value::{Officer, Person, Protection},
};
use std::collections::HashMap;

/// Whether a fact of this name says where somebody lives: `address`, `municipality`, `settlement`, and names that end in one of them after an
/// underscore (`post_address`). A pack that names places so has them covered.
pub fn is_place(name: &str) -> bool {
    ["address", "municipality", "settlement"].iter().any(|place| {
        name.strip_suffix(place)
            .is_some_and(|before| before.is_empty() || before.ends_with('_'))
    })
}

/// What stands instead of the places of people whose address is protected.
#[derive(Debug, Clone, Default)]
pub struct Veil(HashMap<Id<Person>, (String, Option<String>)>);

/// The veil over these people.
pub fn veil(tx: &mut Tx, people: &[Id<Person>]) -> Result<Veil, Error> {
    let mut veil = HashMap::new();
    for person in people {
        let row = tx.opt(
            "SELECT instead, municipality FROM protected_person WHERE person = $1 AND lifted_at IS NULL",
            vals![*person],
        )?;
        if let Some(row) = row {
            veil.insert(*person, (row.get(0)?, row.get(1)?));
        }
    }
    Ok(Veil(veil))
}

/// Whether the address of a person is protected.
pub fn is_protected(tx: &mut Tx, person: Id<Person>) -> Result<bool, Error> {
    Ok(!veil(tx, &[person])?.covers_nobody())
}

impl Veil {
    /// Nobody of them is protected.
    pub fn covers_nobody(&self) -> bool {
        self.0.is_empty()
    }
    /// Covers a fact about a person where it says where somebody lives who is protected.
    pub fn cover(&self, person: Id<Person>, name: &str, value: &mut FactValue) {
        if let Some((instead, municipality)) = self.0.get(&person).filter(|_| is_place(name)) {
            put(value, instead, municipality.as_deref());
        }
    }
    /// Covers a fact about what people have in common (a household, a claim) where any of them is protected.
    pub fn cover_shared(&self, name: &str, value: &mut FactValue) {
        if let Some((instead, municipality)) = self.0.values().next().filter(|_| is_place(name)) {
            put(value, instead, municipality.as_deref());
        }
    }
    /// The address that stands instead for a person.
    pub fn instead(&self, person: Id<Person>) -> Option<&str> {
        self.0.get(&person).map(|(instead, _)| instead.as_str())
    }
}

/// Puts the office's place over a value: its address over a text, its municipality over a code.
pub fn put(value: &mut FactValue, instead: &str, municipality: Option<&str>) {
    match value {
        FactValue::Text(text) => *text = instead.to_owned(),
        FactValue::Code(code) => *code = municipality.unwrap_or_default().to_owned(),
        _ => {}
    }
}

/// Covers what was typed about places where the person it is about, or the applicant, is protected.
pub fn cover_answers(tx: &mut Tx, applicant: Id<Person>, answers: &mut [Answer]) -> Result<(), Error> {
    for answer in answers.iter_mut().filter(|answer| is_place(&answer.fact)) {
        let whose = match answer.of {
            AnswerOf::Person(person) => person,
            AnswerOf::Household | AnswerOf::Claim => applicant,
        };
        veil(tx, &[whose])?.cover(whose, &answer.fact, &mut answer.value);
    }
    Ok(())
}

/// Every address that is known of a person whose address is protected: the one in this room, and what facts said before and since. For keeping
/// back what was printed with one of them. Nothing where the person is not protected.
pub fn secrets(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Protected<String>>, Error> {
    if !is_protected(tx, person)? {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let rows = tx.query(
        "SELECT address FROM protected_person WHERE person = $1 AND lifted_at IS NULL AND address IS NOT NULL",
        vals![person],
    )?;
    for row in &rows {
        found.push(Protected::new(row.get::<String>(0)?));
    }
    let rows = tx.query(
        "SELECT DISTINCT name, value FROM fact WHERE holder = $1 AND holder_kind = 'person' AND name LIKE '%address'",
        vals![person],
    )?;
    for row in &rows {
        let value = serde_json::from_str(&row.get::<String>(1)?).map_err(Error::fault)?;
        if let (FactValue::Text(text), true) = (value, is_place(&row.get::<String>(0)?)) {
            found.push(Protected::new(text));
        }
    }
    Ok(found)
}

/// A protection in force.
#[derive(Debug, Clone)]
pub(super) struct InForce {
    pub(super) id: Id<Protection>,
    pub(super) ground: Ground,
    pub(super) proof: String,
    pub(super) instead: String,
    pub(super) since: Timestamp,
    pub(super) until: Option<Date>,
    pub(super) officers: Vec<Id<Officer>>,
    pub(super) address: Option<Protected<String>>,
}

pub(super) fn ground_name(ground: Ground) -> &'static str {
    match ground {
        Ground::Shelter => "shelter",
        Ground::CourtOrder => "court-order",
        Ground::Danger => "danger",
    }
}

fn ground_of(name: &str) -> Result<Ground, Error> {
    [Ground::Shelter, Ground::CourtOrder, Ground::Danger]
        .into_iter()
        .find(|ground| ground_name(*ground) == name)
        .ok_or_else(|| Error::fault(format!("a protection on the ground of `{name}`")))
}

/// The protection of a person, where one is in force.
pub(super) fn in_force(tx: &mut Tx, person: Id<Person>) -> Result<Option<InForce>, Error> {
    let row = tx.opt(
        "SELECT p.id, p.ground, p.proof, c.instead, p.set_at, p.until_day, c.address
         FROM protected_person c JOIN protection p ON p.id = c.protection WHERE c.person = $1 AND c.lifted_at IS NULL",
        vals![person],
    )?;
    let Some(row) = row else { return Ok(None) };
    let id: Id<Protection> = row.get(0)?;
    let mut officers = Vec::new();
    for row in tx.query(
        "SELECT officer FROM protection_officer WHERE protection = $1 ORDER BY named_at, officer",
        vals![id],
    )? {
        officers.push(row.get(0)?);
    }
    Ok(Some(InForce {
        id,
        ground: ground_of(&row.get::<String>(1)?)?,
        proof: row.get(2)?,
        instead: row.get(3)?,
        since: row.get(4)?,
        until: row.get(5)?,
        officers,
        address: row.get::<Option<String>>(6)?.map(Protected::new),
    }))
}
