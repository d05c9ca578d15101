//! What the client asks of a server, as data: one question for each thing a screen needs, however many calls that takes.

pub mod admin;
pub mod beside;
mod cases;
mod changes;
pub mod documents;
#[cfg(test)]
pub(crate) mod fake;
mod http;
pub mod parties;
pub mod people;
mod second;
mod steps;

pub use cases::{CaseAnswer, CaseAsk, CaseKit, Deed, ReportKit};
pub use changes::{ChangeKit, Changed, Send, What};
pub use http::HttpApi;
pub use second::SecondAsk;
pub use steps::{StepAsk, StepAt, StepKit};

use crate::i18n::Say;
use futures_util::future::LocalBoxFuture;
use karton_api::{
    Date, Id,
    amendments::{Amendment, AmendmentKind, DecideAmendment, NewAmendment, Proposed, WouldChange},
    applications::{
        Application, Decide, Dismiss, EvidenceItem, EvidenceRound, Lodged, Recommend, ReplaceEvidence,
        Return, Withdraw,
    },
    assessments::{
        Answer as Typed, AssessedThen, Outcome, PossibleRight, Preview, Previewed, StoredAssessment, WhatIf,
    },
    awards::Award,
    catalogue::{Benefit, CodeList, Country, FactDef, Form},
    common::{OfficeRef, OfficerRef, Page, Reason, Texts},
    decisions::{DecideMany, DecidedMany, Decision, Deliver, ReadyToDecide},
    deputies::{Deputy, HandOver, HandedOver, NewDeputy, OpenWork},
    dossiers::{Dossier, Purpose, TimelineEvent},
    inquiries::{Inquire, Inquiry},
    lodgings::{HandIn, LodgeTogether, LodgedTogether, Paper},
    matters::{Queue, Task},
    persons::{
        AddMember, FactView, HouseholdView, PersonCard, PersonView, PersonsFound, RecordFact, RegisterPerson,
    },
    problem::Problem,
    session::{Role, SessionView},
    signals::{AnswerSignal, RaisedSignal, SignalState},
    standing::ClaimStanding,
    value,
};
use std::collections::BTreeMap;

/// A key of idempotency, made once for each intention.
pub type Once = String;

/// What a later decision is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// An award, to be changed, suspended, resumed or ended.
    Award(Box<Award>),
    /// A decision, to be corrected or annulled.
    Decision(Box<Decision>, AmendmentKind),
    /// A later decision, to be corrected or annulled.
    Later(Box<Amendment>, AmendmentKind),
    /// One that was opened as a task, or came back.
    Again(Box<Amendment>),
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are those of the contract's own types, which describe them"
)]
pub enum Ask {
    /// Begin a session, in the officer's first office where none is named.
    SignIn {
        user: String,
        password: String,
        office: Option<String>,
    },
    /// Take up a session whose token is kept.
    Session,
    /// End the session.
    SignOut,
    /// Change one's own password.
    ChangePassword { old: String, new: String },
    /// One's own sessions.
    Sessions,
    /// What an administrator's screens ask.
    Admin(admin::AdminAsk),
    /// The work queue.
    Tasks { queue: Queue },
    /// Take a task, or give it back.
    Take {
        matter: Id<value::Matter>,
        step: Id<value::StepRun>,
        officer: Option<Id<value::Officer>>,
        once: Once,
    },
    /// People, as one types.
    Search { text: String, cursor: Option<String> },
    /// What the form for registering needs.
    RegisterForm {
        text: String,
        head: Option<Id<value::Person>>,
    },
    /// Register a person.
    Register { body: RegisterPerson, once: Once },
    /// A dossier with its facts and history.
    Dossier { person: Id<value::Person> },
    /// The same for another purpose than the usual.
    DossierFor {
        person: Id<value::Person>,
        purpose: Purpose,
    },
    /// How somebody's applications stand.
    Inquire(Inquire),
    /// The benefits for which something is only worked out.
    WhatIfBenefits,
    /// Cross-checks that were raised.
    Signals { state: SignalState },
    /// What came of a look.
    AnswerSignal {
        id: Id<value::Signal>,
        revision: i64,
        body: AnswerSignal,
    },
    /// The country's classifiers.
    Classifiers,
    /// What working it out needs.
    WhatIfForm { benefit: String },
    /// What the rules say to what is told of people who are not registered.
    WhatIf(Box<WhatIf>),
    /// What joining a household needs.
    MemberForm {
        head: Id<value::Person>,
        person: Id<value::Person>,
    },
    /// What the form of a change of a person or household needs.
    ChangeForm { person: Id<value::Person>, what: What },
    /// Change it.
    Change {
        person: Id<value::Person>,
        send: Box<Send>,
        once: Once,
    },
    /// A task of a procedure is done.
    Complete {
        matter: Id<value::Matter>,
        step: Id<value::StepRun>,
        once: Once,
    },
    /// About the form of a step.
    Step(StepAsk),
    /// What stands beside an application.
    Beside(beside::BesideAsk),
    /// Take somebody into a household.
    AddMember {
        head: Id<value::Person>,
        body: AddMember,
        once: Once,
    },
    /// The benefits one can apply for.
    Benefits { person: Id<value::Person> },
    /// An application to type: form, lists, household, and what is typed already.
    Intake {
        benefit: String,
        person: Id<value::Person>,
        draft: Option<Id<value::Application>>,
        local: bool,
    },
    /// The household again.
    Household { person: Id<value::Person> },
    /// What the rules say to what is typed so far.
    Preview(Preview),
    /// Open a draft on the server.
    OpenDraft {
        benefit: String,
        person: Id<value::Person>,
        answers: Vec<Typed>,
        once: Once,
    },
    /// Save the draft.
    SaveDraft {
        id: Id<value::Application>,
        revision: i64,
        answers: Vec<Typed>,
    },
    /// Lodge it, as it was handed in.
    Lodge {
        id: Id<value::Application>,
        hand_in: Box<HandIn>,
        once: Once,
    },
    /// What the rules say to what is typed so far about several benefits.
    Previews(Vec<Preview>),
    /// Lodge several applications of one person at once.
    LodgeTogether { body: Box<LodgeTogether>, once: Once },
    /// The lists for saying how something is handed in.
    HandInForm {
        card: Box<PersonCard>,
        said: Box<HandIn>,
    },
    /// A receipt or dismissal with its letter as text; the application whose dismissal can still be noted as delivered.
    Paper {
        id: Id<value::Letter>,
        width: u16,
        deliver: Option<Id<value::Application>>,
    },
    /// Its PDF.
    PaperPdf { id: Id<value::Letter>, number: String },
    /// The reasons for which an application is not taken up.
    DismissForm { work: Box<Work> },
    /// Propose that it is not taken up.
    Dismiss {
        id: Id<value::Application>,
        body: Dismiss,
        once: Once,
    },
    /// Decide that, as the second officer.
    DecideDismissal { id: Id<value::Application>, once: Once },
    /// Do not agree to it.
    ReturnDismissal {
        id: Id<value::Application>,
        body: Reason,
        once: Once,
    },
    /// Note that the letter of a dismissal was handed over.
    DeliverDismissal {
        id: Id<value::Application>,
        on: Date,
        once: Once,
    },
    /// An application with its evidence and newest assessment.
    Application { id: Id<value::Application> },
    /// The same again, looked at beside the typing.
    Look { id: Id<value::Application> },
    /// Ask the registers again.
    AskEvidence { id: Id<value::Application>, once: Once },
    /// Tell an institution again.
    Tell {
        id: Id<value::Application>,
        notice: Id<value::Notice>,
        once: Once,
    },
    /// Run the rules and store what they say.
    Assess { id: Id<value::Application>, once: Once },
    /// Recommend.
    Recommend {
        id: Id<value::Application>,
        body: Recommend,
        once: Once,
    },
    /// Decide.
    Decide {
        id: Id<value::Application>,
        body: Decide,
        once: Once,
    },
    /// Send back.
    Return {
        id: Id<value::Application>,
        body: Return,
        once: Once,
    },
    /// Withdraw it.
    Withdraw {
        id: Id<value::Application>,
        body: Withdraw,
        once: Once,
    },
    /// The dictionary, to put a document in the place of an answer that a register did not give.
    ReplaceForm {
        id: Id<value::Application>,
        item: Box<EvidenceItem>,
    },
    /// Put it there.
    Replace {
        id: Id<value::Application>,
        item: Id<value::Evidence>,
        body: ReplaceEvidence,
        once: Once,
    },
    /// The dictionary, to record a fact about somebody; one of its names where it is known which.
    FactForm {
        person: Box<PersonView>,
        fact: Option<String>,
    },
    /// Record it.
    Record {
        person: Id<value::Person>,
        body: RecordFact,
        once: Once,
    },
    /// A draft as it stands at the server.
    Draft { id: Id<value::Application> },
    /// A decision with its letter as text, of this many characters a line.
    Letter {
        decision: Id<value::Decision>,
        width: u16,
    },
    /// The letter's PDF.
    Pdf {
        decision: Id<value::Decision>,
        number: String,
    },
    /// Something about documents.
    Documents(documents::DocumentAsk),
    /// Something about cases of social work.
    Cases(CaseAsk),
    /// Something about people who look alike, merges or transfers.
    People(people::PeopleAsk),
    /// Something about a second decision.
    Second(SecondAsk),
    /// Organisations.
    Parties(parties::PartyAsk),
    /// Note how the letter was served.
    Deliver {
        decision: Id<value::Decision>,
        body: Deliver,
        once: Once,
    },
    /// The slip that goes with it.
    Slip {
        decision: Id<value::Decision>,
        number: String,
    },
    /// The reasons for a later decision, for its form.
    AmendForm { about: Box<About> },
    /// What a change of an award would rest on.
    WouldChange { award: Id<value::Award> },
    /// Propose a later decision.
    Propose { body: NewAmendment, once: Once },
    /// Recommend one that was opened as a task, or came back.
    RecommendAmendment {
        id: Id<value::Amendment>,
        body: Proposed,
        once: Once,
    },
    /// A later decision, with its letter as text once there is one.
    Amendment { id: Id<value::Amendment>, width: u16 },
    /// Decide it.
    DecideAmendment {
        id: Id<value::Amendment>,
        body: DecideAmendment,
        once: Once,
    },
    /// Send it back to the first officer.
    ReturnAmendment {
        id: Id<value::Amendment>,
        body: Reason,
        once: Once,
    },
    /// Give it up.
    DropAmendment {
        id: Id<value::Amendment>,
        body: Reason,
        once: Once,
    },
    /// Note how its letter was served.
    DeliverAmendment {
        id: Id<value::Amendment>,
        body: Deliver,
        once: Once,
    },
    /// Its letter's PDF.
    AmendmentPdf {
        id: Id<value::Amendment>,
        number: String,
    },
    /// The slip that goes with it.
    AmendmentSlip {
        id: Id<value::Amendment>,
        number: String,
    },
    /// Recommended applications that are alike.
    Ready { benefit: String, outcome: Outcome },
    /// Decide those that were marked.
    DecideMany { body: DecideMany, once: Once },
    /// Who decides for whom.
    Deputies,
    /// Name a deputy.
    NameDeputy { body: NewDeputy, once: Once },
    /// End it before its last day.
    EndDeputy { id: Id<value::Deputy>, once: Once },
    /// What an officer leaves open.
    OpenWork { officer: OfficerRef },
    /// Give it to others.
    HandOver {
        officer: Id<value::Officer>,
        body: HandOver,
        once: Once,
    },
}

impl Ask {
    /// The start screen.
    pub fn home() -> Ask {
        Ask::Tasks { queue: Queue::Mine }
    }
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        if let Ask::Admin(ask) = self {
            return ask.changes();
        }
        if let Ask::Documents(ask) = self {
            return ask.changes();
        }
        if let Ask::Cases(ask) = self {
            return ask.changes();
        }
        if let Ask::People(ask) = self {
            return ask.changes();
        }
        if let Ask::Second(ask) = self {
            return ask.changes();
        }
        if let Ask::Parties(ask) = self {
            return ask.changes();
        }
        if let Ask::Step(ask) = self {
            return ask.changes();
        }
        if let Ask::Beside(ask) = self {
            return ask.changes();
        }
        matches!(
            self,
            Ask::Register { .. }
                | Ask::AddMember { .. }
                | Ask::Change { .. }
                | Ask::Complete { .. }
                | Ask::OpenDraft { .. }
                | Ask::SaveDraft { .. }
                | Ask::Lodge { .. }
                | Ask::LodgeTogether { .. }
                | Ask::Dismiss { .. }
                | Ask::DecideDismissal { .. }
                | Ask::ReturnDismissal { .. }
                | Ask::DeliverDismissal { .. }
                | Ask::AskEvidence { .. }
                | Ask::Tell { .. }
                | Ask::Assess { .. }
                | Ask::Recommend { .. }
                | Ask::Decide { .. }
                | Ask::Return { .. }
                | Ask::Withdraw { .. }
                | Ask::Replace { .. }
                | Ask::Record { .. }
                | Ask::Deliver { .. }
                | Ask::Propose { .. }
                | Ask::RecommendAmendment { .. }
                | Ask::DecideAmendment { .. }
                | Ask::ReturnAmendment { .. }
                | Ask::DropAmendment { .. }
                | Ask::DeliverAmendment { .. }
                | Ask::DecideMany { .. }
                | Ask::NameDeputy { .. }
                | Ask::EndDeputy { .. }
                | Ask::HandOver { .. }
                | Ask::Take { .. }
                | Ask::ChangePassword { .. }
        )
    }
}

impl Ask {
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            Ask::Admin(ask) => ask.once_mut(),
            Ask::Cases(ask) => ask.once_mut(),
            Ask::Step(ask) => ask.once_mut(),
            Ask::Beside(ask) => ask.once_mut(),
            Ask::People(ask) => ask.once_mut(),
            Ask::Parties(ask) => ask.once_mut(),
            Ask::Take { once, .. }
            | Ask::Register { once, .. }
            | Ask::AddMember { once, .. }
            | Ask::Change { once, .. }
            | Ask::Complete { once, .. }
            | Ask::OpenDraft { once, .. }
            | Ask::Lodge { once, .. }
            | Ask::LodgeTogether { once, .. }
            | Ask::Dismiss { once, .. }
            | Ask::DecideDismissal { once, .. }
            | Ask::ReturnDismissal { once, .. }
            | Ask::DeliverDismissal { once, .. }
            | Ask::AskEvidence { once, .. }
            | Ask::Tell { once, .. }
            | Ask::Assess { once, .. }
            | Ask::Recommend { once, .. }
            | Ask::Decide { once, .. }
            | Ask::Return { once, .. }
            | Ask::Withdraw { once, .. }
            | Ask::Replace { once, .. }
            | Ask::Record { once, .. }
            | Ask::Deliver { once, .. }
            | Ask::Propose { once, .. }
            | Ask::RecommendAmendment { once, .. }
            | Ask::DecideAmendment { once, .. }
            | Ask::ReturnAmendment { once, .. }
            | Ask::DropAmendment { once, .. }
            | Ask::DeliverAmendment { once, .. }
            | Ask::DecideMany { once, .. }
            | Ask::NameDeputy { once, .. }
            | Ask::EndDeputy { once, .. }
            | Ask::HandOver { once, .. } => Some(once),
            Ask::Documents(ask) => ask.once_mut(),
            Ask::Second(ask) => ask.once_mut(),
            _ => None,
        }
    }
    /// The same intention as one whose answer nobody heard goes under the same key, so that it happens once.
    #[must_use]
    pub fn again(mut self, unheard: Option<&Ask>) -> Ask {
        let Some(mut old) = unheard.cloned() else {
            return self;
        };
        let key = old.once_mut().map(std::mem::take);
        let mut bare = self.clone();
        if let (Some(key), Some(own)) = (key, bare.once_mut()) {
            own.clear();
            if bare == old
                && let Some(own) = self.once_mut()
            {
                *own = key;
            }
        }
        self
    }
}

/// Who is signed in, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The token, when it is new.
    pub token: Option<String>,
    /// The account.
    pub user: String,
    /// The officer's id.
    pub officer: Id<value::Officer>,
    /// The officer's name.
    pub name: String,
    /// The office.
    pub office: OfficeRef,
    /// All offices this officer may work in.
    pub offices: Vec<OfficeRef>,
    /// The roles in it.
    pub roles: Vec<Role>,
    /// The first password must be changed.
    pub must_change_password: bool,
    /// The day the server works with.
    pub today: Option<Date>,
    /// The country served; unknown until the first password is changed.
    pub country: Option<Country>,
}

impl SignedIn {
    pub(crate) fn new(token: Option<String>, view: SessionView, country: Option<Country>) -> SignedIn {
        SignedIn {
            token,
            user: view.user,
            officer: view.officer.id,
            name: view.officer.name,
            office: view.office,
            offices: view.offices,
            roles: view.roles,
            must_change_password: view.must_change_password,
            today: country.as_ref().map(|c| c.today),
            country,
        }
    }
}

/// An application as its screen shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The application.
    pub application: Application,
    /// Its evidence.
    pub evidence: EvidenceRound,
    /// The newest assessment, if any.
    pub assessment: Option<StoredAssessment>,
    /// The decision that stands on it, where there is one.
    pub decision: Option<Box<Decision>>,
}

/// What an intake is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeKit {
    /// The benefit.
    pub benefit: Benefit,
    /// The form.
    pub form: Form,
    /// The code lists its fields name.
    pub codes: BTreeMap<String, CodeList>,
    /// Who applies.
    pub person: PersonView,
    /// What else is applied for in the same go, with the forms as the pack has them: the first one's too where there are several.
    pub together: Vec<(Benefit, Form)>,
    /// The household on the day.
    pub household: Option<HouseholdView>,
    /// The draft on the server, if any.
    pub draft: Option<Application>,
    /// The applicant's last application, from which some answers are offered again.
    pub last: Option<Application>,
}

/// A dossier as its screen shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierKit {
    /// At a glance.
    pub dossier: Dossier,
    /// What is known.
    pub facts: Vec<FactView>,
    /// What happened, newest first.
    pub timeline: Vec<TimelineEvent>,
    /// The dictionary of facts, for the questions.
    pub dictionary: BTreeMap<String, FactDef>,
    /// The code lists that the facts use.
    pub codes: BTreeMap<String, CodeList>,
}

/// What working out a right without a dossier is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIfKit {
    /// The benefit.
    pub benefit: Benefit,
    /// Its form, into which what was told can be carried.
    pub form: Form,
    /// The dictionary.
    pub facts: Vec<FactDef>,
    /// The code lists it names, and those of people.
    pub codes: BTreeMap<String, CodeList>,
}

/// The dictionary, for forms that are drawn from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FactKit {
    /// The facts, in the pack's order.
    pub facts: Vec<FactDef>,
    /// The code lists they name.
    pub codes: BTreeMap<String, CodeList>,
}

/// What the screen after lodging shows beside the server's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LodgedBeside {
    /// The registers' names by code.
    pub names: BTreeMap<String, Texts>,
    /// What the household may also have a right to; empty too where it could not be asked.
    pub possible: Vec<PossibleRight>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Signed in.
    SignedIn(Box<SignedIn>),
    /// Signed out.
    SignedOut,
    /// One's own sessions.
    Sessions(Vec<SessionView>),
    /// The work queue.
    Tasks(Vec<Task>),
    /// Done; nothing to say.
    Done,
    /// People found.
    Found(PersonsFound),
    /// Code lists by name.
    Codes(BTreeMap<String, CodeList>),
    /// A person.
    Person(Box<PersonView>),
    /// A person and code lists.
    Member(Box<PersonView>, BTreeMap<String, CodeList>),
    /// A dossier.
    Dossier(Box<DossierKit>),
    /// Benefits.
    Benefits(Vec<Benefit>),
    /// Cross-checks, the newest first.
    Signals(Page<RaisedSignal>),
    /// One that was answered.
    Signal(Box<RaisedSignal>),
    /// Code lists, in order.
    Lists(Vec<CodeList>),
    /// An intake.
    Intake(Box<IntakeKit>),
    /// What a form of a change is drawn from.
    Change(Box<ChangeKit>),
    /// What came of a change.
    Changed(Box<Changed>),
    /// A household.
    Household(Option<HouseholdView>),
    /// What the rules say.
    Previewed(Box<Previewed>),
    /// An application alone.
    Application(Box<Application>),
    /// Lodged, with the status and what stands beside it.
    Lodged(Box<Lodged>, LodgedBeside),
    /// Lodged together, with what stands beside it.
    LodgedTogether(Box<LodgedTogether>, LodgedBeside),
    /// What the rules say, benefit by benefit.
    Previews(Vec<Previewed>),
    /// How somebody's applications stand.
    Inquiry(Box<Inquiry>),
    /// What working out a right without a dossier needs.
    WhatIf(Box<WhatIfKit>),
    /// Who was chosen.
    Chosen(Box<PersonCard>),
    /// How something is handed in, as it was said.
    HandIn(Box<HandIn>),
    /// A receipt or dismissal and its letter's text; none while it is being made.
    Paper(Box<Paper>, Option<String>),
    /// The dictionary with the code lists it names.
    Facts(Box<FactKit>),
    /// A fact was recorded.
    Fact(Box<FactView>),
    /// An application with what belongs to it.
    Work(Box<Work>),
    /// A decision and its letter's text; none while it is being made.
    Letter(Box<Decision>, Option<String>),
    /// A first decision with the second one's letter as text; none while it is being made.
    SecondLetter(Box<Decision>, Option<String>),
    /// A decision.
    Decision(Box<Decision>),
    /// Cases of social work.
    Cases(CaseAnswer),
    /// About people who look alike, merges or transfers.
    People(people::PeopleAnswer),
    /// Of organisations.
    Parties(parties::PartyAnswer),
    /// What the form of a step is drawn from.
    Step(Box<StepKit>),
    /// What stands beside an application.
    Standing(Box<ClaimStanding>),
    /// An application as of another day.
    Then(Box<AssessedThen>),
    /// Bytes of a file.
    Bytes(Vec<u8>),
    /// To an administrator's screen.
    Admin(admin::AdminAnswer),
    /// About documents.
    Documents(documents::DocumentAnswer),
    /// A later decision and its letter's text; none while there is none.
    Amendment(Box<Amendment>, Option<String>),
    /// Recommended applications that are alike.
    Ready(Vec<ReadyToDecide>),
    /// What became of those that were marked.
    Many(Box<DecidedMany>),
    /// Who decides for whom.
    Deputies(Vec<Deputy>),
    /// What an officer leaves open.
    OpenWork(Vec<OpenWork>),
    /// Who has it now.
    HandedOver(Box<HandedOver>),
    /// What a change would rest on.
    WouldChange(Box<WouldChange>),
}

/// Why a question was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The server does not answer.
    Offline(String),
    /// The server refused.
    Problem(Box<Problem>),
    /// The answer is not what the contract says.
    Unreadable(String),
}

impl Fault {
    /// What happened, for the message line.
    pub fn say(&self) -> Say {
        match self {
            Fault::Offline(why) => Say::key("fault-offline").with("why", why),
            Fault::Unreadable(why) => Say::key("fault-unreadable").with("why", why),
            Fault::Problem(p) if p.status >= 500 && p.status != 503 => {
                Say::key("fault-server").with("number", p.instance.as_deref().unwrap_or("–"))
            }
            Fault::Problem(p) if p.slug() == "own-dossier" && !p.officers.is_empty() => {
                let who: Vec<&str> = p.officers.iter().map(|officer| officer.name.as_str()).collect();
                Say::key("problem-own-dossier-who").with("who", who.join(", "))
            }
            Fault::Problem(p) => match known(p.slug()) {
                Some(words) => Say::key(words),
                None => Say::raw(p.detail.clone().unwrap_or_else(|| p.title.clone())),
            },
        }
    }
    /// The refusal, where it is one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Fault::Problem(p) => Some(p),
            _ => None,
        }
    }
}

/// The words for a refusal by its slug, where the screens have their own.
pub(crate) fn refusal(slug: &str) -> Option<&'static str> {
    known(slug)
}

/// Refusals that the screens say in the clerk's language; others are said in the server's words.
fn known(slug: &str) -> Option<&'static str> {
    Some(match slug {
        "second-officer-needed" => "problem-second-officer-needed",
        "other-office" => "problem-other-office",
        "step-not-open" => "problem-step-not-open",
        "legal-act" => "problem-legal-act",
        "not-a-draft" => "problem-not-a-draft",
        "assessment-outdated" => "problem-assessment-outdated",
        "not-verified" => "problem-not-verified",
        "outcome-differs" => "problem-outcome-differs",
        "own-dossier" => "problem-own-dossier",
        "term-runs" => "problem-term-runs",
        "already-running" => "problem-already-running",
        "already-awarded" => "problem-already-awarded",
        "choice-needed" => "problem-choice-needed",
        "other-chosen" => "problem-other-chosen",
        "organisation-known" => "problem-organisation-known",
        "provider-needed" => "problem-provider-needed",
        "award-not-running" => "problem-award-not-running",
        "award-suspended" => "problem-award-suspended",
        "later-decision-stands" => "problem-later-decision-stands",
        "award-not-suspended" => "problem-award-not-suspended",
        "amendment-running" => "problem-amendment-running",
        "decision-annulled" => "problem-decision-annulled",
        "not-provided" => "problem-not-provided",
        "work-open" => "problem-work-open",
        "deputy-named" => "problem-deputy-named",
        "key-reused" => "problem-key-reused",
        "already-done" => "problem-already-done",
        "user-taken" => "problem-user-taken",
        "last-admin" => "problem-last-admin",
        "job-not-failed" => "problem-job-not-failed",
        "office-taken" => "problem-office-taken",
        "office-in-use" => "problem-office-in-use",
        "second-person-needed" => "problem-second-person-needed",
        "version-in-force" => "problem-version-in-force",
        "not-in-pack" => "problem-not-in-pack",
        "upgrade-proposed" => "problem-upgrade-proposed",
        "upgrade-not-open" => "problem-upgrade-not-open",
        "import-not-checked" => "problem-import-not-checked",
        "number-taken" => "problem-number-taken",
        "not-today" => "problem-not-today",
        "changed-since" => "problem-changed-since",
        "already-dead" => "problem-already-dead",
        "applicant-died" => "problem-applicant-died",
        "already-protected" => "problem-already-protected",
        "address-protected" => "problem-address-protected",
        "not-named" => "problem-not-named",
        "merge-elsewhere" => "problem-merge-elsewhere",
        "already-proposed" => "problem-already-proposed",
        "merge-not-open" => "problem-merge-not-open",
        "merge-later" => "problem-merge-later",
        "transfer-waits" => "problem-transfer-waits",
        "other-office-answers" => "problem-other-office-answers",
        "already-member" => "problem-already-member",
        "password-change-needed" => "problem-password-change-needed",
        "password-weak" => "problem-password-weak",
        "letter-not-ready" => "problem-letter-not-ready",
        "letter-failed" => "problem-letter-failed",
        "case-closed" => "problem-case-closed",
        "case-running" => "problem-case-running",
        "already-settled" => "problem-already-settled",
        "not-restricted" => "problem-not-restricted",
        "not-theirs" => "problem-not-theirs",
        "last-named" => "problem-last-named",
        "cannot-reopen" => "problem-cannot-reopen",
        "sign-in-first" => "problem-sign-in-first",
        "not-recognised" => "problem-not-recognised",
        "not-permitted" => "problem-not-permitted",
        "not-found" => "problem-not-found",
        "likely-duplicates" => "problem-likely-duplicates",
        "changed-meanwhile" => "problem-changed-meanwhile",
        "fields" => "problem-fields",
        "too-often" => "problem-too-often",
        "too-large" => "problem-too-large",
        "unavailable" => "problem-unavailable",
        "slow" => "problem-slow",
        _ => return None,
    })
}

/// Whoever answers: the server over HTTP, or a test.
pub trait Api {
    /// Asks. What was asked goes on at the server even when nobody waits any more.
    fn call(&self, ask: Ask) -> LocalBoxFuture<'static, Result<Answer, Fault>>;
    /// Signs further calls, or no longer.
    fn token(&self, token: Option<String>);
}
