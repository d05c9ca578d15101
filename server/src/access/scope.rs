//! The part of the country an officer sees: the subtree of the office they work in.

use crate::store::Val;
use karton_api::{Id, value::Office};

/// The subtree of one office. A required argument of every read of content.
///
/// In SQL: `… AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $n AND t.office = x.office)` with [`Scope::val`] as `$n`
/// (`office_tree` holds every office with each office above it and itself).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    top: Id<Office>,
}

impl Scope {
    /// The subtree under an office. Made by a session, by jobs for the office of their matter, and by tests.
    pub fn under(top: Id<Office>) -> Scope {
        Scope { top }
    }
    /// The office at its top.
    pub fn top(&self) -> Id<Office> {
        self.top
    }
    /// For binding into a query.
    pub fn val(&self) -> Val {
        Val::from(self.top)
    }
}
