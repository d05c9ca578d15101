//! The SQL of signals.

use crate::{
    access::Scope,
    matters,
    offices::Offices,
    persons,
    problem::Error,
    store::{Migration, Row, Tx},
    users, vals,
};
use karton_api::{
    Date, Id, Timestamp,
    common::Texts,
    signals::{RaisedSignal, SignalAnswer, SignalDoes, SignalOutcome, SignalState},
    value::{Award, Matter, Office, Officer, Person, Signal},
};
use karton_rules::pack::SignalKind;
use std::collections::BTreeMap;

/// What was raised: its words as they were then. One signal is raised once about one person in one matter.
pub const MIGRATION: Migration = Migration::both(
    360,
    "signals",
    "CREATE TABLE raised_signal (
        id {ID} PRIMARY KEY,
        revision BIGINT NOT NULL,
        signal TEXT NOT NULL,
        subject {ID} NOT NULL,
        matter {ID},
        person {ID} NOT NULL REFERENCES person (id),
        office {ID} NOT NULL,
        name TEXT NOT NULL,
        says TEXT NOT NULL,
        law TEXT,
        does TEXT NOT NULL CHECK (does IN ('warn', 'look', 'stop')),
        who TEXT NOT NULL,
        raised_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        outcome TEXT CHECK (outcome IN ('confirmed', 'unfounded', 'unclear')),
        note TEXT,
        answered_by {ID},
        answered_at BIGINT
    );
    CREATE UNIQUE INDEX raised_signal_once ON raised_signal (subject, signal, person);
    CREATE INDEX raised_signal_office ON raised_signal (office, raised_at, id);
    CREATE INDEX raised_signal_matter ON raised_signal (matter);
    CREATE TABLE signal_sweep (day BIGINT PRIMARY KEY);",
);

/// One to be written.
#[derive(Debug, Clone)]
pub(super) struct NewSignal {
    pub(super) id: Id<Signal>,
    pub(super) signal: String,
    /// The matter or the award on whose facts it was raised.
    pub(super) subject: uuid::Uuid,
    pub(super) matter: Option<Id<Matter>>,
    pub(super) person: Id<Person>,
    pub(super) office: Id<Office>,
    pub(super) name: Texts,
    pub(super) says: Texts,
    pub(super) law: Option<String>,
    pub(super) does: SignalDoes,
    pub(super) who: String,
    pub(super) expires_at: Timestamp,
}

pub(super) const fn does_name(does: SignalDoes) -> &'static str {
    match does {
        SignalDoes::Warn => "warn",
        SignalDoes::Look => "look",
        SignalDoes::Stop => "stop",
    }
}

pub(super) const fn outcome_name(outcome: SignalOutcome) -> &'static str {
    match outcome {
        SignalOutcome::Confirmed => "confirmed",
        SignalOutcome::Unfounded => "unfounded",
        SignalOutcome::Unclear => "unclear",
    }
}

/// Writes one; `false` where it was raised about this person before.
pub(super) fn insert(tx: &mut Tx, new: &NewSignal, now: Timestamp) -> Result<bool, Error> {
    let text = |texts: &Texts| serde_json::to_string(texts).map_err(Error::fault);
    let subject: Id<Matter> = Id::from_uuid(new.subject);
    let written = tx.exec(
        "INSERT INTO raised_signal (id, revision, signal, subject, matter, person, office, name, says, law, does, who, raised_at, expires_at)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (subject, signal, person) DO NOTHING",
        vals![
            new.id,
            &new.signal,
            subject,
            new.matter,
            new.person,
            new.office,
            text(&new.name)?,
            text(&new.says)?,
            new.law.clone(),
            does_name(new.does),
            &new.who,
            now,
            new.expires_at
        ],
    )?;
    Ok(written == 1)
}

const COLUMNS: &str = "s.id, s.revision, s.signal, s.name, s.says, s.law, s.person, s.matter, s.office, s.does, s.who, s.raised_at, s.expires_at,
    s.outcome, s.note, s.answered_by, s.answered_at";
/// It lies in the scope, and so does its matter.
const SCOPED: &str = "EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = s.office)";

fn read(
    tx: &mut Tx,
    offices: &Offices,
    scope: &Scope,
    row: &Row,
    now: Timestamp,
) -> Result<Option<RaisedSignal>, Error> {
    let texts = |text: String| serde_json::from_str(&text).map_err(Error::fault);
    let Some(person) = persons::store::cards(tx, scope, &[row.get(6)?])?.pop() else {
        return Ok(None);
    };
    let by: Option<Id<Officer>> = row.get(15)?;
    let expires_at: Timestamp = row.get(12)?;
    let answer = match (row.get::<Option<String>>(13)?, row.get::<Option<Timestamp>>(16)?) {
        (Some(outcome), Some(at)) => Some(SignalAnswer {
            outcome: [
                SignalOutcome::Confirmed,
                SignalOutcome::Unfounded,
                SignalOutcome::Unclear,
            ]
            .into_iter()
            .find(|known| outcome_name(*known) == outcome)
            .ok_or_else(|| Error::fault("a signal with an outcome that there is not"))?,
            note: row.get::<Option<String>>(14)?.unwrap_or_default(),
            by: users::officer_ref(tx, by)?,
            at,
        }),
        _ => None,
    };
    let does: String = row.get(9)?;
    Ok(Some(RaisedSignal {
        id: row.get(0)?,
        revision: row.get(1)?,
        signal: row.get(2)?,
        name: texts(row.get(3)?)?,
        says: texts(row.get(4)?)?,
        law: row.get(5)?,
        person,
        matter: row.get(7)?,
        office: offices.to_ref(row.get(8)?),
        does: [SignalDoes::Warn, SignalDoes::Look, SignalDoes::Stop]
            .into_iter()
            .find(|known| does_name(*known) == does)
            .ok_or_else(|| Error::fault("a signal that does what there is not"))?,
        who: row.get(10)?,
        state: match &answer {
            Some(_) => SignalState::Answered,
            None if expires_at <= now => SignalState::Lapsed,
            None => SignalState::Open,
        },
        raised_at: row.get(11)?,
        expires_at,
        answer,
    }))
}

/// One within the scope; [`Error::Missing`] otherwise, also where its matter does not exist for whoever looks.
pub(super) fn load(
    tx: &mut Tx,
    (offices, scope): (&Offices, &Scope),
    id: Id<Signal>,
    now: Timestamp,
) -> Result<RaisedSignal, Error> {
    let mut values = vals![scope.val(), id].to_vec();
    let seen = matters::seen(scope, "s.matter", &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM raised_signal s WHERE s.id = $2 AND {SCOPED} AND (s.matter IS NULL OR {seen})"
    );
    let row = tx.opt(&sql, &values)?.ok_or(Error::Missing)?;
    read(tx, offices, scope, &row, now)?.ok_or(Error::Missing)
}

/// Those of a state within the scope, the newest first, after a key; at most so many.
pub(super) fn list(
    tx: &mut Tx,
    (offices, scope): (&Offices, &Scope),
    (state, matter): (SignalState, Option<Id<Matter>>),
    after: Option<(Timestamp, Id<Signal>)>,
    (most, now): (usize, Timestamp),
) -> Result<Vec<RaisedSignal>, Error> {
    let (at, last) = after.unwrap_or((Timestamp::MAX, Id::from_uuid(uuid::Uuid::max())));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut values = vals![scope.val(), now, at, last, most].to_vec();
    let of = match matter {
        Some(matter) => {
            values.push(matter.into());
            "AND s.matter = $6"
        }
        None => "",
    };
    let seen = matters::seen(scope, "s.matter", &mut values);
    let stands = match state {
        SignalState::Open => "s.outcome IS NULL AND s.expires_at > $2",
        SignalState::Answered => "s.outcome IS NOT NULL AND $2 = $2",
        SignalState::Lapsed => "s.outcome IS NULL AND s.expires_at <= $2",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM raised_signal s WHERE {stands} AND (s.raised_at, s.id) < ($3, $4) {of} AND {SCOPED}
         AND (s.matter IS NULL OR {seen}) ORDER BY s.raised_at DESC, s.id DESC LIMIT $5"
    );
    let rows = tx.query(&sql, &values)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.extend(read(tx, offices, scope, row, now)?);
    }
    Ok(found)
}

/// Enters what came of a look; `false` where somebody was faster.
pub(super) fn answer(
    tx: &mut Tx,
    (id, revision): (Id<Signal>, i64),
    (outcome, note): (SignalOutcome, &str),
    (officer, now): (Id<Officer>, Timestamp),
) -> Result<bool, Error> {
    let answered = tx.exec(
        "UPDATE raised_signal SET revision = revision + 1, outcome = $3, note = $4, answered_by = $5, answered_at = $6
         WHERE id = $1 AND revision = $2",
        vals![id, revision, outcome_name(outcome), note, officer, now],
    )?;
    Ok(answered == 1)
}

/// Whether a signal that stops waits for its answer in a matter.
pub(super) fn stops(tx: &mut Tx, matter: Id<Matter>, now: Timestamp) -> Result<bool, Error> {
    let row = tx.opt(
        "SELECT 1 FROM raised_signal WHERE matter = $1 AND does = 'stop' AND outcome IS NULL AND expires_at > $2 LIMIT 1",
        vals![matter, now],
    )?;
    Ok(row.is_some())
}

/// How many of each signal stand how within the scope: raised, open, lapsed, confirmed, unfounded, unclear.
pub(super) fn rates(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<BTreeMap<String, [i64; 6]>, Error> {
    let mut values = vals![scope.val(), now].to_vec();
    let seen = matters::seen(scope, "s.matter", &mut values);
    let count = |condition: &str| format!("SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)");
    let sql = format!(
        "SELECT s.signal, COUNT(*), {}, {}, {}, {}, {} FROM raised_signal s WHERE {SCOPED} AND (s.matter IS NULL OR {seen}) GROUP BY s.signal",
        count("s.outcome IS NULL AND s.expires_at > $2"),
        count("s.outcome IS NULL AND s.expires_at <= $2"),
        count("s.outcome = 'confirmed'"),
        count("s.outcome = 'unfounded'"),
        count("s.outcome = 'unclear'"),
    );
    let mut found = BTreeMap::new();
    for row in tx.query(&sql, &values)? {
        let mut counts = [0; 6];
        for (place, count) in counts.iter_mut().enumerate() {
            *count = row.get(place + 1)?;
        }
        found.insert(row.get(0)?, counts);
    }
    Ok(found)
}

/// A right that shares something with others.
pub(super) struct Sharing {
    pub(super) award: Id<Award>,
    pub(super) office: Id<Office>,
    pub(super) person: Id<Person>,
    pub(super) matter: Option<Id<Matter>>,
}

/// The most that are told of in one day.
const MOST_SHARING: i64 = 1_000;

/// Running rights of at least so many people that are paid to one account, or whose people say that they live at one address, with how many.
pub(super) fn sharing(
    tx: &mut Tx,
    kind: SignalKind,
    least: i64,
    today: Date,
) -> Result<Vec<(Sharing, i64)>, Error> {
    let (fact, holder, counted) = match kind {
        SignalKind::SameAccount => ("account", "d.application", "a.beneficiary"),
        SignalKind::SameAddress => ("address", "a.beneficiary", "COALESCE(a.household, a.beneficiary)"),
    };
    let from = format!(
        "FROM award a LEFT JOIN decision d ON d.id = a.decision JOIN fact f ON f.holder = {holder} AND f.name = $1 AND f.until_day IS NULL
         WHERE a.per <> 'once' AND a.starts <= $2 AND (a.ends IS NULL OR a.ends > $2)"
    );
    let sql = format!(
        "SELECT a.id, a.office, a.beneficiary, d.application, g.many {from_joined} ORDER BY a.id LIMIT $4",
        from_joined = from.replace(
            " WHERE ",
            &format!(
                " JOIN (SELECT f.value AS value, COUNT(DISTINCT {counted}) AS many {from} GROUP BY f.value) g ON g.value = f.value AND g.many >= $3 WHERE "
            )
        )
    );
    let rows = tx.query(&sql, vals![fact, today, least, MOST_SHARING])?;
    rows.iter()
        .map(|row| {
            let sharing = Sharing {
                award: row.get(0)?,
                office: row.get(1)?,
                person: row.get(2)?,
                matter: row.get(3)?,
            };
            Ok((sharing, row.get(4)?))
        })
        .collect()
}

/// The last day on which everything that runs was looked at.
pub(super) fn swept(tx: &mut Tx) -> Result<Option<Date>, Error> {
    let row = tx.opt("SELECT MAX(day) FROM signal_sweep", &[])?;
    row.map_or(Ok(None), |row| row.get(0).map_err(Error::from))
}

/// Notes that a day has been gone over.
pub(super) fn set_swept(tx: &mut Tx, today: Date) -> Result<(), Error> {
    tx.exec("DELETE FROM signal_sweep WHERE day < $1", vals![today])?;
    tx.exec(
        "INSERT INTO signal_sweep (day) VALUES ($1) ON CONFLICT (day) DO NOTHING",
        vals![today],
    )?;
    Ok(())
}
