//! The frame around every handler: the number of the request, bounds of time, panics caught, and one line in the log.

use super::{
    figures, idempotency,
    request::{REQUEST, request_id},
    rest::Rest,
};
use crate::{
    access::sessions,
    house::House,
    problem::{Error, Problems},
};
use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::FutureExt as _;
use hyper::body::Body as _;
use std::{
    panic::AssertUnwindSafe,
    sync::OnceLock,
    time::{Duration, Instant},
};
use utoipa::openapi::{
    Info, OpenApi, OpenApiBuilder,
    security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

/// A handler that takes longer is given up.
const LONGEST: Duration = Duration::from_secs(60);
/// One that takes a file in may take as long as files take over a slow line; it cuts those who send nothing by itself.
const LONGEST_FILE: Duration = Duration::from_secs(60 * 60);

/// Routes that are open to strangers, as method and path. A test knocks on all others without a token.
pub const OPEN: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("POST", "/v1/session"),
    // It has a key of its own.
    ("POST", "/x-road/{service}"),
];

/// Puts the rooms' routes into the frame. Answers the service and its description.
pub fn frame(rooms: OpenApiRouter<House>, house: &House) -> (Router, OpenApi) {
    let base = OpenApiBuilder::new()
        .info(Info::new("Karton", env!("CARGO_PKG_VERSION")))
        .build();
    let (router, mut api) = OpenApiRouter::with_openapi(base)
        .merge(rooms)
        .merge(doors())
        .split_for_parts();
    describe(&mut api);
    let text = serde_json::to_vec(&api).unwrap_or_default();
    let openapi = move || {
        let text = text.clone();
        async move {
            (
                [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
                text,
            )
        }
    };
    let router = router
        .route("/openapi.json", get(openapi))
        .fallback(|| async { Error::Missing })
        .layer(from_fn_with_state(house.clone(), crate::guard::layer))
        .layer(from_fn_with_state(
            (house.clone(), idempotency::Doors::of(&api)),
            idempotency::layer,
        ))
        .layer(from_fn_with_state(house.clone(), around))
        .with_state(house.clone());
    (router, api)
}

/// Health, readiness and figures.
fn doors() -> OpenApiRouter<House> {
    use utoipa_axum::routes;
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(metrics))
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", security(()), responses((status = 204, description = "It answers"), Problems))]
async fn healthz() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The store answers.
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()), responses((status = 204, description = "The store answers"), Problems))]
async fn readyz(State(house): State<House>) -> Result<StatusCode, Error> {
    let read = house
        .store
        .read(|tx| tx.one("SELECT 1", &[]).map(drop).map_err(Error::from));
    match tokio::time::timeout(Duration::from_secs(5), read).await {
        Ok(Ok(())) => Ok(StatusCode::NO_CONTENT),
        _ => Err(Error::Unavailable),
    }
}

/// Figures for Prometheus: counts and times, nothing personal.
#[utoipa::path(get, path = "/metrics", tag = "operation", security(()), responses((status = 200, description = "Prometheus text format", body = String, content_type = "text/plain"), Problems))]
async fn metrics() -> Response {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4");
    ([(header::CONTENT_TYPE, kind)], recorder().render()).into_response()
}

/// The one recorder of the process.
fn recorder() -> &'static metrics_exporter_prometheus::PrometheusHandle {
    static RECORDER: OnceLock<metrics_exporter_prometheus::PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of figures was there first");
        }
        handle
    })
}

/// What every operation has in common: the bearer token, unless it is an open one.
fn describe(api: &mut OpenApi) {
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let components = api.components.get_or_insert_default();
    components.add_security_scheme("bearer", bearer);
    add::<karton_api::problem::Problem>(components);
    // Parameters name these; utoipa takes up only what bodies name.
    add::<karton_api::dossiers::Purpose>(components);
    add::<karton_api::matters::Queue>(components);
    add::<karton_api::administration::JobState>(components);
    add::<karton_api::imports::ImportKind>(components);
    add::<karton_api::decisions::LetterForm>(components);
    for (path, item) in &mut api.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("delete", &mut item.delete),
            ("patch", &mut item.patch),
        ];
        for (method, operation) in operations {
            // Handlers are named within their rooms; across them only method and path are one of a kind.
            if let Some(operation) = operation {
                let words: Vec<&str> = path
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .filter(|word| !word.is_empty())
                    .collect();
                // A description is required of every answer.
                for answer in operation.responses.responses.values_mut() {
                    if let utoipa::openapi::RefOr::T(answer) = answer
                        && answer.description.is_empty()
                    {
                        answer.description = "As it stands now".into();
                    }
                }
                operation.operation_id = Some(format!("{method}_{}", words.join("_")));
            }
        }
    }
    api.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
}

/// Adds a type and those it names to the description.
fn add<T: utoipa::ToSchema>(components: &mut utoipa::openapi::Components) {
    let mut all = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut all);
    for (name, schema) in all {
        components.schemas.entry(name).or_insert(schema);
    }
}

async fn around(State(house): State<House>, request: Request, next: Next) -> Response {
    let number = house.clock.id::<Request>().to_string();
    REQUEST.scope(number, inside(house, request, next)).await
}

async fn inside(house: House, request: Request, next: Next) -> Response {
    recorder();
    let began = Instant::now();
    let method = request.method().clone();
    // Ids stand in paths, so the log and the figures take the route's pattern.
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("none", MatchedPath::as_str);
    let (mut parts, body) = request.into_parts();
    // Most requests bring no body: nothing of it can be left unread.
    let (body, rest) = if body.is_end_stream() {
        (body, None)
    } else {
        let rest = Rest::of(body);
        // Who asks first whether to send has sent nothing yet.
        let asks_first = parts.headers.contains_key(header::EXPECT);
        (Body::new(rest.clone()), Some(rest).filter(|_| !asks_first))
    };
    // Looked up once, for the idempotency layer and the handler; whether it is needed they decide.
    let handled = match sessions::of_request(&mut parts, &house).await {
        Ok(_) | Err(Error::SignedOut) => {
            let handler = AssertUnwindSafe(next.run(Request::from_parts(parts, body))).catch_unwind();
            let longest = if route.starts_with("/v1/documents/uploads/") {
                LONGEST_FILE
            } else {
                LONGEST
            };
            match tokio::time::timeout(longest, handler).await {
                Ok(Ok(response)) => response,
                Ok(Err(_)) => Error::fault("a handler broke off").into_response(),
                Err(_) => Error::Slow.into_response(),
            }
        }
        Err(other) => other.into_response(),
    };
    if let Some(rest) = rest {
        rest.finish().await;
    }
    let mut response = match handled.status() {
        // axum answers these with an empty body; the `Allow` header stays.
        StatusCode::METHOD_NOT_ALLOWED => {
            let mut problem = Error::NotAllowed.into_response();
            if let Some(allow) = handled.headers().get(header::ALLOW) {
                problem.headers_mut().insert(header::ALLOW, allow.clone());
            }
            problem
        }
        _ => handled,
    };
    let number = request_id().unwrap_or_default();
    let headers = response.headers_mut();
    if let Ok(number) = HeaderValue::from_str(&number) {
        headers.insert("x-request-id", number);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let took = began.elapsed();
    let status = response.status().as_u16();
    figures::answered(&method, route, status, took);
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request = number, %method, route, status, millis, "request");
    response
}
