//! Bodies that are no requests: what cannot be read is said to be so, and where.

use karton_tests::{
    contract::{description, operations},
    house::{Engine, House, Plan},
    raw::Request,
};
use serde_json::json;

const NOTHING: &str = "01957000-0000-7000-8000-000000000000";

/// Rows of everything but the log of what was tried.
async fn stored(house: &House) -> Vec<(String, i64)> {
    // What the house does by itself meanwhile: its log, its jobs, the cards it compares, the day's look at what runs.
    const ITS_OWN: [&str; 9] = [
        "audit_entry",
        "audit_lane",
        "audit_seal",
        "job",
        "likeness_card",
        "likeness_due",
        "likeness_key",
        "likeness_term",
        "signal_sweep",
    ];
    let mut rows = house.rows().await;
    rows.retain(|(table, _)| !ITS_OWN.contains(&table.as_str()));
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_json_is_said_to_be_none() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let ana = house.ana().await;
    let before = stored(&house).await;
    let deep =
        |open: &str, close: &str| format!("{{\"name\":{}{}}}", open.repeat(100_000), close.repeat(100_000));
    let bombs = {
        // Ten kilobytes that would become ten megabytes; they are not unpacked, so their content does not matter.
        let mut bomb = vec![0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff];
        bomb.extend(std::iter::repeat_n(0, 10_000));
        bomb
    };
    let json = "application/json";
    let cases: Vec<(&str, Request, u16, &str)> = {
        let to = |body: Vec<u8>, kind: &str| {
            Request::new("POST", "/v1/persons")
                .token(&ana.token)
                .body(kind, body)
        };
        vec![
            ("nothing", to(b"".to_vec(), json), 400, "malformed"),
            (
                "half of it",
                to(br#"{"name": {"given": "An"#.to_vec(), json),
                400,
                "malformed",
            ),
            (
                "two of them",
                to(br#"{"text":"a"}{"text":"b"}"#.to_vec(), json),
                422,
                "fields",
            ),
            (
                "not UTF-8",
                to(
                    b"{\"name\": {\"given\": \"\xff\xfe\", \"family\": \"b\"}}".to_vec(),
                    json,
                ),
                400,
                "malformed",
            ),
            (
                "a number that is none",
                to(br#"{"name": NaN}"#.to_vec(), json),
                400,
                "malformed",
            ),
            (
                "100,000 lists deep",
                to(deep("[", "]").into_bytes(), json),
                400,
                "malformed",
            ),
            (
                "100,000 objects deep",
                to(deep("{\"a\":", "}").into_bytes(), json),
                400,
                "malformed",
            ),
            ("a list", to(b"[]".to_vec(), json), 422, "fields"),
            ("a text", to(b"\"Ana\"".to_vec(), json), 422, "fields"),
            ("null", to(b"null".to_vec(), json), 422, "fields"),
            (
                "a form",
                to(b"name=Ana".to_vec(), "application/x-www-form-urlencoded"),
                415,
                "unsupported-type",
            ),
            (
                "plain text",
                to(b"{}".to_vec(), "text/plain"),
                415,
                "unsupported-type",
            ),
            (
                "another encoding",
                to(b"{}".to_vec(), "application/json; charset=utf-16"),
                415,
                "unsupported-type",
            ),
            (
                "packed",
                to(bombs, json).header("content-encoding", "gzip"),
                415,
                "unsupported-type",
            ),
            ("ten megabytes", to(vec![b' '; 10 << 20], json), 413, "too-large"),
            (
                "a key of 200 characters",
                to(b"{}".to_vec(), json).header("idempotency-key", &"k".repeat(200)),
                400,
                "malformed",
            ),
        ]
    };
    for (what, request, status, slug) in cases {
        let answer = request.send(house.address).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        let problem = answer.problem();
        assert_eq!(problem.slug(), slug, "{what}");
        assert!(problem.instance.is_some(), "{what}: the request's number is told");
    }
    assert_eq!(stored(&house).await, before, "nothing is stored");
    house.close().await;
}

/// Every operation with a body, every kind of wrong body: never a fault of ours, always a problem, nothing stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_withstands_every_wrong_body() {
    let Some(house) = Plan::on(Engine::Sqlite).people(40).open().await else {
        return;
    };
    let roles = karton_server::access::ROLES;
    let everybody = house.officer("svi", "CSR-01", roles).await;
    let family = everybody.finds_the_family_of("vujotic marko").await;
    let head = family.head().to_string();
    let before = stored(&house).await;
    let description = description(&house).await;
    let mut asked = 0;
    for operation in operations(&description).iter().filter(|operation| operation.body) {
        if operation.path.starts_with("/v1/session") {
            continue;
        }
        for id in [
            NOTHING,
            head.as_str(),
            "kein-uuid",
            "00000000-0000-0000-0000-000000000000",
            "%00",
            "..%2f..",
        ] {
            let path = operation.path_with(|_| id.to_owned());
            for body in [
                json!({}),
                json!({ "unknown": 1 }),
                json!({ "name": [], "reason": 5, "answers": {}, "text": null, "applicant": "x", "benefit": 3 }),
                json!({ "reason": "\u{0}", "text": "a\u{0}b", "answers": [], "benefit": "MO\u{0}", "applicant": NOTHING }),
                json!({ "reason": "", "text": "", "answers": [], "benefit": "NO", "applicant": NOTHING }),
            ] {
                let mut request = Request::new(&operation.method, &path)
                    .token(&everybody.token)
                    .json(&body);
                if operation.method != "POST" {
                    request = request.header("if-match", "\"1\"");
                }
                let answer = request.send(house.address).await;
                asked += 1;
                let harmless = answer.status == 200
                    && ["/v1/persons/search", "/v1/organisations/search"].contains(&operation.path.as_str());
                assert!(
                    harmless || (400..500).contains(&answer.status),
                    "{} with {body} answers {}: {}",
                    operation.name(),
                    answer.status,
                    answer.text()
                );
                assert!(
                    operation.answers.contains(&answer.status),
                    "{} answers {} undocumented",
                    operation.name(),
                    answer.status
                );
                if !harmless {
                    let problem = answer.problem();
                    if answer.status == 422 {
                        assert!(
                            !problem.errors.is_empty(),
                            "{}: the field is named",
                            operation.name()
                        );
                    }
                }
            }
        }
    }
    assert!(asked > 500, "{asked}");
    assert_eq!(stored(&house).await, before, "nothing is stored");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_and_parameters_are_held_to_what_they_may_be() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let ana = house.ana().await;
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/persons/../../etc/passwd", 404),
        ("GET", "/v1/persons/kein-uuid", 422),
        ("GET", "/v1/offices?limit=0", 422),
        ("GET", "/v1/offices?limit=201", 422),
        ("GET", "/v1/offices?limit=-1", 422),
        ("GET", "/v1/offices?limit=zwei", 422),
        ("GET", "/v1/offices?unbekannt=1", 422),
        ("GET", "/v1/offices?cursor=%00%ff", 422),
        ("GET", "/v1/tasks?queue=nobodys", 422),
        ("GET", "/v1/catalogue/codes/nothing", 404),
        ("GET", "/v1/catalogue/words/xx", 404),
        ("DELETE", "/v1/persons", 405),
        ("PATCH", "/v1/offices", 405),
        ("BREW", "/v1/offices", 405),
    ] {
        let answer = Request::new(method, path)
            .token(&ana.token)
            .send(house.address)
            .await;
        let fits = answer.status == status || (status == 422 && answer.status == 400);
        assert!(
            fits,
            "{method} {path} answers {}: {}",
            answer.status,
            answer.text()
        );
        answer.problem();
        if status == 405 {
            assert!(
                answer.header("allow").is_some(),
                "{method} {path} says what is allowed"
            );
        }
    }
    house.close().await;
}
