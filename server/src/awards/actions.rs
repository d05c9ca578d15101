//! What an officer can look at.

use super::{model, store};
use crate::{
    access::{May, ReadDossiers},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    problem::Error,
};
use karton_api::{
    Date, Id,
    awards::{Award, AwardsQuery, Entitlement},
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
    let rows = house
        .store
        .read(move |tx| {
            let found = store::page(tx, &scope, query.person, after, limit + 1)?;
            found
                .iter()
                .map(|it| store::show(tx, &scope, (&inside.pack, &inside.offices), it, today))
                .collect::<Result<Vec<_>, Error>>()
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
    Ok(cursor::page(rows, limit, |award| award.id))
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
            let months = model::months(pack.as_deref(), &award, today);
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
