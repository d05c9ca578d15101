//! The demo: fictional people, known officers, simulated registers beside it.

pub mod population;
