//! The law as pure functions: the rule language, the country pack and the assessment.
//!
//! Nothing here opens a file, waits or asks what day it is: a pack is loaded from a map of names to texts
//!, an assessment is made from values that the caller brings. The reference for
//! authors of packs is `fixtures/README.md`.
//!
//! - [`lang`]: lexer, parser, type checker and compiler of the rule language
//! - [`pack`]: the model of a pack, its loader and its checker
//! - [`mod@assess`]: facts in, verdicts with their reasons out
//! - [`text`]: values as people of a language write them
//! - [`show`], [`told`]: a pack for people: expressions tried out, rules as one reads them, an assessment as text
//! - [`coverage`]: how much of the law is there, and how well it is founded
//! - [`examples`]: what the worked examples of a benefit show, tried out
//! - [`reach`]: what a benefit's rules rest on, and what two versions decide otherwise
//! - [`calendar`]: working days and deadlines
//! - [`account`]: bank accounts
//! - [`text_check`]: texts that carry check digits
//! - [`id_number`], [`organisation_number`]: national numbers of persons and of organisations

pub mod account;
pub mod assess;
pub mod calendar;
pub mod coverage;
pub mod examples;
pub mod id_number;
pub mod lang;
pub mod organisation_number;
pub mod pack;
pub mod reach;
pub mod show;
pub mod text;
pub mod text_check;
pub mod told;

pub use assess::{Assessment, Input};
pub use pack::{Mistake, Pack, Texts};
