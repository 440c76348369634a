//! Commands on records: reads, writes, deletes and function calls, one record at a time or in batches.
//!
//! Commands write their replies to the output buffer and are independent of sockets. A batch writes one block at a
//! time, and the connection sends each before it asks for the next.

pub mod batch;
mod delete;
mod filter;
mod monitor;
mod operate;
mod read;
mod transaction;
mod udf;
mod write;

use std::time::Duration;

use parking_lot::MutexGuard;

use crate::cluster::node::Node;
use crate::common::result_code::ResultCode;
use crate::proto::field::{TransactionFields, UdfFields};
use crate::proto::header::{self, Kind};
use crate::proto::message::{Attributes, Message};
use crate::proto::op::Ops;
use crate::proto::reply::{Meta, Row, write_empty};
use crate::record::bins::BinBuffer;
use crate::record::digest::Digest;
use crate::security::{Access, Command};
use crate::store::namespace::Namespace;
use crate::store::partition::Records;
use crate::store::transactions::MONITOR_SET;
use filter::FilterCache;

pub(crate) use operate::{MAX_BIN_NAME, ReadOps, is_read};

/// Block size of long replies, in bytes. A real server uses the same size.
pub const BLOCK_SIZE: usize = 128 * 1024;

/// Buffers that the commands of a connection reuse.
#[derive(Debug, Default)]
pub struct Scratch {
    bins: BinBuffer,
    value: Vec<u8>,
    filters: FilterCache,
    /// The version of the record that a command in a transaction has read, for the reply.
    version: Option<u64>,
}

/// A command on one record, from a single-record request or from a row of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Attribute flags of the command.
    pub attributes: Attributes,
    /// The generation that the record must have, if the attributes demand it.
    pub generation: u32,
    /// For writes, the time to live. For reads, how to renew it.
    pub ttl: u32,
    /// Set name; empty if the record is not in a set.
    pub set: &'a [u8],
    /// Particle type and bytes of the key, if the client sent it.
    pub key: Option<&'a [u8]>,
    /// The record's digest.
    pub digest: Digest,
    /// Operations on bins.
    pub ops: Ops<'a>,
    /// The UDF to apply instead of operations.
    pub udf: Option<UdfFields<'a>>,
    /// Client timeout in milliseconds; 0 means no timeout.
    pub timeout_ms: u32,
    /// Filter expression. The command fails if the record does not match.
    pub filter: Option<&'a [u8]>,
    /// The transaction that the command belongs to.
    pub transaction: TransactionFields,
}

impl Request<'_> {
    /// What the command does, for access control.
    fn command<'a>(&'a self, namespace: &'a [u8]) -> Command<'a> {
        let is_udf = self.udf.is_some();
        Command {
            namespace,
            set: self.set,
            reads: self.attributes.reads() && !is_udf,
            writes: self.attributes.writes() || is_udf,
            is_udf,
        }
    }
}

/// The result of a command on a record: metadata for the reply, with the result code if the command failed.
type Outcome = Result<Meta, (ResultCode, Meta)>;

/// A failure without record metadata.
fn fail<T>(result: ResultCode) -> Result<T, (ResultCode, Meta)> {
    Err((result, Meta::default()))
}

/// The state of a long reply after a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There are more blocks.
    More,
    /// There are more blocks, to be requested after this delay.
    Wait(Duration),
    /// The last block is in the output buffer.
    Finished,
}

/// Executes a command on one record. Returns the partition if the command changed it.
pub fn single(
    node: &Node,
    access: &Access,
    message: &Message<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Option<u16> {
    let fields = &message.fields;
    let digest = match (fields.digest, fields.key) {
        (Some(digest), _) => Digest::from_slice(digest),
        (None, Some(key)) => Some(Digest::of_key(fields.set, key)),
        (None, None) => None,
    };
    let namespace = fields.namespace.map(|name| node.namespace(name));
    let (namespace, digest) = match (namespace, digest) {
        (Some(Some(namespace)), Some(digest)) => (namespace, digest),
        (Some(None), _) => {
            write_empty(out, ResultCode::NAMESPACE, 0);
            return None;
        }
        _ => {
            write_empty(out, ResultCode::PARAMETER, 0);
            return None;
        }
    };
    let request = Request {
        attributes: message.attributes,
        generation: message.generation,
        ttl: message.ttl,
        set: fields.set,
        key: fields.key,
        digest,
        ops: message.ops,
        udf: fields.udf,
        timeout_ms: message.timeout_ms,
        filter: fields.filter,
        transaction: fields.transaction,
    };
    let now_ms = node.clock().now_ms();
    if let Err(result) = access.check_command(&request.command(namespace.name().as_bytes()), now_ms) {
        write_empty(out, result, 0);
        return None;
    }
    let start = header::begin(out);
    let result = execute(node, namespace, now_ms, &request, scratch, Row::begin(out), 0);
    header::finish(out, start, Kind::Message);
    let changed = result == ResultCode::OK && request.attributes.writes();
    changed.then(|| u16::try_from(request.digest.partition()).unwrap_or_default())
}

/// Changes one record for a background job, for which no client is waiting. The reply is left in `out`.
pub(crate) fn change_record(
    node: &Node,
    namespace: &Namespace,
    request: &Request<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> ResultCode {
    let now_ms = node.clock().now_ms();
    execute(node, namespace, now_ms, request, scratch, Row::begin(out), 0)
}

/// Executes the command and completes its reply row.
fn execute(
    node: &Node,
    namespace: &Namespace,
    now_ms: u64,
    request: &Request<'_>,
    scratch: &mut Scratch,
    mut row: Row<'_>,
    index: u32,
) -> ResultCode {
    scratch.version = None;
    let outcome = match (reject(node, namespace, request), &request.udf) {
        (Some(result), _) => fail(result),
        (None, Some(call)) => {
            let on = Target { namespace, now_ms };
            match udf::apply(node.modules(), on, request, call, scratch, &mut row) {
                Ok((result, meta)) => {
                    row.finish(result, meta, index);
                    return result;
                }
                Err(rejected) => Err(rejected),
            }
        }
        (None, None) => {
            let on = Target { namespace, now_ms };
            dispatch(on, request, scratch, &mut row)
        }
    };
    match outcome {
        Ok(meta) => {
            row.finish(ResultCode::OK, meta, index);
            ResultCode::OK
        }
        Err((result, meta)) => {
            row.clear();
            if let Some(version) = scratch.version {
                transaction::add_version(&mut row, version);
            }
            row.finish(result, meta, index);
            result
        }
    }
}

/// The namespace, partition and time at which a command is executed.
#[derive(Debug, Clone, Copy)]
struct Target<'a> {
    namespace: &'a Namespace,
    now_ms: u64,
}

impl Target<'_> {
    fn now_s(&self) -> u32 {
        u32::try_from(self.now_ms / 1000).unwrap_or(u32::MAX)
    }
}

impl<'a> Target<'a> {
    /// Locks the partition of the request's record.
    fn lock(&self, request: &Request<'_>) -> Option<MutexGuard<'a, Records>> {
        self.namespace.lock_record(&request.digest, self.now_s())
    }
}

fn dispatch(on: Target<'_>, request: &Request<'_>, scratch: &mut Scratch, row: &mut Row<'_>) -> Outcome {
    let attributes = request.attributes;
    if let Some(transactions) = on.namespace.transactions() {
        if attributes.ends_transaction() {
            return transaction::end(on, transactions, request);
        }
        if request.set == MONITOR_SET {
            return monitor::execute(on, transactions, request, scratch, row);
        }
    }
    if attributes.writes() && attributes.deletes() {
        delete::delete(on, request, scratch)
    } else if attributes.writes() {
        write::write(on, request, scratch, row)
    } else if attributes.reads() {
        read::read(on, request, scratch, row)
    } else {
        fail(ResultCode::PARAMETER)
    }
}

/// Rejects requests that the namespace does not support, instead of executing part of them.
fn reject(node: &Node, namespace: &Namespace, request: &Request<'_>) -> Option<ResultCode> {
    let attributes = request.attributes;
    if namespace.transactions().is_some() {
        let available = attributes.reads_unavailable() || node.is_available(namespace, request.digest.partition());
        return (!available).then_some(ResultCode::PARTITION_UNAVAILABLE);
    }
    if request.transaction.id.is_some() || attributes.ends_transaction() {
        return Some(reject_transaction(node));
    }
    if node.store().is_enterprise() {
        return None;
    }
    if attributes.deletes() && attributes.is_durable() {
        node.log().unsupported("durable deletes");
        return Some(ResultCode::ENTERPRISE_ONLY);
    }
    if attributes.is_linearized() {
        node.log().unsupported("linearized reads");
        return Some(ResultCode::ENTERPRISE_ONLY);
    }
    if request.set == MONITOR_SET {
        return Some(ResultCode::PARAMETER);
    }
    None
}

/// The result code of a command in a transaction that the server does not support.
pub(crate) fn reject_transaction(node: &Node) -> ResultCode {
    if node.store().is_enterprise() {
        // The namespace does not have strong consistency, or the command cannot be part of a transaction.
        return ResultCode::UNSUPPORTED;
    }
    node.log().unsupported("transactions");
    ResultCode::ENTERPRISE_ONLY
}
