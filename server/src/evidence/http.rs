//! Routes of evidence.

use super::actions;
use crate::{
    access::{May, ReadDossiers, TakeApplications},
    house::House,
    http::{Json, Path},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    applications::{EvidenceRound, ReplaceEvidence},
    value::{Application, Evidence},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(round, ask))
        .routes(routes!(replace))
}

/// What the registers were asked and what they said.
#[utoipa::path(get, path = "/v1/applications/{id}/evidence", tag = "evidence", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = EvidenceRound), Problems))]
async fn round(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Application>>,
) -> Result<Json<EvidenceRound>, Error> {
    Ok(Json(actions::round_of(&may, &house, id.cast()).await?))
}

/// Ask again what is silent or stale; answers within two seconds.
#[utoipa::path(post, path = "/v1/applications/{id}/evidence", tag = "evidence",
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = EvidenceRound), Problems))]
async fn ask(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<Application>>,
) -> Result<Json<EvidenceRound>, Error> {
    Ok(Json(actions::ask_again(&may, &house, id.cast()).await?))
}

/// Write in from a document what a register did not say.
#[utoipa::path(post, path = "/v1/applications/{id}/evidence/{item}/replace", tag = "evidence", request_body = ReplaceEvidence,
    params(("id" = String, Path, format = Uuid), ("item" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = EvidenceRound), Problems))]
async fn replace(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path((id, item)): Path<(Id<Application>, Id<Evidence>)>,
    Json(body): Json<ReplaceEvidence>,
) -> Result<Json<EvidenceRound>, Error> {
    Ok(Json(actions::replace(&may, &house, id.cast(), item, body).await?))
}
