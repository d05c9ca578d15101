//! The terminal client.

pub mod term;
