//! What comes back, as the screens are drawn from it.

use super::{CaseAnswer, ChangeKit, Changed, First, StepKit, admin, documents, parties, people};
use karton_api::{
    Date, Id,
    amendments::{Amendment, WouldChange},
    applications::{Application, EvidenceRound, Lodged},
    assessments::{AssessedThen, PossibleRight, Previewed, StoredAssessment},
    catalogue::{Benefit, CodeList, Country, FactDef, Form},
    common::{OfficeRef, Page, Texts},
    decisions::{DecidedMany, Decision, ReadyToDecide},
    deputies::{Deputy, HandedOver, OpenWork},
    dossiers::{Dossier, TimelineEvent},
    inquiries::Inquiry,
    lodgings::{HandIn, LodgedTogether, Paper},
    matters::Task,
    persons::{FactView, HouseholdView, PersonCard, PersonView, PersonsFound},
    session::{Role, SessionView},
    signals::RaisedSignal,
    standing::ClaimStanding,
    value,
};
use std::collections::BTreeMap;

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
    /// How a matter runs.
    Course(Box<super::Course>),
    /// A first decision with the second one's letter as text; none while it is being made.
    SecondLetter(First, Option<String>),
    /// What moving a matter to the version in force would change.
    Version(Box<karton_api::upgrades::MatterVersion>),
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
