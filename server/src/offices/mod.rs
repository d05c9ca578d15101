//! Offices: the bodies of the institution and their counters, a tree.
//!
//! The pack seeds them by stable code when the house is opened; afterwards the store owns them. Everybody who is signed in may read the list;
//! administrators open offices below their own, change them, and close them when no work is left there.
//! What an officer sees is the subtree of the office of the session ([`crate::access::Scope`] over the table `office_tree`).

mod actions;
mod http;
mod model;
mod store;

pub use http::router;
pub use model::{Office, Offices};
pub use store::{MIGRATION, PLACES, load, seed};
