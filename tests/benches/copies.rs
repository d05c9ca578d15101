//! A copy of the store while the counter works, and an old register on its way into it.

use crate::{
    SERVER,
    place::{self, Size},
    table::{Figure, Share, Table},
    time::{Times, a_second, grouped, said},
};
use karton_api::{
    imports::{AcceptImport, BringImport, ImportKind, ImportState},
    session::Role,
};
use karton_server::{
    generate::{Population, Settings, pack_text},
    imports::{self, Brought},
    persons::{self, Checked, store::NewPerson},
    problem::Error,
    store::{StoreUrl, Tx},
};
use karton_tests::{
    house::{Engine, House},
    raw::{Connection, Request},
};
use serde_json::json;
use std::{
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Writes in a second while the copy is made, and reads beside them.
const WRITES: u64 = 50;
const READS: u64 = 200;

/// Requests of one kind at a steady pace until it is said to stop; their times. Every answer has to be a success.
async fn pace(
    house: &House,
    a_second: u64,
    stop: Arc<AtomicBool>,
    request: impl Fn(u64) -> Vec<u8>,
) -> Times {
    let mut line = Connection::open(house.address).await;
    let mut tick = tokio::time::interval(Duration::from_micros(1_000_000 / a_second));
    let mut times = Times::default();
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        tick.tick().await;
        number += 1;
        let bytes = request(number);
        let asked = Instant::now();
        let answer = line.ask(&bytes).await.unwrap();
        times.add(asked.elapsed());
        assert!(answer.status < 300, "{}", answer.text());
    }
    times
}

/// Eight letters that are unlike those of another seed, so that nobody is taken for somebody registered before.
fn word(seed: u64) -> String {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut letter = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from_digit(u32::try_from((state >> 33) % 26).unwrap() + 10, 36).unwrap()
    };
    (0..8).map(|_| letter()).collect()
}

/// Reads and writes together, as long as something lasts.
async fn meanwhile(
    house: &House,
    token: &str,
    people: &[String],
    round: &AtomicU64,
    lasts: impl Future<Output = ()>,
) -> Times {
    let stop = Arc::new(AtomicBool::new(false));
    let round = round.fetch_add(1, Ordering::Relaxed);
    let writes = pace(house, WRITES, Arc::clone(&stop), |number| {
        let seed = round << 32 | number;
        let body = json!({
            "name": { "given": word(2 * seed), "family": word(2 * seed + 1) },
            "birth_date": format!("19{}-{:02}-{:02}", 40 + seed % 59, seed % 12 + 1, seed % 28 + 1), "sex": "f",
        });
        Request::new("POST", "/v1/persons")
            .token(token)
            .json(&body)
            .bytes()
    });
    let reads = pace(house, READS, Arc::clone(&stop), |number| {
        let place = usize::try_from(number).unwrap() % people.len();
        Request::new("GET", &people[place]).token(token).bytes()
    });
    let ends = async {
        lasts.await;
        stop.store(true, Ordering::Relaxed);
    };
    let (mut all, more, ()) = tokio::join!(writes, reads, ends);
    all.take(more);
    all
}

/// A copy during writes, by a process of its own, beside the same work without it.
pub(crate) async fn backup(house: &House, engine: Engine, size: &Size, table: &mut Table) {
    table.group(format!(
        "backup on {engine:?} with {} people, {WRITES} writes and {READS} reads a second",
        grouped(size.people)
    ));
    let clerk = place::clerk(house, "branka", "CSR-01").await;
    let people: Vec<String> = crate::requests::people_of(house, "CSR-01", 100)
        .await
        .iter()
        .map(|id| format!("/v1/persons/{id}"))
        .collect();
    let round = AtomicU64::new(0);
    let idle = meanwhile(house, &clerk.token, &people, &round, async {
        let mut tick = tokio::time::interval(size.long);
        tick.tick().await;
        tick.tick().await;
    })
    .await;
    let file = house.folder().join("copy.karton");
    let place = match house.place() {
        StoreUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        StoreUrl::Postgres(url) => url.clone(),
        StoreUrl::Temporary => return,
    };
    let began = Instant::now();
    let (program, folder, into) = (SERVER, house.folder().to_owned(), file.clone());
    let busy = meanwhile(house, &clerk.token, &people, &round, async move {
        let copied = tokio::task::spawn_blocking(move || {
            Command::new(program)
                .arg("backup")
                .arg(&into)
                .arg("--data-dir")
                .arg(&folder)
                .args(["--database-url", &place])
                .stdout(Stdio::null())
                .status()
        });
        assert!(copied.await.unwrap().unwrap().success());
    })
    .await;
    let took = began.elapsed();
    let ratio = Share::of_times(busy.p99(), idle.p99());
    table.add(
        Figure::new("p99 of requests during the copy", said(busy.p99()))
            .limit(format!("{} without it", said(idle.p99())), ratio)
            .aim("≤ 2", ratio <= Share(200)),
    );
    let bytes = std::fs::metadata(&file).unwrap().len();
    table.add(Figure::new(
        "the copy, with reading it back",
        format!("{}, {} MB", said(took), bytes / 1_000_000),
    ));
    let trial = Command::new(SERVER)
        .arg("restore")
        .arg(&file)
        .args(["--trial", "--data-dir"])
        .arg(house.folder())
        .stdout(Stdio::null())
        .status();
    assert!(trial.unwrap().success(), "the copy is restored and passes verify");
    std::fs::remove_file(&file).unwrap();
}

/// So many rows are imported, where the environment says so.
fn rows_wanted() -> Option<u64> {
    let said = std::env::var("KARTON_BENCH_IMPORT").ok()?;
    match said.parse() {
        Ok(rows) => Some(rows),
        Err(_) => panic!("KARTON_BENCH_IMPORT is a number, not {said:?}"),
    }
}

/// An old register with duplicate checks, beside the same people written without any.
pub(crate) async fn import(house: &House, engine: Engine, size: &Size, table: &mut Table) {
    let many = rows_wanted().unwrap_or(if size.quick { 1_000 } else { 200_000 });
    table.group(format!(
        "import of {} people on {engine:?} into {}",
        grouped(many),
        grouped(size.people)
    ));
    let settings = Settings::read(&pack_text("me").unwrap()).unwrap();
    let population = Population {
        seed: 77,
        persons: many,
        today: house.clock.today(),
    };
    let mut text = String::from("ime;prezime;datum rođenja;pol\n");
    let mut people = Vec::new();
    for household in population.generate(&settings) {
        for one in &household.members {
            let family = one.family_name.clone().unwrap_or_default();
            text.push_str(&format!(
                "{};{family};{};{}\n",
                one.given_name,
                one.birth_date,
                one.sex.code()
            ));
            people.push(Checked {
                name: karton_api::persons::Name {
                    given: one.given_name.clone(),
                    family,
                },
                national_id: None,
                birth_date: Some(one.birth_date),
                sex: Some(one.sex.code().to_owned()),
            });
        }
    }
    let rows = people.len() as u64;
    let bulk = bulk(house, people).await;
    let petar = house.officer("uvoz", "CSR-01", &[Role::Approver]).await;
    let brought = Brought {
        about: BringImport {
            kind: ImportKind::Persons,
            office: "CSR-01".into(),
            file: "register.csv".into(),
            encoding: None,
        },
        content: text.into_bytes(),
    };
    let began = Instant::now();
    let import = imports::system_brings(&house.inside, brought).await.unwrap();
    let checked = reaches(house, import.id, ImportState::Checked).await;
    let checking = began.elapsed();
    let body = AcceptImport { also_alike: true };
    let began = Instant::now();
    petar
        .accept_import(import.id, checked.revision, &body)
        .await
        .unwrap();
    let applied = reaches(house, import.id, ImportState::Applied).await;
    let applying = began.elapsed();
    assert!(applied.rows.applied > 0);
    let said_bulk = format!("{}/s written without checks", grouped(a_second(rows, bulk)));
    for (what, took) in [
        ("rows reported on, with duplicate checks", checking),
        ("rows applied, with duplicate checks and the log", applying),
    ] {
        let figure = Figure::new(what, format!("{}/s", grouped(a_second(rows, took))));
        table.add(figure.limit(said_bulk.clone(), Share::of_times(took, bulk)));
    }
}

async fn reaches(
    house: &House,
    id: karton_api::Id<karton_api::value::Import>,
    state: ImportState,
) -> karton_api::imports::ImportView {
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    loop {
        tick.tick().await;
        let import = imports::view_of(&house.inside, id).await.unwrap();
        assert_ne!(import.state, ImportState::Refused, "{:?}", import.problem);
        if import.state == state {
            return import;
        }
    }
}

/// The same people in batches of 2,000, rolled back: names, words and indexes, and nothing else.
async fn bulk(house: &House, people: Vec<Checked>) -> Duration {
    let office = house.inside.offices.by_code("CSR-02").unwrap().id;
    let (clock, people) = (house.inside.clock.clone(), Arc::new(people));
    let began = Instant::now();
    let written = house.inside.store.write(move |tx: &mut Tx| {
        for (batch, some) in people.chunks(2_000).enumerate() {
            let words: Vec<Vec<String>> = some.iter().map(|who| persons::words_of(&who.name)).collect();
            let numbers: Vec<String> = (0..some.len()).map(|i| format!("BULK-{batch}/{i}")).collect();
            let rows: Vec<_> = some
                .iter()
                .zip(&numbers)
                .zip(&words)
                .map(|((who, number), words)| {
                    let new = NewPerson {
                        id: clock.id(),
                        office,
                        who,
                        death_date: None,
                        dossier_number: number,
                        at: clock.now(),
                        by: None,
                    };
                    (new, words.as_slice())
                })
                .collect();
            persons::store::insert_all(tx, &rows, &[], clock.now())?;
        }
        Err::<(), _>(Error::Missing)
    });
    assert!(matches!(written.await, Err(Error::Missing)));
    began.elapsed()
}
