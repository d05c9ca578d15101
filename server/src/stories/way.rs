//! One application, from the first key to the delivered letter.

use super::desk::{ApplicationId, Desk, answers, confirmations, id};
use crate::store::testing::on_both_with;
use karton_api::session::Role;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_woman_without_means_is_granted_support_by_two_officers() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let both = desk.officer("Goran", "CSR-01", &[Role::Caseworker, Role::Approver]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let other = desk.officer("Jelena", "CSR-03", &[Role::Clerk, Role::Caseworker, Role::Approver]).await;
        let marija = desk.person(&ana, "Marija").await;

        // The preview knows nothing yet and says what is missing; nothing is written by it.
        let preview = json!({ "benefit": "MO", "applicant": marija, "answers": [] });
        let shown = desk.post(&ana, "/v1/assessments/preview", preview).await.ok();
        assert_eq!(shown["assessment"]["outcome"], "unknown");
        assert!(shown["hidden"].as_array().unwrap().iter().any(|field| field["fact"] == "account"));
        assert!(!shown["assessment"]["missing"].as_array().unwrap().is_empty());

        // A draft has no number; what cannot be taken is named by its pointer and nothing is stored.
        let draft = desk.post(&ana, "/v1/applications", json!({ "benefit": "MO", "applicant": marija })).await.ok();
        let application: ApplicationId = id(&draft["summary"]["id"]);
        let path = format!("/v1/applications/{application}");
        assert_eq!(draft["summary"]["number"], Value::Null);
        let wrong = json!({ "answers": [
            { "of": { "kind": "claim" }, "fact": "consent", "value": { "type": "int", "value": 3 } },
            { "of": { "kind": "claim" }, "fact": "weather", "value": { "type": "int", "value": 3 } },
            { "of": { "kind": "household" }, "fact": "tenure", "value": { "type": "code", "value": "castle" } },
        ] });
        let problem = desk.put(&ana, &path, 1, wrong).await.refused(422, "fields");
        let pointers: Vec<&str> = problem["errors"].as_array().unwrap().iter().map(|it| it["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/answers/0/value", "/answers/1/fact", "/answers/2/value"]);
        let lodge = format!("{path}/lodge");
        let unfilled = desk.post(&ana, &lodge, json!({})).await.refused(422, "fields");
        assert!(unfilled["errors"].as_array().unwrap().iter().any(|error| error["pointer"] == "consent"));
        desk.put(&ana, &path, 1, json!({ "answers": answers(marija) })).await.ok();
        desk.put(&ana, &path, 1, json!({ "answers": [] })).await.refused(412, "changed-meanwhile");
        desk.get(&other, &path).await.refused(404, "not-found");
        desk.post(&other, &lodge, json!({})).await.refused(404, "not-found");

        // Lodging answers at once with the status, and nobody lodges the same twice.
        let lodged = desk.post(&ana, &lodge, json!({})).await.ok();
        assert_eq!(lodged["application"]["summary"]["number"], "CSR-01-Z-2025/1");
        assert_eq!(lodged["application"]["summary"]["state"], "lodged");
        assert_eq!(lodged["status"]["due_on"], "2025-04-09", "thirty days");
        assert_eq!(lodged["status"]["assessment"]["outcome"], "unknown");
        desk.post(&ana, &lodge, json!({})).await.refused(409, "not-a-draft");
        let again = desk.post(&ana, "/v1/applications", json!({ "benefit": "MO", "applicant": marija })).await.ok();
        let again: ApplicationId = id(&again["summary"]["id"]);
        let second = format!("/v1/applications/{again}");
        desk.put(&ana, &second, 1, json!({ "answers": answers(marija) })).await.ok();
        desk.post(&ana, &format!("{second}/lodge"), json!({})).await.refused(409, "already-running");

        // The queue: evidence is open for the clerk. A legal act is not completed by marking it done.
        let tasks = desk.get(&ana, "/v1/tasks?queue=mine").await.ok();
        assert_eq!(tasks["items"][0]["step"], "evidence");
        assert_eq!(tasks["items"][0]["number"], "CSR-01-Z-2025/1");
        desk.get(&other, "/v1/tasks?queue=office").await.ok()["items"].as_array().unwrap().is_empty().then_some(()).unwrap();
        let step = tasks["items"][0]["id"].as_str().unwrap().to_owned();
        let matter = format!("/v1/matters/{application}");
        desk.later();
        // The vehicles' register stays silent: of those there is only her word.
        desk.registers_know_all_but(marija, "CSR-01", &["vehicles"]).await;
        let word = json!({ "fact": "vehicles", "value": { "type": "rows", "value": [] }, "source": "declaration" });
        desk.post(&ana, &format!("/v1/persons/{marija}/facts"), word).await.ok();
        desk.post(&ana, &format!("{path}/assessment"), json!({})).await.refused(409, "step-not-open");
        desk.post(&ana, &format!("{matter}/steps/{step}/complete"), json!({})).await.ok();
        desk.later();
        let assessed = desk.post(&ana, &format!("{path}/assessment"), json!({})).await.ok();
        assert_eq!(assessed["assessment"]["outcome"], "grant", "{assessed}");
        assert_eq!(assessed["outdated"], false);
        let not_verified: Vec<&Value> = assessed["not_verified"].as_array().unwrap().iter().map(|it| &it["fact"]).collect();
        assert_eq!(not_verified, ["vehicles"], "a declaration about what a register speaks of; her word on the rest is enough");
        let seen = desk.get(&both, &path).await.ok();
        assert!(seen["may"].as_array().unwrap().contains(&json!("recommend")));
        let open = seen["steps"].as_array().unwrap().iter().find(|step| step["state"] == "open").unwrap().clone();
        assert_eq!(open["key"], "recommendation");
        let open = open["id"].as_str().unwrap();
        desk.post(&both, &format!("{matter}/steps/{open}/complete"), json!({})).await.refused(409, "legal-act");

        // The first officer: what nothing proves needs a word with a reason, and the outcome must follow.
        let recommend = format!("{path}/decision/recommend");
        let word = |outcome: &str, confirmed: Vec<Value>| {
            json!({ "assessment": assessed["id"], "outcome": outcome, "confirmed": confirmed })
        };
        desk.post(&both, &recommend, word("grant", vec![])).await.refused(409, "not-verified");
        desk.post(&both, &recommend, word("refuse", confirmations(&assessed))).await.refused(409, "outcome-differs");
        desk.post(&ana, &recommend, word("grant", confirmations(&assessed))).await.refused(403, "not-permitted");
        desk.post(&both, &recommend, word("grant", confirmations(&assessed))).await.ok();

        // The second officer is another one, and sees the same assessment.
        let decide = format!("{path}/decision/decide");
        let verdict = json!({ "assessment": assessed["id"], "outcome": "grant" });
        desk.post(&both, &decide, verdict.clone()).await.refused(409, "second-officer-needed");
        let queue = desk.get(&both, "/v1/tasks?queue=office").await.ok();
        assert_eq!(queue["items"][0]["blocked"], true);
        assert_eq!(desk.get(&petar, "/v1/tasks").await.ok()["items"][0]["blocked"], false);
        desk.later();
        desk.post(&petar, &decide, json!({ "assessment": assessed["id"], "outcome": "refuse" })).await.refused(409, "outcome-differs");
        let decision = desk.post(&petar, &decide, verdict.clone()).await.ok();
        assert_eq!(decision["number"], "CSR-01-R-2025/1");
        assert_eq!(decision["letter"], "making");
        desk.post(&petar, &decide, verdict).await.refused(409, "step-not-open");

        // The letter is made after the commit, and never changes.
        let decision: karton_api::Id<karton_api::value::Decision> = id(&decision["id"]);
        let at = format!("/v1/decisions/{decision}");
        desk.get(&ana, &format!("{at}/letter")).await.refused(409, "letter-not-ready");
        desk.post(&ana, &format!("{at}/deliver"), json!({ "on": "2025-03-10" })).await.refused(409, "letter-not-ready");
        desk.jobs().await;
        let pdf = desk.get(&ana, &format!("{at}/letter")).await;
        assert!(pdf.bytes.starts_with(b"%PDF"));
        assert_eq!(pdf.bytes, desk.get(&petar, &format!("{at}/letter?form=pdf")).await.bytes);
        let text = String::from_utf8(desk.get(&ana, &format!("{at}/letter?form=text&width=72")).await.bytes).unwrap();
        for part in ["R J E Š E", "CSR-01-R-2025/1", "Marija Vujotić", "CSR-01-Z-2025/1", "ZSDZ 31"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(!text.contains("ZSDZ 21)"), "unconfirmed law is never printed as an article\n{text}");
        desk.get(&ana, &format!("{at}/letter?form=text&width=9")).await.refused(422, "fields");
        desk.get(&other, &format!("{at}/letter")).await.refused(404, "not-found");
        desk.post(&ana, &format!("{at}/deliver"), json!({ "on": "2025-03-11" })).await.refused(422, "fields");
        let delivered = desk.post(&ana, &format!("{at}/deliver"), json!({ "on": "2025-03-10" })).await.ok();
        assert_eq!(delivered["delivered_on"], "2025-03-10");
        desk.post(&ana, &format!("{at}/deliver"), json!({ "on": "2025-03-10" })).await.refused(409, "step-not-open");
        assert_eq!(desk.get(&ana, &matter).await.ok()["state"], "ended");

        // The award, and the assessment run again over what it saw.
        let awards = desk.get(&ana, &format!("/v1/awards?person={marija}")).await.ok();
        assert_eq!(awards["items"][0]["decision_number"], "CSR-01-R-2025/1");
        assert_eq!(awards["items"][0]["amount"], delivered["amount"]["money"]);
        let award = awards["items"][0]["id"].as_str().unwrap();
        let months = desk.get(&ana, &format!("/v1/awards/{award}/entitlements")).await.ok();
        assert_eq!(months["items"], json!([{ "month": "2025-03-01", "amount": delivered["amount"]["money"] }]));
        desk.get(&other, &format!("/v1/awards/{award}/entitlements")).await.refused(404, "not-found");
        let scope = crate::access::Scope::under(desk.house.offices.by_code("CSR-01").unwrap().id);
        let stored = desk
            .house
            .store
            .read(move |tx| crate::assessments::newest(tx, &scope, application.cast()))
            .await
            .unwrap()
            .unwrap();
        let again = karton_rules::assess::replay(&desk.house.pack, &stored.trace, &stored.input);
        assert_eq!(again, Some(stored.trace));
    })
    .await;
}
