//! A dossier goes to another centre: one asks, the other accepts, and in that transaction the dossier, its applications and cases with everything
//! that belongs to them, its awards and its documents stand there. Numbers stay as they were given, entries of the log where they were made.

use crate::{
    access::{LeadWork, May, Scope},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    matters, persons,
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

/// How many cases went along.
pub const CASES: Migration = Migration::both(
    301,
    "cases that went along with a dossier",
    "ALTER TABLE transfer ADD COLUMN cases BIGINT NOT NULL DEFAULT 0;",
);

/// Matters of a person that are not restricted, without later decisions of a body above: they stay where they are made.
const MATTERS: &str = "SELECT m.id FROM matter m WHERE m.person = $1 AND NOT EXISTS (SELECT 1 FROM restricted_matter x WHERE x.matter = m.id)
    AND NOT EXISTS (SELECT 1 FROM amendment y WHERE y.id = m.id AND y.of_second = 1)";

/// Tables with an office that goes along with a dossier, each with which of its rows belong to the person; `{matters}` stands for [`MATTERS`].
/// A test holds this list and [`REMAINS`] against the schema.
pub const CARRIED: [(&str, &str); 17] = [
    // A step of an office above stays with such an office: `matters::settle` finds which one.
    (
        "step_run",
        "matter IN ({matters}) AND office = (SELECT own.office FROM matter own WHERE own.id = step_run.matter)",
    ),
    ("evidence", "matter IN ({matters})"),
    ("assessment", "matter IN ({matters})"),
    ("paper", "matter IN ({matters})"),
    ("notice", "matter IN ({matters})"),
    ("raised_signal", "(matter IN ({matters}) OR (matter IS NULL AND person = $1))"),
    ("decision", "application IN ({matters})"),
    ("completion_request", "application IN ({matters})"),
    ("dismissal", "application IN ({matters})"),
    ("amendment", "id IN ({matters})"),
    ("social_case", "id IN ({matters})"),
    ("document", "person = $1 AND (matter IS NULL OR matter IN ({matters}))"),
    ("lodging", "applicant = $1"),
    ("application", "applicant = $1"),
    ("award", "beneficiary = $1"),
    ("matter", "id IN ({matters})"),
    // A household is kept where its head's dossier is.
    (
        "household",
        "id IN (SELECT k.household FROM household_member k WHERE k.person = $1 AND k.relationship = 'self' AND k.replaced_at IS NULL
            AND k.until_day IS NULL)",
    ),
];

/// Tables with an office that stays: where something was done, who works where.
#[cfg(test)]
pub const REMAINS: &[&str] = &[
    "audit_entry",
    "audit_lane",
    "audit_sealed",
    // The second body decided where it decided.
    "confirmation",
    "deputy",
    "import",
    "merge",
    "office_tree",
    "officer_role",
    "person",
    // The restricted room is opened by the officers who are named, wherever the dossier is.
    "protection",
    // Numbers stay as they were given.
    "series",
    "session",
];

const COLUMNS: &str = "r.id, r.person, r.from_office, r.to_office, r.reason, r.asked_by, r.asked_at, r.answered_by, r.answered_at, \
     r.accepted, r.applications, r.awards, r.answer, r.cases";
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
    runs: Runs,
    answer: Option<String>,
}

/// How much goes along.
#[derive(Clone, Copy)]
struct Runs {
    applications: u32,
    awards: u32,
    cases: u32,
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
        runs: Runs {
            applications: row.get(10)?,
            awards: row.get(11)?,
            cases: row.get(13)?,
        },
        answer: row.get(12)?,
    })
}

/// What would go along now. Of restricted matters nothing is said.
fn would_go(tx: &mut Tx, person: Id<Person>) -> Result<Runs, Error> {
    let mut count = |sql: &str| -> Result<u32, Error> { Ok(tx.one(sql, vals![person])?.get(0)?) };
    Ok(Runs {
        applications: count("SELECT count(*) FROM application WHERE applicant = $1")?,
        awards: count("SELECT count(*) FROM award WHERE beneficiary = $1")?,
        cases: count(&format!(
            "SELECT count(*) FROM social_case WHERE id IN ({MATTERS})"
        ))?,
    })
}

fn load(tx: &mut Tx, scope: &Scope, id: Id<Letter>) -> Result<Stored, Error> {
    let sql = format!("SELECT {COLUMNS} FROM transfer r WHERE r.id = $2 AND {SEEN}");
    tx.opt(&sql, vals![scope.val(), id])?
        .map_or(Err(Error::Missing), |row| stored(&row))
}

fn view(tx: &mut Tx, house: &House, scope: &Scope, it: Stored) -> Result<Transfer, Error> {
    let waits = it.answered_at.is_none();
    let runs = if waits { would_go(tx, it.person)? } else { it.runs };
    let answers = waits && inside(tx, scope, it.to)?;
    let may = if answers {
        ["accept", "refuse"].as_slice()
    } else {
        &[]
    };
    Ok(Transfer {
        may: may.iter().map(|what| (*what).to_owned()).collect(),
        answer: it.answer,
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
        applications: runs.applications,
        awards: runs.awards,
        cases: runs.cases,
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
        let runs = would_go(tx, it.person)?;
        carry(tx, it.person, (it.to, officer))?;
        matters::settle(tx, &here.packs, it.person)?;
        tx.exec(
            "UPDATE transfer SET answered_by = $2, answered_at = $3, accepted = 1, applications = $4, awards = $5, cases = $6 WHERE id = $1",
            vals![id, officer, now, i64::from(runs.applications), i64::from(runs.awards), i64::from(runs.cases)],
        )?;
        let entry = Entry::of("transfer-accepted")
            .person(it.person)
            .value("transfer", id)
            .value("applications", runs.applications)
            .value("awards", runs.awards)
            .value("cases", runs.cases);
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
/// Restricted matters stay with whoever is named on them. Who had taken a step or led a case works elsewhere: steps are open to everybody again,
/// and whoever takes the dossier over leads its open cases until they give them on.
fn carry(tx: &mut Tx, person: Id<Person>, (to, officer): (Id<Office>, Id<Officer>)) -> Result<(), Error> {
    tx.exec("UPDATE person SET office = $2 WHERE id = $1", vals![person, to])?;
    for (table, whose) in CARRIED {
        let whose = whose.replace("{matters}", MATTERS);
        tx.exec(
            &format!("UPDATE {table} SET office = $2 WHERE {whose}"),
            vals![person, to],
        )?;
    }
    tx.exec(
        &format!("UPDATE step_run SET assigned_to = NULL, state = 'open' WHERE matter IN ({MATTERS}) AND state IN ('open', 'started')"),
        vals![person],
    )?;
    tx.exec(
        &format!(
            "UPDATE social_case SET lead_officer = $2, revision = revision + 1 WHERE id IN ({MATTERS}) AND state = 'open'"
        ),
        vals![person, officer],
    )?;
    for table in ["case_activity", "case_watch"] {
        tx.exec(
            &format!("UPDATE {table} SET officer = NULL WHERE matter IN ({MATTERS}) AND state = 'open'"),
            vals![person],
        )?;
    }
    Ok(())
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
