//! A death and what it ends; dossiers of one's own family; attempts that are refused; addresses that must not be found.

use super::desk::{Answer, Desk, Seat, id};
use crate::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    problem::Error,
    store::{Tx, testing::on_both_with},
    vals,
};
use axum::http::Method;
use karton_api::{Currency, Id, Money, Per, session::Role, value::Person};
use serde_json::{Value, json};

async fn ana(desk: &Desk) -> Seat {
    desk.officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
        .await
}

async fn registers(desk: &Desk, seat: &Seat, given: &str, born: &str) -> Id<Person> {
    let body = json!({ "name": { "given": given, "family": "Lim" }, "birth_date": born });
    id(&desk.post(seat, "/v1/persons", body).await.ok()["card"]["id"])
}

async fn joins(desk: &Desk, seat: &Seat, head: Id<Person>, who: Id<Person>, how: &str) {
    let body = json!({ "person": who, "relationship": how, "from": "2020-01-01" });
    desk.post(seat, &format!("/v1/persons/{head}/household/members"), body)
        .await
        .ok();
}

async fn dies(desk: &Desk, seat: &Seat, who: Id<Person>, revision: i64, body: Value) -> Answer {
    let matches = format!("\"{revision}\"");
    let path = format!("/v1/dossiers/{who}/death");
    desk.send(
        Some(seat),
        Method::PUT,
        &path,
        Some(body),
        &[("If-Match", &matches)],
    )
    .await
}

#[track_caller]
fn pointer(problem: &Value) -> &str {
    problem["errors"][0]["pointer"].as_str().unwrap()
}

/// Details of the entries of refused attempts, oldest first.
async fn refused(desk: &Desk) -> Vec<Value> {
    let read = |tx: &mut Tx| {
        let rows = tx.query(
            "SELECT detail, person FROM audit_entry WHERE what = 'refused' ORDER BY at, id",
            &[],
        )?;
        rows.iter()
            .map(|row| {
                let mut detail: Value = serde_json::from_str(&row.get::<String>(0)?).unwrap();
                detail["person"] = json!(row.get::<Option<Id<Person>>>(1)?);
                Ok(detail)
            })
            .collect::<Result<Vec<Value>, Error>>()
    };
    desk.house.store.read(read).await.unwrap()
}

async fn awarded(desk: &Desk, who: Id<Person>, benefit: &str, household: bool) {
    let office = desk.house.offices.by_code("CSR-01").unwrap().id;
    let award = NewAward {
        id: desk.house.clock.id(),
        office,
        beneficiary: who,
        household: household.then(|| desk.house.clock.id()),
        benefit: benefit.to_owned(),
        decision: None,
        decision_number: None,
        amount: Money::new(9_000, Currency::EUR),
        per: Per::Month,
        starts: "2024-06-01".parse().unwrap(),
        ends: None,
        review_on: None,
        turned: false,
        basis: None,
        about: None,
        in_kind: false,
    };
    let actor = Actor {
        officer: None,
        office,
    };
    let now = desk.house.clock.now();
    let wrote = audit::write(&desk.house.store, actor, now, move |tx| {
        awards::insert(tx, &award)?;
        Ok(((), Entry::of("decided").person(who)))
    });
    wrote.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_passes_the_household_on_and_opens_a_task_for_every_right() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let marko = registers(&desk, &ana, "Marko", "1978-03-04").await;
        let vera = registers(&desk, &ana, "Vera", "1980-05-06").await;
        let luka = registers(&desk, &ana, "Luka", "2012-07-01").await;
        joins(&desk, &ana, marko, vera, "spouse").await;
        joins(&desk, &ana, marko, luka, "child").await;
        awarded(&desk, marko, "LI", false).await;
        awarded(&desk, vera, "MO", true).await;
        awarded(&desk, luka, "LI", false).await;
        let draft = desk
            .post(
                &ana,
                "/v1/applications",
                json!({ "benefit": "MO", "applicant": marko, "answers": [] }),
            )
            .await
            .ok();

        let body = |on: &str| json!({ "on": on, "source": "document", "proof": "izvod iz MRU 12/25" });
        for (body, at) in [
            (body("2025-03-11"), "/on"),
            (body("1978-03-03"), "/on"),
            (
                json!({ "on": "2025-03-01", "source": "document", "proof": "x" }),
                "/proof",
            ),
            (
                json!({ "on": "2025-03-01", "source": "document", "proof": "MRU 12/25", "head": marko }),
                "/head",
            ),
        ] {
            assert_eq!(
                pointer(&dies(&desk, &ana, marko, 1, body).await.refused(422, "fields")),
                at
            );
        }
        desk.later();
        dies(&desk, &ana, marko, 7, body("2025-03-01"))
            .await
            .refused(412, "changed-meanwhile");
        let recorded = dies(&desk, &ana, marko, 1, body("2025-03-01")).await.ok();
        assert_eq!(
            (&recorded["awards"], &recorded["matters"]),
            (&json!(2), &json!(0)),
            "a draft is no matter, his son's own right goes on"
        );
        assert_eq!(recorded["head"]["given"], "Vera");
        dies(&desk, &ana, marko, 2, body("2025-03-01"))
            .await
            .refused(409, "already-dead");

        let family = desk
            .get(&ana, &format!("/v1/persons/{luka}/household"))
            .await
            .ok();
        let members: Vec<_> = family["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["card"]["name"]["given"].clone())
            .collect();
        assert_eq!(members, ["Vera", "Luka"]);
        let last_day = desk
            .get(&ana, &format!("/v1/persons/{luka}/household?as_of=2025-03-01"))
            .await
            .ok();
        assert_eq!(last_day["members"].as_array().unwrap().len(), 3);

        let tasks = desk.get(&ana, "/v1/tasks?queue=office").await.ok();
        let tasks = tasks["items"].as_array().unwrap().clone();
        assert_eq!(tasks.len(), 2);
        let his = tasks
            .iter()
            .find(|task| task["person"]["id"] == json!(marko))
            .unwrap();
        assert_eq!(
            (&his["about"]["what"], &his["about"]["day"], &his["benefit"]),
            (&json!("award-of-the-dead"), &json!("2025-03-02"), &json!("LI"))
        );
        let hers = tasks
            .iter()
            .find(|task| task["person"]["id"] == json!(vera))
            .unwrap();
        assert_eq!(hers["about"]["what"], "award-of-the-household");
        // His right ends with the day after, in whole months: a later decision waits to be recommended.
        assert_eq!(his["act"], "recommend");
        let proposed = format!("/v1/amendments/{}", his["matter"].as_str().unwrap());
        let proposed = desk.get(&ana, &proposed).await.ok();
        assert_eq!(
            (
                &proposed["kind"],
                &proposed["state"],
                &proposed["from"],
                &proposed["reason"]
            ),
            (
                &json!("end"),
                &json!("open"),
                &json!("2025-04-01"),
                &json!("death")
            )
        );
        let done = format!(
            "/v1/matters/{}/steps/{}/complete",
            hers["matter"].as_str().unwrap(),
            hers["id"].as_str().unwrap()
        );
        desk.post(&ana, &done, json!({})).await.ok();
        let awards = desk.get(&ana, &format!("/v1/awards?person={marko}")).await.ok();
        assert_eq!(
            awards["items"][0]["in_force"],
            json!(true),
            "nothing ends by itself"
        );

        // Nothing is asked for in his name, neither begun before nor now.
        let lodge = format!(
            "/v1/applications/{}/lodge",
            draft["summary"]["id"].as_str().unwrap()
        );
        desk.post(&ana, &lodge, json!({}))
            .await
            .refused(409, "applicant-died");
        desk.post(
            &ana,
            "/v1/applications",
            json!({ "benefit": "MO", "applicant": marko, "answers": [] }),
        )
        .await
        .refused(409, "applicant-died");

        let told = desk
            .get(&ana, &format!("/v1/dossiers/{marko}/timeline"))
            .await
            .ok();
        assert_eq!(told["items"][0]["what"], "death-recorded");
        // It was somebody else: the day is taken away again, with a reason, and the household is put right.
        let matches = [("If-Match", "\"2\"")];
        let wrong = json!({ "clear": ["death-date"], "reason": "umro je imenjak" });
        let card = desk
            .send(
                Some(&ana),
                Method::PATCH,
                &format!("/v1/persons/{marko}"),
                Some(wrong),
                &matches,
            )
            .await
            .ok();
        assert_eq!(card["card"]["death_date"], Value::Null);
        let changes = desk
            .get(&ana, &format!("/v1/persons/{marko}/household/changes"))
            .await
            .ok();
        let undo = format!(
            "/v1/persons/{marko}/household/changes/{}/undo",
            changes["items"][0]["id"].as_str().unwrap()
        );
        desk.post(&ana, &undo, json!({ "reason": "umro je imenjak" }))
            .await
            .ok();
        let family = desk
            .get(&ana, &format!("/v1/persons/{luka}/household"))
            .await
            .ok();
        assert_eq!(family["members"][0]["card"]["name"]["given"], "Marko");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_to_a_dossier_of_their_own_family_and_hears_who_may() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let iva = desk.officer("Iva", "CSR-01", &[Role::Clerk]).await;
        let marko = registers(&desk, &ana, "Marko", "1978-03-04").await;
        let luka = registers(&desk, &ana, "Luka", "2012-07-01").await;
        let petar = registers(&desk, &ana, "Petar", "1999-07-01").await;
        joins(&desk, &ana, marko, luka, "child").await;
        joins(&desk, &ana, marko, petar, "sibling").await;
        awarded(&desk, luka, "LI", false).await;
        let dossier = desk.get(&ana, &format!("/v1/dossiers/{marko}")).await.ok();
        let number = dossier["person"]["card"]["dossier_number"]
            .as_str()
            .unwrap()
            .to_owned();

        let unknown = desk
            .post(
                &ana,
                "/v1/session/kin",
                json!({ "dossier": "CSR-01-D-1900/1", "kin": "own" }),
            )
            .await;
        assert_eq!(pointer(&unknown.refused(422, "fields")), "/dossier");
        let kin = desk
            .post(
                &ana,
                "/v1/session/kin",
                json!({ "dossier": number.to_lowercase(), "kin": "own" }),
            )
            .await
            .ok();
        assert_eq!(
            (
                &kin["items"][0]["dossier"],
                &kin["items"][0]["declared_by"]["name"]
            ),
            (&json!(number), &json!("Ana"))
        );

        // The brother moves out and stays the officer's brother.
        let leaves = json!({ "person": petar, "until": "2025-01-01", "reason": "odselio se" });
        desk.post(&iva, &format!("/v1/persons/{marko}/household/leave"), leaves)
            .await
            .ok();
        for who in [marko, luka, petar] {
            for path in [
                format!("/v1/dossiers/{who}"),
                format!("/v1/persons/{who}/facts"),
                format!("/v1/persons/{who}/identity"),
            ] {
                let told = desk.get(&ana, &path).await.refused(409, "own-dossier");
                assert_eq!(told["officers"][0]["name"], "Iva", "{path}");
            }
        }
        desk.get(&iva, &format!("/v1/dossiers/{luka}")).await.ok();
        assert_eq!(
            desk.get(&ana, "/v1/awards").await.ok()["items"],
            json!([]),
            "nor in lists"
        );
        desk.get(&ana, &format!("/v1/awards?person={luka}"))
            .await
            .refused(409, "own-dossier");
        let found = desk
            .post(&ana, "/v1/persons/search", json!({ "text": "luka lim" }))
            .await
            .ok();
        assert_eq!(
            found["items"][0]["household"],
            Value::Null,
            "who lives with whom is content"
        );
        let found = desk
            .post(&iva, "/v1/persons/search", json!({ "text": "luka lim" }))
            .await
            .ok();
        assert_eq!(found["items"][0]["household"]["head"]["given"], "Marko");
        let entries = refused(&desk).await;
        assert_eq!(entries.len(), 10);
        let his =
            json!({ "why": "own-dossier", "method": "GET", "route": "/v1/dossiers/{id}", "person": marko });
        assert!(entries.contains(&his), "{entries:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_at_another_offices_dossier_is_entered_and_what_is_merely_empty_is_not() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let jelena = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let marko = registers(&desk, &ana, "Marko", "1978-03-04").await;
        desk.get(&ana, &format!("/v1/persons/{marko}/household"))
            .await
            .refused(404, "not-found");
        desk.get(&ana, &format!("/v1/persons/{marko}/protection"))
            .await
            .refused(404, "not-found");
        desk.get(
            &jelena,
            &format!("/v1/dossiers/{}", Id::<Person>::from_uuid(uuid::Uuid::nil())),
        )
        .await
        .refused(404, "not-found");
        assert!(refused(&desk).await.is_empty());
        desk.get(&jelena, &format!("/v1/dossiers/{marko}"))
            .await
            .refused(404, "not-found");
        let keyed = [("Idempotency-Key", "once")];
        desk.later();
        let nobody = Id::<Person>::from_uuid(uuid::Uuid::nil());
        let joins = json!({ "person": nobody, "relationship": "parent", "from": "2020-01-01" });
        let path = format!("/v1/persons/{marko}/household/members");
        desk.send(Some(&jelena), Method::POST, &path, Some(joins), &keyed)
            .await
            .refused(404, "not-found");
        let entries = refused(&desk).await;
        let routes: Vec<&str> = entries
            .iter()
            .map(|entry| entry["route"].as_str().unwrap())
            .collect();
        assert_eq!(
            routes,
            ["/v1/dossiers/{id}", "/v1/persons/{id}/household/members"]
        );
        assert!(
            entries
                .iter()
                .all(|entry| entry["why"] == "not-found" && entry["person"] == json!(marko))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_is_dated_and_offers_the_dossier_to_the_office_that_is_competent() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let marko = registers(&desk, &ana, "Marko", "1978-03-04").await;
        let luka = registers(&desk, &ana, "Luka", "2012-07-01").await;
        let other = registers(&desk, &ana, "Ivo", "1950-07-01").await;
        joins(&desk, &ana, marko, luka, "child").await;
        let path = format!("/v1/dossiers/{marko}/move");
        let body = |address: &str, municipality: &str, from: &str, with: Value| json!({ "address": address, "municipality": municipality, "from": from, "with": with });
        for (body, at) in [
            (body(" ", "ME-02", "2025-03-01", json!([])), "/address"),
            (body("Obala 1", "ME-99", "2025-03-01", json!([])), "/municipality"),
            (body("Obala 1", "ME-02", "2025-03-11", json!([])), "/from"),
            (body("Obala 1", "ME-02", "2025-03-01", json!([luka, other])), "/with/1"),
        ] {
            assert_eq!(pointer(&desk.post(&ana, &path, body).await.refused(422, "fields")), at);
        }
        let moved = desk.post(&ana, &path, body("Obala 1", "ME-02", "2025-03-01", json!([luka]))).await.ok();
        assert_eq!((&moved["people"], &moved["office"]["code"], &moved["competent"]["code"]), (&json!(2), &json!("CSR-01"), &json!("CSR-05")));
        let facts = desk.get(&ana, &format!("/v1/persons/{luka}/facts")).await.ok();
        let address = facts["items"].as_array().unwrap().iter().find(|fact| fact["fact"] == "address").unwrap();
        assert_eq!((&address["value"]["value"], &address["from"]), (&json!("Obala 1"), &json!("2025-03-01")));
        let back = desk.post(&ana, &path, body("Ulica lipa 7", "ME-16", "2025-03-05", json!([]))).await.ok();
        assert_eq!(back["competent"], Value::Null);
        assert_eq!(desk.get(&ana, &format!("/v1/dossiers/{marko}")).await.ok()["person"]["card"]["office"]["code"], "CSR-01");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_address_is_opened_only_by_whoever_is_named_and_stands_nowhere_else() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let iva = desk.officer("Iva", "CSR-01", &[Role::Caseworker]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let marija = desk.person(&ana, "Marija").await;
        let child = registers(&desk, &ana, "Luka", "2015-07-01").await;
        joins(&desk, &ana, marija, child, "child").await;
        let says = |text: &str| json!({ "fact": "address", "value": { "type": "text", "value": text }, "source": "document", "note": "lična karta" });
        desk.post(&ana, &format!("/v1/persons/{marija}/facts"), says("Stara ulica 5")).await.ok();
        let room = format!("/v1/persons/{marija}/protection");
        let body = |proof: &str, with: Value| json!({ "ground": "shelter", "proof": proof, "address": "Tajna kuća 9", "with": with });
        assert_eq!(pointer(&desk.post(&ana, &room, body("x", json!([]))).await.refused(422, "fields")), "/proof");
        assert_eq!(pointer(&desk.post(&ana, &room, body("rješenje 4/25", json!([Id::<Person>::from_uuid(uuid::Uuid::nil())]))).await.refused(422, "fields")), "/with/0");
        let seen = desk.post(&ana, &room, body("rješenje 4/25", json!([child]))).await.ok();
        assert_eq!((&seen["instead"], &seen["ground"]), (&json!("JU Centar za socijalni rad Podgorica, Podgorica"), &json!("shelter")));
        desk.post(&ana, &room, body("rješenje 4/25", json!([]))).await.refused(409, "already-protected");
        let seen = desk.get(&iva, &room).await.ok();
        assert_eq!((&seen["may_open"], &seen["ground"]), (&json!(false), &Value::Null));

        // What is written down later is covered too, and so is what a register brings.
        let fact = desk.post(&ana, &format!("/v1/persons/{marija}/facts"), says("Tajna kuća 9")).await.ok();
        assert_eq!(fact["value"]["value"], "JU Centar za socijalni rad Podgorica, Podgorica");
        desk.register_says(child, "CSR-01", &[("address", karton_api::FactValue::Text("Tajna kuća 9".into()))]).await;
        for who in [marija, child] {
            let facts = desk.get(&petar, &format!("/v1/persons/{who}/facts")).await.ok().to_string();
            assert!(!facts.contains("Tajna") && !facts.contains("Stara ulica"), "{facts}");
        }
        let moves = json!({ "address": "Tajna kuća 9", "municipality": "ME-16", "from": "2025-03-01" });
        assert_eq!(pointer(&desk.post(&ana, &format!("/v1/dossiers/{marija}/move"), moves).await.refused(422, "fields")), "/address");

        let reason = json!({ "reason": "zakazana posjeta" });
        let open = format!("{room}/open");
        desk.post(&iva, &open, reason.clone()).await.refused(409, "not-named");
        assert_eq!(refused(&desk).await[0]["why"], "not-named");
        for seat in [&ana, &petar] {
            assert_eq!(desk.post(seat, &open, reason.clone()).await.ok()["address"], "Tajna kuća 9");
        }
        let opened = desk.house.store.read(move |tx: &mut Tx| {
            Ok::<_, Error>(tx.one("SELECT count(*) FROM audit_entry WHERE what = 'protected-opened' AND person = $1", vals![marija])?.get::<i64>(0)?)
        });
        assert_eq!(opened.await.unwrap(), 2);
        let elsewhere = json!({ "address": "Druga kuća 3", "reason": "premještena" });
        desk.post(&ana, &format!("{room}/address"), elsewhere).await.ok();
        assert_eq!(desk.post(&ana, &open, reason.clone()).await.ok()["address"], "Druga kuća 3");
        desk.post(&ana, &format!("{room}/end"), json!({ "reason": "opasnost je prošla" })).await.ok();
        desk.get(&ana, &room).await.refused(404, "not-found");
        let facts = desk.get(&ana, &format!("/v1/persons/{marija}/facts")).await.ok().to_string();
        assert!(facts.contains("Tajna kuća 9"), "what is known stands open again");
    })
    .await;
}
