//! What a new version would mean for everybody of a store: one that raises the base of material support, measured beside the bare reading of the same
//! facts; and, for comparison, every benefit of the country by both versions.

use crate::{
    place::Size,
    table::{Figure, Share, Table},
    time::{a_second, grouped, said, timed},
};
use jiff::civil::date;
use karton_rules::{Pack, reach};
use karton_server::{
    impact::{self, Plan as Versions},
    pack,
    problem::Error,
    store::{Store, Tx, Val},
};
use karton_tests::house::{Engine, Plan};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// In a house with what an office has on file.
pub(crate) async fn measure(engine: Engine, size: &Size, table: &mut Table) {
    let began = Instant::now();
    let house = Plan::on(engine)
        .people(size.people)
        .on_file()
        .running_clock()
        .open()
        .await;
    let Some(mut house) = house else {
        eprintln!("NOT MEASURED ON POSTGRESQL, which is not installed here");
        return;
    };
    let store = &house.inside.store;
    let facts = rows(store, "fact").await;
    eprintln!(
        "  {} people with {} facts on {engine:?} after {}",
        grouped(size.people),
        grouped(facts),
        said(began.elapsed())
    );
    table.group(format!(
        "pack impact on {engine:?}: {} people, {} facts, {} awards",
        grouped(size.people),
        grouped(facts),
        grouped(rows(store, "award").await)
    ));
    let mut files = pack::files("me").unwrap();
    let old = Arc::new(Pack::load(&files).unwrap());
    let text = files.get_mut("parameters/mo.toml").unwrap();
    assert!(text.contains("[1, \"94.29\"]"));
    *text = text.replace(
        "rows = [[1, \"94.29\"], [2, \"113.23\"]",
        "differs = \"As proposed.\"\nrows = [[1, \"104.29\"], [2, \"123.23\"]",
    );
    let (new, _) = Pack::load_draft(&files).unwrap();
    let new = Arc::new(new);
    let reach = reach::reach(&old, old.benefit("MO").unwrap());
    let names: Vec<String> = reach.facts.into_iter().map(|(_, name)| name).collect();
    let (read, bare) = bare(store, &names).await;
    let versions = |old: &Arc<Pack>, new: &Arc<Pack>, everything| Versions {
        old: Arc::clone(old),
        new: Arc::clone(new),
        on: date(2025, 3, 10),
        everything,
    };
    let began = Instant::now();
    let found = impact::measure(store, &versions(&old, &new, false), |_, _| ())
        .await
        .unwrap();
    let took = began.elapsed();
    assert!(found.monthly.counts.more > 0 && found.monthly.counts.lose == 0);
    assert_eq!(found.benefits.len(), 1, "only material support rests on its base");
    let aim = took <= Duration::from_secs(10);
    table.add(
        Figure::new("the base of MO raised: everybody by both versions", said(took))
            .limit(
                format!("{} to read its {} facts, one thread", said(bare), grouped(read)),
                Share::of_times(took, bare),
            )
            .aim("≤ 10 s for 200,000", aim),
    );
    table.add(Figure::new(
        "people in a second",
        grouped(a_second(found.people, took)),
    ));
    let began = Instant::now();
    let all = impact::measure(store, &versions(&old, &old, true), |_, _| ())
        .await
        .unwrap();
    let took = began.elapsed();
    assert!(!all.rows.iter().any(|row| row.sums.counts.moves()));
    table.add(Figure::new(
        format!("all {} benefits by both versions", all.benefits.len()),
        said(took),
    ));
    let (words, telling) = timed(|| impact::in_words(&all, &old, "en").len() + impact::as_csv(&all).len());
    table.add(Figure::new(
        format!("told in {} bytes", grouped(words as u64)),
        said(telling),
    ));
    house.leave(false).await;
}

async fn rows(store: &Store, of: &'static str) -> u64 {
    let sql = format!("SELECT count(*) FROM {of}");
    store
        .read(move |tx: &mut Tx| Ok::<u64, Error>(tx.one(&sql, &[])?.get(0)?))
        .await
        .unwrap()
}

/// Reads the same facts one after another and does nothing with them; answers how many there are.
async fn bare(store: &Store, names: &[String]) -> (u64, Duration) {
    let places: Vec<String> = (3..names.len() + 3).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT f.id, f.holder, f.name, f.value, f.from_day, f.until_day, f.source, f.recorded_at FROM fact f
         WHERE f.id > $1 AND (f.name || '') IN ({}) ORDER BY f.id LIMIT $2",
        places.join(", ")
    );
    let began = Instant::now();
    let (mut after, mut read) = (Uuid::nil(), 0);
    loop {
        let mut values: Vec<Val> = vec![after.into(), 5_000_i64.into()];
        values.extend(names.iter().map(|name| Val::from(name.as_str())));
        let sql = sql.clone();
        let page = store.read(move |tx: &mut Tx| {
            let rows = tx.query(&sql, &values)?;
            let last: Option<Uuid> = rows.last().map(|row| row.get(0)).transpose()?;
            Ok::<_, Error>((rows.len() as u64, last))
        });
        let (rows, last) = page.await.unwrap();
        read += rows;
        match last {
            Some(last) => after = last,
            None => return (read, began.elapsed()),
        }
    }
}
