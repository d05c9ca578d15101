//! Officers' accounts, and signing in.
//!
//! Administrators open accounts, give roles in offices, reset passwords, disable and enable; everybody keeps their own session and password.
//! The first administrator is made when the house is opened for the first time.

mod store;

pub use store::officer_ref;
