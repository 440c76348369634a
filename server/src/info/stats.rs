//! What the node tells about what it stores.

use super::{Question, Refused};
use crate::clock::EPOCH_UNIX_MS;
use crate::namespace::Namespace;
use crate::node::Node;

pub(super) fn answer(node: &Node, question: Question<'_>) -> Option<Result<String, Refused>> {
    Some(match question.name {
        "namespaces" => Ok(node
            .namespaces()
            .iter()
            .map(|namespace| namespace.name())
            .collect::<Vec<_>>()
            .join(";")),
        "namespace" => find(node, question.arguments).map(namespace),
        "sets" => sets(node, question.arguments),
        "statistics" => Ok(statistics(node)),
        // There are none, which is an answer too.
        "health-outliers" => Ok(String::new()),
        _ => return None,
    })
}

pub(super) fn find<'a>(node: &'a Node, name: &str) -> Result<&'a Namespace, Refused> {
    node.namespace(name.as_bytes())
        .ok_or_else(|| Refused::new(20, "unknown namespace"))
}

fn namespace(namespace: &Namespace) -> String {
    let objects = namespace.objects();
    let rules = namespace.rules();
    [
        ("ns_cluster_size", "1".to_owned()),
        ("effective_replication_factor", "1".to_owned()),
        ("objects", objects.to_string()),
        ("tombstones", "0".to_owned()),
        ("master_objects", objects.to_string()),
        ("master_tombstones", "0".to_owned()),
        ("prole_objects", "0".to_owned()),
        ("non_replica_objects", "0".to_owned()),
        ("stop_writes", "false".to_owned()),
        ("hwm_breached", "false".to_owned()),
        ("dead_partitions", "0".to_owned()),
        ("unavailable_partitions", "0".to_owned()),
        ("migrate_tx_partitions_remaining", "0".to_owned()),
        ("migrate_rx_partitions_remaining", "0".to_owned()),
        ("nsup-period", "120".to_owned()),
        ("default-ttl", rules.default_ttl.to_string()),
        ("max-record-size", rules.max_record_size.to_string()),
        ("replication-factor", "1".to_owned()),
        ("strong-consistency", "false".to_owned()),
        ("storage-engine", "memory".to_owned()),
    ]
    .map(|(name, value)| format!("{name}={value}"))
    .join(";")
}

/// `sets`, `sets/namespace` or `sets/namespace/set`.
fn sets(node: &Node, arguments: &str) -> Result<String, Refused> {
    let (wanted, set) = match arguments.split_once('/') {
        Some((namespace, set)) => (namespace, Some(set)),
        None => (arguments, None),
    };
    if !wanted.is_empty() {
        find(node, wanted)?;
    }
    let mut answer = String::new();
    for namespace in node.namespaces() {
        if !wanted.is_empty() && namespace.name() != wanted {
            continue;
        }
        for found in namespace.sets() {
            let name = String::from_utf8_lossy(&found.name);
            if name.is_empty() || set.is_some_and(|set| set != name) {
                continue;
            }
            let truncated = match found.truncated_ms() {
                0 => 0,
                ms => ms + EPOCH_UNIX_MS,
            };
            answer += &format!(
                "ns={}:set={name}:objects={}:tombstones=0:truncating=false:truncate_lut={truncated}:\
                 sindexes=0:index_populating=false:disable-eviction=false:enable-index=false:\
                 stop-writes-count=0:stop-writes-size=0;",
                namespace.name(),
                found.objects(),
            );
        }
    }
    Ok(answer)
}

fn statistics(node: &Node) -> String {
    let objects: u64 = node.namespaces().iter().map(|namespace| namespace.objects()).sum();
    [
        ("cluster_size", "1".to_owned()),
        ("cluster_key", super::cluster::cluster_key(node.id())),
        ("cluster_generation", "1".to_owned()),
        ("cluster_principal", node.id().to_owned()),
        ("cluster_integrity", "true".to_owned()),
        ("cluster_is_member", "true".to_owned()),
        ("uptime", node.uptime_s().to_string()),
        ("migrate_allowed", "true".to_owned()),
        ("migrate_partitions_remaining", "0".to_owned()),
        ("objects", objects.to_string()),
        ("tombstones", "0".to_owned()),
        ("client_connections", node.connections().now().to_string()),
        ("client_connections_opened", node.connections().ever().to_string()),
    ]
    .map(|(name, value)| format!("{name}={value}"))
    .join(";")
}
