//! Figures of loading and searching, printed: `cargo test --profile demo -p karton-server --lib figures -- --ignored --nocapture`.
//! `KARTON_FIGURES_PERSONS` says how many people there are (200,000), `KARTON_FIGURES_ENGINES` which engines (`sqlite postgres`).

use super::query;
use crate::{
    access::Scope,
    clock::Clock,
    demo::population,
    generate::{self, Population, Settings},
    house::{self, House},
    pack,
    problem::Error,
    search::Vocabulary,
    store::{
        StoreUrl, Tx,
        testing::{self, Stage},
    },
};
use jiff::tz::TimeZone;
use std::{env, time::Instant};

/// How often each text is looked for.
const SAMPLES: usize = 1_000;

fn setting(name: &str, usual: &str) -> String {
    env::var(name).unwrap_or_else(|_| usual.to_owned())
}

async fn open(stage: &Stage) -> House {
    let mut opening = house::Settings::new(testing::open(stage).await, pack::files("me").unwrap());
    opening.clock = Some(Clock::fixed(
        "2025-03-10T09:00:00Z".parse().unwrap(),
        TimeZone::UTC,
    ));
    house::open(opening).await.unwrap().house
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes and prints figures"]
async fn figures_of_loading_and_searching() {
    let persons: u64 = setting("KARTON_FIGURES_PERSONS", "200000").parse().unwrap();
    let engines = setting("KARTON_FIGURES_ENGINES", "sqlite postgres");
    for stage in testing::stages().await {
        let wanted = match (stage.name, &stage.url) {
            (_, StoreUrl::Postgres(_)) => stage.name == "PostgreSQL" && engines.contains("postgres"),
            _ => engines.contains("sqlite"),
        };
        if wanted {
            let house = open(&stage).await;
            tell(stage.name, &house, persons).await;
        }
        testing::leave(stage).await;
    }
}

async fn tell(engine: &str, house: &House, persons: u64) {
    let settings = Settings::read(&generate::pack_text("me").unwrap()).unwrap();
    let population = Population {
        seed: 1,
        persons,
        today: house.clock.today(),
    };
    let drawing = Instant::now();
    let drawn = population
        .generate(&settings)
        .map(|household| household.members.len())
        .sum::<usize>();
    let drawn_in = drawing.elapsed();
    let (began, worked) = (Instant::now(), processor_ms());
    let loaded = population::load(house, &settings, population, |_| ())
        .await
        .unwrap();
    let (took, worked) = (began.elapsed(), processor_ms() - worked);
    println!(
        "{engine}: {} persons loaded in {} ms, {} a second ({worked} ms of processor time in this process; drawing alone: {} a second)",
        loaded.persons,
        took.as_millis(),
        u128::from(loaded.persons) * 1000 / took.as_millis(),
        drawn as u128 * 1000 / drawn_in.as_millis().max(1),
    );
    if let Ok(plans) = env::var("KARTON_FIGURES_PLANS") {
        explain(house, &plans).await;
    }
    let scope = Scope::under(house.offices.top().unwrap().id);
    let numbers: Vec<String> = house
        .store
        .read(|tx: &mut Tx| {
            tx.query(
                "SELECT id_number FROM person WHERE id_number IS NOT NULL ORDER BY id LIMIT 500",
                &[],
            )?
            .iter()
            .map(|row| Ok(row.get(0)?))
            .collect::<Result<_, Error>>()
        })
        .await
        .unwrap();
    let names: Vec<String> = house
        .store
        .read(|tx: &mut Tx| {
            tx.query("SELECT given, family FROM person ORDER BY id LIMIT 4000", &[])?
                .iter()
                .map(|row| Ok(format!("{} {}", row.get::<String>(0)?, row.get::<String>(1)?)))
                .collect::<Result<_, Error>>()
        })
        .await
        .unwrap();
    let cut = |text: &String, most: usize| text.chars().take(most).collect::<String>();
    let swap = |name: &String| {
        let mut letters: Vec<char> = name.chars().collect();
        if letters.len() > 4 {
            letters.swap(2, 3);
        }
        letters.into_iter().collect::<String>()
    };
    let both = |name: &String, most: usize| {
        let words = name.split(' ').filter(|word| !word.is_empty());
        words
            .map(|word| cut(&word.to_owned(), most))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut floor: Vec<u128> = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let asked = Instant::now();
        let one = house
            .store
            .read(|tx: &mut Tx| Ok::<_, Error>(tx.one("SELECT 1 FROM office LIMIT 1", &[])?))
            .await;
        floor.push(asked.elapsed().as_micros());
        assert!(one.is_ok());
    }
    tell_times(engine, "(one row, for comparison)", floor, 1);
    let fixed = |text: &str| vec![text.to_owned()];
    let kinds: Vec<(&str, Vec<String>)> = vec![
        ("number, exact", numbers.clone()),
        ("number, 5 digits", numbers.iter().map(|it| cut(it, 5)).collect()),
        ("one word, 3 letters", names.iter().map(|it| cut(it, 3)).collect()),
        ("two words, whole", names.clone()),
        (
            "two words, 2 letters",
            names.iter().map(|it| both(it, 2)).collect(),
        ),
        (
            "two words, 1 letter",
            names.iter().map(|it| both(it, 1)).collect(),
        ),
        ("one mistake", names.iter().map(swap).collect()),
        ("ma pe", fixed("ma pe")),
        ("a b", fixed("a b")),
        ("a b c", fixed("a b c")),
        ("m p s j", fixed("m p s j")),
        ("nobody", fixed("qqwwyy zzxx")),
        ("nobody, one mistaken", fixed("marko zzxxq")),
    ];
    for (kind, texts) in kinds {
        let mut times = Vec::with_capacity(SAMPLES);
        let mut found = 0;
        for text in texts.iter().cycle().take(SAMPLES) {
            let (text, vocabulary): (String, Vocabulary) = (text.clone(), house.vocabulary.clone());
            let asked = Instant::now();
            let hits = house
                .store
                .read(move |tx: &mut Tx| query::page(tx, &scope, &vocabulary, &text, 0, 20))
                .await;
            times.push(asked.elapsed().as_micros());
            found += hits.unwrap().0.len();
        }
        tell_times(engine, kind, times, found / SAMPLES);
    }
}

/// The processor time of this process so far, where the system tells it: on a busy machine the clock on the wall says little.
fn processor_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum::<u64>()
        * 10
}

fn tell_times(engine: &str, kind: &str, mut times: Vec<u128>, found: usize) {
    times.sort_unstable();
    println!(
        "{engine}: {kind:24} p50 {:6} µs, p90 {:6} µs, p99 {:6} µs, {found} hits on average",
        times[SAMPLES / 2],
        times[SAMPLES * 9 / 10],
        times[SAMPLES * 99 / 100],
    );
}

/// Prints the plan of a statement given in `KARTON_FIGURES_PLANS`, for whoever looks into one.
async fn explain(house: &House, sql: &str) {
    let sql = match house.store.dialect() {
        crate::store::Dialect::Sqlite => format!("EXPLAIN QUERY PLAN {sql}"),
        crate::store::Dialect::Postgres => format!("EXPLAIN (ANALYZE, COSTS OFF) {sql}"),
    };
    let rows = house
        .store
        .read(move |tx: &mut Tx| Ok::<_, Error>(tx.query(&sql, &[])?))
        .await
        .unwrap();
    for row in rows {
        println!("{}", row.get::<String>(3).or_else(|_| row.get(0)).unwrap());
    }
}
