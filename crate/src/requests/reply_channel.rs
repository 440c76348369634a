//! The way back to JavaScript: every accepted request gets exactly one reply frame, in one queue with one wakeup.
//!
//! A [`Channel`] holds, under one lock, the queue of reply frames and the requests that are still unanswered. Several
//! parties can answer a request: the command itself, the deadline sweep, a dropped task, or a closing environment. The
//! first one removes the request from the table; later ones find nothing and send no reply.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use super::frame_queue::Frames;
use super::pending::PendingRequests;
use super::request::{Cancel, Request};
use super::shapes::Shapes;
use crate::common::errors::{Failure, Kind, MESSAGE_BYTES};
use crate::common::shorten::shorten;
use crate::wire::headers::{FLAG_ATTACHED, Status};
use crate::wire::{Aligned, Writer, put_failure};

/// A body larger than this becomes an attachment instead of being copied through the drain buffer.
const ATTACH_BYTES: usize = 64 << 10;

/// A thread frees its scratch memory if it has grown beyond this size.
const KEPT_BYTES: usize = 1 << 20;

/// Number of expired requests that are ended per lock of the table, so that it is not locked for long.
const LATE_AT_ONCE: usize = 1024;

/// An empty attachment map with a larger capacity than this is freed.
const KEPT_ATTACHMENTS: usize = 1024;

/// The slot of frames that do not belong to a request.
const NO_SLOT: u32 = u32::MAX;

/// Data that waits under its number until JavaScript takes it.
#[derive(Debug)]
pub enum Attachment {
    /// An unaligned reply body.
    Bytes(Vec<u8>),
    /// Columns, aligned for typed arrays.
    Columns(Aligned),
}

#[derive(Default)]
struct Inner {
    queue: Frames,
    scheduled: bool,
    closed: bool,
    pending: PendingRequests,
    attachments: HashMap<u32, Attachment>,
    next_attachment: u32,
}

/// Reports the end of a request, with the failure if there was one.
pub type OnEnd = fn(&Arc<Request>, Option<&Failure>);

/// A reply queue of one environment, which has one channel for asynchronous calls and one for blocking calls.
pub struct Channel {
    inner: Mutex<Inner>,
    shapes: Shapes,
    /// Called with whether more requests are unanswered, so that more replies may follow soon.
    wake: Box<dyn Fn(bool) + Send + Sync>,
    on_end: OnEnd,
    /// Notifies the deadline sweep that requests are pending again.
    busy: Notify,
}

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The result of a drain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Bytes written to the caller's buffer.
    pub bytes: usize,
    /// Whether frames are left. The caller must then drain again: no further wakeup follows.
    pub more: bool,
}

/// When to sweep the deadlines again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextSweep {
    /// Whether no request is pending, so that the sweep can pause until one is accepted.
    pub idle: bool,
    /// The next deadline of the pending requests.
    pub due: Option<Instant>,
}

impl Channel {
    /// Creates a channel. It calls `wake` when frames are waiting and no wakeup is pending, with whether more requests
    /// are unanswered. `wake` may be called once more after `close`. It calls `on_end` when it answers a request whose end
    /// is to be reported.
    pub fn new(wake: Box<dyn Fn(bool) + Send + Sync>, on_end: OnEnd) -> Arc<Self> {
        Arc::new(Channel {
            inner: Mutex::default(),
            shapes: Shapes::default(),
            wake,
            on_end,
            busy: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock()
    }

    /// Registers `requests`: each gets a reply from now on. Returns false, and registers nothing, if the channel is
    /// closed.
    pub fn accept(&self, requests: &[Arc<Request>]) -> bool {
        let mut inner = self.lock();
        if inner.closed {
            return false;
        }
        if inner.pending.is_empty() {
            self.busy.notify_one();
        }
        for request in requests {
            inner.pending.insert(request);
        }
        true
    }

    /// Queues a frame. A large body of any kind is taken and becomes an attachment, so that every frame fits the
    /// reader's buffer. If this returns true, the caller must wake JavaScript after it has released the lock, because
    /// the woken thread needs that lock first.
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

    /// Answers `request` with what `encode` writes, unless it is already answered.
    pub fn reply(&self, request: &Arc<Request>, encode: impl FnOnce(&mut Vec<u8>, &Self) -> Result<(), Failure>) {
        self.answer(request, encode);
    }

    /// Like `reply`; returns whether this call answered the request.
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
            // Report before answering: a caller that has the answer may read the metrics and spans at once.
            if request.take_end_report() {
                (self.on_end)(request, outcome.as_ref().err());
            }
            let mut inner = self.lock();
            if !inner.pending.remove(request) {
                return false;
            }
            let wake = Self::append(&mut inner, request.slot, status, scratch);
            let more = !inner.pending.is_empty();
            drop(inner);
            // A failure half-way through a large result must not keep its memory.
            if scratch.capacity() > KEPT_BYTES {
                *scratch = Vec::new();
            }
            if wake {
                (self.wake)(more);
            }
            true
        })
    }

    /// Answers `request` with a failure, unless it is already answered.
    pub fn fail(&self, request: &Arc<Request>, failure: Failure) {
        self.reply(request, |_, _| Err(failure));
    }

    /// Sends JavaScript a warning that does not belong to a failed call.
    pub fn notice(&self, text: &str) {
        let mut inner = self.lock();
        let mut text = shorten(text, MESSAGE_BYTES).into_owned().into_bytes();
        let wake = Self::append(&mut inner, NO_SLOT, Status::Notice, &mut text);
        let more = !inner.pending.is_empty();
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

    /// Stores `attachment` for JavaScript to take and returns its number.
    pub fn attach(&self, attachment: Attachment) -> u32 {
        Self::attach_locked(&mut self.lock(), attachment)
    }

    /// Removes and returns an attachment.
    pub fn take(&self, number: u32) -> Option<Attachment> {
        let mut inner = self.lock();
        let taken = inner.attachments.remove(&number);
        if inner.attachments.is_empty() && inner.attachments.capacity() > KEPT_ATTACHMENTS {
            inner.attachments = HashMap::new();
        }
        taken
    }

    /// Returns the shape number of a record with these bins, or `None` if the record has too many bins or the table is
    /// full. A new shape is queued before any reply can refer to it.
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

    /// Moves whole frames into `target` until it is full, `frames` frames were moved, or the queue is empty.
    pub fn drain(&self, target: &mut [u8], frames: u32) -> Drained {
        let mut inner = self.lock();
        let bytes = inner.queue.drain(target, frames);
        let more = !inner.queue.is_empty();
        if !more {
            inner.scheduled = false;
        }
        Drained { bytes, more }
    }

    /// Aborts the request in `slot`; a reply still follows. Returns whether a write may have been applied, or `None` if
    /// the request is already answered: its reply, which waits to be drained, then has the outcome.
    pub fn abort(&self, slot: u32) -> Option<bool> {
        let request = self.lock().pending.get(slot).map(Arc::clone)?;
        request.cancel(Cancel::Abort);
        let in_doubt = request.in_doubt();
        if !request.begun.load(Ordering::Acquire) {
            self.fail(&request, request.cancel_failure(Cancel::Abort));
        }
        Some(in_doubt)
    }

    /// Whether frames are waiting to be drained.
    pub fn has_frames(&self) -> bool {
        !self.lock().queue.is_empty()
    }

    /// Whether every request is answered and every reply is drained.
    pub fn is_idle(&self) -> bool {
        let inner = self.lock();
        inner.pending.is_empty() && inner.queue.is_empty()
    }

    /// Waits until a request is pending. Returns false if the channel is closed.
    pub async fn busy(&self) -> bool {
        self.busy.notified().await;
        !self.lock().closed
    }

    /// Ends requests past their deadline: cancels those that are running and answers those that are still queued.
    pub fn sweep(&self, now: Instant) -> NextSweep {
        loop {
            let late = self.lock().pending.late(now, LATE_AT_ONCE);
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
        inner.pending.trim();
        NextSweep {
            idle: inner.pending.is_empty(),
            due: inner.pending.next_due(),
        }
    }

    /// Cancels every pending request of `client`.
    pub fn end_client(&self, client: u32) {
        let inner = self.lock();
        for request in inner.pending.iter().filter(|request| request.client == client) {
            request.cancel(Cancel::Close);
        }
    }

    /// Closes the channel when the environment ends: drops the queue and cancels the running requests.
    pub fn close(&self) {
        let pending = {
            let mut inner = self.lock();
            inner.closed = true;
            inner.queue = Frames::default();
            inner.attachments.clear();
            inner.pending.take()
        };
        for request in pending {
            request.cancel(Cancel::Close);
        }
        self.busy.notify_one();
    }
}

/// Holds a request while it waits or runs. If it is dropped without an answer (a panic, a stopped runtime), it answers
/// with a failure.
pub struct ReplyGuard {
    channel: Arc<Channel>,
    request: Arc<Request>,
}

impl ReplyGuard {
    /// Takes responsibility for an accepted request.
    pub fn new(channel: Arc<Channel>, request: Arc<Request>) -> Self {
        ReplyGuard { channel, request }
    }

    pub fn request(&self) -> &Arc<Request> {
        &self.request
    }

    /// The channel that sends the reply.
    pub fn channel(&self) -> &Arc<Channel> {
        &self.channel
    }
}

impl Drop for ReplyGuard {
    fn drop(&mut self) {
        let lost = Failure::new(
            Kind::Panic,
            crate::common::errors::code::CLIENT,
            "the command ended without an answer",
        );
        self.channel
            .fail(&self.request, lost.with_in_doubt(self.request.in_doubt()));
    }
}

#[cfg(test)]
#[path = "reply_channel_tests.rs"]
mod tests;
