//! Work in restricted matters stays hidden where work is listed, given on or found after a death.

use super::{
    cases_hidden::violence,
    desk::Desk,
    later::{office, recommended},
};
use crate::store::testing::on_both_with;
use karton_api::session::Role;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn restricted_work_is_neither_listed_nor_given_on_nor_does_it_hold_an_account_back() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let rade = desk.officer("Rade", "CSR-01", &[Role::Approver]).await;
        let vera = desk
            .officer("Vera", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let admin = desk.officer("Nada", "MIN", &[Role::Admin]).await;
        let victim = desk.person(&ana, "Jelena").await;
        let case = desk.post(&ana, "/v1/cases", violence(victim, &petar)).await.ok();
        let id = case["summary"]["id"].as_str().unwrap().to_owned();
        let at = format!("/v1/cases/{id}");
        desk.post(&petar, &format!("{at}/open"), json!({ "lead": ana.officer }))
            .await
            .ok();
        let held = desk
            .get(&petar, &format!("/v1/users/{}/work", ana.officer))
            .await
            .ok();
        assert_eq!(
            held["items"][0]["matter"],
            json!(id),
            "whoever is named sees that it is in her hands: {held}"
        );

        // Whoever is not named sees no work, gives none on, and nothing keeps the account open.
        for seat in [&rade, &admin] {
            let work = desk
                .get(seat, &format!("/v1/users/{}/work", ana.officer))
                .await
                .ok();
            assert_eq!(work, json!({ "items": [] }));
            let hand = format!("/v1/users/{}/hand-over", ana.officer);
            let done = desk.post(seat, &hand, json!({ "to": ["vera"] })).await.ok();
            assert_eq!(done, json!({ "given": [], "left": [] }));
        }
        // Whoever is named gives it to nobody for whom the case does not exist: it goes back to the queue of those for whom it does.
        let hand = format!("/v1/users/{}/hand-over", ana.officer);
        let done = desk.post(&petar, &hand, json!({ "to": ["vera"] })).await.ok();
        assert_eq!(done["given"], json!([]), "{done}");
        assert_eq!(done["left"][0]["matter"], json!(id));
        assert_eq!(
            desk.get(&vera, "/v1/tasks?queue=office").await.ok()["items"],
            json!([])
        );
        assert_ne!(
            desk.get(&ana, "/v1/tasks?queue=office").await.ok()["items"],
            json!([])
        );
        let step = case["steps"].as_array().unwrap().len();
        assert!(step > 0);

        // A deputy acts for the approver in the office, and is not named by it.
        let days = json!({ "deputy": "vera", "from": "2025-03-10", "until": "2025-03-20" });
        desk.post(&petar, "/v1/deputies", days).await.ok();
        let deputy = desk.again(&vera).await;
        for path in [at.clone(), format!("{at}/notes"), format!("/v1/matters/{id}")] {
            desk.get(&deputy, &path).await.refused(404, "not-found");
        }
        let lists = [
            "/v1/tasks?queue=office",
            "/v1/cases",
            "/v1/decisions/ready?benefit=MO&outcome=grant",
        ];
        for path in lists {
            assert_eq!(desk.get(&deputy, path).await.ok()["items"], json!([]), "{path}");
        }
        let account = format!("/v1/users/{}", ana.officer);
        let headers = [("If-Match", "\"1\"")];
        let off = Some(json!({ "disabled": true }));
        desk.send(Some(&admin), axum::http::Method::PATCH, &account, off, &headers)
            .await
            .ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_application_is_not_among_those_that_are_decided_together() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let rade = desk.officer("Rade", "CSR-01", &[Role::Approver]).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let (path, assessed) = recommended(&desk, &office, marija).await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        let list = "/v1/decisions/ready?benefit=MO&outcome=grant";
        let there = desk.get(&rade, list).await.ok();
        assert_eq!(there["items"][0]["application"]["id"], json!(id));
        // No act of today makes a benefit's matter a restricted one; should one come, these lists hold already.
        let (matter, now, petar) = (id.parse().unwrap(), desk.house.clock.now(), office.petar.officer);
        let row = desk.house.clock.id();
        let named = desk.house.store.write(move |tx| {
            crate::matters::restrict(tx, matter, now)?;
            let named = crate::matters::NamedOn {
                id: row,
                officer: petar,
                capacity: "supervisor".into(),
                reason: "proba".into(),
                from: now,
                until: None,
                by: None,
            };
            crate::matters::name(tx, matter, &named)
        });
        named.await.unwrap();
        assert_eq!(desk.get(&rade, list).await.ok()["items"], json!([]));
        let item = json!({ "application": id, "assessment": assessed["id"], "revision": there["items"][0]["revision"] });
        let many = json!({ "outcome": "grant", "items": [item] });
        let answer = desk.post(&rade, "/v1/decisions/many", many.clone()).await.ok();
        assert_eq!((&answer["decided"], &answer["left"][0]["problem"]), (&json!([]), &json!("not-found")));
        let nothing = json!({ "outcome": "grant", "items": [{ "application": uuid::Uuid::max(), "assessment": assessed["id"], "revision": 1 }] });
        let missing = desk.post(&rade, "/v1/decisions/many", nothing).await.ok();
        assert_eq!(missing["left"][0]["detail"], answer["left"][0]["detail"], "as if it were not there");
        desk.later();
        assert_eq!(desk.get(&office.petar, list).await.ok()["items"][0]["application"]["id"], json!(id));
        let done = desk.post(&office.petar, "/v1/decisions/many", many).await.ok();
        assert_eq!(done["left"], json!([]), "whoever is named decides it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_death_only_those_who_are_named_find_the_task_of_a_restricted_case() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let vera = desk
            .officer("Vera", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let auditor = desk.officer("Nada", "MIN", &[Role::Auditor]).await;
        let victim = desk.person(&ana, "Jelena").await;
        let case = desk.post(&ana, "/v1/cases", violence(victim, &petar)).await.ok();
        let id = case["summary"]["id"].as_str().unwrap().to_owned();
        desk.post(
            &petar,
            &format!("/v1/cases/{id}/open"),
            json!({ "lead": ana.officer }),
        )
        .await
        .ok();
        desk.later();
        let headers = [("If-Match", "\"1\"")];
        let body = json!({ "on": "2025-03-08", "source": "document", "proof": "MRU Podgorica 112/25" });
        let path = format!("/v1/dossiers/{victim}/death");
        let recorded = desk
            .send(Some(&vera), axum::http::Method::PUT, &path, Some(body), &headers)
            .await
            .ok();
        assert_eq!(
            (&recorded["awards"], &recorded["matters"]),
            (&json!(0), &json!(0)),
            "she learns of no case"
        );
        let task = |tasks: &Value| {
            tasks["items"]
                .as_array()
                .unwrap()
                .iter()
                .find(|task| task["step"] == "look")
                .cloned()
        };
        let seen = desk.get(&ana, "/v1/tasks?queue=office").await.ok();
        let there = task(&seen).unwrap_or_else(|| panic!("{seen}"));
        assert_eq!(
            (&there["about"]["what"], &there["about"]["matter"]),
            (&json!("matter-after-death"), &json!(id))
        );
        let unseen = desk.get(&vera, "/v1/tasks?queue=office").await.ok();
        assert!(task(&unseen).is_none(), "{unseen}");
        let matter = there["matter"].as_str().unwrap();
        desk.get(&vera, &format!("/v1/matters/{matter}"))
            .await
            .refused(404, "not-found");
        let log = desk.get(&auditor, "/v1/audit?what=death-recorded").await.ok();
        assert!(
            !log.to_string().contains(matter) && !log.to_string().contains(&id),
            "{log}"
        );
        assert_eq!(log["items"][0]["values"]["matters"], "0");
        let done = format!(
            "/v1/matters/{matter}/steps/{}/complete",
            there["id"].as_str().unwrap()
        );
        desk.post(&vera, &done, json!({})).await.refused(404, "not-found");
        desk.later();
        desk.post(&ana, &done, json!({})).await.ok();
    })
    .await;
}
