//! Notices: what another institution is told once a right is granted (the health fund of a right to health care), or when a step of a procedure
//! opens that says so (the employment agency of a referral).
//!
//! The decision, or the job of the step, posts the notice in its own transaction, its content frozen; a job sends it after the commit, again and again under the same
//! message id until the institution says that it has it, and then the procedure's step is done. An institution that stays silent or refuses
//! leaves that step open: an officer sends the notice again, or tells the institution otherwise and completes the step by hand.

mod actions;
pub mod http;
mod schema;
mod sending;
mod stepping;
pub mod store;

pub use actions::of_matter;
pub use schema::{MIGRATION, OF_STEPS};
pub use sending::{NewNotice, TELL, post, tell};
pub use stepping::tell_of_step;
