//! Routes of applications. Evidence and decisions have their own rooms.

use super::{
    actions, assessing, choosing, dismissals, handed_in, lodging, parties, standing as beside_it, store,
    then, view, withdrawals,
};
use crate::{
    access::{
        Decide as MayDecide, DeliverLetters, May, PreviewAssessments, ReadDossiers,
        Recommend as MayRecommend, TakeApplications,
    },
    house::House,
    http::{IfMatch, Json, Path, Query, WithRevision},
    matters::http::Nothing,
    problem::{Error, Problems},
};
use axum::extract::State;
use karton_api::{
    Id,
    applications::{Application, ApplicationSummary, Dismiss, Lodged, NewApplication, SaveDraft, Withdraw},
    assessments::{AssessedThen, StoredAssessment, ThenQuery},
    common::{Page, PageQuery, Reason},
    decisions::Deliver,
    lodgings::{HandIn, LodgeTogether, LodgedTogether, Lodging, Paper},
    organisations::ChooseProvider,
    standing::{Choice, Choose, ClaimStanding},
    value,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The room's routes.
pub fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(open))
        .routes(routes!(see, save))
        .routes(routes!(provider))
        .routes(routes!(of_organisation))
        .routes(routes!(lodge))
        .routes(routes!(lodge_together))
        .routes(routes!(lodging_seen))
        .routes(routes!(papers))
        .routes(routes!(dismiss))
        .routes(routes!(decide_dismissal))
        .routes(routes!(return_dismissal))
        .routes(routes!(deliver_dismissal))
        .routes(routes!(withdraw))
        .routes(routes!(standing))
        .routes(routes!(choose))
        .routes(routes!(assessed_then))
        .routes(routes!(assessment, assess))
        .merge(super::handover::router())
}

type Answered = Result<WithRevision<Application>, Error>;

pub(crate) fn with_revision(application: Application) -> WithRevision<Application> {
    let revision = application.revision;
    WithRevision(application, revision)
}

/// Open a draft.
#[utoipa::path(post, path = "/v1/applications", tag = "applications", request_body = NewApplication,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn open(
    may: May<TakeApplications>,
    State(house): State<House>,
    Json(body): Json<NewApplication>,
) -> Answered {
    actions::open(&may, &house, body).await.map(with_revision)
}

/// An application with its steps, and what may be done with it now.
#[utoipa::path(get, path = "/v1/applications/{id}", tag = "applications", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn see(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
) -> Answered {
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let (found, applicant) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            Ok::<_, Error>((view::see(tx, &inside, &scope, &session, &it)?, it.applicant))
        })
        .await?;
    house
        .looks
        .looked(
            &house,
            may.actor(),
            applicant,
            karton_api::dossiers::Purpose::default(),
        )
        .await?;
    Ok(with_revision(found))
}

/// Save a draft, or what completes an application that was sent back.
#[utoipa::path(put, path = "/v1/applications/{id}", tag = "applications", request_body = SaveDraft,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn save(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<SaveDraft>,
) -> Answered {
    actions::save(&may, &house, id, revision, body)
        .await
        .map(with_revision)
}

/// Choose the provider who is paid.
#[utoipa::path(put, path = "/v1/applications/{id}/provider", tag = "applications", request_body = ChooseProvider,
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn provider(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    IfMatch(revision): IfMatch,
    Json(body): Json<ChooseProvider>,
) -> Answered {
    parties::choose(&may, &house, id, revision, body)
        .await
        .map(with_revision)
}

/// What an organisation asked for, newest first.
#[utoipa::path(get, path = "/v1/organisations/{id}/applications", tag = "organisations",
    params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = Page<ApplicationSummary>), Problems))]
async fn of_organisation(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Organisation>>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ApplicationSummary>>, Error> {
    Ok(Json(parties::of_organisation(&may, &house, id, query).await?))
}

/// Lodge a draft, or a completion; answers at once with the status.
#[utoipa::path(post, path = "/v1/applications/{id}/lodge", tag = "applications", request_body = HandIn,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Lodged, headers(("ETag" = String))), Problems))]
async fn lodge(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<HandIn>,
) -> Result<WithRevision<Lodged>, Error> {
    let lodged = lodging::lodge(&may, &house, id, body).await?;
    let revision = lodged.application.revision;
    Ok(WithRevision(lodged, revision))
}

/// Lodge several drafts of one applicant at once: one receipt, a matter and a status for each.
#[utoipa::path(post, path = "/v1/lodgings", tag = "applications", request_body = LodgeTogether,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = LodgedTogether), Problems))]
async fn lodge_together(
    may: May<TakeApplications>,
    State(house): State<House>,
    Json(body): Json<LodgeTogether>,
) -> Result<Json<LodgedTogether>, Error> {
    Ok(Json(lodging::lodge_together(&may, &house, body).await?))
}

/// How something was handed in.
#[utoipa::path(get, path = "/v1/lodgings/{id}", tag = "applications", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Lodging), Problems))]
async fn lodging_seen(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Letter>>,
) -> Result<Json<Lodging>, Error> {
    let (scope, inside) = (may.scope(), house.clone());
    let (found, applicant) = house
        .store
        .read(move |tx| {
            let found = handed_in::load(tx, &inside, &scope, id)?;
            let first = found.applications.first().ok_or(Error::Missing)?;
            let applicant = store::load(tx, &scope, *first)?.applicant;
            Ok::<_, Error>((found, applicant))
        })
        .await?;
    house
        .looks
        .looked(
            &house,
            may.actor(),
            applicant,
            karton_api::dossiers::Purpose::default(),
        )
        .await?;
    Ok(Json(found))
}

/// Receipts and dismissals of an application, newest first, at most 50.
#[utoipa::path(get, path = "/v1/applications/{id}/papers", tag = "applications", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = Page<Paper>), Problems))]
async fn papers(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
) -> Result<Json<Page<Paper>>, Error> {
    let scope = may.scope();
    let (found, applicant) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            Ok::<_, Error>((crate::papers::store::of_matter(tx, id.cast())?, it.applicant))
        })
        .await?;
    house
        .looks
        .looked(
            &house,
            may.actor(),
            applicant,
            karton_api::dossiers::Purpose::default(),
        )
        .await?;
    let items = found.iter().map(crate::papers::Paper::view).collect();
    Ok(Json(Page { items, next: None }))
}

/// Propose that an application is not taken up.
#[utoipa::path(post, path = "/v1/applications/{id}/dismissal", tag = "applications", request_body = Dismiss,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn dismiss(
    may: May<MayRecommend>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Dismiss>,
) -> Answered {
    dismissals::propose(&may, &house, id, body)
        .await
        .map(with_revision)
}

/// The second officer dismisses what the first proposed.
#[utoipa::path(post, path = "/v1/applications/{id}/dismissal/decide", tag = "applications", request_body = Nothing,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn decide_dismissal(
    may: May<MayDecide>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(Nothing {}): Json<Nothing>,
) -> Answered {
    dismissals::decide(&may, &house, id).await.map(with_revision)
}

/// The second officer does not agree to a dismissal.
#[utoipa::path(post, path = "/v1/applications/{id}/dismissal/return", tag = "applications", request_body = Reason,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn return_dismissal(
    may: May<MayDecide>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Reason>,
) -> Answered {
    dismissals::send_back(&may, &house, id, body)
        .await
        .map(with_revision)
}

/// Note the day on which the letter of a dismissal was handed over.
#[utoipa::path(post, path = "/v1/applications/{id}/dismissal/deliver", tag = "applications", request_body = Deliver,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn deliver_dismissal(
    may: May<DeliverLetters>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Deliver>,
) -> Answered {
    dismissals::deliver(&may, &house, id, body)
        .await
        .map(with_revision)
}

/// The applicant takes the application back.
#[utoipa::path(post, path = "/v1/applications/{id}/withdraw", tag = "applications", request_body = Withdraw,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Application, headers(("ETag" = String))), Problems))]
async fn withdraw(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Withdraw>,
) -> Answered {
    withdrawals::withdraw(&may, &house, id, body)
        .await
        .map(with_revision)
}

/// The newest stored assessment.
#[utoipa::path(get, path = "/v1/applications/{id}/assessment", tag = "assessments", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = StoredAssessment), Problems))]
async fn assessment(
    may: May<ReadDossiers>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
) -> Result<Json<StoredAssessment>, Error> {
    Ok(Json(assessing::newest(&may, &house, id).await?))
}

/// Assess on the facts known now, and keep it.
#[utoipa::path(post, path = "/v1/applications/{id}/assessment", tag = "assessments", request_body = Nothing,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = StoredAssessment), Problems))]
async fn assess(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<Json<StoredAssessment>, Error> {
    Ok(Json(assessing::assess(&may, &house, id).await?))
}

/// How it stands beside everything else in the whole country: other benefits and the choice between them, households and files, durations.
#[utoipa::path(get, path = "/v1/applications/{id}/standing", tag = "applications", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = ClaimStanding), Problems))]
async fn standing(
    may: May<PreviewAssessments>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
) -> Result<Json<ClaimStanding>, Error> {
    Ok(Json(beside_it::see(&may, &house, id).await?))
}

/// Write down which right the person keeps.
#[utoipa::path(post, path = "/v1/applications/{id}/choice", tag = "applications", request_body = Choose,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Choice), Problems))]
async fn choose(
    may: May<TakeApplications>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Json(body): Json<Choose>,
) -> Result<Json<Choice>, Error> {
    Ok(Json(choosing::choose(&may, &house, id, body).await?))
}

/// Work it out as of any day, with the law of that day and what was known at an instant. Nothing is kept.
#[utoipa::path(get, path = "/v1/applications/{id}/assessments", tag = "assessments",
    params(("id" = String, Path, format = Uuid), ThenQuery), responses((status = 200, body = AssessedThen), Problems))]
async fn assessed_then(
    may: May<PreviewAssessments>,
    State(house): State<House>,
    Path(id): Path<Id<value::Application>>,
    Query(query): Query<ThenQuery>,
) -> Result<Json<AssessedThen>, Error> {
    Ok(Json(then::see(&may, &house, id, query).await?))
}
