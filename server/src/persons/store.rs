//! The SQL of persons and of the words of their names.

use super::model::Checked;
use crate::{
    access::Scope,
    problem::Error,
    search::tokens,
    store::{Row, Tx},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    common::OfficeRef,
    persons::{Name, NationalId, PersonCard},
    value::{Office, Officer, Person},
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

/// Cards of several people, in the order asked for; those that are not there are left out.
pub fn cards(tx: &mut Tx, scope: &Scope, ids: &[Id<Person>]) -> Result<Vec<PersonCard>, Error> {
    let sql = format!("SELECT {CARD} FROM person p JOIN office o ON o.id = p.office WHERE p.id = $2");
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = tx.opt(&sql, vals![scope.val(), *id])? {
            found.push(card(&row)?);
        }
    }
    Ok(found)
}

/// One card; [`Error::Missing`] where there is nobody.
pub fn card_of(tx: &mut Tx, scope: &Scope, id: Id<Person>) -> Result<PersonCard, Error> {
    cards(tx, scope, &[id])?.pop().ok_or(Error::Missing)
}

/// The office that holds the dossier, if it lies within the scope; [`Error::Missing`] otherwise, whoever it is.
pub fn holding_office(tx: &mut Tx, scope: &Scope, id: Id<Person>) -> Result<Id<Office>, Error> {
    let row = tx.opt(
        "SELECT p.office FROM person p JOIN office_tree t ON t.office = p.office AND t.ancestor = $1 WHERE p.id = $2",
        vals![scope.val(), id],
    )?;
    Ok(row.ok_or(Error::Missing)?.get(0)?)
}

/// What stands beside the card.
pub struct Rest {
    pub(super) revision: i64,
    pub(super) registered_at: Timestamp,
    pub(super) registered_by: Option<Id<Officer>>,
}

pub(super) fn rest(tx: &mut Tx, scope: &Scope, id: Id<Person>) -> Result<Rest, Error> {
    let row = tx.opt(
        "SELECT p.revision, p.registered_at, p.registered_by FROM person p
         JOIN office_tree t ON t.office = p.office AND t.ancestor = $1 WHERE p.id = $2",
        vals![scope.val(), id],
    )?;
    let row = row.ok_or(Error::Missing)?;
    Ok(Rest {
        revision: row.get(0)?,
        registered_at: row.get(1)?,
        registered_by: row.get(2)?,
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

/// Writes a person and the words of the name.
pub fn insert(tx: &mut Tx, new: &NewPerson<'_>) -> Result<(), Error> {
    let who = new.who;
    tx.exec(
        "INSERT INTO person (id, revision, office, given, family, id_scheme, id_number, birth_day, sex, death_day, dossier_number,
            registered_at, registered_by) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            new.id,
            new.office,
            &who.name.given,
            &who.name.family,
            who.national_id.as_ref().map(|id| id.scheme.as_str()),
            who.national_id.as_ref().map(|id| id.number.as_str()),
            who.birth_date,
            who.sex.as_deref(),
            new.death_date,
            new.dossier_number,
            new.at,
            new.by
        ],
    )?;
    write_tokens(tx, new.id, &who.name, new.at)
}

/// The words by which a name is found, each once.
pub fn words_of(name: &Name) -> Vec<String> {
    let mut words = tokens(&name.given);
    words.extend(tokens(&name.family));
    words.sort_unstable();
    words.dedup();
    words
}

pub(super) fn write_tokens(
    tx: &mut Tx,
    person: Id<Person>,
    name: &Name,
    now: Timestamp,
) -> Result<(), Error> {
    tx.exec("DELETE FROM person_token WHERE person = $1", vals![person])?;
    for word in words_of(name) {
        tx.exec(
            "INSERT INTO person_token (token, person) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            vals![&word, person],
        )?;
        // The word's row is only touched when it is new, so that frequent names do not make writers wait for each other.
        if tx
            .opt("SELECT 1 FROM name_token WHERE token = $1", vals![&word])?
            .is_none()
        {
            tx.exec(
                "INSERT INTO name_token (token, added_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                vals![&word, now],
            )?;
        }
    }
    Ok(())
}

/// Replaces the card where the revision is still the one that was seen; answers whether it was.
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
    )?;
    Ok(changed == 1)
}

/// The person who bears a national number.
pub fn by_number(tx: &mut Tx, id: &NationalId) -> Result<Option<Id<Person>>, Error> {
    let row = tx.opt(
        "SELECT id FROM person WHERE id_number = $1 AND id_scheme = $2",
        vals![id.number.as_str(), id.scheme.as_str()],
    )?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}
