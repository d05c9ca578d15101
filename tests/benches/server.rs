//! The server as a process of its own on a store that is there already: how soon it is ready, and what it needs.

use crate::{
    client::mebibytes,
    load::{self, Work},
    place::Size,
    process::memory,
    table::{Figure, Share, Table},
    time::{grouped, said},
};
use karton_tests::raw::{Connection, Request};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

/// Somebody who works in the store, with the password.
pub(crate) struct Account<'a> {
    pub(crate) name: &'a str,
    pub(crate) password: &'a str,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// On the store in a folder; `people` are paths of people to look at.
pub(crate) async fn measure(
    (server, folder): (&Path, &Path),
    account: Account<'_>,
    people: &[String],
    size: &Size,
    table: &mut Table,
) {
    table.group(format!("server on a store with {} people", grouped(size.people)));
    let floor = {
        let began = Instant::now();
        let status = Command::new(server)
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        assert!(status.unwrap().success());
        began.elapsed()
    };
    let mut times = Vec::new();
    for _ in 0..if size.quick { 2 } else { 5 } {
        times.push(start(server, folder).await.2);
    }
    times.sort_unstable();
    let ready = times[times.len() / 2];
    table.add(
        Figure::new("from its start to readyz, median", said(ready))
            .limit(
                format!("{} to print its version", said(floor)),
                Share::of_times(ready, floor),
            )
            .aim("≤ 300 ms", ready <= Duration::from_millis(300)),
    );

    let (process, address, _) = start(server, folder).await;
    let fresh = memory(process.0.id());
    table.add(Figure::new("memory when it is ready", mebibytes(fresh)));
    let body = json!({ "user": account.name, "password": account.password });
    let answer = Request::new("POST", "/v1/session")
        .json(&body)
        .send(address)
        .await;
    assert!(answer.status < 300, "{}", answer.text());
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    let mut requests: Vec<Vec<u8>> = people
        .iter()
        .map(|path| Request::new("GET", path).token(&token).bytes())
        .collect();
    for text in ["marko vuj", "popov", "jeelna", "0101", "an ma"] {
        let search = Request::new("POST", "/v1/persons/search")
            .token(&token)
            .json(&json!({ "text": text }));
        requests.push(search.bytes());
    }
    let work = Work::Over(Arc::new(requests), size.long);
    let load = load::ask(address, 16, work).await.all_well();
    let used = memory(process.0.id());
    table.add(
        Figure::new(
            format!("memory after {} answers to 16 clerks", grouped(load.answers)),
            mebibytes(used),
        )
        .aim("≤ 60 MB", used <= 60 << 10),
    );
}

/// Starts the server; answers it, where it listens, and how long it took until it was ready.
async fn start(server: &Path, folder: &Path) -> (Process, SocketAddr, Duration) {
    let began = Instant::now();
    let mut child = Command::new(server)
        .args(["serve", "--listen", "127.0.0.1:0", "--json", "--data-dir"])
        .arg(folder)
        .env("KARTON_LOG", "warn")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let process = Process(child);
    let line = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).map(|_| line)
    });
    let line = line.await.unwrap().unwrap();
    let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the server said {line:?}"));
    let url = said["listening"].as_str().unwrap();
    let address: SocketAddr = url.trim_start_matches("http://").parse().unwrap();
    let mut line = Connection::open(address).await;
    let answer = line.ask(&Request::new("GET", "/readyz").bytes()).await.unwrap();
    assert_eq!(answer.status, 204, "{}", answer.text());
    (process, address, began.elapsed())
}
