//! A document that was filed before anybody knew what for is linked to its application and to the register's question it stands in for.

use super::{desk::Desk, returning};
use crate::store::testing::on_both_with;
use axum::http::Method;
use karton_api::session::Role;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_linked_to_the_question_it_stands_in_for() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let jelena = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let marija = desk.person(&ana, "Marija").await;
        let stana = desk.person(&ana, "Stana").await;
        let (path, _) = returning::assessed(&desk, &ana, marija).await;
        let (other, _) = returning::assessed(&desk, &ana, stana).await;
        let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let round = desk.get(&ana, &format!("{path}/evidence")).await.ok();
        let item = round["items"][0]["id"].as_str().unwrap().to_owned();
        let others = desk.get(&ana, &format!("{other}/evidence")).await.ok();
        let strange = others["items"][0]["id"].as_str().unwrap().to_owned();

        let paper = json!({ "shelf": "orman 1", "kind": "other", "title": "Uvjerenje", "person": marija });
        let filed = desk.post(&ana, "/v1/documents", paper).await.ok();
        let at = format!("/v1/documents/{}", filed["summary"]["id"].as_str().unwrap());
        let change = async |seat, revision: i64, body: Value| {
            let seen = format!("\"{revision}\"");
            desk.send(Some(seat), Method::PATCH, &at, Some(body), &[("If-Match", &seen)])
                .await
        };
        let revision = filed["summary"]["revision"].as_i64().unwrap();
        for (body, pointer) in [
            (json!({ "evidence": item }), "/matter"),
            (json!({ "matter": id(&path), "evidence": strange }), "/evidence"),
            (json!({ "matter": marija }), "/matter"),
        ] {
            let problem = change(&ana, revision, body).await.refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        change(&jelena, revision, json!({ "matter": id(&path) }))
            .await
            .refused(404, "not-found");
        let linked = change(&ana, revision, json!({ "matter": id(&path), "evidence": item }))
            .await
            .ok();
        assert_eq!(linked["summary"]["matter"], json!(id(&path)));
        assert_eq!(linked["summary"]["evidence"], json!(item));
        // It stays with its matter, and what is said anew about something else leaves the link.
        let revision = linked["summary"]["revision"].as_i64().unwrap();
        let problem = change(&ana, revision, json!({ "matter": id(&other) }))
            .await
            .refused(422, "fields");
        assert_eq!(problem["errors"][0]["code"], "differs");
        let renamed = change(&ana, revision, json!({ "title": "Uvjerenje o prihodima" }))
            .await
            .ok();
        assert_eq!(renamed["summary"]["evidence"], json!(item));
        let found = desk
            .get(
                &ana,
                &format!("/v1/documents?matter={}&evidence={item}", id(&path)),
            )
            .await
            .ok();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let books = crate::verify::books(&desk.house.store, crate::verify::Depth::Full)
            .await
            .unwrap();
        assert_eq!(books.violations, []);
    })
    .await;
}
