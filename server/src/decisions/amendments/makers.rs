//! Which body makes a later decision, and whether a second one decides on it too.

use super::store::{self, Amendment};
use crate::{
    applications::Desk,
    awards,
    decisions::{self, confirmations},
    house::House,
    matters,
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{Id, amendments::AmendmentKind, value::Office};
use karton_rules::pack::LaterBy;

/// Who makes it.
#[derive(Debug, Clone)]
pub(super) struct Makers {
    /// The office whose officers recommend and decide.
    pub(super) office: Id<Office>,
    /// That is the body that confirmed the right.
    pub(super) of_second: bool,
    /// The body that decides on it afterwards; nothing where one decision is enough.
    pub(super) confirms: Option<String>,
    /// Two bodies granted the right: each works for itself.
    pub(super) chained: bool,
}

impl Makers {
    /// Refuses with `OtherOffice` an officer of another body, where two granted the right: whoever sits above does not do the first one's work.
    pub(super) fn here(&self, tx: &mut Tx, desk: &Desk) -> Result<(), Error> {
        if self.chained && matters::body(tx, desk.session.office)? != matters::body(tx, self.office)? {
            return Err(Refusal::OtherOffice.into());
        }
        Ok(())
    }
}

/// Who makes a later decision for a reason. A slip is put right by whoever made it; what the second body decided is that one's matter alone; and
/// where one decision was enough, one is enough later too. Otherwise the pack says, and where it says nothing it goes the way of the first decision.
pub(super) fn makers(tx: &mut Tx, house: &House, it: &Amendment, reason: &str) -> Result<Makers, Error> {
    if let Some(id) = it.confirmation {
        let on = confirmations::store::find(tx, id)?.ok_or(Error::Missing)?;
        return Ok(of_second(on.office));
    }
    let target = match it.target {
        Some(id) => Some(store::find(tx, id)?.ok_or(Error::Missing)?),
        None => None,
    };
    if let Some(target) = target.as_ref().filter(|target| target.of_second) {
        return Ok(of_second(target.office));
    }
    let granted = match it.award {
        Some(award) => awards::store::office_of(tx, award)?,
        None => None,
    };
    let decided = match it.decision {
        Some(decision) => decisions::store::office_of(tx, decision)?,
        None => None,
    };
    let office = granted.or(decided).unwrap_or(it.office);
    let body = body(tx, house, it, office)?;
    let alone = Makers {
        office,
        of_second: false,
        confirms: None,
        chained: body.is_some(),
    };
    // What has no effect yet, or never had, is taken back by whoever said it.
    let without = it.award.is_none() || target.is_some_and(|target| target.confirms.is_none());
    if it.kind == AmendmentKind::Correct || without || body.is_none() {
        return Ok(alone);
    }
    let benefit = house.pack.benefit(&it.benefit);
    let kind = super::content::pack_kind(it.kind);
    match benefit.map_or(LaterBy::Both, |benefit| benefit.later_by(kind, reason)) {
        LaterBy::First => Ok(alone),
        LaterBy::Both => Ok(Makers {
            confirms: body,
            ..alone
        }),
        LaterBy::Second => {
            let rule = house.pack.country.amendments.as_ref();
            let procedure = rule.and_then(|rule| house.pack.procedure(&rule.procedure));
            let procedure = procedure.ok_or(Refusal::NotProvided)?;
            let above = matters::confirms_for(tx, procedure, office)?;
            Ok(of_second(above.ok_or(Refusal::NotProvided)?))
        }
    }
}

fn of_second(office: Id<Office>) -> Makers {
    Makers {
        office,
        of_second: true,
        confirms: None,
        chained: true,
    }
}

/// The body that confirmed the right. A right from before, with no decision here, is one of the bodies that are competent now.
fn body(tx: &mut Tx, house: &House, it: &Amendment, office: Id<Office>) -> Result<Option<String>, Error> {
    if let Some(decision) = it.decision {
        return decisions::store::confirms(tx, decision);
    }
    let benefit = house.pack.benefit(&it.benefit);
    let at = house.offices.get(office);
    let municipality = at.as_ref().and_then(|office| office.municipality.as_deref());
    let competent = benefit.and_then(|it| it.competent_on(&house.pack, house.clock.today(), municipality));
    Ok(competent.and_then(|it| it.confirms.clone()))
}
