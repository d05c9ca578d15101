//! Somebody moves to another address, alone or with others of the household.

use crate::{
    access::{KeepPersons, May},
    audit::{self, Entry},
    facts::{self, NewFact},
    house::House,
    persons,
    problem::Error,
    protection,
};
use karton_api::{
    FactValue, Id,
    households::{Move, Moved},
    persons::{Holder, SourceKind},
    value::Person,
};

/// The longest address taken, in characters.
const LONGEST: usize = 300;
/// So many people move together.
const MOST: usize = 100;

/// Writes down the new address and municipality of everybody who moves, from the day on, and says which office is competent there. The dossier stays
/// where it is: it is offered to another office, never sent by itself. Refuses with `OwnDossier`; the address of somebody who is protected is
/// written down in the restricted room.
pub(super) async fn record(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    body: Move,
) -> Result<Moved, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let address = body.address.trim().to_owned();
    if address.is_empty() || address.chars().count() > LONGEST {
        return Err(Error::field(
            "/address",
            "length",
            "write the address in 1 to 300 characters",
        ));
    }
    if body.from > today {
        return Err(Error::field("/from", "future", "this day has not come yet"));
    }
    if body.from.year() < 1900 {
        return Err(Error::field("/from", "too-early", "this day is too long ago"));
    }
    let Some(municipality) = house
        .pack
        .municipalities
        .iter()
        .find(|row| row.code == body.municipality)
    else {
        let says = "this is no code of the list `municipalities`";
        return Err(Error::field("/municipality", "unknown", says));
    };
    let centre = municipality.centre.clone();
    let proof = body
        .proof
        .as_deref()
        .map(str::trim)
        .filter(|proof| !proof.is_empty())
        .map(str::to_owned);
    if proof.as_ref().is_some_and(|proof| proof.chars().count() > 500) {
        return Err(Error::field(
            "/proof",
            "too-long",
            "at most 500 characters are kept here",
        ));
    }
    if body.with.len() > MOST {
        return Err(Error::field(
            "/with",
            "too-many",
            "at most 100 people move together",
        ));
    }
    let source = if proof.is_some() {
        SourceKind::Document
    } else {
        SourceKind::Declaration
    };
    let mut movers = vec![id];
    movers.extend(body.with.iter().copied().filter(|other| *other != id));
    movers.sort_unstable();
    movers.dedup();
    let facts: Vec<NewFact> = movers
        .iter()
        .flat_map(|person| {
            [
                ("address", FactValue::Text(address.clone())),
                ("municipality", FactValue::Code(body.municipality.clone())),
            ]
            .map(|(name, value)| NewFact {
                id: house.clock.id(),
                holder: Holder::Person(*person),
                name: name.to_owned(),
                value,
                from: body.from,
                until: None,
                source,
                service: None,
                evidence: None,
                note: proof.clone(),
                fresh_until: None,
                by: Some(may.officer()),
            })
        })
        .collect();
    let (scope, officer, offices) = (may.scope(), may.officer(), house.offices.clone());
    let (with, people) = (body.with.clone(), movers.len());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let office = persons::store::holding_office(tx, &scope, id)?;
        persons::none_own(tx, officer, &movers)?;
        let household = persons::household(tx, &scope, id, today, now)?;
        for (place, other) in with.iter().enumerate() {
            let lives_here = household
                .iter()
                .flat_map(|there| &there.members)
                .any(|member| member.card.id == *other);
            if !lives_here {
                return Err(Error::field(format!("/with/{place}"), "no-member", "this is no member of the household"));
            }
        }
        if !protection::veil(tx, &movers)?.covers_nobody() {
            let says = "the address of somebody who moves is protected: write it down there, where only those who must know it see it";
            return Err(Error::field("/address", "protected", says));
        }
        for fact in &facts {
            facts::insert(tx, fact, now)?;
        }
        let competent = centre.as_deref().and_then(|code| offices.by_code(code));
        let elsewhere = competent.filter(|there| offices.body(office).is_none_or(|body| body.id != there.id));
        let entry = Entry::of("moved")
            .person(id)
            .value("people", people)
            .value("municipality", municipality_of(&facts));
        let entry = match &elsewhere {
            Some(there) => entry.value("competent", &there.code),
            None => entry,
        };
        let moved = Moved {
            people: u32::try_from(people).unwrap_or(u32::MAX),
            office: offices.to_ref(office),
            competent: elsewhere.map(|there| there.to_ref()),
        };
        Ok((moved, entry))
    })
    .await
}

/// The code that is written down.
fn municipality_of(facts: &[NewFact]) -> String {
    facts
        .iter()
        .find_map(|fact| match &fact.value {
            FactValue::Code(code) => Some(code.clone()),
            _ => None,
        })
        .unwrap_or_default()
}
