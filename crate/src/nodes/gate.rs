//! Limits how many commands run on a node at once, with a FIFO queue.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// The admission gate of one node. Callers pass the limit to each call, because it follows the state of the node.
#[derive(Debug, Default)]
pub struct Gate {
    running: AtomicUsize,
    waiting: AtomicUsize,
    changed: Notify,
}

/// Counts a waiting command until it is dropped.
#[derive(Debug)]
pub struct Waiting<'g>(&'g Gate);

impl Gate {
    /// Number of running commands.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    /// Number of waiting commands.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Takes a place if fewer than `limit` commands are running and none is waiting.
    pub fn try_acquire(&self, limit: usize) -> bool {
        self.waiting.load(Ordering::Relaxed) == 0 && self.take(limit)
    }

    fn take(&self, limit: usize) -> bool {
        // Sequentially consistent also if no place is free: see `queue`.
        self.running
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |running| {
                (running < limit).then_some(running + 1)
            })
            .is_ok()
    }

    pub fn queue(&self) -> Waiting<'_> {
        // Sequentially consistent, as in `release`: either the leaver sees the waiter, or the waiter sees the free place.
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(self)
    }

    /// Frees a place and wakes the first waiter.
    pub fn release(&self) {
        self.running.fetch_sub(1, Ordering::SeqCst);
        self.wake_one();
    }

    /// Makes the first waiter check again.
    pub fn wake_one(&self) {
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.changed.notify_one();
        }
    }

    /// Makes all waiters check again, because the state of the node has changed.
    pub fn wake_all(&self) {
        self.changed.notify_waiters();
    }
}

impl Waiting<'_> {
    /// Waits until a place is free, and takes it. Returns false if the waiter was woken and no place was free: the
    /// caller then checks the node again. Evaluates `limit` for each check.
    pub async fn turn(&self, limit: impl Fn() -> usize) -> bool {
        let changed = self.0.changed.notified();
        let mut changed = std::pin::pin!(changed);
        // Enable the notification before checking the places, so that no later change is missed.
        changed.as_mut().enable();
        if !self.0.take(limit()) {
            changed.await;
            if !self.0.take(limit()) {
                return false;
            }
        }
        // The limit may have grown by more than one place: wake the next waiter.
        if self.0.running() < limit() && self.0.waiting() > 1 {
            self.0.changed.notify_one();
        }
        true
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn no_more_than_the_limit_run() {
        let gate = Gate::default();
        assert!(gate.try_acquire(2) && gate.try_acquire(2));
        assert!(!gate.try_acquire(2));
        gate.release();
        assert!(gate.try_acquire(2));
        assert_eq!(gate.running(), 2);
    }

    #[test]
    fn waiting_commands_are_not_overtaken() {
        let gate = Gate::default();
        let first = gate.queue();
        assert!(!gate.try_acquire(10));
        drop(first);
        assert!(gate.try_acquire(10));
    }

    #[test]
    fn a_limit_of_zero_admits_no_command() {
        assert!(!Gate::default().try_acquire(0));
    }

    #[tokio::test]
    async fn a_woken_waiter_without_a_place_checks_again() {
        let gate = Arc::new(Gate::default());
        assert!(gate.try_acquire(1));
        let other = Arc::clone(&gate);
        let task = tokio::spawn(async move { other.queue().turn(|| 1).await });
        while gate.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
        gate.wake_all();
        assert!(!task.await.unwrap_or(true));
        assert_eq!((gate.running(), gate.waiting()), (1, 0));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn all_that_wait_get_their_turn() {
        let (tasks, turns) = if cfg!(miri) { (8, 3) } else { (200, 50) };
        let gate = Arc::new(Gate::default());
        let crowded = Arc::new(AtomicBool::new(false));
        let tasks: Vec<_> = (0..tasks)
            .map(|_| {
                let (gate, crowded) = (Arc::clone(&gate), Arc::clone(&crowded));
                tokio::spawn(async move {
                    for _ in 0..turns {
                        if !gate.try_acquire(3) {
                            let waiting = gate.queue();
                            while !waiting.turn(|| 3).await {}
                        }
                        if gate.running() > 3 {
                            crowded.store(true, Ordering::Relaxed);
                        }
                        tokio::task::yield_now().await;
                        gate.release();
                    }
                })
            })
            .collect();
        for task in tasks {
            assert!(task.await.is_ok());
        }
        assert!(!crowded.load(Ordering::Relaxed));
        assert_eq!((gate.running(), gate.waiting()), (0, 0));
    }
}
