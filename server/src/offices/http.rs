use crate::{
    access::{BeSignedIn, May},
    house::House,
    http::{Json, Query, cursor, limit},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    common::{Page, PageQuery},
    users::Office as Wire,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list))
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
        .map(|office| Wire {
            code: office.code.clone(),
            name: office.name.clone(),
            kind: office.kind.clone(),
            parent: office
                .parent
                .and_then(|parent| house.offices.get(parent))
                .map(|parent| parent.code.clone()),
            municipality: office.municipality.clone(),
        })
        .collect();
    Ok(Json(cursor::page(rows, limit, |office: &Wire| {
        office.code.clone()
    })))
}
