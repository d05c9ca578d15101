//! The screens: each is state, what keys and answers change in it, and how it is drawn. None touches the world; what a screen
//! wants it puts into `Cx`.

mod admin;
mod amend;
mod amendment;
mod anyone;
mod benefits;
mod beside;
mod cases;
mod changes;
mod classifier;
mod course;
mod deputies;
mod documents;
mod dossier;
mod find;
mod forms;
mod hand_in;
mod hand_over;
mod home;
mod intake;
mod leaves;
mod letter;
mod lines;
mod many;
mod organisations;
mod paper;
mod papers;
mod people;
mod phone;
mod profile;
mod register;
mod said;
mod second;
mod sign_in;
mod signals;
mod status;
mod step;
mod version;
mod what_if;
mod why;
mod widgets;
mod work;

pub(crate) use admin::only_admin;
pub use admin::{
    AccountForm, AdminScreen, ImportScreen, OfficeForm, PackScreen, ProposeForm, RelativesScreen,
};
pub use amend::{AmendForm, BackForm, DecideForm, ServeForm};
pub use amendment::AmendmentScreen;
pub use benefits::Benefits;
pub use beside::{BesideScreen, ChooseForm, ThenForm};
pub use cases::{CaseForm, CaseScreen, CasesScreen, ReportForm};
pub use changes::ChangeForm;
pub use classifier::Classifier;
pub use course::{CourseScreen, ReopenForm};
pub use deputies::{DeputiesScreen, DeputyForm};
pub use documents::{CorrectForm, DocumentScreen, Documents, FileForm, FindDocuments};
pub use dossier::DossierScreen;
pub use find::Find;
pub use forms::{MemberForm, RecommendForm, ReturnForm};
pub use hand_in::{DismissForm, HandInForm};
pub use hand_over::HandOverForm;
pub use home::Home;
pub use intake::Intake;
pub use letter::LetterScreen;
pub use many::ManyScreen;
pub use organisations::{EntryForm, OrganisationForm, OrganisationScreen, Organisations, Providers};
pub use paper::PaperScreen;
pub use papers::{FactForm, ReplaceForm, WithdrawForm};
pub use people::{DoublesScreen, MergeScreen, PairScreen, TransferForm, TransfersScreen, WordForm};
pub use phone::Phone;
pub use profile::Profile;
#[cfg(feature = "demo")]
pub(crate) use profile::role_words;
pub use register::{Duplicates, Register};
pub use second::SecondLetter;
pub use sign_in::{NewPassword, SignIn};
pub use signals::{SignalForm, Signals};
pub use status::StatusScreen;
pub use step::StepForm;
pub use version::VersionScreen;
pub use what_if::WhatIfScreen;
pub use work::WorkScreen;

use crate::{
    api::{
        Answer, Ask, CaseAnswer, CaseAsk, Fault, StepAsk, What,
        admin::{AdminAnswer, AdminAsk},
        beside::BesideAsk,
        people::{PeopleAnswer, PeopleAsk},
        versions::VersionAsk,
    },
    app::{
        Cx, Effect, Look, TimerId, Tone,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Did, Form, Kind, Picker, RowsEditor},
    i18n::Say,
    term::Chord,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// What every screen can be asked. The defaults are those of a screen that has nothing to say.
pub trait Desk {
    /// For the bar.
    fn title(&self, look: &Look<'_>) -> Say;
    /// What can be done here now, the most usual first.
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        Vec::new()
    }
    /// Does one of them.
    fn act(&mut self, _act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        cx.want(Effect::Bell);
    }
    /// Takes a key that means none of them. False when it means nothing at all.
    fn key(&mut self, _chord: Chord, _cx: &mut Cx<'_>) -> bool {
        false
    }
    /// Whether letters are text here.
    fn typing(&self, _look: &Look<'_>) -> bool {
        false
    }
    /// Takes pasted text.
    fn paste(&mut self, _text: &str, cx: &mut Cx<'_>) {
        cx.want(Effect::Bell);
    }
    /// Hears the answer to something it asked.
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        if let Err(fault) = result {
            cx.wrong(fault.say());
        }
    }
    /// A timer ran out.
    fn timer(&mut self, _timer: TimerId, _cx: &mut Cx<'_>) {}
    /// It has just been opened.
    fn entered(&mut self, _cx: &mut Cx<'_>) {}
    /// What the screen above found out.
    fn told(&mut self, _answer: Answer, _cx: &mut Cx<'_>) {}
    /// What lay above it is gone.
    fn returned(&mut self, _cx: &mut Cx<'_>) {}
    /// Esc.
    fn leave(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Back);
    }
    /// Something was chosen from a list.
    fn chosen(&mut self, _code: &str, _cx: &mut Cx<'_>) {}
    /// A small table was edited.
    fn rows(&mut self, _rows: Vec<Vec<String>>, _cx: &mut Cx<'_>) {}
    /// A question was answered with yes.
    fn confirmed(&mut self, _act: Act, _cx: &mut Cx<'_>) {}
    /// What the message line says when nothing else is to be said.
    fn status(&self, _look: &Look<'_>) -> Say {
        Say::Nothing
    }
    /// What F1 says of this place.
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        Vec::new()
    }
    /// Draws it; gives the place of the cursor.
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position>;
}

/// A screen.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each screen's type says what it is")]
pub enum Screen {
    SignIn(SignIn),
    NewPassword(NewPassword),
    Home(Home),
    Find(Find),
    Register(Box<Register>),
    Duplicates(Box<Duplicates>),
    Member(Box<MemberForm>),
    Dossier(Box<DossierScreen>),
    Change(Box<ChangeForm>),
    Benefits(Box<Benefits>),
    /// Cross-checks that ask for a look.
    Signals(Box<Signals>),
    /// What came of a look.
    Signal(Box<SignalForm>),
    /// The country's classifiers.
    Classifier(Box<Classifier>),
    Intake(Box<Intake>),
    Status(Box<StatusScreen>),
    Step(Box<StepForm>),
    Beside(Box<BesideScreen>),
    Choose(Box<ChooseForm>),
    Then(Box<ThenForm>),
    Work(Box<WorkScreen>),
    Recommend(Box<RecommendForm>),
    Return(Box<ReturnForm>),
    Withdraw(Box<WithdrawForm>),
    Dismiss(Box<DismissForm>),
    HandIn(Box<HandInForm>),
    Paper(Box<PaperScreen>),
    Phone(Box<Phone>),
    WhatIf(Box<WhatIfScreen>),
    Replace(Box<ReplaceForm>),
    Fact(Box<FactForm>),
    Letter(Box<LetterScreen>),
    Course(Box<CourseScreen>),
    Reopen(Box<ReopenForm>),
    SecondLetter(Box<SecondLetter>),
    Version(Box<VersionScreen>),
    Documents(Box<Documents>),
    Document(Box<DocumentScreen>),
    File(Box<FileForm>),
    CorrectDocument(Box<CorrectForm>),
    FindDocuments(Box<FindDocuments>),
    Amend(Box<AmendForm>),
    Amendment(Box<AmendmentScreen>),
    Back(Box<BackForm>),
    DecideMore(Box<DecideForm>),
    Serve(Box<ServeForm>),
    Many(Box<ManyScreen>),
    Deputies(Box<DeputiesScreen>),
    Deputy(Box<DeputyForm>),
    HandOver(Box<HandOverForm>),
    Doubles(Box<DoublesScreen>),
    Pair(Box<PairScreen>),
    Merge(Box<MergeScreen>),
    Word(Box<WordForm>),
    Transfers(Box<TransfersScreen>),
    Transfer(Box<TransferForm>),
    Organisations(Box<Organisations>),
    Organisation(Box<OrganisationScreen>),
    KeepOrganisation(Box<OrganisationForm>),
    ProviderEntry(Box<EntryForm>),
    Providers(Box<Providers>),
    Profile(Box<Profile>),
    Admin(Box<AdminScreen>),
    Account(Box<AccountForm>),
    Office(Box<OfficeForm>),
    Relatives(Box<RelativesScreen>),
    Import(Box<ImportScreen>),
    Pack(Box<PackScreen>),
    Propose(Box<ProposeForm>),
    Cases(Box<CasesScreen>),
    Case(Box<CaseScreen>),
    CaseForm(Box<CaseForm>),
    CaseReport(Box<ReportForm>),
    /// Where a screen was while it is being asked.
    Gone,
}

struct Nowhere;
impl Desk for Nowhere {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::Nothing
    }
    fn view(&self, _look: &Look<'_>, _buffer: &mut Buffer, _area: Rect) -> Option<Position> {
        None
    }
}

impl Screen {
    /// One's own account and this client.
    pub fn profile() -> Screen {
        Screen::Profile(Box::default())
    }
    /// A first password must be changed.
    pub fn new_password(old: &str) -> Screen {
        Screen::NewPassword(NewPassword::new(old))
    }

    /// The screen that shows an answer.
    pub fn open(ask: &Ask, answer: Answer, cx: &mut Cx<'_>) -> Option<Screen> {
        Some(match (ask, answer) {
            (Ask::Admin(AdminAsk::Relatives { user }), Answer::Admin(AdminAnswer::Relatives(relatives))) => {
                Screen::Relatives(Box::new(RelativesScreen::new(user.as_ref().clone(), relatives)))
            }
            (_, Answer::Admin(AdminAnswer::Import(import, findings))) => {
                Screen::Import(Box::new(ImportScreen::new(*import, findings)))
            }
            (_, Answer::Admin(AdminAnswer::Pack(version, upgrade, changes))) => Screen::Pack(Box::new(
                PackScreen::new(*version, upgrade.map(|it| *it), changes),
            )),
            (_, Answer::Admin(answer)) => Screen::Admin(Box::new(AdminScreen::new(answer))),
            (Ask::Tasks { queue }, Answer::Tasks(tasks)) => Screen::Home(Home::new(*queue, tasks)),
            (Ask::RegisterForm { text, head }, Answer::Codes(codes)) => {
                Screen::Register(Box::new(Register::new(text, *head, &codes, &cx.look)))
            }
            (Ask::MemberForm { head, .. }, Answer::Member(person, codes)) => {
                Screen::Member(Box::new(MemberForm::new(*head, *person, &codes, &cx.look)))
            }
            (Ask::Dossier { .. }, Answer::Dossier(kit)) => {
                Screen::Dossier(Box::new(DossierScreen::new(*kit, None)))
            }
            (Ask::ReplaceForm { id, item }, Answer::Facts(kit)) => Screen::Replace(Box::new(
                ReplaceForm::new(*id, item.as_ref().clone(), &kit, &cx.look),
            )),
            (Ask::FactForm { person, fact }, Answer::Facts(kit)) => Screen::Fact(Box::new(FactForm::new(
                person.as_ref().clone(),
                fact.as_deref(),
                *kit,
                &cx.look,
            ))),
            (Ask::ChangeForm { what: What::Undo, .. }, Answer::Change(kit))
                if !kit.events.iter().any(|event| event.may_undo) =>
            {
                cx.wrong(Say::key("change-nothing-to-undo"));
                return None;
            }
            (Ask::ChangeForm { what, .. }, Answer::Change(kit)) => {
                Screen::Change(Box::new(ChangeForm::new(*what, *kit, &cx.look)))
            }
            (Ask::Benefits { person }, Answer::Benefits(list)) => {
                Screen::Benefits(Box::new(Benefits::new(Some(*person), list)))
            }
            (Ask::Intake { local, .. }, Answer::Intake(kit)) => {
                Screen::Intake(Box::new(Intake::new(*kit, *local, &cx.look)))
            }
            (Ask::WhatIfBenefits, Answer::Benefits(list)) => {
                Screen::Benefits(Box::new(Benefits::new(None, list)))
            }
            (Ask::Signals { state }, Answer::Signals(page)) => {
                Screen::Signals(Box::new(Signals::new(*state, page.items, page.next)))
            }
            (Ask::Classifiers, Answer::Lists(lists)) => Screen::Classifier(Box::new(Classifier::new(lists))),
            (Ask::WhatIfForm { .. }, Answer::WhatIf(kit)) => {
                Screen::WhatIf(Box::new(WhatIfScreen::new(*kit, &cx.look)))
            }
            (Ask::DossierFor { purpose, .. }, Answer::Dossier(kit)) => {
                Screen::Dossier(Box::new(DossierScreen::new(*kit, Some(*purpose))))
            }
            (Ask::HandInForm { card, said }, Answer::Codes(codes)) => Screen::HandIn(Box::new(
                HandInForm::new(card.as_ref().clone(), said, &codes, &cx.look),
            )),
            (Ask::DismissForm { work }, Answer::Codes(codes)) => Screen::Dismiss(Box::new(DismissForm::new(
                work.as_ref().clone(),
                &codes,
                &cx.look,
            ))),
            (Ask::Paper { deliver, .. }, Answer::Paper(paper, text)) => {
                Screen::Paper(Box::new(PaperScreen::new(*paper, text, *deliver)))
            }
            (_, Answer::Documents(answer)) => match documents::open(ask, answer, cx) {
                Some(screen) => screen,
                None => {
                    cx.wrong(Say::key("fault-unexpected"));
                    return None;
                }
            },
            (_, Answer::Cases(CaseAnswer::List(cases))) => Screen::Cases(Box::new(CasesScreen::new(cases))),
            (Ask::Cases(CaseAsk::See { write, .. }), Answer::Cases(CaseAnswer::Case(kit))) => {
                Screen::Case(Box::new(CaseScreen::new(*kit, *write)))
            }
            (_, Answer::Cases(CaseAnswer::Begin(kit))) => {
                Screen::CaseReport(Box::new(ReportForm::new(*kit, &cx.look)))
            }
            (Ask::Beside(BesideAsk::See { application }), Answer::Standing(it)) => {
                Screen::Beside(Box::new(BesideScreen::new(*application, *it)))
            }
            (Ask::Step(StepAsk::Form(_)), Answer::Step(kit)) => {
                Screen::Step(Box::new(StepForm::new(*kit, &cx.look)))
            }
            (_, Answer::Work(work)) => Screen::Work(Box::new(WorkScreen::new(*work))),
            (Ask::Course(_), Answer::Course(course)) => Screen::Course(Box::new(CourseScreen::new(*course))),
            (_, Answer::SecondLetter(first, text)) => {
                Screen::SecondLetter(Box::new(SecondLetter::new(first, text)))
            }
            (Ask::Version(VersionAsk::See { matter, head }), Answer::Version(it)) => {
                Screen::Version(Box::new(VersionScreen::new(*matter, head.clone(), *it)))
            }
            (_, Answer::Letter(decision, text)) => {
                Screen::Letter(Box::new(LetterScreen::new(*decision, text)))
            }
            (_, Answer::Amendment(it, text)) => Screen::Amendment(Box::new(AmendmentScreen::new(*it, text))),
            (Ask::AmendForm { about }, answer) => {
                let opened = amendment::form(about.as_ref().clone(), answer, &cx.look);
                if opened.is_none() {
                    cx.wrong(Say::key("problem-not-provided"));
                }
                return opened;
            }
            (Ask::Ready { benefit, outcome }, Answer::Ready(items)) => {
                Screen::Many(Box::new(ManyScreen::new(benefit, *outcome, items)))
            }
            (Ask::OpenWork { officer }, Answer::OpenWork(items)) => {
                Screen::HandOver(Box::new(HandOverForm::new(officer.clone(), items)))
            }
            (
                Ask::People(PeopleAsk::Pairs { person, .. }),
                Answer::People(PeopleAnswer::Pairs(state, pairs)),
            ) => Screen::Doubles(Box::new(DoublesScreen::pairs(state, pairs).of(*person))),
            (_, Answer::Parties(answer)) => match organisations::open(answer, &cx.look) {
                Some(screen) => screen,
                None => {
                    cx.wrong(Say::key("fault-unexpected"));
                    return None;
                }
            },
            (_, Answer::People(answer)) => match people::open(answer, &cx.look) {
                Some(screen) => screen,
                None => {
                    cx.wrong(Say::key("fault-unexpected"));
                    return None;
                }
            },
            (_, Answer::Deputies(items)) => Screen::Deputies(Box::new(DeputiesScreen::new(items))),
            _ => {
                cx.wrong(Say::key("fault-unexpected"));
                return None;
            }
        })
    }

    fn desk(&self) -> &dyn Desk {
        match self {
            Screen::SignIn(s) => s,
            Screen::NewPassword(s) => s,
            Screen::Home(s) => s,
            Screen::Find(s) => s,
            Screen::Register(s) => s.as_ref(),
            Screen::Duplicates(s) => s.as_ref(),
            Screen::Member(s) => s.as_ref(),
            Screen::Dossier(s) => s.as_ref(),
            Screen::Change(s) => s.as_ref(),
            Screen::Benefits(s) => s.as_ref(),
            Screen::Classifier(s) => s.as_ref(),
            Screen::Signals(s) => s.as_ref(),
            Screen::Signal(s) => s.as_ref(),
            Screen::Intake(s) => s.as_ref(),
            Screen::Status(s) => s.as_ref(),
            Screen::Step(s) => s.as_ref(),
            Screen::Beside(s) => s.as_ref(),
            Screen::Choose(s) => s.as_ref(),
            Screen::Then(s) => s.as_ref(),
            Screen::Work(s) => s.as_ref(),
            Screen::Recommend(s) => s.as_ref(),
            Screen::Return(s) => s.as_ref(),
            Screen::Withdraw(s) => s.as_ref(),
            Screen::Dismiss(s) => s.as_ref(),
            Screen::HandIn(s) => s.as_ref(),
            Screen::Paper(s) => s.as_ref(),
            Screen::Phone(s) => s.as_ref(),
            Screen::WhatIf(s) => s.as_ref(),
            Screen::Replace(s) => s.as_ref(),
            Screen::Fact(s) => s.as_ref(),
            Screen::Letter(s) => s.as_ref(),
            Screen::Course(s) => s.as_ref(),
            Screen::Reopen(s) => s.as_ref(),
            Screen::SecondLetter(s) => s.as_ref(),
            Screen::Version(s) => s.as_ref(),
            Screen::Documents(s) => s.as_ref(),
            Screen::Document(s) => s.as_ref(),
            Screen::File(s) => s.as_ref(),
            Screen::CorrectDocument(s) => s.as_ref(),
            Screen::FindDocuments(s) => s.as_ref(),
            Screen::Amend(s) => s.as_ref(),
            Screen::Amendment(s) => s.as_ref(),
            Screen::Back(s) => s.as_ref(),
            Screen::DecideMore(s) => s.as_ref(),
            Screen::Serve(s) => s.as_ref(),
            Screen::Many(s) => s.as_ref(),
            Screen::Deputies(s) => s.as_ref(),
            Screen::HandOver(s) => s.as_ref(),
            Screen::Deputy(s) => s.as_ref(),
            Screen::Doubles(s) => s.as_ref(),
            Screen::Pair(s) => s.as_ref(),
            Screen::Merge(s) => s.as_ref(),
            Screen::Word(s) => s.as_ref(),
            Screen::Transfers(s) => s.as_ref(),
            Screen::Transfer(s) => s.as_ref(),
            Screen::Organisations(s) => s.as_ref(),
            Screen::Organisation(s) => s.as_ref(),
            Screen::KeepOrganisation(s) => s.as_ref(),
            Screen::ProviderEntry(s) => s.as_ref(),
            Screen::Providers(s) => s.as_ref(),
            Screen::Profile(s) => s.as_ref(),
            Screen::Admin(s) => s.as_ref(),
            Screen::Account(s) => s.as_ref(),
            Screen::Office(s) => s.as_ref(),
            Screen::Relatives(s) => s.as_ref(),
            Screen::Import(s) => s.as_ref(),
            Screen::Pack(s) => s.as_ref(),
            Screen::Propose(s) => s.as_ref(),
            Screen::Cases(s) => s.as_ref(),
            Screen::Case(s) => s.as_ref(),
            Screen::CaseForm(s) => s.as_ref(),
            Screen::CaseReport(s) => s.as_ref(),
            Screen::Gone => &Nowhere,
        }
    }
    fn desk_mut(&mut self) -> Option<&mut dyn Desk> {
        Some(match self {
            Screen::SignIn(s) => s,
            Screen::NewPassword(s) => s,
            Screen::Home(s) => s,
            Screen::Find(s) => s,
            Screen::Register(s) => s.as_mut(),
            Screen::Duplicates(s) => s.as_mut(),
            Screen::Member(s) => s.as_mut(),
            Screen::Dossier(s) => s.as_mut(),
            Screen::Change(s) => s.as_mut(),
            Screen::Benefits(s) => s.as_mut(),
            Screen::Classifier(s) => s.as_mut(),
            Screen::Signals(s) => s.as_mut(),
            Screen::Signal(s) => s.as_mut(),
            Screen::Intake(s) => s.as_mut(),
            Screen::Status(s) => s.as_mut(),
            Screen::Step(s) => s.as_mut(),
            Screen::Beside(s) => s.as_mut(),
            Screen::Choose(s) => s.as_mut(),
            Screen::Then(s) => s.as_mut(),
            Screen::Work(s) => s.as_mut(),
            Screen::Recommend(s) => s.as_mut(),
            Screen::Return(s) => s.as_mut(),
            Screen::Withdraw(s) => s.as_mut(),
            Screen::Dismiss(s) => s.as_mut(),
            Screen::HandIn(s) => s.as_mut(),
            Screen::Paper(s) => s.as_mut(),
            Screen::Phone(s) => s.as_mut(),
            Screen::WhatIf(s) => s.as_mut(),
            Screen::Replace(s) => s.as_mut(),
            Screen::Fact(s) => s.as_mut(),
            Screen::Letter(s) => s.as_mut(),
            Screen::Course(s) => s.as_mut(),
            Screen::Reopen(s) => s.as_mut(),
            Screen::SecondLetter(s) => s.as_mut(),
            Screen::Version(s) => s.as_mut(),
            Screen::Documents(s) => s.as_mut(),
            Screen::Document(s) => s.as_mut(),
            Screen::File(s) => s.as_mut(),
            Screen::CorrectDocument(s) => s.as_mut(),
            Screen::FindDocuments(s) => s.as_mut(),
            Screen::Amend(s) => s.as_mut(),
            Screen::Amendment(s) => s.as_mut(),
            Screen::Back(s) => s.as_mut(),
            Screen::DecideMore(s) => s.as_mut(),
            Screen::Serve(s) => s.as_mut(),
            Screen::Many(s) => s.as_mut(),
            Screen::Deputies(s) => s.as_mut(),
            Screen::HandOver(s) => s.as_mut(),
            Screen::Deputy(s) => s.as_mut(),
            Screen::Doubles(s) => s.as_mut(),
            Screen::Pair(s) => s.as_mut(),
            Screen::Merge(s) => s.as_mut(),
            Screen::Word(s) => s.as_mut(),
            Screen::Transfers(s) => s.as_mut(),
            Screen::Transfer(s) => s.as_mut(),
            Screen::Organisations(s) => s.as_mut(),
            Screen::Organisation(s) => s.as_mut(),
            Screen::KeepOrganisation(s) => s.as_mut(),
            Screen::ProviderEntry(s) => s.as_mut(),
            Screen::Providers(s) => s.as_mut(),
            Screen::Profile(s) => s.as_mut(),
            Screen::Admin(s) => s.as_mut(),
            Screen::Account(s) => s.as_mut(),
            Screen::Office(s) => s.as_mut(),
            Screen::Relatives(s) => s.as_mut(),
            Screen::Import(s) => s.as_mut(),
            Screen::Pack(s) => s.as_mut(),
            Screen::Propose(s) => s.as_mut(),
            Screen::Cases(s) => s.as_mut(),
            Screen::Case(s) => s.as_mut(),
            Screen::CaseForm(s) => s.as_mut(),
            Screen::CaseReport(s) => s.as_mut(),
            Screen::Gone => return None,
        })
    }
}

/// The enum answers what its screen answers.
impl Desk for Screen {
    fn title(&self, look: &Look<'_>) -> Say {
        self.desk().title(look)
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        self.desk().acts(look)
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.act(act, chord, cx);
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        self.desk_mut().is_some_and(|desk| desk.key(chord, cx))
    }
    fn typing(&self, look: &Look<'_>) -> bool {
        self.desk().typing(look)
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.paste(text, cx);
        }
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.answer(ask, result, cx);
        }
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.timer(timer, cx);
        }
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.entered(cx);
        }
    }
    fn told(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.told(answer, cx);
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.returned(cx);
        }
    }
    fn leave(&mut self, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.leave(cx);
        }
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.chosen(code, cx);
        }
    }
    fn rows(&mut self, rows: Vec<Vec<String>>, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.rows(rows, cx);
        }
    }
    fn confirmed(&mut self, act: Act, cx: &mut Cx<'_>) {
        if let Some(desk) = self.desk_mut() {
            desk.confirmed(act, cx);
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        self.desk().status(look)
    }
    fn help(&self, look: &Look<'_>) -> Vec<Line> {
        self.desk().help(look)
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        self.desk().view(look, buffer, area)
    }
}

/// What became of a key given to a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FormKey {
    Ignored,
    Moved,
    Changed,
    /// It must first be known which fields apply.
    Held,
    Finished,
}

/// The actions every form has.
const FORM_ACTS: [Act; 4] = [Act::Submit, Act::List, Act::Repeat, Act::Undo];

/// Gives a key to a form and says what is to be said: a refused key, an answer that was left wrong.
fn form_key(form: &mut Form, chord: Chord, cx: &mut Cx<'_>) -> FormKey {
    let ctx = cx.look.form();
    let before = (form.page(), form.field_index());
    let did = form.key(chord, &ctx);
    after_form(form, before, did, cx)
}
fn form_paste(form: &mut Form, text: &str, cx: &mut Cx<'_>) -> FormKey {
    let ctx = cx.look.form();
    let before = (form.page(), form.field_index());
    let did = form.paste(text, &ctx);
    after_form(form, before, did, cx)
}
fn after_form(form: &Form, before: (usize, usize), did: Did, cx: &mut Cx<'_>) -> FormKey {
    let moved = before != (form.page(), form.field_index());
    let left = form.pages.get(before.0).and_then(|p| p.fields.get(before.1));
    if let Some(field) = left.filter(|f| moved && !f.error().is_nothing()) {
        let label = cx.look.words.say(&field.label);
        let words = cx.look.words.say(field.error());
        cx.wrong(Say::raw(format!("{label}: {words}")));
    }
    match did {
        Did::Ignored => FormKey::Ignored,
        Did::Moved => FormKey::Moved,
        Did::Changed => FormKey::Changed,
        Did::Held => FormKey::Held,
        Did::Finished => FormKey::Finished,
        Did::Refused(say) => {
            cx.wrong(say);
            FormKey::Moved
        }
        Did::List => {
            open_list(form, cx);
            FormKey::Moved
        }
    }
}

fn open_list(form: &Form, cx: &mut Cx<'_>) {
    let Some(field) = form.current() else { return };
    let overlay = match &field.kind {
        Kind::Code(list) | Kind::Person(list) => {
            Overlay::Pick(Picker::new(field.label.clone(), list.to_vec(), field.text()))
        }
        Kind::Rows(_) => match RowsEditor::open(field) {
            Some(editor) => Overlay::Rows(Box::new(editor)),
            None => return,
        },
        _ => {
            let day = match field.value(&cx.look.form()) {
                Ok(Some(karton_api::FactValue::Date(day))) => day,
                _ => cx.look.today,
            };
            Overlay::Month(day)
        }
    };
    cx.want(Effect::Overlay(Box::new(overlay)));
}

/// Looks at a whole form before it is sent; what is missing is said and the cursor is there.
fn form_checks(form: &mut Form, cx: &mut Cx<'_>) -> bool {
    let ctx = cx.look.form();
    match form.check(&ctx) {
        Ok(()) => true,
        Err(words) => {
            let label = form
                .current()
                .map(|f| cx.look.words.say(&f.label))
                .unwrap_or_default();
            let words = cx.look.words.say(&words);
            cx.wrong(Say::raw(format!("{label}: {words}")));
            false
        }
    }
}

/// Puts the server's field errors at their fields by the last part of their pointers; what has no field here goes to the message
/// line.
fn form_faults(form: &mut Form, fault: &Fault, cx: &mut Cx<'_>) {
    let mut placed = false;
    if let Some(problem) = fault.problem() {
        for error in problem.errors.iter().rev() {
            let id = error.pointer.rsplit('/').next().unwrap_or("");
            placed |= form.fault("", id, said::said(error, &cx.look));
        }
        if let (false, Some(error)) = (placed, problem.errors.first()) {
            let words = cx.look.words.say(&said::said(error, &cx.look));
            cx.wrong(Say::raw(format!("{}: {words}", error.pointer)));
            return;
        }
    }
    let say = match form.current().map(|f| f.error().clone()) {
        Some(words) if placed && !words.is_nothing() => words,
        _ => fault.say(),
    };
    cx.wrong(say);
}

/// F1 on a form: the field with the cursor.
fn form_help(form: &Form) -> Vec<Line> {
    let Some(field) = form.current() else {
        return Vec::new();
    };
    let mut lines = vec![Line::Head(field.label.clone())];
    if !field.help.is_nothing() {
        lines.push(Line::Text(0, field.help.clone()));
    }
    let kind = match field.kind {
        Kind::Text { .. } | Kind::Secret => "help-text",
        Kind::Digits { .. } => "help-digits",
        Kind::Int { .. } | Kind::Decimal { .. } => "help-number",
        Kind::Money { .. } => "help-money",
        Kind::Date { .. } => "help-date",
        Kind::Bool => "help-bool",
        Kind::Code(_) | Kind::Person(_) => "help-code",
        Kind::Rows(_) => "help-rows",
    };
    lines.push(Line::Text(0, Say::key(kind)));
    lines
}

/// What the message line says of a form: what is wrong with the field that has the cursor, or its question in full where the
/// line had no room for it.
fn form_status(form: &Form, look: &Look<'_>) -> Say {
    match form.current() {
        // Who hears the screen hears the field with its answer, and what is wrong with it, on one line.
        Some(field) if look.theme.plain => {
            let (label, answer) = (look.words.say(&field.label), field.display(&look.form()));
            let error = look.words.say(field.error());
            let taken = field
                .taken()
                .map(|words| look.words.say(words))
                .unwrap_or_default();
            let parts = [answer, taken, error];
            let said: Vec<&str> = parts
                .iter()
                .map(String::as_str)
                .filter(|p| !p.is_empty())
                .collect();
            let must = if field.required { " *" } else { "" };
            Say::raw(format!("{label}{must}: {}", said.join("; ")))
        }
        Some(field) if !field.error().is_nothing() => field.error().clone(),
        Some(field) if field.taken().is_some() => field.taken().cloned().unwrap_or_default(),
        Some(field)
            if crate::text::width(&look.words.say(&field.label))
                > if look.size.0 < 110 { 30 } else { 48 } =>
        {
            field.label.clone()
        }
        _ => Say::Nothing,
    }
}

/// Lists longer than this are looked through by name; the order of shorter ones is the pack's and means something.
const BY_NAME: usize = 40;

/// A code list as choices, those valid today.
fn choices(list: Option<&karton_api::catalogue::CodeList>, look: &Look<'_>) -> Vec<Choice> {
    let valid = |c: &&karton_api::catalogue::Code| {
        c.from.is_none_or(|d| d <= look.today) && c.until.is_none_or(|d| d > look.today)
    };
    let codes = list.into_iter().flat_map(|list| &list.codes).filter(valid);
    let mut found: Vec<Choice> = codes
        .map(|c| Choice::new(c.code.clone(), Say::table(&c.name)))
        .collect();
    if found.len() > BY_NAME {
        let mut named: Vec<(String, Choice)> = found
            .into_iter()
            .map(|choice| (look.words.say(&choice.label), choice))
            .collect();
        named.sort_by(|(a, _), (b, _)| look.words.compare(a, b));
        found = named.into_iter().map(|(_, choice)| choice).collect();
    }
    found
}

/// Says that something was done.
fn done(cx: &mut Cx<'_>, key: &'static str) {
    cx.want(Effect::Say(Say::key(key), Tone::Done));
}
