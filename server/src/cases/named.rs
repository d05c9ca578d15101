//! Who is named on a restricted case. Whoever leads it or supervises it names others, each with a reason; a grant (an auditor's, say) ends by
//! itself on a day that must be said. Nobody names themselves.

use super::{
    desk::{self, entry, fit, none_wrong},
    model,
    store::SocialCase,
};
use crate::{
    access::{May, NameOnCases},
    applications::Desk,
    house::House,
    matters::{self, NamedOn},
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Id,
    cases::{self as wire, NameOfficer},
    common::Reason,
    session::Role,
    value::{self, Named, Officer},
};

/// The running names of a case.
fn running(tx: &mut Tx, desk: &Desk, it: &SocialCase) -> Result<Vec<NamedOn>, Error> {
    let mut names = matters::named(tx, it.matter())?;
    names.retain(|named| named.from <= desk.now && named.until.is_none_or(|until| until > desk.now));
    Ok(names)
}

/// Whether an officer may name others on a case: those who lead or supervise it.
pub(super) fn names_others(names: &[NamedOn], officer: Id<Officer>) -> bool {
    names
        .iter()
        .any(|named| named.officer == officer && matches!(named.capacity.as_str(), "lead" | "supervisor"))
}

/// Names an officer. Refuses with `NotRestricted` where a case is open to its office, and with `NotTheirs` to those who neither lead nor supervise it.
pub(super) async fn name(
    may: &May<NameOnCases>,
    house: &House,
    id: Id<value::Case>,
    body: NameOfficer,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let row = house.clock.id();
    let clock = house.clock.clone();
    desk::act(desk, id, move |desk, tx, it| {
        if !it.restricted {
            return Err(Refusal::NotRestricted.into());
        }
        let names = running(tx, desk, it)?;
        if !names_others(&names, desk.session.officer) {
            return Err(Refusal::NotTheirs.into());
        }
        let mut errors = Vec::new();
        let reason = model::text(&body.reason, (3, 2000), "/reason", &mut errors);
        let granted = body.capacity == "granted";
        if !matches!(body.capacity.as_str(), "team" | "supervisor" | "granted") {
            errors.push(model::wrong(
                "/capacity",
                "unknown",
                "team, supervisor or granted",
            ));
        }
        if granted && body.until.is_none() {
            errors.push(model::wrong("/until", "required", "a grant has its last day"));
        }
        if let Some(until) = body.until {
            model::ahead(until, desk.today, "/until", &mut errors);
        }
        if body.officer == desk.session.officer {
            errors.push(model::wrong("/officer", "self", "another officer names you"));
        }
        if names.iter().any(|named| named.officer == body.officer) {
            errors.push(model::wrong("/officer", "twice", "this officer is named already"));
        }
        none_wrong(errors)?;
        let roles: &[Role] = match body.capacity.as_str() {
            "supervisor" => &[Role::Approver],
            "granted" => &[Role::Auditor, Role::Approver, Role::Caseworker, Role::Clerk],
            _ => &[Role::Caseworker, Role::Approver, Role::Clerk],
        };
        fit(tx, body.officer, it.office, roles, it.person, "/officer")?;
        let until = body
            .until
            .map(|last| clock.start_of(last.tomorrow().unwrap_or(last)));
        let new = NamedOn {
            id: row,
            officer: body.officer,
            capacity: body.capacity.clone(),
            reason,
            from: desk.now,
            until,
            by: Some(desk.session.officer),
        };
        matters::name(tx, it.matter(), &new)?;
        Ok(entry("case-named", it)
            .value("officer", body.officer)
            .value("capacity", &body.capacity))
    })
    .await
}

/// Ends what somebody is named for. Somebody who leads or supervises the case stays named, so that it is never lost.
pub(super) async fn end(
    may: &May<NameOnCases>,
    house: &House,
    (id, named): (Id<value::Case>, Id<Named>),
    body: Reason,
) -> Result<wire::Case, Error> {
    let reason = crate::http::reason(&body.reason, "/reason")?;
    let desk = Desk::of(may, house);
    desk::act(desk, id, move |desk, tx, it| {
        let names = running(tx, desk, it)?;
        if !names_others(&names, desk.session.officer) {
            return Err(Refusal::NotTheirs.into());
        }
        let theirs = names.iter().find(|it| it.id == named).ok_or(Error::Missing)?;
        let keeps =
            |other: &&NamedOn| other.id != named && other.capacity == "supervisor" && other.until.is_none();
        if theirs.officer == desk.session.officer
            || (theirs.capacity == "supervisor" && !names.iter().any(|other| keeps(&other)))
        {
            return Err(Refusal::LastNamed.into());
        }
        if it.lead() == Some(theirs.officer) && theirs.capacity == "lead" {
            return Err(Refusal::LastNamed.into());
        }
        matters::end_name(tx, it.matter(), named, desk.session.officer, desk.now)?;
        Ok(entry("case-name-ended", it)
            .value("officer", theirs.officer)
            .value("reason_length", reason.chars().count()))
    })
    .await
}
