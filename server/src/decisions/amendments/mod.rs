//! Amendments: later decisions, by two officers like the first one.
//!
//! They change, suspend, resume or end an award from a month on, or correct or annul a decision. Each runs as a matter on the country's
//! procedure, bears a number of the decisions' series, and has a letter and a delivery of its own. The award keeps what was granted; what
//! later decisions make of it stands beside it, in the order of its months. Where two bodies granted the right, both make them, one after the other,
//! unless the pack says otherwise (`makers`): nothing becomes of the award before the second one has confirmed. Law: general administrative procedure (correction of obvious
//! errors, annulment, ending of rights), reasons and articles by the pack.

mod acting;
mod confirming;
mod content;
mod effect;
mod elsewhere;
mod giving_way;
pub mod http;
mod letter;
mod makers;
mod opening;
mod reading;
mod schema;
pub mod store;

pub use acting::{Ids, MAKE};
pub(in crate::decisions) use elsewhere::propose_elsewhere;
pub use giving_way::{Way, give_way};
pub use opening::{Proposal, propose_end};
pub use schema::{AGAIN, MIGRATION};
