//! Copies of a house at work: taken on each engine, restored into each engine, and every way in which a file may be wrong.

use super::{BackupError, Progress, check, restore, save};
use crate::{
    audit::{self, SealKey},
    clock::Clock,
    demo::population,
    generate::{Population, Settings, pack_text},
    house::{self, House},
    migrations,
    objects::{ContentHash, Objects},
    pack,
    store::{
        Options, Store, StoreError, StoreUrl, Tx,
        testing::{self, on_both_with},
    },
    verify::{self, Depth},
};
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn quiet(_: Progress) {}

/// A house of some hundred people on a store.
async fn house_of(store: Store, key: &SealKey, persons: u64) -> House {
    let mut settings = house::Settings::new(store, pack::files("me").unwrap());
    settings.clock = Some(Clock::fixed(
        "2025-03-10T08:00:00Z".parse().unwrap(),
        TimeZone::UTC,
    ));
    settings.seal_key = key.clone();
    let house = house::open(settings).await.unwrap().house;
    if persons > 0 {
        let people = Settings::read(&pack_text("me").unwrap()).unwrap();
        let population = Population {
            seed: 3,
            persons,
            today: house.clock.today(),
        };
        population::load(&house, &people, population, |_| ())
            .await
            .unwrap();
        audit::seal(&house.store, &house.clock, key).await.unwrap();
    }
    house
}

/// Every row of every table, in the order of the copy, as one text; engines print ids and bytes alike here.
async fn contents(store: &Store) -> Vec<String> {
    let read = store.read(|tx: &mut Tx| {
        let mut lines = Vec::new();
        let (tables, _) = super::tables::all(tx)?;
        for table in tables {
            let columns = super::tables::list(&table.columns);
            for row in tx.query(&format!("SELECT {columns} FROM \"{}\"", table.name), &[])? {
                let mut bytes = Vec::new();
                for column in 0..table.columns.len() {
                    super::rows::put(&mut bytes, &row.get(column)?);
                }
                lines.push(format!("{} {}", table.name, crate::http::hex(&bytes)));
            }
        }
        lines.sort_unstable();
        Ok::<_, BackupError>(lines)
    });
    read.await.unwrap()
}

async fn empty_stores() -> Vec<(Store, testing::Stage)> {
    let mut stores = Vec::new();
    for stage in testing::stages().await {
        stores.push((testing::open(&stage).await, stage));
    }
    stores
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_taken_on_any_engine_is_the_same_store_on_every_other() {
    on_both_with(&[], async |store| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copy");
        let key = SealKey::passing();
        let house = house_of(store, &key, 300).await;
        let now = house.clock.now();
        let saved = save(&house.store, Some(&house.objects), &file, &key, now, quiet).await.unwrap();
        assert!(saved.rows["person"] >= 300 && saved.rows["audit_entry"] > 300);
        let checked = check(&file, quiet).unwrap();
        assert_eq!(
            (&checked.rows, &checked.hash, checked.bytes),
            (&saved.rows, &saved.hash, saved.bytes)
        );
        let before = contents(&house.store).await;
        for (other, stage) in empty_stores().await {
            let restored = restore(&other, None, &file, &migrations::all(), now, quiet)
                .await
                .unwrap();
            assert_eq!((&restored.rows, restored.migrated), (&saved.rows, 0));
            assert_eq!(contents(&other).await, before, "into {}", stage.name);
            let books = verify::books(&other, Depth::Full).await.unwrap();
            assert_eq!(books.violations, []);
            let log = audit::verify(&other, &key, None).await.unwrap();
            assert_eq!(log.damages, []);
            let again = restore(&other, None, &file, &migrations::all(), now, quiet).await;
            assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");
            // The references hold again as before.
            let orphan = other
                .write(|tx: &mut Tx| {
                    tx.exec(
                        "INSERT INTO office (id, code, name, kind, parent) VALUES ($1, 'X', '{}', 'unit', $2)",
                        crate::vals![uuid::Uuid::from_bytes([1; 16]), uuid::Uuid::from_bytes([2; 16])],
                    )
                })
                .await;
            assert_eq!(orphan, Err(StoreError::Reference), "into {}", stage.name);
            // The house goes on where it was.
            let house = house_of(other, &key, 0).await;
            assert!(!house.offices.all().is_empty());
            drop(house);
            testing::leave(stage).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_one_moment_however_much_is_written_meanwhile() {
    on_both_with(&[], async |store| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copy");
        let key = SealKey::passing();
        let house = house_of(store, &key, 200).await;
        let before = contents(&house.store).await;
        let (writer, now) = (house.store.clone(), house.clock.now());
        let runtime = tokio::runtime::Handle::current();
        // At the first rows of people somebody writes; the copy goes on as if nobody had.
        let written = std::sync::atomic::AtomicBool::new(false);
        let told = move |progress: Progress| {
            if progress.table == "office" && !written.swap(true, std::sync::atomic::Ordering::SeqCst) {
                let writer = writer.clone();
                let (done, waited) = std::sync::mpsc::channel();
                runtime.spawn(async move {
                    let gone = writer
                        .write(|tx: &mut Tx| {
                            tx.exec("UPDATE person SET given = 'Niko'", &[])?;
                            tx.exec("DELETE FROM person_token", &[])
                        })
                        .await;
                    done.send(gone.is_ok()).unwrap();
                });
                assert!(waited.recv().unwrap(), "nobody waits for a copy");
            }
        };
        save(&house.store, Some(&house.objects), &file, &key, now, told)
            .await
            .unwrap();
        assert_ne!(contents(&house.store).await, before);
        let other = Store::open(&StoreUrl::Temporary, &Options::default()).unwrap();
        restore(&other, None, &file, &migrations::all(), now, quiet)
            .await
            .unwrap();
        assert_eq!(contents(&other).await, before);
    })
    .await;
}

/// A copy of a small house, and the empty store on which wrong ones are tried.
async fn copied(folder: &Path) -> PathBuf {
    let store = Store::open(&StoreUrl::Temporary, &Options::default()).unwrap();
    let key = SealKey::passing();
    let house = house_of(store, &key, 50).await;
    let file = folder.join("copy");
    save(
        &house.store,
        Some(&house.objects),
        &file,
        &key,
        house.clock.now(),
        quiet,
    )
    .await
    .unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_cut_or_altered_is_refused_with_its_place_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = copied(folder.path()).await;
    let whole = fs::read(&file).unwrap();
    let wrong = folder.path().join("wrong");
    let verdict = |bytes: &[u8]| {
        fs::write(&wrong, bytes).unwrap();
        check(&wrong, quiet).unwrap_err().to_string()
    };
    // At every place of a copy: cut there, one bit turned there.
    let step = (whole.len() / 200).max(1);
    for at in (0..whole.len()).step_by(step) {
        let said = verdict(&whole[..at]);
        assert!(
            said.contains("cut off at byte") || (at == 0 && said.contains("no backup")),
            "{at}: {said}"
        );
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let said = verdict(&bytes);
        let named = said.contains("altered at byte") || said.contains("cut off at byte");
        assert!(named || (at < 16 && said.contains("backup")), "{at}: {said}");
    }
    let said = verdict(&[&whole[..], b"x"].concat());
    assert_eq!(
        said,
        format!("after its end, at byte {}, the backup goes on", whole.len())
    );
    assert_eq!(verdict(b"PK\x03\x04 a zip"), "this is no backup of Karton");
    assert_eq!(verdict(b""), "this is no backup of Karton");
    let mut newer = whole.clone();
    newer[14] = b'9';
    assert!(verdict(&newer).contains("newer version"));
    // Deep inside, the table and the row are named.
    let said = verdict(&whole[..whole.len() / 2]);
    assert!(said.contains("table"), "{said}");
    for (store, stage) in empty_stores().await {
        fs::write(&wrong, &whole[..whole.len() - 40]).unwrap();
        let refused = restore(
            &store,
            None,
            &wrong,
            &migrations::all(),
            Timestamp::UNIX_EPOCH,
            quiet,
        )
        .await;
        assert!(matches!(refused, Err(BackupError::Broken(_))), "{refused:?}");
        let left = store
            .read(|tx: &mut Tx| super::tables::names(tx).map(|names| names.len()))
            .await;
        assert_eq!(left, Ok(0), "on {}", stage.name);
        testing::leave(stage).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_newer_schema_is_refused_and_one_of_an_older_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let all = migrations::all();
    let without_last: Vec<_> = all
        .iter()
        .filter(|step| step.number != super::MIGRATION.number)
        .copied()
        .collect();
    for (old, stage) in empty_stores().await {
        let file = folder.path().join(stage.name.replace([' ', ','], ""));
        old.migrate(&without_last, Timestamp::UNIX_EPOCH).await.unwrap();
        let key = SealKey::passing();
        save(&old, None, &file, &key, Timestamp::UNIX_EPOCH, quiet)
            .await
            .unwrap();
        for (new, stage) in empty_stores().await {
            let restored = restore(&new, None, &file, &all, Timestamp::UNIX_EPOCH, quiet).await;
            assert_eq!(restored.unwrap().migrated, 1, "on {}", stage.name);
            testing::leave(stage).await;
        }
        old.migrate(&all, Timestamp::UNIX_EPOCH).await.unwrap();
        fs::remove_file(&file).unwrap();
        save(&old, None, &file, &key, Timestamp::UNIX_EPOCH, quiet)
            .await
            .unwrap();
        let fresh = Store::open(&StoreUrl::Temporary, &Options::default()).unwrap();
        let refused = restore(&fresh, None, &file, &without_last, Timestamp::UNIX_EPOCH, quiet).await;
        assert!(
            matches!(
                refused,
                Err(BackupError::Store(StoreError::NewerSchema { found: 200, .. }))
            ),
            "{refused:?}"
        );
        testing::leave(stage).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_there_is_not_written_over_and_a_failed_copy_leaves_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = copied(folder.path()).await;
    let before = fs::read(&file).unwrap();
    let store = Store::open(&StoreUrl::Temporary, &Options::default()).unwrap();
    let key = SealKey::passing();
    let again = save(&store, None, &file, &key, Timestamp::UNIX_EPOCH, quiet).await;
    assert!(matches!(again, Err(BackupError::Io(_))));
    assert_eq!(fs::read(&file).unwrap(), before);
    // A store without a schema cannot be copied.
    let none = folder.path().join("none");
    let failed = save(&store, None, &none, &key, Timestamp::UNIX_EPOCH, quiet).await;
    assert!(failed.is_err());
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_of_documents_go_along_and_what_was_swept_away_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy");
    let key = SealKey::passing();
    let store = Store::open(&StoreUrl::Temporary, &Options::default()).unwrap();
    let house = house_of(store, &key, 20).await;
    let long: Vec<u8> = (0..3_000_000_u32)
        .flat_map(u32::to_le_bytes)
        .take(3_000_000)
        .collect();
    let mut hashes = Vec::new();
    for content in [b"a short one".to_vec(), long] {
        let hash = ContentHash::of(Sha256::digest(&content).into());
        let size = i64::try_from(content.len()).unwrap();
        let chunks = content.chunks(70_000).map(|chunk| Ok(chunk.to_vec().into()));
        let chunks: Vec<std::io::Result<axum::body::Bytes>> = chunks.collect();
        house.objects.put_bytes(hash, chunks.into_iter()).await.unwrap();
        house
            .store
            .write(move |tx: &mut Tx| {
                let sql = "INSERT INTO stored_object (hash, size, claimed_at, leaving) VALUES ($1, $2, 0, 0)";
                tx.exec(sql, crate::vals![hash, size])
            })
            .await
            .unwrap();
        hashes.push(hash);
    }
    let now = house.clock.now();
    let without = save(&house.store, None, &file, &key, now, quiet).await;
    assert!(matches!(without, Err(BackupError::NoObjects)), "{without:?}");
    let saved = save(&house.store, Some(&house.objects), &file, &key, now, quiet)
        .await
        .unwrap();
    assert_eq!(saved.objects, 2);
    assert_eq!(check(&file, quiet).unwrap().objects, 2);
    for (other, stage) in empty_stores().await {
        let objects = Objects::passing().unwrap();
        let refused = restore(&other, None, &file, &migrations::all(), now, quiet).await;
        assert!(matches!(refused, Err(BackupError::NoObjects)), "{refused:?}");
        restore(&other, Some(&objects), &file, &migrations::all(), now, quiet)
            .await
            .unwrap();
        for hash in &hashes {
            objects.check(*hash).await.unwrap();
        }
        testing::leave(stage).await;
    }
    // A row whose bytes are gone cannot be copied as if they were there.
    house.objects.remove(hashes[0]).await.unwrap();
    std::fs::remove_file(&file).unwrap();
    let lost = save(&house.store, Some(&house.objects), &file, &key, now, quiet).await;
    assert!(matches!(lost, Err(BackupError::Object(_))), "{lost:?}");
}
