//! Reading, writing, committing, migrating.

use super::*;

#[tokio::test]
async fn values_go_in_by_their_number_and_come_back_as_they_were() {
    on_both_with(THINGS, async |store| {
        let id: Id<()> = clock().id();
        let (day, at) = (
            date(1944, 2, 29),
            "2026-03-01T08:00:00.123456Z".parse::<Timestamp>().unwrap(),
        );
        store
            .write(move |tx| {
                // $3 stands before $1: SQLite would number them by appearance.
                tx.exec(
                    "INSERT INTO thing (bytes, name, id, n) VALUES ($3, $2, $1, $4)",
                    vals![id, "Ђорђе", b"x".to_vec(), day],
                )
            })
            .await
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
        let row = store
            .read(move |tx| {
                tx.one(
                    "SELECT id, name, n, bytes, $2 FROM thing WHERE n = $1",
                    vals![day, "2"],
                )
            })
            .await;
        let row = row.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert_eq!(row.get::<Id<()>>(0), Ok(id));
        assert_eq!(row.get::<String>(1).as_deref(), Ok("Ђорђе"));
        assert_eq!(row.get::<Date>(2), Ok(day));
        assert_eq!(row.get::<Option<Vec<u8>>>(3), Ok(Some(b"x".to_vec())));
        assert!(matches!(
            row.get::<bool>(2),
            Err(StoreError::Value {
                column: 2,
                wanted: "bool"
            })
        ));
        assert!(row.get::<i64>(9).is_err());
        assert!(!format!("{row:?}").contains("Ђорђе"), "a row may be logged");

        let changed: Result<u64, StoreError> = store
            .write(move |tx| {
                let none: Option<String> = None;
                tx.exec(
                    "UPDATE thing SET n = $2, name = $3, bytes = $4 WHERE id = $1",
                    vals![id, at, none, [7u8; 16]],
                )
            })
            .await;
        assert_eq!(changed, Ok(1));
        let row = store
            .read(|tx| tx.one("SELECT n, name, bytes FROM thing", &[]))
            .await;
        let row = row.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert_eq!(row.get::<Timestamp>(0), Ok(at));
        assert_eq!(row.get::<Option<String>>(1), Ok(None));
        assert_eq!(row.get::<[u8; 16]>(2), Ok([7; 16]));
        assert_eq!(row.get::<Vec<u8>>(2), Ok(vec![7; 16]));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_number_of_values_is_refused() {
    on_both_with(THINGS, async |store| {
        for values in [vals![1].to_vec(), vals![1, 2, 3].to_vec()] {
            let read = store
                .read(move |tx| tx.query("SELECT name FROM thing WHERE n = $1 OR n = $2", &values))
                .await;
            assert!(matches!(read, Err(StoreError::Db(_))), "{read:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn refusals_of_the_schema_are_the_same_on_every_engine() {
    on_both_with(THINGS, async |store| {
        let clock = clock();
        let (one, two): (Id<()>, Id<()>) = (clock.id(), clock.id());
        store.write(move |tx| add(tx, one, "a", 1)).await.unwrap();
        let again = store.write(move |tx| add(tx, two, "a", 1)).await;
        assert_eq!(again, Err(StoreError::Unique("thing(name, n)".into())));
        let same_id = store.write(move |tx| add(tx, one, "b", 2)).await;
        assert_eq!(same_id, Err(StoreError::Unique("thing(id)".into())));
        let part = |thing: Id<()>, n: i64| {
            store.write(move |tx| {
                tx.exec(
                    "INSERT INTO part (id, thing, n) VALUES ($1, $2, $3)",
                    vals![two, thing, n],
                )
            })
        };
        assert_eq!(part(two, 1).await, Err(StoreError::Reference));
        assert!(matches!(part(one, 0).await, Err(StoreError::Check(_))));
        assert_eq!(part(one, 1).await, Ok(1));
        let removed = store
            .write(move |tx| tx.exec("DELETE FROM thing WHERE id = $1", vals![one]))
            .await;
        assert_eq!(removed, Err(StoreError::Reference));
        let null = store
            .write(move |tx| tx.exec("INSERT INTO part (id, thing) VALUES ($1, NULL)", vals![one]))
            .await;
        assert!(matches!(null, Err(StoreError::Check(what)) if what == "part.thing"));
        let many = store
            .read(|tx| tx.one("SELECT n FROM thing UNION ALL SELECT n FROM part", &[]))
            .await;
        assert_eq!(many, Err(StoreError::NotOne(2)));
        let none = store
            .read(|tx| tx.one("SELECT n FROM thing WHERE n = 77", &[]))
            .await;
        assert_eq!(none, Err(StoreError::NotOne(0)));
    })
    .await;
}

#[tokio::test]
async fn a_failed_statement_ends_its_transaction_whatever_the_closure_says() {
    on_both_with(THINGS, async |store| {
        let clock = clock();
        let (one, two): (Id<()>, Id<()>) = (clock.id(), clock.id());
        store.write(move |tx| add(tx, one, "a", 1)).await.unwrap();
        let swallowed: Result<Result<(), StoreError>, StoreError> = store
            .write(move |tx| {
                add(tx, two, "kept?", 2)?;
                let _ = add(tx, one, "clash", 3);
                Ok(add(tx, one, "after", 4))
            })
            .await;
        assert_eq!(swallowed, Err(StoreError::Unique("thing(id)".into())));
        assert_eq!(things(&store).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_or_panicking_write_does_not_disturb_its_neighbours() {
    on_both_with(THINGS, async |store| {
        let clock = clock();
        let writes = (0..300i64).map(|n| {
            let id: Id<()> = clock.id();
            store.write(move |tx| {
                add(tx, id, "row", n)?;
                match n % 3 {
                    0 => Ok(()),
                    1 => Err(StoreError::NotOne(7)),
                    _ => panic!("this one breaks off"),
                }
            })
        });
        for (n, outcome) in join_all(writes).await.into_iter().enumerate() {
            match n % 3 {
                0 => assert_eq!(outcome, Ok(())),
                1 => assert_eq!(outcome, Err(StoreError::NotOne(7))),
                _ => assert_eq!(outcome, Err(StoreError::Panicked)),
            }
        }
        assert_eq!(things(&store).await, 100);
        assert_eq!(
            count(&store, "SELECT count(*) FROM thing WHERE n % 3 <> 0").await,
            0
        );
        let broken = store
            .read(|_| -> Result<(), StoreError> { panic!("a reader breaks off") })
            .await;
        assert_eq!(broken, Err(StoreError::Panicked));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_means_that_everybody_sees_it() {
    on_both_with(THINGS, async |store| {
        let clock = clock();
        let writes = (0..200i64).map(|n| {
            let (store, id) = (store.clone(), clock.id::<()>());
            tokio::spawn(async move {
                store.write(move |tx| add(tx, id, "row", n)).await?;
                store
                    .read(move |tx| {
                        tx.one("SELECT n FROM thing WHERE id = $1", vals![id])?
                            .get::<i64>(0)
                    })
                    .await
            })
        });
        for (n, seen) in join_all(writes).await.into_iter().enumerate() {
            assert_eq!(seen.unwrap(), Ok(n as i64));
        }
    })
    .await;
}

/// Whether the answer came before the commit shows itself only from outside: with a second connection that looks
/// while the group is still open.
#[test]
fn a_group_shares_one_commit_and_answers_only_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let lite = lite::Lite::open(&path).unwrap();
    let outside = rusqlite::Connection::open(&path).unwrap();
    outside.execute_batch("CREATE TABLE t (n BIGINT)").unwrap();
    let seen = move || {
        outside
            .query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0))
            .unwrap()
    };

    // The first job holds the group open until the others are queued behind it.
    let (all_queued, go) = std::sync::mpsc::channel::<()>();
    let (go, answers) = (Mutex::new(go), Arc::new(Mutex::new(Vec::new())));
    let (finished, wait) = std::sync::mpsc::channel();
    let seen = Arc::new(Mutex::new(seen));
    for n in 0..5i64 {
        let (answers, finished, seen) = (Arc::clone(&answers), finished.clone(), Arc::clone(&seen));
        let hold =
            (n == 0).then(|| std::mem::replace(&mut *go.lock().unwrap(), std::sync::mpsc::channel().1));
        lite.queue(Box::new(move |tx| {
            if let Some(hold) = hold {
                hold.recv().unwrap();
            }
            tx.exec("INSERT INTO t (n) VALUES ($1)", vals![n]).unwrap();
            let before = (seen.lock().unwrap())();
            assert!(
                answers.lock().unwrap().is_empty(),
                "an answer went out inside the group"
            );
            Box::new(move |committed| {
                committed.unwrap();
                answers.lock().unwrap().push((before, (seen.lock().unwrap())()));
                finished.send(()).unwrap();
            })
        }));
    }
    all_queued.send(()).unwrap();
    (0..5).for_each(|_| wait.recv_timeout(Duration::from_secs(20)).unwrap());
    assert_eq!(
        *answers.lock().unwrap(),
        [(0, 5); 5],
        "nothing seen before, everything seen with the first answer"
    );
}

#[tokio::test]
async fn a_commit_that_fails_fails_for_everybody_in_it() {
    let store = Store::open(&StoreUrl::Temporary, &Options::default()).unwrap();
    store.migrate(THINGS, NOW).await.unwrap();
    let clock = clock();
    let (one, two): (Id<()>, Id<()>) = (clock.id(), clock.id());
    // One of the group breaks the transaction they share, as a full disk would.
    let first = store.write(move |tx| {
        std::thread::yield_now();
        add(tx, one, "a", 1)
    });
    let breaker = store.write(|tx| tx.control("ROLLBACK"));
    let third = store.write(move |tx| add(tx, two, "b", 2));
    let (first, breaker, third) = tokio::join!(first, breaker, third);
    assert!(breaker.is_err());
    let kept = i64::from(first.is_ok()) + i64::from(third.is_ok());
    assert_eq!(
        things(&store).await,
        kept,
        "whoever was told so is stored, and nobody else"
    );
}

#[tokio::test]
async fn a_read_sees_one_state_however_many_statements_it_has() {
    on_both_with(THINGS, async |store| {
        let ids: Vec<Id<()>> = (0..50).map(|_| clock().id()).collect();
        let writer = async {
            for id in ids {
                store.write(move |tx| add(tx, id, "row", 0)).await.ok();
            }
        };
        let reader = async {
            for _ in 0..50 {
                let runs = Arc::new(AtomicU32::new(0));
                let both: Result<(i64, i64), StoreError> = store
                    .read(move |tx| {
                        runs.fetch_add(1, Ordering::Relaxed);
                        let first = tx.one("SELECT count(*) FROM thing", &[])?.get(0)?;
                        let then = tx.one("SELECT count(id) FROM thing", &[])?.get(0)?;
                        Ok((first, then))
                    })
                    .await;
                let (first, then) = both.unwrap();
                assert_eq!(first, then);
            }
        };
        tokio::join!(writer, reader);
    })
    .await;
}

#[tokio::test]
async fn a_reader_writes_nothing() {
    on_both_with(THINGS, async |store| {
        let id: Id<()> = clock().id();
        for statements_before in [0, 1] {
            let wrote = store.read(move |tx| {
                for _ in 0..statements_before {
                    tx.query("SELECT 1", &[])?;
                }
                add(tx, id, "a", 1)
            });
            let wrote = wrote.await;
            assert!(matches!(wrote, Err(StoreError::Db(_))), "{wrote:?}");
        }
        assert_eq!(things(&store).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_closure_is_run_again_after_a_conflict_and_leaves_one_result() {
    let Some(url) = testing::database().await else {
        return;
    };
    let options = Options {
        connections: 2,
        conflict_every: std::num::NonZeroU64::new(2),
        ..Options::default()
    };
    let store = Store::open(&StoreUrl::Postgres(url), &options).unwrap();
    store.migrate(THINGS, NOW).await.unwrap();
    let clock = clock();
    let runs = Arc::new(AtomicU32::new(0));
    for n in 0..10 {
        let (id, runs) = (clock.id::<()>(), Arc::clone(&runs));
        let write = store.write(move |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            add(tx, id, "row", n)
        });
        write.await.unwrap();
    }
    assert_eq!(things(&store).await, 10);
    assert!(
        (19..=21).contains(&runs.load(Ordering::Relaxed)),
        "every second commit was refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_really_meet_are_run_again() {
    on_both_with(THINGS, async |store| {
        let id: Id<()> = clock().id();
        store.write(move |tx| add(tx, id, "counter", 0)).await.unwrap();
        // Read, then write what was read and one more: lost updates without SERIALIZABLE, were there no version.
        let adds = (0..60).map(|_| {
            store.write(move |tx| -> Result<(), StoreError> {
                let n: i64 = tx.one("SELECT n FROM thing WHERE id = $1", vals![id])?.get(0)?;
                match tx.exec(
                    "UPDATE thing SET n = $2 WHERE id = $1 AND n = $3",
                    vals![id, n + 1, n],
                )? {
                    1 => Ok(()),
                    _ => Err(StoreError::NotOne(0)),
                }
            })
        });
        let done = join_all(adds).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(
            count(&store, "SELECT n FROM thing").await,
            done as i64,
            "an update was lost"
        );
        assert!(done > 0);
    })
    .await;
}

#[tokio::test]
async fn a_line_that_breaks_is_mended_and_the_work_done_once() {
    let Some(url) = testing::database().await else {
        return;
    };
    let store = Store::open(
        &StoreUrl::Postgres(url),
        &Options {
            connections: 1,
            ..Options::default()
        },
    )
    .unwrap();
    store.migrate(THINGS, NOW).await.unwrap();
    let cut = || async {
        let pid: i64 = count(&store, "SELECT pg_backend_pid()").await;
        testing::end_backend(pid).await;
    };
    cut().await;
    let id: Id<()> = clock().id();
    store.write(move |tx| add(tx, id, "a", 1)).await.unwrap();
    cut().await;
    assert_eq!(things(&store).await, 1);
    let lost = Store::open(
        &StoreUrl::Postgres("postgres://k@127.0.0.1:1/none".into()),
        &Options::default(),
    )
    .unwrap();
    assert_eq!(lost.migrate(THINGS, NOW).await, Err(StoreError::Closed));
}

#[tokio::test]
async fn a_settled_store_leaves_nothing_in_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::Sqlite(folder.path().join("store.db"));
    let store = Store::open(&url, &Options::default()).unwrap();
    store.migrate(THINGS, NOW).await.unwrap();
    let id: Id<()> = clock().id();
    store.write(move |tx| add(tx, id, "row", 1)).await.unwrap();
    let log = || {
        std::fs::metadata(folder.path().join("store.db-wal"))
            .unwrap()
            .len()
    };
    assert!(log() > 0);
    store.settle().await.unwrap();
    assert_eq!(log(), 0);
    assert_eq!(things(&store).await, 1);
}

#[tokio::test]
async fn a_store_closes_after_what_was_queued_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::Sqlite(folder.path().join("a folder/store.db"));
    let store = Store::open(&url, &Options::default()).unwrap();
    store.migrate(THINGS, NOW).await.unwrap();
    let clock = clock();
    for n in 0..100 {
        let id: Id<()> = clock.id();
        // Asked once and never waited for.
        let mut write = Box::pin(store.write(move |tx| add(tx, id, "row", n)));
        assert!(futures_util::FutureExt::now_or_never(&mut write).is_none());
    }
    drop(store);
    let store = Store::open(&url, &Options::default()).unwrap();
    assert_eq!(things(&store).await, 100);
    let (sync, journal) = store
        .write(|tx| {
            let sync = tx.one("PRAGMA synchronous", &[])?.get::<i64>(0)?;
            Ok::<_, StoreError>((sync, tx.one("PRAGMA journal_mode", &[])?.get::<String>(0)?))
        })
        .await
        .unwrap();
    assert_eq!((sync, journal.as_str()), (2, "wal"), "2 is FULL");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let StoreUrl::Sqlite(path) = &url else { panic!() };
        assert_eq!(
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[tokio::test]
async fn migrations_are_applied_once_and_together() {
    for stage in testing::stages().await {
        let store = testing::open(&stage).await;
        let more = Migration::both(11, "more", "CREATE TABLE more (id {ID} PRIMARY KEY)");
        let known: Vec<Migration> = [MIGRATIONS, THINGS].concat();
        let newer: Vec<Migration> = [known.as_slice(), &[more]].concat();
        assert_eq!(store.migrate(&known, NOW).await, Ok(4));
        assert_eq!(store.migrate(&known, NOW).await, Ok(0));
        // A mistake in the second of two leaves neither.
        let wrong = Migration::both(12, "wrong", "CREATE TABLE more (id {ID} PRIMARY KEY)");
        let failed = store.migrate(&[newer.as_slice(), &[wrong]].concat(), NOW).await;
        assert!(
            matches!(failed, Err(StoreError::Migration { number: 12, .. })),
            "{failed:?}"
        );
        assert_eq!(store.migrate(&known, NOW).await, Ok(0));
        assert_eq!(store.migrate(&newer, NOW).await, Ok(1));
        assert_eq!(
            store.migrate(&known, NOW).await,
            Err(StoreError::NewerSchema { found: 11, known: 10 })
        );
        let changed = Migration::both(11, "more", "CREATE TABLE more (id {ID})");
        let refused = store.migrate(&[known.as_slice(), &[changed]].concat(), NOW).await;
        assert!(
            matches!(refused, Err(StoreError::Migration { number: 11, .. })),
            "{refused:?}"
        );
        let twice = store.migrate(&[known.as_slice(), THINGS].concat(), NOW).await;
        assert!(
            matches!(twice, Err(StoreError::Migration { number: 10, .. })),
            "{twice:?}"
        );
        drop(store);
        testing::leave(stage).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_start_together_migrate_once() {
    let folder = tempfile::tempdir().unwrap();
    for mut stage in testing::stages().await {
        if stage.url == StoreUrl::Temporary {
            stage.url = StoreUrl::Sqlite(folder.path().join("shared.db"));
        }
        let stores: Vec<Store> = join_all((0..4).map(|_| testing::open(&stage))).await;
        let known: Vec<Migration> = [MIGRATIONS, THINGS].concat();
        let applied = join_all(stores.iter().map(|store| store.migrate(&known, NOW))).await;
        let applied: Vec<usize> = applied.into_iter().map(Result::unwrap).collect();
        assert_eq!(applied.iter().sum::<usize>(), 4, "on {}: {applied:?}", stage.name);
        drop(stores);
        testing::leave(stage).await;
    }
}

#[tokio::test]
async fn each_engine_says_which_it_is() {
    let stages = testing::stages().await;
    for (number, stage) in stages.iter().enumerate() {
        let store = testing::open(stage).await;
        let wanted = if number == 0 {
            Dialect::Sqlite
        } else {
            Dialect::Postgres
        };
        let seen = store.read(|tx| Ok::<_, StoreError>(tx.dialect())).await;
        assert_eq!((store.dialect(), seen), (wanted, Ok(wanted)));
    }
    assert_eq!(Val::from(true), Val::from(1));
    for stage in stages {
        testing::leave(stage).await;
    }
}
