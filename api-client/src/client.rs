//! The HTTP client: one method for each operation, on the wire types of the other files.
//!
//! Methods that write take a [`Key`] (sent as `Idempotency-Key`): the same key again is answered with the thing that
//! exists, so a call that was cut can be repeated. Methods that change something two people may edit take the revision
//! they saw (`If-Match`).

mod administration;
mod amendments;
mod applications;
mod cases;
mod catalogue;
mod confirmations;
mod decisions;
mod deputies;
mod documents;
mod dossiers;
mod duplicates;
mod households;
mod imports;
mod lodgings;
mod matters;
mod organisations;
mod persons;
mod protection;
mod session;
mod signals;
mod standing;
mod upgrades;

pub use documents::{FileError, Progress};

use crate::problem::Problem;
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// The key of a request that may be repeated: any text of 1 to 100 visible ASCII characters, made once per intention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(pub String);

/// Why a call brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused, and said why.
    #[error("{}", .0.detail.as_deref().unwrap_or(&.0.title))]
    Problem(Box<Problem>),
    /// The server could not be reached, or did not answer in time.
    #[error("the server does not answer: {0}")]
    Offline(String),
    /// The answer is not what the contract says.
    #[error("the server's answer cannot be read: {0}")]
    Unreadable(String),
}

/// How to reach a server.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// PEM certificates of a certificate authority to trust beside the system's.
    pub ca_pem: Option<Vec<u8>>,
    /// Time for one call; 30 seconds when not said.
    pub timeout: Option<Duration>,
}

/// A client of one server, with or without a session. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// Whoever was merged into another is found there: one step, on the same server, with the same request. Nothing else is followed.
fn to_the_one_who_stays(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let here = attempt.previous().first().map(reqwest::Url::origin);
    let same = attempt.status() == StatusCode::TEMPORARY_REDIRECT
        && attempt.previous().len() == 1
        && here == Some(attempt.url().origin());
    if same { attempt.follow() } else { attempt.stop() }
}

/// Answers larger than this are not read.
const LARGEST_ANSWER: usize = 32 << 20;

impl Client {
    /// Prepares a client; nothing is sent. `base` is `http://host:port` or `https://…` without a path.
    pub fn new(base: &str, settings: &Settings) -> Result<Client, Error> {
        // Whoever embeds a server has installed a provider already; both are the same one.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .timeout(settings.timeout.unwrap_or(Duration::from_secs(30)))
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::custom(to_the_one_who_stays))
            .user_agent(concat!("karton/", env!("CARGO_PKG_VERSION")));
        if base.starts_with("http://") {
            // Nothing is encrypted there and nobody is followed elsewhere: the system's certificates need not be read.
            builder = builder.tls_certs_only([]);
        }
        if let Some(pem) = &settings.ca_pem {
            let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(unreadable)?;
            builder = builder.tls_certs_merge(certificates);
        }
        let http = builder.build().map_err(unreadable)?;
        Ok(Client {
            http,
            base: base.trim_end_matches('/').to_owned(),
            token: None,
        })
    }
    /// The same client with a session's token.
    pub fn signed_in(&self, token: &str) -> Client {
        Client {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }
    /// Where the server is.
    pub fn base(&self) -> &str {
        &self.base
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        read(self.request(Method::GET, path)).await
    }
    async fn ask<Q: Serialize, T: DeserializeOwned>(&self, path: &str, query: &Q) -> Result<T, Error> {
        let query = pairs(query)?;
        let path = if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        };
        read(self.request(Method::GET, &path)).await
    }
    async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        key: Option<&Key>,
        body: &B,
    ) -> Result<T, Error> {
        read(with_key(self.request(Method::POST, path), key).json(body)).await
    }
    async fn change<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        revision: i64,
        body: &B,
    ) -> Result<T, Error> {
        read(
            self.request(method, path)
                .header(header::IF_MATCH, format!("\"{revision}\""))
                .json(body),
        )
        .await
    }

    /// `GET /healthz`
    pub async fn health(&self) -> Result<(), Error> {
        bytes(self.request(Method::GET, "/healthz")).await.map(drop)
    }
    /// `GET /readyz`
    pub async fn ready(&self) -> Result<(), Error> {
        bytes(self.request(Method::GET, "/readyz")).await.map(drop)
    }
}

/// A body without fields, for actions that need none.
#[derive(Serialize)]
struct Empty {}

fn with_key(request: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    match key {
        Some(key) => request.header("Idempotency-Key", &key.0),
        None => request,
    }
}

/// The query string of a flat structure; only numbers, codes, dates, ids and cursors occur, percent-encoded all the same.
fn pairs<Q: Serialize>(query: &Q) -> Result<String, Error> {
    let value = serde_json::to_value(query).map_err(unreadable)?;
    let mut text = String::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let value = match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    text.push(char::from(byte))
                }
                other => text.push_str(&format!("%{other:02X}")),
            }
        }
    }
    Ok(text)
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Error> {
    serde_json::from_slice(&bytes(request).await?).map_err(unreadable)
}

async fn bytes(request: RequestBuilder) -> Result<Vec<u8>, Error> {
    let mut answer = request.send().await.map_err(offline)?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(offline)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err(Error::Unreadable("it is too large".into()));
        }
    }
    if status.is_success() {
        return Ok(body);
    }
    Err(match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => Error::Problem(Box::new(problem)),
        Err(_) if status == StatusCode::BAD_GATEWAY || status == StatusCode::GATEWAY_TIMEOUT => {
            Error::Offline(format!("the way to it answers {status}"))
        }
        Err(_) => Error::Unreadable(format!("status {status} without a problem description")),
    })
}

fn offline(error: reqwest::Error) -> Error {
    // The outer error names the address, the inner one the cause, which is what helps.
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Error::Offline(cause.to_string())
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Unreadable(error.to_string())
}
