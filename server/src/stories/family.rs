//! A family: what others of it already have, and what each of them says.

use super::desk::{Desk, answers};
use crate::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    store::testing::on_both_with,
};
use karton_api::{Currency, Id, Money, Per, session::Role, value::Person};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_has_elsewhere_shows_at_lodging_and_leaves_an_entry_of_its_own() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let vera = desk.officer("Vera", "MIN", &[Role::Auditor]).await;
        let marija = desk.person(&ana, "Marija").await;
        let marko: Id<Person> = desk.person(&ana, "Marko").await;
        let joins = json!({ "person": marko, "relationship": "spouse", "from": "2020-05-01" });
        desk.post(&ana, &format!("/v1/persons/{marija}/household/members"), joins).await.ok();

        // Her husband is paid the same support by another centre.
        let other = desk.house.offices.by_code("CSR-03").unwrap().id;
        let elsewhere = NewAward {
            id: desk.house.clock.id(),
            office: other,
            beneficiary: marko,
            household: None,
            benefit: "MO".into(),
            decision: None,
            decision_number: None,
            about: None,
            in_kind: false,
            amount: Money::new(9_429, Currency::EUR),
            per: Per::Month,
            starts: "2024-06-01".parse().unwrap(),
            ends: None,
            review_on: None,
            basis: None,
            turned: false,
        };
        audit::write(&desk.house.store, Actor { officer: None, office: other }, desk.house.clock.now(), move |tx| {
            awards::insert(tx, &elsewhere)?;
            Ok(((), Entry::of("decided").person(marko)))
        })
        .await
        .unwrap();

        // What is typed about him counts; what is not typed is asked for by his name.
        let mut typed = answers(marija);
        let rows = typed.as_array_mut().unwrap();
        rows.push(json!({ "of": { "kind": "household" }, "fact": "shares_budget", "value": { "type": "bool", "value": true } }));
        let draft = json!({ "benefit": "MO", "applicant": marija, "answers": typed });
        let draft = desk.post(&ana, "/v1/applications", draft).await.ok();
        let path = format!("/v1/applications/{}", draft["summary"]["id"].as_str().unwrap());
        let lodge = format!("{path}/lodge");
        let unfilled = desk.post(&ana, &lodge, json!({})).await.refused(422, "fields");
        let pointers: Vec<&str> =
            unfilled["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert!(pointers.contains(&format!("{marko}/work_capable").as_str()), "{pointers:?}");
        let rows = typed.as_array_mut().unwrap();
        let his: Vec<_> = rows.iter().filter(|row| row["of"]["kind"] == "person").cloned().collect();
        rows.extend(his.into_iter().map(|mut row| {
            row["of"]["id"] = json!(marko);
            row
        }));
        desk.put(&ana, &path, 1, json!({ "answers": typed })).await.ok();
        let lodged = desk.post(&ana, &lodge, json!({})).await.ok();
        let overlap = &lodged["status"]["overlaps"][0];
        assert_eq!((&overlap["benefit"], &overlap["incompatible"]), (&json!("MO"), &json!(true)));
        assert_eq!(overlap["office"]["code"], "CSR-03");
        assert_eq!(overlap["name"], "Marko Vujotić");
        let log = desk.get(&vera, "/v1/audit?limit=200").await.ok();
        let seen = log["items"].as_array().unwrap().iter().filter(|entry| entry["what"] == "overlaps-seen").count();
        assert_eq!(seen, 1);

        // Nor can he apply for what the family has asked for already.
        let draft = json!({ "benefit": "MO", "applicant": marko, "answers": typed });
        let his = desk.post(&ana, "/v1/applications", draft).await.ok();
        let his = format!("/v1/applications/{}/lodge", his["summary"]["id"].as_str().unwrap());
        desk.post(&ana, &his, json!({})).await.refused(409, "already-running");
    })
    .await;
}
