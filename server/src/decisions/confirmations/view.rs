//! A second decision as it travels: with the first one, on whose screen it is seen.

use super::store::{self, Confirmation};
use crate::{
    access::Scope,
    assessments::Stored,
    decisions::{delivery, store::Decision},
    house::House,
    matters,
    problem::Error,
    store::Tx,
    users,
};
use karton_api::confirmations::{self as wire, Second};
use karton_rules::pack::Pack;

/// What stands beside a decision that a second body has to confirm; nothing beside others.
pub(in crate::decisions) fn of_decision(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    it: &Decision,
    (pack, stored): (&Pack, &Stored),
) -> Result<Option<Second>, Error> {
    let Some(body) = &it.confirms else {
        return Ok(None);
    };
    let said = store::of_decision(tx, it.id)?;
    let waits = said.is_none() && it.annulled_by.is_none();
    let (mut due_on, mut office, mut learnt_since) = (None, None, false);
    if waits {
        if let Some((there, due)) = matters::confirming(tx, &house.packs, scope, it.application.cast())? {
            (office, due_on) = (Some(house.offices.to_ref(there)), due);
        }
        learnt_since = crate::assessments::outdated(tx, scope, stored, house.clock.today())?;
    }
    let name = pack.country.bodies.iter().find(|one| one.code == *body);
    Ok(Some(Second {
        body: name.map(|one| one.name.0.clone()).unwrap_or_default(),
        waits,
        office,
        due_on,
        learnt_since,
        confirmation: said.map(|said| view(tx, house, said)).transpose()?,
    }))
}

fn view(tx: &mut Tx, house: &House, it: Confirmation) -> Result<wire::Confirmation, Error> {
    Ok(wire::Confirmation {
        id: it.id,
        office: house.offices.to_ref(it.office),
        says: it.says,
        reason: it.reason,
        number: it.number,
        by: users::officer_ref(tx, Some(it.decided_by))?,
        at: it.decided_at,
        deputy_for: it
            .deputy_for
            .map(|id| users::officer_ref(tx, Some(id)))
            .transpose()?,
        letter: it.letter,
        delivery: delivery::of_paper(tx, it.id.cast())?,
        annulled: it.annulled_by.is_some(),
    })
}
