//! HTTP/1.1 by hand, for what a well-behaved client never sends, and for load without a client library in the way.

use karton_api::problem::Problem;
use serde_json::Value;
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Nothing in a story takes longer, however slow the machine is; a story that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Header lines, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(of, _)| of == name);
        found.map(|(_, value)| value.as_str())
    }
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The body as JSON.
    pub fn json(&self) -> Value {
        let read = serde_json::from_slice(&self.body);
        read.unwrap_or_else(|error| panic!("no JSON ({error}): {} {}", self.status, self.text()))
    }
    /// The body as a problem, with everything a problem must have.
    pub fn problem(&self) -> Problem {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "status {}: {}",
            self.status,
            self.text()
        );
        let problem: Problem = serde_json::from_value(self.json()).unwrap();
        assert_eq!(problem.status, self.status, "the status stands in the body too");
        assert!(
            problem.kind.starts_with("/problems/") && !problem.title.is_empty(),
            "{problem:?}"
        );
        problem
    }
}

/// A request to be written by hand.
#[derive(Debug, Clone)]
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// A request without headers but `Host`.
    pub fn new(method: &str, path: &str) -> Request {
        Request {
            head: format!("{method} {path} HTTP/1.1\r\nhost: karton\r\n"),
            body: Vec::new(),
        }
    }
    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }
    /// With a session's token.
    pub fn token(self, token: &str) -> Request {
        self.header("authorization", &format!("Bearer {token}"))
    }
    /// With a body of this type.
    pub fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Request {
        self.body = body.into();
        self.header("content-type", kind)
    }
    /// With a JSON body.
    pub fn json(self, body: &Value) -> Request {
        self.body("application/json", body.to_string())
    }
    /// As it travels.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone().into_bytes();
        if !self.body.is_empty() || self.head.starts_with('P') {
            bytes.extend_from_slice(format!("content-length: {}\r\n", self.body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
    /// Sends it on a connection of its own.
    pub async fn send(&self, to: SocketAddr) -> Answer {
        let mut connection = Connection::open(to).await;
        let sent = connection.ask(&self.bytes()).await;
        sent.unwrap_or_else(|error| panic!("no answer to {:?}: {error}", self.head.lines().next()))
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(to: SocketAddr) -> Connection {
        let stream = timeout(PATIENCE, TcpStream::connect(to)).await.unwrap().unwrap();
        stream.set_nodelay(true).unwrap();
        Connection {
            stream,
            read: Vec::with_capacity(16 << 10),
        }
    }
    /// Sends bytes and reads one answer. What the other end said before it cut the line counts as its answer, also
    /// where not all was sent.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        let (mut reader, mut writer) = self.stream.split();
        let send = async {
            // The other end may answer and close before it has read all of it.
            let sent = writer.write_all(request).await;
            if sent.is_err() {
                std::future::pending::<()>().await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            answer = timeout(PATIENCE, receive(&mut reader, &mut self.read)) => {
                answer.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
            }
            () = send => Err(io::ErrorKind::Other.into()),
        }
    }
    /// Sends bytes and no more.
    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }
    /// Reads one answer.
    pub async fn answer(&mut self) -> io::Result<Answer> {
        let (mut reader, _) = self.stream.split();
        match timeout(PATIENCE, receive(&mut reader, &mut self.read)).await {
            Ok(answer) => answer,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
    /// Waits until the other end has closed the connection; answers what it said before.
    pub async fn closed(&mut self) -> Vec<u8> {
        let mut said = std::mem::take(&mut self.read);
        let end = timeout(PATIENCE, self.stream.read_to_end(&mut said)).await;
        // A line that was reset is closed as well.
        let _ = end.expect("the connection is still open");
        said
    }
}

async fn receive(reader: &mut (impl tokio::io::AsyncRead + Unpin), read: &mut Vec<u8>) -> io::Result<Answer> {
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let head = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if reader.read_buf(read).await? == 0 {
            return Err(cut());
        }
    };
    let text = String::from_utf8_lossy(&read[..head]).into_owned();
    let mut lines = text.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok())
        .ok_or_else(cut)?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let header = |name: &str| {
        let found = headers.iter().find(|(of, _)| of == name);
        found.map(|(_, value)| value.as_str())
    };
    let length = header("content-length").and_then(|length| length.parse::<usize>().ok());
    let chunked = header("transfer-encoding").is_some_and(|coding| coding.contains("chunked"));
    let mut body = Vec::new();
    if chunked {
        let mut at = head;
        loop {
            let line = loop {
                if let Some(end) = read[at..].windows(2).position(|two| two == b"\r\n") {
                    break at + end;
                }
                if reader.read_buf(read).await? == 0 {
                    return Err(cut());
                }
            };
            let size = std::str::from_utf8(&read[at..line])
                .ok()
                .and_then(|size| usize::from_str_radix(size.split(';').next()?.trim(), 16).ok())
                .ok_or_else(cut)?;
            while read.len() < line + 2 + size + 2 {
                if reader.read_buf(read).await? == 0 {
                    return Err(cut());
                }
            }
            body.extend_from_slice(&read[line + 2..line + 2 + size]);
            at = line + 2 + size + 2;
            if size == 0 {
                read.drain(..at);
                break;
            }
        }
    } else {
        let length = length.unwrap_or(0);
        while read.len() < head + length {
            if reader.read_buf(read).await? == 0 {
                return Err(cut());
            }
        }
        body.extend_from_slice(&read[head..head + length]);
        read.drain(..head + length);
    }
    Ok(Answer {
        status,
        headers,
        body,
    })
}
