//! Reads in a mode of strong consistency other than `session`. aerospike-core sends the mode only with the rows of a batch,
//! and sends a row that is alone on its node as a single read, without the mode. Each such row gets a companion: a read of
//! the metadata of the same record, whose outcome is ignored.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::{Future, ready};
use std::sync::Arc;

use aerospike_core::{
    BasePolicy, BatchOperation, BatchPolicy, BatchReadPolicy, BatchRecord, Bins, Key, ReadModeSc, ReadPolicy, Record,
    Replica,
};
use futures_util::future::Either;

use super::row_source::Part;
use crate::client::Client;
use crate::common::errors::Failure;

/// Whether the mode of a read has to be sent in a batch. It has no meaning without strong consistency, where some servers
/// refuse it.
pub fn needs_batch(client: &Client, base: &BasePolicy, namespace: &str) -> bool {
    base.read_mode_sc != ReadModeSc::Session && client.core.is_strong_consistency(namespace) == Some(true)
}

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

fn companion(key: &Key) -> BatchOperation {
    BatchOperation::read(&BatchReadPolicy::default(), key.clone(), Bins::None)
}

/// Reads a record. The result is the row of the record.
pub async fn read(
    client: &Client,
    policy: &ReadPolicy,
    key: &Key,
    bins: Bins,
) -> aerospike_core::Result<Option<BatchRecord>> {
    let row = BatchReadPolicy {
        read_touch_ttl: policy.base_policy.read_touch_ttl,
        ..BatchReadPolicy::default()
    };
    let policy = BatchPolicy {
        base_policy: policy.base_policy.clone(),
        ..BatchPolicy::default()
    };
    let mut rows = [BatchOperation::read(&row, key.clone(), bins), companion(key)];
    client.core.batch(&policy, &mut rows).await?;
    let [row, _] = rows;
    Ok(Some(row.batch_record().clone()))
}

/// The record of a row, or its failure.
///
/// # Errors
/// The row failed, or no node answered it.
pub fn outcome(row: Option<BatchRecord>) -> Result<Record, Failure> {
    let Some(row) = row else {
        return Err(Failure::client("the server gave no answer for the record"));
    };
    if let Some(error) = row.error() {
        return Err(Failure::from(error));
    }
    row.record
        .ok_or_else(|| Failure::client("the server gave no answer for the record"))
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
