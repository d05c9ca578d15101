//! A case passes from one caseworker to another.

use super::{
    desk::{self, Ids, entry, fit, inside, none_wrong},
    model,
    store::{self, Led},
};
use crate::{
    access::{LeadCases, May},
    applications::Desk,
    house::House,
    matters::{self, NamedOn},
    problem::Error,
};
use karton_api::{
    Id,
    cases::{self as wire, ChangeLead},
    session::Role,
    value,
};

/// Gives an open case to another caseworker of its office: the open steps, what is watched and the activities that waited for the one before
/// wait for them. On a restricted case they are named, and the one before is so no longer.
pub(super) async fn give(
    may: &May<LeadCases>,
    house: &House,
    id: Id<value::Case>,
    body: ChangeLead,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, 2);
    desk::act(desk, id, move |desk, tx, it| {
        let mut ids = ids.clone();
        let mut errors = Vec::new();
        let reason = model::text(&body.reason, (3, 2000), "/reason", &mut errors);
        let (stage, before) = it.stage.clone().give(body.lead)?;
        it.stage = stage;
        if before == body.lead {
            errors.push(model::wrong(
                "/lead",
                "same",
                "this officer leads the case already",
            ));
        }
        none_wrong(errors)?;
        fit(tx, body.lead, it.office, &[Role::Caseworker], it.person, "/lead")?;
        let by = (desk.session.officer, desk.now);
        let led = Led {
            id: ids.take()?,
            officer: before,
            until: desk.now,
            by: desk.session.officer,
            reason: reason.clone(),
        };
        store::insert_led(tx, it.matter(), &led)?;
        if it.restricted {
            let names = matters::named(tx, it.matter())?;
            let ends = |named: &&NamedOn| {
                let led = named.officer == before && named.capacity == "lead";
                (led || (named.officer == body.lead && named.capacity == "team"))
                    && named.until.is_none_or(|until| until > desk.now)
            };
            for named in names.iter().filter(ends) {
                matters::end_name(tx, it.matter(), named.id, by.0, by.1)?;
            }
            let new = NamedOn {
                id: ids.take()?,
                officer: body.lead,
                capacity: "lead".to_owned(),
                reason,
                from: desk.now,
                until: None,
                by: Some(by.0),
            };
            matters::name(tx, it.matter(), &new)?;
        }
        matters::leave(tx, &desk.house.packs, &inside(desk), it.matter(), before)?;
        store::pass_on(tx, it.matter(), before, body.lead)?;
        Ok(entry("case-lead-changed", it)
            .value("from", before)
            .value("lead", body.lead))
    })
    .await
}
