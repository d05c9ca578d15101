use super::store::{Key, Wanted, entries};
use crate::{
    access::{May, ReadAudit, ReadDossiers},
    house::House,
    http::{Json, Path, Query, cursor, limit},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    audit::{AuditEntry, AuditQuery},
    common::{Page, PageQuery},
    dossiers::Purpose,
    value::Person,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(audit))
        .routes(routes!(access_log))
}

async fn read(house: &House, wanted: Wanted, limit: usize) -> Result<Json<Page<AuditEntry>>, Error> {
    let offices = house.offices.clone();
    let rows = house
        .store
        .read(move |tx| entries(tx, &offices, &wanted, limit + 1))
        .await?;
    let page = cursor::page(rows, limit, |(key, _)| *key);
    Ok(Json(Page {
        items: page.items.into_iter().map(|(_, entry)| entry).collect(),
        next: page.next,
    }))
}

/// The audit log of the office and those below it, the newest first.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "Entries", body = Page<AuditEntry>), Problems))]
async fn audit(
    may: May<ReadAudit>,
    State(house): State<House>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, Error> {
    let before: Option<Key> = cursor::decode(query.cursor.as_deref())?;
    let wanted = Wanted {
        from: query.from.map(|day| house.clock.start_of(day)),
        until: query.until.map(|day| house.clock.start_of(day)),
        officer: query.officer,
        what: query.what,
        person: None,
        scope: Some(may.scope()),
        before,
        viewer: Some(may.scope()),
        existence: true,
    };
    read(&house, wanted, limit(query.limit)?).await
}

/// Who did and who looked, about one person, in whatever office, the newest first.
#[utoipa::path(get, path = "/v1/persons/{id}/access-log", tag = "audit", params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, description = "Entries", body = Page<AuditEntry>), Problems))]
async fn access_log(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<AuditEntry>>, Error> {
    let before: Option<Key> = cursor::decode(query.cursor.as_deref())?;
    let limit = limit(query.limit)?;
    let scope = may.scope();
    house
        .store
        .read(move |tx| crate::persons::store::holding_office(tx, &scope, id).map(drop))
        .await?;
    house
        .looks
        .looked(&house, may.actor(), id, Purpose::Review)
        .await?;
    let wanted = Wanted {
        person: Some(id),
        before,
        viewer: Some(scope),
        ..Wanted::default()
    };
    read(&house, wanted, limit).await
}
