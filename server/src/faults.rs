//! Faults that tests ask for: a node that hangs, answers late, not at all, only half, or refuses.
//!
//! A real server has no such thing. Nothing is wrong with a node unless somebody asks for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::result_code::ResultCode;

/// What goes wrong with a request about records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request is carried out, and the answer comes late.
    Delay(Duration),
    /// The request is carried out, and the answer never comes; the connection stays open.
    Drop,
    /// The request is carried out, and the connection is closed after that many bytes of the answer.
    Cut(usize),
    /// The request is not carried out: the whole answer is this result code. A node that has just started, and has no
    /// partitions yet, answers queries so, with [`ResultCode::PARTITION_UNAVAILABLE`].
    Refuse(ResultCode),
}

#[derive(Debug)]
struct Plan {
    fault: Fault,
    /// How many requests are still to go wrong; nothing is all of them.
    left: Option<u64>,
}

/// The faults of a node.
#[derive(Debug)]
pub struct Faults {
    /// Whether there is a plan, so that requests need no lock to know that there is none.
    armed: AtomicBool,
    plan: Mutex<Option<Plan>>,
    paused: watch::Sender<bool>,
    /// The same, without a lock.
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
    /// Lets the next `times` requests go wrong, or all from now on. There is one fault at a time.
    pub fn plan(&self, fault: Fault, times: Option<u64>) {
        self.set(Some(Plan { fault, left: times }));
    }

    /// Lets answers be right again.
    pub fn clear(&self) {
        self.set(None);
    }

    fn set(&self, plan: Option<Plan>) {
        let mut place = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        self.armed.store(plan.is_some(), Ordering::Relaxed);
        *place = plan;
    }

    /// What goes wrong with the request that has come now.
    pub fn next(&self) -> Option<Fault> {
        if !self.armed.load(Ordering::Relaxed) {
            return None;
        }
        let mut place = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
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

    /// Lets the node hang, as a process that was stopped: it takes connections and bytes, and does nothing.
    pub fn pause(&self) {
        self.is_paused.store(true, Ordering::Release);
        self.paused.send_replace(true);
    }

    /// Lets the node go on, with the requests that came meanwhile.
    pub fn resume(&self) {
        self.is_paused.store(false, Ordering::Release);
        self.paused.send_replace(false);
    }

    /// Waits while the node hangs.
    pub async fn while_paused(&self) {
        if self.is_paused.load(Ordering::Acquire) {
            // It fails only when the sender is gone, which is here.
            let _ = self.paused.subscribe().wait_for(|paused| !paused).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_end_when_they_were_asked_for_often_enough() {
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
