//! The state of one node: how many commands run on it, and whether it responds and is reachable.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use aerospike_core::Node;
use parking_lot::Mutex;

use super::claims::Claims;
use super::gate::Gate;
use crate::common::errors::Failure;
use crate::common::node_names::NodeName;
use crate::requests::admission::FIRST_PER_NODE;

/// Number of consecutive checks without an answer, while commands are running, after which a node counts as silent.
pub const SILENT_CHECKS: u32 = 10;

/// The state of one node.
#[derive(Debug)]
pub struct NodeState {
    name: NodeName,
    core: Option<Arc<Node>>,
    /// Admission of all commands.
    pub gate: Gate,
    /// Additional admission of writes that wait for a lost replica. They pass it first, so that they cannot occupy the
    /// whole node.
    pub degraded: Gate,
    /// Maximum number of commands at once, regardless of the connections.
    max: AtomicUsize,
    unreachable: AtomicBool,
    /// Whether there has ever been a connection to the node.
    connected: AtomicBool,
    /// Whether a connection broke, so that the node must be probed at once.
    suspect: AtomicBool,
    /// Whether the node has answered since the last check.
    has_answered: AtomicBool,
    /// Number of consecutive checks without an answer.
    quiet: AtomicU32,
    /// Number of errors in the current window.
    errors: AtomicUsize,
    refused: AtomicU64,
    last_error: Mutex<Option<Failure>>,
    /// Why the node refuses the client's user, unless it has accepted a command since.
    login_refusal: Mutex<Option<Failure>>,
    /// Whether there is a `login_refusal`.
    refused_login: AtomicBool,
    claims: Mutex<Arc<Claims>>,
}

impl NodeState {
    /// Creates the state of a new node.
    pub fn new(name: &str, address: &str, core: Option<Arc<Node>>) -> Self {
        NodeState {
            name: NodeName::new(name, address),
            core,
            gate: Gate::default(),
            degraded: Gate::default(),
            max: AtomicUsize::new(FIRST_PER_NODE),
            unreachable: AtomicBool::new(false),
            connected: AtomicBool::new(false),
            suspect: AtomicBool::new(false),
            has_answered: AtomicBool::new(false),
            quiet: AtomicU32::new(0),
            errors: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
            last_error: Mutex::new(None),
            login_refusal: Mutex::new(None),
            refused_login: AtomicBool::new(false),
            claims: Mutex::default(),
        }
    }

    /// Its name in the cluster.
    pub fn name(&self) -> &str {
        self.name.name()
    }

    /// Its address, as `host:port`.
    pub fn address(&self) -> &str {
        self.name.address()
    }

    pub fn core(&self) -> Option<&Arc<Node>> {
        self.core.as_ref()
    }

    /// The number of commands that may run on the node now: the open connections plus `FIRST_PER_NODE`, so that connections are
    /// opened in small numbers; 0 while the node is unreachable.
    pub fn limit(&self) -> usize {
        if self.is_unreachable() {
            return 0;
        }
        let open = self.open();
        if open == 0 && self.connected.load(Ordering::Relaxed) {
            // One command finds out whether the node is still there.
            return 1;
        }
        FIRST_PER_NODE
            .saturating_add(open)
            .min(self.max.load(Ordering::Relaxed))
    }

    fn open(&self) -> usize {
        let open = self.core.as_ref().map_or(0, |node| node.open_connections());
        if open > 0 && !self.connected.load(Ordering::Relaxed) {
            self.connected.store(true, Ordering::Relaxed);
        }
        usize::try_from(open).unwrap_or(usize::MAX)
    }

    /// Whether the node had connections but has none now, so that it may be gone.
    pub fn is_cut_off(&self) -> bool {
        self.open() == 0 && self.connected.load(Ordering::Relaxed)
    }

    /// The number of these commands that may be writes that wait for a lost replica.
    pub fn degraded_limit(&self) -> usize {
        (self.max.load(Ordering::Relaxed) / 4).max(1)
    }

    /// Sets the maximum number of commands at once; at least 1.
    pub fn set_max(&self, max: usize) {
        self.max.store(max.max(1), Ordering::Relaxed);
    }

    /// Whether no connection to the node can be opened.
    pub fn is_unreachable(&self) -> bool {
        self.unreachable.load(Ordering::Relaxed)
    }

    /// Whether commands are running on the node but none was answered during the last `SILENT_CHECKS` checks.
    pub fn is_silent(&self) -> bool {
        self.quiet.load(Ordering::Relaxed) >= SILENT_CHECKS
    }

    /// Whether commands should avoid the node, because it is unreachable or silent.
    pub fn is_lost(&self) -> bool {
        self.is_unreachable() || self.is_silent()
    }

    /// Records that the node has answered.
    pub fn answered(&self) {
        // Read first, so that the cache line stays shared if nothing changes.
        if !self.has_answered.load(Ordering::Relaxed) {
            self.has_answered.store(true, Ordering::Relaxed);
        }
    }

    /// Checks whether the node has answered since the last check. Returns the number of consecutive checks without an
    /// answer.
    pub fn check(&self) -> u32 {
        if self.has_answered.swap(false, Ordering::Relaxed) {
            self.quiet.store(0, Ordering::Relaxed);
            return 0;
        }
        if self.gate.running() + self.gate.waiting() == 0 {
            return self.quiet.load(Ordering::Relaxed);
        }
        let quiet = self.quiet.fetch_add(1, Ordering::Relaxed) + 1;
        if quiet == SILENT_CHECKS {
            // Reads that wait for the node may use a replica now.
            self.gate.wake_all();
        }
        quiet
    }

    /// Records that a connection could be opened.
    pub fn reached(&self) {
        if self.unreachable.swap(false, Ordering::Relaxed) {
            self.quiet.store(0, Ordering::Relaxed);
            self.gate.wake_all();
        }
    }

    /// Records that no connection could be opened. Returns whether the node was reachable before.
    pub fn missed(&self, why: Failure) -> bool {
        self.note(why);
        let before = self.unreachable.swap(true, Ordering::Relaxed);
        if !before {
            self.gate.wake_all();
        }
        !before
    }

    /// Stores the last connection error.
    pub fn note(&self, mut why: Failure) {
        if why.address.is_empty() {
            self.address().clone_into(&mut why.address);
        }
        why.cause = None;
        *self.last_error.lock() = Some(why);
    }

    /// The last connection error.
    pub fn last_error(&self) -> Option<Failure> {
        self.last_error.lock().clone()
    }

    /// Stores why the node refuses the client's user; `None` if it accepts the user.
    pub fn set_login_refusal(&self, why: Option<Failure>) {
        self.refused_login.store(why.is_some(), Ordering::Relaxed);
        *self.login_refusal.lock() = why;
    }

    /// Records that the node has accepted a command.
    pub fn accepted(&self) {
        if self.refused_login.load(Ordering::Relaxed) {
            self.set_login_refusal(None);
        }
    }

    /// Why the node refuses the client's user.
    pub fn login_refusal(&self) -> Option<Failure> {
        self.login_refusal.lock().clone()
    }

    /// Records that a connection broke.
    pub fn suspect(&self) {
        self.suspect.store(true, Ordering::Relaxed);
    }

    /// Returns whether a connection broke since the last call.
    pub fn take_suspicion(&self) -> bool {
        self.suspect.swap(false, Ordering::Relaxed)
    }

    /// Counts an error for the circuit breaker.
    pub fn count_error(&self) {
        self.errors.fetch_add(1, Ordering::Relaxed);
    }

    /// Number of errors in the current window.
    pub fn errors(&self) -> usize {
        self.errors.load(Ordering::Relaxed)
    }

    /// Starts a new window.
    pub fn forget_errors(&self) {
        self.errors.store(0, Ordering::Relaxed);
    }

    /// Counts a command that the circuit breaker rejected.
    pub fn count_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Number of commands that the circuit breaker rejected.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// The partitions that the node owns.
    pub fn claims(&self) -> Arc<Claims> {
        Arc::clone(&self.claims.lock())
    }

    /// Sets the partitions that the node owns.
    pub fn set_claims(&self, claims: Claims) {
        *self.claims.lock() = Arc::new(claims);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> NodeState {
        let node = NodeState::new("A", "host:3000", None);
        node.set_max(20);
        node
    }

    #[test]
    fn an_unreachable_node_admits_no_command() {
        let node = node();
        assert_eq!(node.limit(), FIRST_PER_NODE);
        assert!(node.missed(Failure::client("refused")));
        assert!(!node.missed(Failure::client("refused")));
        assert_eq!(node.limit(), 0);
        assert_eq!(
            node.last_error().map(|error| error.address),
            Some("host:3000".to_owned())
        );
        node.reached();
        assert_eq!(node.limit(), FIRST_PER_NODE);
    }

    #[test]
    fn a_node_is_silent_when_commands_run_and_none_is_answered() {
        let node = node();
        for _ in 0..SILENT_CHECKS {
            node.check();
        }
        assert!(!node.is_silent(), "nobody asked it");
        assert!(node.gate.try_acquire(1));
        for _ in 0..SILENT_CHECKS {
            assert!(!node.is_silent());
            node.check();
        }
        assert!(node.is_silent());
        node.answered();
        node.check();
        assert!(!node.is_silent());
    }
}
