//! Background queries, which change records without their client waiting.

use std::fmt::Debug;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::walk::{Step, Visit, Walk};
use crate::cluster::jobs::{Job, Outcome};
use crate::cluster::node::Node;
use crate::commands::{Request, Scratch, change_record};
use crate::common::result_code::ResultCode;
use crate::proto::cursor::Cursor;
use crate::proto::field::TransactionFields;
use crate::proto::message::{Attributes, Message, info3};
use crate::proto::op::Ops;
use crate::record::digest::Digest;
use crate::store::namespace::Namespace;

/// Maximum number of records to change before yielding to other tasks.
const CHUNK: usize = 64;

/// How many times per second a rate-limited query checks whether it was aborted.
const ABORT_CHECKS_PER_SECOND: u32 = 20;

/// Maximum number of records to examine before yielding to other tasks, even if none was changed.
const MAX_EXAMINED: usize = 4096;

/// The action that a background query applies to each record.
pub trait Action: Debug + Send {
    /// The job type of queries with this action.
    fn job_type(&self) -> &'static str;

    /// Applies the action to a record of a set. The record may have been changed or deleted since the query
    /// found it.
    fn apply(&mut self, node: &Node, namespace: &Namespace, set: &[u8], digest: Digest) -> ResultCode;
}

/// A background query.
#[derive(Debug)]
pub struct Background {
    walk: Walk,
    action: Box<dyn Action>,
    records_per_second: Option<u32>,
    job: Arc<Job>,
}

impl Background {
    /// Creates a query for a job that is already listed.
    pub(super) fn new(walk: Walk, action: Box<dyn Action>, records_per_second: Option<u32>, job: Arc<Job>) -> Self {
        Self {
            walk,
            action,
            records_per_second,
            job,
        }
    }

    /// Applies the action to all records, unless the job is aborted.
    pub async fn run(mut self, node: Arc<Node>) {
        let outcome = self.change_all(&node).await;
        self.job.finish(outcome, node.clock().now_ms());
    }

    async fn change_all(&mut self, node: &Node) -> Outcome {
        let start = Instant::now();
        let mut changed: u64 = 0;
        let namespace = Arc::clone(self.walk.namespace());
        let chunk = self.records_per_second.map_or(CHUNK, |rate| {
            usize::try_from(rate / ABORT_CHECKS_PER_SECOND)
                .unwrap_or(CHUNK)
                .clamp(1, CHUNK)
        });
        let mut found: Vec<(Digest, Box<[u8]>)> = Vec::new();
        loop {
            if self.job.is_aborted() {
                return Outcome::Aborted;
            }
            let step = self.walk.step(node, MAX_EXAMINED, |visit| {
                // Skip partitions of other nodes: the client sends the query to those nodes too.
                if let Visit::Found(record) = visit {
                    found.push((*record.digest, record.set.into()));
                }
                if found.len() < chunk {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            });
            self.job.note_filtered(self.walk.take_filtered());
            for (digest, set) in found.drain(..) {
                let result = self.action.apply(node, &namespace, &set, digest);
                self.job.note(result);
                changed += 1;
            }
            self.job.set_progress(self.walk.progress());
            if step == ControlFlow::Continue(Step::Finished) {
                return Outcome::Done;
            }
            match self.records_per_second {
                Some(rate) => {
                    let due = Duration::from_nanos(changed.saturating_mul(1_000_000_000) / u64::from(rate));
                    tokio::time::sleep_until(start + due).await;
                }
                None => tokio::task::yield_now().await,
            }
        }
    }
}

/// The action of a query with operations, as in single-record writes.
#[derive(Debug)]
pub(super) struct Operations {
    attributes: Attributes,
    ttl: u32,
    ops: Vec<u8>,
    count: u16,
    scratch: Scratch,
    out: Vec<u8>,
}

impl Operations {
    pub(super) fn new(message: &Message<'_>) -> Result<Self, ResultCode> {
        let mut attributes = message.attributes;
        // Do not create records that were deleted in the meantime.
        attributes.info3 |= info3::UPDATE_ONLY;
        if attributes.reads()
            || message.ops.count() == 0
            || message.ops.iter().any(|op| crate::commands::is_read(op.code))
        {
            return Err(ResultCode::PARAMETER);
        }
        Ok(Self {
            attributes,
            ttl: message.ttl,
            ops: message.ops.encoded().to_vec(),
            count: message.ops.count(),
            scratch: Scratch::default(),
            out: Vec::new(),
        })
    }
}

impl Action for Operations {
    fn job_type(&self) -> &'static str {
        "background-ops"
    }

    fn apply(&mut self, node: &Node, namespace: &Namespace, set: &[u8], digest: Digest) -> ResultCode {
        let Some(ops) = Ops::parse(&mut Cursor::new(&self.ops), self.count) else {
            return ResultCode::PARAMETER;
        };
        let request = Request {
            attributes: self.attributes,
            generation: 0,
            ttl: self.ttl,
            set,
            key: None,
            digest,
            ops,
            udf: None,
            timeout_ms: 0,
            filter: None,
            transaction: TransactionFields::default(),
        };
        self.out.clear();
        change_record(node, namespace, &request, &mut self.scratch, &mut self.out)
    }
}
