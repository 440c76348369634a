//! Queries that apply UDFs: to each record in the background, or to all records as a stream.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::background::Action;
use super::stream::reject_partition;
use super::walk::{Step, Visit, Walk};
use crate::cluster::jobs::{Job, Outcome};
use crate::cluster::node::Node;
use crate::commands::{Progress, Request, Scratch, change_record};
use crate::common::result_code::ResultCode;
use crate::compute::udf::{self, Failure, Identity, OpenRecord, Value};
use crate::proto::field::{TransactionFields, UdfFields};
use crate::proto::header::{self, HEADER_SIZE, Kind};
use crate::proto::message::{Attributes, Message, info3};
use crate::proto::op::{Ops, code};
use crate::proto::reply::{Meta, Row, write_empty};
use crate::record::digest::Digest;
use crate::record::particle::kind;
use crate::store::namespace::Namespace;

/// Values of the `UDF_OP` field.
pub(super) mod purpose {
    /// Applies the UDF to the stream of records and sends the results.
    pub(in crate::query) const AGGREGATE: u8 = 1;
    /// Applies the UDF to each record.
    pub(in crate::query) const BACKGROUND: u8 = 2;
}

/// Maximum number of records to examine before yielding to other tasks.
const MAX_EXAMINED: usize = 4096;

/// Time limit of the UDF for the records of one block.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Names of the reply bins.
const SUCCESS: &[u8] = b"SUCCESS";
const FAILURE: &[u8] = b"FAILURE";

/// A UDF and its arguments.
#[derive(Debug, Clone)]
struct Call {
    module: String,
    function: String,
    arguments: Vec<u8>,
}

impl Call {
    fn new(fields: Option<&UdfFields<'_>>) -> Result<Self, ResultCode> {
        let fields = fields.ok_or(ResultCode::PARAMETER)?;
        udf::arguments(fields.arguments).ok_or(ResultCode::PARAMETER)?;
        Ok(Self {
            module: udf::request_name(fields.package)?.into_owned(),
            function: udf::request_name(fields.function)?.into_owned(),
            arguments: fields.arguments.to_vec(),
        })
    }
}

/// Module and function name of a query's UDF, as shown in info replies.
pub(super) fn names(message: &Message<'_>) -> Option<(String, String)> {
    let fields = message.fields.udf.as_ref()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((text(fields.package), text(fields.function)))
}

/// The action of a background query that applies a UDF to each record.
#[derive(Debug)]
pub(super) struct Apply {
    attributes: Attributes,
    call: Call,
    scratch: Scratch,
    out: Vec<u8>,
}

impl Apply {
    pub(super) fn new(message: &Message<'_>) -> Result<Self, ResultCode> {
        let mut attributes = message.attributes;
        // Do not create records that were deleted in the meantime.
        attributes.info3 |= info3::UPDATE_ONLY;
        Ok(Self {
            attributes,
            call: Call::new(message.fields.udf.as_ref())?,
            scratch: Scratch::default(),
            out: Vec::new(),
        })
    }
}

impl Action for Apply {
    fn job_type(&self) -> &'static str {
        "background-udf"
    }

    fn apply(&mut self, node: &Node, namespace: &Namespace, set: &[u8], digest: Digest) -> ResultCode {
        let request = Request {
            attributes: self.attributes,
            generation: 0,
            ttl: 0,
            set,
            key: None,
            digest,
            ops: Ops::NONE,
            udf: Some(UdfFields {
                package: self.call.module.as_bytes(),
                function: self.call.function.as_bytes(),
                arguments: &self.call.arguments,
            }),
            timeout_ms: 0,
            filter: None,
            transaction: TransactionFields::default(),
        };
        self.out.clear();
        change_record(node, namespace, &request, &mut self.scratch, &mut self.out)
    }
}

/// An aggregation query: a UDF processes the records as a stream.
///
/// As on a real server, the UDF is applied to one part of the records at a time. The client combines the
/// partial results.
#[derive(Debug)]
pub struct Aggregation {
    walk: Walk,
    job: Arc<Job>,
    call: Call,
    /// Whether the client specified partitions.
    by_partition: bool,
}

impl Aggregation {
    pub(super) fn new(walk: Walk, message: &Message<'_>, job: Arc<Job>) -> Result<Self, ResultCode> {
        Ok(Self {
            walk,
            job,
            call: Call::new(message.fields.udf.as_ref())?,
            by_partition: message.fields.partitions.is_some() || message.fields.digests.is_some(),
        })
    }

    /// Processes the next records and writes the results.
    pub fn next_block(&mut self, node: &Node, out: &mut Vec<u8>) -> Progress {
        let now_ms = node.clock().now_ms();
        if self.job.is_aborted() {
            self.job.finish(Outcome::Aborted, now_ms);
            write_empty(out, ResultCode::QUERY_ABORTED, info3::LAST);
            return Progress::Finished;
        }
        let start = header::begin(out);
        let (records, finished) = self.collect(node, out);
        let found = records.len() as u64;
        let made = if records.is_empty() {
            Ok(Vec::new())
        } else {
            self.apply(node, records)
        };
        let failed = made.is_err();
        match made {
            Ok(values) => values.iter().for_each(|value| send(value, out)),
            Err(failure) => {
                let message = if failure.message == udf::NO_MODULE.as_bytes() {
                    failure.message
                } else {
                    [b"UDF: Execution Error 2 : ", failure.message.as_slice()].concat()
                };
                let mut row = Row::begin(out);
                row.op(code::READ, kind::STRING, FAILURE, &message);
                row.finish(ResultCode::OK, Meta::default(), 0);
            }
        }
        self.job.note_succeeded(found);
        self.job.note_filtered(self.walk.take_filtered());
        self.job.note_sent(out.len() - start);
        self.job.set_progress(self.walk.progress());
        if out.len() == start + HEADER_SIZE {
            out.truncate(start);
        } else {
            header::finish(out, start, Kind::Message);
        }
        if !failed && !finished {
            return Progress::More;
        }
        self.job.finish(Outcome::Done, now_ms);
        let result = if failed {
            ResultCode::SERVER_ERROR
        } else {
            ResultCode::OK
        };
        write_empty(out, result, info3::LAST);
        Progress::Finished
    }

    /// The next records, and whether they are the last.
    fn collect(&mut self, node: &Node, out: &mut Vec<u8>) -> (Vec<OpenRecord>, bool) {
        let now_ms = node.clock().now_ms();
        let rules = *self.walk.namespace().rules();
        let mut records = Vec::new();
        let by_partition = self.by_partition;
        let step = self.walk.step(node, MAX_EXAMINED, |visit| {
            match visit {
                Visit::NotOwned(partition) if by_partition => reject_partition(partition, out),
                Visit::NotOwned(_) => {}
                Visit::Found(found) => {
                    let identity = Identity {
                        digest: *found.digest,
                        set: found.set.into(),
                        key: None,
                    };
                    records.push(OpenRecord::new(identity, rules, now_ms, Some(found.record.clone())));
                }
            }
            ControlFlow::<()>::Continue(())
        });
        (records, step == ControlFlow::Continue(Step::Finished))
    }

    fn apply(&self, node: &Node, records: Vec<OpenRecord>) -> Result<Vec<Value>, Failure> {
        let arguments = udf::arguments(&self.call.arguments).unwrap_or_default();
        let call = &self.call;
        node.modules()
            .apply_to_stream(&call.module, &call.function, records, &arguments, TIMEOUT)
    }
}

impl Drop for Aggregation {
    fn drop(&mut self) {
        self.job.abandon();
    }
}

/// Writes a result value.
fn send(value: &Value, out: &mut Vec<u8>) {
    let Ok((particle, bytes)) = value.to_reply() else {
        return;
    };
    let mut row = Row::begin(out);
    row.op(code::READ, particle, SUCCESS, &bytes);
    row.finish(ResultCode::OK, Meta::default(), 0);
}
