//! What the rules say at the fake server.

use super::{at, card, euro, id, texts};
use crate::api::Answer;
use jiff::civil::date;
use karton_api::{
    FactValue, Per,
    assessments::{
        self, Amount, AnswerOf, Assessment, Condition, FactSeen, HiddenField, MissingFact, Outcome,
        ParameterUsed, PossibleRight, Preview, Previewed, SumStep, ValueSeen, Verdict,
    },
    persons::{FactStatus, SourceKind},
};

pub(crate) fn assessment(answers: &[assessments::Answer]) -> Assessment {
    let works = answers.iter().filter(|a| a.fact == "work_capable").count();
    let land = answers.iter().find(|a| a.fact == "land_area");
    let income = FactSeen {
        of: AnswerOf::Person(id(11)),
        name: Some("Nikola Perović".into()),
        fact: "income".into(),
        question: texts("Prihodi po mjesecima", "Income by month"),
        text: texts("3 reda, ukupno 90,00 €", "3 rows, €90.00 in all"),
        source: SourceKind::Register,
        service: Some("tax.income".into()),
        status: FactStatus::Verified,
        recorded_at: Some(at()),
        id: Some(id(70)),
        others: Vec::new(),
    };
    let missing = |n: u64, fact: &str, cnr: &str, en: &str| MissingFact {
        of: AnswerOf::Person(id(n)),
        name: Some(format!("{} {}", card(n).name.given, card(n).name.family)),
        fact: fact.into(),
        question: texts(cnr, en),
    };
    let condition = |cid: &str, law: &str, verdict, cnr: &str, en: &str| Condition {
        id: cid.into(),
        verdict,
        text: texts(cnr, en),
        law: law.into(),
        confirmed: cid != "capable",
        confidence: if cid == "capable" {
            "memory".into()
        } else {
            "law".into()
        },
        rule: "income <= limit".into(),
        values: vec![
            ValueSeen {
                name: "income".into(),
                rule: "average(household.income.net, last 3 months)".into(),
                text: Some(texts("30,00 € mjesečno", "€30.00 a month")),
                facts: vec![income.clone()],
            },
            ValueSeen {
                name: "limit".into(),
                rule: "mo.base(count(household.members))".into(),
                text: Some(texts("160,45 €", "€160.45")),
                facts: vec![],
            },
        ],
        missing: vec![],
    };
    let complete = works >= 4 && land.is_some();
    let mut conditions = vec![
        condition(
            "income",
            "ZSDZ 22(1)1",
            Verdict::Met,
            "Prosječni prihod porodice 30,00 € ne prelazi osnov 160,45 €",
            "The family's average income of €30.00 does not exceed the base of €160.45",
        ),
        condition(
            "capable",
            "ZSDZ 21",
            Verdict::MustConfirm,
            "Sposobni članovi su na evidenciji nezaposlenih",
            "Members capable of work are registered as unemployed",
        ),
        condition(
            "land",
            "ZSDZ 22(1)3",
            if land.is_some() {
                Verdict::Met
            } else {
                Verdict::Unknown
            },
            "Zemljište ne prelazi 20 ari po članu",
            "Land does not exceed 20 ares a member",
        ),
        condition(
            "vehicle",
            "ZSDZ 22(1)5",
            Verdict::NotApplicable,
            "Porodica nema motorno vozilo",
            "The family has no motor vehicle",
        ),
    ];
    conditions[2].missing = if land.is_some() {
        vec![]
    } else {
        vec![missing(
            10,
            "land_area",
            "Poljoprivredno zemljište, ari",
            "Farm land, ares",
        )]
    };
    let mut open: Vec<MissingFact> = (10..14)
        .skip(works)
        .map(|n| missing(n, "work_capable", "Sposoban za rad", "Capable of work"))
        .collect();
    open.extend(conditions[2].missing.clone());
    Assessment {
        benefit: "MO".into(),
        on: date(2025, 3, 10),
        outcome: if complete {
            Outcome::Grant
        } else {
            Outcome::Unknown
        },
        conditions,
        amount: complete.then(|| Amount {
            money: euro(13_045),
            per: Per::Month,
            law: "ZSDZ 31".into(),
            confirmed: true,
            rule: "limit - income".into(),
            steps: vec![
                SumStep {
                    rule: "limit".into(),
                    text: texts("160,45 €", "€160.45"),
                    facts: vec![],
                },
                SumStep {
                    rule: "income".into(),
                    text: texts("30,00 €", "€30.00"),
                    facts: vec![income],
                },
            ],
            upto: None,
            atleast: None,
        }),
        starts: Some(date(2025, 3, 10)),
        ends: None,
        review_on: Some(date(2025, 9, 10)),
        missing: open,
        parameters: vec![ParameterUsed {
            name: "mo.base(4)".into(),
            says: texts("Osnov za MO", "Base of material support"),
            text: texts("160,45 €", "€160.45"),
            from: date(2025, 1, 1),
            source: "S18".into(),
            confidence: "published".into(),
        }],
        unconfirmed: true,
        pack: "0".repeat(64),
        engine: "1".into(),
    }
}

/// With the account hidden unless it is paid through a bank.
pub(super) fn previewed(body: &Preview) -> Answer {
    let bank = body
        .answers
        .iter()
        .any(|a| a.value == FactValue::Code("bank".into()));
    let hidden = if bank {
        vec![]
    } else {
        vec![HiddenField {
            of: AnswerOf::Claim,
            fact: "account".into(),
        }]
    };
    Answer::Previewed(Box::new(Previewed {
        assessment: assessment(&body.answers),
        hidden,
        problems: vec![],
    }))
}

/// A right the mother of a small child may also have.
pub(super) fn possible() -> PossibleRight {
    let mut assessment = assessment(&[]);
    assessment.benefit = "NRD".into();
    assessment.outcome = Outcome::Grant;
    assessment.conditions.truncate(1);
    for condition in &mut assessment.conditions {
        condition.verdict = Verdict::Met;
        condition.confirmed = true;
        condition.law = "ZSDZ 54".into();
        condition.text = texts(
            "Podnosilac je na evidenciji nezaposlenih",
            "The applicant is registered as unemployed",
        );
    }
    PossibleRight {
        benefit_name: texts("Naknada po osnovu rođenja djeteta", "Birth benefit"),
        applicant: id(2),
        applicant_name: "Jelena Vujotić".into(),
        about: Some(id(4)),
        about_name: Some("Sara Vujotić".into()),
        assessment,
    }
}
