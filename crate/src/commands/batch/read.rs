//! Batches of reads, into records or into columns.

use std::pin::pin;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use aerospike_core::{BatchOperation, BatchPolicy, BatchReadPolicy, Bins, ReadPolicy};
use futures_util::stream::{self, StreamExt};

use super::rows::{Records, Rows, Sink, locked, settle};
use super::run;
use crate::client::{Client, Job};
use crate::commands::{BATCH_READ, record, until};
use crate::convert::column::Columns;
use crate::convert::key;
use crate::errors::{Failure, Kind, code};
use crate::policy;

/// Single reads at once when a group is read again key by key.
const REREAD: usize = 16;

/// batchRead and batchReadColumns.
pub async fn read(client: &Client, job: &Job) -> Result<(), Failure> {
    let (channel, request) = (job.owed.channel(), job.owed.request());
    let mut reader = job.reader();
    let keys = key::read_list(&mut reader)?;
    let count = keys.len();
    let (bins, sink) = if job.command == BATCH_READ {
        let bins = record::bins(&mut reader)?;
        let header = bins.is_none();
        (bins, Sink::Records(Records::new(Arc::clone(channel), count), header))
    } else {
        let columns = Columns::read(&mut reader, count)?;
        (Bins::Some(columns.bins()), Sink::Columns(Box::new(columns)))
    };
    let (policy, row_policy) = policy::batch(&client.defaults, &mut reader, request)?;
    let rows = Arc::new(Rows::new(sink));
    let mut operations: Vec<_> = keys
        .into_iter()
        .map(|key| BatchOperation::read(&row_policy, key, bins.clone()))
        .collect();

    let outcome = if count == 0 {
        Ok(())
    } else {
        run(client, job, &policy, &mut operations, &rows).await
    };
    reread(client, job, &policy, &row_policy, &operations, &bins, &rows).await;
    // Answered rows survive a failure; a call that brought none is the caller's error. So is an abort.
    let served = rows.served.load(Ordering::Relaxed);
    let behind = outcome.err().or_else(|| locked(&rows.group).take());
    match behind {
        Some(failure) if !served || failure.kind == Kind::Abort => return Err(failure),
        behind => settle(job, &rows, behind),
    }
    Ok(())
}

/// Reads the rows of a group that one invalid text brought down again, each by itself: only its own row fails then.
async fn reread(
    client: &Client,
    job: &Job,
    policy: &BatchPolicy,
    row_policy: &BatchReadPolicy,
    operations: &[BatchOperation],
    bins: &Bins,
    rows: &Arc<Rows>,
) {
    let request = job.owed.request();
    let again = std::mem::take(&mut *locked(&rows.reread));
    if again.is_empty() {
        return;
    }
    let mut base_policy = policy.base_policy.clone();
    base_policy.read_touch_ttl = row_policy.read_touch_ttl;
    base_policy.total_timeout = request.remaining_ms();
    let single = ReadPolicy { base_policy };
    let reads = again
        .into_iter()
        .filter_map(|index| Some((index, operations.get(index)?.batch_record().key.clone())));
    stream::iter(reads)
        .for_each_concurrent(REREAD, |(index, key)| {
            let single = &single;
            async move {
                match until(request, pin!(client.core.get(single, &key, bins.clone()))).await {
                    Ok(found) => rows.record(index, &found),
                    Err(failure) => {
                        // An answer that cannot be read is one.
                        if failure.code == code::BAD_RESPONSE {
                            rows.served.store(true, Ordering::Relaxed);
                        }
                        rows.fail(index, failure);
                    }
                }
            }
        })
        .await;
}
