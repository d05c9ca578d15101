//! People as they are found, registered and known at the fake server.

use super::{Fake, at, card, euro, household, id, later, lists, office, officer, person, texts};
use crate::api::{Answer, ChangeKit, DossierKit, Fault};
use jiff::civil::date;
use karton_api::{
    FactValue, Id, Per,
    catalogue::{FactDef, FieldKind},
    common::{OfficeRef, Page},
    dossiers::{Dossier, TimelineEvent},
    inquiries::{Awaits, Inquiry, Standing},
    persons::{
        Candidate, FactStatus, FactView, FoundBy, Holder, PersonHit, PersonsFound, RecordFact,
        RegisterPerson, SourceKind,
    },
    signals::{RaisedSignal, SignalDoes, SignalState},
    value,
};
use std::collections::BTreeMap;

/// Whoever bears every word at the beginning of a name or number.
pub(super) fn found(text: &str) -> Answer {
    let folded = crate::text::fold(text);
    let fits = |n: &u64| {
        let c = card(*n);
        let hay = crate::text::fold(&format!(
            "{} {} {}",
            c.name.given,
            c.name.family,
            c.national_id.unwrap().number
        ));
        folded
            .split_whitespace()
            .all(|w| hay.split_whitespace().any(|h| h.starts_with(w)))
    };
    let hits = (10..15)
        .filter(fits)
        .map(|n| PersonHit {
            card: card(n),
            found_by: FoundBy::Name,
            formerly: None,
            household: None,
        })
        .collect();
    Answer::Found(PersonsFound {
        items: hits,
        next: None,
        incomplete: false,
    })
}

pub(super) fn change_form() -> Answer {
    Answer::Change(Box::new(ChangeKit {
        person: person(10),
        household: Some(household()),
        codes: lists(),
        events: vec![],
        identity: vec![],
    }))
}

impl Fake {
    pub(super) fn register(&mut self, body: &RegisterPerson, once: &str) -> Result<Answer, Fault> {
        self.once(once);
        if self.duplicates && body.not_the_same_as.is_empty() {
            let mut problem = Fake::problem(409, "likely-duplicates", "Slična lica su već upisana.");
            problem.candidates = vec![Candidate {
                card: card(10),
                agrees: vec!["name".into(), "birth-date".into()],
                bits: 1500,
                reasons: Vec::new(),
            }];
            return Err(Fault::Problem(Box::new(problem)));
        }
        Ok(Answer::Person(Box::new(person(10))))
    }
    pub(super) fn dossier(&self) -> Answer {
        let fact = |n: u64, name: &str, value: FactValue, source, status, counts| FactView {
            id: id(70 + n),
            holder: Holder::Person(id(10)),
            fact: name.into(),
            value,
            from: date(2025, 1, 1),
            until: None,
            source,
            service: (source == SourceKind::Register).then(|| "zzz.status".into()),
            evidence: None,
            note: None,
            status,
            recorded_at: at(),
            recorded_by: None,
            counts,
            stale: false,
        };
        let def = |name: &str, kind, cnr: &str, en: &str| {
            (
                name.to_owned(),
                FactDef {
                    name: name.into(),
                    holder: "person".into(),
                    kind,
                    question: texts(cnr, en),
                },
            )
        };
        let event = |what: &str| TimelineEvent {
            at: at(),
            what: what.into(),
            values: BTreeMap::new(),
            officer: Some(officer(1)),
            office: office(),
            application: Some(id(300)),
            case: None,
        };
        Answer::Dossier(Box::new(DossierKit {
            dossier: Dossier {
                cases: Vec::new(),
                person: person(10),
                household: Some(household()),
                applications: if self.state.is_some() {
                    vec![self.summary()]
                } else {
                    vec![]
                },
                awards: if self.later { vec![later::award()] } else { vec![] },
                overlaps: vec![],
            },
            facts: vec![
                fact(
                    1,
                    "registered_unemployed",
                    FactValue::Bool(true),
                    SourceKind::Register,
                    FactStatus::Verified,
                    true,
                ),
                fact(
                    2,
                    "work_capable",
                    FactValue::Bool(true),
                    SourceKind::Declaration,
                    FactStatus::NotVerified,
                    true,
                ),
                fact(
                    3,
                    "unemployment_benefit",
                    FactValue::Money(euro(3_000)),
                    SourceKind::Register,
                    FactStatus::Contradicted,
                    true,
                ),
            ],
            timeline: vec![event("lodged"), event("registered")],
            dictionary: BTreeMap::from([
                def(
                    "registered_unemployed",
                    FieldKind::Bool,
                    "Na evidenciji Zavoda za zapošljavanje",
                    "Registered as unemployed",
                ),
                def(
                    "work_capable",
                    FieldKind::Bool,
                    "Sposoban za rad",
                    "Capable of work",
                ),
                def(
                    "unemployment_benefit",
                    FieldKind::Money { per: Per::Month },
                    "Novčana naknada za nezaposlene",
                    "Unemployment benefit",
                ),
            ]),
            codes: lists(),
        }))
    }
    pub(super) fn record(&mut self, body: RecordFact, once: &str) -> Answer {
        self.once(once);
        let fact = FactView {
            id: id(79),
            holder: Holder::Person(id(10)),
            fact: body.fact.clone(),
            value: body.value.clone(),
            from: date(2025, 3, 10),
            until: None,
            source: body.source,
            service: None,
            evidence: None,
            note: body.note.clone(),
            status: FactStatus::Verified,
            recorded_at: at(),
            recorded_by: None,
            counts: true,
            stale: false,
        };
        self.recorded = Some(body);
        Answer::Fact(Box::new(fact))
    }
    pub(super) fn signals(&self, state: SignalState) -> Answer {
        Answer::Signals(Page {
            items: if state == SignalState::Open && self.signal.is_none() {
                vec![signal()]
            } else {
                Vec::new()
            },
            next: None,
        })
    }
    pub(super) fn inquiry(&self) -> Answer {
        Answer::Inquiry(Box::new(Inquiry {
            people: Vec::new(),
            person: Some(card(10)),
            cases: vec![Standing {
                application: self.application().summary,
                awaits: Awaits::Applicant,
                step: None,
                until: Some(date(2025, 3, 18)),
                asked_for: Some("ugovor o zakupu".into()),
            }],
        }))
    }
}

/// A cross-check about the applicant that stops until somebody has looked.
pub(super) fn signal() -> RaisedSignal {
    RaisedSignal {
        id: Id::from_uuid(id::<value::Person>(1).uuid()),
        revision: 1,
        signal: "F07".into(),
        name: texts("Plata koju niko nije prijavio", "Wages that nobody declared"),
        says: texts(
            "Poreska uprava zna za platu od 640,00 € u februaru; prijavljeno je 0,00 €.",
            "The tax administration knows of wages of 640.00 € in February; 0.00 € were declared.",
        ),
        law: None,
        person: card(1),
        matter: None,
        office: OfficeRef {
            code: "CSR-01".into(),
            name: texts("CSR Podgorica", "CSR Podgorica"),
        },
        does: SignalDoes::Stop,
        who: "caseworker".into(),
        state: SignalState::Open,
        raised_at: "2025-03-10T09:00:00Z".parse().unwrap_or_default(),
        expires_at: "2025-04-10T09:00:00Z".parse().unwrap_or_default(),
        answer: None,
    }
}
