//! Evidence: what other institutions' registers say about the people of an application.
//!
//! Lodging opens a round: one question for each service the benefit names and each person it is asked about. All are asked at once, after the
//! commit, by a job; each answer is entered in a transaction of its own as it arrives, and becomes facts with age and source. A question that
//! fails is asked again under the same message id; one that stays silent leaves "not verified", which a decision cannot pass over: an officer
//! replaces it by a document or confirms it with a reason (general administrative procedure: facts the body keeps records of are obtained ex
//! officio).

mod actions;
pub mod http;
mod model;
mod round;
mod schema;
pub mod store;

pub use actions::{ask_again, replace, round_of};
pub use model::{facts_of, value_of};
pub use round::{ASK, Opening, ask, open_round};
pub use schema::MIGRATION;
pub use store::{Unanswered, unanswered};
