//! An old register comes into the store: brought by one officer, accepted by another.

use super::desk::{Answer, Desk, Seat};
use crate::{
    audit::verify,
    store::{Store, testing::on_both_with},
    verify::{self as books, Depth},
};
use axum::http::Method;
use karton_api::session::Role;
use serde_json::{Value, json};

const PEOPLE: &str = "\
JMBG;Ime;Prezime;Datum rođenja;Pol;Opština;Adresa;Domaćinstvo;Srodstvo;Napomena\n\
;Milica;Brković;5.3.1980.;ž;Podgorica;Ulica 1;A;self;x\n\
;Nikola;Brković;01.02.2010;m;ME-16;Ulica 1;A;child;\n\
;Ana;Perazić;31.2.1990;f;;;;;\n\
;=1+1;Kovač;1.1.1970;m;;;;;\n\
;Stana;Vujotić;2.9.1981;ž;;;;;\n\
;Luka;Đurović;1985-07-04;m;Podgorica;Ulica 9;B;child;\n";

async fn bring(desk: &Desk, seat: &Seat, kind: &str, text: &str) -> Answer {
    let path = format!("/v1/imports?kind={kind}&office=CSR-01&file=stari%20registar.csv");
    desk.send_bytes(Some(seat), Method::POST, &path, text.as_bytes().to_vec())
        .await
}

async fn accept(desk: &Desk, seat: &Seat, import: &Value, body: Value) -> Answer {
    let seen = format!("\"{}\"", import["revision"]);
    let path = format!("/v1/imports/{}/accept", import["id"].as_str().unwrap());
    desk.send(
        Some(seat),
        Method::POST,
        &path,
        Some(body),
        &[("If-Match", &seen)],
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_reported_row_by_row_and_applied_only_after_a_second_person_accepts() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let mia = desk.officer("Mia", "MIN", &[Role::Admin]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        bring(&desk, &ana, "persons", PEOPLE).await.refused(403, "not-permitted");
        // Somebody who is known looks like one of the rows.
        desk.person(&ana, "Stana").await;
        let import = bring(&desk, &petar, "persons", PEOPLE).await.ok();
        assert_eq!(import["state"], "received");
        accept(&desk, &petar, &import, json!({}))
            .await
            .refused(409, "second-person-needed");
        desk.jobs().await;
        let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
        let import = desk.get(&mia, &path).await.ok();
        assert_eq!((&import["state"], &import["encoding"]), (&json!("checked"), &json!("utf-8")));
        assert_eq!(import["ignored"], json!(["Napomena"]));
        let rows = &import["rows"];
        assert_eq!(
            (&rows["all"], &rows["good"], &rows["wrong"], &rows["alike"]),
            (&json!(6), &json!(3), &json!(2), &json!(1)),
            "{rows}"
        );
        let report = desk.get(&mia, &format!("{path}/findings")).await.ok();
        let found: Vec<(u64, &str, &str)> = report["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                (
                    it["row"].as_u64().unwrap(),
                    it["column"].as_str().unwrap(),
                    it["code"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (4, "Datum rođenja", "date"),
                (5, "Ime", "formula"),
                (6, "Prezime", "likely-duplicate"),
            ]
        );
        let file = desk.get(&mia, &format!("{path}/report")).await;
        let file = String::from_utf8(file.bytes).unwrap();
        assert_eq!(file.lines().count(), 4);
        assert!(!file.contains("Kovač") && !file.contains("1+1"), "no values: {file}");
        accept(&desk, &mia, &import, json!({}))
            .await
            .refused(403, "not-permitted");

        let vera = desk.officer("Vera", "CSR-01", &[Role::Approver]).await;
        let accepted = accept(&desk, &vera, &import, json!({})).await.ok();
        assert_eq!(accepted["state"], "applying");
        desk.jobs().await;
        let import = desk.get(&mia, &path).await.ok();
        assert_eq!((&import["state"], &import["rows"]["applied"]), (&json!("applied"), &json!(3)));
        assert_eq!(import["rows"]["alike"], 1, "left out, for somebody to look at");
        let hits = desk
            .post(&ana, "/v1/persons/search", json!({ "text": "brkov" }))
            .await
            .ok();
        assert_eq!(hits["items"].as_array().unwrap().len(), 2);
        let milica = hits["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|hit| hit["card"]["name"]["given"] == "Milica")
            .unwrap()["card"]["id"]
            .as_str()
            .unwrap();
        let household = desk.get(&ana, &format!("/v1/persons/{milica}/household")).await.ok();
        assert_eq!(household["members"].as_array().unwrap().len(), 2);
        let facts = desk.get(&ana, &format!("/v1/persons/{milica}/facts")).await.ok();
        let facts = facts["items"].as_array().unwrap();
        assert!(
            facts
                .iter()
                .any(|fact| fact["fact"] == "address" && fact["source"] == "import" && fact["status"] == "not-verified"),
            "{facts:?}"
        );
        // A household without a head is named, its member is registered all the same.
        let report = desk.get(&mia, &format!("{path}/findings")).await.ok();
        let last = report["items"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["row"], &last["code"]), (&json!(7), &json!("household-head")));

        // Awards from before, of people who are known now.
        let dossier = hits["items"][0]["card"]["dossier_number"].as_str().unwrap();
        let awards = format!(
            "broj kartona;davanje;iznos;od;do\n{dossier};DD;1.030,50;1.1.2024;\n{dossier};XX;1;1.1.2024;\n{dossier};DD;1,030;1.1.2024;\nCSR-01-D-1900/1;DD;5;1.1.2024;\n"
        );
        let import = bring(&desk, &petar, "awards", &awards).await.ok();
        desk.jobs().await;
        let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
        let import = desk.get(&petar, &path).await.ok();
        assert_eq!((&import["rows"]["good"], &import["rows"]["wrong"]), (&json!(1), &json!(3)));
        let report = desk.get(&petar, &format!("{path}/findings?limit=2")).await.ok();
        let codes: Vec<&str> = report["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["unknown", "ambiguous"]);
        assert!(report["next"].is_string());
        accept(&desk, &vera, &import, json!({})).await.ok();
        desk.jobs().await;
        assert_eq!(desk.get(&petar, &path).await.ok()["state"], "applied");

        let report = books::books(&desk.house.store, Depth::Full).await.unwrap();
        assert_eq!(report.violations, []);
        let log = verify(&desk.house.store, &desk.house.seal_key, None).await.unwrap();
        assert_eq!(log.damages, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_like_somebody_is_registered_when_the_second_person_says_so_but_no_number_twice() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let vera = desk.officer("Vera", "CSR-01", &[Role::Approver]).await;
        let text = "number;given name;family name;birth date\n\
                    1403978200126;Marko;Vujotić;\n1403978200126;Marko;Vujotić;\n;Marko;Vujotić;14.3.1978\n";
        let import = bring(&desk, &petar, "persons", text).await.ok();
        desk.jobs().await;
        let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
        let import = desk.get(&petar, &path).await.ok();
        assert_eq!(
            (&import["rows"]["good"], &import["rows"]["wrong"]),
            (&json!(2), &json!(1))
        );
        accept(&desk, &vera, &import, json!({ "also_alike": false }))
            .await
            .ok();
        desk.jobs().await;
        // The third looks like the first, who came to be known only now.
        let import = desk.get(&petar, &path).await.ok();
        assert_eq!(
            (&import["rows"]["applied"], &import["rows"]["left_out"]),
            (&json!(1), &json!(1))
        );
        let again = bring(&desk, &petar, "persons", text).await.ok();
        desk.jobs().await;
        let path = format!("/v1/imports/{}", again["id"].as_str().unwrap());
        let again = desk.get(&petar, &path).await.ok();
        assert_eq!(
            (&again["rows"]["known"], &again["rows"]["alike"]),
            (&json!(1), &json!(1)),
            "{again}"
        );
        accept(&desk, &vera, &again, json!({ "also_alike": true }))
            .await
            .ok();
        desk.jobs().await;
        let again = desk.get(&petar, &path).await.ok();
        assert_eq!(again["rows"]["applied"], 1);

        // What cannot be read as a whole is refused; what was not accepted can be taken back.
        let refused = bring(&desk, &petar, "persons", "a;b\n1;2\n").await.ok();
        desk.jobs().await;
        let path = format!("/v1/imports/{}", refused["id"].as_str().unwrap());
        let refused = desk.get(&petar, &path).await.ok();
        assert_eq!(refused["state"], "refused");
        assert!(refused["problem"].as_str().unwrap().contains("headings"));
        let third = bring(&desk, &petar, "persons", text).await.ok();
        desk.jobs().await;
        let path = format!("/v1/imports/{}", third["id"].as_str().unwrap());
        let third = desk.get(&petar, &path).await.ok();
        let seen = format!("\"{}\"", third["revision"]);
        let gone = desk
            .send(
                Some(&petar),
                Method::POST,
                &format!("{path}/withdraw"),
                None,
                &[("If-Match", &seen)],
            )
            .await
            .ok();
        assert_eq!(
            (&gone["state"], &gone["rows"]["all"]),
            (&json!("withdrawn"), &json!(0))
        );
        accept(&desk, &vera, &gone, json!({}))
            .await
            .refused(409, "import-not-checked");
    })
    .await;
}
