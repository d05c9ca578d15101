//! Persons, their households and what is known about them.

use crate::{
    Date, FactValue, Id, Timestamp,
    common::{OfficeRef, OfficerRef, Texts},
    value::{Care, Evidence, Fact, Household, Matter, Person},
};
use serde::{Deserialize, Serialize};

/// A name as the person writes it: free text in any script. A single word is a whole name: one part may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Given name or names.
    pub given: String,
    /// Family name.
    pub family: String,
}

/// A national number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NationalId {
    /// The scheme's code in the pack: `jmbg`.
    pub scheme: String,
    /// Its digits.
    pub number: String,
}

/// A person's identity card: what every office may see, in the whole country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonCard {
    /// Who; also the id of the dossier.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Person>,
    /// As the person writes it.
    pub name: Name,
    /// Where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national_id: Option<NationalId>,
    /// Where it is known.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Code of the list `sexes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// The day of death.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_date: Option<Date>,
    /// The dossier's number, `CSR-01-D-2025/17`.
    pub dossier_number: String,
    /// The office that holds the dossier.
    pub office: OfficeRef,
    /// Its content lies within this officer's scope.
    pub in_scope: bool,
}

/// A person within the officer's scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonView {
    /// The identity card.
    pub card: PersonCard,
    /// For `If-Match`.
    pub revision: i64,
    /// When the dossier was opened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub registered_at: Timestamp,
    /// Who opened it.
    pub registered_by: OfficerRef,
}

/// Search as one types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SearchPersons {
    /// Parts of the name in any order and script, a national number, a birth date, or a dossier number.
    pub text: String,
    /// How many, 1 to 50; 20 when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// From the `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// One hit of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonHit {
    /// The person.
    pub card: PersonCard,
    /// How it was found.
    pub found_by: FoundBy,
    /// The name or number of earlier times by which it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formerly: Option<String>,
    /// The place in the household of today; only where the dossier lies within the scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdRole>,
}

/// The place of a person in the household of today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HouseholdRole {
    /// To the head: code of the list `relationships`; `self` for the head.
    pub relationship: String,
    /// Its name.
    pub relationship_name: Texts,
    /// Who is the head; absent where it is this person, or where the household has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Name>,
}

/// A page of people found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonsFound {
    /// The best ones first.
    pub items: Vec<PersonHit>,
    /// Where to go on; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Not everybody whose name fits was looked at, because too many share its beginning: there may be others. Type more of the name.
    #[serde(default)]
    pub incomplete: bool,
}

/// How a search found somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FoundBy {
    /// By a number.
    Number,
    /// By the birth date.
    BirthDate,
    /// By the beginning of words of the name.
    Name,
    /// By a name one typing mistake away.
    Typo,
    /// By a number of earlier times.
    FormerNumber,
    /// By a name of earlier times.
    FormerName,
}

/// Register a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterPerson {
    /// As the person writes it.
    pub name: Name,
    /// Where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national_id: Option<NationalId>,
    /// Needed where there is no national number that tells it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Code of the list `sexes`; told by the number where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Municipality of residence, a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// Address of residence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Candidates of a refusal with `likely-duplicates` that an officer looked at and found to be other people.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, format = Uuid))]
    pub not_the_same_as: Vec<Id<Person>>,
}

/// Somebody known who may be the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// The person.
    pub card: PersonCard,
    /// What agrees, as codes: `national-id`, `name`, `similar-name`, `birth-date`, `birth-date-swapped`, `birth-year`, and
    /// `birth-date-unknown` where one of the two has none.
    pub agrees: Vec<String>,
    /// How alike the two are, in hundredths of bits against one of all people taken at random; candidates come the likeliest first.
    #[serde(default)]
    pub bits: i32,
    /// What each field says for or against one person.
    #[serde(default)]
    pub reasons: Vec<LikenessReason>,
}

/// What one field of two cards says for or against their being of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LikenessReason {
    /// `given-name`, `family-name`, `name-order`, `birth-date`, `sex`, `national-id`, `street`, `house-number`, `address-line`, `place`,
    /// `postcode`, `municipality`, `phone`.
    pub field: String,
    /// `same`, `swapped`, `near` (one mistake), `similar`, `short`, `part`, `different`.
    pub level: String,
    /// For (positive) or against, in hundredths of bits.
    pub bits: i32,
}

/// Correct a person's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePerson {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national_id: Option<NationalId>,
    /// The birth date.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Code of the list `sexes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Another day of death than the one that stands. A death is recorded by its own act (`/v1/dossiers/{id}/death`).
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_date: Option<Date>,
    /// What stood by mistake and is taken away.
    #[serde(default)]
    pub clear: Vec<CardField>,
    /// What stood was a mistake, or was right until now; a mistake when not said.
    #[serde(default)]
    pub kind: CorrectionKind,
    /// The day from which it holds, where it is no mistake (the day of a marriage); today when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The paper that proves it: title, number, date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Candidates of a refusal with `likely-duplicates` that an officer looked at and found to be other people.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, format = Uuid))]
    pub not_the_same_as: Vec<Id<Person>>,
    /// Why.
    pub reason: String,
}

/// Something on a card that may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CardField {
    /// The national number.
    NationalId,
    /// The birth date.
    BirthDate,
    /// The sex.
    Sex,
    /// The day of death.
    DeathDate,
}

/// Why a card says something else now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CorrectionKind {
    /// What stood was never right.
    #[default]
    Mistake,
    /// What stood was right until then: a marriage, a new number.
    Change,
    /// A death was recorded.
    Death,
}

/// One version of a person's identity, as it stood until a correction or stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    /// As the person wrote it.
    pub name: Name,
    /// Where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national_id: Option<NationalId>,
    /// Where it was known.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Code of the list `sexes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// The day of death.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_date: Option<Date>,
    /// What put an end to it; absent for what stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Corrected>,
}

/// What put an end to a version of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Corrected {
    /// When it was written down.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// By whom.
    pub by: OfficerRef,
    /// A mistake, a change, or a death.
    pub kind: CorrectionKind,
    /// The day from which the other one holds, where it was no mistake.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Why.
    pub reason: String,
    /// The paper that proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// A household on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HouseholdView {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Household>,
    /// For `If-Match`.
    pub revision: i64,
    /// Members on the day; the first is the head.
    pub members: Vec<Member>,
    /// Members who on the same day are known in another household too: one of the two is not right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<crate::households::Elsewhere>,
}

/// A member of a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Who.
    pub card: PersonCard,
    /// To the head of the household: code of the list `relationships`; `self` for the head.
    pub relationship: String,
    /// First day of membership.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The day after the last, where it has ended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Somebody who cares for a person by an act: a guardian, a foster carer. Seen from the carer's side the card is that of the one cared for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Carer {
    /// The tie.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Care>,
    /// Who.
    pub card: PersonCard,
    /// As what: a code of the list `care_kinds`.
    pub kind: String,
    /// The decision or contract by which it stands.
    pub act: String,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// When it became known.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub recorded_at: Timestamp,
    /// Who wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<OfficerRef>,
    /// Why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Take a person into the household of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// Who joins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub person: Id<Person>,
    /// To the head of the household.
    pub relationship: String,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
}

/// End a membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndMember {
    /// Who leaves.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub person: Id<Person>,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: Date,
    /// Why, in a few words.
    pub reason: String,
    /// Who leads the household from then on, where it is the head who leaves and others stay.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Id<Person>>,
}

/// Whom or what a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum Holder {
    /// A person.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    Person(Id<Person>),
    /// A household.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    Household(Id<Household>),
    /// What is asked for this time.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    Claim(Id<Matter>),
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// An officer's reasoned finding.
    Finding,
    /// A register's answer.
    Register,
    /// A document.
    Document,
    /// A field visit.
    Visit,
    /// The applicant's word.
    Declaration,
    /// A row of an old register that was taken in. Nobody proved it here; it comes after a declaration unless the pack's `rank` says otherwise.
    Import,
}

/// How far a fact is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FactStatus {
    /// Proved by its source.
    Verified,
    /// Said, not proved.
    NotVerified,
    /// Another source says otherwise.
    Contradicted,
}

/// One thing known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactView {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: Id<Fact>,
    /// About whom.
    pub holder: Holder,
    /// The name in the pack's dictionary.
    pub fact: String,
    /// What it says.
    pub value: FactValue,
    /// First day it is true for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Where from.
    pub source: SourceKind,
    /// The register's service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The proof behind it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Id<Evidence>>,
    /// The officer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How far it is proved.
    pub status: FactStatus,
    /// When we learnt it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub recorded_at: Timestamp,
    /// Who wrote it down; absent for a register's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<OfficerRef>,
    /// This is the fact that counts on the day asked for.
    pub counts: bool,
    /// A register's answer past its freshness.
    pub stale: bool,
}

/// Write down a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordFact {
    /// The name in the pack's dictionary.
    pub fact: String,
    /// What it says.
    pub value: FactValue,
    /// First day it is true for; today when not said.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The day after the last.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// `document`, `visit`, `declaration` or `finding`.
    pub source: SourceKind,
    /// The officer's words; a finding needs them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
