use super::Json;
use crate::problem::Error;
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// The revision that the officer saw: `If-Match: "7"`. Required where a handler takes it; 428 without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl IfMatch {
    /// Refuses with the revision that stands when it is another one.
    pub fn check(self, stands: i64) -> Result<(), Error> {
        if self.0 == stands {
            Ok(())
        } else {
            Err(Error::Changed(stands))
        }
    }
}

fn read(parts: &Parts) -> Result<Option<IfMatch>, Error> {
    let Some(header) = parts.headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let number = header
        .to_str()
        .ok()
        .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
        .filter(|number| *number >= 0);
    match number {
        Some(number) => Ok(Some(IfMatch(number))),
        None => Err(Error::Malformed(
            "`If-Match` takes one revision in quotes, as the ETag gave it: \"7\".".into(),
        )),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        read(parts)?.ok_or(Error::RevisionNeeded)
    }
}
impl<S: Send + Sync> OptionalFromRequestParts<S> for IfMatch {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Error> {
        read(parts)
    }
}

/// An answer with its revision as `ETag: "7"`.
#[derive(Debug)]
pub struct WithRevision<T>(pub T, pub i64);

impl<T: Serialize> IntoResponse for WithRevision<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.0).into_response();
        if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", self.1)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}
