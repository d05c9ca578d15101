//! Shared values that cannot be wrong: ids, money, and what a fact can say.

mod fact;
mod id;
mod money;

pub use fact::{FactValue, Per, Record};
pub use id::{
    Activity, Amendment, Application, Assessment, Award, Care, Case, Confirmation, Decision, Deputy,
    Document, Entry, Evidence, Fact, Household, HouseholdChange, Id, IdError, Import, Job, Led, Letter,
    Matter, Merge, Named, Note, Notice, Office, Officer, Organisation, Pair, Participant, Person, Plan,
    Protection, Reply, Session, Signal, StepRun, StepSheet, Task, Upgrade, Upload, Watch,
};
pub use money::{Currency, Money, MoneyError, Rounding};

/// A day of the calendar, without a time zone. On the wire ISO 8601, `2026-11-21`.
pub type Date = jiff::civil::Date;
/// An instant in UTC. On the wire RFC 3339, `2026-11-21T08:00:00Z`.
pub type Timestamp = jiff::Timestamp;
