//! The names of the nodes by their addresses, for failures: the core reports only the address.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use parking_lot::RwLock;

/// Number of addresses above which the names of removed nodes are forgotten.
const MAX_ADDRESSES: usize = 1024;

struct Named {
    name: Arc<str>,
    /// Number of clients that have the node in their clusters.
    clients: usize,
}

/// A removed node stays: the failures of commands that it did not answer may be reported after its removal.
static NAMES: LazyLock<RwLock<HashMap<String, Named>>> = LazyLock::new(RwLock::default);

/// An entry for one client's node. After the drop, other entries may displace it.
#[derive(Debug)]
pub struct NodeName {
    name: Arc<str>,
    address: String,
}

impl NodeName {
    /// Makes the name of the node at `address` known.
    pub fn new(name: &str, address: &str) -> Self {
        let mut names = NAMES.write();
        if names.len() >= MAX_ADDRESSES {
            names.retain(|_, named| named.clients > 0);
        }
        let named = names.entry(address.to_owned()).or_insert_with(|| Named {
            name: Arc::from(name),
            clients: 0,
        });
        // A node that restarted at the address may have another name.
        if &*named.name != name {
            named.name = Arc::from(name);
        }
        named.clients += 1;
        NodeName {
            name: Arc::clone(&named.name),
            address: address.to_owned(),
        }
    }

    /// The name of the node.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The node's address, as `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for NodeName {
    fn drop(&mut self) {
        if let Some(named) = NAMES.write().get_mut(&self.address) {
            named.clients = named.clients.saturating_sub(1);
        }
    }
}

/// The name of the node at an address, or empty if no client has found a node there.
pub fn name_at(address: &str) -> Arc<str> {
    NAMES
        .read()
        .get(address)
        .map_or_else(|| Arc::from(""), |named| Arc::clone(&named.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_restarts_with_another_name_is_known_by_that() {
        let old = NodeName::new("A1", "names.test:2");
        let new = NodeName::new("B2", "names.test:2");
        drop(old);
        assert_eq!(&*name_at("names.test:2"), "B2");
        assert_eq!((new.name(), new.address()), ("B2", "names.test:2"));
    }

    #[test]
    fn the_name_of_a_removed_node_stays_known_until_others_displace_it() {
        let present = NodeName::new("P", "names.test:1");
        assert_eq!(&*name_at("names.test:3"), "");
        drop(NodeName::new("R", "names.test:3"));
        assert_eq!(&*name_at("names.test:3"), "R");
        for number in 0..MAX_ADDRESSES {
            drop(NodeName::new("R", &format!("removed.test:{number}")));
        }
        assert_eq!(&*name_at("names.test:3"), "");
        assert_eq!(&*name_at(present.address()), "P");
        assert!(NAMES.read().len() <= MAX_ADDRESSES);
    }
}
