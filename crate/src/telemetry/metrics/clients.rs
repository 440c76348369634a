//! The connected clients of the process and their metrics: gauges of commands and pools, and counters of nodes.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, MutexGuard};

use crate::common::runtime;
use crate::telemetry::metrics::definitions::{
    BREAKER_ERRORS, BREAKER_LIMIT, BREAKER_REFUSED, CLOSED, COMMAND_LIMIT, COMMANDS, CONNECTION_LIMIT, CONNECTIONS,
    ERRORS, NODES, NODES_INVALID, NOT_OPENED, OPENED, PARTITION_UPDATES, POOL_EMPTY, RECEIVED, RETRIES,
    RETRIES_EXCEEDED, SENT, STREAMS, TENDS, TIMEOUTS, label,
};
use crate::telemetry::metrics::metric::{Collection, Metric};
use crate::telemetry::metrics::stats::{ClientStats, NodeStats, StatsSource};

static CLIENTS: Mutex<Vec<(u32, Weak<dyn StatsSource>)>> = Mutex::new(Vec::new());
static NEXT: AtomicU32 = AtomicU32::new(1);

fn clients() -> MutexGuard<'static, Vec<(u32, Weak<dyn StatsSource>)>> {
    CLIENTS.lock()
}

/// The clients that still exist.
fn living() -> Vec<(u32, Arc<dyn StatsSource>)> {
    let mut clients = clients();
    clients.retain(|(_, client)| client.strong_count() > 0);
    clients
        .iter()
        .filter_map(|(number, client)| Some((*number, client.upgrade()?)))
        .collect()
}

/// Registers a connected client, whose metrics are reported until it is closed.
pub fn register(client: &Arc<impl StatsSource + 'static>, details: bool) {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let source: Weak<dyn StatsSource> = Arc::downgrade(client) as _;
    clients().push((number, source));
    client.count(details);
}

/// Registers `new` under the number of `former`, which it replaces.
pub fn replace(former: &impl StatsSource, new: &Arc<impl StatsSource + 'static>, details: bool) {
    for (_, client) in clients().iter_mut() {
        if std::ptr::addr_eq(client.as_ptr(), former) {
            *client = Arc::downgrade(new) as _;
        }
    }
    new.count(details);
}

/// Unregisters a client that closes.
pub fn unregister(client: &impl StatsSource) {
    clients().retain(|(_, other)| !std::ptr::addr_eq(other.as_ptr(), client));
}

/// Turns detailed metrics on or off for all clients.
pub fn set_details(details: bool) {
    for_each(|_, client| client.count(details));
}

/// Calls `visit` for each client inside the runtime, because the last reference to a client drops the core's client,
/// which needs the runtime.
fn for_each(mut visit: impl FnMut(u32, &dyn StatsSource)) {
    let living = living();
    if living.is_empty() {
        return;
    }
    if let Ok(runtime) = runtime::handle() {
        let _entered = runtime.enter();
        for (number, client) in living {
            visit(number, client.as_ref());
        }
    }
}

/// Collects the metrics of all clients.
pub fn collect(into: &mut Collection, details: bool) {
    for_each(|number, client| add_client(into, &number.to_string(), &client.stats(), details));
}

fn add_client(into: &mut Collection, client: &str, stats: &ClientStats, details: bool) {
    let mut add = |family: &'static Metric, more: &[(&'static str, &str)], value: u64| {
        let labels = [&[(label::CLIENT, client)], more].concat();
        into.number(family, &labels, value as f64);
    };
    add(&COMMANDS, &[(label::STATE, "running")], stats.running as u64);
    add(&COMMANDS, &[(label::STATE, "queued")], stats.queued as u64);
    add(&COMMAND_LIMIT, &[], stats.limit as u64);
    add(&STREAMS, &[], stats.streams as u64);
    add(&NODES, &[], stats.nodes.len() as u64);
    add(&NODES_INVALID, &[], stats.invalid_peers);
    if details {
        add(&RETRIES_EXCEEDED, &[], stats.exceeded_retries);
        add(&TIMEOUTS, &[], stats.exceeded_timeouts);
    }
    for node in &stats.nodes {
        add_node(&mut add, node, details);
    }
}

type Add<'a> = dyn FnMut(&'static Metric, &[(&'static str, &str)], u64) + 'a;

fn add_node(add: &mut Add<'_>, node: &NodeStats, details: bool) {
    let NodeStats { address, pool, .. } = node;
    let states = [
        ("used", pool.used),
        ("idle", pool.idle),
        ("opening", pool.opening),
        ("recovering", pool.recovering),
    ];
    for (state, count) in states {
        add(
            &CONNECTIONS,
            &[(label::POOL, address), (label::POOL_STATE, state)],
            count,
        );
    }
    add(&CONNECTION_LIMIT, &[(label::POOL, address)], pool.limit);
    let (of_node, at) = ((label::NODE, node.name.as_str()), (label::ADDRESS, address.as_str()));
    add(&OPENED, &[of_node, at], node.opened);
    for (reason, count) in node.closed {
        add(&CLOSED, &[of_node, at, (label::REASON, reason)], count);
    }
    for (reason, count) in node.failed {
        add(&NOT_OPENED, &[of_node, at, (label::REASON, reason)], count);
    }
    add(&POOL_EMPTY, &[of_node, at], node.pool_empty);
    add(&TENDS, &[of_node, at, (label::OUTCOME, "ok")], node.tends);
    add(&TENDS, &[of_node, at, (label::OUTCOME, "failed")], node.failed_tends);
    add(&PARTITION_UPDATES, &[of_node, at], node.partition_updates);
    add(&BREAKER_ERRORS, &[of_node, at], node.breaker_errors);
    add(&BREAKER_LIMIT, &[of_node, at], node.breaker_limit);
    if !details {
        return;
    }
    add(&BREAKER_REFUSED, &[of_node, at], node.refused);
    add(&RETRIES, &[of_node, at], node.retries);
    add(&ERRORS, &[of_node, at], node.errors);
    for (namespace, sent, received) in &node.bytes {
        let labels = [of_node, at, (label::NAMESPACE, namespace.as_str())];
        add(&SENT, &labels, *sent);
        add(&RECEIVED, &labels, *received);
    }
}
