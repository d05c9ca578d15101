//! A restricted case does not exist for whoever is not named on it: canary text is planted in one and looked for behind every door, as every
//! role, in lists, counts, numbers, errors, the log, and what the jobs leave behind.

use super::{
    cases::{coded, guardianship, said, text},
    desk::{Desk, Seat},
};
use crate::{access::ROLES, router, store::testing::on_both_with};
use axum::http::Method;
use karton_api::{Id, session::Role, value::Person};
use serde_json::{Value, json};

/// Stands in every text of the case.
const CANARY: &str = "KANARINAC7391";

/// A report of violence, with the canary wherever words can be.
pub(super) fn violence(victim: Id<Person>, supervisor: &Seat) -> Value {
    let rows = |row: Value| json!({ "type": "rows", "value": [row] });
    json!({
        "procedure": "domestic-violence", "person": victim, "way": "police", "reason": "violence", "priority": "immediate",
        "note": format!("{CANARY} note"), "supervisor": supervisor.officer,
        "answers": said(&[
            ("dv_on", json!({ "type": "date", "value": "2025-03-09" })),
            ("dv_place", coded("home")),
            ("dv_source", coded("police")),
            ("dv_description", text(&format!("{CANARY} opis"))),
            ("dv_address", text(&format!("{CANARY} adresa"))),
            ("dv_kinds", rows(json!({ "kind": coded("physical") }))),
            ("dv_victims", rows(json!({ "who": { "type": "person", "value": victim }, "injuries": coded("light"),
                "contact": text(&format!("{CANARY} kontakt")) }))),
            ("dv_risk_level", coded("high")),
            ("dv_safe_contact", text(&format!("{CANARY} bezbjedno"))),
        ]),
        "people": [{ "role": "perpetrator", "name": format!("{CANARY} učinilac"), "note": format!("{CANARY} napomena") }],
    })
}

/// Every door with its places filled: those of the case, of its people, and nothing for others.
fn doors(fills: &[(&str, String)]) -> Vec<(Method, String)> {
    let description = serde_json::to_value(router::rooms().to_openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            // The case's own id and that of the one it is about stand in for whatever a door asks for.
            for (_, value) in fills.iter().take(2) {
                // The first place of a path takes the value; further ones take the case's own parts.
                let mut parts = Vec::new();
                let mut place = 0;
                for part in path.split('/') {
                    if !part.starts_with('{') {
                        parts.push(part.to_owned());
                        continue;
                    }
                    place += 1;
                    let named = fills.iter().find(|(name, _)| part == format!("{{{name}}}"));
                    parts.push(match (place, named) {
                        (_, Some((_, named))) => named.clone(),
                        (1, None) => value.clone(),
                        _ => fills[0].1.clone(),
                    });
                }
                let door = (method.clone(), parts.join("/"));
                if !found.contains(&door) {
                    found.push(door);
                }
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_case_does_not_exist_for_whoever_is_not_named() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let goran = desk.officer("Goran", "CSR-01", &[Role::Clerk, Role::Caseworker, Role::Approver]).await;
        let vera = desk.officer("Vera", "MIN", &[Role::Auditor]).await;
        let victim = desk.person(&ana, "Jelena").await;

        // Before: what a colleague sees.
        let mut unsaid = violence(victim, &petar);
        unsaid["supervisor"] = Value::Null;
        desk.post(&ana, "/v1/cases", unsaid).await.refused(422, "fields");
        let timeline = format!("/v1/dossiers/{victim}/timeline");
        let before = desk.get(&goran, &timeline).await.ok();

        let case = desk.post(&ana, "/v1/cases", violence(victim, &petar)).await.ok();
        assert_eq!(case["summary"]["number"], "CSR-01-NP-2025/1");
        assert_eq!(case["summary"]["restricted"], true);
        let id = case["summary"]["id"].as_str().unwrap().to_owned();
        let at = format!("/v1/cases/{id}");
        // Petar is named and opens it; whoever took it in and does not lead it is named no longer.
        assert_eq!(desk.get(&petar, "/v1/tasks").await.ok()["items"][0]["number"], "CSR-01-NP-2025/1");
        desk.post(&goran, &format!("{at}/open"), json!({ "lead": goran.officer })).await.refused(404, "not-found");
        let case = desk.post(&petar, &format!("{at}/open"), json!({ "lead": ana.officer, "note": format!("{CANARY} otvaranje") })).await.ok();
        let capacities: Vec<(&str, bool)> = case["named"]
            .as_array()
            .unwrap()
            .iter()
            .map(|named| (named["capacity"].as_str().unwrap(), named["runs"].as_bool().unwrap()))
            .collect();
        assert_eq!(capacities, [("intake", false), ("supervisor", true), ("lead", true)]);
        desk.later();
        let words = |words: &str| format!("{CANARY} {words}");
        let contact = json!({ "kind": "contact", "code": "phone", "who": words("ko"), "text": words("razgovor"), "next_step": words("dalje") });
        let note = desk.post(&ana, &format!("{at}/notes"), contact).await.ok();
        let watch = json!({ "kind": "visit", "what": words("posjeta"), "due_on": "2025-03-11" });
        desk.post(&ana, &format!("{at}/watches"), watch).await.ok();
        let risk = json!({ "step": "risk", "answers": said(&[
            ("dv_risk_on", json!({ "type": "date", "value": "2025-03-10" })), ("dv_risk_level", coded("high")),
            ("dv_risk_factors", json!({ "type": "rows", "value": [{ "factor": coded("weapon") }] })), ("conclusion", text(&words("zaključak"))),
        ]) });
        desk.post(&ana, &format!("{at}/sheets"), risk).await.ok();
        let plan = json!({
            "aim": words("cilj"), "goals": [{ "goal": words("sigurnost"), "due_on": "2025-04-01" }],
            "activities": [{ "goal": 0, "kind": "support", "what": words("sklonište"), "officer": ana.officer, "due_on": "2025-03-12" }],
            "review_on": "2025-04-01",
        });
        let mut goranshop = plan.clone();
        goranshop["activities"][0]["officer"] = json!(goran.officer);
        desk.post(&ana, &format!("{at}/plans"), goranshop).await.refused(422, "fields");
        let case = desk.post(&ana, &format!("{at}/plans"), plan).await.ok();
        let approve = json!({ "plan": case["proposed"]["id"], "note": words("saglasan") });
        let case = desk.post(&petar, &format!("{at}/approve"), approve).await.ok();
        let referral = json!({ "to": "shelter", "who": words("Sigurna kuća"), "text": words("smještaj"), "answer_by": "2025-03-13" });
        desk.post(&ana, &format!("{at}/referrals"), referral).await.ok();
        // Nothing of it is a fact of a person: the dossier stays as it was.
        assert_eq!(desk.get(&goran, &timeline).await.ok()["items"], before["items"]);

        // Behind every door, as every role, with the ids of the case and of its people: not a letter.
        let mut seats = vec![("a colleague", goran.clone())];
        for role in ROLES {
            let name = format!("the{}", crate::access::role_name(*role));
            seats.push((crate::access::role_name(*role), desk.officer(&name, "CSR-01", &[*role]).await));
        }
        seats.push(("the ministry's auditor", vera.clone()));
        let step = case["steps"][0]["id"].as_str().unwrap().to_owned();
        let first = |list: &Value| list[0]["id"].as_str().unwrap().to_owned();
        let fills = [
            ("case", id.clone()),
            ("person", victim.to_string()),
            ("step", step.clone()),
            ("note", note["id"].as_str().unwrap().to_owned()),
            ("participant", first(&case["people"])),
            ("named", first(&case["named"])),
            ("activity", first(&case["plan"]["activities"])),
            ("list", "municipalities".to_owned()),
            ("language", "en".to_owned()),
        ];
        let all = doors(&fills);
        assert!(all.len() > 120, "{} doors", all.len());
        let number = "NP-2025";
        let mut knocks = 0;
        for (who, seat) in &seats {
            for (method, path) in &all {
                if path.starts_with("/v1/session") && *method != Method::GET {
                    continue;
                }
                {
                    let body = (*method != Method::GET).then(|| json!({ "reason": "proba proba" }));
                    let answer = desk.send(Some(seat), method.clone(), path, body, &[("If-Match", "\"1\"")]).await;
                    let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                    knocks += 1;
                    assert!(!text.contains(CANARY), "{who} reads the canary at {method} {path}: {text}");
                    assert!(!text.contains(number), "{who} reads the number at {method} {path}: {text}");
                    // What was asked for may be said back in a problem about the address, but no answer knows it.
                    let tells = answer.status.is_success() && !path.contains(&id) && text.contains(&id);
                    assert!(!tells, "{who} reads the id at {method} {path}: {text}");
                    let there = path.contains(&format!("/cases/{id}")) || path.contains(&format!("/matters/{id}"));
                    assert!(!(there && answer.status.is_success()), "{who} gets in at {method} {path}");
                }
            }
        }
        assert!(knocks > 500, "{knocks} knocks");
        // Restricted and not there: the same answer to the letter.
        let nothing = Id::<Person>::from_uuid(uuid::Uuid::max());
        let missing = |answer: &Value| (answer["type"].clone(), answer["title"].clone(), answer["detail"].clone(), answer["errors"].clone());
        for rest in ["", "/notes", "/plans", "/family", "/sheets"] {
            let hidden = desk.get(&goran, &format!("{at}{rest}")).await.refused(404, "not-found");
            let absent = desk.get(&goran, &format!("/v1/cases/{nothing}{rest}")).await.refused(404, "not-found");
            assert_eq!(missing(&hidden), missing(&absent));
        }
        // Lists, searches with every parameter, and counts.
        for path in [
            "/v1/cases".to_owned(),
            format!("/v1/cases?person={victim}"),
            "/v1/cases?state=open".to_owned(),
            "/v1/cases/dues?held=true".to_owned(),
            format!("/v1/cases/dues?case={id}"),
            "/v1/tasks?queue=office".to_owned(),
            "/v1/tasks?queue=overdue".to_owned(),
        ] {
            let found = desk.get(&goran, &path).await.ok();
            assert_eq!(found, json!({ "items": [] }), "{path}");
        }
        assert_eq!(desk.get(&goran, &format!("/v1/dossiers/{victim}")).await.ok()["cases"], json!([]));
        let log = desk.get(&goran, &format!("/v1/persons/{victim}/access-log")).await.ok();
        assert!(!log.to_string().contains("case-"), "{log}");
        // Another office's ordinary case takes the first number of its series: nothing was counted.
        let other = desk.person(&ana, "Luka").await;
        let ordinary = desk.post(&goran, "/v1/cases", guardianship(other)).await.ok();
        assert_eq!(ordinary["summary"]["number"], "CSR-01-SR-2025/1");

        // The auditor sees that entries exist, and neither whose, what nor about whom; asking for it tells no more.
        let mut entries: Vec<Value> = Vec::new();
        let mut page = desk.get(&vera, "/v1/audit?limit=200").await.ok();
        loop {
            entries.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str().map(str::to_owned) else { break };
            page = desk.get(&vera, &format!("/v1/audit?limit=200&cursor={next}")).await.ok();
        }
        let hidden: Vec<&Value> = entries.iter().filter(|it| it["what"] == "restricted").collect();
        assert!(hidden.len() >= 8, "{}", hidden.len());
        assert!(entries.iter().all(|it| it["matter"] != json!(id)));
        assert!(hidden.iter().all(|it| it["officer"].is_null() && it["person"].is_null() && it["matter"].is_null() && it["values"] == json!({})));
        for ask in ["what=case-contact".to_owned(), "what=case-looked".to_owned()] {
            assert_eq!(desk.get(&vera, &format!("/v1/audit?{ask}")).await.ok()["items"], json!([]), "{ask}");
        }
        let of_ana = desk.get(&vera, &format!("/v1/audit?limit=200&officer={}", ana.officer)).await.ok();
        assert!(of_ana["items"].as_array().unwrap().iter().all(|it| it["what"] != "restricted"));
        let only = desk.get(&vera, "/v1/audit?what=restricted&limit=200").await.ok();
        assert_eq!(only["items"].as_array().unwrap().len(), hidden.len().min(200), "a page of them");

        // A second officer's grant opens it to her, with a reason and an end; then it is gone again.
        let grant = json!({ "officer": vera.officer, "capacity": "granted", "reason": "kontrola postupanja", "until": "2025-03-11" });
        desk.post(&goran, &format!("{at}/named"), grant.clone()).await.refused(404, "not-found");
        let mut endless = grant.clone();
        endless["until"] = Value::Null;
        desk.post(&petar, &format!("{at}/named"), endless).await.refused(422, "fields");
        let mut own = grant.clone();
        own["officer"] = json!(petar.officer);
        desk.post(&petar, &format!("{at}/named"), own).await.refused(422, "fields");
        desk.post(&petar, &format!("{at}/named"), grant).await.ok();
        desk.later();
        let seen = desk.get(&vera, &at).await.ok();
        assert_eq!(seen["may"], json!([]));
        assert!(seen.to_string().contains(CANARY));
        let entries = desk.get(&vera, "/v1/audit?what=case-contact").await.ok();
        assert_eq!(entries["items"][0]["matter"], json!(id));
        desk.days(2);
        let (vera, petar) = (desk.again(&vera).await, desk.again(&petar).await);
        desk.get(&vera, &at).await.refused(404, "not-found");
        // Those who lead and supervise it stay named.
        let names = desk.get(&petar, &at).await.ok()["named"].clone();
        let supervisor = names.as_array().unwrap().iter().find(|named| named["capacity"] == "supervisor").unwrap()["id"].clone();
        let end = format!("{at}/named/{}/end", supervisor.as_str().unwrap());
        desk.post(&petar, &end, json!({ "reason": "odlazim" })).await.refused(409, "last-named");
    })
    .await;
}
