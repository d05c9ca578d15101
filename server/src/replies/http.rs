//! The gateway's door, and what went out and came in about a matter.

use super::{door::FromGateway, shown, taking};
use crate::{
    access::{May, ReadDossiers},
    house::House,
    http::{Json, Path, Query, cursor, limit},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::{Page, PageQuery},
    notices::{Incoming, Message, Taken},
    value::Matter,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(hear))
        .routes(routes!(messages))
}

/// Take a message of another institution, as its security server delivers it (X-Road message protocol for REST). `service` is the message's code
/// in the pack. A message that was taken before under the same `X-Road-Id` is answered as it was.
#[utoipa::path(post, path = "/x-road/{service}", tag = "gateway", request_body = Incoming, security(()),
    params(("service" = String, Path), ("X-Road-Client" = String, Header), ("X-Road-Id" = String, Header), ("X-Road-Service" = Option<String>, Header),
        ("X-Gateway-Key" = String, Header)),
    responses((status = 200, body = Taken), Problems))]
async fn hear(
    from: FromGateway,
    State(house): State<House>,
    Path(service): Path<String>,
    Json(body): Json<Incoming>,
) -> Result<Json<Taken>, Error> {
    Ok(Json(taking::take(&house, from, &service, body).await?))
}

/// What other institutions were told of a matter and what they sent back, the newest first.
#[utoipa::path(get, path = "/v1/matters/{id}/messages", tag = "matters", params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<Message>), Problems))]
async fn messages(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Matter>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Message>>, Error> {
    let wanted = (limit(page.limit)?, cursor::decode(page.cursor.as_deref())?);
    Ok(Json(shown::messages(&may, &house, id, wanted).await?))
}
