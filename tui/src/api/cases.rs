//! Questions about cases of social work, and their answers.

use super::{Fault, Once};
use karton_api::{
    Date, Id,
    cases::*,
    catalogue::{CodeList, Form, Procedure},
    client::{Client, Error, Key},
    common::{PageQuery, Reason},
    decisions::{LetterForm, LetterQuery},
    persons::{HouseholdView, PersonView},
    value,
};
use std::collections::BTreeMap;

/// A question about cases.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are those of the contract's own types, which describe them"
)]
pub enum CaseAsk {
    /// Mine, or all of my office.
    List { mine: bool },
    /// What is due in my cases, the overdue first.
    Monitoring,
    /// My week from this Monday: what is due and what was held.
    Week { from: Date },
    /// A case with everything its screen shows; with `write` a new contact is begun at once.
    See { id: Id<value::Case>, write: bool },
    /// What reporting a case needs.
    Begin { person: Id<value::Person> },
    /// Report it.
    Report { body: Box<NewCase>, once: Once },
    /// Something is done in it.
    Do {
        id: Id<value::Case>,
        deed: Box<Deed>,
        once: Once,
    },
    /// Every version of something that was written down.
    Versions {
        id: Id<value::Case>,
        note: Id<value::Note>,
    },
    /// Every version of every filled form.
    Sheets { id: Id<value::Case> },
    /// Every version of the plan.
    Plans { id: Id<value::Case> },
    /// The sheet of a visit.
    VisitSheet { id: Id<value::Case>, number: String },
}

/// What is done in a case.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each is the body of the call of its name")]
pub enum Deed {
    Open(OpenCase),
    Close(CloseCase),
    Return(Reason),
    Reopen(Reason),
    Lead(ChangeLead),
    Appraise(Appraise),
    Plan(NewPlan),
    Approve(ApprovePlan),
    Write(NewNote),
    Correct(Id<value::Note>, u32, ChangeNote),
    Realise(Id<value::Activity>, Realise),
    Watch(NewWatch),
    Settle(Id<value::Watch>, SettleWatch),
    Refer(Refer),
    Review(Review),
    Person(NewParticipant),
    EndPerson(Id<value::Participant>, EndTie),
    Care(NewCare),
    EndCare(Id<value::Care>, EndTie),
    Name(NameOfficer),
    EndName(Id<value::Named>, Reason),
}

impl CaseAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        matches!(self, CaseAsk::Report { .. } | CaseAsk::Do { .. })
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            CaseAsk::Report { once, .. } | CaseAsk::Do { once, .. } => Some(once),
            _ => None,
        }
    }
}

/// A case as its screen shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseKit {
    /// The whole of it.
    pub case: Case,
    /// What was written down, the newest first.
    pub notes: Vec<Note>,
    /// What is due in it.
    pub dues: Vec<Due>,
    /// The people around it.
    pub family: Family,
    /// Who can lead or decide; nobody for those who may not work on cases.
    pub officers: Vec<CaseOfficer>,
    /// The forms of its open steps and of its visits.
    pub forms: BTreeMap<String, Form>,
    /// The code lists.
    pub codes: BTreeMap<String, CodeList>,
}

/// What reporting a case needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportKit {
    /// Whom it would be about.
    pub person: PersonView,
    /// Who lives with them.
    pub household: Option<HouseholdView>,
    /// Kinds of cases.
    pub procedures: Vec<Procedure>,
    /// Their first forms.
    pub forms: BTreeMap<String, Form>,
    /// Who can decide on it.
    pub officers: Vec<CaseOfficer>,
    /// The code lists.
    pub codes: BTreeMap<String, CodeList>,
}

/// An answer about cases.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseAnswer {
    /// Cases.
    List(Vec<CaseSummary>),
    /// What is due.
    Dues(Vec<Due>),
    /// A case.
    Case(Box<CaseKit>),
    /// What reporting needs.
    Begin(Box<ReportKit>),
    /// Reported: its id and number.
    Reported(Id<value::Case>, String),
    /// Versions of something that was written down.
    Versions(Vec<Note>),
    /// Filled forms, the newest first.
    Sheets(Vec<Sheet>),
    /// Versions of the plan, the newest first.
    Plans(Vec<Plan>),
}

/// The code lists that the screens of cases show.
pub(super) const LISTS: [&str; 12] = [
    "case_ways",
    "case_reasons",
    "case_priorities",
    "case_roles",
    "care_kinds",
    "contact_kinds",
    "closing_reasons",
    "referral_bodies",
    "activity_kinds",
    "watch_kinds",
    "relationships",
    "answers_known",
];

/// As much of a list as a screen shows.
const SHOWN: u16 = 200;

pub(super) async fn list(c: &Client, mine: bool) -> Result<Vec<CaseSummary>, Error> {
    let query = CasesQuery {
        mine: mine.then_some(true),
        limit: Some(SHOWN),
        ..CasesQuery::default()
    };
    Ok(c.cases(&query).await?.items)
}

pub(super) async fn monitoring(c: &Client) -> Result<Vec<Due>, Error> {
    let query = DuesQuery {
        mine: Some(true),
        limit: Some(SHOWN),
        ..DuesQuery::default()
    };
    Ok(c.dues(&query).await?.items)
}

pub(super) async fn week(c: &Client, from: Date) -> Result<Vec<Due>, Error> {
    let query = DuesQuery {
        mine: Some(true),
        held: Some(true),
        from: Some(from),
        until: from.checked_add(jiff::Span::new().days(7)).ok(),
        limit: Some(SHOWN),
        ..DuesQuery::default()
    };
    Ok(c.dues(&query).await?.items)
}

/// A case with its notes, dues and people. Officers and forms are the caller's.
pub(super) async fn parts(
    c: &Client,
    id: Id<value::Case>,
) -> Result<(Case, Vec<Note>, Vec<Due>, Family), Error> {
    let case = c.case(id).await?;
    let page = PageQuery {
        limit: Some(SHOWN),
        cursor: None,
    };
    let query = DuesQuery {
        case: Some(id),
        limit: Some(SHOWN),
        ..DuesQuery::default()
    };
    let ((notes, dues), family) = futures_util::future::join(
        futures_util::future::join(c.case_notes(id, &page), c.dues(&query)),
        c.case_family(id),
    )
    .await;
    Ok((case, notes?.items, dues?.items, family?))
}

/// Every version of every filled form.
pub(super) async fn sheets(c: &Client, id: Id<value::Case>) -> Result<Vec<Sheet>, Error> {
    let page = PageQuery {
        limit: Some(SHOWN),
        cursor: None,
    };
    Ok(c.case_sheets(id, &page).await?.items)
}

pub(super) async fn officers(c: &Client) -> Result<Vec<CaseOfficer>, Error> {
    match c.case_officers().await {
        Ok(page) => Ok(page.items),
        // Who only reads cases names nobody.
        Err(Error::Problem(p)) if p.status == 403 => Ok(Vec::new()),
        Err(other) => Err(other),
    }
}

pub(super) async fn visit_sheet(c: &Client, id: Id<value::Case>) -> Result<Vec<u8>, Error> {
    let query = LetterQuery {
        form: Some(LetterForm::Pdf),
        width: None,
    };
    c.visit_sheet(id, &query).await
}

/// Does it.
pub(super) async fn deed(c: &Client, id: Id<value::Case>, deed: Deed, once: Once) -> Result<(), Fault> {
    let key = &Key(once);
    match deed {
        Deed::Open(body) => drop(c.open_case(id, key, &body).await?),
        Deed::Close(body) => drop(c.close_case(id, key, &body).await?),
        Deed::Return(body) => drop(c.send_case_back(id, key, &body).await?),
        Deed::Reopen(body) => drop(c.reopen_case(id, key, &body).await?),
        Deed::Lead(body) => drop(c.give_case(id, key, &body).await?),
        Deed::Appraise(body) => drop(c.appraise_case(id, key, &body).await?),
        Deed::Plan(body) => drop(c.propose_plan(id, key, &body).await?),
        Deed::Approve(body) => drop(c.approve_plan(id, key, &body).await?),
        Deed::Write(body) => drop(c.write_note(id, key, &body).await?),
        Deed::Correct(note, version, body) => drop(c.correct_note((id, note), version, &body).await?),
        Deed::Realise(activity, body) => drop(c.realise((id, activity), key, &body).await?),
        Deed::Watch(body) => drop(c.watch(id, key, &body).await?),
        Deed::Settle(watch, body) => drop(c.settle_watch((id, watch), key, &body).await?),
        Deed::Refer(body) => drop(c.refer(id, key, &body).await?),
        Deed::Review(body) => drop(c.review_case(id, key, &body).await?),
        Deed::Person(body) => drop(c.add_participant(id, key, &body).await?),
        Deed::EndPerson(who, body) => drop(c.end_participant((id, who), key, &body).await?),
        Deed::Care(body) => drop(c.begin_care(id, key, &body).await?),
        Deed::EndCare(tie, body) => drop(c.end_care((id, tie), key, &body).await?),
        Deed::Name(body) => drop(c.name_on_case(id, key, &body).await?),
        Deed::EndName(named, body) => drop(c.end_name_on_case((id, named), key, &body).await?),
    }
    Ok(())
}
