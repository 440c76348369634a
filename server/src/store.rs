//! What the nodes of a cluster share: one store of records, as long as all of them live in one process.

use std::sync::Arc;

use crate::clock::Clock;
use crate::log::Log;
use crate::namespace::{Namespace, NamespaceRules};
use crate::udf::Modules;

/// What a store is made from.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// Names of the namespaces.
    pub namespaces: Vec<String>,
    /// Rules of every namespace.
    pub rules: NamespaceRules,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// What all nodes of a cluster have in common. Who owns which partition is the cluster's affair: here
/// lies what a real cluster replicates (records) or distributes (definitions) until every node has it.
#[derive(Debug)]
pub struct Store {
    namespaces: Vec<Arc<Namespace>>,
    modules: Modules,
    clock: Arc<dyn Clock>,
    log: Log,
}

impl Store {
    /// Empty namespaces.
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

    /// All namespaces.
    #[must_use]
    pub fn namespaces(&self) -> &[Arc<Namespace>] {
        &self.namespaces
    }

    /// A namespace by its name.
    #[must_use]
    pub fn namespace(&self, name: &[u8]) -> Option<&Arc<Namespace>> {
        self.namespaces
            .iter()
            .find(|namespace| namespace.name().as_bytes() == name)
    }

    /// The UDF modules that clients registered.
    #[must_use]
    pub fn modules(&self) -> &Modules {
        &self.modules
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

    /// Removes records whose time is over from all namespaces.
    pub fn remove_expired(&self) {
        let now_s = self.clock.now_s();
        for namespace in &self.namespaces {
            namespace.remove_expired(now_s);
        }
    }
}
