//! Doors that change a case and answer it as it stands then: all of one shape.

use super::{
    http::{Answered, with_revision},
    leading, named, noting, people, planning, reporting, working,
};
use crate::{
    access::{LeadCases, May, NameOnCases, TakeCases, WorkCases},
    house::House,
    http::{Json, Path},
    problem::Problems,
};
use axum::extract::State;
use karton_api::{Id, cases::*, common::Reason, value};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `name(path, who may, what is said) => the act behind it`.
macro_rules! doors {
    ($($(#[$doc:meta])* $name:ident($path:tt, $may:ident, $body:ident) => $act:path;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "cases", request_body = $body,
            params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
            responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
        pub(super) async fn $name(
            may: May<$may>,
            State(house): State<House>,
            Path(id): Path<Id<value::Case>>,
            Json(body): Json<$body>,
        ) -> Answered {
            $act(&may, &house, id, body).await.map(with_revision)
        }
    )*};
}
/// The same for a part of a case, whose id stands in the path as well.
macro_rules! doors_of_parts {
    ($($(#[$doc:meta])* $name:ident($path:tt, $may:ident, $body:ident, $place:tt $part:ident) => $act:path;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "cases", request_body = $body,
            params(("id" = String, Path, format = Uuid), ($place = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
            responses((status = 200, body = Case, headers(("ETag" = String))), Problems))]
        async fn $name(
            may: May<$may>,
            State(house): State<House>,
            Path(ids): Path<(Id<value::Case>, Id<value::$part>)>,
            Json(body): Json<$body>,
        ) -> Answered {
            $act(&may, &house, ids, body).await.map(with_revision)
        }
    )*};
}

doors! {
    /// Open a case and give it to a caseworker.
    open("/v1/cases/{id}/open", LeadCases, OpenCase) => reporting::open;
    /// Give an open case to another caseworker.
    give("/v1/cases/{id}/lead", LeadCases, ChangeLead) => leading::give;
    /// Close a case.
    close("/v1/cases/{id}/close", LeadCases, CloseCase) => reporting::close;
    /// Send back what waits for the supervisor: a plan, or a closing.
    send_back("/v1/cases/{id}/return", LeadCases, Reason) => reporting::send_back;
    /// Take a closed case up again.
    reopen("/v1/cases/{id}/reopen", LeadCases, Reason) => reporting::reopen;
    /// Somebody comes to stand in a case.
    add_person("/v1/cases/{id}/people", TakeCases, NewParticipant) => people::add;
    /// Somebody becomes guardian or foster carer.
    begin_care("/v1/cases/{id}/care", WorkCases, NewCare) => people::care;
    /// Name an officer on a restricted case.
    name("/v1/cases/{id}/named", NameOnCases, NameOfficer) => named::name;
    /// Fill in the form of a step, or correct it.
    appraise("/v1/cases/{id}/sheets", WorkCases, Appraise) => working::appraise;
    /// Propose a plan.
    propose("/v1/cases/{id}/plans", WorkCases, NewPlan) => planning::propose;
    /// Approve the plan that was proposed: another officer than who proposed it.
    approve("/v1/cases/{id}/approve", LeadCases, ApprovePlan) => planning::approve;
    /// Put something on the monitoring list.
    watch("/v1/cases/{id}/watches", WorkCases, NewWatch) => noting::watch;
    /// Refer the person to another service or body.
    refer("/v1/cases/{id}/referrals", WorkCases, Refer) => working::refer;
    /// Look at the case again.
    review("/v1/cases/{id}/reviews", WorkCases, Review) => working::review;
}

doors_of_parts! {
    /// Somebody stands in a case no longer.
    end_person("/v1/cases/{id}/people/{participant}/end", WorkCases, EndTie, "participant" Participant) => people::end;
    /// A guardianship or foster care ends.
    end_care("/v1/cases/{id}/care/{tie}/end", WorkCases, EndTie, "tie" Care) => people::end_care;
    /// End what an officer is named for.
    end_name("/v1/cases/{id}/named/{named}/end", NameOnCases, Reason, "named" Named) => named::end;
    /// A line of the monitoring list is done, or needed no longer.
    settle("/v1/cases/{id}/watches/{watch}/settle", WorkCases, SettleWatch, "watch" Watch) => noting::settle_watch;
}

/// The routes of those whose path nothing else shares.
pub(super) fn router() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(open))
        .routes(routes!(give))
        .routes(routes!(close))
        .routes(routes!(send_back))
        .routes(routes!(reopen))
        .routes(routes!(add_person))
        .routes(routes!(begin_care))
        .routes(routes!(name))
        .routes(routes!(approve))
        .routes(routes!(watch))
        .routes(routes!(refer))
        .routes(routes!(review))
        .routes(routes!(end_person))
        .routes(routes!(end_care))
        .routes(routes!(end_name))
        .routes(routes!(settle))
}
