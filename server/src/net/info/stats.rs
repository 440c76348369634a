//! Statistics of the node and its data.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use super::cluster::{cluster_key, present};
use super::{InfoCommand, InfoError};
use crate::cluster::node::Node;
use crate::record::SetId;
use crate::record::digest::PARTITIONS;
use crate::store::namespace::Namespace;
use crate::store::transactions::Transactions;

pub(super) fn reply(node: &Node, command: InfoCommand<'_>) -> Option<Result<String, InfoError>> {
    Some(match command.name {
        "namespaces" => Ok(node
            .namespaces()
            .iter()
            .map(|namespace| namespace.name())
            .collect::<Vec<_>>()
            .join(";")),
        "namespace" => Ok(match node.namespace(command.arguments.as_bytes()) {
            Some(found) => namespace(node, found),
            None => "type=unknown".to_owned(),
        }),
        "sets" => Ok(sets(node, command.arguments)),
        "statistics" => Ok(statistics(node)),
        // There are no outliers, so the reply is empty.
        "health-outliers" => Ok(String::new()),
        _ => return None,
    })
}

pub(super) fn find<'a>(node: &'a Node, name: &str) -> Result<&'a Namespace, InfoError> {
    node.namespace(name.as_bytes())
        .ok_or_else(|| InfoError::new(20, "namespace not found on node"))
}

/// Number of records of a namespace for which the node is the master, and for which it has a replica.
fn objects(node: &Node, namespace: &Namespace) -> (u64, u64) {
    let cluster = node.cluster();
    if cluster.members().len() == 1 {
        return (namespace.objects(), 0);
    }
    let view = cluster.view();
    let masters = namespace.count_objects(|partition| view.masters(node.member(), partition));
    let owned = namespace.count_objects(|partition| view.owners(partition).contains(&node.member()));
    let masters = masters.values().sum();
    (masters, owned.values().sum::<u64>().saturating_sub(masters))
}

fn namespace(node: &Node, namespace: &Namespace) -> String {
    let view = node.cluster().view();
    let (master_objects, prole_objects) = objects(node, namespace);
    let rules = namespace.rules();
    let transactions = namespace.transactions();
    let tombstones = |chosen: &dyn Fn(u16) -> bool| namespace.count_tombstones(chosen).values().sum::<u64>();
    let master_tombstones = tombstones(&|partition| view.masters(node.member(), partition));
    let all_tombstones = tombstones(&|partition| view.owners(partition).contains(&node.member()));
    let unavailable = match transactions {
        Some(_) => (0..PARTITIONS as u16)
            .filter(|partition| !view.is_available(*partition))
            .count(),
        None => 0,
    };
    let mut stats = [
        ("ns_cluster_size", view.present().len().to_string()),
        ("effective_replication_factor", view.replicas().to_string()),
        ("objects", (master_objects + prole_objects).to_string()),
        ("tombstones", all_tombstones.to_string()),
        ("master_objects", master_objects.to_string()),
        ("master_tombstones", master_tombstones.to_string()),
        ("prole_objects", prole_objects.to_string()),
        ("prole_tombstones", (all_tombstones - master_tombstones).to_string()),
        ("non_replica_objects", "0".to_owned()),
        ("stop_writes", "false".to_owned()),
        ("current_time", node.clock().now_s().to_string()),
        (
            "data_used_bytes",
            namespace.used_bytes().iter().sum::<u64>().to_string(),
        ),
        ("hwm_breached", "false".to_owned()),
        ("dead_partitions", "0".to_owned()),
        ("unavailable_partitions", unavailable.to_string()),
        ("migrate_tx_partitions_remaining", "0".to_owned()),
        ("migrate_rx_partitions_remaining", "0".to_owned()),
        ("nsup-period", "120".to_owned()),
        ("default-ttl", rules.default_ttl.to_string()),
        ("max-record-size", rules.max_record_size.to_string()),
        ("replication-factor", node.cluster().replication_factor().to_string()),
        ("strong-consistency", transactions.is_some().to_string()),
        ("strong-consistency-allow-expunge", "false".to_owned()),
        ("storage-engine", "memory".to_owned()),
    ]
    .map(|(name, value)| format!("{name}={value}"))
    .join(";");
    if let Some(transactions) = transactions {
        stats += &transaction_stats(transactions);
    }
    stats
}

/// Statistics of transactions, each after a semicolon.
fn transaction_stats(transactions: &Transactions) -> String {
    let counters = &transactions.counters;
    let (monitors, open) = transactions.count();
    let mut stats = format!(
        ";mrt-duration={};mrt_monitors={monitors};mrt_monitors_active={open}",
        transactions.duration_s()
    );
    for (name, counter) in [
        ("mrt_provisionals", &counters.provisionals),
        ("mrt_verify_read_success", &counters.verified),
        ("mrt_verify_read_error", &counters.not_verified),
        ("mrt_roll_forward_success", &counters.rolled_forward),
        ("mrt_roll_back_success", &counters.rolled_back),
        ("mrt_monitor_roll_forward_success", &counters.monitor_rolled_forward),
        ("mrt_monitor_roll_back_success", &counters.monitor_rolled_back),
        ("fail_mrt_blocked", &counters.blocked),
        ("fail_mrt_version_mismatch", &counters.version_mismatches),
    ] {
        stats += &format!(";{name}={}", counter.load(Ordering::Relaxed));
    }
    stats
}

/// Handles `sets`, `sets/namespace` and `sets/namespace/set`.
fn sets(node: &Node, arguments: &str) -> String {
    let (wanted, only) = match arguments.split_once('/') {
        Some((namespace, set)) => (namespace, Some(set)),
        None => (arguments, None),
    };
    if !wanted.is_empty() && node.namespace(wanted.as_bytes()).is_none() {
        return "ns_type=unknown".to_owned();
    }
    let mut answer = String::new();
    for namespace in node.namespaces() {
        if !wanted.is_empty() && namespace.name() != wanted {
            continue;
        }
        let owned = owned_by_set(node, namespace);
        let used = namespace.used_bytes();
        let indexes = namespace.indexes().all();
        let tombstones = namespace.count_tombstones(|_| true);
        for (id, found) in (0..).map(SetId).zip(namespace.sets()) {
            let name = String::from_utf8_lossy(&found.name);
            if name.is_empty() || only.is_some_and(|only| only != name) {
                continue;
            }
            if only.is_none() {
                answer += &format!("ns={}:set={name}:", namespace.name());
            }
            let of_set = indexes.iter().filter(|index| index.definition().set == Some(id));
            answer += &format!(
                "objects={}:tombstones={}:data_used_bytes={}:truncate_lut={}:sindexes={}:index_populating=false:\
                 truncating=false:default-read-touch-ttl-pct=0:default-ttl=0:disable-eviction=false:enable-index={}:\
                 stop-writes-count=0:stop-writes-size=0;",
                owned
                    .as_ref()
                    .map_or_else(|| found.objects(), |owned| owned.get(&id).copied().unwrap_or_default(),),
                tombstones.get(&id).copied().unwrap_or_default(),
                used.get(usize::from(id.0)).copied().unwrap_or_default(),
                found.truncated_ms(),
                of_set.count(),
                namespace.indexes().of_set(id).is_some(),
            );
        }
    }
    answer
}

/// Number of records per set that a node has, as master or replica. `None` if the node has all records.
fn owned_by_set(node: &Node, namespace: &Namespace) -> Option<HashMap<SetId, u64>> {
    let view = node.cluster().view();
    (node.cluster().members().len() > 1)
        .then(|| namespace.count_objects(|partition| view.owners(partition).contains(&node.member())))
}

fn statistics(node: &Node) -> String {
    let cluster = node.cluster();
    let view = cluster.view();
    let objects: u64 = node
        .namespaces()
        .iter()
        .map(|namespace| objects(node, namespace))
        .map(|(masters, proles)| masters + proles)
        .sum();
    let principal = present(cluster, &view).map(|member| member.id.as_str()).max();
    [
        ("cluster_size", view.present().len().to_string()),
        ("cluster_key", cluster_key(cluster, &view)),
        ("cluster_generation", view.generation().to_string()),
        ("cluster_principal", principal.unwrap_or_default().to_owned()),
        ("cluster_integrity", "true".to_owned()),
        ("cluster_is_member", "true".to_owned()),
        ("uptime", node.uptime_s().to_string()),
        ("migrate_allowed", "true".to_owned()),
        ("migrate_partitions_remaining", "0".to_owned()),
        ("objects", objects.to_string()),
        ("tombstones", "0".to_owned()),
        ("client_connections", node.connections().current().to_string()),
        ("client_connections_opened", node.connections().total().to_string()),
    ]
    .map(|(name, value)| format!("{name}={value}"))
    .join(";")
}
