//! What an officer can do with organisations.

use super::{
    model::{self, Checked},
    store,
};
use crate::{
    access::{FindPersons, KeepPersons, KeepProviders, May},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    problem::Error,
    store::Tx,
};
use karton_api::{
    Id, Timestamp,
    common::Page,
    organisations::{KeepOrganisation, Organisation, OrganisationCard, ProviderEntry, SearchOrganisations},
    value::{self, Officer},
};

/// The longest text looked for.
const LONGEST_TEXT: usize = 200;

/// Finds organisations; what is found is no personal data and leaves no entry.
pub(super) async fn search(
    _: &May<FindPersons>,
    house: &House,
    body: SearchOrganisations,
) -> Result<Page<OrganisationCard>, Error> {
    if body.text.chars().count() > LONGEST_TEXT || body.text.contains('\0') {
        return Err(Error::field(
            "/text",
            "too-long",
            format!("at most {LONGEST_TEXT} characters are looked for"),
        ));
    }
    if body
        .service
        .as_ref()
        .is_some_and(|it| it.chars().count() > 100 || it.contains('\0'))
    {
        return Err(Error::field("/service", "unknown", "There is no such service."));
    }
    let limit = http::limit(body.limit)?;
    let after = cursor::decode(body.cursor.as_deref())?;
    let today = house.clock.today();
    let rows = house
        .store
        .read(move |tx| {
            let service = (body.service.as_deref(), today);
            store::page(tx, &body.text, service, after.clone(), limit + 1)
        })
        .await?;
    let page = cursor::page(rows, limit, |(folded, card)| (folded.clone(), card.id));
    Ok(Page {
        items: page.items.into_iter().map(|(_, card)| card).collect(),
        next: page.next,
    })
}

/// An organisation.
pub(super) async fn see(
    _: &May<FindPersons>,
    house: &House,
    id: Id<value::Organisation>,
) -> Result<Organisation, Error> {
    house.store.read(move |tx| store::load(tx, id)).await
}

/// Writes a new organisation inside a transaction of the caller, who writes the entry. Refuses with `OrganisationKnown`.
pub fn register(
    tx: &mut Tx,
    id: Id<value::Organisation>,
    it: &Checked,
    (at, by): (Timestamp, Option<Id<Officer>>),
) -> Result<(), Error> {
    store::insert(tx, id, it, (at, by))
}

/// Writes what a provider is registered for inside a transaction of the caller. Refuses with the fields that cannot be taken.
pub fn enter(
    tx: &mut Tx,
    house: &House,
    id: Id<value::Organisation>,
    it: &ProviderEntry,
    (at, by): (Timestamp, Option<Id<Officer>>),
) -> Result<(), Error> {
    let it = model::check_entry(&house.pack, it).map_err(Error::Invalid)?;
    store::enter(tx, id, &it, (at, by))
}

/// Registers an organisation. Refuses with `OrganisationKnown`.
pub(super) async fn add(
    may: &May<KeepPersons>,
    house: &House,
    body: KeepOrganisation,
) -> Result<Organisation, Error> {
    let it = model::check(&house.pack, &body).map_err(Error::Invalid)?;
    let (id, now, by) = (house.clock.id(), house.clock.now(), may.officer());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        register(tx, id, &it, (now, Some(by)))?;
        let entry = Entry::of("organisation-registered").value("organisation", id);
        Ok((store::load(tx, id)?, entry))
    })
    .await
}

/// Corrects what is written of an organisation. Refuses with `Changed`.
pub(super) async fn change(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<value::Organisation>,
    revision: i64,
    body: KeepOrganisation,
) -> Result<Organisation, Error> {
    let it = model::check(&house.pack, &body).map_err(Error::Invalid)?;
    let now = house.clock.now();
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let before = store::load(tx, id)?;
        store::change(tx, id, revision, &it)?;
        let account = before.account != it.account;
        let entry = Entry::of("organisation-changed")
            .value("organisation", id)
            .value("account", if account { "changed" } else { "same" });
        Ok((store::load(tx, id)?, entry))
    })
    .await
}

/// Enters what a provider is registered for, or another end of what stands.
pub(super) async fn provide(
    may: &May<KeepProviders>,
    house: &House,
    id: Id<value::Organisation>,
    body: ProviderEntry,
) -> Result<Organisation, Error> {
    let (now, by, inside) = (house.clock.now(), may.officer(), house.clone());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        store::card(tx, id)?;
        enter(tx, &inside, id, &body, (now, Some(by)))?;
        let entry = Entry::of("provider-entered")
            .value("organisation", id)
            .value("service", &body.service);
        Ok((store::load(tx, id)?, entry))
    })
    .await
}
