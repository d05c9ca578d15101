//! People who look alike: found by a job, listed by weight, judged by officers; nothing waits for it.

use super::desk::{Desk, Seat};
use crate::store::{Store, testing::on_both_with};
use axum::http::Method;
use karton_api::session::Role;
use serde_json::{Value, json};

async fn registers(desk: &Desk, seat: &Seat, body: Value) -> String {
    let person = desk.post(seat, "/v1/persons", body).await.ok();
    person["card"]["id"].as_str().unwrap().to_owned()
}

fn somebody(given: &str, family: &str, born: &str, address: &str) -> Value {
    json!({ "name": { "given": given, "family": family }, "birth_date": born, "municipality": "ME-16", "address": address })
}

async fn judges(desk: &Desk, seat: &Seat, pair: &Value, verdict: &str) -> super::desk::Answer {
    let path = format!("/v1/duplicates/{}/verdict", pair["id"].as_str().unwrap());
    let seen = format!("\"{}\"", pair["revision"]);
    let body = json!({ "verdict": verdict, "reason": "po dokumentima" });
    desk.send(
        Some(seat),
        Method::POST,
        &path,
        Some(body),
        &[("if-match", &seen)],
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_alike_is_listed_by_weight_and_judged() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let away = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let marko = registers(&desk, &ana, somebody("Marko", "Vujotić", "1978-03-04", "Ulica lipa 7, 81000 Podgorica")).await;
        let mut twin = somebody("Вујотић", "Марко", "1978-03-04", "ул. Липа 7, 81000 Подгорица");
        twin["not_the_same_as"] = json!([marko]);
        let same = registers(&desk, &ana, twin).await;
        // Another birth date and a slip in the name: the words of the name do not find it, the keys do.
        let slip = registers(&desk, &ana, somebody("Marko", "Vujotčić", "1978-03-14", "Lipa 7, Podgorica 81000")).await;
        registers(&desk, &ana, somebody("Ana", "Vujotić", "1981-07-12", "Ulica lipa 7, 81000 Podgorica")).await;
        assert_eq!(desk.get(&ana, "/v1/duplicates").await.ok()["items"], json!([]), "nobody was compared yet");
        desk.jobs().await;

        let list = desk.get(&ana, "/v1/duplicates").await.ok();
        let pairs = list["items"].as_array().unwrap();
        assert_eq!(pairs.len(), 3, "three of Marko, and none with the wife: {list:#}");
        let weights: Vec<i64> = pairs.iter().map(|pair| pair["bits"].as_i64().unwrap()).collect();
        assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
        assert_eq!((&pairs[0]["one"]["id"], &pairs[0]["other"]["id"]), (&json!(marko), &json!(same)));
        assert_eq!(pairs[0]["certain"], true);
        let reason = |field: &str| {
            let reasons = pairs[0]["reasons"].as_array().unwrap();
            reasons.iter().find(|it| it["field"] == field).map(|it| it["level"].clone())
        };
        assert_eq!(reason("name-order"), Some(json!("swapped")));
        assert_eq!((reason("street"), reason("house-number")), (Some(json!("same")), Some(json!("same"))));
        // Page by page the same list.
        let first = desk.get(&ana, "/v1/duplicates?limit=2").await.ok();
        let rest = format!("/v1/duplicates?limit=2&cursor={}", first["next"].as_str().unwrap());
        let rest = desk.get(&ana, &rest).await.ok();
        assert_eq!((first["items"].as_array().unwrap().len(), &rest["items"][0]["id"]), (2, &pairs[2]["id"]));
        assert_eq!(desk.get(&ana, &format!("/v1/duplicates?person={slip}")).await.ok()["items"].as_array().unwrap().len(), 2);
        assert_eq!(desk.get(&away, "/v1/duplicates").await.ok()["items"], json!([]), "none of the two is of this centre");
        let of_others = format!("/v1/duplicates/{}", pairs[0]["id"].as_str().unwrap());
        desk.get(&away, &of_others).await.refused(404, "not-found");

        // A verdict is kept with its officer; the second one to judge the same sight is told.
        let judged = judges(&desk, &ana, &pairs[1], "different").await.ok();
        assert_eq!((&judged["state"], &judged["judged"]["by"]["name"]), (&json!("different"), &json!("Ana")));
        judges(&desk, &ana, &pairs[1], "same").await.refused(412, "changed-meanwhile");
        assert_eq!(desk.get(&ana, "/v1/duplicates?state=different").await.ok()["items"][0]["id"], pairs[1]["id"]);
        // Compared again it stays judged, and open pairs that are no longer alike go.
        let body = json!({ "name": { "given": "Stanko", "family": "Lim" }, "birth_date": "1950-01-01", "reason": "zamijenjeni papiri" });
        let path = format!("/v1/persons/{slip}");
        desk.send(Some(&ana), Method::PATCH, &path, Some(body), &[("if-match", "\"1\"")]).await.ok();
        desk.jobs().await;
        let open = desk.get(&ana, "/v1/duplicates").await.ok();
        assert_eq!(open["items"].as_array().unwrap().len(), 1, "{open:#}");
        assert_eq!(desk.get(&ana, "/v1/duplicates?state=different").await.ok()["items"].as_array().unwrap().len(), 1);
    })
    .await;
}
