//! The plan of a case, and what comes of it.

use crate::{Date, Id, Timestamp, common::OfficerRef, value};
use serde::{Deserialize, Serialize};

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

wire! {
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
}

asked! {
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
}
