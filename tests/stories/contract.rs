//! The contract: what the server describes, the client can call, and the other way round.

use karton_tests::{
    contract::{description, operations},
    house::{Engine, House},
};
use std::{collections::BTreeSet, fs, path::Path};

/// What the client's methods call, read from their bodies: `GET /v1/persons/{id}`.
fn called() -> BTreeSet<String> {
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api-client/src");
    let parts = fs::read_dir(client.join("client")).unwrap();
    let parts = parts.map(|part| part.unwrap().path());
    let source: String = parts
        .chain([client.join("client.rs")])
        .map(|part| fs::read_to_string(part).unwrap())
        .collect();
    let mut called = BTreeSet::new();
    for function in source.split("pub async fn ").skip(1) {
        let body = function.split("\n    }\n").next().unwrap();
        let name = function.split('(').next().unwrap();
        // A method that only fills in what another one asks for calls by that one.
        if body.contains("self.lodge_as(") || body.contains("self.codes_page(") {
            continue;
        }
        let literal = body
            .split('"')
            .skip(1)
            .step_by(2)
            .find(|text| text.starts_with('/'));
        let path = literal.unwrap_or_else(|| panic!("`{name}` calls no path"));
        let path = path.split('?').next().unwrap();
        let explicit = body.split("Method::").nth(1).map(|rest| {
            rest.chars()
                .take_while(char::is_ascii_uppercase)
                .collect::<String>()
        });
        let method = match explicit {
            Some(method) => method,
            None if body.contains("self.get(") || body.contains("self.ask(") => "GET".to_owned(),
            None if body.contains("self.post(") => "POST".to_owned(),
            None => panic!("`{name}` calls by no method"),
        };
        called.insert(format!("{method} {path}"));
    }
    called
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_has_a_method_of_the_client_and_every_method_its_operation() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    house.ana().await;
    let described: BTreeSet<String> = operations(&description(&house).await)
        .iter()
        .map(|operation| operation.name())
        // What collects figures and what other institutions send is no officer's client.
        .filter(|name| name != "GET /metrics" && name != "POST /x-road/{service}")
        .collect();
    let called = called();
    assert!(called.len() > 50, "the client was read: {called:?}");
    let missing: Vec<&String> = described.difference(&called).collect();
    assert!(missing.is_empty(), "the client has no method for {missing:?}");
    let idle: Vec<&String> = called.difference(&described).collect();
    assert!(idle.is_empty(), "the server does not describe {idle:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_is_complete() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    house.ana().await;
    let description = description(&house).await;
    assert_eq!(
        description["openapi"].as_str().unwrap().split('.').next(),
        Some("3")
    );
    let text = description.to_string();
    // Every reference leads somewhere.
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(
            description.pointer(pointer).is_some(),
            "`{pointer}` leads nowhere"
        );
    }
    let mut names = BTreeSet::new();
    let mut keyless = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{method} {path}");
            let says = operation["summary"].as_str().unwrap_or_default();
            assert!(!says.is_empty(), "{name} does not say what it does");
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(
                names.insert(id.to_owned()),
                "{name} shares its operationId `{id}`"
            );
            let answers = operation["responses"].as_object().unwrap();
            assert!(
                answers.keys().any(|status| status.starts_with('2')),
                "{name} never succeeds"
            );
            for parameter in path.split('{').skip(1) {
                let parameter = parameter.split('}').next().unwrap();
                let told = operation["parameters"].as_array().unwrap();
                assert!(
                    told.iter()
                        .any(|it| it["name"] == parameter && it["in"] == "path"),
                    "{name} does not describe {{{parameter}}}"
                );
            }
            if method == "post" && operation.get("requestBody").is_some() && path != "/v1/session" {
                let told = operation["parameters"].as_array().cloned().unwrap_or_default();
                let key = told.iter().any(|it| it["name"] == "Idempotency-Key");
                let reads = [
                    "/v1/persons/search",
                    "/v1/organisations/search",
                    "/v1/assessments/preview",
                    "/v1/assessments/what-if",
                    "/v1/inquiries",
                    "/v1/documents/search",
                    "/v1/session/password",
                    // Messages of institutions are known by the id of the exchange.
                    "/x-road/{service}",
                ];
                if !key && !reads.contains(&path.as_str()) {
                    keyless.push(name);
                }
            }
        }
    }
    assert!(keyless.is_empty(), "take a key and do not say so: {keyless:?}");
    house.close().await;
}
