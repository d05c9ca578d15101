//! Cross-checks: raised on facts, looked into by an officer, no ground for anything.

use super::desk::{Answer, Desk, Seat, answers, confirmations};
use crate::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    store::testing::on_both_with,
};
use axum::http::Method;
use karton_api::{Currency, FactValue, Money, Per, session::Role};
use serde_json::{Value, json};

fn named<'a>(page: &'a Value, signal: &str) -> Vec<&'a Value> {
    let items = page["items"].as_array().unwrap().iter();
    items.filter(|it| it["signal"] == signal).collect()
}

async fn change(desk: &Desk, seat: &Seat, path: &str, revision: i64, body: Value) -> Answer {
    let revision = format!("\"{revision}\"");
    desk.send(
        Some(seat),
        Method::POST,
        path,
        Some(body),
        &[("If-Match", &revision)],
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_that_stops_waits_for_a_look_whatever_it_finds_and_counts_in_the_rate() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let jelena = desk
            .officer("Jelena", "CSR-04", &[Role::Clerk, Role::Caseworker])
            .await;
        let clerk = desk.officer("Iva", "CSR-01", &[Role::Clerk]).await;
        let vera = desk.officer("Vera", "MIN", &[Role::Auditor]).await;
        let marija = desk.person(&ana, "Marija").await;
        desk.registers_know_a_poor_woman(marija, "CSR-01").await;
        // The register has mistaken her for somebody who has died.
        let words = [
            ("registered_dead", FactValue::Bool(true)),
            (
                "registered_death_on",
                FactValue::Date("2025-01-20".parse().unwrap()),
            ),
        ];
        desk.register_says(marija, "CSR-01", &words).await;

        let draft = json!({ "benefit": "MO", "applicant": marija, "answers": answers(marija) });
        let draft = desk.post(&ana, "/v1/applications", draft).await.ok();
        let path = format!("/v1/applications/{}", draft["summary"]["id"].as_str().unwrap());
        desk.post(&ana, &format!("{path}/lodge"), json!({})).await.ok();

        let open = desk.get(&ana, "/v1/signals").await.ok();
        let found = named(&open, "S01");
        assert_eq!(found.len(), 1, "{open}");
        let signal = found[0];
        assert_eq!(
            (&signal["does"], &signal["state"], &signal["person"]["id"]),
            (&json!("stop"), &json!("open"), &json!(marija))
        );
        assert!(
            signal["says"]["en"].as_str().unwrap().contains("20"),
            "its values are in it: {signal}"
        );
        assert!(signal.get("law").is_none(), "nothing unconfirmed is named as law");
        assert!(
            named(&desk.get(&jelena, "/v1/signals").await.ok(), "S01").is_empty(),
            "another office's"
        );

        // It has no weight: the assessment is what it is, and the first officer recommends.
        let seen = desk.get(&ana, &path).await.ok();
        let step = seen["steps"]
            .as_array()
            .unwrap()
            .iter()
            .find(|step| step["state"] == "open")
            .unwrap();
        let matter = path.replace("applications", "matters");
        let done = format!("{matter}/steps/{}/complete", step["id"].as_str().unwrap());
        desk.post(&ana, &done, json!({})).await.ok();
        desk.later();
        let assessed = desk
            .post(&ana, &format!("{path}/assessment"), json!({}))
            .await
            .ok();
        let outcome = assessed["assessment"]["outcome"].clone();
        let body = json!({
            "assessment": assessed["id"], "outcome": "grant", "confirmed": confirmations(&assessed),
        });
        desk.post(&ana, &format!("{path}/decision/recommend"), body)
            .await
            .ok();
        let decide = json!({ "assessment": assessed["id"], "outcome": "grant" });
        desk.post(&petar, &format!("{path}/decision/decide"), decide.clone())
            .await
            .refused(409, "signal-waits");

        // Whoever the pack names looks; the answer is kept with its reason.
        let at = format!("/v1/signals/{}", signal["id"].as_str().unwrap());
        let answer = |outcome: &str| json!({ "outcome": outcome, "note": "razgovarano s njom na šalteru" });
        change(&desk, &clerk, &format!("{at}/answer"), 1, answer("unfounded"))
            .await
            .refused(409, "another-looks");
        change(&desk, &vera, &format!("{at}/answer"), 1, answer("unfounded"))
            .await
            .refused(403, "not-permitted");
        change(&desk, &jelena, &format!("{at}/answer"), 1, answer("unfounded"))
            .await
            .refused(404, "not-found");
        let short = json!({ "outcome": "unfounded", "note": "x" });
        change(&desk, &ana, &format!("{at}/answer"), 1, short)
            .await
            .refused(422, "fields");
        change(&desk, &ana, &format!("{at}/answer"), 7, answer("unfounded"))
            .await
            .refused(412, "changed-meanwhile");
        let answered = change(&desk, &ana, &format!("{at}/answer"), 1, answer("unfounded"))
            .await
            .ok();
        assert_eq!(
            (&answered["state"], &answered["answer"]["outcome"]),
            (&json!("answered"), &json!("unfounded"))
        );
        assert_eq!(outcome, "grant", "a signal changes no outcome");
        desk.post(&petar, &format!("{path}/decision/decide"), decide)
            .await
            .ok();

        let rates = desk.get(&petar, "/v1/signals/rates").await.ok();
        let rate = named(&rates, "S01")[0].clone();
        assert_eq!(
            (&rate["raised"], &rate["unfounded"], &rate["hit_permille"]),
            (&json!(1), &json!(1), &json!(0))
        );
        let never = named(&rates, "S05")[0].clone();
        assert!(never.get("hit_permille").is_none() && never["raised"] == 0);
        let log = desk.get(&vera, "/v1/audit?limit=200").await.ok();
        assert!(
            log["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|entry| entry["what"] == "signal-answered")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_house_can_compare_is_compared_once_a_day() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let office = desk.house.offices.by_code("CSR-01").unwrap().id;
        let mut people = Vec::new();
        for given in ["Ana", "Bojana", "Cvijeta", "Dunja", "Emina"] {
            let person = desk.person(&ana, given).await;
            let street = if given == "Emina" {
                "Ulica lipa 3"
            } else {
                "Ulica lipa 1"
            };
            let lives = [("address", FactValue::Text(street.into()))];
            desk.register_says(person, "CSR-01", &lives).await;
            let award = NewAward {
                id: desk.house.clock.id(),
                office,
                beneficiary: person,
                household: None,
                benefit: "DNJP".into(),
                decision: None,
                decision_number: None,
                about: None,
                in_kind: false,
                amount: Money::new(9_357, Currency::EUR),
                per: Per::Month,
                starts: "2024-06-01".parse().unwrap(),
                ends: None,
                review_on: None,
                basis: None,
                turned: false,
            };
            let actor = Actor {
                officer: None,
                office,
            };
            audit::write(&desk.house.store, actor, desk.house.clock.now(), move |tx| {
                awards::insert(tx, &award)?;
                Ok(((), Entry::of("decided").person(person)))
            })
            .await
            .unwrap();
            people.push(person);
        }
        crate::signals::call_if_due(&desk.house).await.unwrap();
        desk.jobs().await;
        let open = desk.get(&ana, "/v1/signals").await.ok();
        let found = named(&open, "S06");
        assert_eq!(found.len(), 4, "{open}");
        assert!(
            found
                .iter()
                .all(|it| it["says"]["en"].as_str().unwrap().starts_with("4 households"))
        );
        assert!(
            found.iter().all(|it| it["person"]["id"] != json!(people[4])),
            "whoever lives elsewhere"
        );
        // Once a day is enough, and nothing is raised twice.
        crate::signals::call_if_due(&desk.house).await.unwrap();
        desk.jobs().await;
        assert_eq!(named(&desk.get(&ana, "/v1/signals").await.ok(), "S06").len(), 4);
        let pages = desk.get(&ana, "/v1/signals?limit=3").await.ok();
        let next = pages["next"].as_str().unwrap();
        let rest = desk
            .get(&ana, &format!("/v1/signals?limit=3&cursor={next}"))
            .await
            .ok();
        assert_eq!(
            (
                pages["items"].as_array().unwrap().len(),
                rest["items"].as_array().unwrap().len()
            ),
            (3, 1)
        );

        // What is about one's own family is left out, and the page still leads to the rest.
        let number = pages["items"][0]["person"]["dossier_number"].clone();
        let kin = json!({ "dossier": number, "kin": "own" });
        desk.post(&ana, "/v1/session/kin", kin).await.ok();
        let mut seen = 0;
        let mut path = "/v1/signals?limit=2".to_owned();
        loop {
            let page = desk.get(&ana, &path).await.ok();
            seen += named(&page, "S06").len();
            match page["next"].as_str() {
                Some(next) => path = format!("/v1/signals?limit=2&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, 3, "all but the one of her own family");
    })
    .await;
}
