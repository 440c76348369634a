//! Reads in a mode of strong consistency other than `session`. aerospike-core sends the mode only with the rows of a batch,
//! and sends a row that is alone on its node as a single read, without the mode. Each such row gets a companion: a read of
//! the metadata of the same record, whose outcome is ignored.

use aerospike_core::{
    BasePolicy, BatchOperation, BatchPolicy, BatchReadPolicy, BatchRecord, Bins, Key, ReadModeSc, ReadPolicy, Record,
};

use crate::client::Client;
use crate::common::errors::Failure;

/// Whether the mode of a read has to be sent in a batch. It has no meaning without strong consistency, where some servers
/// refuse it.
pub fn needs_batch(client: &Client, base: &BasePolicy, namespace: &str) -> bool {
    base.read_mode_sc != ReadModeSc::Session && client.core.is_strong_consistency(namespace) == Some(true)
}

/// A second row for a record that is alone on its node.
pub fn companion(key: &Key) -> BatchOperation {
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
