//! Notices: what another institution is told of a decision, and whether it has it.

use crate::{Id, Timestamp, common::Texts, value};
use serde::{Deserialize, Serialize};

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NoticeState {
    /// Being sent, again until the institution answers.
    Waiting,
    /// The institution has it.
    Taken,
    /// The institution does not take it, and says why.
    Refused,
    /// The institution did not answer in many tries.
    Silent,
}

/// A message to another institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Notice>,
    /// The service's code.
    pub service: String,
    /// What it is for.
    pub service_name: Texts,
    /// Who is told.
    pub institution: Texts,
    /// Where it stands.
    pub state: NoticeState,
    /// When it was posted, the last time.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub posted_at: Timestamp,
    /// When the institution answered, or was given up.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// The institution's receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    /// What this officer may do now: `send`.
    #[serde(default)]
    pub may: Vec<String>,
}

/// A message of another institution, as its gateway delivers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Incoming {
    /// The national number of the person it is about.
    pub national_id: String,
    /// The id (`X-Road-Id`) of our message that it answers.
    pub in_reply_to: String,
    /// What else it says: the members that the pack's `[[message]]` names, in the shape of registers' answers.
    #[serde(flatten)]
    pub members: std::collections::BTreeMap<String, serde_json::Value>,
}

/// What we say to a message that we took, in the shape in which other institutions say it to ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Taken {
    /// The number that the message was about.
    pub national_id: String,
    /// Always true: what is not taken is answered with a problem.
    pub taken: bool,
    /// The same for the same message.
    pub receipt: String,
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MessageWay {
    /// We told another institution.
    Sent,
    /// Another institution told us.
    Heard,
}

/// One member of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageValue {
    /// Its name in the message.
    pub member: String,
    /// What it is called here; nothing for what we sent.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub label: Texts,
    /// The value in words, where it is one of a list or an amount.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub says: Texts,
    /// The value.
    pub value: value::FactValue,
}

/// What another institution was told of a matter, or what it sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Which; of a message that we sent, that of the notice.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Notice>,
    /// Which way it went.
    pub way: MessageWay,
    /// When it was posted, the last time, or came in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// The service's or message's code.
    pub service: String,
    /// What it is.
    pub service_name: Texts,
    /// The other side.
    pub institution: Texts,
    /// The step that told, or waited for it; nothing for what a decision told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Texts>,
    /// What it says.
    pub values: Vec<MessageValue>,
    /// Where it stands, of a message that we sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<NoticeState>,
    /// When the institution answered, or was given up.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// The institution's receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    /// Steps that it opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Texts>,
    /// What this officer may do now: `send`.
    #[serde(default)]
    pub may: Vec<String>,
}
