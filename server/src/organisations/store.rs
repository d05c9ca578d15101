//! The SQL of organisations.

use super::model::Checked;
use crate::{
    problem::{Error, Refusal},
    search::{fold, tokens},
    store::{Row, StoreError, Tx, Val},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    organisations::{Organisation, OrganisationCard, ProviderEntry},
    persons::NationalId,
    value::{self, Officer},
};

const CARD: &str = "o.id, o.name, o.scheme, o.number, o.address";
/// The most entries of a provider that are shown.
const MOST_ENTRIES: i64 = 200;
/// Words of a name and of a query beyond these are not used.
const MOST_WORDS: usize = 8;

fn card_from(row: &Row) -> Result<OrganisationCard, Error> {
    Ok(OrganisationCard {
        id: row.get(0)?,
        name: row.get(1)?,
        number: NationalId {
            scheme: row.get(2)?,
            number: row.get(3)?,
        },
        address: row.get(4)?,
    })
}

/// An organisation in short; [`Error::Missing`] where there is none.
pub fn card(tx: &mut Tx, id: Id<value::Organisation>) -> Result<OrganisationCard, Error> {
    let sql = format!("SELECT {CARD} FROM organisation o WHERE o.id = $1");
    tx.opt(&sql, vals![id])?
        .map_or(Err(Error::Missing), |row| card_from(&row))
}

/// An organisation; [`Error::Missing`] where there is none.
pub fn load(tx: &mut Tx, id: Id<value::Organisation>) -> Result<Organisation, Error> {
    let sql = format!(
        "SELECT {CARD}, o.revision, o.account, o.phone, o.sole_trader FROM organisation o WHERE o.id = $1"
    );
    let row = tx.opt(&sql, vals![id])?.ok_or(Error::Missing)?;
    let entries = tx.query(
        "SELECT register, service, contract, from_day, until_day FROM provider_entry WHERE organisation = $1
         ORDER BY service, from_day, register LIMIT $2",
        vals![id, MOST_ENTRIES],
    )?;
    let services = entries.iter().map(|row| {
        Ok(ProviderEntry {
            register: row.get(0)?,
            service: row.get(1)?,
            contract: row.get(2)?,
            from: row.get(3)?,
            until: row.get(4)?,
        })
    });
    Ok(Organisation {
        card: card_from(&row)?,
        revision: row.get(5)?,
        account: row.get(6)?,
        phone: row.get(7)?,
        sole_trader: row.get(8)?,
        services: services.collect::<Result<_, Error>>()?,
    })
}

/// Where an organisation is paid, as it stands now.
pub fn account(tx: &mut Tx, id: Id<value::Organisation>) -> Result<Option<String>, Error> {
    let row = tx.opt("SELECT account FROM organisation WHERE id = $1", vals![id])?;
    Ok(row.ok_or(Error::Missing)?.get(0)?)
}

/// Whether an organisation is registered for a service in a register on a day.
pub fn provides(
    tx: &mut Tx,
    id: Id<value::Organisation>,
    (register, service): (&str, &str),
    on: Date,
) -> Result<bool, Error> {
    let rows = tx.query(
        "SELECT 1 FROM provider_entry WHERE organisation = $1 AND register = $2 AND service = $3 AND from_day <= $4
            AND (until_day IS NULL OR until_day > $4) LIMIT 1",
        vals![id, register, service, on],
    )?;
    Ok(!rows.is_empty())
}

fn words_of(name: &str) -> Vec<String> {
    let mut words = tokens(name);
    words.sort_unstable();
    words.dedup();
    words.truncate(MOST_WORDS);
    words
}

fn write_words(tx: &mut Tx, id: Id<value::Organisation>, name: &str) -> Result<(), Error> {
    tx.exec("DELETE FROM organisation_word WHERE organisation = $1", vals![id])?;
    for word in words_of(name) {
        tx.exec(
            "INSERT INTO organisation_word (organisation, word) VALUES ($1, $2)",
            vals![id, word],
        )?;
    }
    Ok(())
}

fn taken(error: StoreError) -> Error {
    match error {
        StoreError::Unique(_) => Refusal::OrganisationKnown.into(),
        other => other.into(),
    }
}

/// Writes a new organisation. Refuses with `OrganisationKnown` where its number is.
pub(super) fn insert(
    tx: &mut Tx,
    id: Id<value::Organisation>,
    it: &Checked,
    (at, by): (Timestamp, Option<Id<Officer>>),
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO organisation (id, revision, scheme, number, name, folded, address, account, phone, sole_trader, registered_at,
            registered_by) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            id,
            &it.number.scheme,
            &it.number.number,
            &it.name,
            fold(&it.name),
            &it.address,
            it.account.clone(),
            it.phone.clone(),
            it.sole_trader,
            at,
            by
        ],
    )
    .map_err(taken)?;
    write_words(tx, id, &it.name)
}

/// Puts other words in place of what stands; the number stays. Refuses with `Changed`.
pub(super) fn change(
    tx: &mut Tx,
    id: Id<value::Organisation>,
    revision: i64,
    it: &Checked,
) -> Result<(), Error> {
    let stands = load(tx, id)?;
    if stands.card.number != it.number {
        return Err(Error::field(
            "/number/number",
            "fixed",
            "The number of an organisation does not change: register the other one.",
        ));
    }
    let changed = tx.exec(
        "UPDATE organisation SET revision = revision + 1, name = $3, folded = $4, address = $5, account = $6, phone = $7, sole_trader = $8
         WHERE id = $1 AND revision = $2",
        vals![
            id,
            revision,
            &it.name,
            fold(&it.name),
            &it.address,
            it.account.clone(),
            it.phone.clone(),
            it.sole_trader
        ],
    )?;
    if changed == 0 {
        return Err(Error::Changed(stands.revision));
    }
    write_words(tx, id, &it.name)
}

/// Writes an entry of a register of providers; the same service from the same day stands once.
pub(super) fn enter(
    tx: &mut Tx,
    id: Id<value::Organisation>,
    it: &ProviderEntry,
    (at, by): (Timestamp, Option<Id<Officer>>),
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO provider_entry (organisation, register, service, contract, from_day, until_day, entered_at, entered_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (organisation, register, service, from_day) DO UPDATE SET contract = excluded.contract, until_day = excluded.until_day,
            entered_at = excluded.entered_at, entered_by = excluded.entered_by",
        vals![
            id,
            &it.register,
            &it.service,
            &it.contract,
            it.from,
            it.until,
            at,
            by
        ],
    )?;
    tx.exec(
        "UPDATE organisation SET revision = revision + 1 WHERE id = $1",
        vals![id],
    )?;
    Ok(())
}

/// A page of organisations by name, after that place: by the beginnings of words of the name or of the number, and by what they are registered for
/// on a day. Nothing where neither is said.
pub(super) fn page(
    tx: &mut Tx,
    text: &str,
    (service, on): (Option<&str>, Date),
    after: Option<(String, Id<value::Organisation>)>,
    limit: usize,
) -> Result<Vec<(String, OrganisationCard)>, Error> {
    let text = text.trim();
    let words = words_of(text);
    if words.is_empty() && service.is_none() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Val> = Vec::new();
    let mut bind = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut wanted = Vec::new();
    if text.len() >= 3 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (from, until) = (bind(text.to_owned().into()), bind(format!("{text}:").into()));
        // A colon stands behind the digits.
        wanted.push(format!("o.number >= {from} AND o.number < {until}"));
    } else {
        for word in words {
            let until = format!("{word}\u{10ffff}");
            let (from, until) = (bind(word.into()), bind(until.into()));
            wanted.push(format!(
                "o.id IN (SELECT w.organisation FROM organisation_word w WHERE w.word >= {from} AND w.word < {until})"
            ));
        }
    }
    if let Some(service) = service {
        let (service, on) = (bind(service.to_owned().into()), bind(on.into()));
        wanted.push(format!(
            "o.id IN (SELECT e.organisation FROM provider_entry e WHERE e.service = {service} AND e.from_day <= {on}
                AND (e.until_day IS NULL OR e.until_day > {on}))"
        ));
    }
    if let Some((folded, id)) = after {
        let (folded, id) = (bind(folded.into()), bind(id.into()));
        wanted.push(format!("(o.folded, o.id) > ({folded}, {id})"));
    }
    let limit = bind(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let sql = format!(
        "SELECT {CARD}, o.folded FROM organisation o WHERE {} ORDER BY o.folded, o.id LIMIT {limit}",
        wanted.join(" AND ")
    );
    let rows = tx.query(&sql, &values)?;
    rows.iter()
        .map(|row| Ok((row.get(5)?, card_from(row)?)))
        .collect()
}
