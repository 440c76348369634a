//! The data that the nodes of a cluster share, since they all run in one process.

pub mod index;
pub mod index_builder;
pub mod namespace;
pub mod partition;

use std::sync::Arc;

use crate::common::clock::Clock;
use crate::common::log::Log;
use crate::compute::udf::Modules;
use crate::record::rules::RecordRules;
use crate::store::namespace::Namespace;

/// Configuration of a store.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    pub namespaces: Vec<String>,
    /// Settings of every namespace.
    pub rules: RecordRules,
    pub clock: Arc<dyn Clock>,
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
                .map(|name| Arc::new(Namespace::new(name, config.rules)))
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

    /// Removes expired records from all namespaces.
    pub fn remove_expired(&self) {
        let now_s = self.clock.now_s();
        for namespace in &self.namespaces {
            namespace.remove_expired(now_s);
        }
    }
}
