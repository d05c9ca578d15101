//! The pack versions in use. A matter stays on the version it began with and an assessment can be run again, so every version that was ever
//! served is kept in the store as it was, by its hash. Which of them is in force on which day is a timetable in the store, too.

mod force;
mod served;

pub use force::{UPGRADES, in_force, put_in_force};
pub use served::Served;

use crate::{
    problem::Error,
    store::{Migration, Tx},
    vals,
};
use karton_api::Timestamp;
use karton_rules::pack::Pack;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The table of pack versions.
pub const MIGRATION: Migration = Migration::both(
    5,
    "pack versions in use",
    "CREATE TABLE pack_version (hash TEXT PRIMARY KEY, files TEXT NOT NULL, kept_at BIGINT NOT NULL)",
);

/// The texts of a pack by their path in it.
pub type Files = BTreeMap<String, String>;

/// Packs by hash: the one served now, and older ones as they are asked for.
#[derive(Debug)]
pub struct Packs {
    current: Served,
    older: Arc<Mutex<BTreeMap<String, Arc<Pack>>>>,
}

impl Clone for Packs {
    fn clone(&self) -> Packs {
        Packs {
            current: self.current.same(),
            older: Arc::clone(&self.older),
        }
    }
}

impl Packs {
    /// Begins with the pack that is served.
    pub fn new(current: Served) -> Packs {
        Packs {
            current,
            older: Arc::default(),
        }
    }

    /// The pack that is served.
    pub fn current(&self) -> &Arc<Pack> {
        &self.current
    }

    /// From now on this one is served; the one before stays at hand for what runs on it.
    pub fn follow(&self, pack: Arc<Pack>) {
        let before = Arc::clone(&self.current);
        self.older
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(before.hash.clone(), before);
        self.current.follow(pack);
    }

    /// A version that is kept, whether or not it still loads; nothing where there is none with this hash.
    pub fn files(tx: &mut Tx, hash: &str) -> Result<Option<Files>, Error> {
        let row = tx.opt("SELECT files FROM pack_version WHERE hash = $1", vals![hash])?;
        row.map(|row| serde_json::from_str(&row.get::<String>(0)?).map_err(Error::fault))
            .transpose()
    }

    /// The pack with this hash. One that is not kept, or no longer loads, is a fault.
    pub fn version(&self, tx: &mut Tx, hash: &str) -> Result<Arc<Pack>, Error> {
        if hash == self.current.hash {
            return Ok(Arc::clone(&self.current));
        }
        if let Some(pack) = self
            .older
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(hash)
        {
            return Ok(Arc::clone(pack));
        }
        let files = Packs::files(tx, hash)?;
        let files = files.ok_or_else(|| Error::fault(format!("the pack {hash} is not kept")))?;
        let pack = Pack::load(&files).map_err(|mistakes| {
            let first = mistakes.first().map(ToString::to_string).unwrap_or_default();
            Error::fault(format!("the pack {hash} no longer loads: {first}"))
        })?;
        let pack = Arc::new(pack);
        self.older
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(hash.to_owned(), Arc::clone(&pack));
        Ok(pack)
    }
}

/// Keeps a version; answers whether it was new.
pub fn keep(tx: &mut Tx, hash: &str, files: &Files, now: Timestamp) -> Result<bool, Error> {
    let files = serde_json::to_string(files).map_err(Error::fault)?;
    let new = tx.exec(
        "INSERT INTO pack_version (hash, files, kept_at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
        vals![hash, files, now],
    )?;
    Ok(new > 0)
}

/// The hash of the version that was first kept last; nothing where none was.
pub fn newest(tx: &mut Tx) -> Result<Option<String>, Error> {
    let row = tx.opt(
        "SELECT hash FROM pack_version ORDER BY kept_at DESC, hash LIMIT 1",
        &[],
    )?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// How many matters run on each version, by hash.
pub fn running(tx: &mut Tx) -> Result<BTreeMap<String, i64>, Error> {
    let rows = tx.query(
        "SELECT pack, count(*) FROM matter WHERE ended_at IS NULL GROUP BY pack",
        &[],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

impl Packs {
    /// The pack by which a benefit's amounts of later months are worked out: the one served now, whose parameters go on, as long as it has
    /// the benefit; otherwise the one with this hash.
    pub fn rule(&self, tx: &mut Tx, hash: &str, benefit: &str) -> Result<Arc<Pack>, Error> {
        if self.current.benefit(benefit).is_some() {
            return Ok(Arc::clone(&self.current));
        }
        self.version(tx, hash)
    }
}
