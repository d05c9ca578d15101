//! What the client asks of a server, as data.

use super::{
    CaseAsk, CourseAsk, First, SecondAsk, Send, StepAsk, What, Work, admin, beside, documents, parties,
    people, versions,
};
use karton_api::{
    Date, Id,
    amendments::{Amendment, AmendmentKind, DecideAmendment, NewAmendment, Proposed},
    applications::{Decide, Dismiss, EvidenceItem, Recommend, ReplaceEvidence, Return, Withdraw},
    assessments::{Answer as Typed, Outcome, Preview, WhatIf},
    awards::Award,
    common::{OfficerRef, Reason},
    decisions::{DecideMany, Decision, Deliver},
    deputies::{HandOver, NewDeputy},
    dossiers::Purpose,
    inquiries::Inquire,
    lodgings::{HandIn, LodgeTogether},
    matters::Queue,
    persons::{AddMember, PersonCard, PersonView, RecordFact, RegisterPerson},
    signals::{AnswerSignal, SignalState},
    value,
};

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
    /// What a second body decided, to be corrected or annulled.
    Second(First, AmendmentKind),
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
    /// How a matter runs.
    Course(CourseAsk),
    /// Something about a second decision.
    Second(SecondAsk),
    /// About the version of the pack that a matter runs on.
    Version(versions::VersionAsk),
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
        match self {
            Ask::Admin(ask) => ask.changes(),
            Ask::Documents(ask) => ask.changes(),
            Ask::Cases(ask) => ask.changes(),
            Ask::People(ask) => ask.changes(),
            Ask::Course(ask) => ask.changes(),
            Ask::Second(ask) => ask.changes(),
            Ask::Version(ask) => ask.changes(),
            Ask::Parties(ask) => ask.changes(),
            Ask::Step(ask) => ask.changes(),
            Ask::Beside(ask) => ask.changes(),
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
            | Ask::ChangePassword { .. } => true,
            _ => false,
        }
    }
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
            Ask::Course(ask) => ask.once_mut(),
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
