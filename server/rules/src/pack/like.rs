//! Procedures that are like another one: `like`, `without` and `after` of `procedures/*.toml`.

use super::{Mistake, Place, Procedure, Step};
use std::collections::BTreeMap;

/// What a procedure says of the one that it is like.
#[derive(Debug, Clone)]
pub(super) struct Like {
    /// Which procedure says it.
    pub(super) id: String,
    /// The procedure it is like.
    pub(super) base: String,
    /// Steps that it does without: whatever led to them leads to where they led.
    pub(super) without: Vec<String>,
    /// Own step → the step that it stands behind.
    pub(super) after: BTreeMap<String, String>,
    /// What its table `[case]` says itself.
    pub(super) own: Vec<&'static str>,
    pub(super) place: Place,
}

/// Lays every such procedure over the one that it is like. Only one that stands for itself may be named.
pub(super) fn lay(
    procedures: &mut [Procedure],
    likes: &[Like],
    files: &BTreeMap<String, String>,
    note: impl Fn(Mistake),
) {
    let bases: BTreeMap<String, Procedure> = (procedures.iter())
        .filter(|one| !likes.iter().any(|like| like.id == one.id))
        .map(|one| (one.id.clone(), one.clone()))
        .collect();
    for like in likes {
        let wrong = |message: String| {
            let text = files.get(&like.place.file).map_or("", String::as_str);
            note(Mistake::at(&like.place.file, text, like.place.offset, message));
        };
        let Some(own) = procedures.iter_mut().find(|one| one.id == like.id) else {
            continue;
        };
        let Some(base) = bases.get(&like.base) else {
            if likes.iter().any(|other| other.id == like.base) {
                wrong(format!(
                    "`{}` is like another procedure itself; name that one",
                    like.base
                ));
            }
            continue;
        };
        for name in like.without.iter().chain(like.after.values()) {
            let known = base.step(name).is_some() || own.step(name).is_some();
            if !known {
                wrong(format!("`{}` has no step `{name}`", like.base));
            }
        }
        own.steps = steps(base, std::mem::take(&mut own.steps), like);
        if let (Some(own), Some(base)) = (&mut own.case, &base.case) {
            let inherits = |key: &str| !like.own.contains(&key);
            if inherits("roles") {
                own.roles.clone_from(&base.roles);
            }
            if inherits("care") {
                own.care.clone_from(&base.care);
            }
            if inherits("visit") {
                own.visit.clone_from(&base.visit);
            }
            if inherits("restricted") {
                own.restricted = base.restricted;
            }
        } else if own.case.is_none() && base.case.is_some() {
            wrong(format!(
                "`{}` is a procedure of social work: a [case] with a code and a series of its own is needed",
                like.base
            ));
        }
    }
}

fn steps(base: &Procedure, own: Vec<Step>, like: &Like) -> Vec<Step> {
    let mut found = base.steps.clone();
    for step in own {
        if let Some(same) = found.iter_mut().find(|other| other.id == step.id) {
            *same = step;
            continue;
        }
        let behind = like.after.get(&step.id);
        let behind = behind.and_then(|behind| found.iter().position(|other| other.id == *behind));
        found.insert(behind.map_or(found.len(), |at| at + 1), step);
    }
    for name in &like.without {
        let Some(at) = found.iter().position(|step| step.id == *name) else {
            continue;
        };
        let gone = found.remove(at);
        let on: Vec<String> = (gone.next.iter())
            .filter(|next| **next != gone.id)
            .cloned()
            .collect();
        for step in &mut found {
            super::exchange::without(step, &gone.id, &on);
            for ways in [&mut step.next, &mut step.onward, &mut step.returns] {
                if let Some(at) = ways.iter().position(|next| *next == gone.id) {
                    let further = on.iter().filter(|next| !ways.contains(next)).cloned();
                    let further: Vec<String> = further.collect();
                    ways.splice(at..=at, further);
                }
            }
        }
    }
    found
}
