//! Assessments: the rules of a benefit run over the facts on a day, with the reasons.
//!
//! A preview works out what is known and typed so far and writes nothing. A stored assessment keeps the input values, the trace, the pack's
//! hash and the engine's version: run again it gives the same answer. It recommends; officers decide. Clerks, caseworkers and approvers
//! preview; what the counter types counts as declared and above nothing else.

pub mod actions;
mod check;
mod gather;
pub mod http;
mod known;
mod model;
mod schema;
mod show;
pub mod store;
mod supposed;
mod text;

pub use check::{answers as check_answers, missing_required, unanswered};
pub use gather::{About, Gathered, Others, gather};
pub use known::as_known;
pub use model::{AMOUNT, Doubt, doubts};
pub use schema::{COUNTED, MIGRATION};
pub use show::{Shown, outcome};
pub use store::{NewAssessment, Stored, insert, newest, outdated, stored_view};
