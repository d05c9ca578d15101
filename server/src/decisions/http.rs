//! Routes of decisions.

use super::{actions, deciding, many};
use crate::{
    access::{
        Decide as MayDecide, DeliverLetters, May, ReadDossiers, Recommend as MayRecommend, ReturnApplications,
    },
    applications::http::with_revision,
    house::House,
    http::{Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    applications::{Application, Decide, Recommend, Return},
    common::Page,
    decisions::{DecideMany, DecidedMany, Decision, Deliver, ReadyQuery, ReadyToDecide},
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(recommend))
        .routes(routes!(decide))
        .routes(routes!(send_back))
        .routes(routes!(see))
        .routes(routes!(deliver))
        .routes(routes!(ready))
        .routes(routes!(decide_many))
        .merge(super::amendments::http::router())
        .merge(super::confirmations::http::router())
}

/// The first officer recommends.
#[utoipa::path(post, path = "/v1/applications/{id}/decision/recommend", tag = "decisions", request_body = Recommend,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn recommend(
    may: May<MayRecommend>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Recommend>,
) -> Result<WithRevision<Application>, Error> {
    deciding::recommend(&may, &house, id, body)
        .await
        .map(with_revision)
}

/// The second officer decides what was recommended.
#[utoipa::path(post, path = "/v1/applications/{id}/decision/decide", tag = "decisions", request_body = Decide,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Decision), Problems))]
async fn decide(
    may: May<MayDecide>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Decide>,
) -> Result<Json<Decision>, Error> {
    Ok(Json(deciding::decide(&may, &house, id, body).await?))
}

/// Send an application back to the applicant or to the first officer.
#[utoipa::path(post, path = "/v1/applications/{id}/decision/return", tag = "decisions", request_body = Return,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn send_back(
    may: May<ReturnApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Return>,
) -> Result<WithRevision<Application>, Error> {
    actions::send_back(&may, &house, id, body)
        .await
        .map(with_revision)
}

/// Recommended applications of one benefit and outcome, the longest waiting first.
#[utoipa::path(get, path = "/v1/decisions/ready", tag = "decisions", params(ReadyQuery),
    responses((status = 200, body = Page<ReadyToDecide>), Problems))]
async fn ready(
    may: May<MayDecide>,
    State(house): State<House>,
    Query(query): Query<ReadyQuery>,
) -> Result<Json<Page<ReadyToDecide>>, Error> {
    Ok(Json(many::ready(&may, &house, query).await?))
}

/// Decide many that are alike, each in a transaction of its own.
#[utoipa::path(post, path = "/v1/decisions/many", tag = "decisions", request_body = DecideMany,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = DecidedMany), Problems))]
async fn decide_many(
    may: May<MayDecide>,
    State(house): State<House>,
    Json(body): Json<DecideMany>,
) -> Result<Json<DecidedMany>, Error> {
    Ok(Json(many::decide(&may, &house, body).await?))
}

/// A decision.
#[utoipa::path(get, path = "/v1/decisions/{id}", tag = "decisions", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Decision), Problems))]
async fn see(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Decision>>,
) -> Result<Json<Decision>, Error> {
    Ok(Json(actions::see(&may, &house, id).await?))
}

/// Note an attempt to serve the letter; once it is served, the term for an appeal runs.
#[utoipa::path(post, path = "/v1/decisions/{id}/deliver", tag = "decisions", request_body = Deliver,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Decision), Problems))]
async fn deliver(
    may: May<DeliverLetters>,
    State(house): State<House>,
    Path(id): Path<Id<value::Decision>>,
    Json(body): Json<Deliver>,
) -> Result<Json<Decision>, Error> {
    Ok(Json(actions::deliver(&may, &house, id, body).await?))
}
