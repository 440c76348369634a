//! Statistics of a client: its commands, and its connections from the core's counters. `client/stats.rs` collects them.

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

/// A client whose statistics the metrics report.
pub trait StatsSource: Send + Sync {
    fn stats(&self) -> ClientStats;

    /// Enables the core's counters; with `details`, also those of each command.
    fn count(&self, details: bool);
}
