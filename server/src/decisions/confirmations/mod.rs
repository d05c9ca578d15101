//! The second decider of a chain: another office decides on what the first one granted, and only then is anything awarded.
//!
//! An approver of the office that the procedure names (`at`) confirms the decision as it stands, refuses with a reason, or sends it back, which takes
//! the first decision's effect. Neither who recommended nor who decided first can be the one. A confirmation and a refusal are decisions of their own,
//! with number, letter, delivery and remedy, and are corrected and annulled by their own body; annulling the first decision ends the second too. Later
//! decisions on what both granted go the same way (`amendments::confirming`). Law: the pack's (`confirms` in `[[competent]]`, `[[later]]`).

mod acting;
pub mod http;
mod letter;
mod schema;
pub mod store;
mod view;

pub use acting::MAKE;
pub(super) use acting::{needed, reason, serve};
pub use schema::{LATER, MIGRATION};
pub(super) use view::{Looks, of_amendment, of_decision};
