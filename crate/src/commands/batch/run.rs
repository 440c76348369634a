//! Runs a batch: splits it into sub-batches, sends them, and gives each row an outcome.

use std::future::ready;
use std::pin::pin;
use std::sync::Arc;

use aerospike_core::{BatchRecord, Concurrency};
use futures_util::future::Either;
use futures_util::stream::{self, StreamExt};

use super::part::{part_failure, part_policy};
use super::{read_mode, reread, reroute};
use crate::client::Client;
use crate::commands::await_core::check_transactions;
use crate::commands::batch::row_source::Operations;
use crate::commands::batch::tracker::{RowTracker, Sink, Writes};
use crate::common::errors::Failure;
use crate::common::guard::guard;
use crate::common::in_doubt::rolls_back_failed_functions;
use crate::common::runtime;
use crate::policy::batch::BatchPolicies;
use crate::requests::admission::Permit;
use crate::requests::{Call, Cancellable, Request};

/// How a batch is split into sub-batches. The core reads the whole answer of a node on one task, so sub-batches use
/// more cores.
struct SubBatches {
    /// Number of rows of a sub-batch, over all nodes.
    rows: usize,
    /// Maximum number of concurrent sub-batches.
    lanes: usize,
}

fn sub_batches(client: &Client, policies: &BatchPolicies<'_>, rows: usize) -> SubBatches {
    let policy = &policies.policy;
    // Do not split if the caller wants sequential execution, if a failed row ends the batch, or in a transaction, which
    // registers its keys once per batch.
    let whole = policies.sub_batch == 0
        || policy.concurrency == Concurrency::Sequential
        || !policy.respond_all_keys
        || policy.base_policy.txn.is_some();
    let max = policies.sub_batch.saturating_mul(client.core.nodes().len().max(1));
    if whole || rows <= max {
        return SubBatches {
            rows: rows.max(1),
            lanes: 1,
        };
    }
    let parts = rows.div_ceil(max);
    SubBatches {
        // Equal sizes: a small remainder would cost a whole request.
        rows: rows.div_ceil(parts),
        // One more than there are workers: one sub-batch is on the network while each worker decodes one.
        lanes: parts.min(runtime::workers() + 1),
    }
}

/// Takes additional permits, one per node and further lane, as far as they are free now. Returns the number of lanes.
/// The lanes of a batch stream stay open while its consumer does not read, so they count as those of a stream.
fn acquire_lanes<S: Sink>(client: &Client, lanes: usize) -> (usize, Vec<Permit>) {
    let nodes = client.core.nodes().len();
    let acquire = || {
        if S::PACED {
            client.admission.try_acquire_for_stream(nodes)
        } else {
            client.admission.try_acquire_for_batch(nodes)
        }
    };
    let permits: Vec<_> = (1..lanes).map_while(|_| acquire()).collect();
    (1 + permits.len(), permits)
}

/// Runs a batch to its end and returns the sink, in which each row has an outcome.
///
/// # Errors
/// No server answered for any row, or the caller aborted.
pub async fn run<S: Sink, O: Operations>(
    client: &Client,
    call: &Call,
    policies: &BatchPolicies<'_>,
    mut operations: O,
    sink: S,
    writes: Writes,
) -> Result<S, Failure> {
    let request = call.request();
    let rows = Arc::new(RowTracker::new(
        sink,
        operations.rows(),
        writes,
        rolls_back_failed_functions(&client.core),
    ));
    let mut ended = None;
    if operations.rows() > 0 {
        let work = pin!(async {
            send(client, request, policies, &mut operations, &rows).await;
            reread::reread(client, request, &policies.policy, &operations, &rows).await;
        });
        if let Err(why) = Cancellable::new(work, request).await {
            ended = Some(request.cancel_failure(why));
        }
    }
    let outcome = rows.conclude(ended);
    if let Some(transaction) = request.transaction()
        && rows.ended_in_doubt()
    {
        transaction.doubt_batch();
    }
    outcome
}

pub async fn send<S: Sink, O: Operations>(
    client: &Client,
    request: &Request,
    policies: &BatchPolicies<'_>,
    operations: &mut O,
    rows: &Arc<RowTracker<S>>,
) {
    let _turn = match request.transaction() {
        Some(transaction) if request.writes() => transaction.first_write().await,
        _ => None,
    };
    let sub_batches = sub_batches(client, policies, operations.rows());
    let (lanes, _permits) = acquire_lanes::<S>(client, sub_batches.lanes);
    rows.split(sub_batches.rows, operations.rows().div_ceil(sub_batches.rows));
    stream::iter(operations.parts(sub_batches.rows).enumerate())
        .for_each_concurrent(lanes, |(part, operations)| async move {
            if request.expired() {
                let late = Failure::timeout("the total timeout passed before this part of the batch was sent");
                return rows.end(part, Some(late));
            }
            let mut operations = match operations {
                Ok(operations) => operations,
                Err(failure) => return rows.end(part, Some(failure)),
            };
            if request.transaction().is_some()
                && request.writes()
                && let Some(first) = operations.all().first()
            {
                let key = first.batch_record().key.clone();
                let probed = Box::pin(check_transactions(client, request, &policies.policy.base_policy, &key)).await;
                if let Err(failure) = probed {
                    return rows.end(part, Some(failure));
                }
            }
            let mut policy = part_policy(client, &policies.policy, request, part >= lanes);
            let has_read_mode = read_mode::is_needed(client, &mut policy, operations.all());
            let first = part * sub_batches.rows;
            let hooked = Arc::clone(rows);
            let on_row = move |index: usize, row: &BatchRecord| {
                if let Err(panic) = guard(|| hooked.row(part, first + index, row)) {
                    let in_doubt = hooked.writes(first + index);
                    hooked.fail(first + index, panic.with_in_doubt(in_doubt));
                }
                let room = if S::PACED { hooked.room() } else { None };
                match room {
                    Some(room) => Either::Left(room),
                    None => Either::Right(ready(true)),
                }
            };
            if !request.send() {
                return; // Cancelled: `run` and `drive` give the rows their failure.
            }
            rows.begin(part);
            let outcome = if has_read_mode {
                Box::pin(read_mode::send(client, &policy, operations, on_row)).await
            } else if !request.writes() && reroute::applies(client, &policy) {
                reroute::send(client, &policy, operations, rows, first, on_row).await
            } else {
                client.core.batch_foreach(&policy, operations.all(), on_row).await
            };
            rows.end(
                part,
                outcome
                    .err()
                    .map(|error| client.nodes.explain(part_failure(&error, request))),
            );
        })
        .await;
}
