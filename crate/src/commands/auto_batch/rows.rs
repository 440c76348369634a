//! The calls of a group as rows of a batch, and how each call is answered from its row.

use std::borrow::Cow;

use aerospike_core::operations::{Operation, scalar};
use aerospike_core::{BasePolicy, BatchOperation, BatchPolicy, BatchReadPolicy, Key, ReadModeSc, Record, WritePolicy};

use crate::catalog::commands::{
    APPEND, APPLY, EXISTS, GET, INCREMENT, OPERATE, OPERATE_ORDERED, PREPEND, PUT, REMOVE, TOUCH,
};
use crate::client::Client;
use crate::commands::{read_mode, record};
use crate::common::errors::Failure;
use crate::convert::function_call::{self, FunctionCall};
use crate::convert::operation::Step;
use crate::convert::{bins, key, operation, record as convert, value};
use crate::policy;
use crate::requests::Call;
use crate::wire::Reader;

/// How a call is answered from its row.
pub enum Answer {
    /// With the record; `header`: without bins.
    Record { header: bool },
    /// Without a result.
    Done,
    /// With the last value of the bin.
    Bin(String),
    /// With the results of the operations, by bin.
    Operated(Vec<Step>),
    /// With the results of the operations, in order.
    Ordered(Vec<Step>),
    /// With the result of the function.
    Function,
}

impl Answer {
    /// Answers a call whose row succeeded.
    pub fn send(&self, call: &Call, found: &Record) {
        let (channel, request) = (call.channel(), call.request());
        match self {
            Answer::Record { header } => record::found(call, found, *header),
            Answer::Done => record::done(call),
            Answer::Bin(name) => channel.reply(request, |out, _| {
                convert::write_last(out, found, name);
                Ok(())
            }),
            Answer::Operated(steps) => channel.reply(request, |out, channel| {
                convert::write_operated(out, channel, found, steps);
                Ok(())
            }),
            Answer::Ordered(steps) => channel.reply(request, |out, _| {
                convert::write_ordered(out, found, steps);
                Ok(())
            }),
            Answer::Function => channel.reply(request, |out, _| {
                value::write(out, function_call::result(found));
                Ok(())
            }),
        }
    }
}

/// A group in the form that the core takes.
pub struct Rows {
    pub policy: BatchPolicy,
    pub operations: Vec<BatchOperation>,
    /// How each call is answered.
    pub answers: Vec<Answer>,
}

impl Rows {
    /// Reads the calls of a group. Returns `None` if a batch does not support their policies, or if they are better sent
    /// alone.
    ///
    /// # Errors
    /// A body ends early, or the core does not support a value.
    pub fn read(client: &Client, calls: &[Call]) -> Result<Option<Self>, Failure> {
        match calls.first().map(|call| call.command) {
            None => Ok(None),
            Some(GET | EXISTS) => Self::read_reads(client, calls),
            Some(_) => Self::read_writes(client, calls),
        }
    }

    fn read_reads(client: &Client, calls: &[Call]) -> Result<Option<Self>, Failure> {
        let mut shared = None;
        let mut operations = Vec::with_capacity(calls.len());
        let mut answers = Vec::with_capacity(calls.len());
        for call in calls {
            let mut reader = call.reader();
            let key = key::read(&mut reader)?;
            let selection = bins::read_selection(&mut reader)?;
            if client.nodes.unreachable_master(&key).is_some() {
                // A single read can use a replica.
                return Ok(None);
            }
            answers.push(Answer::Record {
                header: selection.is_none(),
            });
            if shared.is_none() {
                let policy = policy::read(&client.defaults, &mut reader)?;
                let mut base = policy::attempts::read_batch(policy, call.request(), client.nodes.max_readable());
                if base.use_compression || read_mode::needs_batch(client, &base, key.namespace()) {
                    return Ok(None);
                }
                // It has no meaning without strong consistency.
                base.read_mode_sc = ReadModeSc::Session;
                let row = read_row(&base);
                shared = Some((base, row));
            }
            if let Some((_, row)) = &shared {
                operations.push(BatchOperation::read(row, key, selection));
            }
        }
        Ok(shared.map(|(base, _)| Rows {
            policy: in_one_request(base),
            operations,
            answers,
        }))
    }

    fn read_writes(client: &Client, calls: &[Call]) -> Result<Option<Self>, Failure> {
        // Most calls have equal policies, which are read only once.
        let mut last: Option<(&[u8], Cow<'_, WritePolicy>)> = None;
        let mut shared = None;
        let mut operations = Vec::with_capacity(calls.len());
        let mut answers = Vec::with_capacity(calls.len());
        for call in calls {
            let mut reader = call.reader();
            let key = key::read(&mut reader)?;
            let (work, answer) = read_work(call, &mut reader)?;
            let encoded = call.policy_bytes().unwrap_or_default();
            let policy = match last.take() {
                Some((bytes, policy)) if bytes == encoded => policy,
                _ => policy::write(&client.defaults, &mut reader, call.request())?,
            };
            let base = &policy.base_policy;
            if base.max_retries > 0
                || base.use_compression
                || (matches!(work, Work::Read(_)) && read_mode::needs_batch(client, base, key.namespace()))
            {
                return Ok(None);
            }
            if shared.is_none() {
                shared = Some(base.clone());
            }
            operations.push(work.on(key, &policy));
            answers.push(answer);
            last = Some((encoded, policy));
        }
        Ok(shared.map(|base| Rows {
            policy: in_one_request(base),
            operations,
            answers,
        }))
    }
}

/// What a call with the policy of a write does.
enum Work {
    Read(Vec<Operation>),
    Write(Vec<Operation>),
    Remove,
    Apply(FunctionCall),
}

/// Reads the body of a call between its key and its policy.
fn read_work(call: &Call, reader: &mut Reader<'_>) -> Result<(Work, Answer), Failure> {
    Ok(match call.command {
        PUT => {
            let puts = bins::read(reader)?.iter().map(scalar::put).collect();
            (Work::Write(puts), Answer::Done)
        }
        REMOVE => (Work::Remove, Answer::Done),
        TOUCH => (Work::Write(vec![scalar::touch()]), Answer::Done),
        APPEND => {
            let appends = bins::read(reader)?.iter().map(scalar::append).collect();
            (Work::Write(appends), Answer::Done)
        }
        PREPEND => {
            let prepends = bins::read(reader)?.iter().map(scalar::prepend).collect();
            (Work::Write(prepends), Answer::Done)
        }
        INCREMENT => {
            let added = bins::read(reader)?;
            let [bin] = added.as_slice() else {
                return Err(Failure::client("malformed request: increment takes one bin"));
            };
            let operations = vec![scalar::add(bin), scalar::get_bin(bin.name.as_str())];
            (Work::Write(operations), Answer::Bin(bin.name.to_string()))
        }
        OPERATE | OPERATE_ORDERED => {
            let (operations, steps) = operation::read_list(reader)?;
            let work = if call.request().writes() {
                Work::Write(operations)
            } else {
                Work::Read(operations)
            };
            let answer = if call.command == OPERATE {
                Answer::Operated(steps)
            } else {
                Answer::Ordered(steps)
            };
            (work, answer)
        }
        APPLY => (Work::Apply(FunctionCall::read(reader)?), Answer::Function),
        other => {
            return Err(Failure::client(format!(
                "the command {other} cannot be a row of a batch"
            )));
        }
    })
}

impl Work {
    fn on(self, key: Key, write: &WritePolicy) -> BatchOperation {
        match self {
            Work::Read(operations) => BatchOperation::read_ops(&read_row(&write.base_policy), key, operations),
            Work::Write(operations) => BatchOperation::write(&policy::batch::write_row(write), key, operations),
            Work::Remove => BatchOperation::delete(&policy::batch::remove_row(write), key),
            Work::Apply(FunctionCall { module, function, args }) => {
                BatchOperation::udf(&policy::batch::apply_row(write), key, module, function, args)
            }
        }
    }
}

fn in_one_request(base_policy: BasePolicy) -> BatchPolicy {
    BatchPolicy {
        base_policy,
        ..BatchPolicy::default()
    }
}

/// The policy of a row that reads, without a filter: that of its batch applies.
fn read_row(base: &BasePolicy) -> BatchReadPolicy {
    BatchReadPolicy {
        read_touch_ttl: base.read_touch_ttl,
        ..BatchReadPolicy::default()
    }
}
