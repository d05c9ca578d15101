//! Cases of social work: reported, opened, assessed, planned, watched, reviewed, closed.
//!
//! A case is a matter and runs on a procedure of the pack that has a table `[case]`; its steps are completed by typed professional acts.
//! Clerks and caseworkers report; a head of office opens a case and gives it to a caseworker, approves the plan (never their own) and closes
//! it; caseworkers assess, plan, visit, refer and review. Everything is dated; what is written down is never overwritten, a correction is a new
//! version. Phases and forms: rulebook on centres for social work; the terms stand in the pack.
//!
//! A restricted case (domestic violence) exists only for officers who are named on it (`matters::seen`), has numbers of its own, and what is
//! learnt in it stays in it: no fact of a person or household is written from it.

mod desk;
mod dues;
mod family;
mod following;
pub mod http;
mod http_acts;
mod http_work;
mod leading;
mod model;
mod named;
mod noting;
mod people;
mod planning;
mod reporting;
mod schema;
mod sheets;
mod store;
mod view;
mod visit;
mod working;

pub use following::follow;
pub use schema::{LEADS, MIGRATION};
pub use view::of_person;
