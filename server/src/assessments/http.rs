//! The route of the preview. Stored assessments are reached through their application.

use super::{actions, supposed};
use crate::{
    access::{May, PreviewAssessments},
    house::House,
    http::{Json, Path},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    assessments::{PossibleRights, Preview, Previewed, WhatIf},
    value::Person,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(preview))
        .routes(routes!(what_if))
        .routes(routes!(possible))
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

/// Work out what people who are not registered would be entitled to. Writes nothing about anybody.
#[utoipa::path(post, path = "/v1/assessments/what-if", tag = "assessments", request_body = WhatIf,
    responses((status = 200, body = Previewed), Problems))]
async fn what_if(
    may: May<PreviewAssessments>,
    State(house): State<House>,
    Json(body): Json<WhatIf>,
) -> Result<Json<Previewed>, Error> {
    Ok(Json(supposed::what_if(&may, &house, body).await?))
}

/// What the person's household may also have a right to, on what is known. Writes nothing but that somebody looked.
#[utoipa::path(get, path = "/v1/persons/{id}/possible-rights", tag = "assessments", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = PossibleRights), Problems))]
async fn possible(
    may: May<PreviewAssessments>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
) -> Result<Json<PossibleRights>, Error> {
    Ok(Json(actions::possible(&may, &house, id).await?))
}
