//! Single bin operations, the building blocks of reads and writes.

use super::Scratch;
use crate::common::result_code::ResultCode;
use crate::compute::bits;
use crate::compute::cdt;
use crate::compute::client_value;
use crate::compute::exp;
use crate::compute::hll;
use crate::proto::message::Attributes;
use crate::proto::op::{Op, Ops, code};
use crate::proto::reply::Row;
use crate::record::bins;
use crate::record::particle::{Access, Effect, Value, kind};
use crate::record::view::RecordView;

/// Maximum length of a bin name, in bytes.
pub(crate) const MAX_BIN_NAME: usize = 15;

/// Performs read operations on a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadOps<'a> {
    attributes: Attributes,
    view: RecordView<'a>,
    count: u16,
}

impl<'a> ReadOps<'a> {
    /// `count` is the number of bins of the record.
    pub(crate) fn new(attributes: Attributes, view: RecordView<'a>, count: u16) -> Self {
        Self {
            attributes,
            view,
            count,
        }
    }

    /// Performs one read operation. Without a bin name, it returns all bins if the request asks for them, or
    /// nothing if the request excludes bin data.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub(crate) fn read(&self, op: &Op<'_>, row: &mut Row<'_>) -> Result<(), ResultCode> {
        if self.attributes.no_bin_data() && !self.attributes.writes() {
            return Ok(());
        }
        check_length(op)?;
        if op.code != code::READ {
            let effect = evaluate(op, &self.view)?;
            if op.code == code::CDT_READ && self.answers_nothing(op, &effect) {
                row.op(op.code, kind::NULL, op.name, &[]);
            } else {
                answer(op, self.attributes, &effect, row);
            }
            return Ok(());
        }
        if op.name.is_empty() && self.attributes.gets_all() {
            row.encoded_ops(self.view.bins, self.count);
        } else if let Some(bin) = bins::find(self.view.bins, op.name) {
            row.encoded_ops(bin.encoded, 1);
        } else if self.attributes.responds_all_ops() {
            row.op(op.code, kind::NULL, op.name, &[]);
        }
        Ok(())
    }

    /// Whether an operation without a result still gets a reply. In a write, reading from an existing list or
    /// map always gets one.
    fn answers_nothing(&self, op: &Op<'_>, effect: &Effect) -> bool {
        effect.answer.is_none() && self.attributes.writes() && bins::find(self.view.bins, op.name).is_some()
    }
}

/// Whether operations of this code only read.
pub(crate) fn is_read(code: u8) -> bool {
    matches!(
        code,
        code::READ | code::CDT_READ | code::BIT_READ | code::HLL_READ | code::EXP_READ
    )
}

/// Dispatches an operation to its module.
fn evaluate(op: &Op<'_>, view: &RecordView<'_>) -> Result<Effect, ResultCode> {
    let bin = bins::find(view.bins, op.name).map(|bin| bin.value);
    match op.code {
        code::CDT_READ if exp::is_path(op.value) => exp::operate_by_path(bin, op.value, Access::Read),
        code::CDT_MODIFY if exp::is_path(op.value) => exp::operate_by_path(bin, op.value, Access::Modify),
        code::CDT_READ => cdt::operate(bin, op.value, Access::Read),
        code::CDT_MODIFY => cdt::operate(bin, op.value, Access::Modify),
        code::BIT_READ => bits::operate(bin, op.value, Access::Read),
        code::BIT_MODIFY => bits::operate(bin, op.value, Access::Modify),
        code::HLL_READ => hll::operate(bin, op.value, Access::Read),
        code::HLL_MODIFY => hll::operate(bin, op.value, Access::Modify),
        code::EXP_READ => exp::read(op.value, view),
        code::EXP_MODIFY => exp::write(op.value, view, bin.is_some()),
        _ => Err(ResultCode::PARAMETER),
    }
}

/// Adds the result of an operation to the reply. An empty result is added only where the client expects one.
fn answer(op: &Op<'_>, attributes: Attributes, effect: &Effect, row: &mut Row<'_>) {
    match &effect.answer {
        Some((kind, bytes)) => row.op(op.code, *kind, op.name, bytes),
        None if attributes.responds_all_ops() => row.op(op.code, kind::NULL, op.name, &[]),
        None => {}
    }
}

/// Performs an operation of one of the modules on the bins in `scratch`.
fn modify(op: &Op<'_>, view: &RecordView<'_>, scratch: &mut Scratch) -> Result<Effect, ResultCode> {
    let bins = scratch.bins.encoded();
    let effect = evaluate(op, &RecordView { bins, ..*view })?;
    match &effect.changed {
        Some((kind::NULL, _)) => scratch.bins.remove(op.name),
        Some((kind, bytes)) => scratch.bins.set(op.name, Value { kind: *kind, bytes }),
        None => {}
    }
    Ok(effect)
}

/// Requirements that the operations of a write impose on the whole command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Requirements {
    /// The record must exist: no operation can create it.
    pub(super) must_exist: bool,
    /// An operation uses the old value, so the write must not replace the record.
    pub(super) needs_old_value: bool,
}

/// Checks the operations of a write before anything is changed.
pub(super) fn requirements(attributes: Attributes, ops: &Ops<'_>) -> Result<Requirements, ResultCode> {
    check_answers(attributes, ops)?;
    let mut requirements = Requirements::default();
    let mut any = false;
    for op in ops.iter() {
        any = true;
        match op.code {
            code if is_read(code) => {
                check_length(&op)?;
                if !attributes.reads() {
                    return Err(ResultCode::PARAMETER);
                }
            }
            code::DELETE => {}
            code::WRITE => check_name(&op)?,
            code::INCR | code::APPEND | code::PREPEND | code::CDT_MODIFY | code::BIT_MODIFY | code::HLL_MODIFY => {
                check_name(&op)?;
                requirements.needs_old_value = true;
            }
            code::EXP_MODIFY => check_name(&op)?,
            code::TOUCH => {
                requirements.must_exist = true;
                requirements.needs_old_value = true;
            }
            _ => return Err(ResultCode::PARAMETER),
        }
    }
    if any {
        Ok(requirements)
    } else {
        Err(ResultCode::PARAMETER)
    }
}

/// A write may read all bins only if no other operation in it returns a result.
fn check_answers(attributes: Attributes, ops: &Ops<'_>) -> Result<(), ResultCode> {
    if !attributes.gets_all() {
        return Ok(());
    }
    let mut all = 0;
    let silent = ops.iter().all(|op| match op.code {
        code::READ => {
            all += 1;
            op.name.is_empty()
        }
        code => !is_read(code) && !matches!(code, code::CDT_MODIFY | code::HLL_MODIFY),
    });
    if silent && all == 1 && !attributes.responds_all_ops() {
        Ok(())
    } else {
        Err(ResultCode::PARAMETER)
    }
}

fn check_name(op: &Op<'_>) -> Result<(), ResultCode> {
    match op.name {
        [] => Err(ResultCode::PARAMETER),
        name if name.contains(&0) => Err(ResultCode::BIN_NAME),
        _ => check_length(op),
    }
}

/// Checks the length of the bin name, which may be empty.
fn check_length(op: &Op<'_>) -> Result<(), ResultCode> {
    if op.name.len() <= MAX_BIN_NAME {
        Ok(())
    } else {
        Err(ResultCode::BIN_NAME)
    }
}

/// Performs one operation of a write on the bins in `scratch`.
pub(super) fn apply(
    op: &Op<'_>,
    attributes: Attributes,
    view: &RecordView<'_>,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<(), ResultCode> {
    match op.code {
        code if is_read(code) => {
            let bins = scratch.bins.encoded();
            let view = RecordView { bins, ..*view };
            return ReadOps::new(attributes, view, scratch.bins.count()).read(op, row);
        }
        code::WRITE if op.particle == kind::NULL => scratch.bins.remove(op.name),
        code::WRITE => set(op, scratch)?,
        code::INCR => increment(op, scratch)?,
        code::APPEND => concatenate(op, scratch, true)?,
        code::PREPEND => concatenate(op, scratch, false)?,
        code::DELETE => scratch.bins.clear(),
        // The write itself renews the record's time to live. A touch gets no reply.
        code::TOUCH => return Ok(()),
        _ => {
            let effect = modify(op, view, scratch)?;
            answer(op, attributes, &effect, row);
            return Ok(());
        }
    }
    if attributes.responds_all_ops() {
        row.op(op.code, kind::NULL, op.name, &[]);
    }
    Ok(())
}

fn set(op: &Op<'_>, scratch: &mut Scratch) -> Result<(), ResultCode> {
    let value = client_value::to_stored(op.particle, op.value, &mut scratch.value)?;
    scratch.bins.set(op.name, value);
    Ok(())
}

fn increment(op: &Op<'_>, scratch: &mut Scratch) -> Result<(), ResultCode> {
    let Some(bin) = scratch.bins.find(op.name) else {
        // As recorded from a real server: if the bin is missing, the operand is written even if it is not a
        // number.
        return set(op, scratch);
    };
    let sum = client_value::increment(bin.value, op.particle, op.value)?;
    let value = Value {
        kind: op.particle,
        bytes: &sum,
    };
    scratch.bins.set(op.name, value);
    Ok(())
}

fn concatenate(op: &Op<'_>, scratch: &mut Scratch, at_end: bool) -> Result<(), ResultCode> {
    if !client_value::is_concatenable(op.particle) {
        return Err(ResultCode::BIN_TYPE);
    }
    let Some(bin) = scratch.bins.find(op.name) else {
        return set(op, scratch);
    };
    if bin.value.kind != op.particle {
        return Err(ResultCode::BIN_TYPE);
    }
    let (first, second) = if at_end {
        (bin.value.bytes, op.value)
    } else {
        (op.value, bin.value.bytes)
    };
    scratch.value.clear();
    scratch.value.extend_from_slice(first);
    scratch.value.extend_from_slice(second);
    let value = Value {
        kind: op.particle,
        bytes: &scratch.value,
    };
    scratch.bins.set(op.name, value);
    Ok(())
}
