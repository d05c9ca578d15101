//! Figures of the answers: how many of each kind, and how long they took.

use axum::http::Method;
use metrics::{Counter, Histogram};
use std::{
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock},
    time::Duration,
};

/// The handles of a route, a method and a status. There are as many as the routes can give, since paths stand as patterns.
type Kinds = HashMap<(Method, u16), HashMap<String, (Counter, Histogram)>>;

/// To find a handle in the recorder takes a key with its labels as owned texts; here it takes none.
static KINDS: LazyLock<RwLock<Kinds>> = LazyLock::new(RwLock::default);

/// Counts an answer.
pub(super) fn answered(method: &Method, route: &str, status: u16, took: Duration) {
    let kind = (method.clone(), status);
    {
        let kinds = KINDS.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((counter, histogram)) = kinds.get(&kind).and_then(|routes| routes.get(route)) {
            counter.increment(1);
            histogram.record(took);
            return;
        }
    }
    // Whoever makes up methods must not fill the memory.
    let known = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
    ]
    .contains(method);
    let labels = [
        (
            "method",
            if known {
                method.to_string()
            } else {
                "other".to_owned()
            },
        ),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    let counter = metrics::counter!("karton_http_requests_total", &labels);
    let histogram = metrics::histogram!("karton_http_seconds", &labels[..2]);
    counter.increment(1);
    histogram.record(took);
    if known {
        let mut kinds = KINDS.write().unwrap_or_else(PoisonError::into_inner);
        kinds
            .entry(kind)
            .or_default()
            .insert(route.to_owned(), (counter, histogram));
    }
}
