//! An accepted request: its body, its deadline, and its cancellation.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use futures_util::task::AtomicWaker;

use super::trace_context::TraceContext;
use super::transaction::Transaction;
use crate::common::errors::{Failure, Kind};
use crate::wire::Reader;

/// Why a request ends before its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Cancel {
    /// The total timeout expired.
    Timeout = 1,
    /// The caller aborted the call.
    Abort = 2,
    /// The client or the environment closed.
    Close = 3,
}

/// The body of a request, as a range of the block that it arrived in.
#[derive(Debug)]
pub struct Body {
    /// The whole block, shared by its requests.
    pub block: Arc<[u8]>,
    /// Start and end offsets of the body in the block.
    pub range: (usize, usize),
    /// Command number.
    pub command: u8,
    /// Variant of the command: distinguishes the methods that share it.
    pub variant: u8,
}

impl Body {
    /// The bytes of the body.
    pub fn bytes(&self) -> &[u8] {
        self.block.get(self.range.0..self.range.1).unwrap_or_default()
    }

    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self.bytes())
    }
}

#[cfg(any(test, fuzzing))]
impl Default for Body {
    fn default() -> Self {
        Body {
            block: Arc::from([]),
            range: (0, 0),
            command: 0,
            variant: 0,
        }
    }
}

/// One accepted request, shared by its task, the queue of waiting commands and the table of unanswered requests.
#[derive(Debug)]
pub struct Request {
    pub(super) slot: u32,
    pub(super) client: u32,
    write: bool,
    created: Instant,
    pub(super) deadline: Option<Instant>,
    pub(super) begun: AtomicBool,
    /// Set when the request was passed to the core to be sent.
    sent: AtomicBool,
    waited_us: AtomicU32,
    cancel: AtomicU8,
    waker: AtomicWaker,
    body: Body,
    /// Whether the end of this request is still to be reported to metrics and spans.
    report_pending: AtomicBool,
    traced: Option<Box<TraceContext>>,
    transaction: Option<Arc<Transaction>>,
}

impl Request {
    /// Creates a request as JavaScript submitted it. `timeout_ms` 0 means no limit.
    pub fn new(slot: u32, client: u32, write: bool, timeout_ms: u32, created: Instant, body: Body) -> Arc<Self> {
        Arc::new(Request {
            slot,
            client,
            write,
            created,
            deadline: (timeout_ms > 0).then(|| created + Duration::from_millis(u64::from(timeout_ms))),
            begun: AtomicBool::new(false),
            sent: AtomicBool::new(false),
            waited_us: AtomicU32::new(0),
            cancel: AtomicU8::new(0),
            waker: AtomicWaker::new(),
            body,
            report_pending: AtomicBool::new(false),
            traced: None,
            transaction: None,
        })
    }

    /// Marks the request so that its end is reported. `traced` holds what a span needs.
    #[must_use]
    pub fn observed(self: Arc<Self>, traced: Option<TraceContext>) -> Arc<Self> {
        let mut request = self;
        if let Some(request) = Arc::get_mut(&mut request) {
            request.report_pending = AtomicBool::new(true);
            request.traced = traced.map(Box::new);
        }
        request
    }

    /// Sets the transaction that the request belongs to.
    #[must_use]
    pub fn in_transaction(self: Arc<Self>, transaction: Arc<Transaction>) -> Arc<Self> {
        let mut request = self;
        if let Some(request) = Arc::get_mut(&mut request) {
            request.transaction = Some(transaction);
        }
        request
    }

    /// The transaction that the request belongs to.
    pub fn transaction(&self) -> Option<&Arc<Transaction>> {
        self.transaction.as_ref()
    }

    pub fn body(&self) -> &Body {
        &self.body
    }

    /// What a span of this request needs, if the request is traced.
    pub fn traced(&self) -> Option<&TraceContext> {
        self.traced.as_deref()
    }

    /// When JavaScript submitted the request.
    pub fn created(&self) -> Instant {
        self.created
    }

    /// Claims the report of this request's end: true exactly once, and only if the end is to be reported. The caller
    /// then reports it.
    pub fn take_end_report(&self) -> bool {
        self.report_pending.load(Ordering::Relaxed) && self.report_pending.swap(false, Ordering::AcqRel)
    }

    /// Whether the command writes.
    pub fn writes(&self) -> bool {
        self.write
    }

    /// When the total timeout expires.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The rest of the total timeout in milliseconds, or 0 for no limit. At least 1 if there is a limit, because 0
    /// means no limit to the core.
    pub fn remaining_ms(&self) -> u32 {
        self.deadline.map_or(0, |deadline| {
            let left = deadline.saturating_duration_since(Instant::now()).as_millis();
            u32::try_from(left).unwrap_or(u32::MAX).max(1)
        })
    }

    /// Whether the total timeout has expired.
    pub fn expired(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Milliseconds that the request waited in the queue.
    pub fn waited_ms(&self) -> u32 {
        self.waited_us.load(Ordering::Relaxed) / 1000
    }

    /// Time since the request left the queue.
    pub fn runs_for(&self) -> Duration {
        let waited = Duration::from_micros(u64::from(self.waited_us.load(Ordering::Relaxed)));
        self.created.elapsed().saturating_sub(waited)
    }

    /// Marks the request as running since `now`. Returns its time in the queue.
    pub fn begin(&self, now: Instant) -> Duration {
        let waited = now.saturating_duration_since(self.created);
        let micros = u32::try_from(waited.as_micros()).unwrap_or(u32::MAX);
        self.waited_us.store(micros, Ordering::Relaxed);
        self.begun.store(true, Ordering::Release);
        waited
    }

    /// The reason for which the request was cancelled, if it was.
    pub fn cancelled(&self) -> Option<Cancel> {
        match self.cancel.load(Ordering::Acquire) {
            1 => Some(Cancel::Timeout),
            2 => Some(Cancel::Abort),
            3 => Some(Cancel::Close),
            _ => None,
        }
    }

    /// Marks the request as sent. Call this before you pass the request to the core: from here on, a write that ends
    /// without an answer is in doubt. Returns false if the request was already cancelled: then do not send it.
    ///
    /// A canceller sets `cancel` and then reads `sent`; a sender sets `sent` and then reads `cancel`. The sequentially
    /// consistent order guarantees that at least one sees the other, so a report that nothing was sent is reliable.
    #[must_use]
    pub fn send(&self) -> bool {
        if self.sent.swap(true, Ordering::SeqCst) || self.cancel.load(Ordering::SeqCst) == 0 {
            return true;
        }
        self.sent.store(false, Ordering::SeqCst);
        false
    }

    /// Whether a write that ends now without an answer may have been applied.
    pub fn in_doubt(&self) -> bool {
        self.write && self.sent.load(Ordering::SeqCst)
    }

    /// Wakes `waker` when the request is cancelled. For code that does not run in its own `Cancellable`.
    pub fn on_cancel(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    pub(super) fn cancel(&self, why: Cancel) {
        // The first reason wins.
        let _ = self
            .cancel
            .compare_exchange(0, why as u8, Ordering::SeqCst, Ordering::Acquire);
        self.waker.wake();
    }

    /// The failure that reports the cancellation to the caller.
    pub fn cancel_failure(&self, why: Cancel) -> Failure {
        let begun = self.begun.load(Ordering::Acquire);
        let total = u32::try_from(self.created.elapsed().as_millis()).unwrap_or(u32::MAX);
        let waited = if begun { self.waited_ms() } else { total };
        let mut failure = match why {
            Cancel::Timeout if begun => Failure::timeout(format!(
                "no answer within the total timeout ({total} ms, {waited} ms of them queued)"
            )),
            Cancel::Timeout => Failure::timeout(format!(
                "the total timeout passed after {waited} ms in the queue; nothing was sent"
            )),
            Cancel::Abort => Failure::new(Kind::Abort, crate::common::errors::code::CLIENT, "the call was aborted"),
            Cancel::Close => Failure::closed("the client was closed before the server answered"),
        };
        failure.in_doubt = self.in_doubt();
        failure.attempts = u32::from(begun && self.sent.load(Ordering::SeqCst));
        failure.waited_ms = waited;
        failure
    }
}

/// Runs a future until it completes or its request is cancelled. A cancelled future is dropped by the task that polled
/// it, inside the runtime, as aerospike-core requires.
pub struct Cancellable<'a, F> {
    future: Pin<&'a mut F>,
    request: &'a Request,
    /// Whether the first poll of the future sends the request.
    sends: bool,
}

impl<'a, F: Future> Cancellable<'a, F> {
    /// Ties `future` to `request`. The first poll of `future` sends the request.
    pub fn sending(future: Pin<&'a mut F>, request: &'a Request) -> Self {
        Cancellable {
            future,
            request,
            sends: true,
        }
    }

    /// Ties `future` to `request`, if `future` does not send the request's write or calls [`Request::send`] itself.
    pub fn new(future: Pin<&'a mut F>, request: &'a Request) -> Self {
        Cancellable {
            future,
            request,
            sends: false,
        }
    }
}

impl<F: Future> Future for Cancellable<'_, F> {
    type Output = Result<F::Output, Cancel>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Register before reading the flag: a cancel between the two wakes the task again.
        self.request.waker.register(context.waker());
        // A cancelled request is not sent: if `send` returns false, the request has a reason for its cancellation.
        let refused = std::mem::take(&mut self.sends) && !self.request.send();
        match self.request.cancelled() {
            None => self.future.as_mut().poll(context).map(Ok),
            // The core enforces the same limit. When many calls time out together, its error can be ready by now, and it
            // reports exactly what was sent.
            Some(Cancel::Timeout) if !refused => match self.future.as_mut().poll(context) {
                Poll::Ready(outcome) => Poll::Ready(Ok(outcome)),
                Poll::Pending => Poll::Ready(Err(Cancel::Timeout)),
            },
            Some(why) => Poll::Ready(Err(why)),
        }
    }
}
