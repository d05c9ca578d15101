//! Routes of cases: looking and taking in. What changes a case and answers it stands in `http_acts`, what is written down in `http_work`.

use super::{
    dues, family, http_acts, http_work, reporting,
    store::{self, SocialCase},
    view, visit,
};
use crate::{
    access::{May, Permission, ReadDossiers, TakeCases, WorkCases, WorkTasks},
    audit,
    house::House,
    http::{Json, Path, Query, WithRevision, cursor, limit},
    matters,
    problem::{Error, Problems},
    store::Tx,
};
use axum::{extract::State, response::Response};
use karton_api::{Id, cases::*, common::Page, decisions::LetterQuery, dossiers::Purpose, value};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, report))
        .routes(routes!(dues_of))
        .routes(routes!(officers))
        .routes(routes!(see))
        .routes(routes!(family_of))
        .routes(routes!(visit_sheet))
        .merge(http_acts::router())
        .merge(http_work::router())
}

pub(super) type Answered = Result<WithRevision<Case>, Error>;

pub(super) fn with_revision(case: Case) -> WithRevision<Case> {
    let revision = case.revision;
    WithRevision(case, revision)
}

/// Reads something of a case that exists for this officer, and leaves the look in the log: that of a restricted case each time, under its own
/// matter, where only those see it who are named.
pub(super) async fn look<P, T, F>(
    may: &May<P>,
    house: &House,
    id: Id<value::Case>,
    read: F,
) -> Result<T, Error>
where
    P: Permission,
    T: Send + 'static,
    F: Fn(&mut Tx, &House, &SocialCase) -> Result<T, Error> + Send + Sync + 'static,
{
    let (scope, inside) = (may.scope(), house.clone());
    let (found, it) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            Ok::<_, Error>((read(tx, &inside, &it)?, it))
        })
        .await?;
    if it.restricted {
        let entry = super::desk::entry("case-looked", &it).purpose(Purpose::Case);
        audit::enter(&house.store, may.actor(), house.clock.now(), entry).await?;
    } else {
        house
            .looks
            .looked(house, may.actor(), it.person, Purpose::Case)
            .await?;
    }
    Ok(found)
}

/// Cases, the newest first; restricted ones only for whoever is named on them.
#[utoipa::path(get, path = "/v1/cases", tag = "cases", params(CasesQuery), responses((status = 200, body = Page<CaseSummary>), Problems))]
async fn list(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Query(query): Query<CasesQuery>,
) -> Result<Json<Page<CaseSummary>>, Error> {
    let most = limit(query.limit)?;
    let wanted = store::Wanted {
        lead: query.mine.unwrap_or(false).then(|| may.officer()),
        state: query.state,
        person: query.person,
        before: cursor::decode(query.cursor.as_deref())?,
        limit: most + 1,
    };
    let (scope, inside) = (may.scope(), house.clone());
    let rows = house
        .store
        .read(move |tx| {
            let found = store::page(tx, &scope, &wanted)?;
            found
                .iter()
                .map(|it| view::summary(tx, &inside, &scope, it))
                .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    Ok(Json(cursor::page(rows, most, |case| case.id)))
}

/// Take a case in.
#[utoipa::path(post, path = "/v1/cases", tag = "cases", request_body = NewCase, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn report(may: May<TakeCases>, State(house): State<House>, Json(body): Json<NewCase>) -> Answered {
    reporting::report(&may, &house, body).await.map(with_revision)
}

/// What is due in cases, by day, the overdue first: the monitoring list and the calendar.
#[utoipa::path(get, path = "/v1/cases/dues", tag = "cases", params(DuesQuery), responses((status = 200, body = Page<Due>), Problems))]
async fn dues_of(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Query(query): Query<DuesQuery>,
) -> Result<Json<Page<Due>>, Error> {
    let most = limit(query.limit)?;
    let wanted = dues::Wanted {
        mine: query.mine.unwrap_or(false).then(|| may.officer()),
        case: query.case,
        from: query.from,
        until: query.until,
        held: query.held.unwrap_or(false),
        after: cursor::decode(query.cursor.as_deref())?,
        limit: most + 1,
    };
    let (scope, inside, today) = (may.scope(), house.clone(), house.clock.today());
    let rows = house
        .store
        .read(move |tx| dues::page(tx, &inside, &scope, &wanted, today))
        .await?;
    Ok(Json(cursor::page(rows, most, |due| (due.on, due.id))))
}

/// Officers who can lead a case or decide on one.
#[utoipa::path(get, path = "/v1/cases/officers", tag = "cases", responses((status = 200, body = Page<CaseOfficer>), Problems))]
async fn officers(may: May<WorkTasks>, State(house): State<House>) -> Result<Json<Page<CaseOfficer>>, Error> {
    let scope = may.scope();
    let items = house
        .store
        .read(move |tx| reporting::officers(tx, &scope))
        .await?;
    Ok(Json(Page { items, next: None }))
}

/// A case with its steps, forms, plan and people, and what may be done with it now.
#[utoipa::path(get, path = "/v1/cases/{id}", tag = "cases", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
async fn see(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
) -> Answered {
    let (scope, session, now) = (may.scope(), may.session().clone(), house.clock.now());
    look(&may, &house, id, move |tx, house, it| {
        view::see(tx, house, &scope, &session, it, now)
    })
    .await
    .map(with_revision)
}

/// The people around a case: generations, who lives with whom, who has died or left, who cares for whom.
#[utoipa::path(get, path = "/v1/cases/{id}/family", tag = "cases", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Family), Problems))]
async fn family_of(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
) -> Result<Json<Family>, Error> {
    let (scope, times) = (may.scope(), (house.clock.today(), house.clock.now()));
    look(&may, &house, id, move |tx, house, it| {
        family::of_case(tx, house, &scope, it, times)
    })
    .await
    .map(Json)
}

/// The form of a visit with blanks, to be filled in by hand.
#[utoipa::path(get, path = "/v1/cases/{id}/visit-sheet", tag = "cases", params(("id" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The sheet", content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn visit_sheet(
    may: May<WorkCases>,
    State(house): State<House>,
    Path(id): Path<Id<value::Case>>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    let (scope, times) = (may.scope(), (house.clock.today(), house.clock.now()));
    let (letter, number) = look(&may, &house, id, move |tx, house, it| {
        visit::sheet(tx, house, &scope, it, times)
    })
    .await?;
    matters::answer_blank(letter, ("visit", number), query).await
}
