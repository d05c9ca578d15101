//! Routes of protected addresses.

use super::actions;
use crate::{
    access::{May, ProtectAddresses, ReadDossiers},
    house::House,
    http::{Json, Path, idempotency::NotKept},
    problem::{Error, Problems},
};
use axum::{Extension, extract::State};
use karton_api::{
    Id,
    common::Reason,
    protection::{ChangeProtected, OpenedAddress, ProtectAddress, ProtectionView},
    value::Person,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(see, protect))
        .routes(routes!(open))
        .routes(routes!(change))
        .routes(routes!(end))
}

/// Whether a person's address is protected, and what stands instead.
#[utoipa::path(get, path = "/v1/persons/{id}/protection", tag = "protection", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = ProtectionView), Problems))]
async fn see(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
) -> Result<Json<ProtectionView>, Error> {
    Ok(Json(actions::see(&may, &house, id).await?))
}

/// Protect a person's address.
#[utoipa::path(post, path = "/v1/persons/{id}/protection", tag = "protection", request_body = ProtectAddress,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ProtectionView), Problems))]
async fn protect(
    may: May<ProtectAddresses>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<ProtectAddress>,
) -> Result<Json<ProtectionView>, Error> {
    Ok(Json(actions::protect(&may, &house, id, body).await?))
}

/// Open a protected address, with a reason. The answer is kept nowhere.
#[utoipa::path(post, path = "/v1/persons/{id}/protection/open", tag = "protection", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = OpenedAddress), Problems))]
async fn open(
    may: May<ProtectAddresses>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<Reason>,
) -> Result<(Extension<NotKept>, Json<OpenedAddress>), Error> {
    Ok((
        Extension(NotKept),
        Json(actions::open(&may, &house, id, body).await?),
    ))
}

/// Write down where somebody lives now whose address is protected.
#[utoipa::path(post, path = "/v1/persons/{id}/protection/address", tag = "protection", request_body = ChangeProtected,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ProtectionView), Problems))]
async fn change(
    may: May<ProtectAddresses>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<ChangeProtected>,
) -> Result<Json<ProtectionView>, Error> {
    Ok(Json(actions::change(&may, &house, id, body).await?))
}

/// End the protection.
#[utoipa::path(post, path = "/v1/persons/{id}/protection/end", tag = "protection", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ProtectionView), Problems))]
async fn end(
    may: May<ProtectAddresses>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<Reason>,
) -> Result<Json<ProtectionView>, Error> {
    Ok(Json(actions::end(&may, &house, id, body).await?))
}
