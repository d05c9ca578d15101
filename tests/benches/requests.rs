//! The server under load over HTTP, asked by ordinary clerks, beside an empty handler behind the same listener and beside commits of a single row.

use crate::{
    load::{self, Load, Work},
    place::{self, Size},
    table::{Figure, Share, Table},
    time::{a_second, grouped},
};
use axum::{Router, routing::get};
use karton_api::{
    Id,
    common::BothTimes,
    persons::{HouseholdView, Member},
    session::Role,
    value::{self, Person},
};
use karton_server::{
    http::{Limits, listen},
    problem::Error,
    store::StoreUrl,
    vals,
};
use karton_tests::{
    house::{Engine, House},
    officer::{Family, Officer, answers_for_material_support},
    raw::Request,
};
use std::{
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::oneshot};

const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// The office with the most people, and others.
const BIG: &str = "CSR-01";
const OTHERS: &[&str] = &[
    "CSR-02", "CSR-03", "CSR-04", "CSR-05", "CSR-06", "CSR-07", "CSR-08",
];

/// In a house.
pub(crate) async fn measure_in(house: &House, engine: Engine, size: &Size, table: &mut Table) {
    table.group(format!(
        "HTTP on {engine:?} with {} people, as a clerk, at 1, 16 and 64 connections",
        grouped(size.people)
    ));
    let clerk = place::clerk(house, "vesna", BIG).await;
    let nothing = Nothing::begin().await;
    let empty = reads(house, &clerk, (engine, size), &nothing, table).await;
    nothing.end().await;
    match engine {
        Engine::Sqlite => {
            openings(house, &clerk, size, &empty, table).await;
            lodgings(house, size, table).await;
        }
        Engine::Postgres => {}
    }
}

/// A server whose only handler asks nothing and answers nothing: what the listener, HTTP and the load itself cost.
struct Nothing {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<()>,
}

impl Nothing {
    async fn begin() -> Nothing {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let service = Router::new().route("/", get(|| async {}));
        let serving = tokio::spawn(listen(service, listener, None, Limits::default(), async move {
            drop(stopped.await);
        }));
        Nothing {
            address,
            stop,
            serving,
        }
    }
    async fn end(self) {
        drop(self.stop);
        self.serving.await.unwrap();
    }
}

/// So often each of two things is measured, by turns: what else the machine does then falls upon both.
const TURNS: u32 = 6;

/// Asks at each of these addresses by turns, for so long each in all.
async fn by_turns<const N: usize>(
    what: [(SocketAddr, &Arc<Vec<Vec<u8>>>); N],
    connections: usize,
    long: Duration,
) -> [Load; N] {
    let mut loads: [Load; N] = std::array::from_fn(|_| Load::default());
    for _ in 0..TURNS {
        for (place, (address, requests)) in what.iter().enumerate() {
            let work = Work::Over(Arc::clone(requests), long / TURNS);
            let load = load::ask(*address, connections, work).await.all_well();
            loads[place].take(load);
        }
    }
    loads
}

/// People whose dossiers an office holds.
pub(crate) async fn people_of(house: &House, office: &str, many: usize) -> Vec<Id<Person>> {
    let offices = house.inside.offices.all();
    let office: Id<value::Office> = offices.iter().find(|it| it.code == office).unwrap().id;
    let read = house.inside.store.read(move |tx| {
        let sql = "SELECT p.id FROM person p JOIN household_member m ON m.person = p.id
                   WHERE p.office = $1 AND m.relationship = 'self' AND p.death_day IS NULL ORDER BY p.id LIMIT $2";
        let rows = tx.query(sql, vals![office, i64::try_from(many).unwrap_or(i64::MAX)])?;
        rows.iter().map(|row| Ok(row.get(0)?)).collect::<Result<_, Error>>()
    });
    read.await.unwrap()
}

fn asking(clerk: &Officer, path: &str) -> Vec<u8> {
    Request::new("GET", path).token(&clerk.token).bytes()
}

/// People already looked at: no entry, one read. Answers what the empty handler did meanwhile.
async fn reads(
    house: &House,
    clerk: &Officer,
    (engine, size): (Engine, &Size),
    nothing: &Nothing,
    table: &mut Table,
) -> Vec<Load> {
    let people = people_of(house, &clerk.session.office.code, 100).await;
    let requests: Arc<Vec<Vec<u8>>> = Arc::new(
        people
            .iter()
            .map(|id| asking(clerk, &format!("/v1/persons/{id}")))
            .collect(),
    );
    let asking_nothing = Arc::new(vec![Request::new("GET", "/").bytes()]);
    let framed = Arc::new(vec![asking(clerk, "/healthz")]);
    // Each is looked at once, which leaves the entry.
    let first = Work::Once(Arc::clone(&requests), Duration::from_secs(60));
    load::ask(house.address, 1, first).await.all_well();
    let entries = house.count("audit_entry").await;
    let row = match (engine, house.place()) {
        (Engine::Postgres, StoreUrl::Postgres(url)) => pgbench(house.folder(), url, people[0], size.long),
        _ => None,
    };
    let mut empties = Vec::new();
    for (place, connections) in CONNECTIONS.into_iter().enumerate() {
        let [empty, frame, load] = by_turns(
            [
                (nothing.address, &asking_nothing),
                (house.address, &framed),
                (house.address, &requests),
            ],
            connections,
            size.long,
        )
        .await;
        table.add(Figure::new(
            format!("an empty handler, {connections}"),
            empty.said(),
        ));
        table.add(
            Figure::new(
                format!("the frame and the session alone, {connections}"),
                frame.said(),
            )
            .limit(limit_of(&empty), Share::of(frame.rate(), empty.rate())),
        );
        let what = format!("a person already looked at, {connections}");
        let share = Share::of(load.rate(), empty.rate());
        let figure = Figure::new(what.clone(), load.said()).limit(limit_of(&empty), share);
        table.add(match engine {
            Engine::Sqlite => figure.aim("≥ 0.60", share >= Share(60)),
            Engine::Postgres => figure,
        });
        if let Some(row) = &row {
            for (protocol, rates) in row {
                let share = Share::of(load.rate(), rates[place]);
                let limit = format!("{}/s pgbench, {protocol}", grouped(rates[place]));
                let figure = Figure::new(what.clone(), load.said()).limit(limit, share);
                table.add(if *protocol == "as -S" {
                    figure.aim("≥ 0.60", share >= Share(60))
                } else {
                    figure
                });
            }
        }
        empties.push(empty);
    }
    assert_eq!(
        house.count("audit_entry").await,
        entries,
        "looking again within a quarter of an hour writes nothing"
    );
    empties
}

fn limit_of(empty: &Load) -> String {
    format!("{}/s empty", grouped(empty.rate()))
}

/// What `pgbench -S` does, on the row of a person: transactions a second at each number of connections, in its own protocol and prepared.
fn pgbench(
    folder: &Path,
    url: &str,
    id: Id<Person>,
    long: Duration,
) -> Option<Vec<(&'static str, Vec<u64>)>> {
    let script = folder.join("row.sql");
    let sql = format!(
        "SELECT id, revision, office, given, family, id_number, birth_day, dossier_number FROM person WHERE id = '{id}';\n"
    );
    std::fs::write(&script, sql).unwrap();
    let run = |connections: usize, protocol: &str| {
        let out = Command::new("pgbench")
            .args(["-n", "-M", protocol, "-f"])
            .arg(&script)
            .args([
                "-c",
                &connections.to_string(),
                "-j",
                &connections.min(2).to_string(),
            ])
            .args(["-T", &long.as_secs().max(1).to_string(), url])
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let line = text.lines().find(|line| line.starts_with("tps = "))?;
        let number = line.split_whitespace().nth(2)?.split('.').next()?;
        number.parse::<u64>().ok()
    };
    let mut found = Vec::new();
    for (name, protocol) in [("as -S", "simple"), ("prepared", "prepared")] {
        let rates: Option<Vec<u64>> = CONNECTIONS.iter().map(|many| run(*many, protocol)).collect();
        let Some(rates) = rates else {
            eprintln!("NOT COMPARED WITH PGBENCH, which is not installed here or does not run");
            return None;
        };
        found.push((name, rates));
    }
    Some(found)
}

/// Dossiers opened for the first time: each leaves its entry before it is shown.
async fn openings(house: &House, clerk: &Officer, size: &Size, empty: &[Load], table: &mut Table) {
    let people = people_of(house, &clerk.session.office.code, 60_000).await;
    // Whom nobody has looked at: the first were, above.
    let each = people.len().saturating_sub(100) / CONNECTIONS.len();
    let mut fresh = people.into_iter().skip(100);
    let raw = raw_commits(house.folder(), size.long);
    for (place, connections) in CONNECTIONS.into_iter().enumerate() {
        let entries = house.count("audit_entry").await;
        let requests: Vec<Vec<u8>> = fresh
            .by_ref()
            .take(each)
            .map(|id| asking(clerk, &format!("/v1/dossiers/{id}")))
            .collect();
        let work = Work::Once(Arc::new(requests), size.long);
        let load = load::ask(house.address, connections, work).await.all_well();
        let written = house.count("audit_entry").await - entries;
        assert!(
            written >= i64::try_from(load.answers).unwrap(),
            "each opening leaves an entry"
        );
        let what = format!("a dossier opened for the first time, {connections}");
        let share = Share::of(load.rate(), empty[place].rate());
        table.add(
            Figure::new(what.clone(), load.said())
                .limit(limit_of(&empty[place]), share)
                .aim("≥ 0.30", share >= Share(30)),
        );
        let share = Share::of(load.rate(), raw);
        table.add(Figure::new(what, load.said()).limit(limit_of_commits(raw), share));
    }
}

fn limit_of_commits(raw: u64) -> String {
    format!("{}/s raw commits", grouped(raw))
}

/// Commits of a single row, each safe on disk before the next, in the folder of the house's store: what SQLite alone does with FULL.
fn raw_commits(folder: &Path, long: Duration) -> u64 {
    let connection = rusqlite::Connection::open(folder.join("commits.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS line (id BLOB PRIMARY KEY, at INTEGER NOT NULL, what TEXT NOT NULL) WITHOUT ROWID;",
        )
        .unwrap();
    let mut insert = connection
        .prepare("INSERT INTO line (id, at, what) VALUES (?, ?, ?)")
        .unwrap();
    let before: i64 = connection
        .query_row("SELECT count(*) FROM line", [], |row| row.get(0))
        .unwrap();
    let (began, mut many) = (Instant::now(), 0_i64);
    while began.elapsed() < long {
        let id = (before + many).to_be_bytes();
        insert
            .execute(rusqlite::params![id.as_slice(), many, "a line of a log"])
            .unwrap();
        many += 1;
    }
    a_second(u64::try_from(many).unwrap(), began.elapsed())
}

/// Applications for material support lodged, all in one big office, and in several.
async fn lodgings(house: &House, size: &Size, table: &mut Table) {
    for (offices, what) in [
        (&[BIG][..], "lodged in one big office"),
        (OTHERS, "lodged in seven offices"),
    ] {
        let mut drafts = Vec::new();
        for (place, office) in offices.iter().enumerate() {
            let account = format!("{}{place}", if offices.len() > 1 { "mira" } else { "zora" });
            let clerk = house.officer(&account, office, &[Role::Clerk]).await;
            let many = size.lodgings / offices.len();
            drafts.push(drafted(house, &clerk, many).await);
        }
        // By turns, office by office.
        let longest = drafts.iter().map(Vec::len).max().unwrap_or(0);
        let mut requests: Vec<Vec<u8>> = (0..longest)
            .flat_map(|at| drafts.iter().filter_map(move |of| of.get(at).cloned()))
            .collect();
        let shares = [requests.len() / 10, requests.len() / 3, requests.len()];
        for (connections, until) in CONNECTIONS.into_iter().zip(shares) {
            let rest = requests.split_off(until.min(requests.len()));
            let these = std::mem::replace(&mut requests, rest);
            // Right before it: the disk is not the same at any time.
            let raw = raw_commits(house.folder(), size.long / 2);
            let rows: i64 = house.rows().await.iter().map(|(_, rows)| rows).sum();
            let work = Work::Once(Arc::new(these), Duration::from_secs(60));
            let load = load::ask(house.address, connections, work).await.all_well();
            let written: i64 = house.rows().await.iter().map(|(_, rows)| rows).sum::<i64>() - rows;
            let each = u64::try_from(written).unwrap_or(0) / load.answers.max(1);
            let share = Share::of(load.rate(), raw);
            let figure = Figure::new(
                format!("an application {what} ({each} rows), {connections}"),
                load.said(),
            )
            .limit(limit_of_commits(raw), share);
            let rows = Share::of(load.rate() * each, raw);
            table.add(
                Figure::new(
                    format!("its rows, {connections}"),
                    format!("{}/s", grouped(load.rate() * each)),
                )
                .limit(limit_of_commits(raw), rows),
            );
            table.add(if connections == 64 {
                figure.aim("≥ 3", share >= Share(300))
            } else {
                figure
            });
        }
    }
}

/// Drafts that need nothing more, as requests to lodge them.
async fn drafted(house: &House, clerk: &Officer, many: usize) -> Vec<Vec<u8>> {
    let today = house.clock.today();
    let mut requests = Vec::with_capacity(many);
    let now = BothTimes {
        as_of: None,
        known_at: None,
    };
    let heads = people_of(house, &clerk.session.office.code, 60_000).await;
    // From the end: the others are looked at elsewhere.
    for head in heads.into_iter().rev() {
        if requests.len() == many {
            break;
        }
        let HouseholdView { members, .. } = clerk.household(head, &now).await.unwrap();
        let members: Vec<Member> = members;
        let family = Family { members };
        if family
            .members
            .iter()
            .any(|member| member.card.birth_date.is_none())
        {
            continue;
        }
        let answers = answers_for_material_support(&family, today);
        let draft = clerk.drafts("MO", family.head(), answers).await.done();
        let path = format!("/v1/applications/{}/lodge", draft.summary.id);
        requests.push(
            Request::new("POST", &path)
                .token(&clerk.token)
                .json(&serde_json::json!({}))
                .bytes(),
        );
    }
    requests
}
