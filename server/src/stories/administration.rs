//! An administrator at work: how the house is, work that was given up, offices, and whose dossiers officers must not work on.

use super::desk::Desk;
use crate::{
    access::Actor,
    backup::{self, Made},
    store::{
        Store,
        jobs::{self, NewJob, Setback},
        testing::on_both_with,
    },
};
use axum::http::Method;
use karton_api::session::Role;
use serde_json::{Value, json};

async fn patch(
    desk: &Desk,
    seat: &super::desk::Seat,
    path: &str,
    revision: i64,
    body: Value,
) -> super::desk::Answer {
    let seen = format!("\"{revision}\"");
    desk.send(
        Some(seat),
        Method::PATCH,
        path,
        Some(body),
        &[("If-Match", &seen)],
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_house_tells_how_it_is_and_work_given_up_is_tried_again() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let mia = desk.officer("Mia", "MIN", &[Role::Admin]).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        desk.get(&ana, "/v1/administration/health")
            .await
            .refused(403, "not-permitted");
        let health = desk.get(&mia, "/v1/administration/health").await.ok();
        assert_eq!(health["pack"], desk.house.pack.hash.as_str());
        assert_eq!(
            (health["officers"].as_u64(), health["sessions"].as_u64()),
            (Some(3), Some(2))
        );
        assert_eq!(health["backup"], Value::Null);
        let now = desk.house.clock.now();
        let actor = Actor {
            officer: None,
            office: desk.house.offices.top().unwrap().id,
        };
        let made = Made {
            at: now,
            bytes: 12_000,
            rows: 400,
            hash: "ab".into(),
        };
        let id = desk.house.clock.id();
        assert!(
            backup::remember(&desk.house.store, actor, id, now, made)
                .await
                .unwrap()
        );
        let health = desk.get(&mia, "/v1/administration/health").await.ok();
        assert_eq!(health["backup"]["rows"], 400);

        // Three jobs: one fails for good, two wait.
        let ids: Vec<_> = (0..3).map(|_| desk.house.clock.id()).collect();
        let posted = ids.clone();
        desk.house
            .store
            .write(move |tx| {
                for (id, queue) in posted.iter().zip(["story-a", "story-b", "story-b"]) {
                    jobs::post(tx, &NewJob::new(*id, queue, now))?;
                }
                Ok::<_, crate::store::StoreError>(())
            })
            .await
            .unwrap();
        let handlers = jobs::Handlers::new().on("story-a", |_| async {
            Err(Setback::Never("the form has no end".into()))
        });
        let worker = jobs::run(
            desk.house.store.clone(),
            desk.house.clock.clone(),
            "story",
            handlers,
            jobs::Pace::default(),
        );
        worker.drained().await;
        worker.stop().await;
        let page = desk.get(&mia, "/v1/administration/jobs?limit=2").await.ok();
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
        let next = page["next"].as_str().unwrap();
        let rest = desk
            .get(&mia, &format!("/v1/administration/jobs?limit=2&cursor={next}"))
            .await
            .ok();
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        let failed = desk.get(&mia, "/v1/administration/jobs?state=failed").await.ok();
        assert_eq!(failed["items"][0]["problem"], "the form has no end");
        assert_eq!(failed["items"].as_array().unwrap().len(), 1);
        let retry = |id| format!("/v1/administration/jobs/{id}/retry");
        let job = desk.post(&mia, &retry(ids[0]), json!({})).await.ok();
        assert_eq!(
            (job["state"].as_str(), job["tries"].as_u64()),
            (Some("waiting"), Some(0))
        );
        desk.post(&mia, &retry(ids[1]), json!({}))
            .await
            .refused(409, "job-not-failed");
        let nobody = desk.house.clock.id();
        desk.post(&mia, &retry(nobody), json!({}))
            .await
            .refused(404, "not-found");

        let sizes = desk.get(&mia, "/v1/administration/sizes").await.ok();
        let tables = sizes["tables"].as_array().unwrap();
        assert!(sizes["bytes"].as_i64().unwrap() > 0);
        let offices = tables.iter().find(|table| table["table"] == "office").unwrap();
        assert_eq!(
            offices["rows"].as_u64(),
            Some(desk.house.offices.all().len() as u64)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offices_are_opened_changed_and_closed_when_no_work_is_left() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let mia = desk.officer("Mia", "MIN", &[Role::Admin]).await;
        let lea = desk.officer("Lea", "CSR-01", &[Role::Admin]).await;
        let new = json!({
            "code": "PJ-TUZI", "name": { "cnr": "PJ Tuzi", "en": "Tuzi unit" }, "kind": "unit", "parent": "CSR-01",
            "address": " Glavna 1 ", "phone": "020 000 000",
        });
        let made = desk.post(&mia, "/v1/offices", new.clone()).await.ok();
        assert_eq!((made["address"].as_str(), made["parent"].as_str()), (Some("Glavna 1"), Some("CSR-01")));
        desk.post(&mia, "/v1/offices", new.clone())
            .await
            .refused(409, "office-taken");
        let mut elsewhere = new.clone();
        (elsewhere["code"], elsewhere["parent"]) = (json!("PJ-X"), json!("CSR-04"));
        let refused = desk.post(&lea, "/v1/offices", elsewhere).await.refused(422, "fields");
        assert_eq!(refused["errors"][0]["pointer"], "/parent");
        let wrong = json!({ "code": "pj x", "name": { "cnr": "X", "de": "X" }, "kind": "ministry", "parent": "NONE" });
        let refused = desk.post(&mia, "/v1/offices", wrong).await.refused(422, "fields");
        let pointers: Vec<&str> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(pointers, ["/code", "/kind", "/name/en", "/name/de", "/parent"]);

        // Somebody works there; the office cannot be closed while work is open.
        let ana = desk.officer("Ana", "PJ-TUZI", &[Role::Clerk, Role::Caseworker]).await;
        let person = desk.person(&ana, "Marija").await;
        let (path, _) = super::returning::assessed(&desk, &ana, person).await;
        let revision = made["revision"].as_i64().unwrap();
        let office = "/v1/offices/PJ-TUZI";
        patch(&desk, &mia, office, revision + 7, json!({ "closed": true }))
            .await
            .refused(412, "changed-meanwhile");
        patch(&desk, &mia, office, revision, json!({ "closed": true }))
            .await
            .refused(409, "office-in-use");
        desk.post(&ana, &format!("{path}/withdraw"), json!({ "reason": "odustala", "document": "Podnesak stranke" }))
            .await
            .ok();
        let closed = patch(&desk, &mia, office, revision, json!({ "closed": true }))
            .await
            .ok();
        assert_eq!(closed["closed_on"], "2025-03-10");
        let sign_in = json!({ "user": "ana", "password": "tri-vrane-na-jarbolu" });
        let refused = desk
            .send(None, Method::POST, "/v1/session", Some(sign_in), &[])
            .await
            .refused(422, "fields");
        assert_eq!(refused["errors"][0]["code"], "no-roles");
        let revision = closed["revision"].as_i64().unwrap();
        let open = patch(&desk, &mia, office, revision, json!({ "closed": false, "phone": "" }))
            .await
            .ok();
        assert_eq!((&open["closed_on"], &open["phone"]), (&Value::Null, &Value::Null));
        assert_eq!(open["address"], "Glavna 1");
        patch(&desk, &mia, "/v1/offices/MIN", 1, json!({ "closed": true }))
            .await
            .refused(409, "office-in-use");
        patch(&desk, &lea, "/v1/offices/CSR-04", 1, json!({ "phone": "1" }))
            .await
            .refused(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_declares_relatives_by_the_dossiers_number_and_sees_no_more() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let mia = desk.officer("Mia", "MIN", &[Role::Admin]).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let marija = desk.person(&ana, "Marija").await;
        let view = desk.get(&ana, &format!("/v1/persons/{marija}")).await.ok();
        let dossier = view["card"]["dossier_number"].as_str().unwrap().to_owned();
        let path = format!("/v1/users/{}/relatives", ana.officer);
        let there = desk
            .post(&mia, &path, json!({ "dossier": dossier.to_lowercase() }))
            .await
            .ok();
        assert_eq!(there, json!([{ "dossier": dossier, "own": false }]));
        let fact = json!({ "fact": "work_capable", "value": { "type": "bool", "value": true }, "from": "2025-01-01", "source": "document" });
        desk.post(&ana, &format!("/v1/persons/{marija}/facts"), fact)
            .await
            .refused(409, "own-dossier");
        desk.post(&ana, "/v1/inquiries", json!({ "person": marija }))
            .await
            .refused(409, "own-dossier");
        let unknown = desk.post(&mia, &path, json!({ "dossier": "CSR-01-D-1999/1" })).await;
        assert_eq!(unknown.refused(422, "fields")["errors"][0]["pointer"], "/dossier");
        let gone = desk
            .post(&mia, &format!("{path}/withdraw"), json!({ "dossier": dossier }))
            .await
            .ok();
        assert_eq!(gone, json!([]));
        desk.post(&mia, &format!("{path}/withdraw"), json!({ "dossier": dossier }))
            .await
            .refused(422, "fields");
        desk.get(&ana, &path).await.refused(403, "not-permitted");
    })
    .await;
}
