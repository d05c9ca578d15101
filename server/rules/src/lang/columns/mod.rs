//! Rules worked out for many households at once, part by part: each part of an expression is worked out for all households, persons
//! or rows before the next one, over columns of whole numbers.
//!
//! It says what the closures of a rule say, without reasons: what is unknown is only marked, not named. Where a value fits into no word
//! (decimals, durations), it is worked out by the same functions as there, so that only the way through the lists is written twice.
//! What is done more than this knows is done by the closures ([`Lowering::lower`] gives nothing for it).

mod column;
mod lists;
mod op;
mod values;
mod work;

pub(crate) use column::{Column, FAULT, KNOWN, List, UNKNOWN, Unit, day_word, state_of, word};
pub(crate) use op::{Lowering, Needs, Op, slots};
pub(crate) use work::{Sheet, Work};
