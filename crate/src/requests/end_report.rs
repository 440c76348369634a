//! The end of a call that is still to be reported to metrics and spans.
//!
//! While there is an observer, the end of each request is reported. The code that answers a request takes its report and
//! makes it, exactly once. A stream takes over the report of the call that opened it, and makes it when the stream ends.

use std::sync::Arc;
use std::time::Instant;

use super::subject::Subject;
use crate::common::errors::Failure;
use crate::requests::{Body, Request};
use crate::wire::Reader;

/// The first seed host of a client.
#[derive(Debug)]
pub struct Server {
    /// Host name or address.
    pub address: Arc<str>,
    pub port: u16,
}

/// The parent span of a call, as in the W3C `traceparent` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// Trace id; all zeros if no span is to be created.
    pub trace: [u8; 16],
    /// Span id.
    pub span: [u8; 8],
    /// Trace flags; bit 0 means sampled.
    pub flags: u8,
}

impl Parent {
    /// Bytes of a parent, which follows the body of a request.
    pub const BYTES: usize = 25;

    /// Reads a parent.
    ///
    /// # Errors
    /// The body ends early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let (mut trace, mut span) = ([0; 16], [0; 8]);
        trace.copy_from_slice(reader.bytes(16)?);
        span.copy_from_slice(reader.bytes(8)?);
        let flags = reader.u8()?;
        Ok(Parent { trace, span, flags })
    }

    /// Whether the caller does not want a span, because it creates the span itself.
    pub fn forbids(&self) -> bool {
        self.trace == [0; 16]
    }
}

/// Additional data of a request that is needed for its span.
#[derive(Debug)]
pub struct Traced {
    /// The first seed host of the client.
    pub server: Option<Arc<Server>>,
    /// The parent span.
    pub parent: Option<Parent>,
}

/// The report of a call that has not ended.
#[derive(Debug)]
pub struct EndReport {
    /// The first seed host of the client.
    pub server: Option<Arc<Server>>,
    /// Whether a span is created for the call.
    pub traced: bool,
    /// The parent span.
    pub parent: Option<Parent>,
    /// When the request was accepted.
    pub accepted: Instant,
    /// For a stream: number of delivered rows.
    pub rows: Option<u64>,
    request: Arc<Request>,
}

impl EndReport {
    /// Describes the call of a request.
    pub fn of(request: &Arc<Request>) -> Self {
        let traced = request.traced();
        let (server, parent) = match traced {
            Some(Traced { server, parent }) => (server.clone(), *parent),
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
    pub fn new(command: u8, variant: u8, block: &Arc<[u8]>, body: (usize, usize), accepted: Instant) -> Self {
        let body = Body {
            block: Arc::clone(block),
            range: body,
            command,
            variant,
        };
        EndReport::of(&Request::new(0, 1, false, 0, accepted, body))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_read_as_it_was_written() {
        let bytes: Vec<u8> = (0..25).collect();
        let Ok(parent) = Parent::read(&mut Reader::new(&bytes)) else {
            unreachable!()
        };
        assert_eq!((parent.trace[15], parent.span[7], parent.flags), (15, 23, 24));
        assert!(Parent::read(&mut Reader::new(&bytes[1..])).is_err());
    }
}
