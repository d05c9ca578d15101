//! Decisions: the legal act, by two officers.
//!
//! A caseworker recommends on the newest assessment; another officer, the head of the office, sees the same assessment and decides, or sends
//! the matter back. The outcome must follow from the assessment; what rests on unconfirmed law or on facts that no register verified needs the
//! first officer's word with a reason. One transaction decides: number, award, states, steps, the letter's input frozen and the job that makes
//! it. Law: general administrative procedure (decision, its parts, delivery), four eyes as the institution's own rule.

pub mod actions;
pub mod amendments;
pub mod confirmations;
mod deciding;
mod delivery;
mod granting;
pub mod http;
mod letter_input;
mod many;
mod model;
mod schema;
pub mod store;
mod wording;

pub use crate::papers::LetterInput;
pub use actions::MAKE_REQUEST;
use actions::{delivery_day, recipient};
pub use amendments::{MAKE as MAKE_AMENDMENT, Proposal, propose_end};
pub use confirmations::MAKE as MAKE_CONFIRMATION;
pub use deciding::MAKE_LETTER;
pub use granting::Granted;
use letter_input::language as letter_language;
pub use model::{check_confirmed, follows};
pub use schema::MIGRATION;
