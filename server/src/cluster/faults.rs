//! Fault injection for tests: a node can hang, reply late, not at all or only partly, or reject requests.
//!
//! A real server has no such feature. Without injected faults, a node behaves normally.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;

use crate::common::result_code::ResultCode;

/// A fault to inject into record requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Executes the request and delays the reply.
    Delay(Duration),
    /// Executes the request and never replies. The connection stays open.
    Drop,
    /// Executes the request and closes the connection after this many bytes of the reply.
    Cut(usize),
    /// Does not execute the request: the whole reply is this result code. A node that has just started and has
    /// no partitions yet replies to queries with [`ResultCode::PARTITION_UNAVAILABLE`].
    Refuse(ResultCode),
}

#[derive(Debug)]
struct Plan {
    fault: Fault,
    /// Number of requests that the fault still applies to; `None` means all.
    left: Option<u64>,
}

/// The faults of a node.
#[derive(Debug)]
pub struct Faults {
    /// Whether a fault is planned. Lets requests skip the lock in the normal case.
    armed: AtomicBool,
    plan: Mutex<Option<Plan>>,
    paused: watch::Sender<bool>,
    /// Mirrors `paused`, so that requests need no lock.
    is_paused: AtomicBool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            armed: AtomicBool::new(false),
            plan: Mutex::new(None),
            paused: watch::Sender::new(false),
            is_paused: AtomicBool::new(false),
        }
    }
}

impl Faults {
    /// Applies a fault to the next `times` requests, or to all from now on. It replaces the previous fault.
    pub fn plan(&self, fault: Fault, times: Option<u64>) {
        self.set(Some(Plan { fault, left: times }));
    }

    /// Removes the planned fault.
    pub fn clear(&self) {
        self.set(None);
    }

    fn set(&self, plan: Option<Plan>) {
        let mut place = self.plan.lock();
        self.armed.store(plan.is_some(), Ordering::Relaxed);
        *place = plan;
    }

    /// The fault to apply to the current request, if any.
    pub fn next(&self) -> Option<Fault> {
        if !self.armed.load(Ordering::Relaxed) {
            return None;
        }
        let mut place = self.plan.lock();
        let plan = place.as_mut()?;
        let fault = plan.fault;
        if let Some(left) = &mut plan.left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                *place = None;
                self.armed.store(false, Ordering::Relaxed);
            }
        }
        Some(fault)
    }

    /// Suspends the node like a stopped process: it accepts connections and bytes, but does nothing.
    pub fn pause(&self) {
        self.is_paused.store(true, Ordering::Release);
        self.paused.send_replace(true);
    }

    /// Resumes the node. It handles the requests that arrived in the meantime.
    pub fn resume(&self) {
        self.is_paused.store(false, Ordering::Release);
        self.paused.send_replace(false);
    }

    /// Waits while the node is suspended.
    pub async fn while_paused(&self) {
        if self.is_paused.load(Ordering::Acquire) {
            // This fails only if the sender is dropped, and `self` holds the sender.
            let _ = self.paused.subscribe().wait_for(|paused| !paused).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_end_after_the_requested_number_of_times() {
        let faults = Faults::default();
        assert_eq!(faults.next(), None);
        faults.plan(Fault::Drop, Some(2));
        assert_eq!(
            [faults.next(), faults.next(), faults.next()],
            [Some(Fault::Drop), Some(Fault::Drop), None]
        );
        faults.plan(Fault::Cut(7), None);
        assert!((0..100).all(|_| faults.next() == Some(Fault::Cut(7))));
        faults.clear();
        assert_eq!(faults.next(), None);
    }
}
