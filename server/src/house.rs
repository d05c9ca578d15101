//! The house: what every handler and every job has at hand.

use crate::{
    access::{Actor, Passwords, Sessions},
    audit::{self, Entry, Looks, SealKey, Searches},
    clock::Clock,
    documents,
    gateway::{self, Gateway},
    migrations,
    objects::Objects,
    offices::{self, Offices},
    pack::Files,
    packs::{self, Packs, Served},
    problem::Error,
    reading::Reader,
    search::Vocabulary,
    store::{Options, Store, StoreError, StoreUrl},
    users,
};
use jiff::tz::TimeZone;
use karton_api::{Date, Timestamp, users::FirstPassword};
use karton_rules::pack::{Mistake, Pack};
use std::{ops::Deref, sync::Arc};
use tokio::sync::Notify;

/// The running house. Cheap to clone.
#[derive(Clone)]
pub struct House(Arc<Inside>);

/// What the house is made of.
pub struct Inside {
    /// Where everything is kept.
    pub store: Store,
    /// What time it is, and new ids.
    pub clock: Clock,
    /// The country served: the version of its pack that is in force.
    pub pack: Served,
    /// The pack served and the versions that were served before.
    pub packs: Packs,
    /// The way to other institutions' registers.
    pub gateway: Gateway,
    /// Bytes of documents.
    pub objects: Objects,
    /// Reads text out of files, in processes of their own.
    pub reader: Reader,
    /// A file larger than this is not taken, in bytes.
    pub largest_document: u64,
    /// Rung when a register has answered or evidence was replaced.
    pub evidence_changed: Notify,
    /// Words of names, for typing mistakes.
    pub vocabulary: Vocabulary,
    /// Looks that have left their entry.
    pub looks: Looks,
    /// Searches that have left their entry.
    pub searches: Searches,
    /// The tree of offices, as the store has it.
    pub offices: Offices,
    /// Checking and making password hashes, a few at a time.
    pub passwords: Passwords,
    /// Sessions in use.
    pub sessions: Sessions,
    /// What the audit log's heads are sealed with.
    pub seal_key: SealKey,
    /// Whether everybody in here is fictional.
    pub demo: bool,
    /// `X-Forwarded-For` is believed: a proxy stands before us.
    pub behind_proxy: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
}

impl Deref for House {
    type Target = Inside;
    fn deref(&self) -> &Inside {
        &self.0
    }
}
impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House")
            .field("pack", &self.pack.country.id)
            .finish_non_exhaustive()
    }
}

/// What a house is opened with.
pub struct Settings {
    /// The store.
    pub store: Store,
    /// The pack's texts.
    pub files: Files,
    /// What time it is; the machine's in the pack's time zone when not said.
    pub clock: Option<Clock>,
    /// The registers.
    pub gateway: gateway::Settings,
    /// Where bytes of documents are kept; in a temporary folder, gone with the house, when not said.
    pub objects: Option<Objects>,
    /// What reads text out of files; this program itself when not said.
    pub reader: Option<Reader>,
    /// A file larger than this is not taken, in bytes.
    pub largest_document: u64,
    /// The key of the log's seals.
    pub seal_key: SealKey,
    /// Everybody in it is fictional.
    pub demo: bool,
    /// A proxy stands before us.
    pub behind_proxy: bool,
}

impl Settings {
    /// A house with a store and a pack, and nothing special else.
    pub fn new(store: Store, files: Files) -> Settings {
        Settings {
            store,
            files,
            clock: None,
            gateway: gateway::Settings::default(),
            objects: None,
            reader: None,
            largest_document: documents::LARGEST,
            seal_key: SealKey::passing(),
            demo: false,
            behind_proxy: false,
        }
    }

    /// The same with a store in a temporary place, gone with the house.
    pub fn passing(files: Files) -> Result<Settings, StoreError> {
        Ok(Settings::new(
            Store::open(&StoreUrl::Temporary, &Options::default())?,
            files,
        ))
    }
}

/// Why a house cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum Unopened {
    /// The pack has mistakes: all of them.
    #[error("the pack has {} mistakes", .0.len())]
    Pack(Vec<Mistake>),
    /// The pack's time zone is not known here.
    #[error("the time zone {0} is not known")]
    TimeZone(String),
    /// The store cannot be opened or brought up to date.
    #[error("the store cannot be used: {0}")]
    Store(#[from] StoreError),
    /// Something else.
    #[error("{0}")]
    Other(String),
}
impl From<Error> for Unopened {
    fn from(error: Error) -> Unopened {
        Unopened::Other(error.to_string())
    }
}

/// A house, open.
#[derive(Debug)]
pub struct Opened {
    /// The house.
    pub house: House,
    /// The first administrator and the password, where this was the first start: to be shown once.
    pub first_admin: Option<FirstPassword>,
}

/// The clock of a country: the machine's, or one that shows another day and runs on from there.
pub fn clock_of(pack: &Pack, today: Option<Date>) -> Result<Clock, Unopened> {
    let name = &pack.country.time_zone;
    let zone = TimeZone::get(name).map_err(|_| Unopened::TimeZone(name.clone()))?;
    match today {
        None => Ok(Clock::system(zone)),
        Some(day) => Clock::system_at(day, zone).map_err(|error| Unopened::Other(error.to_string())),
    }
}

/// Opens a house: checks the pack that is offered, brings the schema up to date, seeds the offices, serves the version that is in force, and
/// makes the first administrator where there is no account.
///
/// A pack that is offered is kept, and in force only in a new store and in a demo: elsewhere two administrators put it in force (`upgrades`).
/// One of another country is refused.
pub async fn open(settings: Settings) -> Result<Opened, Unopened> {
    let pack = Pack::load(&settings.files).map_err(Unopened::Pack)?;
    let clock = match settings.clock {
        Some(clock) => clock,
        None => clock_of(&pack, None)?,
    };
    let store = settings.store;
    store.migrate(&migrations::all(), clock.now()).await?;
    let offices = Offices::default();
    offices.set(store.read(offices::load).await?);
    if offices.top().is_none() {
        offices::seed(&store, &clock, &pack.offices).await?;
        offices.set(store.read(offices::load).await?);
    }
    let served = serving(&store, &clock, &offices, pack, settings.files, settings.demo).await?;
    // What a version adds, comes with the version.
    offices::seed(&store, &clock, &served.offices).await?;
    offices.set(store.read(offices::load).await?);
    let served = Served::new(served);
    let passwords = tokio::task::spawn_blocking(Passwords::new)
        .await
        .map_err(|error| Unopened::Other(error.to_string()))??;
    let vocabulary = Vocabulary::default();
    vocabulary.refresh(&store, clock.now(), true).await?;
    let failed = |error: &dyn std::fmt::Display| Unopened::Other(error.to_string());
    let objects = match settings.objects {
        Some(objects) => objects,
        None => Objects::passing().map_err(|error| failed(&error))?,
    };
    let reader = match settings.reader {
        Some(reader) => reader,
        None => Reader::this_program().map_err(|error| failed(&error))?,
    };
    let gateway =
        Gateway::new(settings.gateway, clock.clone()).map_err(|error| Unopened::Other(error.to_string()))?;
    let house = House(Arc::new(Inside {
        packs: Packs::new(served.same()),
        opened_at: clock.now(),
        store,
        clock,
        pack: served,
        gateway,
        objects,
        reader,
        largest_document: settings.largest_document,
        evidence_changed: Notify::new(),
        vocabulary,
        looks: Looks::default(),
        searches: Searches::default(),
        offices,
        passwords,
        sessions: Sessions::default(),
        seal_key: settings.seal_key,
        demo: settings.demo,
        behind_proxy: settings.behind_proxy,
    }));
    let first_admin = users::first_admin(&house).await?;
    Ok(Opened { house, first_admin })
}

/// Keeps the pack that is offered, and answers the one to serve.
async fn serving(
    store: &Store,
    clock: &Clock,
    offices: &Offices,
    offered: Pack,
    files: Files,
    demo: bool,
) -> Result<Arc<Pack>, Unopened> {
    let Some(top) = offices.top() else {
        return Err(Unopened::Other("the pack has no offices".into()));
    };
    let actor = Actor {
        officer: None,
        office: top.id,
    };
    let (now, today) = (clock.now(), clock.today());
    let (begins, replaces) = (clock.id(), clock.id());
    let hash = offered.hash.clone();
    let in_use = |hash: &str| Entry::of("pack-in-use").value("hash", hash);
    let settled = store.write(move |tx| {
        let before = packs::newest(tx)?;
        let new = packs::keep(tx, &hash, &files, now)?;
        let there = match packs::in_force(tx, today)? {
            Some(there) => there,
            None => {
                // A store from before versions were put in force: the one it was served with stays.
                let first = before.unwrap_or_else(|| hash.clone());
                packs::put_in_force(tx, begins, &first, None, Date::constant(1970, 1, 1), now)?;
                audit::append(tx, actor, now, &in_use(&first))?;
                first
            }
        };
        if there == hash {
            return Ok::<_, Error>(there);
        }
        if demo {
            packs::put_in_force(tx, replaces, &hash, Some(there), today, now)?;
            audit::append(tx, actor, now, &in_use(&hash))?;
            return Ok(hash.clone());
        }
        if new {
            audit::append(tx, actor, now, &Entry::of("pack-offered").value("hash", &hash))?;
        }
        Ok(there)
    });
    let hash = settled.await?;
    if hash == offered.hash {
        return Ok(Arc::new(offered));
    }
    let wanted = hash.clone();
    let files = store.read(move |tx| Packs::files(tx, &wanted)).await?;
    let files = files.ok_or_else(|| Unopened::Other(format!("the pack {hash} is not kept")))?;
    match Pack::load(&files) {
        Ok(pack) if pack.country.id == offered.country.id => {
            tracing::warn!(
                in_force = hash,
                offered = offered.hash,
                "the store stays on the version of the pack that is in force; two administrators put the offered one in force"
            );
            Ok(Arc::new(pack))
        }
        Ok(pack) => Err(Unopened::Other(format!(
            "this is a store of the pack `{}`; `{}` cannot be served from it",
            pack.country.id, offered.country.id
        ))),
        Err(mistakes) => {
            // This program reads packs differently than the one before: there is nothing else that could be served.
            let first = mistakes.first().map(ToString::to_string).unwrap_or_default();
            tracing::error!(
                in_force = hash,
                offered = offered.hash,
                first,
                "the version in force can no longer be read"
            );
            let (hash, id) = (offered.hash.clone(), clock.id());
            let put = store.write(move |tx| {
                let there = packs::in_force(tx, today)?;
                packs::put_in_force(tx, id, &hash, there, today, now)?;
                let entry = Entry::of("pack-replaced-unreadable").value("hash", &hash);
                audit::append(tx, actor, now, &entry)
            });
            put.await?;
            Ok(Arc::new(offered))
        }
    }
}
