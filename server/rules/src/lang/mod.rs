//! The rule language: a typed subset of FEEL. See `fixtures/README.md`, part 2.

mod ratio;
mod types;
mod value;

pub use ratio::{NoDecimal, Ratio};
pub use types::{RowType, Type};
pub use value::{Fault, Scratch, Value, World};

/// An expression compiled to closures.
pub struct Code {
    pub(crate) fun: value::Fun,
    pub(crate) ty: Type,
    pub(crate) slots: usize,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code({})", self.ty)
    }
}
