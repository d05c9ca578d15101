//! What is said at the window and on the telephone leaves out what is not for everybody: a restricted case of the same person, and an
//! application whose matter is restricted.

use super::{
    cases_hidden::violence,
    desk::{Desk, Seat, answers},
    returning,
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    matters::{self, NamedOn},
    store::testing::on_both_with,
};
use karton_api::{Id, session::Role, value};
use serde_json::{Value, json};

/// Everything that is told about a person at the window, by somebody who is named on nothing.
async fn told(desk: &Desk, seat: &Seat, person: Id<value::Person>, receipt: &str) -> Vec<(String, String)> {
    let asks = [
        ("/v1/inquiries", json!({ "person": person })),
        ("/v1/inquiries", json!({ "text": "CSR-01-NP-2025/1" })),
        ("/v1/inquiries", json!({ "text": "vujotić jelena" })),
        (
            "/v1/assessments/preview",
            json!({ "benefit": "MO", "applicant": person, "answers": answers(person) }),
        ),
        (
            "/v1/assessments/what-if",
            json!({ "benefit": "MO", "people": [{ "id": person, "birth_date": "1981-09-02" }] }),
        ),
    ];
    let mut told = Vec::new();
    for (path, body) in asks {
        let answer = desk.post(seat, path, body.clone()).await;
        told.push((
            format!("{path} {body}"),
            String::from_utf8_lossy(&answer.bytes).into_owned(),
        ));
    }
    for path in [
        format!("/v1/lodgings/{receipt}"),
        format!("/v1/papers/{receipt}"),
        format!("/v1/papers/{receipt}/letter?form=text&width=90"),
        format!("/v1/dossiers/{person}"),
    ] {
        let answer = desk.get(seat, &path).await;
        told.push((path, String::from_utf8_lossy(&answer.bytes).into_owned()));
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_at_the_window_leaves_restricted_matters_out() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let goran = desk
            .officer(
                "Goran",
                "CSR-01",
                &[Role::Clerk, Role::Caseworker, Role::Approver],
            )
            .await;
        let jelena = desk.person(&ana, "Jelena").await;
        let case = desk.post(&ana, "/v1/cases", violence(jelena, &petar)).await.ok();
        assert_eq!(case["summary"]["number"], "CSR-01-NP-2025/1");
        let case = case["summary"]["id"].as_str().unwrap().to_owned();

        let (path, _) = returning::assessed(&desk, &ana, jelena).await;
        let application = path.rsplit('/').next().unwrap().to_owned();
        let seen = desk.get(&goran, &path).await.ok();
        let receipt = seen["lodging"]["id"].as_str().unwrap().to_owned();
        let number = seen["summary"]["number"].as_str().unwrap().to_owned();
        for (ask, answer) in told(&desk, &goran, jelena, &receipt).await {
            for hidden in ["KANARINAC", "NP-2025", case.as_str(), "domestic-violence"] {
                // What was asked for is not said back either.
                assert!(!answer.contains(hidden), "{hidden} is told at {ask}:\n{answer}");
            }
        }
        let by_person = json!({ "person": jelena });
        let phone = desk.post(&goran, "/v1/inquiries", by_person.clone()).await.ok();
        assert_eq!(phone["cases"].as_array().unwrap().len(), 1);
        let by_case = json!({ "text": "CSR-01-NP-2025/1" });
        let none = desk.post(&goran, "/v1/inquiries", by_case.clone()).await.ok();
        assert_eq!(
            (&none["person"], &none["people"], &none["cases"]),
            (&Value::Null, &json!([]), &json!([]))
        );
        // Who is named on the case hears of no more by telephone: a caller asks about applications.
        assert_eq!(desk.post(&ana, "/v1/inquiries", by_case).await.ok(), none);

        // An application whose own matter is restricted is told of to whoever is named on it, and to nobody else.
        let (matter, officer, now) = (
            application.parse::<Id<value::Matter>>().unwrap(),
            ana.officer,
            desk.house.clock.now(),
        );
        let named = NamedOn {
            id: desk.house.clock.id(),
            officer,
            capacity: "lead".to_owned(),
            reason: "proba".to_owned(),
            from: now,
            until: None,
            by: None,
        };
        let actor = Actor {
            officer: Some(officer),
            office: desk.house.offices.by_code("CSR-01").unwrap().id,
        };
        audit::write(&desk.house.store, actor, now, move |tx| {
            matters::restrict(tx, matter, now)?;
            matters::name(tx, matter, &named)?;
            Ok(((), Entry::of("case-restricted").matter(matter)))
        })
        .await
        .unwrap();
        for (ask, answer) in told(&desk, &goran, jelena, &receipt).await {
            for hidden in [number.as_str(), application.as_str()] {
                assert!(!answer.contains(hidden), "{hidden} is told at {ask}:\n{answer}");
            }
        }
        let phone = desk.post(&goran, "/v1/inquiries", by_person.clone()).await.ok();
        assert_eq!(phone["cases"], json!([]));
        let by_number = json!({ "text": number });
        let none = desk.post(&goran, "/v1/inquiries", by_number.clone()).await.ok();
        assert_eq!((&none["person"], &none["people"]), (&Value::Null, &json!([])));
        for at in [path.clone(), format!("{path}/papers")] {
            desk.get(&goran, &at).await.refused(404, "not-found");
        }
        let phone = desk.post(&ana, "/v1/inquiries", by_number).await.ok();
        assert_eq!(phone["cases"][0]["application"]["number"], json!(number));
        desk.get(&ana, &format!("/v1/lodgings/{receipt}")).await.ok();
    })
    .await;
}
