//! What an officer can do with facts: see them as they count, and write one down.

use super::{
    model::{self, Counting, Stored},
    store::{self, NewFact},
    values,
};
use crate::{
    access::{KeepPersons, May, ReadDossiers},
    audit::{self, Entry},
    house::House,
    persons,
    problem::Error,
    store::Tx,
    users,
};
use karton_api::{
    Id,
    common::{BothTimes, OfficerRef, Page},
    dossiers::Purpose,
    persons::{FactStatus, FactView, Holder, RecordFact, SourceKind},
    value::{Officer, Person},
};
use karton_rules::pack::HolderKind;
use std::collections::{HashMap, HashSet};

/// Officers by id, each looked up once for one answer.
type Officers = HashMap<Id<Officer>, OfficerRef>;

fn show(
    tx: &mut Tx,
    officers: &mut Officers,
    fact: Stored,
    status: FactStatus,
    (counts, stale): (bool, bool),
) -> Result<FactView, Error> {
    let recorded_by = match fact
        .recorded_by
        .map(|officer| (officer, officers.get(&officer).cloned()))
    {
        Some((officer, None)) => {
            let found = users::officer_ref(tx, Some(officer))?;
            officers.insert(officer, found.clone());
            Some(found)
        }
        Some((_, known)) => known,
        None => None,
    };
    Ok(FactView {
        id: fact.id,
        holder: fact.holder,
        fact: fact.name,
        value: fact.value,
        from: fact.from,
        until: fact.until,
        source: fact.source,
        service: fact.service,
        evidence: fact.evidence,
        note: fact.note,
        status,
        recorded_at: fact.recorded_at,
        recorded_by,
        counts,
        stale,
    })
}

/// The facts of a person and the household on a day, as known at an instant: each one that counts, followed by those it outranks, of each
/// source the newest.
pub async fn of_person(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Person>,
    times: BothTimes,
) -> Result<Page<FactView>, Error> {
    let (as_of, known_at) = (
        times.as_of.unwrap_or(house.clock.today()),
        times.known_at.unwrap_or(house.clock.now()),
    );
    let (scope, pack) = (may.scope(), house.pack.clone());
    let items = house
        .store
        .read(move |tx| {
            persons::store::holding_office(tx, &scope, id)?;
            let mut holders = vec![Holder::Person(id)];
            holders.extend(
                persons::household(tx, &scope, id, as_of, known_at)?
                    .map(|household| Holder::Household(household.id)),
            );
            let facts = store::known(tx, &holders, known_at)?;
            let (mut views, mut officers) = (Vec::new(), Officers::new());
            for Counting {
                fact,
                status,
                stale,
                others,
            } in model::resolve(facts, &model::order(&pack.country.rank), as_of, known_at).into_values()
            {
                views.push(show(tx, &mut officers, fact, status, (true, stale))?);
                // What a source has said before its newest word stands in the history of facts, not beside what counts.
                let mut said = HashSet::new();
                for other in others {
                    if !said.insert((other.source, other.service.clone())) {
                        continue;
                    }
                    let stale = other.stale(known_at);
                    let unproved = matches!(other.source, SourceKind::Declaration | SourceKind::Import);
                    let status = if unproved || stale {
                        FactStatus::NotVerified
                    } else {
                        FactStatus::Verified
                    };
                    views.push(show(tx, &mut officers, other, status, (false, stale))?);
                }
            }
            Ok::<_, Error>(views)
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), id, Purpose::default())
        .await?;
    Ok(Page { items, next: None })
}

/// Writes down a fact of a person or of the household: from a document, a visit, a declaration, or as an officer's reasoned finding. Registers'
/// words come only from registers. Refuses with `OwnDossier`.
pub async fn record(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    body: RecordFact,
) -> Result<FactView, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let pack = &house.pack;
    let (holder_kind, def) = match (
        pack.fact(HolderKind::Person, &body.fact),
        pack.fact(HolderKind::Household, &body.fact),
    ) {
        (Some(def), _) => (HolderKind::Person, def),
        (None, Some(def)) => (HolderKind::Household, def),
        (None, None) => {
            return Err(Error::field(
                "/fact",
                "unknown",
                "the dictionary has no such fact of a person or household",
            ));
        }
    };
    let mut errors = values::check_typed(pack, def, &body.value, "/value/value");
    let mut wrong = |pointer: &str, code: &str, message: &str| {
        errors.push(karton_api::problem::FieldError {
            pointer: pointer.into(),
            code: code.into(),
            message: message.into(),
        });
    };
    let note = body.note.as_deref().map_or("", str::trim).to_owned();
    match body.source {
        SourceKind::Register => wrong("/source", "register", "only a register's own answer is its word"),
        SourceKind::Import => wrong(
            "/source",
            "import",
            "only what was taken in from an old register comes from one",
        ),
        SourceKind::Finding if note.chars().count() < 3 => {
            wrong("/note", "length", "a finding needs its reason")
        }
        _ if note.chars().count() > values::LONGEST_TEXT => {
            wrong("/note", "too-long", "at most 2,000 characters")
        }
        _ => {}
    }
    let from = body.from.unwrap_or(today);
    if !values::plausible(from) {
        wrong("/from", "range", "this day is out of the calendar that is kept");
    }
    if body
        .until
        .is_some_and(|until| until <= from || !values::plausible(until))
    {
        wrong("/until", "range", "the end lies after the beginning");
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let fact_id = house.clock.id();
    let (scope, officer) = (may.scope(), may.officer());
    let order = model::order(&pack.country.rank);
    audit::tell(&house.store, may.actor(), now, move |tx| {
        persons::store::holding_office(tx, &scope, id)?;
        persons::not_own(tx, officer, id)?;
        for (pointer, named) in values::people(&body.value, "/value/value") {
            if persons::store::cards(tx, &scope, &[named])?.is_empty() {
                return Err(Error::field(pointer, "unknown", "there is no such person"));
            }
        }
        let holder = match holder_kind {
            HolderKind::Household => {
                let household = persons::household(tx, &scope, id, today, now)?.ok_or_else(|| {
                    Error::field(
                        "/fact",
                        "no-household",
                        "this person has no household on this day",
                    )
                })?;
                Holder::Household(household.id)
            }
            _ => Holder::Person(id),
        };
        let new = NewFact {
            id: fact_id,
            holder,
            name: body.fact.clone(),
            value: body.value.clone(),
            from,
            until: body.until,
            source: body.source,
            service: None,
            evidence: None,
            note: Some(note.clone()).filter(|note| !note.is_empty()),
            fresh_until: None,
            by: Some(officer),
        };
        store::insert(tx, &new, now)?;
        let all = store::known(tx, &[holder], now)?;
        let counting =
            model::resolve(all.clone(), &order, today.max(from), now).remove(&(holder, body.fact.clone()));
        let counts = counting
            .as_ref()
            .is_some_and(|counting| counting.fact.id == fact_id);
        let status = match counting {
            Some(counting) if counts => counting.status,
            _ if body.source == SourceKind::Declaration => FactStatus::NotVerified,
            _ => FactStatus::Verified,
        };
        let stored = all
            .into_iter()
            .find(|fact| fact.id == fact_id)
            .ok_or(Error::Missing)?;
        let entry = Entry::of("fact-recorded")
            .person(id)
            .value("fact", &body.fact)
            .value("source", store::source_name(body.source));
        Ok((
            show(tx, &mut Officers::new(), stored, status, (counts, false))?,
            entry,
        ))
    })
    .await
}
