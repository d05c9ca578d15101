//! Routes of later decisions.

use super::{acting, confirming, reading};
use crate::{
    access::{
        ConfirmDecisions, Decide as MayDecide, DeliverLetters, May, ReadDossiers, Recommend as MayRecommend,
        ReturnApplications,
    },
    house::House,
    http::{Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::{extract::State, http::StatusCode};
use karton_api::{
    Id,
    amendments::{
        Amendment, AmendmentSummary, AmendmentsQuery, ConfirmAmendment, DecideAmendment, NewAmendment,
        Proposed, WouldChange,
    },
    common::{Page, Reason},
    decisions::Deliver,
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, propose))
        .routes(routes!(would_change))
        .routes(routes!(see))
        .routes(routes!(recommend))
        .routes(routes!(decide))
        .routes(routes!(send_back))
        .routes(routes!(give_up))
        .routes(routes!(deliver))
        .routes(routes!(confirm))
        .routes(routes!(deliver_confirmation))
}

fn revised(it: Amendment) -> WithRevision<Amendment> {
    let revision = it.revision;
    WithRevision(it, revision)
}

/// Later decisions, of one award, decision or person, the newest first.
#[utoipa::path(get, path = "/v1/amendments", tag = "decisions", params(AmendmentsQuery),
    responses((status = 200, body = Page<AmendmentSummary>), Problems))]
async fn list(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Query(query): Query<AmendmentsQuery>,
) -> Result<Json<Page<AmendmentSummary>>, Error> {
    Ok(Json(reading::list(&may, &house, query).await?))
}

/// Recommend to change, suspend, resume or end an award, or to correct or annul a decision.
#[utoipa::path(post, path = "/v1/amendments", tag = "decisions", request_body = NewAmendment,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Amendment, headers(("ETag" = String))), Problems))]
async fn propose(
    may: May<MayRecommend>,
    State(house): State<House>,
    Json(body): Json<NewAmendment>,
) -> Result<(StatusCode, WithRevision<Amendment>), Error> {
    let made = acting::propose(&may, &house, body).await?;
    Ok((StatusCode::CREATED, revised(made)))
}

/// What a change of an award would rest on: the rules over the facts known now.
#[utoipa::path(get, path = "/v1/awards/{id}/would-change", tag = "decisions", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = WouldChange), Problems))]
async fn would_change(
    may: May<MayRecommend>,
    State(house): State<House>,
    Path(id): Path<Id<value::Award>>,
) -> Result<Json<WouldChange>, Error> {
    Ok(Json(reading::would_change(&may, &house, id).await?))
}

/// A later decision.
#[utoipa::path(get, path = "/v1/amendments/{id}", tag = "decisions", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Amendment, headers(("ETag" = String))), Problems))]
async fn see(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Amendment>>,
) -> Result<WithRevision<Amendment>, Error> {
    reading::one(&may, &house, id).await.map(revised)
}

/// Recommend what was opened as a task, or came back.
#[utoipa::path(post, path = "/v1/amendments/{id}/recommend", tag = "decisions", request_body = Proposed,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Amendment, headers(("ETag" = String))), Problems))]
async fn recommend(
    may: May<MayRecommend>,
    State(house): State<House>,
    Path(id): Path<Id<value::Amendment>>,
    Json(body): Json<Proposed>,
) -> Result<WithRevision<Amendment>, Error> {
    acting::recommend(&may, &house, id, body).await.map(revised)
}

/// The second officer decides what was recommended.
#[utoipa::path(post, path = "/v1/amendments/{id}/decide", tag = "decisions", request_body = DecideAmendment,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Amendment, headers(("ETag" = String))), Problems))]
async fn decide(
    may: May<MayDecide>,
    State(house): State<House>,
    Path(id): Path<Id<value::Amendment>>,
    Json(body): Json<DecideAmendment>,
) -> Result<WithRevision<Amendment>, Error> {
    acting::decide(&may, &house, id, body).await.map(revised)
}

/// Send it back to the first officer.
#[utoipa::path(post, path = "/v1/amendments/{id}/return", tag = "decisions", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Amendment, headers(("ETag" = String))), Problems))]
async fn send_back(
    may: May<ReturnApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Amendment>>,
    Json(body): Json<Reason>,
) -> Result<WithRevision<Amendment>, Error> {
    acting::send_back(&may, &house, id, body).await.map(revised)
}

/// Give it up without a decision.
#[utoipa::path(post, path = "/v1/amendments/{id}/drop", tag = "decisions", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Amendment, headers(("ETag" = String))), Problems))]
async fn give_up(
    may: May<MayRecommend>,
    State(house): State<House>,
    Path(id): Path<Id<value::Amendment>>,
    Json(body): Json<Reason>,
) -> Result<WithRevision<Amendment>, Error> {
    acting::give_up(&may, &house, id, body).await.map(revised)
}

/// Note an attempt to serve the letter.
#[utoipa::path(post, path = "/v1/amendments/{id}/deliver", tag = "decisions", request_body = Deliver,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Amendment, headers(("ETag" = String))), Problems))]
async fn deliver(
    may: May<DeliverLetters>,
    State(house): State<House>,
    Path(id): Path<Id<value::Amendment>>,
    Json(body): Json<Deliver>,
) -> Result<WithRevision<Amendment>, Error> {
    acting::deliver(&may, &house, id, body).await.map(revised)
}

/// The second body decides on it, where two granted the right: it confirms it, refuses it, or sends it back, which opens it anew.
#[utoipa::path(post, path = "/v1/amendments/{id}/confirm", tag = "decisions", request_body = ConfirmAmendment,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Amendment, headers(("ETag" = String))), Problems))]
async fn confirm(
    may: May<ConfirmDecisions>,
    State(house): State<House>,
    Path(id): Path<Id<value::Amendment>>,
    Json(body): Json<ConfirmAmendment>,
) -> Result<WithRevision<Amendment>, Error> {
    confirming::confirm(&may, &house, id, body).await.map(revised)
}

/// Note an attempt to serve the second body's letter on it; once it is served, its own term for an appeal runs.
#[utoipa::path(post, path = "/v1/amendments/{id}/confirmation/deliver", tag = "decisions", request_body = Deliver,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Amendment, headers(("ETag" = String))), Problems))]
async fn deliver_confirmation(
    may: May<DeliverLetters>,
    State(house): State<House>,
    Path(id): Path<Id<value::Amendment>>,
    Json(body): Json<Deliver>,
) -> Result<WithRevision<Amendment>, Error> {
    confirming::deliver(&may, &house, id, body).await.map(revised)
}
