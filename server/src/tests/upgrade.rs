//! Stores that earlier versions made, brought up to date by this one.
//!
//! `upgrade/786e630.db.gz` is the store of a demo of that commit: 300 fictional people, seven applications, five decisions with their letters.

use crate::{
    audit::{self, SealKey},
    backup,
    clock::Clock,
    house::{self, Settings},
    migrations, pack,
    store::{
        Options, Store, StoreError, StoreUrl, Tx,
        testing::{self, leave, stages},
    },
    verify::{self, Depth},
};
use jiff::tz::TimeZone;
use std::{io::Read as _, path::Path};

const STORE: &[u8] = include_bytes!("upgrade/786e630.db.gz");
const KEY: &str = include_str!("upgrade/786e630.key");

/// The store as that version left it.
fn unpacked(folder: &Path) -> Store {
    let path = folder.join("karton.db");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(STORE)
        .read_to_end(&mut bytes)
        .unwrap();
    std::fs::write(&path, bytes).unwrap();
    Store::open(&StoreUrl::Sqlite(path), &Options::default()).unwrap()
}

async fn count(store: &Store, what: &'static str) -> i64 {
    let counted = store.read(move |tx: &mut Tx| {
        tx.one(&format!("SELECT count(*) FROM {what}"), &[])?
            .get::<i64>(0)
    });
    counted.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_an_earlier_version_is_brought_up_to_date_and_its_books_are_in_order() {
    for stage in stages().await {
        println!("on {}", stage.name);
        let folder = tempfile::tempdir().unwrap();
        let old = unpacked(folder.path());
        let key = SealKey::parse(KEY).unwrap();
        let clock = Clock::fixed("2025-03-11T08:00:00Z".parse().unwrap(), TimeZone::UTC);
        let store = match &stage.url {
            StoreUrl::Temporary => old,
            // Elsewhere it comes by a copy, which is made of the old schema as it is.
            _ => {
                let file = folder.path().join("copy");
                backup::save(&old, None, &file, &key, clock.now(), |_| ())
                    .await
                    .unwrap();
                let store = testing::open(&stage).await;
                let restored = backup::restore(&store, None, &file, &migrations::all(), clock.now(), |_| ())
                    .await
                    .unwrap();
                assert!(restored.migrated > 0);
                store
            }
        };
        let settings = Settings {
            clock: Some(clock),
            seal_key: key.clone(),
            ..Settings::new(store, pack::files("me").unwrap())
        };
        let house = house::open(settings).await.unwrap().house;
        assert_eq!(count(&house.store, "person").await, 301);
        assert_eq!(count(&house.store, "decision").await, 5);
        let steps = i64::try_from(migrations::all().len()).unwrap();
        assert_eq!(count(&house.store, "migration").await, steps);
        let books = verify::books(&house.store, Depth::Full).await.unwrap();
        assert_eq!(books.violations, [], "on {}", stage.name);
        assert_eq!((books.assessments, books.replayed), (7, 7));
        let log = audit::verify(&house.store, &key, None).await.unwrap();
        assert_eq!(log.damages, []);
        assert!(log.seals > 0);
        // Once more nothing is missing.
        let again = house.store.migrate(&migrations::all(), house.clock.now()).await;
        assert_eq!(again, Ok(0));
        drop(house);
        leave(stage).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_a_newer_version_has_changed_is_refused_untouched() {
    for stage in stages().await {
        let store = testing::open(&stage).await;
        let all = migrations::all();
        store.migrate(&all, jiff::Timestamp::UNIX_EPOCH).await.unwrap();
        let newer = store.write(|tx: &mut Tx| {
            tx.exec(
                "INSERT INTO migration (number, name, hash, applied_at) VALUES (999999, 'newer', 'x', 0)",
                &[],
            )
        });
        newer.await.unwrap();
        let known = all.iter().map(|step| step.number).max().unwrap();
        let refused = store.migrate(&all, jiff::Timestamp::UNIX_EPOCH).await;
        assert_eq!(
            refused,
            Err(StoreError::NewerSchema {
                found: 999_999,
                known
            })
        );
        leave(stage).await;
    }
}
