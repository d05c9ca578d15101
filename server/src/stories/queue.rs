//! The work queue, and the steps that officers move by themselves.

use super::desk::{Desk, Seat, answers};
use crate::store::testing::on_both_with;
use karton_api::session::Role;
use serde_json::{Value, json};

async fn lodged(desk: &Desk, ana: &Seat, given: &str) -> String {
    let person = desk.person(ana, given).await;
    let draft = json!({ "benefit": "MO", "applicant": person, "answers": answers(person) });
    let draft = desk.post(ana, "/v1/applications", draft).await.ok();
    let id = draft["summary"]["id"].as_str().unwrap().to_owned();
    desk.post(ana, &format!("/v1/applications/{id}/lodge"), json!({}))
        .await
        .ok();
    id
}

fn matters(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["matter"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_read_page_by_page_and_steps_are_taken_given_and_opened_again() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let goran = desk.officer("Goran", "CSR-01", &[Role::Caseworker]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let mut all = Vec::new();
        for given in ["Marija", "Zorka Ana", "Desanka"] {
            all.push(lodged(&desk, &ana, given).await);
        }

        // Page by page, each once, in the order of their terms.
        let first = desk.get(&ana, "/v1/tasks?queue=office&limit=2").await.ok();
        let next = first["next"].as_str().unwrap();
        let second = desk
            .get(&ana, &format!("/v1/tasks?queue=office&limit=2&cursor={next}"))
            .await
            .ok();
        assert_eq!(second["next"], Value::Null);
        let mut seen = matters(&first);
        seen.extend(matters(&second));
        assert_eq!(seen, all);
        desk.get(&ana, "/v1/tasks?cursor=nonsense")
            .await
            .refused(422, "fields");
        desk.get(&ana, "/v1/tasks?limit=0").await.refused(422, "fields");

        // Ana takes one: it leaves Goran's queue. He gives it to himself, and Ana's loses it.
        let (matter, step) = (
            all[0].clone(),
            first["items"][0]["id"].as_str().unwrap().to_owned(),
        );
        let at = format!("/v1/matters/{matter}/steps/{step}");
        desk.post(&petar, &format!("{at}/start"), json!({}))
            .await
            .refused(403, "not-permitted");
        desk.post(&ana, &format!("{at}/start"), json!({})).await.ok();
        desk.post(&ana, &format!("{at}/start"), json!({}))
            .await
            .refused(409, "step-not-open");
        assert_eq!(matters(&desk.get(&goran, "/v1/tasks").await.ok()).len(), 2);
        desk.post(&ana, &format!("{at}/assign"), json!({}))
            .await
            .refused(403, "not-permitted");
        let nobody = json!({ "officer": matter });
        desk.post(&goran, &format!("{at}/assign"), nobody)
            .await
            .refused(422, "fields");
        desk.post(
            &goran,
            &format!("{at}/assign"),
            json!({ "officer": petar.officer }),
        )
        .await
        .refused(422, "fields");
        desk.post(
            &goran,
            &format!("{at}/assign"),
            json!({ "officer": goran.officer }),
        )
        .await
        .ok();
        assert_eq!(matters(&desk.get(&ana, "/v1/tasks").await.ok()).len(), 2);
        assert_eq!(matters(&desk.get(&goran, "/v1/tasks").await.ok()).len(), 3);

        // Done, and opened again with a reason: what it had opened is dropped, and it has a new term.
        desk.post(&goran, &format!("{at}/complete"), json!({})).await.ok();
        desk.post(&goran, &format!("{at}/complete"), json!({}))
            .await
            .refused(409, "step-not-open");
        desk.post(&goran, &format!("{at}/reopen"), json!({ "reason": " " }))
            .await
            .refused(422, "fields");
        let opened = desk
            .post(
                &goran,
                &format!("{at}/reopen"),
                json!({ "reason": "registar je pogriješio" }),
            )
            .await
            .ok();
        let states: Vec<(&str, &str)> = opened["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| (step["key"].as_str().unwrap(), step["state"].as_str().unwrap()))
            .collect();
        assert_eq!(
            states,
            [
                ("intake", "done"),
                ("evidence", "done"),
                ("assessment", "dropped"),
                ("evidence", "open")
            ]
        );

        // Eight days, of which the last is no Sunday: after them all are overdue.
        assert!(matters(&desk.get(&ana, "/v1/tasks?queue=overdue").await.ok()).is_empty());
        desk.days(9);
        let ana = desk.again(&ana).await;
        let late = desk.get(&ana, "/v1/tasks?queue=overdue").await.ok();
        assert_eq!(matters(&late).len(), 3);
        assert!(
            late["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|task| task["overdue"] == true)
        );
    })
    .await;
}
