//! Commits and aborts transactions.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use aerospike_core::TxnState;

use crate::catalog::formats::{AbortOutcome, CommitOutcome};
use crate::client::Client;
use crate::client::transactions::{abort as abort_transaction, commit as commit_transaction};
use crate::common::errors::{Failure, Kind, code};
use crate::requests::transaction::Transaction;
use crate::requests::{Call, Cancellable};

/// Commits a transaction.
pub async fn commit(client: &Arc<Client>, call: &Call) -> Result<(), Failure> {
    let (transaction, timeout) = read(client, call)?;
    let Some(transaction) = transaction else {
        return answer(call, CommitOutcome::Ok as u8);
    };
    let (client, ended) = (Arc::clone(client), Arc::clone(&transaction));
    let outcome = finish(call, async move { commit_transaction(&client, &ended, timeout).await }).await;
    if let Err(failure) = &outcome
        && failure.kind == Kind::Panic
        && !matches!(transaction.txn().state(), TxnState::Committed | TxnState::Aborted)
    {
        transaction.txn().set_state(TxnState::CommitFailed);
    }
    answer(call, outcome? as u8)
}

/// Aborts a transaction.
pub async fn abort(client: &Arc<Client>, call: &Call) -> Result<(), Failure> {
    let (transaction, timeout) = read(client, call)?;
    let Some(transaction) = transaction else {
        return answer(call, AbortOutcome::Ok as u8);
    };
    let client = Arc::clone(client);
    let outcome = finish(
        call,
        async move { abort_transaction(&client, &transaction, timeout).await },
    )
    .await?;
    answer(call, outcome as u8)
}

/// Reads the transaction, which does not exist if none of its calls was accepted, and the timeout.
fn read(client: &Client, call: &Call) -> Result<(Option<Arc<Transaction>>, Duration), Failure> {
    let mut reader = call.reader();
    let (number, timeout) = (reader.u32()?, reader.u32()?);
    Ok((
        client.transactions.get(number),
        Duration::from_millis(u64::from(timeout)),
    ))
}

fn answer(call: &Call, outcome: u8) -> Result<(), Failure> {
    call.channel().reply(call.request(), |out, _| {
        out.push(outcome);
        Ok(())
    });
    Ok(())
}

/// Runs a commit or an abort in a task of its own, which continues if the call ends before it.
async fn finish<T: Send + 'static>(
    call: &Call,
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    let request = call.request();
    // Before the task starts: after a cancellation that reports that nothing was sent, nothing may be sent.
    if !request.send()
        && let Some(why) = request.cancelled()
    {
        return Err(request.cancel_failure(why));
    }
    let task = tokio::spawn(work);
    match Cancellable::new(pin!(task), request).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(ended)) => {
            let message = format!("the native code panicked: {ended}");
            Err(Failure::new(Kind::Panic, code::CLIENT, message).with_in_doubt(true))
        }
        Err(why) => Err(request.cancel_failure(why)),
    }
}
