//! The transactions of a client, and how they end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aerospike_core::{
    AbortStatus, BasePolicy, BatchRecord, CommitErrorType, CommitStatus, Error, ErrorKind, ResultCode, TxnRollPolicy,
    TxnState, TxnVerifyPolicy,
};
use futures_util::future::join_all;
use parking_lot::Mutex;

use super::Client;
use crate::catalog::formats::{AbortOutcome, CommitFailure, CommitOutcome};
use crate::catalog::result_codes::client_code;
use crate::common::errors::Failure;
use crate::common::in_doubt::{Sends, may_be_applied};
use crate::common::runtime;
use crate::requests::transaction::{InTransaction, Transaction, refused};

/// How long a commit waits for calls whose reply was already delivered, and for streams, before it is refused.
const CALLS_TIMEOUT: Duration = Duration::from_secs(1);

/// Timeout of the abort of a transaction that JavaScript has dropped.
const DROPPED_TIMEOUT: Duration = Duration::from_secs(10);

/// Retries within a commit or an abort, and the first pause between them in milliseconds; each pause is twice as long.
/// Their total timeout ends them.
const RETRIES: usize = 12;
const PAUSE: u32 = 10;

/// The transactions of a client that JavaScript has not released, by number.
#[derive(Default)]
pub struct Transactions {
    open: Mutex<HashMap<u32, Arc<Transaction>>>,
}

impl Transactions {
    /// Begins a call of a transaction, which is created with its first call. `timeout` is in seconds.
    ///
    /// # Errors
    /// The transaction has ended, or its commit or abort runs.
    pub fn enter(&self, number: u32, timeout: u32) -> Result<InTransaction, Failure> {
        let mut open = self.open.lock();
        let transaction = open
            .entry(number)
            .or_insert_with(|| Arc::new(Transaction::new(timeout)));
        transaction.enter()
    }

    pub fn get(&self, number: u32) -> Option<Arc<Transaction>> {
        self.open.lock().get(&number).cloned()
    }

    /// The number of transactions that are not released.
    pub fn count(&self) -> usize {
        self.open.lock().len()
    }

    /// Forgets a transaction that JavaScript has ended or dropped. Aborts it if it is open.
    pub fn release(client: &Arc<Client>, number: u32) {
        let Some(transaction) = client.transactions.open.lock().remove(&number) else {
            return;
        };
        if !transaction.is_open() {
            return;
        }
        log::warn!("a transaction was dropped without commit or abort; it is aborted now");
        if let Ok(runtime) = runtime::handle() {
            let client = Arc::clone(client);
            runtime.spawn(async move {
                let _ = abort(&client, &transaction, DROPPED_TIMEOUT).await;
            });
        }
    }

    /// Aborts all open transactions within `timeout`.
    pub async fn abort_all(&self, client: &Client, timeout: Duration) {
        let open: Vec<_> = self.open.lock().drain().map(|(_, transaction)| transaction).collect();
        let aborts = open
            .iter()
            .filter(|transaction| transaction.is_open())
            .map(|transaction| abort(client, transaction, timeout));
        let _ = tokio::time::timeout(timeout, join_all(aborts)).await;
    }
}

fn set_timeouts(base: &mut BasePolicy, timeout: Duration) {
    base.total_timeout = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX).max(1);
    base.max_retries = RETRIES;
    base.sleep_between_retries = PAUSE;
    base.sleep_multiplier = 2.0;
}

/// The policies of a commit or an abort. Each of its phases may last as long as `timeout`.
fn policies(timeout: Duration) -> (TxnVerifyPolicy, TxnRollPolicy) {
    let (mut verify, mut roll) = (TxnVerifyPolicy::default(), TxnRollPolicy::default());
    set_timeouts(&mut verify.batch_policy.base_policy, timeout);
    set_timeouts(&mut roll.batch_policy.base_policy, timeout);
    (verify, roll)
}

/// Commits a transaction. Do not drop the future: the servers could have begun to commit, and an abort would be allowed.
///
/// # Errors
/// Calls of the transaction are in flight, a write is in doubt, or the commit failed.
pub async fn commit(
    client: &Client,
    transaction: &Arc<Transaction>,
    timeout: Duration,
) -> Result<CommitOutcome, Failure> {
    let _end = transaction.end().await;
    transaction.set_ending(true);
    if transaction.txn().state() == TxnState::Open {
        let allowed = check_commit(transaction).await;
        if allowed.is_err() {
            transaction.set_ending(false);
        }
        allowed?;
    }
    let (verify, roll) = policies(timeout);
    let txn = transaction.txn();
    match client.core.commit_with_policies(&verify, &roll, txn).await {
        Ok(CommitStatus::Ok) => Ok(CommitOutcome::Ok),
        Ok(CommitStatus::AlreadyCommitted) => Ok(CommitOutcome::AlreadyCommitted),
        Ok(CommitStatus::RollForwardAbandoned) => Ok(CommitOutcome::RollForwardAbandoned),
        Ok(CommitStatus::CloseAbandoned) => Ok(CommitOutcome::CloseAbandoned),
        Err(error) => failed_commit(transaction, &error),
    }
}

async fn check_commit(transaction: &Transaction) -> Result<(), Failure> {
    if !transaction.wait_for_calls(CALLS_TIMEOUT).await {
        let message = "calls or streams of the transaction are still running; wait for them before you commit";
        return Err(refused(client_code::TRANSACTION_BUSY, message));
    }
    match transaction.doubts() {
        None => Ok(()),
        Some(what) => {
            let message = format!(
                "{what} may or may not have been applied, so the result of a commit would be unknown; abort, or repeat \
                 the write"
            );
            Err(refused(client_code::TRANSACTION_IN_DOUBT, message))
        }
    }
}

/// The outcome of a commit for which the core returned an error.
fn failed_commit(transaction: &Transaction, error: &Error) -> Result<CommitOutcome, Failure> {
    let txn = transaction.txn();
    let ErrorKind::Commit {
        error_type,
        verify_records,
        ..
    } = error.kind()
    else {
        return Err(match txn.state() {
            TxnState::Aborted => refused(client_code::TRANSACTION_ABORTED, "the transaction is aborted"),
            _ => Failure::from(error).with_in_doubt(may_be_applied(error, Sends::Uncounted)),
        });
    };
    let status = match error_type {
        // The commit can no longer be undone. The core reports an error because others do not see the writes yet; a
        // caller who runs the transaction again after an error would apply it twice.
        CommitErrorType::RollForwardAbandoned => return Ok(CommitOutcome::RollForwardAbandoned),
        CommitErrorType::VerifyFail => CommitFailure::VerifyFailed,
        CommitErrorType::VerifyFailCloseAbandoned => CommitFailure::VerifyFailedCloseAbandoned,
        CommitErrorType::VerifyFailAbortAbandoned => CommitFailure::VerifyFailedAbortAbandoned,
        CommitErrorType::MarkRollForwardAbandoned if txn.state() == TxnState::Aborted => CommitFailure::Aborted,
        CommitErrorType::MarkRollForwardAbandoned => CommitFailure::MarkRollForwardAbandoned,
    };
    let mut failure = refused(
        client_code::TRANSACTION_COMMIT_FAILED,
        message_of(status, verify_records),
    );
    failure.sub_code = status as u32;
    failure.attempts = 1;
    failure.cause = error.cause().map(|cause| Box::new(Failure::from(cause)));
    if let Some(cause) = &failure.cause {
        failure.address.clone_from(&cause.address);
    }
    if status == CommitFailure::MarkRollForwardAbandoned {
        // The core takes only a timeout for in doubt. After a lost connection it would allow an abort, although the
        // servers may already commit.
        failure.in_doubt = error.in_doubt()
            || error
                .cause()
                .is_some_and(|cause| may_be_applied(cause, Sends::Uncounted));
        if failure.in_doubt {
            txn.set_in_doubt(true);
            txn.set_state(TxnState::CommitFailed);
        }
    }
    Err(failure)
}

fn message_of(status: CommitFailure, verified: &[BatchRecord]) -> String {
    let verification = || {
        let passed = |record: &&BatchRecord| {
            !matches!(
                record.result_code(),
                Some(ResultCode::Ok | ResultCode::KeyNotFoundError | ResultCode::FilteredOut)
            )
        };
        match verified.iter().find(passed) {
            Some(record) if record.result_code() == Some(ResultCode::MrtVersionMismatch) => {
                format!("another write changed {} after the transaction read it", record.key)
            }
            Some(record) => format!("the read of {} could not be verified", record.key),
            None => "the reads of the transaction could not be verified".to_owned(),
        }
    };
    match status {
        CommitFailure::VerifyFailed => format!("{}; the transaction is aborted", verification()),
        CommitFailure::VerifyFailedCloseAbandoned => format!(
            "{}; the transaction is aborted, and the servers will remove its monitor record",
            verification()
        ),
        CommitFailure::VerifyFailedAbortAbandoned => format!(
            "{}; the servers will abort the transaction after its timeout",
            verification()
        ),
        CommitFailure::MarkRollForwardAbandoned => "the commit could not be sent to the servers".to_owned(),
        CommitFailure::Aborted => "the servers have aborted the transaction, for example after its timeout".to_owned(),
    }
}

/// Aborts a transaction. Waits for its calls in flight first. Do not drop the future.
///
/// # Errors
/// The transaction is committed, or its commit is in doubt.
pub async fn abort(
    client: &Client,
    transaction: &Arc<Transaction>,
    timeout: Duration,
) -> Result<AbortOutcome, Failure> {
    let _end = transaction.end().await;
    let txn = transaction.txn();
    match txn.state() {
        TxnState::Committed => {
            return Err(refused(
                client_code::TRANSACTION_COMMITTED,
                "the transaction is committed",
            ));
        }
        TxnState::CommitFailed => {
            let message = "a commit of the transaction may have been applied, so it cannot be aborted; commit it again";
            return Err(refused(client_code::TRANSACTION_IN_DOUBT, message));
        }
        TxnState::Aborted => return Ok(AbortOutcome::AlreadyAborted),
        TxnState::Open | TxnState::Verified => transaction.set_ending(true),
    }
    transaction.wait_for_calls(timeout).await;
    if transaction.has_unknown_locks() {
        // The core would remove the monitor record, from which the servers know the locks to release.
        txn.set_state(TxnState::Aborted);
        return Ok(AbortOutcome::RollBackAbandoned);
    }
    match client.core.abort_with_policy(&policies(timeout).1, txn).await {
        Ok(AbortStatus::Ok) => Ok(AbortOutcome::Ok),
        Ok(AbortStatus::AlreadyAborted) => Ok(AbortOutcome::AlreadyAborted),
        Ok(AbortStatus::CloseAbandoned) => Ok(AbortOutcome::CloseAbandoned),
        Ok(AbortStatus::RollBackAbandoned | AbortStatus::CommitFailed) => Ok(AbortOutcome::RollBackAbandoned),
        Err(error) => Err(Failure::from(&error)),
    }
}
