//! Routes of awards.

use super::actions;
use crate::{
    access::{May, ReadDossiers},
    house::House,
    http::{Json, Path, Query},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    awards::{Award, AwardView, AwardsQuery, Entitlement},
    common::{Page, PageQuery},
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(see))
        .routes(routes!(entitlements))
        .routes(routes!(of_organisation))
}

/// Awards within the scope.
#[utoipa::path(get, path = "/v1/awards", tag = "awards", params(AwardsQuery),
    responses((status = 200, body = Page<Award>), Problems))]
async fn list(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Query(query): Query<AwardsQuery>,
) -> Result<Json<Page<Award>>, Error> {
    Ok(Json(actions::list(&may, &house, query).await?))
}

/// Awards within the scope that are paid to an organisation.
#[utoipa::path(get, path = "/v1/organisations/{id}/awards", tag = "organisations",
    params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<Award>), Problems))]
async fn of_organisation(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Organisation>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Award>>, Error> {
    Ok(Json(actions::of_organisation(&may, &house, id, page).await?))
}

/// An award with what later decisions made of it.
#[utoipa::path(get, path = "/v1/awards/{id}", tag = "awards", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = AwardView), Problems))]
async fn see(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Award>>,
) -> Result<Json<AwardView>, Error> {
    Ok(Json(actions::see(&may, &house, id).await?))
}

/// What an award yields, month by month until today.
#[utoipa::path(get, path = "/v1/awards/{id}/entitlements", tag = "awards",
    params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<Entitlement>), Problems))]
async fn entitlements(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Award>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Entitlement>>, Error> {
    Ok(Json(actions::entitlements(&may, &house, id, page).await?))
}
