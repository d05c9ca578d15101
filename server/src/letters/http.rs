//! The route of letters.

use super::actions;
use crate::{
    access::{May, ReadDossiers},
    house::House,
    http::{Path, Query},
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
    value::Decision,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(letter))
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
    let read = actions::read(&may, &house, id, query).await?;
    let (kind, ending) = match read.form {
        LetterForm::Pdf => ("application/pdf", "pdf"),
        LetterForm::Text => ("text/plain; charset=utf-8", "txt"),
        LetterForm::Html => ("text/html; charset=utf-8", "html"),
    };
    let name: String = read
        .number
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
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
