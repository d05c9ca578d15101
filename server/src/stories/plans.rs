//! The status at lodging asks the whole country's data: each of its questions goes by an index, however many people there are.

use super::desk::Desk;
use crate::{
    applications, awards, duplicates, persons,
    problem::Error,
    store::{Dialect, Tx, testing::on_both_with},
    vals,
};
use karton_api::{Date, Id, value::Person};

/// How the engine would answer a question, each step in a line. On PostgreSQL going through whole tables is made unattractive, because it does not pay
/// to use an index on the few rows of a story: what goes through one all the same has none.
fn plan(tx: &mut Tx, sql: &str, values: &[crate::store::Val]) -> Result<Vec<String>, Error> {
    let (explain, place) = match tx.dialect() {
        Dialect::Sqlite => (format!("EXPLAIN QUERY PLAN {sql}"), 3),
        Dialect::Postgres => {
            tx.query("SELECT set_config('enable_seqscan', 'off', true)", &[])?;
            (format!("EXPLAIN (COSTS OFF) {sql}"), 0)
        }
    };
    let rows = tx.query(&explain, values)?;
    rows.iter().map(|row| Ok(row.get::<String>(place)?)).collect()
}

/// Steps that go through a whole table; the few offices may be read as they like.
fn through_all(plan: &[String]) -> Vec<&String> {
    let whole = |line: &&String| {
        let line = line.trim_start_matches([' ', '-', '>']);
        (line.starts_with("SCAN ") && !line.contains("USING")) || line.starts_with("Seq Scan")
    };
    let offices = |line: &&String| line.contains(" o") && !line.contains("household_member");
    plan.iter().filter(whole).filter(|line| !offices(line)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_of_the_status_goes_by_an_index() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let person: Id<Person> = desk.house.clock.id();
        let other: Id<Person> = desk.house.clock.id();
        let day: Date = "2025-03-10".parse().unwrap();
        let plans = desk
            .house
            .store
            .read(move |tx| {
                let mut plans = Vec::new();
                for (what, sql) in ["own", "family", "account"].iter().zip(awards::statements()) {
                    plans.push(((*what).to_owned(), plan(tx, &sql, vals![person, 200_i64])?));
                }
                for column in ["applicant", "about", "household"] {
                    let sql = applications::files_statement(column, "1 = 1");
                    plans.push((
                        format!("files by {column}"),
                        plan(tx, &sql, vals![person, other])?,
                    ));
                }
                let asks = vals![person, "NRD", other, Option::<Id<Person>>::None, true];
                plans.push(("running".to_owned(), plan(tx, applications::RUNNING, asks)?));
                let there = plan(tx, persons::ELSEWHERE_TOO, vals![person, day])?;
                plans.push(("households".to_owned(), there));
                let alike = plan(tx, duplicates::store::OPEN_OF, vals![person])?;
                plans.push(("dossiers".to_owned(), alike));
                Ok::<_, Error>(plans)
            })
            .await
            .unwrap();
        for (what, plan) in plans {
            assert!(!plan.is_empty(), "{what}");
            let whole = through_all(&plan);
            assert!(whole.is_empty(), "{what}: {}", plan.join("\n"));
        }
    })
    .await;
}
