//! Replies: what other institutions send to us about a matter of which they were told.
//!
//! A message names the one that it answers (`in_reply_to`, the id under which we told) and the person by the number. It is taken where an open step of
//! that matter waits for it: its content becomes facts of the matter and the person with that institution as the source, the step is
//! completed or its term counts anew, and what the procedure names opens, all in one transaction with its entry. The same message again is answered as
//! before and changes nothing. Nobody is granted or refused anything by it: rights that it touches get a signal.

mod door;
pub mod http;
mod schema;
mod shown;
mod store;
mod taking;

pub use schema::MIGRATION;
