//! Batches: many records in one request for each node.
//!
//! Rows are laid down as they arrive, by the core's hook on each node's task. What a call's end leaves without an outcome
//! (a failed node, a deadline, an error that the server gave for a whole group) gets the failure that was behind it.

mod read;
mod rows;

use std::pin::pin;

use std::sync::Arc;

use aerospike_core::{BatchOperation, BatchPolicy, BatchRecord};

pub use read::read;
use rows::Rows;

use super::until;
use crate::client::{Client, Job};
use crate::errors::Failure;

/// Runs the core's batch, whose rows go to `rows` as they arrive.
async fn run(
    client: &Client,
    job: &Job,
    policy: &BatchPolicy,
    operations: &mut [BatchOperation],
    rows: &Arc<Rows>,
) -> Result<(), Failure> {
    let hooked = Arc::clone(rows);
    let on_row = move |index: usize, row: &BatchRecord| {
        hooked.row(index, row);
        std::future::ready(true)
    };
    until(
        job.owed.request(),
        pin!(client.core.batch_foreach(policy, operations, on_row)),
    )
    .await
}
