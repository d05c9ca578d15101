//! A second decision as it travels: with the first one, on whose screen it is seen.

use super::store::{self, About, Confirmation};
use crate::{
    access::{Permission as _, Recommend, Scope, Session},
    assessments::Stored,
    decisions::{
        amendments::{self, store::Amendment},
        delivery,
        store::Decision,
    },
    house::House,
    matters, persons,
    problem::Error,
    store::Tx,
    users,
};
use karton_api::{
    Id,
    amendments::AmendmentState,
    common::Texts,
    confirmations::{self as wire, Says, Second},
    decisions::LetterState,
    value::{Matter, Person},
};
use karton_rules::pack::Pack;

/// Who looks.
pub(in crate::decisions) struct Looks<'a> {
    pub(in crate::decisions) house: &'a House,
    pub(in crate::decisions) scope: &'a Scope,
    pub(in crate::decisions) session: &'a Session,
}

/// What stands beside a decision that a second body has to confirm; nothing beside others.
pub(in crate::decisions) fn of_decision(
    tx: &mut Tx,
    looks: &Looks<'_>,
    it: &Decision,
    whose: Id<Person>,
    (pack, stored): (&Pack, &Stored),
) -> Result<Option<Second>, Error> {
    let Some(body) = &it.confirms else {
        return Ok(None);
    };
    let mut said = store::of_decision(tx, it.id)?;
    let taken_back = it.annulled_by.is_some() || it.returned_by.is_some();
    // What was annulled alone is past; what was annulled with the first decision still stands beside it.
    let newest = said
        .iter()
        .position(|one| one.annulled_by.is_none() || (taken_back && one.annulled_by == it.annulled_by));
    let newest = newest.map(|place| said.remove(place));
    let waits = newest.is_none() && !taken_back;
    let mut learnt_since = false;
    if waits {
        learnt_since = crate::assessments::outdated(tx, looks.scope, stored, looks.house.clock.today())?;
    }
    let mut second = second(tx, looks, named(pack, body), waits, it.application.cast())?;
    second.learnt_since = learnt_since;
    second.confirmation = newest.map(|one| view(tx, looks, one, whose)).transpose()?;
    second.earlier = said
        .into_iter()
        .map(|one| view(tx, looks, one, whose))
        .collect::<Result<_, Error>>()?;
    Ok(Some(second))
}

/// What stands beside a later decision that a second body has to confirm; nothing beside others.
pub(in crate::decisions) fn of_amendment(
    tx: &mut Tx,
    looks: &Looks<'_>,
    it: &Amendment,
    learnt_since: bool,
) -> Result<Option<Second>, Error> {
    let Some(body) = &it.confirms else {
        return Ok(None);
    };
    let waits = it.state == AmendmentState::Confirming;
    let said = store::of_amendment(tx, it.id)?;
    let name = named(&looks.house.pack, body);
    let mut second = second(tx, looks, name, waits, it.id.cast())?;
    second.learnt_since = waits && learnt_since;
    second.confirmation = said.map(|said| view(tx, looks, said, it.person)).transpose()?;
    Ok(Some(second))
}

fn named(pack: &Pack, body: &str) -> Texts {
    let name = pack.country.bodies.iter().find(|one| one.code == *body);
    name.map(|one| one.name.0.clone()).unwrap_or_default()
}

fn second(
    tx: &mut Tx,
    looks: &Looks<'_>,
    body: Texts,
    waits: bool,
    matter: Id<Matter>,
) -> Result<Second, Error> {
    let open = match waits {
        true => matters::confirming(tx, &looks.house.packs, looks.scope, matter)?,
        false => None,
    };
    Ok(Second {
        body,
        waits,
        office: open.map(|(there, _)| looks.house.offices.to_ref(there)),
        due_on: open.and_then(|(_, due)| due),
        learnt_since: false,
        confirmation: None,
        earlier: Vec::new(),
    })
}

/// What this officer may propose on it: its slips are put right, and it is taken back, by its own body alone. What it said on a later decision is not
/// annulled: that later decision is.
fn open_for(
    tx: &mut Tx,
    looks: &Looks<'_>,
    it: &Confirmation,
    whose: Id<Person>,
) -> Result<Vec<String>, Error> {
    let allowed = Recommend::ROLES
        .iter()
        .any(|role| looks.session.roles.contains(role));
    let stands = it.annulled_by.is_none()
        && it.says != Says::Return
        && it.letter == Some(LetterState::Ready)
        && looks.house.pack.country.amendments.is_some();
    if !allowed
        || !stands
        || matters::body(tx, looks.session.office)? != it.office
        || persons::not_own(tx, looks.session.officer, whose).is_err()
    {
        return Ok(Vec::new());
    }
    let mut may = vec!["correct".to_owned()];
    if matches!(it.about, About::Decision(_)) {
        may.push("annul".to_owned());
    }
    Ok(may)
}

fn view(
    tx: &mut Tx,
    looks: &Looks<'_>,
    it: Confirmation,
    whose: Id<Person>,
) -> Result<wire::Confirmation, Error> {
    Ok(wire::Confirmation {
        id: it.id,
        office: looks.house.offices.to_ref(it.office),
        says: it.says,
        by: users::officer_ref(tx, Some(it.decided_by))?,
        at: it.decided_at,
        deputy_for: it
            .deputy_for
            .map(|id| users::officer_ref(tx, Some(id)))
            .transpose()?,
        letter: it.letter,
        delivery: delivery::of_paper(tx, it.id.cast())?,
        annulled: it.annulled_by.is_some(),
        amendments: amendments::store::on_confirmation(tx, it.id)?,
        may: open_for(tx, looks, &it, whose)?,
        reason: it.reason,
        number: it.number,
    })
}
