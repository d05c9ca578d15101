//! Steps on which an office above the matter's works: the second decider of a chain, with its letter and its delivery.
//!
//! Which office that is follows from the tree when a step opens: the way up begins at the legal body that handles the matter. A dossier that is handed
//! over to another office has its open steps settled anew. Whoever works elsewhere does not do such a step, though the tree lies under them.

use super::{
    model::{Done, Fresh, Matter, StepRun},
    store,
};
use crate::{
    access::Scope,
    packs::Packs,
    problem::{Error, Refusal},
    store::Tx,
    vals,
};
use karton_api::{
    Id,
    common::OfficeRef,
    value::{self, Office, Person},
};
use karton_rules::pack::{Above, LegalAct, Procedure};
use std::collections::BTreeMap;

/// Whose decision a letter or a delivery is of, where two bodies decide one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decider {
    /// The body that decides; the only one in most procedures.
    First,
    /// The body that confirms.
    Second,
}

impl Decider {
    /// Whether a step of a procedure is of this one.
    pub fn has(self, procedure: &Procedure, step: &str) -> bool {
        procedure.behind_confirmation(step) == (self == Decider::Second)
    }
}

/// The office for each step of a procedure that another one than the matter's works on; steps for which there is none are missing.
pub(super) type Elsewhere = BTreeMap<String, Id<Office>>;

/// The kind of an office and the one above it.
type Up = (String, Option<Id<Office>>);

fn up(tx: &mut Tx, office: Id<Office>) -> Result<Option<Up>, Error> {
    let row = tx.opt("SELECT kind, parent FROM office WHERE id = $1", vals![office])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// The legal body of an office: itself, or the nearest above it that is no unit.
pub fn body(tx: &mut Tx, office: Id<Office>) -> Result<Id<Office>, Error> {
    let mut at = office;
    while let Some((kind, Some(parent))) = up(tx, at)? {
        if kind != "unit" {
            break;
        }
        at = parent;
    }
    Ok(at)
}

/// The office above the legal body of an office; nothing where the tree has none.
pub fn above(tx: &mut Tx, office: Id<Office>, which: Above) -> Result<Option<Id<Office>>, Error> {
    let mut at = body(tx, office)?;
    while let Some((_, Some(parent))) = up(tx, at)? {
        at = parent;
        if up(tx, at)?.is_some_and(|(kind, _)| which.is(&kind)) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Where the steps of a procedure are worked on that are not the matter's own office's.
pub(super) fn elsewhere(tx: &mut Tx, procedure: &Procedure, office: Id<Office>) -> Result<Elsewhere, Error> {
    let mut found = Elsewhere::new();
    for step in &procedure.steps {
        if let Some(which) = step.at
            && let Some(there) = above(tx, office, which)?
        {
            found.insert(step.id.clone(), there);
        }
    }
    Ok(found)
}

/// Refuses with `OtherOffice` a step of another office than the one that handles the matter, unless that is the officer's own legal body.
pub(super) fn own_step(tx: &mut Tx, matter: &Matter, run: &StepRun, here: Id<Office>) -> Result<(), Error> {
    if run.office == matter.office || body(tx, here)? == run.office {
        return Ok(());
    }
    Err(Refusal::OtherOffice.into())
}

/// An office as it travels, where a step is worked on elsewhere.
pub(super) fn named(tx: &mut Tx, matter: &Matter, office: Id<Office>) -> Result<Option<OfficeRef>, Error> {
    if office == matter.office {
        return Ok(None);
    }
    let row = tx.opt("SELECT code, name FROM office WHERE id = $1", vals![office])?;
    row.map(|row| {
        Ok(OfficeRef {
            code: row.get(0)?,
            name: serde_json::from_str(&row.get::<String>(1)?).map_err(Error::fault)?,
        })
    })
    .transpose()
}

/// The office of a step and the last day of its term.
pub(super) type Confirming = (Id<Office>, Option<karton_api::Date>);

/// The open step that the second body's decision completes.
pub fn confirming(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
) -> Result<Option<Confirming>, Error> {
    let matter = store::load(tx, scope, id)?;
    let pack = store::pack_of(tx, packs, &matter)?;
    let procedure = store::procedure_of(&pack, &matter)?;
    let confirms = |run: &StepRun| {
        run.is_open()
            && procedure
                .step(&run.step)
                .is_some_and(|step| step.act == Some(LegalAct::Confirm))
    };
    let open = store::steps(tx, id)?.into_iter().find(confirms);
    Ok(open.map(|run| (run.office, run.due_on)))
}

/// The first body has decided and a second one has to: completes the step of the decision, and opens what follows and what leads to the second
/// one. Refuses as [`super::advance`] does, and with `NotProvided` where the tree has no office for it.
pub fn decided_onward(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    super::actions::change(
        tx,
        packs,
        scope,
        id,
        Some(done.on),
        |running, calendar, closed| {
            let run = running.open_act(LegalAct::Decide).ok_or(Refusal::StepNotOpen)?;
            if run.barred.is_some() && run.barred == done.by {
                return Err(Refusal::SecondOfficerNeeded);
            }
            let confirm = running.procedure.step_of(LegalAct::Confirm);
            if confirm.is_none_or(|step| !running.elsewhere.contains_key(&step.id)) {
                return Err(Refusal::NotProvided);
            }
            running.act_onward(done, calendar, closed, fresh)
        },
    )
}

/// The second body's decision has lost its effect: it has to decide again, whether the matter has ended or not. Refuses with `StepNotOpen` where the
/// procedure has no such step.
pub fn confirm_again(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    reason: &str,
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    super::actions::change(tx, packs, scope, id, None, |running, calendar, _| {
        running.confirm_again(reason, done, calendar, fresh)
    })
}

/// The office that would do the step of the act confirm in a procedure of the pack, for a matter of an office.
pub fn confirms_for(
    tx: &mut Tx,
    procedure: &Procedure,
    office: Id<Office>,
) -> Result<Option<Id<Office>>, Error> {
    match procedure.step_of(LegalAct::Confirm).and_then(|step| step.at) {
        Some(which) => above(tx, office, which),
        None => Ok(None),
    }
}

/// Settles the open steps of a person's matters whose office lay above the one that the dossier has left.
pub fn settle(tx: &mut Tx, packs: &Packs, person: Id<Person>) -> Result<(), Error> {
    let rows = tx.query(
        "SELECT s.id, s.step, m.id, m.office FROM step_run s JOIN matter m ON m.id = s.matter
         WHERE m.person = $1 AND s.state IN ('open', 'started') AND s.office <> m.office ORDER BY s.id",
        vals![person],
    )?;
    for row in &rows {
        let (run, key): (Id<value::StepRun>, String) = (row.get(0)?, row.get(1)?);
        let (id, office): (Id<value::Matter>, Id<Office>) = (row.get(2)?, row.get(3)?);
        let matter = store::load(tx, &Scope::under(office), id)?;
        let pack = store::pack_of(tx, packs, &matter)?;
        let which = store::procedure_of(&pack, &matter)?
            .step(&key)
            .and_then(|step| step.at);
        let there = match which {
            Some(which) => above(tx, office, which)?,
            None => None,
        };
        tx.exec(
            "UPDATE step_run SET office = $2 WHERE id = $1",
            vals![run, there.unwrap_or(office)],
        )?;
    }
    Ok(())
}
