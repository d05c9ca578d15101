//! What is kept to see who looks alike: each person's folded card with its keys, and how many people bear each name.
//!
//! Nothing of it is shown, and it follows the cards a moment later: whatever changes a card marks it as due in the same transaction, and a job
//! takes the marks up (`duplicates::look`). A mark is counted, so that a change that comes while the job is at work is not taken for done.

use super::names::words;
use crate::{
    problem::Error,
    store::{
        Dialect, Migration, Tx, Val, insert_many,
        jobs::{self, Job, NewJob},
    },
    vals,
};
use karton_api::{Date, Id, Timestamp, persons::Name, value::Person};
use karton_likeness::{Card, Key, MOST_OF_A_KEY, Rarity, Term, keys};
use karton_rules::id_number::{self, Scheme};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Cards, keys and names for comparing. Keys are looked up by their value only, and a card's old keys follow from its old line.
pub const LIKENESS: Migration = Migration {
    number: 155,
    name: "cards to be compared",
    sqlite: concat!(
        "CREATE TABLE likeness_key (key BIGINT NOT NULL, person {ID} NOT NULL, PRIMARY KEY (key, person)) WITHOUT ROWID;",
        include_str!("likeness.sql")
    ),
    postgres: concat!(
        "CREATE TABLE likeness_key (key BIGINT NOT NULL, person {ID} NOT NULL, PRIMARY KEY (key, person));",
        include_str!("likeness.sql")
    ),
};

/// Cards are read in other parts and keys made of other sounds than before: everybody is compared anew.
pub const COMPARED_ANEW: Migration = Migration::both(
    300,
    "everybody compared anew",
    "DELETE FROM likeness_key;
    DELETE FROM likeness_card;
    DELETE FROM likeness_term;
    INSERT INTO likeness_due (person, marks) SELECT id, 1 FROM person WHERE TRUE ON CONFLICT (person) DO NOTHING;",
);

/// The queue of the job that compares cards.
pub const LOOK: &str = "look-who-is-alike";
/// Facts of a person that a card is made of.
pub const TOLD_BY_FACTS: [&str; 3] = ["address", "municipality", "phone"];

/// The line of [`Rarity`]'s table that counts everybody.
const EVERYBODY: &str = "";
/// So many values stand in one list of a statement.
const AT_ONCE: usize = 32;

/// Somebody whose card has changed since it was last compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Who.
    pub person: Id<Person>,
    /// How often it was marked.
    marks: i64,
}

/// Where somebody lives and can be called, as facts tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lives {
    /// A code of the list `municipalities`.
    pub municipality: String,
    /// As it was written.
    pub address: String,
    /// As it was written.
    pub phone: String,
}

/// Marks people whose card has changed.
pub fn mark(tx: &mut Tx, people: impl IntoIterator<Item = Id<Person>>) -> Result<(), Error> {
    // In one order, so that two transactions do not wait for each other in a circle.
    let people: BTreeSet<Id<Person>> = people.into_iter().collect();
    let rows = people
        .into_iter()
        .flat_map(|person| [person.into(), Val::Int(1)])
        .collect();
    insert_many(
        tx,
        "INSERT INTO likeness_due (person, marks)",
        2,
        rows,
        "ON CONFLICT (person) DO UPDATE SET marks = likeness_due.marks + 1",
    )?;
    Ok(())
}

/// Calls for the job that compares whoever is due. Each caller has a job of its own: one that is just ending would not see this change.
pub fn call(tx: &mut Tx, job: Id<Job>, now: Timestamp) -> Result<(), Error> {
    jobs::post(tx, &NewJob::new(job, LOOK, now))?;
    Ok(())
}

/// Is anybody's card still to be compared?
pub fn any_due(tx: &mut Tx) -> Result<bool, Error> {
    Ok(!tx.query("SELECT 1 FROM likeness_due LIMIT 1", &[])?.is_empty())
}

/// People whose cards are to be compared, at most so many.
pub fn due(tx: &mut Tx, most: usize) -> Result<Vec<Due>, Error> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.query(
        "SELECT person, marks FROM likeness_due ORDER BY person LIMIT $1",
        vals![most],
    )?
    .iter()
    .map(|row| {
        Ok(Due {
            person: row.get(0)?,
            marks: row.get(1)?,
        })
    })
    .collect()
}

/// These were compared; who was marked again meanwhile stays due.
pub fn done(tx: &mut Tx, compared: &[Due]) -> Result<(), Error> {
    for due in compared {
        tx.exec(
            "DELETE FROM likeness_due WHERE person = $1 AND marks = $2",
            vals![due.person, due.marks],
        )?;
    }
    Ok(())
}

/// The folded card of somebody.
pub fn card_of(
    name: &Name,
    (birth, sex, number): (Option<Date>, Option<&str>, Option<&str>),
    lives: &Lives,
) -> Card {
    let number = number.unwrap_or_default();
    let checked = [Scheme::Jmbg, Scheme::Cnp, Scheme::Rnokpp]
        .iter()
        .any(|scheme| id_number::check(*scheme, number).is_ok());
    let home = Home::of(&lives.address);
    let birth = birth.map(|day| format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()));
    Card {
        given: words(&name.given).join(" "),
        family: words(&name.family).join(" "),
        birth: birth.unwrap_or_default(),
        sex: sex.unwrap_or_default().to_owned(),
        number: crate::search::fold(number).replace(' ', ""),
        checked,
        street: home.street,
        house: home.house,
        line: String::new(),
        place: home.place,
        postcode: home.postcode,
        region: crate::search::fold(&lives.municipality),
        phone: lives.phone.chars().filter(char::is_ascii_digit).collect(),
    }
}

/// An address in its parts, folded.
#[derive(Debug, Default, PartialEq, Eq)]
struct Home {
    street: String,
    house: String,
    place: String,
    postcode: String,
}

/// Words that stand before a street's name on one letter and not on the next.
const KINDS_OF_STREET: [&str; 12] = [
    "ulica", "ul", "bulevar", "bul", "naselje", "nas", "trg", "strada", "str", "vulicia", "vul", "broj",
];

impl Home {
    /// `Ulica lipa 7, 81000 Podgorica`, also the other way round and without commas. Without a house's number: `bb`.
    fn of(address: &str) -> Home {
        let mut home = Home::default();
        let parts: Vec<Vec<String>> = address.split([',', ';', '\n']).map(words).collect();
        let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
        let is_post = |word: &str| word.len() == digits(word) && (4..=6).contains(&word.len());
        let is_house = |word: &str| word == "bb" || (digits(word) > 0 && !is_post(word));
        let street_first = parts
            .iter()
            .position(|words| words.iter().any(|word| is_house(word)))
            .unwrap_or(0);
        for (place, part) in parts.iter().enumerate() {
            let end = part.iter().position(|word| is_post(word)).unwrap_or(part.len());
            let (before, from_post) = part.split_at_checked(end).unwrap_or((part, &[]));
            let (post, behind) = from_post.split_at_checked(1).unwrap_or((&[], &[]));
            if let [post] = post {
                home.postcode.clone_from(post);
            }
            let mut settlement = behind.to_vec();
            if place == street_first {
                // A street may have a number in its name: the last one is the house's.
                let house = before
                    .iter()
                    .rposition(|word| is_house(word))
                    .filter(|at| *at > 0);
                let (street, rest) = before
                    .split_at_checked(house.unwrap_or(before.len()))
                    .unwrap_or((before, &[]));
                let known = |word: &&String| !KINDS_OF_STREET.contains(&word.as_str());
                home.street = street.iter().filter(known).cloned().collect::<Vec<_>>().join(" ");
                if let [house, after @ ..] = rest {
                    home.house.clone_from(house);
                    settlement.splice(0..0, after.iter().cloned());
                }
            } else {
                settlement.splice(0..0, before.iter().cloned());
            }
            if home.place.is_empty() {
                home.place = settlement.join(" ");
            }
        }
        home
    }
}

/// The cards of people as they stand now, by what the facts tell. Whoever was merged into another has none.
pub fn cards_now(
    tx: &mut Tx,
    people: &[Id<Person>],
    lives: &HashMap<Id<Person>, Lives>,
) -> Result<BTreeMap<Id<Person>, Card>, Error> {
    let mut cards = BTreeMap::new();
    let nowhere = Lives::default();
    let sql = "SELECT p.id, p.given, p.family, p.birth_day, p.sex, p.id_number FROM person p WHERE p.merged_into IS NULL AND p.id IN";
    in_lists(tx, sql, people, |row| {
        let person: Id<Person> = row.get(0)?;
        let name = Name {
            given: row.get(1)?,
            family: row.get(2)?,
        };
        let (sex, number): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
        let told = (row.get(3)?, sex.as_deref(), number.as_deref());
        cards.insert(
            person,
            card_of(&name, told, lives.get(&person).unwrap_or(&nowhere)),
        );
        Ok(())
    })?;
    Ok(cards)
}

/// Runs `… IN ($1, …)` over any number of values, list by list, each filled up with its last value, so that one text is prepared.
fn in_lists<T: Copy + Into<Val>>(
    tx: &mut Tx,
    sql: &str,
    all: &[T],
    mut each: impl FnMut(&crate::store::Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let places: Vec<String> = (1..=AT_ONCE).map(|place| format!("${place}")).collect();
    let sql = format!("{sql} ({})", places.join(", "));
    for some in all.chunks(AT_ONCE) {
        let Some(last) = some.last() else { continue };
        let values: Vec<Val> = some
            .iter()
            .chain(std::iter::repeat(last))
            .take(AT_ONCE)
            .map(|value| (*value).into())
            .collect();
        for row in tx.query(&sql, &values)? {
            each(&row)?;
        }
    }
    Ok(())
}

/// The cards as they were last compared.
pub fn kept(tx: &mut Tx, people: &[Id<Person>]) -> Result<BTreeMap<Id<Person>, Card>, Error> {
    let mut cards = BTreeMap::new();
    let sql = "SELECT person, line FROM likeness_card WHERE person IN";
    in_lists(tx, sql, people, |row| {
        cards.insert(row.get(0)?, Card::of_line(&row.get::<String>(1)?));
        Ok(())
    })?;
    Ok(cards)
}

/// Keeps the cards of these people, with their keys and names; nothing is kept of those who have no card.
pub fn keep(tx: &mut Tx, people: &[Id<Person>], cards: &BTreeMap<Id<Person>, Card>) -> Result<(), Error> {
    let stood = kept(tx, people)?;
    let mut terms: BTreeMap<String, i64> = BTreeMap::new();
    let (mut lines, mut new_keys): (Vec<Val>, Vec<(Key, Id<Person>)>) = (Vec::new(), Vec::new());
    for person in people {
        let (old, new) = (stood.get(person), cards.get(person));
        if old == new {
            continue;
        }
        let mut count = |card: &Card, by: i64| {
            *terms.entry(EVERYBODY.to_owned()).or_default() += by;
            for term in card.terms() {
                *terms.entry(term.as_str().to_owned()).or_default() += by;
            }
        };
        if let Some(old) = old {
            count(old, -1);
            for key in keys(old) {
                tx.exec(
                    "DELETE FROM likeness_key WHERE key = $1 AND person = $2",
                    vals![key.0, *person],
                )?;
            }
        }
        match new {
            Some(new) => {
                count(new, 1);
                lines.extend([(*person).into(), new.to_line().into()]);
                new_keys.extend(keys(new).into_iter().map(|key| (key, *person)));
            }
            None => {
                tx.exec("DELETE FROM likeness_card WHERE person = $1", vals![*person])?;
            }
        }
    }
    insert_many(
        tx,
        "INSERT INTO likeness_card (person, line)",
        2,
        lines,
        "ON CONFLICT (person) DO UPDATE SET line = excluded.line",
    )?;
    new_keys.sort_unstable();
    let rows = new_keys
        .into_iter()
        .flat_map(|(key, person)| [key.0.into(), person.into()]);
    insert_many(
        tx,
        "INSERT INTO likeness_key (key, person)",
        2,
        rows.collect(),
        "ON CONFLICT DO NOTHING",
    )?;
    let rows = terms.into_iter().filter(|(_, by)| *by != 0);
    insert_many(
        tx,
        "INSERT INTO likeness_term (term, people)",
        2,
        rows.flat_map(|(term, by)| [term.into(), by.into()]).collect(),
        "ON CONFLICT (term) DO UPDATE SET people = likeness_term.people + excluded.people",
    )?;
    Ok(())
}

/// Who shares a key with a card that is not shared by too many.
pub fn sharing(tx: &mut Tx, card: &Card) -> Result<BTreeSet<Id<Person>>, Error> {
    let mut found = BTreeSet::new();
    let keys = keys(card);
    let Some(last) = keys.last() else { return Ok(found) };
    let most = MOST_OF_A_KEY + 1;
    let mut block = |rows: &[crate::store::Row], column: usize| -> Result<(), Error> {
        if rows.len() < most {
            for row in rows {
                found.insert(row.get(column)?);
            }
        }
        Ok(())
    };
    match tx.dialect() {
        Dialect::Sqlite => {
            let sql = format!("SELECT person FROM likeness_key WHERE key = $1 LIMIT {most}");
            for key in &keys {
                block(&tx.query(&sql, vals![key.0])?, 0)?;
            }
        }
        // A trip for all of them: each key a range of its own.
        Dialect::Postgres => {
            const PLACES: usize = 14;
            let places: Vec<String> = (1..=PLACES).map(|place| format!("(${place}::bigint)")).collect();
            let sql = format!(
                "SELECT k.key, q.person FROM (VALUES {}) k (key)
                 CROSS JOIN LATERAL (SELECT person FROM likeness_key WHERE key = k.key LIMIT {most}) q ORDER BY k.key",
                places.join(", ")
            );
            for some in keys.chunks(PLACES) {
                // Filled up with a key nobody has: one that comes twice would look shared by twice as many.
                let filler = Key(last.0.wrapping_add(1));
                let values: Vec<Val> = some
                    .iter()
                    .chain(std::iter::repeat(&filler))
                    .take(PLACES)
                    .map(|key| Val::Int(key.0))
                    .collect();
                let rows = tx.query(&sql, &values)?;
                for of_key in rows.chunk_by(|a, b| a.get::<i64>(0).ok() == b.get::<i64>(0).ok()) {
                    if of_key
                        .first()
                        .is_some_and(|row| row.get::<i64>(0).ok() != Some(filler.0))
                    {
                        block(of_key, 1)?;
                    }
                }
            }
        }
    }
    Ok(found)
}

/// How many people bear the terms of these cards.
pub fn rarity<'a>(tx: &mut Tx, cards: impl IntoIterator<Item = &'a Card>) -> Result<Rarity, Error> {
    let mut terms: BTreeMap<String, Term> = BTreeMap::new();
    for card in cards {
        terms.extend(
            card.terms()
                .into_iter()
                .map(|term| (term.as_str().to_owned(), term)),
        );
    }
    let mut asked: Vec<&str> = terms.keys().map(String::as_str).collect();
    asked.push(EVERYBODY);
    let mut bearers: Vec<(String, u64)> = Vec::new();
    in_lists(
        tx,
        "SELECT term, people FROM likeness_term WHERE term IN",
        &asked,
        |row| {
            bearers.push((row.get(0)?, u64::try_from(row.get::<i64>(1)?).unwrap_or(0)));
            Ok(())
        },
    )?;
    let all = bearers
        .iter()
        .find(|(term, _)| term == EVERYBODY)
        .map_or(0, |(_, people)| *people);
    let mut rarity = Rarity::among(all);
    for (term, people) in bearers {
        if let Some(term) = terms.remove(&term) {
            rarity.set(term, people);
        }
    }
    Ok(rarity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_its_parts_however_it_is_written() {
        let home = |street: &str, house: &str, postcode: &str, place: &str| Home {
            street: street.into(),
            house: house.into(),
            place: place.into(),
            postcode: postcode.into(),
        };
        for (address, parts) in [
            (
                "Ulica lipa 7, 81000 Podgorica",
                home("lipa", "7", "81000", "podgorica"),
            ),
            (
                "ул. Липа 7, 81000 Подгорица",
                home("lipa", "7", "81000", "podgorica"),
            ),
            (
                "81000 Podgorica, Ulica lipa 7",
                home("lipa", "7", "81000", "podgorica"),
            ),
            ("Podgorica, lipa 7a", home("lipa", "7a", "", "podgorica")),
            ("Lipa bb, Tuzi", home("lipa", "bb", "", "tuzi")),
            ("Ulica 13 jula 5", home("13 jula", "5", "", "")),
            ("Njeguši", home("njegusi", "", "", "")),
            ("", Home::default()),
        ] {
            assert_eq!(Home::of(address), parts, "{address}");
        }
    }
}
