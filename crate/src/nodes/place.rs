//! A command's place on a node, and the watch of all nodes for a batch.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::watch;

use super::partitions::Owner;
use super::{NodeState, Nodes, Reach};

/// Number of checks within which an answer to a read is attributed to the node that was contacted first. A later answer
/// may come from a replica.
const PROMPT_CHECKS: u32 = 4;

/// How long the other nodes may take for their rows of a batch after one node is lost.
const GRACE: Duration = Duration::from_millis(30);

/// How long a batch runs before the nodes are probed for it.
const LATE: Duration = Duration::from_millis(50);

/// A command's place on a node; freed when it is dropped.
#[derive(Debug)]
pub struct Place {
    pub(super) node: Option<Arc<NodeState>>,
    pub(super) since: u32,
    /// Number of checks within which an answer is attributed to the node.
    pub(super) prompt: u32,
    readable: usize,
    to_replica: bool,
    degraded: Option<DegradedSlot>,
}

/// A place among the writes that wait for a lost replica; freed when it is dropped.
#[derive(Debug)]
pub(super) struct DegradedSlot(pub(super) Arc<NodeState>);

impl Drop for DegradedSlot {
    fn drop(&mut self) {
        self.0.degraded.release();
    }
}

impl Place {
    /// A place on the master of a record, taken at check number `since`.
    pub(super) fn on(owner: Owner, reach: Reach, since: u32) -> Self {
        let walks = reach == Reach::Owners && owner.readable > 1;
        Place {
            node: Some(owner.node),
            since,
            prompt: if walks { PROMPT_CHECKS } else { u32::MAX },
            readable: if walks { owner.readable } else { 1 },
            to_replica: false,
            degraded: None,
        }
    }

    pub(super) fn holding(mut self, degraded: Option<DegradedSlot>) -> Self {
        self.degraded = degraded;
        self
    }

    /// A place for a command whose owner is unknown: the core chooses the node.
    pub(super) fn anywhere() -> Self {
        Place {
            node: None,
            since: 0,
            prompt: 0,
            readable: 1,
            to_replica: false,
            degraded: None,
        }
    }

    /// A place for a command for which the core chooses among the owners.
    pub(super) fn unknown(owner: &Owner) -> Self {
        let mut place = Place::anywhere();
        place.readable = owner.readable;
        place
    }

    /// A place for a read that must go to a replica.
    pub(super) fn to_replica(owner: &Owner) -> Self {
        Place {
            node: None,
            since: 0,
            prompt: 0,
            readable: owner.readable,
            to_replica: true,
            degraded: None,
        }
    }

    /// A place for a read that may contact `readable` nodes.
    #[cfg(test)]
    pub fn readable_by(readable: usize) -> Self {
        let mut place = Place::anywhere();
        place.readable = readable;
        place
    }

    /// Number of nodes that a read may contact.
    pub fn readable(&self) -> usize {
        self.readable
    }

    /// Whether a read starts with any owner of the record instead of its master.
    pub fn reads_replica(&self) -> bool {
        self.to_replica
    }

    /// Wraps a read so that it ends with `None` when the node becomes unreachable. The core alone would retry until the
    /// deadline; it wakes the task every millisecond meanwhile, and each wakeup checks the node.
    pub fn unless_lost<F>(&self, read: F) -> UnlessLost<'_, F> {
        UnlessLost {
            read,
            node: self.node.as_deref().filter(|_| self.readable > 1),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(node) = &self.node {
            node.gate.release();
        }
    }
}

/// The future of [`Place::unless_lost`].
pub struct UnlessLost<'p, F> {
    read: F,
    node: Option<&'p NodeState>,
}

impl<T, F> Future for UnlessLost<'_, F>
where
    F: Future<Output = aerospike_core::Result<T>> + Unpin,
{
    type Output = aerospike_core::Result<Option<T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match Pin::new(&mut self.read).poll(context) {
            Poll::Ready(outcome) => Poll::Ready(outcome.map(Some)),
            Poll::Pending if self.node.is_some_and(NodeState::is_unreachable) => Poll::Ready(Ok(None)),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// The result of [`Nodes::watch_losses`].
#[derive(Debug)]
pub struct LossWatch<'n> {
    pub(super) nodes: &'n Nodes,
    /// Whether it is counted among the long-running batches.
    pub(super) late: bool,
    pub(super) losses: watch::Receiver<u32>,
}

impl LossWatch<'_> {
    /// Awaits a batch of reads. Returns `None` if a node becomes unreachable meanwhile: the other nodes get `GRACE` for
    /// their rows, and the core would wait for the lost node until the deadline.
    pub async fn unless_lost<F: Future>(&mut self, mut batch: Pin<&mut F>) -> Option<F::Output> {
        let mut late = pin!(tokio::time::sleep(LATE));
        loop {
            tokio::select! {
                outcome = &mut batch => return Some(outcome),
                changed = self.losses.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return Some(batch.await),
                },
                () = &mut late, if !self.late => {
                    self.late = true;
                    self.nodes.late_batches.fetch_add(1, Ordering::Relaxed);
                    self.nodes.wake();
                }
            }
        }
        tokio::time::timeout(GRACE, batch).await.ok()
    }
}

impl Drop for LossWatch<'_> {
    fn drop(&mut self) {
        if self.late {
            self.nodes.late_batches.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
