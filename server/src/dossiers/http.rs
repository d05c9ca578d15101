//! Routes of dossiers.

use super::actions;
use crate::{
    access::{KeepPersons, May, ReadDossiers},
    house::House,
    http::{Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::{Page, PageQuery},
    dossiers::{Dossier, OpenDossier, TimelineEvent},
    persons::{PersonView, RegisterPerson},
    value::Person,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(open))
        .routes(routes!(glance))
        .routes(routes!(timeline))
}

/// Register a person, which opens the dossier. Likely duplicates are answered as 409 with candidates.
#[utoipa::path(post, path = "/v1/persons", tag = "persons", request_body = RegisterPerson,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PersonView, headers(("ETag" = String))), Problems))]
async fn open(
    may: May<KeepPersons>,
    State(house): State<House>,
    Json(body): Json<RegisterPerson>,
) -> Result<WithRevision<PersonView>, Error> {
    let person = actions::open(&may, &house, body).await?;
    let revision = person.revision;
    Ok(WithRevision(person, revision))
}

/// The dossier at a glance; leaves an entry with the purpose.
#[utoipa::path(get, path = "/v1/dossiers/{id}", tag = "dossiers", params(("id" = String, Path, format = Uuid), OpenDossier),
    responses((status = 200, body = Dossier), Problems))]
async fn glance(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Query(why): Query<OpenDossier>,
) -> Result<Json<Dossier>, Error> {
    Ok(Json(
        actions::glance(&may, &house, id, why.purpose.unwrap_or_default()).await?,
    ))
}

/// The history of the dossier, newest first.
#[utoipa::path(get, path = "/v1/dossiers/{id}/timeline", tag = "dossiers", params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<TimelineEvent>), Problems))]
async fn timeline(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<TimelineEvent>>, Error> {
    Ok(Json(actions::timeline(&may, &house, id, page).await?))
}
