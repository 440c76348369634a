//! Queries that send records.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::walk::{Found, Step, Visit, Walk};
use crate::cluster::jobs::{Job, Outcome};
use crate::cluster::node::Node;
use crate::commands::{BLOCK_SIZE, MAX_BIN_NAME, Progress, ReadOps, is_read};
use crate::common::result_code::ResultCode;
use crate::proto::cursor::Cursor;
use crate::proto::field::kind;
use crate::proto::header::{self, HEADER_SIZE, Kind};
use crate::proto::message::{Attributes, Message, info1, info3};
use crate::proto::op::Ops;
use crate::proto::reply::{Meta, Row, write_empty};

/// Number of blocks per second of a rate-limited query.
const BLOCKS_PER_SECOND: u32 = 20;

/// Maximum number of records to examine before yielding to other tasks, even if none was sent.
const MAX_EXAMINED: usize = 4096;

/// A query that sends its records block by block.
#[derive(Debug)]
pub struct Stream {
    walk: Walk,
    job: JobEntry,
    projection: Projection,
    left: u64,
    records_per_second: Option<u32>,
    /// A short query: the end marker is in the same message as the last records.
    short: bool,
    /// All records were sent, but the rate limit delays the end marker.
    finished: bool,
}

/// The query's entry in the job list. Short queries have none.
#[derive(Debug)]
struct JobEntry(Option<Arc<Job>>);

impl JobEntry {
    fn is_aborted(&self) -> bool {
        self.0.as_ref().is_some_and(|job| job.is_aborted())
    }

    fn note(&self, walk: &mut Walk, records: u64, bytes: usize) {
        let filtered = walk.take_filtered();
        if let Some(job) = &self.0 {
            job.note_succeeded(records);
            job.note_filtered(filtered);
            job.note_sent(bytes);
            job.set_progress(walk.progress());
        }
    }

    fn finish(&self, outcome: Outcome, now_ms: u64) {
        if let Some(job) = &self.0 {
            job.finish(outcome, now_ms);
        }
    }
}

/// The requested parts of a record.
#[derive(Debug)]
struct Projection {
    attributes: Attributes,
    /// Encoded read operations; if empty, all bins are sent.
    ops: Vec<u8>,
    count: u16,
}

/// Why a block ends.
enum End {
    /// The block is large enough.
    Full,
    /// The maximum number of records was sent.
    Enough,
}

impl Stream {
    /// Creates a query.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub(super) fn new(walk: Walk, message: &Message<'_>, job: Option<Arc<Job>>) -> Result<Self, ResultCode> {
        let fields = &message.fields;
        Ok(Self {
            walk,
            job: JobEntry(job),
            projection: Projection::new(message)?,
            left: fields.max_records.filter(|max| *max != 0).unwrap_or(u64::MAX),
            records_per_second: fields.records_per_second.filter(|rate| *rate != 0),
            short: message.attributes.info1 & info1::SHORT_QUERY != 0,
            finished: false,
        })
    }

    /// Writes as many records as fit in a block.
    pub fn next_block(&mut self, node: &Node, out: &mut Vec<u8>) -> Progress {
        if self.finished {
            write_empty(out, ResultCode::OK, info3::LAST);
            return Progress::Finished;
        }
        let now_ms = node.clock().now_ms();
        if self.job.is_aborted() {
            self.job.finish(Outcome::Aborted, now_ms);
            write_empty(out, ResultCode::QUERY_ABORTED, info3::LAST);
            return Progress::Finished;
        }
        let budget = self
            .records_per_second
            .map_or(u64::MAX, |rate| u64::from(rate.div_ceil(BLOCKS_PER_SECOND)));
        // A short query is answered in one message, unless that would be too large.
        let max_examined = if self.short { usize::MAX } else { MAX_EXAMINED };
        let start = header::begin(out);
        let mut sent = 0;
        let namespace = self.walk.namespace().clone();
        let namespace = namespace.name().as_bytes();
        let (projection, left) = (&self.projection, &mut self.left);
        let step = self.walk.step(node, max_examined, |visit| {
            match visit {
                Visit::NotOwned(partition) => reject_partition(partition, out),
                Visit::Found(found) => {
                    if projection.send(namespace, &found, out) {
                        sent += 1;
                        *left -= 1;
                    }
                }
            }
            if *left == 0 {
                ControlFlow::Break(End::Enough)
            } else if sent >= budget || out.len() >= start + BLOCK_SIZE {
                ControlFlow::Break(End::Full)
            } else {
                ControlFlow::Continue(())
            }
        });
        let finished = matches!(
            step,
            ControlFlow::Break(End::Enough) | ControlFlow::Continue(Step::Finished)
        );
        self.job.note(&mut self.walk, sent, out.len() - start);
        if finished {
            self.job.finish(Outcome::Done, now_ms);
        }
        let waits = self.records_per_second.filter(|_| sent > 0);
        if finished && self.short && waits.is_none() {
            Row::begin(out).finish_with(ResultCode::OK, Meta::default(), 0, info3::LAST);
            header::finish(out, start, Kind::Message);
            return Progress::Finished;
        }
        if out.len() == start + HEADER_SIZE {
            out.truncate(start);
        } else {
            header::finish(out, start, Kind::Message);
        }
        match waits {
            // The rate limit applies to the last records as well, so the end marker is sent after the delay.
            Some(rate) => {
                self.finished = finished;
                Progress::Wait(Duration::from_nanos(
                    sent.saturating_mul(1_000_000_000) / u64::from(rate),
                ))
            }
            None if finished => {
                write_empty(out, ResultCode::OK, info3::LAST);
                Progress::Finished
            }
            None => Progress::More,
        }
    }
}

/// Reports that a partition belongs to another node, so that the client retries it there.
pub(super) fn reject_partition(id: u16, out: &mut Vec<u8>) {
    let meta = Meta {
        generation: id.into(),
        void_time: 0,
    };
    Row::begin(out).finish_with(ResultCode::PARTITION_UNAVAILABLE, meta, 0, info3::PARTITION_DONE);
}

impl Projection {
    fn new(message: &Message<'_>) -> Result<Self, ResultCode> {
        if message
            .ops
            .iter()
            .any(|op| !is_read(op.code) || op.name.len() > MAX_BIN_NAME)
        {
            return Err(ResultCode::PARAMETER);
        }
        Ok(Self {
            attributes: message.attributes,
            ops: message.ops.encoded().to_vec(),
            count: message.ops.count(),
        })
    }

    /// Writes a record. Returns false if none of the requested data exists.
    fn send(&self, namespace: &[u8], found: &Found<'_>, out: &mut Vec<u8>) -> bool {
        let mut row = Row::begin(out);
        row.field(kind::NAMESPACE, namespace);
        row.field(kind::DIGEST, &found.digest.0);
        if !found.set.is_empty() {
            row.field(kind::SET, found.set);
        }
        if let Some(key) = &found.record.key {
            row.field(kind::KEY, key);
        }
        if let Some(bval) = found.bval {
            row.field(kind::BVALS, &bval.to_le_bytes());
        }
        if !self.add_bins(found, &mut row) {
            row.discard();
            return false;
        }
        row.finish(ResultCode::OK, found.record.meta(), 0);
        true
    }

    /// Adds the requested data of a record. Returns false if none of it exists.
    fn add_bins(&self, found: &Found<'_>, row: &mut Row<'_>) -> bool {
        if self.attributes.no_bin_data() {
            row.set_info1(info1::NO_BIN_DATA);
            return true;
        }
        if self.count == 0 {
            row.encoded_ops(found.view.bins, found.record.bin_count);
            return true;
        }
        let Some(ops) = Ops::parse(&mut Cursor::new(&self.ops), self.count) else {
            return false;
        };
        let reads = ReadOps::new(self.attributes, found.view, found.record.bin_count);
        ops.iter().all(|op| reads.read(&op, row).is_ok()) && row.has_ops()
    }
}

impl Drop for JobEntry {
    fn drop(&mut self) {
        // If the query has not ended, its client disconnected.
        if let Some(job) = &self.0 {
            job.abandon();
        }
    }
}
