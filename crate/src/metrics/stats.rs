//! What a client does at the moment, and what became of its connections: of the core's own counters.
//!
//! The core counts connections, tends and the like whether metrics are on or not, because that costs no command anything.
//! What costs each command several locks is counted only while details are asked for.

use aerospike_core::metrics::{CommandType, MetricsPolicy, NodeMetricsSnapshot};
use aerospike_core::{Node, Sampler};

use crate::client::Client;
use crate::nodes::Nodes;

/// What a client does.
#[derive(Debug)]
pub struct ClientStats {
    /// Commands that run.
    pub running: usize,
    /// Commands that wait for their turn.
    pub queued: usize,
    /// Commands that run at once at most.
    pub limit: usize,
    /// Open streams.
    pub streams: usize,
    /// Nodes in the cluster.
    pub nodes: Vec<NodeStats>,
    /// Peers that could not be used.
    pub invalid_peers: u64,
    /// Commands that have failed after their last retry, while details are on.
    pub exceeded_retries: u64,
    /// Commands that have failed by their total timeout, while details are on.
    pub exceeded_timeouts: u64,
}

/// Connections of a node, by what they do.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// They carry commands.
    pub used: u64,
    /// They wait for commands.
    pub idle: u64,
    /// They are being opened.
    pub opening: u64,
    /// Their command has timed out, and its answer is read and thrown away.
    pub recovering: u64,
    /// As many as there may be.
    pub limit: u64,
}

/// Why something happened, with its count.
pub type Reasons<const N: usize> = [(&'static str, u64); N];

/// A node of the cluster.
#[derive(Debug)]
pub struct NodeStats {
    /// Name.
    pub name: String,
    /// `host:port`.
    pub address: String,
    /// Connections.
    pub pool: Pool,
    /// Connections that were opened.
    pub opened: u64,
    /// Connections that were closed, by the reason.
    pub closed: Reasons<5>,
    /// Connections that could not be opened, by the reason.
    pub failed: Reasons<4>,
    /// How often a command found no idle connection.
    pub pool_empty: u64,
    /// Tends that went well.
    pub tends: u64,
    /// Tends that failed.
    pub failed_tends: u64,
    /// Changes of the partition map.
    pub partition_updates: u64,
    /// Errors that count towards the circuit breaker now.
    pub breaker_errors: u64,
    /// Errors at which it opens, 0 for never.
    pub breaker_limit: u64,
    /// Attempts that it refused, while details are on.
    pub refused: u64,
    /// Attempts that were made once more, while details are on.
    pub retries: u64,
    /// Commands that have failed, while details are on.
    pub errors: u64,
    /// Bytes sent and received by namespace, while details are on.
    pub bytes: Vec<(String, u64, u64)>,
}

/// Lets the core count: with `details`, what each command does too.
pub fn count(core: &aerospike_core::Client, details: bool) {
    // Operational without a sampled command counts failed and closed connections too, and costs commands nothing.
    let sampler = if details { Sampler::all() } else { Sampler::never() };
    core.enable_metrics(MetricsPolicy {
        operational: true,
        sampler,
        ..MetricsPolicy::default()
    });
}

impl ClientStats {
    /// As it is now.
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
        // What is under way was begun and has not ended. Those that were under way when the counting began ended without a
        // beginning, so that the difference may be too small.
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
