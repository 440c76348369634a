//! Batches: many records in one request. Each row has its own options.

use super::{BLOCK_SIZE, Progress, Request, Scratch, execute};
use crate::cluster::node::Node;
use crate::common::result_code::ResultCode;
use crate::compute::exp::Filter;
use crate::proto::cursor::Cursor;
use crate::proto::field::Fields;
use crate::proto::header::{self, Kind};
use crate::proto::message::{Attributes, Message, info3};
use crate::proto::op::Ops;
use crate::proto::reply::{Meta, Row, write_empty};
use crate::record::digest::Digest;
use crate::security::Access;
use crate::store::namespace::Namespace;

/// Bits of a row's type.
mod row_flag {
    /// The row repeats everything but the digest from the previous row.
    pub(super) const REPEAT: u8 = 1;
    /// The row has three info bytes instead of one.
    pub(super) const INFO: u8 = 2;
    /// The row has a generation.
    pub(super) const GENERATION: u8 = 4;
    /// The row has a time to live.
    pub(super) const TTL: u8 = 8;
    /// The row has a fourth info byte.
    pub(super) const INFO4: u8 = 16;
}

/// Bit of the batch flags: continue with the remaining rows after one fails.
const RESPOND_ALL_KEYS: u8 = 4;

/// Mask of the row counter that selects the rows before which the clock is read: every 64th row.
const CLOCK_MASK: u32 = 63;

/// A batch in progress.
#[derive(Debug)]
pub struct Batch<'a> {
    access: Access,
    rows: Cursor<'a>,
    left: u32,
    respond_all_keys: bool,
    deadline_ms: Option<u64>,
    timeout_ms: u32,
    /// The filter of rows that have none of their own.
    filter: Option<&'a [u8]>,
    previous: Option<(Request<'a>, &'a [u8])>,
    /// The first failure, if it ends the batch.
    failure: Option<ResultCode>,
    /// The encoded row that did not fit in the last block.
    carried: Vec<u8>,
}

/// The result of filling a block with rows.
enum Block {
    Full,
    Finished,
    /// The whole batch failed. Rows that have not been sent are discarded.
    Failed(ResultCode),
}

impl<'a> Batch<'a> {
    /// Prepares a batch.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub fn new(node: &Node, access: Access, message: &Message<'a>, rows: &'a [u8]) -> Result<Self, ResultCode> {
        if message.fields.transaction.id.is_some() {
            // Rows belong to transactions, not batches.
            return Err(super::reject_transaction(node));
        }
        let mut rows = Cursor::new(rows);
        let count = rows.u32().ok_or(ResultCode::PARAMETER)?;
        let flags = rows.u8().ok_or(ResultCode::PARAMETER)?;
        if count == 0 {
            return Err(ResultCode::PARAMETER);
        }
        // An invalid filter of the batch fails the whole batch before it starts; an invalid filter of a row
        // fails only that row.
        message.fields.filter.map(Filter::compile).transpose()?;
        let timeout = Some(message.timeout_ms).filter(|timeout| *timeout != 0);
        Ok(Self {
            access,
            rows,
            left: count,
            respond_all_keys: flags & RESPOND_ALL_KEYS != 0,
            deadline_ms: timeout.map(|timeout| node.clock().now_ms() + u64::from(timeout)),
            timeout_ms: message.timeout_ms,
            filter: message.fields.filter,
            previous: None,
            failure: None,
            carried: Vec::new(),
        })
    }

    /// Writes as many row replies as fit in a block.
    pub fn next_block(&mut self, node: &Node, scratch: &mut Scratch, out: &mut Vec<u8>) -> Progress {
        let start = header::begin(out);
        out.append(&mut self.carried);
        let (progress, result) = match self.fill(node, scratch, out, start) {
            Block::Full => (Progress::More, ResultCode::OK),
            Block::Finished => (Progress::Finished, ResultCode::OK),
            Block::Failed(result) => {
                out.truncate(start);
                (Progress::Finished, result)
            }
        };
        if out.len() > start + header::HEADER_SIZE {
            header::finish(out, start, Kind::Message);
        } else {
            out.truncate(start);
        }
        if progress == Progress::Finished {
            write_empty(out, result, info3::LAST);
        }
        progress
    }

    fn fill(&mut self, node: &Node, scratch: &mut Scratch, out: &mut Vec<u8>, start: usize) -> Block {
        let full = start + BLOCK_SIZE;
        let mut now_ms = node.clock().now_ms();
        let mut namespace: Option<(&[u8], &Namespace)> = None;
        while self.left > 0 {
            if out.len() >= full {
                return Block::Full;
            }
            if self.left & CLOCK_MASK == 0 {
                now_ms = node.clock().now_ms();
            }
            let Some((index, request, name)) = self.next_row() else {
                return Block::Failed(ResultCode::PARAMETER);
            };
            self.left -= 1;
            let found = match namespace {
                Some((known, found)) if known == name => found,
                _ => {
                    let Some(found) = node.namespace(name) else {
                        return Block::Failed(ResultCode::PARAMETER);
                    };
                    namespace = Some((name, found));
                    found
                }
            };
            let row_start = out.len();
            let row = Row::begin(out);
            let result = if self.deadline_ms.is_some_and(|deadline| now_ms > deadline) {
                row.finish(ResultCode::TIMEOUT, Meta::default(), index);
                ResultCode::TIMEOUT
            } else if let Err(result) = self.access.check_command(&request.command(name), now_ms) {
                row.finish(result, Meta::default(), index);
                result
            } else {
                execute(node, found, now_ms, &request, scratch, row, index)
            };
            if !self.respond_all_keys && !result.lets_batch_continue() {
                self.failure.get_or_insert(result);
            }
            if self.failure.is_some() {
                // The remaining rows are still executed: a real server has started them already.
                out.truncate(row_start);
                continue;
            }
            if out.len() > full && row_start > start + header::HEADER_SIZE {
                self.carried.extend_from_slice(out.get(row_start..).unwrap_or_default());
                out.truncate(row_start);
                return Block::Full;
            }
        }
        self.failure.map_or(Block::Finished, Block::Failed)
    }

    fn next_row(&mut self) -> Option<(u32, Request<'a>, &'a [u8])> {
        let rows = &mut self.rows;
        let index = rows.u32()?;
        let digest = Digest(rows.array()?);
        let flags = rows.u8()?;
        if flags & row_flag::REPEAT != 0 {
            let (previous, namespace) = self.previous?;
            let request = Request { digest, ..previous };
            return Some((index, request, namespace));
        }
        let (mut request, namespace) = parse_row(rows, flags, digest)?;
        request.filter = request.filter.or(self.filter);
        request.timeout_ms = self.timeout_ms;
        self.previous = Some((request, namespace));
        Some((index, request, namespace))
    }
}

fn parse_row<'a>(rows: &mut Cursor<'a>, flags: u8, digest: Digest) -> Option<(Request<'a>, &'a [u8])> {
    let mut attributes = Attributes {
        info1: rows.u8()?,
        ..Attributes::default()
    };
    if flags & row_flag::INFO != 0 {
        [attributes.info2, attributes.info3] = rows.array()?;
    }
    if flags & row_flag::INFO4 != 0 {
        attributes.info4 = rows.u8()?;
    }
    let generation = if flags & row_flag::GENERATION != 0 {
        u32::from(rows.u16()?)
    } else {
        0
    };
    let ttl = if flags & row_flag::TTL != 0 { rows.u32()? } else { 0 };
    let n_fields = rows.u16()?;
    let n_ops = rows.u16()?;
    let fields = Fields::parse(rows, n_fields)?;
    let ops = Ops::parse(rows, n_ops)?;
    let request = Request {
        attributes,
        generation,
        ttl,
        set: fields.set,
        key: fields.key,
        digest,
        ops,
        udf: fields.udf,
        timeout_ms: 0,
        filter: fields.filter,
        transaction: fields.transaction,
    };
    Some((request, fields.namespace?))
}
