//! Lines that never come to the point: they are cut.

use karton_server::{http::Limits, serve::Serving};
use karton_tests::{
    house::{Engine, House, Plan},
    raw::{Connection, Request},
};
use std::time::{Duration, Instant};

/// A house that is quickly tired of waiting.
async fn impatient() -> Option<House> {
    let serving = Serving {
        limits: Limits {
            headers_within: Duration::from_millis(400),
            idle: Duration::from_millis(600),
            ..Limits::default()
        },
        ..Serving::default()
    };
    Plan::on(Engine::Sqlite).serving(serving).open().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_on_which_nobody_speaks_is_cut() {
    let Some(house) = impatient().await else { return };
    house.ana().await;
    let mut silent = Connection::open(house.address).await;
    silent.closed().await;
    // Also one that spoke before.
    let mut quiet = Connection::open(house.address).await;
    let answer = quiet.ask(&Request::new("GET", "/healthz").bytes()).await.unwrap();
    assert_eq!(answer.status, 204);
    quiet.closed().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_that_only_drip_are_cut() {
    let Some(house) = impatient().await else { return };
    house.ana().await;
    let began = Instant::now();
    let mut dripping = Connection::open(house.address).await;
    dripping
        .send(b"GET /healthz HTTP/1.1\r\nhost: karton\r\n")
        .await
        .unwrap();
    let mut drip = tokio::time::interval(Duration::from_millis(50));
    let mut drops = 0;
    while dripping
        .send(format!("x-drop: {drops}\r\n").as_bytes())
        .await
        .is_ok()
    {
        drip.tick().await;
        drops += 1;
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "still listening after {drops} drops"
        );
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_or_too_large_headers_are_refused_and_nobody_else_notices() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    house.ana().await;
    let mut many = Request::new("GET", "/healthz");
    for number in 0..200 {
        many = many.header(&format!("x-number-{number}"), "x");
    }
    let large = Request::new("GET", "/healthz").header("x-large", &"x".repeat(1 << 20));
    for (what, request) in [("many", many), ("large", large)] {
        let mut line = Connection::open(house.address).await;
        if let Ok(answer) = line.ask(&request.bytes()).await {
            assert_eq!(answer.status, 431, "{what}: {}", answer.text());
        }
        let fine = Request::new("GET", "/healthz").send(house.address).await;
        assert_eq!(fine.status, 204);
    }
    // What is no HTTP at all.
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"HELO karton\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let mut line = Connection::open(house.address).await;
        if let Ok(answer) = line.ask(&[garbage, b"\r\n\r\n"].concat()).await {
            assert!((400..500).contains(&answer.status), "{}", answer.status);
        }
    }
    let fine = Request::new("GET", "/readyz").send(house.address).await;
    assert_eq!(fine.status, 204);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_on_one_line_are_answered_in_their_order() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let ana = house.ana().await;
    let mut line = Connection::open(house.address).await;
    let first = Request::new("GET", "/v1/session").token(&ana.token).bytes();
    let second = Request::new("GET", "/healthz").bytes();
    line.send(&[first, second].concat()).await.unwrap();
    assert_eq!(line.answer().await.unwrap().status, 200);
    assert_eq!(line.answer().await.unwrap().status, 204);
    house.close().await;
}
