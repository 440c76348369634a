//! Checks the nodes while commands run: which nodes exist, what they own, and which of them do not respond.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use aerospike_core::{AdminPolicy, Client as Core};
use tokio::net::TcpStream;

use super::claims::Claims;
use super::login::Login;
use super::partitions::PartitionTable;
use super::{NodeState, Nodes};
use crate::common::errors::{Failure, code};

/// Interval between two checks.
const INTERVAL: Duration = Duration::from_millis(50);

/// Number of consecutive idle checks after which the watch pauses.
const CHECKS_TO_REST: u32 = 20;

/// Longest pause, in checks, between two probes of a node that does not respond.
const MAX_PAUSE: u32 = 10;

/// Number of consecutive checks without an answer after which a probe also logs in.
const CHECKS_TO_LOGIN: u32 = 3;

/// Timeout of a probe.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

const REPLICAS: &str = "replicas";

/// The state of a node between two checks.
struct Known {
    node: Arc<NodeState>,
    /// The partition generation that was requested last; -1 to request again.
    generation: isize,
    /// Checks until the next probe, and the length of the current pause in checks.
    until_probe: u32,
    pause: u32,
    probing: bool,
}

impl Known {
    fn new(node: Arc<NodeState>) -> Self {
        Known {
            node,
            generation: -1,
            until_probe: 0,
            pause: 0,
            probing: false,
        }
    }
}

/// The result of a query to a node.
enum News {
    Claims(Arc<NodeState>, isize, Option<Claims>),
    Probe(Arc<NodeState>, Result<(), Failure>),
}

/// What the watch needs of the client's configuration.
#[derive(Debug, Clone, Copy)]
pub struct WatchOptions {
    /// The time within which errors count for the circuit breaker.
    pub error_window: Duration,
    /// Maximum number of commands of the client that run at once.
    pub max_commands: usize,
    /// Timeout of the requests for partition tables, in milliseconds.
    pub admin_timeout: u32,
}

/// Watches the nodes of a client until it is closed or dropped.
pub async fn watch(nodes: Arc<Nodes>, client: Weak<impl AsRef<Core>>, options: WatchOptions) {
    let window = options.error_window;
    let (sender, mut news) = tokio::sync::mpsc::unbounded_channel();
    let mut known: Vec<Known> = Vec::new();
    let login = Arc::new(Login::default());
    let mut idle = 0;
    let mut window_ends = Instant::now() + window;
    let mut last_check = Instant::now();
    while !nodes.closed.load(Ordering::Acquire) {
        {
            let Some(client) = client.upgrade() else { return };
            sync_nodes(&nodes, client.as_ref().as_ref(), options.max_commands, &mut known);
            let now = Instant::now();
            // An early wakeup handles its cause only and does not count as a check.
            let due = now.duration_since(last_check) >= INTERVAL;
            if due {
                nodes.checks.fetch_add(1, Ordering::Relaxed);
                last_check = now;
            }
            if now >= window_ends {
                known.iter().for_each(|known| known.node.forget_errors());
                window_ends = now + window;
            }
            let batches = nodes.late_batches.load(Ordering::Relaxed) > 0;
            for known in &mut known {
                check_node(known, &login, options.admin_timeout, due, batches, &sender);
            }
        }
        let busy = known.iter().any(|known| {
            let gate = &known.node.gate;
            gate.running() + gate.waiting() > 0
                || known.node.is_unreachable()
                || known.probing
                || known.generation == -1
        });
        let busy = busy || nodes.late_batches.load(Ordering::Relaxed) > 0;
        idle = if busy { 0 } else { idle + 1 };
        if idle >= CHECKS_TO_REST {
            // A command that sees the flag wakes the watch. A command that just missed it is noticed at the next check,
            // at most a second later.
            nodes.resting.store(true, Ordering::Relaxed);
            let _ = tokio::time::timeout(Duration::from_secs(1), nodes.woken.notified()).await;
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            () = nodes.woken.notified() => {
                // Check soon, but limit the rate.
                tokio::time::sleep(INTERVAL / 10).await;
            }
            Some(news) = news.recv() => apply(&nodes, &mut known, news),
        }
        while let Ok(news) = news.try_recv() {
            apply(&nodes, &mut known, news);
        }
    }
}

/// Updates the nodes from the core's view of the cluster.
fn sync_nodes(nodes: &Nodes, core: &Core, max_commands: usize, known: &mut Vec<Known>) {
    let core = core.nodes();
    let same =
        |known: &Known, node: &Arc<aerospike_core::Node>| known.node.core().is_some_and(|core| Arc::ptr_eq(core, node));
    let gone: Vec<Known> = known
        .extract_if(.., |known| !core.iter().any(|node| same(known, node)))
        .collect();
    let mut changed = !gone.is_empty();
    for node in &core {
        if known.iter().any(|known| same(known, node)) {
            continue;
        }
        let state = NodeState::new(node.name(), &node.host().to_string(), Some(Arc::clone(node)));
        known.push(Known::new(Arc::new(state)));
        changed = true;
    }
    if !changed {
        return;
    }
    let share = share(max_commands, known.len());
    for known in known.iter() {
        let pool = known
            .node
            .core()
            .map_or(usize::MAX, |node| node.client_policy().max_conns_per_node);
        known.node.set_max(pool.min(share));
    }
    let all = known.iter().map(|known| Arc::clone(&known.node)).collect();
    *nodes.all.write() = all;
    rebuild(nodes, known);
    for gone in gone {
        // The commands that wait for it have other owners now.
        gone.node.gate.wake_all();
        gone.node.degraded.wake_all();
    }
}

/// The share of all permits that one node may use: in a cluster, some must remain for the other nodes.
fn share(max: usize, nodes: usize) -> usize {
    if nodes < 2 {
        return max;
    }
    (max - max / nodes).max(1)
}

/// Rebuilds the partition table; the latest claims take precedence.
fn rebuild(nodes: &Nodes, known: &[Known]) {
    let claims = known
        .iter()
        .map(|known| (Arc::clone(&known.node), known.node.claims()))
        .collect();
    *nodes.table.write() = PartitionTable::new(claims);
    // Some waiting commands may have another owner now.
    for known in known {
        known.node.gate.wake_all();
        known.node.degraded.wake_all();
    }
}

fn check_node(
    known: &mut Known,
    login: &Arc<Login>,
    admin_timeout: u32,
    due: bool,
    batches: bool,
    sender: &tokio::sync::mpsc::UnboundedSender<News>,
) {
    let node = &known.node;
    let Some(core) = node.core() else { return };
    let generation = core.partition_generation();
    // -1: the core currently has no answer from the node.
    if generation != -1 && generation != known.generation {
        known.generation = generation;
        let (node, core, sender) = (Arc::clone(node), Arc::clone(core), sender.clone());
        let policy = AdminPolicy { timeout: admin_timeout };
        tokio::spawn(async move {
            let answer = core.info(&policy, &[REPLICAS]).await;
            let claims = answer
                .ok()
                .and_then(|answer| answer.get(REPLICAS).map(|text| Claims::parse(text)));
            let _ = sender.send(News::Claims(node, generation, claims));
        });
    }
    if node.gate.waiting() > 0 && node.gate.running() < node.limit() {
        node.gate.wake_one();
    }
    let suspect = node.take_suspicion();
    let mut quiet = 0;
    if due {
        quiet = node.check();
        let asked = node.gate.running() + node.gate.waiting() > 0;
        if !node.is_unreachable() && (quiet == 0 || !asked) && !suspect && !batches {
            (known.until_probe, known.pause) = (0, 0);
            return;
        }
        if known.until_probe > 0 && !suspect {
            known.until_probe -= 1;
            return;
        }
    } else if !suspect {
        return;
    }
    if known.probing {
        return;
    }
    known.probing = true;
    known.pause = (known.pause * 2).clamp(1, MAX_PAUSE);
    known.until_probe = known.pause;
    let (node, core, sender) = (Arc::clone(node), Arc::clone(core), sender.clone());
    let login = (quiet >= CHECKS_TO_LOGIN).then(|| Arc::clone(login));
    tokio::spawn(async move {
        let host = core.host();
        let outcome = probe(&host.name, host.port).await;
        let reached = outcome.is_ok();
        // First, because a login may take much longer than the next probe may wait.
        let _ = sender.send(News::Probe(Arc::clone(&node), outcome));
        if reached
            && let Some(login) = login
            && let Some(outcome) = login.try_at(&host, core.client_policy()).await
        {
            node.set_login_refusal(outcome.err());
        }
    });
}

/// Tests whether a connection to the node can be opened.
async fn probe(host: &str, port: u16) -> Result<(), Failure> {
    let connect = TcpStream::connect((host, port));
    let failed = |what: String| Failure::cluster(code::CONNECTION, format!("no connection to {host}:{port}: {what}"));
    match tokio::time::timeout(CONNECT_TIMEOUT, connect).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed(format!("no answer within {} ms", CONNECT_TIMEOUT.as_millis()))),
    }
}

fn apply(nodes: &Nodes, known: &mut Vec<Known>, news: News) {
    let of = |known: &[Known], node: &Arc<NodeState>| known.iter().position(|known| Arc::ptr_eq(&known.node, node));
    match news {
        News::Probe(node, outcome) => {
            if let Some(index) = of(known, &node) {
                known[index].probing = false;
            }
            match outcome {
                Ok(()) => node.reached(),
                Err(why) => {
                    if node.missed(why) {
                        nodes.losses.send_modify(|losses| *losses = losses.wrapping_add(1));
                    }
                }
            }
        }
        News::Claims(node, generation, claims) => {
            let Some(index) = of(known, &node) else { return };
            match claims {
                Some(claims) => node.set_claims(claims),
                None if known[index].generation == generation => known[index].generation = -1,
                None => return,
            }
            // The latest claims take precedence.
            let last = known.remove(index);
            known.push(last);
            rebuild(nodes, known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_node_cannot_have_all() {
        assert_eq!(share(300, 3), 200);
        assert_eq!(share(100, 1), 100);
        assert_eq!(share(1, 2), 1);
        assert_eq!(share(3, 2), 2);
    }

    #[tokio::test]
    async fn a_port_without_a_listener_cannot_be_reached() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let Ok(address) = listener else { unreachable!() };
        let outcome = probe("127.0.0.1", address.port()).await;
        assert!(outcome.is_err_and(|failure| failure.message.contains(&address.to_string())));
    }
}
