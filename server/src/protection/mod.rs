//! Protected addresses: the restricted room in which it is known where somebody lives who must not be found.
//!
//! An address is protected with its ground (a shelter, a court's order, danger), its paper and its term, for a person and whoever lives with them.
//! From then on every answer of the house shows the office's address instead, because everything known about people is read through
//! `facts::known`, which covers it; what was kept before, assessments and letters, is covered or withheld when it is shown. The address itself
//! is a [`Protected`] value that only this room opens, for officers named on the protection and the head of the office, with a reason and an entry.
//! When its term has passed a protection still holds until an officer ends it: nobody is found because a day went by.
//! Law: protection from violence in the family (data of victims), general administrative procedure.

mod actions;
pub mod http;
mod schema;
mod sealed;
pub mod store;

pub use schema::MIGRATION;
pub use sealed::Protected;
pub use store::{Veil, cover_answers, is_place, is_protected, put, secrets, veil};
