use super::*;
use jiff::SignedDuration;

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_idle_and_in_any_case_after_ten_hours() {
    crate::store::testing::on_both(async |store| {
        let desk = Desk::open(store).await;
        desk.officer("ana", "CSR-01", &[Role::Clerk]).await;
        let token = desk.sign_in("ana").await;
        // Used every quarter of an hour less a minute it lives, up to ten hours.
        let mut minutes = 0;
        while minutes + 14 < 600 {
            desk.house.clock.advance(SignedDuration::from_mins(14));
            minutes += 14;
            assert_eq!(
                desk.get("/v1/session", &token).await.0,
                StatusCode::OK,
                "after {minutes} minutes"
            );
        }
        desk.house.clock.advance(SignedDuration::from_mins(600 - minutes));
        let (status, problem) = desk.get("/v1/session", &token).await;
        assert_eq!(
            (status, slug(&problem)),
            (StatusCode::UNAUTHORIZED, "sign-in-first")
        );

        let token = desk.sign_in("ana").await;
        desk.house.clock.advance(SignedDuration::from_mins(15));
        assert_eq!(
            desk.get("/v1/session", &token).await.0,
            StatusCode::UNAUTHORIZED,
            "a quarter of an hour idle"
        );
        assert_eq!(
            desk.get("/v1/session", &token).await.0,
            StatusCode::UNAUTHORIZED,
            "and it stays ended"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ended_is_ended_at_once() {
    crate::store::testing::on_both(async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("ana", "CSR-01", &[Role::Clerk]).await;
        desk.officer("ivo", "CSR-01", &[Role::Clerk]).await;
        desk.officer("boss", "MIN", &[Role::Admin]).await;
        let (first, second, ivo) = (
            desk.sign_in("ana").await,
            desk.sign_in("Ana ").await,
            desk.sign_in("ivo").await,
        );
        let (_, sessions) = desk.get("/v1/sessions", &first).await;
        let sessions = sessions["items"].as_array().unwrap().clone();
        assert_eq!(sessions.len(), 2);
        let other = sessions
            .iter()
            .find(|session| session["current"] == false)
            .unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        // Somebody else's session is nobody's business.
        let path = format!("/v1/sessions/{other}");
        assert_eq!(
            desk.ask(Method::DELETE, &path, &ivo, None).await.status(),
            StatusCode::NOT_FOUND
        );
        assert_eq!(desk.get("/v1/session", &second).await.0, StatusCode::OK);
        assert_eq!(
            desk.ask(Method::DELETE, &path, &first, None).await.status(),
            StatusCode::NO_CONTENT
        );
        assert_eq!(desk.get("/v1/session", &second).await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(
            desk.ask(Method::DELETE, "/v1/session", &first, None)
                .await
                .status(),
            StatusCode::NO_CONTENT
        );
        assert_eq!(desk.get("/v1/session", &first).await.0, StatusCode::UNAUTHORIZED);

        // A disabled account's sessions end, and a changed role counts at once.
        let (ana_token, boss) = (desk.sign_in("ana").await, desk.sign_in("boss").await);
        let path = format!("/v1/users/{}", ana.id);
        let change = |revision: i64, body: Value| {
            let request = desk
                .http
                .patch(format!("{}{path}", desk.url))
                .bearer_auth(&boss)
                .json(&body);
            request.header("if-match", format!("\"{revision}\"")).send()
        };
        assert_eq!(desk.get("/v1/users", &ana_token).await.0, StatusCode::FORBIDDEN);
        let roles = json!({ "roles": [{ "office": "CSR-01", "roles": ["clerk", "admin"] }] });
        let changed = change(1, roles.clone()).await.unwrap();
        assert_eq!(changed.headers()["etag"], "\"2\"");
        assert_eq!(desk.get("/v1/users", &ana_token).await.0, StatusCode::OK);
        let stale = change(1, roles).await.unwrap();
        let (status, problem) = answer(stale).await;
        assert_eq!(
            (status, slug(&problem), &problem["revision"]),
            (StatusCode::PRECONDITION_FAILED, "changed-meanwhile", &json!(2))
        );
        let without = desk
            .ask(Method::PATCH, &path, &boss, Some(json!({ "disabled": true })))
            .await;
        assert_eq!(without.status(), StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(
            change(2, json!({ "disabled": true })).await.unwrap().status(),
            StatusCode::OK
        );
        assert_eq!(
            desk.get("/v1/session", &ana_token).await.0,
            StatusCode::UNAUTHORIZED
        );
        let refused = desk.try_sign_in("ana", PASSWORD).await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_password_opens_nothing_until_it_is_changed() {
    let desk = Desk::open(passing_store()).await;
    desk.officer("boss", "CSR-01", &[Role::Admin]).await;
    let boss = desk.sign_in("boss").await;
    let roles = json!([{ "office": "CSR-01-B", "roles": ["clerk"] }]);
    let (status, made) = desk
        .post(
            "/v1/users",
            &boss,
            json!({ "user": "Mia.K", "name": "Mia Kovač", "roles": roles }),
        )
        .await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let first = made["password"].as_str().unwrap();
    let (_, signed_in) = answer(desk.try_sign_in("mia.k", first).await).await;
    let token = signed_in["token"].as_str().unwrap();
    assert_eq!(signed_in["session"]["must_change_password"], true);
    let (status, problem) = desk.get("/v1/offices", token).await;
    assert_eq!(
        (status, slug(&problem)),
        (StatusCode::CONFLICT, "password-change-needed")
    );
    for (new, expected) in [
        ("short", "password-weak"),
        ("mia.k-mia.k-1", "password-weak"),
        (first, "fields"),
    ] {
        let (_, problem) = desk
            .post("/v1/session/password", token, json!({ "old": first, "new": new }))
            .await;
        assert_eq!(slug(&problem), expected, "{new}");
    }
    let (status, _) = desk
        .post(
            "/v1/session/password",
            token,
            json!({ "old": first, "new": PASSWORD }),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(desk.get("/v1/offices", token).await.0, StatusCode::OK);
    assert_eq!(
        desk.try_sign_in("mia.k", first).await.status(),
        StatusCode::UNAUTHORIZED
    );

    // An administrator of a centre gives roles below it, and nowhere else.
    let roles = json!([{ "office": "CSR-02", "roles": ["clerk"] }]);
    let (status, problem) = desk
        .post(
            "/v1/users",
            &boss,
            json!({ "user": "noa", "name": "Noa", "roles": roles }),
        )
        .await;
    assert_eq!(
        (status, problem["errors"][0]["pointer"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("/roles"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_waits_longer_each_time_and_leaves_entries() {
    crate::store::testing::on_both(async |store| {
        let desk = Desk::open(store).await;
        desk.officer("ana", "CSR-01", &[Role::Clerk]).await;
        let mut waits = Vec::new();
        for user in ["ana", "nobody"] {
            for _ in 0..6 {
                assert_eq!(
                    desk.try_sign_in(user, "a wrong guess").await.status(),
                    StatusCode::UNAUTHORIZED
                );
            }
            let refused = desk.try_sign_in(user, PASSWORD).await;
            assert_eq!(
                refused.status(),
                StatusCode::TOO_MANY_REQUESTS,
                "even with the right one"
            );
            waits.push(refused.headers()["retry-after"].to_str().unwrap().to_owned());
        }
        assert_eq!(waits, ["2", "2"], "an account that does not exist waits the same");
        desk.house.clock.advance(SignedDuration::from_secs(2));
        assert_eq!(
            desk.try_sign_in("ana", "a wrong guess").await.status(),
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            desk.try_sign_in("ana", PASSWORD).await.headers()["retry-after"],
            "4"
        );
        desk.house.clock.advance(SignedDuration::from_secs(4));
        desk.sign_in("ana").await;
        let entries = desk.house.store.read(|tx| {
            tx.one(
                "SELECT count(*) FROM audit_entry WHERE what = $1",
                crate::vals!["sign-in-failed"],
            )?
            .get::<i64>(0)
        });
        assert_eq!(entries.await, Ok(13));
        let report = crate::audit::verify(&desk.house.store, &desk.house.seal_key, None)
            .await
            .unwrap();
        assert_eq!(report.damages, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_ends_is_noticed_within_a_second() {
    crate::store::testing::on_both(async |store| {
        let (one, two) = (Desk::open(store.clone()).await, Desk::open(store).await);
        one.officer("ana", "CSR-01", &[Role::Clerk]).await;
        let token = one.sign_in("ana").await;
        assert_eq!(two.get("/v1/session", &token).await.0, StatusCode::OK);
        assert_eq!(
            one.ask(Method::DELETE, "/v1/session", &token, None)
                .await
                .status(),
            StatusCode::NO_CONTENT
        );
        let ended = std::time::Instant::now();
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(50));
        while two.get("/v1/session", &token).await.0 != StatusCode::UNAUTHORIZED {
            assert!(
                ended.elapsed() < std::time::Duration::from_secs(2),
                "still open after {:?}",
                ended.elapsed()
            );
            tick.tick().await;
        }
    })
    .await;
}
