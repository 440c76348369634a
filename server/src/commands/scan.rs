//! Scans: the records of a set or namespace, partition by partition.
//!
//! Within a partition records come in descending order of their digests, so that the digest of the
//! last one that a client saw tells where to go on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::operate::{self, ReadOps};
use super::{BLOCK_SIZE, Progress};
use crate::digest::{DIGEST_SIZE, Digest, PARTITIONS};
use crate::exp::{Filter, Subject};
use crate::namespace::{Namespace, Set};
use crate::node::Node;
use crate::proto::cursor::Cursor;
use crate::proto::field::kind;
use crate::proto::header::{self, Kind};
use crate::proto::message::{Attributes, Message, info3};
use crate::proto::op::Ops;
use crate::proto::reply::{Meta, Row, write_empty};
use crate::record::SetId;
use crate::result_code::ResultCode;

/// Blocks a second of a scan whose speed is limited.
const BLOCKS_PER_SECOND: u32 = 20;

/// A scan in progress.
#[derive(Debug)]
pub struct Scan {
    namespace: Arc<Namespace>,
    only: Option<SetId>,
    sets: Vec<Arc<Set>>,
    /// What of a record is wanted; nothing is all.
    ops: Vec<u8>,
    op_count: u16,
    attributes: Attributes,
    filter: Option<Filter>,
    /// Partitions still to be read, each with the digest to go on after.
    partitions: VecDeque<(u16, Option<Digest>)>,
    /// Records of the current partition still to be sent, the next one last.
    current: Vec<Digest>,
    left: u64,
    records_per_second: Option<u32>,
}

impl Scan {
    /// Prepares a scan.
    ///
    /// # Errors
    /// With the result code to answer.
    pub fn new(node: &Node, message: &Message<'_>) -> Result<Self, ResultCode> {
        let fields = &message.fields;
        let name = fields.namespace.ok_or(ResultCode::PARAMETER)?;
        let namespace = node.shared_namespace(name).ok_or(ResultCode::NAMESPACE)?;
        if let Some(feature) = fields.unsupported {
            return Err(super::refuse_feature(node, feature));
        }
        if message.attributes.writes() {
            node.log().unsupported("background queries");
            return Err(ResultCode::UNSUPPORTED);
        }
        if !message.attributes.reads() {
            return Err(ResultCode::PARAMETER);
        }
        let only = match fields.set {
            b"" => None,
            // A set that has no id has no records either.
            set => Some(namespace.find_set(set)),
        };
        let mut partitions = partitions(fields.partitions, fields.digests)?;
        if only == Some(None) {
            partitions.clear();
        }
        Ok(Self {
            only: only.flatten(),
            sets: namespace.sets(),
            ops: projection(message)?.to_vec(),
            op_count: message.ops.count(),
            attributes: message.attributes,
            filter: fields.filter.map(Filter::compile).transpose()?,
            partitions,
            current: Vec::new(),
            left: fields.max_records.filter(|max| *max != 0).unwrap_or(u64::MAX),
            records_per_second: fields.records_per_second.filter(|rate| *rate != 0),
            namespace,
        })
    }

    /// Sends as many records as fit a block.
    pub fn next_block(&mut self, node: &Node, out: &mut Vec<u8>) -> Progress {
        let now_ms = node.clock().now_ms();
        let now_s = node.clock().now_s();
        let budget = self
            .records_per_second
            .map_or(u64::MAX, |rate| u64::from(rate.div_ceil(BLOCKS_PER_SECOND)));
        let start = header::begin(out);
        let mut sent = 0;
        let mut finished = false;
        while sent < budget && out.len() < start + BLOCK_SIZE {
            if self.left == 0 {
                finished = true;
                break;
            }
            let Some(digest) = self.current.pop() else {
                match self.partitions.pop_front() {
                    Some((id, after)) if node.masters(id) => self.look_up(id, after, now_s),
                    Some((id, _)) => refuse_partition(id, out),
                    None => {
                        finished = true;
                        break;
                    }
                }
                continue;
            };
            if self.send(digest, now_ms, out) {
                self.left -= 1;
                sent += 1;
            }
        }
        if out.len() == start + header::HEADER_SIZE {
            out.truncate(start);
        } else {
            header::finish(out, start, Kind::Message);
        }
        match self.records_per_second {
            // The last records take their time like all others, so the end comes after it.
            Some(rate) if sent > 0 => Progress::Wait(Duration::from_nanos(
                sent.saturating_mul(1_000_000_000) / u64::from(rate),
            )),
            _ if finished => {
                write_empty(out, ResultCode::OK, info3::LAST);
                Progress::Finished
            }
            _ => Progress::More,
        }
    }

    /// Looks up what a partition has.
    fn look_up(&mut self, id: u16, after: Option<Digest>, now_s: u32) {
        let Some(partition) = self.namespace.partition(id) else {
            return;
        };
        let records = partition.lock();
        self.current.extend(
            records
                .iter()
                .filter(|(digest, record)| {
                    self.only.is_none_or(|set| set == record.set)
                        && after.is_none_or(|after| **digest < after)
                        && !record.is_expired(now_s)
                })
                .map(|(digest, _)| *digest),
        );
        drop(records);
        self.current.sort_unstable();
    }

    /// Sends a record, unless it has gone in the meantime.
    fn send(&mut self, digest: Digest, now_ms: u64, out: &mut Vec<u8>) -> bool {
        let Some(partition) = self.namespace.partition_of(&digest) else {
            return false;
        };
        let now_s = u32::try_from(now_ms / 1000).unwrap_or(u32::MAX);
        let records = partition.lock();
        let Some(record) = records
            .get(&digest)
            .filter(|record| !record.is_expired(now_s) && self.only.is_none_or(|set| set == record.set))
        else {
            return false;
        };
        if usize::from(record.set.0) >= self.sets.len() {
            // The set is newer than the scan.
            self.sets = self.namespace.sets();
        }
        let set = self
            .sets
            .get(usize::from(record.set.0))
            .map_or(&[][..], |set| &set.name);
        let subject = Subject::of(record, &digest, set, now_ms);
        if self.filter.as_ref().is_some_and(|filter| !filter.matches(&subject)) {
            return false;
        }
        let mut row = Row::begin(out);
        row.field(kind::NAMESPACE, self.namespace.name().as_bytes());
        row.field(kind::DIGEST, &digest.0);
        if !set.is_empty() {
            row.field(kind::SET, set);
        }
        if let Some(key) = &record.key {
            row.field(kind::KEY, key);
        }
        if !self.add_bins(subject, record.bin_count, &mut row) {
            row.discard();
            return false;
        }
        row.finish(ResultCode::OK, record.meta(), 0);
        true
    }

    /// Adds what is wanted of a record; false when it has nothing of it.
    fn add_bins(&self, subject: Subject<'_>, count: u16, row: &mut Row<'_>) -> bool {
        if self.attributes.no_bin_data() {
            return true;
        }
        if self.op_count == 0 {
            row.encoded_ops(subject.bins, count);
            return true;
        }
        let Some(ops) = Ops::parse(&mut Cursor::new(&self.ops), self.op_count) else {
            return false;
        };
        let reads = ReadOps::new(self.attributes, subject, count);
        ops.iter().all(|op| reads.read(&op, row).is_ok()) && row.has_ops()
    }
}

/// Tells that a partition is another node's, so that the client asks that.
fn refuse_partition(id: u16, out: &mut Vec<u8>) {
    let meta = Meta {
        generation: id.into(),
        void_time: 0,
    };
    Row::begin(out).finish_with(ResultCode::PARTITION_UNAVAILABLE, meta, 0, info3::PARTITION_DONE);
}

/// Operations on each record, which must be reads.
fn projection<'a>(message: &Message<'a>) -> Result<&'a [u8], ResultCode> {
    if message.ops.iter().all(|op| operate::is_read(op.code)) {
        Ok(message.ops.encoded())
    } else {
        Err(ResultCode::PARAMETER)
    }
}

/// The partitions that are wanted, in ascending order: whole ones and ones to be resumed. All of
/// them when none is named.
fn partitions(whole: Option<&[u8]>, resumed: Option<&[u8]>) -> Result<VecDeque<(u16, Option<Digest>)>, ResultCode> {
    const ALL: u16 = PARTITIONS as u16;
    if whole.is_none() && resumed.is_none() {
        return Ok((0..ALL).map(|id| (id, None)).collect());
    }
    let (ids, odd) = whole.unwrap_or_default().as_chunks::<2>();
    let (digests, ragged) = resumed.unwrap_or_default().as_chunks::<DIGEST_SIZE>();
    if !odd.is_empty() || !ragged.is_empty() {
        return Err(ResultCode::PARAMETER);
    }
    let mut wanted: Vec<(u16, Option<Digest>)> = Vec::with_capacity(ids.len() + digests.len());
    for id in ids {
        let id = u16::from_le_bytes(*id);
        if id >= ALL {
            return Err(ResultCode::PARAMETER);
        }
        wanted.push((id, None));
    }
    for digest in digests {
        let digest = Digest(*digest);
        let id = u16::try_from(digest.partition()).map_err(|_| ResultCode::PARAMETER)?;
        wanted.push((id, Some(digest)));
    }
    wanted.sort_by_key(|(id, _)| *id);
    wanted.dedup_by_key(|(id, _)| *id);
    Ok(wanted.into())
}
