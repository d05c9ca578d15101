//! Lodging: how an application came in, who handed it in and with what, and the receipt given for it; and papers, the letters that are no
//! decision: receipts, dismissals, confirmations of a withdrawal.

use crate::{
    Date, Id, Timestamp,
    applications::{Lodged, NewApplication},
    common::{OfficeRef, OfficerRef},
    decisions::LetterState,
    value,
};
use serde::{Deserialize, Serialize};

/// How something was handed in. Everything may be left out: then the applicant stood at the counter with nothing but the form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandIn {
    /// A code of the list `channels`; `counter` when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The book of incoming post, where it came by post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<IncomingPost>,
    /// Who acts for the applicant, who stays the holder of the right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<Representative>,
    /// What was handed in, a line for each paper: at most 30, of at most 200 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed_in: Vec<String>,
    /// What is still to be brought, in the same way; what the rules miss is added by the server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Until when it is to be brought; the term of the procedure where something is missing and nothing is said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bring_by: Option<Date>,
}

/// A line of the book of incoming post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct IncomingPost {
    /// The book's number where a book is kept elsewhere; drawn from the office's series when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The day it came in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
}

/// Who acts for the applicant: a person of the register, or a name with an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Representative {
    /// A code of the list `capacities`: guardian, proxy, parent …
    pub capacity: String,
    /// The document that gives the right to act: title, number, date. 3 to 300 characters.
    pub ground: String,
    /// A person of the register.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id<value::Person>>,
    /// Otherwise the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where letters go: needed with a typed name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Lodge several applications of one applicant at once: one set of declarations, one receipt, a matter for each. Together 1 to 10 of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LodgeTogether {
    /// Drafts that are there already.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Id<value::Application>>,
    /// Drafts that are opened and lodged in one go: where one cannot be lodged, none is opened. What is wrong with the answers of the third is
    /// said at `/drafts/2/answers/…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafts: Vec<NewApplication>,
    /// How they were handed in.
    #[serde(default)]
    pub hand_in: HandIn,
}

/// The answer: each with its status, and the one receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LodgedTogether {
    /// How it was handed in, with the receipt's number.
    pub lodging: Lodging,
    /// In the order asked for, those of `applications` first.
    pub lodged: Vec<Lodged>,
}

/// One handing-in, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lodging {
    /// Which; its receipt is the paper of the same id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Letter>,
    /// The receipt's number: `CSR-01-PP-2025/7`.
    pub number: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Who took it.
    pub by: OfficerRef,
    /// Where.
    pub office: OfficeRef,
    /// A code of the list `channels`.
    pub channel: String,
    /// The number and day of the incoming post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<IncomingPost>,
    /// Who acts for the applicant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<Representative>,
    /// What was handed in.
    pub handed_in: Vec<String>,
    /// What was missing.
    pub missing: Vec<String>,
    /// Until when it is to be brought.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bring_by: Option<Date>,
    /// The consent to look into registers, as it was given or refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// What was lodged.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub applications: Vec<Id<value::Application>>,
    /// Where the receipt's letter stands; none where the country has no receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<LetterState>,
}

/// Whether data may be looked into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consent {
    /// Refused means that no register is asked.
    pub given: bool,
    /// Who said so: the applicant or the representative.
    pub by: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// To what: codes of the registers' services.
    pub services: Vec<String>,
}

/// A paper that is no decision, with its letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Paper {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<value::Letter>,
    /// What it is.
    pub kind: PaperKind,
    /// The number it bears.
    pub number: String,
    /// When it was issued.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub issued_at: Timestamp,
    /// Whether its letter is made.
    pub letter: LetterState,
}

/// Kinds of papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PaperKind {
    /// What was handed in, when and to whom.
    Receipt,
    /// An application is not taken up: dismissed, or forwarded to the competent body.
    Dismissal,
    /// An application was taken back: by which written word, and when.
    Withdrawal,
}
