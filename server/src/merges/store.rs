//! The SQL of merges.

use crate::{
    access::Scope,
    offices::Offices,
    persons,
    problem::Error,
    store::{Migration, Row, Tx},
    users, vals,
};
use karton_api::{
    Id, Timestamp,
    duplicates::{Judged, MergeMoves, MergeState, MergeView, MergeWarning},
    persons::PersonCard,
    value::{Merge, Office, Officer, Person},
};

/// Merges, and the rows each has moved.
pub const MIGRATION: Migration = Migration::both(
    158,
    "merges of dossiers",
    "CREATE TABLE merge (
        id {ID} PRIMARY KEY,
        revision BIGINT NOT NULL,
        goes {ID} NOT NULL REFERENCES person (id),
        stays {ID} NOT NULL REFERENCES person (id),
        office {ID} NOT NULL REFERENCES office (id),
        state TEXT NOT NULL CHECK (state IN ('proposed', 'merged', 'declined', 'undone')),
        reason TEXT NOT NULL,
        proposed_by {ID} NOT NULL,
        proposed_at BIGINT NOT NULL,
        answered_by {ID},
        answered_at BIGINT,
        answer TEXT,
        undone_by {ID},
        undone_at BIGINT,
        undoing TEXT
    );
    CREATE UNIQUE INDEX merge_once ON merge (goes) WHERE state IN ('proposed', 'merged');
    CREATE INDEX merge_by_state ON merge (state, proposed_at, id);
    CREATE INDEX merge_stays ON merge (stays);
    CREATE TABLE merge_row (merge {ID} NOT NULL REFERENCES merge (id), place TEXT NOT NULL, row_id {ID} NOT NULL,
        PRIMARY KEY (merge, place, row_id));",
);

/// A merge as it is stored.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its id.
    pub id: Id<Merge>,
    /// For `If-Match`.
    pub revision: i64,
    /// Who goes.
    pub goes: Id<Person>,
    /// Who stays.
    pub stays: Id<Person>,
    /// In whose name.
    pub office: Id<Office>,
    /// How far it has come.
    pub state: MergeState,
    /// The first officer's words.
    pub reason: String,
    /// The first officer.
    pub proposed_by: Id<Officer>,
    /// When.
    pub proposed_at: Timestamp,
    answered: Option<(Id<Officer>, Timestamp, String)>,
    undone: Option<(Id<Officer>, Timestamp, String)>,
}

const STATES: [(&str, MergeState); 4] = [
    ("proposed", MergeState::Proposed),
    ("merged", MergeState::Merged),
    ("declined", MergeState::Declined),
    ("undone", MergeState::Undone),
];

/// The name of a state, as it is stored and as it travels.
pub fn state_name(state: MergeState) -> &'static str {
    STATES
        .iter()
        .find(|(_, other)| *other == state)
        .map_or("proposed", |(name, _)| name)
}

const COLUMNS: &str = "m.id, m.revision, m.goes, m.stays, m.office, m.state, m.reason, m.proposed_by, m.proposed_at, m.answered_by, \
                       m.answered_at, m.answer, m.undone_by, m.undone_at, m.undoing";
/// Both dossiers lie in the scope.
const SCOPED: &str = "EXISTS (SELECT 1 FROM person p JOIN office_tree t ON t.office = p.office AND t.ancestor = $1 WHERE p.id = m.goes)
    AND EXISTS (SELECT 1 FROM person p JOIN office_tree t ON t.office = p.office AND t.ancestor = $1 WHERE p.id = m.stays)";

fn read(row: &Row) -> Result<Stored, Error> {
    let said = |at: usize| -> Result<Option<(Id<Officer>, Timestamp, String)>, Error> {
        let (by, when): (Option<Id<Officer>>, Option<Timestamp>) = (row.get(at)?, row.get(at + 1)?);
        let text: Option<String> = row.get(at + 2)?;
        Ok(by
            .zip(when)
            .map(|(by, when)| (by, when, text.unwrap_or_default())))
    };
    let state: String = row.get(5)?;
    let state = STATES.iter().find(|(name, _)| *name == state);
    Ok(Stored {
        id: row.get(0)?,
        revision: row.get(1)?,
        goes: row.get(2)?,
        stays: row.get(3)?,
        office: row.get(4)?,
        state: state
            .ok_or_else(|| Error::fault("a merge in a state that there is not"))?
            .1,
        reason: row.get(6)?,
        proposed_by: row.get(7)?,
        proposed_at: row.get(8)?,
        answered: said(9)?,
        undone: said(12)?,
    })
}

/// One merge within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<Merge>) -> Result<Stored, Error> {
    let sql = format!("SELECT {COLUMNS} FROM merge m WHERE m.id = $2 AND {SCOPED}");
    read(&tx.opt(&sql, vals![scope.val(), id])?.ok_or(Error::Missing)?)
}

/// Merges of a state within the scope, the newest first, after a key; at most so many.
pub fn list(
    tx: &mut Tx,
    scope: &Scope,
    (state, person): (MergeState, Option<Id<Person>>),
    after: Option<(Timestamp, Id<Merge>)>,
    most: usize,
) -> Result<Vec<Stored>, Error> {
    let (at, last) = after.unwrap_or((Timestamp::MAX, Id::from_uuid(uuid::Uuid::max())));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut values = vals![scope.val(), state_name(state), at, last, most].to_vec();
    let of = match person {
        Some(person) => {
            values.push(person.into());
            "AND (m.goes = $6 OR m.stays = $6)"
        }
        None => "",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM merge m WHERE m.state = $2 AND (m.proposed_at, m.id) < ($3, $4) {of} AND {SCOPED}
         ORDER BY m.proposed_at DESC, m.id DESC LIMIT $5"
    );
    tx.query(&sql, &values)?.iter().map(read).collect()
}

/// The merge that is proposed or stands for a person who goes.
pub fn of_who_goes(tx: &mut Tx, goes: Id<Person>) -> Result<Option<Id<Merge>>, Error> {
    let row = tx.opt(
        "SELECT id FROM merge WHERE goes = $1 AND state IN ('proposed', 'merged')",
        vals![goes],
    )?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// A proposal.
pub fn insert(tx: &mut Tx, it: &Stored) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO merge (id, revision, goes, stays, office, state, reason, proposed_by, proposed_at)
         VALUES ($1, 1, $2, $3, $4, 'proposed', $5, $6, $7)",
        vals![
            it.id,
            it.goes,
            it.stays,
            it.office,
            &it.reason,
            it.proposed_by,
            it.proposed_at
        ],
    )?;
    Ok(())
}

/// A proposal to be written.
pub fn proposal(
    id: Id<Merge>,
    (goes, stays): (Id<Person>, Id<Person>),
    office: Id<Office>,
    (by, at): (Id<Officer>, Timestamp),
    reason: String,
) -> Stored {
    Stored {
        id,
        revision: 1,
        goes,
        stays,
        office,
        state: MergeState::Proposed,
        reason,
        proposed_by: by,
        proposed_at: at,
        answered: None,
        undone: None,
    }
}

/// The second officer has confirmed or declined.
pub fn answer(
    tx: &mut Tx,
    id: Id<Merge>,
    state: MergeState,
    (by, at): (Id<Officer>, Timestamp),
    words: &str,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE merge SET revision = revision + 1, state = $2, answered_by = $3, answered_at = $4, answer = $5 WHERE id = $1",
        vals![id, state_name(state), by, at, words],
    )?;
    Ok(())
}

/// It is undone.
pub fn undo(
    tx: &mut Tx,
    id: Id<Merge>,
    (by, at): (Id<Officer>, Timestamp),
    words: &str,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE merge SET revision = revision + 1, state = 'undone', undone_by = $2, undone_at = $3, undoing = $4 WHERE id = $1",
        vals![id, by, at, words],
    )?;
    Ok(())
}

/// What to look at before two cards are merged.
pub fn warnings(goes: &PersonCard, stays: &PersonCard) -> Vec<MergeWarning> {
    fn differ<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
        a.zip(b).is_some_and(|(a, b)| a != b)
    }
    let told = [
        (MergeWarning::DeadAndLiving, goes.death_date != stays.death_date),
        (
            MergeWarning::NumbersDiffer,
            differ(goes.national_id.as_ref(), stays.national_id.as_ref()),
        ),
        (
            MergeWarning::NumberGoes,
            goes.national_id.is_some() && stays.national_id.is_none(),
        ),
        (
            MergeWarning::BirthDatesDiffer,
            differ(goes.birth_date.as_ref(), stays.birth_date.as_ref()),
        ),
        (
            MergeWarning::SexesDiffer,
            differ(goes.sex.as_ref(), stays.sex.as_ref()),
        ),
        (MergeWarning::OfficesDiffer, goes.office.code != stays.office.code),
    ];
    told.into_iter()
        .filter(|(_, is)| *is)
        .map(|(warning, _)| warning)
        .collect()
}

/// What can be counted of what moves: its name, its table, and what points at the person.
const COUNTED: [(&str, &str, &str, &str); 5] = [
    ("application", "application", "applicant", "TRUE"),
    ("award", "award", "beneficiary", "TRUE"),
    (
        "case",
        "social_case",
        "person",
        "NOT EXISTS (SELECT 1 FROM restricted_matter x WHERE x.matter = t.id)",
    ),
    (
        "document",
        "document",
        "person",
        "NOT EXISTS (SELECT 1 FROM restricted_matter x WHERE x.matter = t.matter)",
    ),
    (
        "membership",
        "household_member",
        "person",
        "t.replaced_at IS NULL",
    ),
];

/// What would move, or has moved: rows of the one who goes while it is proposed, rows that are remembered afterwards.
fn moves(tx: &mut Tx, it: &Stored) -> Result<Vec<MergeMoves>, Error> {
    let mut moves = Vec::new();
    for (what, table, column, holds) in COUNTED {
        let row = match it.state {
            MergeState::Proposed | MergeState::Declined => tx.one(
                &format!("SELECT count(*) FROM {table} t WHERE t.{column} = $1 AND {holds}"),
                vals![it.goes],
            )?,
            MergeState::Merged | MergeState::Undone => {
                let (place, holds) = match what {
                    "membership" => (table.to_owned(), "TRUE"),
                    _ => (format!("{table}.{column}"), holds),
                };
                tx.one(
                    &format!(
                        "SELECT count(*) FROM merge_row r JOIN {table} t ON t.id = r.row_id
                         WHERE r.merge = $1 AND r.place = $2 AND {holds}"
                    ),
                    vals![it.id, place],
                )?
            }
        };
        let count: u32 = row.get(0)?;
        if count > 0 {
            moves.push(MergeMoves {
                what: what.to_owned(),
                count,
            });
        }
    }
    Ok(moves)
}

/// A merge as an officer sees it. `may` is what they may do.
pub fn view(
    tx: &mut Tx,
    scope: &Scope,
    offices: &Offices,
    it: &Stored,
    may: Vec<String>,
) -> Result<MergeView, Error> {
    let cards = persons::store::cards(tx, scope, &[it.goes, it.stays])?;
    let [goes, stays] =
        <[_; 2]>::try_from(cards).map_err(|_| Error::fault("a merge of people who are not there"))?;
    let judged =
        |tx: &mut Tx, said: &Option<(Id<Officer>, Timestamp, String)>| -> Result<Option<Judged>, Error> {
            match said {
                Some((by, at, reason)) => Ok(Some(Judged {
                    by: users::officer_ref(tx, Some(*by))?,
                    at: *at,
                    reason: reason.clone(),
                })),
                None => Ok(None),
            }
        };
    Ok(MergeView {
        id: it.id,
        revision: it.revision,
        state: it.state,
        warnings: warnings(&goes, &stays),
        moves: moves(tx, it)?,
        goes,
        stays,
        office: offices.to_ref(it.office),
        reason: it.reason.clone(),
        proposed_by: users::officer_ref(tx, Some(it.proposed_by))?,
        proposed_at: it.proposed_at,
        answered: judged(tx, &it.answered)?,
        undone: judged(tx, &it.undone)?,
        may,
    })
}
