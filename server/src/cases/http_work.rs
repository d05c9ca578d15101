//! Routes of what stands in a case in versions: forms, plans, what was written down.

use super::{desk::Way, http::look, http_acts, noting, store, view};
use crate::{
    access::{May, ReadDossiers, WorkCases},
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
        .routes(routes!(all_sheets, http_acts::appraise))
        .routes(routes!(plans, http_acts::propose))
        .routes(routes!(notes, write))
        .routes(routes!(versions, correct))
        .routes(routes!(realise))
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
    let most = limit(page.limit)?;
    let before: Option<Id<value::Note>> = cursor::decode(page.cursor.as_deref())?;
    let rows = look(&may, &house, id, move |tx, house, it| {
        let way = Way::of_house(house, tx, it)?;
        let found = store::all_sheets(tx, it.matter(), before, most + 1)?;
        found
            .into_iter()
            .map(|sheet| view::sheet(tx, &way, sheet))
            .collect::<Result<Vec<_>, Error>>()
    })
    .await?;
    Ok(Json(cursor::page(rows, most, |sheet| sheet.id)))
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
