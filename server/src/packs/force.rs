//! Which version of the pack is in force: the timetable of what was activated. The room `upgrades` writes it as an act of two officers; here
//! it is read, and begun with the first version a store is served with.

use crate::{
    problem::Error,
    store::{Migration, Tx},
    vals,
};
use karton_api::{Date, Id, Timestamp, value::Upgrade};

/// Upgrades of the pack: a version, and from which day it is in force.
pub const UPGRADES: Migration = Migration::both(
    340,
    "pack upgrades",
    "CREATE TABLE pack_upgrade (
        id {ID} PRIMARY KEY,
        revision BIGINT NOT NULL,
        hash TEXT NOT NULL REFERENCES pack_version (hash),
        over TEXT,
        state TEXT NOT NULL CHECK (state IN ('proposed', 'activated', 'withdrawn')),
        from_on BIGINT NOT NULL,
        note TEXT,
        proposed_by {ID},
        proposed_at BIGINT NOT NULL,
        answered_by {ID},
        answered_at BIGINT
    );
    CREATE INDEX pack_upgrade_by_time ON pack_upgrade (proposed_at, id);
    CREATE INDEX pack_upgrade_in_force ON pack_upgrade (from_on) WHERE state = 'activated';",
);

/// The hash of the version that is in force on a day; nothing before a store was first served.
pub fn in_force(tx: &mut Tx, today: Date) -> Result<Option<String>, Error> {
    let row = tx.opt(
        "SELECT hash FROM pack_upgrade WHERE state = 'activated' AND from_on <= $1
         ORDER BY from_on DESC, answered_at DESC, id DESC LIMIT 1",
        vals![today],
    )?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// Puts a version in force without anybody's proposal: the first one of a store, or the one served in a demo.
pub fn put_in_force(
    tx: &mut Tx,
    id: Id<Upgrade>,
    hash: &str,
    over: Option<String>,
    from: Date,
    now: Timestamp,
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO pack_upgrade (id, revision, hash, over, state, from_on, proposed_at, answered_at)
         VALUES ($1, 1, $2, $3, 'activated', $4, $5, $5)",
        vals![id, hash, over, from, now],
    )?;
    Ok(())
}
