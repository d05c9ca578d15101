//! What the second body decided is corrected and annulled by that body, and the first decision stands meanwhile.

use super::{
    chained::{confirm_later, files, opened, says, sent, tasks_of},
    chained_later::granted,
    desk::{Desk, Seat},
    later::{in_order, letter},
};
use crate::store::testing::on_both_with;
use karton_api::session::Role;
use serde_json::{Value, json};

/// Recommended and decided by two officers of the second body.
async fn by_second(desk: &Desk, (vesna, luka): (&Seat, &Seat), body: Value) -> Value {
    let it = desk.post(vesna, "/v1/amendments", body).await.ok();
    let decide = format!("/v1/amendments/{}/decide", it["id"].as_str().unwrap());
    let it = desk
        .post(luka, &decide, json!({ "revision": it["revision"] }))
        .await
        .ok();
    desk.jobs().await;
    it
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_second_decision_is_put_right_by_its_own_body() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, _) = opened(store, files()).await;
        let vesna = desk.officer("Vesna", "MIN", &[Role::Caseworker]).await;
        let (award, first) = granted(&desk, &office, &luka, "Marija").await;
        let said = first["second"]["confirmation"].clone();
        let correct = |was: &str| {
            let says =
                json!({ "reason": "clerical-error", "corrections": [{ "was": was, "is": "Luka Lukić" }] });
            json!({ "kind": "correct", "confirmation": said["id"], "says": says })
        };
        let path = format!("/v1/decisions/{}", first["id"].as_str().unwrap());
        // It is offered where it is made, and the first decision's own where that was made.
        let seen = desk.get(&vesna, &path).await.ok();
        assert_eq!(
            (&seen["second"]["confirmation"]["may"], &seen["may"]),
            (&json!(["correct", "annul"]), &json!([]))
        );
        let seen = desk.get(&office.goran, &path).await.ok();
        assert_eq!(
            (&seen["second"]["confirmation"]["may"], &seen["may"]),
            (&Value::Null, &json!(["correct", "annul"]))
        );
        desk.post(&office.goran, "/v1/amendments", correct("Luka"))
            .await
            .refused(409, "other-office");
        let wrong = correct("Ovo ne piše nigdje");
        let problem = desk
            .post(&vesna, "/v1/amendments", wrong)
            .await
            .refused(422, "fields");
        assert!(
            problem["errors"][0]["pointer"]
                .as_str()
                .unwrap()
                .starts_with("/says/corrections/0")
        );
        let mut both = correct("Luka");
        both["decision"] = first["id"].clone();
        desk.post(&vesna, "/v1/amendments", both)
            .await
            .refused(422, "fields");

        let it = by_second(&desk, (&vesna, &luka), correct("Luka")).await;
        assert_eq!(
            (&it["state"], &it["number"], &it["decision_number"]),
            (&json!("decided"), &json!("MIN-R-2025/2"), &said["number"])
        );
        assert_eq!(it["office"]["code"], "MIN");
        let text = letter(
            &desk,
            &office.ana,
            &format!("/v1/amendments/{}/letter", it["id"].as_str().unwrap()),
        )
        .await;
        for part in [
            "MIN-R-2025/1",
            "Luka Lukić",
            "Ministarstvo nadležno za socijalno staranje",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        // Its history stands beside it, for the first body too; nothing else has changed.
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!(
            seen["second"]["confirmation"]["amendments"][0]["number"],
            "MIN-R-2025/2"
        );
        assert_eq!(
            (&seen["award"], &seen["annulled"]),
            (&json!(award), &json!(false))
        );
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_decision_alone_is_annulled_and_made_again() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, mira) = opened(store, files()).await;
        let vesna = desk.officer("Vesna", "MIN", &[Role::Caseworker]).await;
        let annul = |said: &Value| {
            json!({ "kind": "annul", "confirmation": said["id"], "says": { "reason": "after-appeal" } })
        };
        for confirmed in [true, false] {
            let name = if confirmed { "Marija" } else { "Stana" };
            let (path, decision) = sent(&desk, &office, name).await;
            let confirm = format!("{path}/decision/confirm");
            let why = (!confirmed).then_some("Imovina prelazi granicu.");
            let body = says(&decision, if confirmed { "confirm" } else { "refuse" }, why);
            let done = desk.post(&luka, &confirm, body).await.ok();
            desk.jobs().await;
            let said = done["second"]["confirmation"].clone();
            assert_eq!(done["award"].is_null(), !confirmed);
            // An appeal against the second decision runs from its own delivery; then its body takes it back.
            let serve = format!("/v1/confirmations/{}/deliver", said["id"].as_str().unwrap());
            desk.post(&mira, &serve, json!({ "on": "2025-03-10", "how": "handed" })).await.ok();
            let mut wrong = annul(&said);
            wrong["says"]["from"] = json!("2025-04-01");
            desk.post(&vesna, "/v1/amendments", wrong).await.refused(422, "fields");
            desk.post(&office.goran, "/v1/amendments", annul(&said)).await.refused(409, "other-office");
            let it = by_second(&desk, (&vesna, &luka), annul(&said)).await;
            assert_eq!((&it["state"], &it["office"]["code"]), (&json!("decided"), &json!("MIN")));
            desk.post(&vesna, "/v1/amendments", annul(&said)).await.refused(409, "decision-annulled");

            // The first decision stands and waits again; nothing is awarded.
            let at = format!("/v1/decisions/{}", decision["id"].as_str().unwrap());
            let seen = desk.get(&office.ana, &at).await.ok();
            assert_eq!(
                (&seen["annulled"], &seen["second"]["waits"], &seen["award"]),
                (&json!(false), &json!(true), &Value::Null)
            );
            assert_eq!(seen["second"]["earlier"][0]["number"], said["number"]);
            assert_eq!(seen["second"]["earlier"][0]["annulled"], true);
            let seen = desk.get(&office.ana, &path).await.ok();
            assert_eq!((&seen["summary"]["state"], &seen["summary"]["outcome"]), (&json!("confirming"), &Value::Null));
            if let Some(award) = done["award"].as_str() {
                let months = desk.get(&office.ana, &format!("/v1/awards/{award}/entitlements")).await.ok();
                assert_eq!(months["items"], json!([]));
            }
            assert!(tasks_of(&desk.get(&luka, "/v1/tasks").await.ok()).iter().any(|task| task.0 == "confirmation"));
            in_order(&desk).await;

            // It decides again, with a number of its own, and now it is the other way round.
            let body = says(&decision, if confirmed { "refuse" } else { "confirm" }, confirmed.then_some("Imovina."));
            let again = desk.post(&luka, &confirm, body).await.ok();
            desk.jobs().await;
            assert_ne!(again["second"]["confirmation"]["number"], said["number"]);
            assert_eq!(again["award"].is_null(), confirmed);
            let seen = desk.get(&office.ana, &path).await.ok();
            let outcome = if confirmed { "refuse" } else { "grant" };
            assert_eq!((&seen["summary"]["state"], &seen["summary"]["outcome"]), (&json!("decided"), &json!(outcome)));
            in_order(&desk).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_back_or_said_on_a_later_decision_is_not_annulled_alone() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, _) = opened(store, files()).await;
        let vesna = desk.officer("Vesna", "MIN", &[Role::Caseworker]).await;
        let (path, decision) = sent(&desk, &office, "Danica").await;
        let body = says(&decision, "return", Some("Nedostaje uvjerenje."));
        let back = desk
            .post(&luka, &format!("{path}/decision/confirm"), body)
            .await
            .ok();
        let about = |kind: &str, said: &Value| {
            let says = match kind {
                "annul" => json!({ "reason": "after-appeal" }),
                _ => {
                    json!({ "reason": "clerical-error", "corrections": [{ "was": "Luka", "is": "Lucijan" }] })
                }
            };
            json!({ "kind": kind, "confirmation": said["id"], "says": says })
        };
        let said = &back["second"]["confirmation"];
        for kind in ["correct", "annul"] {
            let problem = desk
                .post(&vesna, "/v1/amendments", about(kind, said))
                .await
                .refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], "/confirmation");
        }

        let (award, _) = granted(&desk, &office, &luka, "Marija").await;
        let end =
            json!({ "kind": "end", "award": award, "says": { "from": "2025-05-01", "reason": "renounced" } });
        let it = desk.post(&office.goran, "/v1/amendments", end).await.ok();
        let decide = format!("/v1/amendments/{}/decide", it["id"].as_str().unwrap());
        let it = desk
            .post(&office.petar, &decide, json!({ "revision": it["revision"] }))
            .await
            .ok();
        desk.jobs().await;
        let it = confirm_later(&desk, &office, &luka, &it, "confirm", None).await;
        let it = desk
            .get(&vesna, &format!("/v1/amendments/{}", it["id"].as_str().unwrap()))
            .await
            .ok();
        let said = &it["second"]["confirmation"];
        assert_eq!(said["may"], json!(["correct"]));
        let problem = desk
            .post(&vesna, "/v1/amendments", about("annul", said))
            .await
            .refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/confirmation");
        // Its slips are put right like those of any second decision.
        let corrected = by_second(&desk, (&vesna, &luka), about("correct", said)).await;
        assert_eq!(
            (&corrected["state"], &corrected["decision_number"]),
            (&json!("decided"), &said["number"])
        );
        in_order(&desk).await;
    })
    .await;
}
