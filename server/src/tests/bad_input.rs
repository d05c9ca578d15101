use super::*;

/// Who may send this, so that the body is looked at: an administrator, or somebody with every role of an office.
fn who(path: &str) -> Role {
    let kept = ["/v1/users", "/v1/offices", "/v1/administration"];
    if kept.iter().any(|kept| path.starts_with(kept)) {
        Role::Admin
    } else {
        Role::Caseworker
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_body_makes_a_fault_or_leaves_a_trace() {
    let desk = Desk::open(passing_store()).await;
    let mut tokens = std::collections::BTreeMap::new();
    let office = [Role::Clerk, Role::Caseworker, Role::Approver];
    for (role, roles) in [(Role::Caseworker, &office[..]), (Role::Admin, &[Role::Admin])] {
        let account = format!("the-{}", crate::access::role_name(role));
        desk.officer(&account, "CSR-01", roles).await;
        tokens.insert(role, desk.sign_in(&account).await);
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20));
    let bodies: [(&str, &str, &str, &[u16]); 9] = [
        ("not JSON", "application/json", "{", &[400]),
        ("nothing", "application/json", "", &[400]),
        ("too deep", "application/json", &deep, &[400]),
        ("too large", "application/json", &large, &[413]),
        ("another type", "text/plain", "{}", &[415]),
        ("a list", "application/json", "[1]", &[422]),
        (
            "an unknown field",
            "application/json",
            "{\"no such field\":1}",
            &[422],
        ),
        ("a NUL", "application/json", "{\"reason\":\"a\\u0000b\"}", &[422]),
        (
            "half a surrogate",
            "application/json",
            "{\"reason\":\"\\ud800\"}",
            &[400, 422],
        ),
    ];
    let count = || {
        desk.house
            .store
            .read(|tx| tx.one("SELECT count(*) FROM audit_entry", &[])?.get::<i64>(0))
    };
    let before = count().await.unwrap();
    for (method, path) in desk.operations() {
        let takes_body = {
            let item = &desk.api.paths.paths[&path];
            [&item.post, &item.put, &item.patch]
                .into_iter()
                .flatten()
                .filter_map(|operation| operation.request_body.as_ref())
                .any(|body| match body {
                    utoipa::openapi::RefOr::T(body) => body.content.contains_key("application/json"),
                    utoipa::openapi::RefOr::Ref(_) => true,
                })
        };
        // Institutions are let in by a key of their own before their message is read.
        let gateway = path.starts_with("/x-road/");
        if method == Method::GET || method == Method::DELETE || !takes_body || gateway {
            continue;
        }
        for (what, kind, body, expected) in bodies {
            let response = desk
                .http
                .request(method.clone(), format!("{}{}", desk.url, filled(&path)))
                .bearer_auth(&tokens[&who(&path)])
                .header("content-type", kind)
                .header("if-match", "\"1\"")
                .body(body.to_owned())
                .send()
                .await
                .unwrap();
            let content = response.headers()["content-type"].to_str().unwrap().to_owned();
            let (status, problem) = answer(response).await;
            assert!(
                expected.contains(&status.as_u16()),
                "{what} to {method} {path}: {status} {problem}"
            );
            assert_eq!(content, "application/problem+json");
            if status == StatusCode::UNPROCESSABLE_ENTITY {
                assert!(
                    problem["errors"][0]["pointer"].is_string(),
                    "{what} to {method} {path}: {problem}"
                );
            }
        }
    }
    assert_eq!(count().await.unwrap(), before, "nothing was stored");
    // A bomb is not unpacked: encodings are refused.
    let zipped = desk
        .http
        .post(format!("{}/v1/session", desk.url))
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(vec![0x1f, 0x8b, 8, 0])
        .send()
        .await
        .unwrap();
    assert_eq!(zipped.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    // Parameters too.
    for path in [
        "/v1/offices?limit=0",
        "/v1/offices?limit=201",
        "/v1/offices?limit=x",
        "/v1/offices?more=1",
        "/v1/offices?cursor=%00",
        "/v1/offices?limit=1&limit=2",
        "/v1/offices?cursor=7b7d",
    ] {
        let (status, problem) = desk.get(path, &tokens[&Role::Caseworker]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {problem}");
        assert!(problem["errors"][0]["pointer"].is_string());
    }
    let (status, problem) = desk
        .get("/v1/persons/not-an-id", &tokens[&Role::Caseworker])
        .await;
    assert_eq!(
        (status, problem["errors"][0]["pointer"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("id"))
    );
}
