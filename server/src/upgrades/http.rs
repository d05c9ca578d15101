//! Routes of versions of the pack.

use super::{
    actions,
    store::{Key, VersionKey},
};
use crate::{
    access::{May, UpgradePacks},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision, cursor, limit},
    problem::{Error, Problems},
};
use axum::{extract::State, http::StatusCode};
use karton_api::{
    Id,
    common::{Page, PageQuery},
    upgrades::{PackChange, PackUpgrade, PackVersion, ProposeUpgrade},
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(versions))
        .routes(routes!(changes))
        .routes(routes!(list, propose))
        .routes(routes!(view))
        .routes(routes!(activate))
        .routes(routes!(withdraw))
}

fn with_revision(upgrade: PackUpgrade) -> WithRevision<PackUpgrade> {
    let revision = upgrade.revision;
    WithRevision(upgrade, revision)
}

/// The versions of the pack that the store keeps, the newest first, with the matters that run on each.
#[utoipa::path(get, path = "/v1/administration/packs", tag = "administration", params(PageQuery),
    responses((status = 200, description = "Versions", body = Page<PackVersion>), Problems))]
async fn versions(
    may: May<UpgradePacks>,
    State(house): State<House>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PackVersion>>, Error> {
    let limit = limit(page.limit)?;
    let before: Option<VersionKey> = cursor::decode(page.cursor.as_deref())?;
    let versions = actions::versions(&may, &house, before, limit).await?;
    Ok(Json(cursor::page(versions, limit, |it| {
        (it.kept_at.as_microsecond(), it.hash.clone())
    })))
}

/// What a version would change of the one in force, place by place.
#[utoipa::path(get, path = "/v1/administration/packs/{hash}/changes", tag = "administration",
    params(("hash" = String, Path), PageQuery),
    responses((status = 200, description = "Differences", body = Page<PackChange>), Problems))]
async fn changes(
    may: May<UpgradePacks>,
    State(house): State<House>,
    Path(hash): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PackChange>>, Error> {
    let limit = limit(page.limit)?;
    let after: usize = cursor::decode(page.cursor.as_deref())?.unwrap_or(0);
    let changes = actions::changes(&may, &house, &hash).await?;
    let rows: Vec<(usize, PackChange)> = changes
        .into_iter()
        .enumerate()
        .skip(after)
        .take(limit + 1)
        .map(|(place, change)| {
            let change = PackChange {
                file: change.file,
                place: change.place,
                was: change.was,
                is: change.is,
            };
            (place, change)
        })
        .collect();
    let page = cursor::page(rows, limit, |(place, _)| place + 1);
    Ok(Json(Page {
        items: page.items.into_iter().map(|(_, change)| change).collect(),
        next: page.next,
    }))
}

/// Upgrades of the pack, the newest first.
#[utoipa::path(get, path = "/v1/administration/pack-upgrades", tag = "administration", params(PageQuery),
    responses((status = 200, description = "Upgrades", body = Page<PackUpgrade>), Problems))]
async fn list(
    may: May<UpgradePacks>,
    State(house): State<House>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PackUpgrade>>, Error> {
    let limit = limit(page.limit)?;
    let before: Option<Key> = cursor::decode(page.cursor.as_deref())?;
    let upgrades = actions::list(&may, &house, before, limit).await?;
    Ok(Json(cursor::page(upgrades, limit, |it| {
        (it.proposed_at.as_microsecond(), it.id)
    })))
}

/// Propose a version that the store keeps, from a day on. One at a time.
#[utoipa::path(post, path = "/v1/administration/pack-upgrades", tag = "administration", request_body = ProposeUpgrade,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, description = "The upgrade", body = PackUpgrade, headers(("ETag" = String))), Problems))]
async fn propose(
    may: May<UpgradePacks>,
    State(house): State<House>,
    Json(body): Json<ProposeUpgrade>,
) -> Result<(StatusCode, WithRevision<PackUpgrade>), Error> {
    let upgrade = actions::propose(&may, &house, body).await?;
    Ok((StatusCode::CREATED, with_revision(upgrade)))
}

/// An upgrade of the pack.
#[utoipa::path(get, path = "/v1/administration/pack-upgrades/{id}", tag = "administration",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The upgrade", body = PackUpgrade, headers(("ETag" = String))), Problems))]
async fn view(
    may: May<UpgradePacks>,
    State(house): State<House>,
    Path(id): Path<Id<value::Upgrade>>,
) -> Result<WithRevision<PackUpgrade>, Error> {
    actions::view(&may, &house, id).await.map(with_revision)
}

/// Put a proposed version in force from its day on, as a second administrator. New matters begin on it; running ones stay on theirs.
#[utoipa::path(post, path = "/v1/administration/pack-upgrades/{id}/activate", tag = "administration",
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "The upgrade", body = PackUpgrade, headers(("ETag" = String))), Problems))]
async fn activate(
    may: May<UpgradePacks>,
    State(house): State<House>,
    Path(id): Path<Id<value::Upgrade>>,
    seen: IfMatch,
) -> Result<WithRevision<PackUpgrade>, Error> {
    actions::activate(&may, &house, id, seen).await.map(with_revision)
}

/// Take a proposed version back.
#[utoipa::path(post, path = "/v1/administration/pack-upgrades/{id}/withdraw", tag = "administration",
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "The upgrade", body = PackUpgrade, headers(("ETag" = String))), Problems))]
async fn withdraw(
    may: May<UpgradePacks>,
    State(house): State<House>,
    Path(id): Path<Id<value::Upgrade>>,
    seen: IfMatch,
) -> Result<WithRevision<PackUpgrade>, Error> {
    actions::withdraw(&may, &house, id, seen).await.map(with_revision)
}
