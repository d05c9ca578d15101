//! What an officer can do with a person's card.

use super::{
    duplicates,
    model::{self, Checked},
    names, query, store,
};
use crate::{
    access::{Actor, FindPersons, KeepPersons, May, ReadDossiers, Scope},
    audit::{self, Entry},
    house::House,
    http::cursor,
    problem::{Error, Refusal},
    store::{Tx, numbers},
    users, vals,
};
use karton_api::{
    Date, Id, Timestamp,
    common::Page,
    persons::{ChangePerson, NationalId, PersonHit, PersonView, RegisterPerson, SearchPersons},
    value::Person,
};

/// Finds people as one types; the cards are national. Leaves an entry with the shape of the query, not with its text, once for each settled
/// query: a text that only grows while it is typed is one query until its hits are looked at, so the entry is written with the first page.
pub async fn search(
    may: &May<FindPersons>,
    house: &House,
    body: SearchPersons,
) -> Result<Page<PersonHit>, Error> {
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
        let (text, vocabulary) = (text.clone(), vocabulary.clone());
        move |tx: &mut Tx| query::page(tx, &scope, &vocabulary, &text, from, limit)
    };
    let mut hits = house.store.read(look.clone()).await?;
    if hits.is_empty() && from == 0 && matches!(query::understand(&text), query::Sought::Words(_)) {
        // Another server may have registered the name within the last second.
        house.vocabulary.refresh(&house.store, now, true).await?;
        hits = house.store.read(look).await?;
    }
    let more = hits.len() > limit;
    hits.truncate(limit);
    let next = more.then(|| cursor::encode(&(from + limit)));
    if query::understand(&text) != query::Sought::Nothing {
        house.searches.settled(house, may, &text, hits.len()).await?;
    }
    Ok(Page { items: hits, next })
}

/// Registers a person inside a transaction of the caller, who writes the entry. Refuses with likely duplicates unless each of them was looked
/// at. `id` was made before the transaction. Answers the card's number as part of the view.
pub fn register_in(
    tx: &mut Tx,
    scope: &Scope,
    actor: Actor,
    (id, now, today): (Id<Person>, Timestamp, Date),
    who: &Checked,
    not_the_same_as: &[Id<Person>],
) -> Result<PersonView, Error> {
    store::take_turn(tx, &who.name, now)?;
    let candidates = duplicates::candidates(tx, scope, who, None)?;
    let same_number = |number: &NationalId| {
        candidates
            .iter()
            .any(|c| c.card.national_id.as_ref() == Some(number))
    };
    if candidates
        .iter()
        .any(|candidate| !not_the_same_as.contains(&candidate.card.id))
    {
        return Err(Error::Duplicates(candidates));
    }
    if who.national_id.as_ref().is_some_and(same_number) {
        return Err(Refusal::NumberTaken.into());
    }
    let code: String = tx
        .one("SELECT code FROM office WHERE id = $1", vals![actor.office])?
        .get(0)?;
    // The number is drawn last, but the row needs it: nothing but the row itself comes after.
    let number = numbers::draw(tx, &code, "D", today.year())?;
    let dossier_number = format!("{code}-D-{}/{number}", today.year());
    let new = store::NewPerson {
        id,
        office: actor.office,
        who,
        death_date: None,
        dossier_number: &dossier_number,
        at: now,
        by: actor.officer,
    };
    store::insert(tx, &new)?;
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

/// Corrects a card. What stood before is kept with the reason. Refuses with `Changed` where somebody was faster, with likely duplicates
/// where the corrected name or birth date brings them up, with `NumberTaken`, and with `OwnDossier`.
pub async fn change(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    revision: i64,
    body: ChangePerson,
) -> Result<PersonView, Error> {
    let length = body.reason.trim().chars().count();
    if !(3..=2000).contains(&length) {
        return Err(Error::field(
            "/reason",
            "length",
            "say why in 3 to 2,000 characters",
        ));
    }
    let (now, today) = (house.clock.now(), house.clock.today());
    if body.not_the_same_as.len() > model::MOST_OTHERS {
        return Err(Error::field("/not_the_same_as", "too-many", "at most 50"));
    }
    if let Some(day) = body.death_date {
        model::check_day(day, today, "/death_date").map_err(|error| Error::Invalid(vec![error]))?;
    }
    let correction = house.clock.id::<Person>();
    let (scope, pack, officer) = (may.scope(), house.pack.clone(), may.officer());
    let vocabulary = house.vocabulary.clone();
    let changed = audit::write(&house.store, may.actor(), now, move |tx| {
        store::hold(tx, &[id])?;
        let stands = see(tx, &scope, id)?;
        users::not_own(tx, officer, &[id])?;
        if stands.revision != revision {
            return Err(Error::Changed(stands.revision));
        }
        // A new number tells the birth date and sex; what stood before does not contradict it.
        let renumbered = body.national_id.is_some();
        let whole = RegisterPerson {
            name: body.name.clone().unwrap_or_else(|| stands.card.name.clone()),
            national_id: body.national_id.clone().or_else(|| stands.card.national_id.clone()),
            birth_date: body.birth_date.or(if renumbered { None } else { stands.card.birth_date }),
            sex: body.sex.clone().or(if renumbered { None } else { stands.card.sex.clone() }),
            municipality: None,
            address: None,
            not_the_same_as: Vec::new(),
        };
        let mut who = model::check_registration(&pack, &whole, today)?;
        // A number that tells neither leaves what is known.
        who.birth_date = who.birth_date.or(stands.card.birth_date);
        who.sex = who.sex.or_else(|| stands.card.sex.clone());
        let death = body.death_date.or(stands.card.death_date);
        if let (Some(born), Some(died)) = (who.birth_date, death)
            && died < born
        {
            return Err(Error::field("/death_date", "before-birth", "this is before the person was born"));
        }
        let stood = serde_json::to_string(&stands.card).map_err(Error::fault)?;
        tx.exec(
            "INSERT INTO person_correction (id, person, at, officer, stood, reason) VALUES ($1, $2, $3, $4, $5, $6)",
            vals![correction, id, now, officer, stood, body.reason.trim()],
        )?;
        if who.national_id != stands.card.national_id
            && let Some(number) = &who.national_id
            && store::by_number(tx, number)?.is_some_and(|other| other != id)
        {
            return Err(Refusal::NumberTaken.into());
        }
        if who.name != stands.card.name || who.birth_date != stands.card.birth_date {
            store::take_turn(tx, &who.name, now)?;
            let candidates = duplicates::candidates(tx, &scope, &who, Some(id))?;
            if candidates.iter().any(|candidate| !body.not_the_same_as.contains(&candidate.card.id)) {
                return Err(Error::Duplicates(candidates));
            }
        }
        if !store::update(tx, id, revision, &who, death)? {
            return Err(Error::Changed(see(tx, &scope, id)?.revision));
        }
        if who.name != stands.card.name {
            names::replace(tx, id, &who.name, now)?;
        }
        Ok((see(tx, &scope, id)?, Entry::of("corrected").person(id)))
    })
    .await?;
    vocabulary.add(names::words_of(&changed.card.name).iter().map(String::as_str));
    Ok(changed)
}
