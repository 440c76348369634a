//! What commands do, told to who listens: metrics and traces.
//!
//! While somebody listens, a request owes word of its end. Whoever answers it takes its [`Call`] (what it is, what it is
//! about, when it was accepted) and ends that, exactly once; a stream takes the call of its opening over, and ends it with
//! itself. While nobody listens, a block of requests costs one relaxed load. While somebody does, no request costs more than
//! a flag until its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use crate::boundary::completion::{Body, Request};
use crate::boundary::wire::Reader;
use crate::commands;
use crate::errors::Failure;
use crate::metrics;
use crate::policy;
use crate::shorten::beginning;
use crate::tracing;

/// Spans are made.
pub const TRACING: u8 = 1 << 0;
/// Metrics are counted, unless that is turned off.
pub const METRICS: u8 = 1 << 1;

static LISTENERS: AtomicU8 = AtomicU8::new(METRICS);

/// Begins or ends listening.
pub fn listen(who: u8, on: bool) {
    if on {
        LISTENERS.fetch_or(who, Ordering::Relaxed);
    } else {
        LISTENERS.fetch_and(!who, Ordering::Relaxed);
    }
}

/// Whether anybody listens.
pub fn observed() -> bool {
    LISTENERS.load(Ordering::Relaxed) != 0
}

/// Whether `who` listens.
pub fn listens(who: u8) -> bool {
    LISTENERS.load(Ordering::Relaxed) & who != 0
}

/// Where a client was told to look for its cluster: the first seed.
#[derive(Debug)]
pub struct Server {
    /// Host.
    pub address: Arc<str>,
    /// Port.
    pub port: u16,
}

/// The span that a call's is to be a child of, as W3C's `traceparent` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// Trace.
    pub trace: [u8; 16],
    /// Span.
    pub span: [u8; 8],
    /// Flags; the lowest bit says that it is sampled.
    pub flags: u8,
}

impl Parent {
    /// Bytes of a parent behind a request's body.
    pub const BYTES: usize = 25;

    /// Reads a parent.
    ///
    /// # Errors
    /// A body that ends early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let (mut trace, mut span) = ([0; 16], [0; 8]);
        trace.copy_from_slice(reader.bytes(16)?);
        span.copy_from_slice(reader.bytes(8)?);
        let flags = reader.u8()?;
        Ok(Parent { trace, span, flags })
    }

    /// It is none, and says that no span is to be made: somebody else makes it.
    pub fn forbids(&self) -> bool {
        self.trace == [0; 16]
    }
}

/// What spans need of a request beyond all others.
#[derive(Debug)]
pub struct Traced {
    /// Where its client looks for the cluster.
    pub server: Option<Arc<Server>>,
    /// The span that it belongs to.
    pub parent: Option<Parent>,
}

/// A command that has not ended yet.
#[derive(Debug)]
pub struct Call {
    /// Where its client looks for the cluster.
    pub server: Option<Arc<Server>>,
    /// A span is made of it.
    pub traced: bool,
    /// The span that it belongs to.
    pub parent: Option<Parent>,
    /// When it was handed over.
    pub accepted: Instant,
    /// Rows that were given so far, of a stream.
    pub rows: Option<u64>,
    request: Arc<Request>,
}

/// What a call is about, as its body says it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Namespace; of the first row where there are many. Empty where there is none.
    pub namespace: &'a str,
    /// Set; of the first row where there are many. Empty where there is none.
    pub set: &'a str,
    /// Rows of a batch.
    pub rows: Option<u32>,
}

impl Call {
    /// The call of a request.
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

    /// A call whose body lies in `block`.
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

    /// What it is about. Nothing, where the body cannot be read: its command says so.
    pub fn subject(&self) -> Subject<'_> {
        self.request.body().subject()
    }

    /// It has ended, well or with a failure.
    pub fn end(self, failure: Option<&Failure>) {
        if listens(METRICS) {
            metrics::ended(self.request.body(), self.accepted, self.rows, failure);
        }
        if self.traced {
            tracing::ended(&self, failure);
        }
    }
}

/// A request is answered, whose end is to be told.
pub fn answered(request: &Arc<Request>, failure: Option<&Failure>) {
    // Metrics need no more than what lies in the request.
    if LISTENERS.load(Ordering::Relaxed) == METRICS {
        metrics::ended(request.body(), request.created(), None, failure);
    } else {
        Call::of(request).end(failure);
    }
}

impl Body {
    /// The name of the method in lower case, such as `batch_read`.
    pub fn operation(&self) -> &'static str {
        commands::operation(self.command, self.variant)
    }

    /// What it is about. Nothing, where it cannot be read: its command says so.
    pub fn subject(&self) -> Subject<'_> {
        read_subject(self.command, &mut self.reader()).unwrap_or_default()
    }
}

/// Bytes of a namespace or set that metrics and spans repeat: those of a key are no longer, those of other commands are what the
/// caller gave.
const NAME_BYTES: usize = 255;

fn read_subject<'a>(command: u8, reader: &mut Reader<'a>) -> Result<Subject<'a>, Failure> {
    match commands::body(command) {
        commands::Body::Nothing => Ok(Subject::default()),
        commands::Body::Space => names(reader, None),
        commands::Body::Texts => Ok(Subject {
            namespace: beginning(reader.text()?, NAME_BYTES),
            set: beginning(reader.text()?, NAME_BYTES),
            rows: None,
        }),
        commands::Body::Text => Ok(Subject {
            namespace: beginning(reader.text()?, NAME_BYTES),
            ..Subject::default()
        }),
        commands::Body::Rows => {
            policy::skip(reader)?;
            first_row(reader)
        }
        commands::Body::Source => source(reader),
        commands::Body::Written => {
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

/// A count, and a row behind a byte of its own.
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

/// Keys, as a list or as a column.
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
        // A truncation.
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
