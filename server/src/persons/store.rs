//! The SQL of persons.

use super::{alias, likeness, model::Checked, names};
use crate::{
    access::Scope,
    problem::{Error, Refusal},
    store::{Dialect, Row, StoreError, Tx, Val, insert_many},
    users, vals,
};
use karton_api::{
    Date, Id, Timestamp,
    common::OfficeRef,
    persons::{Name, NationalId, PersonCard, PersonView},
    value::{Office, Officer, Person},
};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// Columns of a card, in the order of [`card`]; `p` is person, `o` its office, `$1` the top of the officer's scope.
pub(super) const CARD: &str = "p.id, p.given, p.family, p.id_scheme, p.id_number, p.birth_day, p.sex, p.death_day, p.dossier_number, o.code, \
     o.name, EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = p.office)";

/// Reads a card from columns that begin with [`CARD`].
pub(super) fn card(row: &Row) -> Result<PersonCard, Error> {
    let scheme: Option<String> = row.get(3)?;
    let number: Option<String> = row.get(4)?;
    Ok(PersonCard {
        id: row.get(0)?,
        name: Name {
            given: row.get(1)?,
            family: row.get(2)?,
        },
        national_id: scheme
            .zip(number)
            .map(|(scheme, number)| NationalId { scheme, number }),
        birth_date: row.get(5)?,
        sex: row.get(6)?,
        death_date: row.get(7)?,
        dossier_number: row.get(8)?,
        office: OfficeRef {
            code: row.get(9)?,
            name: serde_json::from_str(&row.get::<String>(10)?).map_err(Error::fault)?,
        },
        in_scope: row.get(11)?,
    })
}

/// Cards are read so many at once; fewer ids are filled up with the last one, so that few statements are prepared.
const CARDS_AT_ONCE: [usize; 3] = [1, 8, 32];

/// Cards of several people as they are, in the order asked for; those that are not there are left out.
pub fn cards(tx: &mut Tx, scope: &Scope, ids: &[Id<Person>]) -> Result<Vec<PersonCard>, Error> {
    cards_from(tx, scope, ids, ("person p", "p"))
}

/// The same, but of the one who stays where somebody was merged into another; each once.
pub fn cards_found(tx: &mut Tx, scope: &Scope, ids: &[Id<Person>]) -> Result<Vec<PersonCard>, Error> {
    let mut cards = cards_from(tx, scope, ids, (FOLLOWED, "q"))?;
    let mut seen = HashSet::new();
    cards.retain(|card| seen.insert(card.id));
    Ok(cards)
}

/// Whoever is found (`q`), and the one who stands for them (`p`).
pub(super) const FOLLOWED: &str = "person q JOIN person p ON p.id = coalesce(q.merged_into, q.id)";

fn cards_from(
    tx: &mut Tx,
    scope: &Scope,
    ids: &[Id<Person>],
    (people, asked_for): (&str, &str),
) -> Result<Vec<PersonCard>, Error> {
    let mut found: HashMap<Id<Person>, PersonCard> = HashMap::with_capacity(ids.len());
    let [.., most] = CARDS_AT_ONCE;
    for some in ids.chunks(most) {
        let Some(last) = some.last() else { continue };
        let places = CARDS_AT_ONCE
            .into_iter()
            .find(|places| *places >= some.len())
            .unwrap_or(most);
        let mut values: Vec<Val> = vec![scope.val()];
        values.extend(
            some.iter()
                .chain(std::iter::repeat(last))
                .take(places)
                .map(|id| Val::from(*id)),
        );
        let asked: Vec<String> = (2..places + 2).map(|place| format!("${place}")).collect();
        let sql = format!(
            "SELECT {CARD}, {asked_for}.id FROM {people} JOIN office o ON o.id = p.office WHERE {asked_for}.id IN ({})",
            asked.join(", ")
        );
        for row in tx.query(&sql, &values)? {
            let card = card(&row)?;
            found.insert(row.get(12)?, card);
        }
    }
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// One card; [`Error::Missing`] where there is nobody.
pub fn card_of(tx: &mut Tx, scope: &Scope, id: Id<Person>) -> Result<PersonCard, Error> {
    cards(tx, scope, &[id])?.pop().ok_or(Error::Missing)
}

/// The office that holds the dossier, if it lies within the scope; [`Error::Missing`] otherwise, whoever it is.
pub fn holding_office(tx: &mut Tx, scope: &Scope, id: Id<Person>) -> Result<Id<Office>, Error> {
    let row = tx.opt(
        "SELECT p.office, p.merged_into FROM person p JOIN office_tree t ON t.office = p.office AND t.ancestor = $1 WHERE p.id = $2",
        vals![scope.val(), id],
    )?;
    let row = row.ok_or(Error::Missing)?;
    alias::follow(id, row.get(1)?)?;
    Ok(row.get(0)?)
}

/// The office that holds a dossier, wherever it is; for what begins with a person who has been found within the scope.
pub(super) fn office_of(tx: &mut Tx, id: Id<Person>) -> Result<Id<Office>, Error> {
    let row = tx.opt("SELECT office FROM person WHERE id = $1", vals![id])?;
    Ok(row.ok_or(Error::Missing)?.get(0)?)
}

/// The name of a person: cards are national.
pub fn name_of(tx: &mut Tx, id: Id<Person>) -> Result<Name, Error> {
    let row = tx.opt("SELECT given, family FROM person WHERE id = $1", vals![id])?;
    let row = row.ok_or(Error::Missing)?;
    Ok(Name {
        given: row.get(0)?,
        family: row.get(1)?,
    })
}

/// The view of a person within the scope; [`Error::Missing`] otherwise, whoever it is. One statement, because nothing is asked more often.
pub(super) fn see(tx: &mut Tx, scope: &Scope, id: Id<Person>) -> Result<PersonView, Error> {
    static SEE: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT {CARD}, p.revision, p.registered_at, p.registered_by, r.name, p.merged_into FROM person p
             JOIN office_tree s ON s.office = p.office AND s.ancestor = $1
             JOIN office o ON o.id = p.office LEFT JOIN officer r ON r.id = p.registered_by WHERE p.id = $2"
        )
    });
    let row = tx.opt(&SEE, vals![scope.val(), id])?.ok_or(Error::Missing)?;
    alias::follow(id, row.get(16)?)?;
    Ok(PersonView {
        card: card(&row)?,
        revision: row.get(12)?,
        registered_at: row.get(13)?,
        registered_by: users::officer_as(row.get(14)?, row.get(15)?),
    })
}

/// A new person. The caller has drawn the dossier's number.
pub struct NewPerson<'a> {
    /// Made before the transaction.
    pub id: Id<Person>,
    /// Holds the dossier.
    pub office: Id<Office>,
    /// Who it is.
    pub who: &'a Checked,
    /// The day of death, for an import.
    pub death_date: Option<Date>,
    /// For people.
    pub dossier_number: &'a str,
    /// When.
    pub at: Timestamp,
    /// By whom; nobody for an import.
    pub by: Option<Id<Officer>>,
}

const INSERT: &str = "INSERT INTO person (id, revision, office, given, family, id_scheme, id_number, birth_day, sex, death_day, \
                      dossier_number, registered_at, registered_by)";

fn values(new: &NewPerson<'_>) -> [Val; 13] {
    let who = new.who;
    [
        new.id.into(),
        1_i64.into(),
        new.office.into(),
        (&who.name.given).into(),
        (&who.name.family).into(),
        who.national_id.as_ref().map(|id| id.scheme.as_str()).into(),
        who.national_id.as_ref().map(|id| id.number.as_str()).into(),
        who.birth_date.into(),
        who.sex.as_deref().into(),
        new.death_date.into(),
        new.dossier_number.into(),
        new.at.into(),
        new.by.into(),
    ]
}

/// Writes a person and the words of the name. Refuses with `NumberTaken` where somebody bears the national number.
pub fn insert(tx: &mut Tx, new: &NewPerson<'_>) -> Result<(), Error> {
    insert_many(tx, INSERT, 13, values(new).into(), "").map_err(taken)?;
    let words = names::words_of(&new.who.name);
    likeness::mark(tx, [new.id])?;
    names::insert(tx, [(new.id, words.as_slice())])?;
    names::note(tx, &words, new.at)
}

/// Writes many persons of an import. The caller brings the words of each name ([`super::words_of`]) and those words that this import has
/// not brought before, which are noted as learnt at `now`.
pub fn insert_all(
    tx: &mut Tx,
    people: &[(NewPerson<'_>, &[String])],
    new_words: &[String],
    now: Timestamp,
) -> Result<(), Error> {
    let rows = people.iter().flat_map(|(new, _)| values(new)).collect();
    insert_many(tx, INSERT, 13, rows, "").map_err(taken)?;
    names::insert(tx, people.iter().map(|(new, words)| (new.id, *words)))?;
    likeness::mark(tx, people.iter().map(|(new, _)| new.id))?;
    let words = new_words
        .iter()
        .flat_map(|word| [word.into(), now.into()])
        .collect();
    insert_many(
        tx,
        "INSERT INTO name_token (token, added_at)",
        2,
        words,
        "ON CONFLICT DO NOTHING",
    )?;
    Ok(())
}

/// Two officers at the same instant: the index decides, and the second is told what a look would have told.
fn taken(error: StoreError) -> Error {
    match error {
        StoreError::Unique(place) if place.contains("id_number") => Refusal::NumberTaken.into(),
        other => other.into(),
    }
}

/// Registrations of people of one name go one after another, so that the second sees whom the first has registered. SQLite has one writer
/// anyway; elsewhere they take turns at a row, which they keep until they commit.
pub(super) fn take_turn(tx: &mut Tx, name: &Name, now: Timestamp) -> Result<(), Error> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let mut hash = Sha256::new();
    for word in names::words_of(name) {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    let turn = hash
        .finalize()
        .iter()
        .take(2)
        .fold(0_i64, |turn, byte| turn << 8 | i64::from(*byte));
    tx.exec(
        "INSERT INTO registration_turn (turn, taken_at) VALUES ($1, $2) ON CONFLICT (turn) DO UPDATE SET taken_at = excluded.taken_at",
        vals![turn % 1024, now],
    )?;
    Ok(())
}

/// Waits for whoever is changing something about these people, and makes others wait, until the end of the transaction.
pub(super) fn hold(tx: &mut Tx, people: &[Id<Person>]) -> Result<(), Error> {
    let mut people = people.to_vec();
    people.sort_unstable();
    for person in people {
        tx.hold("person", person)?;
    }
    Ok(())
}

/// Replaces the card where the revision is still the one that was seen; answers whether it was. Refuses with `NumberTaken`.
pub(super) fn update(
    tx: &mut Tx,
    id: Id<Person>,
    revision: i64,
    who: &Checked,
    death_date: Option<Date>,
) -> Result<bool, Error> {
    let changed = tx.exec(
        "UPDATE person SET revision = revision + 1, given = $3, family = $4, id_scheme = $5, id_number = $6, birth_day = $7, sex = $8,
            death_day = $9 WHERE id = $1 AND revision = $2",
        vals![
            id,
            revision,
            &who.name.given,
            &who.name.family,
            who.national_id.as_ref().map(|id| id.scheme.as_str()),
            who.national_id.as_ref().map(|id| id.number.as_str()),
            who.birth_date,
            who.sex.as_deref(),
            death_date
        ],
    );
    likeness::mark(tx, [id])?;
    Ok(changed.map_err(taken)? == 1)
}

/// Notes the day of death of somebody who was just registered.
pub fn died(tx: &mut Tx, id: Id<Person>, day: Date) -> Result<(), Error> {
    tx.exec("UPDATE person SET death_day = $2 WHERE id = $1", vals![id, day])?;
    Ok(())
}

/// The person whose dossier bears a number.
pub fn by_dossier(tx: &mut Tx, number: &str) -> Result<Option<Id<Person>>, Error> {
    let row = tx.opt("SELECT id FROM person WHERE dossier_number = $1", vals![number])?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// The person who bears a national number.
pub fn by_number(tx: &mut Tx, id: &NationalId) -> Result<Option<Id<Person>>, Error> {
    let row = tx.opt(
        "SELECT id FROM person WHERE id_number = $1 AND id_scheme = $2",
        vals![id.number.as_str(), id.scheme.as_str()],
    )?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}
