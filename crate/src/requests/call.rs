//! A submitted call of a command: its request, the guard of its reply, and its admission.

use std::sync::Arc;

use parking_lot::Mutex;

use super::admission::Permit;
use super::reply_channel::{Channel, ReplyGuard};
use super::request::Request;
use super::transaction::InTransaction;
use crate::wire::{Aligned, Reader};

/// A call from a block of requests, until it is answered.
pub struct Call {
    /// Command number.
    pub command: u8,
    /// Length of the policy at the end of the body; 0 if unknown.
    pub policy: usize,
    /// Memory of a previous result to reuse for this one.
    pub reusable: Mutex<Option<Aligned>>,
    /// Whether a logger made the call, so that it must not produce log lines.
    pub quiet: bool,
    /// The admission permit of the command.
    pub permit: Mutex<Option<Permit>>,
    /// Counts the command among the calls of its transaction.
    pub transaction: Option<InTransaction>,
    /// The request, and the channel of its reply.
    pub reply: ReplyGuard,
}

impl Call {
    pub fn request(&self) -> &Arc<Request> {
        self.reply.request()
    }

    /// The channel that sends the reply.
    pub fn channel(&self) -> &Arc<Channel> {
        self.reply.channel()
    }

    /// A reader at the start of the request's body.
    pub fn reader(&self) -> Reader<'_> {
        self.request().body().reader()
    }

    /// Takes the memory to reuse, if there is any.
    pub fn take_reusable(&self) -> Option<Aligned> {
        self.reusable.lock().take()
    }

    /// Releases the permit while the command waits for one node. Returns whether it held one.
    pub fn release(&self) -> bool {
        let mut permit = self.permit.lock();
        permit.take().is_some()
    }

    /// Holds `permit` until the command ends.
    pub fn hold(&self, permit: Option<Permit>) {
        *self.permit.lock() = permit;
    }

    /// The bytes of the call's policy, if their length is known.
    pub fn policy_bytes(&self) -> Option<&[u8]> {
        let bytes = self.request().body().bytes();
        let start = bytes.len().checked_sub(self.policy)?;
        bytes.get(start..).filter(|bytes| !bytes.is_empty())
    }
}
