//! A server that is a few variables: enough of one to walk the screens, with latency and failures where a test wants them.

mod application;
mod beside;
mod course;
mod desk;
mod documents;
mod dossier;
mod later;
mod pack;
mod parties;
mod people;
mod rules;
mod second;
mod steps;
mod versions;
mod who;

use super::{Answer, Ask, Changed, Fault, Send};
use karton_api::{
    applications::{ApplicationState, Recommend, ReplaceEvidence},
    assessments::{self, Previewed},
    persons::RecordFact,
    problem::Problem,
};
use pack::{benefit, codes, euro, lists, texts};
use rules::assessment;
use std::collections::BTreeMap;
pub(crate) use who::id;
use who::{at, card, household, office, officer, person};

/// What the fake server remembers.
#[derive(Debug, Default)]
pub(crate) struct Fake {
    user: u64,
    pub(crate) answers: Vec<assessments::Answer>,
    pub(crate) state: Option<ApplicationState>,
    /// Why a step was opened again.
    pub(crate) reopened: Option<String>,
    /// What the second body said.
    pub(crate) second_says: Option<karton_api::confirmations::Says>,
    pub(crate) asked: Vec<Ask>,
    pub(crate) keys: BTreeMap<String, usize>,
    recommended: Option<Recommend>,
    polls: u32,
    pub(crate) offline: bool,
    pub(crate) duplicates: bool,
    pub(crate) refuse_lodging: bool,
    pub(crate) two_offices: bool,
    office: Option<String>,
    /// What another officer saved meanwhile.
    pub(crate) theirs: Option<Vec<assessments::Answer>>,
    revision: i64,
    pub(crate) withdrawn: Option<String>,
    pub(crate) hand_in: Option<karton_api::lodgings::HandIn>,
    pub(crate) replaced: Option<ReplaceEvidence>,
    pub signal: Option<karton_api::signals::AnswerSignal>,
    pub(crate) recorded: Option<RecordFact>,
    /// What was filed, with its path.
    pub(crate) filed: Vec<(karton_api::documents::FileDocument, Option<String>)>,
    /// The last change of a person or household.
    pub(crate) sent: Option<Send>,
    /// A right runs, and a later decision on it is under way.
    pub(crate) later: bool,
    /// The parts of the amount of that right.
    pub(crate) parts: Vec<karton_api::awards::PartAmount>,
    /// Two bodies granted the right that the later decision is about.
    pub chained: bool,
    /// What a later decision was proposed to say.
    pub(crate) proposed: Option<karton_api::amendments::NewAmendment>,
    /// The dossiers have gone to another office.
    pub(crate) moved_away: bool,
    /// The answers to what changes something get lost on the way.
    pub(crate) deaf: bool,
    /// What was said about people who look alike, merges and transfers.
    pub(crate) held: people::Held,
    /// The form of a step.
    pub(crate) visit: steps::Visit,
    pub(crate) besides: beside::Besides,
    /// What was said anew about a document.
    pub(crate) corrected: Option<karton_api::documents::ChangeDocument>,
    /// The session has ended at the server.
    pub(crate) ended: bool,
    /// The matter runs on an older version of the pack; why it was moved.
    pub(crate) older: bool,
    pub(crate) moved: Option<String>,
    /// The applicant has applied before, with these answers.
    pub(crate) applied_before: Option<Vec<assessments::Answer>>,
}

impl Fake {
    pub(crate) fn problem(status: u16, slug: &str, detail: &str) -> Problem {
        Problem {
            kind: format!("/problems/{slug}"),
            title: slug.into(),
            status,
            detail: Some(detail.into()),
            instance: None,
            errors: vec![],
            candidates: vec![],
            revision: None,
            officers: vec![],
        }
    }
    fn once(&mut self, key: &str) {
        *self.keys.entry(key.to_owned()).or_default() += 1;
    }

    /// Answers.
    pub(crate) fn answer(&mut self, ask: Ask) -> Result<Answer, Fault> {
        self.asked.push(ask.clone());
        if self.offline {
            return Err(Fault::Offline("connection refused".into()));
        }
        if self.ended && !matches!(ask, Ask::SignIn { .. }) {
            return Err(Fault::Problem(Box::new(Fake::problem(401, "sign-in-first", "?"))));
        }
        if self.deaf && ask.changes() {
            self.deaf = false;
            let _ = self.answer(ask);
            self.asked.pop();
            return Err(Fault::Offline("connection reset".into()));
        }
        Ok(match ask {
            Ask::SignIn {
                user,
                password,
                office,
            } => return self.sign_in(&user, &password, office),
            Ask::Session | Ask::ChangePassword { .. } => self.signed_in(),
            Ask::SignOut => Answer::SignedOut,
            Ask::Admin(ask) => Answer::Admin(super::admin::fake(ask)),
            Ask::Cases(super::CaseAsk::List { .. }) => Answer::Cases(later::cases()),
            Ask::Cases(super::CaseAsk::Monitoring | super::CaseAsk::Week { .. }) => {
                Answer::Cases(later::dues())
            }
            Ask::Cases(super::CaseAsk::See { .. }) => Answer::Cases(later::case()),
            Ask::Cases(_) => return Err(Fault::Offline("no cases here".into())),
            Ask::Sessions => match self.signed_in() {
                Answer::SignedIn(_) => Answer::Sessions(vec![]),
                _ => Answer::Done,
            },
            Ask::Tasks { .. } => self.tasks(),
            Ask::Take { once, .. } => {
                self.once(&once);
                Answer::Done
            }
            Ask::Search { text, .. } => dossier::found(&text),
            Ask::ChangeForm { .. } => dossier::change_form(),
            Ask::Change { send, once, .. } => {
                self.once(&once);
                self.sent = Some(*send);
                Answer::Changed(Box::new(Changed::Done))
            }
            Ask::Beside(ask) => return Ok(self.beside(ask)),
            Ask::Step(mut ask) => {
                if let Some(once) = ask.once_mut() {
                    let once = once.clone();
                    self.once(&once);
                }
                return self.visit.answer(ask);
            }
            Ask::Complete { once, .. } => {
                self.once(&once);
                Answer::Done
            }
            Ask::RegisterForm { .. } => Answer::Codes(lists()),
            Ask::Register { body, once } => return self.register(&body, &once),
            Ask::Dossier { .. } => self.dossier(),
            Ask::MemberForm { .. } => Answer::Member(Box::new(person(13)), lists()),
            Ask::AddMember { once, .. } => {
                self.once(&once);
                Answer::Household(Some(household()))
            }
            Ask::Benefits { .. } => Answer::Benefits(["MO", "DD", "ND", "LI"].map(benefit).to_vec()),
            Ask::Intake { .. } if self.moved_away => {
                let problem = Fake::problem(404, "not-found", "Ovdje nema ničega za vas.");
                return Err(Fault::Problem(Box::new(problem)));
            }
            Ask::Intake { benefit, .. } => self.intake(&benefit),
            Ask::Household { .. } => Answer::Household(Some(household())),
            Ask::Preview(body) => rules::previewed(&body),
            Ask::DossierFor { person, .. } => return self.answer(Ask::Dossier { person }),
            Ask::Signals { state } => self.signals(state),
            Ask::AnswerSignal { body, .. } => {
                self.signal = Some(body);
                Answer::Signal(Box::new(dossier::signal()))
            }
            Ask::Classifiers => Answer::Lists(vec![pack::classifier()]),
            Ask::WhatIfBenefits => Answer::Benefits(vec![benefit("MO"), benefit("DD")]),
            Ask::WhatIfForm { benefit } => pack::what_if_form(&benefit),
            Ask::WhatIf(body) => Answer::Previewed(Box::new(Previewed {
                assessment: assessment(&body.answers),
                hidden: Vec::new(),
                problems: Vec::new(),
            })),
            Ask::Inquire(_) => self.inquiry(),
            Ask::Previews(bodies) => {
                let one = |body: &assessments::Preview| Previewed {
                    assessment: assessment(&body.answers),
                    hidden: Vec::new(),
                    problems: Vec::new(),
                };
                Answer::Previews(bodies.iter().map(one).collect())
            }
            Ask::HandInForm { .. } => pack::hand_in_form(),
            Ask::DismissForm { .. } => pack::dismiss_form(),
            Ask::Paper { .. } => {
                let text = "POTVRDA O PRIJEMU\nBroj: CSR-01-PP-2025/7\n\nPredato: Zahtjev Z-MO\n";
                Answer::Paper(Box::new(application::receipt()), Some(text.to_owned()))
            }
            Ask::PaperPdf { .. } => Answer::Bytes(b"%PDF-1.7".to_vec()),
            Ask::Dismiss { once, .. }
            | Ask::DecideDismissal { once, .. }
            | Ask::ReturnDismissal { once, .. }
            | Ask::DeliverDismissal { once, .. } => {
                self.once(&once);
                self.work()
            }
            Ask::LodgeTogether { .. } => {
                return Err(Fault::Problem(Box::new(Fake::problem(
                    409,
                    "already-running",
                    "u toku",
                ))));
            }
            Ask::OpenDraft { answers, once, .. } => {
                self.once(&once);
                self.answers = answers;
                Answer::Application(Box::new(self.application()))
            }
            Ask::SaveDraft {
                answers, revision, ..
            } => return self.save_draft(answers, revision),
            Ask::Lodge { once, hand_in, .. } => return self.lodge(*hand_in, &once),
            Ask::Application { .. } if self.later && self.chained => later::confirmed(self.second_says),
            Ask::Application { .. } if self.later => later::amendment(self.user == 2),
            Ask::Application { .. } | Ask::Look { .. } => self.work(),
            Ask::AskEvidence { once, .. }
            | Ask::Tell { once, .. }
            | Ask::Assess { once, .. }
            | Ask::Return { once, .. } => {
                self.once(&once);
                self.work()
            }
            Ask::Recommend { body, once, .. } => {
                self.once(&once);
                self.recommended = Some(body);
                self.state = Some(ApplicationState::Recommended);
                self.work()
            }
            Ask::Decide { once, .. } => {
                self.once(&once);
                self.state = Some(ApplicationState::Decided);
                Answer::Decision(Box::new(self.decision()))
            }
            Ask::Withdraw { body, once, .. } => {
                self.once(&once);
                self.withdrawn = Some(body.reason);
                self.state = Some(ApplicationState::Withdrawn);
                self.work()
            }
            Ask::ReplaceForm { .. } | Ask::FactForm { .. } => pack::fact_form(),
            Ask::Replace { body, once, .. } => {
                self.once(&once);
                self.replaced = Some(body);
                self.work()
            }
            Ask::Record { body, once, .. } => self.record(body, &once),
            Ask::Draft { .. } => Answer::Application(Box::new(self.application())),
            Ask::Letter { .. } => self.letter(),
            Ask::Documents(ask) => Answer::Documents(self.documents(ask)?),
            Ask::People(ask) => Answer::People(self.people(ask)?),
            Ask::Parties(ask) => Answer::Parties(self.parties(ask)),
            Ask::Pdf { .. } => Answer::Bytes(b"%PDF-1.7".to_vec()),
            Ask::Course(ask) => self.course(ask),
            Ask::Second(ask) => self.second(ask),
            Ask::Version(ask) => self.version(ask),
            Ask::Deliver { once, .. } => {
                self.once(&once);
                Answer::Decision(Box::new(self.decision()))
            }
            Ask::DecideMany { body, once } => self.decide_many(&body, &once),
            Ask::Ready { outcome, .. } => self.ready(outcome),
            Ask::Deputies | Ask::NameDeputy { .. } | Ask::EndDeputy { .. } => later::deputies(),
            Ask::OpenWork { .. } => later::open_work(),
            Ask::HandOver { .. } => later::handed_over(),
            Ask::WouldChange { .. } => self.would_change(),
            Ask::AmendForm { .. } => later::reasons(&self.parts),
            Ask::Slip { .. } | Ask::AmendmentPdf { .. } | Ask::AmendmentSlip { .. } => {
                Answer::Bytes(b"%PDF-1.7".to_vec())
            }
            Ask::Propose { body, once } => {
                self.once(&once);
                self.proposed = Some(body);
                later::amendment(false)
            }
            Ask::RecommendAmendment { once, .. }
            | Ask::DecideAmendment { once, .. }
            | Ask::ReturnAmendment { once, .. }
            | Ask::DropAmendment { once, .. }
            | Ask::DeliverAmendment { once, .. } => {
                self.once(&once);
                later::amendment(self.user == 2)
            }
            Ask::Amendment { .. } if self.chained => later::confirmed(self.second_says),
            Ask::Amendment { .. } => later::amendment(self.user == 2),
        })
    }
}
