//! Batches of reads, into records or into columns.
//!
//! Rows are laid down as they arrive, by the core's hook on each node's task. What a call's end leaves without an outcome
//! (a failed node, a deadline, an error that the server gave for a whole group) gets the failure that was behind it.

use std::pin::pin;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aerospike_core::{BatchOperation, BatchPolicy, BatchReadPolicy, BatchRecord, Bins, ReadPolicy, Record};
use futures_util::stream::{self, StreamExt};

use super::{BATCH_READ, record, until};
use crate::boundary::completion::{Attachment, Channel};
use crate::boundary::wire::{Writer, put_failure};
use crate::client::{Client, Job};
use crate::convert::column::Columns;
use crate::convert::{key, record as convert};
use crate::errors::{Failure, Kind, code, is_invalid_utf8};
use crate::policy;

/// Single reads at once when a group is read again key by key.
const REREAD: usize = 16;

/// Rows of records: each encoded as it arrives, decoded by JavaScript when it is touched.
struct Records {
    channel: Arc<Channel>,
    data: Vec<u8>,
    offsets: Vec<u32>,
    codes: Vec<i32>,
    answered: Vec<bool>,
}

impl Records {
    fn new(channel: Arc<Channel>, rows: usize) -> Self {
        Records {
            channel,
            data: Vec::new(),
            offsets: vec![0; rows],
            codes: vec![0; rows],
            answered: vec![false; rows],
        }
    }

    fn first_answer(&mut self, row: usize) -> bool {
        self.answered
            .get_mut(row)
            .is_some_and(|answered| !std::mem::replace(answered, true))
    }

    fn record(&mut self, row: usize, found: &Record, header: bool) {
        if self.first_answer(row) {
            self.offsets[row] = self.data.len() as u32;
            if header {
                convert::write_meta(&mut self.data, found);
            } else {
                convert::write(&mut self.data, &self.channel, found);
            }
        }
    }

    fn fail(&mut self, row: usize, failure: &Failure) {
        if self.first_answer(row) {
            self.codes[row] = failure.code;
            self.offsets[row] = self.data.len() as u32;
            put_failure(&mut self.data, failure);
        }
    }
}

enum Sink {
    Records(Records, bool),
    Columns(Box<Columns>),
}

/// Where rows go, shared with the hook; emptied at the end, so that a late row finds nothing to write to.
struct Rows {
    sink: Mutex<Option<Sink>>,
    /// Rows of a group that failed by one text that is not UTF-8.
    reread: Mutex<Vec<usize>>,
    /// A server answered for a row, with a record or a code of its own.
    served: AtomicBool,
    /// The first failure that may have been meant for a whole group.
    group: Mutex<Option<Failure>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rows {
    fn new(sink: Sink) -> Self {
        Rows {
            sink: Mutex::new(Some(sink)),
            reread: Mutex::default(),
            served: AtomicBool::new(false),
            group: Mutex::default(),
        }
    }

    fn row(&self, index: usize, row: &BatchRecord) {
        if let Some(error) = row.error() {
            if is_invalid_utf8(error) {
                locked(&self.reread).push(index);
                return;
            }
            if error.server_result_code().is_some() {
                self.served.store(true, Ordering::Relaxed);
            }
            let failure = Failure::from(error);
            let own = failure.kind == Kind::Server && matches!(failure.code, 2 | 27);
            if !own {
                locked(&self.group).get_or_insert_with(|| failure.clone());
            }
            self.fail(index, failure);
        } else if let Some(found) = &row.record {
            self.record(index, found);
        }
    }

    fn record(&self, index: usize, found: &Record) {
        self.served.store(true, Ordering::Relaxed);
        match locked(&self.sink).as_mut() {
            Some(Sink::Records(records, header)) => records.record(index, found, *header),
            Some(Sink::Columns(columns)) => columns.record(index, found),
            None => {}
        }
    }

    fn fail(&self, index: usize, failure: Failure) {
        match locked(&self.sink).as_mut() {
            Some(Sink::Records(records, _)) => records.fail(index, &failure),
            Some(Sink::Columns(columns)) => columns.fail(index, failure),
            None => {}
        }
    }
}

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

/// Hands the rows over; those without an outcome get the failure that was behind it.
fn settle(job: &Job, rows: &Rows, failure: Option<Failure>) {
    let (channel, request) = (job.owed.channel(), job.owed.request());
    let group = locked(&rows.group).take();
    let behind = failure.or(group);
    let pending = || {
        behind
            .clone()
            .unwrap_or_else(|| Failure::client("the server gave no answer for this row"))
    };
    let sink = locked(&rows.sink).take();
    channel.reply(request, |out, channel| match sink {
        Some(Sink::Columns(columns)) => {
            let mut body = Vec::new();
            let memory = columns.finish(pending, &mut body)?;
            out.put_u32(channel.attach(Attachment::Columns(memory)));
            out.extend_from_slice(&body);
            Ok(())
        }
        Some(Sink::Records(mut records, _)) => {
            for row in 0..records.answered.len() {
                if !records.answered[row] {
                    records.fail(row, &pending());
                }
            }
            out.put_u32(records.answered.len() as u32);
            for offset in &records.offsets {
                out.put_u32(*offset);
            }
            for code in &records.codes {
                out.put_i32(*code);
            }
            out.extend_from_slice(&records.data);
            Ok(())
        }
        None => Err(Failure::client("the rows were gone at the end of the batch")),
    });
}
