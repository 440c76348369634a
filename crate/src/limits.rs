//! Admission: how many commands of a client run at once. aerospike-core has no fair queue (a command that finds its pool
//! empty sleeps a millisecond and tries again), so no more are let in than the pools hold, first come, first served.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Commands let in before any connection has proved itself.
const FIRST: usize = 16;

/// The permits of one client.
#[derive(Debug)]
pub struct Limits {
    permits: Arc<Semaphore>,
    granted: AtomicUsize,
    most: usize,
}

impl Limits {
    /// At most `most` at once, beginning with what the pools open at the start.
    pub fn new(most: usize, opened: usize) -> Self {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        let first = opened.max(FIRST).min(most);
        Limits {
            permits: Arc::new(Semaphore::new(first)),
            granted: AtomicUsize::new(first),
            most,
        }
    }

    /// Commands at once at most.
    pub fn most(&self) -> u32 {
        u32::try_from(self.most).unwrap_or(u32::MAX)
    }

    /// Waits for `weight` permits in the order of asking.
    pub async fn enter(&self, weight: usize) -> Option<OwnedSemaphorePermit> {
        let weight = weight.clamp(1, self.granted.load(Ordering::Relaxed));
        Arc::clone(&self.permits).acquire_many_owned(weight as u32).await.ok()
    }

    /// Takes `weight` permits if they are free and nobody asked before.
    pub fn try_enter(&self, weight: usize) -> Option<OwnedSemaphorePermit> {
        let weight = weight.clamp(1, self.granted.load(Ordering::Relaxed));
        Arc::clone(&self.permits).try_acquire_many_owned(weight as u32).ok()
    }

    /// A command came through: one more may run, until the pools are full.
    pub fn widen(&self) {
        let wider = self
            .granted
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |granted| {
                (granted < self.most).then_some(granted + 1)
            });
        if wider.is_ok() {
            self.permits.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_grow_to_the_most_and_no_further() {
        let limits = Limits::new(20, 0);
        assert_eq!(limits.permits.available_permits(), FIRST);
        for _ in 0..100 {
            limits.widen();
        }
        assert_eq!(limits.permits.available_permits(), 20);
    }
}
