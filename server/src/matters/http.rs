//! Routes of matters and of the work queue.

use super::{
    actions::{self, Asked},
    blank,
    sheets::{self, HandedIn},
    versions,
};
use crate::{
    access::{LeadWork, May, ReadDossiers, WorkTasks},
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision, cursor, limit},
    problem::{Error, Problems},
};
use axum::{extract::State, response::Response};
use karton_api::{
    Id,
    common::{Page, PageQuery, Reason},
    decisions::LetterQuery,
    matters::{Assign, CompleteStep, Matter, Step, StepSheet, Task, TasksQuery},
    upgrades::MatterVersion,
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(matter))
        .routes(routes!(steps))
        .routes(routes!(start))
        .routes(routes!(complete))
        .routes(routes!(all_sheets))
        .routes(routes!(blank_form))
        .routes(routes!(reopen))
        .routes(routes!(assign))
        .routes(routes!(tasks))
        .routes(routes!(version, move_on))
}

/// A body without fields.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

type Changed = Result<WithRevision<Matter>, Error>;

fn changed(matter: Matter) -> WithRevision<Matter> {
    let revision = matter.revision;
    WithRevision(matter, revision)
}

/// A running procedure with its steps.
#[utoipa::path(get, path = "/v1/matters/{id}", tag = "matters", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Matter, headers(("ETag" = String))), Problems))]
async fn matter(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Matter>>,
) -> Changed {
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    house
        .store
        .read(move |tx| actions::see(tx, &inside, &scope, &session, id))
        .await
        .map(changed)
}

/// The steps of a running procedure, in order of opening.
#[utoipa::path(get, path = "/v1/matters/{id}/steps", tag = "matters", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Page<Step>), Problems))]
async fn steps(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Matter>>,
) -> Result<Json<Page<Step>>, Error> {
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let matter = house
        .store
        .read(move |tx| actions::see(tx, &inside, &scope, &session, id))
        .await?;
    Ok(Json(Page {
        items: matter.steps,
        next: None,
    }))
}

/// Begin with a step, and take it.
#[utoipa::path(post, path = "/v1/matters/{id}/steps/{step}/start", tag = "matters", request_body = Nothing,
    params(("id" = String, Path, format = Uuid), ("step" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Matter, headers(("ETag" = String))), Problems))]
async fn start(
    may: May<WorkTasks>,
    State(house): State<House>,
    Path((id, step)): Path<(Id<value::Matter>, Id<value::StepRun>)>,
    Json(Nothing {}): Json<Nothing>,
) -> Changed {
    actions::move_step(&may, &house, id, step, Asked::Start)
        .await
        .map(changed)
}

/// Complete a step that no legal act completes. Where it has a form, what was filled in becomes facts of the matter in the same transaction.
#[utoipa::path(post, path = "/v1/matters/{id}/steps/{step}/complete", tag = "matters", request_body = CompleteStep,
    params(("id" = String, Path, format = Uuid), ("step" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Matter, headers(("ETag" = String))), Problems))]
async fn complete(
    may: May<WorkTasks>,
    State(house): State<House>,
    Path((id, step)): Path<(Id<value::Matter>, Id<value::StepRun>)>,
    Json(body): Json<CompleteStep>,
) -> Changed {
    let handed = HandedIn::new(&house.clock, body);
    actions::move_step(&may, &house, id, step, Asked::Complete(handed))
        .await
        .map(changed)
}

/// Forms that were filled in at the steps of a running procedure, in all their versions, the newest first.
#[utoipa::path(get, path = "/v1/matters/{id}/sheets", tag = "matters", params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<StepSheet>), Problems))]
async fn all_sheets(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Matter>>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<StepSheet>>, Error> {
    let wanted = (limit(page.limit)?, cursor::decode(page.cursor.as_deref())?);
    Ok(Json(sheets::sheets(&may, &house, id, wanted).await?))
}

/// The form of a step with blanks, to be filled in by hand.
#[utoipa::path(get, path = "/v1/matters/{id}/steps/{step}/blank", tag = "matters",
    params(("id" = String, Path, format = Uuid), ("step" = String, Path, format = Uuid), LetterQuery),
    responses(
        (status = 200, description = "The form", content(("application/pdf"), (String = "text/plain"), (String = "text/html"))),
        Problems))]
async fn blank_form(
    may: May<WorkTasks>,
    State(house): State<House>,
    Path(at): Path<(Id<value::Matter>, Id<value::StepRun>)>,
    Query(query): Query<LetterQuery>,
) -> Result<Response, Error> {
    blank::of_step(&may, &house, at, query).await
}

/// Open a completed step again, with a reason.
#[utoipa::path(post, path = "/v1/matters/{id}/steps/{step}/reopen", tag = "matters", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("step" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Matter, headers(("ETag" = String))), Problems))]
async fn reopen(
    may: May<LeadWork>,
    State(house): State<House>,
    Path((id, step)): Path<(Id<value::Matter>, Id<value::StepRun>)>,
    Json(body): Json<Reason>,
) -> Changed {
    actions::move_step(&may, &house, id, step, Asked::Reopen(body.reason))
        .await
        .map(changed)
}

/// Give a step to somebody, or to nobody.
#[utoipa::path(post, path = "/v1/matters/{id}/steps/{step}/assign", tag = "matters", request_body = Assign,
    params(("id" = String, Path, format = Uuid), ("step" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Matter, headers(("ETag" = String))), Problems))]
async fn assign(
    may: May<LeadWork>,
    State(house): State<House>,
    Path((id, step)): Path<(Id<value::Matter>, Id<value::StepRun>)>,
    Json(body): Json<Assign>,
) -> Changed {
    actions::move_step(&may, &house, id, step, Asked::Assign(body.officer))
        .await
        .map(changed)
}

/// The work queue.
#[utoipa::path(get, path = "/v1/tasks", tag = "matters", params(TasksQuery),
    responses((status = 200, body = Page<Task>), Problems))]
async fn tasks(
    may: May<WorkTasks>,
    State(house): State<House>,
    Query(query): Query<TasksQuery>,
) -> Result<Json<Page<Task>>, Error> {
    Ok(Json(actions::tasks(&may, &house, query).await?))
}

/// What moving a running procedure to the version of the pack in force would change of what concerns it.
#[utoipa::path(get, path = "/v1/matters/{id}/pack-version", tag = "matters", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = MatterVersion), Problems))]
async fn version(
    may: May<LeadWork>,
    State(house): State<House>,
    Path(id): Path<Id<value::Matter>>,
) -> Result<Json<MatterVersion>, Error> {
    versions::version(&may, &house, id).await.map(Json)
}

/// Move a running procedure from the version of the pack it began with to the one in force, with a reason. Refused where what it stands at
/// is not there any more.
#[utoipa::path(post, path = "/v1/matters/{id}/pack-version", tag = "matters", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Matter, headers(("ETag" = String))), Problems))]
async fn move_on(
    may: May<LeadWork>,
    State(house): State<House>,
    Path(id): Path<Id<value::Matter>>,
    seen: IfMatch,
    Json(body): Json<Reason>,
) -> Changed {
    versions::move_on(&may, &house, id, seen, &body.reason)
        .await
        .map(changed)
}
