//! What another version of the pack would mean for the people of a store: both versions over every household, nothing written.
//!
//! Stands above the rooms, like `verify`: it reads their tables page by page, each page in one snapshot, and holds no more than the pages that are
//! being worked out. Only benefits are worked out that the two versions can decide otherwise ([`karton_rules::reach`]), and only those facts
//! are read that their rules speak of.
//!
//! Whoever heads a household asks for what is the household's, every member for what is a person's own, and the head on account of every
//! member for what is granted on somebody's account. What a claim would say is taken from the newest application or the running award; where
//! nobody has asked yet, it cannot be said. A household is worked out as if it had applied on the day its registers last answered, by the law
//! of the day that is asked for: so windows of income end where the knowledge of it ends, and an answer is as fresh as it was then.

mod asks;
mod claims;
mod model;
#[cfg(test)]
mod one_by_one;
mod pages;
mod read;
mod survey;
mod tell;
#[cfg(test)]
mod tests;
mod work;

pub use model::{Counts, Impact, Lacking, OfBenefit, OfMunicipality, Paid, Row, Sums};
pub use tell::{as_csv, in_words};

use crate::{problem::Error, store::Store};
use jiff::tz::TimeZone;
use karton_api::Date;
use karton_rules::Pack;
use model::Fold;
use pages::Pages;
use read::Reader;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use survey::Versions;
use tokio::{sync::Mutex, task::JoinSet};
use work::Law;

/// What is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// As it is.
    pub old: Arc<Pack>,
    /// As it would be.
    pub new: Arc<Pack>,
    /// By the law of this day.
    pub on: Date,
    /// Also benefits that neither version can decide otherwise than the other.
    pub everything: bool,
}

/// Works everybody of a store out by both versions. `progress` hears how many households are done, of how many; it is called from several threads.
pub async fn measure(
    store: &Store,
    plan: &Plan,
    progress: impl Fn(u64, u64) + Send + Sync + 'static,
) -> Result<Impact, Error> {
    let law = Arc::new(Law::of(plan));
    let zone = TimeZone::get(&plan.new.country.time_zone).map_err(Error::fault)?;
    let (all, merged) = store.read(pages::count).await?;
    let reader = Arc::new(Reader::of(&law, (plan.on, zone), merged));
    let pages = Arc::new(Mutex::new(Pages::default()));
    let (done, progress) = (Arc::new(AtomicU64::new(0)), Arc::new(progress));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut tasks: JoinSet<Result<Fold, Error>> = JoinSet::new();
    for _ in 0..workers {
        let (store, law, reader) = (store.clone(), Arc::clone(&law), Arc::clone(&reader));
        let (pages, done, progress) = (Arc::clone(&pages), Arc::clone(&done), Arc::clone(&progress));
        tasks.spawn(async move {
            let (mut fold, mut versions) = (Fold::default(), Versions::of(&law));
            loop {
                let page = {
                    let mut pages = pages.lock().await;
                    match pages.next(&store).await? {
                        Some(page) => page,
                        None => {
                            versions.leave(&mut fold);
                            return Ok(fold);
                        }
                    }
                };
                let (reading, households) = (Arc::clone(&reader), page.households);
                let families = store.read(move |tx| reading.families(tx, &page)).await?;
                versions.work_out(families, &mut fold)?;
                let done = done.fetch_add(households, Ordering::Relaxed) + households;
                progress(done, all);
            }
        });
    }
    let mut fold = Fold::default();
    while let Some(part) = tasks.join_next().await {
        fold.add(part.map_err(Error::fault)??)?;
    }
    law.told(plan.on, &fold)
}
