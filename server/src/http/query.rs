use super::json::reason;
use crate::problem::Error;
use axum::{
    extract::{FromRequestParts, path::ErrorKind, rejection::PathRejection},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

/// Parameters after the `?`. Unknown ones, wrong types and NUL are refused by name.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let text = parts.uri.query().unwrap_or_default().as_bytes();
        if let Some((name, _)) =
            form_urlencoded::parse(text).find(|(name, value)| name.contains('\0') || value.contains('\0'))
        {
            return Err(Error::field(
                name.replace('\0', ""),
                "nul",
                "The character NUL cannot be taken.",
            ));
        }
        let form = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text));
        serde_path_to_error::deserialize(form)
            .map(Query)
            .map_err(|error| {
                let at = error.path().to_string();
                let (code, name, message) = reason(&error.into_inner().to_string());
                let pointer = name.unwrap_or(if at == "." { String::new() } else { at });
                Error::field(pointer, code, message)
            })
    }
}

/// Parameters in the path: `Path(id): Path<Id<Person>>`.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => Err(match error.into_kind() {
                ErrorKind::ParseErrorAtKey { key, .. } | ErrorKind::DeserializeError { key, .. } => {
                    Error::field(key, "not-an-id", "This is not an id of such a thing.")
                }
                ErrorKind::InvalidUtf8InPathParam { key } => {
                    Error::field(key, "not-utf-8", "This is not UTF-8.")
                }
                ErrorKind::ParseError { .. }
                | ErrorKind::Message(_)
                | ErrorKind::ParseErrorAtIndex { .. } => {
                    Error::field("id", "not-an-id", "This is not an id of such a thing.")
                }
                other => Error::fault(other),
            }),
            Err(other) => Err(Error::fault(other)),
        }
    }
}

/// How many rows a list answers: 1 to 200, 50 when not said.
pub fn limit(asked: Option<u16>) -> Result<usize, Error> {
    match asked {
        None => Ok(50),
        Some(limit @ 1..=200) => Ok(usize::from(limit)),
        Some(_) => Err(Error::field("limit", "range", "A page has 1 to 200 entries.")),
    }
}
