//! People who look alike: the list of pairs, and what officers hold of them.
//!
//! A job compares whoever was registered or corrected with those who share a key (`karton_likeness`) and keeps the pairs that are alike enough.
//! Presumption of innocence: a pair is an entry of a list and nothing waits for it. Whoever may find people sees the pairs of which one lies
//! in the scope (identity cards are national); clerks and caseworkers judge them.

mod actions;
pub mod http;
mod look;
pub mod store;

pub use look::{call_if_due, look};
pub use store::MIGRATION;
