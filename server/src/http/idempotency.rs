//! The `Idempotency-Key` of a POST: a repeated request is answered with what the first one was told.
//!
//! The key is taken in the transaction of the action itself (`audit::write` does it), so a request that was refused leaves no key and
//! may be sent again. Where what the action answers is what its door answers, the answer is written there too (`audit::tell`): a server that dies
//! after the commit takes nothing with it. How a door answers, the description of the API says. The key belongs to the officer; of strangers it is not looked at, and they get their 401.

use super::json;
use crate::{
    access::sessions,
    house::House,
    problem::{Error, Refusal},
    store::{
        Tx,
        idempotency::{Answer, Key, Refused, once},
    },
};
use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use utoipa::openapi::{OpenApi, RefOr};

/// Headers that belong to an answer and are given again with it.
const KEPT: &[HeaderName] = &[header::CONTENT_TYPE, header::ETAG, header::LOCATION];

tokio::task_local! {
    static KEY: RequestKey;
}

/// The key that the request being worked on brought.
#[derive(Debug, Clone)]
pub struct RequestKey {
    key: Key,
    /// A transaction that took it has been committed: a second one of the same request goes on without.
    taken: Arc<AtomicBool>,
    /// How the door answers what is done.
    door: Option<Door>,
}

/// How a door answers what is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Door {
    status: u16,
    /// With the revision as ETag.
    revised: bool,
}

/// How each door answers a POST, by its path in the description.
#[derive(Debug, Clone, Default)]
pub struct Doors(Arc<HashMap<String, Door>>);

impl Doors {
    /// As the description of the API has them.
    pub fn of(api: &OpenApi) -> Doors {
        let mut doors = HashMap::new();
        for (path, item) in &api.paths.paths {
            let Some(operation) = &item.post else { continue };
            for (status, response) in &operation.responses.responses {
                let (Ok(status @ 200..=299), RefOr::T(response)) = (status.parse::<u16>(), response) else {
                    continue;
                };
                let revised = response
                    .headers
                    .keys()
                    .any(|name| name.eq_ignore_ascii_case("etag"));
                doors.insert(path.clone(), Door { status, revised });
            }
        }
        Doors(Arc::new(doors))
    }
}

#[derive(Deserialize)]
struct Revised {
    revision: i64,
}

impl RequestKey {
    /// Takes the key in this transaction, before anything else.
    pub fn take(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
        if self.taken.load(Ordering::Acquire) {
            return Ok(());
        }
        Ok(self.key.take(tx, now)?)
    }
    /// Writes what the action answers beside the key, as its door will say it.
    pub fn tell(&self, tx: &mut Tx, value: &impl Serialize) -> Result<(), Error> {
        let Some(door) = self.door.filter(|_| !self.taken.load(Ordering::Acquire)) else {
            return Ok(());
        };
        if door.status == StatusCode::NO_CONTENT.as_u16() {
            let answer = Answer {
                status: door.status,
                headers: String::new(),
                body: Vec::new(),
            };
            return Ok(self.key.tell(tx, answer)?);
        }
        let body = serde_json::to_vec(value).map_err(Error::fault)?;
        let mut headers = "content-type: application/json\n".to_owned();
        if door.revised {
            // Where the revision stands within, the answer is kept once the door has given it.
            let Ok(Revised { revision }) = serde_json::from_slice(&body) else {
                return Ok(());
            };
            headers.push_str(&format!("etag: \"{revision}\"\n"));
        }
        let status = door.status;
        Ok(self.key.tell(
            tx,
            Answer {
                status,
                headers,
                body,
            },
        )?)
    }
    /// The transaction that took the key has been committed.
    pub fn committed(&self) {
        self.taken.store(true, Ordering::Release);
    }
}

/// The key of the request being worked on, if it brought one.
pub fn of_this_request() -> Option<RequestKey> {
    KEY.try_with(Clone::clone).ok()
}

/// An answer that must not be kept, because it shows a secret once: a repeat hears that it was done.
#[derive(Debug, Clone, Copy)]
pub struct NotKept;

impl From<Refused> for Error {
    fn from(refused: Refused) -> Error {
        match refused {
            Refused::Reused => Refusal::KeyReused.into(),
            Refused::Taken | Refused::NoAnswer => Refusal::AlreadyDone.into(),
            Refused::Store(error) => error.into(),
        }
    }
}

/// The largest body that is taken at an address: files are larger than JSON.
fn largest(path: &str) -> usize {
    match path {
        "/v1/imports" => 64 << 20,
        _ => json::LARGEST,
    }
}

/// The layer.
pub(super) async fn layer(
    State((house, doors)): State<(House, Doors)>,
    request: Request,
    next: Next,
) -> Result<axum::response::Response, Error> {
    let Some(header) = request
        .headers()
        .get("idempotency-key")
        .filter(|_| request.method() == Method::POST)
        .cloned()
    else {
        return Ok(next.run(request).await);
    };
    let (mut parts, body) = request.into_parts();
    let door = parts
        .extensions
        .get::<MatchedPath>()
        .and_then(|path| doors.0.get(path.as_str()).copied());
    let session = match sessions::of_request(&mut parts, &house).await {
        Ok(session) => session,
        Err(Error::SignedOut) => return Ok(next.run(Request::from_parts(parts, body)).await),
        Err(other) => return Err(other),
    };
    let key = header
        .to_str()
        .ok()
        .filter(|key| (1..=100).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()));
    let Some(key) = key.map(str::to_owned) else {
        return Err(Error::Malformed(
            "`Idempotency-Key` takes 1 to 100 visible ASCII characters.".into(),
        ));
    };
    let body = json::upload(body, largest(parts.uri.path())).await?;
    let mut hash = Sha256::new();
    hash.update(parts.uri.path_and_query().map_or("", |path| path.as_str()));
    hash.update([0]);
    hash.update(&body);
    let key = Key::new(session.officer, &key, hash.finalize().into());
    let request_key = RequestKey {
        key: key.clone(),
        taken: Arc::default(),
        door,
    };
    let request = Request::from_parts(parts, Body::from(body));
    let told = Arc::new(Mutex::new(None));
    let once_told = Arc::clone(&told);
    let handler = KEY.scope(request_key, async move {
        let response = next.run(request).await;
        let secret = response.extensions().get::<NotKept>().is_some();
        let answer = pack(response).await;
        if !secret {
            return answer;
        }
        // Who asked first is told; what is kept for a repeat is only that it was done.
        *once_told.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        pack(Error::from(Refusal::AlreadyDone).into_response()).await
    });
    let kept = once(&house.store, &house.clock, &key, handler).await?;
    let told = told.lock().unwrap_or_else(PoisonError::into_inner).take();
    Ok(unpack(told.unwrap_or(kept)))
}

async fn pack(response: axum::response::Response) -> Answer {
    let (parts, body) = response.into_parts();
    let mut headers = String::new();
    for (name, value) in parts.headers.iter().filter(|(name, _)| KEPT.contains(name)) {
        if let Ok(value) = value.to_str() {
            headers.push_str(&format!("{name}: {value}\n"));
        }
    }
    let body = http_body_util::BodyExt::collect(body)
        .await
        .map(|body| body.to_bytes().to_vec())
        .unwrap_or_default();
    Answer {
        status: parts.status.as_u16(),
        headers,
        body,
    }
}

fn unpack(answer: Answer) -> axum::response::Response {
    let Ok(status) = StatusCode::from_u16(answer.status) else {
        return Error::fault("a kept answer has no status").into_response();
    };
    let mut response: Response<Body> = (status, answer.body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    for line in answer.headers.lines() {
        if let Some((name, value)) = line.split_once(": ")
            && let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
