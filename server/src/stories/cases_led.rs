//! A case passes from one caseworker to another, on every engine: what waited for the one waits for the other, and a restricted case is left by
//! whoever led it.

use super::{
    cases::{guardianship, said, text},
    cases_hidden::violence,
    desk::Desk,
};
use crate::store::testing::on_both_with;
use karton_api::session::Role;
use serde_json::{Value, json};

fn names(case: &Value) -> Vec<(&str, &str)> {
    let runs = |named: &&Value| named["runs"] == true;
    let named = case["named"].as_array().unwrap().iter().filter(runs);
    named
        .map(|it| {
            (
                it["capacity"].as_str().unwrap(),
                it["officer"]["name"].as_str().unwrap(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_passes_to_another_caseworker_with_all_that_waits() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let iva = desk
            .officer("Iva", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let far = desk.officer("Jelena", "CSR-04", &[Role::Caseworker]).await;
        let child = desk.person(&ana, "Luka").await;
        let case = desk.post(&ana, "/v1/cases", guardianship(child)).await.ok();
        let at = format!("/v1/cases/{}", case["summary"]["id"].as_str().unwrap());
        let give =
            |to: &super::desk::Seat| json!({ "lead": to.officer, "reason": "Ana odlazi na bolovanje" });
        let door = format!("{at}/lead");
        desk.post(&petar, &door, give(&iva))
            .await
            .refused(409, "step-not-open");
        desk.post(&petar, &format!("{at}/open"), json!({ "lead": ana.officer }))
            .await
            .ok();
        for (what, officer) in [
            ("posjeta porodici", Some(ana.officer)),
            ("uvjerenje škole", Some(petar.officer)),
            ("poziv baki", None),
        ] {
            let watch = json!({ "kind": "visit", "what": what, "due_on": "2025-03-12", "officer": officer });
            desk.post(&ana, &format!("{at}/watches"), watch).await.ok();
        }
        desk.post(&ana, &door, give(&iva))
            .await
            .refused(403, "not-permitted");
        desk.post(&petar, &door, give(&ana)).await.refused(422, "fields");
        desk.post(&petar, &door, give(&far)).await.refused(422, "fields");
        desk.post(&petar, &door, give(&petar))
            .await
            .refused(422, "fields");
        desk.post(&petar, &door, json!({ "lead": iva.officer, "reason": " " }))
            .await
            .refused(422, "fields");
        desk.later();
        let case = desk.post(&petar, &door, give(&iva)).await.ok();
        assert_eq!(case["summary"]["lead"]["name"], "Iva");
        let led = &case["led"][0];
        assert_eq!(
            (&led["officer"]["name"], &led["by"]["name"]),
            (&json!("Ana"), &json!("Petar"))
        );
        assert_eq!(led["reason"], "Ana odlazi na bolovanje");
        // The open step and what Ana had to watch are Iva's now; what Petar has to do stays his.
        assert_eq!(desk.get(&ana, "/v1/tasks").await.ok()["items"], json!([]));
        assert_eq!(
            desk.get(&iva, "/v1/tasks").await.ok()["items"][0]["step"],
            "initial"
        );
        assert_eq!(
            desk.get(&ana, "/v1/cases/dues?mine=true").await.ok()["items"],
            json!([])
        );
        let dues = desk.get(&iva, "/v1/cases/dues?mine=true").await.ok();
        let mut what: Vec<_> = dues["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|due| due["what"].as_str().unwrap())
            .collect();
        what.sort_unstable();
        assert_eq!(what, ["", "posjeta porodici", "poziv baki"], "{dues}");
        assert_eq!(
            desk.get(&petar, "/v1/cases/dues?mine=true").await.ok()["items"][0]["what"],
            "uvjerenje škole"
        );
        assert_eq!(
            desk.get(&ana, "/v1/cases?mine=true").await.ok()["items"],
            json!([])
        );
        // And she works on it.
        let answers = said(&[
            ("assessment_sources", text("razgovor")),
            ("key_event", text("smrt majke")),
            ("state_safety", text("bezbjedno")),
            ("conclusion", text("zatvoriti")),
        ]);
        let close = json!({ "step": "initial", "answers": answers, "close": true });
        desk.post(&iva, &format!("{at}/sheets"), close).await.ok();
        desk.post(
            &petar,
            &format!("{at}/close"),
            json!({ "reason": "moved", "text": "nije potreban staratelj" }),
        )
        .await
        .ok();
        desk.post(&petar, &door, give(&ana))
            .await
            .refused(409, "case-closed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_case_is_left_by_whoever_led_it() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let iva = desk.officer("Iva", "CSR-01", &[Role::Caseworker]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let other = desk.officer("Goran", "CSR-01", &[Role::Approver]).await;
        let victim = desk.person(&ana, "Jelena").await;
        let case = desk.post(&ana, "/v1/cases", violence(victim, &petar)).await.ok();
        let at = format!("/v1/cases/{}", case["summary"]["id"].as_str().unwrap());
        desk.post(&petar, &format!("{at}/open"), json!({ "lead": ana.officer }))
            .await
            .ok();
        desk.later();
        let watch =
            json!({ "kind": "visit", "what": "posjeta", "due_on": "2025-03-11", "officer": ana.officer });
        desk.post(&ana, &format!("{at}/watches"), watch).await.ok();
        let team = json!({ "officer": iva.officer, "capacity": "team", "reason": "zamjena" });
        desk.post(&petar, &format!("{at}/named"), team).await.ok();
        desk.later();
        let give = json!({ "lead": iva.officer, "reason": "Ana poznaje učinioca" });
        desk.post(&other, &format!("{at}/lead"), give.clone())
            .await
            .refused(404, "not-found");
        let case = desk.post(&petar, &format!("{at}/lead"), give).await.ok();
        assert_eq!(names(&case), [("supervisor", "Petar"), ("lead", "Iva")]);
        desk.later();
        desk.get(&ana, &at).await.refused(404, "not-found");
        assert_eq!(
            desk.get(&ana, "/v1/tasks?queue=office").await.ok()["items"],
            json!([])
        );
        assert_eq!(desk.get(&ana, "/v1/cases/dues").await.ok()["items"], json!([]));
        let dues = desk.get(&iva, "/v1/cases/dues?mine=true").await.ok();
        assert!(dues.to_string().contains("posjeta"), "{dues}");
        assert_eq!(desk.get(&iva, &at).await.ok()["summary"]["lead"]["name"], "Iva");
    })
    .await;
}
