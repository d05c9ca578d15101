//! Two deciders in a chain: nothing is granted before the office above has decided too.

use super::{
    desk::{Desk, Seat},
    later::{Office, in_order, letter, office, recommended},
};
use crate::{
    pack,
    store::{Store, testing::on_both_with},
    vals,
};
use karton_api::session::Role;
use serde_json::{Value, json};

const PROCEDURE: &str = "procedures/benefit-standard.toml";
pub(super) const MO: &str = "catalogue/MO/benefit.toml";

const CHAIN: &str = r#"
[[step]]
id = "sending"
kind = "refer"
name = { cnr = "Slanje", en = "Sending" }
role = "clerk"
next = ["confirmation"]

[[step]]
id = "confirmation"
kind = "decide"
act = "confirm"
at = "ministry"
letter = "confirmation"
name = { cnr = "Potvrda", en = "Confirmation" }
role = "approver"
due = { days = 15 }
next = ["second-letter"]
returns = ["assessment"]
appeal = { days = 20, to = { cnr = "Upravni sud", en = "The administrative court" }, source = "M", confidence = "memory" }

[[step]]
id = "second-letter"
kind = "letter"
at = "ministry"
name = { cnr = "Izrada potvrde", en = "Second letter" }
role = "clerk"
next = ["second-delivery"]

[[step]]
id = "second-delivery"
kind = "notify"
act = "deliver"
at = "ministry"
name = { cnr = "Dostavljanje potvrde", en = "Second delivery" }
role = "clerk"
"#;

/// The same behind a later decision.
const LATER: &str = r#"
[[step]]
id = "sending"
kind = "refer"
name = { cnr = "Slanje", en = "Sending" }
role = "clerk"
next = ["confirmation"]

[[step]]
id = "confirmation"
kind = "decide"
act = "confirm"
at = "ministry"
letter = "later-confirmation"
name = { cnr = "Potvrda", en = "Confirmation" }
role = "approver"
due = { days = 15 }
next = ["second-letter"]
appeal = { days = 20, to = { cnr = "Upravni sud", en = "The administrative court" }, source = "M", confidence = "memory" }

[[step]]
id = "second-letter"
kind = "letter"
at = "ministry"
name = { cnr = "Izrada potvrde", en = "Second letter" }
role = "clerk"
next = ["second-delivery"]

[[step]]
id = "second-delivery"
kind = "notify"
act = "deliver"
at = "ministry"
name = { cnr = "Dostavljanje potvrde", en = "Second delivery" }
role = "clerk"
"#;

/// Montenegro where the ministry confirms material support.
pub(super) fn files() -> pack::Files {
    chained_in(MO)
}

/// Montenegro where the ministry confirms one benefit.
pub(super) fn chained_in(benefit: &str) -> pack::Files {
    let mut files = pack::files("me").unwrap();
    let mut change = |file: &str, from: &str, to: &str| {
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    };
    let decision = "due = { days = 30, from = \"lodging\" }\nnext = [\"letter\"]";
    change(
        PROCEDURE,
        decision,
        &format!("{decision}\nonward = [\"sending\"]"),
    );
    let body = "decides = \"csr\"\npays = \"ministry\"\n";
    change(benefit, body, &format!("{body}confirms = \"ministry\"\n"));
    let decision = "next = [\"letter\", \"informing\"]";
    change(
        "procedures/amendment.toml",
        decision,
        &format!("{decision}\nonward = [\"sending\"]"),
    );
    files.get_mut(PROCEDURE).unwrap().push_str(CHAIN);
    files
        .get_mut("procedures/amendment.toml")
        .unwrap()
        .push_str(LATER);
    for language in ["cnr", "en"] {
        let text = files[&format!("letters/amendment.{language}.md")].clone();
        let text = format!("{{{{ first.number }}}} {{{{ says }}}} {{{{ refusal or \"\" }}}}\n\n{text}");
        files.insert(format!("letters/later-confirmation.{language}.md"), text);
        let text = files[&format!("letters/decision.{language}.md")].clone();
        let text = format!("{{{{ first.number }}}} {{{{ reason or \"\" }}}}\n\n{text}");
        files.insert(format!("letters/confirmation.{language}.md"), text);
    }
    files
}

/// The house, its office, and the two at the ministry.
pub(super) async fn opened(store: Store, files: pack::Files) -> (Desk, Office, Seat, Seat) {
    let desk = Desk::serving(store, files).await;
    let office = office(&desk).await;
    let luka = desk.officer("Luka", "MIN", &[Role::Approver]).await;
    let mira = desk.officer("Mira", "MIN", &[Role::Clerk]).await;
    (desk, office, luka, mira)
}

/// Recommended and decided by the first body, the file sent to the second one: the application's path and the decision.
pub(super) async fn sent(desk: &Desk, office: &Office, name: &str) -> (String, Value) {
    let person = desk.person(&office.ana, name).await;
    let (path, assessed) = recommended(desk, office, person).await;
    let body = json!({ "assessment": assessed["id"], "outcome": "grant" });
    let decision = desk
        .post(&office.petar, &format!("{path}/decision/decide"), body)
        .await
        .ok();
    desk.jobs().await;
    send(desk, office, &path).await;
    (path, decision)
}

pub(super) async fn send(desk: &Desk, office: &Office, path: &str) {
    let step = open_step(desk, office, path, "sending").await;
    let id = path.rsplit('/').next().unwrap();
    let complete = format!("/v1/matters/{id}/steps/{step}/complete");
    desk.post(&office.ana, &complete, json!({})).await.ok();
}

pub(super) async fn open_step(desk: &Desk, office: &Office, path: &str, key: &str) -> String {
    let seen = desk.get(&office.ana, path).await.ok();
    let steps = seen["steps"].as_array().unwrap();
    let step = steps
        .iter()
        .find(|step| step["key"] == key && step["state"] == "open");
    let step = step.unwrap_or_else(|| panic!("{key} is not open in {steps:#?}"));
    step["id"].as_str().unwrap().to_owned()
}

pub(super) fn says(decision: &Value, says: &str, reason: Option<&str>) -> Value {
    let mut body = json!({ "decision": decision["id"], "says": says });
    if let Some(reason) = reason {
        body["reason"] = json!(reason);
    }
    body
}

/// A later decision is sent to the second body, which says something of it.
pub(super) async fn confirm_later(
    desk: &Desk,
    office: &Office,
    luka: &Seat,
    it: &Value,
    says: &str,
    reason: Option<&str>,
) -> Value {
    let id = it["id"].as_str().unwrap();
    let path = format!("/v1/amendments/{id}");
    let seen = desk.get(&office.ana, &path).await.ok();
    let steps = seen["steps"].as_array().unwrap();
    let sending = steps
        .iter()
        .find(|step| step["key"] == "sending" && step["state"] == "open");
    if let Some(step) = sending {
        let complete = format!("/v1/matters/{id}/steps/{}/complete", step["id"].as_str().unwrap());
        desk.post(&office.ana, &complete, json!({})).await.ok();
    }
    let mut body = json!({ "revision": seen["revision"], "says": says });
    if let Some(reason) = reason {
        body["reason"] = json!(reason);
    }
    let said = desk.post(luka, &format!("{path}/confirm"), body).await.ok();
    desk.jobs().await;
    said
}

pub(super) async fn awards(desk: &Desk) -> i64 {
    let count = desk.house.store.read(|tx| {
        Ok::<_, crate::problem::Error>(tx.one("SELECT count(*) FROM award", vals![])?.get::<i64>(0)?)
    });
    count.await.unwrap()
}

pub(super) fn tasks_of(tasks: &Value) -> Vec<(String, Value, bool)> {
    let items = tasks["items"].as_array().unwrap().iter();
    items
        .map(|it| {
            (
                it["step"].as_str().unwrap().to_owned(),
                it["office"]["code"].clone(),
                it["blocked"] == true,
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_granted_before_the_second_body_confirms_with_a_number_letter_and_remedy_of_its_own() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, mira) = opened(store, files()).await;
        let (path, decision) = sent(&desk, &office, "Marija").await;
        assert_eq!(decision["award"], Value::Null);
        let second = &decision["second"];
        assert_eq!(
            (&second["body"]["en"], &second["waits"]),
            (&json!("Ministry responsible for social welfare"), &json!(true))
        );
        assert_eq!(awards(&desk).await, 0);
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!(
            (&seen["summary"]["state"], &seen["summary"]["decision"]),
            (&json!("confirming"), &decision["id"])
        );
        assert_eq!(seen["summary"]["outcome"], Value::Null);
        assert_eq!(seen["may"], json!(["deliver"]));
        let waits = seen["steps"]
            .as_array()
            .unwrap()
            .iter()
            .find(|step| step["key"] == "confirmation")
            .unwrap();
        assert_eq!(
            (&waits["office"]["code"], &waits["due_on"]),
            (&json!("MIN"), &json!("2025-03-25"))
        );
        // Nobody is told that it is granted, and nobody asks for the same a second time.
        let told = desk
            .post(
                &office.ana,
                "/v1/inquiries",
                json!({ "text": seen["summary"]["number"] }),
            )
            .await
            .ok();
        assert_eq!(
            (&told["cases"][0]["awaits"], &told["cases"][0]["until"]),
            (&json!("decision"), &json!("2025-03-25"))
        );

        // It stands in the queue of the office above, and in nobody else's.
        assert_eq!(
            tasks_of(&desk.get(&luka, "/v1/tasks").await.ok()),
            [("confirmation".into(), json!("MIN"), false)]
        );
        assert!(
            desk.get(&office.petar, "/v1/tasks").await.ok()["items"]
                .as_array()
                .unwrap()
                .is_empty()
        );
        let confirm = format!("{path}/decision/confirm");
        let body = says(&decision, "confirm", None);
        desk.post(&office.goran, &confirm, body.clone())
            .await
            .refused(403, "not-permitted");
        desk.post(&office.petar, &confirm, body.clone())
            .await
            .refused(409, "second-officer-needed");
        let jelena = desk.officer("Jelena", "CSR-01", &[Role::Approver]).await;
        desk.post(&jelena, &confirm, body.clone())
            .await
            .refused(409, "other-office");
        let elsewhere = desk.officer("Vuk", "CSR-03", &[Role::Approver]).await;
        desk.post(&elsewhere, &confirm, body.clone())
            .await
            .refused(404, "not-found");

        let mine = desk.get(&luka, &path).await.ok();
        assert_eq!(mine["may"], json!(["confirm"]));
        let wrong = says(&decision, "confirm", Some("Saglasan."));
        desk.post(&luka, &confirm, wrong).await.refused(422, "fields");
        desk.post(&luka, &confirm, says(&decision, "refuse", Some("x")))
            .await
            .refused(422, "fields");
        desk.post(&luka, &confirm, says(&decision, "return", None))
            .await
            .refused(422, "fields");
        let other = json!({ "decision": decision["assessment"], "says": "confirm" });
        desk.post(&luka, &confirm, other)
            .await
            .refused(409, "step-not-open");

        let done = desk.post(&luka, &confirm, body.clone()).await.ok();
        let confirmation = &done["second"]["confirmation"];
        assert_eq!(confirmation["number"], "MIN-R-2025/1");
        assert_eq!(
            (
                &confirmation["says"],
                &confirmation["by"]["name"],
                &done["second"]["waits"]
            ),
            (&json!("confirm"), &json!("Luka"), &json!(false))
        );
        assert_ne!(done["award"], Value::Null);
        assert_eq!(awards(&desk).await, 1);
        desk.post(&luka, &confirm, body)
            .await
            .refused(409, "step-not-open");
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!(
            (&seen["summary"]["state"], &seen["summary"]["outcome"]),
            (&json!("decided"), &json!("grant"))
        );

        // Each has its letter, its delivery and its remedy.
        desk.jobs().await;
        let at = format!("/v1/confirmations/{}", confirmation["id"].as_str().unwrap());
        let text = letter(&desk, &office.ana, &format!("{at}/letter")).await;
        for part in [
            "MIN-R-2025/1",
            "Ministarstvo nadležno za socijalno staranje",
            "Luka",
            "20 dana",
            "Upravni sud",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(
            letter(
                &desk,
                &office.ana,
                &format!("/v1/decisions/{}/letter", decision["id"].as_str().unwrap())
            )
            .await
            .contains("Petar")
        );
        assert!(
            letter(&desk, &office.ana, &format!("{at}/slip"))
                .await
                .contains("MIN-R-2025/1")
        );
        let deliver = json!({ "on": "2025-03-10", "how": "handed" });
        desk.post(&office.ana, &format!("{at}/deliver"), deliver.clone())
            .await
            .refused(409, "other-office");
        assert_eq!(
            desk.get(&mira, &path).await.ok()["may"],
            json!(["deliver", "deliver-confirmation"])
        );
        let served = desk
            .post(&mira, &format!("{at}/deliver"), deliver.clone())
            .await
            .ok();
        assert_eq!(
            served["second"]["confirmation"]["delivery"]["appeal_until"],
            "2025-03-31"
        );
        desk.post(&mira, &format!("{at}/deliver"), deliver.clone())
            .await
            .refused(409, "step-not-open");
        let first = format!("/v1/decisions/{}/deliver", decision["id"].as_str().unwrap());
        let served = desk.post(&office.ana, &first, deliver).await.ok();
        assert_eq!(served["delivery"]["appeal_until"], "2025-03-25");
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(
            desk.get(&office.ana, &format!("/v1/matters/{id}")).await.ok()["state"],
            "ended"
        );
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_body_refuses_or_sends_back_with_a_reason() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, _) = opened(store, files()).await;
        let (path, decision) = sent(&desk, &office, "Milica").await;
        let confirm = format!("{path}/decision/confirm");
        let body = says(&decision, "return", Some("Nedostaje uvjerenje o imovini."));
        let back = desk.post(&luka, &confirm, body).await.ok();
        let confirmation = &back["second"]["confirmation"];
        assert_eq!((&confirmation["says"], &confirmation["number"]), (&json!("return"), &Value::Null));
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!((&seen["summary"]["state"], &seen["returned"]["reason"]), (&json!("lodged"), &json!("Nedostaje uvjerenje o imovini.")));
        open_step(&desk, &office, &path, "assessment").await;
        // The first decision has no effect any more.
        let first = format!("/v1/decisions/{}", decision["id"].as_str().unwrap());
        desk.post(&office.ana, &format!("{first}/deliver"), json!({ "on": "2025-03-10", "how": "handed" })).await.refused(409, "step-not-open");
        assert_eq!(desk.get(&office.goran, &first).await.ok()["may"], json!([]));

        // Assessed, recommended and decided again; this time it is refused.
        desk.later();
        let assessed = desk.post(&office.ana, &format!("{path}/assessment"), json!({})).await.ok();
        let body = json!({ "assessment": assessed["id"], "outcome": "grant", "confirmed": super::desk::confirmations(&assessed) });
        desk.post(&office.goran, &format!("{path}/decision/recommend"), body).await.ok();
        let body = json!({ "assessment": assessed["id"], "outcome": "grant" });
        let again = desk.post(&office.petar, &format!("{path}/decision/decide"), body).await.ok();
        assert_ne!(again["number"], decision["number"]);
        desk.jobs().await;
        send(&desk, &office, &path).await;
        let body = says(&again, "refuse", Some("Imovina prelazi propisanu granicu."));
        let refused = desk.post(&luka, &confirm, body).await.ok();
        assert_eq!((&refused["award"], &refused["second"]["confirmation"]["number"]), (&Value::Null, &json!("MIN-R-2025/1")));
        let seen = desk.get(&office.ana, &path).await.ok();
        assert_eq!((&seen["summary"]["state"], &seen["summary"]["outcome"]), (&json!("decided"), &json!("refuse")));
        desk.jobs().await;
        let at = format!("/v1/confirmations/{}/letter", refused["second"]["confirmation"]["id"].as_str().unwrap());
        assert!(letter(&desk, &office.ana, &at).await.contains("ODBIJA"));
        assert_eq!(awards(&desk).await, 0);
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_annulled_first_decision_ends_the_second_too() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, _) = opened(store, files()).await;
        for (name, confirmed) in [("Jovana", true), ("Danica", false)] {
            let (path, decision) = sent(&desk, &office, name).await;
            if confirmed {
                let body = says(&decision, "confirm", None);
                desk.post(&luka, &format!("{path}/decision/confirm"), body)
                    .await
                    .ok();
                desk.jobs().await;
            }
            let annul =
                json!({ "kind": "annul", "decision": decision["id"], "says": { "reason": "after-appeal" } });
            let it = desk.post(&office.goran, "/v1/amendments", annul).await.ok();
            let decide = format!("/v1/amendments/{}/decide", it["id"].as_str().unwrap());
            let decided = desk
                .post(&office.petar, &decide, json!({ "revision": it["revision"] }))
                .await
                .ok();
            // What both granted both take back; what only waited is taken back by whoever granted it.
            let state = if confirmed { "confirming" } else { "decided" };
            assert_eq!(decided["state"], state);
            if confirmed {
                confirm_later(&desk, &office, &luka, &decided, "confirm", None).await;
            }
            let first = desk
                .get(
                    &office.ana,
                    &format!("/v1/decisions/{}", decision["id"].as_str().unwrap()),
                )
                .await
                .ok();
            assert_eq!(
                (&first["annulled"], &first["second"]["waits"]),
                (&json!(true), &json!(false))
            );
            if confirmed {
                assert_eq!(first["second"]["confirmation"]["annulled"], json!(true));
            }
            // The application is decided anew, and the second body has nothing before it.
            assert_eq!(
                desk.get(&office.ana, &path).await.ok()["summary"]["state"],
                "lodged"
            );
            assert_eq!(tasks_of(&desk.get(&luka, "/v1/tasks").await.ok()), []);
            desk.jobs().await;
        }
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_another_body_is_competent_one_decision_is_enough() {
    on_both_with(&[], async |store| {
        let mut files = files();
        let capital = "[[competent]]\nfrom = 2025-01-01\nmunicipality = [\"ME-16\"]\ndecides = \"csr\"\npays = \"ministry\"\n\n[[let]]";
        let text = files.get_mut(MO).unwrap();
        *text = text.replacen("[[let]]", capital, 1);
        let (desk, office, luka, _) = opened(store, files).await;
        let person = desk.person(&office.ana, "Marija").await;
        let (path, assessed) = recommended(&desk, &office, person).await;
        let body = json!({ "assessment": assessed["id"], "outcome": "grant" });
        let decision = desk.post(&office.petar, &format!("{path}/decision/decide"), body).await.ok();
        assert_eq!(decision["second"], Value::Null);
        assert_ne!(decision["award"], Value::Null);
        assert_eq!(desk.get(&office.ana, &path).await.ok()["summary"]["state"], "decided");
        let confirm = format!("{path}/decision/confirm");
        desk.post(&luka, &confirm, says(&decision, "confirm", None)).await.refused(409, "step-not-open");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sits_above_does_not_decide_for_the_first_body_and_nobody_confirms_for_their_family() {
    on_both_with(&[], async |store| {
        let (desk, office, luka, _) = opened(store, files()).await;
        let person = desk.person(&office.ana, "Stana").await;
        let (path, assessed) = recommended(&desk, &office, person).await;
        let body = json!({ "assessment": assessed["id"], "outcome": "grant" });
        let decide = format!("{path}/decision/decide");
        desk.post(&luka, &decide, body.clone())
            .await
            .refused(409, "other-office");
        let decision = desk.post(&office.petar, &decide, body).await.ok();
        desk.jobs().await;
        send(&desk, &office, &path).await;
        let card = desk.get(&office.ana, &path).await.ok();
        let kin = json!({ "dossier": card["summary"]["applicant"]["dossier_number"], "kin": "relative" });
        desk.post(&luka, "/v1/session/kin", kin).await.ok();
        let body = says(&decision, "confirm", None);
        desk.post(&luka, &format!("{path}/decision/confirm"), body)
            .await
            .refused(409, "own-dossier");
        in_order(&desk).await;
    })
    .await;
}
