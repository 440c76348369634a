//! A node: what it is called, what it stores and what it tells about itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Clock;
use crate::jobs::Jobs;
use crate::log::Log;
use crate::namespace::Namespace;
use crate::store::Store;
use crate::udf::Modules;

/// The build that the server reports: the release whose protocol it follows.
pub const BUILD: &str = "8.1.2.0";

/// What a node is made from.
#[derive(Debug, Clone)]
pub struct NodeConfig {
    /// Name in the cluster, hexadecimal.
    pub id: String,
    /// Name of the cluster, if it has one.
    pub cluster_name: Option<String>,
    /// What it shares with the other nodes.
    pub store: Arc<Store>,
}

/// A node of a cluster.
#[derive(Debug)]
pub struct Node {
    id: String,
    cluster_name: Option<String>,
    store: Arc<Store>,
    started_ms: u64,
    connections: Counter,
    jobs: Jobs,
}

impl Node {
    /// A node of a store.
    #[must_use]
    pub fn new(config: NodeConfig) -> Self {
        Self {
            id: config.id,
            cluster_name: config.cluster_name,
            started_ms: config.store.clock().now_ms(),
            store: config.store,
            connections: Counter::default(),
            jobs: Jobs::default(),
        }
    }

    /// Name in the cluster.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Name of the cluster, if it has one.
    #[must_use]
    pub fn cluster_name(&self) -> Option<&str> {
        self.cluster_name.as_deref()
    }

    /// What it shares with the other nodes of its cluster.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// All namespaces.
    #[must_use]
    pub fn namespaces(&self) -> &[Arc<Namespace>] {
        self.store.namespaces()
    }

    /// A namespace by its name.
    #[must_use]
    pub fn namespace(&self, name: &[u8]) -> Option<&Namespace> {
        self.store.namespace(name).map(AsRef::as_ref)
    }

    /// A namespace by its name, for work that goes on after the request.
    #[must_use]
    pub fn shared_namespace(&self, name: &[u8]) -> Option<Arc<Namespace>> {
        self.store.namespace(name).cloned()
    }

    /// The UDF modules that clients registered.
    #[must_use]
    pub fn modules(&self) -> &Modules {
        self.store.modules()
    }

    /// Where time comes from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.store.clock()
    }

    /// Where complaints go.
    #[must_use]
    pub fn log(&self) -> &Log {
        self.store.log()
    }

    /// Whether this node is the master of a partition. Scans, queries and background jobs of a node concern
    /// the partitions that it masters, and no others; single records and rows of batches are answered by any
    /// node, as a real one passes them on to the node that has them.
    #[must_use]
    pub fn masters(&self, _partition: u16) -> bool {
        true
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
