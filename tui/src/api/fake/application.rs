//! The one application at the fake server, from the draft to the decision.

use super::{
    Fake, assessment, at, benefit, card, household, id, lists, office, officer, pack::form, person,
    rules::possible, second, texts,
};
use crate::api::{Answer, Fault, IntakeKit, LodgedBeside, Work};
use jiff::civil::date;
use karton_api::{
    applications::*,
    assessments::{self, Outcome, StoredAssessment},
    decisions::{Decision, Delivery, LetterState},
    lodgings::{HandIn, Paper, PaperKind},
    matters::{Step, StepState},
    problem::FieldError,
};
use std::collections::BTreeMap;

pub(super) fn receipt() -> Paper {
    Paper {
        id: id(800),
        kind: PaperKind::Receipt,
        number: "CSR-01-PP-2025/7".into(),
        issued_at: at(),
        letter: LetterState::Ready,
    }
}

impl Fake {
    pub(super) fn intake(&self, code: &str) -> Answer {
        Answer::Intake(Box::new(IntakeKit {
            benefit: benefit(code),
            form: form(),
            codes: lists(),
            person: person(10),
            together: Vec::new(),
            household: Some(household()),
            draft: None,
            last: self.applied_before.clone().map(|answers| {
                let mut last = self.application();
                last.summary.number = Some("CSR-01-Z-2025/3".into());
                last.answers = answers;
                last
            }),
        }))
    }
    pub(super) fn save_draft(
        &mut self,
        answers: Vec<assessments::Answer>,
        revision: i64,
    ) -> Result<Answer, Fault> {
        if let Some(theirs) = self.theirs.take() {
            self.answers = theirs;
            self.revision += 1;
        }
        if revision != 1 + self.revision {
            let mut problem = Fake::problem(412, "changed-meanwhile", "Neko je mijenjao.");
            problem.revision = Some(1 + self.revision);
            return Err(Fault::Problem(Box::new(problem)));
        }
        self.answers = answers;
        Ok(Answer::Application(Box::new(self.application())))
    }
    pub(super) fn lodge(&mut self, hand_in: HandIn, once: &str) -> Result<Answer, Fault> {
        self.hand_in = Some(hand_in);
        if self.refuse_lodging {
            let index = self
                .answers
                .iter()
                .position(|a| a.fact == "land_area")
                .unwrap_or(0);
            let mut problem = Fake::problem(422, "fields", "Provjerite označena polja.");
            problem.errors = vec![FieldError {
                pointer: format!("/answers/{index}/value"),
                code: "too-large".into(),
                message: "toliko zemlje nema u opštini".into(),
            }];
            return Err(Fault::Problem(Box::new(problem)));
        }
        self.once(once);
        self.state = Some(ApplicationState::Lodged);
        let assessment = assessment(&self.answers);
        let names = BTreeMap::from([
            (
                "mup.person".to_owned(),
                texts("Lični podaci i prebivalište", "Identity and residence"),
            ),
            ("tax.income".to_owned(), texts("Prihodi", "Income")),
        ]);
        Ok(Answer::Lodged(
            Box::new(Lodged {
                application: self.application(),
                status: Status {
                    overlaps: vec![],
                    lines: Vec::new(),
                    choice: None,
                    missing: assessment.missing.clone(),
                    assessment,
                    services: vec!["mup.person".into(), "tax.income".into()],
                    due_on: date(2025, 4, 9),
                },
                receipt: Some(receipt()),
            }),
            LodgedBeside {
                names,
                possible: vec![possible()],
            },
        ))
    }
    pub(super) fn summary(&self) -> ApplicationSummary {
        let state = self.state.unwrap_or(ApplicationState::Draft);
        ApplicationSummary {
            about: None,
            id: id(300),
            number: (state != ApplicationState::Draft).then(|| "CSR-01-Z-2025/18".into()),
            benefit: "MO".into(),
            benefit_name: benefit("MO").name,
            applicant: card(10),
            organisation: None,
            state,
            office: office(),
            lodged_on: Some(date(2025, 3, 10)),
            due_on: Some(date(2025, 4, 9)),
            outcome: None,
            decision: matches!(state, ApplicationState::Decided | ApplicationState::Confirming)
                .then(|| id(400)),
        }
    }
    pub(super) fn application(&self) -> Application {
        let state = self.state.unwrap_or(ApplicationState::Draft);
        let may: &[&str] = match state {
            ApplicationState::Draft => &["save", "lodge"],
            ApplicationState::Lodged => &["ask-evidence", "assess", "recommend", "return", "withdraw"],
            ApplicationState::Recommended if self.user == 2 => &["decide", "return"],
            ApplicationState::Confirming if self.user == 2 => &["confirm"],
            _ => &[],
        };
        let step = |n: u64, cnr: &str, en: &str, s: StepState| Step {
            id: id(600 + n),
            key: en.to_lowercase(),
            name: texts(cnr, en),
            kind: "form".into(),
            role: "clerk".into(),
            state: s,
            due_on: Some(date(2025, 3, 18)),
            assigned_to: None,
            opened_at: at(),
            done_at: (s == StepState::Done).then(at),
            done_by: (s == StepState::Done).then(|| officer(1)),
            reason: None,
            act: None,
            form: None,
            office: None,
            may: vec![],
        };
        let done = !self.visit.handed_in.is_empty();
        let mut visit = step(
            4,
            "Terenski obilazak",
            "Field visit",
            if done { StepState::Done } else { StepState::Open },
        );
        (visit.key, visit.form) = ("visit".into(), Some("visit".into()));
        visit.may = if done { vec![] } else { vec!["complete".into()] };
        let visit = Some(visit).filter(|_| self.visit.there);
        let mut steps = vec![
            step(1, "Prijem", "Intake", StepState::Done),
            step(2, "Dokazi", "Evidence", StepState::Started),
            step(3, "Predlog", "Recommendation", StepState::Open),
        ];
        steps.extend(visit);
        Application {
            notices: Vec::new(),
            summary: self.summary(),
            revision: 1 + self.revision,
            provider: None,
            opened_at: at(),
            opened_by: officer(1),
            answers: self.answers.clone(),
            household: Some(household()),
            steps,
            may: may
                .iter()
                .copied()
                .chain(self.older.then_some("move-version"))
                .map(str::to_owned)
                .collect(),
            recommendation: self.recommended.as_ref().map(|r| Recommendation {
                assessment: r.assessment,
                outcome: r.outcome,
                confirmed: r.confirmed.clone(),
                note: r.note.clone(),
                paragraph: r.paragraph.clone(),
                without: r.without.clone(),
                amount: r.amount.clone(),
                by: officer(1),
                at: at(),
            }),
            returned: None,
            lodging: None,
            term: None,
            dismissal: None,
            withdrawal: None,
        }
    }
    pub(super) fn evidence_items(&self) -> Vec<EvidenceItem> {
        let item = |n: u64, service: &str, cnr: &str, en: &str, state| EvidenceItem {
            id: id(700 + n),
            service: service.into(),
            name: texts(cnr, en),
            institution: texts("Poreska uprava", "Tax administration"),
            person: card(10 + n % 2),
            state,
            asked_at: at(),
            answered_at: None,
            message: format!("m-{n}"),
            tries: 1,
            gives: vec!["owns_property".into(), "land_area".into()],
            facts: 3,
            contradicts: u32::from(n == 2),
            problem: None,
        };
        let later = if self.polls > 2 {
            EvidenceState::Silent
        } else {
            EvidenceState::Waiting
        };
        vec![
            item(
                1,
                "mup.person",
                "Lični podaci i prebivalište",
                "Identity and residence",
                EvidenceState::Answered,
            ),
            item(2, "tax.income", "Prihodi", "Income", EvidenceState::Answered),
            item(
                3,
                "pension.payments",
                "Penzije",
                "Pensions",
                EvidenceState::Nothing,
            ),
            item(4, "cadastre.property", "Nepokretnosti", "Property", later),
        ]
    }
    pub(super) fn work(&mut self) -> Answer {
        self.polls += 1;
        let items = self.evidence_items();
        let complete = items.iter().all(|it| it.state != EvidenceState::Waiting);
        let waits = self.state == Some(ApplicationState::Confirming);
        Answer::Work(Box::new(Work {
            decision: waits.then(|| Box::new(self.decision())),
            application: self.application(),
            evidence: EvidenceRound { items, complete },
            assessment: Some(StoredAssessment {
                id: id(800),
                made_at: at(),
                made_by: officer(1),
                outdated: false,
                not_verified: assessment(&self.answers).missing.into_iter().take(1).collect(),
                confirm: vec![],
                assessment: assessment(&self.answers),
            }),
        }))
    }
    pub(super) fn decision(&self) -> Decision {
        Decision {
            id: id(400),
            number: "CSR-01-R-2025/9".into(),
            application: self.summary(),
            outcome: Outcome::Grant,
            amount: None,
            starts: None,
            ends: None,
            review_on: None,
            assessment: id(800),
            recommendation: Recommendation {
                assessment: id(800),
                outcome: Outcome::Grant,
                confirmed: vec![],
                note: None,
                paragraph: None,
                without: vec![],
                amount: None,
                by: officer(1),
                at: at(),
            },
            decided_by: officer(2),
            decided_at: at(),
            letter: LetterState::Ready,
            delivered_on: None,
            award: None,
            granted: None,
            amount_set: None,
            paragraph: None,
            deputy_for: None,
            delivery: Delivery::default(),
            amendments: vec![],
            annulled: false,
            second: second::beside(self),
            may: vec!["correct".into(), "annul".into()],
        }
    }
    pub(super) fn letter(&self) -> Answer {
        let text = format!(
            "CRNA GORA\nCENTAR ZA SOCIJALNI RAD PODGORICA\nBroj: CSR-01-R-2025/9\n\n{}\n",
            "Na osnovu člana 31 Zakona o socijalnoj i dječjoj zaštiti donosi se rješenje.\n".repeat(30)
        );
        Answer::Letter(Box::new(self.decision()), Some(text))
    }
}
