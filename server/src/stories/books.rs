//! Books that are in order, and every way in which they may not be.

use super::{
    desk::{Desk, Seat, confirmations},
    returning::{assessed, recommendation},
};
use crate::{
    problem::Error,
    store::{Store, StoreError, Tx, testing::on_both_with},
    verify::{self, Books, Depth, Violation},
};
use karton_api::{Currency, FactValue, Money, session::Role};
use serde_json::{Value, json};

/// A decision with everything behind it.
struct Told {
    application: String,
    decision: String,
    award: String,
}

/// Decides what was assessed, makes the letter and hands it over.
async fn decided(desk: &Desk, (ana, petar): (&Seat, &Seat), path: &str, body: Value) -> Told {
    desk.post(ana, &format!("{path}/decision/recommend"), body.clone())
        .await
        .ok();
    let verdict = json!({ "assessment": body["assessment"], "outcome": body["outcome"] });
    let decision = desk
        .post(petar, &format!("{path}/decision/decide"), verdict)
        .await
        .ok();
    desk.jobs().await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Told {
        application: text(&decision["application"]["id"]),
        decision: text(&decision["id"]),
        award: text(&decision["award"]),
    }
}

/// One woman is granted support and the letter is handed over, another one earns too much, a third one's application is running.
async fn year(desk: &Desk) -> (Told, Told, String) {
    let ana = desk
        .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
        .await;
    let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
    let marija = desk.person(&ana, "Marija").await;
    let (path, first) = assessed(desk, &ana, marija).await;
    let granted = decided(desk, (&ana, &petar), &path, recommendation(&first)).await;
    let delivered = format!("/v1/decisions/{}/deliver", granted.decision);
    desk.post(&ana, &delivered, json!({ "on": "2025-03-10" }))
        .await
        .ok();

    let zorka = desk.person(&ana, "Zorka").await;
    let (path, _) = assessed(desk, &ana, zorka).await;
    desk.later();
    let month = |month: &str| {
        [
            ("month", FactValue::Date(month.parse().unwrap())),
            ("payer", FactValue::Text("Drvodjelja d.o.o.".into())),
            ("kind", FactValue::Code("wage".into())),
            ("net", FactValue::Money(Money::new(90_000, Currency::EUR))),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    };
    let income = ["2024-12-01", "2025-01-01", "2025-02-01"]
        .into_iter()
        .map(month)
        .collect();
    desk.register_says(zorka, "CSR-01", &[("income", FactValue::Rows(income))])
        .await;
    desk.later();
    let poor = desk
        .post(&ana, &format!("{path}/assessment"), json!({}))
        .await
        .ok();
    assert_eq!(poor["assessment"]["outcome"], "refuse");
    let body = json!({ "assessment": poor["id"], "outcome": "refuse", "confirmed": confirmations(&poor) });
    let refused = decided(desk, (&ana, &petar), &path, body).await;

    let desanka = desk.person(&ana, "Desanka").await;
    let (path, _) = assessed(desk, &ana, desanka).await;
    (
        granted,
        refused,
        path.rsplit('/').next().unwrap_or_default().to_owned(),
    )
}

/// Why a transaction with damage in it was rolled back.
enum Undone {
    Seen(Books),
    Broken(StoreError),
}
impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Undone {
        Undone::Broken(error)
    }
}

/// What is found after somebody has done this to the store, which is undone again.
async fn after(store: &Store, statements: Vec<String>) -> Vec<Violation> {
    let seen = store
        .write(move |tx: &mut Tx| -> Result<(), Undone> {
            for sql in &statements {
                tx.exec(sql, &[])?;
            }
            match verify::inspect(tx, Depth::Full) {
                Ok(books) => Err(Undone::Seen(books)),
                Err(Error::Fault(why)) => Err(Undone::Broken(StoreError::Db(why))),
                Err(other) => Err(Undone::Broken(StoreError::Db(other.to_string()))),
            }
        })
        .await;
    match seen {
        Err(Undone::Seen(books)) => books.violations,
        Err(Undone::Broken(error)) => panic!("the damage could not be done: {error}"),
        Ok(()) => unreachable!("always undone"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn books_in_order_have_no_violation_and_every_damage_is_named() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store.clone()).await;
        let (granted, refused, running) = year(&desk).await;
        let whole = verify::books(&store, Depth::Full).await.unwrap();
        assert_eq!(whole.violations, [], "before anybody touched it");
        assert_eq!((whole.replayed, whole.assessments), (4, 4));
        assert_eq!(verify::books(&store, Depth::Sample).await.unwrap().replayed, 4);

        // An id as both engines write it.
        let raw = |id: &str| match store.dialect() {
            crate::store::Dialect::Sqlite => format!("x'{}'", id.replace('-', "")),
            crate::store::Dialect::Postgres => format!("'{id}'"),
        };
        let (a, d, w) = (raw(&granted.application), raw(&granted.decision), raw(&granted.award));
        let (no, open) = (raw(&refused.decision), raw(&running));
        let other = raw("01957d2c-0000-7000-8000-000000000001");
        // Those of one number do not disturb each other and are done together.
        let cases: Vec<(u8, &str, &str, Vec<String>)> = vec![
            (1, "four-eyes", &granted.decision, vec![
                format!("UPDATE application SET recommendation = replace(recommendation,
                    (SELECT '\"id\":\"' || u.id_text || '\"' FROM (SELECT {} AS id_text) u), '\"id\":\"{}\"') WHERE id = {a}",
                    recommender(&store, &granted.application).await, decider(&store, &granted.decision).await),
            ]),
            (2, "not-recommended", &granted.decision, vec![format!("UPDATE application SET recommendation = NULL WHERE id = {a}")]),
            (3, "recommended-otherwise", &granted.decision, vec![
                format!("UPDATE application SET recommendation = replace(recommendation, '\"grant\"', '\"refuse\"') WHERE id = {a}"),
            ]),
            (3, "decision-missing", &granted.application, vec![format!("UPDATE application SET decision = {other} WHERE id = {a}")]),
            (4, "application-not-decided", &granted.decision, vec![format!("UPDATE application SET state = 'withdrawn' WHERE id = {a}")]),
            (2, "outcome-differs", &granted.decision, vec![format!("UPDATE application SET outcome = 'refuse' WHERE id = {a}")]),
            (4, "assessment-of-another", &granted.decision, vec![
                format!("UPDATE decision SET assessment = (SELECT assessment FROM decision WHERE id = {no}) WHERE id = {d}"),
            ]),
            (1, "decided-without-entry", &granted.decision, vec![format!("UPDATE audit_entry SET what = 'looked' WHERE what = 'decided' AND matter = {a}")]),
            (1, "lodged-without-entry", &running, vec![format!("UPDATE audit_entry SET what = 'looked' WHERE what = 'lodged' AND matter = {open}")]),
            (3, "award-missing", &granted.decision, vec![format!("DELETE FROM award WHERE id = {w}")]),
            (4, "award-of-refusal", &refused.decision, vec![format!("UPDATE decision SET outcome = 'refuse' WHERE id = {d}"), format!("UPDATE award SET decision = {no} WHERE id = {w}")]),
            (2, "award-without-decision", &granted.award, vec![format!("UPDATE award SET decision = {other} WHERE id = {w}")]),
            (1, "award-of-another", &granted.award, vec![format!("UPDATE award SET benefit = 'LI' WHERE id = {w}")]),
            (1, "amount-differs", &granted.award, vec![format!("UPDATE award SET minor = minor + 1 WHERE id = {w}")]),
            (4, "pack-of-assessment-missing", &desk.house.pack.hash, vec![
                "DELETE FROM pack_upgrade".into(), "DELETE FROM pack_version".into(),
            ]),
            (2, "pack-of-matter-missing", &running, vec![format!("UPDATE matter SET pack = 'gone' WHERE id = {open}")]),
            (1, "pack-of-award-missing", &granted.award, vec![format!("UPDATE award SET pack = 'gone' WHERE id = {w}")]),
            (3, "pack-unreadable", &desk.house.pack.hash, vec!["UPDATE pack_version SET files = replace(files, '89.84', '90.84')".into()]),
            (1, "answers-otherwise", "assessment", vec!["UPDATE assessment SET trace = replace(trace, '\"refuse\"', '\"grant\"')".into()]),
            (4, "matter-missing", &running, vec![
                format!("DELETE FROM step_run WHERE matter = {open}"), format!("DELETE FROM paper_matter WHERE matter = {open}"),
                format!("DELETE FROM paper WHERE matter = {open}"), format!("DELETE FROM matter WHERE id = {open}"),
            ]),
            (2, "nothing-open", &running, vec![format!("UPDATE step_run SET state = 'done' WHERE matter = {open}")]),
            (1, "open-after-end", &granted.application, vec![format!("UPDATE step_run SET state = 'open' WHERE matter = {a} AND step = 'delivery'")]),
            (3, "ended-too-early", &running, vec![
                format!("UPDATE step_run SET state = 'done' WHERE matter = {open}"), format!("UPDATE matter SET ended_at = 1 WHERE id = {open}"),
            ]),
            (1, "step-of-another-office", &running, vec![
                format!("UPDATE step_run SET office = (SELECT id FROM office WHERE code = 'CSR-03') WHERE matter = {open}"),
            ]),
            (1, "evidence-missing", "01957d2c-0000-7000-8000-000000000001", vec![
                format!("UPDATE fact SET evidence = {other} WHERE id = (SELECT id FROM fact ORDER BY id LIMIT 1)"),
            ]),
            (2, "holder-missing", "01957d2c-0000-7000-8000-000000000001", vec![
                format!("UPDATE fact SET holder = {other} WHERE id = (SELECT id FROM fact ORDER BY id LIMIT 1)"),
            ]),
            (1, "member-twice", "household", vec![
                format!("INSERT INTO household_member (id, household, person, relationship, from_day, recorded_at)
                    SELECT {other}, household, person, relationship, from_day, recorded_at FROM household_member ORDER BY id LIMIT 1"),
            ]),
            (1, "number-gap", "CSR-01-R-2025/3", vec!["UPDATE series SET last = last + 1 WHERE class = 'R'".into()]),
            (3, "number-not-drawn", "CSR-01-Z-2025/3", vec!["UPDATE series SET last = 2 WHERE class = 'Z'".into()]),
            (2, "number-twice", "CSR-01-D-2025/1", vec!["UPDATE person SET dossier_number = 'CSR-01-D-2025/01' WHERE dossier_number = 'CSR-01-D-2025/2'".into()]),
            (1, "number-strange", "first", vec!["UPDATE person SET dossier_number = 'first' WHERE dossier_number = 'CSR-01-D-2025/1'".into()]),
            (2, "letter-missing", &granted.decision, vec![format!("DELETE FROM letter WHERE paper = {d}")]),
            (3, "letter-of-nothing", "01957d2c-0000-7000-8000-000000000001", vec![format!("UPDATE letter SET paper = {other} WHERE paper = {d}")]),
            (1, "letter-changed", &granted.decision, vec![format!("UPDATE letter SET hash = 'x' WHERE paper = {d}")]),
        ];
        for group in 1..=4 {
            let mine = || cases.iter().filter(|case| case.0 == group);
            let found = after(&store, mine().flat_map(|case| case.3.clone()).collect()).await;
            let said: Vec<String> = found.iter().map(ToString::to_string).collect();
            for (_, rule, names, _) in mine() {
                assert!(
                    said.iter().any(|line| line.starts_with(&format!("{rule}: ")) && line.contains(names)),
                    "{rule} {names} in {said:#?}"
                );
            }
        }
        assert_eq!(verify::books(&store, Depth::Full).await.unwrap().violations, []);
    })
    .await;
}

/// The first officer's id as SQL text.
async fn recommender(store: &Store, application: &str) -> String {
    let application: uuid::Uuid = application.parse().unwrap();
    let read = move |tx: &mut Tx| {
        let row = tx.one(
            "SELECT recommendation FROM application WHERE id = $1",
            crate::vals![application],
        )?;
        row.get::<String>(0)
    };
    let said: Value = serde_json::from_str(&store.read(read).await.unwrap()).unwrap();
    format!("'{}'", said["by"]["id"].as_str().unwrap())
}

/// The second officer's id.
async fn decider(store: &Store, decision: &str) -> String {
    let decision: uuid::Uuid = decision.parse().unwrap();
    let read = move |tx: &mut Tx| {
        let row = tx.one(
            "SELECT decided_by FROM decision WHERE id = $1",
            crate::vals![decision],
        )?;
        row.get::<uuid::Uuid>(0)
    };
    store.read(read).await.unwrap().to_string()
}
