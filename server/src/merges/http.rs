//! Routes of merges.

use super::actions;
use crate::{
    access::{ConfirmMerges, DeclineMerges, KeepPersons, May, ReadDossiers},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::{Page, Reason},
    duplicates::{MergeView, MergesQuery, ProposeMerge},
    value::{Merge, Person},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(propose))
        .routes(routes!(list))
        .routes(routes!(see))
        .routes(routes!(confirm))
        .routes(routes!(decline))
        .routes(routes!(undo))
}

type Answered = Result<WithRevision<MergeView>, Error>;

fn with_revision(merge: MergeView) -> WithRevision<MergeView> {
    let revision = merge.revision;
    WithRevision(merge, revision)
}

/// Propose that a person be merged into another. Another officer confirms.
#[utoipa::path(post, path = "/v1/persons/{id}/merge", tag = "duplicates", request_body = ProposeMerge,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = MergeView, headers(("ETag" = String))), Problems))]
async fn propose(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<ProposeMerge>,
) -> Answered {
    actions::propose(&may, &house, id, body).await.map(with_revision)
}

/// Merges of two dossiers, the newest first.
#[utoipa::path(get, path = "/v1/merges", tag = "duplicates", params(MergesQuery),
    responses((status = 200, body = Page<MergeView>), Problems))]
async fn list(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Query(query): Query<MergesQuery>,
) -> Result<Json<Page<MergeView>>, Error> {
    Ok(Json(actions::list(&may, &house, query).await?))
}

/// One merge.
#[utoipa::path(get, path = "/v1/merges/{id}", tag = "duplicates", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = MergeView, headers(("ETag" = String))), Problems))]
async fn see(may: May<ReadDossiers>, State(house): State<House>, Path(id): Path<Id<Merge>>) -> Answered {
    actions::see(&may, &house, id).await.map(with_revision)
}

/// Another officer confirms: both numbers find the one who stays from now on.
#[utoipa::path(post, path = "/v1/merges/{id}/confirm", tag = "duplicates", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = MergeView, headers(("ETag" = String))), Problems))]
async fn confirm(
    may: May<ConfirmMerges>,
    State(house): State<House>,
    Path(id): Path<Id<Merge>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<Reason>,
) -> Answered {
    actions::confirm(&may, &house, (id, revision), body)
        .await
        .map(with_revision)
}

/// Another officer says no, or the first takes the proposal back.
#[utoipa::path(post, path = "/v1/merges/{id}/decline", tag = "duplicates", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = MergeView, headers(("ETag" = String))), Problems))]
async fn decline(
    may: May<DeclineMerges>,
    State(house): State<House>,
    Path(id): Path<Id<Merge>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<Reason>,
) -> Answered {
    actions::decline(&may, &house, (id, revision), body)
        .await
        .map(with_revision)
}

/// Undo a merge: what it moved is as it was.
#[utoipa::path(post, path = "/v1/merges/{id}/undo", tag = "duplicates", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = MergeView, headers(("ETag" = String))), Problems))]
async fn undo(
    may: May<ConfirmMerges>,
    State(house): State<House>,
    Path(id): Path<Id<Merge>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<Reason>,
) -> Answered {
    actions::undo(&may, &house, (id, revision), body)
        .await
        .map(with_revision)
}
