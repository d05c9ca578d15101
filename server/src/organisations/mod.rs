//! Organisations: legal bodies and people in business who are a party themselves.
//!
//! An employer applies for a refund on account of an employee; a provider is paid for what a beneficiary is given. What stands here (name, number,
//! address, account) is no personal data and national, like a person's card. Clerks and caseworkers register and correct organisations; a head of
//! office enters what a provider is registered for, since that opens payments. Whom an organisation asked for, and what it is paid, is content of
//! the office and stands with applications and awards.

mod actions;
pub mod http;
mod model;
mod schema;
pub mod store;

pub use actions::{enter, register};
pub use model::{Checked, check};
pub use schema::MIGRATION;
