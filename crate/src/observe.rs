//! Reports the ends of commands to the observers: metrics and traces.
//!
//! While there is an observer, the end of each request is reported. The code that answers a request takes its [`Call`]
//! (what it is, its namespace and set, when it was accepted) and ends that, exactly once. A stream takes over the call
//! that opened it, and ends the call when the stream ends. Without observers, a block of requests costs one relaxed
//! load; with observers, a request costs no more than a flag until its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use crate::boundary::completion::{Body, Request};
use crate::boundary::wire::Reader;
use crate::catalog::{self, SubjectPlace};
use crate::errors::Failure;
use crate::metrics;
use crate::policy;
use crate::shorten::beginning;
use crate::tracing;

/// Observer: spans.
pub const TRACING: u8 = 1 << 0;
/// Observer: metrics. On by default.
pub const METRICS: u8 = 1 << 1;

static LISTENERS: AtomicU8 = AtomicU8::new(METRICS);

/// Turns an observer on or off.
pub fn listen(who: u8, on: bool) {
    if on {
        LISTENERS.fetch_or(who, Ordering::Relaxed);
    } else {
        LISTENERS.fetch_and(!who, Ordering::Relaxed);
    }
}

/// Whether there is any observer.
pub fn observed() -> bool {
    LISTENERS.load(Ordering::Relaxed) != 0
}

/// Whether the observer `who` is on.
pub fn listens(who: u8) -> bool {
    LISTENERS.load(Ordering::Relaxed) & who != 0
}

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

/// A call that has not ended.
#[derive(Debug)]
pub struct Call {
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

/// The namespace and set of a call.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Namespace; that of the first row if there are several. Empty if there is none.
    pub namespace: &'a str,
    /// Set; that of the first row if there are several. Empty if there is none.
    pub set: &'a str,
    /// For a batch: number of rows.
    pub rows: Option<u32>,
}

impl Call {
    /// Describes the call of a request.
    pub fn of(request: &Arc<Request>) -> Self {
        let traced = request.traced();
        let (server, parent) = match traced {
            Some(Traced { server, parent }) => (server.clone(), *parent),
            None => (None, None),
        };
        Call {
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
        Call::of(&Request::new(0, 1, false, 0, accepted, body))
    }

    /// The name of the method in lower case, such as `batch_read`.
    pub fn operation(&self) -> &'static str {
        self.request.body().operation()
    }

    /// The namespace and set. Empty if the body is malformed; the command itself reports that.
    pub fn subject(&self) -> Subject<'_> {
        self.request.body().subject()
    }

    /// Reports the end of the call, with the failure if there was one.
    pub fn end(self, failure: Option<&Failure>) {
        if listens(METRICS) {
            metrics::ended(self.request.body(), self.accepted, self.rows, failure);
        }
        if self.traced {
            tracing::ended(&self, failure);
        }
    }
}

/// Reports the end of a request that is being answered.
pub fn answered(request: &Arc<Request>, failure: Option<&Failure>) {
    // Metrics need only the request itself, so skip creating a `Call`.
    if LISTENERS.load(Ordering::Relaxed) == METRICS {
        metrics::ended(request.body(), request.created(), None, failure);
    } else {
        Call::of(request).end(failure);
    }
}

impl Body {
    /// The name of the method in lower case, such as `batch_read`.
    pub fn operation(&self) -> &'static str {
        catalog::operation(self.command, self.variant)
    }

    /// The namespace and set. Empty if the body is malformed; the command itself reports that.
    pub fn subject(&self) -> Subject<'_> {
        read_subject(self.command, &mut self.reader()).unwrap_or_default()
    }
}

/// Maximum bytes of a namespace or set in metrics and spans. Names in keys are never longer, but other commands contain
/// any text that the caller passed.
const NAME_BYTES: usize = 255;

fn read_subject<'a>(command: u8, reader: &mut Reader<'a>) -> Result<Subject<'a>, Failure> {
    match catalog::subject_place(command) {
        SubjectPlace::Nothing => Ok(Subject::default()),
        SubjectPlace::Space => names(reader, None),
        SubjectPlace::Texts => Ok(Subject {
            namespace: beginning(reader.text()?, NAME_BYTES),
            set: beginning(reader.text()?, NAME_BYTES),
            rows: None,
        }),
        SubjectPlace::Text => Ok(Subject {
            namespace: beginning(reader.text()?, NAME_BYTES),
            ..Subject::default()
        }),
        SubjectPlace::Rows => {
            policy::skip(reader)?;
            first_row(reader)
        }
        SubjectPlace::Source => source(reader),
        SubjectPlace::Written => {
            policy::skip(reader)?;
            policy::skip(reader)?;
            source(reader)
        }
    }
}

fn names<'a>(reader: &mut Reader<'a>, rows: Option<u32>) -> Result<Subject<'a>, Failure> {
    Ok(Subject {
        namespace: reader.name()?,
        set: reader.name()?,
        rows,
    })
}

/// Reads a count and the first row, which starts with one byte before its key.
fn first_row<'a>(reader: &mut Reader<'a>) -> Result<Subject<'a>, Failure> {
    let rows = reader.u32()?;
    if rows == 0 {
        return Ok(Subject {
            rows: Some(0),
            ..Subject::default()
        });
    }
    reader.u8()?;
    names(reader, Some(rows))
}

/// Reads keys, which are a list or a column.
fn source<'a>(reader: &mut Reader<'a>) -> Result<Subject<'a>, Failure> {
    if reader.u8()? == 0 {
        return first_row(reader);
    }
    let mut subject = names(reader, None)?;
    subject.rows = Some(reader.u32()?);
    Ok(subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::wire::Writer;

    fn name(out: &mut Vec<u8>, text: &str) {
        out.put_u8(text.len() as u8);
        out.extend_from_slice(text.as_bytes());
    }

    fn call(command: u8, body: &[u8]) -> Call {
        let block: Arc<[u8]> = Arc::from(body);
        Call::new(command, 0, &block, (0, block.len()), Instant::now())
    }

    #[test]
    fn a_single_record_says_its_namespace_and_set() {
        let mut body = Vec::new();
        name(&mut body, "test");
        name(&mut body, "users");
        let get = call(4, &body);
        let subject = get.subject();
        assert_eq!((subject.namespace, subject.set, subject.rows), ("test", "users", None));
        assert_eq!(get.operation(), "get");
    }

    #[test]
    fn a_batch_says_those_of_its_first_row_behind_its_policy() {
        let mut body = vec![2, 1];
        body.put_f64(5.0);
        body.put_u8(64);
        body.put_blob(&[1, 2, 3]);
        body.put_u32(7);
        body.put_u8(0);
        name(&mut body, "test");
        name(&mut body, "");
        let batch = call(16, &body);
        let subject = batch.subject();
        assert_eq!((subject.namespace, subject.set, subject.rows), ("test", "", Some(7)));
    }

    #[test]
    fn keys_are_a_list_or_a_column() {
        let mut column = vec![2];
        name(&mut column, "test");
        name(&mut column, "users");
        column.put_u32(3);
        let expected = Subject {
            namespace: "test",
            set: "users",
            rows: Some(3),
        };
        assert_eq!(call(17, &column).subject(), expected);
        let written: Vec<u8> = [0, 0].into_iter().chain(column).collect();
        assert_eq!(call(23, &written).subject(), expected);
        let mut list = vec![0];
        list.put_u32(3);
        list.put_u8(0);
        name(&mut list, "test");
        name(&mut list, "users");
        assert_eq!(call(17, &list).subject(), expected);
        assert_eq!(call(17, &[0, 0, 0, 0, 0]).subject().rows, Some(0));
    }

    #[test]
    fn names_of_any_length_are_bounded() {
        let mut body = Vec::new();
        body.put_text(&"n".repeat(2 << 20));
        body.put_text(&"s".repeat(2 << 20));
        // 58 is `truncate`.
        let call = call(58, &body);
        let subject = call.subject();
        assert_eq!((subject.namespace.len(), subject.set.len()), (NAME_BYTES, NAME_BYTES));
    }

    #[test]
    fn a_body_that_ends_early_says_nothing() {
        for command in 0..=u8::MAX {
            assert_eq!(call(command, &[9]).subject(), Subject::default());
            assert_eq!(call(command, &[]).subject(), Subject::default());
        }
    }

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
