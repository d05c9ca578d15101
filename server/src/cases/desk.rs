//! What every act on a case has at hand: loading it, moving its matter, saving it, and ids fixed before the first try.

use super::{
    store::{self, SocialCase},
    view,
};
use crate::{
    access::Scope,
    applications::Desk,
    audit::{self, Entry},
    clock::Clock,
    house::House,
    matters,
    packs::Packs,
    persons,
    problem::Error,
    store::Tx,
    users,
};
use karton_api::{
    Date, Id,
    cases::{Case, PlanState},
    persons::PersonCard,
    problem::FieldError,
    session::Role,
    value::{self, Officer, Person},
};
use karton_rules::pack::{CaseRules, LegalAct, Pack, Procedure, Step, StepKind, StepRole};
use std::sync::Arc;
use uuid::Uuid;

/// Ids made before the transaction, so that it can be run again.
#[derive(Debug, Clone)]
pub(super) struct Ids(std::vec::IntoIter<Uuid>);

impl Ids {
    pub(super) fn new(clock: &Clock, many: usize) -> Ids {
        Ids((0..many)
            .map(|_| clock.id::<value::Matter>().uuid())
            .collect::<Vec<_>>()
            .into_iter())
    }
    pub(super) fn take<T>(&mut self) -> Result<Id<T>, Error> {
        self.0
            .next()
            .map(Id::from_uuid)
            .ok_or_else(|| Error::fault("an act took more ids than it had"))
    }
}

/// The case as the house itself sees it: for the engine's moves and for showing it to whoever has been found to see it.
pub(super) fn inside(desk: &Desk) -> Scope {
    Scope::under(desk.session.office)
}

/// A case that exists for this officer and on which they may work: `Missing` and `OwnDossier` otherwise.
pub(super) fn load(desk: &Desk, tx: &mut Tx, id: Id<value::Case>) -> Result<SocialCase, Error> {
    tx.hold("social_case", id)?;
    let it = store::load(tx, &desk.scope, id)?;
    persons::not_own(tx, desk.session.officer, it.person)?;
    let people: Vec<Id<Person>> = store::standings(tx, it.matter())?
        .into_iter()
        .filter_map(|standing| standing.person)
        .collect();
    users::not_own(tx, desk.session.officer, &people)?;
    Ok(it)
}

/// Changes a case that exists for this officer, in one transaction with the entry that `act` answers beside its value. What changes the steps
/// that are open is saved by `act` itself.
pub(super) async fn change<T, F>(desk: Desk, id: Id<value::Case>, act: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: Fn(&Desk, &mut Tx, &mut SocialCase) -> Result<(T, Entry), Error> + Send + Sync + 'static,
{
    let store = desk.house.store.clone();
    audit::write(&store, desk.actor(), desk.now, move |tx| {
        let mut it = load(&desk, tx, id)?;
        act(&desk, tx, &mut it)
    })
    .await
}

/// As [`change`], and saves it; answers the case as this officer sees it afterwards.
pub(super) async fn act<F>(desk: Desk, id: Id<value::Case>, act: F) -> Result<Case, Error>
where
    F: Fn(&Desk, &mut Tx, &mut SocialCase) -> Result<Entry, Error> + Send + Sync + 'static,
{
    change(desk, id, move |desk, tx, it| {
        let entry = act(desk, tx, it)?;
        save(desk, tx, it)?;
        Ok((
            view::see(tx, &desk.house, &inside(desk), &desk.session, it, desk.now)?,
            entry,
        ))
    })
    .await
}

/// Saves a case with what is open now.
pub(super) fn save(desk: &Desk, tx: &mut Tx, it: &mut SocialCase) -> Result<(), Error> {
    settle(tx, &desk.house.packs, it, desk.today)?;
    store::save(tx, it)
}

/// What is open now is what the case stands at. The open steps of the caseworker are those of whoever leads it.
pub(super) fn settle(tx: &mut Tx, packs: &Packs, it: &mut SocialCase, today: Date) -> Result<(), Error> {
    let scope = Scope::under(it.office);
    if let Some(lead) = it.lead() {
        matters::give(tx, packs, &scope, it.matter(), StepRole::Caseworker, lead)?;
    }
    // The review comes on the day that the plan in force names, where that is earlier than its term.
    let in_force = store::plans(tx, it.matter())?
        .into_iter()
        .find(|plan| plan.state == PlanState::Approved && plan.review_on >= today);
    if let Some(plan) = in_force {
        matters::bring_forward(tx, packs, &scope, it.matter(), LegalAct::Review, plan.review_on)?;
    }
    let mut open = matters::open_steps(tx, packs, &scope, it.matter())?;
    // What is watched is no phase, but its term counts.
    open.sort_by_key(|step| (step.kind == StepKind::Monitor, step.due_on.is_none(), step.due_on));
    it.phase = open.first().map(|step| step.step.clone());
    it.due_on = open.iter().filter_map(|step| step.due_on).min();
    Ok(())
}

/// An entry about a case.
pub(super) fn entry(what: &'static str, it: &SocialCase) -> Entry {
    Entry::of(what).person(it.person).matter(it.id)
}

/// A procedure of social work with its pack and its rules.
pub(super) struct Way {
    pub(super) pack: Arc<Pack>,
    id: String,
}

impl Way {
    pub(super) fn of(desk: &Desk, tx: &mut Tx, it: &SocialCase) -> Result<Way, Error> {
        Way::of_house(&desk.house, tx, it)
    }
    pub(super) fn of_house(house: &House, tx: &mut Tx, it: &SocialCase) -> Result<Way, Error> {
        let matter = matters::store::load(tx, &Scope::under(it.office), it.matter())?;
        Ok(Way {
            pack: matters::store::pack_of(tx, &house.packs, &matter)?,
            id: matter.procedure,
        })
    }
    /// The way that a new case takes.
    pub(super) fn new(pack: &Arc<Pack>, procedure: &str) -> Way {
        Way {
            pack: Arc::clone(pack),
            id: procedure.to_owned(),
        }
    }
    pub(super) fn procedure(&self) -> Result<&Procedure, Error> {
        self.pack
            .procedure(&self.id)
            .ok_or_else(|| Error::fault(format!("the pack has no procedure `{}`", self.id)))
    }
    pub(super) fn rules(&self) -> Result<&CaseRules, Error> {
        self.procedure()?
            .case
            .as_ref()
            .ok_or_else(|| Error::fault(format!("`{}` is no procedure of social work", self.id)))
    }
    pub(super) fn step(&self, key: &str) -> Result<Option<&Step>, Error> {
        Ok(self.procedure()?.step(key))
    }
    /// The steps that open instead where a step is sent back or another way is taken, those of an act only.
    pub(super) fn instead(&self, key: &str, act: Option<LegalAct>) -> Result<Vec<String>, Error> {
        let procedure = self.procedure()?;
        let Some(step) = procedure.step(key) else {
            return Ok(Vec::new());
        };
        let of_act =
            |other: &&String| act.is_none() || procedure.step(other).is_some_and(|step| step.act == act);
        Ok(step.returns.iter().filter(of_act).cloned().collect())
    }
}

/// A code of one of the pack's lists.
pub(super) fn code(pack: &Pack, list: &str, code: &str, pointer: &str, errors: &mut Vec<FieldError>) {
    if !persons::known_code(pack, list, code) {
        errors.push(super::model::wrong(
            pointer,
            "unknown",
            format!("this is no code of the list `{list}`"),
        ));
    }
}

/// Answers [`Error::Invalid`] where something was found.
pub(super) fn none_wrong(errors: Vec<FieldError>) -> Result<(), Error> {
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

/// An officer with one of these roles in the case's office, to whom the dossier is not their own or a relative's.
pub(super) fn fit(
    tx: &mut Tx,
    officer: Id<Officer>,
    office: Id<value::Office>,
    roles: &[Role],
    person: Id<Person>,
    pointer: &str,
) -> Result<(), Error> {
    if !users::works_in(tx, officer, office, roles)? {
        return Err(Error::field(
            pointer,
            "unknown",
            "nobody who may do this works here under this id",
        ));
    }
    persons::not_own(tx, officer, person).map_err(|_| {
        Error::field(
            pointer,
            "own-dossier",
            "this dossier is their own or a relative's",
        )
    })
}

/// An officer who may have something to do in a case: one who works in its office, and is named on it where it is restricted.
pub(super) fn works_on(
    desk: &Desk,
    tx: &mut Tx,
    it: &SocialCase,
    officer: Id<Officer>,
    pointer: &str,
) -> Result<(), Error> {
    let roles = [Role::Caseworker, Role::Clerk, Role::Approver];
    fit(tx, officer, it.office, &roles, it.person, pointer)?;
    if !matters::exists_for(tx, it.matter(), officer, desk.now)? {
        let text = "this officer is not named on this case";
        return Err(Error::field(pointer, "not-named", text));
    }
    Ok(())
}

/// The card of a person, whoever it is, for a field that names one.
pub(super) fn known_person(
    desk: &Desk,
    tx: &mut Tx,
    person: Id<Person>,
    pointer: &str,
) -> Result<PersonCard, Error> {
    persons::store::cards(tx, &desk.scope, &[person])?
        .pop()
        .ok_or_else(|| Error::field(pointer, "unknown", "there is no such person"))
}
