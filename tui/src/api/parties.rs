//! Questions about organisations: employers who apply, providers who are paid.

use super::{Fault, Once};
use karton_api::{
    Id,
    applications::{Application, ApplicationSummary, NewApplication},
    awards::Award,
    catalogue::{Benefit, CodeList},
    client::{Client, Key},
    common::PageQuery,
    organisations::{
        ChooseProvider, KeepOrganisation, Organisation, OrganisationCard, ProviderEntry, SearchOrganisations,
    },
    value,
};

/// A question.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are those of the contract's own types, which describe them"
)]
pub enum PartyAsk {
    /// Organisations by what is typed; nothing typed finds nothing.
    Search { text: String },
    /// One with what it asked for and what it is paid.
    See { id: Id<value::Organisation> },
    /// Register one, or put other words in place of what stands.
    Keep {
        stands: Option<(Id<value::Organisation>, i64)>,
        body: KeepOrganisation,
        once: Once,
    },
    /// What entering a provider's service needs: the lists of the country's registers.
    EntryForm { id: Id<value::Organisation> },
    /// Enter it.
    Enter {
        id: Id<value::Organisation>,
        body: ProviderEntry,
        once: Once,
    },
    /// An application of an organisation begins.
    Begin { body: NewApplication, once: Once },
    /// Providers who could be paid for an application.
    Providers {
        application: Id<value::Application>,
        revision: i64,
        benefit: String,
    },
    /// One is chosen.
    Choose {
        application: Id<value::Application>,
        revision: i64,
        body: ChooseProvider,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the contents are the contract's own types, which describe them"
)]
pub enum PartyAnswer {
    /// Those found, and whether there are more.
    Found(Vec<OrganisationCard>, bool),
    Seen(Box<PartyKit>),
    Kept(Box<Organisation>),
    EntryForm(Box<EntryKit>),
    Begun(Box<Application>),
    Providers(Box<ProvidersKit>),
    Chosen(Box<Application>),
}

/// What the screen of an organisation is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyKit {
    /// The organisation.
    pub organisation: Organisation,
    /// What it asked for, newest first.
    pub applications: Vec<ApplicationSummary>,
    /// What it is paid.
    pub awards: Vec<Award>,
    /// What organisations can ask for.
    pub benefits: Vec<Benefit>,
}

/// What the form of a provider's entry is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryKit {
    /// Whose.
    pub organisation: Organisation,
    /// The register's id with its list of services, of each register of providers.
    pub registers: Vec<(String, CodeList)>,
}

/// Providers who could be paid for an application.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvidersKit {
    /// For which application.
    pub application: Id<value::Application>,
    /// Its revision.
    pub revision: i64,
    /// Who, for which service.
    pub items: Vec<(OrganisationCard, String)>,
    /// The names of the services.
    pub services: CodeList,
}

impl PartyAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        matches!(
            self,
            PartyAsk::Keep { .. } | PartyAsk::Enter { .. } | PartyAsk::Begin { .. } | PartyAsk::Choose { .. }
        )
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            PartyAsk::Keep { once, .. } | PartyAsk::Enter { once, .. } | PartyAsk::Begin { once, .. } => {
                Some(once)
            }
            _ => None,
        }
    }
}

/// A screenful and more.
const PAGE: u16 = 100;

fn first_page() -> PageQuery {
    PageQuery {
        limit: Some(PAGE),
        cursor: None,
    }
}

/// Asks the server.
pub(super) async fn answer(c: &Client, ask: PartyAsk) -> Result<PartyAnswer, Fault> {
    Ok(match ask {
        PartyAsk::Search { text } => {
            let body = SearchOrganisations {
                text,
                service: None,
                limit: Some(PAGE),
                cursor: None,
            };
            let found = c.search_organisations(&body).await?;
            PartyAnswer::Found(found.items, found.next.is_some())
        }
        PartyAsk::See { id } => {
            let page = first_page();
            let (organisation, applications, awards, benefits) = futures_util::future::try_join4(
                c.organisation(id),
                c.applications_of_organisation(id, &page),
                c.awards_of_organisation(id, &page),
                c.benefits(),
            )
            .await?;
            let asked = |benefit: &Benefit| benefit.applicant == "organisation";
            PartyAnswer::Seen(Box::new(PartyKit {
                organisation,
                applications: applications.items,
                awards: awards.items,
                benefits: benefits.items.into_iter().filter(asked).collect(),
            }))
        }
        PartyAsk::Keep { stands, body, once } => PartyAnswer::Kept(Box::new(match stands {
            None => c.register_organisation(&Key(once), &body).await?,
            Some((id, revision)) => c.change_organisation(id, revision, &body).await?,
        })),
        PartyAsk::EntryForm { id } => {
            let (organisation, benefits) =
                futures_util::future::try_join(c.organisation(id), c.benefits()).await?;
            let mut registers: Vec<(String, CodeList)> = Vec::new();
            for rule in benefits.items.into_iter().filter_map(|benefit| benefit.provider) {
                if registers.iter().all(|(id, _)| *id != rule.register) {
                    registers.push((rule.register, c.codes(&rule.list).await?));
                }
            }
            PartyAnswer::EntryForm(Box::new(EntryKit {
                organisation,
                registers,
            }))
        }
        PartyAsk::Enter { id, body, once } => {
            PartyAnswer::Kept(Box::new(c.enter_provider(id, &Key(once), &body).await?))
        }
        PartyAsk::Begin { body, once } => {
            PartyAnswer::Begun(Box::new(c.open_application(&Key(once), &body).await?))
        }
        PartyAsk::Providers {
            application,
            revision,
            benefit,
        } => {
            let all = c.benefits().await?.items;
            let rule = all
                .into_iter()
                .find(|it| it.code == benefit)
                .and_then(|it| it.provider)
                .ok_or(Fault::Unreadable(benefit))?;
            let mut items = Vec::new();
            for service in &rule.services {
                let body = SearchOrganisations {
                    text: String::new(),
                    service: Some(service.clone()),
                    limit: Some(PAGE),
                    cursor: None,
                };
                let found = c.search_organisations(&body).await?.items;
                items.extend(found.into_iter().map(|card| (card, service.clone())));
            }
            PartyAnswer::Providers(Box::new(ProvidersKit {
                application,
                revision,
                items,
                services: c.codes(&rule.list).await?,
            }))
        }
        PartyAsk::Choose {
            application,
            revision,
            body,
        } => PartyAnswer::Chosen(Box::new(c.choose_provider(application, revision, &body).await?)),
    })
}
