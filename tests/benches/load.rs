//! Load over HTTP/1.1: connections that are kept, one request after another on each, no pipelining.
//!
//! It runs on a thread of its own with a small runtime of its own, as a program beside the server would, and shares the machine with it, in the
//! measured runs as in their limits.

use crate::time::Times;
use std::{
    cell::Cell,
    collections::BTreeMap,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::{JoinSet, LocalSet},
};

/// What is to be asked.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// These requests over and over, for so long.
    Over(Arc<Vec<Vec<u8>>>, Duration),
    /// Each of these once, for so long at most.
    Once(Arc<Vec<Vec<u8>>>, Duration),
}

/// What came out.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Answers.
    pub(crate) answers: u64,
    /// From the first request to the last answer.
    pub(crate) took: Duration,
    /// Of each.
    pub(crate) times: Times,
    /// How often each status came.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// An answer that was no success, for whoever wonders.
    pub(crate) refused: Option<String>,
}

impl Load {
    /// Answers in a second.
    pub(crate) fn rate(&self) -> u64 {
        crate::time::a_second(self.answers, self.took)
    }
    /// Adds what came out of another.
    pub(crate) fn take(&mut self, other: Load) {
        self.answers += other.answers;
        self.took += other.took;
        self.times.take(other.times);
        for (status, many) in other.statuses {
            *self.statuses.entry(status).or_default() += many;
        }
        self.refused = self.refused.take().or(other.refused);
    }
    /// Fails unless every answer was a success.
    pub(crate) fn all_well(self) -> Load {
        if let Some(refused) = &self.refused {
            panic!(
                "not every answer was a success: {:?}, such as {refused}",
                self.statuses
            );
        }
        self
    }
    /// `12,345/s, p99 3.1 ms`
    pub(crate) fn said(&self) -> String {
        format!(
            "{}/s, p99 {}",
            crate::time::grouped(self.rate()),
            crate::time::said(self.times.p99())
        )
    }
}

/// Asks on so many connections at once.
pub(crate) async fn ask(to: SocketAddr, connections: usize, work: Work) -> Load {
    let asking = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        LocalSet::new().block_on(&runtime, ask_here(to, connections, work))
    });
    // The server lives on the runtime of whoever waits here.
    tokio::task::spawn_blocking(move || asking.join().unwrap())
        .await
        .unwrap()
}

async fn ask_here(to: SocketAddr, connections: usize, work: Work) -> Load {
    let mut streams = Vec::with_capacity(connections);
    for _ in 0..connections {
        let stream = TcpStream::connect(to).await.unwrap();
        stream.set_nodelay(true).unwrap();
        streams.push(stream);
    }
    let (requests, long, once) = match work {
        Work::Over(requests, long) => (requests, long, false),
        Work::Once(requests, long) => (requests, long, true),
    };
    let next = Rc::new(Cell::new(0_usize));
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for stream in streams {
        let (requests, next) = (Arc::clone(&requests), Rc::clone(&next));
        tasks.spawn_local(async move {
            let mut line = Line::new(stream);
            let mut load = Load::default();
            while began.elapsed() < long {
                let place = next.get();
                next.set(place + 1);
                let request = match requests.get(place) {
                    Some(request) => request,
                    None if once => break,
                    None => &requests[place % requests.len()],
                };
                let asked = Instant::now();
                let status = line.ask(request).await;
                load.times.add(asked.elapsed());
                load.answers += 1;
                *load.statuses.entry(status).or_default() += 1;
                if !(200..300).contains(&status) && load.refused.is_none() {
                    load.refused = Some(line.last());
                }
            }
            load
        });
    }
    let mut all = Load::default();
    while let Some(load) = tasks.join_next().await {
        all.take(load.unwrap());
    }
    all.took = began.elapsed();
    all
}

/// A connection that is kept.
struct Line {
    stream: TcpStream,
    read: Vec<u8>,
    /// What was read of the answer.
    filled: usize,
}

impl Line {
    fn new(stream: TcpStream) -> Line {
        Line {
            stream,
            read: vec![0; 64 << 10],
            filled: 0,
        }
    }
    /// Sends a request and reads its whole answer; answers the status.
    async fn ask(&mut self, request: &[u8]) -> u16 {
        self.stream.write_all(request).await.unwrap();
        self.filled = 0;
        let mut whole = None;
        loop {
            if self.filled == self.read.len() {
                self.read.resize(self.read.len() * 2, 0);
            }
            let more = self.stream.read(&mut self.read[self.filled..]).await.unwrap();
            assert!(more > 0, "the server has closed the connection");
            self.filled += more;
            whole = whole.or_else(|| length(&self.read[..self.filled]));
            if whole.is_some_and(|whole| self.filled >= whole) {
                break;
            }
        }
        let status = self
            .read
            .get(9..12)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        status.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }
    /// The last answer as text.
    fn last(&self) -> String {
        String::from_utf8_lossy(&self.read[..self.filled]).into_owned()
    }
}

/// How long an answer is, once its head is there.
fn length(read: &[u8]) -> Option<usize> {
    let head = read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let name = b"content-length:";
    for line in read[..head].split(|byte| *byte == b'\n') {
        if line.len() > name.len() && line[..name.len()].eq_ignore_ascii_case(name) {
            let said = std::str::from_utf8(&line[name.len()..]).ok()?;
            return Some(head + said.trim().parse::<usize>().ok()?);
        }
    }
    // Only answers without a body come without their length here.
    Some(head)
}
