//! Commits and aborts transactions, and explains the failures of their calls.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use aerospike_core::{BasePolicy, Key, ReadPolicy, TxnState};
use tokio::sync::MutexGuard;

use super::call::until;
use crate::catalog::formats::{AbortOutcome, CommitOutcome};
use crate::catalog::result_codes::client_code;
use crate::client::Client;
use crate::client::transactions::{abort as abort_transaction, commit as commit_transaction};
use crate::common::errors::{Failure, Kind, code};
use crate::common::in_doubt::Sends;
use crate::requests::transaction::{Transaction, refused};
use crate::requests::{Cancellable, Job, Request};

/// Commits a transaction.
pub async fn commit(client: &Arc<Client>, job: &Job) -> Result<(), Failure> {
    let (transaction, timeout) = read(client, job)?;
    let Some(transaction) = transaction else {
        return answer(job, CommitOutcome::Ok as u8);
    };
    let (client, ended) = (Arc::clone(client), Arc::clone(&transaction));
    let outcome = finish(job, async move { commit_transaction(&client, &ended, timeout).await }).await;
    if let Err(failure) = &outcome
        && failure.kind == Kind::Panic
        && !matches!(transaction.txn().state(), TxnState::Committed | TxnState::Aborted)
    {
        transaction.txn().set_state(TxnState::CommitFailed);
    }
    answer(job, outcome? as u8)
}

/// Aborts a transaction.
pub async fn abort(client: &Arc<Client>, job: &Job) -> Result<(), Failure> {
    let (transaction, timeout) = read(client, job)?;
    let Some(transaction) = transaction else {
        return answer(job, AbortOutcome::Ok as u8);
    };
    let client = Arc::clone(client);
    let outcome = finish(
        job,
        async move { abort_transaction(&client, &transaction, timeout).await },
    )
    .await?;
    answer(job, outcome as u8)
}

/// Reads the transaction, which does not exist if none of its calls was accepted, and the timeout.
fn read(client: &Client, job: &Job) -> Result<(Option<Arc<Transaction>>, Duration), Failure> {
    let mut reader = job.reader();
    let (number, timeout) = (reader.u32()?, reader.u32()?);
    Ok((
        client.transactions.get(number),
        Duration::from_millis(u64::from(timeout)),
    ))
}

fn answer(job: &Job, outcome: u8) -> Result<(), Failure> {
    job.channel().reply(job.request(), |out, _| {
        out.push(outcome);
        Ok(())
    });
    Ok(())
}

/// Runs a commit or an abort in a task of its own, which continues if the call ends before it.
async fn finish<T: Send + 'static>(
    job: &Job,
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    let request = job.request();
    let task = tokio::spawn(work);
    match Cancellable::sending(pin!(task), request).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(ended)) => {
            let message = format!("the native code panicked: {ended}");
            Err(Failure::new(Kind::Panic, code::CLIENT, message).with_in_doubt(true))
        }
        Err(why) => Err(request.cancel_failure(why)),
    }
}

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

/// Checks that the server supports transactions, before the transaction deletes records first: Community Edition refuses
/// other calls of a transaction, but deletes at once.
pub async fn probe(client: &Client, request: &Request, base: &BasePolicy, key: &Key) -> Result<(), Failure> {
    let Some(transaction) = request.transaction() else {
        return Ok(());
    };
    if transaction.txn().monitor_exists() {
        return Ok(());
    }
    // `exists` leaves no trace in the core's transaction.
    let mut policy = ReadPolicy {
        base_policy: base.clone(),
    };
    policy.base_policy.filter_expression = None;
    until(request, Sends::Nothing, pin!(client.core.exists(&policy, key)))
        .await
        .map(|_| ())
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

/// Codes with which servers refuse transactions: unsupported feature, forbidden, Enterprise only.
const UNSUPPORTED: [i32; 3] = [16, 22, 25];

/// Explains the failure of a call that belongs to a transaction.
#[must_use]
pub fn explained(request: &Request, mut failure: Failure) -> Failure {
    if request.transaction().is_none() {
        return failure;
    }
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
    if failure.kind == Kind::Server && UNSUPPORTED.contains(&failure.code) {
        failure.message.push_str(
            "; a transaction needs Enterprise Edition 8.0 or later and a namespace with strong consistency \
             (strong-consistency true)",
        );
    }
    failure
}
