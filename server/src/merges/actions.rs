//! What officers can do with merges.

use super::{
    moving,
    store::{self, Stored},
};
use crate::{
    access::{ConfirmMerges, DeclineMerges, KeepPersons, May, Permission, ReadDossiers, Scope, Session},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    persons::{self, likeness},
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Id, Timestamp,
    common::{Page, Reason},
    duplicates::{MergeState, MergeView, MergesQuery, ProposeMerge},
    value::{Household, Merge, Officer, Person},
};

/// A merge moves no more memberships than this; their ids are made before the transaction.
const MOST_MEMBERSHIPS: usize = 200;

/// What an officer may do with a merge as it stands. The first officer may take a proposal back.
fn may_do(session: &Session, it: &Stored) -> Vec<String> {
    let confirms = ConfirmMerges::ROLES
        .iter()
        .any(|role| session.roles.contains(role));
    let own = it.proposed_by == session.officer;
    let open: &[(&str, bool)] = match it.state {
        MergeState::Proposed => &[("confirm", confirms && !own), ("decline", confirms || own)],
        MergeState::Merged => &[("undo", confirms)],
        MergeState::Declined | MergeState::Undone => &[],
    };
    open.iter()
        .filter(|(_, may)| *may)
        .map(|(what, _)| (*what).to_owned())
        .collect()
}

fn view(
    tx: &mut Tx,
    scope: &Scope,
    house: &House,
    session: &Session,
    it: &Stored,
) -> Result<MergeView, Error> {
    store::view(tx, scope, &house.offices, it, may_do(session, it))
}

/// Merges within the scope, the newest first.
pub(super) async fn list(
    may: &May<ReadDossiers>,
    house: &House,
    query: MergesQuery,
) -> Result<Page<MergeView>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<(Timestamp, Id<Merge>)> = cursor::decode(query.cursor.as_deref())?;
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let which = (query.state.unwrap_or(MergeState::Proposed), query.person);
    let rows = house
        .store
        .read(move |tx| {
            store::list(tx, &scope, which, after, limit + 1)?
                .iter()
                .map(|it| view(tx, &scope, &inside, &session, it))
                .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    house.searches.settled(house, may, "merges", rows.len()).await?;
    Ok(cursor::page(rows, limit, |it| (it.proposed_at, it.id)))
}

/// One merge within the scope; a look at both dossiers.
pub(super) async fn see(may: &May<ReadDossiers>, house: &House, id: Id<Merge>) -> Result<MergeView, Error> {
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let found = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            view(tx, &scope, &inside, &session, &it)
        })
        .await?;
    let looked = karton_api::dossiers::Purpose::default();
    house
        .looks
        .looked(house, may.actor(), found.stays.id, looked)
        .await?;
    Ok(found)
}

/// The two may be worked on by this officer, wait for nobody else, and nothing stands against merging them.
fn free(
    tx: &mut Tx,
    house: &House,
    (scope, officer): (&Scope, Id<Officer>),
    (goes, stays): (Id<Person>, Id<Person>),
    now: Timestamp,
) -> Result<(), Error> {
    let (first, second) = (goes.min(stays), goes.max(stays));
    tx.hold("person", first)?;
    tx.hold("person", second)?;
    persons::store::holding_office(tx, scope, goes)?;
    match persons::store::holding_office(tx, scope, stays) {
        Ok(_) => {}
        Err(Error::Missing) if !persons::store::cards(tx, scope, &[stays])?.is_empty() => {
            return Err(Refusal::MergeElsewhere.into());
        }
        Err(Error::Missing) => return Err(Error::field("/into", "unknown", "there is no such person")),
        Err(Error::Merged(..)) => {
            let says = "this one was merged into another already: merge into the one who stays";
            return Err(Error::field("/into", "merged", says));
        }
        Err(other) => return Err(other),
    }
    persons::none_own(tx, officer, &[goes, stays])?;
    let found = moving::in_the_way(tx, &house.pack, (goes, stays), (house.clock.today(), now))?;
    if found.is_empty() {
        Ok(())
    } else {
        Err(Error::Hindered(found))
    }
}

/// The first officer proposes. Refuses with everything that stands against it (`Error::Hindered`), with `MergeElsewhere`, `OwnDossier`, and
/// with `AlreadyProposed` where the one who goes is to be merged already.
pub(super) async fn propose(
    may: &May<KeepPersons>,
    house: &House,
    goes: Id<Person>,
    body: ProposeMerge,
) -> Result<MergeView, Error> {
    let words = http::reason(&body.reason, "/reason")?;
    if body.into == goes {
        return Err(Error::field("/into", "same", "nobody is merged into themselves"));
    }
    let (id, now) = (house.clock.id::<Merge>(), house.clock.now());
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let (officer, office) = (may.officer(), may.office());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        free(tx, &inside, (&scope, officer), (goes, body.into), now)?;
        if store::of_who_goes(tx, goes)?.is_some() {
            return Err(Refusal::AlreadyProposed.into());
        }
        let it = store::proposal(id, (goes, body.into), office, (officer, now), words.clone());
        store::insert(tx, &it)?;
        let entry = Entry::of("merge-proposed")
            .person(goes)
            .value("into", body.into)
            .value("merge", id);
        Ok((view(tx, &scope, &inside, &session, &it)?, entry))
    })
    .await
}

fn in_state(it: &Stored, revision: i64, state: MergeState) -> Result<(), Error> {
    if it.revision != revision {
        return Err(Error::Changed(it.revision));
    }
    if it.state != state {
        return Err(Refusal::MergeNotOpen.into());
    }
    Ok(())
}

/// Ids for memberships that are written anew.
fn ids(house: &House) -> Vec<Id<Household>> {
    (0..MOST_MEMBERSHIPS).map(|_| house.clock.id()).collect()
}

fn given(ids: &[Id<Household>]) -> impl FnMut() -> Id<Household> + use<> {
    let mut left = ids.to_vec();
    // Nobody has been in so many households; whoever has would be refused by the key of the table.
    move || left.pop().unwrap_or_else(|| Id::from_uuid(uuid::Uuid::nil()))
}

/// Another officer confirms, and it is done. Refuses with `SecondOfficerNeeded`, `MergeNotOpen`, and with what stands against it now.
pub(super) async fn confirm(
    may: &May<ConfirmMerges>,
    house: &House,
    (id, revision): (Id<Merge>, i64),
    body: Reason,
) -> Result<MergeView, Error> {
    let words = http::reason(&body.reason, "/reason")?;
    let (now, job, ids) = (house.clock.now(), house.clock.id(), ids(house));
    let (scope, session, inside, officer) =
        (may.scope(), may.session().clone(), house.clone(), may.officer());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        tx.hold("merge", id)?;
        let it = store::load(tx, &scope, id)?;
        in_state(&it, revision, MergeState::Proposed)?;
        if it.proposed_by == officer {
            return Err(Refusal::SecondOfficerNeeded.into());
        }
        free(tx, &inside, (&scope, officer), (it.goes, it.stays), now)?;
        let moved = moving::merge(tx, id, (it.goes, it.stays), now, given(&ids))?;
        store::answer(tx, id, MergeState::Merged, (officer, now), &words)?;
        likeness::call(tx, job, now)?;
        let entry = Entry::of("merged")
            .person(it.stays)
            .value("goes", it.goes)
            .value("merge", id)
            .value("rows", moved);
        let it = store::load(tx, &scope, id)?;
        Ok((view(tx, &scope, &inside, &session, &it)?, entry))
    })
    .await
}

/// Another officer says no, or the first takes it back.
pub(super) async fn decline(
    may: &May<DeclineMerges>,
    house: &House,
    (id, revision): (Id<Merge>, i64),
    body: Reason,
) -> Result<MergeView, Error> {
    let words = http::reason(&body.reason, "/reason")?;
    let now = house.clock.now();
    let (scope, session, inside, officer) =
        (may.scope(), may.session().clone(), house.clone(), may.officer());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        tx.hold("merge", id)?;
        let it = store::load(tx, &scope, id)?;
        in_state(&it, revision, MergeState::Proposed)?;
        if !may_do(&session, &it).iter().any(|what| what == "decline") {
            return Err(Error::Denied(ConfirmMerges::NAME));
        }
        store::answer(tx, id, MergeState::Declined, (officer, now), &words)?;
        let entry = Entry::of("merge-declined")
            .person(it.goes)
            .value("into", it.stays)
            .value("merge", id);
        let it = store::load(tx, &scope, id)?;
        Ok((view(tx, &scope, &inside, &session, &it)?, entry))
    })
    .await
}

/// Undoes a merge: everything it moved is as it was. Refuses with `MergeNotOpen`, and with `MergeLater` where the one who stays was merged
/// into another since: that is undone first.
pub(super) async fn undo(
    may: &May<ConfirmMerges>,
    house: &House,
    (id, revision): (Id<Merge>, i64),
    body: Reason,
) -> Result<MergeView, Error> {
    let words = http::reason(&body.reason, "/reason")?;
    let (now, job, ids) = (house.clock.now(), house.clock.id(), ids(house));
    let (scope, session, inside, officer) =
        (may.scope(), may.session().clone(), house.clone(), may.officer());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        tx.hold("merge", id)?;
        let it = store::load(tx, &scope, id)?;
        in_state(&it, revision, MergeState::Merged)?;
        persons::none_own(tx, officer, &[it.goes, it.stays])?;
        if persons::alias::merged_into(tx, it.stays)?.is_some() {
            return Err(Refusal::MergeLater.into());
        }
        let moved = moving::undo(tx, id, (it.goes, it.stays), now, given(&ids))?;
        store::undo(tx, id, (officer, now), &words)?;
        likeness::call(tx, job, now)?;
        let entry = Entry::of("merge-undone")
            .person(it.stays)
            .value("goes", it.goes)
            .value("merge", id)
            .value("rows", moved);
        let it = store::load(tx, &scope, id)?;
        Ok((view(tx, &scope, &inside, &session, &it)?, entry))
    })
    .await
}
