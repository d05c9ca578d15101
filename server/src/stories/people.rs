//! People: registered, found, corrected, living together, and known about.

use super::desk::{Desk, Seat, id};
use crate::{
    problem::Error,
    store::{Tx, testing::on_both_with},
    vals,
};
use axum::http::Method;
use futures_util::future::join_all;
use jiff::SignedDuration;
use karton_api::{Id, session::Role, value::Person};
use serde_json::{Value, json};

async fn ana(desk: &Desk) -> Seat {
    desk.officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
        .await
}

fn named(given: &str, family: &str, born: &str) -> Value {
    json!({ "name": { "given": given, "family": family }, "birth_date": born })
}

async fn registers(desk: &Desk, seat: &Seat, body: Value) -> Id<Person> {
    let view = desk.post(seat, "/v1/persons", body).await.ok();
    id(&view["card"]["id"])
}

async fn corrects(
    desk: &Desk,
    seat: &Seat,
    who: Id<Person>,
    revision: i64,
    body: Value,
) -> super::desk::Answer {
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

/// The ids found, in order, and how.
async fn finds(desk: &Desk, seat: &Seat, text: &str) -> Vec<(Id<Person>, String)> {
    let page = desk
        .post(seat, "/v1/persons/search", json!({ "text": text, "limit": 50 }))
        .await
        .ok();
    let hits = page["items"].as_array().unwrap().iter();
    hits.map(|hit| {
        (
            id(&hit["card"]["id"]),
            hit["found_by"].as_str().unwrap().to_owned(),
        )
    })
    .collect()
}

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect()
}

/// The values of all entries about a thing done, oldest first.
async fn entries(desk: &Desk, what: &'static str) -> Vec<String> {
    let read = move |tx: &mut Tx| {
        let rows = tx.query(
            "SELECT detail FROM audit_entry WHERE what = $1 ORDER BY at, id",
            vals![what],
        )?;
        rows.iter()
            .map(|row| Ok(row.get(0)?))
            .collect::<Result<Vec<String>, Error>>()
    };
    desk.house.store.read(read).await.unwrap()
}

async fn log_length(desk: &Desk) -> i64 {
    let read = |tx: &mut Tx| Ok::<_, Error>(tx.one("SELECT count(*) FROM audit_entry", &[])?.get(0)?);
    desk.house.store.read(read).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_checked_field_by_field_and_nothing_of_a_refused_one_is_kept() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let number = |number: &str| json!({ "scheme": "jmbg", "number": number });
        let huge = "ž".repeat(301);
        for (body, at) in [
            (json!({ "name": { "given": " ", "family": "-" } }), vec!["/name"]),
            (json!({ "name": { "given": huge, "family": "" } }), vec!["/name/given"]),
            (named("Ana", "Lim", "2025-03-11"), vec!["/birth_date"]),
            (named("Ana", "Lim", "0000-01-01"), vec!["/birth_date"]),
            (named("Ana", "Lim", "9999-12-31"), vec!["/birth_date"]),
            (json!({ "name": { "given": "A", "family": "L" }, "national_id": number("1403978200127") }), vec!["/national_id/number"]),
            (json!({ "name": { "given": "A", "family": "L" }, "national_id": { "scheme": "cnp", "number": "1" } }), vec!["/national_id/scheme"]),
            (
                json!({ "name": { "given": "A", "family": "L" }, "national_id": number("1403978200126"), "birth_date": "1978-03-15", "sex": "f" }),
                vec!["/birth_date", "/sex"],
            ),
            (
                json!({ "name": { "given": "A", "family": "L" }, "sex": "x", "municipality": "Paris", "address": huge }),
                vec!["/sex", "/municipality", "/address"],
            ),
            (json!({ "name": { "given": "A\u{0}", "family": "L" } }), vec!["/name/given"]),
        ] {
            let problem = desk.post(&ana, "/v1/persons", body).await.refused(422, "fields");
            assert_eq!(pointers(&problem), at);
        }
        assert!(entries(&desk, "registered").await.is_empty());
        let kept = desk.post(&ana, "/v1/persons", json!({ "name": { "given": "A", "family": "L" }, "national_id": number("1403978200126") }));
        let card = kept.await.ok()["card"].clone();
        assert_eq!((&card["birth_date"], &card["sex"]), (&json!("1978-03-14"), &json!("m")), "the number tells both");
        assert_eq!(card["dossier_number"], "CSR-01-D-2025/1", "refused registrations drew no number");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_kept_as_they_are_written_and_found_however_they_are_typed() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let odd = "Љиљана\u{202e} \u{7}O’Šćepanović-王小明";
        let ljiljana = registers(&desk, &ana, named(odd, "", "1980-02-02")).await;
        let seen = desk.get(&ana, &format!("/v1/persons/{ljiljana}")).await.ok();
        assert_eq!(seen["card"]["name"]["given"], odd, "nothing is cleaned away");
        let huge = registers(
            &desk,
            &ana,
            named(&"ǅ".repeat(300), &"ﷺ ".repeat(20), "1980-02-02"),
        )
        .await;
        let marko = registers(&desk, &ana, named("Marko", "Vujotić", "1978-03-14")).await;
        let marija = registers(&desk, &ana, named("Ana Marija", "Vujotić Marković", "1979-03-14")).await;
        let by =
            |who: &[Id<Person>], how: &str| who.iter().map(|it| (*it, how.to_owned())).collect::<Vec<_>>();
        for (text, found) in [
            ("ljilj", by(&[ljiljana], "name")),
            ("oscep ЉИЉ", by(&[ljiljana], "name")),
            ("O'Sc", by(&[ljiljana], "name")),
            (&"ǅ".repeat(200)[..], by(&[huge], "name")),
            ("вујотић марко", by(&[marko, marija], "name")),
            ("marko vuj", by(&[marko, marija], "name")),
            ("vuj ana mar", by(&[marija], "name")),
            ("mar mar", by(&[marko, marija], "name")),
            ("vujotci", by(&[marija, marko], "typo")),
            ("marko vujotoc", by(&[marko, marija], "typo")),
            ("vujotic petar", vec![]),
            ("qqq www", vec![]),
            ("14.3.1978", by(&[marko], "birth-date")),
            ("csr-01-d-2025/3", by(&[marko], "number")),
            ("\u{202e}", vec![]),
            ("%", vec![]),
        ] {
            let mut hits = finds(&desk, &ana, text).await;
            let mut found = found;
            hits.sort();
            found.sort();
            assert_eq!(hits, found, "{text}");
        }
        let exact = finds(&desk, &ana, "mark vujotic").await;
        assert_eq!(exact[0].0, marko, "Marko stands before Marković");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_search_give_everybody_once() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let mut all = Vec::new();
        for n in 1..=9 {
            let given = format!("Marko Marijan {}", ["Ana", "Petar", "Ivo"][n % 3]);
            all.push(
                registers(
                    &desk,
                    &ana,
                    named(&given, &format!("Marović{n}"), &format!("19{n}0-01-01")),
                )
                .await,
            );
        }
        for text in ["mar", "mar mar", "marko marijan", "mar mar mar"] {
            let (mut cursor, mut seen) = (Value::Null, Vec::new());
            loop {
                let mut body = json!({ "text": text, "limit": 2 });
                if cursor != Value::Null {
                    body["cursor"] = cursor;
                }
                let page = desk.post(&ana, "/v1/persons/search", body).await.ok();
                seen.extend(
                    page["items"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|hit| id::<Person>(&hit["card"]["id"])),
                );
                cursor = page["next"].clone();
                if cursor == Value::Null {
                    break;
                }
            }
            let length = seen.len();
            seen.sort();
            seen.dedup();
            assert_eq!((length, &seen), (9, &all), "{text}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn likely_duplicates_are_looked_at_before_somebody_is_registered_or_corrected() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let jelena = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let marko = registers(&desk, &ana, named("Marko", "Vujotić", "1978-03-04")).await;
        for (body, agrees) in [
            (named("Вујотић", "Марко", "1978-03-04"), json!(["name", "birth-date"])),
            (named("Mirko", "Vujotić", "1978-03-04"), json!(["similar-name", "birth-date"])),
            (named("Marko", "Vujotić", "1978-04-03"), json!(["name", "birth-date-swapped"])),
            (json!({ "name": { "given": "Marko", "family": "Vujotić" } }), json!(["name", "birth-date-unknown"])),
        ] {
            let problem = desk.post(&jelena, "/v1/persons", body).await.refused(409, "likely-duplicates");
            assert_eq!(problem["candidates"].as_array().unwrap().len(), 1);
            assert_eq!(problem["candidates"][0]["agrees"], agrees);
            assert_eq!(problem["candidates"][0]["card"]["in_scope"], false, "the card is national, the dossier is not");
        }
        let twin = json!({ "name": { "given": "Mirko", "family": "Vujotić" }, "birth_date": "1978-03-04", "not_the_same_as": [marko] });
        let mirko = registers(&desk, &jelena, twin).await;
        let other = registers(&desk, &jelena, named("Stanko", "Lim", "1950-01-01")).await;

        // A correction that makes one of them the other's likeness is looked at too.
        let body = json!({ "name": { "given": "Marko", "family": "Vujotić" }, "birth_date": "1978-03-04", "reason": "po pasošu" });
        let problem = corrects(&desk, &jelena, other, 1, body.clone()).await.refused(409, "likely-duplicates");
        assert_eq!(problem["candidates"].as_array().unwrap().len(), 2);
        let mut body = body;
        body["not_the_same_as"] = json!([marko, mirko]);
        assert_eq!(corrects(&desk, &jelena, other, 1, body).await.ok()["revision"], 2);
        // What does not touch name or birth date asks nothing.
        assert_eq!(corrects(&desk, &jelena, other, 2, json!({ "sex": "m", "reason": "po pasošu" })).await.ok()["revision"], 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_counters_register_the_same_person_at_once_and_one_of_them_hears_of_the_other() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let (ana, jelena) = (ana(&desk).await, desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await);
        let numbered = json!({ "name": { "given": "Ivo", "family": "Lim" }, "national_id": { "scheme": "jmbg", "number": "1403978200126" } });
        for body in [named("Marko", "Vujotić", "1978-03-04"), numbered] {
            let seats = [&ana, &jelena, &ana, &jelena, &ana, &jelena];
            let answers = join_all(seats.map(|seat| desk.post(seat, "/v1/persons", body.clone()))).await;
            let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status.is_success());
            assert_eq!(won.len(), 1);
            for answer in lost {
                let slug = answer.body["type"].as_str().unwrap().to_owned();
                assert_eq!(answer.status.as_u16(), 409, "{}", answer.body);
                assert!(["/problems/likely-duplicates", "/problems/number-taken"].contains(&slug.as_str()), "{slug}");
            }
        }
        assert_eq!(entries(&desk, "registered").await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_keeps_what_stood_and_takes_nobodys_number() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let taken = json!({ "scheme": "jmbg", "number": "1403978200126" });
        registers(&desk, &ana, json!({ "name": { "given": "Ivo", "family": "Lim" }, "national_id": taken })).await;
        let vera = registers(&desk, &ana, named("Vera", "Zeta", "2019-01-05")).await;
        corrects(&desk, &ana, vera, 1, json!({ "national_id": taken, "reason": "po izvodu" })).await.refused(409, "number-taken");
        let wrong = corrects(&desk, &ana, vera, 1, json!({ "birth_date": "2100-01-01", "reason": "po izvodu" })).await;
        assert_eq!(pointers(&wrong.refused(422, "fields")), ["/birth_date"]);
        let wrong = corrects(&desk, &ana, vera, 1, json!({ "death_date": "2018-01-05", "reason": "po izvodu" })).await;
        assert_eq!(pointers(&wrong.refused(422, "fields")), ["/death_date"]);
        let number = json!({ "scheme": "jmbg", "number": "0501019215228" });
        let seen = corrects(&desk, &ana, vera, 1, json!({ "national_id": number, "name": { "given": "Vera", "family": "Piper" }, "reason": "rođena Zeta" }));
        let seen = seen.await.ok();
        assert_eq!((&seen["revision"], &seen["card"]["sex"]), (&json!(2), &json!("f")));
        corrects(&desk, &ana, vera, 1, json!({ "sex": "m", "reason": "greška" })).await.refused(412, "changed-meanwhile");
        assert_eq!(finds(&desk, &ana, "zeta").await, [(vera, "former-name".into())]);
        assert_eq!(finds(&desk, &ana, "vera piper").await, [(vera, "name".into())]);
        assert_eq!(finds(&desk, &ana, "0501019").await.len(), 1);
        let kept = desk.house.store.read(move |tx: &mut Tx| {
            let rows = tx.query("SELECT stood, reason FROM person_correction WHERE person = $1", vals![vera])?;
            rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<Vec<(String, String)>, Error>>()
        });
        let kept = kept.await.unwrap();
        assert_eq!(kept.len(), 1, "of refused corrections nothing is kept");
        assert!(kept[0].0.contains("Zeta") && kept[0].1 == "rođena Zeta");
        assert!(entries(&desk, "corrected").await.iter().all(|detail| !detail.contains("Zeta") && !detail.contains("rođena")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_is_seen_as_it_was_on_any_day_and_as_it_was_known() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let head = registers(&desk, &ana, named("Marko", "Vujotić", "1978-03-04")).await;
        let wife = registers(&desk, &ana, named("Vera", "Vujotić", "1980-05-06")).await;
        let child = registers(&desk, &ana, named("Luka", "Vujotić", "2024-07-01")).await;
        let members = format!("/v1/persons/{head}/household/members");
        let leave = format!("/v1/persons/{head}/household/leave");
        let joins = |who: Id<Person>, how: &str, from: &str| json!({ "person": who, "relationship": how, "from": from });
        let leaves = |who: Id<Person>, until: &str| json!({ "person": who, "until": until, "reason": "odselila se" });
        desk.get(&ana, &format!("/v1/persons/{head}/household")).await.refused(404, "not-found");

        for (body, at) in [
            (joins(wife, "spouse", "2025-03-11"), "/from"),
            (joins(wife, "spouse", "0000-01-01"), "/from"),
            (joins(wife, "spouse", "1980-05-05"), "/from"),
            (joins(wife, "self", "2020-01-01"), "/relationship"),
            (joins(wife, "friend", "2020-01-01"), "/relationship"),
            (joins(head, "spouse", "2020-01-01"), "/person"),
            (joins(Id::from_uuid(uuid::Uuid::nil()), "spouse", "2020-01-01"), "/person"),
        ] {
            assert_eq!(pointers(&desk.post(&ana, &members, body).await.refused(422, "fields")), [at]);
        }
        desk.post(&ana, &members, joins(wife, "spouse", "2020-01-01")).await.ok();
        desk.later();
        let before_child = desk.house.clock.now();
        desk.later();
        assert_eq!(pointers(&desk.post(&ana, &members, joins(child, "child", "2019-12-31")).await.refused(422, "fields")), ["/from"]);
        let all = desk.post(&ana, &members, joins(child, "child", "2024-07-01")).await.ok();
        let relations: Vec<&str> = all["members"].as_array().unwrap().iter().map(|it| it["relationship"].as_str().unwrap()).collect();
        assert_eq!(relations, ["self", "spouse", "child"], "the head first, then by age");
        desk.post(&ana, &members, joins(child, "child", "2025-01-01")).await.refused(409, "already-member");
        let elsewhere = registers(&desk, &ana, named("Stana", "Lim", "1955-05-06")).await;
        desk.post(&ana, &format!("/v1/persons/{elsewhere}/household/members"), joins(child, "grandchild", "2025-01-01"))
            .await
            .refused(409, "already-member");

        desk.later();
        let before_leaving = desk.house.clock.now();
        desk.later();
        assert_eq!(pointers(&desk.post(&ana, &leave, leaves(wife, "2025-03-11")).await.refused(422, "fields")), ["/until"]);
        assert_eq!(pointers(&desk.post(&ana, &leave, leaves(wife, "2019-12-31")).await.refused(422, "fields")), ["/until"]);
        assert_eq!(pointers(&desk.post(&ana, &leave, leaves(head, "2025-01-01")).await.refused(422, "fields")), ["/person"], "the head leaves last");
        desk.post(&ana, &leave, leaves(wife, "2025-02-01")).await.ok();
        desk.post(&ana, &leave, leaves(wife, "2025-02-01")).await.refused(404, "not-found");

        let count = async |query: String| {
            let seen = desk.get(&ana, &format!("/v1/persons/{head}/household{query}")).await.ok();
            seen["members"].as_array().unwrap().len()
        };
        assert_eq!(count(String::new()).await, 2);
        assert_eq!(count("?as_of=2025-01-31".into()).await, 3);
        assert_eq!(count("?as_of=2025-02-01".into()).await, 2, "periods are half open");
        assert_eq!(count("?as_of=2024-06-30".into()).await, 2);
        assert_eq!(count(format!("?known_at={before_leaving}")).await, 3);
        assert_eq!(count(format!("?as_of=2025-01-31&known_at={before_child}")).await, 2);
        desk.get(&ana, &format!("/v1/persons/{head}/household?as_of=9999-12-31&known_at={before_child}")).await.ok();
        desk.get(&ana, &format!("/v1/persons/{head}/household?as_of=0000-01-01")).await.refused(404, "not-found");

        // She may join another household from the day she left, and somebody entered by mistake is taken back, also on the same day.
        let theirs = format!("/v1/persons/{elsewhere}/household");
        desk.post(&ana, &format!("{theirs}/members"), joins(wife, "child", "2025-01-31")).await.refused(409, "already-member");
        desk.post(&ana, &format!("{theirs}/members"), joins(wife, "child", "2025-02-01")).await.ok();
        desk.post(&ana, &format!("{theirs}/leave"), leaves(wife, "2025-02-01")).await.ok();
        desk.get(&ana, &format!("/v1/persons/{wife}/household")).await.refused(404, "not-found");
        desk.post(&ana, &members, joins(wife, "spouse", "2025-02-01")).await.ok();
        assert!(entries(&desk, "member-left").await.iter().all(|detail| !detail.contains("odselila")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_to_be_in_two_households_at_the_same_instant() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let child = registers(&desk, &ana, named("Luka", "Vujotić", "2024-07-01")).await;
        let mut heads = Vec::new();
        for given in ["Marko", "Stana", "Petar", "Milica"] {
            heads.push(registers(&desk, &ana, named(given, "Lim", "1955-05-06")).await);
        }
        let body = json!({ "person": child, "relationship": "child", "from": "2024-07-01" });
        let paths: Vec<String> = heads
            .iter()
            .map(|head| format!("/v1/persons/{head}/household/members"))
            .collect();
        let answers = join_all(paths.iter().map(|path| desk.post(&ana, path, body.clone()))).await;
        let won = answers.iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(won, 1);
        for lost in answers.into_iter().filter(|answer| !answer.status.is_success()) {
            lost.refused(409, "already-member");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_answered_as_they_count_and_as_they_were_known() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let mut body = named("Marko", "Vujotić", "1978-03-04");
        body["municipality"] = json!("ME-16");
        let marko = registers(&desk, &ana, body).await;
        let facts = format!("/v1/persons/{marko}/facts");
        let code = |code: &str, source: &str| json!({ "fact": "municipality", "value": { "type": "code", "value": code }, "source": source });
        for (body, at) in [
            (code("ME-99", "declaration"), "/value/value"),
            (code("ME-12", "register"), "/source"),
            (code("ME-12", "finding"), "/note"),
            (json!({ "fact": "municipality", "value": { "type": "bool", "value": true }, "source": "visit" }), "/value/value"),
            (json!({ "fact": "weather", "value": { "type": "bool", "value": true }, "source": "visit" }), "/fact"),
            (json!({ "fact": "tenure", "value": { "type": "code", "value": "rented" }, "source": "visit" }), "/fact"),
            (json!({ "fact": "address", "value": { "type": "text", "value": "x".repeat(2001) }, "source": "visit" }), "/value/value"),
            (json!({ "fact": "municipality", "value": { "type": "code", "value": "ME-12" }, "source": "visit", "from": "9999-01-01" }), "/from"),
            (
                json!({ "fact": "municipality", "value": { "type": "code", "value": "ME-12" }, "source": "visit", "from": "2025-01-01", "until": "2025-01-01" }),
                "/until",
            ),
        ] {
            assert_eq!(pointers(&desk.post(&ana, &facts, body).await.refused(422, "fields")), [at]);
        }
        let declared_at = desk.house.clock.now();
        desk.later();
        let mut document = code("ME-12", "document");
        document["from"] = json!("2024-06-01");
        document["note"] = json!("lična karta 0011");
        assert_eq!(desk.post(&ana, &facts, document).await.ok()["counts"], true);
        let now = async |query: &str| {
            let seen = desk.get(&ana, &format!("{facts}{query}")).await.ok();
            let counting: Vec<_> = seen["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|fact| format!("{} {} {}", fact["value"]["value"], fact["source"], fact["counts"]).replace('"', ""))
                .collect();
            counting
        };
        assert_eq!(now("").await, ["ME-12 document true", "ME-16 declaration false"]);
        assert_eq!(now(&format!("?known_at={declared_at}")).await, ["ME-16 declaration true"]);
        assert_eq!(now("?as_of=2024-12-31").await, ["ME-12 document true"], "declared only from the day of registration on");
        assert!(now("?as_of=2024-05-31").await.is_empty());
        // The words of an officer stand in the fact, not in the log.
        assert_eq!(entries(&desk, "fact-recorded").await, [r#"{"fact":"municipality","source":"document"}"#]);
        // A source said more than once is shown with its newest word.
        desk.later();
        desk.post(&ana, &facts, code("ME-07", "declaration")).await.ok();
        assert_eq!(now("").await, ["ME-12 document true", "ME-07 declaration false"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_offices_dossier_does_not_exist_and_ones_own_is_not_worked_on() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let jelena = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let marko = registers(&desk, &ana, named("Marko", "Vujotić", "1978-03-04")).await;
        let theirs = registers(&desk, &jelena, named("Stana", "Lim", "1955-05-06")).await;
        assert_eq!(finds(&desk, &jelena, "vujot").await.len(), 1, "the card is national");
        for path in ["persons/{}", "persons/{}/household", "persons/{}/facts", "dossiers/{}", "dossiers/{}/timeline"] {
            let path = format!("/v1/{}", path.replace("{}", &marko.to_string()));
            desk.get(&jelena, &path).await.refused(404, "not-found");
        }
        corrects(&desk, &jelena, marko, 1, json!({ "sex": "f", "reason": "greška" })).await.refused(404, "not-found");
        let joins = json!({ "person": theirs, "relationship": "parent", "from": "2020-01-01" });
        let leaves = json!({ "person": theirs, "until": "2020-01-01", "reason": "greška" });
        let says = json!({ "fact": "pregnant", "value": { "type": "bool", "value": true }, "source": "declaration" });
        let acts = [("household/members", joins), ("household/leave", leaves), ("facts", says)];
        for (path, body) in acts.clone() {
            desk.post(&jelena, &format!("/v1/persons/{marko}/{path}"), body).await.refused(404, "not-found");
        }
        // Whoever is in somebody's household does not bring their own dossier along.
        desk.post(&ana, &format!("/v1/persons/{marko}/household/members"), acts[0].1.clone()).await.ok();
        desk.get(&ana, &format!("/v1/dossiers/{theirs}")).await.refused(404, "not-found");

        let officer = ana.officer;
        let declared = desk.house.store.write(move |tx: &mut Tx| crate::users::declare(tx, officer, marko, crate::users::Kin::Relative));
        declared.await.unwrap();
        corrects(&desk, &ana, marko, 1, json!({ "sex": "f", "reason": "greška" })).await.refused(409, "own-dossier");
        for (path, body) in acts {
            desk.post(&ana, &format!("/v1/persons/{marko}/{path}"), body).await.refused(409, "own-dossier");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_leaves_one_entry_and_looking_on_is_a_pure_read() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = ana(&desk).await;
        let marko = registers(&desk, &ana, named("Marko", "Vujotić", "1978-03-04")).await;
        for text in ["v", "vu", "vujotic", "vujo", "v", ""] {
            finds(&desk, &ana, text).await;
        }
        assert_eq!(
            entries(&desk, "searched").await,
            [r#"{"characters":"1","found":"1"}"#],
            "typed on and taken back"
        );
        finds(&desk, &ana, "vladimir").await;
        finds(&desk, &ana, "jovan").await;
        assert_eq!(
            entries(&desk, "searched").await.len(),
            3,
            "other names are other queries, also by way of nothing"
        );
        desk.house.clock.advance(SignedDuration::from_secs(11));
        finds(&desk, &ana, "jovan").await;
        assert_eq!(entries(&desk, "searched").await.len(), 4);
        finds(&desk, &ana, "   ").await;
        assert_eq!(
            entries(&desk, "searched").await.len(),
            4,
            "nothing was looked for"
        );

        let dossier = format!("/v1/dossiers/{marko}");
        desk.get(&ana, &dossier).await.ok();
        let before = log_length(&desk).await;
        for path in ["", "/timeline", "?purpose=application"] {
            desk.get(&ana, &format!("{dossier}{path}")).await.ok();
        }
        desk.get(&ana, &format!("/v1/persons/{marko}/facts")).await.ok();
        assert_eq!(log_length(&desk).await, before);
        desk.get(&ana, &format!("{dossier}?purpose=review")).await.ok();
        assert_eq!(
            log_length(&desk).await,
            before + 1,
            "another purpose is another look"
        );
        desk.house.clock.advance(SignedDuration::from_mins(14));
        desk.get(&ana, &dossier).await.ok();
        assert_eq!(log_length(&desk).await, before + 1);
        let told = desk.get(&ana, &format!("{dossier}/timeline")).await.ok();
        assert_eq!(
            told["items"].as_array().unwrap().len(),
            1,
            "looks do not stand in the history"
        );
        assert_eq!(told["items"][0]["what"], "registered");
    })
    .await;
}
