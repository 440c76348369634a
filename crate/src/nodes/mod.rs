//! Per-node state for single-record commands: which node has a record, how many commands run on the node, and whether
//! the node responds. A node that hangs or is gone then delays only its own commands.
//!
//! aerospike-core itself chooses the node of each attempt and opens the connections, and it cannot be made to avoid a
//! node. This module decides which commands are admitted, how long an attempt may last, and whether a read starts with
//! the master.

pub mod claims;
#[cfg(test)]
mod concurrency_tests;
mod failures;
pub mod gate;
pub mod login;
pub mod partitions;
mod place;
pub mod state;
mod watch;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use aerospike_core::{BasePolicy, Key, Replica};
use parking_lot::RwLock;
use tokio::sync::{Notify, watch as watch_channel};

pub use place::{LossWatch, Place};
pub use state::NodeState;
pub use watch::{WatchOptions, watch};

use crate::common::errors::{Failure, Kind, code};
use crate::requests::Call;
use crate::requests::admission::Admission;
use crate::requests::{Cancel, Cancellable, Request};
use failures::{breaker_failure, explain, unsent};
use gate::Gate;
use partitions::{Owner, PartitionTable};
use place::DegradedSlot;

/// The nodes of a client.
#[derive(Debug)]
pub struct Nodes {
    table: RwLock<PartitionTable>,
    all: RwLock<Vec<Arc<NodeState>>>,
    /// Number of checks of the nodes: a clock that is cheap to read.
    checks: AtomicU32,
    /// Whether the checks are paused because no command is running.
    resting: AtomicBool,
    woken: Notify,
    /// Number of times that a node has become unreachable.
    losses: watch_channel::Sender<u32>,
    /// Number of long-running batches. They hold no place on a node, but the nodes must be checked for them.
    late_batches: AtomicUsize,
    closed: AtomicBool,
    /// Number of errors of a node within a window above which its commands are rejected; 0 disables the circuit
    /// breaker.
    max_errors: usize,
}

/// The nodes that a command may contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only the record's master.
    Master,
    /// The master, and a replica if the master is lost.
    Owners,
    /// Any node that the core chooses.
    Any,
}

impl Reach {
    /// The nodes that a read with this policy may contact.
    pub fn of_read(base: &BasePolicy) -> Self {
        match base.replica {
            Replica::Sequence if base.max_retries > 0 => Reach::Owners,
            Replica::Master | Replica::Sequence => Reach::Master,
            Replica::MasterProles | Replica::Random | Replica::PreferRack => Reach::Any,
        }
    }
}

impl Nodes {
    /// Creates the state for a cluster whose nodes are not known yet.
    pub fn new(max_errors: usize) -> Self {
        Nodes {
            table: RwLock::default(),
            all: RwLock::default(),
            checks: AtomicU32::new(0),
            resting: AtomicBool::new(false),
            woken: Notify::new(),
            losses: watch_channel::Sender::new(0),
            late_batches: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            max_errors,
        }
    }

    /// Number of errors of a node within a window above which its commands are rejected; 0 disables the circuit
    /// breaker.
    pub fn max_errors(&self) -> usize {
        self.max_errors
    }

    /// The node with this name.
    pub fn find(&self, name: &str) -> Option<Arc<NodeState>> {
        let all = self.all.read();
        all.iter().find(|node| node.name() == name).map(Arc::clone)
    }

    /// The node with this address.
    pub fn at(&self, address: &str) -> Option<Arc<NodeState>> {
        let all = self.all.read();
        all.iter().find(|node| node.address() == address).map(Arc::clone)
    }

    /// Number of commands that are waiting for a node.
    pub fn waiting(&self) -> usize {
        let all = self.all.read();
        all.iter()
            .map(|node| node.gate.waiting() + node.degraded.waiting())
            .sum()
    }

    /// The largest number of nodes that a read may contact, over all namespaces.
    pub fn max_readable(&self) -> usize {
        self.table.read().max_readable()
    }

    /// Whether a node is currently unreachable.
    pub fn any_unreachable(&self) -> bool {
        let all = self.all.read();
        all.iter().any(|node| node.is_unreachable())
    }

    /// The master of `key`, if it is unreachable and a read may use another node.
    pub fn unreachable_master(&self, key: &Key) -> Option<Arc<NodeState>> {
        let owner = self.owner(key)?;
        (owner.readable > 1 && owner.node.is_unreachable()).then_some(owner.node)
    }

    /// The master of `key`, if it is known.
    pub fn master(&self, key: &Key) -> Option<Arc<NodeState>> {
        self.owner(key).map(|owner| owner.node)
    }

    /// Watches the nodes for a batch, until the result is dropped.
    pub fn watch_losses(&self) -> LossWatch<'_> {
        LossWatch {
            nodes: self,
            late: false,
            losses: self.losses.subscribe(),
        }
    }

    fn owner(&self, key: &Key) -> Option<Owner> {
        let table = self.table.read();
        table.owner(key.namespace(), key.digest())
    }

    /// Makes the watch check the nodes at once.
    fn wake(&self) {
        self.resting.store(false, Ordering::Relaxed);
        self.woken.notify_one();
    }

    /// Ends the watch.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.woken.notify_one();
    }

    fn breaker_open(&self, node: &NodeState) -> bool {
        self.max_errors > 0 && node.errors() > self.max_errors
    }

    /// Waits until a command on `key` may run on the node of the record.
    ///
    /// # Errors
    /// The request was cancelled, or the node's circuit breaker is open. Nothing was sent.
    pub async fn acquire_place(
        &self,
        admission: &Admission,
        call: &Call,
        key: &Key,
        reach: Reach,
    ) -> Result<Place, Failure> {
        if self.resting.load(Ordering::Relaxed) {
            self.wake();
        }
        let Some(owner) = self.owner(key) else {
            return Ok(Place::anywhere());
        };
        if reach == Reach::Any {
            return Ok(Place::unknown(&owner));
        }
        let node = &owner.node;
        let limit = node.limit();
        if limit == 1 && node.is_cut_off() {
            node.suspect();
            self.wake();
        }
        let degraded = owner.replica_lost && call.request().writes();
        if !degraded && !self.breaker_open(node) && node.gate.try_acquire(limit) {
            return Ok(Place::on(owner, reach, self.checks.load(Ordering::Relaxed)));
        }
        // Boxed, because it is rarely needed and would make every command's task larger.
        Box::pin(self.wait(admission, call, key, reach)).await
    }

    async fn wait(&self, admission: &Admission, call: &Call, key: &Key, reach: Reach) -> Result<Place, Failure> {
        let request = call.request();
        let mut waits = false;
        let mut held: Option<DegradedSlot> = None;
        let place = loop {
            let Some(owner) = self.owner(key) else {
                break Place::anywhere();
            };
            let node = &owner.node;
            let may_use_replica = reach == Reach::Owners && owner.readable > 1;
            if self.breaker_open(node) {
                if may_use_replica {
                    break Place::to_replica(&owner);
                }
                node.count_refused();
                return Err(breaker_failure(node, request));
            }
            let degraded = owner.replica_lost && request.writes();
            if degraded && held.is_none() {
                if node.degraded.try_acquire(node.degraded_limit()) {
                    held = Some(DegradedSlot(Arc::clone(node)));
                } else {
                    waits |= call.release();
                    match queue(&node.degraded, || node.degraded_limit(), request).await {
                        Ok(true) => held = Some(DegradedSlot(Arc::clone(node))),
                        Ok(false) => {}
                        Err(why) => return Err(unsent(node, request, why)),
                    }
                    continue;
                }
            }
            if held
                .as_ref()
                .is_some_and(|held| !degraded || !Arc::ptr_eq(&held.0, node))
            {
                held = None;
                continue;
            }
            if node.gate.try_acquire(node.limit()) {
                break Place::on(owner, reach, self.checks.load(Ordering::Relaxed)).holding(held);
            }
            if node.is_lost() && may_use_replica {
                break Place::to_replica(&owner);
            }
            // Commands that wait for one node must not block commands for other nodes, so they release their permits.
            waits |= call.release();
            match queue(&node.gate, || node.limit(), request).await {
                Ok(true) => break Place::on(owner, reach, self.checks.load(Ordering::Relaxed)).holding(held),
                Ok(false) => {}
                Err(why) => return Err(unsent(node, request, why)),
            }
        };
        if waits {
            let permit = pin!(admission.acquire(1));
            match Cancellable::new(permit, request).await {
                Ok(permit) => call.hold(permit),
                Err(why) => return Err(request.cancel_failure(why).with_in_doubt(false)),
            }
        }
        Ok(place)
    }

    /// Updates the state of the node from the outcome of a command, and adds details about the node to a failure.
    pub fn settle<T>(&self, place: &Place, outcome: Result<T, Failure>) -> Result<T, Failure> {
        match outcome {
            Ok(value) => {
                self.answered(place);
                if let Some(node) = &place.node {
                    node.accepted();
                }
                Ok(value)
            }
            Err(failure) => Err(self.record_failure(place, failure)),
        }
    }

    fn answered(&self, place: &Place) {
        if let Some(node) = &place.node
            && self.checks.load(Ordering::Relaxed).wrapping_sub(place.since) <= place.prompt
        {
            node.answered();
        }
    }

    fn record_failure(&self, place: &Place, mut failure: Failure) -> Failure {
        if failure.kind == Kind::Server {
            self.answered(place);
        }
        let named = if failure.address.is_empty() {
            None
        } else {
            self.at(&failure.address)
        };
        let Some(node) = named.as_ref().or(place.node.as_ref()) else {
            return failure;
        };
        match (failure.kind, failure.code) {
            (Kind::Cluster, code::CONNECTION) => {
                node.count_error();
                node.note(failure.clone());
                node.suspect();
                self.wake();
            }
            (Kind::Server, code::DEVICE_OVERLOAD) => node.count_error(),
            (Kind::Server, code::NOT_AUTHENTICATED) => {
                // The logins of further connections are refused, too, which the core reports as missing connections.
                let why = Failure::new(failure.kind, failure.code, failure.message.clone());
                node.set_login_refusal(Some(why));
            }
            _ => {}
        }
        if matches!(failure.kind, Kind::Timeout | Kind::Cluster) {
            explain(node, &mut failure);
        }
        failure
    }
}

impl Nodes {
    /// Adds details about the node to a failure that names one.
    pub fn explain(&self, mut failure: Failure) -> Failure {
        if matches!(failure.kind, Kind::Timeout | Kind::Cluster)
            && !failure.address.is_empty()
            && let Some(node) = self.at(&failure.address)
        {
            explain(&node, &mut failure);
        }
        failure
    }
}

/// Waits in the queue of a gate. Returns whether a place was taken.
async fn queue(gate: &Gate, limit: impl Fn() -> usize, request: &Request) -> Result<bool, Cancel> {
    let waiting = gate.queue();
    Cancellable::new(pin!(waiting.turn(limit)), request).await
}
