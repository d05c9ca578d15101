//! Who asks and who is paid, where that is not simply the person: the organisation that applies, and the provider who is paid.

use super::{
    actions::{self, Desk},
    model::Act,
    store::{self, Application},
    view,
};
use crate::{
    access::{May, ReadDossiers, TakeApplications},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    organisations, persons,
    problem::{Error, Refusal},
    store::Tx,
    vals,
};
use karton_api::{
    Id, Timestamp,
    applications::{self as wire, ApplicationSummary},
    common::{Page, PageQuery},
    organisations::{ChooseProvider, ChosenProvider, Payee, PayeeRole},
    value::{self, Organisation},
};
use karton_rules::{
    assess::Assessment,
    pack::{ApplicantKind, Benefit, ChosenBy, Pack, PayeeKind},
};

/// Whether who is named asks for such a benefit.
pub(super) fn asks(
    tx: &mut Tx,
    benefit: &Benefit,
    organisation: Option<Id<Organisation>>,
) -> Result<(), Error> {
    let wrong = |code: &str, says: &str| Err(Error::field("/organisation", code, says));
    match (benefit.applicant, organisation) {
        (ApplicantKind::Person, None) => Ok(()),
        (ApplicantKind::Person, Some(_)) => wrong("unexpected", "No organisation asks for this benefit."),
        (ApplicantKind::Organisation, None) => wrong(
            "required",
            "An organisation asks for this benefit: find or register it first.",
        ),
        (ApplicantKind::Organisation, Some(id)) => match organisations::store::card(tx, id) {
            Ok(_) => Ok(()),
            Err(Error::Missing) => wrong("unknown", "There is no such organisation."),
            Err(other) => Err(other),
        },
    }
}

/// The provider chosen for an application.
pub(super) fn chosen(tx: &mut Tx, id: Id<value::Application>) -> Result<Option<ChosenProvider>, Error> {
    let row = tx.opt(
        "SELECT organisation, service FROM application_provider WHERE application = $1",
        vals![id],
    )?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(ChosenProvider {
        organisation: organisations::store::card(tx, row.get(0)?)?,
        service: row.get(1)?,
    }))
}

/// Who is paid by what was assessed: nothing where the claim says it and nobody knows.
fn payee(benefit: &Benefit, trace: &Assessment) -> Option<PayeeKind> {
    match benefit.payees {
        Some(_) => trace.payee,
        None => Some(benefit.payee),
    }
}

/// Before it is lodged an organisation has an account, and a provider whom the applicant chooses is chosen.
pub(super) fn ready(
    tx: &mut Tx,
    at: &Desk,
    it: &Application,
    benefit: &Benefit,
    trace: &Assessment,
) -> Result<(), Error> {
    if let Some(organisation) = it.organisation
        && organisations::store::account(tx, organisation)?.is_none()
    {
        let says = "Write down the account of the organisation first: it is paid there.";
        return Err(Error::field("/organisation", "account-needed", says));
    }
    let by_applicant = benefit
        .provider
        .as_ref()
        .is_some_and(|rule| rule.chosen == ChosenBy::Applicant);
    if by_applicant && payee(benefit, trace) == Some(PayeeKind::Provider) {
        provider(tx, at, it, benefit)?;
    }
    Ok(())
}

/// The provider who is chosen and still registered for it. Refuses with `ProviderNeeded`.
fn provider(tx: &mut Tx, desk: &Desk, it: &Application, benefit: &Benefit) -> Result<ChosenProvider, Error> {
    let rule = benefit.provider.as_ref().ok_or(Refusal::ProviderNeeded)?;
    let chosen = chosen(tx, it.id)?.ok_or(Refusal::ProviderNeeded)?;
    let service = (rule.register.as_str(), chosen.service.as_str());
    if !organisations::store::provides(tx, chosen.organisation.id, service, desk.today)? {
        return Err(Refusal::ProviderNeeded.into());
    }
    Ok(chosen)
}

/// Whom a grant pays instead of the beneficiary: the organisation that asked, the provider who is chosen, or nobody. Refuses with
/// `ProviderNeeded` while it cannot be said.
pub fn paid(
    tx: &mut Tx,
    desk: &Desk,
    pack: &Pack,
    it: &Application,
    trace: &Assessment,
) -> Result<Option<Payee>, Error> {
    let benefit = pack.benefit(&it.benefit).ok_or(Error::Missing)?;
    if let Some(id) = it.organisation {
        return Ok(Some(Payee {
            role: PayeeRole::Applicant,
            organisation: organisations::store::card(tx, id)?,
            account: organisations::store::account(tx, id)?,
            service: None,
        }));
    }
    match payee(benefit, trace) {
        Some(PayeeKind::Applicant) => Ok(None),
        Some(PayeeKind::Provider) => {
            let chosen = provider(tx, desk, it, benefit)?;
            Ok(Some(Payee {
                role: PayeeRole::Provider,
                account: organisations::store::account(tx, chosen.organisation.id)?,
                organisation: chosen.organisation,
                service: Some(chosen.service),
            }))
        }
        None => Err(Refusal::ProviderNeeded.into()),
    }
}

/// A provider as letters name it: name, address, and what it is paid for in words.
pub fn named_payee(pack: &Pack, benefit: &Benefit, payee: &Payee, language: &str) -> serde_json::Value {
    let list = benefit
        .provider
        .as_ref()
        .and_then(|rule| pack.provider_services(&rule.register));
    let service = payee.service.as_deref().unwrap_or_default();
    let named = list.and_then(|list| pack.code_name(list, service, language));
    serde_json::json!({
        "name": payee.organisation.name,
        "number": payee.organisation.number.number,
        "address": payee.organisation.address,
        "account": payee.account,
        "service": named.unwrap_or(service),
    })
}

/// Chooses the provider who is paid, until the application is recommended. Refuses with `Changed`, and at the field where nobody is paid for it,
/// or the one named is not registered for it today.
pub(super) async fn choose(
    may: &May<TakeApplications>,
    house: &House,
    id: Id<value::Application>,
    revision: i64,
    body: ChooseProvider,
) -> Result<wire::Application, Error> {
    let desk = Desk::of(may, house);
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let mut it = desk.load(tx, id)?;
        if it.stage.allows(Act::Save).is_err() {
            it.stage.allows(Act::Recommend)?;
        }
        if it.revision != revision {
            return Err(Error::Changed(it.revision));
        }
        let (benefit, _) = actions::catalogue(&desk.house.pack, &it.benefit)?;
        let Some(rule) = &benefit.provider else {
            let says = "No provider is paid for this benefit.";
            return Err(Error::field("/organisation", "unexpected", says));
        };
        if !rule.services.contains(&body.service) {
            let says = "No provider is paid for this within the benefit.";
            return Err(Error::field("/service", "unknown", says));
        }
        let service = (rule.register.as_str(), body.service.as_str());
        if !organisations::store::provides(tx, body.organisation, service, desk.today)? {
            let says = "This organisation is not registered for it today.";
            return Err(Error::field("/organisation", "not-registered", says));
        }
        tx.exec(
            "INSERT INTO application_provider (application, organisation, service, chosen_at, chosen_by) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (application) DO UPDATE SET organisation = excluded.organisation, service = excluded.service,
                chosen_at = excluded.chosen_at, chosen_by = excluded.chosen_by",
            vals![id, body.organisation, &body.service, desk.now, desk.session.officer],
        )?;
        store::save(tx, &mut it)?;
        let entry = Entry::of("provider-chosen")
            .person(it.applicant)
            .matter(id)
            .value("organisation", body.organisation)
            .value("service", &body.service);
        Ok((desk.see(tx, &it)?, entry))
    })
    .await
}

/// What an organisation asked for within the scope, newest first, with the decisions. Looking leaves an entry; what concerns the officer's own
/// family takes its place in the page and is not shown.
pub(super) async fn of_organisation(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Organisation>,
    query: PageQuery,
) -> Result<Page<ApplicationSummary>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<(Timestamp, Id<value::Application>)> = cursor::decode(query.cursor.as_deref())?;
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let rows = house
        .store
        .read(move |tx| {
            organisations::store::card(tx, id)?;
            let mut shown = Vec::new();
            for it in store::of_organisation(tx, &scope, id, after, limit + 1)? {
                let own = session.kin && persons::kin_of(tx, session.officer, it.applicant)?;
                let summary = view::summary(tx, &inside, &scope, &it)?;
                shown.push(((it.opened_at, it.id), (!own).then_some(summary)));
            }
            Ok::<_, Error>(shown)
        })
        .await?;
    let entry = Entry::of("organisation-looked").value("organisation", id);
    audit::enter(&house.store, may.actor(), house.clock.now(), entry).await?;
    let page = cursor::page(rows, limit, |(place, _)| *place);
    Ok(Page {
        items: page.items.into_iter().filter_map(|(_, it)| it).collect(),
        next: page.next,
    })
}
