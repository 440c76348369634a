//! Receives the rows of a query's round, passes them to the stream, and records why the round ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use aerospike_core::{Error, ErrorKind, PartitionFilter, Record, ResultCode};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::catalog::formats::query_row_part;
use crate::common::errors::{Failure, code};
use crate::convert::{record, value};
use crate::query::unavailable::{self, FirstPartition};
use crate::stream::buffer::{ChunkRows, Pushed, Stream};
use crate::wire::{Writer, put_sized};

/// What to do with a row.
pub enum RowFormat {
    /// Encode it as a record.
    Record {
        /// Encode it without bins.
        header: bool,
        /// The set of the query. A row of another set contains its set name.
        set: String,
    },
    /// Append it to columns.
    Columns,
    /// Only count it.
    Count,
}

/// Receives the rows of a query.
pub struct RowSink {
    stream: Arc<Stream>,
    encode: RowFormat,
    delivered: AtomicU64,
    /// Maximum number of records; 0 means no limit.
    max_records: u64,
    failure: Mutex<Option<(Failure, bool)>>,
    partition: FirstPartition,
    /// Whether a node reported that it has no partitions.
    unavailable: AtomicBool,
    /// Wakes the driver, the only waiter. A wakeup without a waiter is stored.
    noticed: Notify,
}

impl RowSink {
    /// Passes rows to `stream`. `max_records` 0 means no limit.
    pub fn new(stream: Arc<Stream>, encode: RowFormat, max_records: u64) -> Arc<Self> {
        Arc::new(RowSink {
            stream,
            encode,
            delivered: AtomicU64::new(0),
            max_records,
            failure: Mutex::default(),
            partition: FirstPartition::default(),
            unavailable: AtomicBool::new(false),
            noticed: Notify::new(),
        })
    }

    /// Starts a round at `from`. Returns the maximum number of records of the round; 0 means no limit.
    pub fn begin(&self, from: &PartitionFilter) -> u64 {
        self.partition.begin(from);
        self.unavailable.store(false, Ordering::Relaxed);
        match self.max_records {
            0 => 0,
            max => max.saturating_sub(self.delivered()).max(1),
        }
    }

    /// Ends a round and corrects its `position`. Returns a node's failure, and whether the node was lost.
    pub fn end(&self, position: &PartitionFilter) -> Option<(Failure, bool)> {
        self.partition.restore(position);
        let failure = self.failure.lock().take();
        match failure {
            // The other nodes were aborted because of the unavailable node.
            Some((failure, _)) if self.has_unavailable_node() && is_abort(&failure) => {
                Some((unavailable::failure(), true))
            }
            failure => failure,
        }
    }

    /// Handles a row or an error of a node. The future resolves to whether to continue.
    pub fn take(
        &self,
        received: aerospike_core::Result<Record>,
    ) -> impl Future<Output = bool> + Send + 'static + use<> {
        let counting = self.counts();
        let (push, go_on) = match received {
            Ok(row) if unavailable::is_no_record(&row) => {
                self.partition.overwritten();
                self.note(unavailable::failure(), true);
                self.unavailable.store(true, Ordering::Relaxed);
                self.noticed.notify_one();
                (None, false)
            }
            Ok(record) if self.partition.is_misplaced(&record) => (None, false),
            Ok(record) => {
                self.partition.note(&record);
                let push = self.push(&record);
                if self.delivered.fetch_add(1, Ordering::Relaxed) + 1 == self.max_records {
                    self.noticed.notify_one();
                }
                (push, counting && !self.stream.closed())
            }
            Err(error) => {
                let lost = is_lost(&error);
                self.note(Failure::from(error), lost);
                (None, counting && !self.stream.closed())
            }
        };
        async move {
            match push {
                Some(push) => push.room().await,
                None => go_on,
            }
        }
    }

    /// Stores a failure of a node. An error from the server replaces a lost node, because it explains more.
    fn note(&self, failure: Failure, lost: bool) {
        let mut kept = self.failure.lock();
        if kept.as_ref().is_none_or(|(_, known)| *known && !lost) {
            *kept = Some((failure, lost));
        }
    }

    /// Waits until a node has no partitions or all requested records have arrived. For the driver only.
    pub async fn noticed(&self) {
        self.noticed.notified().await;
    }

    /// Whether a node has no partitions, so that the round must end.
    pub fn has_unavailable_node(&self) -> bool {
        self.unavailable.load(Ordering::Relaxed)
    }

    /// Whether the number of records is limited.
    pub fn is_bounded(&self) -> bool {
        self.max_records > 0
    }

    /// Whether rows are only counted.
    pub fn counts(&self) -> bool {
        matches!(self.encode, RowFormat::Count)
    }

    /// Whether all requested records have arrived.
    pub fn has_all(&self) -> bool {
        self.is_bounded() && self.delivered() >= self.max_records
    }

    fn push(&self, record: &Record) -> Option<Pushed> {
        match &self.encode {
            RowFormat::Count => None,
            RowFormat::Columns => Some(self.stream.push(|rows| match rows {
                ChunkRows::Columns(columns) => {
                    let before = columns.varying_bytes();
                    columns.append(record);
                    columns.varying_bytes() - before
                }
                ChunkRows::Encoded(_) => 0,
            })),
            RowFormat::Record { header, set } => Some(with_scratch(|scratch| {
                put_sized(scratch, |out| encode_record(out, &self.stream, record, *header, set));
                self.stream.push(|rows| {
                    if let ChunkRows::Encoded(out) = rows {
                        out.extend_from_slice(scratch);
                    }
                    scratch.len()
                })
            })),
        }
    }

    /// Number of delivered records.
    pub fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }
}

thread_local! {
    /// Rows are encoded outside the stream's lock, so that nodes do not wait for each other's encoding.
    static SCRATCH: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn with_scratch<T>(work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.clear();
        let result = work(scratch);
        if scratch.capacity() > (1 << 20) {
            scratch.shrink_to(64 << 10);
        }
        result
    })
}

/// Writes a record with its key: a byte with the optional parts, then the digest, set, user key, generation, TTL and
/// bins.
fn encode_record(out: &mut Vec<u8>, stream: &Stream, found: &Record, header: bool, set: &str) {
    let (mut parts, at) = (0, out.len());
    out.put_u8(0);
    if let Some(key) = &found.key {
        out.extend_from_slice(&key.digest());
        if key.set_name() != set {
            parts |= query_row_part::SET;
            out.put_text(key.set_name());
        }
        if let Some(user_key) = key.user_key() {
            parts |= query_row_part::USER_KEY;
            value::write(out, user_key);
        }
    } else {
        out.extend_from_slice(&[0; 20]);
    }
    out[at] = parts;
    if header {
        record::write_meta(out, found);
    } else {
        record::write(out, stream.channel(), found);
    }
}

/// Whether a node did not answer, or not completely, as opposed to returning an error.
pub fn is_lost(error: &Error) -> bool {
    if let Some(rc) = error.server_result_code() {
        return matches!(
            rc,
            ResultCode::Timeout | ResultCode::PartitionUnavailable | ResultCode::KeyBusy | ResultCode::DeviceOverload
        );
    }
    matches!(
        error.kind(),
        ErrorKind::Timeout
            | ErrorKind::Connection
            | ErrorKind::Io(_)
            | ErrorKind::InvalidNode
            | ErrorKind::ConnectionPoolEmpty
            | ErrorKind::NoMoreConnections
            | ErrorKind::MaxErrorRate
    )
}

/// Whether a server reports that a scan or query was aborted.
pub fn is_abort(failure: &Failure) -> bool {
    matches!(failure.code, code::SCAN_ABORTED | code::QUERY_ABORTED)
}
