//! The SQL of pairs.

use crate::{
    access::Scope,
    persons,
    problem::Error,
    store::{Migration, Row, Tx},
    users, vals,
};
use karton_api::{
    Id, Timestamp,
    duplicates::{DuplicatePair, Judged, PairState},
    persons::LikenessReason,
    value::{Officer, Pair, Person},
};
use karton_likeness::CERTAIN;
use std::collections::BTreeMap;

/// Pairs. Each stands once, with whoever was registered first as the one.
pub const MIGRATION: Migration = Migration::both(
    156,
    "pairs of people who look alike",
    "CREATE TABLE likeness_pair (
        id {ID} PRIMARY KEY,
        revision BIGINT NOT NULL,
        one {ID} NOT NULL REFERENCES person (id),
        other {ID} NOT NULL REFERENCES person (id),
        bits BIGINT NOT NULL,
        reasons TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'same', 'different', 'unsure')),
        found_at BIGINT NOT NULL,
        judged_at BIGINT,
        judged_by {ID},
        reason TEXT
    );
    CREATE UNIQUE INDEX likeness_pair_once ON likeness_pair (one, other);
    CREATE INDEX likeness_pair_other ON likeness_pair (other);
    CREATE INDEX likeness_pair_by_weight ON likeness_pair (state, bits, id);",
);

/// A pair to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPair {
    /// Made before the transaction.
    pub id: Id<Pair>,
    /// The smaller id of the two.
    pub one: Id<Person>,
    /// The greater id.
    pub other: Id<Person>,
    /// Hundredths of bits.
    pub bits: i32,
    /// For and against.
    pub reasons: Vec<LikenessReason>,
}

/// The name of a state, as it is stored and as it travels.
pub fn state_name(state: PairState) -> &'static str {
    match state {
        PairState::Open => "open",
        PairState::Same => "same",
        PairState::Different => "different",
        PairState::Unsure => "unsure",
    }
}

fn state_named(name: &str) -> Result<PairState, Error> {
    [
        PairState::Open,
        PairState::Same,
        PairState::Different,
        PairState::Unsure,
    ]
    .into_iter()
    .find(|state| state_name(*state) == name)
    .ok_or_else(|| Error::fault("a pair in a state that there is not"))
}

/// Writes the pairs of people who were compared: new ones are open, those that stand have the weight of today, and open ones that are no
/// longer alike go. Answers how many are new.
pub fn replace(
    tx: &mut Tx,
    compared: &[Id<Person>],
    pairs: &[NewPair],
    now: Timestamp,
) -> Result<u64, Error> {
    let found: BTreeMap<(Id<Person>, Id<Person>), &NewPair> =
        pairs.iter().map(|pair| ((pair.one, pair.other), pair)).collect();
    for person in compared {
        let rows = tx.query(
            "SELECT id, one, other FROM likeness_pair WHERE state = 'open' AND one = $1
             UNION ALL SELECT id, one, other FROM likeness_pair WHERE state = 'open' AND other = $1",
            vals![*person],
        )?;
        for row in rows {
            if !found.contains_key(&(row.get(1)?, row.get(2)?)) {
                let id: Id<Pair> = row.get(0)?;
                tx.exec(
                    "DELETE FROM likeness_pair WHERE id = $1 AND state = 'open'",
                    vals![id],
                )?;
            }
        }
    }
    let mut new = 0;
    for pair in found.into_values() {
        let reasons = serde_json::to_string(&pair.reasons).map_err(Error::fault)?;
        let stands = tx.exec(
            "UPDATE likeness_pair SET bits = $3, reasons = $4 WHERE one = $1 AND other = $2",
            vals![pair.one, pair.other, pair.bits, &reasons],
        )?;
        if stands == 0 {
            new += tx.exec(
                "INSERT INTO likeness_pair (id, revision, one, other, bits, reasons, state, found_at)
                 VALUES ($1, 1, $2, $3, $4, $5, 'open', $6) ON CONFLICT (one, other) DO NOTHING",
                vals![pair.id, pair.one, pair.other, pair.bits, &reasons, now],
            )?;
        }
    }
    Ok(new)
}

/// The open pairs of somebody.
pub const OPEN_OF: &str = "SELECT other, bits FROM likeness_pair WHERE state = 'open' AND one = $1
    UNION ALL SELECT one, bits FROM likeness_pair WHERE state = 'open' AND other = $1 ORDER BY 2 DESC LIMIT 10";

/// People with whom somebody may be the same, as far as nobody has judged it, the likeliest first.
pub fn open_of(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Id<Person>>, Error> {
    let rows = tx.query(OPEN_OF, vals![person])?;
    rows.iter().map(|row| Ok(row.get(0)?)).collect()
}

const COLUMNS: &str = "d.id, d.revision, d.one, d.other, d.bits, d.reasons, d.state, d.found_at, d.judged_at, d.judged_by, d.reason";
/// Of a pair one at least lies in the scope.
const SCOPED: &str =
    "EXISTS (SELECT 1 FROM person p JOIN office_tree t ON t.office = p.office AND t.ancestor = $1
    WHERE p.id IN (d.one, d.other))";

fn read(tx: &mut Tx, scope: &Scope, row: &Row) -> Result<DuplicatePair, Error> {
    let (one, other): (Id<Person>, Id<Person>) = (row.get(2)?, row.get(3)?);
    let cards = persons::store::cards(tx, scope, &[one, other])?;
    let [one, other] =
        <[_; 2]>::try_from(cards).map_err(|_| Error::fault("a pair of people who are not there"))?;
    let by: Option<Id<Officer>> = row.get(9)?;
    let judged = match row.get::<Option<Timestamp>>(8)? {
        Some(at) => Some(Judged {
            by: users::officer_ref(tx, by)?,
            at,
            reason: row.get::<Option<String>>(10)?.unwrap_or_default(),
        }),
        None => None,
    };
    let bits: i32 = row.get(4)?;
    // Whoever judges has to know that somebody has gone further already; the room of merges stands above this one, its table is known here.
    let merge = tx.opt(
        "SELECT id FROM merge WHERE state IN ('proposed', 'merged') AND ((goes = $1 AND stays = $2) OR (goes = $2 AND stays = $1))",
        vals![one.id, other.id],
    )?;
    Ok(DuplicatePair {
        id: row.get(0)?,
        revision: row.get(1)?,
        state: state_named(&row.get::<String>(6)?)?,
        certain: bits >= CERTAIN,
        bits,
        reasons: serde_json::from_str(&row.get::<String>(5)?).map_err(Error::fault)?,
        one,
        other,
        found_at: row.get(7)?,
        judged,
        merge: merge.map(|row| row.get(0)).transpose()?,
    })
}

/// One pair within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<Pair>) -> Result<DuplicatePair, Error> {
    let sql = format!("SELECT {COLUMNS} FROM likeness_pair d WHERE d.id = $2 AND {SCOPED}");
    let row = tx.opt(&sql, vals![scope.val(), id])?.ok_or(Error::Missing)?;
    read(tx, scope, &row)
}

/// Pairs of a state within the scope, the likeliest first, after a key; at most so many. The two of a merge that stands are no longer a pair.
pub fn list(
    tx: &mut Tx,
    scope: &Scope,
    state: PairState,
    person: Option<Id<Person>>,
    after: Option<(i32, Id<Pair>)>,
    most: usize,
) -> Result<Vec<DuplicatePair>, Error> {
    let (bits, last) = after.unwrap_or((i32::MAX, Id::from_uuid(uuid::Uuid::max())));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut values = vals![scope.val(), state_name(state), bits, last, most].to_vec();
    let of = match person {
        Some(person) => {
            values.push(person.into());
            "AND (d.one = $6 OR d.other = $6)"
        }
        None => "",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM likeness_pair d WHERE d.state = $2 AND (d.bits, d.id) < ($3, $4) {of} AND {SCOPED}
         AND NOT EXISTS (SELECT 1 FROM person g WHERE g.id IN (d.one, d.other) AND g.merged_into IS NOT NULL)
         ORDER BY d.bits DESC, d.id DESC LIMIT $5"
    );
    let rows = tx.query(&sql, &values)?;
    rows.iter().map(|row| read(tx, scope, row)).collect()
}

/// Enters a verdict; `false` where somebody was faster.
pub fn judge(
    tx: &mut Tx,
    (id, revision): (Id<Pair>, i64),
    verdict: PairState,
    (officer, now): (Id<Officer>, Timestamp),
    reason: &str,
) -> Result<bool, Error> {
    let judged = tx.exec(
        "UPDATE likeness_pair SET revision = revision + 1, state = $3, judged_by = $4, judged_at = $5, reason = $6
         WHERE id = $1 AND revision = $2",
        vals![id, revision, state_name(verdict), officer, now, reason],
    )?;
    Ok(judged == 1)
}
