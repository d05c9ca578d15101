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
        /// `review`, `close`, `reopen`, `participant`, `care`, `name`.
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
    /// A version of a plan.
    pub struct Plan {
        /// This version.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Plan>,
        /// From 1.
        pub version: u32,
        /// Where it stands.
        pub state: PlanState,
        /// The aim as a whole.
        pub aim: String,
        /// In order.
        pub goals: Vec<Goal>,
        /// In order.
        pub activities: Vec<Activity>,
        /// What is done when things turn bad.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub crisis: Option<String>,
        /// How the person and the child took part in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub participation: Option<String>,
        /// When it is looked at again.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub review_on: Date,
        /// When it was proposed.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        pub proposed_at: Timestamp,
        /// By whom.
        pub proposed_by: OfficerRef,
        /// When the supervisor decided.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub decided_at: Option<Timestamp>,
        /// Who decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub decided_by: Option<OfficerRef>,
        /// The supervisor's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
    }
    /// What is to be reached.
    pub struct Goal {
        /// The same in all versions.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Activity>,
        /// What.
        pub goal: String,
        /// How one sees that it is reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub indicator: Option<String>,
        /// By when.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub due_on: Date,
        /// Reached so far, 0 to 100, by the last review; unknown before the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reached: Option<u8>,
    }
    /// What is to be done, by whom, until when.
    pub struct Activity {
        /// The same in all versions.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Activity>,
        /// The place of its goal, from 0.
        pub goal: u8,
        /// Code of `activity_kinds`.
        pub kind: String,
        /// What.
        pub what: String,
        /// The officer who does it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub officer: Option<OfficerRef>,
        /// Whoever else does it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub responsible: Option<String>,
        /// Until when.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub due_on: Date,
        /// How it stands.
        pub state: ActivityState,
    }
    /// Somebody who stands in a case.
    pub struct Participant {
        /// The row.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Participant>,
        /// As what: code of `case_roles`; `subject` for the one it is about.
        pub role: String,
        /// A person the office knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub person: Option<PersonCard>,
        /// Somebody the office does not know, by name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// How to reach them, or what else is to be known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// First day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub from: Date,
        /// The day after the last.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<Date>,
    }
    /// An officer named on a restricted case.
    pub struct NamedOfficer {
        /// The row.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Named>,
        /// Who.
        pub officer: OfficerRef,
        /// `intake`, `lead`, `supervisor`, `team`, `granted`.
        pub capacity: String,
        /// Why.
        pub reason: String,
        /// From when.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        pub from: Timestamp,
        /// Until when, exclusive.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<Timestamp>,
        /// Whether it runs now.
        pub runs: bool,
    }
    /// Something written down in a case: a contact, a note, a review. A correction is a new version; the old one stays.
    pub struct Note {
        /// The thing, the same in all versions.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Note>,
        /// What it is.
        pub kind: NoteKind,
        /// Code of the list of its kind: of `contact_kinds`, `referral_bodies`; a state or outcome.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub code: Option<String>,
        /// The day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub on: Date,
        /// The time of day, `HH:MM`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub time: Option<String>,
        /// Who was there, or to whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub who: Option<String>,
        /// What happened.
        pub text: String,
        /// What comes next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next_step: Option<String>,
        /// The activity it is about.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub activity: Option<Id<value::Activity>>,
        /// The form of the visit, filled in.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sheet: Option<Id<value::Note>>,
        /// From 1; for `If-Match`.
        pub version: u32,
        /// When this version was written down.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        pub recorded_at: Timestamp,
        /// By whom.
        pub recorded_by: OfficerRef,
        /// When a later version took its place.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub replaced_at: Option<Timestamp>,
    }
    /// Something that is due in a case, or was held: a line of the monitoring list and of the calendar.
    pub struct Due {
        /// The case.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub case: Id<value::Case>,
        /// Its number.
        pub number: String,
        /// Whom the case is about.
        pub person: PersonCard,
        /// What it is.
        pub source: DueSource,
        /// The watch, activity, step or note.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Watch>,
        /// Its code: of `watch_kinds`, `activity_kinds`, `contact_kinds`, or the step's key.
        pub code: String,
        /// The step's name; empty for others.
        pub name: Texts,
        /// What, in the officer's words; empty for a step.
        pub what: String,
        /// Due, or held, on.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub on: Date,
        /// At, `HH:MM`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub time: Option<String>,
        /// Who has to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub officer: Option<OfficerRef>,
        /// Past its day and not done.
        pub overdue: bool,
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
    /// The people around a case: who is whose kin, who lives with whom, who cares for whom.
    pub struct Family {
        /// Households, that of the person first.
        pub households: Vec<Home>,
        /// People of the case who live in none of them.
        pub others: Vec<Kin>,
    }
    /// A household.
    pub struct Home {
        /// Which.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub id: Id<value::Household>,
        /// In order of generation, the eldest first, then by age. Those who have left are among them, with the day.
        pub people: Vec<Kin>,
    }
    /// Somebody of the family.
    pub struct Kin {
        /// A person the office knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub card: Option<PersonCard>,
        /// Somebody it does not know, by name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Relationship to the head of the household; empty where there is none.
        pub relationship: String,
        /// Generations above (+) or below (-) the head; none where it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub generation: Option<i8>,
        /// Roles in the case.
        pub roles: Vec<String>,
        /// Lives there from.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<Date>,
        /// Has left on.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub left: Option<Date>,
        /// Who cares for them by an act.
        pub carers: Vec<Carer>,
    }
}

/// Where a version of a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PlanState {
    /// Waits for the supervisor.
    Proposed,
    /// Sent back.
    Returned,
    /// In force.
    Approved,
    /// A later version is in force.
    Superseded,
}

/// How an activity stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ActivityState {
    /// To be done.
    Open,
    /// Done.
    Done,
    /// Done in part; nothing more comes of it.
    Partly,
    /// Not done.
    NotDone,
    /// No longer in the plan.
    Dropped,
}

/// What was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// A contact or visit.
    Contact,
    /// A note.
    Note,
    /// An activity was carried out, or not.
    Activity,
    /// A review.
    Review,
    /// Somebody was referred elsewhere.
    Referral,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DueSource {
    /// A line of the monitoring list.
    Watch,
    /// An activity of the plan.
    Activity,
    /// A step of the procedure.
    Step,
    /// A contact that was held.
    Contact,
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
    /// Somebody comes to stand in a case: a known person, or a name.
    pub struct NewParticipant {
        /// Code of `case_roles` that the procedure names.
        pub role: String,
        /// Who.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub person: Option<Id<value::Person>>,
        /// Somebody the office does not know, 1 to 300 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// At most 2,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        /// Today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<Date>,
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
    /// Propose a plan: a new version each time.
    pub struct NewPlan {
        /// 3 to 2,000 characters.
        pub aim: String,
        /// 1 to 20.
        pub goals: Vec<NewGoal>,
        /// At least one for each goal, at most 100.
        pub activities: Vec<NewActivity>,
        /// At most 2,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub crisis: Option<String>,
        /// At most 2,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub participation: Option<String>,
        /// After today.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub review_on: Date,
    }
    /// What is to be reached.
    pub struct NewGoal {
        /// The goal of the plan in force that this one goes on with.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<Id<value::Activity>>,
        /// 3 to 500 characters.
        pub goal: String,
        /// At most 500 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub indicator: Option<String>,
        /// Today or later.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub due_on: Date,
    }
    /// What is to be done.
    pub struct NewActivity {
        /// The activity of the plan in force that this one goes on with.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<Id<value::Activity>>,
        /// The place of its goal, from 0.
        pub goal: u8,
        /// Code of `activity_kinds`.
        pub kind: String,
        /// 3 to 500 characters.
        pub what: String,
        /// The officer who does it, or
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub officer: Option<Id<value::Officer>>,
        /// whoever else: at most 300 characters. One of the two must be said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub responsible: Option<String>,
        /// Today or later, unless the activity is done already.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub due_on: Date,
    }
    /// Approve the plan that was proposed.
    pub struct ApprovePlan {
        /// The version that was read.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub plan: Id<value::Plan>,
        /// At most 2,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
    }
    /// Write down a contact, a visit or a note.
    pub struct NewNote {
        /// `contact` or `note`.
        pub kind: NoteKind,
        /// For a contact: code of `contact_kinds`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub code: Option<String>,
        /// Not after today; today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on: Option<Date>,
        /// `HH:MM`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub time: Option<String>,
        /// At most 500 characters; for a contact it must be said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub who: Option<String>,
        /// 3 to 4,000 characters.
        pub text: String,
        /// At most 1,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next_step: Option<String>,
        /// The line of the monitoring list that is done by it.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub watch: Option<Id<value::Watch>>,
        /// The visit's form, as it was filled in on the spot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub answers: Option<Vec<Answer>>,
    }
    /// Correct what was written down: a new version.
    pub struct ChangeNote {
        /// The day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub on: Date,
        /// `HH:MM`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub time: Option<String>,
        /// At most 500 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub who: Option<String>,
        /// 3 to 4,000 characters.
        pub text: String,
        /// At most 1,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next_step: Option<String>,
    }
    /// How an activity was carried out.
    pub struct Realise {
        /// Any but `open` and `dropped`.
        pub state: ActivityState,
        /// Not after today; today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on: Option<Date>,
        /// 3 to 4,000 characters.
        pub text: String,
    }
    /// Put something on the monitoring list.
    pub struct NewWatch {
        /// Code of `watch_kinds`.
        pub kind: String,
        /// 3 to 500 characters.
        pub what: String,
        /// By when.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub due_on: Date,
        /// `HH:MM`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub time: Option<String>,
        /// Who has to; whoever leads the case when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub officer: Option<Id<value::Officer>>,
        /// Again so many days after it is done, 1 to 730.
        #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 730))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub every_days: Option<u16>,
    }
    /// A line of the monitoring list is done, or needed no longer.
    pub struct SettleWatch {
        /// Needed no longer, and not done.
        #[serde(default)]
        pub dropped: bool,
        /// Not after today; today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on: Option<Date>,
        /// 3 to 2,000 characters.
        pub text: String,
    }
    /// Refer the person to another service or body.
    pub struct Refer {
        /// Code of `referral_bodies`.
        pub to: String,
        /// Which one, at most 300 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub who: Option<String>,
        /// Not after today; today when not said.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on: Option<Date>,
        /// Why, 3 to 4,000 characters.
        pub text: String,
        /// An answer is expected by this day: it comes to the monitoring list.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub answer_by: Option<Date>,
    }
    /// Look at the plan and the case again.
    pub struct Review {
        /// What was found, 3 to 4,000 characters.
        pub text: String,
        /// How far each goal is reached.
        pub goals: Vec<Reached>,
        /// How risks have changed, at most 2,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub risk: Option<String>,
        /// What the person thinks, at most 2,000 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub view: Option<String>,
        /// What comes of it.
        pub outcome: ReviewOutcome,
    }
    /// How far a goal is reached.
    pub struct Reached {
        /// The goal.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub goal: Id<value::Activity>,
        /// 0 to 100.
        #[cfg_attr(feature = "openapi", schema(maximum = 100))]
        pub percent: u8,
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
    /// Somebody becomes guardian or foster carer.
    pub struct NewCare {
        /// Who is cared for: somebody of the case.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub person: Id<value::Person>,
        /// By whom.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub carer: Id<value::Person>,
        /// Code of `care_kinds` that the procedure names.
        pub kind: String,
        /// The decision or contract, 3 to 300 characters.
        pub act: String,
        /// First day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub from: Date,
    }
    /// A tie, or somebody's standing in a case, ends.
    pub struct EndTie {
        /// The day after the last; not after tomorrow.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        pub until: Date,
        /// 3 to 2,000 characters.
        pub reason: String,
    }
    /// Name an officer on a restricted case.
    pub struct NameOfficer {
        /// Who.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
        pub officer: Id<value::Officer>,
        /// `team`, `supervisor` or `granted`.
        pub capacity: String,
        /// 3 to 2,000 characters.
        pub reason: String,
        /// The last day; must be said for `granted`.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<Date>,
    }
}

/// What comes of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReviewOutcome {
    /// The plan goes on.
    Continue,
    /// The plan is made anew.
    Change,
    /// The case is to be closed: the supervisor decides.
    Close,
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

/// What is due, and which page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct DuesQuery {
    /// Only what I have to do, or is nobody's in a case I lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
    /// Only of this case.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Id<value::Case>>,
    /// From this day.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Before this day.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Also the contacts that were held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
