//! Later decisions on a right that two bodies granted: nothing becomes of the award before the second one has confirmed.

use super::{
    chained::{MO, confirm_later, files, opened, says, sent, tasks_of},
    desk::{Desk, Seat},
    later::{Office, in_order, letter},
};
use crate::store::testing::on_both_with;
use karton_api::session::Role;
use serde_json::{Value, json};

/// Granted by both: the award and the first decision.
pub(super) async fn granted(desk: &Desk, office: &Office, luka: &Seat, name: &str) -> (String, Value) {
    let (path, decision) = sent(desk, office, name).await;
    let confirm = format!("{path}/decision/confirm");
    let done = desk
        .post(luka, &confirm, says(&decision, "confirm", None))
        .await
        .ok();
    desk.jobs().await;
    (done["award"].as_str().unwrap().to_owned(), done)
}

/// Proposed and decided by the first body.
async fn decided(desk: &Desk, office: &Office, body: Value) -> Value {
    let it = desk.post(&office.goran, "/v1/amendments", body).await.ok();
    let decide = format!("/v1/amendments/{}/decide", it["id"].as_str().unwrap());
    let body = json!({ "revision": it["revision"] });
    let it = desk.post(&office.petar, &decide, body).await.ok();
    desk.jobs().await;
    it
}

fn suspend(award: &str, reason: &str) -> Value {
    json!({ "kind": "suspend", "award": award, "says": { "from": "2025-03-01", "reason": reason } })
}

async fn rests(desk: &Desk, seat: &Seat, award: &str) -> bool {
    let path = format!("/v1/awards/{award}/entitlements");
    let months = desk.get(seat, &path).await.ok();
    let months = months["items"]
        .as_array()
        .unwrap_or_else(|| panic!("{months}"))
        .clone();
    !months.iter().any(|month| month["month"] == "2025-03-01")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_decision_waits_for_the_second_body_and_takes_effect_with_it() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, mira) = opened(store, files()).await;
        let (award, _) = granted(&desk, &office, &luka, "Marija").await;
        let it = decided(&desk, &office, suspend(&award, "not-collected")).await;
        let path = format!("/v1/amendments/{}", it["id"].as_str().unwrap());
        assert_eq!(it["state"], "confirming", "{it}");
        assert_eq!(it["second"]["waits"], true);
        assert!(
            !rests(&desk, &office.ana, &award).await,
            "nothing has become of it yet"
        );
        // Nobody proposes anything beside what waits.
        desk.post(&office.goran, "/v1/amendments", suspend(&award, "not-collected"))
            .await
            .refused(409, "amendment-running");
        // The first body's letter is made, and may be served.
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!(
            (&seen["letter"], &seen["may"]),
            (&json!("ready"), &json!(["deliver"]))
        );

        // Before it was sent there is nothing before the second body; then it is in its list, with who may do what.
        let confirm = format!("{path}/confirm");
        let body = json!({ "revision": seen["revision"], "says": "confirm" });
        desk.post(&luka, &confirm, body.clone())
            .await
            .refused(409, "step-not-open");
        let steps = seen["steps"].as_array().unwrap();
        let sending = steps.iter().find(|step| step["key"] == "sending").unwrap();
        let id = it["id"].as_str().unwrap();
        let complete = format!(
            "/v1/matters/{id}/steps/{}/complete",
            sending["id"].as_str().unwrap()
        );
        desk.post(&office.ana, &complete, json!({})).await.ok();
        let tasks = tasks_of(&desk.get(&luka, "/v1/tasks").await.ok());
        assert!(
            tasks.contains(&("confirmation".into(), json!("MIN"), false)),
            "{tasks:?}"
        );
        desk.post(&office.petar, &confirm, body.clone())
            .await
            .refused(409, "second-officer-needed");
        desk.post(&office.goran, &confirm, body.clone())
            .await
            .refused(403, "not-permitted");
        let jelena = desk.officer("Jelena", "CSR-01", &[Role::Approver]).await;
        desk.post(&jelena, &confirm, body.clone())
            .await
            .refused(409, "other-office");
        let wrong = json!({ "revision": seen["revision"], "says": "return" });
        desk.post(&luka, &confirm, wrong).await.refused(422, "fields");
        let wrong = json!({ "revision": 1, "says": "confirm" });
        desk.post(&luka, &confirm, wrong)
            .await
            .refused(412, "changed-meanwhile");
        let mine = desk.get(&luka, &path).await.ok();
        assert_eq!(mine["may"], json!(["confirm"]));

        let done = desk.post(&luka, &confirm, body.clone()).await.ok();
        desk.jobs().await;
        assert_eq!(done["state"], "decided");
        let said = &done["second"]["confirmation"];
        assert_eq!(
            (&said["number"], &said["by"]["name"]),
            (&json!("MIN-R-2025/2"), &json!("Luka"))
        );
        assert!(rests(&desk, &office.ana, &award).await);
        desk.post(&luka, &confirm, body)
            .await
            .refused(409, "step-not-open");
        let at = format!("/v1/confirmations/{}", said["id"].as_str().unwrap());
        let text = letter(&desk, &office.ana, &format!("{at}/letter")).await;
        for part in [
            "MIN-R-2025/2",
            it["number"].as_str().unwrap(),
            "confirm",
            "20 dana",
            "Luka",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        // Each letter is served by its own office.
        let serve = format!("{path}/confirmation/deliver");
        let handed = json!({ "on": "2025-03-10", "how": "handed" });
        desk.post(&office.ana, &serve, handed.clone())
            .await
            .refused(409, "other-office");
        let served = desk.post(&mira, &serve, handed.clone()).await.ok();
        assert_eq!(
            served["second"]["confirmation"]["delivery"]["appeal_until"],
            "2025-03-31"
        );
        desk.post(&office.ana, &format!("{path}/deliver"), handed)
            .await
            .ok();
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_second_body_refuses_changes_nothing_and_what_it_sends_back_is_proposed_anew() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, _) = opened(store, files()).await;
        let (award, _) = granted(&desk, &office, &luka, "Marija").await;
        let it = decided(&desk, &office, suspend(&award, "not-collected")).await;
        let why = Some("Davanje je podignuto u februaru.");
        let said = confirm_later(&desk, &office, &luka, &it, "refuse", why).await;
        assert_eq!(
            (&said["state"], &said["second"]["confirmation"]["says"]),
            (&json!("refused"), &json!("refuse"))
        );
        assert!(!rests(&desk, &office.ana, &award).await);
        let at = said["second"]["confirmation"]["id"].as_str().unwrap();
        let text = letter(&desk, &office.ana, &format!("/v1/confirmations/{at}/letter")).await;
        assert!(text.contains("refuse Davanje je podignuto u februaru."), "{text}");

        // Sent back: the number stays with what was, and a task stands in its place.
        let it = decided(&desk, &office, suspend(&award, "not-collected")).await;
        let why = Some("Nedostaje potvrda pošte.");
        let said = confirm_later(&desk, &office, &luka, &it, "return", why).await;
        assert_eq!(
            (&said["state"], &said["number"]),
            (&json!("refused"), &it["number"])
        );
        let all = desk
            .get(&office.goran, &format!("/v1/amendments?award={award}"))
            .await
            .ok();
        let newest = &all["items"][0];
        assert_eq!(
            (&newest["state"], &newest["number"]),
            (&json!("open"), &Value::Null),
            "{all}"
        );
        let path = format!("/v1/amendments/{}", newest["id"].as_str().unwrap());
        let again = desk.get(&office.goran, &path).await.ok();
        assert_eq!(
            (&again["returned"]["reason"], &again["reason"], &again["from"]),
            (
                &json!("Nedostaje potvrda pošte."),
                &json!("not-collected"),
                &json!("2025-03-01")
            )
        );
        // It goes its way once more, and this time it stands; afterwards both take it back.
        let body = json!({ "from": "2025-03-01", "reason": "not-collected" });
        let it = desk
            .post(&office.goran, &format!("{path}/recommend"), body)
            .await
            .ok();
        let body = json!({ "revision": it["revision"] });
        let it = desk
            .post(&office.petar, &format!("{path}/decide"), body)
            .await
            .ok();
        desk.jobs().await;
        confirm_later(&desk, &office, &luka, &it, "confirm", None).await;
        assert!(rests(&desk, &office.ana, &award).await);
        let annul = json!({ "kind": "annul", "amendment": it["id"], "says": { "reason": "after-appeal" } });
        let annul = decided(&desk, &office, annul).await;
        assert_eq!(annul["state"], "confirming");
        assert!(
            rests(&desk, &office.ana, &award).await,
            "it stands until both took it back"
        );
        confirm_later(&desk, &office, &luka, &annul, "confirm", None).await;
        assert!(!rests(&desk, &office.ana, &award).await);
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!(
            (&seen["annulled"], &seen["second"]["confirmation"]["annulled"]),
            (&json!(true), &json!(true))
        );
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pack_says_which_later_decisions_one_body_makes_alone() {
    on_both_with(&[], async |store| {
        let mut files = files();
        let rules = r#"[[later]]
kinds = ["suspend"]
reasons = ["moved-abroad"]
by = "second"
source = "M"
confidence = "memory"

[[later]]
kinds = ["suspend", "resume"]
by = "first"
source = "M"
confidence = "memory"

[[let]]"#;
        let text = files.get_mut(MO).unwrap();
        *text = text.replacen("[[let]]", rules, 1);
        let (desk, office, luka, _) = opened(store, files).await;
        let vesna = desk.officer("Vesna", "MIN", &[Role::Caseworker]).await;
        let (award, _) = granted(&desk, &office, &luka, "Marija").await;
        // The centre alone suspends and resumes …
        let it = decided(&desk, &office, suspend(&award, "not-collected")).await;
        assert_eq!((&it["state"], &it["second"]), (&json!("decided"), &Value::Null));
        assert!(rests(&desk, &office.ana, &award).await);
        let resume = json!({ "kind": "resume", "award": award, "says": { "from": "2025-03-01", "reason": "cause-ended" } });
        desk.post(&vesna, "/v1/amendments", resume.clone()).await.refused(409, "other-office");
        assert_eq!(decided(&desk, &office, resume).await["state"], "decided");
        // … but for one reason the ministry alone does, by its own two officers and in its own name.
        let body = suspend(&award, "moved-abroad");
        desk.post(&office.goran, "/v1/amendments", body.clone()).await.refused(409, "other-office");
        let it = desk.post(&vesna, "/v1/amendments", body).await.ok();
        assert_eq!(it["office"]["code"], "MIN");
        let path = format!("/v1/amendments/{}", it["id"].as_str().unwrap());
        let decide = json!({ "revision": it["revision"] });
        desk.post(&office.petar, &format!("{path}/decide"), decide.clone()).await.refused(409, "other-office");
        let it = desk.post(&luka, &format!("{path}/decide"), decide).await.ok();
        assert_eq!((&it["state"], &it["number"]), (&json!("decided"), &json!("MIN-R-2025/2")));
        desk.jobs().await;
        assert!(rests(&desk, &office.ana, &award).await);
        // The centre sees it, with its letter; taking it back is the ministry's.
        let seen = desk.get(&office.goran, &path).await.ok();
        assert_eq!((&seen["letter"], &seen["may"]), (&json!("ready"), &json!([])));
        assert!(letter(&desk, &office.ana, &format!("{path}/letter")).await.contains("MIN-R-2025/2"));
        let annul = json!({ "kind": "annul", "amendment": it["id"], "says": { "reason": "after-appeal" } });
        desk.post(&office.goran, "/v1/amendments", annul.clone()).await.refused(409, "other-office");
        let annul = desk.post(&vesna, "/v1/amendments", annul).await.ok();
        let decide = format!("/v1/amendments/{}/decide", annul["id"].as_str().unwrap());
        desk.post(&luka, &decide, json!({ "revision": annul["revision"] })).await.ok();
        assert!(!rests(&desk, &office.ana, &award).await);
        // What is not said goes the way of the first decision.
        let end = json!({ "kind": "end", "award": award, "says": { "from": "2025-05-01", "reason": "renounced" } });
        assert_eq!(decided(&desk, &office, end).await["state"], "confirming");
        in_order(&desk).await;
    })
    .await;
}
