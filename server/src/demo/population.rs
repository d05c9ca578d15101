//! Loading a fictional population into a store: persons, households, where they live, and the awards they have had.
//!
//! Batches of households, each one transaction with an entry for every dossier opened and every right decided, dated as they would have been.

use super::{
    on_file::{File, Filed, Filing},
    waiting::Waiting,
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    clock::Clock,
    facts::{self, NewFact},
    generate::{FictionalHousehold, FictionalPerson, PackText, Population, Settings},
    house::House,
    offices::Office,
    persons::{self, Checked, store::NewPerson},
    problem::Error,
    registers::AtHand,
    store::{Tx, numbers},
};
use jiff::{Timestamp, civil::time};
use karton_api::{
    Date, FactValue, Id, Money, Per,
    persons::{AddMember, Holder, Name, NationalId, SourceKind},
    value,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use tokio::task::JoinHandle;

/// So many persons in one transaction, and the rest of their household.
const BATCH: usize = 2_000;

/// Somebody ready to be written, with ids made before the transaction.
struct Someone {
    id: Id<value::Person>,
    who: Checked,
    words: Vec<String>,
    death_date: Option<Date>,
    membership: Id<value::Household>,
    joins: AddMember,
    facts: Vec<NewFact>,
}

struct Family {
    id: Id<value::Household>,
    office: Arc<Office>,
    since_at: Timestamp,
    members: Vec<Someone>,
    awards: Vec<(NewAward, Timestamp)>,
    /// What is known beyond where they live, each with when it was learnt.
    facts: Vec<(NewFact, Timestamp)>,
    /// What waits to be decided, with the facts of its claim.
    waiting: Vec<(Waiting, Vec<NewFact>)>,
}

/// Families on their way into the store.
#[derive(Default)]
struct Batch {
    families: Vec<Family>,
    /// Words of names that no batch before has brought.
    new_words: Vec<String>,
    persons: usize,
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
    /// Facts.
    pub facts: u64,
    /// Applications that wait to be decided.
    pub waiting: u64,
}

/// Writes a population into a store without people. While one batch is being written the next is drawn. `progress` is told how many persons
/// there are after each batch. An error leaves the batches before it. Fictional people never come among real ones: a store with people in it
/// is refused.
pub async fn load(
    house: &House,
    settings: &Settings,
    population: Population,
    progress: impl FnMut(u64),
) -> Result<Loaded, Error> {
    fill(house, (settings, None), population, progress).await
}

/// The same with what an office has on file of them: facts, applications and awards, as the pack's `people/on_file.toml` says. `text` are the files that
/// the settings were read from.
pub async fn load_on_file(
    house: &House,
    (settings, text): (&Settings, &PackText),
    population: Population,
    progress: impl FnMut(u64),
) -> Result<Loaded, Error> {
    let officer = house.store.read(|tx| {
        let first = tx.opt(
            "SELECT id FROM officer WHERE disabled = 0 ORDER BY opened_at, id LIMIT 1",
            &[],
        )?;
        Ok::<_, Error>(first.map(|row| row.get(0)).transpose()?)
    });
    let filing = Filing {
        house,
        settings,
        population,
        at_hand: AtHand::read(text).map_err(Error::fault)?,
        officer: officer.await?,
    };
    fill(house, (settings, Some(&filing)), population, progress).await
}

async fn fill(
    house: &House,
    drawn: (&Settings, Option<&Filing<'_>>),
    population: Population,
    progress: impl FnMut(u64),
) -> Result<Loaded, Error> {
    let anybody = house
        .store
        .read(|tx| Ok::<_, Error>(!tx.query("SELECT 1 FROM person LIMIT 1", &[])?.is_empty()));
    if anybody.await? {
        return Err(Error::fault(
            "there are people in this store; fictional people are written only into one that holds nobody",
        ));
    }
    house.store.make_room(true).await?;
    let loaded = load_batches(house, drawn, population, progress).await;
    house.store.make_room(false).await?;
    house.store.settle().await?;
    loaded
}

async fn load_batches(
    house: &House,
    (settings, filing): (&Settings, Option<&Filing<'_>>),
    population: Population,
    mut progress: impl FnMut(u64),
) -> Result<Loaded, Error> {
    let seats = Seats::of(house)?;
    let top = house
        .offices
        .top()
        .ok_or_else(|| Error::fault("the pack has no offices"))?
        .id;
    let mut loaded = Loaded::default();
    let mut known: HashSet<String> = HashSet::new();
    let mut households = population.generate(settings);
    let mut writing: Option<(JoinHandle<Result<(), Error>>, Loaded)> = None;
    loop {
        let mut batch = Batch::default();
        let mut brings = loaded;
        while batch.persons < BATCH
            && let Some(household) = households.next()
        {
            let family = prepare(house, (settings, &seats, filing), &household, population.today);
            for one in &family.members {
                for word in &one.words {
                    if known.insert(word.clone()) {
                        batch.new_words.push(word.clone());
                    }
                }
            }
            batch.persons += family.members.len();
            brings.persons += family.members.len() as u64;
            brings.households += 1;
            brings.awards += family.awards.len() as u64;
            let lives = family.members.iter().map(|one| one.facts.len());
            let claims = family.waiting.iter().map(|(_, facts)| facts.len());
            brings.facts += (lives.chain(claims).sum::<usize>() + family.facts.len()) as u64;
            brings.waiting += family.waiting.len() as u64;
            batch.families.push(family);
        }
        if let Some((written, there)) = writing.take() {
            written.await.map_err(Error::fault)??;
            progress(there.persons);
        }
        if batch.families.is_empty() {
            return Ok(loaded);
        }
        loaded = brings;
        house.vocabulary.add(batch.new_words.iter().map(String::as_str));
        let (house, now, year) = (house.clone(), house.clock.now(), population.today.year());
        let store = house.store.clone();
        let write = async move {
            store
                .write(move |tx| write(tx, (&house, top), &batch, (year, now)))
                .await
        };
        writing = Some((tokio::spawn(write), loaded));
    }
}

/// The offices that hold dossiers, by municipality.
struct Seats {
    by_municipality: HashMap<String, Arc<Office>>,
    /// For municipalities without one.
    first: Arc<Office>,
}

impl Seats {
    /// A centre's seat comes before a counter: the seat of a centre stands in the same municipality as its second counter.
    fn of(house: &House) -> Result<Seats, Error> {
        let mut offices: Vec<Arc<Office>> = house
            .offices
            .all()
            .iter()
            .filter(|office| office.kind == "centre" || office.kind == "unit")
            .cloned()
            .collect();
        offices.sort_by_key(|office| (office.kind != "centre", office.code.clone()));
        let first = offices.first().filter(|office| office.kind == "centre").cloned();
        let mut by_municipality = HashMap::new();
        for office in offices {
            if let Some(municipality) = office.municipality.clone() {
                by_municipality.entry(municipality).or_insert(office);
            }
        }
        Ok(Seats {
            by_municipality,
            first: first.ok_or_else(|| Error::fault("the pack has no centre"))?,
        })
    }
    fn at(&self, municipality: &str) -> Arc<Office> {
        Arc::clone(self.by_municipality.get(municipality).unwrap_or(&self.first))
    }
}

/// The morning of a day, for entries of the past.
pub(super) fn morning(clock: &Clock, day: Date) -> Timestamp {
    let at = day
        .to_datetime(time(9, 0, 0, 0))
        .to_zoned(clock.zone().clone())
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
    at.min(clock.now())
}

fn prepare(
    house: &House,
    (settings, seats, filing): (&Settings, &Seats, Option<&Filing<'_>>),
    household: &FictionalHousehold,
    today: Date,
) -> Family {
    let first = household
        .awards
        .iter()
        .map(|award| award.lodged_on)
        .chain(household.refusals.iter().map(|r| r.lodged_on))
        .min();
    let ago = jiff::Span::new().days(200 + i64::try_from(household.index % 900).unwrap_or(0));
    let since = first.unwrap_or_else(|| today.checked_sub(ago).unwrap_or(today));
    let clock = &house.clock;
    let (id, office) = (clock.id(), seats.at(&household.home.municipality));
    let members: Vec<Someone> = household
        .members
        .iter()
        .map(|person| someone(clock, &settings.scheme_code, household, person, since))
        .collect();
    let awards = household.awards.iter().filter_map(|award| {
        let (of, worth) = (members.get(award.of)?, award.amounts.last()?);
        let of_family = |code: &str| {
            let benefit = house.pack.benefit(code);
            benefit.is_some_and(|it| it.unit == karton_rules::pack::HolderKind::Household)
        };
        let past = NewAward {
            id: clock.id(),
            office: office.id,
            beneficiary: of.id,
            household: of_family(&award.benefit).then_some(id),
            benefit: award.benefit.clone(),
            decision: None,
            decision_number: None,
            about: None,
            in_kind: false,
            amount: Money::new(worth.amount.minor, house.pack.country.currency),
            per: Per::Month,
            starts: award.from,
            ends: award.until,
            review_on: None,
            basis: None,
            turned: false,
        };
        Some((past, morning(clock, award.decided_on)))
    });
    let mut awards: Vec<(NewAward, Timestamp)> = awards.collect();
    let mut file = File::default();
    if let Some(filing) = filing {
        if household.story.is_none() {
            // What runs is worked out by the rules instead.
            awards.retain(|(award, _)| award.ends.is_some());
        }
        let before: Vec<NewAward> = awards.iter().map(|(award, _)| award.clone()).collect();
        file = filing.file(&Filed {
            drawn: household,
            people: members.iter().map(|one| one.id).collect(),
            household: id,
            office: office.id,
            before: &before,
        });
        awards.append(&mut file.awards);
    }
    let waiting = file.waiting.into_iter().map(|it| {
        let facts = it.claim(clock);
        (it, facts)
    });
    Family {
        id,
        since_at: morning(clock, since),
        awards,
        facts: file.facts,
        waiting: waiting.collect(),
        office,
        members,
    }
}

fn someone(
    clock: &Clock,
    scheme: &str,
    household: &FictionalHousehold,
    person: &FictionalPerson,
    since: Date,
) -> Someone {
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
    let name = Name {
        given: person.given_name.clone(),
        family: person.family_name.clone().unwrap_or_default(),
    };
    Someone {
        id,
        words: persons::words_of(&name),
        who: Checked {
            name,
            national_id: person.national_id.clone().map(|number| NationalId {
                scheme: scheme.to_owned(),
                number,
            }),
            birth_date: Some(person.birth_date),
            sex: Some(person.sex.code().to_owned()),
        },
        death_date: person.death_date,
        membership: clock.id(),
        joins: AddMember {
            person: id,
            relationship: person.relationship.code().to_owned(),
            from: since.max(person.birth_date),
        },
        facts,
    }
}

/// Writes a batch, office by office: each draws its numbers at once and goes on with its chain once.
fn write(
    tx: &mut Tx,
    (house, top): (&House, Id<value::Office>),
    batch: &Batch,
    (year, now): (i16, Timestamp),
) -> Result<(), Error> {
    let mut offices: BTreeMap<&str, Vec<&Family>> = BTreeMap::new();
    for family in &batch.families {
        offices
            .entry(family.office.code.as_str())
            .or_default()
            .push(family);
    }
    let (mut people, mut entries) = (Vec::with_capacity(batch.persons), Vec::new());
    for (code, families) in &offices {
        let members: Vec<(&Someone, &Family)> = families
            .iter()
            .flat_map(|family| family.members.iter().map(move |one| (one, *family)))
            .collect();
        let many = i64::try_from(members.len()).map_err(Error::fault)?;
        let first = numbers::draw_block(tx, code, "D", year, many)?;
        people.extend(
            members
                .into_iter()
                .zip(first..)
                .map(|((one, family), number)| (one, family, format!("{code}-D-{year}/{number}"))),
        );
    }
    let new: Vec<(NewPerson<'_>, &[String])> = people
        .iter()
        .map(|(one, family, number)| {
            let person = NewPerson {
                id: one.id,
                office: family.office.id,
                who: &one.who,
                death_date: one.death_date,
                dossier_number: number,
                at: family.since_at,
                by: None,
            };
            (person, one.words.as_slice())
        })
        .collect();
    persons::store::insert_all(tx, &new, &batch.new_words, now)?;
    let households: Vec<_> = batch
        .families
        .iter()
        .map(|family| (family.id, family.office.id))
        .collect();
    let members = || {
        batch
            .families
            .iter()
            .flat_map(|family| family.members.iter().map(move |one| (one, family)))
    };
    let joined: Vec<_> = members()
        .map(|(one, family)| (one.membership, family.id, &one.joins, family.since_at))
        .collect();
    persons::insert_all(tx, &households, &joined)?;
    facts::insert_all(
        tx,
        members().flat_map(|(one, family)| one.facts.iter().map(|fact| (fact, family.since_at))),
    )?;
    let learnt = batch.families.iter().flat_map(|family| &family.facts);
    facts::insert_all(tx, learnt.map(|(fact, at)| (fact, *at)))?;
    for (award, _) in batch.families.iter().flat_map(|family| &family.awards) {
        awards::insert(tx, award)?;
    }
    for (waiting, facts) in batch.families.iter().flat_map(|family| &family.waiting) {
        waiting.write(tx, house, top, facts)?;
    }
    for families in offices.values() {
        entries.clear();
        for family in families {
            entries.extend(family.members.iter().map(|one| {
                let registered = Entry::of("registered")
                    .person(one.id)
                    .value("population", "fictional");
                (family.since_at, registered)
            }));
            entries.extend(family.awards.iter().map(|(award, at)| {
                let decided = Entry::of("decided").person(award.beneficiary);
                (
                    *at,
                    decided.value("benefit", &award.benefit).value("outcome", "grant"),
                )
            }));
            entries.extend(family.waiting.iter().map(|(it, _)| it.entry()));
        }
        if let Some(family) = families.first() {
            let actor = Actor {
                officer: None,
                office: family.office.id,
            };
            audit::append_all(tx, actor, &entries)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::{SealKey, verify},
        house, pack,
        store::testing::on_both_with,
    };
    use jiff::tz::TimeZone;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_population_is_there_as_it_was_drawn_and_its_log_verifies() {
        on_both_with(&[], async |store| {
            let mut opening = house::Settings::new(store, pack::files("me").unwrap());
            opening.clock = Some(Clock::fixed(
                "2025-03-10T08:00:00Z".parse().unwrap(),
                TimeZone::UTC,
            ));
            opening.seal_key = SealKey::passing();
            let house = house::open(opening).await.unwrap().house;
            let settings = Settings::read(&crate::generate::pack_text("me").unwrap()).unwrap();
            let population = Population {
                seed: 7,
                persons: BATCH as u64 * 5 / 2,
                today: house.clock.today(),
            };
            let mut told = Vec::new();
            let loaded = load(&house, &settings, population, |there| told.push(there))
                .await
                .unwrap();
            assert_eq!(told.len(), 3, "batch by batch");
            assert_eq!(told.last(), Some(&loaded.persons));

            let drawn: Vec<FictionalHousehold> = population.generate(&settings).collect();
            let people: Vec<&FictionalPerson> = drawn.iter().flat_map(|it| &it.members).collect();
            let awards: usize = drawn.iter().map(|it| it.awards.len()).sum();
            assert_eq!(
                loaded,
                Loaded {
                    persons: people.len() as u64,
                    households: drawn.len() as u64,
                    awards: awards as u64,
                    facts: people.len() as u64 * 2,
                    waiting: 0,
                }
            );
            let of = |counted: &'static str| {
                let store = house.store.clone();
                async move {
                    let sql = format!("SELECT count(*) FROM {counted}");
                    let count = store
                        .read(move |tx: &mut Tx| Ok::<i64, Error>(tx.one(&sql, &[])?.get(0)?))
                        .await;
                    u64::try_from(count.unwrap()).unwrap()
                }
            };
            assert_eq!(of("person").await, loaded.persons);
            assert_eq!(of("household_member").await, loaded.persons);
            assert_eq!(of("household").await, loaded.households);
            assert_eq!(of("award").await, loaded.awards);
            assert_eq!(of("fact").await, loaded.persons * 2);
            assert_eq!(
                of("audit_entry WHERE what = 'registered'").await,
                loaded.persons,
                "one entry a dossier"
            );
            assert_eq!(of("audit_entry WHERE what = 'decided'").await, loaded.awards);
            // Every name is found, and numbers are given without gaps, office by office.
            assert_eq!(
                of("person p WHERE NOT EXISTS (SELECT 1 FROM person_token t WHERE t.person = p.id)").await,
                0
            );
            assert_eq!(
                of("person_token t WHERE NOT EXISTS (SELECT 1 FROM name_token n WHERE n.token = t.token)")
                    .await,
                0
            );
            assert_eq!(
                of("(SELECT DISTINCT dossier_number FROM person) AS numbers").await,
                loaded.persons
            );
            let last = house.store.read(|tx: &mut Tx| {
                Ok::<i64, Error>(
                    tx.one(
                        "SELECT cast(sum(last) AS bigint) FROM series WHERE class = 'D'",
                        &[],
                    )?
                    .get(0)?,
                )
            });
            assert_eq!(u64::try_from(last.await.unwrap()).unwrap(), loaded.persons);
            assert!(
                load(&house, &settings, population, |_| ()).await.is_err(),
                "never among people who are there"
            );
            let report = verify(&house.store, &house.seal_key, None).await.unwrap();
            assert!(report.damages.is_empty(), "{:?}", report.damages);
        })
        .await;
    }
}
