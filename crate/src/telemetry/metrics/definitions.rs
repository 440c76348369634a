//! The definitions of all metrics. `docs/metrics.md` describes each.

use crate::telemetry::metrics::histogram::Scale;
use crate::telemetry::metrics::metric::{Kind, Metric};

pub mod label {
    /// Database system: always `aerospike`.
    pub const SYSTEM: &str = "db.system.name";
    pub const NAMESPACE: &str = "db.namespace";
    pub const SET: &str = "db.collection.name";
    /// Name of the method, in lower case.
    pub const OPERATION: &str = "db.operation.name";
    /// The error's `code`; empty on success.
    pub const ERROR: &str = "error.type";
    /// Number of the client within the process.
    pub const CLIENT: &str = "client";
    /// Name of the node.
    pub const NODE: &str = "node";
    /// Address of the node, as `host:port`.
    pub const ADDRESS: &str = "address";
    /// Address of the node that the pool connects to.
    pub const POOL: &str = "db.client.connection.pool.name";
    /// State of the connections.
    pub const POOL_STATE: &str = "db.client.connection.state";
    /// State of the commands.
    pub const STATE: &str = "state";
    /// Reason of a closed or failed connection.
    pub const REASON: &str = "reason";
    /// Outcome of a tend: `ok` or `failed`.
    pub const OUTCOME: &str = "outcome";
    /// Outcome of a tend or a span.
    pub const STAGE: &str = "stage";
    /// Version of the package.
    pub const VERSION: &str = "version";
}

/// Buckets for the durations of operations, as in aerospike-py.
pub static DURATION: Scale = Scale {
    bounds: &[
        1_000_000,
        5_000_000,
        10_000_000,
        50_000_000,
        100_000_000,
        500_000_000,
        1_000_000_000,
        5_000_000_000,
        10_000_000_000,
    ],
    per_unit: 1e9,
};

/// Buckets for times within the process, in the range of micro- and milliseconds.
pub static WAIT: Scale = Scale {
    bounds: &[
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        1_000_000_000,
    ],
    per_unit: 1e9,
};

/// Buckets for row counts, as OpenTelemetry recommends.
pub static ROWS: Scale = Scale {
    bounds: &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
    per_unit: 1.0,
};

macro_rules! families {
    ($($(#[$doc:meta])* $id:ident = $kind:ident $name:literal $unit:literal $help:literal;)+) => {
        $(
            #[doc = $help]
            pub static $id: Metric = Metric { name: $name, unit: $unit, kind: Kind::$kind, help: $help };
        )+

        pub static ALL: &[&Metric] = &[$(&$id),+];
    };
}

families! {
    OPERATION_DURATION = Histogram "db.client.operation.duration" "s"
        "Duration of database client operations.";
    RETURNED_ROWS = Histogram "db.client.response.returned_rows" "{row}"
        "Rows that queries and other streams have returned.";
    BATCH_SIZE = Histogram "aerospike.client.batch.size" "{row}"
        "Rows of batches.";
    QUEUE_WAIT = Histogram "aerospike.client.queue.wait" "s"
        "Time that commands waited in the client's queue.";
    LOOP_DELAY = Histogram "aerospike.client.event_loop.delay" "s"
        "Time that replies waited for the event loop.";
    STAGE_DURATION = Histogram "aerospike.client.stage.duration" "s"
        "Duration of the stages of a call, while the stage profile is on.";
    COMMANDS = UpDown "aerospike.client.commands" "{command}"
        "Running and queued commands.";
    COMMAND_LIMIT = UpDown "aerospike.client.command.limit" "{command}"
        "Maximum number of commands that run at once.";
    STREAMS = UpDown "aerospike.client.streams" "{stream}"
        "Open queries and other streams.";
    NODES = UpDown "aerospike.client.nodes" "{node}"
        "Nodes that the client uses.";
    NODES_INVALID = Counter "aerospike.client.nodes.invalid" "{node}"
        "Peers that were discovered but could not be used.";
    CONNECTIONS = UpDown "db.client.connection.count" "{connection}"
        "Connections of a pool, by state.";
    CONNECTION_LIMIT = UpDown "db.client.connection.max" "{connection}"
        "Maximum number of connections of a pool.";
    OPENED = Counter "aerospike.node.connections.opened" "{connection}"
        "Connections that were opened.";
    CLOSED = Counter "aerospike.node.connections.closed" "{connection}"
        "Connections that were closed, by reason.";
    NOT_OPENED = Counter "aerospike.node.connections.failed" "{connection}"
        "Connections that could not be opened, by reason.";
    POOL_EMPTY = Counter "aerospike.node.pool.empty" "{time}"
        "Number of times that a command found no idle connection.";
    TENDS = Counter "aerospike.node.tends" "{tend}"
        "Number of times that the node was polled for the state of the cluster.";
    PARTITION_UPDATES = Counter "aerospike.node.partition_map.updates" "{update}"
        "Changes of the partition map that the node reported.";
    BREAKER_ERRORS = Gauge "aerospike.node.circuit_breaker.errors" "{error}"
        "Errors of the node that currently count towards its circuit breaker.";
    BREAKER_LIMIT = Gauge "aerospike.node.circuit_breaker.limit" "{error}"
        "Number of errors within a window at which the circuit breaker opens; 0 means never.";
    BREAKER_REFUSED = Counter "aerospike.node.circuit_breaker.refused" "{command}"
        "Commands that an open circuit breaker rejected.";
    RETRIES = Counter "aerospike.node.retries" "{retry}"
        "Retries. Counted while details are on.";
    ERRORS = Counter "aerospike.node.errors" "{command}"
        "Commands that failed at the node. Counted while details are on.";
    SENT = Counter "aerospike.node.sent" "By"
        "Bytes sent for commands. Counted while details are on.";
    RECEIVED = Counter "aerospike.node.received" "By"
        "Bytes received for commands. Counted while details are on.";
    RETRIES_EXCEEDED = Counter "aerospike.client.retries.exceeded" "{command}"
        "Commands that failed after their last retry. Counted while details are on.";
    TIMEOUTS = Counter "aerospike.client.timeouts" "{command}"
        "Commands that failed because of their total timeout. Counted while details are on.";
    SPANS = Counter "aerospike.client.spans" "{span}"
        "Spans that were created, by outcome.";
    INFO = Gauge "aerospike.client.info" ""
        "Always 1; the version of aerospike-napi is a label.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::telemetry::metrics::histogram::MAX_BOUNDS;

    #[test]
    fn names_are_valid_and_different() {
        let names: HashSet<_> = ALL.iter().map(|family| family.prometheus_name()).collect();
        assert_eq!(names.len(), ALL.len());
        for name in names {
            assert!(
                name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()),
                "{name}"
            );
        }
        assert_eq!(
            OPERATION_DURATION.prometheus_name(),
            "db_client_operation_duration_seconds"
        );
    }

    #[test]
    fn every_metric_stands_in_the_guide() {
        let guide = include_str!("../../../../docs/metrics.md");
        for family in ALL {
            let name = family.prometheus_name();
            assert!(
                guide.contains(&format!("`{name}`")),
                "docs/metrics.md does not tell of {name}"
            );
        }
    }

    #[test]
    fn scales_grow_and_fit() {
        for scale in [&DURATION, &WAIT, &ROWS] {
            assert!(scale.bounds.len() <= MAX_BOUNDS && scale.bounds.is_sorted());
        }
    }
}
