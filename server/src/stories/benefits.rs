//! Benefits that are more than a monthly amount: a funeral paid by a neighbour, health care of which the fund is told.

use super::{
    desk::{Desk, Seat, confirmations, id},
    registers::Institution,
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    store::testing::on_both_with,
};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;
use karton_api::{Currency, FactValue, Id, Money, Per, session::Role, value::Person};
use serde_json::{Value, json};

/// An award of a centre from before.
async fn holds(desk: &Desk, person: Id<Person>, benefit: &str, ends: Option<&str>) {
    let office = desk.house.offices.by_code("CSR-01").unwrap().id;
    let award = NewAward {
        id: desk.house.clock.id(),
        office,
        beneficiary: person,
        household: None,
        benefit: benefit.to_owned(),
        decision: None,
        decision_number: None,
        about: None,
        in_kind: false,
        amount: Money::new(9_429, Currency::EUR),
        per: Per::Month,
        starts: "2024-06-01".parse().unwrap(),
        ends: ends.map(|day| day.parse().unwrap()),
        review_on: None,
        turned: false,
        basis: None,
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
}

fn claim(fact: &str, value: Value) -> Value {
    json!({ "of": { "kind": "claim" }, "fact": fact, "value": value })
}
fn yes_no(yes: bool) -> Value {
    json!({ "type": "bool", "value": yes })
}

/// What somebody who paid a funeral says at the counter.
fn funeral(deceased: Id<Person>) -> Vec<Value> {
    vec![
        claim("deceased", json!({ "type": "person", "value": deceased })),
        claim("funeral_on", json!({ "type": "date", "value": "2025-02-22" })),
        claim(
            "funeral_provider",
            json!({ "type": "text", "value": "Pogrebno d.o.o." }),
        ),
        claim(
            "funeral_bill",
            json!({ "type": "money", "value": { "minor": 81_200, "currency": "EUR" } }),
        ),
        claim("funeral_paid", yes_no(true)),
        claim("deceased_placed", yes_no(false)),
        claim("consent", yes_no(true)),
        claim("payment_channel", json!({ "type": "code", "value": "post" })),
    ]
}

/// Lodges, has the evidence step done, and assesses.
async fn assessed(
    desk: &Desk,
    seat: &Seat,
    benefit: &str,
    applicant: Id<Person>,
    answers: Vec<Value>,
) -> (String, Value) {
    let draft = json!({ "benefit": benefit, "applicant": applicant, "answers": answers });
    let draft = desk.post(seat, "/v1/applications", draft).await.ok();
    let path = format!("/v1/applications/{}", draft["summary"]["id"].as_str().unwrap());
    desk.post(seat, &format!("{path}/lodge"), json!({})).await.ok();
    desk.jobs().await;
    let seen = desk.get(seat, &path).await.ok();
    let evidence = seen["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["key"] == "evidence")
        .unwrap();
    if evidence["state"] == "open" {
        let matter = path.replace("applications", "matters");
        let step = format!("{matter}/steps/{}/complete", evidence["id"].as_str().unwrap());
        desk.post(seat, &step, json!({})).await.ok();
    }
    desk.later();
    let assessed = desk
        .post(seat, &format!("{path}/assessment"), json!({}))
        .await
        .ok();
    (path, assessed)
}

fn word(assessed: &Value, outcome: &str) -> Value {
    json!({ "assessment": assessed["id"], "outcome": outcome, "confirmed": confirmations(assessed) })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_funeral_is_paid_once_to_whoever_paid_it() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let widow = desk.person(&ana, "Vesna").await;
        let neighbour = desk.person(&ana, "Jovana").await;
        let niece = desk.person(&ana, "Milena").await;
        holds(&desk, widow, "MO", Some("2025-02-21")).await;
        let died = [
            ("registered_dead", FactValue::Bool(true)),
            (
                "registered_death_on",
                FactValue::Date("2025-02-20".parse().unwrap()),
            ),
            ("pension_burial_benefit", FactValue::Bool(false)),
        ];
        desk.register_says(widow, "CSR-01", &died).await;

        // Binding checks of the form refuse with the place of the answer; the others only advise.
        let mut early = funeral(widow);
        early[1]["value"]["value"] = json!("2025-03-11");
        early[3]["value"]["value"]["minor"] = json!(0);
        let draft = json!({ "benefit": "TS", "applicant": niece, "answers": early });
        let draft = desk.post(&ana, "/v1/applications", draft).await.ok();
        let lodge = format!(
            "/v1/applications/{}/lodge",
            draft["summary"]["id"].as_str().unwrap()
        );
        let problem = desk.post(&ana, &lodge, json!({})).await.refused(422, "fields");
        let errors: Vec<(&str, &str)> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                (
                    error["pointer"].as_str().unwrap(),
                    error["code"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            errors,
            [("/answers/1/value", "check"), ("/answers/3/value", "check")]
        );

        // Neither is of the household of the deceased, and both ask for the same funeral.
        let (hers, first) = assessed(&desk, &ana, "TS", neighbour, funeral(widow)).await;
        assert_eq!(first["assessment"]["outcome"], "grant", "{first}");
        assert_eq!(first["assessment"]["amount"]["money"]["minor"], 46_797);
        let (other, second) = assessed(&desk, &ana, "TS", niece, funeral(widow)).await;
        for (path, assessed) in [(&hers, &first), (&other, &second)] {
            desk.post(
                &ana,
                &format!("{path}/decision/recommend"),
                word(assessed, "grant"),
            )
            .await
            .ok();
        }
        desk.later();
        let verdict = json!({ "assessment": first["id"], "outcome": "grant" });
        let decide = format!("{hers}/decision/decide");
        let decision = desk.post(&petar, &decide, verdict).await.ok();
        desk.jobs().await;
        let letter = format!(
            "/v1/decisions/{}/letter?form=text",
            decision["id"].as_str().unwrap()
        );
        let text = String::from_utf8(desk.get(&ana, &letter).await.bytes).unwrap();
        assert!(
            text.contains("Vesna Vujotić") && text.contains("467,97"),
            "{text}"
        );
        assert!(text.contains("Jovana Vujotić"), "{text}");

        // The niece's claim rests on what was true before: it cannot be granted beside, and assessed again the law itself refuses it.
        let verdict = json!({ "assessment": second["id"], "outcome": "grant" });
        desk.post(&petar, &format!("{other}/decision/decide"), verdict)
            .await
            .refused(409, "already-awarded");
        let back = json!({ "to": "assessment", "reason": "sahrana je već plaćena" });
        desk.post(&petar, &format!("{other}/decision/return"), back)
            .await
            .ok();
        desk.later();
        let again = desk
            .post(&ana, &format!("{other}/assessment"), json!({}))
            .await
            .ok();
        assert_eq!(again["assessment"]["outcome"], "refuse", "{again}");
        let once = again["assessment"]["conditions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["id"] == "once")
            .unwrap();
        assert_eq!(once["verdict"], "not-met");
        let awards = desk
            .get(&ana, &format!("/v1/awards?person={neighbour}"))
            .await
            .ok();
        assert_eq!(awards["items"][0]["per"], "once");
    })
    .await;
}

/// What the registers of a story say, by the end of the service's address.
fn says(service: &str, number: &str, fund: impl Fn(&str) -> Response) -> Response {
    let about = |mut members: Value| {
        members["national_id"] = json!(number);
        members["found"] = json!(true);
        Json(members).into_response()
    };
    match service.rsplit('/').next().unwrap() {
        "person" => about(json!({ "drzavljanstvo": "ME", "umro": false })),
        "residence" => about(json!({ "opstina": "ME-16", "adresa": "Ulica lipa 7", "vrsta": "residence" })),
        "status" => about(json!({ "osnov": "none" })),
        "registration" | "ending" => fund(number),
        _ => Json(json!({ "national_id": number, "found": false })).into_response(),
    }
}
fn silent(_: &str) -> Response {
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
fn takes(number: &str) -> Response {
    Json(json!({ "national_id": number, "taken": true, "receipt": "FZO-1" })).into_response()
}
fn refuses(number: &str) -> Response {
    Json(json!({ "national_id": number, "taken": false, "why": "nobody with this number" })).into_response()
}

/// A right to health care is granted to somebody with care allowance.
async fn granted(desk: &Desk) -> (Seat, Id<Person>, String, String) {
    let ana = desk
        .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
        .await;
    let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
    let body = json!({ "name": { "given": "Ivo", "family": "Lim" }, "national_id": { "scheme": "jmbg", "number": "1403978200126" } });
    let person: Id<Person> = id(&desk.post(&ana, "/v1/persons", body).await.ok()["card"]["id"]);
    holds(desk, person, "DNJP", None).await;
    let own =
        json!({ "of": { "kind": "person", "id": person }, "fact": "in_institution", "value": yes_no(false) });
    let answers = vec![
        claim("consent", yes_no(true)),
        claim("victim_of_violence", yes_no(false)),
        own,
    ];
    let (path, first) = assessed(desk, &ana, "ZZ", person, answers).await;
    assert_eq!(first["assessment"]["outcome"], "grant", "{first}");
    assert_eq!(first["assessment"]["amount"], Value::Null);
    desk.post(&ana, &format!("{path}/decision/recommend"), word(&first, "grant"))
        .await
        .ok();
    let verdict = json!({ "assessment": first["id"], "outcome": "grant" });
    let decision = desk
        .post(&petar, &format!("{path}/decision/decide"), verdict)
        .await
        .ok();
    (ana, person, path, decision["id"].as_str().unwrap().to_owned())
}

fn step<'a>(application: &'a Value, key: &str) -> &'a Value {
    let steps = application["steps"].as_array().unwrap();
    steps.iter().find(|step| step["key"] == key).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fund_is_told_again_and_again_under_one_message_until_it_answers() {
    on_both_with(&[], async |store| {
        let (fund, address, serving) = Institution::open().await;
        fund.answers(|service, number| says(service, number, silent));
        let desk = Desk::asking(store, Some(address)).await;
        let (ana, person, path, decision) = granted(&desk).await;
        let seen = desk.get(&ana, &path).await.ok();
        assert_eq!(seen["notices"][0]["state"], "waiting");
        assert_eq!(step(&seen, "informing")["state"], "open");
        fund.asked();

        // Silent as long as it is asked, under the same message; then the task stays, and says why.
        for _ in 0..12 {
            desk.jobs().await;
            desk.house.clock.advance(SignedDuration::from_hours(1));
        }
        let ana = desk.again(&ana).await;
        let seen = desk.get(&ana, &path).await.ok();
        let notice = &seen["notices"][0];
        assert_eq!(
            (&notice["state"], &notice["tries"]),
            (&json!("silent"), &json!(8)),
            "{notice}"
        );
        assert_eq!(notice["problem"], "the service answered with status 503");
        assert_eq!(notice["may"], json!(["send"]));
        let told = fund.asked();
        assert!(
            told.iter()
                .all(|(service, message, _)| service.ends_with("registration") && *message == told[0].1)
        );
        assert_eq!(told.len(), 8);
        let tasks = desk.get(&ana, "/v1/tasks?queue=office").await.ok();
        assert!(
            tasks["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|task| task["step"] == "informing"),
            "{tasks}"
        );

        // Sent again it is still the same message, and the fund has it: the step is done by nobody.
        fund.answers(|service, number| says(service, number, takes));
        let send = format!(
            "{}/notices/{}/send",
            path.replace("applications", "matters"),
            notice["id"].as_str().unwrap()
        );
        assert_eq!(desk.post(&ana, &send, json!({})).await.ok()["state"], "waiting");
        desk.post(&ana, &send, json!({}))
            .await
            .refused(409, "step-not-open");
        desk.jobs().await;
        assert_eq!(fund.asked()[0].1, told[0].1);
        let seen = desk.get(&ana, &path).await.ok();
        let notice = &seen["notices"][0];
        assert_eq!(
            (&notice["state"], &notice["receipt"]),
            (&json!("taken"), &json!("FZO-1"))
        );
        assert_eq!(step(&seen, "informing")["state"], "done");
        assert_eq!(step(&seen, "informing")["done_by"], Value::Null);
        desk.post(&ana, &send, json!({}))
            .await
            .refused(409, "step-not-open");

        // A right without money: no month of it yields anything, and its letter speaks of no payment.
        let awards = desk.get(&ana, &format!("/v1/awards?person={person}")).await.ok();
        let award = awards["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["benefit"] == "ZZ")
            .unwrap();
        assert_eq!(
            (&award["in_kind"], &award["in_force"]),
            (&json!(true), &json!(true))
        );
        let months = format!("/v1/awards/{}/entitlements", award["id"].as_str().unwrap());
        assert_eq!(desk.get(&ana, &months).await.ok()["items"], json!([]));
        let letter = desk
            .get(&ana, &format!("/v1/decisions/{decision}/letter?form=text"))
            .await;
        let text = String::from_utf8(letter.bytes).unwrap();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words.contains("O njemu se obavještava: Fond za zdravstveno osiguranje."),
            "{text}"
        );
        assert!(!words.contains("Isplata") && !words.contains("2025.."), "{text}");
        let at = format!("/v1/decisions/{decision}/deliver");
        desk.post(&ana, &at, json!({ "on": "2025-03-10" })).await.ok();
        assert_eq!(
            desk.get(&ana, &path.replace("applications", "matters"))
                .await
                .ok()["state"],
            "ended"
        );

        // A later decision on it is told of as well: its end, and that the end does not hold any more.
        let petar = desk.officer("Rade", "CSR-01", &[Role::Approver]).await;
        let decided = async |body: Value| {
            desk.later();
            let it = desk.post(&ana, "/v1/amendments", body).await.ok();
            let at = format!("/v1/amendments/{}", it["id"].as_str().unwrap());
            let revision = json!({ "revision": it["revision"] });
            let it = desk.post(&petar, &format!("{at}/decide"), revision).await.ok();
            assert_eq!(it["notices"][0]["state"], "waiting", "{it}");
            fund.asked();
            desk.jobs().await;
            let told = fund.asked();
            assert_eq!(told.len(), 1, "{told:?}");
            let it = desk.get(&ana, &at).await.ok();
            assert_eq!(it["notices"][0]["state"], "taken", "{it}");
            assert_eq!(step(&it, "informing")["state"], "done");
            (it, told[0].0.clone())
        };
        let says = json!({ "from": "2025-04-01", "reason": "renounced" });
        let end = json!({ "kind": "end", "award": award["id"], "says": says });
        let (ended, service) = decided(end).await;
        assert!(service.ends_with("ending"), "{service}");
        let annul =
            json!({ "kind": "annul", "amendment": ended["id"], "says": { "reason": "after-appeal" } });
        let (_, service) = decided(annul).await;
        assert!(service.ends_with("registration"), "{service}");
        serving.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_fund_refuses_stays_open_with_its_words_until_somebody_has_told_it_otherwise() {
    on_both_with(&[], async |store| {
        let (fund, address, serving) = Institution::open().await;
        fund.answers(|service, number| says(service, number, refuses));
        let desk = Desk::asking(store, Some(address)).await;
        let (ana, _, path, _) = granted(&desk).await;
        let other = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        fund.asked();
        desk.jobs().await;
        let first = fund.asked();
        let seen = desk.get(&ana, &path).await.ok();
        let notice = &seen["notices"][0];
        assert_eq!(
            (&notice["state"], &notice["problem"]),
            (&json!("refused"), &json!("nobody with this number"))
        );
        assert_eq!(step(&seen, "informing")["state"], "open");
        let matter = path.replace("applications", "matters");
        let send = format!("{matter}/notices/{}/send", notice["id"].as_str().unwrap());
        desk.post(&other, &send, json!({}))
            .await
            .refused(404, "not-found");
        desk.post(&ana, &send, json!({})).await.ok();
        desk.jobs().await;
        assert_ne!(
            fund.asked()[0].1,
            first[0].1,
            "what was refused is another message"
        );
        // Told on the telephone: the clerk completes the step.
        let open = step(&seen, "informing")["id"].as_str().unwrap().to_owned();
        desk.post(&ana, &format!("{matter}/steps/{open}/complete"), json!({}))
            .await
            .ok();
        assert_eq!(
            step(&desk.get(&ana, &path).await.ok(), "informing")["state"],
            "done"
        );
        serving.abort();
    })
    .await;
}
