//! The rooms' routes, in the order of the work.

use crate::{facts, house::House, logbook, offices, persons, users};
use utoipa_axum::router::OpenApiRouter;

/// All routes of all rooms; `http::frame` puts them behind the listener.
pub fn rooms() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .merge(offices::router())
        .merge(users::router())
        .merge(persons::http::router())
        .merge(facts::http::router())
        .merge(logbook::router())
}
