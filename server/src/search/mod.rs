//! Finding people by their names: folding, so that a name is found however it is written.

pub mod fold;
