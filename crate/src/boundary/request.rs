//! A request that was accepted: what it asks for, its deadline, and how it is ended early.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use futures_util::task::AtomicWaker;

use super::wire::Reader;
use crate::errors::{Failure, Kind};
use crate::metrics;
use crate::observe::{Call, Traced};

/// Why a request is to end before its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Cancel {
    /// Its total timeout passed.
    Timeout = 1,
    /// The caller aborted.
    Abort = 2,
    /// The client or the environment closes.
    Close = 3,
}

/// What a request asks for, within the block that it came in.
#[derive(Debug)]
pub struct Body {
    /// The block.
    pub block: Arc<[u8]>,
    /// Where the body begins and ends.
    pub range: (usize, usize),
    /// What to do.
    pub command: u8,
    /// Which of the methods that share the command it is.
    pub variant: u8,
}

impl Body {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.block.get(self.range.0..self.range.1).unwrap_or_default()
    }

    /// A reader of it.
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self.bytes())
    }
}

#[cfg(test)]
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

/// One accepted request, shared by its task, the queue of the waiting and the table of the owed.
#[derive(Debug)]
pub struct Request {
    pub(super) slot: u32,
    pub(super) client: u32,
    write: bool,
    created: Instant,
    pub(super) deadline: Option<Instant>,
    pub(super) begun: AtomicBool,
    /// The core has been asked to send what it asks for.
    sent: AtomicBool,
    waited_us: AtomicU32,
    cancel: AtomicU8,
    waker: AtomicWaker,
    body: Body,
    /// Its end is still to be told, to who listens.
    untold: AtomicBool,
    traced: Option<Box<Traced>>,
}

impl Request {
    /// A request as JavaScript handed it over; `timeout_ms` 0 means without limit.
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
            untold: AtomicBool::new(false),
            traced: None,
        })
    }

    /// The same request, whose end is to be told; spans need `traced` for that.
    #[must_use]
    pub fn observed(self: Arc<Self>, traced: Option<Traced>) -> Arc<Self> {
        let mut request = self;
        if let Some(request) = Arc::get_mut(&mut request) {
            request.untold = AtomicBool::new(true);
            request.traced = traced.map(Box::new);
        }
        request
    }

    /// What it asks for.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// What spans need.
    pub fn traced(&self) -> Option<&Traced> {
        self.traced.as_deref()
    }

    /// When it was handed over.
    pub fn created(&self) -> Instant {
        self.created
    }

    /// What is told of it, for who tells of its end. None when nobody listens, or it was told.
    pub fn take_call(self: &Arc<Self>) -> Option<Call> {
        self.take_word().then(|| Call::of(self))
    }

    /// Whether its end is still to be told; who asks tells it.
    pub(super) fn take_word(&self) -> bool {
        self.untold.load(Ordering::Relaxed) && self.untold.swap(false, Ordering::AcqRel)
    }

    /// Whether it is a command that writes.
    pub fn writes(&self) -> bool {
        self.write
    }

    /// What is left of the total timeout in ms, at least 1 (0 would mean without limit to the core), or 0 for no limit.
    pub fn remaining_ms(&self) -> u32 {
        self.deadline.map_or(0, |deadline| {
            let left = deadline.saturating_duration_since(Instant::now()).as_millis();
            u32::try_from(left).unwrap_or(u32::MAX).max(1)
        })
    }

    /// Whether its total timeout has passed.
    pub fn expired(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Milliseconds between the call and its turn.
    pub fn waited_ms(&self) -> u32 {
        self.waited_us.load(Ordering::Relaxed) / 1000
    }

    /// How long ago its turn came.
    pub(super) fn runs_for(&self) -> Duration {
        let waited = Duration::from_micros(u64::from(self.waited_us.load(Ordering::Relaxed)));
        self.created.elapsed().saturating_sub(waited)
    }

    /// Its turn has come, at `now`.
    pub fn begin(&self, now: Instant) {
        let waited = now.saturating_duration_since(self.created);
        let micros = u32::try_from(waited.as_micros()).unwrap_or(u32::MAX);
        self.waited_us.store(micros, Ordering::Relaxed);
        if metrics::on() {
            metrics::waited(waited);
        }
        self.begun.store(true, Ordering::Release);
    }

    /// Why it is to end early, if it is.
    pub fn cancelled(&self) -> Option<Cancel> {
        match self.cancel.load(Ordering::Acquire) {
            1 => Some(Cancel::Timeout),
            2 => Some(Cancel::Abort),
            3 => Some(Cancel::Close),
            _ => None,
        }
    }

    /// To be called before the core is given what it sends for this request: from here on a write is in doubt when it ends
    /// without an answer. False: the request was cancelled before; then nothing is to be sent.
    ///
    /// Who cancels looks at `sent` after it has set `cancel`, who sends looks at `cancel` after it has set `sent`, in one
    /// order that both see. So whoever is told that nothing was sent can rely on it.
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

    /// Wakes `waker` when it is to end early; for what does not run in a `Cancellable` of its own.
    pub fn on_cancel(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    pub(super) fn cancel(&self, why: Cancel) {
        // The first reason stands.
        let _ = self
            .cancel
            .compare_exchange(0, why as u8, Ordering::SeqCst, Ordering::Acquire);
        self.waker.wake();
    }

    /// The failure that tells of an early end.
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
            Cancel::Abort => Failure::new(Kind::Abort, crate::errors::code::CLIENT, "the call was aborted"),
            Cancel::Close => Failure::client("the client was closed before the server answered"),
        };
        failure.in_doubt = self.in_doubt();
        failure.waited_ms = waited;
        failure
    }
}

/// Runs a future until it answers or its request is cancelled; the cancelled future is dropped where it runs, inside the
/// runtime, as aerospike-core needs it.
pub struct Cancellable<'a, F> {
    future: Pin<&'a mut F>,
    request: &'a Request,
    /// The future's first poll sends what the request asks for.
    sends: bool,
}

impl<'a, F: Future> Cancellable<'a, F> {
    /// Ties `future`, which sends what its request asks for, to the request.
    pub fn sending(future: Pin<&'a mut F>, request: &'a Request) -> Self {
        Cancellable {
            future,
            request,
            sends: true,
        }
    }

    /// Ties `future` to its request, whose write it does not send, or tells of itself by [`Request::send`].
    pub fn asking(future: Pin<&'a mut F>, request: &'a Request) -> Self {
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
        // Registered before the flag is read: a cancel between the two wakes us again.
        self.request.waker.register(context.waker());
        // One that is cancelled is not sent: `send` says so by what `cancelled` says next.
        if std::mem::take(&mut self.sends) {
            let _ = self.request.send();
        }
        if let Some(why) = self.request.cancelled() {
            return Poll::Ready(Err(why));
        }
        self.future.as_mut().poll(context).map(Ok)
    }
}
