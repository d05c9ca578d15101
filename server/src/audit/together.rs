//! Looks enter the log together: those of one office that come while others are being written share one transaction, with one step of the
//! chain's head for all of them. Each is answered only after the commit.

use super::{Entry, chain, enter};
use crate::{access::Actor, problem::Error, store::Store};
use karton_api::{Id, Timestamp, value::Office};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// So many go into one transaction.
const MOST: usize = 256;

/// Entries on their way, by office; an office stands here while its entries are being written.
#[derive(Clone, Default)]
pub(super) struct Together(Arc<Mutex<HashMap<Id<Office>, Vec<Waiting>>>>);

struct Waiting {
    actor: Actor,
    at: Timestamp,
    entry: Entry,
    written: oneshot::Sender<()>,
}

impl Together {
    fn offices(&self) -> MutexGuard<'_, HashMap<Id<Office>, Vec<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes an entry that changes nothing else, and answers when it is safe.
    pub(super) async fn enter(
        &self,
        store: &Store,
        actor: Actor,
        at: Timestamp,
        entry: Entry,
    ) -> Result<(), Error> {
        let (written, answered) = oneshot::channel();
        let waiting = Waiting {
            actor,
            at,
            entry: entry.clone(),
            written,
        };
        let first = {
            let mut offices = self.offices();
            let first = !offices.contains_key(&actor.office);
            offices.entry(actor.office).or_default().push(waiting);
            first
        };
        if first {
            // A task of its own, so that nobody's entry is lost with a caller who hangs up.
            tokio::spawn(self.clone().write(store.clone(), actor.office));
        }
        match answered.await {
            Ok(()) => Ok(()),
            // What was written together was not kept: whose fault it was shows when each tries alone.
            Err(_) => enter(store, actor, at, entry).await,
        }
    }

    /// Writes what waits for an office until nothing does.
    async fn write(self, store: Store, office: Id<Office>) {
        loop {
            let mut some = {
                let mut offices = self.offices();
                match offices.get_mut(&office) {
                    Some(waiting) if !waiting.is_empty() => {
                        let rest = waiting.split_off(waiting.len().min(MOST));
                        std::mem::replace(waiting, rest)
                    }
                    _ => {
                        offices.remove(&office);
                        return;
                    }
                }
            };
            let entries: Vec<(Actor, Timestamp, Entry)> = some
                .iter()
                .map(|one| (one.actor, one.at, one.entry.clone()))
                .collect();
            let kept: Result<(), Error> = store
                .write(move |tx| chain::append_each(tx, office, &entries))
                .await;
            if let Err(error) = kept {
                tracing::warn!(%error, "entries could not be written together");
                // Who waits hears it by the end of the channel.
                continue;
            }
            for one in some.drain(..) {
                let _unheard = one.written.send(());
            }
        }
    }
}
