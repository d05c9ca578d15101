//! Another right that gives way to one that two bodies grant: it goes with the second body's decision, and not before.

use super::{
    beside::{assessed, has_allowance, lodged, recommend},
    chained::{chained_in, opened, says, send},
    desk::{Desk, Seat},
    later::{Office, in_order},
};
use crate::store::testing::on_both_with;
use karton_api::session::Role;
use serde_json::{Value, json};

const LI: &str = "catalogue/LI/benefit.toml";

/// Asked for beside the allowance, the new right chosen, recommended and granted by the first body, sent to the second one: the allowance, the path and
/// the first decision.
async fn chosen(desk: &Desk, office: &Office, name: &str) -> (String, String, Value) {
    let person = desk.person(&office.ana, name).await;
    let held = has_allowance(desk, person, "CSR-01").await.to_string();
    let (path, _) = lodged(desk, &office.ana, person).await;
    assessed(desk, &office.ana, &path, person).await;
    let choice = json!({ "award": held, "keeps": "asked", "reason": "izjava na zapisnik od 10.3.2025." });
    desk.post(&office.ana, &format!("{path}/choice"), choice)
        .await
        .ok();
    desk.later();
    let decision = granted_first(desk, office, &path).await;
    (held, path, decision)
}

/// Assessed, recommended, granted by the first body, and sent.
async fn granted_first(desk: &Desk, office: &Office, path: &str) -> Value {
    let first = desk
        .post(&office.ana, &format!("{path}/assessment"), json!({}))
        .await
        .ok();
    desk.post(
        &office.goran,
        &format!("{path}/decision/recommend"),
        recommend(&first, "grant"),
    )
    .await
    .ok();
    let body = json!({ "assessment": first["id"], "outcome": "grant" });
    let decision = desk
        .post(&office.petar, &format!("{path}/decision/decide"), body)
        .await
        .ok();
    desk.jobs().await;
    send(desk, office, path).await;
    decision
}

/// What was made of the other award.
async fn made_of(desk: &Desk, seat: &Seat, award: &str) -> Vec<(Value, Value)> {
    let all = desk
        .get(seat, &format!("/v1/amendments?award={award}"))
        .await
        .ok();
    let items = all["items"].as_array().unwrap();
    items
        .iter()
        .map(|it| (it["kind"].clone(), it["state"].clone()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_right_gives_way_with_the_second_decision_and_not_before() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, _) = opened(store, chained_in(LI)).await;
        let (held, path, decision) = chosen(&desk, &office, "Marija").await;
        assert_eq!(
            made_of(&desk, &office.ana, &held).await,
            [],
            "the first decision grants nothing yet"
        );
        let confirm = format!("{path}/decision/confirm");

        // Sent back: the allowance has never gone, and the person may still think otherwise.
        let body = says(&decision, "return", Some("Nedostaje nalaz."));
        desk.post(&luka, &confirm, body).await.ok();
        assert_eq!(made_of(&desk, &office.ana, &held).await, []);
        in_order(&desk).await;

        // Granted again and refused by the second body: it stands as it stood.
        desk.later();
        let decision = granted_first(&desk, &office, &path).await;
        let body = says(&decision, "refuse", Some("Stepen invaliditeta nije utvrđen."));
        desk.post(&luka, &confirm, body).await.ok();
        desk.jobs().await;
        assert_eq!(made_of(&desk, &office.ana, &held).await, []);
        let award = desk.get(&office.ana, &format!("/v1/awards/{held}")).await.ok();
        assert_eq!(award["award"]["ends"], Value::Null);
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn confirming_ends_it_in_the_same_transaction_and_only_as_long_as_it_may() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, _) = opened(store, chained_in(LI)).await;
        let (held, path, decision) = chosen(&desk, &office, "Marija").await;
        let confirm = format!("{path}/decision/confirm");
        // Something else is on its way for the allowance: nothing is granted beside it, and nothing of the confirmation remains.
        let end = json!({ "kind": "end", "award": held, "says": { "from": "2025-05-01", "reason": "renounced" } });
        let other = desk.post(&office.goran, "/v1/amendments", end).await.ok();
        let body = says(&decision, "confirm", None);
        desk.post(&luka, &confirm, body.clone()).await.refused(409, "amendment-running");
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!(seen["summary"]["state"], "confirming");
        let other = format!("/v1/amendments/{}", other["id"].as_str().unwrap());
        desk.post(&office.petar, &format!("{other}/return"), json!({ "reason": "Nije potrebno." })).await.ok();
        desk.post(&office.goran, &format!("{other}/drop"), json!({ "reason": "Nije potrebno." })).await.ok();

        let done = desk.post(&luka, &confirm, body).await.ok();
        desk.jobs().await;
        assert_ne!(done["award"], Value::Null);
        assert_eq!(
            made_of(&desk, &office.ana, &held).await,
            [(json!("end"), json!("decided")), (json!("end"), json!("dropped"))]
        );
        let award = desk.get(&office.ana, &format!("/v1/awards/{held}")).await.ok();
        assert_eq!(award["award"]["ends"], "2025-03-01", "{award}");
        in_order(&desk).await;

        // Where the second decision is annulled, what gave way is taken back by a decision of its own.
        let vesna = desk.officer("Vesna", "MIN", &[Role::Caseworker]).await;
        let annul = json!({ "kind": "annul", "confirmation": done["second"]["confirmation"]["id"], "says": { "reason": "after-appeal" } });
        let annul = desk.post(&vesna, "/v1/amendments", annul).await.ok();
        let decide = format!("/v1/amendments/{}/decide", annul["id"].as_str().unwrap());
        desk.post(&luka, &decide, json!({ "revision": annul["revision"] })).await.ok();
        desk.jobs().await;
        let all = desk.get(&office.goran, &format!("/v1/amendments?award={held}")).await.ok();
        let gone = all["items"].as_array().unwrap().iter().find(|it| it["state"] == "decided").unwrap();
        let back = json!({ "kind": "annul", "amendment": gone["id"], "says": { "reason": "after-appeal" } });
        let back = desk.post(&office.goran, "/v1/amendments", back).await.ok();
        let decide = format!("/v1/amendments/{}/decide", back["id"].as_str().unwrap());
        let back = desk.post(&office.petar, &decide, json!({ "revision": back["revision"] })).await.ok();
        assert_eq!(back["state"], "decided", "the allowance had one decider");
        let award = desk.get(&office.ana, &format!("/v1/awards/{held}")).await.ok();
        assert_eq!(award["award"]["ends"], Value::Null);
        in_order(&desk).await;
    })
    .await;
}
