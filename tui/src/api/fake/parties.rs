//! Organisations of the fake: a builder that may ask for a refund, and a carrier.

use super::{Fake, benefit, card, euro, id, office, texts};
use crate::api::parties::{EntryKit, PartyAnswer, PartyAsk, PartyKit, ProvidersKit};
use jiff::civil::date;
use karton_api::{
    applications::{ApplicationState, ApplicationSummary},
    awards::Award,
    catalogue::{Code, CodeList},
    organisations::{Organisation, OrganisationCard, Payee, PayeeRole, ProviderEntry},
    persons::NationalId,
};

fn builder() -> OrganisationCard {
    OrganisationCard {
        id: id(700),
        name: "„Primorac gradnja“ d.o.o.".into(),
        number: NationalId {
            scheme: "pib".into(),
            number: "02999021".into(),
        },
        address: "Obala 3, Bar".into(),
    }
}

fn organisation() -> Organisation {
    Organisation {
        card: builder(),
        revision: 1,
        account: Some("505000012345678951".into()),
        phone: None,
        sole_trader: false,
        services: vec![ProviderEntry {
            register: "paid-providers".into(),
            service: "transport".into(),
            contract: "3/2024".into(),
            from: date(2024, 9, 1),
            until: None,
        }],
    }
}

fn services() -> CodeList {
    CodeList {
        name: "paid_services".into(),
        codes: vec![Code {
            code: "transport".into(),
            name: texts("Prevoz", "Transport"),
            from: None,
            until: None,
            more: Default::default(),
        }],
    }
}

impl Fake {
    pub(super) fn parties(&mut self, ask: PartyAsk) -> PartyAnswer {
        match ask {
            PartyAsk::Search { text } => {
                let found = crate::text::fold("primorac gradnja 02999021");
                let hit = found.contains(&crate::text::fold(&text));
                PartyAnswer::Found(hit.then(builder).into_iter().collect(), false)
            }
            PartyAsk::See { .. } => {
                let mut refund = benefit("MO");
                (refund.code, refund.applicant) = ("RNZ".into(), "organisation".into());
                refund.name = texts("Refundacija naknade zarade", "Refund of pay");
                let asked = ApplicationSummary {
                    benefit: "RNZ".into(),
                    benefit_name: refund.name.clone(),
                    organisation: Some(builder()),
                    state: ApplicationState::Lodged,
                    number: Some("CSR-01-Z-2025/18".into()),
                    office: office(),
                    ..self.summary()
                };
                let award = Award {
                    benefit: "RNZ".into(),
                    benefit_name: refund.name.clone(),
                    amount: euro(100_000),
                    beneficiary: card(10),
                    payee: Some(Payee {
                        role: PayeeRole::Applicant,
                        organisation: builder(),
                        account: None,
                        service: None,
                    }),
                    ..super::later::award()
                };
                PartyAnswer::Seen(Box::new(PartyKit {
                    organisation: organisation(),
                    applications: vec![asked],
                    awards: vec![award],
                    benefits: vec![refund],
                }))
            }
            PartyAsk::Keep { .. } | PartyAsk::Enter { .. } => PartyAnswer::Kept(Box::new(organisation())),
            PartyAsk::EntryForm { .. } => PartyAnswer::EntryForm(Box::new(EntryKit {
                organisation: organisation(),
                registers: vec![("paid-providers".into(), services())],
            })),
            PartyAsk::Begin { .. } => PartyAnswer::Begun(Box::new(self.application())),
            PartyAsk::Providers {
                application,
                revision,
                ..
            } => PartyAnswer::Providers(Box::new(ProvidersKit {
                application,
                revision,
                items: vec![(builder(), "transport".into())],
                services: services(),
            })),
            PartyAsk::Choose { .. } => PartyAnswer::Chosen(Box::new(self.application())),
        }
    }
}
