//! Cases of social work: reported, opened, assessed, planned, watched, reviewed, closed. A case is a matter and shares its id.
//!
//! A restricted case (domestic violence) does not exist for whoever is not named on it: its address answers 404, lists leave it out.

use crate::{
    Date, Id, Timestamp,
    assessments::Answer,
    common::{OfficeRef, OfficerRef, Texts},
    matters::Step,
    persons::{Carer, PersonCard},
    value,
};
use serde::{Deserialize, Serialize};

macro_rules! wire {
    ($($(#[$doc:meta])* $vis:vis struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $vis struct $name { $($body)* }
    )*};
}
macro_rules! asked {
    ($($(#[$doc:meta])* $vis:vis struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields)]
        $vis struct $name { $($body)* }
    )*};
}

mod notes;
mod people;
mod plan;

pub use notes::*;
pub use people::*;
pub use plan::*;

/// Where a case stands by law; which step is open the procedure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// Taken in; nobody has decided to open it yet.
    Reported,
    /// Worked on.
    Open,
    /// Closed; it can be taken up again with a reason.
    Closed,
}

wire! {
    /// A case, in short.
    pub struct CaseSummary {
        /// Which.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Case>,
        /// For people. Restricted cases have a series of their own.
        pub number: String,
        /// The procedure's id.
        pub procedure: String,
        /// Its short code: `STM`.
        pub code: String,
        /// Its name.
        pub procedure_name: Texts,
        /// Whom it is about.
        pub person: PersonCard,
        /// Where it stands by law.
        pub state: CaseState,
        /// The step that is open, the most urgent of them; nothing where none is.
        pub phase: Texts,
        /// Code of `case_priorities`.
        pub priority: String,
        /// The office that handles it.
        pub office: OfficeRef,
        /// Who leads it, once it is open.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub lead: Option<OfficerRef>,
        /// When it was reported.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub reported_on: Date,
        /// The next day on which something of it is due.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due_on: Option<Date>,
        /// That day is past.
        pub overdue: bool,
        /// It exists only for whoever is named on it.
        pub restricted: bool,
    }
    /// The whole of a case.
    pub struct Case {
        /// In short.
        pub summary: CaseSummary,
        /// Grows with every change.
        pub revision: i64,
        /// How it came: code of `case_ways`.
        pub way: String,
        /// Why: code of `case_reasons`.
        pub reason: String,
        /// In the officer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// When it was written down.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        pub reported_at: Timestamp,
        /// By whom.
        pub reported_by: OfficerRef,
        /// The decision to open it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub opened: Option<Opened>,
        /// The decision to close it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub closed: Option<Closed>,
        /// The steps of its procedure, in order of opening.
        pub steps: Vec<Step>,
        /// The form a visit fills in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub visit_form: Option<String>,
        /// Filled forms, of each the newest version, in order of their first.
        pub sheets: Vec<Sheet>,
        /// The plan in force.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub plan: Option<Plan>,
        /// The plan that waits for the supervisor, or was sent back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub proposed: Option<Plan>,
        /// Who led it before, the last first.
        pub led: Vec<Led>,
        /// Who stands in it, and stood.
        pub people: Vec<Participant>,
        /// Ties of care it has begun.
        pub care: Vec<Carer>,
        /// Who is named on it, of the officers; empty where it is open to its office.
        pub named: Vec<NamedOfficer>,
        /// Roles that people may have in it: codes of `case_roles`.
        pub roles: Vec<String>,
        /// Ties of care that it may begin: codes of `care_kinds`.
        pub care_kinds: Vec<String>,
        /// What this officer may do with it now: `open`, `appraise`, `plan`, `approve`, `return`, `contact`, `note`, `activity`, `watch`, `refer`,
        /// `review`, `close`, `lead`, `reopen`, `participant`, `care`, `name`.
        pub may: Vec<String>,
    }
    /// The decision to open a case.
    pub struct Opened {
        /// The day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub on: Date,
        /// By whom.
        pub by: OfficerRef,
        /// Why, in the officer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
    }
    /// Somebody who led a case until another did.
    pub struct Led {
        /// Who.
        pub officer: OfficerRef,
        /// Until when.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        pub until: Timestamp,
        /// Who gave it to another.
        pub by: OfficerRef,
        /// Why.
        pub reason: String,
    }
    /// The decision to close a case.
    pub struct Closed {
        /// The day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub on: Date,
        /// By whom.
        pub by: OfficerRef,
        /// Code of `closing_reasons`.
        pub reason: String,
        /// What came of it.
        pub text: String,
    }
    /// A form that was filled in. Nothing in it is ever overwritten: a correction is a new version.
    pub struct Sheet {
        /// This version.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Note>,
        /// The form.
        pub form: String,
        /// Its title.
        pub title: Texts,
        /// The step it was filled in for; none for a visit's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub step: Option<String>,
        /// From 1.
        pub version: u32,
        /// The day it speaks of.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub on: Date,
        /// What was typed.
        pub answers: Vec<Answer>,
        /// When it was written down.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        pub recorded_at: Timestamp,
        /// By whom.
        pub recorded_by: OfficerRef,
    }
    /// An officer who can be named, or given a case.
    pub struct CaseOfficer {
        /// Who.
        pub officer: OfficerRef,
        /// May lead a case.
        pub leads: bool,
        /// May open, approve and close.
        pub supervises: bool,
    }
}

asked! {
    /// Report a case: on request, by a report of others, or ex officio.
    pub struct NewCase {
        /// The procedure's id: one that the catalogue marks as a kind of case.
        pub procedure: String,
        /// Whom it is about.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub person: Id<value::Person>,
        /// Code of `case_ways`.
        pub way: String,
        /// Code of `case_reasons`.
        pub reason: String,
        /// Code of `case_priorities`.
        pub priority: String,
        /// The day it came in; today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on: Option<Date>,
        /// In the officer's words, at most 4,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// The form of the first step.
        pub answers: Vec<Answer>,
        /// Who else stands in it.
        pub people: Vec<NewParticipant>,
        /// Who decides on its opening; must be said for a restricted case, because nobody else would see it.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub supervisor: Option<Id<value::Officer>>,
    }
    /// Open a case, and give it to somebody.
    pub struct OpenCase {
        /// Who leads it.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub lead: Id<value::Officer>,
        /// At most 2,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
    }
    /// Give an open case to another caseworker.
    pub struct ChangeLead {
        /// A caseworker of this office. Open steps, the monitoring list and activities that waited for the one before wait for them.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub lead: Id<value::Officer>,
        /// 3 to 2,000 characters.
        pub reason: String,
    }
    /// Fill in the form of a step that is open, or correct one that was filled in.
    pub struct Appraise {
        /// The step's key.
        pub step: String,
        /// The day it speaks of; today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on: Option<Date>,
        /// What was typed.
        pub answers: Vec<Answer>,
        /// Propose to close the case instead of going on.
        #[serde(default)]
        pub close: bool,
    }
    /// Close a case.
    pub struct CloseCase {
        /// Code of `closing_reasons`.
        pub reason: String,
        /// Not after today; today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on: Option<Date>,
        /// What came of it, 3 to 4,000 characters.
        pub text: String,
    }
}

/// Which cases, and which page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct CasesQuery {
    /// Only those I lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<CaseState>,
    /// Only those about this person, or in which they stand.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
