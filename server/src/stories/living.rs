//! What happens to people: another name or number, a split and a joining of households, and the way back on the same day.

use super::desk::{Answer, Desk, Seat, id};
use crate::store::testing::on_both_with;
use axum::http::Method;
use karton_api::{Id, session::Role, value::Person};
use serde_json::{Value, json};

async fn ana(desk: &Desk) -> Seat {
    desk.officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
        .await
}

async fn registers(desk: &Desk, seat: &Seat, given: &str, family: &str, born: &str) -> Id<Person> {
    let body = json!({ "name": { "given": given, "family": family }, "birth_date": born });
    id(&desk.post(seat, "/v1/persons", body).await.ok()["card"]["id"])
}

async fn corrects(desk: &Desk, seat: &Seat, who: Id<Person>, revision: i64, body: Value) -> Answer {
    let matches = format!("\"{revision}\"");
    let path = format!("/v1/persons/{who}");
    desk.send(
        Some(seat),
        Method::PATCH,
        &path,
        Some(body),
        &[("If-Match", &matches)],
    )
    .await
}

async fn hits(desk: &Desk, seat: &Seat, text: &str) -> Vec<Value> {
    let page = desk
        .post(seat, "/v1/persons/search", json!({ "text": text }))
        .await
        .ok();
    page["items"].as_array().unwrap().clone()
}

#[track_caller]
fn pointer(problem: &Value) -> &str {
    problem["errors"][0]["pointer"].as_str().unwrap()
}

/// Given names with relationships, in the order shown.
fn people(household: &Value) -> Vec<String> {
    let members = household["members"].as_array().unwrap().iter();
    members
        .map(|it| {
            format!(
                "{} {}",
                it["card"]["name"]["given"].as_str().unwrap(),
                it["relationship"].as_str().unwrap()
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_number_and_the_old_name_find_the_person_and_what_stood_is_told() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let jelena = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let number = |number: &str| json!({ "scheme": "jmbg", "number": number });
        let body =
            json!({ "name": { "given": "Vera", "family": "Zeta" }, "national_id": number("0501019215228") });
        let vera: Id<Person> = id(&desk.post(&ana, "/v1/persons", body).await.ok()["card"]["id"]);
        let body =
            json!({ "name": { "given": "Ivo", "family": "Lim" }, "national_id": number("1403978200126") });
        let ivo: Id<Person> = id(&desk.post(&jelena, "/v1/persons", body).await.ok()["card"]["id"]);

        // The number of somebody else is refused, with the place and its bearer named.
        let taken = corrects(
            &desk,
            &ana,
            vera,
            1,
            json!({ "national_id": number("1403978200126"), "reason": "po izvodu" }),
        );
        let taken = taken.await.refused(409, "number-taken");
        assert_eq!(pointer(&taken), "/national_id/number");
        assert_eq!(taken["candidates"][0]["card"]["id"], json!(ivo));

        for (body, at) in [
            (json!({ "reason": "x" }), "/reason"),
            (json!({ "proof": "x".repeat(501), "reason": "greška" }), "/proof"),
            (
                json!({ "death_date": "2025-01-01", "reason": "greška" }),
                "/death_date",
            ),
            (json!({ "kind": "death", "reason": "greška" }), "/kind"),
            (
                json!({ "kind": "change", "from": "2025-03-11", "reason": "greška" }),
                "/from",
            ),
            (json!({ "from": "2025-03-01", "reason": "greška" }), "/from"),
            (
                json!({ "sex": "f", "clear": ["birth-date", "sex"], "reason": "greška" }),
                "/clear/1",
            ),
        ] {
            assert_eq!(
                pointer(&corrects(&desk, &ana, vera, 1, body).await.refused(422, "fields")),
                at
            );
        }
        let married = json!({
            "name": { "given": "Vera", "family": "Piper" }, "kind": "change", "from": "2025-02-14",
            "proof": "izvod iz matičnog registra vjenčanih 7/25", "reason": "udala se",
        });
        corrects(&desk, &ana, vera, 1, married).await.ok();
        desk.later();
        let renumbered =
            json!({ "national_id": number("0501019215236"), "reason": "pogrešno dodijeljen broj" });
        let seen = corrects(&desk, &ana, vera, 2, renumbered).await;
        let seen = if seen.status.is_success() {
            seen.ok()
        } else {
            panic!("{}", seen.body)
        };
        assert_eq!(seen["revision"], 3);

        let old = hits(&desk, &ana, "0501019215228").await;
        assert_eq!(
            (old.len(), &old[0]["card"]["id"], &old[0]["found_by"]),
            (1, &json!(vera), &json!("former-number"))
        );
        assert_eq!(old[0]["formerly"], "0501019215228");
        assert_eq!(
            hits(&desk, &ana, "0501019").await.len(),
            1,
            "the two numbers begin alike, the person is one"
        );
        let old = hits(&desk, &ana, "vera zet").await;
        assert_eq!(
            (&old[0]["found_by"], &old[0]["formerly"]),
            (&json!("former-name"), &json!("Vera Zeta"))
        );
        assert_eq!(hits(&desk, &ana, "piper vera").await[0]["found_by"], "name");

        let versions = desk.get(&ana, &format!("/v1/persons/{vera}/identity")).await.ok();
        let versions = versions["items"].as_array().unwrap().clone();
        assert_eq!(versions.len(), 3);
        assert_eq!(versions[0]["until"], Value::Null);
        assert_eq!(versions[1]["national_id"]["number"], "0501019215228");
        assert_eq!(
            (&versions[1]["until"]["kind"], &versions[1]["until"]["reason"]),
            (&json!("mistake"), &json!("pogrešno dodijeljen broj"))
        );
        assert_eq!(
            (&versions[2]["name"]["family"], &versions[2]["until"]["from"]),
            (&json!("Zeta"), &json!("2025-02-14"))
        );
        assert_eq!(
            versions[2]["until"]["proof"],
            "izvod iz matičnog registra vjenčanih 7/25"
        );
        desk.get(&jelena, &format!("/v1/persons/{vera}/identity"))
            .await
            .refused(404, "not-found");
        let told = desk
            .get(&ana, &format!("/v1/dossiers/{vera}/timeline"))
            .await
            .ok();
        assert_eq!(
            (&told["items"][0]["what"], &told["items"][0]["values"]["fields"]),
            (&json!("corrected"), &json!("national-id"))
        );

        // Whoever really bears the old number is registered under it; both are found.
        let bearer =
            json!({ "name": { "given": "Iva", "family": "Tara" }, "national_id": number("0501019215228") });
        desk.post(&jelena, "/v1/persons", bearer).await.ok();
        let both = hits(&desk, &ana, "0501019215228").await;
        let how: Vec<&str> = both.iter().map(|hit| hit["found_by"].as_str().unwrap()).collect();
        assert_eq!(how.len(), 2);
        assert!(how.contains(&"number") && how.contains(&"former-number"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_splits_and_joins_and_is_taken_back_on_the_same_day() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let marko = registers(&desk, &ana, "Marko", "Lim", "1978-03-04").await;
        let vera = registers(&desk, &ana, "Vera", "Lim", "1980-05-06").await;
        let luka = registers(&desk, &ana, "Luka", "Lim", "2012-07-01").await;
        let stana = registers(&desk, &ana, "Stana", "Lim", "1950-01-02").await;
        let path = |who: Id<Person>, what: &str| format!("/v1/persons/{who}/household{what}");
        for (who, how) in [(vera, "spouse"), (luka, "child"), (stana, "parent")] {
            let joins = json!({ "person": who, "relationship": how, "from": "2020-01-01" });
            desk.post(&ana, &path(marko, "/members"), joins).await.ok();
        }
        desk.later();
        let body = |head: Id<Person>, with: &[Id<Person>], from: &str| json!({ "head": head, "with": with, "from": from, "reason": "odvojeni život" });
        let stranger = registers(&desk, &ana, "Ivo", "Tara", "1970-01-01").await;
        for (body, at) in [
            (body(vera, &[], "2025-03-11"), "/from"),
            (body(vera, &[], "2019-12-31"), "/from"),
            (body(stranger, &[], "2025-03-01"), "/head"),
            (body(vera, &[luka, stranger], "2025-03-01"), "/with/1"),
            (body(vera, &[luka, stana, marko], "2025-03-01"), "/with"),
            (json!({ "head": vera, "from": "2025-03-01", "reason": "" }), "/reason"),
            (json!({ "head": marko, "from": "2025-03-01", "stays_under": marko, "reason": "odlazi" }), "/stays_under"),
        ] {
            assert_eq!(pointer(&desk.post(&ana, &path(vera, "/split"), body).await.refused(422, "fields")), at);
        }
        // The head leaves with his mother: his wife leads those who stay.
        let split = desk.post(&ana, &path(luka, "/split"), body(marko, &[stana], "2025-03-01")).await.ok();
        assert_eq!(people(&split["stayed"]), ["Vera self", "Luka child"]);
        assert_eq!(people(&split["left"]), ["Marko self", "Stana parent"]);
        let before = desk.get(&ana, &path(luka, "?as_of=2025-02-28")).await.ok();
        assert_eq!(people(&before), ["Marko self", "Stana parent", "Vera spouse", "Luka child"]);
        let hit = hits(&desk, &ana, "luka lim").await;
        assert_eq!((&hit[0]["household"]["relationship"], &hit[0]["household"]["head"]["given"]), (&json!("child"), &json!("Vera")));

        // Taken back at once, with a reason: everybody lives together again, also as it is known for earlier days.
        let told = desk.get(&ana, &path(luka, "/changes")).await.ok();
        let last = &told["items"][0];
        assert_eq!((&last["what"], &last["may_undo"], &last["reason"]), (&json!("split"), &json!(true), &json!("odvojeni život")));
        let undo = path(stana, &format!("/changes/{}/undo", last["id"].as_str().unwrap()));
        assert_eq!(pointer(&desk.post(&ana, &undo, json!({ "reason": "" })).await.refused(422, "fields")), "/reason");
        let after = desk.post(&ana, &undo, json!({ "reason": "pogrešna porodica" })).await.ok();
        assert_eq!(after["items"][0]["undone"], json!(true));
        desk.post(&ana, &undo, json!({ "reason": "još jednom" })).await.refused(409, "changed-since");
        let again = desk.get(&ana, &path(stana, "")).await.ok();
        assert_eq!(people(&again), ["Marko self", "Stana parent", "Vera spouse", "Luka child"]);

        // The next day nothing is taken back any more; what was wrong is put right by another change.
        desk.later();
        desk.post(&ana, &path(luka, "/split"), body(vera, &[luka], "2025-03-05")).await.ok();
        desk.days(1);
        let ana = desk.again(&ana).await;
        let told = desk.get(&ana, &path(luka, "/changes")).await.ok();
        assert_eq!(told["items"][0]["may_undo"], json!(false));
        let undo = path(luka, &format!("/changes/{}/undo", told["items"][0]["id"].as_str().unwrap()));
        desk.post(&ana, &undo, json!({ "reason": "predomislili se" })).await.refused(409, "not-today");
        let joins = json!({ "other": luka, "relationship": "spouse", "from": "2025-03-11", "reason": "ponovo zajedno" });
        let together = desk.post(&ana, &path(marko, "/join"), joins.clone()).await.ok();
        assert_eq!(people(&together), ["Marko self", "Stana parent", "Vera spouse", "Luka child"]);
        assert_eq!(pointer(&desk.post(&ana, &path(marko, "/join"), joins).await.refused(422, "fields")), "/other");
        desk.get(&ana, &path(vera, "")).await.ok();

        let leads = json!({ "head": vera, "from": "2025-03-11", "reason": "nosilac je majka" });
        let led = desk.post(&ana, &path(marko, "/head"), leads).await.ok();
        assert_eq!(people(&led)[0], "Vera self");
        assert!(people(&led).contains(&"Marko spouse".to_owned()), "{:?}", people(&led));
        let leaves = json!({ "person": vera, "until": "2025-03-11", "reason": "odselila se" });
        assert_eq!(pointer(&desk.post(&ana, &path(marko, "/leave"), leaves).await.refused(422, "fields")), "/person");
        let leaves = json!({ "person": vera, "until": "2025-03-11", "reason": "odselila se", "head": marko });
        let led = desk.post(&ana, &path(marko, "/leave"), leaves).await.ok();
        assert_eq!(people(&led)[0], "Marko self");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_two_households_at_once_is_shown_as_a_contradiction() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let marko = registers(&desk, &ana, "Marko", "Lim", "1978-03-04").await;
        let luka = registers(&desk, &ana, "Luka", "Lim", "2012-07-01").await;
        let stana = registers(&desk, &ana, "Stana", "Lim", "1950-01-02").await;
        let joins = json!({ "person": luka, "relationship": "child", "from": "2020-01-01" });
        desk.post(&ana, &format!("/v1/persons/{marko}/household/members"), joins)
            .await
            .ok();
        let theirs = format!("/v1/persons/{marko}/household");
        assert_eq!(desk.get(&ana, &theirs).await.ok()["contradictions"], Value::Null);
        // An old register knew him with his grandmother; a screen would have refused that.
        let (household, now) = (desk.house.clock.id(), desk.house.clock.now());
        let office = desk.house.offices.by_code("CSR-01").unwrap().id;
        let rows = [(stana, "self"), (luka, "grandchild")].map(|(person, relationship)| {
            karton_api::persons::AddMember {
                person,
                relationship: relationship.to_owned(),
                from: "2019-01-01".parse().unwrap(),
            }
        });
        let ids = [desk.house.clock.id(), desk.house.clock.id()];
        let wrote = desk.house.store.write(move |tx| {
            crate::persons::insert_household(tx, household, office)?;
            for (row, id) in rows.iter().zip(ids) {
                crate::persons::insert_member(tx, id, household, row, now)?;
            }
            Ok::<_, crate::problem::Error>(())
        });
        wrote.await.unwrap();
        let seen = desk.get(&ana, &theirs).await.ok();
        let other = &seen["contradictions"][0];
        assert_eq!(
            (&other["person"], &other["head"]["given"], &other["from"]),
            (&json!(luka), &json!("Stana"), &json!("2019-01-01"))
        );
        let glance = desk.get(&ana, &format!("/v1/dossiers/{marko}")).await.ok();
        assert_eq!(glance["household"]["contradictions"][0]["person"], json!(luka));
    })
    .await;
}
