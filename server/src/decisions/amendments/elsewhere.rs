//! An award of another office that would give way: that office looks whether it ends, before the other right can be granted.

use super::{
    giving_way::gives_way_on,
    opening::{Proposal, propose_end},
};
use crate::{
    access::Scope,
    applications::{Desk, GivesWay},
    awards,
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{Date, Id, value::Amendment};

/// Opens the task in the office that granted the award, where that lies outside of the officer's scope; otherwise the award gives way with the decision
/// and nothing is done here. Refuses with `NotProvided`.
pub(in crate::decisions) fn propose_elsewhere(
    tx: &mut Tx,
    desk: &Desk,
    id: Id<Amendment>,
    way: &GivesWay,
    starts: Date,
) -> Result<(), Error> {
    if awards::store::load(tx, &desk.scope, way.award).is_ok() {
        return Ok(());
    }
    let Some(office) = awards::store::office_of(tx, way.award)? else {
        return Ok(());
    };
    let award = awards::store::load(tx, &Scope::under(office), way.award)?;
    let turns = awards::of_award(tx, award.id)?;
    let rule = desk.house.pack.country.amendments.as_ref();
    let rule = rule
        .and_then(|rule| rule.choice.as_ref())
        .ok_or(Refusal::NotProvided)?;
    let proposal = Proposal {
        id,
        award: award.id,
        rests: !way.ends,
        from: gives_way_on(&award, &turns, starts),
        reason: &rule.reason,
    };
    propose_end(tx, &desk.house, &proposal, desk.done(), &mut desk.fresh())?;
    Ok(())
}
