//! The house: what every handler and every job has at hand.

use crate::{clock::Clock, offices::Offices, store::Store};
use karton_rules::pack::Pack;
use std::{ops::Deref, sync::Arc};

/// The running house. Cheap to clone.
#[derive(Clone)]
pub struct House(Arc<Inside>);

/// What the house is made of.
pub struct Inside {
    /// Where everything is kept.
    pub store: Store,
    /// What time it is, and new ids.
    pub clock: Clock,
    /// The country served.
    pub pack: Arc<Pack>,
    /// Every version of the pack in use.
    pub packs: crate::packs::Packs,
    /// Words of names, for typing mistakes.
    pub vocabulary: crate::search::Vocabulary,
    /// Looks that have left their entry.
    pub looks: crate::audit::Looks,
    /// Searches that have left their entry.
    pub searches: crate::audit::Searches,
    /// The tree of offices, as the store has it.
    pub offices: Offices,
    /// Checking and making password hashes, a few at a time.
    pub passwords: crate::access::Passwords,
    /// The way to other institutions' registers.
    pub gateway: crate::gateway::Gateway,
    /// Rung when an answer of a register was entered.
    pub evidence_changed: tokio::sync::Notify,
    /// Sessions in use.
    pub sessions: crate::access::Sessions,
    /// Whether everybody in here is fictional.
    pub demo: bool,
    /// `X-Forwarded-For` is believed: a proxy stands before us.
    pub behind_proxy: bool,
}

impl House {
    /// Builds the house.
    pub fn new(inside: Inside) -> House {
        House(Arc::new(inside))
    }
}
impl Deref for House {
    type Target = Inside;
    fn deref(&self) -> &Inside {
        &self.0
    }
}
impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House")
            .field("pack", &self.pack.country.id)
            .finish_non_exhaustive()
    }
}
