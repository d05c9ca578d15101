//! Routes of persons. `POST /v1/persons` belongs to the dossiers, which open with a person.

use super::{actions, households};
use crate::{
    access::{FindPersons, KeepPersons, May, ReadDossiers},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    common::{BothTimes, Page},
    persons::{AddMember, ChangePerson, EndMember, HouseholdView, PersonHit, PersonView, SearchPersons},
    value::Person,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(view, change))
        .routes(routes!(household))
        .routes(routes!(add_member))
        .routes(routes!(end_member))
}

/// Find people as one types.
#[utoipa::path(post, path = "/v1/persons/search", tag = "persons", request_body = SearchPersons,
    responses((status = 200, body = Page<PersonHit>), Problems))]
async fn search(
    may: May<FindPersons>,
    State(house): State<House>,
    Json(body): Json<SearchPersons>,
) -> Result<Json<Page<PersonHit>>, Error> {
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
    let person = actions::change(&may, &house, id, revision, body).await?;
    let revision = person.revision;
    Ok(WithRevision(person, revision))
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
            households::household(tx, &scope, id, as_of, known_at)
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
