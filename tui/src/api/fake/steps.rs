//! The form of a step at the fake server.

use super::{Fake, at, card, household, id, lists, officer, texts};
use crate::api::{Answer, Fault, StepAsk, StepKit};
use karton_api::{
    FactValue,
    assessments::{self, AnswerOf},
    catalogue::{FieldKind, Form, FormField, FormPage, PageOf},
    matters::{CompleteStep, StepSheet},
    persons::SourceKind,
    problem::FieldError,
};

/// What was handed in.
#[derive(Debug, Default)]
pub(crate) struct Visit {
    /// The procedure has a step with a form.
    pub(crate) there: bool,
    pub(crate) handed_in: Vec<CompleteStep>,
    /// The server takes no number of rooms.
    pub(crate) refuses: bool,
}

fn form() -> Form {
    let field = |fact: &str, cnr: &str, en: &str, kind, required| FormField {
        fact: fact.into(),
        label: texts(cnr, en),
        help: None,
        kind,
        required,
        conditional: false,
        when: None,
        again: false,
        default: None,
    };
    Form {
        id: "visit".into(),
        title: texts("Terenski obilazak", "Field visit"),
        pages: vec![
            FormPage {
                id: "head".into(),
                title: texts("Obilazak", "The visit"),
                of: PageOf::Claim,
                fields: vec![
                    field("met", "Zatečeni kod kuće", "Found at home", FieldKind::Bool, true),
                    field("finding", "Nalaz", "Finding", FieldKind::Text, true),
                ],
            },
            FormPage {
                id: "home".into(),
                title: texts("Zatečeno", "What was found"),
                of: PageOf::Household,
                fields: vec![field(
                    "land_area",
                    "Poljoprivredno zemljište, ari",
                    "Farm land, ares",
                    FieldKind::Decimal,
                    false,
                )],
            },
        ],
    }
}

impl Visit {
    pub(super) fn answer(&mut self, ask: StepAsk) -> Result<Answer, Fault> {
        match ask {
            StepAsk::Form(at_step) | StepAsk::Read(at_step) => Ok(Answer::Step(Box::new(StepKit {
                at: at_step,
                form: form(),
                codes: lists(),
                person: card(10),
                household: Some(household()),
                sheets: self.sheets(),
                declared: vec![assessments::Answer {
                    of: AnswerOf::Household,
                    fact: "land_area".into(),
                    value: FactValue::Decimal("0".into()),
                }],
            }))),
            StepAsk::HandIn { body, .. } if self.refuses => {
                let place = body.answers.iter().position(|answer| answer.fact == "land_area");
                let mut problem = Fake::problem(422, "fields", "Some fields cannot be taken.");
                problem.errors = vec![FieldError {
                    pointer: format!("/answers/{}/value", place.unwrap_or(0)),
                    code: "range".into(),
                    message: "Najviše 100 ari.".into(),
                }];
                Err(Fault::Problem(Box::new(problem)))
            }
            StepAsk::HandIn { body, .. } => {
                self.handed_in.push(*body);
                Ok(Answer::Done)
            }
            StepAsk::Blank(_) => Ok(Answer::Bytes(b"%PDF-blank".to_vec())),
        }
    }
    fn sheets(&self) -> Vec<StepSheet> {
        let all = self.handed_in.iter().enumerate();
        let sheet = |(place, body): (usize, &CompleteStep)| StepSheet {
            id: id(900 + place as u64),
            step: "visit".into(),
            form: "visit".into(),
            title: form().title,
            version: u32::try_from(place + 1).unwrap(),
            source: SourceKind::Visit,
            on: body.on.unwrap_or(jiff::civil::date(2025, 3, 10)),
            answers: body.answers.clone(),
            recorded_at: at(),
            recorded_by: officer(1),
        };
        all.rev().map(sheet).collect()
    }
}
