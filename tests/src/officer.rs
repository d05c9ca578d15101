//! Officers at work, in the words of the work.

use crate::house::House;
use karton_api::{
    Date, FactValue, Id, Money,
    applications::*,
    assessments::*,
    client::{Client, Error, Key},
    decisions::{Decision, LetterForm, LetterQuery, LetterState},
    dossiers::{Dossier, OpenDossier},
    persons::*,
    problem::Problem,
    session::{SessionView, SignIn},
    value,
};
use std::{
    fmt::Debug,
    ops::Deref,
    sync::atomic::{AtomicU64, Ordering},
};

/// A key for one intention.
pub fn key() -> Key {
    static MADE: AtomicU64 = AtomicU64::new(0);
    Key(format!("story-{}", MADE.fetch_add(1, Ordering::Relaxed)))
}

/// What an officer was told.
#[must_use]
#[derive(Debug)]
pub struct Told<T>(pub Result<T, Error>);

impl<T: Debug> Told<T> {
    /// It was done.
    #[track_caller]
    pub fn done(self) -> T {
        self.0
            .unwrap_or_else(|error| panic!("it was not done: {error:?}"))
    }
    /// It was refused, in this way.
    #[track_caller]
    pub fn is_refused(self, slug: &str) -> Problem {
        match self.0 {
            Err(Error::Problem(problem)) if problem.slug() == slug => *problem,
            other => panic!("`{slug}` was expected, and it was told {other:?}"),
        }
    }
}

/// An officer, signed in. What the client can do can be done directly.
#[derive(Debug, Clone)]
pub struct Officer {
    client: Client,
    /// The token of the session.
    pub token: String,
    /// The session as it began.
    pub session: SessionView,
}

impl Deref for Officer {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A family as the find screen and the dossier show it.
#[derive(Debug, Clone)]
pub struct Family {
    /// Members on the day, the head first.
    pub members: Vec<Member>,
}

impl Family {
    /// Who stands for it.
    pub fn head(&self) -> Id<value::Person> {
        self.members[0].card.id
    }
    /// A member by given name.
    pub fn named(&self, given: &str) -> &PersonCard {
        let found = self.members.iter().find(|member| member.card.name.given == given);
        &found.unwrap_or_else(|| panic!("nobody is called {given}")).card
    }
}

impl Officer {
    pub(crate) async fn sign_in(house: &House, account: &str, password: &str) -> Officer {
        let body = SignIn {
            user: account.to_owned(),
            password: password.to_owned(),
            office: None,
        };
        let signed = house.stranger().sign_in(&body).await.unwrap();
        Officer {
            client: house.stranger().signed_in(&signed.token),
            token: signed.token,
            session: signed.session,
        }
    }

    /// Looks for people.
    pub async fn finds(&self, text: &str) -> Vec<PersonHit> {
        let body = SearchPersons {
            text: text.to_owned(),
            limit: None,
            cursor: None,
        };
        self.search_persons(&body).await.unwrap().items
    }
    /// Registers somebody.
    pub async fn registers(&self, body: &RegisterPerson) -> Told<PersonView> {
        Told(self.register_person(&key(), body).await)
    }
    /// Finds somebody and the family around them.
    pub async fn finds_the_family_of(&self, text: &str) -> Family {
        let found = self.finds(text).await;
        let hit = found
            .first()
            .unwrap_or_else(|| panic!("nobody is found by {text}"));
        let times = karton_api::common::BothTimes {
            as_of: None,
            known_at: None,
        };
        let household = self.household(hit.card.id, &times).await.unwrap();
        Family {
            members: household.members,
        }
    }
    /// Opens a dossier to handle an application.
    pub async fn opens_dossier(&self, id: Id<value::Person>) -> Told<Dossier> {
        Told(self.dossier(id, &OpenDossier { purpose: None }).await)
    }
    /// Begins an application with what is typed.
    pub async fn drafts(
        &self,
        benefit: &str,
        applicant: Id<value::Person>,
        answers: Vec<Answer>,
    ) -> Told<Application> {
        let body = NewApplication {
            benefit: benefit.to_owned(),
            applicant,
            organisation: None,
            answers,
        };
        Told(self.open_application(&key(), &body).await)
    }
    /// Begins an application and lodges it.
    pub async fn lodges(
        &self,
        benefit: &str,
        applicant: Id<value::Person>,
        answers: Vec<Answer>,
    ) -> Told<Lodged> {
        match self.drafts(benefit, applicant, answers).await.0 {
            Ok(draft) => Told(self.lodge(draft.summary.id, &key()).await),
            Err(error) => Told(Err(error)),
        }
    }
    /// Waits until every register has answered or is given up.
    pub async fn waits_for_evidence(&self, house: &House, id: Id<value::Application>) -> EvidenceRound {
        house
            .until("the registers", async || {
                let round = self.evidence(id).await.unwrap();
                round.complete.then_some(round)
            })
            .await
    }
    /// Assesses and keeps the assessment.
    pub async fn assesses(&self, id: Id<value::Application>) -> Told<StoredAssessment> {
        Told(self.assess(id, &key()).await)
    }
    /// Recommends what the assessment says, confirming these conditions.
    pub async fn recommends(
        &self,
        id: Id<value::Application>,
        on: &StoredAssessment,
        outcome: Outcome,
        confirmed: Vec<Confirmed>,
    ) -> Told<Application> {
        let body = Recommend {
            assessment: on.id,
            outcome,
            confirmed,
            note: None,
            paragraph: None,
            without: Vec::new(),
            amount: None,
        };
        Told(self.recommend(id, &key(), &body).await)
    }
    /// Decides.
    pub async fn decides(
        &self,
        id: Id<value::Application>,
        on: &StoredAssessment,
        outcome: Outcome,
    ) -> Told<Decision> {
        let body = Decide {
            assessment: on.id,
            outcome,
            paragraph: None,
            amount: None,
        };
        Told(self.decide(id, &key(), &body).await)
    }
    /// Sends it back.
    pub async fn returns(&self, id: Id<value::Application>, to: ReturnTo, reason: &str) -> Told<Application> {
        let body = Return {
            to,
            reason: reason.to_owned(),
        };
        Told(self.send_back(id, &key(), &body).await)
    }
    /// Takes it back for the applicant.
    pub async fn withdraws(&self, id: Id<value::Application>, reason: &str) -> Told<Application> {
        let body = Withdraw {
            reason: reason.to_owned(),
            document: Some("Podnesak stranke".to_owned()),
        };
        Told(self.withdraw(id, &key(), &body).await)
    }
    /// Waits for the letter and reads it.
    pub async fn reads_letter(&self, house: &House, id: Id<value::Decision>, form: LetterForm) -> Vec<u8> {
        house
            .until("the letter", async || {
                let decision = self.decision(id).await.unwrap();
                (decision.letter == LetterState::Ready).then_some(())
            })
            .await;
        let query = LetterQuery {
            form: Some(form),
            width: None,
        };
        self.letter(id, &query).await.unwrap()
    }
    /// Reads the letter as text, with all white space as single blanks.
    pub async fn reads_letter_text(&self, house: &House, id: Id<value::Decision>) -> String {
        let text = self.reads_letter(house, id, LetterForm::Text).await;
        let text = String::from_utf8(text).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// An answer about a person.
pub fn of(person: Id<value::Person>, fact: &str, value: FactValue) -> Answer {
    Answer {
        of: AnswerOf::Person(person),
        fact: fact.to_owned(),
        value,
    }
}
/// An answer about the household.
pub fn household(fact: &str, value: FactValue) -> Answer {
    Answer {
        of: AnswerOf::Household,
        fact: fact.to_owned(),
        value,
    }
}
/// An answer about what is asked for.
pub fn claim(fact: &str, value: FactValue) -> Answer {
    Answer {
        of: AnswerOf::Claim,
        fact: fact.to_owned(),
        value,
    }
}
/// A code.
pub fn code(code: &str) -> FactValue {
    FactValue::Code(code.to_owned())
}
/// Euros, in cents.
pub fn euro(minor: i64) -> FactValue {
    FactValue::Money(Money::new(minor, karton_api::Currency::EUR))
}

/// What a family with a rented flat and nothing else types for material support.
pub fn answers_for_material_support(family: &Family, today: Date) -> Vec<Answer> {
    let mut answers = vec![
        claim("consent", FactValue::Bool(true)),
        claim("payment_channel", code("post")),
        household("tenure", code("rented")),
    ];
    if family.members.len() > 1 {
        answers.push(household("shares_budget", FactValue::Bool(true)));
    }
    for member in &family.members {
        let id = member.card.id;
        let born = member.card.birth_date.unwrap();
        let age = today.since((jiff::Unit::Year, born)).unwrap().get_years();
        answers.push(of(id, "in_institution", FactValue::Bool(false)));
        if age < 18 {
            continue;
        }
        for fact in [
            "former_child_without_care",
            "vehicle_for_disability",
            "lifelong_support_contract",
        ] {
            answers.push(of(id, fact, FactValue::Bool(false)));
        }
        answers.push(of(id, "livestock_units", FactValue::Decimal("0.0".into())));
        if age >= 65 {
            continue;
        }
        answers.push(of(id, "work_capable", FactValue::Bool(true)));
        for fact in ["single_parent", "adapted_education"] {
            answers.push(of(id, fact, FactValue::Bool(false)));
        }
        if member.card.sex.as_deref() == Some("f") {
            answers.push(of(id, "pregnant", FactValue::Bool(false)));
        }
    }
    answers
}
