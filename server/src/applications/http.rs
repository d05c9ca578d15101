//! Routes of applications. Evidence and decisions have their own rooms.

use super::{actions, assessing, lodging, store, view};
use crate::{
    access::{May, ReadDossiers, TakeApplications},
    house::House,
    http::{IfMatch, Json, Path, WithRevision},
    matters::http::Nothing,
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    applications::{Application, Lodged, NewApplication, SaveDraft},
    assessments::StoredAssessment,
    common::Reason,
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(open))
        .routes(routes!(see, save))
        .routes(routes!(lodge))
        .routes(routes!(withdraw))
        .routes(routes!(assessment, assess))
}

type Answered = Result<WithRevision<Application>, Error>;

pub(crate) fn with_revision(application: Application) -> WithRevision<Application> {
    let revision = application.revision;
    WithRevision(application, revision)
}

/// Open a draft.
#[utoipa::path(post, path = "/v1/applications", tag = "applications", request_body = NewApplication,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn open(
    may: May<TakeApplications>,
    State(house): State<House>,
    Json(body): Json<NewApplication>,
) -> Answered {
    actions::open(&may, &house, body).await.map(with_revision)
}

/// An application with its steps, and what may be done with it now.
#[utoipa::path(get, path = "/v1/applications/{id}", tag = "applications", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn see(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
) -> Answered {
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let (found, applicant) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            Ok::<_, Error>((view::see(tx, &inside, &scope, &session, &it)?, it.applicant))
        })
        .await?;
    house
        .looks
        .looked(
            &house,
            may.actor(),
            applicant,
            karton_api::dossiers::Purpose::default(),
        )
        .await?;
    Ok(with_revision(found))
}

/// Save a draft, or what completes an application that was sent back.
#[utoipa::path(put, path = "/v1/applications/{id}", tag = "applications", request_body = SaveDraft,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn save(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<SaveDraft>,
) -> Answered {
    actions::save(&may, &house, id, revision, body)
        .await
        .map(with_revision)
}

/// Lodge a draft, or a completion; answers at once with the status.
#[utoipa::path(post, path = "/v1/applications/{id}/lodge", tag = "applications", request_body = Nothing,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Lodged, headers(("ETag" = String))), Problems))]
async fn lodge(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<WithRevision<Lodged>, Error> {
    let lodged = lodging::lodge(&may, &house, id).await?;
    let revision = lodged.application.revision;
    Ok(WithRevision(lodged, revision))
}

/// The applicant takes the application back.
#[utoipa::path(post, path = "/v1/applications/{id}/withdraw", tag = "applications", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn withdraw(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Reason>,
) -> Answered {
    actions::withdraw(&may, &house, id, body).await.map(with_revision)
}

/// The newest stored assessment.
#[utoipa::path(get, path = "/v1/applications/{id}/assessment", tag = "assessments", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = StoredAssessment), Problems))]
async fn assessment(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
) -> Result<Json<StoredAssessment>, Error> {
    Ok(Json(assessing::newest(&may, &house, id).await?))
}

/// Assess on the facts known now, and keep it.
#[utoipa::path(post, path = "/v1/applications/{id}/assessment", tag = "assessments", request_body = Nothing,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = StoredAssessment), Problems))]
async fn assess(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Json<StoredAssessment>, Error> {
    Ok(Json(assessing::assess(&may, &house, id).await?))
}
