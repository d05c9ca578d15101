//! Rights that are somebody's on account of somebody else: the same benefit for two children at once, and what only looks like the same.

use super::{
    desk::{ApplicationId, Desk, Seat, confirmations, id},
    later::{in_order, letter, office},
};
use crate::store::testing::on_both_with;
use axum::http::Method;
use karton_api::{FactValue, Id, session::Role, value::Person};
use serde_json::{Value, json};

/// A child of the person's household, born in February.
async fn child(desk: &Desk, seat: &Seat, parent: Id<Person>, given: &str) -> Id<Person> {
    let body = json!({ "name": { "given": given, "family": "Vujotić" }, "birth_date": "2025-02-10" });
    let child: Id<Person> = id(&desk.post(seat, "/v1/persons", body).await.ok()["card"]["id"]);
    let joins = json!({ "person": child, "relationship": "child", "from": "2025-02-10" });
    let members = format!("/v1/persons/{parent}/household/members");
    desk.post(seat, &members, joins).await.ok();
    child
}

/// Birth benefit on account of a child.
fn asks(applicant: Id<Person>, child: Id<Person>) -> Value {
    let claim = |fact: &str, kind: &str, value: Value| json!({ "of": { "kind": "claim" }, "fact": fact, "value": { "type": kind, "value": value } });
    let answers = [
        claim("child", "person", json!(child)),
        claim("consent", "bool", json!(true)),
        claim("payment_channel", "code", json!("post")),
        claim("payee", "code", json!("applicant")),
    ];
    json!({ "benefit": "NRD", "applicant": applicant, "answers": answers })
}

async fn draft(desk: &Desk, seat: &Seat, body: Value) -> String {
    let draft = desk.post(seat, "/v1/applications", body).await.ok();
    let application: ApplicationId = id(&draft["summary"]["id"]);
    format!("/v1/applications/{application}")
}

/// Brings what was lodged to its grant, and answers the award.
async fn granted(desk: &Desk, (ana, goran, petar): (&Seat, &Seat, &Seat), path: &str) -> String {
    desk.later();
    let seen = desk.get(ana, path).await.ok();
    let steps = seen["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["state"] == "open").unwrap();
    let matter = path.replace("applications", "matters");
    let complete = format!("{matter}/steps/{}/complete", step["id"].as_str().unwrap());
    desk.post(ana, &complete, json!({})).await.ok();
    desk.later();
    let made = format!("{path}/assessment");
    let first = desk.post(ana, &made, json!({})).await.ok();
    let says = json!({ "assessment": first["id"], "outcome": "grant", "confirmed": confirmations(&first) });
    desk.post(goran, &format!("{path}/decision/recommend"), says)
        .await
        .ok();
    let verdict = json!({ "assessment": first["id"], "outcome": "grant" });
    let decision = desk
        .post(petar, &format!("{path}/decision/decide"), verdict)
        .await
        .ok();
    desk.jobs().await;
    decision["award"].as_str().unwrap().to_owned()
}

fn known() -> [(&'static str, FactValue); 4] {
    [
        ("registered_unemployed", FactValue::Bool(true)),
        ("residence_kind", FactValue::Code("residence".into())),
        ("in_regular_education", FactValue::Bool(false)),
        ("alive", FactValue::Bool(true)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_benefit_is_asked_for_and_granted_for_two_children_and_for_none_of_them_twice() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let officers = (&office.ana, &office.goran, &office.petar);
        let mother = desk.person(&office.ana, "Marija").await;
        let luka = child(&desk, &office.ana, mother, "Luka").await;
        let iva = child(&desk, &office.ana, mother, "Iva").await;

        // Both at once, with one receipt that says which is whose.
        let twice = json!({ "drafts": [asks(mother, luka), asks(mother, luka)] });
        desk.post(&office.ana, "/v1/lodgings", twice)
            .await
            .refused(409, "already-running");
        let both = json!({ "drafts": [asks(mother, luka), asks(mother, iva)] });
        let lodged = desk.post(&office.ana, "/v1/lodgings", both).await.ok();
        desk.jobs().await;
        let receipt = lodged["lodged"][0]["receipt"]["id"].as_str().unwrap();
        let text = letter(&desk, &office.ana, &format!("/v1/papers/{receipt}/letter")).await;
        assert!(
            text.contains("(Luka Vujotić)") && text.contains("(Iva Vujotić)"),
            "{text}"
        );
        let path = |place: usize| {
            let id = lodged["lodged"][place]["application"]["summary"]["id"]
                .as_str()
                .unwrap();
            format!("/v1/applications/{id}")
        };

        // A third one for either of them is refused while the first runs; nobody else's right is in the way.
        for (of, body) in [(luka, asks(mother, luka)), (iva, asks(mother, iva))] {
            let again = draft(&desk, &office.ana, body).await;
            let lodge = format!("{again}/lodge");
            desk.post(&office.ana, &lodge, json!({}))
                .await
                .refused(409, "already-running");
            // Before it is lodged the standing tells of the file that asks for the same, and not of the other child's.
            let standing = desk.get(&office.ana, &format!("{again}/standing")).await.ok();
            let files: Vec<&Value> = lines(&standing, "file");
            assert_eq!(files.len(), 1, "{standing}");
            let name = if of == luka {
                "Luka Vujotić"
            } else {
                "Iva Vujotić"
            };
            assert_eq!(
                (&files[0]["about"], &files[0]["same"], &files[0]["law"]),
                (&json!(name), &json!(true), &json!("ZSDZ 54"))
            );
        }

        desk.register_says(mother, "CSR-01", &known()).await;
        let first = granted(&desk, officers, &path(0)).await;
        // The first child's award is told with the second one's application, and stands in nobody's way.
        let standing = desk.get(&office.ana, &format!("{}/standing", path(1))).await.ok();
        let overlap = &standing["overlaps"][0];
        assert_eq!(
            (&overlap["benefit"], &overlap["incompatible"], &overlap["same"]),
            (&json!("NRD"), &json!(false), &json!(false)),
            "{standing}"
        );
        assert_eq!(
            (
                &overlap["about"],
                &overlap["ground"],
                &overlap["benefit_name"]["en"]
            ),
            (&json!("Luka Vujotić"), &json!("ZSDZ 54"), &json!("Birth benefit"))
        );
        assert!(standing["choice"].is_null(), "{standing}");
        let second = granted(&desk, officers, &path(1)).await;
        assert_ne!(first, second);

        // Granted, it is told as the same right for the same child, and not granted again.
        let again = draft(&desk, &office.ana, asks(mother, luka)).await;
        let status = desk
            .post(&office.ana, &format!("{again}/lodge"), json!({}))
            .await
            .ok();
        let overlaps = status["status"]["overlaps"].as_array().unwrap();
        let marks: Vec<(&Value, &Value)> = overlaps.iter().map(|it| (&it["about"], &it["same"])).collect();
        assert_eq!(
            marks,
            [
                (&json!("Luka Vujotić"), &json!(true)),
                (&json!("Iva Vujotić"), &json!(false))
            ],
            "what stands in the way comes first"
        );
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_parent_in_another_office_is_told_of_and_not_blocked_by_lodging() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let jelena = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let mother = desk.person(&office.ana, "Marija").await;
        let luka = child(&desk, &office.ana, mother, "Luka").await;
        let body = json!({ "name": { "given": "Marko", "family": "Vujotić" }, "birth_date": "1990-05-05" });
        let father: Id<Person> = id(&desk.post(&jelena, "/v1/persons", body).await.ok()["card"]["id"]);

        let hers = draft(&desk, &office.ana, asks(mother, luka)).await;
        desk.post(&office.ana, &format!("{hers}/lodge"), json!({}))
            .await
            .ok();
        let his = draft(&desk, &jelena, asks(father, luka)).await;
        let status = desk.post(&jelena, &format!("{his}/lodge"), json!({})).await.ok();
        let files = lines(&status["status"], "file");
        assert_eq!(files.len(), 1, "{status}");
        assert_eq!(
            (&files[0]["name"], &files[0]["office"]["code"], &files[0]["same"]),
            (&json!("Marija Vujotić"), &json!("CSR-01"), &json!(true))
        );
        // What the other office holds is one line; its file stays closed.
        desk.get(&jelena, &hers).await.refused(404, "not-found");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_birth_date_that_was_corrected_later_was_not_known_before() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let mother = desk.person(&office.ana, "Marija").await;
        let luka = child(&desk, &office.ana, mother, "Luka").await;
        let path = draft(&desk, &office.ana, asks(mother, luka)).await;
        desk.post(&office.ana, &format!("{path}/lodge"), json!({}))
            .await
            .ok();
        desk.later();
        desk.register_says(mother, "CSR-01", &known()).await;
        let then = desk.house.clock.now();
        desk.later();
        let card = desk.get(&office.ana, &format!("/v1/persons/{luka}")).await.ok();
        let matches = format!("\"{}\"", card["revision"]);
        let body = json!({ "birth_date": "2024-02-10", "reason": "po izvodu iz matične knjige" });
        let person = format!("/v1/persons/{luka}");
        desk.send(
            Some(&office.ana),
            Method::PATCH,
            &person,
            Some(body),
            &[("If-Match", &matches)],
        )
        .await
        .ok();
        desk.later();

        let ask = async |query: &str| {
            let seen = desk
                .get(&office.ana, &format!("{path}/assessments{query}"))
                .await
                .ok();
            let conditions = seen["assessment"]["conditions"].as_array().unwrap().clone();
            let under = conditions.into_iter().find(|it| it["id"] == "under-one").unwrap();
            (under["verdict"].clone(), under["text"]["en"].to_string())
        };
        let (verdict, says) = ask(&format!("?known_at={then}")).await;
        assert_eq!(verdict, "met", "{says}");
        assert!(says.contains("2025"), "{says}");
        let (verdict, says) = ask("").await;
        assert_eq!(verdict, "not-met", "{says}");
    })
    .await;
}

/// The lines of a kind.
fn lines<'a>(standing: &'a Value, kind: &str) -> Vec<&'a Value> {
    let all = standing["lines"].as_array().unwrap();
    all.iter().filter(|line| line["kind"] == kind).collect()
}
