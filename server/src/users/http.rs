use super::{actions, deputies, session_http};
use crate::{
    access::{BeSignedIn, ManageUsers, May, ROLES, permissions_of, role_name},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision, cursor, idempotency::NotKept, limit},
    problem::{Error, Problems},
};
use axum::{Extension, extract::State, http::StatusCode};
use karton_api::{
    Id,
    common::{Page, PageQuery, Texts},
    users::{ChangeUser, FirstPassword, NewUser, RoleView, User},
    value::Officer,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(view, change))
        .routes(routes!(reset))
        .routes(routes!(roles))
        .merge(deputies::router())
        .merge(session_http::router())
}

/// Accounts, by name.
#[utoipa::path(get, path = "/v1/users", tag = "administration", params(PageQuery),
    responses((status = 200, description = "Accounts", body = Page<User>), Problems))]
async fn list(
    may: May<ManageUsers>,
    State(house): State<House>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<User>>, Error> {
    let limit = limit(page.limit)?;
    let after: Option<String> = cursor::decode(page.cursor.as_deref())?;
    let users = actions::list(&may, &house, after.unwrap_or_default(), limit).await?;
    Ok(Json(cursor::page(users, limit, |user| user.user.clone())))
}

/// Open an account.
#[utoipa::path(post, path = "/v1/users", tag = "administration", request_body = NewUser, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, description = "The first password is shown only here", body = FirstPassword, headers(("ETag" = String))), Problems))]
async fn open(
    may: May<ManageUsers>,
    State(house): State<House>,
    Json(body): Json<NewUser>,
) -> Result<(StatusCode, Extension<NotKept>, WithRevision<FirstPassword>), Error> {
    let made = actions::open(&may, &house, &body).await?;
    let revision = made.user.revision;
    Ok((
        StatusCode::CREATED,
        Extension(NotKept),
        WithRevision(made, revision),
    ))
}

/// An account.
#[utoipa::path(get, path = "/v1/users/{id}", tag = "administration", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The account", body = User, headers(("ETag" = String))), Problems))]
async fn view(
    may: May<ManageUsers>,
    State(house): State<House>,
    Path(id): Path<Id<Officer>>,
) -> Result<WithRevision<User>, Error> {
    let user = actions::view(&may, &house, id).await?;
    let revision = user.revision;
    Ok(WithRevision(user, revision))
}

/// Change name or roles, disable or enable.
#[utoipa::path(patch, path = "/v1/users/{id}", tag = "administration", request_body = ChangeUser,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, description = "The account", body = User, headers(("ETag" = String))), Problems))]
async fn change(
    may: May<ManageUsers>,
    State(house): State<House>,
    Path(id): Path<Id<Officer>>,
    seen: IfMatch,
    Json(body): Json<ChangeUser>,
) -> Result<WithRevision<User>, Error> {
    let user = actions::change(&may, &house, id, seen, &body).await?;
    let revision = user.revision;
    Ok(WithRevision(user, revision))
}

/// Give a new first password.
#[utoipa::path(post, path = "/v1/users/{id}/reset", tag = "administration",
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "The first password is shown only here", body = FirstPassword, headers(("ETag" = String))), Problems))]
async fn reset(
    may: May<ManageUsers>,
    State(house): State<House>,
    Path(id): Path<Id<Officer>>,
) -> Result<(Extension<NotKept>, WithRevision<FirstPassword>), Error> {
    let made = actions::reset(&may, &house, id).await?;
    let revision = made.user.revision;
    Ok((Extension(NotKept), WithRevision(made, revision)))
}

/// Roles and what they allow.
#[utoipa::path(get, path = "/v1/roles", tag = "administration",
    responses((status = 200, description = "Roles", body = Vec<RoleView>), Problems))]
async fn roles(_may: May<BeSignedIn>, State(house): State<House>) -> Result<Json<Vec<RoleView>>, Error> {
    let names = |role: &str| -> Texts {
        let word = |ftl: &str| {
            ftl.lines().find_map(|line| {
                let (name, text) = line.split_once('=')?;
                (name.trim().strip_prefix("role-") == Some(role)).then(|| text.trim().to_owned())
            })
        };
        let words = house.pack.words.iter();
        words
            .filter_map(|(language, ftl)| Some((language.clone(), word(ftl)?)))
            .collect()
    };
    let view = |role: &karton_api::session::Role| RoleView {
        role: *role,
        name: names(role_name(*role)),
        permissions: permissions_of(&[*role]).into_iter().map(str::to_owned).collect(),
    };
    Ok(Json(ROLES.iter().map(view).collect()))
}
