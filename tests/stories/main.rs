//! The stories: the house as a whole, through its front door.
//!
//! All in one binary, because linking the server takes longer than most stories.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what cannot be done in a story fails it"
)]

mod access;
mod activation;
mod alike;
mod audit;
mod bad_input;
mod canaries;
mod canaries_restricted;
mod case_walk;
mod casework;
mod contract;
mod countries;
mod deciders;
mod documents;
mod doubles;
mod employer;
mod every_benefit;
mod every_case;
mod faults;
mod forms;
mod funeral;
mod later;
mod people;
mod quiet;
mod schemathesis;
mod steps;
mod taking_on;
mod together;
mod twice;
mod upgrading;
mod visit;
mod walls;
mod way;
mod window;

/// The server's own program.
const SERVER: &str = env!("CARGO_BIN_EXE_karton-server-tested");
/// The client's own program.
const CLIENT: &str = env!("CARGO_BIN_EXE_karton-tested");
