//! The transactions of a namespace with strong consistency: record versions, and the monitor of each transaction.
//!
//! A monitor is a record of a reserved set, with the digests of all records that its transaction writes. Its state
//! decides what becomes of the locks: clients mark it before they commit, and the server ends a transaction whose
//! deadline has passed. Records are locked in their partitions, see [`crate::store::partition::Provisional`].

use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard};

use crate::record::Record;
use crate::record::digest::Digest;
use crate::record::particle::kind;
use crate::store::partition::ByDigest;

/// The set of the monitors.
pub const MONITOR_SET: &[u8] = b"<ERO~MRT";

/// Maximum number of records that a transaction may write.
pub const MAX_WRITES: i64 = 4096;

/// Default lifetime of a transaction in seconds, as on a real server.
pub const DEFAULT_DURATION_S: u32 = 10;

/// Maximum lifetime of a transaction in seconds, as on a real server.
pub const MAX_DURATION_S: u32 = 120;

/// How long the server remembers a transaction that it has rolled back, in seconds.
const REMEMBERED_S: u32 = 10;

/// The state of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The client may still commit or abort it.
    Open,
    /// The client has committed it: its writes must be rolled forward.
    Committed,
    /// The server has ended it after its deadline: its writes must be rolled back.
    Aborted,
}

/// A transaction that has written records.
#[derive(Debug)]
pub struct Monitor {
    /// The monitor as a record, for clients that read it.
    pub record: Record,
    /// Time at which the server ends the transaction, in seconds since 2010-01-01.
    pub deadline: u32,
    pub state: State,
}

impl Monitor {
    /// Whether the transaction has outlived its deadline.
    #[must_use]
    pub fn is_expired(&self, now_s: u32) -> bool {
        self.deadline < now_s
    }
}

/// What to do with the lock of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The transaction has not ended.
    Keep,
    RollForward,
    RollBack,
}

/// Counters of transactions, for info replies.
#[derive(Debug, Default)]
pub struct Counters {
    pub provisionals: AtomicU64,
    pub blocked: AtomicU64,
    pub version_mismatches: AtomicU64,
    pub verified: AtomicU64,
    pub not_verified: AtomicU64,
    pub rolled_forward: AtomicU64,
    pub rolled_back: AtomicU64,
    pub monitor_rolled_forward: AtomicU64,
    pub monitor_rolled_back: AtomicU64,
}

/// The transactions of a namespace.
#[derive(Debug)]
pub struct Transactions {
    duration_s: u32,
    last_version: AtomicU64,
    monitors: Mutex<ByDigest<Monitor>>,
    pub counters: Counters,
}

impl Transactions {
    /// Creates the transactions of a new namespace. `duration_s` is the lifetime of those without a timeout.
    #[must_use]
    pub fn new(duration_s: u32) -> Self {
        Self {
            duration_s,
            last_version: AtomicU64::new(0),
            monitors: Mutex::default(),
            counters: Counters::default(),
        }
    }

    /// Lifetime in seconds of transactions without a timeout.
    #[must_use]
    pub fn duration_s(&self) -> u32 {
        self.duration_s
    }

    /// A version that no record has had before.
    #[must_use]
    pub fn next_version(&self) -> u64 {
        self.last_version.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Locks the monitors, by digest. The lock may be taken while a partition is locked, but not the other way
    /// round.
    pub fn monitors(&self) -> MutexGuard<'_, ByDigest<Monitor>> {
        self.monitors.lock()
    }

    /// Number of transactions that have written records, and how many of them are open.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let monitors = self.monitors.lock();
        let open = monitors.values().filter(|monitor| monitor.state == State::Open);
        (monitors.len(), open.count())
    }

    /// The state of a transaction. `None` if it has no monitor.
    #[must_use]
    pub fn state(&self, id: i64) -> Option<State> {
        self.monitors
            .lock()
            .get(&monitor_digest(id))
            .map(|monitor| monitor.state)
    }

    /// Decides what becomes of a lock. Ends the transaction if its deadline has passed. The deadline of the lock
    /// applies only if the transaction has no monitor.
    #[must_use]
    pub fn verdict(&self, id: i64, lock_deadline: u32, now_s: u32) -> Verdict {
        match self.monitors.lock().get_mut(&monitor_digest(id)) {
            Some(monitor) if !monitor.is_expired(now_s) => Verdict::Keep,
            Some(monitor) if monitor.state == State::Committed => Verdict::RollForward,
            Some(monitor) => {
                monitor.state = State::Aborted;
                Verdict::RollBack
            }
            None if lock_deadline < now_s => Verdict::RollBack,
            None => Verdict::Keep,
        }
    }

    /// Ends all transactions whose deadline has passed. Their locks remain.
    pub(super) fn end_expired(&self, now_s: u32) {
        for monitor in self.monitors.lock().values_mut() {
            if monitor.state == State::Open && monitor.is_expired(now_s) {
                monitor.state = State::Aborted;
            }
        }
    }

    /// Removes the monitors of transactions that the server has ended. `before_s` is a time at which the locks of
    /// all transactions that had ended until then were resolved.
    pub(super) fn forget_ended(&self, before_s: u32) {
        self.monitors.lock().retain(|_, monitor| match monitor.state {
            State::Open => true,
            State::Committed => !monitor.is_expired(before_s),
            State::Aborted => monitor.deadline.saturating_add(REMEMBERED_S) >= before_s,
        });
    }
}

/// The digest of the monitor of a transaction.
#[must_use]
pub fn monitor_digest(id: i64) -> Digest {
    let [a, b, c, d, e, f, g, h] = id.to_be_bytes();
    Digest::of_key(MONITOR_SET, &[kind::INTEGER, a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::SetId;

    fn with_monitor(state: State) -> Transactions {
        let transactions = Transactions::new(DEFAULT_DURATION_S);
        let monitor = Monitor {
            record: Record::new(SetId(0)),
            deadline: 100,
            state,
        };
        transactions.monitors().insert(monitor_digest(7), monitor);
        transactions
    }

    #[test]
    fn locks_remain_until_the_deadline_has_passed() {
        let transactions = with_monitor(State::Open);
        assert_eq!(transactions.verdict(7, 100, 100), Verdict::Keep);
        assert_eq!(transactions.state(7), Some(State::Open));
        assert_eq!(transactions.verdict(7, 100, 101), Verdict::RollBack);
        assert_eq!(transactions.state(7), Some(State::Aborted));
    }

    #[test]
    fn the_deadline_of_the_monitor_takes_precedence_over_that_of_a_lock() {
        assert_eq!(with_monitor(State::Open).verdict(7, 50, 60), Verdict::Keep);
        assert_eq!(with_monitor(State::Open).verdict(7, 5000, 101), Verdict::RollBack);
        // Another transaction, without a monitor.
        assert_eq!(with_monitor(State::Open).verdict(8, 60, 60), Verdict::Keep);
        assert_eq!(with_monitor(State::Open).verdict(8, 50, 60), Verdict::RollBack);
    }

    #[test]
    fn writes_of_a_committed_transaction_are_rolled_forward() {
        assert_eq!(
            with_monitor(State::Committed).verdict(7, 100, 101),
            Verdict::RollForward
        );
    }

    #[test]
    fn remembers_transactions_that_the_server_has_ended_for_a_while() {
        let transactions = with_monitor(State::Open);
        transactions.end_expired(101);
        transactions.forget_ended(101);
        assert_eq!(transactions.state(7), Some(State::Aborted));
        transactions.forget_ended(111);
        assert_eq!(transactions.state(7), None);
        let committed = with_monitor(State::Committed);
        committed.forget_ended(100);
        assert_eq!(committed.state(7), Some(State::Committed));
        committed.forget_ended(101);
        assert_eq!(committed.state(7), None);
    }

    #[test]
    fn versions_are_unique() {
        let transactions = Transactions::new(DEFAULT_DURATION_S);
        assert_eq!((transactions.next_version(), transactions.next_version()), (1, 2));
    }
}
