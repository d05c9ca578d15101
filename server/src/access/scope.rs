//! The part of the country an officer sees: the subtree of the office they work in.

use crate::store::Val;
use karton_api::{
    Id, Timestamp,
    value::{Office, Officer},
};

/// The subtree of one office. A required argument of every read of content.
///
/// In SQL: `… AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $n AND t.office = x.office)` with [`Scope::val`] as `$n`
/// (`office_tree` holds every office with each office above it and itself).
///
/// It also knows who looks, and when: restricted matters exist only for officers who are named on them then (`matters::seen`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    top: Id<Office>,
    viewer: Option<(Id<Officer>, Timestamp)>,
}

impl Scope {
    /// The subtree under an office, as the house itself sees it, restricted matters too: for jobs, for the engine's own look at a matter, and
    /// for tests. What an officer sees is [`Scope::of_officer`].
    pub fn under(top: Id<Office>) -> Scope {
        Scope { top, viewer: None }
    }
    /// What an officer sees at an instant. Made by `May`.
    pub fn of_officer(top: Id<Office>, officer: Id<Officer>, at: Timestamp) -> Scope {
        Scope {
            top,
            viewer: Some((officer, at)),
        }
    }
    /// Who looks, and when; nobody where the house itself does.
    pub fn viewer(&self) -> Option<(Id<Officer>, Timestamp)> {
        self.viewer
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
