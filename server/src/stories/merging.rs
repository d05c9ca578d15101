//! Two dossiers of one person: merged by two officers, found by both numbers, and taken apart again.

use super::desk::{Answer, Desk, Seat};
use crate::{
    merges::MOVED,
    store::{Store, testing::on_both_with},
    vals,
    verify::{self, Depth},
};
use axum::http::Method;
use karton_api::session::Role;
use serde_json::{Value, json};

async fn registers(desk: &Desk, seat: &Seat, family: &str, born: &str) -> Value {
    let body = json!({ "name": { "given": "Marko", "family": family }, "birth_date": born, "municipality": "ME-16", "address": "Lipa 7, Podgorica" });
    desk.post(seat, "/v1/persons", body).await.ok()["card"].clone()
}

fn id_of(card: &Value) -> &str {
    card["id"].as_str().unwrap()
}

async fn proposes(desk: &Desk, seat: &Seat, goes: &str, into: &str) -> Answer {
    let body = json!({ "into": into, "reason": "isto lice, dva upisa" });
    desk.post(seat, &format!("/v1/persons/{goes}/merge"), body).await
}

async fn says(desk: &Desk, seat: &Seat, merge: &Value, what: &str) -> Answer {
    let path = format!("/v1/merges/{}/{what}", id_of(merge));
    let seen = format!("\"{}\"", merge["revision"]);
    let body = json!({ "reason": "uvid u ličnu kartu" });
    desk.send(
        Some(seat),
        Method::POST,
        &path,
        Some(body),
        &[("if-match", &seen)],
    )
    .await
}

async fn dossier(desk: &Desk, seat: &Seat, person: &str) -> Value {
    desk.get(seat, &format!("/v1/dossiers/{person}")).await.ok()
}

async fn finds(desk: &Desk, seat: &Seat, text: &str) -> Vec<String> {
    let found = desk
        .post(seat, "/v1/persons/search", json!({ "text": text }))
        .await
        .ok();
    let items = found["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|hit| hit["card"]["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn books_are_in_order(desk: &Desk) {
    let books = verify::books(&desk.house.store, Depth::Full).await.unwrap();
    assert_eq!(books.violations, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_numbers_find_the_one_who_stays_until_it_is_undone() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let head = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let away = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let (stays, goes) = (
            registers(&desk, &ana, "Vujotić", "1978-03-04").await,
            registers(&desk, &ana, "Lim", "1990-11-25").await,
        );
        let (stays, gone) = (id_of(&stays).to_owned(), goes);
        let goes = id_of(&gone).to_owned();
        // A child lives with the one who goes, and an application is under way.
        let child = desk
            .post(
                &ana,
                "/v1/persons",
                json!({ "name": { "given": "Vera", "family": "Lim" }, "birth_date": "2019-01-05" }),
            )
            .await
            .ok();
        let joins = json!({ "person": id_of(&child["card"]), "relationship": "child", "from": "2019-01-05" });
        desk.post(&ana, &format!("/v1/persons/{goes}/household/members"), joins)
            .await
            .ok();
        desk.post(
            &ana,
            "/v1/applications",
            json!({ "benefit": "MO", "applicant": goes }),
        )
        .await
        .ok();
        let before = (
            dossier(&desk, &ana, &goes).await,
            dossier(&desk, &ana, &stays).await,
        );
        let facts_before = desk.get(&ana, &format!("/v1/persons/{stays}/facts")).await.ok();
        let instant = desk.house.clock.now();
        desk.later();

        // One proposes, another confirms.
        proposes(&desk, &ana, &goes, &goes).await.refused(422, "fields");
        proposes(&desk, &away, &goes, &stays)
            .await
            .refused(404, "not-found");
        let other = registers(&desk, &away, "Zeta", "1950-01-01").await;
        proposes(&desk, &ana, &goes, id_of(&other))
            .await
            .refused(409, "merge-elsewhere");
        let merge = proposes(&desk, &ana, &goes, &stays).await.ok();
        assert_eq!(
            (&merge["state"], &merge["warnings"]),
            (&json!("proposed"), &json!(["birth-dates-differ"]))
        );
        assert_eq!(
            merge["may"],
            json!(["decline"]),
            "the first officer does not confirm"
        );
        says(&desk, &ana, &merge, "confirm")
            .await
            .refused(409, "second-officer-needed");
        proposes(&desk, &ana, &goes, &stays)
            .await
            .refused(409, "already-proposed");
        assert_eq!(
            desk.get(&head, "/v1/merges").await.ok()["items"][0]["may"],
            json!(["confirm", "decline"])
        );
        let merged = says(&desk, &head, &merge, "confirm").await.ok();
        assert_eq!(
            (&merged["state"], &merged["answered"]["by"]["name"]),
            (&json!("merged"), &json!("Petar"))
        );
        books_are_in_order(&desk).await;

        // The old number, dossier and name lead to the one who stays, who has everything of both.
        let led = desk
            .get(&ana, &format!("/v1/dossiers/{goes}?purpose=inquiry"))
            .await;
        assert_eq!(led.status.as_u16(), 307);
        assert_eq!(
            led.headers["location"],
            format!("/v1/dossiers/{stays}?purpose=inquiry")
        );
        assert_eq!(
            finds(&desk, &ana, gone["dossier_number"].as_str().unwrap()).await,
            std::slice::from_ref(&stays)
        );
        assert_eq!(
            finds(&desk, &ana, "1990-11-25").await,
            std::slice::from_ref(&stays)
        );
        assert!(finds(&desk, &ana, "marko lim").await.contains(&stays));
        let now = dossier(&desk, &ana, &stays).await;
        assert_eq!(now["applications"].as_array().unwrap().len(), 1);
        assert_eq!(now["household"]["members"].as_array().unwrap().len(), 2);
        assert_eq!(now["household"]["members"][0]["card"]["id"], json!(stays));
        let facts = desk.get(&ana, &format!("/v1/persons/{stays}/facts")).await.ok();
        assert!(facts["items"].as_array().unwrap().len() >= facts_before["items"].as_array().unwrap().len());
        let then = desk
            .get(&ana, &format!("/v1/persons/{stays}/facts?known_at={instant}"))
            .await
            .ok();
        assert_eq!(
            then, facts_before,
            "what was known then is told as it was known then"
        );
        let told = desk
            .get(&ana, &format!("/v1/dossiers/{stays}/timeline"))
            .await
            .ok();
        assert!(
            told["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|event| event["what"] == "merged")
        );
        proposes(&desk, &ana, &stays, &goes).await.refused(422, "fields");
        desk.post(
            &ana,
            "/v1/applications",
            json!({ "benefit": "MO", "applicant": goes }),
        )
        .await
        .refused(409, "merged-person");

        // Undone, everything is as it was.
        desk.later();
        let undone = says(&desk, &head, &merged, "undo").await.ok();
        assert_eq!(undone["state"], json!("undone"));
        says(&desk, &head, &undone, "undo")
            .await
            .refused(409, "merge-not-open");
        assert_eq!(
            without_revisions(dossier(&desk, &ana, &goes).await),
            without_revisions(before.0)
        );
        assert_eq!(
            without_revisions(dossier(&desk, &ana, &stays).await),
            without_revisions(before.1)
        );
        assert_eq!(
            desk.get(&ana, &format!("/v1/persons/{stays}/facts")).await.ok(),
            facts_before
        );
        assert_eq!(
            finds(&desk, &ana, "1990-11-25").await,
            std::slice::from_ref(&goes)
        );
        books_are_in_order(&desk).await;
    })
    .await;
}

/// Revisions and row ids count what happened; everything else has to be the same.
fn without_revisions(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("revision");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_against_a_merge_is_named() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let (one, other) = (registers(&desk, &ana, "Vujotić", "1978-03-04").await, registers(&desk, &ana, "Lim", "1990-11-25").await);
        let (one, other) = (id_of(&one).to_owned(), id_of(&other).to_owned());
        for (person, number) in [(&one, "A-1"), (&other, "A-2")] {
            let (person, number): (uuid::Uuid, String) = (person.parse().unwrap(), number.into());
            desk.house
                .store
                .write(move |tx| {
                    tx.exec(
                        "INSERT INTO award (id, office, beneficiary, benefit, decision_number, minor, currency, per, starts)
                         SELECT $1, p.office, p.id, 'MO', $2, 100, 'EUR', 'month', 0 FROM person p WHERE p.id = $1",
                        vals![person, &number],
                    )
                })
                .await
                .unwrap();
        }
        let problem = proposes(&desk, &ana, &other, &one).await.refused(409, "merge-hindered");
        let says = problem["errors"][0]["message"].as_str().unwrap();
        assert_eq!(problem["errors"][0]["code"], "awards-exclude");
        assert!(says.contains("A-1") && says.contains("A-2"), "{says}");
    })
    .await;
}

/// Every column that names a person either moves with a merge or is known to stay.
#[tokio::test(flavor = "multi_thread")]
async fn no_table_is_forgotten() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let sql = match desk.house.store.read(|tx| Ok::<_, crate::problem::Error>(tx.dialect())).await.unwrap() {
            crate::store::Dialect::Sqlite => "SELECT m.name, f.\"from\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE f.\"table\" = 'person' ORDER BY 1, 2",
            crate::store::Dialect::Postgres => {
                "SELECT k.table_name::text, k.column_name::text FROM information_schema.referential_constraints r
                 JOIN information_schema.key_column_usage k ON k.constraint_name = r.constraint_name AND k.constraint_schema = r.constraint_schema
                 JOIN information_schema.table_constraints t ON t.constraint_name = r.unique_constraint_name AND t.constraint_schema = r.constraint_schema
                 WHERE t.table_name = 'person' AND k.constraint_schema = current_schema() ORDER BY 1, 2"
            }
        };
        let rows = desk.house.store.read(move |tx| tx.query(sql, &[])).await.unwrap();
        assert!(rows.len() >= MOVED.len());
        for row in rows {
            let (table, column): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            let known = |list: &[(&str, &str)]| list.contains(&(table.as_str(), column.as_str()));
            assert!(
                known(&MOVED) || known(crate::merges::STAYS),
                "{table}.{column} names a person: say in merges/moving.rs whether it moves with a merge"
            );
        }
    })
    .await;
}

/// Every table that stands in an office either goes along with a dossier or is known to stay.
#[tokio::test(flavor = "multi_thread")]
async fn no_table_is_forgotten_when_a_dossier_goes_elsewhere() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let sql = match desk.house.store.read(|tx| Ok::<_, crate::problem::Error>(tx.dialect())).await.unwrap() {
            crate::store::Dialect::Sqlite => {
                "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'office' ORDER BY 1"
            }
            crate::store::Dialect::Postgres => {
                "SELECT table_name::text FROM information_schema.columns
                 WHERE column_name = 'office' AND table_schema = current_schema() ORDER BY 1"
            }
        };
        let rows = desk.house.store.read(move |tx| tx.query(sql, &[])).await.unwrap();
        assert!(rows.len() >= crate::dossiers::CARRIED.len());
        for row in rows {
            let table: String = row.get(0).unwrap();
            let carried = crate::dossiers::CARRIED.iter().any(|(name, _)| *name == table);
            assert!(
                carried || crate::dossiers::REMAINS.contains(&table.as_str()),
                "{table} stands in an office: say in dossiers/transfers.rs whether it goes along with a dossier"
            );
        }
    })
    .await;
}
