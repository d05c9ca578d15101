//! Routes of the caseworker's work: forms, plans, notes, activities, the monitoring list, referrals, reviews.

use super::{
    http::{Answered, look, sheets, with_revision},
    noting, planning, store, view, working,
};
use crate::{
    access::{LeadCases, May, ReadDossiers, WorkCases},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision, cursor, limit},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Date, Id,
    cases::*,
    common::{Page, PageQuery},
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(all_sheets, appraise))
        .routes(routes!(plans, propose))
        .routes(routes!(approve))
        .routes(routes!(notes, write))
        .routes(routes!(versions, correct))
        .routes(routes!(realise))
        .routes(routes!(watch))
        .routes(routes!(settle))
        .routes(routes!(refer))
        .routes(routes!(review))
}

type Noted = Result<WithRevision<Note>, Error>;

fn noted(note: Note) -> WithRevision<Note> {
    let version = i64::from(note.version);
    WithRevision(note, version)
}

/// Filled forms in all their versions, the newest first.
#[utoipa::path(get, path = "/v1/cases/{id}/sheets", tag = "cases", params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<Sheet>), Problems))]
async fn all_sheets(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Sheet>>, Error> {
    sheets(&may, &house, id, page).await
}

/// Fill in the form of a step, or correct it.
#[utoipa::path(post, path = "/v1/cases/{id}/sheets", tag = "cases", request_body = Appraise,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn appraise(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Json(body): Json<Appraise>,
) -> Answered {
    working::appraise(&may, &house, id, body).await.map(with_revision)
}

/// Every version of the plan, the newest first.
#[utoipa::path(get, path = "/v1/cases/{id}/plans", tag = "cases", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Page<Plan>), Problems))]
async fn plans(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
) -> Result<Json<Page<Plan>>, Error> {
    let items = look(&may, &house, id, |tx, _, it| {
        let versions = store::plans(tx, it.matter())?;
        versions
            .iter()
            .map(|version| view::plan(tx, it, version))
            .collect::<Result<Vec<_>, Error>>()
    })
    .await?;
    Ok(Json(Page { items, next: None }))
}

/// Propose a plan.
#[utoipa::path(post, path = "/v1/cases/{id}/plans", tag = "cases", request_body = NewPlan,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn propose(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Json(body): Json<NewPlan>,
) -> Answered {
    planning::propose(&may, &house, id, body).await.map(with_revision)
}

/// Approve the plan that was proposed: another officer than who proposed it.
#[utoipa::path(post, path = "/v1/cases/{id}/approve", tag = "cases", request_body = ApprovePlan,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn approve(
    may: May<LeadCases>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Json(body): Json<ApprovePlan>,
) -> Answered {
    planning::approve(&may, &house, id, body).await.map(with_revision)
}

/// What is written down: contacts, visits, notes, activities, reviews, referrals; the newest day first.
#[utoipa::path(get, path = "/v1/cases/{id}/notes", tag = "cases", params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<Note>), Problems))]
async fn notes(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Note>>, Error> {
    let most = limit(page.limit)?;
    let before: Option<(Date, Id<value::Note>)> = cursor::decode(page.cursor.as_deref())?;
    let rows = look(&may, &house, id, move |tx, _, it| {
        let found = store::notes(tx, it.matter(), before, most + 1)?;
        found
            .iter()
            .map(|note| view::note(tx, note))
            .collect::<Result<Vec<_>, Error>>()
    })
    .await?;
    Ok(Json(cursor::page(rows, most, |note| (note.on, note.id))))
}

/// Write down a contact, a visit or a note.
#[utoipa::path(post, path = "/v1/cases/{id}/notes", tag = "cases", request_body = NewNote,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Note, headers(("ETag" = String))), Problems))]
async fn write(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Json(body): Json<NewNote>,
) -> Noted {
    noting::write(&may, &house, id, body).await.map(noted)
}

/// Every version of something that was written down, the newest first.
#[utoipa::path(get, path = "/v1/cases/{id}/notes/{note}", tag = "cases",
    params(("id" = String, Path, format = Uuid), ("note" = String, Path, format = Uuid)),
    responses((status = 200, body = Page<Note>), Problems))]
async fn versions(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path((id, thing)): Path<(Id<value::Case>, Id<value::Note>)>,
) -> Result<Json<Page<Note>>, Error> {
    let items = look(&may, &house, id, move |tx, _, it| {
        let found = store::versions(tx, it.matter(), thing)?;
        if found.is_empty() {
            return Err(Error::Missing);
        }
        found
            .iter()
            .map(|note| view::note(tx, note))
            .collect::<Result<Vec<_>, Error>>()
    })
    .await?;
    Ok(Json(Page { items, next: None }))
}

/// Correct what was written down: a new version; the old one stays.
#[utoipa::path(put, path = "/v1/cases/{id}/notes/{note}", tag = "cases", request_body = ChangeNote,
    params(("id" = String, Path, format = Uuid), ("note" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, body = Note, headers(("ETag" = String))), Problems))]
async fn correct(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(ids): Path<(Id<value::Case>, Id<value::Note>)>,
    IfMatch(seen): IfMatch,
    Json(body): Json<ChangeNote>,
) -> Noted {
    noting::correct(&may, &house, ids, seen, body).await.map(noted)
}

/// An activity of the plan was carried out, in part or not at all.
#[utoipa::path(post, path = "/v1/cases/{id}/activities/{activity}", tag = "cases", request_body = Realise,
    params(("id" = String, Path, format = Uuid), ("activity" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Note, headers(("ETag" = String))), Problems))]
async fn realise(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(ids): Path<(Id<value::Case>, Id<value::Activity>)>,
    Json(body): Json<Realise>,
) -> Noted {
    noting::realise(&may, &house, ids, body).await.map(noted)
}

/// Put something on the monitoring list.
#[utoipa::path(post, path = "/v1/cases/{id}/watches", tag = "cases", request_body = NewWatch,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn watch(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Json(body): Json<NewWatch>,
) -> Answered {
    noting::watch(&may, &house, id, body).await.map(with_revision)
}

/// A line of the monitoring list is done, or needed no longer.
#[utoipa::path(post, path = "/v1/cases/{id}/watches/{watch}/settle", tag = "cases", request_body = SettleWatch,
    params(("id" = String, Path, format = Uuid), ("watch" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn settle(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(ids): Path<(Id<value::Case>, Id<value::Watch>)>,
    Json(body): Json<SettleWatch>,
) -> Answered {
    noting::settle_watch(&may, &house, ids, body)
        .await
        .map(with_revision)
}

/// Refer the person to another service or body.
#[utoipa::path(post, path = "/v1/cases/{id}/referrals", tag = "cases", request_body = Refer,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn refer(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Json(body): Json<Refer>,
) -> Answered {
    working::refer(&may, &house, id, body).await.map(with_revision)
}

/// Look at the case again.
#[utoipa::path(post, path = "/v1/cases/{id}/reviews", tag = "cases", request_body = Review,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn review(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Json(body): Json<Review>,
) -> Answered {
    working::review(&may, &house, id, body).await.map(with_revision)
}
