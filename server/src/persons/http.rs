//! Routes of persons. `POST /v1/persons` belongs to the dossiers, which open with a person.

use super::{actions, correcting, households, living};
use crate::{
    access::{FindPersons, KeepPersons, May, ReadDossiers},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::{BothTimes, Page, PageQuery, Reason},
    households::{ChangeHead, HouseholdEvent, JoinHouseholds, Split, SplitHousehold},
    persons::{
        AddMember, ChangePerson, EndMember, HouseholdView, Identity, PersonView, PersonsFound, SearchPersons,
    },
    value::{HouseholdChange, Person},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(view, change))
        .routes(routes!(identity))
        .routes(routes!(household))
        .routes(routes!(split))
        .routes(routes!(join))
        .routes(routes!(change_head))
        .routes(routes!(changes))
        .routes(routes!(undo))
        .merge(super::kin::router())
        .routes(routes!(add_member))
        .routes(routes!(end_member))
}

/// Find people as one types.
#[utoipa::path(post, path = "/v1/persons/search", tag = "persons", request_body = SearchPersons,
    responses((status = 200, body = PersonsFound), Problems))]
async fn search(
    may: May<FindPersons>,
    State(house): State<House>,
    Json(body): Json<SearchPersons>,
) -> Result<Json<PersonsFound>, Error> {
    Ok(Json(actions::search(&may, &house, body).await?))
}

/// A person within the scope.
#[utoipa::path(get, path = "/v1/persons/{id}", tag = "persons", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = PersonView, headers(("ETag" = String))), Problems))]
async fn view(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
) -> Result<WithRevision<PersonView>, Error> {
    let person = actions::view(&may, &house, id).await?;
    let revision = person.revision;
    Ok(WithRevision(person, revision))
}

/// Correct a person's card.
#[utoipa::path(patch, path = "/v1/persons/{id}", tag = "persons", request_body = ChangePerson,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, body = PersonView, headers(("ETag" = String))), Problems))]
async fn change(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<ChangePerson>,
) -> Result<WithRevision<PersonView>, Error> {
    let person = correcting::change(&may, &house, id, revision, body).await?;
    let revision = person.revision;
    Ok(WithRevision(person, revision))
}

/// The card as it stands, and every earlier version of it, each with what put an end to it.
#[utoipa::path(get, path = "/v1/persons/{id}/identity", tag = "persons", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Page<Identity>), Problems))]
async fn identity(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
) -> Result<Json<Page<Identity>>, Error> {
    let items = correcting::identity(&may, &house, id).await?;
    Ok(Json(Page { items, next: None }))
}

/// Members leave and begin a household of their own.
#[utoipa::path(post, path = "/v1/persons/{id}/household/split", tag = "persons", request_body = SplitHousehold,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Split), Problems))]
async fn split(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<SplitHousehold>,
) -> Result<Json<Split>, Error> {
    Ok(Json(living::split(&may, &house, id, body).await?))
}

/// All members of another household come into this one.
#[utoipa::path(post, path = "/v1/persons/{id}/household/join", tag = "persons", request_body = JoinHouseholds,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = HouseholdView, headers(("ETag" = String))), Problems))]
async fn join(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<JoinHouseholds>,
) -> Result<WithRevision<HouseholdView>, Error> {
    let household = living::join(&may, &house, id, body).await?;
    let revision = household.revision;
    Ok(WithRevision(household, revision))
}

/// Another member leads the household.
#[utoipa::path(post, path = "/v1/persons/{id}/household/head", tag = "persons", request_body = ChangeHead,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = HouseholdView, headers(("ETag" = String))), Problems))]
async fn change_head(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<ChangeHead>,
) -> Result<WithRevision<HouseholdView>, Error> {
    let household = living::change_head(&may, &house, id, body).await?;
    let revision = household.revision;
    Ok(WithRevision(household, revision))
}

/// What happened to the households of a person, newest first.
#[utoipa::path(get, path = "/v1/persons/{id}/household/changes", tag = "persons", params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<HouseholdEvent>), Problems))]
async fn changes(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<HouseholdEvent>>, Error> {
    Ok(Json(living::changes(&may, &house, id, page).await?))
}

/// Take back what was written down today by mistake.
#[utoipa::path(post, path = "/v1/persons/{id}/household/changes/{change}/undo", tag = "persons", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("change" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Page<HouseholdEvent>), Problems))]
async fn undo(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path((id, change)): Path<(Id<Person>, Id<HouseholdChange>)>,
    Json(body): Json<Reason>,
) -> Result<Json<Page<HouseholdEvent>>, Error> {
    Ok(Json(living::undo(&may, &house, id, change, body).await?))
}

/// The household on a day, as known at an instant.
#[utoipa::path(get, path = "/v1/persons/{id}/household", tag = "persons", params(("id" = String, Path, format = Uuid), BothTimes),
    responses((status = 200, body = HouseholdView, headers(("ETag" = String))), Problems))]
async fn household(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Query(times): Query<BothTimes>,
) -> Result<WithRevision<HouseholdView>, Error> {
    let (scope, as_of, known_at) = (
        may.scope(),
        times.as_of.unwrap_or(house.clock.today()),
        times.known_at.unwrap_or(house.clock.now()),
    );
    let found = house
        .store
        .read(move |tx| {
            super::store::holding_office(tx, &scope, id)?;
            let mut found = households::household(tx, &scope, id, as_of, known_at)?;
            if let Some(found) = &mut found {
                found.contradictions = living::contradictions(tx, found, as_of, known_at)?;
            }
            Ok::<_, Error>(found)
        })
        .await?
        .ok_or(Error::Missing)?;
    house
        .looks
        .looked(&house, may.actor(), id, karton_api::dossiers::Purpose::default())
        .await?;
    let revision = found.revision;
    Ok(WithRevision(found, revision))
}

/// Take a person into the household.
#[utoipa::path(post, path = "/v1/persons/{id}/household/members", tag = "persons", request_body = AddMember,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = HouseholdView, headers(("ETag" = String))), Problems))]
async fn add_member(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<AddMember>,
) -> Result<WithRevision<HouseholdView>, Error> {
    let household = households::add_member(&may, &house, id, body).await?;
    let revision = household.revision;
    Ok(WithRevision(household, revision))
}

/// End a membership.
#[utoipa::path(post, path = "/v1/persons/{id}/household/leave", tag = "persons", request_body = EndMember,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = HouseholdView, headers(("ETag" = String))), Problems))]
async fn end_member(
    may: May<KeepPersons>,
    State(house): State<House>,
    Path(id): Path<Id<Person>>,
    Json(body): Json<EndMember>,
) -> Result<WithRevision<HouseholdView>, Error> {
    let household = households::end_member(&may, &house, id, body).await?;
    let revision = household.revision;
    Ok(WithRevision(household, revision))
}
