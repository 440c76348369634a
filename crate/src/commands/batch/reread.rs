//! Reads single rows again: those of a group that failed because of one undecodable value, so that only the row with
//! that value fails, and those whose master was lost. Writes are not sent again.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aerospike_core::{BatchPolicy, BatchRecord};
use futures_util::stream::{self, StreamExt};

use super::part::{part_failure, part_policy};
use super::reroute;
use crate::client::Client;
use crate::commands::batch::row_source::Operations;
use crate::commands::batch::tracker::{RowTracker, Sink};
use crate::common::errors::{Kind, code};
use crate::policy::attempts::prefer_replicas;
use crate::requests::Request;

/// Maximum number of concurrent single reads.
const LANES: usize = 16;

/// Reads the waiting rows again and answers them.
pub async fn reread<S: Sink>(
    client: &Client,
    request: &Request,
    policy: &BatchPolicy,
    operations: &impl Operations,
    rows: &Arc<RowTracker<S>>,
) {
    let mut rereads = rows.take_reread();
    if rereads.is_empty() {
        return;
    }
    rereads.sort_unstable_by_key(|(row, _)| *row);
    let indexes: Vec<_> = rereads.iter().map(|(row, _)| *row).collect();
    let rereads = rereads.into_iter().zip(operations.again(&indexes));
    let permits: Vec<_> = (1..LANES).map_while(|_| client.admission.try_acquire(1)).collect();
    let mut policy = part_policy(client, policy, request, true);
    if !request.writes() && reroute::applies(client, &policy) && client.nodes.any_unreachable() {
        prefer_replicas(&mut policy.to_mut().base_policy);
    }
    let policy = &policy;
    stream::iter(rereads)
        .for_each_concurrent(1 + permits.len(), |((index, why), operation)| async move {
            let Some(operation) = operation.filter(|_| !rows.writes(index)) else {
                return rows.fail(index, why);
            };
            // A batch of one row takes the path of single records.
            let mut one = [operation];
            let answered = Arc::new(AtomicBool::new(false));
            let (hooked, answering) = (Arc::clone(rows), Arc::clone(&answered));
            let on_row = move |_: usize, row: &BatchRecord| {
                if let Some(found) = &row.record {
                    answering.store(true, Ordering::Relaxed);
                    hooked.record(index, found);
                }
                ready(true)
            };
            let outcome = client.core.batch_foreach(policy, &mut one, on_row).await;
            if answered.load(Ordering::Relaxed) {
                return;
            }
            let error = outcome.as_ref().err().or_else(|| one[0].error());
            let failure = error.map_or(why, |error| client.nodes.explain(part_failure(error, request)));
            // An undecodable answer also counts as an answer.
            if failure.code == code::BAD_RESPONSE || failure.kind == Kind::Server {
                rows.served();
            }
            rows.fail(index, failure);
        })
        .await;
}
