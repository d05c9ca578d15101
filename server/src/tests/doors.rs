use super::*;
use crate::{access::ROLES, access::role_name, http::OPEN};
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread")]
async fn every_door_is_closed_to_strangers() {
    let desk = Desk::open(passing_store()).await;
    let operations = desk.operations();
    assert!(
        operations.len() > 30,
        "the list of doors is long: {}",
        operations.len()
    );
    for (method, path) in &operations {
        let open = OPEN.contains(&(method.as_str(), path.as_str()));
        for token in ["", "not-a-token", &"0".repeat(64)] {
            let body = matches!(*method, Method::POST | Method::PUT | Method::PATCH).then(|| json!({}));
            let response = desk.ask(method.clone(), &filled(path), token, body).await;
            let status = response.status();
            // Institutions have a key of their own and no session.
            let locked = !open || path.starts_with("/x-road/");
            assert_eq!(
                status == StatusCode::UNAUTHORIZED,
                locked,
                "{method} {path} answers {status} to “{token}”"
            );
            if !open {
                assert_eq!(response.headers()["www-authenticate"], "Bearer");
                assert_eq!(response.headers()["content-type"], "application/problem+json");
            }
        }
    }
    // Nothing is on the open list that is not there.
    for (method, path) in OPEN {
        let response = desk.ask(method.parse().unwrap(), path, "", Some(json!({}))).await;
        assert!(
            ![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&response.status()),
            "{method} {path}"
        );
    }
}

/// Who may do what, knocked on door by door. Printed as a table to be read (`--nocapture`).
#[tokio::test(flavor = "multi_thread")]
async fn who_may_do_what() {
    let desk = Desk::open(passing_store()).await;
    let mut tokens = BTreeMap::new();
    for role in ROLES {
        desk.officer(&format!("the-{}", role_name(*role)), "CSR-01", &[*role])
            .await;
        tokens.insert(*role, desk.sign_in(&format!("the-{}", role_name(*role))).await);
    }
    let mut table = String::from(
        "                                                             clerk casew. appr. admin audit.\n",
    );
    for (method, path) in desk.operations() {
        // These end the sessions the story needs; whoever is signed in may.
        if OPEN.contains(&(method.as_str(), path.as_str()))
            || (path == "/v1/session" && method == Method::DELETE)
        {
            continue;
        }
        let mut may = BTreeMap::new();
        for (role, token) in &tokens {
            let body = matches!(method, Method::POST | Method::PUT | Method::PATCH)
                .then(|| json!({ "no such field": 1 }));
            let (status, problem) = answer(desk.ask(method.clone(), &filled(&path), token, body).await).await;
            assert!(
                status.as_u16() < 500,
                "{method} {path} answers {status} to {role:?}: {problem}"
            );
            assert_ne!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
            may.insert(*role, slug(&problem) != "not-permitted");
        }
        table.push_str(&format!("{:7}{path:54}", method.as_str()));
        for role in ROLES {
            table.push_str(if may[role] { "  yes " } else { "   –  " });
        }
        table.push('\n');
        let own = path.starts_with("/v1/session");
        let reads = method == Method::GET;
        let shared = own
            || path == "/v1/roles"
            || (reads && path.starts_with("/v1/offices"))
            || path.starts_with("/v1/catalogue");
        assert!(may.values().any(|may| *may), "nobody may {method} {path}");
        assert!(
            !shared || may.values().all(|may| *may),
            "everybody may {method} {path}"
        );
        // The administrator sees no personal data, and nobody else keeps accounts, offices and the house itself.
        let accounts = path.starts_with("/v1/users")
            || path.starts_with("/v1/administration")
            || (!reads && path.starts_with("/v1/offices"));
        let brings = path.starts_with("/v1/imports") && !path.ends_with("/accept");
        // Who stands in for an absent head is arranged by either.
        let deputies = path.starts_with("/v1/deputies");
        assert_eq!(
            may[&Role::Admin],
            accounts || brings || shared || deputies,
            "admin and {method} {path}"
        );
        // Open work of an officer who leaves is also given on by the head of the office.
        let given_on = path.ends_with("/work") || path.ends_with("/hand-over");
        assert!(
            !accounts || given_on || may.iter().all(|(role, may)| !may || *role == Role::Admin),
            "{method} {path}"
        );
        // The auditor changes nothing: a search is a question, although a POST.
        let asks = method == Method::GET || path.ends_with("/search") || own;
        assert!(!may[&Role::Auditor] || asks, "auditor and {method} {path}");
        // Only the head of the office decides, and does not prepare what is decided.
        if path.ends_with("/decision/decide") {
            assert_eq!(may.values().filter(|may| **may).count(), 1);
            assert!(may[&Role::Approver]);
        }
        if path == "/v1/audit" {
            assert_eq!(
                may.iter()
                    .filter(|(_, may)| **may)
                    .map(|(role, _)| *role)
                    .collect::<Vec<_>>(),
                [Role::Auditor]
            );
        }
    }
    println!("{table}");
    let denied = desk.house.store.read(|tx| {
        tx.one(
            "SELECT count(*) FROM audit_entry WHERE what = $1",
            crate::vals!["denied"],
        )?
        .get::<i64>(0)
    });
    assert!(denied.await.unwrap() > 50, "refused attempts are entered");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_the_entries_of_the_subtree_only() {
    crate::store::testing::on_both(async |store| {
        let desk = Desk::open(store).await;
        for (user, office, role) in [
            ("top", "MIN", Role::Auditor),
            ("podgorica", "CSR-01", Role::Auditor),
            ("danilovgrad", "CSR-02", Role::Clerk),
        ] {
            desk.officer(user, office, &[role]).await;
        }
        let (top, podgorica) = (desk.sign_in("top").await, desk.sign_in("podgorica").await);
        desk.sign_in("danilovgrad").await;
        let offices = async |token: &str| {
            let mut offices = std::collections::BTreeSet::new();
            let mut path = "/v1/audit?limit=2".to_owned();
            loop {
                let (status, page) = desk.get(&path, token).await;
                assert_eq!(status, StatusCode::OK, "{page}");
                for entry in page["items"].as_array().unwrap() {
                    offices.insert(entry["office"]["code"].as_str().unwrap().to_owned());
                }
                match page["next"].as_str() {
                    Some(next) => path = format!("/v1/audit?limit=2&cursor={next}"),
                    None => return offices,
                }
            }
        };
        assert_eq!(
            offices(&podgorica).await.into_iter().collect::<Vec<_>>(),
            ["CSR-01"]
        );
        assert_eq!(
            offices(&top).await.into_iter().collect::<Vec<_>>(),
            ["CSR-01", "CSR-02", "MIN"]
        );
        let (status, _) = desk.get("/v1/audit?cursor=nonsense", &top).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let (_, page) = desk
            .get("/v1/audit?what=signed-in&from=2025-03-10&until=2025-03-11", &top)
            .await;
        assert_eq!(page["items"].as_array().unwrap().len(), 3);
        let (_, page) = desk.get("/v1/audit?until=2025-03-10", &top).await;
        assert_eq!(page["items"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_names_nothing_that_is_not_there() {
    let desk = Desk::open(passing_store()).await;
    let (status, api) = desk.get("/openapi.json", "").await;
    assert_eq!((status, api["openapi"].as_str()), (StatusCode::OK, Some("3.1.0")));
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&api, &mut found);
    for reference in &found {
        assert!(
            api.pointer(reference.trim_start_matches('#')).is_some(),
            "{reference} is not there"
        );
    }
    assert!(found.len() > 100);
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(
                names.insert(operation["operationId"].as_str().unwrap().to_owned()),
                "{method} {path}"
            );
            assert!(
                operation["summary"].is_string(),
                "{method} {path} says what it does"
            );
            let open = OPEN.contains(&(method.to_uppercase().as_str(), path.as_str()));
            assert_eq!(operation["security"] == json!([{}]), open, "{method} {path}");
            for name in path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            {
                let parameters = operation["parameters"].as_array().unwrap();
                assert!(
                    parameters
                        .iter()
                        .any(|it| it["name"] == name && it["in"] == "path"),
                    "{method} {path}: {name}"
                );
            }
        }
    }
}

/// A handler with a mistake of ours in it.
#[utoipa::path(get, path = "/v1/test/breaks", responses((status = 200), crate::problem::Problems))]
async fn breaks(_may: crate::access::May<crate::access::BeSignedIn>) -> StatusCode {
    panic!("the secret cause")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_off_is_a_fault_with_a_number_and_without_a_cause() {
    let desk = Desk::open_with(
        passing_store(),
        OpenApiRouter::new().routes(utoipa_axum::routes!(breaks)),
    )
    .await;
    desk.officer("ana", "CSR-01", &[Role::Clerk]).await;
    let token = desk.sign_in("ana").await;
    let response = desk.ask(Method::GET, "/v1/test/breaks", &token, None).await;
    let number = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let (status, problem) = answer(response).await;
    assert_eq!(
        (status, slug(&problem)),
        (StatusCode::INTERNAL_SERVER_ERROR, "fault")
    );
    assert_eq!(problem["instance"], number, "the number to quote");
    assert!(!problem.to_string().contains("secret"));
    assert_eq!(
        desk.get("/v1/session", &token).await.0,
        StatusCode::OK,
        "the house stands"
    );
    let (status, problem) = desk.get("/v1/nowhere", &token).await;
    assert_eq!((status, slug(&problem)), (StatusCode::NOT_FOUND, "not-found"));
    let response = desk.ask(Method::DELETE, "/v1/offices", &token, None).await;
    assert!(response.headers().contains_key("allow"));
    let (status, problem) = answer(response).await;
    assert_eq!(
        (status, slug(&problem)),
        (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
    );
}
