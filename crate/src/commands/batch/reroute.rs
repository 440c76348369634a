//! Batch reads whose master is lost. Within a batch, the core waits for a connection to such a node until the deadline,
//! while a single read can use a replica. These rows are therefore left out of the batch and read by `reread.rs`.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use aerospike_core::{BatchPolicy, BatchRecord, Replica};

use crate::client::Client;
use crate::commands::batch::row_source::Part;
use crate::commands::batch::tracker::{RowTracker, Sink};
use crate::common::errors::{Failure, code};
use crate::nodes::NodeState;

/// Whether the rows of a batch may be read from replicas.
pub fn applies(client: &Client, policy: &BatchPolicy) -> bool {
    policy.base_policy.replica == Replica::Sequence
        && policy.base_policy.max_retries > 0
        && client.nodes.max_readable() > 1
}

/// Sends a part in which every row reads. `first` is the index of its first row in the batch.
pub async fn send<S, H, F>(
    client: &Client,
    policy: &BatchPolicy,
    mut part: Part<'_>,
    rows: &Arc<RowTracker<S>>,
    first: usize,
    on_row: H,
) -> aerospike_core::Result<()>
where
    S: Sink,
    H: Fn(usize, &BatchRecord) -> F + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    // Subscribe before checking the nodes, so that no later loss is missed.
    let mut losses = client.nodes.watch_losses();
    let count = part.all().len();
    if client.nodes.any_unreachable() {
        let (mut kept, mut places) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (index, operation) in part.all().iter().enumerate() {
            if let Some(node) = client.nodes.unreachable_master(&operation.batch_record().key) {
                rows.read_later(first + index, lost(&node));
            } else {
                kept.push(operation.clone());
                places.push(index);
            }
        }
        if kept.is_empty() {
            return Ok(());
        }
        let placed = move |index: usize, row: &BatchRecord| on_row(places.get(index).copied().unwrap_or(index), row);
        return client.core.batch_foreach(policy, &mut kept, placed).await;
    }
    let batch = pin!(client.core.batch_foreach(policy, part.all(), on_row));
    if S::PACED {
        return batch.await;
    }
    if let Some(outcome) = losses.unless_lost(batch).await {
        return outcome;
    }
    for row in rows.unanswered(first, count) {
        let failure = Failure::cluster(code::CONNECTION, "a node was lost while the batch was under way");
        rows.read_later(row, failure);
    }
    Ok(())
}

fn lost(node: &NodeState) -> Failure {
    node.last_error().unwrap_or_else(|| {
        let message = format!("no connection to {} could be opened", node.address());
        Failure {
            address: node.address().to_owned(),
            ..Failure::cluster(code::CONNECTION, message)
        }
    })
}
