//! Awaits calls of the core, and answers with their failures.

use std::pin::{Pin, pin};

use aerospike_core::{BasePolicy, Key, ReadPolicy};

use super::transaction_call;
use crate::catalog::commands::{BATCH_STREAM, is_batch};
use crate::client::Client;
use crate::common::errors::Failure;
use crate::common::in_doubt::{Sends, may_be_applied};
use crate::nodes::Reach;
use crate::requests::{Call, Cancellable, Request};
use crate::telemetry::logging;

/// Logs the failure and answers with it.
pub fn fail(call: &Call, failure: Failure) {
    logging::failed(
        call.request().body().operation(),
        is_batch(call.command) || call.command == BATCH_STREAM,
        &failure,
    );
    call.channel().fail(call.request(), failure);
}

/// Awaits a place on the node of `key`, then a call of the core.
pub async fn at_master<F, T>(
    client: &Client,
    call: &Call,
    key: &Key,
    sends: Sends,
    future: Pin<&mut F>,
) -> Result<T, Failure>
where
    F: Future<Output = aerospike_core::Result<T>>,
{
    let place = client
        .nodes
        .acquire_place(&client.admission, call, key, Reach::Master)
        .await?;
    let request = call.request();
    // Boxed, so that the tasks of other commands are not larger.
    let _turn = match request.transaction() {
        Some(_) => Box::pin(transaction_call::first_write(request)).await?,
        None => None,
    };
    let outcome = until(request, sends, future).await;
    transaction_call::settle(request, key, outcome.as_ref().err());
    client.nodes.settle(&place, outcome)
}

/// Awaits a call of the core until it completes or its request is cancelled. Dropping the call closes its connection.
/// The call is passed pinned in place, as in `guard_async` and for the same reason.
pub async fn until<F, T>(request: &Request, sends: Sends, future: Pin<&mut F>) -> Result<T, Failure>
where
    F: Future<Output = aerospike_core::Result<T>>,
{
    let cancellable = match sends {
        Sends::Nothing => Cancellable::new(future, request),
        Sends::Counted | Sends::Function { .. } | Sends::Uncounted => Cancellable::sending(future, request),
    };
    match cancellable.await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            let mut failure = Failure::from(&error);
            failure.in_doubt = request.writes() && may_be_applied(&error, sends);
            failure.waited_ms = request.waited_ms();
            Err(transaction_call::explained(request, failure))
        }
        Err(why) => Err(request.cancel_failure(why)),
    }
}

/// Checks that the server supports transactions, before the transaction deletes records first: Community Edition refuses
/// other calls of a transaction, but deletes at once.
pub async fn check_transactions(
    client: &Client,
    request: &Request,
    base: &BasePolicy,
    key: &Key,
) -> Result<(), Failure> {
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
