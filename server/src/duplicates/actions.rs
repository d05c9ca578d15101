//! What an officer can do with pairs.

use super::store;
use crate::{
    access::{FindPersons, KeepPersons, May},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    problem::Error,
    users,
};
use karton_api::{
    Id,
    common::Page,
    duplicates::{DuplicatePair, DuplicatesQuery, JudgePair, PairState},
    value::Pair,
};

/// The pairs within the scope, the likeliest first. They are identity cards, as a search shows them, and leave an entry as a search does.
pub(super) async fn list(
    may: &May<FindPersons>,
    house: &House,
    query: DuplicatesQuery,
) -> Result<Page<DuplicatePair>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<(i32, Id<Pair>)> = cursor::decode(query.cursor.as_deref())?;
    let (scope, state) = (may.scope(), query.state.unwrap_or(PairState::Open));
    let person = query.person;
    let rows = house
        .store
        .read(move |tx| store::list(tx, &scope, state, person, after, limit + 1))
        .await?;
    house
        .searches
        .settled(house, may, "likely duplicates", rows.len())
        .await?;
    Ok(cursor::page(rows, limit, |pair| (pair.bits, pair.id)))
}

/// One pair within the scope.
pub(super) async fn see(may: &May<FindPersons>, house: &House, id: Id<Pair>) -> Result<DuplicatePair, Error> {
    let scope = may.scope();
    let pair = house.store.read(move |tx| store::load(tx, &scope, id)).await?;
    house.searches.settled(house, may, "likely duplicates", 1).await?;
    Ok(pair)
}

/// Judges a pair, again if need be. Refuses with `Changed` where somebody was faster and with `OwnDossier`.
pub(super) async fn judge(
    may: &May<KeepPersons>,
    house: &House,
    (id, revision): (Id<Pair>, i64),
    body: JudgePair,
) -> Result<DuplicatePair, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let (scope, officer, now) = (may.scope(), may.officer(), house.clock.now());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let pair = store::load(tx, &scope, id)?;
        users::not_own(tx, officer, &[pair.one.id, pair.other.id])?;
        if !store::judge(tx, (id, revision), body.verdict, (officer, now), &reason)? {
            return Err(Error::Changed(store::load(tx, &scope, id)?.revision));
        }
        let entry = Entry::of("pair-judged")
            .person(pair.one.id)
            .value("other", pair.other.id)
            .value("verdict", store::state_name(body.verdict))
            .value("pair", id);
        Ok((store::load(tx, &scope, id)?, entry))
    })
    .await
}
