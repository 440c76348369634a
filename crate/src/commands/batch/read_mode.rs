//! The read modes of batches: see `commands/read_mode.rs`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::{Future, ready};
use std::sync::Arc;

use aerospike_core::{BatchOperation, BatchPolicy, BatchRecord, ReadModeSc, Replica};
use futures_util::future::Either;

use super::row_source::Part;
use crate::client::Client;
use crate::commands::read_mode::{companion, needs_batch};

/// Removes the mode from the policy of a batch, unless a row needs it. Returns whether one does.
pub fn is_needed(client: &Client, policy: &mut Cow<'_, BatchPolicy>, rows: &[BatchOperation]) -> bool {
    if policy.base_policy.read_mode_sc == ReadModeSc::Session {
        return false;
    }
    let needed = rows
        .iter()
        .any(|row| needs_batch(client, &policy.base_policy, row.batch_record().key.namespace()));
    if !needed {
        policy.to_mut().base_policy.read_mode_sc = ReadModeSc::Session;
    }
    needed
}

/// Sends a part of a batch, with companions for the reads that are alone on their nodes.
pub async fn send<H, F>(
    client: &Client,
    policy: &BatchPolicy,
    mut part: Part<'_>,
    on_row: H,
) -> aerospike_core::Result<()>
where
    H: Fn(usize, &BatchRecord) -> F + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    let mut rows = part.all().to_vec();
    let count = rows.len();
    let everywhere = policy.base_policy.replica == Replica::PreferRack;
    let mut of_node: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        let master = client.nodes.master(&row.batch_record().key);
        let node = if everywhere {
            None
        } else {
            master.map(|node| Arc::as_ptr(&node) as usize)
        };
        of_node.entry(node).or_default().push(index);
    }
    let companions: Vec<_> = of_node
        .iter()
        .filter(|(node, rows)| node.is_none() || rows.len() == 1)
        .flat_map(|(_, rows)| rows)
        .filter_map(|index| rows.get(*index))
        .map(|row| companion(&row.batch_record().key))
        .collect();
    rows.extend(companions);
    let on_row = move |index: usize, row: &BatchRecord| {
        if index < count {
            Either::Left(on_row(index, row))
        } else {
            Either::Right(ready(true))
        }
    };
    client.core.batch_foreach(policy, &mut rows, on_row).await
}
