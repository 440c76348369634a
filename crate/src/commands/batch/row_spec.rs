//! Decodes the rows of a batch, which `lib/batch/rows.ts` encodes.
//!
//! A row consists of a byte with its kind and what it shares with the previous row, its key, and its work. Rows that
//! share their work are clones of one operation: only then does the core send the work once for all of them.

use std::sync::Arc;

use aerospike_core::operations::{Operation, scalar};
use aerospike_core::{BatchDeletePolicy, BatchOperation, BatchReadPolicy, BatchUdfPolicy, BatchWritePolicy, Bins, Key};

use crate::catalog::formats::{row_flag, row_kind as kind};
use crate::commands::batch::row_form::{RowForm, RowForms};
use crate::commands::batch::tracker::Writes;
use crate::common::errors::Failure;
use crate::convert::function_call::FunctionCall;
use crate::convert::{bins, key, operation};
use crate::policy::batch::BatchPolicies;
use crate::requests::subject::Subject;
use crate::wire::Reader;

/// The work of one or several rows.
#[derive(Clone)]
enum Work {
    Read(BatchReadPolicy, Bins),
    ReadOps(BatchReadPolicy, Vec<Operation>),
    Write(BatchWritePolicy, Vec<Operation>),
    Remove(BatchDeletePolicy),
    Apply(BatchUdfPolicy, FunctionCall),
}

impl Work {
    fn on(self, key: Key) -> BatchOperation {
        match self {
            Work::Read(policy, bins) => BatchOperation::read(&policy, key, bins),
            Work::ReadOps(policy, operations) => BatchOperation::read_ops(&policy, key, operations),
            Work::Write(policy, operations) => BatchOperation::write(&policy, key, operations),
            Work::Remove(policy) => BatchOperation::delete(&policy, key),
            Work::Apply(policy, FunctionCall { module, function, args }) => {
                BatchOperation::udf(&policy, key, module, function, args)
            }
        }
    }

    fn writes(&self) -> bool {
        !matches!(self, Work::Read(..) | Work::ReadOps(..))
    }
}

/// The decoded rows of a batch.
pub struct BatchRows {
    /// The operations, for the core.
    pub operations: Vec<BatchOperation>,
    /// The forms of the answers, for the sink.
    pub answers: RowForms,
    /// Which rows write.
    pub writes: Writes,
}

/// Decodes the rows.
///
/// # Errors
/// The body ends early, or the core does not support a value or an operation: the failure names the row.
pub fn read(subject: Subject<'_>, reader: &mut Reader<'_>, policies: &BatchPolicies<'_>) -> Result<BatchRows, Failure> {
    let count = subject.row_count();
    let mut keys = Vec::with_capacity(count.min(1 << 20));
    let mut works: Vec<Work> = Vec::new();
    let mut forms = Vec::new();
    let mut of: Vec<u32> = Vec::with_capacity(keys.capacity());
    let Subject {
        mut namespace, mut set, ..
    } = subject;
    for row in 0..count {
        let head = reader.u8()?;
        if head & row_flag::SAME_SPACE == 0 {
            namespace = reader.name()?;
            set = reader.name()?;
        }
        keys.push(key::read_user_key(reader, namespace, set)?);
        if head & row_flag::SAME_WORK == 0 {
            let (work, form) = read_work(reader, policies, head & row_flag::KIND_MASK)
                .map_err(|failure| failure.with_context(&format!("row {row}")))?;
            works.push(work);
            forms.push(form);
        }
        of.push(works.len().saturating_sub(1) as u32);
    }
    let writes = if works.iter().all(Work::writes) {
        Writes::Always
    } else if works.iter().any(Work::writes) {
        Writes::Rows(of.iter().map(|work| works[*work as usize].writes()).collect())
    } else {
        Writes::Never
    };
    let mut operations = Vec::with_capacity(count.min(1 << 20));
    let mut rows = keys.into_iter().zip(&of).peekable();
    for (number, work) in works.into_iter().enumerate() {
        // Rows that share their work are adjacent; the last one takes the original, the others clone it.
        let mut key = None;
        while let Some((next, _)) = rows.next_if(|(_, work)| **work as usize == number) {
            if let Some(key) = key.replace(next) {
                operations.push(work.clone().on(key));
            }
        }
        if let Some(key) = key {
            operations.push(work.on(key));
        }
    }
    Ok(BatchRows {
        operations,
        answers: RowForms::new(forms, of),
        writes,
    })
}

fn read_work(reader: &mut Reader<'_>, policies: &BatchPolicies<'_>, kind: u8) -> Result<(Work, RowForm), Failure> {
    Ok(match kind {
        kind::READ => {
            let selection = bins::read_selection(reader)?;
            let form = if selection.is_none() {
                RowForm::Meta
            } else {
                RowForm::Record
            };
            (Work::Read(policies.read_row_of(reader)?, selection), form)
        }
        kind::READ_OPS | kind::WRITE_OPS => {
            let (operations, steps) = operation::read_list(reader)?;
            let work = if kind == kind::READ_OPS {
                Work::ReadOps(policies.read_row_of(reader)?, operations)
            } else {
                Work::Write(policies.write_row_of(reader)?, operations)
            };
            (work, RowForm::Steps(Arc::from(steps)))
        }
        kind::WRITE => {
            let written = bins::read(reader)?;
            let operations = written.iter().map(scalar::put).collect();
            (Work::Write(policies.write_row_of(reader)?, operations), RowForm::Meta)
        }
        kind::REMOVE => (Work::Remove(policies.remove_row_of(reader)?), RowForm::Gone),
        kind::APPLY => {
            let function = FunctionCall::read(reader)?;
            let policy = policies.apply_row_of(reader)?;
            (Work::Apply(policy, function), RowForm::Record)
        }
        other => {
            return Err(Failure::client(format!(
                "a row of a batch is of the unknown kind {other}"
            )));
        }
    })
}
