//! What a handler leaves unread of a body is read to its end before the answer goes out: closing a connection with bytes on their way in
//! makes the other end forget the answer, and whoever sent too much would never hear so.

use axum::body::{Body, Bytes};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

/// So much is read and thrown away; whoever sends more is cut.
const MOST: usize = 16 << 20;
/// So long it may take.
const WITHIN: Duration = Duration::from_secs(5);

/// A body that the handler reads and the frame finishes.
#[derive(Clone)]
pub(super) struct Rest(Arc<Mutex<Body>>);

impl Rest {
    pub(super) fn of(body: Body) -> Rest {
        Rest(Arc::new(Mutex::new(body)))
    }
    fn body(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Reads to the end, within bounds.
    pub(super) async fn finish(mut self) {
        let finish = async {
            let mut read = 0;
            while let Some(Ok(frame)) = self.frame().await {
                read += frame.data_ref().map_or(0, Bytes::len);
                if read > MOST {
                    break;
                }
            }
        };
        let _late = tokio::time::timeout(WITHIN, finish).await;
    }
}

impl hyper::body::Body for Rest {
    type Data = Bytes;
    type Error = axum::Error;
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.body()).poll_frame(cx)
    }
    fn is_end_stream(&self) -> bool {
        hyper::body::Body::is_end_stream(&*self.body())
    }
    fn size_hint(&self) -> SizeHint {
        hyper::body::Body::size_hint(&*self.body())
    }
}
