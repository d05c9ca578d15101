//! The benchmarks: every figure beside its limit, which is measured in the same run on the same machine, because absolute numbers say
//! nothing about a disk one does not know.
//!
//!     cargo bench -p karton-tests                      everything
//!     cargo bench -p karton-tests -- --quick           the same with small sizes, to see that it works
//!     cargo bench -p karton-tests -- search rules      some groups
//!     cargo bench -p karton-rules                      the rules alone, built in a minute
//!
//! `KARTON_BENCH_PEOPLE` says how many fictional people there are (200,000). Nothing here fails for being slow: an aim that is missed is
//! marked in the table. What is *wrong* fails: an answer that is not the expected one, a rule that decides otherwise than its copy in Rust.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what cannot be measured fails the run"
)]

mod client;
mod copies;
mod impact;
mod letters;
mod likeness;
mod load;
mod people;
mod place;
mod process;
mod requests;
mod rules;
mod search;
mod server;
mod table;
mod time;

use karton_tests::house::{Engine, PASSWORD};
use place::Size;
use std::path::Path;
use table::Table;

/// The programs as they are shipped.
const SERVER: &str = env!("CARGO_BIN_EXE_karton-server-tested");
const CLIENT: &str = env!("CARGO_BIN_EXE_karton-tested");

/// The groups, in the order they are run.
const GROUPS: &[&str] = &[
    "rules", "letters", "people", "likeness", "search", "http", "backup", "import", "impact", "server",
    "client",
];

fn main() {
    let mut size = Size::full();
    let mut wanted: Vec<String> = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => size = Size::quick(),
            // What cargo itself says.
            "--bench" => {}
            group if GROUPS.contains(&group) => wanted.push(group.to_owned()),
            other => {
                eprintln!("there is no `{other}`: --quick, {}", GROUPS.join(", "));
                std::process::exit(2);
            }
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut table = Table::default();
    let wants = |group: &str| wanted.is_empty() || wanted.iter().any(|it| it == group);
    if wants("rules") {
        rules::measure(&size);
    }
    if wants("letters") {
        letters::measure(&size, &mut table);
    }
    if wants("people") {
        people::measure(&size, &mut table);
    }
    if wants("likeness") {
        likeness::measure(&size, &mut table);
    }
    runtime.block_on(async {
        for engine in Engine::ALL {
            let server = engine == Engine::Sqlite && wants("server");
            if server || ["search", "http", "backup", "import"].into_iter().any(wants) {
                in_a_house(engine, &size, &wants, &mut table).await;
            }
            if wants("impact") {
                impact::measure(engine, &size, &mut table).await;
            }
        }
    });
    if wants("client") {
        client::measure(Path::new(CLIENT), Path::new(SERVER), &size, &mut table);
    }
    print!("{table}");
}

/// What is measured in a house full of people.
async fn in_a_house(engine: Engine, size: &Size, wants: &impl Fn(&str) -> bool, table: &mut Table) {
    let Some(mut house) = place::full_house(engine, size.people).await else {
        return;
    };
    if wants("search") {
        search::measure_in(&house, engine, size, table).await;
    }
    if wants("http") {
        requests::measure_in(&house, engine, size, table).await;
    }
    if wants("backup") {
        copies::backup(&house, engine, size, table).await;
    }
    if wants("import") {
        copies::import(&house, engine, size, table).await;
    }
    if wants("server") && engine == Engine::Sqlite {
        // In-process it ends here; what follows finds its folder.
        place::clerk(&house, "ljubo", "CSR-01").await;
        let people: Vec<String> = requests::people_of(&house, "CSR-01", 100)
            .await
            .iter()
            .map(|id| format!("/v1/dossiers/{id}"))
            .collect();
        house.leave(false).await;
        let account = server::Account {
            name: "ljubo",
            password: PASSWORD,
        };
        server::measure((Path::new(SERVER), house.folder()), account, &people, size, table).await;
    } else {
        house.leave(false).await;
    }
}
