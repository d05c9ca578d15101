use super::sign_in;
use crate::{
    access::Signed,
    house::House,
    http::{Json, Path, Peer, idempotency::NotKept},
    problem::{Error, Problems},
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use karton_api::{
    Id,
    common::Page,
    session::{ChangePassword, SessionView, SignIn, SignedIn},
    value::Session,
};
use std::net::{IpAddr, Ipv4Addr};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(begin, current, end))
        .routes(routes!(list))
        .routes(routes!(end_one))
        .routes(routes!(password))
}

/// Sign in.
#[utoipa::path(post, path = "/v1/session", tag = "session", request_body = SignIn, security(()),
    responses((status = 201, description = "The token is shown only here", body = SignedIn), Problems))]
async fn begin(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Json(body): Json<SignIn>,
) -> Result<(StatusCode, Extension<NotKept>, Json<SignedIn>), Error> {
    let from = address(
        &house,
        peer.map(|Extension(Peer(address))| address.ip()),
        &headers,
    );
    let client = headers
        .get(header::USER_AGENT)
        .and_then(|text| text.to_str().ok())
        .map(str::to_owned);
    let signed_in = sign_in::sign_in(&house, body, from, client).await?;
    Ok((StatusCode::CREATED, Extension(NotKept), Json(signed_in)))
}

/// Where a request comes from: the connection's other end, or what the proxy before us says about it.
fn address(house: &House, peer: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if !house.behind_proxy {
        return peer;
    }
    // The last entry is the one our own proxy has written; what stands before it the client may have made up.
    let last = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|text| text.to_str().ok());
    last.and_then(|text| text.rsplit(',').next()?.trim().parse().ok())
        .unwrap_or(peer)
}

/// The session of this token.
#[utoipa::path(get, path = "/v1/session", tag = "session", responses((status = 200, description = "The session", body = SessionView), Problems))]
async fn current(Signed(session): Signed, State(house): State<House>) -> Result<Json<SessionView>, Error> {
    Ok(Json(sign_in::show(&house, &session, session.id).await?))
}

/// Sign out.
#[utoipa::path(delete, path = "/v1/session", tag = "session", responses((status = 204, description = "The session has ended"), Problems))]
async fn end(Signed(session): Signed, State(house): State<House>) -> Result<StatusCode, Error> {
    sign_in::sign_out(&house, &session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own sessions, the newest first.
#[utoipa::path(get, path = "/v1/sessions", tag = "session", responses((status = 200, description = "Sessions", body = Page<SessionView>), Problems))]
async fn list(Signed(session): Signed, State(house): State<House>) -> Result<Json<Page<SessionView>>, Error> {
    sign_in::ready(&session)?;
    let items = sign_in::sessions(&house, &session).await?;
    Ok(Json(Page { items, next: None }))
}

/// End one of one's own sessions.
#[utoipa::path(delete, path = "/v1/sessions/{id}", tag = "session", params(("id" = String, Path, format = Uuid)),
    responses((status = 204, description = "It has ended"), Problems))]
async fn end_one(
    Signed(session): Signed,
    State(house): State<House>,
    Path(id): Path<Id<Session>>,
) -> Result<StatusCode, Error> {
    sign_in::ready(&session)?;
    sign_in::end_session(&house, &session, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change one's own password. All other sessions end.
#[utoipa::path(post, path = "/v1/session/password", tag = "session", request_body = ChangePassword,
    responses((status = 200, description = "The session, free to go on", body = SessionView), Problems))]
async fn password(
    Signed(session): Signed,
    State(house): State<House>,
    Json(body): Json<ChangePassword>,
) -> Result<Json<SessionView>, Error> {
    Ok(Json(sign_in::change_password(&house, &session, body).await?))
}
