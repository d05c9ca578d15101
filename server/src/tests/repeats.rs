use super::*;
use crate::{
    access::{BeSignedIn, May},
    audit::{self, Entry},
    http::{Json, WithRevision},
    problem::{Error, Problems},
    store::{numbers, testing::on_both},
};
use axum::extract::State;
use futures_util::{StreamExt as _, stream};
use std::collections::BTreeSet;
use utoipa_axum::routes;

/// Draws a number, as every thing that gets one does.
#[utoipa::path(post, path = "/v1/test/numbers", responses((status = 200, body = i64), Problems))]
async fn draw(
    may: May<BeSignedIn>,
    State(house): State<House>,
    Json(body): Json<Value>,
) -> Result<WithRevision<Value>, Error> {
    let series = body["series"].as_str().unwrap_or_default().to_owned();
    let number = audit::write(&house.store, may.actor(), house.clock.now(), move |tx| {
        let number = numbers::draw(tx, "TEST", &series, 2025)?;
        if series == "refused" {
            return Err(crate::problem::Refusal::StepNotOpen.into());
        }
        Ok((number, Entry::of("drawn").value("number", number)))
    })
    .await?;
    Ok(WithRevision(json!({ "number": number }), number))
}

/// Draws a number too, and is struck down after the commit, before anybody is told.
#[utoipa::path(post, path = "/v1/test/lost", responses((status = 201, body = i64, headers(("ETag" = String))), Problems))]
async fn lose(
    may: May<BeSignedIn>,
    State(house): State<House>,
    Json(body): Json<Value>,
) -> Result<(StatusCode, WithRevision<Value>), Error> {
    let says = body["says"] == json!(true);
    let act = |tx: &mut crate::store::Tx| {
        let number = numbers::draw(tx, "TEST", "lost", 2025)?;
        Ok((
            json!({ "number": number, "revision": number }),
            Entry::of("drawn").value("number", number),
        ))
    };
    let (actor, now) = (may.actor(), house.clock.now());
    if says {
        audit::tell(&house.store, actor, now, act).await?;
    } else {
        audit::write(&house.store, actor, now, act).await?;
    }
    Err(Error::fault("struck down"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_after_the_commit_is_given_to_whoever_asks_again() {
    on_both(async |store| {
        let desk = Desk::open_with(store, OpenApiRouter::new().routes(routes!(lose))).await;
        desk.officer("ana", "CSR-01", &[Role::Clerk]).await;
        let ana = desk.sign_in("ana").await;
        let send = async |key: &str, body: Value| {
            let url = format!("{}/v1/test/lost", desk.url);
            let request = desk
                .http
                .post(url)
                .bearer_auth(&ana)
                .header("idempotency-key", key);
            request.json(&body).send().await.unwrap()
        };
        let says = json!({ "says": true });
        assert_eq!(
            send("one", says.clone()).await.status(),
            StatusCode::INTERNAL_SERVER_ERROR
        );
        for _ in 0..2 {
            let again = send("one", says.clone()).await;
            assert_eq!(again.status(), StatusCode::CREATED);
            assert_eq!(again.headers()["etag"], "\"1\"");
            assert_eq!(again.headers()["content-type"], "application/json");
            assert_eq!(answer(again).await.1, json!({ "number": 1, "revision": 1 }));
        }
        // An action whose answer is not what it keeps can only say that it was done; it is not done again either.
        assert_eq!(
            send("two", json!({})).await.status(),
            StatusCode::INTERNAL_SERVER_ERROR
        );
        let (status, problem) = answer(send("two", json!({})).await).await;
        assert_eq!((status, slug(&problem)), (StatusCode::CONFLICT, "already-done"));
        send("three", says.clone()).await;
        assert_eq!(answer(send("three", says).await).await.1["number"], 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_pairs_of_the_same_key_make_a_thousand_things() {
    on_both(async |store| {
        let desk = Desk::open_with(store, OpenApiRouter::new().routes(routes!(draw))).await;
        desk.officer("ana", "CSR-01", &[Role::Clerk]).await;
        desk.officer("ivo", "CSR-01", &[Role::Clerk]).await;
        let (ana, ivo) = (desk.sign_in("ana").await, desk.sign_in("ivo").await);
        let send = async |token: &str, key: &str, body: Value| {
            let request = desk
                .http
                .post(format!("{}/v1/test/numbers", desk.url))
                .bearer_auth(token);
            request
                .header("idempotency-key", key)
                .json(&body)
                .send()
                .await
                .unwrap()
        };
        let pairs: Vec<_> = stream::iter(0..1000)
            .map(|n| {
                let (key, ana, send) = (format!("pair-{n}"), &ana, &send);
                async move {
                    let body = json!({ "series": "pairs" });
                    let (one, two) = tokio::join!(send(ana, &key, body.clone()), send(ana, &key, body));
                    let mut told = Vec::new();
                    for response in [one, two] {
                        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
                        assert_eq!(response.headers()["content-type"], "application/json");
                        let (status, body) = answer(response).await;
                        told.push((status, tag, body["number"].as_i64()));
                    }
                    assert_eq!(told[0], told[1], "both hear the same");
                    assert_eq!(told[0].0, StatusCode::OK);
                    told[0].2.unwrap()
                }
            })
            .buffer_unordered(64)
            .collect()
            .await;
        assert_eq!(
            pairs.into_iter().collect::<BTreeSet<_>>(),
            (1..=1000).collect(),
            "each number once, without a gap"
        );
        let entries = desk.house.store.read(|tx| {
            tx.one(
                "SELECT count(*) FROM audit_entry WHERE what = $1",
                crate::vals!["drawn"],
            )?
            .get::<i64>(0)
        });
        assert_eq!(entries.await, Ok(1000));

        // Another officer's key of the same name is another key; other content under the same key is refused.
        assert_eq!(
            answer(send(&ivo, "pair-1", json!({ "series": "pairs" })).await)
                .await
                .1["number"],
            1001
        );
        let (status, problem) = answer(send(&ana, "pair-1", json!({ "series": "other" })).await).await;
        assert_eq!((status, slug(&problem)), (StatusCode::CONFLICT, "key-reused"));
        // What was refused left no key and is judged anew.
        for _ in 0..2 {
            let (_, problem) = answer(send(&ana, "r", json!({ "series": "refused" })).await).await;
            assert_eq!(slug(&problem), "step-not-open");
        }
        assert_eq!(
            answer(send(&ana, "r", json!({ "series": "pairs" })).await)
                .await
                .1["number"],
            1002
        );
        // A day later the key is forgotten.
        desk.house.clock.advance(jiff::SignedDuration::from_hours(24));
        let ana = desk.sign_in("ana").await;
        assert_eq!(
            answer(send(&ana, "pair-1", json!({ "series": "pairs" })).await)
                .await
                .1["number"],
            1003
        );
        for bad in ["", " ", "with space", &"x".repeat(101)] {
            assert_eq!(
                send(&ana, bad, json!({})).await.status(),
                StatusCode::BAD_REQUEST,
                "{bad:?}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_told_once() {
    let desk = Desk::open(passing_store()).await;
    desk.officer("boss", "MIN", &[Role::Admin]).await;
    let boss = desk.sign_in("boss").await;
    let roles = json!([{ "office": "CSR-01", "roles": ["clerk"] }]);
    let body = json!({ "user": "mia", "name": "Mia", "roles": roles });
    let send = || {
        let request = desk
            .http
            .post(format!("{}/v1/users", desk.url))
            .bearer_auth(&boss);
        request.header("idempotency-key", "once").json(&body).send()
    };
    let (status, made) = answer(send().await.unwrap()).await;
    assert_eq!(status, StatusCode::CREATED);
    let password = made["password"].as_str().unwrap().to_owned();
    let (status, problem) = answer(send().await.unwrap()).await;
    assert_eq!((status, slug(&problem)), (StatusCode::CONFLICT, "already-done"));
    let kept = desk
        .house
        .store
        .read(|tx| tx.query("SELECT body FROM idempotency", &[]))
        .await
        .unwrap();
    for row in kept {
        let body: Vec<u8> = row.get(0).unwrap();
        assert!(!String::from_utf8_lossy(&body).contains(&password));
    }
}
