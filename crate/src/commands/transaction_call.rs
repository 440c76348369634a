//! What a call that belongs to a transaction needs: its turn, its outcome, and the explanation of its failure.

use std::pin::pin;

use aerospike_core::Key;
use tokio::sync::MutexGuard;

use crate::catalog::result_codes::{client_code, result_code};
use crate::common::errors::{Failure, Kind};
use crate::requests::transaction::refused;
use crate::requests::{Cancellable, Request};

/// Refuses a call that the core would run outside of the transaction.
pub fn refuse(request: &Request, what: &str) -> Result<(), Failure> {
    match request.transaction() {
        None => Ok(()),
        Some(_) => Err(Failure::invalid(format!("tx: {what} cannot be part of a transaction"))),
    }
}

/// Waits until a single-record command may register its key in the transaction.
pub async fn first_write(request: &Request) -> Result<Option<MutexGuard<'_, ()>>, Failure> {
    let Some(transaction) = request.transaction() else {
        return Ok(None);
    };
    Cancellable::new(pin!(transaction.first_write()), request)
        .await
        .map_err(|why| request.cancel_failure(why))
}

/// Records the outcome of a single-record command in its transaction.
pub fn settle(request: &Request, key: &Key, failure: Option<&Failure>) {
    if let Some(transaction) = request.transaction()
        && request.writes()
    {
        transaction.wrote(key, failure);
    }
}

/// How the core's message begins if a call uses another namespace than its transaction, and the name of the former.
const OTHER_NAMESPACE: &str = "Namespace must be the same for all commands in the Transaction. orig: ";
const NAMESPACE: &str = " new: ";
/// Part of the core's message if the transaction has ended.
const ENDED: &str = "has been ended by a commit or abort";

/// Codes with which servers refuse transactions: unsupported feature, forbidden, Enterprise only. Some refuse the first write
/// as an invalid parameter, because they do not know the record that monitors a transaction.
const UNSUPPORTED: [i32; 3] = [16, 22, 25];

/// Explains the failure of a call that belongs to a transaction.
#[must_use]
pub fn explained(request: &Request, mut failure: Failure) -> Failure {
    let Some(transaction) = request.transaction() else {
        return failure;
    };
    let monitored = transaction.txn().monitor_exists();
    if let Some(names) = failure.message.strip_prefix(OTHER_NAMESPACE)
        && let Some((first, other)) = names.split_once(NAMESPACE)
    {
        return Failure::invalid(format!(
            "tx: the calls of a transaction must use one namespace: this one began with {first}, and the call is for {other}"
        ));
    }
    if failure.kind == Kind::Client && failure.message.contains(ENDED) {
        return refused(
            client_code::TRANSACTION_BUSY,
            "the transaction is being committed or aborted",
        );
    }
    let refused_first = failure.code == result_code::INVALID_ARGUMENT && !monitored;
    if failure.kind == Kind::Server && (refused_first || UNSUPPORTED.contains(&failure.code)) {
        failure.message.push_str(
            "; a transaction needs Enterprise Edition 8.0 or later and a namespace with strong consistency \
             (strong-consistency true)",
        );
    }
    failure
}
