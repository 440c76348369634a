//! Batches: many records in one request for each node.
//!
//! Rows are laid down as they arrive, by the core's hook on each node's task. What a call's end leaves without an outcome
//! (a failed node, a deadline, an error that the server gave for a whole group) gets the failure that was behind it.
//!
//! [`run`] carries out any batch: a command makes its rows and a [`Sink`], and gets the sink back with every row answered.

mod columns;
mod mixed;
mod operations;
mod records;
mod reread;
mod reroute;
mod rows;
mod streamed;
mod work;
mod write_columns;

use std::borrow::Cow;
use std::future::ready;
use std::pin::pin;
use std::sync::Arc;

use aerospike_core::{BatchPolicy, BatchRecord, Concurrency};
use futures_util::future::Either;
use futures_util::stream::{self, StreamExt};

pub use columns::read as read_columns;
pub use mixed::batch;
pub use operations::{Operations, Reads};
pub use rows::{Sink, Writes};
pub use streamed::open;
pub use write_columns::write as write_columns;

use self::rows::Rows;
use crate::boundary::completion::{Cancellable, Request};
use crate::client::{Client, Job};
use crate::doubt::{Sends, may_be_applied, undoes_failed_functions};
use crate::errors::{Failure, Kind};
use crate::guard::guard;
use crate::limits::Permit;
use crate::policy::attempts::bound_attempts;
use crate::policy::batch::Call;
use crate::runtime;

/// How the rows of a batch are cut into sub-batches: the core reads a node's whole answer on one task.
struct Cut {
    /// Rows of a sub-batch, all nodes together.
    rows: usize,
    /// Sub-batches at once at most.
    lanes: usize,
}

fn cut(client: &Client, call: &Call<'_>, rows: usize) -> Cut {
    let policy = &call.policy;
    // One at a time was asked for, or that a failed row ends the batch; and a transaction notes its keys once a batch.
    let whole = call.sub_batch == 0
        || policy.concurrency == Concurrency::Sequential
        || !policy.respond_all_keys
        || policy.base_policy.txn.is_some();
    let most = call.sub_batch.saturating_mul(client.core.nodes().len().max(1));
    if whole || rows <= most {
        return Cut {
            rows: rows.max(1),
            lanes: 1,
        };
    }
    let parts = rows.div_ceil(most);
    Cut {
        // Parts of one size: a small rest would cost a whole request.
        rows: rows.div_ceil(parts),
        // One more than there are workers: a part is on its way while each of them reads one.
        lanes: parts.min(runtime::workers() + 1),
    }
}

/// Permits beyond those that the batch entered with, one for each node and further lane: as many as are free now.
fn widen(client: &Client, lanes: usize) -> (usize, Vec<Permit>) {
    let permits: Vec<_> = (1..lanes)
        .map_while(|_| client.limits.try_enter_batch(client.core.nodes().len()))
        .collect();
    (1 + permits.len(), permits)
}

/// Runs a batch to its end, and gives the sink back in which each row has its outcome.
///
/// # Errors
/// No server answered for any row, or the caller aborted.
pub async fn run<S: Sink, O: Operations>(
    client: &Client,
    job: &Job,
    call: &Call<'_>,
    mut operations: O,
    sink: S,
    writes: Writes,
) -> Result<S, Failure> {
    let request = job.owed.request();
    let rows = Arc::new(Rows::new(
        sink,
        operations.rows(),
        writes,
        undoes_failed_functions(&client.core),
    ));
    let mut ended = None;
    if operations.rows() > 0 {
        let work = pin!(async {
            send(client, request, call, &mut operations, &rows).await;
            reread::reread(client, request, &call.policy, &operations, &rows).await;
        });
        if let Err(why) = Cancellable::asking(work, request).await {
            ended = Some(request.cancel_failure(why));
        }
    }
    rows.conclude(ended)
}

async fn send<S: Sink, O: Operations>(
    client: &Client,
    request: &Request,
    call: &Call<'_>,
    operations: &mut O,
    rows: &Arc<Rows<S>>,
) {
    let cut = cut(client, call, operations.rows());
    let (lanes, _permits) = widen(client, cut.lanes);
    rows.cut(cut.rows, operations.rows().div_ceil(cut.rows));
    stream::iter(operations.parts(cut.rows).enumerate())
        .for_each_concurrent(lanes, |(part, operations)| async move {
            if request.expired() {
                let late = Failure::timeout("the total timeout passed before this part of the batch was sent");
                return rows.end(part, Some(late));
            }
            let mut operations = match operations {
                Ok(operations) => operations,
                Err(failure) => return rows.end(part, Some(failure)),
            };
            let policy = within(client, &call.policy, request, part >= lanes);
            let first = part * cut.rows;
            let hooked = Arc::clone(rows);
            let on_row = move |index: usize, row: &BatchRecord| {
                if let Err(panic) = guard(|| hooked.row(part, first + index, row)) {
                    let in_doubt = hooked.writes(first + index);
                    hooked.fail(first + index, panic.doubt(in_doubt));
                }
                let room = if S::PACED { hooked.room() } else { None };
                match room {
                    Some(room) => Either::Left(room),
                    None => Either::Right(ready(true)),
                }
            };
            if !request.send() {
                return; // Cancelled: `run` and `drive` say so of the rows.
            }
            rows.begin(part);
            let outcome = if !request.writes() && reroute::applies(client, &policy) {
                reroute::send(client, &policy, operations, rows, first, on_row).await
            } else {
                client.core.batch_foreach(&policy, operations.all(), on_row).await
            };
            rows.end(
                part,
                outcome
                    .err()
                    .map(|error| client.nodes.explain(failure(&error, request))),
            );
        })
        .await;
}

/// The policy of a part that begins late: the core would give it the whole of the call's time.
fn within<'p>(client: &Client, policy: &'p BatchPolicy, request: &Request, late: bool) -> Cow<'p, BatchPolicy> {
    let mut policy = Cow::Borrowed(policy);
    let remaining = request.remaining_ms();
    if late && remaining > 0 {
        policy.to_mut().base_policy.total_timeout = remaining;
    }
    let readable = client.nodes.most_readable();
    if readable > 1 && !request.writes() {
        bound_attempts(&mut policy.to_mut().base_policy, readable);
    }
    policy
}

/// A failure of a whole part, or of a node in it.
fn failure(error: &aerospike_core::Error, request: &Request) -> Failure {
    let mut failure = Failure::from(error).doubt(may_be_applied(error, Sends::Counted));
    failure.waited_ms = request.waited_ms();
    // What the runtime says of a task of the core's; whether it had sent anything nobody knows.
    if failure.kind == Kind::Client && failure.message.starts_with("task ") && failure.message.contains("panicked") {
        failure.kind = Kind::Panic;
        failure.message = format!("the native code panicked: {}", failure.message);
        failure.in_doubt = true;
    }
    failure
}
