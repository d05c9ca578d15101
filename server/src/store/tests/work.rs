//! Numbers, keys of requests, jobs.

use super::*;
use idempotency::{Answer, Key, Refused, once};
use jobs::{Handlers, NewJob, Pace, Setback};
use karton_api::value::Officer;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn numbers_drawn_at_the_same_instant_have_no_gaps_or_clashes() {
    on_both(async |store| {
        let draws = (0..300).map(|n| {
            store.write(move |tx| {
                let number = numbers::draw(tx, "PG", if n % 2 == 0 { "UP" } else { "R" }, 2026)?;
                // Some have their work refused after the draw: the number goes back.
                if n % 5 == 0 {
                    Err(StoreError::NotOne(0))
                } else {
                    Ok((n % 2, number))
                }
            })
        });
        let drawn: Vec<(i32, i64)> = join_all(draws).await.into_iter().flatten().collect();
        for series in [0, 1] {
            let mut numbers: Vec<i64> = drawn
                .iter()
                .filter(|drawn| drawn.0 == series)
                .map(|drawn| drawn.1)
                .collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (1..=120).collect::<Vec<i64>>());
        }
        let next = store.write(|tx| numbers::draw(tx, "PG", "UP", 2027)).await;
        assert_eq!(next, Ok(1), "every year begins at 1");
    })
    .await;
}

fn officer() -> Id<Officer> {
    clock().id()
}

/// A request as a handler would carry it out: a thing, made once, and its answer.
async fn request(store: &Store, clock: &Clock, key: Key, content: i64) -> Result<Answer, Refused> {
    let (id, now) = (clock.id::<()>(), clock.now());
    once(store, clock, &key, async {
        let taken = key.clone();
        let made: Result<(), Refused> = store
            .write(move |tx| {
                taken.take(tx, now)?;
                add(tx, id, "thing", content)?;
                Ok(())
            })
            .await;
        let (status, body) = made.map_or_else(|why| (409, why.to_string()), |()| (201, id.to_string()));
        Answer {
            status,
            headers: "etag: 1".into(),
            body: body.into(),
        }
    })
    .await
}

fn hash(content: i64) -> [u8; 32] {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&content.to_le_bytes());
    hash
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_pairs_of_one_key_make_a_thousand_things() {
    let tables = [MIGRATIONS, THINGS].concat();
    on_both_with(&tables, async |store| pairs(&store, &store, 1000).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_make_each_thing_once() {
    let tables = [MIGRATIONS, THINGS].concat();
    let folder = tempfile::tempdir().unwrap();
    for mut stage in testing::stages().await {
        if stage.url == StoreUrl::Temporary {
            stage.url = StoreUrl::Sqlite(folder.path().join("shared.db"));
        }
        let (one, other) = (testing::open(&stage).await, testing::open(&stage).await);
        one.migrate(&tables, NOW).await.unwrap();
        pairs(&one, &other, 200).await;
        drop((one, other));
        testing::leave(stage).await;
    }
}

async fn pairs(one: &Store, other: &Store, n: i64) {
    let (clock, officer) = (clock(), officer());
    let requests = (0..2 * n).map(|i| {
        let store = if i % 2 == 0 { one } else { other }.clone();
        let (clock, pair) = (clock.clone(), i / 2);
        let key = Key::new(officer, &format!("key-{pair}"), hash(pair));
        tokio::spawn(async move { request(&store, &clock, key, pair).await })
    });
    let answers: Vec<Answer> = join_all(requests)
        .await
        .into_iter()
        .map(|it| it.unwrap().unwrap())
        .collect();
    for (first, second) in answers.iter().step_by(2).zip(answers.iter().skip(1).step_by(2)) {
        assert_eq!(first.status, 201);
        assert_eq!(first, second, "both hear of the same thing");
    }
    assert_eq!(things(one).await, n);
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_officer_for_a_day() {
    let tables = [MIGRATIONS, THINGS].concat();
    on_both_with(&tables, async |store| {
        let (clock, ana, ion) = (clock(), officer(), officer());
        let ask = |officer, content| {
            let key = Key::new(officer, "k", hash(content));
            request(&store, &clock, key, content)
        };
        let first = ask(ana, 1).await.unwrap();
        assert_eq!(ask(ana, 1).await.as_ref(), Ok(&first));
        assert_eq!(ask(ana, 2).await, Err(Refused::Reused));
        assert_ne!(ask(ion, 3).await.as_ref(), Ok(&first));
        assert_eq!(things(&store).await, 2);

        clock.advance(SignedDuration::from_hours(24));
        assert_eq!(
            ask(ana, 4).await.unwrap().status,
            201,
            "after a day the key is free"
        );
        let now = clock.now();
        assert_eq!(
            store
                .write(move |tx| idempotency::forget_expired(tx, now, 10))
                .await,
            Ok(1)
        );
        assert_eq!(count(&store, "SELECT count(*) FROM idempotency").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free_and_a_lost_answer_never_makes_the_thing_again() {
    let tables = [MIGRATIONS, THINGS].concat();
    on_both_with(&tables, async |store| {
        let clock = clock();
        let key = Key::new(officer(), "k", hash(1));
        let refused = once(&store, &clock, &key, async {
            let (taken, now) = (key.clone(), clock.now());
            let work = store.write(move |tx| -> Result<(), Refused> {
                taken.take(tx, now)?;
                Err(StoreError::Reference.into())
            });
            assert!(work.await.is_err());
            Answer {
                status: 409,
                headers: String::new(),
                body: Vec::new(),
            }
        });
        assert_eq!(refused.await.unwrap().status, 409);
        assert_eq!(
            request(&store, &clock, key, 1).await.unwrap().status,
            201,
            "the repeat is judged anew"
        );

        let dies = Key::new(officer(), "dies", hash(2));
        let (taken, now) = (dies.clone(), clock.now());
        store.write(move |tx| taken.take(tx, now)).await.unwrap();
        let again = Key::new(officer_of(&dies), "dies", hash(2));
        assert_eq!(request(&store, &clock, again, 2).await, Err(Refused::NoAnswer));
        assert_eq!(things(&store).await, 1);
    })
    .await;
}

fn officer_of(key: &Key) -> Id<Officer> {
    key.officer()
}

async fn post(store: &Store, clock: &Clock, queue: &'static str, payload: &str) {
    let job = NewJob::new(clock.id(), queue, clock.now()).payload(payload);
    store
        .write(move |tx| jobs::post(tx, &job))
        .await
        .map(drop)
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
}

async fn claim(store: &Store, clock: &Clock, worker: &str, n: usize) -> Vec<jobs::Job> {
    jobs::claim(
        store,
        clock.now(),
        worker,
        &["letter", "register"],
        n,
        SignedDuration::from_secs(60),
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn a_job_is_leased_and_leased_again_when_the_lease_lapses() {
    on_both(async |store| {
        let clock = clock();
        post(&store, &clock, "letter", "a").await;
        post(&store, &clock, "someone-elses", "z").await;
        let mine = claim(&store, &clock, "one", 5).await;
        assert_eq!(
            mine.iter()
                .map(|job| (job.payload.as_str(), job.tries))
                .collect::<Vec<_>>(),
            [("a", 1)]
        );
        assert!(claim(&store, &clock, "two", 5).await.is_empty());
        clock.advance(SignedDuration::from_secs(61));
        let theirs = claim(&store, &clock, "two", 5).await;
        assert_eq!(theirs.iter().map(|job| job.tries).collect::<Vec<_>>(), [2]);
        let (late, now_theirs) = (mine[0].clone(), theirs[0].clone());
        assert_eq!(
            store.write(move |tx| jobs::done(tx, &late)).await,
            Ok(false),
            "whoever slept keeps no result"
        );
        assert_eq!(store.write(move |tx| jobs::done(tx, &now_theirs)).await, Ok(true));
        assert_eq!(count(&store, "SELECT count(*) FROM job").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_workers_take_every_job_once() {
    on_both(async |store| {
        let clock = clock();
        join_all((0..60).map(|n| post(&store, &clock, "letter", if n % 2 == 0 { "a" } else { "b" }))).await;
        let workers = ["one", "two", "three", "four"].map(|name| {
            let (store, clock) = (store.clone(), clock.clone());
            async move {
                let mut taken = Vec::new();
                loop {
                    let jobs = claim(&store, &clock, name, 4).await;
                    if jobs.is_empty() {
                        return taken;
                    }
                    taken.extend(jobs.into_iter().map(|job| job.id));
                }
            }
        });
        let mut taken: Vec<_> = join_all(workers).await.concat();
        // Rows another is about to take are skipped, not waited for: a last look finds what that left.
        taken.extend(
            claim(&store, &clock, "last", 60)
                .await
                .into_iter()
                .map(|job| job.id),
        );
        assert_eq!(taken.len(), 60);
        assert_eq!(taken.into_iter().collect::<BTreeSet<_>>().len(), 60);
    })
    .await;
}

#[tokio::test]
async fn a_job_of_the_same_key_is_posted_once_and_none_without_its_transaction() {
    on_both(async |store| {
        let clock = clock();
        for new in [true, false] {
            let job = NewJob::new(clock.id(), "letter", clock.now()).once("decision-1");
            assert_eq!(
                store.write(move |tx| jobs::post(tx, &job)).await,
                Ok::<_, StoreError>(new)
            );
        }
        let job = NewJob::new(clock.id(), "letter", clock.now());
        let rolled_back = store.write(move |tx| -> Result<(), StoreError> {
            jobs::post(tx, &job)?;
            Err(StoreError::Reference)
        });
        assert_eq!(rolled_back.await, Err(StoreError::Reference));
        assert_eq!(count(&store, "SELECT count(*) FROM job").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_hears_of_a_job_at_once_bears_setbacks_and_stops_when_told() {
    on_both(async |store| {
        let clock = clock();
        let done = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&done);
        let handlers = Handlers::new().on("letter", move |job| {
            let record = Arc::clone(&record);
            async move {
                record.lock().unwrap().push((job.payload.clone(), job.tries));
                match (job.payload.as_str(), job.tries) {
                    ("later", 1) => Err(Setback::Later("not yet".into())),
                    ("breaks", 1) => panic!("the handler breaks off"),
                    ("never", _) => Err(Setback::Never("cannot be".into())),
                    _ => Ok(()),
                }
            }
        });
        // Nothing is looked for by the clock: what is found was called.
        let pace = Pace {
            look_every: Duration::from_secs(3600),
            ..Pace::default()
        };
        let worker = jobs::run(store.clone(), clock.clone(), "one", handlers, pace);
        worker.drained().await;
        for payload in ["plain", "later", "never", "breaks"] {
            post(&store, &clock, "letter", payload).await;
        }
        // Long before the hour is over, and without being asked to drain.
        tokio::time::timeout(Duration::from_secs(30), async {
            while done.lock().unwrap().len() < 4 {
                tokio::task::yield_now().await;
            }
        })
        .await
        .unwrap();
        worker.drained().await;
        let counted = store.read(jobs::count).await;
        assert_eq!(
            counted,
            Ok::<_, StoreError>(jobs::Count {
                waiting: 2,
                running: 0,
                dead: 1
            })
        );
        clock.advance(SignedDuration::from_secs(6));
        worker.drained().await;
        let counted = store.read(jobs::count).await;
        assert_eq!(
            counted,
            Ok::<_, StoreError>(jobs::Count {
                waiting: 0,
                running: 0,
                dead: 1
            })
        );
        let dead = store
            .read(|tx| tx.one("SELECT id, last_error FROM job", &[]))
            .await;
        let dead = dead.unwrap_or_else(|error: StoreError| panic!("{error}"));
        assert_eq!(dead.get::<String>(1).as_deref(), Ok("cannot be"));
        let (id, now) = (dead.get(0).unwrap(), clock.now());
        assert_eq!(
            store.write(move |tx| jobs::revive(tx, id, now)).await,
            Ok::<_, StoreError>(true)
        );
        worker.drained().await;
        let mut seen = done.lock().unwrap().clone();
        seen.sort();
        let wanted = [
            ("breaks", 1),
            ("breaks", 2),
            ("later", 1),
            ("later", 2),
            ("never", 1),
            ("never", 1),
            ("plain", 1),
        ];
        assert_eq!(
            seen.iter()
                .map(|(payload, tries)| (payload.as_str(), *tries))
                .collect::<Vec<_>>(),
            wanted
        );
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_kept_alive_while_the_work_lasts_and_a_stopping_worker_finishes_it() {
    on_both(async |store| {
        let clock = clock();
        let (finish, finished) = tokio::sync::watch::channel(false);
        let (begun, mut beginning) = tokio::sync::watch::channel(false);
        let begun = Arc::new(begun);
        let handlers = Handlers::new().on("letter", move |_| {
            let (mut finished, begun) = (finished.clone(), Arc::clone(&begun));
            async move {
                begun.send_replace(true);
                finished
                    .wait_for(|done| *done)
                    .await
                    .map(drop)
                    .map_err(|_| Setback::Never("left alone".into()))
            }
        });
        let pace = Pace {
            lease: Duration::from_millis(30),
            ..Pace::default()
        };
        post(&store, &clock, "letter", "long").await;
        let worker = jobs::run(store.clone(), clock.clone(), "one", handlers, pace);
        beginning.wait_for(|begun| *begun).await.unwrap();
        // The clock moves on; the lease moves with it at the next beat.
        clock.advance(SignedDuration::from_secs(10));
        let now = clock.now();
        tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                let held: Result<Timestamp, StoreError> = store
                    .read(|tx| tx.one("SELECT run_at FROM job", &[])?.get(0))
                    .await;
                if held.unwrap() > now {
                    break;
                }
            }
        })
        .await
        .unwrap();
        assert!(claim(&store, &clock, "two", 5).await.is_empty());
        let stopping = tokio::spawn(worker.stop());
        finish.send_replace(true);
        stopping.await.unwrap();
        assert_eq!(count(&store, "SELECT count(*) FROM job").await, 0);
    })
    .await;
}
