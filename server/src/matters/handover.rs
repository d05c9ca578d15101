//! What an officer has in hand, and giving it to somebody else.

use super::{actions::change, model::officer_roles, store};
use crate::{access::Scope, packs::Packs, problem::Error, store::Tx, users, vals};
use karton_api::{
    Date, Id, Timestamp,
    common::Texts,
    session::Role,
    value::{self, Office, Officer, StepRun},
};

/// An open step that an officer took or was given.
#[derive(Debug, Clone)]
pub struct Held {
    /// Which.
    pub step: Id<StepRun>,
    /// Of which matter.
    pub matter: Id<value::Matter>,
    /// The office that works on it.
    pub office: Id<Office>,
    /// The step's name.
    pub name: Texts,
    /// The matter's number.
    pub number: Option<String>,
    /// The benefit's code.
    pub benefit: Option<String>,
    /// The last day of its term.
    pub due_on: Option<Date>,
    /// Who may do it.
    pub roles: &'static [Role],
    /// Who cannot, because a second officer is needed.
    pub barred: Option<Id<Officer>>,
}

/// The open steps of an officer within the scope, the earliest due first.
pub fn held_by(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    officer: Id<Officer>,
    limit: usize,
) -> Result<Vec<Held>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values = vals![scope.val(), officer, limit].to_vec();
    let seen = super::seen(scope, "s.matter", &mut values);
    let rows = tx.query(
        &format!(
            "SELECT s.id, s.matter, s.step, s.due_on, s.barred, s.office FROM step_run s
             WHERE s.assigned_to = $2 AND s.state IN ('open', 'started')
                AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = s.office) AND {seen}
             ORDER BY s.due_on, s.id LIMIT $3"
        ),
        &values,
    )?;
    let mut held = Vec::new();
    for row in &rows {
        let matter = store::load(tx, scope, row.get(1)?)?;
        let pack = store::pack_of(tx, packs, &matter)?;
        let key: String = row.get(2)?;
        let step = store::procedure_of(&pack, &matter)?
            .step(&key)
            .ok_or_else(|| Error::fault(format!("the procedure has no step `{key}`")))?;
        held.push(Held {
            step: row.get(0)?,
            matter: matter.id,
            office: row.get(5)?,
            name: step.name.0.clone(),
            number: matter.number.clone(),
            benefit: matter.benefit.clone(),
            due_on: store::due_of(row.get(3)?),
            roles: officer_roles(step.role),
            barred: row.get(4)?,
        });
    }
    Ok(held)
}

/// Whether an officer may do a step: by roles in its office, because they did not do what it answers, and because the matter exists for them.
pub fn may_hold(tx: &mut Tx, held: &Held, officer: Id<Officer>, now: Timestamp) -> Result<bool, Error> {
    Ok(held.barred != Some(officer)
        && users::works_in(tx, officer, held.office, held.roles)?
        && super::exists_for(tx, held.matter, officer, now)?)
}

/// Gives an open step to somebody, or back to the office's queue.
pub fn hand(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    held: &Held,
    to: Option<Id<Officer>>,
) -> Result<(), Error> {
    change(tx, packs, scope, held.matter, None, |running, _, _| {
        running.assign(held.step, to)
    })
}
