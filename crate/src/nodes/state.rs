//! What the client knows of one node: how many commands run on it, whether it answers, whether it can be reached at all.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aerospike_core::Node;

use super::gate::Gate;
use super::partitions::Claims;
use crate::errors::Failure;

/// Commands let onto a node before any connection to it has proved itself.
pub const FIRST: usize = 16;

/// Looks without an answer, while commands run, after which a node counts as silent.
pub const SILENT_LOOKS: u32 = 10;

/// One node.
#[derive(Debug)]
pub struct NodeState {
    name: String,
    address: String,
    core: Option<Arc<Node>>,
    /// Who runs on it, who waits for it.
    pub gate: Gate,
    /// Writes among them that wait for a lost replica: they come here first, and may not fill the node.
    pub doubtful: Gate,
    /// Commands at once at most, whatever its connections.
    most: AtomicUsize,
    unreachable: AtomicBool,
    /// There has been a connection to it.
    connected: AtomicBool,
    /// A connection to it broke: it is to be tried at once.
    suspect: AtomicBool,
    /// It has answered since the last look.
    heard: AtomicBool,
    /// Looks in a row without an answer.
    quiet: AtomicU32,
    /// Errors of the current window, and attempts that were refused for them.
    errors: AtomicUsize,
    refused: AtomicU64,
    last_error: Mutex<Option<Failure>>,
    claims: Mutex<Arc<Claims>>,
}

impl NodeState {
    /// A node of which nothing is known yet.
    pub fn new(name: String, address: String, core: Option<Arc<Node>>) -> Self {
        NodeState {
            name,
            address,
            core,
            gate: Gate::default(),
            doubtful: Gate::default(),
            most: AtomicUsize::new(FIRST),
            unreachable: AtomicBool::new(false),
            connected: AtomicBool::new(false),
            suspect: AtomicBool::new(false),
            heard: AtomicBool::new(false),
            quiet: AtomicU32::new(0),
            errors: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
            last_error: Mutex::new(None),
            claims: Mutex::default(),
        }
    }

    /// Its name in the cluster.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is reached.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The core's node.
    pub fn core(&self) -> Option<&Arc<Node>> {
        self.core.as_ref()
    }

    /// How many commands may run on it now: as many as it has connections and a few more, so that connections are opened in
    /// small numbers; none while it cannot be reached.
    pub fn limit(&self) -> usize {
        if self.is_unreachable() {
            return 0;
        }
        let open = self.open();
        if open == 0 && self.connected.load(Ordering::Relaxed) {
            // Whoever goes first finds out whether it is still there.
            return 1;
        }
        FIRST.saturating_add(open).min(self.most.load(Ordering::Relaxed))
    }

    fn open(&self) -> usize {
        let open = self.core.as_ref().map_or(0, |node| node.open_connections());
        if open > 0 && !self.connected.load(Ordering::Relaxed) {
            self.connected.store(true, Ordering::Relaxed);
        }
        usize::try_from(open).unwrap_or(usize::MAX)
    }

    /// Whether there have been connections to it, and there is none now: it may be gone.
    pub fn is_cut_off(&self) -> bool {
        self.open() == 0 && self.connected.load(Ordering::Relaxed)
    }

    /// How many of them may be writes that wait for a lost replica.
    pub fn doubtful_limit(&self) -> usize {
        (self.most.load(Ordering::Relaxed) / 4).max(1)
    }

    /// Sets how many commands may run on it at most.
    pub fn set_most(&self, most: usize) {
        self.most.store(most.max(1), Ordering::Relaxed);
    }

    /// Whether connections to it cannot be opened.
    pub fn is_unreachable(&self) -> bool {
        self.unreachable.load(Ordering::Relaxed)
    }

    /// Whether commands run on it and none has been answered for a while.
    pub fn is_silent(&self) -> bool {
        self.quiet.load(Ordering::Relaxed) >= SILENT_LOOKS
    }

    /// Whether it is better asked nothing.
    pub fn is_lost(&self) -> bool {
        self.is_unreachable() || self.is_silent()
    }

    /// It has answered.
    pub fn answered(&self) {
        // Read first: the cache line stays shared while there is nothing new.
        if !self.heard.load(Ordering::Relaxed) {
            self.heard.store(true, Ordering::Relaxed);
        }
    }

    /// Takes note of what was heard since the last look. How many looks in a row have heard nothing.
    pub fn look(&self) -> u32 {
        if self.heard.swap(false, Ordering::Relaxed) {
            self.quiet.store(0, Ordering::Relaxed);
            return 0;
        }
        if self.gate.running() + self.gate.waiting() == 0 {
            return self.quiet.load(Ordering::Relaxed);
        }
        let quiet = self.quiet.fetch_add(1, Ordering::Relaxed) + 1;
        if quiet == SILENT_LOOKS {
            // Reads that wait for it may go to a replica now.
            self.gate.wake_all();
        }
        quiet
    }

    /// A connection could be opened.
    pub fn reached(&self) {
        if self.unreachable.swap(false, Ordering::Relaxed) {
            self.quiet.store(0, Ordering::Relaxed);
            self.gate.wake_all();
        }
    }

    /// No connection could be opened. Whether that is new.
    pub fn missed(&self, why: Failure) -> bool {
        self.note(why);
        let before = self.unreachable.swap(true, Ordering::Relaxed);
        if !before {
            self.gate.wake_all();
        }
        !before
    }

    /// Remembers the last error of its connections.
    pub fn note(&self, mut why: Failure) {
        if why.node.is_empty() {
            why.node.clone_from(&self.address);
        }
        why.cause = None;
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    /// The last error of its connections.
    pub fn last_error(&self) -> Option<Failure> {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A connection to it broke.
    pub fn suspect(&self) {
        self.suspect.store(true, Ordering::Relaxed);
    }

    /// Whether a connection broke since this was asked last.
    pub fn take_suspicion(&self) -> bool {
        self.suspect.swap(false, Ordering::Relaxed)
    }

    /// Counts an error of the node towards its circuit breaker.
    pub fn count_error(&self) {
        self.errors.fetch_add(1, Ordering::Relaxed);
    }

    /// Errors of the current window.
    pub fn errors(&self) -> usize {
        self.errors.load(Ordering::Relaxed)
    }

    /// Begins a new window.
    pub fn forget_errors(&self) {
        self.errors.store(0, Ordering::Relaxed);
    }

    /// Counts a command that was refused because of the errors.
    pub fn count_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Commands that were refused because of the errors.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// What it owns.
    pub fn claims(&self) -> Arc<Claims> {
        Arc::clone(&self.claims.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Learns what it owns.
    pub fn set_claims(&self, claims: Claims) {
        *self.claims.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(claims);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> NodeState {
        let node = NodeState::new("A".to_owned(), "host:3000".to_owned(), None);
        node.set_most(20);
        node
    }

    #[test]
    fn a_node_that_cannot_be_reached_lets_nobody_in() {
        let node = node();
        assert_eq!(node.limit(), FIRST);
        assert!(node.missed(Failure::client("refused")));
        assert!(!node.missed(Failure::client("refused")));
        assert_eq!(node.limit(), 0);
        assert_eq!(node.last_error().map(|error| error.node), Some("host:3000".to_owned()));
        node.reached();
        assert_eq!(node.limit(), FIRST);
    }

    #[test]
    fn a_node_is_silent_when_commands_run_and_none_is_answered() {
        let node = node();
        for _ in 0..SILENT_LOOKS {
            node.look();
        }
        assert!(!node.is_silent(), "nobody asked it");
        assert!(node.gate.try_enter(1));
        for _ in 0..SILENT_LOOKS {
            assert!(!node.is_silent());
            node.look();
        }
        assert!(node.is_silent());
        node.answered();
        node.look();
        assert!(!node.is_silent());
    }
}
