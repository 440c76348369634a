//! A node: what it is called, what it stores and what it tells about itself.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Clock;
use crate::namespace::{Namespace, NamespaceRules};

/// The build that the server reports: the release whose protocol it follows.
pub const BUILD: &str = "8.1.2.0";

/// Different complaints that are remembered; more are not worth a line each.
const MAX_COMPLAINTS: usize = 1000;

/// What a node is made from.
#[derive(Debug, Clone)]
pub struct NodeConfig {
    /// Name in the cluster, hexadecimal.
    pub id: String,
    /// Name of the cluster, if it has one.
    pub cluster_name: Option<String>,
    /// Names of the namespaces.
    pub namespaces: Vec<String>,
    /// Rules of every namespace.
    pub rules: NamespaceRules,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// A node of a cluster.
#[derive(Debug)]
pub struct Node {
    id: String,
    cluster_name: Option<String>,
    namespaces: Vec<Arc<Namespace>>,
    clock: Arc<dyn Clock>,
    log: Log,
    started_ms: u64,
    connections: Counter,
}

impl Node {
    /// A node with empty namespaces.
    #[must_use]
    pub fn new(config: &NodeConfig) -> Self {
        Self {
            id: config.id.clone(),
            cluster_name: config.cluster_name.clone(),
            namespaces: config
                .namespaces
                .iter()
                .map(|name| Arc::new(Namespace::new(name, config.rules)))
                .collect(),
            clock: Arc::clone(&config.clock),
            log: Log::default(),
            started_ms: config.clock.now_ms(),
            connections: Counter::default(),
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

    /// All namespaces.
    #[must_use]
    pub fn namespaces(&self) -> &[Arc<Namespace>] {
        &self.namespaces
    }

    /// A namespace by its name.
    #[must_use]
    pub fn namespace(&self, name: &[u8]) -> Option<&Namespace> {
        self.namespaces
            .iter()
            .map(AsRef::as_ref)
            .find(|namespace: &&Namespace| namespace.name().as_bytes() == name)
    }

    /// A namespace by its name, for work that goes on after the request.
    #[must_use]
    pub fn shared_namespace(&self, name: &[u8]) -> Option<Arc<Namespace>> {
        self.namespaces
            .iter()
            .find(|namespace| namespace.name().as_bytes() == name)
            .cloned()
    }

    /// Where time comes from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Where complaints go.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Seconds since the node was made.
    #[must_use]
    pub fn uptime_s(&self) -> u64 {
        self.clock.now_ms().saturating_sub(self.started_ms) / 1000
    }

    /// Connections that are open.
    #[must_use]
    pub fn connections(&self) -> &Counter {
        &self.connections
    }

    /// Removes records whose time is over from all namespaces.
    pub fn remove_expired(&self) {
        let now_s = self.clock.now_s();
        for namespace in &self.namespaces {
            namespace.remove_expired(now_s);
        }
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

/// Complaints on the standard error, each one once: a client that asks for something that is
/// missing tends to ask for it many times.
#[derive(Debug, Default)]
pub struct Log {
    seen: Mutex<HashSet<String>>,
}

impl Log {
    /// Tells that a client asked for something that the server does not do.
    pub fn unsupported(&self, what: &str) {
        self.once(what, "unsupported");
    }

    /// Tells that a client broke the protocol and lost its connection.
    pub fn protocol_error(&self, what: &str) {
        self.once(what, "connection closed");
    }

    fn once(&self, what: &str, event: &str) {
        let line = format!("aerospike-local: {event}: {what}");
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < MAX_COMPLAINTS && !seen.contains(&line) {
            eprintln!("{line}");
            seen.insert(line);
        }
    }
}
