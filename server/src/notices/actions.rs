//! Looking at notices, and sending one again.

use super::{
    sending::TELL,
    stepping,
    store::{self, Stored},
};
use crate::{
    access::{May, Permission as _, Scope, Session, TakeApplications},
    audit::{self, Entry},
    house::House,
    matters, persons,
    problem::{Error, Refusal},
    store::{
        Tx,
        jobs::{self, NewJob},
    },
};
use karton_api::{
    Id,
    notices::{self as wire, NoticeState},
    value::{Matter, Notice},
};
use karton_rules::pack::Pack;

/// The notices of a matter as this officer sees them. The caller has found the matter within the scope.
pub fn of_matter(
    tx: &mut Tx,
    pack: &Pack,
    session: &Session,
    matter: Id<Matter>,
) -> Result<Vec<wire::Notice>, Error> {
    let own = |it: &Stored, tx: &mut Tx| persons::not_own(tx, session.officer, it.person).is_err();
    let allowed = TakeApplications::ROLES
        .iter()
        .any(|role| session.roles.contains(role));
    let mut shown = Vec::new();
    for it in store::all(tx, matter)? {
        let may_send = allowed && open_again(it.state) && !own(&it, tx);
        shown.push(show(pack, &it, may_send));
    }
    Ok(shown)
}

/// What was refused or got no answer can be sent again.
fn open_again(state: NoticeState) -> bool {
    matches!(state, NoticeState::Refused | NoticeState::Silent)
}

fn show(pack: &Pack, it: &Stored, may_send: bool) -> wire::Notice {
    let service = pack.service(&it.service);
    let name = |language: &String| {
        let code = &service?.institution;
        let name = pack.code_name("institutions", code, language)?;
        Some((language.clone(), name.to_owned()))
    };
    wire::Notice {
        id: it.id,
        service: it.service.clone(),
        service_name: service.map(|service| service.name.0.clone()).unwrap_or_default(),
        institution: pack.country.languages.iter().filter_map(name).collect(),
        state: it.state,
        posted_at: it.posted_at,
        answered_at: it.answered_at,
        receipt: it.receipt.clone(),
        problem: it.problem.clone(),
        tries: it.tries,
        may: may_send.then(|| "send".to_owned()).into_iter().collect(),
    }
}

/// Sends a notice again that was refused or got no answer: a silent institution under the same message id, because it may have it already.
/// Refuses with `StepNotOpen` where it waits or was taken, and with `OwnDossier`.
pub(super) async fn send(
    may: &May<TakeApplications>,
    house: &House,
    matter: Id<Matter>,
    id: Id<Notice>,
) -> Result<wire::Notice, Error> {
    let now = house.clock.now();
    let (job, anew) = (house.clock.id(), house.clock.id::<Notice>());
    let (scope, session, pack): (Scope, _, _) = (may.scope(), may.session().clone(), house.pack.clone());
    let (packs, today) = (house.packs.clone(), house.clock.today());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        tx.hold("matter", matter)?;
        matters::store::load(tx, &scope, matter)?;
        let mut it = store::one(tx, id)?
            .filter(|it| it.matter == matter)
            .ok_or(Error::Missing)?;
        persons::not_own(tx, session.officer, it.person)?;
        if !open_again(it.state) {
            return Err(Refusal::StepNotOpen.into());
        }
        if it.state == NoticeState::Refused {
            it.message = anew.to_string();
            // What a step says was wrong or lacked something, and may have been put right meanwhile.
            stepping::anew(tx, &packs, &mut it, (today, now))?;
        }
        it.state = NoticeState::Waiting;
        it.tries = 0;
        it.posted_at = now;
        it.answered_at = None;
        store::save(tx, &it)?;
        jobs::post(tx, &NewJob::new(job, TELL, now).payload(id.to_string()))?;
        let entry = Entry::of("notice-sent-again")
            .person(it.person)
            .matter(matter)
            .value("service", &it.service);
        Ok((show(&pack, &it, false), entry))
    })
    .await
}
