//! What a family may also have a right to, told without anybody asking for it.

use super::desk::Desk;
use crate::store::testing::on_both_with;
use karton_api::{FactValue, Id, session::Role, value::Person};
use serde_json::{Value, json};

/// The entries about a benefit: who would apply, and on whose account.
fn told<'a>(rights: &'a Value, benefit: &str) -> Vec<&'a Value> {
    let items = rights["items"].as_array().unwrap().iter();
    items
        .filter(|it| it["assessment"]["benefit"] == benefit)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mother_out_of_work_hears_of_the_birth_benefit_and_nobody_of_what_rests_on_a_paper() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let jelena = desk.officer("Jelena", "CSR-04", &[Role::Clerk]).await;
        let vera = desk.officer("Vera", "MIN", &[Role::Auditor]).await;
        let mother = desk.person(&ana, "Marija").await;
        let born = desk.house.clock.today().checked_sub(jiff::Span::new().days(40)).unwrap();
        let body = json!({
            "name": { "given": "Iva", "family": "Vujotić" }, "birth_date": born, "sex": "f", "municipality": "ME-16",
        });
        let child = desk.post(&ana, "/v1/persons", body).await.ok();
        let child: Id<Person> = child["card"]["id"].as_str().unwrap().parse().unwrap();
        let joins = json!({ "person": child, "relationship": "child", "from": born });
        desk.post(&ana, &format!("/v1/persons/{mother}/household/members"), joins).await.ok();
        let path = format!("/v1/persons/{mother}/possible-rights");

        let before = desk.get(&ana, &path).await.ok();
        assert!(told(&before, "NRD").is_empty(), "nothing is known of her work yet: {before}");

        let words = [
            ("registered_unemployed", FactValue::Bool(true)),
            ("residence_kind", FactValue::Code("residence".into())),
        ];
        desk.register_says(mother, "CSR-01", &words).await;
        let after = desk.get(&ana, &path).await.ok();
        let nrd = told(&after, "NRD");
        assert_eq!(nrd.len(), 1, "{after}");
        assert_eq!(nrd[0]["applicant"], json!(mother));
        assert_eq!(nrd[0]["about"], json!(child));
        assert_eq!(nrd[0]["about_name"], "Iva Vujotić");
        assert_eq!(nrd[0]["assessment"]["outcome"], "grant");
        assert!(nrd[0]["assessment"]["amount"]["money"]["minor"].as_i64().unwrap() > 0);
        let reasons = nrd[0]["assessment"]["conditions"].as_array().unwrap();
        assert!(reasons.iter().any(|it| it["law"] == "ZSDZ 54" && it["verdict"] == "met"));
        for never in ["LI", "DNJP", "TS", "JNP", "PSM", "BLI", "NRT", "OBK"] {
            assert!(told(&after, never).is_empty(), "{never}: {after}");
        }

        // It is the dossier's office that is told, and the look stands in the log.
        desk.get(&jelena, &path).await.refused(404, "not-found");
        desk.get(&vera, &path).await.refused(403, "not-permitted");
        let log = desk.get(&vera, &format!("/v1/persons/{mother}/access-log")).await.ok();
        assert!(!log["items"].as_array().unwrap().is_empty());
    })
    .await;
}
