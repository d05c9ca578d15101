//! What stands beside an application at the fake server.

use super::{Fake, id, texts};
use crate::api::{Answer, beside::BesideAsk};
use jiff::civil::date;
use karton_api::{
    Currency, Money,
    assessments::AssessedThen,
    awards::Entitlement,
    common::{OfficeRef, OfficerRef},
    standing::{
        Beside, BesideEffect, Better, Choice, Choose, Chosen, ClaimStanding, StandingKind, StandingLine,
        Worth,
    },
};

/// What was asked and said.
#[derive(Debug, Default)]
pub(crate) struct Besides {
    pub(crate) chosen: Vec<Choose>,
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// A right that cannot be held beside it, a second household and a duration.
pub(crate) fn standing(chosen: Option<&Choose>) -> ClaimStanding {
    let office = OfficeRef {
        code: "CSR-01".into(),
        name: texts("CSR Podgorica", "Centre Podgorica"),
    };
    let at = date(2025, 3, 10)
        .at(10, 0, 0, 0)
        .to_zoned(jiff::tz::TimeZone::UTC);
    ClaimStanding {
        overlaps: Vec::new(),
        lines: vec![StandingLine {
            kind: StandingKind::Household,
            person: None,
            name: "Marko Vujotić (Petar Vujotić)".into(),
            benefit: None,
            benefit_name: Default::default(),
            about: None,
            same: false,
            office: Some(office.clone()),
            from: Some(date(2024, 1, 1)),
            until: None,
            have: None,
            of: None,
            least: false,
            holds: None,
            says: Default::default(),
            law: None,
        }],
        choice: Some(Choice {
            beside: vec![Beside {
                award: id(77),
                benefit: "DNJP".into(),
                benefit_name: texts("Dodatak za njegu i pomoć", "Care and assistance allowance"),
                name: "Marko Vujotić".into(),
                office,
                here: true,
                effect: BesideEffect::Choose,
                law: Some("ZSDZ 32".into()),
                says: texts("Bira se jedno", "One is chosen"),
                from: date(2024, 6, 1),
                until: None,
                amount: euro(9_357),
                once: false,
                chosen: chosen.map(|choose| Chosen {
                    keeps: choose.keeps,
                    reason: choose.reason.clone(),
                    by: OfficerRef {
                        id: id(1),
                        name: "Ana".into(),
                    },
                    at: at.map(|at| at.timestamp()).unwrap_or_default(),
                    asked: Some(euro(29_736)),
                    other: euro(9_357),
                }),
            }],
            asked: Worth {
                month: Some(euro(29_736)),
                once: euro(0),
                arrears: euro(29_736),
            },
            others: Worth {
                month: Some(euro(9_357)),
                once: euro(0),
                arrears: euro(0),
            },
            better: Some(Better::Asked),
        }),
    }
}

impl Fake {
    pub(super) fn beside(&mut self, ask: BesideAsk) -> Answer {
        match ask {
            BesideAsk::See { .. } => Answer::Standing(Box::new(standing(self.besides.chosen.last()))),
            BesideAsk::Choose { body, once, .. } => {
                self.once(&once);
                self.besides.chosen.push(*body);
                Answer::Done
            }
            BesideAsk::Then { query, .. } => Answer::Then(Box::new(AssessedThen {
                as_of: query.as_of.unwrap_or(date(2025, 3, 10)),
                known_at: query.known_at.unwrap_or_default(),
                assessment: super::assessment(&[]),
                arrears: vec![Entitlement {
                    month: date(2025, 2, 1),
                    amount: euro(445),
                }],
            })),
        }
    }
}
