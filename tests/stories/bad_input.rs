//! Bad input: each mistake has its own precise answer, none is a fault of ours, and nothing is stored.

mod bodies;
mod fields;
mod lines;
