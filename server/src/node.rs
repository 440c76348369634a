//! A node: what it is called, what it stores and what it tells about itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Clock;
use crate::cluster::{Cluster, Member};
use crate::faults::Faults;
use crate::jobs::Jobs;
use crate::log::Log;
use crate::namespace::Namespace;
use crate::store::Store;
use crate::udf::Modules;

/// The build that the server reports: the release whose protocol it follows.
pub const BUILD: &str = "8.1.2.0";

/// A node of a cluster, from its start to its end.
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
    /// The node that is this member of the cluster.
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

    /// Name in the cluster.
    #[must_use]
    pub fn id(&self) -> &str {
        self.cluster
            .members()
            .get(self.member)
            .map_or("", |member: &Member| &member.id)
    }

    /// Its number among the cluster's members.
    #[must_use]
    pub fn member(&self) -> usize {
        self.member
    }

    /// The cluster that it belongs to.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// What goes wrong with it because a test asks for it.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// What it shares with the other nodes of its cluster.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        self.cluster.store()
    }

    /// All namespaces.
    #[must_use]
    pub fn namespaces(&self) -> &[Arc<Namespace>] {
        self.store().namespaces()
    }

    /// A namespace by its name.
    #[must_use]
    pub fn namespace(&self, name: &[u8]) -> Option<&Namespace> {
        self.store().namespace(name).map(AsRef::as_ref)
    }

    /// A namespace by its name, for work that goes on after the request.
    #[must_use]
    pub fn shared_namespace(&self, name: &[u8]) -> Option<Arc<Namespace>> {
        self.store().namespace(name).cloned()
    }

    /// The UDF modules that clients registered.
    #[must_use]
    pub fn modules(&self) -> &Modules {
        self.store().modules()
    }

    /// Where time comes from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.store().clock()
    }

    /// Where complaints go.
    #[must_use]
    pub fn log(&self) -> &Log {
        self.store().log()
    }

    /// Whether this node is the master of a partition. Scans, queries and background jobs of a node concern
    /// the partitions that it masters, and no others; single records and rows of batches are answered by any
    /// node, as a real one passes them on to the node that has them.
    #[must_use]
    pub fn masters(&self, partition: u16) -> bool {
        self.cluster.view().masters(self.member, partition)
    }

    /// Seconds since the node was made.
    #[must_use]
    pub fn uptime_s(&self) -> u64 {
        self.clock().now_ms().saturating_sub(self.started_ms) / 1000
    }

    /// Connections that are open.
    #[must_use]
    pub fn connections(&self) -> &Counter {
        &self.connections
    }

    /// Queries that are listed.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }
}

/// Counts what comes and goes.
#[derive(Debug, Default)]
pub struct Counter {
    now: AtomicU64,
    ever: AtomicU64,
}

impl Counter {
    /// One more.
    pub fn enter(&self) {
        self.now.fetch_add(1, Ordering::Relaxed);
        self.ever.fetch_add(1, Ordering::Relaxed);
    }

    /// One less.
    pub fn leave(&self) {
        self.now.fetch_sub(1, Ordering::Relaxed);
    }

    /// How many there are.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    /// How many there have been.
    #[must_use]
    pub fn ever(&self) -> u64 {
        self.ever.load(Ordering::Relaxed)
    }
}
