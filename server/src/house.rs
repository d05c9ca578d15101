//! The house: what every handler and every job has at hand.

use crate::{clock::Clock, search::Vocabulary, store::Store};
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
    /// Words of names, for typing mistakes.
    pub vocabulary: Vocabulary,
    /// Checking and making password hashes, a few at a time.
    pub passwords: crate::access::Passwords,
    /// The way to other institutions' registers.
    pub gateway: crate::gateway::Gateway,
    /// Whether everybody in here is fictional.
    pub demo: bool,
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
