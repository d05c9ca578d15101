//! Routes of documents.

use super::{actions, find, issued, name, uploads};
use crate::{
    access::{FileDocuments, May, ReadDossiers},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use base64::Engine as _;
use karton_api::{
    Id,
    common::Page,
    documents::{
        AddVersion, ChangeDocument, DocumentHit, DocumentSummary, DocumentText, DocumentView, DocumentsQuery,
        FileDocument, IssuedPaper, IssuedQuery, SearchDocuments, Uploaded,
    },
    value::{Document, Upload},
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(upload))
        .routes(routes!(file, list))
        .routes(routes!(search))
        .routes(routes!(issued))
        .routes(routes!(view, change))
        .routes(routes!(add_version))
        .routes(routes!(text))
        .routes(routes!(content))
}

/// Send a file, under an id the client makes; it is filed afterwards. The same content again under the same id changes nothing. A
/// `Content-Digest` (RFC 9530, `sha-256`) is compared with what arrived.
#[utoipa::path(put, path = "/v1/documents/uploads/{id}", tag = "documents",
    params(("id" = String, Path, format = Uuid), ("Content-Digest" = Option<String>, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Uploaded), Problems))]
async fn upload(
    may: May<FileDocuments>,
    State(house): State<House>,
    Path(id): Path<Id<Upload>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Uploaded>, Error> {
    Ok(Json(uploads::take(&may, &house, id, &headers, body).await?))
}

/// File a document: an upload, or a paper that is kept in the folder.
#[utoipa::path(post, path = "/v1/documents", tag = "documents", request_body = FileDocument,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = DocumentView, headers(("ETag" = String))), Problems))]
async fn file(
    may: May<FileDocuments>,
    State(house): State<House>,
    Json(body): Json<FileDocument>,
) -> Result<WithRevision<DocumentView>, Error> {
    revised(actions::file(&may, &house, body).await?)
}

/// The documents of a dossier, a matter, a decision or a question to a register, the newest first.
#[utoipa::path(get, path = "/v1/documents", tag = "documents", params(DocumentsQuery),
    responses((status = 200, body = Page<DocumentSummary>), Problems))]
async fn list(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Query(query): Query<DocumentsQuery>,
) -> Result<Json<Page<DocumentSummary>>, Error> {
    Ok(Json(actions::list(&may, &house, query).await?))
}

/// Find documents by type and by words of title, file name and content.
#[utoipa::path(post, path = "/v1/documents/search", tag = "documents", request_body = SearchDocuments,
    responses((status = 200, body = Page<DocumentHit>), Problems))]
async fn search(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Json(body): Json<SearchDocuments>,
) -> Result<Json<Page<DocumentHit>>, Error> {
    Ok(Json(find::search(&may, &house, body).await?))
}

/// Letters as issued to a person, the newest first; they never change.
#[utoipa::path(get, path = "/v1/documents/issued", tag = "documents", params(IssuedQuery),
    responses((status = 200, body = Page<IssuedPaper>), Problems))]
async fn issued(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Query(query): Query<IssuedQuery>,
) -> Result<Json<Page<IssuedPaper>>, Error> {
    Ok(Json(issued::list(&may, &house, query).await?))
}

/// A document with all its versions.
#[utoipa::path(get, path = "/v1/documents/{id}", tag = "documents", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = DocumentView, headers(("ETag" = String))), Problems))]
async fn view(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Document>>,
) -> Result<WithRevision<DocumentView>, Error> {
    revised(actions::see(&may, &house, id).await?)
}

/// Correct what is known about a document; its content changes by a new version only.
#[utoipa::path(patch, path = "/v1/documents/{id}", tag = "documents", request_body = ChangeDocument,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, body = DocumentView, headers(("ETag" = String))), Problems))]
async fn change(
    may: May<FileDocuments>,
    State(house): State<House>,
    Path(id): Path<Id<Document>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<ChangeDocument>,
) -> Result<WithRevision<DocumentView>, Error> {
    revised(actions::change(&may, &house, id, revision, body).await?)
}

/// Add a version; the earlier ones stay.
#[utoipa::path(post, path = "/v1/documents/{id}/versions", tag = "documents", request_body = AddVersion,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = DocumentView, headers(("ETag" = String))), Problems))]
async fn add_version(
    may: May<FileDocuments>,
    State(house): State<House>,
    Path(id): Path<Id<Document>>,
    Json(body): Json<AddVersion>,
) -> Result<WithRevision<DocumentView>, Error> {
    revised(actions::add_version(&may, &house, id, body).await?)
}

/// The text of the newest version, and where reading it stands.
#[utoipa::path(get, path = "/v1/documents/{id}/text", tag = "documents", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = DocumentText), Problems))]
async fn text(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Document>>,
) -> Result<Json<DocumentText>, Error> {
    Ok(Json(actions::text_of(&may, &house, id).await?))
}

/// Which version.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichVersion {
    /// Its number; the newest when not said.
    #[param(minimum = 1)]
    version: Option<u32>,
}

/// The bytes of a version, to be saved, never to be shown by a browser. An answer that ends early is not whole: its bytes are compared with
/// their hash while they are read.
#[utoipa::path(get, path = "/v1/documents/{id}/content", tag = "documents",
    params(("id" = String, Path, format = Uuid), WhichVersion),
    responses((status = 200, description = "The bytes, of the type that was read from them", content_type = "application/octet-stream",
        body = Vec<u8>, headers(("ETag" = String), ("Content-Digest" = String))), Problems))]
async fn content(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Document>>,
    Query(which): Query<WhichVersion>,
) -> Result<Response, Error> {
    let (version, hash, content) = actions::content(&may, &house, id, which.version).await?;
    let digest = base64::engine::general_purpose::STANDARD.encode(hash.bytes());
    let media = version
        .media_type
        .as_deref()
        .unwrap_or("application/octet-stream");
    let name = version.file_name.as_deref().unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_LENGTH, content.size().to_string()),
        (header::CONTENT_DISPOSITION, name::disposition(name)),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox".to_owned(),
        ),
        (header::ETAG, format!("\"{hash}\"")),
        (
            HeaderName::from_static("content-digest"),
            format!("sha-256=:{digest}:"),
        ),
    ];
    let mut response = Body::new(content).into_response();
    for (header, value) in headers {
        let value = HeaderValue::try_from(value).map_err(Error::fault)?;
        response.headers_mut().insert(header, value);
    }
    Ok(response)
}

fn revised(view: DocumentView) -> Result<WithRevision<DocumentView>, Error> {
    let revision = view.summary.revision;
    Ok(WithRevision(view, revision))
}
