//! What is annulled: a decision, after which its application is decided again, and later decisions, after which the award is as it was before
//! them; and the slips of the pen in later decisions.

use super::{
    desk::{Desk, Seat, confirmations},
    later::{Office, granted, in_order, letter, office},
};
use crate::store::testing::on_both_with;
use serde_json::{Value, json};

/// Recommended by the one, decided by the other, its letter made: the path.
pub(super) async fn decided(desk: &Desk, office: &Office, body: Value) -> String {
    let it = desk.post(&office.goran, "/v1/amendments", body).await.ok();
    let path = format!("/v1/amendments/{}", it["id"].as_str().unwrap());
    desk.post(
        &office.petar,
        &format!("{path}/decide"),
        json!({ "revision": it["revision"] }),
    )
    .await
    .ok();
    desk.jobs().await;
    desk.later();
    path
}

fn at(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

async fn months(desk: &Desk, seat: &Seat, award: &str) -> Vec<String> {
    let months = desk
        .get(seat, &format!("/v1/awards/{award}/entitlements"))
        .await
        .ok();
    let months = months["items"].as_array().unwrap().clone();
    months
        .iter()
        .map(|it| it["month"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_annulled_decision_stays_readable_and_its_application_is_decided_again() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let first = granted(&desk, &office, marija).await;
        let old = format!("/v1/decisions/{}", first["id"].as_str().unwrap());
        let path = format!(
            "/v1/applications/{}",
            first["application"]["id"].as_str().unwrap()
        );
        desk.post(
            &office.ana,
            &format!("{old}/deliver"),
            json!({ "on": "2025-03-10" }),
        )
        .await
        .ok();
        let matter = path.replace("applications", "matters");
        assert_eq!(desk.get(&office.ana, &matter).await.ok()["state"], "ended");
        let before = desk.get(&office.ana, &format!("{old}/letter")).await.bytes;

        desk.days(20);
        let [ana, goran, petar] = [
            desk.again(&office.ana).await,
            desk.again(&office.goran).await,
            desk.again(&office.petar).await,
        ];
        let office = Office { ana, goran, petar };
        let annul = json!({ "kind": "annul", "decision": first["id"], "says": { "reason": "after-appeal" } });
        decided(&desk, &office, annul).await;

        // The matter runs again where it can be assessed and decided; the days since the decision do not count.
        assert_eq!(desk.get(&office.ana, &matter).await.ok()["state"], "running");
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!(seen["summary"]["state"], "lodged");
        assert!(
            seen["returned"]["reason"]
                .as_str()
                .unwrap()
                .contains("CSR-01-R-2025/1"),
            "{}",
            seen["returned"]
        );
        assert_eq!(
            (&seen["recommendation"], &seen["summary"]["decision"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(seen["term"]["stood_still"], 20);
        assert!(
            seen["may"].as_array().unwrap().contains(&json!("assess")),
            "{}",
            seen["may"]
        );
        // What was annulled can be read as it was: who recommended, who decided, what was written.
        let was = desk.get(&office.ana, &old).await.ok();
        assert_eq!((&was["annulled"], &was["may"]), (&json!(true), &json!([])));
        assert_eq!(was["recommendation"], first["recommendation"]);
        assert_eq!(was["amount"], first["amount"]);
        assert_eq!(
            before,
            desk.get(&office.ana, &format!("{old}/letter")).await.bytes
        );
        desk.post(
            &office.ana,
            &format!("{old}/deliver"),
            json!({ "on": "2025-03-30" }),
        )
        .await
        .refused(409, "step-not-open");
        in_order(&desk).await;

        desk.registers_know_a_poor_woman(marija, "CSR-01").await;
        desk.later();
        let assessed = desk
            .post(&office.ana, &format!("{path}/assessment"), json!({}))
            .await
            .ok();
        let mut body = json!({ "assessment": assessed["id"], "outcome": "grant" });
        let mut word = body.clone();
        word["confirmed"] = json!(confirmations(&assessed));
        desk.post(&office.goran, &format!("{path}/decision/recommend"), word)
            .await
            .ok();
        body["paragraph"] = json!("Po žalbi, sa dopunjenim dokazima.");
        let second = desk
            .post(&office.petar, &format!("{path}/decision/decide"), body)
            .await
            .ok();
        desk.jobs().await;
        assert_ne!(
            (&second["number"], &second["award"]),
            (&first["number"], &first["award"])
        );
        assert_eq!(
            second["starts"], first["starts"],
            "from the day of lodging, as before"
        );
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!(seen["summary"]["decision"], second["id"]);
        // The new one is served; the old one is not.
        let new = format!("/v1/decisions/{}", second["id"].as_str().unwrap());
        desk.post(
            &office.ana,
            &format!("{new}/deliver"),
            json!({ "on": "2025-03-30" }),
        )
        .await
        .ok();
        assert_eq!(desk.get(&office.ana, &matter).await.ok()["state"], "ended");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_decision_is_corrected_and_annulled_the_newest_first() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let award = granted(&desk, &office, marija).await["award"].as_str().unwrap().to_owned();
        let turn = |kind: &str, from: &str, reason: &str| {
            json!({ "kind": kind, "award": award, "says": { "from": from, "reason": reason } })
        };
        let on = |kind: &str, path: &str, reason: &str| {
            json!({ "kind": kind, "amendment": at(path), "says": { "reason": reason } })
        };
        desk.later();
        let suspended = decided(&desk, &office, turn("suspend", "2025-05-01", "not-collected")).await;
        let ended = decided(&desk, &office, turn("end", "2025-06-01", "renounced")).await;
        desk.days(120);
        let [ana, goran, petar] =
            [desk.again(&office.ana).await, desk.again(&office.goran).await, desk.again(&office.petar).await];
        let office = Office { ana, goran, petar };
        assert_eq!(months(&desk, &office.ana, &award).await, ["2025-03-01", "2025-04-01"]);

        // A slip of the pen: what was decided is no slip.
        let mut slip = on("correct", &ended, "clerical-error");
        slip["says"]["corrections"] = json!([{ "was": "Vujotić", "is": "Vujošević" }]);
        let corrected = decided(&desk, &office, slip).await;
        let text = letter(&desk, &office.ana, &format!("{corrected}/letter")).await;
        for part in ["ISPRAVLJA SE", "Vujotić", "Vujošević", "CSR-01-R-2025/3"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        let seen = desk.get(&office.goran, &ended).await.ok();
        assert_eq!((&seen["amendments"][0]["kind"], &seen["annulled"]), (&json!("correct"), &json!(false)));
        assert_eq!(seen["may"], json!(["deliver", "correct", "annul"]));

        // Only the newest can be taken back: the suspension has been built upon.
        desk.post(&office.goran, "/v1/amendments", on("annul", &suspended, "own-motion")).await.refused(409, "later-decision-stands");
        let mut dated = on("annul", &ended, "own-motion");
        dated["says"]["from"] = json!("2025-06-01");
        let problem = desk.post(&office.goran, "/v1/amendments", dated).await.refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/says/from");
        let mut both = on("annul", &ended, "own-motion");
        both["award"] = json!(award);
        let problem = desk.post(&office.goran, "/v1/amendments", both).await.refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/decision");
        let annulled = decided(&desk, &office, on("annul", &ended, "after-appeal")).await;
        let text = letter(&desk, &office.ana, &format!("{annulled}/letter")).await;
        assert!(text.contains("PONIŠTAVA SE") && text.contains("CSR-01-R-2025/3"), "{text}");
        let seen = desk.get(&office.goran, &ended).await.ok();
        assert_eq!((&seen["annulled"], &seen["may"]), (&json!(true), &json!([])));
        desk.post(&office.goran, "/v1/amendments", on("annul", &ended, "own-motion")).await.refused(409, "decision-annulled");
        desk.post(&office.goran, "/v1/amendments", on("annul", &annulled, "own-motion")).await.refused(422, "fields");
        // The right does not end any more, and is still suspended.
        let running = desk.get(&office.ana, &format!("/v1/awards/{award}")).await.ok();
        assert_eq!(running["award"]["ends"], Value::Null);
        assert_eq!(months(&desk, &office.ana, &award).await, ["2025-03-01", "2025-04-01"]);
        in_order(&desk).await;

        decided(&desk, &office, on("annul", &suspended, "false-evidence")).await;
        assert_eq!(months(&desk, &office.ana, &award).await.len(), 5, "March to July");
        let resume = turn("resume", "2025-08-01", "cause-ended");
        desk.post(&office.goran, "/v1/amendments", resume).await.refused(409, "award-not-suspended");
        in_order(&desk).await;
    })
    .await;
}
