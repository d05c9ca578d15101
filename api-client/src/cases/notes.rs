//! What is written down in a case, and what is due in it.

use crate::{
    Date, Id, Timestamp,
    assessments::Answer,
    common::{OfficerRef, Texts},
    persons::PersonCard,
    value,
};
use serde::{Deserialize, Serialize};

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

wire! {
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
}

asked! {
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
