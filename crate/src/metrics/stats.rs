//! Statistics of a client: its commands, and its connections from the core's counters.
//!
//! The core always counts connections, tends and the like, because that adds no cost to commands. Counters that cost
//! several locks per command are collected only while detailed metrics are on.

use aerospike_core::metrics::{CommandType, MetricsPolicy, NodeMetricsSnapshot};
use aerospike_core::{Node, Sampler};

use crate::client::Client;
use crate::nodes::Nodes;

/// Statistics of a client.
#[derive(Debug)]
pub struct ClientStats {
    /// Number of running commands.
    pub running: usize,
    /// Number of queued commands.
    pub queued: usize,
    /// Maximum number of commands at once.
    pub limit: usize,
    /// Number of open streams.
    pub streams: usize,
    /// The nodes of the cluster, by name.
    pub nodes: Vec<NodeStats>,
    /// Number of peers that could not be used.
    pub invalid_peers: u64,
    /// Number of commands that failed after their last retry. Counted while detailed metrics are on.
    pub exceeded_retries: u64,
    /// Number of commands that failed because of their total timeout. Counted while detailed metrics are on.
    pub exceeded_timeouts: u64,
}

/// Numbers of a node's connections, by state.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// In use by a command.
    pub used: u64,
    /// Idle in the pool.
    pub idle: u64,
    /// Being opened.
    pub opening: u64,
    /// Draining: the command has timed out, and its answer is being read and discarded.
    pub recovering: u64,
    /// Maximum number of connections.
    pub limit: u64,
}

/// Counts by reason.
pub type Reasons<const N: usize> = [(&'static str, u64); N];

/// Statistics of a node.
#[derive(Debug)]
pub struct NodeStats {
    /// Name in the cluster.
    pub name: String,
    /// `host:port`.
    pub address: String,
    /// Its connections now.
    pub pool: Pool,
    /// Number of connections opened so far.
    pub opened: u64,
    /// Number of connections closed so far, by reason.
    pub closed: Reasons<5>,
    /// Number of connections that failed to open, by reason.
    pub failed: Reasons<4>,
    /// Number of times that a command found no idle connection.
    pub pool_empty: u64,
    /// Number of successful tends.
    pub tends: u64,
    /// Number of failed tends.
    pub failed_tends: u64,
    /// Number of partition map updates.
    pub partition_updates: u64,
    /// Number of errors in the current window of the circuit breaker.
    pub breaker_errors: u64,
    /// Error limit of the circuit breaker; 0 if it is off.
    pub breaker_limit: u64,
    /// Number of commands that the circuit breaker rejected.
    pub refused: u64,
    /// Number of retries. Counted while detailed metrics are on.
    pub retries: u64,
    /// Number of failed commands. Counted while detailed metrics are on.
    pub errors: u64,
    /// For each namespace, bytes sent and received. Counted while detailed metrics are on.
    pub bytes: Vec<(String, u64, u64)>,
}

/// Enables the core's counters; with `details`, also those of each command.
pub fn count(core: &aerospike_core::Client, details: bool) {
    // `operational` without sampling also counts failed and closed connections, and adds no cost to commands.
    let sampler = if details { Sampler::all() } else { Sampler::never() };
    core.enable_metrics(MetricsPolicy {
        operational: true,
        sampler,
        ..MetricsPolicy::default()
    });
}

impl ClientStats {
    /// The current statistics of `client`.
    pub fn of(client: &Client) -> Self {
        let told = client.core.metrics();
        let mut nodes: Vec<_> = client
            .core
            .nodes()
            .iter()
            .filter_map(|node| {
                Some(NodeStats::of(
                    &client.nodes,
                    node,
                    told.nodes.get(&node.host().to_string())?,
                ))
            })
            .collect();
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        let (running, queued) = client.load();
        ClientStats {
            running,
            queued,
            limit: client.most() as usize,
            streams: client.streams.count() as usize,
            nodes,
            invalid_peers: told.nodes_invalid,
            exceeded_retries: told.exceeded_max_retries,
            exceeded_timeouts: told.exceeded_total_timeout,
        }
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

impl NodeStats {
    fn of(nodes: &Nodes, node: &Node, told: &NodeMetricsSnapshot) -> Self {
        let state = nodes.find(node.name());
        let counters = &told.counters;
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
            address: node.host().to_string(),
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
            bytes: bytes(told),
        }
    }
}

fn bytes(told: &NodeMetricsSnapshot) -> Vec<(String, u64, u64)> {
    let mut namespaces = told.detailed_namespaces();
    namespaces.sort_unstable();
    let sums = |namespace: &str| {
        let metrics = COMMANDS
            .iter()
            .filter_map(|command| told.detailed_metric(namespace, *command));
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
