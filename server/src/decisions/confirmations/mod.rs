//! The second decider of a chain: another office decides on what the first one granted, and only then is anything awarded.
//!
//! An approver of the office that the procedure names (`at`) confirms the decision as it stands, refuses with a reason, or sends it back, which takes
//! the first decision's effect. Neither who recommended nor who decided first can be the one. A confirmation and a refusal are decisions of their own,
//! with number, letter, delivery and remedy; annulling the first decision ends the second too. Law: the pack's (`confirms` in `[[competent]]`).

mod acting;
pub mod http;
mod letter;
mod schema;
pub mod store;
mod view;

pub use acting::MAKE;
pub(super) use acting::needed;
pub use schema::MIGRATION;
pub(super) use view::of_decision;
