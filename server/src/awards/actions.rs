//! What an officer can look at.

use super::{model, parts, payees, store, turns};
use crate::{
    access::{May, ReadDossiers},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    problem::Error,
};
use karton_api::{
    Date, Id,
    awards::{Award, AwardTurn, AwardView, AwardsQuery, Entitlement},
    common::{Page, PageQuery},
    dossiers::Purpose,
    value,
};

/// Awards within the scope, of one person or of all. Looking at one person's leaves an entry.
pub(super) async fn list(
    may: &May<ReadDossiers>,
    house: &House,
    query: AwardsQuery,
) -> Result<Page<Award>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<Id<value::Award>> = cursor::decode(query.cursor.as_deref())?;
    let (scope, inside, today) = (may.scope(), house.clone(), house.clock.today());
    let session = may.session().clone();
    let rows = house
        .store
        .read(move |tx| {
            if let Some(person) = query.person {
                crate::persons::not_own(tx, session.officer, person)?;
            }
            let mut shown = Vec::new();
            for it in store::page(tx, &scope, query.person, after, limit + 1)? {
                let own = session.kin && crate::persons::kin_of(tx, session.officer, it.beneficiary)?;
                let award = store::show(tx, &scope, (&inside.pack, &inside.offices), &it, today)?;
                shown.push((it.id, (!own).then_some(award)));
            }
            Ok::<_, Error>(shown)
        })
        .await?;
    if let Some(person) = query.person {
        audit::enter(
            &house.store,
            may.actor(),
            house.clock.now(),
            Entry::of("looked").person(person).value("at", "awards"),
        )
        .await?;
    }
    // What belongs to the officer's own family takes its place in the page and is not shown.
    let page = cursor::page(rows, limit, |(id, _)| *id);
    Ok(Page {
        items: page.items.into_iter().filter_map(|(_, award)| award).collect(),
        next: page.next,
    })
}

/// Awards within the scope that are paid to an organisation, with whom it is on account of. Looking leaves an entry; what concerns the officer's own
/// family takes its place in the page and is not shown.
pub(super) async fn of_organisation(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Organisation>,
    query: PageQuery,
) -> Result<Page<Award>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<Id<value::Award>> = cursor::decode(query.cursor.as_deref())?;
    let (scope, inside, today) = (may.scope(), house.clone(), house.clock.today());
    let session = may.session().clone();
    let rows = house
        .store
        .read(move |tx| {
            crate::organisations::store::card(tx, id)?;
            let mut shown = Vec::new();
            for award in payees::paid_to(tx, &scope, id, after, limit + 1)? {
                let it = store::load(tx, &scope, award)?;
                let own = session.kin && crate::persons::kin_of(tx, session.officer, it.beneficiary)?;
                let award = store::show(tx, &scope, (&inside.pack, &inside.offices), &it, today)?;
                shown.push((it.id, (!own).then_some(award)));
            }
            Ok::<_, Error>(shown)
        })
        .await?;
    let entry = Entry::of("organisation-looked")
        .value("organisation", id)
        .value("at", "awards");
    audit::enter(&house.store, may.actor(), house.clock.now(), entry).await?;
    let page = cursor::page(rows, limit, |(id, _)| *id);
    Ok(Page {
        items: page.items.into_iter().filter_map(|(_, award)| award).collect(),
        next: page.next,
    })
}

/// One award with what later decisions made of it; looking at it is looking into the dossier.
pub(super) async fn see(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Award>,
) -> Result<AwardView, Error> {
    let (scope, inside, today) = (may.scope(), house.clone(), house.clock.today());
    let found = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            let award = store::show(tx, &scope, (&inside.pack, &inside.offices), &it, today)?;
            let turns = turns::of_award(tx, id)?;
            let pack = it
                .basis
                .as_ref()
                .map(|(hash, _)| inside.packs.rule(tx, hash, &it.benefit))
                .transpose()?;
            let parts = pack.map_or_else(Vec::new, |pack| parts(&pack, &it, &turns, today));
            let turns = turns.iter().map(|turn| AwardTurn {
                amendment: turn.amendment,
                kind: turn.kind.wire(),
                from: turn.from,
                amount: turn.amount,
                part: turn.part.clone(),
            });
            Ok::<_, Error>(AwardView {
                award,
                granted: it.amount,
                turns: turns.collect(),
                parts,
            })
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), found.award.beneficiary.id, Purpose::default())
        .await?;
    Ok(found)
}

/// What an award yields, month by month until today, with the amounts of each month's parameters; looking at it is looking into the
/// dossier.
pub(super) async fn entitlements(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Award>,
    page: PageQuery,
) -> Result<Page<Entitlement>, Error> {
    let limit = http::limit(page.limit)?;
    let after: Option<Date> = cursor::decode(page.cursor.as_deref())?;
    let (scope, today, packs) = (may.scope(), house.clock.today(), house.packs.clone());
    let (months, beneficiary) = house
        .store
        .read(move |tx| {
            let award = store::load(tx, &scope, id)?;
            // Later parameters stand in the pack that is served now.
            let pack = award
                .basis
                .as_ref()
                .map(|(hash, _)| packs.rule(tx, hash, &award.benefit))
                .transpose()?;
            let turns = turns::of_award(tx, id)?;
            let months = model::months(pack.as_deref(), &award, &turns, today);
            Ok::<_, Error>((months, award.beneficiary))
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), beneficiary, Purpose::default())
        .await?;
    let rest = months
        .into_iter()
        .filter(|it| after.is_none_or(|after| it.month > after))
        .take(limit + 1)
        .collect();
    Ok(cursor::page(rest, limit, |it: &Entitlement| it.month))
}
