use super::{
    model::{self, Stored},
    store::{self, Key, VersionKey},
};
use crate::{
    access::{Actor, May, UpgradePacks},
    audit::{self, Entry},
    house::House,
    http::IfMatch,
    offices,
    pack::Files,
    packs::{self, Packs},
    packs_compared::{Change, compare},
    problem::{Error, Refusal},
};
use karton_api::{
    Id,
    upgrades::{PackUpgrade, PackVersion, ProposeUpgrade, UpgradeState},
    value,
};
use karton_rules::pack::Pack;
use std::sync::Arc;

/// What is said to an upgrade has so many characters at most.
const LONGEST_NOTE: usize = 500;

/// The versions that are kept, one more than `limit` where there are more.
pub(super) async fn versions(
    _may: &May<UpgradePacks>,
    house: &House,
    before: Option<VersionKey>,
    limit: usize,
) -> Result<Vec<PackVersion>, Error> {
    let in_force = house.pack.hash.clone();
    house
        .store
        .read(move |tx| store::versions(tx, &in_force, before.clone(), limit + 1))
        .await
}

async fn files(house: &House, hash: &str) -> Result<Option<Files>, Error> {
    let hash = hash.to_owned();
    house.store.read(move |tx| Packs::files(tx, &hash)).await
}

/// What a version would change of the one in force, in the order of its files.
pub(super) async fn changes(
    _may: &May<UpgradePacks>,
    house: &House,
    hash: &str,
) -> Result<Vec<Change>, Error> {
    let new = files(house, hash).await?.ok_or(Error::Missing)?;
    let now = files(house, &house.pack.hash.clone()).await?;
    let now = now.ok_or_else(|| Error::fault("the version in force is not kept"))?;
    tokio::task::spawn_blocking(move || compare(&now, &new))
        .await
        .map_err(Error::fault)
}

/// A version that is kept, as a pack; refused at `/hash` where there is none or this program does not read it.
async fn readable(house: &House, hash: &str) -> Result<Arc<Pack>, Error> {
    let refused = |code: &str, says: String| Error::field("/hash", code, says);
    let Some(files) = files(house, hash).await? else {
        let says = "There is no version with this hash.".to_owned();
        return Err(refused("unknown", says));
    };
    let loaded = tokio::task::spawn_blocking(move || Pack::load(&files)).await;
    loaded.map_err(Error::fault)?.map(Arc::new).map_err(|mistakes| {
        let first = mistakes.first().map(ToString::to_string).unwrap_or_default();
        refused(
            "mistakes",
            format!("This version has {} mistakes: {first}", mistakes.len()),
        )
    })
}

/// Proposes a version. Refuses with `VersionInForce` and `UpgradeProposed`.
pub(super) async fn propose(
    may: &May<UpgradePacks>,
    house: &House,
    body: ProposeUpgrade,
) -> Result<PackUpgrade, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let note = body
        .note
        .as_deref()
        .map(str::trim)
        .filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE || note.contains('\0')) {
        return Err(Error::field(
            "/note",
            "too-long",
            "A note has up to 500 characters.",
        ));
    }
    model::first_day(body.from, today)?;
    let new = readable(house, &body.hash).await?;
    model::may_follow(&house.pack, &new)?;
    let proposed = Stored {
        id: house.clock.id(),
        revision: 1,
        hash: new.hash.clone(),
        over: None,
        state: UpgradeState::Proposed,
        from: body.from,
        note: note.map(str::to_owned),
        proposed_by: Some(may.officer()),
        proposed_at: now,
        answered_by: None,
        answered_at: None,
    };
    audit::write(&house.store, may.actor(), now, move |tx| {
        let in_force = packs::in_force(tx, today)?;
        if in_force.as_ref() == Some(&proposed.hash) {
            return Err(Refusal::VersionInForce.into());
        }
        if store::one_waits(tx)? {
            return Err(Refusal::UpgradeProposed.into());
        }
        let proposed = Stored {
            over: in_force,
            ..proposed.clone()
        };
        store::insert(tx, &proposed)?;
        let entry = Entry::of("pack-proposed")
            .value("upgrade", proposed.id)
            .value("hash", &proposed.hash)
            .value("from", proposed.from);
        Ok((store::view(tx, proposed)?, entry))
    })
    .await
}

/// Upgrades, the newest first; one more than `limit` where there are more.
pub(super) async fn list(
    _may: &May<UpgradePacks>,
    house: &House,
    before: Option<Key>,
    limit: usize,
) -> Result<Vec<PackUpgrade>, Error> {
    house
        .store
        .read(move |tx| store::list(tx, before, limit + 1))
        .await
}

/// One upgrade.
pub(super) async fn view(
    _may: &May<UpgradePacks>,
    house: &House,
    id: Id<value::Upgrade>,
) -> Result<PackUpgrade, Error> {
    house
        .store
        .read(move |tx| {
            let it = store::load(tx, id)?;
            store::view(tx, it)
        })
        .await
}

/// Puts a proposed version in force, as the second administrator. Refuses with `SecondPersonNeeded` and `UpgradeNotOpen`.
pub(super) async fn activate(
    may: &May<UpgradePacks>,
    house: &House,
    id: Id<value::Upgrade>,
    seen: IfMatch,
) -> Result<PackUpgrade, Error> {
    let (now, today, officer) = (house.clock.now(), house.clock.today(), may.officer());
    let hash = house
        .store
        .read(move |tx| Ok::<_, Error>(store::load(tx, id)?.hash));
    // Read once more: the program may be another one than when it was proposed.
    let new = readable(house, &hash.await?).await?;
    model::may_follow(&house.pack, &new)?;
    let activated = audit::write(&house.store, may.actor(), now, move |tx| {
        let it = store::load(tx, id)?;
        let revision = it.revision;
        let mut it = it.activate(officer, now, today)?;
        seen.check(revision)?;
        store::answer(tx, &mut it)?;
        let entry = Entry::of("pack-activated")
            .value("upgrade", id)
            .value("hash", &it.hash)
            .value("from", it.from);
        Ok((store::view(tx, it)?, entry))
    })
    .await?;
    follow(house).await?;
    Ok(activated)
}

/// Takes a proposed version back. Refuses with `UpgradeNotOpen`.
pub(super) async fn withdraw(
    may: &May<UpgradePacks>,
    house: &House,
    id: Id<value::Upgrade>,
    seen: IfMatch,
) -> Result<PackUpgrade, Error> {
    let (now, officer) = (house.clock.now(), may.officer());
    audit::write(&house.store, may.actor(), now, move |tx| {
        let it = store::load(tx, id)?;
        let revision = it.revision;
        let mut it = it.withdraw(officer, now)?;
        seen.check(revision)?;
        store::answer(tx, &mut it)?;
        let entry = Entry::of("pack-withdrawn")
            .value("upgrade", id)
            .value("hash", &it.hash);
        Ok((store::view(tx, it)?, entry))
    })
    .await
}

/// Serves the version that is in force, where another one is served still: the day of an activated one has come, or another server activated
/// it. Answers whether it changed.
pub async fn follow(house: &House) -> Result<bool, Error> {
    let today = house.clock.today();
    let in_force = house.store.read(move |tx| packs::in_force(tx, today)).await?;
    let Some(hash) = in_force.filter(|hash| *hash != house.pack.hash) else {
        return Ok(false);
    };
    let pack = match readable(house, &hash).await {
        Ok(pack) => pack,
        Err(Error::Invalid(fields)) => {
            // Activated by a newer program on another server: this one goes on with what it can read.
            let says = fields
                .first()
                .map(|field| field.message.clone())
                .unwrap_or_default();
            tracing::error!(
                hash,
                says,
                "the version in force cannot be served by this program"
            );
            return Ok(false);
        }
        Err(other) => return Err(other),
    };
    offices::seed(&house.store, &house.clock, &pack.offices).await?;
    house.offices.set(house.store.read(offices::load).await?);
    house.packs.follow(pack);
    tracing::info!(hash, "another version of the pack is in force");
    Ok(true)
}

/// Keeps a version so that it can be proposed, for the command line; answers what it would change of the one in force, and whether it is new.
pub async fn offer(house: &House, files: Files, pack: &Pack) -> Result<(Vec<Change>, bool), Error> {
    model::may_follow(&house.pack, pack)?;
    let top = house.offices.top().ok_or(Error::Missing)?;
    let actor = Actor {
        officer: None,
        office: top.id,
    };
    let now_files = self::files(house, &house.pack.hash.clone()).await?;
    let changes = compare(&now_files.unwrap_or_default(), &files);
    let (now, hash) = (house.clock.now(), pack.hash.clone());
    let new = house.store.write(move |tx| {
        let new = packs::keep(tx, &hash, &files, now)?;
        if new {
            audit::append(tx, actor, now, &Entry::of("pack-offered").value("hash", &hash))?;
        }
        Ok::<_, Error>(new)
    });
    Ok((changes, new.await?))
}
