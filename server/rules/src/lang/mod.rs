//! The rule language: a typed subset of FEEL. See `fixtures/README.md`, part 2.
//!
//! Text becomes tokens, an [`Expr`], a typed node with names resolved, and once, when the pack is loaded, closures
//! over slots ([`Code`]). Working one out is total: numbers are checked, lists bounded, what nobody knows is
//! [`Value::Unknown`] with the facts that are missing, what cannot be worked out is a named [`Fault`].

mod ast;
mod calls;
mod check;
mod check_names;
mod code;
pub(crate) mod columns;
mod compile;
mod compile_lists;
mod lex;
mod look_up;
mod names;
mod node;
mod ops;
mod parse;
mod ratio;
mod types;
mod typing;
mod value;

pub use ast::{Expr, Kind, Op, Span, Wrong};
pub(crate) use check::Scope;
pub use code::Code;
pub(crate) use names::{Dictionary, Holder, given, hint};
pub(crate) use ops::age;
pub(crate) use parse::dotted;
pub use parse::parse;
pub use ratio::{NoDecimal, Ratio};
pub use types::{RowType, Type};
pub(crate) use typing::minor;
pub(crate) use value::{Context, Dated, FactKey, Law, Looked, Lookup, MOST_KEYS, Of, Read};
pub use value::{Fault, Scratch, Value, World};
