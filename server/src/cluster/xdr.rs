//! The datacenters of cross-datacenter replication. Records are not shipped; only filters are kept.

use std::collections::BTreeMap;

use parking_lot::RwLock;

/// The filter expressions of one datacenter in base64, by namespace.
type Filters = BTreeMap<String, String>;

/// The datacenters and their filters.
#[derive(Debug, Default)]
pub struct Xdr(RwLock<BTreeMap<String, Filters>>);

impl Xdr {
    /// Datacenters without filters.
    #[must_use]
    pub fn new(datacenters: impl IntoIterator<Item = String>) -> Self {
        let filters = datacenters.into_iter().map(|name| (name, Filters::new())).collect();
        Self(RwLock::new(filters))
    }

    /// Whether no datacenter is configured, as always in the Community Edition.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.read().is_empty()
    }

    /// Sets or removes the filter of a namespace. Returns false if the datacenter does not exist.
    pub fn set_filter(&self, datacenter: &str, namespace: &str, expression: Option<&str>) -> bool {
        let mut all = self.0.write();
        let Some(filters) = all.get_mut(datacenter) else {
            return false;
        };
        match expression {
            Some(expression) => filters.insert(namespace.to_owned(), expression.to_owned()),
            None => filters.remove(namespace),
        };
        true
    }

    /// The filters of a datacenter, by namespace. `None` if it does not exist.
    #[must_use]
    pub fn filters(&self, datacenter: &str) -> Option<Vec<(String, String)>> {
        let all = self.0.read();
        let filters = all.get(datacenter)?;
        Some(
            filters
                .iter()
                .map(|(name, filter)| (name.clone(), filter.clone()))
                .collect(),
        )
    }
}
