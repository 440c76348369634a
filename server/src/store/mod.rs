//! The data that the nodes of a cluster share, since they all run in one process.

pub mod index;
pub mod index_builder;
pub mod namespace;
pub mod partition;
pub mod transactions;

use std::sync::Arc;

use crate::common::clock::Clock;
use crate::common::log::Log;
use crate::compute::udf::Modules;
use crate::record::rules::RecordRules;
use crate::store::namespace::Namespace;
use crate::store::transactions::{DEFAULT_DURATION_S, Transactions};

/// Configuration of a store.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    pub namespaces: Vec<String>,
    /// Settings of every namespace.
    pub rules: RecordRules,
    /// Namespaces with strong consistency. `None` without the feature, as in a Community Edition.
    pub strong_consistency: Option<StrongConsistency>,
    pub clock: Arc<dyn Clock>,
}

/// Strong consistency of all namespaces or of some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrongConsistency {
    /// Names of the namespaces; empty for all.
    pub namespaces: Vec<String>,
    /// Lifetime in seconds of transactions for which clients set no timeout.
    pub transaction_duration_s: u32,
}

impl Default for StrongConsistency {
    fn default() -> Self {
        Self {
            namespaces: Vec::new(),
            transaction_duration_s: DEFAULT_DURATION_S,
        }
    }
}

impl StrongConsistency {
    /// Checks that the namespaces exist, and that records do not expire.
    ///
    /// # Errors
    /// Returns a message that describes the mistake.
    pub fn check(&self, namespaces: &[String], rules: &RecordRules) -> Result<(), String> {
        if let Some(name) = self.namespaces.iter().find(|name| !namespaces.contains(name)) {
            return Err(format!("strong consistency: the namespace {name:?} does not exist"));
        }
        if rules.default_ttl != 0 {
            return Err("strong consistency: records cannot have a default TTL".to_owned());
        }
        Ok(())
    }

    fn covers(&self, namespace: &str) -> bool {
        self.namespaces.is_empty() || self.namespaces.iter().any(|name| name == namespace)
    }
}

/// The data that all nodes of a cluster share. In a real cluster, the nodes replicate this data (records) or
/// distribute it (definitions) until every node has it. Partition ownership is separate, see
/// [`crate::cluster`].
#[derive(Debug)]
pub struct Store {
    namespaces: Vec<Arc<Namespace>>,
    modules: Modules,
    clock: Arc<dyn Clock>,
    log: Log,
}

impl Store {
    /// Creates empty namespaces.
    #[must_use]
    pub fn new(config: &StoreConfig) -> Self {
        Self {
            namespaces: config
                .namespaces
                .iter()
                .map(|name| {
                    let strong = config.strong_consistency.as_ref().filter(|strong| strong.covers(name));
                    let transactions = strong.map(|strong| Transactions::new(strong.transaction_duration_s));
                    Arc::new(Namespace::new(name, config.rules).with_transactions(transactions))
                })
                .collect(),
            modules: Modules::default(),
            clock: Arc::clone(&config.clock),
            log: Log::default(),
        }
    }

    #[must_use]
    pub fn namespaces(&self) -> &[Arc<Namespace>] {
        &self.namespaces
    }

    #[must_use]
    pub fn namespace(&self, name: &[u8]) -> Option<&Arc<Namespace>> {
        self.namespaces
            .iter()
            .find(|namespace| namespace.name().as_bytes() == name)
    }

    /// The registered UDF modules.
    #[must_use]
    pub fn modules(&self) -> &Modules {
        &self.modules
    }

    /// The time source.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Whether the server has Enterprise features, instead of acting as a Community Edition.
    #[must_use]
    pub fn is_enterprise(&self) -> bool {
        self.namespaces
            .iter()
            .any(|namespace| namespace.transactions().is_some())
    }

    /// Ends transactions whose deadline has passed, in all namespaces.
    pub fn end_expired_transactions(&self) {
        let now_s = self.clock.now_s();
        for namespace in &self.namespaces {
            namespace.end_expired_transactions(now_s);
        }
    }

    /// Removes expired records from all namespaces.
    pub fn remove_expired(&self) {
        let now_s = self.clock.now_s();
        for namespace in &self.namespaces {
            namespace.remove_expired(now_s);
        }
    }
}
