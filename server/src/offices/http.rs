use super::{Office, actions};
use crate::{
    access::{BeSignedIn, ManageOffices, May},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision, cursor, limit},
    problem::{Error, Problems},
};
use axum::{extract::State, http::StatusCode};
use karton_api::{
    common::{Page, PageQuery},
    users::{ChangeOffice, NewOffice, Office as Wire},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(view, change))
}

fn wire(house: &House, office: &Office) -> Wire {
    Wire {
        code: office.code.clone(),
        name: office.name.clone(),
        kind: office.kind.clone(),
        parent: office
            .parent
            .and_then(|parent| house.offices.get(parent))
            .map(|parent| parent.code.clone()),
        municipality: office.municipality.clone(),
        address: office.address.clone(),
        phone: office.phone.clone(),
        closed_on: office.closed_on,
        revision: office.revision,
    }
}

/// The institution's offices, by code.
#[utoipa::path(get, path = "/v1/offices", tag = "administration", params(PageQuery),
    responses((status = 200, description = "Offices", body = Page<Wire>), Problems))]
async fn list(
    _may: May<BeSignedIn>,
    State(house): State<House>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Wire>>, Error> {
    let limit = limit(page.limit)?;
    let after: Option<String> = cursor::decode(page.cursor.as_deref())?;
    let offices = house.offices.all();
    let rows = offices
        .iter()
        .filter(|office| after.as_ref().is_none_or(|after| office.code > *after))
        .take(limit + 1)
        .map(|office| wire(&house, office))
        .collect();
    Ok(Json(cursor::page(rows, limit, |office: &Wire| {
        office.code.clone()
    })))
}

/// Open an office.
#[utoipa::path(post, path = "/v1/offices", tag = "administration", request_body = NewOffice, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, description = "The office", body = Wire, headers(("ETag" = String))), Problems))]
async fn open(
    may: May<ManageOffices>,
    State(house): State<House>,
    Json(body): Json<NewOffice>,
) -> Result<(StatusCode, WithRevision<Wire>), Error> {
    let office = actions::open(&may, &house, &body).await?;
    Ok((
        StatusCode::CREATED,
        WithRevision(wire(&house, &office), office.revision),
    ))
}

/// An office.
#[utoipa::path(get, path = "/v1/offices/{code}", tag = "administration", params(("code" = String, Path)),
    responses((status = 200, description = "The office", body = Wire, headers(("ETag" = String))), Problems))]
async fn view(
    _may: May<BeSignedIn>,
    State(house): State<House>,
    Path(code): Path<String>,
) -> Result<WithRevision<Wire>, Error> {
    let office = house.offices.by_code(&code).ok_or(Error::Missing)?;
    Ok(WithRevision(wire(&house, &office), office.revision))
}

/// Change an office, close it or open it again.
#[utoipa::path(patch, path = "/v1/offices/{code}", tag = "administration", request_body = ChangeOffice,
    params(("code" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, description = "The office", body = Wire, headers(("ETag" = String))), Problems))]
async fn change(
    may: May<ManageOffices>,
    State(house): State<House>,
    Path(code): Path<String>,
    seen: IfMatch,
    Json(body): Json<ChangeOffice>,
) -> Result<WithRevision<Wire>, Error> {
    let office = actions::change(&may, &house, &code, seen, &body).await?;
    Ok(WithRevision(wire(&house, &office), office.revision))
}
