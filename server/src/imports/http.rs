//! Routes of imports.

use super::{
    actions::{self, Brought},
    sheet,
    store::{Key, Place},
    work,
};
use crate::{
    access::{AcceptImports, BringImports, May},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision, cursor, limit, upload},
    problem::{Error, Problems},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use karton_api::{
    Id,
    common::{Page, PageQuery},
    imports::{AcceptImport, BringImport, Finding, ImportView},
    value::Import,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, bring))
        .routes(routes!(view))
        .routes(routes!(findings))
        .routes(routes!(report))
        .routes(routes!(accept))
        .routes(routes!(withdraw))
}

/// Imports, the newest first.
#[utoipa::path(get, path = "/v1/imports", tag = "imports", params(PageQuery),
    responses((status = 200, description = "Imports", body = Page<ImportView>), Problems))]
async fn list(
    may: May<BringImports>,
    State(house): State<House>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ImportView>>, Error> {
    let limit = limit(page.limit)?;
    let before: Option<Key> = cursor::decode(page.cursor.as_deref())?;
    let imports = actions::list(&may, &house, before, limit).await?;
    Ok(Json(cursor::page(imports, limit, |it| {
        (it.brought_at.as_microsecond(), it.id)
    })))
}

/// Bring a file of at most 64 MB, CSV or XLSX: it is the body. It is read and checked in the background.
#[utoipa::path(post, path = "/v1/imports", tag = "imports", params(BringImport, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "The import", body = ImportView, headers(("ETag" = String))), Problems))]
async fn bring(
    may: May<BringImports>,
    State(house): State<House>,
    Query(about): Query<BringImport>,
    body: Body,
) -> Result<(StatusCode, WithRevision<ImportView>), Error> {
    let content = upload(body, sheet::LARGEST).await?;
    let import = actions::bring(&may, &house, Brought { about, content }).await?;
    let revision = import.revision;
    Ok((StatusCode::CREATED, WithRevision(import, revision)))
}

/// An import.
#[utoipa::path(get, path = "/v1/imports/{id}", tag = "imports", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The import", body = ImportView, headers(("ETag" = String))), Problems))]
async fn view(
    may: May<BringImports>,
    State(house): State<House>,
    Path(id): Path<Id<Import>>,
) -> Result<WithRevision<ImportView>, Error> {
    let import = actions::view(&may, &house, id).await?;
    let revision = import.revision;
    Ok(WithRevision(import, revision))
}

/// The report of an import, row by row.
#[utoipa::path(get, path = "/v1/imports/{id}/findings", tag = "imports", params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, description = "Findings", body = Page<Finding>), Problems))]
async fn findings(
    may: May<BringImports>,
    State(house): State<House>,
    Path(id): Path<Id<Import>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Finding>>, Error> {
    let limit = limit(page.limit)?;
    let after: Option<Place> = cursor::decode(page.cursor.as_deref())?;
    let found = actions::findings(&may, &house, id, after, limit + 1).await?;
    let page = cursor::page(found, limit, |(place, _)| *place);
    Ok(Json(Page {
        items: page.items.into_iter().map(|(_, finding)| finding).collect(),
        next: page.next,
    }))
}

/// A report has so many lines at most.
const LONGEST_REPORT: usize = 100_000;

/// The report as CSV, for a spreadsheet program; its first 100,000 findings.
#[utoipa::path(get, path = "/v1/imports/{id}/report", tag = "imports", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The report", body = String, content_type = "text/csv"), Problems))]
async fn report(
    may: May<BringImports>,
    State(house): State<House>,
    Path(id): Path<Id<Import>>,
) -> Result<Response, Error> {
    let found = actions::findings(&may, &house, id, None, LONGEST_REPORT).await?;
    let findings: Vec<Finding> = found.into_iter().map(|(_, finding)| finding).collect();
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"report.csv\""),
        ),
    ];
    Ok((headers, work::report(&findings)).into_response())
}

/// Accept a checked import, as a second person: its good rows are applied in the background.
#[utoipa::path(post, path = "/v1/imports/{id}/accept", tag = "imports", request_body = AcceptImport,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "The import", body = ImportView, headers(("ETag" = String))), Problems))]
async fn accept(
    may: May<AcceptImports>,
    State(house): State<House>,
    Path(id): Path<Id<Import>>,
    seen: IfMatch,
    Json(body): Json<AcceptImport>,
) -> Result<WithRevision<ImportView>, Error> {
    let import = actions::accept(&may, &house, id, seen, &body).await?;
    let revision = import.revision;
    Ok(WithRevision(import, revision))
}

/// Take an import back before it is accepted; its rows are forgotten.
#[utoipa::path(post, path = "/v1/imports/{id}/withdraw", tag = "imports",
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "The import", body = ImportView, headers(("ETag" = String))), Problems))]
async fn withdraw(
    may: May<BringImports>,
    State(house): State<House>,
    Path(id): Path<Id<Import>>,
    seen: IfMatch,
) -> Result<WithRevision<ImportView>, Error> {
    let import = actions::withdraw(&may, &house, id, seen).await?;
    let revision = import.revision;
    Ok(WithRevision(import, revision))
}
