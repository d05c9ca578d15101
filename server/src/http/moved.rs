//! Whoever asks for a person who was merged is led to the one who stays.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use karton_api::{Id, value::Person};

/// An answer about somebody who was merged into another.
#[derive(Debug, Clone, Copy)]
pub struct Moved {
    /// Who was asked for.
    pub person: Id<Person>,
    /// Who stays.
    pub stays: Id<Person>,
}

/// Where the address names the one who went, answers 307 with the address of the one who stays, so that the same is asked there. Where the
/// body names them, the problem stays as it is.
pub async fn lead(request: Request, next: Next) -> Response {
    let asked = request.uri().path_and_query().map(ToString::to_string);
    let mut response = next.run(request).await;
    let Some(moved) = response.extensions().get::<Moved>().copied() else {
        return response;
    };
    let (went, stays) = (moved.person.to_string(), moved.stays.to_string());
    let there = asked
        .filter(|asked| asked.contains(&went))
        .and_then(|asked| HeaderValue::try_from(asked.replace(&went, &stays)).ok());
    if let Some(there) = there {
        *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
        response.headers_mut().insert(header::LOCATION, there);
    }
    response
}
