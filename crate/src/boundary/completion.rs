//! The way back to JavaScript: every accepted request gets exactly one reply frame, in one queue with one wake.
//!
//! A [`Channel`] holds, under one lock, the queue of reply frames and the requests that are still owed one. Whoever
//! answers (the command itself, the deadline sweep, a dropped task, a closing environment) takes the request out of the
//! table first; who comes second finds nothing and stays silent.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use super::buffer::Aligned;
use super::frames::Frames;
pub use super::request::{Body, Cancel, Cancellable, Request};
use super::shapes::Shapes;
use super::table::Table;
use super::wire::{FLAG_ATTACHED, Status, Writer, put_failure};
use crate::errors::{Failure, Kind, MESSAGE_BYTES};
use crate::metrics;
use crate::observe;
use crate::shorten::shorten;

/// A body larger than this waits as an attachment instead of being copied through the drain's buffer.
const ATTACH_BYTES: usize = 64 << 10;

/// A thread's scratch memory that grew beyond this is given back.
const KEPT_BYTES: usize = 1 << 20;

/// Late requests that are ended between two looks at the table, so that it is not locked for long.
const LATE_AT_ONCE: usize = 1024;

/// Attachments for which room is kept when they were taken.
const KEPT_ATTACHMENTS: usize = 1024;

/// The slot of frames that belong to no request.
const NO_SLOT: u32 = u32::MAX;

/// What waits under its number until JavaScript takes it.
#[derive(Debug)]
pub enum Attachment {
    /// Plain bytes.
    Bytes(Vec<u8>),
    /// Columns, aligned for typed arrays.
    Columns(Aligned),
}

#[derive(Default)]
struct Inner {
    queue: Frames,
    scheduled: bool,
    closed: bool,
    owed: Table,
    attachments: HashMap<u32, Attachment>,
    next_attachment: u32,
}

/// The replies of one environment, or of its blocking client.
pub struct Channel {
    inner: Mutex<Inner>,
    shapes: Shapes,
    /// Told whether more replies are owed, and so may follow soon.
    wake: Box<dyn Fn(bool) + Send + Sync>,
    /// Tells the deadline sweep that there is something to look after again.
    busy: Notify,
}

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What a drain took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Bytes written to the caller's buffer.
    pub bytes: usize,
    /// Whether frames are left, and with them the duty to come again.
    pub more: bool,
}

impl Channel {
    /// A channel that calls `wake` when frames wait that nobody was told of, with whether more are owed. `wake` may be called once more after `close`.
    pub fn new(wake: Box<dyn Fn(bool) + Send + Sync>) -> Arc<Self> {
        Arc::new(Channel {
            inner: Mutex::default(),
            shapes: Shapes::default(),
            wake,
            busy: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // The lock guards plain data that is consistent between statements: a panic elsewhere does not spoil it.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Owes each of `requests` a reply from now on. False when the channel is closed: then nothing is owed.
    pub fn accept(&self, requests: &[Arc<Request>]) -> bool {
        let mut inner = self.lock();
        if inner.closed {
            return false;
        }
        if inner.owed.is_empty() {
            self.busy.notify_one();
        }
        for request in requests {
            inner.owed.insert(request);
        }
        true
    }

    /// Queues a frame. A large body, whatever it says, is taken and becomes an attachment: no frame is larger than what a
    /// reader takes at a time. True when the caller is to wake JavaScript, after it has given the lock back: the thread that
    /// it wakes wants that lock first.
    #[must_use]
    fn append(inner: &mut Inner, slot: u32, status: Status, body: &mut Vec<u8>) -> bool {
        if inner.closed {
            return false;
        }
        let attached = body.len() > ATTACH_BYTES;
        if attached {
            let number = Self::attach_locked(inner, Attachment::Bytes(std::mem::take(body)));
            body.put_u32(number);
        }
        let flags = if attached { FLAG_ATTACHED } else { 0 };
        inner.queue.push(slot, status as u16, flags, body);
        !std::mem::replace(&mut inner.scheduled, true)
    }

    /// Answers `request` with what `encode` writes, unless it was answered before.
    pub fn reply(&self, request: &Arc<Request>, encode: impl FnOnce(&mut Vec<u8>, &Self) -> Result<(), Failure>) {
        self.answer(request, encode);
    }

    /// As `reply`; tells whether this was the answer.
    pub fn answer(
        &self,
        request: &Arc<Request>,
        encode: impl FnOnce(&mut Vec<u8>, &Self) -> Result<(), Failure>,
    ) -> bool {
        SCRATCH.with_borrow_mut(|scratch| {
            scratch.clear();
            let outcome = encode(scratch, self);
            let status = match &outcome {
                Ok(()) => Status::Ok,
                Err(failure) => {
                    scratch.clear();
                    put_failure(scratch, failure);
                    Status::Failed
                }
            };
            // Told before it is answered: whoever has the answer may look at what was told.
            if request.take_word() {
                if metrics::profiled() {
                    metrics::answered(request.runs_for());
                }
                observe::answered(request, outcome.as_ref().err());
            }
            let mut inner = self.lock();
            if !inner.owed.remove(request) {
                return false;
            }
            let wake = Self::append(&mut inner, request.slot, status, scratch);
            let more = !inner.owed.is_empty();
            drop(inner);
            // What failed half-way through a large result must not keep its memory.
            if scratch.capacity() > KEPT_BYTES {
                *scratch = Vec::new();
            }
            if wake {
                (self.wake)(more);
            }
            true
        })
    }

    /// Answers `request` with a failure, unless it was answered before.
    pub fn fail(&self, request: &Arc<Request>, failure: Failure) {
        self.reply(request, |_, _| Err(failure));
    }

    /// Warns JavaScript of something that no call failed of.
    pub fn notice(&self, text: &str) {
        let mut inner = self.lock();
        let mut text = shorten(text, MESSAGE_BYTES).into_owned().into_bytes();
        let wake = Self::append(&mut inner, NO_SLOT, Status::Notice, &mut text);
        let more = !inner.owed.is_empty();
        drop(inner);
        if wake {
            (self.wake)(more);
        }
    }

    fn attach_locked(inner: &mut Inner, attachment: Attachment) -> u32 {
        let number = inner.next_attachment;
        inner.next_attachment = number.wrapping_add(1);
        if !inner.closed {
            inner.attachments.insert(number, attachment);
        }
        number
    }

    /// Lays `attachment` down for JavaScript to take and gives its number.
    pub fn attach(&self, attachment: Attachment) -> u32 {
        Self::attach_locked(&mut self.lock(), attachment)
    }

    /// Takes an attachment.
    pub fn take(&self, number: u32) -> Option<Attachment> {
        let mut inner = self.lock();
        let taken = inner.attachments.remove(&number);
        if inner.attachments.is_empty() && inner.attachments.capacity() > KEPT_ATTACHMENTS {
            inner.attachments = HashMap::new();
        }
        taken
    }

    /// The shape number of a record with these bins, or None where a shape is not worth its place. A shape that JavaScript
    /// has not seen yet is queued before anything can refer to it.
    pub fn shape<'n>(&self, names: impl ExactSizeIterator<Item = &'n str> + Clone) -> Option<u32> {
        self.shapes.find(names, |number, body| {
            let mut frame = Vec::with_capacity(4 + body.len());
            frame.put_u32(number);
            frame.extend_from_slice(body);
            if Self::append(&mut self.lock(), NO_SLOT, Status::Shape, &mut frame) {
                (self.wake)(true);
            }
        })
    }

    /// Moves whole frames into `target` until it is full, `frames` were moved or none is left.
    pub fn drain(&self, target: &mut [u8], frames: u32) -> Drained {
        let mut inner = self.lock();
        let bytes = inner.queue.drain(target, frames);
        let more = !inner.queue.is_empty();
        if !more {
            inner.scheduled = false;
        }
        Drained { bytes, more }
    }

    /// Ends the request in `slot` for the caller's sake; its reply still comes. Tells whether it is in doubt, or None when it has
    /// been answered: then the reply waits to be drained, and says what became of it.
    pub fn abort(&self, slot: u32) -> Option<bool> {
        let request = self.lock().owed.get(slot).map(Arc::clone)?;
        request.cancel(Cancel::Abort);
        let in_doubt = request.in_doubt();
        if !request.begun.load(Ordering::Acquire) {
            self.fail(&request, request.cancel_failure(Cancel::Abort));
        }
        Some(in_doubt)
    }

    /// Whether frames wait to be drained.
    pub fn has_frames(&self) -> bool {
        !self.lock().queue.is_empty()
    }

    /// Whether no reply is owed, and none waits to be drained.
    pub fn is_idle(&self) -> bool {
        let inner = self.lock();
        inner.owed.is_empty() && inner.queue.is_empty()
    }

    /// Waits until a request is owed a reply. False when none will be any more.
    pub async fn busy(&self) -> bool {
        self.busy.notified().await;
        !self.lock().closed
    }

    /// Ends what is past its deadline: what has begun by cancelling it, what still waits by answering for it. False when
    /// nothing is owed, and so nothing is to be looked after.
    pub fn sweep(&self, now: Instant) -> bool {
        loop {
            let late = self.lock().owed.late(now, LATE_AT_ONCE);
            if late.is_empty() {
                break;
            }
            for request in late {
                request.cancel(Cancel::Timeout);
                if !request.begun.load(Ordering::Acquire) {
                    self.fail(&request, request.cancel_failure(Cancel::Timeout));
                }
            }
        }
        let mut inner = self.lock();
        inner.owed.trim();
        !inner.owed.is_empty()
    }

    /// Tells everything that `client` still has to do to end.
    pub fn end_client(&self, client: u32) {
        let inner = self.lock();
        for request in inner.owed.iter().filter(|request| request.client == client) {
            request.cancel(Cancel::Close);
        }
    }

    /// The environment goes away: nothing is queued or woken any more, and whatever runs is told to end.
    pub fn close(&self) {
        let owed = {
            let mut inner = self.lock();
            inner.closed = true;
            inner.queue = Frames::default();
            inner.attachments.clear();
            inner.owed.take()
        };
        for request in owed {
            request.cancel(Cancel::Close);
        }
        self.busy.notify_one();
    }
}

/// Holds a request while it waits or runs. Dropped without an answer (a panic, a stopped runtime), it gives one.
pub struct Owed {
    channel: Arc<Channel>,
    request: Arc<Request>,
}

impl Owed {
    /// Takes charge of an accepted request.
    pub fn new(channel: Arc<Channel>, request: Arc<Request>) -> Self {
        Owed { channel, request }
    }

    /// The request.
    pub fn request(&self) -> &Arc<Request> {
        &self.request
    }

    /// The channel that the reply goes to.
    pub fn channel(&self) -> &Arc<Channel> {
        &self.channel
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        let lost = Failure::new(
            Kind::Panic,
            crate::errors::code::CLIENT,
            "the command ended without an answer",
        );
        self.channel.fail(&self.request, lost.doubt(self.request.in_doubt()));
    }
}

#[cfg(test)]
#[path = "completion_tests.rs"]
mod tests;
