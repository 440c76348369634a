//! Writes a record: checks the policies, performs the operations and stores the result.

use super::read::check_key;
use super::transaction::{self, Place};
use super::{Outcome, Request, Scratch, Target, fail, filter, operate};
use crate::common::result_code::ResultCode;
use crate::proto::message::info2;
use crate::proto::reply::{Meta, Row};
use crate::record::view::RecordView;
use crate::record::{Record, SetId, stored_size};
use crate::store::transactions::MONITOR_SET;

/// Maximum time to live in seconds: ten years, as on a real server.
const MAX_TTL: u32 = 10 * 365 * 24 * 60 * 60;

/// Maximum number of bins of a record.
const MAX_BINS: u16 = 32_767;

/// Time to live values with a special meaning.
mod ttl {
    pub(super) const NAMESPACE_DEFAULT: u32 = 0;
    pub(super) const NEVER: u32 = u32::MAX;
    pub(super) const DO_NOT_UPDATE: u32 = u32::MAX - 1;
}

/// The effect of a write.
enum Change {
    /// The record was changed in place.
    Updated(Meta),
    /// The record is to be created.
    Created(Record),
    /// The record has no bins left.
    Removed,
}

pub(super) fn write(on: Target<'_>, request: &Request<'_>, scratch: &mut Scratch, row: &mut Row<'_>) -> Outcome {
    let requirements = operate::requirements(request.attributes, &request.ops).or_else(fail)?;
    if requirements.needs_old_value && request.attributes.replaces() {
        return fail(ResultCode::PARAMETER);
    }
    check_ttl(on, request.ttl).or_else(fail)?;
    let Some(mut records) = on.lock(request) else {
        return fail(ResultCode::PARAMETER);
    };
    let must_exist = requirements.must_exist || request.attributes.must_exist();

    let place = transaction::place(on, request, &records, scratch)?;
    if let Place::Provisional(lock) = place {
        let after = match place.current(request, &records) {
            Some(record) => changed(on, request, record, scratch, row)?,
            None if must_exist => return fail(ResultCode::NOT_FOUND),
            None => Some(create(on, request, scratch, row)?),
        };
        let meta = after.as_ref().map(Record::meta).unwrap_or_default();
        lock.store(request, &mut records, after);
        return Ok(meta);
    }
    let stored = records.live.get_mut(&request.digest);
    let change = match stored.filter(|record| !record.is_expired(on.now_s())) {
        Some(record) => update(on, request, record, scratch, row)?,
        None if must_exist => return fail(ResultCode::NOT_FOUND),
        None => Change::Created(create(on, request, scratch, row)?),
    };
    match change {
        Change::Updated(meta) => Ok(meta),
        Change::Created(record) => {
            let meta = record.meta();
            on.namespace.put(&mut records, &request.digest, record);
            Ok(meta)
        }
        Change::Removed => {
            on.namespace.remove(&mut records, &request.digest);
            Ok(Meta::default())
        }
    }
}

fn update(
    on: Target<'_>,
    request: &Request<'_>,
    record: &mut Record,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<Change, (ResultCode, Meta)> {
    change(on, request, record, scratch, row)?;
    if scratch.bins.count() == 0 {
        return Ok(Change::Removed);
    }
    let view = RecordView::of(record, &request.digest, request.set, on.now_ms);
    let changes = on.namespace.indexes().change(record.set, Some(&view));
    record.version = on.namespace.next_version();
    assign(on, request, record, scratch);
    let view = RecordView::of(record, &request.digest, request.set, on.now_ms);
    changes.finish(&request.digest, Some(&view));
    Ok(Change::Updated(record.meta()))
}

/// The changed copy of a record; `None` if it has no bins left.
fn changed(
    on: Target<'_>,
    request: &Request<'_>,
    record: &Record,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<Option<Record>, (ResultCode, Meta)> {
    change(on, request, record, scratch, row)?;
    if scratch.bins.count() == 0 {
        return Ok(None);
    }
    let mut changed = record.clone();
    assign(on, request, &mut changed, scratch);
    Ok(Some(changed))
}

/// Checks the policies of a write to an existing record, and performs its operations on the bins in `scratch`.
pub(super) fn change(
    on: Target<'_>,
    request: &Request<'_>,
    record: &Record,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<(), (ResultCode, Meta)> {
    let meta = record.meta();
    if request.attributes.info2 & info2::CREATE_ONLY != 0 {
        return Err((ResultCode::RECORD_EXISTS, meta));
    }
    check_generation(request, record.generation).map_err(|result| (result, meta))?;
    let view = RecordView::of(record, &request.digest, request.set, on.now_ms);
    filter::check(request, &view, scratch).map_err(|result| (result, meta))?;
    check_key(record, request.key)?;
    if request.attributes.replaces() {
        scratch.bins.clear();
    } else {
        scratch.bins.load(&record.bins, record.bin_count);
    }
    apply(on, request, &view, scratch, row).map_err(|result| (result, meta))?;
    if scratch.bins.count() == 0 {
        check_durable(on, request).map_err(|(result, _)| (result, meta))?;
    }
    Ok(())
}

/// Stores the bins in `scratch` in a record, as a new generation.
pub(super) fn assign(on: Target<'_>, request: &Request<'_>, record: &mut Record, scratch: &Scratch) {
    record.void_time = void_time(on, request.ttl, Some(record));
    record.generation = record.next_generation();
    record.last_update_ms = on.now_ms;
    record.bin_count = scratch.bins.count();
    record.bins.clear();
    record.bins.extend_from_slice(scratch.bins.encoded());
    if let (None, Some(key)) = (&record.key, request.key) {
        record.key = Some(key.into());
    }
}

fn create(
    on: Target<'_>,
    request: &Request<'_>,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<Record, (ResultCode, Meta)> {
    check_generation(request, 0).or_else(fail)?;
    scratch.bins.clear();
    // There is no record yet, so the filter is not evaluated.
    let view = RecordView::new(&request.digest, request.set, request.key, on.now_ms);
    apply(on, request, &view, scratch, row).or_else(fail)?;
    if scratch.bins.count() == 0 {
        return fail(ResultCode::NOT_FOUND);
    }
    let set: Option<SetId> = on.namespace.find_or_make_set(request.set);
    let Some(set) = set else {
        return fail(ResultCode::PARAMETER);
    };
    let mut record = Record::new(set);
    record.void_time = void_time(on, request.ttl, None);
    record.generation = 1;
    record.last_update_ms = on.now_ms;
    record.bin_count = scratch.bins.count();
    record.bins = scratch.bins.encoded().to_vec();
    record.key = request.key.map(Into::into);
    Ok(record)
}

fn apply(
    on: Target<'_>,
    request: &Request<'_>,
    view: &RecordView<'_>,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<(), ResultCode> {
    for op in request.ops.iter() {
        operate::apply(&op, request.attributes, view, scratch, row)?;
    }
    if scratch.bins.count() > MAX_BINS {
        return Err(ResultCode::PARAMETER);
    }
    let is_too_big = stored_size(scratch.bins.encoded(), request.key) > on.namespace.rules().max_record_size;
    if is_too_big && request.set != MONITOR_SET {
        return Err(ResultCode::RECORD_TOO_BIG);
    }
    Ok(())
}

/// With strong consistency, records do not expire, because that would be a deletion without a tombstone.
fn check_ttl(on: Target<'_>, ttl: u32) -> Result<(), ResultCode> {
    match ttl {
        1..=MAX_TTL if on.namespace.transactions().is_some() => Err(ResultCode::FORBIDDEN),
        ttl::NEVER | ttl::DO_NOT_UPDATE | 0..=MAX_TTL => Ok(()),
        _ => Err(ResultCode::PARAMETER),
    }
}

/// Checks that a deletion leaves a tombstone, if the namespace has strong consistency.
pub(super) fn check_durable(on: Target<'_>, request: &Request<'_>) -> Result<(), (ResultCode, Meta)> {
    if on.namespace.transactions().is_some() && !request.attributes.is_durable() {
        return fail(ResultCode::FORBIDDEN);
    }
    Ok(())
}

/// Checks the expected generation. The generation of a missing record is 0.
pub(super) fn check_generation(request: &Request<'_>, generation: u16) -> Result<(), ResultCode> {
    let generation = u32::from(generation);
    let flags = request.attributes.info2;
    let fits = if flags & info2::GENERATION != 0 {
        request.generation == generation
    } else if flags & info2::GENERATION_GT != 0 {
        request.generation > generation
    } else {
        true
    };
    if fits { Ok(()) } else { Err(ResultCode::GENERATION) }
}

fn void_time(on: Target<'_>, ttl: u32, record: Option<&Record>) -> u32 {
    let default = on.namespace.rules().default_ttl;
    let seconds = match (ttl, record) {
        (ttl::NEVER, _) => 0,
        (ttl::DO_NOT_UPDATE, Some(record)) => return record.void_time,
        (ttl::DO_NOT_UPDATE | ttl::NAMESPACE_DEFAULT, _) => default,
        (seconds, _) => seconds,
    };
    if seconds == 0 {
        return 0;
    }
    on.namespace.note_expiring();
    on.now_s().saturating_add(seconds)
}
