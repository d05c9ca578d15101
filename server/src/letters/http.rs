//! Routes of letters.

use super::actions::{self, Read};
use crate::{
    access::{May, ReadDossiers},
    house::House,
    http::{Json, Path, Query},
    problem::{Error, Problems},
};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use karton_api::{
    Id,
    decisions::{LetterForm, LetterQuery},
    lodgings::Paper,
    value::{Amendment, Application, Confirmation, Decision, Letter},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(letter))
        .routes(routes!(completion))
        .routes(routes!(paper))
        .routes(routes!(paper_letter))
        .routes(routes!(slip))
        .routes(routes!(amendment))
        .routes(routes!(amendment_slip))
        .routes(routes!(confirmation))
        .routes(routes!(confirmation_slip))
}

/// The letter of a decision, as issued.
#[utoipa::path(get, path = "/v1/decisions/{id}/letter", tag = "decisions",
    params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The letter as issued", headers(("ETag" = String)),
            content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn letter(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Decision>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    answer(actions::of_decision(&may, &house, id, query).await?)
}

/// The letter that asks the applicant to complete an application, the newest one, as issued.
#[utoipa::path(get, path = "/v1/applications/{id}/completion-letter", tag = "applications",
    params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The letter as issued", headers(("ETag" = String)),
            content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn completion(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Application>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    answer(actions::of_request(&may, &house, id, query).await?)
}

/// A receipt or dismissal.
#[utoipa::path(get, path = "/v1/papers/{id}", tag = "applications", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Paper), Problems))]
async fn paper(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Letter>>,
) -> Result<Json<Paper>, Error> {
    Ok(Json(actions::paper(&may, &house, id).await?))
}

/// The letter of a receipt or dismissal, as issued.
#[utoipa::path(get, path = "/v1/papers/{id}/letter", tag = "applications",
    params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The letter as issued", headers(("ETag" = String)),
            content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn paper_letter(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Letter>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    answer(actions::of_paper(&may, &house, id, query).await?)
}

/// The slip on which the addressee signs for a decision's letter.
#[utoipa::path(get, path = "/v1/decisions/{id}/slip", tag = "decisions",
    params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The slip, to be printed", headers(("ETag" = String)),
            content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn slip(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Decision>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    answer(actions::slip_of_decision(&may, &house, id, query).await?)
}

/// The letter of a later decision, as issued.
#[utoipa::path(get, path = "/v1/amendments/{id}/letter", tag = "decisions",
    params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The letter as issued", headers(("ETag" = String)),
            content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn amendment(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Amendment>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    answer(actions::of_amendment(&may, &house, id, query).await?)
}

/// The slip on which the addressee signs for a later decision's letter.
#[utoipa::path(get, path = "/v1/amendments/{id}/slip", tag = "decisions",
    params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The slip, to be printed", headers(("ETag" = String)),
            content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn amendment_slip(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Amendment>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    answer(actions::slip_of_amendment(&may, &house, id, query).await?)
}

/// The letter of a second decision, as issued.
#[utoipa::path(get, path = "/v1/confirmations/{id}/letter", tag = "decisions",
    params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The letter as issued", headers(("ETag" = String)),
            content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn confirmation(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Confirmation>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    answer(actions::of_confirmation(&may, &house, id, query).await?)
}

/// The slip on which the addressee signs for the letter of a second decision.
#[utoipa::path(get, path = "/v1/confirmations/{id}/slip", tag = "decisions",
    params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The slip, to be printed", headers(("ETag" = String)),
            content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn confirmation_slip(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Confirmation>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    answer(actions::slip_of_confirmation(&may, &house, id, query).await?)
}

fn answer(read: Read) -> Result<Response, Error> {
    let (kind, ending) = match read.form {
        LetterForm::Pdf => ("application/pdf", "pdf"),
        LetterForm::Text => ("text/plain; charset=utf-8", "txt"),
        LetterForm::Html => ("text/html; charset=utf-8", "html"),
    };
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = read.number.chars().map(safe).collect();
    let mut response = read.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    for (header, value) in [
        (header::ETAG, format!("\"{}-{ending}\"", read.hash)),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}.{ending}\""),
        ),
    ] {
        headers.insert(header, HeaderValue::try_from(value).map_err(Error::fault)?);
    }
    Ok(response)
}
