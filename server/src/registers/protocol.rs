//! The X-Road message protocol for REST (PR-REST 1.0.4), as far as a provider's side shows it: addresses, headers, errors.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use sha2::{Digest as _, Sha512};

pub(super) const CLIENT: HeaderName = HeaderName::from_static("x-road-client");
pub(super) const SERVICE: HeaderName = HeaderName::from_static("x-road-service");
pub(super) const ID: HeaderName = HeaderName::from_static("x-road-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-road-request-id");
const REQUEST_HASH: HeaderName = HeaderName::from_static("x-road-request-hash");
const ERROR: HeaderName = HeaderName::from_static("x-road-error");
const USER: HeaderName = HeaderName::from_static("x-road-userid");
const ISSUE: HeaderName = HeaderName::from_static("x-road-issue");
const REPRESENTED: HeaderName = HeaderName::from_static("x-road-represented-party");

/// Longer identifiers are refused; the protocol leaves the bound to the server.
const LONGEST: usize = 255;

/// A request's X-Road headers, checked.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// Instance/class/member/[subsystem] of who asks.
    pub(super) client: String,
    /// The message's id: the client's own, or one made here where it gave none.
    pub(super) id: String,
    /// Instance/class/member/[subsystem/]service.
    pub(super) service: String,
    /// What binds the answer to the request.
    pub(super) hash: String,
}

/// A random UUID, for ids that the protocol wants unique.
pub(super) fn fresh_id() -> String {
    uuid::Builder::from_random_bytes(rand::random())
        .into_uuid()
        .to_string()
}

/// Reads the headers. An error says which one is wrong, in words for the protocol's `message`.
pub(super) fn read(headers: &HeaderMap, service: &str, body: &[u8]) -> Result<Message, String> {
    let one = |name: &HeaderName| -> Result<Option<String>, String> {
        // Of several the last counts (4.3).
        let Some(value) = headers.get_all(name).iter().next_back() else {
            return Ok(None);
        };
        match value.to_str() {
            Ok(text) if !text.is_empty() && text.len() <= LONGEST => Ok(Some(text.to_owned())),
            _ => Err(format!(
                "The header {name} must be 1 to {LONGEST} visible ASCII characters"
            )),
        }
    };
    let client = one(&CLIENT)?.ok_or_else(|| format!("The header {CLIENT} is missing"))?;
    let parts: Vec<&str> = client.split('/').collect();
    if !(3..=4).contains(&parts.len()) || !parts.iter().all(|part| is_identifier(part)) {
        return Err(format!(
            "The header {CLIENT} must be instance/memberClass/memberCode/subsystemCode"
        ));
    }
    if let Some(party) = one(&REPRESENTED)? {
        let parts: Vec<&str> = party.split('/').collect();
        if parts.len() > 2 || !parts.iter().all(|part| is_identifier(part)) {
            return Err(format!(
                "The header {REPRESENTED} must be memberClass/memberCode or memberCode"
            ));
        }
    }
    let (user, issue) = (one(&USER)?, one(&ISSUE)?);
    let id = one(&ID)?.unwrap_or_else(fresh_id);
    let hash = hash(
        &[("x-road-client", &client), ("x-road-id", &id)],
        user.as_deref(),
        issue.as_deref(),
        service,
        body,
    );
    Ok(Message {
        client,
        id,
        service: service.to_owned(),
        hash,
    })
}

/// A part of an identifier: percent-encoded UTF-8 without the characters that the protocol forbids (4.8).
fn is_identifier(part: &str) -> bool {
    !part.is_empty()
        && part
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b':' | b';' | b'/' | b'\\'))
        && !part.to_ascii_lowercase().contains("%2f")
}

/// base64(SHA-512(SHA-512(headers) + SHA-512(body))) over the request line's service and the X-Road headers, one a line.
fn hash(
    headers: &[(&str, &str)],
    user: Option<&str>,
    issue: Option<&str>,
    service: &str,
    body: &[u8],
) -> String {
    let mut of_headers = Sha512::new();
    of_headers.update(format!("POST /r1/{service}\r\n"));
    let optional = [("x-road-userid", user), ("x-road-issue", issue)];
    let optional = optional
        .iter()
        .filter_map(|(name, value)| Some((*name, (*value)?)));
    for (name, value) in headers.iter().copied().chain(optional) {
        of_headers.update(format!("{name}:{value}\r\n"));
    }
    let mut all = Sha512::new();
    all.update(of_headers.finalize());
    all.update(Sha512::digest(body));
    STANDARD.encode(all.finalize())
}

/// An answer of the institution, with the headers that its security server adds.
pub(super) fn answer(message: &Message, status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=utf-8"),
    );
    let fresh = fresh_id();
    for (name, value) in [
        (CLIENT, &message.client),
        (SERVICE, &message.service),
        (ID, &message.id),
        (REQUEST_ID, &fresh),
        (REQUEST_HASH, &message.hash),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// An error of the institution itself (category 1 of 4.6): its own shape, without `X-Road-Error`.
pub(super) fn refusal(message: &Message, status: StatusCode, why: &str) -> Response {
    let error = status.canonical_reason().unwrap_or("Error");
    let body = json!({ "status": status.as_u16(), "error": error, "message": why });
    answer(message, status, Body::from(body.to_string()))
}

/// An error of X-Road on the way (categories 2 to 4 of 4.6): `{type, message, detail}` and the header `X-Road-Error`.
pub(super) fn error(status: StatusCode, kind: &'static str, message: &str) -> Response {
    let body = json!({ "type": kind, "message": message, "detail": fresh_id() });
    let mut response = Response::new(Body::from(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=utf-8"),
    );
    headers.insert(ERROR, HeaderValue::from_static(kind));
    response
}
