//! The status over everybody in the household, in the whole country's data: what covers a child elsewhere, who lives in two households, and what is
//! not told where an address is protected.

use super::{
    desk::{ApplicationId, Desk, Seat, id},
    later::office,
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    store::testing::on_both_with,
};
use karton_api::{
    Currency, Id, Money, Per,
    persons::AddMember,
    session::Role,
    value::{Household, Person},
};
use serde_json::{Value, json};

/// Somebody's standing of a draft for a benefit.
async fn standing(desk: &Desk, seat: &Seat, applicant: Id<Person>, benefit: &str) -> Value {
    let draft = json!({ "benefit": benefit, "applicant": applicant, "answers": [] });
    let draft = desk.post(seat, "/v1/applications", draft).await.ok();
    let application: ApplicationId = id(&draft["summary"]["id"]);
    let path = format!("/v1/applications/{application}/standing");
    desk.get(seat, &path).await.ok()
}

/// A household of another office as an old register may bring it: a head and a child who is known with the mother too.
async fn elsewhere(desk: &Desk, head: Id<Person>, child: Id<Person>) -> Id<Household> {
    let there = desk.house.offices.by_code("CSR-03").unwrap().id;
    let household = desk.house.clock.id();
    let rows = [desk.house.clock.id(), desk.house.clock.id()];
    let now = desk.house.clock.now();
    let support = NewAward {
        id: desk.house.clock.id(),
        office: there,
        beneficiary: head,
        household: Some(household),
        benefit: "MO".into(),
        decision: None,
        decision_number: Some("UPI-7/24".into()),
        about: None,
        in_kind: false,
        amount: Money::new(10_789, Currency::EUR),
        per: Per::Month,
        starts: "2024-06-01".parse().unwrap(),
        ends: None,
        review_on: None,
        basis: None,
        turned: false,
    };
    let actor = Actor {
        officer: None,
        office: there,
    };
    audit::write(&desk.house.store, actor, now, move |tx| {
        crate::persons::insert_household(tx, household, there)?;
        for (row, (person, relationship)) in rows.into_iter().zip([(head, "self"), (child, "child")]) {
            let member = AddMember {
                person,
                relationship: relationship.into(),
                from: "2024-01-01".parse().unwrap(),
            };
            crate::persons::insert_member(tx, row, household, &member, now)?;
        }
        awards::insert(tx, &support)?;
        Ok(((), Entry::of("registered").person(head)))
    })
    .await
    .unwrap();
    household
}

fn lines<'a>(standing: &'a Value, kind: &str) -> Vec<&'a Value> {
    let all = standing["lines"].as_array().unwrap();
    all.iter().filter(|line| line["kind"] == kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_known_with_both_parents_shows_with_what_covers_it_there_and_no_more_where_an_address_is_protected()
 {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let jelena = desk
            .officer("Jelena", "CSR-03", &[Role::Clerk, Role::Caseworker])
            .await;
        let mother = desk.person(&office.ana, "Marija").await;
        let body = json!({ "name": { "given": "Luka", "family": "Vujotić" }, "birth_date": "2019-02-10" });
        let child: Id<Person> = id(&desk.post(&office.ana, "/v1/persons", body).await.ok()["card"]["id"]);
        let joins = json!({ "person": child, "relationship": "child", "from": "2024-01-01" });
        let members = format!("/v1/persons/{mother}/household/members");
        desk.post(&office.ana, &members, joins).await.ok();
        let body = json!({ "name": { "given": "Petar", "family": "Skriveni" }, "birth_date": "1980-05-05" });
        let father: Id<Person> = id(&desk.post(&jelena, "/v1/persons", body).await.ok()["card"]["id"]);
        elsewhere(&desk, father, child).await;

        // The other household with its head and office, and its right that covers the child.
        let seen = standing(&desk, &office.ana, mother, "MO").await;
        let households = lines(&seen, "household");
        assert_eq!(households.len(), 1, "{seen}");
        assert_eq!(
            (&households[0]["name"], &households[0]["office"]["code"]),
            (&json!("Luka Vujotić (Petar Skriveni)"), &json!("CSR-03"))
        );
        let overlap = &seen["overlaps"][0];
        assert_eq!(
            (
                &overlap["benefit"],
                &overlap["name"],
                &overlap["covers"],
                &overlap["same"]
            ),
            (
                &json!("MO"),
                &json!("Petar Skriveni"),
                &json!("Luka Vujotić"),
                &json!(false)
            ),
            "{seen}"
        );
        assert_eq!(overlap["benefit_name"]["en"], "Material support");
        assert!(overlap["ground"].as_str().unwrap().starts_with("ZSDZ"), "{overlap}");

        // His address is protected: that the child is known elsewhere too is all that is told.
        let protects = json!({ "ground": "danger", "proof": "Nalog za zaštitu 3/25", "address": "Skrovita 1", "with": [] });
        desk.post(&jelena, &format!("/v1/persons/{father}/protection"), protects)
            .await
            .ok();
        let draft = json!({ "benefit": "LI", "applicant": father, "answers": [] });
        desk.post(&jelena, "/v1/applications", draft).await.ok();
        let seen = standing(&desk, &office.ana, mother, "LI").await;
        let households = lines(&seen, "household");
        assert_eq!(
            (&households[0]["name"], &households[0]["office"]),
            (&json!("Luka Vujotić"), &Value::Null),
            "{seen}"
        );
        assert!(lines(&seen, "file").is_empty(), "{seen}");
        assert_eq!(seen["overlaps"][0]["covers"], "Luka Vujotić");
        assert!(!seen.to_string().contains("Skriveni"), "{seen}");
    })
    .await;
}
