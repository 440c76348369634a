//! Commands on the monitors of transactions. Clients add the digests of the records that they are about to write,
//! mark the monitor to commit, and remove it when all writes are rolled forward or back.

use super::read;
use super::{Outcome, Request, Scratch, Target, fail, write};
use crate::common::result_code::ResultCode;
use crate::compute::cdt;
use crate::proto::field::kind::MRT_DEADLINE;
use crate::proto::op::{Op, code};
use crate::proto::reply::{Meta, Row};
use crate::record::bins;
use crate::record::particle::{Access, kind};
use crate::record::{Record, SetId};
use crate::store::transactions::{MAX_DURATION_S, MAX_WRITES, Monitor, State, Transactions, monitor_digest};

/// Bin with the id of the transaction.
const ID: &[u8] = b"id";
/// Bin with the digests of the records that the transaction writes.
const DIGESTS: &[u8] = b"keyds";
/// Bin that marks the transaction as committed.
const FORWARD: &[u8] = b"fwd";

/// The list operation "size", as MessagePack.
const LIST_SIZE: [u8; 2] = [0x91, 16];

pub(super) fn execute(
    on: Target<'_>,
    transactions: &Transactions,
    request: &Request<'_>,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Outcome {
    let attributes = request.attributes;
    if !attributes.writes() {
        let mut monitors = transactions.monitors();
        let monitor = monitors.get_mut(&request.digest);
        return read::read_record(on, request, monitor.map(|monitor| &mut monitor.record), scratch, row);
    }
    if attributes.deletes() {
        return close(transactions, request);
    }
    let writes_only = |names: &[&[u8]]| request.ops.iter().all(|op| names.contains(&op.name));
    if writes_only(&[FORWARD]) {
        commit(on, transactions, request, scratch, row)
    } else if writes_only(&[ID, DIGESTS]) {
        add_digests(on, transactions, request, scratch, row)
    } else {
        fail(ResultCode::PARAMETER)
    }
}

/// Adds digests to the monitor. The first ones create it; these requests also write the id. The reply contains the
/// deadline of the transaction.
fn add_digests(
    on: Target<'_>,
    transactions: &Transactions,
    request: &Request<'_>,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Outcome {
    let begins = request.ops.iter().find(|op| op.name == ID);
    let mut monitors = transactions.monitors();
    let mut created = None;
    let monitor = match (monitors.get_mut(&request.digest), begins) {
        (Some(monitor), _) if monitor.state != State::Open || monitor.is_expired(on.now_s()) => {
            return fail(ended(monitor));
        }
        (Some(_), Some(_)) => return fail(ResultCode::TRANSACTION_EXISTS),
        (Some(monitor), None) => monitor,
        (None, None) => return fail(ResultCode::TRANSACTION_EXPIRED),
        (None, Some(id)) => created.insert(begin(on, transactions, request, &id)?),
    };
    row.field(MRT_DEADLINE, &monitor.deadline.to_le_bytes());
    let changed = change(on, request, &monitor.record, scratch, row)?;
    if count_digests(&changed).ok_or((ResultCode::PARAMETER, Meta::default()))? > MAX_WRITES {
        return fail(ResultCode::TRANSACTION_WRITES);
    }
    let meta = changed.meta();
    monitor.record = changed;
    if let Some(monitor) = created {
        monitors.insert(request.digest, monitor);
    }
    Ok(meta)
}

/// The monitor of a new transaction, without digests.
fn begin(
    on: Target<'_>,
    transactions: &Transactions,
    request: &Request<'_>,
    id: &Op<'_>,
) -> Result<Monitor, (ResultCode, Meta)> {
    let seconds = match request.ttl {
        0 => transactions.duration_s(),
        seconds @ 1..=MAX_DURATION_S => seconds,
        _ => return fail(ResultCode::PARAMETER),
    };
    let value = <[u8; 8]>::try_from(id.value).map(i64::from_be_bytes);
    match (id.code, id.particle, value) {
        (code::WRITE, kind::INTEGER, Ok(value)) if monitor_digest(value) == request.digest => {}
        _ => return fail(ResultCode::PARAMETER),
    }
    Ok(Monitor {
        record: Record::new(SetId(0)),
        deadline: on.now_s().saturating_add(seconds),
        state: State::Open,
    })
}

/// Marks the transaction as committed.
fn commit(
    on: Target<'_>,
    transactions: &Transactions,
    request: &Request<'_>,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Outcome {
    let mut monitors = transactions.monitors();
    let Some(monitor) = monitors.get_mut(&request.digest) else {
        return fail(ResultCode::NOT_FOUND);
    };
    if monitor.state != State::Open || monitor.is_expired(on.now_s()) {
        return fail(ended(monitor));
    }
    monitor.record = change(on, request, &monitor.record, scratch, row)?;
    monitor.state = State::Committed;
    Ok(monitor.record.meta())
}

/// Removes the monitor.
fn close(transactions: &Transactions, request: &Request<'_>) -> Outcome {
    let mut monitors = transactions.monitors();
    if !monitors.contains_key(&request.digest) {
        return fail(ResultCode::NOT_FOUND);
    }
    if !request.attributes.is_durable() {
        return fail(ResultCode::FORBIDDEN);
    }
    monitors.remove(&request.digest);
    Ok(Meta::default())
}

/// Why a transaction can no longer be changed.
fn ended(monitor: &Monitor) -> ResultCode {
    match monitor.state {
        State::Open => ResultCode::TRANSACTION_EXPIRED,
        State::Committed => ResultCode::TRANSACTION_COMMITTED,
        State::Aborted => ResultCode::TRANSACTION_ABORTED,
    }
}

/// Performs the operations of a write on a copy of the monitor's record.
fn change(
    on: Target<'_>,
    request: &Request<'_>,
    record: &Record,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<Record, (ResultCode, Meta)> {
    // The monitor expires by its deadline, and not like other records.
    let request = Request { ttl: 0, ..*request };
    write::change(on, &request, record, scratch, row)?;
    let mut changed = record.clone();
    write::assign(on, &request, &mut changed, scratch);
    changed.void_time = 0;
    Ok(changed)
}

/// Number of digests. `None` if the bin is not a list.
fn count_digests(record: &Record) -> Option<i64> {
    let Some(bin) = bins::find(&record.bins, DIGESTS) else {
        return Some(0);
    };
    let size = cdt::operate(Some(bin.value), &LIST_SIZE, Access::Read).ok()?;
    let (_, bytes) = size.answer?;
    Some(i64::from_be_bytes(bytes.try_into().ok()?))
}
