//! Facts: what is known about persons, households and claims, in both times.
//!
//! A fact has the period it is true for and the instant we learnt it, its source and its proof. Facts are never overwritten. What counts on
//! a day is worked out ([`model::resolve`]): the rank of the source as the pack orders it, then the latest recorded; a register's answer past
//! its freshness loses its rank; an officer's finding holds until a newer register answer says otherwise.

mod actions;
pub mod http;
pub mod model;
pub mod store;
pub mod values;

pub use actions::{of_person, record};
pub use model::{Counting, Stored, resolve};
pub use store::{IMPORTED, MIGRATION, NewFact, insert, insert_all, known};
