//! The SQL of upgrades.

use super::model::Stored;
use crate::{
    problem::Error,
    store::{Row, Tx},
    users, vals,
};
use karton_api::{
    Id, Timestamp,
    upgrades::{PackUpgrade, PackVersion, UpgradeState},
    value,
};

const STATES: [(UpgradeState, &str); 3] = [
    (UpgradeState::Proposed, "proposed"),
    (UpgradeState::Activated, "activated"),
    (UpgradeState::Withdrawn, "withdrawn"),
];

fn state_name(state: UpgradeState) -> &'static str {
    STATES
        .iter()
        .find(|(known, _)| *known == state)
        .map_or("", |(_, name)| name)
}
fn state_of(name: &str) -> Result<UpgradeState, Error> {
    STATES
        .iter()
        .find(|(_, known)| *known == name)
        .map(|(state, _)| *state)
        .ok_or_else(|| Error::fault(format!("an upgrade cannot be `{name}`")))
}

const COLUMNS: &str =
    "id, revision, hash, over, state, from_on, note, proposed_by, proposed_at, answered_by, answered_at";

fn read(row: &Row) -> Result<Stored, Error> {
    Ok(Stored {
        id: row.get(0)?,
        revision: row.get(1)?,
        hash: row.get(2)?,
        over: row.get(3)?,
        state: state_of(&row.get::<String>(4)?)?,
        from: row.get(5)?,
        note: row.get(6)?,
        proposed_by: row.get(7)?,
        proposed_at: row.get(8)?,
        answered_by: row.get(9)?,
        answered_at: row.get(10)?,
    })
}

pub(super) fn load(tx: &mut Tx, id: Id<value::Upgrade>) -> Result<Stored, Error> {
    let row = tx.opt(
        &format!("SELECT {COLUMNS} FROM pack_upgrade WHERE id = $1"),
        vals![id],
    )?;
    read(&row.ok_or(Error::Missing)?)
}

/// Whether one waits for its second administrator.
pub(super) fn one_waits(tx: &mut Tx) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM pack_upgrade WHERE state = 'proposed' LIMIT 1";
    Ok(tx.opt(sql, &[])?.is_some())
}

pub(super) fn insert(tx: &mut Tx, it: &Stored) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO pack_upgrade (id, revision, hash, over, state, from_on, note, proposed_by, proposed_at)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            it.id,
            &it.hash,
            it.over.clone(),
            state_name(it.state),
            it.from,
            it.note.clone(),
            it.proposed_by,
            it.proposed_at
        ],
    )?;
    Ok(())
}

/// Keeps what became of one; `Changed` where somebody was faster.
pub(super) fn answer(tx: &mut Tx, it: &mut Stored) -> Result<(), Error> {
    let changed = tx.exec(
        "UPDATE pack_upgrade SET revision = revision + 1, state = $3, from_on = $4, answered_by = $5, answered_at = $6
         WHERE id = $1 AND revision = $2",
        vals![
            it.id,
            it.revision,
            state_name(it.state),
            it.from,
            it.answered_by,
            it.answered_at
        ],
    )?;
    if changed == 0 {
        return Err(Error::Changed(it.revision + 1));
    }
    it.revision += 1;
    Ok(())
}

pub(super) fn view(tx: &mut Tx, it: Stored) -> Result<PackUpgrade, Error> {
    Ok(PackUpgrade {
        id: it.id,
        revision: it.revision,
        hash: it.hash,
        over: it.over,
        state: it.state,
        from: it.from,
        note: it.note,
        proposed_by: users::officer_ref(tx, it.proposed_by)?,
        proposed_at: it.proposed_at,
        answered_by: match it.answered_at {
            None => None,
            Some(_) => Some(users::officer_ref(tx, it.answered_by)?),
        },
        answered_at: it.answered_at,
    })
}

/// Place of an upgrade in the list, the newest first.
pub(super) type Key = (i64, Id<value::Upgrade>);

pub(super) fn list(tx: &mut Tx, before: Option<Key>, limit: usize) -> Result<Vec<PackUpgrade>, Error> {
    let (at, id) = before.unwrap_or((i64::MAX, Id::from_uuid(uuid::Uuid::max())));
    let rows = tx.query(
        &format!(
            "SELECT {COLUMNS} FROM pack_upgrade WHERE (proposed_at, id) < ($1, $2) ORDER BY proposed_at DESC, id DESC LIMIT $3"
        ),
        vals![at, id, i64::try_from(limit).unwrap_or(i64::MAX)],
    )?;
    let all: Vec<Stored> = rows.iter().map(read).collect::<Result<_, _>>()?;
    all.into_iter().map(|it| view(tx, it)).collect()
}

/// Place of a version in the list, the newest first.
pub(super) type VersionKey = (i64, String);

/// The versions that are kept, the newest first.
pub(super) fn versions(
    tx: &mut Tx,
    in_force: &str,
    before: Option<VersionKey>,
    limit: usize,
) -> Result<Vec<PackVersion>, Error> {
    let (at, hash) = before.unwrap_or((i64::MAX, String::new()));
    let rows = tx.query(
        "SELECT v.hash, v.kept_at, (SELECT count(*) FROM matter m WHERE m.pack = v.hash AND m.ended_at IS NULL)
         FROM pack_version v WHERE (v.kept_at, v.hash) < ($1, $2) ORDER BY v.kept_at DESC, v.hash DESC LIMIT $3",
        vals![at, hash, i64::try_from(limit).unwrap_or(i64::MAX)],
    )?;
    rows.iter()
        .map(|row| {
            let hash: String = row.get(0)?;
            Ok(PackVersion {
                in_force: hash == in_force,
                hash,
                kept_at: row.get::<Timestamp>(1)?,
                running: row.get(2)?,
            })
        })
        .collect()
}
