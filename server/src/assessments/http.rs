//! The route of the preview. Stored assessments are reached through their application.

use super::actions;
use crate::{
    access::{May, PreviewAssessments},
    house::House,
    http::Json,
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::assessments::{Preview, Previewed};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(preview))
}

/// Work out what somebody would be entitled to. Writes nothing.
#[utoipa::path(post, path = "/v1/assessments/preview", tag = "assessments", request_body = Preview,
    responses((status = 200, body = Previewed), Problems))]
async fn preview(
    may: May<PreviewAssessments>,
    State(house): State<House>,
    Json(body): Json<Preview>,
) -> Result<Json<Previewed>, Error> {
    Ok(Json(actions::preview(&may, &house, body).await?))
}
