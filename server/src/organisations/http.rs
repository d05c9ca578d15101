//! Routes of organisations. What they asked for stands with the applications, what they are paid with the awards.

use super::actions;
use crate::{
    access::{FindPersons, KeepPersons, KeepProviders, May},
    house::House,
    http::{IfMatch, Json, Path, WithRevision},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::Page,
    organisations::{KeepOrganisation, Organisation, OrganisationCard, ProviderEntry, SearchOrganisations},
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(register))
        .routes(routes!(see, change))
        .routes(routes!(provide))
}

type Answered = Result<WithRevision<Organisation>, Error>;

fn with_revision(it: Organisation) -> WithRevision<Organisation> {
    let revision = it.revision;
    WithRevision(it, revision)
}

/// Find organisations.
#[utoipa::path(post, path = "/v1/organisations/search", tag = "organisations", request_body = SearchOrganisations,
    responses((status = 200, body = Page<OrganisationCard>), Problems))]
async fn search(
    may: May<FindPersons>,
    State(house): State<House>,
    Json(body): Json<SearchOrganisations>,
) -> Result<Json<Page<OrganisationCard>>, Error> {
    Ok(Json(actions::search(&may, &house, body).await?))
}

/// Register an organisation.
#[utoipa::path(post, path = "/v1/organisations", tag = "organisations", request_body = KeepOrganisation,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Organisation, headers(("ETag" = String))), Problems))]
async fn register(
    may: May<KeepPersons>,
    State(house): State<House>,
    Json(body): Json<KeepOrganisation>,
) -> Answered {
    actions::add(&may, &house, body).await.map(with_revision)
}

/// An organisation with what it is registered for.
#[utoipa::path(get, path = "/v1/organisations/{id}", tag = "organisations", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Organisation, headers(("ETag" = String))), Problems))]
async fn see(
    may: May<FindPersons>,
    State(house): State<House>,
    Path(id): Path<Id<value::Organisation>>,
) -> Answered {
    actions::see(&may, &house, id).await.map(with_revision)
}

/// Correct what is written of an organisation; its number stays.
#[utoipa::path(put, path = "/v1/organisations/{id}", tag = "organisations", request_body = KeepOrganisation,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, body = Organisation, headers(("ETag" = String))), Problems))]
async fn change(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<value::Organisation>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<KeepOrganisation>,
) -> Answered {
    actions::change(&may, &house, id, revision, body)
        .await
        .map(with_revision)
}

/// Enter what a provider is registered for; the same service from the same day is put right by it.
#[utoipa::path(post, path = "/v1/organisations/{id}/services", tag = "organisations", request_body = ProviderEntry,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Organisation, headers(("ETag" = String))), Problems))]
async fn provide(
    may: May<KeepProviders>,
    State(house): State<House>,
    Path(id): Path<Id<value::Organisation>>,
    Json(body): Json<ProviderEntry>,
) -> Answered {
    actions::provide(&may, &house, id, body).await.map(with_revision)
}
