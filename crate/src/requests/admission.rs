//! Admission: limits how many commands of a client run at once. aerospike-core has no fair queue (a command that finds
//! its pool empty sleeps for a millisecond and retries), so no more commands are admitted than the pools have
//! connections, in FIFO order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Number of commands that are admitted for a node before it has any connection.
pub const FIRST_PER_NODE: usize = 16;

/// The admission of a running command.
#[derive(Debug)]
pub struct Permit {
    _permits: OwnedSemaphorePermit,
    _share: Option<OwnedSemaphorePermit>,
}

impl Permit {
    fn new(permits: OwnedSemaphorePermit) -> Self {
        Permit {
            _permits: permits,
            _share: None,
        }
    }
}

/// The permits of one client.
///
/// A stream holds its permits while its consumer reads, which can take any time, so streams may hold at most half of
/// all permits, and their permits come in addition to those that are granted at first: however many streams are open,
/// calls from the bodies of their loops are admitted. Batches may hold at
/// most three quarters: a hanging node delays every batch with a row on it, but calls on other nodes are admitted.
#[derive(Debug)]
pub struct Admission {
    permits: Arc<Semaphore>,
    granted: AtomicUsize,
    max: usize,
    streams: Arc<Semaphore>,
    share: usize,
    batches: Arc<Semaphore>,
    batch_share: usize,
    /// Number of streams that wait for permits of the share.
    queued: AtomicUsize,
}

/// The permits of a stream while it queries its nodes.
#[derive(Debug)]
pub struct StreamPermit {
    _share: Option<OwnedSemaphorePermit>,
    _permits: Option<Permit>,
}

/// Counts a waiting stream until it is dropped.
struct Queued<'l>(&'l AtomicUsize);

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Admission {
    /// Allows at most `max` commands at once. Starts with the number of connections that the pools open initially, or
    /// a few per node if that is more.
    pub fn new(max: usize, opened: usize, nodes: usize) -> Self {
        let max = max.clamp(1, Semaphore::MAX_PERMITS);
        let first = opened.max(FIRST_PER_NODE.saturating_mul(nodes.max(1))).min(max);
        let share = (max / 2).max(1);
        let batch_share = (max - max / 4).max(1);
        Admission {
            permits: Arc::new(Semaphore::new(first)),
            granted: AtomicUsize::new(first),
            max,
            streams: Arc::new(Semaphore::new(share)),
            share,
            batches: Arc::new(Semaphore::new(batch_share)),
            batch_share,
            queued: AtomicUsize::new(0),
        }
    }

    /// Waits for one permit per node, within the streams' share.
    pub async fn acquire_for_stream(&self, nodes: usize) -> StreamPermit {
        self.queued.fetch_add(1, Ordering::Relaxed);
        let queued = Queued(&self.queued);
        let weight = nodes.clamp(1, self.share);
        let share = Arc::clone(&self.streams).acquire_many_owned(weight as u32).await.ok();
        drop(queued);
        self.grow_by(weight);
        StreamPermit {
            _share: share,
            _permits: self.acquire(weight).await,
        }
    }

    /// Takes the permits of a further part of a batch stream, if they are free and at least half of the streams' share
    /// is left to other streams.
    pub fn try_acquire_for_stream(&self, nodes: usize) -> Option<Permit> {
        let weight = nodes.clamp(1, self.share);
        if self.streams.available_permits() < weight + self.share / 2 {
            return None;
        }
        let share = Arc::clone(&self.streams).try_acquire_many_owned(weight as u32).ok()?;
        self.grow_by(weight);
        let mut permit = self.try_acquire(weight)?;
        permit._share = Some(share);
        Some(permit)
    }

    /// How long a stream keeps its permits while its consumer does not read: `long`, or `short` if other streams are
    /// waiting.
    pub fn idle_time(&self, long: Duration, short: Duration) -> Duration {
        if self.queued.load(Ordering::Relaxed) > 0 {
            short
        } else {
            long
        }
    }

    /// Maximum number of commands at once.
    pub fn max(&self) -> u32 {
        u32::try_from(self.max).unwrap_or(u32::MAX)
    }

    /// Whether the batches' share is smaller than the total.
    pub fn has_batch_share(&self) -> bool {
        self.batch_share < self.max
    }

    /// Waits for one permit per node, within the batches' share.
    pub async fn acquire_for_batch(&self, nodes: usize) -> Option<Permit> {
        let weight = nodes.clamp(1, self.batch_share);
        let share = Arc::clone(&self.batches).acquire_many_owned(weight as u32).await.ok();
        let mut permit = self.acquire(weight).await?;
        permit._share = share;
        Some(permit)
    }

    /// Takes the permits of a batch if they are free.
    pub fn try_acquire_for_batch(&self, nodes: usize) -> Option<Permit> {
        let weight = nodes.clamp(1, self.batch_share);
        let share = Arc::clone(&self.batches).try_acquire_many_owned(weight as u32).ok()?;
        let mut permit = self.try_acquire(weight)?;
        permit._share = Some(share);
        Some(permit)
    }

    /// Waits for `weight` permits, in FIFO order.
    pub async fn acquire(&self, weight: usize) -> Option<Permit> {
        let weight = weight.clamp(1, self.granted.load(Ordering::Relaxed));
        Arc::clone(&self.permits)
            .acquire_many_owned(weight as u32)
            .await
            .ok()
            .map(Permit::new)
    }

    /// Takes `weight` permits if they are free and no other command is waiting.
    pub fn try_acquire(&self, weight: usize) -> Option<Permit> {
        let weight = weight.clamp(1, self.granted.load(Ordering::Relaxed));
        Arc::clone(&self.permits)
            .try_acquire_many_owned(weight as u32)
            .ok()
            .map(Permit::new)
    }

    /// Call when a command has ended: allows one more command at once, until the limit of the pools is reached.
    pub fn grow(&self) {
        self.grow_by(1);
    }

    fn grow_by(&self, count: usize) {
        let grown = self
            .granted
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |granted| {
                (granted < self.max).then_some(granted.saturating_add(count).min(self.max))
            });
        if let Ok(before) = grown {
            self.permits.add_permits(count.min(self.max - before));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_grow_to_the_maximum_and_no_further() {
        let admission = Admission::new(20, 0, 1);
        assert_eq!(admission.permits.available_permits(), FIRST_PER_NODE);
        for _ in 0..100 {
            admission.grow();
        }
        assert_eq!(admission.permits.available_permits(), 20);
    }

    #[tokio::test]
    async fn streams_leave_the_permits_that_are_granted_at_first_to_others() {
        let admission = Admission::new(100, 0, 1);
        let parts: Vec<_> = std::iter::from_fn(|| admission.try_acquire_for_stream(1)).collect();
        let mut streams = Vec::new();
        while admission.streams.available_permits() > 0 {
            streams.push(admission.acquire_for_stream(1).await);
        }
        assert_eq!((parts.len(), streams.len()), (25, 25));
        let others: Vec<_> = std::iter::from_fn(|| admission.try_acquire(1)).collect();
        assert_eq!(others.len(), FIRST_PER_NODE);
    }

    #[test]
    fn batches_leave_a_quarter_to_others() {
        let admission = Admission::new(12, 12, 3);
        let batches: Vec<_> = std::iter::from_fn(|| admission.try_acquire_for_batch(3)).collect();
        assert_eq!(batches.len(), 3);
        let others: Vec<_> = std::iter::from_fn(|| admission.try_acquire(1)).collect();
        assert_eq!(others.len(), 3);
        drop(batches);
        assert!(admission.try_acquire_for_batch(3).is_some());
    }

    #[tokio::test]
    async fn a_batch_over_more_nodes_than_the_share_takes_all_of_the_share() {
        let admission = Admission::new(2, 2, 2);
        assert!(admission.acquire_for_batch(64).await.is_some());
        assert!(admission.try_acquire_for_batch(64).is_some());
    }
}
