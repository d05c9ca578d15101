//! Routes of second decisions. What was decided is seen with the first decision.

use super::acting;
use crate::{
    access::{ConfirmDecisions, DeliverLetters, May},
    house::House,
    http::{Json, Path},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    confirmations::Confirm,
    decisions::{Decision, Deliver},
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(confirm))
        .routes(routes!(deliver))
}

/// The second body decides on what the first one granted: it confirms it, refuses it, or sends it back.
#[utoipa::path(post, path = "/v1/applications/{id}/decision/confirm", tag = "decisions", request_body = Confirm,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Decision), Problems))]
async fn confirm(
    may: May<ConfirmDecisions>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Confirm>,
) -> Result<Json<Decision>, Error> {
    Ok(Json(acting::confirm(&may, &house, id, body).await?))
}

/// Note an attempt to serve the letter of a second decision; once it is served, its own term for an appeal runs.
#[utoipa::path(post, path = "/v1/confirmations/{id}/deliver", tag = "decisions", request_body = Deliver,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Decision), Problems))]
async fn deliver(
    may: May<DeliverLetters>,
    State(house): State<House>,
    Path(id): Path<Id<value::Confirmation>>,
    Json(body): Json<Deliver>,
) -> Result<Json<Decision>, Error> {
    Ok(Json(acting::deliver(&may, &house, id, body).await?))
}
