//! The pack, for clients to draw themselves from.

use crate::{Currency, Date, FactValue, Per, common::Texts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The country served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Country {
    /// `me`.
    pub id: String,
    /// By language.
    pub name: Texts,
    /// The first is that of letters.
    pub languages: Vec<String>,
    /// Of all amounts.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub currency: Currency,
    /// Decimal places of an amount.
    pub minor_units: u8,
    /// The schemes of national numbers.
    pub id_schemes: Vec<IdScheme>,
    /// The schemes of numbers of organisations; none where the country has no organisations as parties.
    #[serde(default)]
    pub organisation_schemes: Vec<IdScheme>,
    /// Code lists to browse as trees: an entry's column `parent` names the one above it.
    #[serde(default)]
    pub classifiers: Vec<String>,
    /// The day the server works with.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub today: Date,
    /// SHA-256 of the pack.
    pub pack: String,
    /// Fictional people only.
    pub demo: bool,
}

/// A scheme of national numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdScheme {
    /// `jmbg`.
    pub code: String,
    /// By language.
    pub name: Texts,
    /// The check Karton knows: `jmbg`, `cnp`, `rnokpp`, `none`.
    pub check: String,
}

/// Which providers are paid for a benefit, and who chooses among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaidProvider {
    /// Id of the register they stand in.
    pub register: String,
    /// The code list of the register's services.
    pub list: String,
    /// One of these services is needed.
    pub services: Vec<String>,
    /// `applicant`: named before it is lodged; `office`: before it is recommended.
    pub chosen: String,
    /// Only for some claims: others are paid to the applicant.
    #[serde(default)]
    pub sometimes: bool,
}

/// A benefit, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Benefit {
    /// `MO`.
    pub code: String,
    /// By language.
    pub name: Texts,
    /// `household` or `person`.
    pub unit: String,
    /// `monthly`, `one-off` or `in-kind`; where the claim says it, the one in whose terms the amount is written.
    pub kind: String,
    /// Who asks: `person`, or `organisation` on account of a person.
    #[serde(default)]
    pub applicant: String,
    /// Which providers are paid for it, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<PaidProvider>,
    /// The form's id.
    pub form: String,
    /// The procedure's id.
    pub procedure: String,
    /// The articles.
    pub law: Vec<String>,
    /// Codes of benefits that cannot be held with it.
    pub incompatible: Vec<String>,
}

/// How a matter runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Procedure {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// By language.
    pub name: Texts,
    /// In order.
    pub steps: Vec<ProcedureStep>,
    /// What makes it a kind of case of social work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<KindOfCase>,
}

/// A kind of case of social work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindOfCase {
    /// Its short code.
    pub code: String,
    /// Such a case exists only for whoever is named on it.
    pub restricted: bool,
    /// Who stands in it: codes of `case_roles`.
    pub roles: Vec<String>,
    /// The form of its first step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

/// A step of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProcedureStep {
    /// Its key.
    pub key: String,
    /// `form`, `evidence`, `assess`, `decide`, `letter`, `notify`, `pay`, `monitor`, `review`, `refer`, `close`.
    pub kind: String,
    /// By language.
    pub name: Texts,
    /// Who does it.
    pub role: String,
    /// Keys of the steps after it.
    pub next: Vec<String>,
}

/// A form to draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Form {
    /// Its id.
    pub id: String,
    /// By language.
    pub title: Texts,
    /// In order.
    pub pages: Vec<FormPage>,
}

/// A page of a form: fits an 80x24 terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormPage {
    /// Its id.
    pub id: String,
    /// By language.
    pub title: Texts,
    /// Whose facts it asks for; `members` makes one page for each member of the household.
    pub of: PageOf,
    /// In order.
    pub fields: Vec<FormField>,
}

/// Whose facts a page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PageOf {
    /// The applicant.
    Applicant,
    /// Each member of the household, the applicant first.
    Members,
    /// The household.
    Household,
    /// What is asked for this time.
    Claim,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormField {
    /// The fact's name in the dictionary.
    pub fact: String,
    /// By language.
    pub label: Texts,
    /// Help with the legal ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Texts>,
    /// How it is drawn and what it takes.
    pub kind: FieldKind,
    /// Must be filled where it is shown.
    pub required: bool,
    /// Shown only under a condition: ask the preview which fields are hidden.
    pub conditional: bool,
    /// That condition as far as a client can tell it by itself, while it has no connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// What the applicant answered in the last application is offered again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// What it begins with, where that rests on no facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<FactValue>,
}

/// Whose fact a condition of a form looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// The applicant's.
    Applicant,
    /// That of the person whose page it is.
    Member,
    /// The household's.
    Household,
    /// The claim's.
    Claim,
}

/// How two values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Than {
    /// They are the same.
    Equal,
    /// They differ.
    NotEqual,
    /// The first is smaller or earlier.
    Less,
    /// Or the same.
    LessOrEqual,
    /// The first is greater or later.
    Greater,
    /// Or the same.
    GreaterOrEqual,
}

/// A simple condition over what is typed. `age`, `sex` and `birth_date` are facts of every person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum When {
    /// All of these hold.
    All {
        /// The parts.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        of: Vec<When>,
    },
    /// One of these holds.
    Any {
        /// The parts.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        of: Vec<When>,
    },
    /// This does not hold.
    Not {
        /// What.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        of: Box<When>,
    },
    /// A fact stands so to a value.
    Fact {
        /// Whose.
        whose: Whose,
        /// Its name.
        fact: String,
        /// How.
        than: Than,
        /// To what.
        value: FactValue,
    },
    /// So many people are in the household, the applicant among them.
    Members {
        /// How it stands.
        than: Than,
        /// To this number.
        value: i64,
    },
    /// Only the rules can tell.
    Unsaid,
}

/// How a field is drawn and what it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldKind {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// An exact decimal number.
    Decimal,
    /// An amount in the country's currency.
    Money {
        /// For what period.
        per: Per,
    },
    /// A day.
    Date,
    /// Text on one line.
    Text,
    /// One of a list.
    Code {
        /// The list's name, for `/v1/catalogue/codes/{list}`.
        list: String,
    },
    /// Somebody of the household.
    Person {
        /// Somebody else may be named too.
        #[serde(default)]
        anyone: bool,
    },
    /// A small table.
    Rows {
        /// In order.
        columns: Vec<Column>,
    },
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// The name in the rows.
    pub name: String,
    /// Its heading by language, where the pack has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Texts>,
    /// What it takes; never rows.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub kind: FieldKind,
}

/// A fact of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactDef {
    /// Its name.
    pub name: String,
    /// `person`, `household` or `claim`.
    pub holder: String,
    /// What it says.
    pub kind: FieldKind,
    /// By language.
    pub question: Texts,
}

/// A register that the institution keeps itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnRegister {
    /// `guardians`.
    pub id: String,
    /// By language.
    pub name: Texts,
    /// The article, where it is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// The body that keeps it, by language.
    pub keeper: Texts,
    /// Roles that may write entries.
    pub writes: Vec<String>,
    /// Of whom entries are.
    pub sections: Vec<OwnSection>,
    /// What stands in an entry.
    pub fields: Vec<OwnField>,
    /// Names of the fields that an extract shows; none where none is given.
    pub extract: Vec<String>,
}

/// A part of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnSection {
    /// Its id.
    pub id: String,
    /// By language.
    pub name: Texts,
    /// `person`, `organisation` or `sole-trader`.
    pub of: String,
}

/// A field of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnField {
    /// Its name.
    pub name: String,
    /// By language.
    pub label: Texts,
    /// How it is typed.
    pub kind: FieldKind,
    /// No entry without it.
    pub required: bool,
    /// Anybody may see it.
    pub public: bool,
    /// Sections that have it; all where none is named.
    pub sections: Vec<String>,
}

/// A code list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// In the pack's order.
    pub codes: Vec<Code>,
}

/// A page of a code list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodePage {
    /// The list's name.
    pub name: String,
    /// In the pack's order.
    pub codes: Vec<Code>,
    /// For the next page, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What of a code list is wanted. Short lists come whole; those of places are some ten thousand entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct CodesQuery {
    /// Each word of it begins a word of the name, or the code; capitals, diacritics and script do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only entries with this in one of the list's columns: `municipality:1017`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// How many, 1 to 5,000; 5,000 when not said.
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 5000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// An entry of a code list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Code {
    /// The code.
    pub code: String,
    /// By language.
    pub name: Texts,
    /// First day it is valid.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Further columns.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub more: BTreeMap<String, String>,
}

/// The pack's words in one language, Fluent source: names of roles, steps, states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Words {
    /// The language.
    pub language: String,
    /// Fluent source.
    pub ftl: String,
}
