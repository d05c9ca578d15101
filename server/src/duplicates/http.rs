//! Routes of pairs.

use super::actions;
use crate::{
    access::{FindPersons, KeepPersons, May},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::Page,
    duplicates::{DuplicatePair, DuplicatesQuery, JudgePair},
    value::Pair,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(see))
        .routes(routes!(judge))
}

/// People who look alike, the likeliest first.
#[utoipa::path(get, path = "/v1/duplicates", tag = "duplicates", params(DuplicatesQuery),
    responses((status = 200, body = Page<DuplicatePair>), Problems))]
async fn list(
    may: May<FindPersons>,
    State(house): State<House>,
    Query(query): Query<DuplicatesQuery>,
) -> Result<Json<Page<DuplicatePair>>, Error> {
    Ok(Json(actions::list(&may, &house, query).await?))
}

/// One pair.
#[utoipa::path(get, path = "/v1/duplicates/{id}", tag = "duplicates", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = DuplicatePair, headers(("ETag" = String))), Problems))]
async fn see(
    may: May<FindPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Pair>>,
) -> Result<WithRevision<DuplicatePair>, Error> {
    let pair = actions::see(&may, &house, id).await?;
    let revision = pair.revision;
    Ok(WithRevision(pair, revision))
}

/// Judge a pair.
#[utoipa::path(post, path = "/v1/duplicates/{id}/verdict", tag = "duplicates", request_body = JudgePair,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = DuplicatePair, headers(("ETag" = String))), Problems))]
async fn judge(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Pair>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<JudgePair>,
) -> Result<WithRevision<DuplicatePair>, Error> {
    let pair = actions::judge(&may, &house, (id, revision), body).await?;
    let revision = pair.revision;
    Ok(WithRevision(pair, revision))
}
