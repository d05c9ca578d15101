//! A dossier goes to another centre: one asks, the other accepts, and in that transaction the dossier, its applications with everything that
//! belongs to them, and its awards stand there. Numbers stay as they were given, entries of the log where they were made.

use crate::{
    access::{LeadWork, May, Scope},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    persons,
    problem::{Error, Refusal},
    store::{Migration, Row, Tx},
    users, vals,
};
use karton_api::{
    Id, Timestamp,
    common::{Page, PageQuery, Reason},
    transfers::{AskTransfer, Transfer},
    value::{Letter, Office, Officer, Person},
};

/// Transfers of dossiers; one waits at a time.
pub const MIGRATION: Migration = Migration::both(
    144,
    "transfers of dossiers",
    "CREATE TABLE transfer (
        id {ID} PRIMARY KEY,
        person {ID} NOT NULL REFERENCES person (id),
        from_office {ID} NOT NULL REFERENCES office (id),
        to_office {ID} NOT NULL REFERENCES office (id),
        reason TEXT NOT NULL,
        asked_by {ID} NOT NULL,
        asked_at BIGINT NOT NULL,
        answered_by {ID},
        answered_at BIGINT,
        accepted BIGINT,
        answer TEXT,
        applications BIGINT NOT NULL,
        awards BIGINT NOT NULL
    );
    CREATE UNIQUE INDEX transfer_waits ON transfer (person) WHERE answered_at IS NULL;
    CREATE INDEX transfer_person ON transfer (person, answered_at);
    CREATE INDEX transfer_asked ON transfer (asked_at, id);",
);

const COLUMNS: &str = "r.id, r.person, r.from_office, r.to_office, r.reason, r.asked_by, r.asked_at, r.answered_by, r.answered_at, \
     r.accepted, r.applications, r.awards";
/// Either side sees it.
const SEEN: &str = "EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND (t.office = r.from_office OR t.office = r.to_office))";

/// A transfer as it is stored.
struct Stored {
    id: Id<Letter>,
    person: Id<Person>,
    from: Id<Office>,
    to: Id<Office>,
    reason: String,
    asked_by: Id<Officer>,
    asked_at: Timestamp,
    answered_by: Option<Id<Officer>>,
    answered_at: Option<Timestamp>,
    accepted: Option<i64>,
    applications: u32,
    awards: u32,
}

fn stored(row: &Row) -> Result<Stored, Error> {
    Ok(Stored {
        id: row.get(0)?,
        person: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
        reason: row.get(4)?,
        asked_by: row.get(5)?,
        asked_at: row.get(6)?,
        answered_by: row.get(7)?,
        answered_at: row.get(8)?,
        accepted: row.get(9)?,
        applications: row.get(10)?,
        awards: row.get(11)?,
    })
}

fn load(tx: &mut Tx, scope: &Scope, id: Id<Letter>) -> Result<Stored, Error> {
    let sql = format!("SELECT {COLUMNS} FROM transfer r WHERE r.id = $2 AND {SEEN}");
    tx.opt(&sql, vals![scope.val(), id])?
        .map_or(Err(Error::Missing), |row| stored(&row))
}

fn view(tx: &mut Tx, house: &House, scope: &Scope, it: Stored) -> Result<Transfer, Error> {
    Ok(Transfer {
        id: it.id,
        person: persons::store::card_of(tx, scope, it.person)?,
        from: house.offices.to_ref(it.from),
        to: house.offices.to_ref(it.to),
        reason: it.reason,
        asked_by: users::officer_ref(tx, Some(it.asked_by))?,
        asked_at: it.asked_at,
        answered_by: it
            .answered_by
            .map(|id| users::officer_ref(tx, Some(id)))
            .transpose()?,
        answered_at: it.answered_at,
        accepted: it.accepted.map(|accepted| accepted == 1),
        applications: it.applications,
        awards: it.awards,
    })
}

fn inside(tx: &mut Tx, scope: &Scope, office: Id<Office>) -> Result<bool, Error> {
    let row = tx.opt(
        "SELECT 1 FROM office_tree WHERE ancestor = $1 AND office = $2",
        vals![scope.val(), office],
    )?;
    Ok(row.is_some())
}

/// Asks another office to take over a dossier. Refuses with `OwnDossier`, and with `TransferWaits` where one waits already.
pub(super) async fn ask(
    may: &May<LeadWork>,
    house: &House,
    person: Id<Person>,
    body: AskTransfer,
) -> Result<Transfer, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let to = house.offices.by_code(&body.to);
    let to = to
        .ok_or_else(|| Error::field("/to", "unknown", "There is no such office."))?
        .id;
    let (now, id) = (house.clock.now(), house.clock.id::<Letter>());
    let (scope, officer, here) = (may.scope(), may.officer(), house.clone());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let from = persons::store::holding_office(tx, &scope, person)?;
        persons::not_own(tx, officer, person)?;
        if from == to {
            return Err(Error::field("/to", "same", "This office holds the dossier already."));
        }
        tx.hold("person", person)?;
        let waits = tx.query(
            "SELECT 1 FROM transfer WHERE person = $1 AND answered_at IS NULL",
            vals![person],
        )?;
        if !waits.is_empty() {
            return Err(Refusal::TransferWaits.into());
        }
        tx.exec(
            "INSERT INTO transfer (id, person, from_office, to_office, reason, asked_by, asked_at, applications, awards)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)",
            vals![id, person, from, to, &reason, officer, now],
        )?;
        let it = load(tx, &scope, id)?;
        let entry = Entry::of("transfer-asked").person(person).value("transfer", id);
        Ok((view(tx, &here, &scope, it)?, entry.value("to", &body.to)))
    })
    .await
}

/// The other office takes the dossier over, with everything that runs. Refuses with `StepNotOpen` where it was answered, `OwnDossier`.
pub(super) async fn accept(may: &May<LeadWork>, house: &House, id: Id<Letter>) -> Result<Transfer, Error> {
    let now = house.clock.now();
    let (scope, officer, here) = (may.scope(), may.officer(), house.clone());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let it = waiting(tx, &scope, id, officer)?;
        let there: Id<Office> = tx
            .one("SELECT office FROM person WHERE id = $1", vals![it.person])?
            .get(0)?;
        if there != it.from {
            return Err(Refusal::StepNotOpen.into());
        }
        let (applications, awards) = carry(tx, it.person, it.to)?;
        tx.exec(
            "UPDATE transfer SET answered_by = $2, answered_at = $3, accepted = 1, applications = $4, awards = $5 WHERE id = $1",
            vals![id, officer, now, applications, awards],
        )?;
        let entry = Entry::of("transfer-accepted")
            .person(it.person)
            .value("transfer", id)
            .value("applications", applications)
            .value("awards", awards);
        let it = load(tx, &scope, id)?;
        Ok((view(tx, &here, &scope, it)?, entry))
    })
    .await
}

/// The other office does not take it over. Refuses with `StepNotOpen`, `OwnDossier`.
pub(super) async fn refuse(
    may: &May<LeadWork>,
    house: &House,
    id: Id<Letter>,
    body: Reason,
) -> Result<Transfer, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let now = house.clock.now();
    let (scope, officer, here) = (may.scope(), may.officer(), house.clone());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let it = waiting(tx, &scope, id, officer)?;
        tx.exec(
            "UPDATE transfer SET answered_by = $2, answered_at = $3, accepted = 0, answer = $4 WHERE id = $1",
            vals![id, officer, now, &reason],
        )?;
        let entry = Entry::of("transfer-refused")
            .person(it.person)
            .value("transfer", id);
        let it = load(tx, &scope, id)?;
        Ok((view(tx, &here, &scope, it)?, entry))
    })
    .await
}

/// A transfer that waits for this officer's office.
fn waiting(tx: &mut Tx, scope: &Scope, id: Id<Letter>, officer: Id<Officer>) -> Result<Stored, Error> {
    let it = load(tx, scope, id)?;
    tx.hold("person", it.person)?;
    let it = load(tx, scope, it.id)?;
    if !inside(tx, scope, it.to)? {
        return Err(Refusal::OtherOfficeAnswers.into());
    }
    if it.answered_at.is_some() {
        return Err(Refusal::StepNotOpen.into());
    }
    persons::not_own(tx, officer, it.person)?;
    Ok(it)
}

/// The dossier and what belongs to it stand in another office. One place for all rooms' tables, because either all of them move or none.
/// Restricted matters stay with whoever is named on them.
fn carry(tx: &mut Tx, person: Id<Person>, to: Id<Office>) -> Result<(i64, i64), Error> {
    tx.exec("UPDATE person SET office = $2 WHERE id = $1", vals![person, to])?;
    let of_matter = "matter IN (SELECT id FROM application WHERE applicant = $1)";
    let of_application = "application IN (SELECT id FROM application WHERE applicant = $1)";
    for (table, whose) in [
        ("step_run", of_matter),
        ("evidence", of_matter),
        ("assessment", of_matter),
        ("paper", of_matter),
        ("decision", of_application),
        ("completion_request", of_application),
        ("dismissal", of_application),
        ("lodging", "applicant = $1"),
        (
            "matter",
            "id IN (SELECT id FROM application WHERE applicant = $1)",
        ),
    ] {
        tx.exec(
            &format!("UPDATE {table} SET office = $2 WHERE {whose}"),
            vals![person, to],
        )?;
    }
    // Who had taken a step works elsewhere.
    tx.exec(
        "UPDATE step_run SET assigned_to = NULL, state = 'open'
         WHERE matter IN (SELECT id FROM application WHERE applicant = $1) AND state IN ('open', 'started')",
        vals![person],
    )?;
    let applications = tx.exec(
        "UPDATE application SET office = $2 WHERE applicant = $1",
        vals![person, to],
    )?;
    let awards = tx.exec(
        "UPDATE award SET office = $2 WHERE beneficiary = $1",
        vals![person, to],
    )?;
    Ok((
        i64::try_from(applications).unwrap_or(0),
        i64::try_from(awards).unwrap_or(0),
    ))
}

/// Transfers that concern the office, either way, newest first.
pub(super) async fn list(
    may: &May<LeadWork>,
    house: &House,
    query: PageQuery,
) -> Result<Page<Transfer>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<(Timestamp, Id<Letter>)> = cursor::decode(query.cursor.as_deref())?;
    let (scope, here) = (may.scope(), house.clone());
    let items = house
        .store
        .read(move |tx| {
            let (at, last) = after.unwrap_or((Timestamp::MAX, Id::from_uuid(uuid::Uuid::max())));
            let sql = format!(
                "SELECT {COLUMNS} FROM transfer r WHERE {SEEN} AND (r.asked_at, r.id) < ($2, $3) ORDER BY r.asked_at DESC, r.id DESC LIMIT $4"
            );
            let more = i64::try_from(limit + 1).unwrap_or(201);
            let rows = tx.query(&sql, vals![scope.val(), at, last, more])?;
            rows.iter()
                .map(|row| view(tx, &here, &scope, stored(row)?))
                .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    Ok(cursor::page(items, limit, |it| (it.asked_at, it.id)))
}
