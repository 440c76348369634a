//! A multi-record transaction: the core's transaction, the calls that use it, and the writes that are in doubt.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use aerospike_core::{Key, Txn, TxnState};
use parking_lot::Mutex;
use tokio::sync::{Mutex as Turn, MutexGuard, Notify};

use crate::catalog::result_codes::client_code;
use crate::common::errors::{Failure, Kind};

/// How often a write that waits for the first write checks whether the monitor record exists.
const MONITOR_POLL: Duration = Duration::from_millis(2);

/// The writes of a transaction that may or may not have been applied.
#[derive(Default)]
struct Doubts {
    /// Single records, by digest, each with its name for messages.
    keys: HashMap<[u8; 20], String>,
    /// Whether a batch has such rows. Nothing resolves that.
    batch: bool,
}

/// An open transaction of a client.
pub struct Transaction {
    txn: Arc<Txn>,
    /// Number of calls in flight.
    calls: AtomicUsize,
    idle: Notify,
    /// Whether new calls are refused, because a commit or an abort has begun.
    ending: AtomicBool,
    /// Held by the write that creates the monitor record. Without it, two first writes would both create the record.
    first: Turn<()>,
    /// Held by the commit or the abort that runs.
    end: Turn<()>,
    doubts: Mutex<Doubts>,
}

impl std::fmt::Debug for Transaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.txn.fmt(f)
    }
}

/// A call in flight. The commit and the abort wait for its end.
pub struct InTransaction(Arc<Transaction>);

impl InTransaction {
    pub fn transaction(&self) -> &Arc<Transaction> {
        &self.0
    }
}

impl Clone for InTransaction {
    fn clone(&self) -> Self {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        InTransaction(Arc::clone(&self.0))
    }
}

impl Drop for InTransaction {
    fn drop(&mut self) {
        if self.0.calls.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}

impl Transaction {
    /// Creates a transaction. With a timeout of 0, the server's default applies.
    pub fn new(timeout_s: u32) -> Self {
        Transaction {
            txn: Arc::new(Txn::new().with_timeout(Duration::from_secs(u64::from(timeout_s)))),
            calls: AtomicUsize::new(0),
            idle: Notify::new(),
            ending: AtomicBool::new(false),
            first: Turn::new(()),
            end: Turn::new(()),
            doubts: Mutex::default(),
        }
    }

    /// The core's transaction.
    pub fn txn(&self) -> &Arc<Txn> {
        &self.txn
    }

    /// Begins a call.
    ///
    /// # Errors
    /// The transaction is committed or aborted, or its commit or abort runs.
    pub fn enter(self: &Arc<Self>) -> Result<InTransaction, Failure> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let call = InTransaction(Arc::clone(self));
        match self.txn.state() {
            TxnState::Committed => Err(refused(
                client_code::TRANSACTION_COMMITTED,
                "the transaction is committed",
            )),
            TxnState::Aborted => Err(refused(client_code::TRANSACTION_ABORTED, "the transaction is aborted")),
            _ if self.ending.load(Ordering::SeqCst) => Err(refused(
                client_code::TRANSACTION_BUSY,
                "the transaction is being committed or aborted",
            )),
            _ => Ok(call),
        }
    }

    /// Waits until this write may create the monitor record, or until the record exists: then returns `None`.
    pub async fn first_write(&self) -> Option<MutexGuard<'_, ()>> {
        loop {
            if self.txn.monitor_exists() {
                return None;
            }
            if let Ok(turn) = tokio::time::timeout(MONITOR_POLL, self.first.lock()).await {
                return (!self.txn.monitor_exists()).then_some(turn);
            }
        }
    }

    /// Records the outcome of a write: a write in doubt prevents the commit, until a write to the same record succeeds.
    pub fn wrote(&self, key: &Key, failure: Option<&Failure>) {
        match failure {
            Some(failure) if failure.in_doubt => {
                self.doubts.lock().keys.insert(key.digest(), key.to_string());
            }
            Some(_) => (),
            None => {
                self.doubts.lock().keys.remove(&key.digest());
            }
        }
    }

    /// Records that rows of a batch, or a write of an unknown record, are in doubt.
    pub fn doubt_batch(&self) {
        self.doubts.lock().batch = true;
    }

    /// Describes the writes that are in doubt; `None` if every write has an outcome.
    pub fn doubts(&self) -> Option<String> {
        let doubts = self.doubts.lock();
        if doubts.batch || self.txn.write_in_doubt() {
            return Some("rows of a batch".to_owned());
        }
        let mut keys = doubts.keys.values();
        let first = keys.next()?;
        Some(match keys.len() {
            0 => format!("the write of {first}"),
            more => format!("the write of {first} and {more} more"),
        })
    }

    /// Whether an abort leaves locks behind that the core does not know of, so that only the servers can release them.
    pub fn has_unknown_locks(&self) -> bool {
        let doubts = self.doubts.lock();
        doubts.batch || !doubts.keys.is_empty() || self.calls.load(Ordering::SeqCst) > 0
    }

    /// Whether the transaction has locks to release.
    pub fn is_open(&self) -> bool {
        matches!(self.txn.state(), TxnState::Open | TxnState::Verified)
            && (self.txn.monitor_exists() || self.calls.load(Ordering::SeqCst) > 0)
    }

    /// Refuses new calls from here on, or lets them in again.
    pub fn set_ending(&self, ending: bool) {
        self.ending.store(ending, Ordering::SeqCst);
    }

    /// Waits for the commit or abort that runs.
    pub async fn end(&self) -> MutexGuard<'_, ()> {
        self.end.lock().await
    }

    /// Waits up to `timeout` for the calls in flight. Returns whether none is left.
    pub async fn wait_for_calls(&self, timeout: Duration) -> bool {
        let idle = async {
            loop {
                let idle = self.idle.notified();
                if self.calls.load(Ordering::SeqCst) == 0 {
                    return;
                }
                idle.await;
            }
        };
        tokio::time::timeout(timeout, idle).await.is_ok()
    }
}

/// The failure of a call that the state of its transaction does not allow.
pub fn refused(code: i32, message: impl Into<String>) -> Failure {
    Failure::new(Kind::Transaction, code, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aerospike_core::Value;

    fn key(name: &str) -> Key {
        Key::new("test", "set", Value::from(name)).unwrap_or_else(|_| unreachable!())
    }

    fn in_doubt() -> Failure {
        Failure::timeout("no answer").with_in_doubt(true)
    }

    #[tokio::test]
    async fn an_end_waits_for_the_calls_in_flight() {
        let transaction = Arc::new(Transaction::new(0));
        let Ok(call) = transaction.enter() else { unreachable!() };
        let copy = call.clone();
        drop(call);
        assert!(!transaction.wait_for_calls(Duration::ZERO).await);
        drop(copy);
        assert!(transaction.wait_for_calls(Duration::from_secs(5)).await);
    }

    #[test]
    fn a_transaction_that_ends_refuses_calls() {
        let transaction = Arc::new(Transaction::new(0));
        let code = |transaction: &Arc<Transaction>| transaction.enter().err().map(|failure| failure.code);
        assert_eq!(code(&transaction), None);
        transaction.set_ending(true);
        assert_eq!(code(&transaction), Some(client_code::TRANSACTION_BUSY));
        transaction.set_ending(false);
        assert_eq!(code(&transaction), None);
        transaction.txn().set_state(TxnState::Aborted);
        assert_eq!(code(&transaction), Some(client_code::TRANSACTION_ABORTED));
        transaction.txn().set_state(TxnState::Committed);
        assert_eq!(code(&transaction), Some(client_code::TRANSACTION_COMMITTED));
        assert!(!transaction.has_unknown_locks());
    }

    #[test]
    fn a_write_in_doubt_is_resolved_by_a_later_write_of_the_same_record() {
        let transaction = Transaction::new(0);
        transaction.wrote(&key("a"), Some(&Failure::timeout("not sent")));
        assert_eq!(transaction.doubts(), None);
        transaction.wrote(&key("a"), Some(&in_doubt()));
        assert!(transaction.has_unknown_locks());
        transaction.wrote(&key("b"), None);
        assert!(transaction.doubts().is_some_and(|text| text.contains("the write of")));
        transaction.wrote(&key("a"), None);
        assert_eq!(transaction.doubts(), None);
        transaction.doubt_batch();
        transaction.wrote(&key("a"), None);
        assert_eq!(transaction.doubts().as_deref(), Some("rows of a batch"));
    }

    #[tokio::test]
    async fn writes_wait_for_the_first_one() {
        let transaction = Transaction::new(0);
        let first = transaction.first_write().await;
        assert!(first.is_some());
        let second = tokio::time::timeout(Duration::from_millis(20), transaction.first_write()).await;
        assert!(second.is_err(), "the monitor record does not exist yet");
        drop(first);
        assert!(transaction.first_write().await.is_some());
    }
}
