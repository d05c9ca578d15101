//! Papers: what is issued with a letter and is no decision: receipts, dismissals,
//! confirmations of a withdrawal.
//!
//! Whoever issues one freezes the letter's input in the same transaction; a job makes the letter after the commit, once and for ever. What a
//! letter is made of stands here, below the rooms that issue them.

mod schema;
pub mod store;

pub use schema::{MIGRATION, VARIANT};
pub use store::{Kind, MAKE_PAPER, Paper, post};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The template's name and everything that is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterInput {
    /// Name of the pack's template.
    pub template: String,
    /// SHA-256 of the pack whose template it is.
    pub pack: String,
    /// Language of the letter.
    pub language: String,
    /// For the archive and the window; not printed.
    pub title: String,
    /// The day the letter bears.
    pub date: Date,
    /// The template's values.
    pub values: Value,
}
