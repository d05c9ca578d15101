//! How a matter runs at the fake server.

use super::{Fake, at, id, officer, texts};
use crate::api::{Answer, Course, CourseAsk};
use jiff::civil::date;
use karton_api::{
    FactValue,
    matters::{Step, StepState},
    notices::{Message, MessageValue, MessageWay, NoticeState},
};

fn step(n: u64, key: &str, name: (&str, &str), state: StepState) -> Step {
    let done = matches!(state, StepState::Done | StepState::Dropped);
    Step {
        id: id(700 + n),
        key: key.into(),
        name: texts(name.0, name.1),
        kind: "evidence".into(),
        role: "caseworker".into(),
        state,
        due_on: Some(date(2025, 3, 25)),
        assigned_to: Some(officer(1)),
        opened_at: at(),
        done_at: done.then(at),
        done_by: (n == 1).then(|| officer(1)),
        reason: None,
        act: None,
        form: None,
        office: None,
        may: if state == StepState::Done && n == 1 {
            vec!["reopen".into()]
        } else {
            Vec::new()
        },
    }
}

fn message(n: u64, way: MessageWay, name: (&str, &str), values: Vec<MessageValue>) -> Message {
    Message {
        id: id(720 + n),
        way,
        at: at(),
        service: "employment.referral".into(),
        service_name: texts(name.0, name.1),
        institution: texts("Zavod za zapošljavanje", "Employment agency"),
        step: Some(texts("Uput Zavodu", "Referral to the agency")),
        values,
        state: None,
        answered_at: None,
        receipt: None,
        problem: None,
        tries: 1,
        opened: Vec::new(),
        may: Vec::new(),
    }
}

fn value(member: &str, label: (&str, &str), says: Option<(&str, &str)>, text: &str) -> MessageValue {
    MessageValue {
        member: member.into(),
        label: if label.0.is_empty() {
            Default::default()
        } else {
            texts(label.0, label.1)
        },
        says: says.map(|(cnr, en)| texts(cnr, en)).unwrap_or_default(),
        value: FactValue::Text(text.into()),
    }
}

impl Fake {
    /// What the server would answer.
    pub(super) fn course(&mut self, mut ask: CourseAsk) -> Answer {
        if let Some(once) = ask.once_mut() {
            let once = once.clone();
            self.once(&once);
        }
        match ask {
            CourseAsk::Reopen { body, .. } => {
                self.reopened = Some(body.reason);
                Answer::Done
            }
            CourseAsk::See { matter, number } | CourseAsk::Send { matter, number, .. } => {
                let sent = Message {
                    state: Some(NoticeState::Refused),
                    answered_at: Some(at()),
                    problem: Some("nothing is taken at present".into()),
                    may: vec!["send".into()],
                    ..message(
                        1,
                        MessageWay::Sent,
                        ("Radna aktivacija: uput", "Work activation: referral"),
                        vec![
                            value("broj", ("", ""), None, "CSR-01-RAK-2025/1"),
                            value("rok_javljanja", ("", ""), None, "2025-03-25"),
                        ],
                    )
                };
                let heard = Message {
                    opened: vec![texts("Individualni plan", "Individual plan")],
                    ..message(
                        2,
                        MessageWay::Heard,
                        ("Prijem po uputu", "Accepted on referral"),
                        vec![
                            value(
                                "stanje",
                                ("Stanje radne aktivacije", "State of work activation"),
                                Some(("Prihvaćen u Zavodu", "Accepted by the agency")),
                                "accepted",
                            ),
                            value(
                                "savjetodavac",
                                ("Savjetodavac u Zavodu", "Adviser at the agency"),
                                None,
                                "Savjetodavac 4",
                            ),
                        ],
                    )
                };
                Answer::Course(Box::new(Course {
                    matter,
                    number,
                    steps: vec![
                        step(1, "identified", ("Identifikovan", "Identified"), StepState::Done),
                        step(
                            2,
                            "referral",
                            ("Uput Zavodu", "Referral to the agency"),
                            StepState::Done,
                        ),
                        step(
                            3,
                            "planning",
                            ("Individualni plan", "Individual plan"),
                            StepState::Open,
                        ),
                    ],
                    messages: vec![heard, sent],
                    more: false,
                }))
            }
        }
    }
}
