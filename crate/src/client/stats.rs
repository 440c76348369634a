//! The statistics of a client for the metrics: its commands, and its connections from the core's counters.
//!
//! The core always counts connections, tends and the like, because that adds no cost to commands. Counters that cost
//! several locks per command are collected only while detailed metrics are on.

use aerospike_core::metrics::{CommandType, MetricsPolicy, NodeMetricsSnapshot};
use aerospike_core::{Node, Sampler};

use super::Client;
use crate::common::address::bracketed;
use crate::nodes::Nodes;
use crate::telemetry::metrics::{ClientStats, NodeStats, Pool, StatsSource};

impl StatsSource for Client {
    fn stats(&self) -> ClientStats {
        let reported = self.core.metrics();
        let mut nodes: Vec<_> = self
            .core
            .nodes()
            .iter()
            .filter_map(|node| {
                Some(node_stats(
                    &self.nodes,
                    node,
                    reported.nodes.get(&node.host().to_string())?,
                ))
            })
            .collect();
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        let (running, queued) = self.load();
        ClientStats {
            running,
            queued,
            limit: self.max_commands() as usize,
            streams: self.streams.count() as usize,
            nodes,
            invalid_peers: reported.nodes_invalid,
            exceeded_retries: reported.exceeded_max_retries,
            exceeded_timeouts: reported.exceeded_total_timeout,
        }
    }
    fn count(&self, details: bool) {
        // `operational` without sampling also counts failed and closed connections, and adds no cost to commands.
        let sampler = if details { Sampler::all() } else { Sampler::never() };
        self.core.enable_metrics(MetricsPolicy {
            operational: true,
            sampler,
            ..MetricsPolicy::default()
        });
    }
}

const COMMANDS: [CommandType; 11] = [
    CommandType::Get,
    CommandType::GetHeader,
    CommandType::Exists,
    CommandType::Put,
    CommandType::Delete,
    CommandType::Operate,
    CommandType::Query,
    CommandType::Scan,
    CommandType::Udf,
    CommandType::BatchRead,
    CommandType::BatchWrite,
];

fn node_stats(nodes: &Nodes, node: &Node, reported: &NodeMetricsSnapshot) -> NodeStats {
    let state = nodes.find(node.name());
    let counters = &reported.counters;
    let policy = node.client_policy();
    let gauges = node.pool_gauges();
    // Connections that were started but have not completed. Those that were in progress when counting started
    // completed without a counted start, so the difference may be too small.
    let ended = counters.connections_successful + counters.connections_failed;
    let opening = counters.connections_attempts.saturating_sub(ended).min(gauges.in_use());
    let busy = gauges.in_use() - opening;
    let recovering = gauges.recovering.min(busy);
    let known = [
        ("error", counters.connections_closed_error),
        ("idle", counters.connections_idle_dropped),
        ("pool_overflow", counters.connections_pool_overflow),
        ("node_removed", counters.connections_closed_node_removed),
    ];
    let reasons: u64 = known.iter().map(|(_, count)| count).sum();
    let [error, idle, overflow, removed] = known;
    NodeStats {
        name: node.name().to_owned(),
        address: bracketed(&node.host().to_string()).into_owned(),
        pool: Pool {
            used: busy - recovering,
            idle: gauges.in_pool,
            opening,
            recovering,
            limit: policy.max_conns_per_node as u64,
        },
        opened: counters.connections_successful,
        closed: [
            error,
            idle,
            overflow,
            removed,
            ("other", counters.connections_closed.saturating_sub(reasons)),
        ],
        failed: [
            ("timeout", counters.connections_timeout_errors),
            ("connect", counters.connections_other_errors),
            ("tls", counters.connections_tls_errors),
            ("auth", counters.connections_auth_errors),
        ],
        pool_empty: counters.connections_pool_empty,
        tends: counters.tends_successful,
        failed_tends: counters.tends_failed,
        partition_updates: counters.partition_map_updates,
        breaker_errors: state.as_ref().map_or(0, |state| state.errors() as u64),
        breaker_limit: nodes.max_errors() as u64,
        refused: state.as_ref().map_or(0, |state| state.refused()),
        retries: counters.transaction_retry_count,
        errors: counters.transaction_error_count,
        bytes: bytes(reported),
    }
}

fn bytes(reported: &NodeMetricsSnapshot) -> Vec<(String, u64, u64)> {
    let mut namespaces = reported.detailed_namespaces();
    namespaces.sort_unstable();
    let sums = |namespace: &str| {
        let metrics = COMMANDS
            .iter()
            .filter_map(|command| reported.detailed_metric(namespace, *command));
        metrics.fold((0, 0), |(sent, received), metric| {
            (
                sent + metric.bytes_sent.sum() as u64,
                received + metric.bytes_received.sum() as u64,
            )
        })
    };
    namespaces
        .into_iter()
        .map(|namespace| {
            let (sent, received) = sums(namespace);
            (namespace.to_owned(), sent, received)
        })
        .collect()
}
