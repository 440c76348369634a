//! A node: its identity, its data and its statistics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::cluster::faults::Faults;
use crate::cluster::jobs::Jobs;
use crate::cluster::{Cluster, Member};
use crate::common::clock::Clock;
use crate::common::log::Log;
use crate::compute::udf::Modules;
use crate::store::Store;
use crate::store::namespace::Namespace;

/// The server version that the node reports. The protocol follows this release.
pub const BUILD: &str = "8.1.2.0";

/// A running node of a cluster.
#[derive(Debug)]
pub struct Node {
    cluster: Arc<Cluster>,
    member: usize,
    started_ms: u64,
    connections: Counter,
    faults: Faults,
    jobs: Jobs,
}

impl Node {
    /// Creates the node for a member of the cluster.
    #[must_use]
    pub fn new(cluster: Arc<Cluster>, member: usize) -> Self {
        Self {
            started_ms: cluster.store().clock().now_ms(),
            cluster,
            member,
            connections: Counter::default(),
            faults: Faults::default(),
            jobs: Jobs::default(),
        }
    }

    /// The node id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.cluster
            .members()
            .get(self.member)
            .map_or("", |member: &Member| &member.id)
    }

    /// The node's index among the cluster members.
    #[must_use]
    pub fn member(&self) -> usize {
        self.member
    }

    /// The cluster that the node belongs to.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The faults that tests inject into the node.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The store that the nodes of the cluster share.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        self.cluster.store()
    }

    /// All namespaces.
    #[must_use]
    pub fn namespaces(&self) -> &[Arc<Namespace>] {
        self.store().namespaces()
    }

    /// A namespace by name.
    #[must_use]
    pub fn namespace(&self, name: &[u8]) -> Option<&Namespace> {
        self.store().namespace(name).map(AsRef::as_ref)
    }

    /// A namespace by name, for work that outlives the request.
    #[must_use]
    pub fn shared_namespace(&self, name: &[u8]) -> Option<Arc<Namespace>> {
        self.store().namespace(name).cloned()
    }

    /// The registered UDF modules.
    #[must_use]
    pub fn modules(&self) -> &Modules {
        self.store().modules()
    }

    /// The time source.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.store().clock()
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &Log {
        self.store().log()
    }

    /// Whether this node is the master of a partition. Scans, queries and background jobs of a node cover only
    /// the partitions that it masters. Any node handles single-record commands and batch rows, as a real node
    /// proxies them to the node that has the record.
    #[must_use]
    pub fn masters(&self, namespace: &Namespace, partition: u16) -> bool {
        let view = self.cluster.view();
        view.masters(self.member, partition) && (namespace.transactions().is_none() || view.is_available(partition))
    }

    /// Whether a partition is available. Without strong consistency, all are.
    #[must_use]
    pub fn is_available(&self, namespace: &Namespace, partition: usize) -> bool {
        namespace.transactions().is_none()
            || u16::try_from(partition).is_ok_and(|partition| self.cluster.view().is_available(partition))
    }

    /// Seconds since the node was created.
    #[must_use]
    pub fn uptime_s(&self) -> u64 {
        self.clock().now_ms().saturating_sub(self.started_ms) / 1000
    }

    /// The open connections.
    #[must_use]
    pub fn connections(&self) -> &Counter {
        &self.connections
    }

    /// The listed queries.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }
}

/// A counter of current and total items.
#[derive(Debug, Default)]
pub struct Counter {
    current: AtomicU64,
    total: AtomicU64,
}

impl Counter {
    /// Adds one item.
    pub fn increment(&self) {
        self.current.fetch_add(1, Ordering::Relaxed);
        self.total.fetch_add(1, Ordering::Relaxed);
    }

    /// Removes one item.
    pub fn decrement(&self) {
        self.current.fetch_sub(1, Ordering::Relaxed);
    }

    /// The current number of items.
    #[must_use]
    pub fn current(&self) -> u64 {
        self.current.load(Ordering::Relaxed)
    }

    /// The total number of items so far.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }
}
