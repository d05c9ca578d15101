use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};
use uuid::Uuid;

/// The id of one thing: a UUIDv7 made by the application. An id of one thing is no id of another.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

/// What stands after `Id<…>`: markers without values.
macro_rules! things {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $($(#[$doc])* #[derive(Debug)] pub enum $name {})* };
}
things! {
    /// A natural person known to an office.
    Person,
    /// People whose income and property are counted together.
    Household,
    /// Something that happened to a household.
    HouseholdChange,
    /// The protection of an address.
    Protection,
    /// A body of the institution, or one of its counters.
    Office,
    /// Somebody who works in an office.
    Officer,
    /// A sign-in.
    Session,
    /// A new version of the pack on its way into force.
    Upgrade,
    /// A running procedure. An application or a case shares its id.
    Matter,
    /// A request for a benefit; the same id as its matter.
    Application,
    /// A step of a running procedure.
    StepRun,
    /// A form that was filled in at a step; in this version.
    StepSheet,
    /// An open step that somebody has to do.
    Task,
    /// One thing known about a person, household or matter.
    Fact,
    /// The proof behind facts.
    Evidence,
    /// The rules of a benefit run over facts.
    Assessment,
    /// The legal act.
    Decision,
    /// A later decision on an award or a decision.
    Amendment,
    /// What a second body decided on a decision.
    Confirmation,
    /// Who decides for an absent approver.
    Deputy,
    /// What a decision granted.
    Award,
    /// A message to another institution.
    Notice,
    /// A message of another institution that was taken.
    Reply,
    /// A letter as issued.
    Letter,
    /// A paper or a file of a dossier.
    Document,
    /// A file that has arrived and is not filed yet.
    Upload,
    /// Social work with a person or family; the same id as its matter.
    Case,
    /// Somebody's time as the one who leads a case.
    Led,
    /// Something written down in a case: a contact, a note, a review.
    Note,
    /// A version of the plan of a case.
    Plan,
    /// What is to be done by a plan: the same in all of its versions.
    Activity,
    /// Somebody who stands in a case, as what.
    Participant,
    /// What is to be watched in a case, by a day.
    Watch,
    /// A legal body or somebody in business: an employer, a provider.
    Organisation,
    /// A cross-check that was raised.
    Signal,
    /// Two people who look alike.
    Pair,
    /// The merging of two people's dossiers.
    Merge,
    /// Somebody's care for somebody else: a guardian, a foster carer.
    Care,
    /// An officer named on a restricted matter.
    Named,
    /// An entry of the audit log.
    Entry,
    /// A piece of background work.
    Job,
    /// An old register on its way into the store.
    Import,
}

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an id: 32 hexadecimal digits with hyphens are needed")]
pub struct IdError;

impl<T> Id<T> {
    /// Takes a UUID as the id of a `T`, for storage and for making new ids.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Id(uuid, PhantomData)
    }
    /// Makes a UUIDv7 from an instant and ten random bytes.
    pub fn at(now: jiff::Timestamp, random: [u8; 10]) -> Self {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Id::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
    /// The instant at which it was made, to the millisecond.
    pub fn made_at(self) -> jiff::Timestamp {
        let millis = self.uuid().as_u128() >> 80;
        i64::try_from(millis)
            .ok()
            .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
    /// The id as it is stored.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
    /// The same id, seen as that of another thing that shares it (a matter and its application).
    pub const fn cast<U>(self) -> Id<U> {
        Id::from_uuid(self.0)
    }
}
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::try_parse(text).map(Id::from_uuid).map_err(|_| IdError)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Uuid::deserialize(d).map(Id::from_uuid)
    }
}
#[cfg(feature = "openapi")]
impl<T> utoipa::PartialSchema for Id<T> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        let uuid = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
        utoipa::openapi::RefOr::T(uuid.into())
    }
}
#[cfg(feature = "openapi")]
impl<T> utoipa::ToSchema for Id<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
}
