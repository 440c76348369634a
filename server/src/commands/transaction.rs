//! Commands in transactions: their locks, the versions of what they read, and the end of a transaction.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Outcome, Request, Scratch, Target, fail};
use crate::common::result_code::ResultCode;
use crate::proto::field::{kind, version_bytes};
use crate::proto::message::info4;
use crate::proto::reply::{Meta, Row};
use crate::record::Record;
use crate::store::partition::{Provisional, Records};
use crate::store::transactions::{State, Transactions};

/// Where a write stores its result.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// In the record, for everyone to see.
    Committed,
    /// In the provisional state of the record.
    Provisional(Lock<'a>),
}

/// The lock of a transaction on a record that it is about to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lock<'a> {
    transactions: &'a Transactions,
    id: i64,
    deadline: u32,
}

/// Decides where a write goes, or why it may not be executed.
pub(super) fn place<'a>(
    on: Target<'a>,
    request: &Request<'_>,
    records: &Records,
    scratch: &mut Scratch,
) -> Result<Place<'a>, (ResultCode, Meta)> {
    let Some(transactions) = on.namespace.transactions() else {
        return Ok(Place::Committed);
    };
    let held = records.provisional.get(&request.digest);
    let Some(id) = request.transaction.id else {
        return match held {
            Some(_) => blocked(transactions),
            None => Ok(Place::Committed),
        };
    };
    let deadline = request
        .transaction
        .deadline
        .ok_or((ResultCode::PARAMETER, Meta::default()))?;
    if deadline < on.now_s() {
        return fail(ResultCode::TRANSACTION_EXPIRED);
    }
    match transactions.state(id) {
        Some(State::Committed) => return fail(ResultCode::TRANSACTION_COMMITTED),
        Some(State::Aborted) => return fail(ResultCode::TRANSACTION_ABORTED),
        Some(State::Open) | None => {}
    }
    match held {
        Some(held) if held.transaction != id => return blocked(transactions),
        Some(_) if request.attributes.info4 & info4::ON_LOCKING_ONLY != 0 => {
            return fail(ResultCode::TRANSACTION_LOCKED);
        }
        Some(_) => {}
        None => {
            let version = check_version(transactions, request, records)?;
            scratch.version = Some(version);
        }
    }
    Ok(Place::Provisional(Lock {
        transactions,
        id,
        deadline,
    }))
}

impl Place<'_> {
    /// The state of the record that the write starts from.
    pub(super) fn current<'r>(&self, request: &Request<'_>, records: &'r Records) -> Option<&'r Record> {
        match (self, records.provisional.get(&request.digest)) {
            (Self::Provisional(_), Some(own)) => own.after.as_ref(),
            _ => records.live.get(&request.digest),
        }
    }

    /// Stores the new state of the record; `None` deletes it.
    pub(super) fn store(&self, on: Target<'_>, request: &Request<'_>, records: &mut Records, after: Option<Record>) {
        let digest = &request.digest;
        match (self, after) {
            (Self::Provisional(lock), after) => lock.store(request, records, after),
            (Self::Committed, Some(record)) => on.namespace.put(records, digest, record),
            (Self::Committed, None) => on.namespace.remove(records, digest),
        }
    }
}

impl Lock<'_> {
    /// Locks the record, and stores its new state until the transaction ends.
    pub(super) fn store(&self, request: &Request<'_>, records: &mut Records, after: Option<Record>) {
        let provisional = Provisional {
            transaction: self.id,
            deadline: self.deadline,
            after,
        };
        if records.provisional.insert(request.digest, provisional).is_none() {
            count(&self.transactions.counters.provisionals);
        }
    }
}

/// The record that a read sees. A read in a transaction that has not written the record gets the record's version,
/// which the client verifies before it commits.
pub(super) fn visible<'r>(
    on: Target<'_>,
    request: &Request<'_>,
    records: &'r mut Records,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<Option<&'r mut Record>, (ResultCode, Meta)> {
    let digest = &request.digest;
    let (Some(transactions), Some(id)) = (on.namespace.transactions(), request.transaction.id) else {
        return Ok(records.live.get_mut(digest));
    };
    match records.provisional.get(digest) {
        Some(held) if held.transaction != id => return blocked(transactions),
        Some(_) => {
            return Ok(records.provisional.get_mut(digest).and_then(|own| own.after.as_mut()));
        }
        None => {}
    }
    let version = check_version(transactions, request, records)?;
    scratch.version = Some(version);
    add_version(row, version);
    Ok(records.live.get_mut(digest))
}

/// Adds the version of a record to a reply.
pub(super) fn add_version(row: &mut Row<'_>, version: u64) {
    row.field(kind::RECORD_VERSION, &version_bytes(version));
}

/// Verifies a version, or makes the write of a transaction visible, or discards it.
pub(super) fn end(on: Target<'_>, transactions: &Transactions, request: &Request<'_>) -> Outcome {
    let Some(mut records) = on.lock(request) else {
        return fail(ResultCode::PARAMETER);
    };
    let flags = request.attributes.info4;
    if flags & info4::VERIFY != 0 {
        let outcome = verify(transactions, request, &records);
        count(match outcome {
            Ok(_) => &transactions.counters.verified,
            Err(_) => &transactions.counters.not_verified,
        });
        return outcome;
    }
    let id = request.transaction.id.ok_or((ResultCode::PARAMETER, Meta::default()))?;
    match records.provisional.get(&request.digest) {
        Some(held) if held.transaction != id => return blocked(transactions),
        Some(_) if flags & info4::ROLL_FORWARD != 0 => {
            on.namespace.roll_forward(&mut records, &request.digest);
            count(&transactions.counters.rolled_forward);
        }
        Some(_) => {
            on.namespace.roll_back(&mut records, &request.digest);
            count(&transactions.counters.rolled_back);
        }
        // The client repeats the command, or the server has already ended the transaction.
        None => {}
    }
    Ok(Meta::default())
}

/// A version is valid as long as no other transaction may be about to replace it. Otherwise, two transactions could
/// both commit although each has read what the other has written.
fn verify(transactions: &Transactions, request: &Request<'_>, records: &Records) -> Outcome {
    if request.transaction.version.is_none() {
        return fail(ResultCode::PARAMETER);
    }
    if records.provisional.contains_key(&request.digest) {
        return blocked(transactions);
    }
    check_version(transactions, request, records)?;
    Ok(Meta::default())
}

/// Checks that the record still has the version that the transaction has read. Returns its version.
fn check_version(
    transactions: &Transactions,
    request: &Request<'_>,
    records: &Records,
) -> Result<u64, (ResultCode, Meta)> {
    let version = records.version(&request.digest);
    if request.transaction.version.is_some_and(|expected| expected != version) {
        count(&transactions.counters.version_mismatches);
        return fail(ResultCode::TRANSACTION_VERSION);
    }
    Ok(version)
}

fn blocked<T>(transactions: &Transactions) -> Result<T, (ResultCode, Meta)> {
    count(&transactions.counters.blocked);
    fail(ResultCode::TRANSACTION_BLOCKED)
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
