//! The end of a call that is still to be reported to metrics and spans.
//!
//! While there is an observer, the end of each request is reported. The code that answers a request takes its report and
//! makes it, exactly once. A stream takes over the report of the call that opened it, and makes it when the stream ends.

use std::sync::Arc;
use std::time::Instant;

use super::request::{Body, Request};
use super::subject::Subject;
use super::trace_context::{SeedHost, TraceContext, TraceParent};

/// The report of a call that has not ended.
#[derive(Debug)]
pub struct EndReport {
    /// The first seed host of the client.
    pub server: Option<Arc<SeedHost>>,
    /// Whether a span is created for the call.
    pub traced: bool,
    pub parent: Option<TraceParent>,
    /// When the request was accepted.
    pub accepted: Instant,
    /// For a stream: number of delivered rows.
    pub rows: Option<u64>,
    request: Arc<Request>,
}

impl EndReport {
    /// Describes the call of a request.
    pub fn new(request: &Arc<Request>) -> Self {
        let traced = request.traced();
        let (server, parent) = match traced {
            Some(TraceContext { server, parent }) => (server.clone(), *parent),
            None => (None, None),
        };
        EndReport {
            server,
            traced: traced.is_some(),
            parent,
            accepted: request.created(),
            rows: None,
            request: Arc::clone(request),
        }
    }

    /// Creates a call whose body is in `block`.
    #[cfg(test)]
    pub fn of_body(command: u8, variant: u8, block: &Arc<[u8]>, body: (usize, usize), accepted: Instant) -> Self {
        let body = Body {
            block: Arc::clone(block),
            range: body,
            command,
            variant,
        };
        EndReport::new(&Request::new(0, 1, false, 0, accepted, body))
    }

    /// The body of the request.
    pub fn body(&self) -> &Body {
        self.request.body()
    }

    /// The name of the method in lower case, such as `batch_read`.
    pub fn operation(&self) -> &'static str {
        self.request.body().operation()
    }

    /// The namespace and set. Empty if the body is malformed; the command itself reports that.
    pub fn subject(&self) -> Subject<'_> {
        self.request.body().subject()
    }
}
