use super::{actions, store::Key};
use crate::{
    access::{ManageUsers, May, WatchOperation},
    house::House,
    http::{Json, Path, Query, cursor, limit},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    administration::{Health, JobView, JobsQuery, Relative, Sizes},
    common::Page,
    value::{Job, Officer},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(sizes))
        .routes(routes!(jobs))
        .routes(routes!(retry))
        .routes(routes!(relatives, declare))
        .routes(routes!(withdraw))
}

/// How the house is: versions, sessions, background work, seals and backups.
#[utoipa::path(get, path = "/v1/administration/health", tag = "administration",
    responses((status = 200, description = "How it is now", body = Health), Problems))]
async fn health(may: May<WatchOperation>, State(house): State<House>) -> Result<Json<Health>, Error> {
    Ok(Json(actions::health(&may, &house).await?))
}

/// The tables of the store with their sizes, the largest first.
#[utoipa::path(get, path = "/v1/administration/sizes", tag = "administration",
    responses((status = 200, description = "What the store holds", body = Sizes), Problems))]
async fn sizes(may: May<WatchOperation>, State(house): State<House>) -> Result<Json<Sizes>, Error> {
    Ok(Json(actions::sizes(&may, &house).await?))
}

/// Background work, in the order in which it may be taken.
#[utoipa::path(get, path = "/v1/administration/jobs", tag = "administration", params(JobsQuery),
    responses((status = 200, description = "Jobs", body = Page<JobView>), Problems))]
async fn jobs(
    may: May<WatchOperation>,
    State(house): State<House>,
    Query(query): Query<JobsQuery>,
) -> Result<Json<Page<JobView>>, Error> {
    let limit = limit(query.limit)?;
    let after: Option<Key> = cursor::decode(query.cursor.as_deref())?;
    let jobs = actions::jobs(&may, &house, query.state, after, limit).await?;
    Ok(Json(cursor::page(jobs, limit, |job| {
        (job.run_at.as_microsecond(), job.id)
    })))
}

/// Try work again that was given up.
#[utoipa::path(post, path = "/v1/administration/jobs/{id}/retry", tag = "administration",
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "The job", body = JobView), Problems))]
async fn retry(
    may: May<WatchOperation>,
    State(house): State<House>,
    Path(id): Path<Id<Job>>,
) -> Result<Json<JobView>, Error> {
    Ok(Json(actions::retry(&may, &house, id).await?))
}

/// The dossiers an officer must not work on: the officer's own and declared relatives'.
#[utoipa::path(get, path = "/v1/users/{id}/relatives", tag = "administration", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "Dossiers by number", body = Vec<Relative>), Problems))]
async fn relatives(
    may: May<ManageUsers>,
    State(house): State<House>,
    Path(id): Path<Id<Officer>>,
) -> Result<Json<Vec<Relative>>, Error> {
    Ok(Json(actions::relatives(&may, &house, id).await?))
}

/// Declare a dossier an officer's own or a relative's.
#[utoipa::path(post, path = "/v1/users/{id}/relatives", tag = "administration", request_body = Relative,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "Dossiers by number", body = Vec<Relative>), Problems))]
async fn declare(
    may: May<ManageUsers>,
    State(house): State<House>,
    Path(id): Path<Id<Officer>>,
    Json(body): Json<Relative>,
) -> Result<Json<Vec<Relative>>, Error> {
    Ok(Json(actions::declare(&may, &house, id, &body).await?))
}

/// Take a declaration back.
#[utoipa::path(post, path = "/v1/users/{id}/relatives/withdraw", tag = "administration", request_body = Relative,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "Dossiers by number", body = Vec<Relative>), Problems))]
async fn withdraw(
    may: May<ManageUsers>,
    State(house): State<House>,
    Path(id): Path<Id<Officer>>,
    Json(body): Json<Relative>,
) -> Result<Json<Vec<Relative>>, Error> {
    Ok(Json(actions::withdraw(&may, &house, id, &body).await?))
}
