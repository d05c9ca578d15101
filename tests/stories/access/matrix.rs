//! Every operation, every role: allowed or refused exactly as the table of permissions says.

use karton_api::session::Role;
use karton_server::access::{PERMISSIONS, ROLES, role_name};
use karton_server::http::OPEN;
use karton_tests::{
    contract::{Operation, description, operations},
    house::{Engine, House},
    raw::Request,
};
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

/// An id that nothing has.
const NOTHING: &str = "01957000-0000-7000-8000-000000000000";

fn fill(operation: &Operation) -> String {
    operation.path_with(|part| match part {
        "list" => "municipalities".into(),
        "language" => "en".into(),
        _ => NOTHING.into(),
    })
}

fn knock(operation: &Operation) -> Request {
    let request = Request::new(&operation.method, &fill(operation));
    if operation.body {
        request.body("application/json", "{}")
    } else {
        request
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_session_only_the_open_doors_answer() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let _ana = house.ana().await;
    let all = operations(&description(&house).await);
    assert!(
        all.len() > 50,
        "the description was read: {} operations",
        all.len()
    );
    let described: Vec<(&str, &str)> = all
        .iter()
        .filter(|operation| operation.open)
        .map(|operation| (operation.method.as_str(), operation.path.as_str()))
        .collect();
    for operation in &all {
        let door = (operation.method.as_str(), operation.path.as_str());
        assert_eq!(
            operation.open,
            OPEN.contains(&door),
            "the description and the list of open doors differ on {}",
            operation.name()
        );
        if operation.open {
            continue;
        }
        for token in [
            None,
            Some("0".repeat(64)),
            Some("no-token".to_owned()),
            Some(String::new()),
        ] {
            let mut request = knock(operation);
            if let Some(token) = &token {
                request = request.token(token);
            }
            // Of a stranger nothing else is looked at.
            request = request.header("idempotency-key", &"k".repeat(200));
            let answer = request.send(house.address).await;
            assert_eq!(
                answer.status,
                401,
                "{} with {token:?}: {}",
                operation.name(),
                answer.text()
            );
            assert_eq!(answer.problem().slug(), "sign-in-first");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
    }
    // Every door on the list is described, except the description itself.
    for door in OPEN {
        assert!(
            described.contains(door) || *door == ("GET", "/openapi.json"),
            "{door:?} is not described"
        );
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_is_let_in_exactly_where_the_table_says() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let all: Vec<Operation> = operations(&description(&house).await)
        .into_iter()
        .filter(|operation| !operation.open)
        .collect();
    let mut told: BTreeMap<&Operation, BTreeMap<Role, Option<String>>> = BTreeMap::new();
    for role in ROLES {
        let account = format!("only-{}", role_name(*role));
        let mut officer = house.officer(&account, "CSR-01", &[*role]).await;
        for operation in &all {
            let answer = knock(operation).token(&officer.token).send(house.address).await;
            let permission = (answer.status == 403).then(|| {
                let problem = answer.problem();
                assert_eq!(problem.slug(), "not-permitted");
                let detail = problem.detail.unwrap();
                detail.split('`').nth(1).unwrap().to_owned()
            });
            assert!(
                answer.status != 401 && answer.status < 500,
                "{} as {}: {} {}",
                operation.name(),
                role_name(*role),
                answer.status,
                answer.text()
            );
            assert!(
                operation.answers.contains(&answer.status),
                "{} answers {} and does not say so: {:?}",
                operation.name(),
                answer.status,
                operation.answers
            );
            told.entry(operation).or_default().insert(*role, permission);
            if operation.name() == "DELETE /v1/session" {
                officer = house.signs_in(&account).await;
            }
        }
    }
    let mut table = String::from("Who may do what, as the server answered.\n\n");
    let width = all.iter().map(|operation| operation.name().len()).max().unwrap();
    let names: Vec<&str> = ROLES.iter().map(|role| role_name(*role)).collect();
    writeln!(table, "{:width$}  {}  permission", "", names.join("  ")).unwrap();
    for (operation, roles) in &told {
        let refused: Vec<&str> = roles.values().flatten().map(String::as_str).collect();
        let permission = refused.first().copied();
        assert!(
            refused.iter().all(|other| Some(*other) == permission),
            "{} names several permissions: {refused:?}",
            operation.name()
        );
        // Where nobody is refused, being signed in is enough.
        let by_table: &[Role] = match permission {
            Some(named) => PERMISSIONS.iter().find(|(name, _)| *name == named).unwrap().1,
            None => ROLES,
        };
        let mut line = format!("{:width$}", operation.name());
        for role in ROLES {
            let allowed = roles[role].is_none();
            assert_eq!(
                allowed,
                by_table.contains(role),
                "{} as {}",
                operation.name(),
                role_name(*role)
            );
            let mark = if allowed { "yes" } else { "-" };
            write!(line, "  {mark:width$}", width = role_name(*role).len()).unwrap();
        }
        writeln!(table, "{line}  {}", permission.unwrap_or("(signed in)")).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories/access/permissions.txt");
    if std::env::var_os("KARTON_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == table,
        "who may do what has changed; with KARTON_WRITE_SNAPSHOTS=1 it is written down anew.\n{table}"
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_attempt_leaves_its_entry() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let admin = house.officer("borka", "CSR-01", &[Role::Admin]).await;
    let before = house.count("audit_entry").await;
    let answer = Request::new("POST", "/v1/persons/search")
        .token(&admin.token)
        .body("application/json", r#"{"text":"Vujotić"}"#)
        .send(house.address)
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(house.count("audit_entry").await, before + 1);
    house.close().await;
}
