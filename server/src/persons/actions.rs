//! What an officer can do with a person's card.

use super::{duplicates, likeness::Lives, model::Checked, query, roles, store};
use crate::{
    access::{Actor, FindPersons, May, ReadDossiers, Scope},
    house::House,
    http::cursor,
    problem::{Error, Refusal},
    store::{Tx, numbers},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    persons::{Candidate, NationalId, PersonView, PersonsFound, SearchPersons},
    value::Person,
};

/// Finds people as one types; the cards are national. Leaves an entry with the shape of the query, not with its text, once for each settled
/// query: a text that only grows while it is typed is one query until its hits are looked at, so the entry is written with the first page.
pub async fn search(
    may: &May<FindPersons>,
    house: &House,
    body: SearchPersons,
) -> Result<PersonsFound, Error> {
    if body.text.chars().count() > query::LONGEST_TEXT {
        return Err(Error::field(
            "/text",
            "too-long",
            format!("at most {} characters are looked for", query::LONGEST_TEXT),
        ));
    }
    let limit = usize::from(body.limit.unwrap_or(20));
    if !(1..=50).contains(&limit) {
        return Err(Error::field("/limit", "range", "1 to 50"));
    }
    let from: usize = cursor::decode(body.cursor.as_deref())?.unwrap_or(0);
    if from > 10_000 {
        return Err(Error::field(
            "/cursor",
            "range",
            "type more of the name: nobody turns that many pages",
        ));
    }
    let now = house.clock.now();
    house.vocabulary.refresh(&house.store, now, false).await?;
    let scope = may.scope();
    let (text, vocabulary) = (body.text, house.vocabulary.clone());
    let look = {
        let (text, vocabulary, pack) = (text.clone(), vocabulary.clone(), house.pack.clone());
        let (officer, today) = (may.officer(), house.clock.today());
        move |tx: &mut Tx| {
            let (mut hits, incomplete) = query::page(tx, &scope, &vocabulary, &text, from, limit)?;
            roles::tell(tx, &pack, officer, today, &mut hits)?;
            Ok::<_, Error>((hits, incomplete))
        }
    };
    let (mut hits, mut incomplete) = house.store.read(look.clone()).await?;
    if hits.is_empty() && from == 0 && matches!(query::understand(&text), query::Sought::Words(_)) {
        // Another server may have registered the name within the last second.
        house.vocabulary.refresh(&house.store, now, true).await?;
        (hits, incomplete) = house.store.read(look).await?;
    }
    let more = hits.len() > limit;
    hits.truncate(limit);
    let next = more.then(|| cursor::encode(&(from + limit)));
    if query::understand(&text) != query::Sought::Nothing {
        house.searches.settled(house, may, &text, hits.len()).await?;
    }
    Ok(PersonsFound {
        items: hits,
        next,
        incomplete,
    })
}

/// Somebody on the way into the store: who, where they live as far as it is known, and under which id.
#[derive(Debug, Clone, Copy)]
pub struct Entering<'a> {
    /// Made before the transaction.
    pub id: Id<Person>,
    /// Who.
    pub who: &'a Checked,
    /// Where they live.
    pub lives: &'a Lives,
}

/// People whom the new one may be taken beside.
#[derive(Debug, Clone, Copy)]
pub enum Beside<'a> {
    /// Those whom an officer looked at.
    Seen(&'a [Id<Person>]),
    /// Everybody who is alike: whoever accepted a register said so.
    Anybody,
}

/// Registers somebody in an office of this code, without looking at them afterwards. Refuses with `Duplicates` and `NumberTaken`.
pub fn enter(
    tx: &mut Tx,
    scope: &Scope,
    (actor, code): (Actor, &str),
    (now, today): (Timestamp, Date),
    new: Entering<'_>,
    beside: Beside<'_>,
) -> Result<(), Error> {
    let who = new.who;
    store::take_turn(tx, &who.name, now)?;
    let candidates = duplicates::candidates(tx, scope, who, new.lives, None)?;
    let passed = |candidate: &Candidate| match beside {
        Beside::Anybody => true,
        Beside::Seen(seen) => seen.contains(&candidate.card.id),
    };
    if !candidates.iter().all(passed) {
        return Err(Error::Duplicates(candidates));
    }
    let same_number = |number: &NationalId| {
        candidates
            .iter()
            .any(|c| c.card.national_id.as_ref() == Some(number))
    };
    if who.national_id.as_ref().is_some_and(same_number) {
        return Err(Refusal::NumberTaken.into());
    }
    // The number is drawn last, but the row needs it: nothing but the row itself comes after.
    let number = numbers::draw(tx, code, "D", today.year())?;
    let dossier_number = format!("{code}-D-{}/{number}", today.year());
    store::insert(
        tx,
        &store::NewPerson {
            id: new.id,
            office: actor.office,
            who,
            death_date: None,
            dossier_number: &dossier_number,
            at: now,
            by: actor.officer,
        },
    )
}

/// Registers a person inside a transaction of the caller, who writes the entry. Refuses with likely duplicates unless each of them was looked
/// at. `id` was made before the transaction. Answers the card's number as part of the view.
pub fn register_in(
    tx: &mut Tx,
    scope: &Scope,
    actor: Actor,
    (id, now, today): (Id<Person>, Timestamp, Date),
    (who, lives): (&Checked, &Lives),
    not_the_same_as: &[Id<Person>],
) -> Result<PersonView, Error> {
    let code: String = tx
        .one("SELECT code FROM office WHERE id = $1", vals![actor.office])?
        .get(0)?;
    let (new, beside) = (Entering { id, who, lives }, Beside::Seen(not_the_same_as));
    enter(tx, scope, (actor, &code), (now, today), new, beside)?;
    see(tx, scope, id)
}

/// The view of a person within the scope, inside a transaction.
pub fn see(tx: &mut Tx, scope: &Scope, id: Id<Person>) -> Result<PersonView, Error> {
    store::see(tx, scope, id)
}

/// A person within the officer's scope. Leaves an entry (once in a while: see `audit::looked`).
pub async fn view(may: &May<ReadDossiers>, house: &House, id: Id<Person>) -> Result<PersonView, Error> {
    let scope = may.scope();
    let person = house.store.read(move |tx| see(tx, &scope, id)).await?;
    house
        .looks
        .looked(house, may.actor(), id, karton_api::dossiers::Purpose::default())
        .await?;
    Ok(person)
}
