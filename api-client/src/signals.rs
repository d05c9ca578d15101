//! Signals: cross-checks that ask for a look. A signal has a reason, an expiry and no weight in any amount; it is never a ground.

use crate::{
    Id, Timestamp,
    common::{OfficeRef, OfficerRef, Texts},
    persons::PersonCard,
    value::{Matter, Signal},
};
use serde::{Deserialize, Serialize};

/// How far a signal has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignalState {
    /// Nobody has looked yet.
    Open,
    /// An officer has looked and said what came of it.
    Answered,
    /// Nobody looked in time; it says nothing any more.
    Lapsed,
}

/// What a look has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignalOutcome {
    /// It is as the signal says.
    Confirmed,
    /// It is not so.
    Unfounded,
    /// It cannot be told.
    Unclear,
}

/// What a signal does while it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignalDoes {
    /// It is shown.
    Warn,
    /// Somebody looks.
    Look,
    /// An officer answers it before a decision is made, whatever the answer is.
    Stop,
}

/// A signal that was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RaisedSignal {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Signal>,
    /// For `If-Match`.
    pub revision: i64,
    /// Which cross-check of the pack: `F07`.
    pub signal: String,
    /// Its name, by language.
    pub name: Texts,
    /// What it says, with the values of that moment.
    pub says: Texts,
    /// The article it looks after, where it is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// About whom.
    pub person: PersonCard,
    /// The matter in which it was raised.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Id<Matter>>,
    /// The office that looks.
    pub office: OfficeRef,
    /// What it does while it is open.
    pub does: SignalDoes,
    /// The role that looks.
    pub who: String,
    /// Where it stands.
    pub state: SignalState,
    /// When it was raised.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub raised_at: Timestamp,
    /// When it lapses.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<SignalAnswer>,
}

/// What came of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignalAnswer {
    /// What was found.
    pub outcome: SignalOutcome,
    /// In the officer's words.
    pub note: String,
    /// By whom.
    pub by: OfficerRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}

/// Which signals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct SignalsQuery {
    /// `open` when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub state: Option<SignalState>,
    /// Only those of this matter.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Id<Matter>>,
    /// How many, 1 to 200; 50 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Say what came of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerSignal {
    /// What was found.
    pub outcome: SignalOutcome,
    /// How it was looked into, in 3 to 2,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 2000))]
    pub note: String,
}

/// How often each signal was right: what decides whether it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignalRates {
    /// In the pack's order; those that were never raised too.
    pub items: Vec<SignalRate>,
}

/// How often one was right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignalRate {
    /// Which: `F07`.
    pub signal: String,
    /// By language.
    pub name: Texts,
    /// Raised in all.
    pub raised: i64,
    /// Of these nobody has looked at.
    pub open: i64,
    /// Nobody looked in time.
    pub lapsed: i64,
    /// Found to be so.
    pub confirmed: i64,
    /// Found not to be so.
    pub unfounded: i64,
    /// It could not be told.
    pub unclear: i64,
    /// Confirmed ones of those that were told, in thousandths; nothing while none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hit_permille: Option<i64>,
}
