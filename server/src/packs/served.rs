//! The pack that is served now, which may become another one while the house is open.

use karton_rules::pack::Pack;
use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

/// The pack that is served now. Reads as the pack itself; whoever needs one and the same through a longer piece of work takes a clone of
/// what it reads as.
///
/// Versions follow each other in a chain that only grows: a house sees a few of them in its life, and a reader needs no lock.
#[derive(Debug)]
pub struct Served(Arc<Link>);

#[derive(Debug)]
struct Link {
    pack: Arc<Pack>,
    next: OnceLock<Arc<Link>>,
}

impl Link {
    fn of(pack: Arc<Pack>) -> Arc<Link> {
        Arc::new(Link {
            pack,
            next: OnceLock::new(),
        })
    }
    fn last(&self) -> &Link {
        let mut link = self;
        while let Some(next) = link.next.get() {
            link = next;
        }
        link
    }
}

impl Served {
    /// Begins with a pack.
    pub fn new(pack: Arc<Pack>) -> Served {
        Served(Link::of(pack))
    }
    /// Another handle on the same: what follows is seen through both. Not a `Clone`, so that `.clone()` is one of the pack.
    pub fn same(&self) -> Served {
        Served(Arc::clone(&self.0))
    }
    /// From now on this one is served.
    pub(super) fn follow(&self, pack: Arc<Pack>) {
        let mut link = Link::of(pack);
        while let Err(not_last) = self.0.last().next.set(link) {
            link = not_last;
        }
    }
}

impl Deref for Served {
    type Target = Arc<Pack>;
    fn deref(&self) -> &Arc<Pack> {
        &self.0.last().pack
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack;

    #[test]
    fn what_follows_is_seen_through_every_handle_and_what_was_taken_stays() {
        let mut files = pack::files("me").unwrap();
        let first = Arc::new(Pack::load(&files).unwrap());
        if let Some(sources) = files.get_mut("SOURCES.md") {
            sources.push_str("\nanother\n");
        }
        let second = Arc::new(Pack::load(&files).unwrap());
        assert_ne!(first.hash, second.hash);
        let served = Served::new(Arc::clone(&first));
        let (other, taken) = (served.same(), Arc::clone(&served));
        served.follow(Arc::clone(&second));
        assert_eq!((&served.hash, &other.hash), (&second.hash, &second.hash));
        assert_eq!(taken.hash, first.hash);
        other.follow(first);
        assert_eq!(served.hash, taken.hash);
    }
}
