//! Routes of signals.

use super::actions;
use crate::{
    access::{AnswerSignals, May, ReadSignals},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::Page,
    signals::{AnswerSignal, RaisedSignal, SignalRates, SignalsQuery},
    value::Signal,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(rates))
        .routes(routes!(see))
        .routes(routes!(answer))
}

/// Signals that were raised, the newest first.
#[utoipa::path(get, path = "/v1/signals", tag = "signals", params(SignalsQuery),
    responses((status = 200, body = Page<RaisedSignal>), Problems))]
async fn list(
    may: May<ReadSignals>,
    State(house): State<House>,
    Query(query): Query<SignalsQuery>,
) -> Result<Json<Page<RaisedSignal>>, Error> {
    Ok(Json(actions::list(&may, &house, query).await?))
}

/// How often each signal was right.
#[utoipa::path(get, path = "/v1/signals/rates", tag = "signals", responses((status = 200, body = SignalRates), Problems))]
async fn rates(may: May<ReadSignals>, State(house): State<House>) -> Result<Json<SignalRates>, Error> {
    Ok(Json(actions::rates(&may, &house).await?))
}

/// One signal.
#[utoipa::path(get, path = "/v1/signals/{id}", tag = "signals", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = RaisedSignal, headers(("ETag" = String))), Problems))]
async fn see(
    may: May<ReadSignals>,
    State(house): State<House>,
    Path(id): Path<Id<Signal>>,
) -> Result<WithRevision<RaisedSignal>, Error> {
    let signal = actions::see(&may, &house, id).await?;
    let revision = signal.revision;
    Ok(WithRevision(signal, revision))
}

/// Say what came of a look.
#[utoipa::path(post, path = "/v1/signals/{id}/answer", tag = "signals", request_body = AnswerSignal,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = RaisedSignal, headers(("ETag" = String))), Problems))]
async fn answer(
    may: May<AnswerSignals>,
    State(house): State<House>,
    Path(id): Path<Id<Signal>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<AnswerSignal>,
) -> Result<WithRevision<RaisedSignal>, Error> {
    let signal = actions::answer(&may, &house, (id, revision), body).await?;
    let revision = signal.revision;
    Ok(WithRevision(signal, revision))
}
