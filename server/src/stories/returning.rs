//! What goes back, what is taken back, and what is outdated.

use super::desk::{ApplicationId, Desk, Seat, answers, confirmations, id};
use crate::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    store::testing::on_both_with,
    users::{self, Kin},
};
use karton_api::{Currency, FactValue, Id, Money, Per, session::Role, value::Person};
use serde_json::{Value, json};

/// An application that is lodged, with everything known, up to its assessment.
pub(super) async fn assessed(desk: &Desk, ana: &Seat, person: Id<Person>) -> (String, Value) {
    let draft = json!({ "benefit": "MO", "applicant": person, "answers": answers(person) });
    let draft = desk.post(ana, "/v1/applications", draft).await.ok();
    let application: ApplicationId = id(&draft["summary"]["id"]);
    let path = format!("/v1/applications/{application}");
    let lodged = desk.post(ana, &format!("{path}/lodge"), json!({})).await.ok();
    desk.later();
    desk.registers_know_a_poor_woman(person, "CSR-01").await;
    let steps = lodged["application"]["steps"].as_array().unwrap();
    let evidence = steps.iter().find(|step| step["key"] == "evidence").unwrap()["id"]
        .as_str()
        .unwrap();
    desk.post(
        ana,
        &format!("/v1/matters/{application}/steps/{evidence}/complete"),
        json!({}),
    )
    .await
    .ok();
    desk.later();
    let assessed = desk
        .post(ana, &format!("{path}/assessment"), json!({}))
        .await
        .ok();
    (path, assessed)
}

pub(super) fn recommendation(assessed: &Value) -> Value {
    json!({ "assessment": assessed["id"], "outcome": "grant", "confirmed": confirmations(assessed) })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_goes_back_and_comes_again() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let marija = desk.person(&ana, "Marija").await;
        let (path, first) = assessed(&desk, &ana, marija).await;

        // A newer fact makes the assessment outdated; it is made again.
        desk.later();
        desk.register_says(marija, "CSR-01", &[("vehicles", FactValue::Rows(Vec::new()))])
            .await;
        assert_eq!(
            desk.get(&ana, &format!("{path}/assessment")).await.ok()["outdated"],
            true
        );
        let recommend = format!("{path}/decision/recommend");
        desk.post(&ana, &recommend, recommendation(&first))
            .await
            .refused(409, "assessment-outdated");
        desk.later();
        let second = desk
            .post(&ana, &format!("{path}/assessment"), json!({}))
            .await
            .ok();
        desk.post(&ana, &recommend, recommendation(&second)).await.ok();

        // The head of office wants the first officer to look again.
        let back = format!("{path}/decision/return");
        desk.post(&petar, &back, json!({ "to": "assessment", "reason": "x" }))
            .await
            .refused(422, "fields");
        let returned = desk
            .post(
                &petar,
                &back,
                json!({ "to": "assessment", "reason": "pogledati vozila" }),
            )
            .await
            .ok();
        assert_eq!(returned["summary"]["state"], "lodged");
        assert_eq!(returned["returned"]["reason"], "pogledati vozila");
        desk.later();
        let third = desk
            .post(&ana, &format!("{path}/assessment"), json!({}))
            .await
            .ok();
        desk.post(&ana, &recommend, recommendation(&third)).await.ok();

        // Then the applicant has to complete it within the term of that step.
        let returned = desk
            .post(
                &petar,
                &back,
                json!({ "to": "applicant", "reason": "nedostaje ugovor o zakupu" }),
            )
            .await
            .ok();
        assert_eq!(returned["summary"]["state"], "returned");
        assert_eq!(returned["returned"]["until"], "2025-03-18", "eight days");
        assert!(
            returned["steps"]
                .as_array()
                .unwrap()
                .iter()
                .any(|step| step["key"] == "completion" && step["state"] == "open")
        );
        desk.get(&ana, &format!("{path}/completion-letter"))
            .await
            .refused(409, "letter-not-ready");
        desk.jobs().await;
        let letter = desk
            .get(&ana, &format!("{path}/completion-letter?form=text"))
            .await;
        let text = String::from_utf8(letter.bytes).unwrap();
        for part in [
            "Z A K LJ U Č A K",
            "CSR-01-Z-2025/1",
            "u roku od 8 dana",
            "nedostaje ugovor o zakupu",
            "Petar",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(
            desk.get(&ana, &format!("{path}/completion-letter"))
                .await
                .bytes
                .starts_with(b"%PDF")
        );
        let seen = desk.get(&ana, &path).await.ok();
        assert_eq!(seen["may"], json!(["save", "lodge", "withdraw", "dismiss"]));
        let revision = seen["revision"].as_i64().unwrap();
        desk.put(&ana, &path, revision, json!({ "answers": answers(marija) }))
            .await
            .ok();
        let lodged = desk.post(&ana, &format!("{path}/lodge"), json!({})).await.ok();
        assert_eq!(
            lodged["application"]["summary"]["number"], "CSR-01-Z-2025/1",
            "the number stays"
        );
        assert_eq!(lodged["application"]["summary"]["state"], "lodged");

        // And in the end she takes it back: nothing is open any more.
        let gone = desk
            .post(
                &ana,
                &format!("{path}/withdraw"),
                json!({ "reason": "našla je posao", "document": "Izjava o odustanku, 18.3.2025" }),
            )
            .await
            .ok();
        assert_eq!(gone["summary"]["state"], "withdrawn");
        assert!(gone["may"].as_array().unwrap().is_empty());
        assert!(
            desk.get(&ana, "/v1/tasks?queue=office").await.ok()["items"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_works_on_their_own_dossier() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let marija = desk.person(&ana, "Marija").await;
        let draft = json!({ "benefit": "MO", "applicant": marija, "answers": [] });
        let opened = desk.post(&ana, "/v1/applications", draft.clone()).await.ok();
        let path = format!("/v1/applications/{}", opened["summary"]["id"].as_str().unwrap());
        let (officer, office) = (ana.officer, desk.house.offices.by_code("CSR-01").unwrap().id);
        audit::write(
            &desk.house.store,
            Actor {
                officer: None,
                office,
            },
            desk.house.clock.now(),
            move |tx| {
                users::declare(tx, officer, marija, Kin::Relative)?;
                Ok(((), Entry::of("relative-declared").person(marija)))
            },
        )
        .await
        .unwrap();
        desk.post(&ana, "/v1/applications", draft)
            .await
            .refused(409, "own-dossier");
        desk.put(&ana, &path, 1, json!({ "answers": [] }))
            .await
            .refused(409, "own-dossier");
        assert_eq!(desk.get(&ana, &path).await.ok()["may"], json!([]));

        // Nor on that of somebody who lives with them.
        let marko = desk.person(&ana, "Marko").await;
        let jelena = desk.officer("Jelena", "CSR-01", &[Role::Clerk]).await;
        let joins = json!({ "person": marija, "relationship": "spouse", "from": "2020-05-01" });
        desk.post(&jelena, &format!("/v1/persons/{marko}/household/members"), joins)
            .await
            .ok();
        let draft = json!({ "benefit": "MO", "applicant": marko, "answers": [] });
        desk.post(&jelena, "/v1/applications", draft.clone()).await.ok();
        desk.post(&ana, "/v1/applications", draft)
            .await
            .refused(409, "own-dossier");
        let preview = json!({ "benefit": "MO", "applicant": marko, "answers": [] });
        desk.post(&ana, "/v1/assessments/preview", preview)
            .await
            .refused(409, "own-dossier");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_awarded_already_is_not_granted_again() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let marija = desk.person(&ana, "Marija").await;
        let (path, first) = assessed(&desk, &ana, marija).await;
        let recommend = format!("{path}/decision/recommend");
        desk.post(&ana, &recommend, recommendation(&first)).await.ok();

        // Another centre grants her the same meanwhile: what was assessed without it is outdated, and with it she has the right already.
        let office = desk.house.offices.by_code("CSR-03").unwrap().id;
        let elsewhere = NewAward {
            id: desk.house.clock.id(),
            office,
            beneficiary: marija,
            household: None,
            benefit: "MO".into(),
            decision: None,
            decision_number: None,
            about: None,
            in_kind: false,
            amount: Money::new(9_429, Currency::EUR),
            per: Per::Month,
            starts: "2025-03-01".parse().unwrap(),
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
            awards::insert(tx, &elsewhere)?;
            Ok(((), Entry::of("decided").person(marija)))
        })
        .await
        .unwrap();
        let verdict = json!({ "assessment": first["id"], "outcome": "grant" });
        desk.post(&petar, &format!("{path}/decision/decide"), verdict)
            .await
            .refused(409, "assessment-outdated");
        let back = json!({ "to": "assessment", "reason": "pravo u drugom centru" });
        desk.post(&petar, &format!("{path}/decision/return"), back)
            .await
            .ok();
        desk.later();
        let second = desk
            .post(&ana, &format!("{path}/assessment"), json!({}))
            .await
            .ok();
        assert_eq!(second["outdated"], false);
        desk.post(&ana, &recommend, recommendation(&second))
            .await
            .refused(409, "already-awarded");
    })
    .await;
}
