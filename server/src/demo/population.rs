//! Loading a fictional population into a store: persons, households, where they live, and the awards they have had.
//!
//! Batches of households, each one transaction with an entry for every dossier opened and every right decided, dated as they would have been.

use crate::{
    access::Actor,
    audit::{self, Entry},
    awards,
    clock::Clock,
    facts::{self, NewFact},
    generate::{FictionalHousehold, FictionalPerson, PastAward, Population, Settings},
    house::House,
    persons::{self, Checked, store::NewPerson},
    problem::Error,
    store::{Tx, numbers},
};
use jiff::{Timestamp, civil::time, tz::TimeZone};
use karton_api::{
    Date, FactValue, Id, Per,
    persons::{AddMember, Holder, Name, NationalId, SourceKind},
    value,
};
use std::sync::Arc;

/// Households in one transaction.
const BATCH: usize = 100;

/// Somebody ready to be written, with ids made before the transaction.
struct Someone {
    id: Id<value::Person>,
    who: Checked,
    death_date: Option<Date>,
    membership: Id<value::Household>,
    relationship: &'static str,
    facts: Vec<NewFact>,
}

struct Family {
    id: Id<value::Household>,
    office: Id<value::Office>,
    office_code: String,
    since: Date,
    since_at: Timestamp,
    members: Vec<Someone>,
    awards: Vec<(Id<value::Award>, PastAward)>,
}

/// How many were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Persons.
    pub persons: u64,
    /// Households.
    pub households: u64,
    /// Awards, ended ones among them.
    pub awards: u64,
}

/// Writes a population. `progress` is told how many persons there are after each batch.
pub async fn load(
    house: &House,
    settings: &Settings,
    population: Population,
    mut progress: impl FnMut(u64),
) -> Result<Loaded, Error> {
    let mut loaded = Loaded::default();
    let mut batch = Vec::with_capacity(BATCH);
    let mut households = population.generate(settings);
    loop {
        let next = households.next();
        let last = next.is_none();
        if let Some(household) = next {
            batch.push(prepare(house, &household, population.today)?);
        }
        if batch.len() == BATCH || (last && !batch.is_empty()) {
            let families = Arc::new(std::mem::take(&mut batch));
            for family in families.iter() {
                loaded.persons += family.members.len() as u64;
                loaded.households += 1;
                loaded.awards += family.awards.len() as u64;
            }
            let written = families.clone();
            let (currency, year) = (house.pack.country.currency, population.today.year());
            let words: Vec<String> = families
                .iter()
                .flat_map(|family| &family.members)
                .flat_map(|one| persons::store::words_of(&one.who.name))
                .collect();
            house
                .store
                .write(move |tx| {
                    written
                        .iter()
                        .try_for_each(|family| write(tx, family, year, currency))
                })
                .await?;
            house.vocabulary.add(words.iter().map(String::as_str));
            progress(loaded.persons);
        }
        if last {
            return Ok(loaded);
        }
    }
}

/// The morning of a day, for entries of the past.
fn morning(house: &House, day: Date) -> Timestamp {
    let zone = TimeZone::get(&house.pack.country.time_zone).unwrap_or(TimeZone::UTC);
    let at = day
        .to_datetime(time(9, 0, 0, 0))
        .to_zoned(zone)
        .map(|zoned| zoned.timestamp())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    at.min(house.clock.now())
}

fn prepare(house: &House, household: &FictionalHousehold, today: Date) -> Result<Family, Error> {
    let offices = house.offices.all();
    let local = offices
        .iter()
        .filter(|office| office.municipality.as_deref() == Some(household.home.municipality.as_str()))
        .filter(|office| office.kind == "unit" || office.kind == "centre")
        .min_by_key(|office| (office.kind != "unit", office.code.clone()))
        .or_else(|| offices.iter().find(|office| office.kind == "centre"))
        .ok_or_else(|| Error::fault("the pack has no centre"))?;
    // The seat of a centre stands in the same municipality as its second counter: people belong to the seat.
    let seat = offices
        .iter()
        .find(|office| {
            office.kind == "centre"
                && office.municipality.as_deref() == Some(household.home.municipality.as_str())
        })
        .unwrap_or(local);
    let first = household
        .awards
        .iter()
        .map(|award| award.lodged_on)
        .chain(household.refusals.iter().map(|r| r.lodged_on))
        .min();
    let ago = jiff::Span::new().days(200 + i64::try_from(household.index % 900).unwrap_or(0));
    let since = first.unwrap_or_else(|| today.checked_sub(ago).unwrap_or(today));
    let clock = &house.clock;
    Ok(Family {
        id: clock.id(),
        office: seat.id,
        office_code: seat.code.clone(),
        since,
        since_at: morning(house, since),
        members: household
            .members
            .iter()
            .map(|person| someone(clock, household, person, since))
            .collect(),
        awards: household
            .awards
            .iter()
            .map(|award| (clock.id(), award.clone()))
            .collect(),
    })
}

fn someone(clock: &Clock, household: &FictionalHousehold, person: &FictionalPerson, since: Date) -> Someone {
    let id = clock.id();
    let home = &household.home;
    let lives = [
        ("municipality", FactValue::Code(home.municipality.clone())),
        ("address", FactValue::Text(home.address())),
    ];
    let facts = lives
        .into_iter()
        .map(|(name, value)| NewFact {
            id: clock.id(),
            holder: Holder::Person(id),
            name: name.to_owned(),
            value,
            from: since.max(person.birth_date),
            until: None,
            source: SourceKind::Declaration,
            service: None,
            evidence: None,
            note: None,
            fresh_until: None,
            by: None,
        })
        .collect();
    Someone {
        id,
        who: Checked {
            name: Name {
                given: person.given_name.clone(),
                family: person.family_name.clone().unwrap_or_default(),
            },
            national_id: person.national_id.clone().map(|number| NationalId {
                scheme: "jmbg".into(),
                number,
            }),
            birth_date: Some(person.birth_date),
            sex: Some(person.sex.code().to_owned()),
        },
        death_date: person.death_date,
        membership: clock.id(),
        relationship: person.relationship.code(),
        facts,
    }
}

fn write(tx: &mut Tx, family: &Family, year: i16, currency: karton_api::Currency) -> Result<(), Error> {
    let actor = Actor {
        officer: None,
        office: family.office,
    };
    persons::insert_household(tx, family.id, family.office)?;
    for one in &family.members {
        let number = numbers::draw(tx, &family.office_code, "D", year)?;
        let dossier_number = format!("{}-D-{year}/{number}", family.office_code);
        let new = NewPerson {
            id: one.id,
            office: family.office,
            who: &one.who,
            death_date: one.death_date,
            dossier_number: &dossier_number,
            at: family.since_at,
            by: None,
        };
        persons::store::insert(tx, &new)?;
        let born = one.who.birth_date.unwrap_or(family.since);
        let joins = AddMember {
            person: one.id,
            relationship: one.relationship.to_owned(),
            from: family.since.max(born),
        };
        persons::insert_member(tx, one.membership, family.id, &joins, family.since_at)?;
        for fact in &one.facts {
            facts::insert(tx, fact, family.since_at)?;
        }
        audit::append(
            tx,
            actor,
            family.since_at,
            &Entry::of("registered")
                .person(one.id)
                .value("population", "fictional"),
        )?;
    }
    for (id, award) in &family.awards {
        let (Some(of), Some(worth)) = (family.members.get(award.of), award.amounts.last()) else {
            continue;
        };
        let past = awards::NewAward {
            id: *id,
            office: family.office,
            beneficiary: of.id,
            household: Some(family.id),
            benefit: award.benefit.clone(),
            decision: None,
            decision_number: None,
            amount: karton_api::Money::new(worth.amount.minor, currency),
            per: Per::Month,
            starts: award.from,
            ends: award.until,
            review_on: None,
            basis: None,
        };
        awards::insert(tx, &past)?;
        let entry = Entry::of("decided")
            .person(of.id)
            .value("benefit", &award.benefit)
            .value("outcome", "grant");
        audit::append(tx, actor, family.since_at, &entry)?;
    }
    Ok(())
}
