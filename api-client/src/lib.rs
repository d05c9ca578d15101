//! The vocabulary and the contract of Karton.
//!
//! One file per resource, with the same names as the rooms of the server: the wire types first, then (behind the
//! feature `client`) the calls. Wire types are plain data with public fields. On the wire fields are `snake_case`,
//! values `kebab-case`, instants RFC 3339 in UTC, days ISO 8601, money `{"minor": 15288, "currency": "EUR"}`.

pub mod administration;
pub mod amendments;
pub mod applications;
pub mod assessments;
pub mod audit;
pub mod awards;
pub mod cases;
pub mod catalogue;
#[cfg(feature = "client")]
pub mod client;
pub mod common;
pub mod confirmations;
pub mod decisions;
pub mod deputies;
pub mod documents;
pub mod dossiers;
pub mod duplicates;
pub mod households;
pub mod imports;
pub mod inquiries;
pub mod kin;
pub mod lodgings;
pub mod matters;
pub mod notices;
pub mod organisations;
pub mod persons;
pub mod problem;
pub mod protection;
pub mod session;
pub mod signals;
pub mod standing;
pub mod transfers;
pub mod upgrades;
pub mod users;
pub mod value;

pub use value::{Currency, Date, FactValue, Id, Money, MoneyError, Per, Rounding, Timestamp};
