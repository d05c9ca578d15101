//! Routes of dossiers.

use super::{actions, inquiries, transfers};
use crate::{
    access::{AnswerInquiries, FindPersons, KeepPersons, LeadWork, May, ReadDossiers},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision},
    matters::http::Nothing,
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::{Page, PageQuery, Reason},
    dossiers::{Dossier, OpenDossier, TimelineEvent},
    households::{DeathRecorded, Move, Moved, RecordDeath},
    inquiries::{Inquire, Inquiry},
    persons::{PersonView, RegisterPerson},
    transfers::{AskTransfer, Transfer},
    value::{Letter, Person},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(open))
        .routes(routes!(glance))
        .routes(routes!(timeline))
        .routes(routes!(death))
        .routes(routes!(moving))
        .routes(routes!(inquire))
        .routes(routes!(ask_transfer))
        .routes(routes!(transfers_seen))
        .routes(routes!(accept_transfer))
        .routes(routes!(refuse_transfer))
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

/// Record a death. A task opens for every running award and matter of the person and of the household; nothing ends by itself.
#[utoipa::path(put, path = "/v1/dossiers/{id}/death", tag = "dossiers", request_body = RecordDeath,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, body = DeathRecorded, headers(("ETag" = String))), Problems))]
async fn death(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<RecordDeath>,
) -> Result<WithRevision<DeathRecorded>, Error> {
    let recorded = super::death::record(&may, &house, id, revision, body).await?;
    let revision = recorded.person.revision;
    Ok(WithRevision(recorded, revision))
}

/// Somebody has moved, alone or with others of the household. Says which office is competent now.
#[utoipa::path(post, path = "/v1/dossiers/{id}/move", tag = "dossiers", request_body = Move,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Moved), Problems))]
async fn moving(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<Move>,
) -> Result<Json<Moved>, Error> {
    Ok(Json(super::moving::record(&may, &house, id, body).await?))
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

/// How somebody's applications stand, for whoever asks by telephone; leaves an entry with that purpose.
#[utoipa::path(post, path = "/v1/inquiries", tag = "dossiers", request_body = Inquire,
    responses((status = 200, body = Inquiry), Problems))]
async fn inquire(
    may: May<AnswerInquiries>,
    finds: May<FindPersons>,
    State(house): State<House>,
    Json(body): Json<Inquire>,
) -> Result<Json<Inquiry>, Error> {
    Ok(Json(inquiries::inquire(&may, &finds, &house, body).await?))
}

/// Ask another office to take a dossier over.
#[utoipa::path(post, path = "/v1/dossiers/{id}/transfer", tag = "dossiers", request_body = AskTransfer,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Transfer), Problems))]
async fn ask_transfer(
    may: May<LeadWork>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<AskTransfer>,
) -> Result<Json<Transfer>, Error> {
    Ok(Json(transfers::ask(&may, &house, id, body).await?))
}

/// Transfers of dossiers that concern this office, newest first.
#[utoipa::path(get, path = "/v1/transfers", tag = "dossiers", params(PageQuery),
    responses((status = 200, body = Page<Transfer>), Problems))]
async fn transfers_seen(
    may: May<LeadWork>,
    State(house): State<House>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Transfer>>, Error> {
    Ok(Json(transfers::list(&may, &house, page).await?))
}

/// Take a dossier over, with everything that runs.
#[utoipa::path(post, path = "/v1/transfers/{id}/accept", tag = "dossiers", request_body = Nothing,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Transfer), Problems))]
async fn accept_transfer(
    may: May<LeadWork>,
    State(house): State<House>,
    Path(id): Path<Id<Letter>>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Json<Transfer>, Error> {
    Ok(Json(transfers::accept(&may, &house, id).await?))
}

/// Do not take a dossier over.
#[utoipa::path(post, path = "/v1/transfers/{id}/refuse", tag = "dossiers", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Transfer), Problems))]
async fn refuse_transfer(
    may: May<LeadWork>,
    State(house): State<House>,
    Path(id): Path<Id<Letter>>,
    Json(body): Json<Reason>,
) -> Result<Json<Transfer>, Error> {
    Ok(Json(transfers::refuse(&may, &house, id, body).await?))
}
