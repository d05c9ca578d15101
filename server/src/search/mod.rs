//! Finding people by their names: folding, so that a name is found however it is written, and the vocabulary that forgives a typing mistake.

pub mod fold;
mod vocabulary;

pub use fold::{fold, tokens};
pub use vocabulary::Vocabulary;
