//! How many commands run on a node at once, and the queue of those that wait for it: first come, first served.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// The way to one node. The limit is not kept here: it follows the state of the node, and is given with each question.
#[derive(Debug, Default)]
pub struct Gate {
    running: AtomicUsize,
    waiting: AtomicUsize,
    changed: Notify,
}

/// Counts a command that waits, until it is dropped.
#[derive(Debug)]
pub struct Waiting<'g>(&'g Gate);

impl Gate {
    /// Commands that run.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    /// Commands that wait.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Takes a place if fewer than `limit` commands run and none waits.
    pub fn try_enter(&self, limit: usize) -> bool {
        self.waiting.load(Ordering::Relaxed) == 0 && self.take(limit)
    }

    fn take(&self, limit: usize) -> bool {
        self.running
            .fetch_update(Ordering::SeqCst, Ordering::Relaxed, |running| {
                (running < limit).then_some(running + 1)
            })
            .is_ok()
    }

    /// Joins the queue.
    pub fn queue(&self) -> Waiting<'_> {
        // Sequentially consistent, as in `leave`: whoever leaves sees that somebody waits, or who waits sees the free place.
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(self)
    }

    /// Gives a place back.
    pub fn leave(&self) {
        self.running.fetch_sub(1, Ordering::SeqCst);
        self.wake_one();
    }

    /// Lets the first that waits look again.
    pub fn wake_one(&self) {
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.changed.notify_one();
        }
    }

    /// Lets all that wait look again: something is different about the node.
    pub fn wake_all(&self) {
        self.changed.notify_waiters();
    }
}

impl Waiting<'_> {
    /// Waits until a place is free, and takes it. False when it was woken and there was none: who waits looks again.
    /// `limit` is asked each time.
    pub async fn turn(&self, limit: impl Fn() -> usize) -> bool {
        let changed = self.0.changed.notified();
        let mut changed = std::pin::pin!(changed);
        // Before the look at the places: what changes from here on wakes.
        changed.as_mut().enable();
        if !self.0.take(limit()) {
            changed.await;
            if !self.0.take(limit()) {
                return false;
            }
        }
        // The limit may have grown by more than the place that was left.
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
        assert!(gate.try_enter(2) && gate.try_enter(2));
        assert!(!gate.try_enter(2));
        gate.leave();
        assert!(gate.try_enter(2));
        assert_eq!(gate.running(), 2);
    }

    #[test]
    fn nobody_overtakes_those_that_wait() {
        let gate = Gate::default();
        let first = gate.queue();
        assert!(!gate.try_enter(10));
        drop(first);
        assert!(gate.try_enter(10));
    }

    #[test]
    fn a_limit_of_none_lets_nobody_in() {
        assert!(!Gate::default().try_enter(0));
    }

    #[tokio::test]
    async fn who_is_told_of_a_change_looks_again_without_a_place() {
        let gate = Arc::new(Gate::default());
        assert!(gate.try_enter(1));
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
        let gate = Arc::new(Gate::default());
        let crowded = Arc::new(AtomicBool::new(false));
        let tasks: Vec<_> = (0..200)
            .map(|_| {
                let (gate, crowded) = (Arc::clone(&gate), Arc::clone(&crowded));
                tokio::spawn(async move {
                    for _ in 0..50 {
                        if !gate.try_enter(3) {
                            let waiting = gate.queue();
                            while !waiting.turn(|| 3).await {}
                        }
                        if gate.running() > 3 {
                            crowded.store(true, Ordering::Relaxed);
                        }
                        tokio::task::yield_now().await;
                        gate.leave();
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
