//! What the stories and the benchmarks share: a house with a clock in the test's hands, its officers, the simulated
//! registers as a process of their own, HTTP by hand, and a terminal to type into.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "everything in here is part of a test: what cannot be done fails it"
)]

pub mod canary;
pub mod contract;
pub mod house;
pub mod officer;
pub mod paper;
pub mod raw;
pub mod registers;
pub mod served;
pub mod terminal;
pub mod written_twice;
