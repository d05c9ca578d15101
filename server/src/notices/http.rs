//! Routes of notices.

use super::actions;
use crate::{
    access::{May, TakeApplications},
    house::House,
    http::{Json, Path},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id, notices,
    value::{Matter, Notice},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(send))
}

/// Tell an institution again that refused a notice or did not answer.
#[utoipa::path(post, path = "/v1/matters/{id}/notices/{notice}/send", tag = "matters",
    params(("id" = String, Path, format = Uuid), ("notice" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = notices::Notice), Problems))]
async fn send(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path((id, notice)): Path<(Id<Matter>, Id<Notice>)>,
) -> Result<Json<notices::Notice>, Error> {
    Ok(Json(actions::send(&may, &house, id, notice).await?))
}
