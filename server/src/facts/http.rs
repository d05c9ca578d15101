//! Routes of facts.

use super::actions;
use crate::{
    access::{KeepPersons, May, ReadDossiers},
    house::House,
    http::{Json, Path, Query},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::{BothTimes, Page},
    persons::{FactView, RecordFact},
    value::Person,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(facts, record))
}

/// What is known about a person and the household, in both times.
#[utoipa::path(get, path = "/v1/persons/{id}/facts", tag = "facts", params(("id" = String, Path, format = Uuid), BothTimes),
    responses((status = 200, body = Page<FactView>), Problems))]
async fn facts(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Query(times): Query<BothTimes>,
) -> Result<Json<Page<FactView>>, Error> {
    Ok(Json(actions::of_person(&may, &house, id, times).await?))
}

/// Write down a fact.
#[utoipa::path(post, path = "/v1/persons/{id}/facts", tag = "facts", request_body = RecordFact,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = FactView), Problems))]
async fn record(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<RecordFact>,
) -> Result<Json<FactView>, Error> {
    Ok(Json(actions::record(&may, &house, id, body).await?))
}
