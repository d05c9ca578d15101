use std::net::SocketAddr;

/// Who is at the other end of the connection; set by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

tokio::task_local! {
    /// The number of the request that this task works on.
    pub(super) static REQUEST: String;
}

/// The number of the request being worked on, for problems and logs; nothing outside of requests.
pub fn request_id() -> Option<String> {
    REQUEST.try_with(Clone::clone).ok()
}
