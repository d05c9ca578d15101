//! Organisations as parties: an employer asks for a refund on account of an employee, and a provider is paid for what a child is given.

use super::{
    desk::{Desk, Seat, id},
    later::{self, in_order},
};
use crate::store::testing::on_both_with;
use axum::http::Method;
use karton_api::{Currency, FactValue, Id, Money, session::Role, value::Person};
use serde_json::{Value, json};

const BUILDER: &str = "02999021";
const HOTEL: &str = "02999030";
/// The employee's own street, which no employer learns.
const HOME: &str = "Tajna ulica 9";

fn employer(name: &str, number: &str, account: Option<&str>) -> Value {
    json!({ "name": name, "number": { "scheme": "pib", "number": number }, "address": "Obala 3, Bar", "account": account })
}

async fn registered(desk: &Desk, seat: &Seat, name: &str, number: &str, account: Option<&str>) -> String {
    let body = employer(name, number, account);
    let seen = desk.post(seat, "/v1/organisations", body).await.ok();
    seen["card"]["id"].as_str().unwrap().to_owned()
}

/// A mother of a child born in February, of whom the registers know a year of wages.
async fn mother(desk: &Desk, seat: &Seat) -> (Id<Person>, Id<Person>) {
    let mother = desk.person(seat, "Marija").await;
    let child = json!({ "name": { "given": "Luka", "family": "Vujotić" }, "birth_date": "2025-02-10" });
    let child: Id<Person> = id(&desk.post(seat, "/v1/persons", child).await.ok()["card"]["id"]);
    let joins = json!({ "person": child, "relationship": "child", "from": "2025-02-10" });
    desk.post(seat, &format!("/v1/persons/{mother}/household/members"), joins)
        .await
        .ok();
    let month = |place: u32| {
        let (year, month) = if place < 11 {
            (2024, place + 2)
        } else {
            (2025, place - 10)
        };
        let row = json!({
            "month": { "type": "date", "value": format!("{year}-{month:02}-01") },
            "employer": { "type": "text", "value": "„Primorac gradnja“ d.o.o." },
            "gross": { "type": "money", "value": Money::new(115_000, Currency::EUR) },
        });
        serde_json::from_value(row).unwrap()
    };
    let wages = FactValue::Rows((0..12).map(month).collect());
    let words = [
        ("gross_wages", wages),
        ("continuous_insurance_months", FactValue::Int(14)),
        ("address", FactValue::Text(HOME.to_owned())),
    ];
    desk.register_says(mother, "CSR-01", &words).await;
    (mother, child)
}

fn refund(mother: Id<Person>, child: Id<Person>, organisation: Option<&str>) -> Value {
    let claim = |fact: &str, kind: &str, value: Value| json!({ "of": { "kind": "claim" }, "fact": fact, "value": { "type": kind, "value": value } });
    let paid = json!([{
        "month": { "type": "date", "value": "2025-02-01" },
        "paid": { "type": "money", "value": Money::new(100_000, Currency::EUR) },
    }]);
    let answers = [
        claim("child", "person", json!(child)),
        claim("leave_kind", "code", json!("maternity")),
        claim("leave_starts", "date", json!("2025-02-01")),
        claim("leave_ends", "date", json!("2025-12-31")),
        claim("leave_decision", "text", json!("12/25")),
        claim("still_insured", "bool", json!(true)),
        claim("employer_clear", "bool", json!(true)),
        claim("months_paid", "rows", paid),
        claim("consent", "bool", json!(true)),
    ];
    let mut body = json!({ "benefit": "RNZ", "applicant": mother, "answers": answers });
    if let Some(organisation) = organisation {
        body["organisation"] = json!(organisation);
    }
    body
}

fn through_her() -> Value {
    json!({ "representative": { "name": "Vesna Radić", "address": "Obala 3, Bar", "capacity": "authorised", "ground": "Odluka 4/25" } })
}

/// Brings what was lodged to its assessment.
async fn assessed(desk: &Desk, seat: &Seat, path: &str) -> Value {
    desk.later();
    let seen = desk.get(seat, path).await.ok();
    let steps = seen["steps"].as_array().unwrap();
    let open = steps.iter().find(|step| step["state"] == "open").unwrap();
    let matter = path.replace("applications", "matters");
    let done = format!("{matter}/steps/{}/complete", open["id"].as_str().unwrap());
    desk.post(seat, &done, json!({})).await.ok();
    desk.later();
    desk.post(seat, &format!("{path}/assessment"), json!({}))
        .await
        .ok()
}

/// The first officer's word on every condition that applies.
fn confirmations(assessment: &Value) -> Vec<Value> {
    let conditions = assessment["assessment"]["conditions"].as_array().unwrap();
    let said = conditions.iter().filter(|it| it["verdict"] != "not-applicable");
    let mut words: Vec<Value> = said
        .map(|it| json!({ "condition": it["id"], "met": it["verdict"] != "not-met", "reason": "uvid u dokaze" }))
        .collect();
    if assessment["assessment"]["amount"].is_object() {
        words.push(json!({ "condition": "amount", "met": true, "reason": "uvid u izvod banke" }));
    }
    words
}

fn pointers(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|it| it["pointer"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_known_by_its_number_and_found_by_words_of_its_name() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let vera = desk.officer("Vera", "MIN", &[Role::Auditor]).await;
        let mut bad = employer("„Primorac gradnja“ d.o.o.", "02999022", None);
        bad["address"] = json!("");
        let said = desk
            .post(&ana, "/v1/organisations", bad)
            .await
            .refused(422, "fields");
        assert_eq!(pointers(&said), ["/address", "/number/number"]);
        let builder = registered(&desk, &ana, "„Primorac gradnja“ d.o.o.", BUILDER, None).await;
        desk.post(&ana, "/v1/organisations", employer("Drugo ime", BUILDER, None))
            .await
            .refused(409, "organisation-known");
        registered(&desk, &ana, "Hotel „Izmišljeni“ d.o.o.", HOTEL, None).await;
        for text in ["grad prim", "ПРИМОРАЦ", "0299902", BUILDER] {
            let found = desk
                .post(&vera, "/v1/organisations/search", json!({ "text": text }))
                .await
                .ok();
            let items = found["items"].as_array().unwrap();
            assert_eq!(items.len(), 1, "{text}: {found}");
            assert_eq!(items[0]["id"], json!(builder));
        }
        for text in ["", "zzz", "gradnja zzz"] {
            let found = desk
                .post(&ana, "/v1/organisations/search", json!({ "text": text }))
                .await
                .ok();
            assert_eq!(found["items"], json!([]), "{text}");
        }
        let page = json!({ "text": "d", "limit": 1 });
        let first = desk.post(&ana, "/v1/organisations/search", page).await.ok();
        let next = json!({ "text": "d", "limit": 1, "cursor": first["next"] });
        let second = desk.post(&ana, "/v1/organisations/search", next).await.ok();
        assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
        assert_eq!(second["next"], Value::Null);

        // Corrected with what was seen; the number stays.
        let at = format!("/v1/organisations/{builder}");
        let other = employer("Primorac – nova", BUILDER, Some("505000012345678952"));
        desk.put(&ana, &at, 1, other.clone()).await.refused(422, "fields");
        let good = employer("Primorac – nova", BUILDER, None);
        let changed = desk.put(&ana, &at, 1, good.clone()).await.ok();
        assert_eq!(changed["revision"], 2);
        desk.put(&ana, &at, 1, good)
            .await
            .refused(412, "changed-meanwhile");
        let said = desk
            .put(&ana, &at, 2, employer("Primorac", HOTEL, None))
            .await
            .refused(422, "fields");
        assert_eq!(pointers(&said), ["/number/number"]);
        let found = desk
            .post(&ana, "/v1/organisations/search", json!({ "text": "gradnja" }))
            .await
            .ok();
        assert_eq!(found["items"], json!([]), "the earlier name is gone");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employer_is_granted_the_refund_for_its_employee_and_learns_nothing_else_of_her() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = later::office(&desk).await;
        let jelena = desk
            .officer("Jelena", "CSR-03", &[Role::Clerk, Role::Caseworker])
            .await;
        let ana = &office.ana;
        let (mother, child) = mother(&desk, ana).await;
        let builder = registered(&desk, ana, "„Primorac gradnja“ d.o.o.", BUILDER, None).await;

        // Who asks is said, and only where an organisation asks.
        let said = desk
            .post(ana, "/v1/applications", refund(mother, child, None))
            .await
            .refused(422, "fields");
        assert_eq!(pointers(&said), ["/organisation"]);
        let mut support = json!({ "benefit": "MO", "applicant": mother, "answers": [] });
        support["organisation"] = json!(builder);
        let said = desk
            .post(ana, "/v1/applications", support)
            .await
            .refused(422, "fields");
        assert_eq!(pointers(&said), ["/organisation"]);

        let draft = desk
            .post(ana, "/v1/applications", refund(mother, child, Some(&builder)))
            .await
            .ok();
        assert_eq!(draft["summary"]["organisation"]["number"]["number"], BUILDER);
        let path = format!("/v1/applications/{}", draft["summary"]["id"].as_str().unwrap());
        let lodge = format!("{path}/lodge");
        let said = desk.post(ana, &lodge, through_her()).await.refused(422, "fields");
        assert_eq!(
            said["errors"][0]["code"], "account-needed",
            "it has no account yet"
        );
        let account = "505000012345678951";
        let at = format!("/v1/organisations/{builder}");
        let named = employer("„Primorac gradnja“ d.o.o.", BUILDER, Some(account));
        desk.put(ana, &at, 1, named).await.ok();
        let said = desk.post(ana, &lodge, json!({})).await.refused(422, "fields");
        assert_eq!(pointers(&said), ["/representative"]);
        let lodged = desk.post(ana, &lodge, through_her()).await.ok();
        assert_eq!(
            lodged["status"]["assessment"]["amount"]["money"]["minor"],
            100_000
        );

        // Another employer of hers may ask beside it; the same one not twice.
        let hotel = registered(&desk, ana, "Hotel „Izmišljeni“ d.o.o.", HOTEL, Some(account)).await;
        let again = desk
            .post(ana, "/v1/applications", refund(mother, child, Some(&builder)))
            .await
            .ok();
        let again = format!(
            "/v1/applications/{}/lodge",
            again["summary"]["id"].as_str().unwrap()
        );
        desk.post(ana, &again, through_her())
            .await
            .refused(409, "already-running");
        let beside = desk
            .post(ana, "/v1/applications", refund(mother, child, Some(&hotel)))
            .await
            .ok();
        let beside = format!("/v1/applications/{}", beside["summary"]["id"].as_str().unwrap());
        desk.post(ana, &format!("{beside}/lodge"), through_her())
            .await
            .ok();

        let decided = async |path: &str| {
            let seen = assessed(&desk, ana, path).await;
            let recommend =
                json!({ "assessment": seen["id"], "outcome": "grant", "confirmed": confirmations(&seen) });
            desk.post(&office.goran, &format!("{path}/decision/recommend"), recommend)
                .await
                .ok();
            let decide = json!({ "assessment": seen["id"], "outcome": "grant" });
            let decision = desk
                .post(&office.petar, &format!("{path}/decision/decide"), decide)
                .await
                .ok();
            desk.jobs().await;
            decision
        };
        let decision = decided(&path).await;
        let letter = later::letter(
            &desk,
            ana,
            &format!("/v1/decisions/{}/letter", decision["id"].as_str().unwrap()),
        )
        .await;
        for told in [
            "„Primorac gradnja“ d.o.o., PIB 02999021",
            "Obala 3, Bar",
            "Marija Vujotić",
            account,
            "1.000,00",
            "Vesna Radić",
        ] {
            assert!(letter.contains(told), "{told}\n{letter}");
        }
        for kept in [HOME, "Luka", "JMB None"] {
            assert!(!letter.contains(kept), "{kept}\n{letter}");
        }
        // The award is her dossier's, its money the employer's; a later change of its account changes nothing of it.
        let award = format!("/v1/awards/{}", decision["award"].as_str().unwrap());
        desk.put(ana, &at, 2, employer("Primorac", BUILDER, None))
            .await
            .ok();
        let seen = desk.get(ana, &award).await.ok();
        let payee = &seen["award"]["payee"];
        assert_eq!(
            (&payee["role"], &payee["account"]),
            (&json!("applicant"), &json!(account))
        );
        assert_eq!(payee["organisation"]["name"], "„Primorac gradnja“ d.o.o.");
        let hers = desk.get(ana, &format!("/v1/awards?person={mother}")).await.ok();
        assert_eq!(hers["items"][0]["payee"]["organisation"]["id"], json!(builder));

        // The other employer's right is its own.
        decided(&beside).await;
        for (organisation, count) in [(&builder, 2), (&hotel, 1)] {
            let asked = desk
                .get(ana, &format!("/v1/organisations/{organisation}/applications"))
                .await
                .ok();
            assert_eq!(asked["items"].as_array().unwrap().len(), count, "{asked}");
            let paid = desk
                .get(ana, &format!("/v1/organisations/{organisation}/awards"))
                .await
                .ok();
            assert_eq!(paid["items"].as_array().unwrap().len(), 1, "{paid}");
            // Another office sees that there is the organisation, and nothing of whom it asked for.
            for list in ["applications", "awards"] {
                let seen = desk
                    .get(&jelena, &format!("/v1/organisations/{organisation}/{list}"))
                    .await
                    .ok();
                assert_eq!(seen["items"], json!([]));
            }
        }
        // Once granted, the same employer is not granted it again for her.
        desk.put(ana, &at, 3, employer("Primorac", BUILDER, Some(account)))
            .await
            .ok();
        let again = again.trim_end_matches("/lodge").to_owned();
        desk.post(ana, &format!("{again}/lodge"), through_her())
            .await
            .ok();
        let seen = assessed(&desk, ana, &again).await;
        let recommend =
            json!({ "assessment": seen["id"], "outcome": "grant", "confirmed": confirmations(&seen) });
        desk.post(&office.goran, &format!("{again}/decision/recommend"), recommend)
            .await
            .refused(409, "already-awarded");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_entered_by_a_head_of_office_chosen_before_it_is_recommended_and_named_in_the_letter() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = later::office(&desk).await;
        let ana = &office.ana;
        let (mother, child) = mother(&desk, ana).await;
        let known = [
            ("special_needs_decision", FactValue::Bool(true)),
            ("in_regular_education", FactValue::Bool(true)),
            ("in_kindergarten", FactValue::Bool(false)),
        ];
        desk.register_says(child, "CSR-01", &known).await;
        let carrier = registered(&desk, ana, "„Zeta prevoz“ d.o.o.", "03999068", None).await;
        let entry = |until: Option<&str>| json!({ "register": "paid-providers", "service": "transport", "contract": "3/2024", "from": "2024-09-01", "until": until });
        let services = format!("/v1/organisations/{carrier}/services");
        desk.post(ana, &services, entry(None)).await.refused(403, "not-permitted");

        let claim = |fact: &str, kind: &str, value: Value| json!({ "of": { "kind": "claim" }, "fact": fact, "value": { "type": kind, "value": value } });
        let answers = [
            claim("child", "person", json!(child)),
            claim("education_help", "code", json!("transport")),
            claim("consent", "bool", json!(true)),
        ];
        let draft = json!({ "benefit": "PVO", "applicant": mother, "answers": answers });
        let draft = desk.post(ana, "/v1/applications", draft).await.ok();
        let path = format!("/v1/applications/{}", draft["summary"]["id"].as_str().unwrap());
        desk.post(ana, &format!("{path}/lodge"), json!({})).await.ok();
        let seen = assessed(&desk, ana, &path).await;
        let recommend = json!({ "assessment": seen["id"], "outcome": "grant", "confirmed": confirmations(&seen) });
        let recommends = format!("{path}/decision/recommend");
        desk.post(&office.goran, &recommends, recommend.clone())
            .await
            .refused(409, "provider-needed");

        let choice = |service: &str| json!({ "organisation": carrier, "service": service });
        let provider = format!("{path}/provider");
        let revision = async || desk.get(ana, &path).await.ok()["revision"].as_i64().unwrap();
        let at = revision().await;
        let said = desk.put(ana, &provider, at, choice("transport")).await.refused(422, "fields");
        assert_eq!(pointers(&said), ["/organisation"], "nobody has entered it");
        // What ended is no entry any more; put right by the same day it is.
        desk.post(&office.petar, &services, entry(Some("2025-03-01"))).await.ok();
        desk.put(ana, &provider, at, choice("transport")).await.refused(422, "fields");
        let known = desk.post(&office.petar, &services, entry(None)).await.ok();
        assert_eq!(known["services"].as_array().unwrap().len(), 1);
        let said = desk.put(ana, &provider, at, choice("spa")).await.refused(422, "fields");
        assert_eq!(pointers(&said), ["/service"]);
        let found = json!({ "service": "transport" });
        let found = desk.post(ana, "/v1/organisations/search", found).await.ok();
        assert_eq!(found["items"][0]["id"], json!(carrier));
        let chosen = desk.put(ana, &provider, at, choice("transport")).await.ok();
        assert_eq!(chosen["provider"]["organisation"]["id"], json!(carrier));
        let seat = Some(ana);
        let stale = format!("\"{at}\"");
        desk.send(seat, Method::PUT, &provider, Some(choice("transport")), &[("If-Match", stale.as_str())])
            .await
            .refused(412, "changed-meanwhile");

        desk.post(&office.goran, &recommends, recommend).await.ok();
        let decide = json!({ "assessment": seen["id"], "outcome": "grant" });
        let decision = desk.post(&office.petar, &format!("{path}/decision/decide"), decide).await.ok();
        desk.jobs().await;
        let letter = later::letter(&desk, ana, &format!("/v1/decisions/{}/letter", decision["id"].as_str().unwrap())).await;
        // Where a line breaks is the paper's affair.
        let letter = letter.split_whitespace().collect::<Vec<_>>().join(" ");
        for told in ["„Zeta prevoz“ d.o.o.", "Prevoz"] {
            assert!(letter.contains(told), "{told}\n{letter}");
        }
        let paid = desk.get(ana, &format!("/v1/organisations/{carrier}/awards")).await.ok();
        let payee = &paid["items"][0]["payee"];
        assert_eq!((&payee["role"], &payee["service"]), (&json!("provider"), &json!("transport")));
        assert_eq!(paid["items"][0]["beneficiary"]["id"], json!(mother));
        in_order(&desk).await;
    })
    .await;
}
