//! Routes of the catalogue.

use super::{codes, view};
use crate::{
    access::{BeSignedIn, May},
    house::House,
    http::{Json, Path, Query},
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    catalogue::{Benefit, CodePage, CodesQuery, Country, FactDef, Form, OwnRegister, Procedure, Words},
    common::Page,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(country))
        .routes(routes!(benefits))
        .routes(routes!(procedures))
        .routes(routes!(form))
        .routes(routes!(codes))
        .routes(routes!(registers))
        .routes(routes!(facts))
        .routes(routes!(words))
}

/// The country served.
#[utoipa::path(get, path = "/v1/catalogue", tag = "catalogue", responses((status = 200, body = Country), Problems))]
async fn country(_may: May<BeSignedIn>, State(house): State<House>) -> Json<Country> {
    Json(view::country(&house.pack, house.clock.today(), house.demo))
}

/// The classifier of social support.
#[utoipa::path(get, path = "/v1/catalogue/benefits", tag = "catalogue", responses((status = 200, body = Page<Benefit>), Problems))]
async fn benefits(_may: May<BeSignedIn>, State(house): State<House>) -> Json<Page<Benefit>> {
    Json(Page {
        items: house
            .pack
            .benefits
            .iter()
            .map(|it| view::benefit(&house.pack, it))
            .collect(),
        next: None,
    })
}

/// How matters run.
#[utoipa::path(get, path = "/v1/catalogue/procedures", tag = "catalogue", responses((status = 200, body = Page<Procedure>), Problems))]
async fn procedures(_may: May<BeSignedIn>, State(house): State<House>) -> Json<Page<Procedure>> {
    Json(Page {
        items: house.pack.procedures.iter().map(view::procedure).collect(),
        next: None,
    })
}

/// A form to draw.
#[utoipa::path(get, path = "/v1/catalogue/forms/{id}", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = Form), Problems))]
async fn form(
    _may: May<BeSignedIn>,
    State(house): State<House>,
    Path(id): Path<String>,
) -> Result<Json<Form>, Error> {
    let form = house.pack.form(&id).ok_or(Error::Missing)?;
    Ok(Json(view::form(&house.pack, form, house.clock.today())))
}

/// A code list, or what somebody looks for in it.
#[utoipa::path(get, path = "/v1/catalogue/codes/{list}", tag = "catalogue", params(("list" = String, Path), CodesQuery),
    responses((status = 200, body = CodePage), Problems))]
async fn codes(
    _may: May<BeSignedIn>,
    State(house): State<House>,
    Path(list): Path<String>,
    Query(query): Query<CodesQuery>,
) -> Result<Json<CodePage>, Error> {
    Ok(Json(codes::codes(&house.pack, &list, &query)?))
}

/// The registers that the institution keeps itself, as the pack defines them.
#[utoipa::path(get, path = "/v1/catalogue/registers", tag = "catalogue", responses((status = 200, body = Page<OwnRegister>), Problems))]
async fn registers(_may: May<BeSignedIn>, State(house): State<House>) -> Json<Page<OwnRegister>> {
    let pack = &house.pack;
    Json(Page {
        items: pack
            .own_registers
            .iter()
            .map(|it| view::register(pack, it))
            .collect(),
        next: None,
    })
}

/// The dictionary of facts.
#[utoipa::path(get, path = "/v1/catalogue/facts", tag = "catalogue", responses((status = 200, body = Page<FactDef>), Problems))]
async fn facts(_may: May<BeSignedIn>, State(house): State<House>) -> Json<Page<FactDef>> {
    Json(Page {
        items: house.pack.facts.iter().map(view::fact).collect(),
        next: None,
    })
}

/// The pack's words in one language.
#[utoipa::path(get, path = "/v1/catalogue/words/{language}", tag = "catalogue", params(("language" = String, Path)),
    responses((status = 200, body = Words), Problems))]
async fn words(
    _may: May<BeSignedIn>,
    State(house): State<House>,
    Path(language): Path<String>,
) -> Result<Json<Words>, Error> {
    let ftl = house.pack.words.get(&language).ok_or(Error::Missing)?.clone();
    Ok(Json(Words { language, ftl }))
}
