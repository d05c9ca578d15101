//! Moves of the engine that social work needs beside those of applications: watched steps whose term counts anew, a way that branches, a
//! matter that is taken up again. All inside the transaction of the act.

use super::{
    actions::change,
    model::{Done, Fresh},
};
use crate::{
    access::Scope,
    packs::Packs,
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Date, Id,
    value::{self, Officer},
};
use karton_rules::pack::{LegalAct, StepRole};

/// A legal act that completes this step, where several may wait for the same one. Refuses with `StepNotOpen` and `SecondOfficerNeeded`.
#[expect(
    clippy::too_many_arguments,
    reason = "the same seven in every move, and which step"
)]
pub fn advance_step(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    step: &str,
    act: LegalAct,
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    change(
        tx,
        packs,
        scope,
        id,
        Some(done.on),
        |running, calendar, closed| {
            let run = running.open_step(step).ok_or(Refusal::StepNotOpen)?;
            if run.barred.is_some() && run.barred == done.by {
                return Err(Refusal::SecondOfficerNeeded);
            }
            running.act_on(step, act, done, calendar, closed, fresh)
        },
    )
}

/// Something of this kind happened on a day: the terms of the steps that watch for it count anew.
pub fn renew(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    kind: &str,
    on: Date,
) -> Result<(), Error> {
    change(tx, packs, scope, id, None, |running, calendar, _| {
        running.renew(kind, on, calendar);
        Ok(())
    })
}

/// Drops what is open and opens these steps instead.
#[expect(
    clippy::too_many_arguments,
    reason = "the same seven in every move, and where to"
)]
pub fn branch(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    to: &[String],
    reason: &str,
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    change(
        tx,
        packs,
        scope,
        id,
        Some(done.on),
        |running, calendar, closed| running.branch(to, reason, done, calendar, closed, fresh),
    )
}

/// Takes a matter that has ended up again, with what follows `step`. Refuses with `CannotReopen` where it has not ended.
#[expect(
    clippy::too_many_arguments,
    reason = "the same seven in every move, and where to"
)]
pub fn resume(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    step: &str,
    reason: &str,
    done: Done,
    fresh: &mut Fresh,
) -> Result<(), Error> {
    change(
        tx,
        packs,
        scope,
        id,
        Some(done.on),
        |running, calendar, closed| running.resume(step, reason, done, calendar, closed, fresh),
    )
}

/// Gives every open step of a role that nobody has yet to an officer, who has been found fit for it.
pub fn give(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    role: StepRole,
    to: Id<Officer>,
) -> Result<(), Error> {
    change(tx, packs, scope, id, None, |running, _, _| {
        running.give(role, to);
        Ok(())
    })
}

/// An officer leaves a matter: the open steps they have go back to the queue.
pub fn leave(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    from: Id<Officer>,
) -> Result<(), Error> {
    change(tx, packs, scope, id, None, |running, _, _| {
        running.leave(from);
        Ok(())
    })
}

/// The open step of an act is due earlier than its term says: on a day that was agreed on.
pub fn bring_forward(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    id: Id<value::Matter>,
    act: LegalAct,
    to: Date,
) -> Result<(), Error> {
    change(tx, packs, scope, id, None, |running, _, _| {
        running.bring_forward(act, to);
        Ok(())
    })
}
