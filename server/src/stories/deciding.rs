//! Deciding: words of one's own, parts, many at once, deputies, and work that is handed over.

use super::{
    desk::{Desk, id},
    later::{Office, assessed, granted, in_order, office, recommended},
};
use crate::store::testing::on_both_with;
use karton_api::{Id, session::Role, value::Person};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn both_officers_add_a_paragraph_and_a_part_is_refused_with_its_reason() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let (path, assessed) = assessed(&desk, &office, marija).await;
        let recommend = format!("{path}/decision/recommend");
        let with = |more: Value| {
            let mut body = json!({ "assessment": assessed["id"], "outcome": "grant" });
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        let refused = async |more: Value, pointer: &str, code: &str| {
            let problem = desk
                .post(&office.goran, &recommend, with(more))
                .await
                .refused(422, "fields");
            assert_eq!(
                (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
                (&json!(pointer), &json!(code))
            );
        };
        refused(json!({ "paragraph": "a".repeat(1501) }), "/paragraph", "length").await;
        refused(json!({ "paragraph": "a\u{202e}b" }), "/paragraph", "control").await;
        let amount = json!({ "money": { "minor": 5000, "currency": "EUR" }, "reason": "dovoljno" });
        refused(json!({ "amount": amount }), "/amount", "not-free").await;
        let without =
            |part: Value| json!({ "without": [{ "part": part, "reason": "Zahtjev je podnijet kasnije." }] });
        refused(
            without(json!({ "person": marija })),
            "/without/0/part",
            "applicant",
        )
        .await;
        refused(
            without(json!({ "before": "2025-03-01" })),
            "/without/0/part",
            "outside",
        )
        .await;
        let mut body = with(without(json!({ "before": "2025-05-01" })));
        body["paragraph"] = json!("Porodica je posjećena. *Nije* naglašeno.");
        desk.post(&office.goran, &recommend, body).await.ok();
        let body = json!({ "assessment": assessed["id"], "outcome": "grant", "paragraph": "Saglasan sam." });
        let decision = desk
            .post(&office.petar, &format!("{path}/decision/decide"), body)
            .await
            .ok();
        assert_eq!(
            (&decision["starts"], &decision["granted"]),
            (&json!("2025-05-01"), &decision["amount"]["money"])
        );
        desk.jobs().await;
        let at = format!(
            "/v1/decisions/{}/letter?form=text&width=100",
            decision["id"].as_str().unwrap()
        );
        let text = String::from_utf8(desk.get(&office.ana, &at).await.bytes).unwrap();
        for part in [
            "Porodica je posjećena. *Nije* naglašeno.",
            "Saglasan sam.",
            "ODBIJA",
            "30.4.2025.",
            "Zahtjev je podnijet kasnije.",
            "M.P.",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_alike_are_decided_at_once_and_what_changed_is_left_out_and_named() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let mut people: Vec<Id<Person>> = Vec::new();
        for name in ["Marija", "Milica", "Jovana"] {
            let person = desk.person(&office.ana, name).await;
            recommended(&desk, &office, person).await;
            people.push(person);
        }
        let ready = "/v1/decisions/ready?benefit=MO&outcome=grant";
        let list = desk.get(&office.petar, ready).await.ok();
        let items = list["items"].as_array().unwrap().clone();
        assert_eq!(items.len(), 3);
        assert!(items.iter().all(|item| item["barred"] == Value::Null && item["amount"]["minor"].as_i64() > Some(0)));
        let page = desk.get(&office.petar, &format!("{ready}&limit=2")).await.ok();
        let next = format!("{ready}&limit=2&cursor={}", page["next"].as_str().unwrap());
        assert_eq!(desk.get(&office.petar, &next).await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(desk.get(&office.petar, "/v1/decisions/ready?benefit=MO&outcome=refuse").await.ok()["items"], json!([]));
        desk.get(&office.goran, ready).await.refused(403, "not-permitted");

        // One of them goes back meanwhile; another one is learnt something new about.
        let marked = |item: &Value| {
            json!({ "application": item["application"]["id"], "revision": item["revision"], "assessment": item["assessment"] })
        };
        let first = items[0]["application"]["id"].as_str().unwrap();
        let back = json!({ "to": "assessment", "reason": "Još jednom." });
        desk.post(&office.petar, &format!("/v1/applications/{first}/decision/return"), back).await.ok();
        desk.register_says(people[1], "CSR-01", &[("refused_work", karton_api::FactValue::Bool(false))]).await;
        let body = json!({ "outcome": "grant", "items": items.iter().map(marked).collect::<Vec<_>>() });
        let twice = json!({ "outcome": "grant", "items": [marked(&items[0]), marked(&items[0])] });
        desk.post(&office.petar, "/v1/decisions/many", twice).await.refused(422, "fields");
        desk.post(&office.petar, "/v1/decisions/many", json!({ "outcome": "grant", "items": [] })).await.refused(422, "fields");
        let done = desk.post(&office.petar, "/v1/decisions/many", body).await.ok();
        assert_eq!(done["decided"].as_array().unwrap().len(), 1, "{done}");
        assert_eq!(done["decided"][0]["number"], "CSR-01-R-2025/1");
        let left: Vec<&Value> = done["left"].as_array().unwrap().iter().map(|it| &it["problem"]).collect();
        assert_eq!(left, ["changed-meanwhile", "assessment-outdated"]);
        desk.jobs().await;
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deputy_decides_for_an_absent_approver_on_named_days_and_never_over_their_own_word() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let vera = desk.officer("Vera", "CSR-01", &[Role::Caseworker]).await;
        let jelena = desk.officer("Jelena", "CSR-03", &[Role::Caseworker]).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let milica = desk.person(&office.ana, "Milica").await;
        let name =
            |deputy: &str, from: &str, until: &str| json!({ "deputy": deputy, "from": from, "until": until });
        let days = ("2025-03-10", "2025-03-14");
        desk.post(&office.goran, "/v1/deputies", name("vera", days.0, days.1))
            .await
            .refused(403, "not-permitted");
        for (body, pointer) in [
            (name("jelena", days.0, days.1), "/deputy"),
            (name("petar", days.0, days.1), "/deputy"),
            (name("vera", days.1, days.0), "/until"),
            (
                json!({ "absent": "goran", "deputy": "vera", "from": days.0, "until": days.1 }),
                "/absent",
            ),
        ] {
            let problem = desk
                .post(&office.petar, "/v1/deputies", body)
                .await
                .refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer);
        }
        let decide = |assessed: &Value| json!({ "assessment": assessed["id"], "outcome": "grant" });
        let (path, assessed) = recommended(&desk, &office, marija).await;
        desk.post(
            &office.goran,
            &format!("{path}/decision/decide"),
            decide(&assessed),
        )
        .await
        .refused(403, "not-permitted");
        let deputy = desk
            .post(&office.petar, "/v1/deputies", name("goran", days.0, days.1))
            .await
            .ok();
        assert_eq!(deputy["active"], true);
        desk.post(&office.petar, "/v1/deputies", name("vera", days.1, days.1))
            .await
            .refused(409, "deputy-named");
        desk.post(
            &office.goran,
            &format!("{path}/decision/decide"),
            decide(&assessed),
        )
        .await
        .refused(409, "second-officer-needed");
        desk.post(
            &office.goran,
            "/v1/deputies",
            name("vera", "2025-03-20", "2025-03-21"),
        )
        .await
        .refused(422, "fields");

        // What Vera recommended he may decide, and the decision says for whom.
        let (path, assessed) = super::later::assessed(&desk, &office, milica).await;
        desk.post(&vera, &format!("{path}/decision/recommend"), decide(&assessed))
            .await
            .ok();
        let session = desk.get(&office.goran, "/v1/session").await.ok();
        assert!(
            session["permissions"]
                .as_array()
                .unwrap()
                .contains(&json!("decide")),
            "{session}"
        );
        let decision = desk
            .post(
                &office.goran,
                &format!("{path}/decision/decide"),
                decide(&assessed),
            )
            .await
            .ok();
        assert_eq!(decision["deputy_for"]["name"], "Petar");
        desk.jobs().await;
        let at = format!(
            "/v1/decisions/{}/letter?form=text&width=100",
            decision["id"].as_str().unwrap()
        );
        let text = String::from_utf8(desk.get(&office.ana, &at).await.bytes).unwrap();
        assert!(text.contains("zamjenjuje: Petar"), "{text}");
        in_order(&desk).await;

        // After its last day it is over by itself, and it may be ended before.
        desk.days(5);
        let goran = desk.again(&office.goran).await;
        let path = format!("{path}/decision/decide");
        desk.post(&goran, &path, decide(&assessed))
            .await
            .refused(403, "not-permitted");
        let petar = desk.again(&office.petar).await;
        let deputy = desk
            .post(&petar, "/v1/deputies", name("goran", "2025-03-15", "2025-03-30"))
            .await
            .ok();
        desk.post(&goran, &path, decide(&assessed))
            .await
            .refused(409, "step-not-open");
        let end = format!("/v1/deputies/{}/end", deputy["id"].as_str().unwrap());
        desk.post(&petar, &end, json!({})).await.ok();
        desk.post(&petar, &end, json!({}))
            .await
            .refused(409, "step-not-open");
        desk.post(&goran, &path, decide(&assessed))
            .await
            .refused(403, "not-permitted");
        assert_eq!(
            desk.get(&petar, "/v1/deputies").await.ok()["items"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
        drop(jelena);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_hands_over_first() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let admin = desk.officer("Nada", "CSR-01", &[Role::Admin]).await;
        desk.officer("Vera", "CSR-01", &[Role::Caseworker]).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let (path, _) = assessed(&desk, &office, marija).await;
        let seen = desk.get(&office.goran, &path).await.ok();
        let step = seen["steps"]
            .as_array()
            .unwrap()
            .iter()
            .find(|step| step["state"] == "open")
            .unwrap()["id"]
            .clone();
        let matter = format!("/v1/matters/{}", seen["summary"]["id"].as_str().unwrap());
        desk.post(
            &office.goran,
            &format!("{matter}/steps/{}/start", step.as_str().unwrap()),
            json!({}),
        )
        .await
        .ok();
        let draft = json!({ "benefit": "MO", "applicant": marija });
        desk.post(&office.ana, "/v1/applications", draft).await.ok();

        let user = format!("/v1/users/{}", office.goran.officer);
        let disable = async |body: Value| {
            let headers = [("If-Match", "\"1\"")];
            desk.send(
                Some(&admin),
                axum::http::Method::PATCH,
                &user,
                Some(body),
                &headers,
            )
            .await
        };
        disable(json!({ "disabled": true }))
            .await
            .refused(409, "work-open");
        let work = desk.get(&admin, &format!("{user}/work")).await.ok();
        assert_eq!(work["items"].as_array().unwrap().len(), 1);
        assert_eq!(work["items"][0]["step"], step);
        assert!(
            !work.to_string().contains("Marija"),
            "an administrator sees nobody's name"
        );
        let hand = format!("{user}/hand-over");
        desk.post(&admin, &hand, json!({ "to": [] }))
            .await
            .refused(422, "fields");
        desk.post(&admin, &hand, json!({ "to": ["nobody"] }))
            .await
            .refused(422, "fields");
        desk.post(&office.ana, &hand, json!({ "to": ["vera"] }))
            .await
            .refused(403, "not-permitted");
        // A clerk cannot recommend: the step goes to Vera.
        let done = desk
            .post(&admin, &hand, json!({ "to": ["ana", "vera"] }))
            .await
            .ok();
        assert_eq!(
            (&done["given"][0]["to"]["name"], &done["left"]),
            (&json!("Vera"), &json!([]))
        );
        disable(json!({ "disabled": true })).await.ok();
        let ana = format!("/v1/users/{}/hand-over", office.ana.officer);
        let done = desk.post(&admin, &ana, json!({ "to": ["vera"] })).await.ok();
        assert_eq!(
            (done["given"].as_array().unwrap().len(), &done["given"][0]["step"]),
            (1, &Value::Null),
            "her draft"
        );
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_stamped_before_the_assessment_and_committed_after_it_makes_it_outdated() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office: Office = office(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let (path, assessed) = assessed(&desk, &office, marija).await;
        assert_eq!(assessed["outdated"], false);
        // The clock stands still: the fact bears the very instant of the assessment.
        desk.register_says(
            marija,
            "CSR-01",
            &[("refused_work", karton_api::FactValue::Bool(false))],
        )
        .await;
        let seen = desk.get(&office.goran, &format!("{path}/assessment")).await.ok();
        assert_eq!(seen["outdated"], true);
        let body = json!({ "assessment": assessed["id"], "outcome": "grant" });
        desk.post(&office.goran, &format!("{path}/decision/recommend"), body)
            .await
            .refused(409, "assessment-outdated");
        let _: karton_api::Id<karton_api::value::Assessment> = id(&assessed["id"]);
        desk.later();
        let person = desk.person(&office.ana, "Milica").await;
        granted(&desk, &office, person).await;
    })
    .await;
}
