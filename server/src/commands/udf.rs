//! Applies a UDF to a record.

use std::time::Duration;

use super::read::check_key;
use super::{Request, Scratch, Target, fail, filter};
use crate::common::result_code::ResultCode;
use crate::compute::udf::{self, Change, Identity, Modules, OpenRecord, Shared};
use crate::proto::field::UdfFields;
use crate::proto::op::code;
use crate::proto::reply::{Meta, Row};
use crate::record::Record;
use crate::record::particle::kind;
use crate::record::view::RecordView;
use crate::store::partition::Records;

/// Time limit of a UDF if the client sends no timeout.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);

/// Maximum time limit of a UDF, whatever timeout the client sends.
const MAX_TIMEOUT: Duration = Duration::from_secs(10);

/// Names of the reply bins.
const SUCCESS: &[u8] = b"SUCCESS";
const FAILURE: &[u8] = b"FAILURE";

/// Applies a UDF and adds its result, or its error, to the row.
pub(super) fn apply(
    modules: &Modules,
    on: Target<'_>,
    request: &Request<'_>,
    call: &UdfFields<'_>,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Result<(ResultCode, Meta), (ResultCode, Meta)> {
    let (Some(arguments), Ok(module), Ok(function)) = (
        udf::arguments(call.arguments),
        udf::request_name(call.package),
        udf::request_name(call.function),
    ) else {
        return fail(ResultCode::PARAMETER);
    };
    let Some(partition) = on.namespace.partition_of(&request.digest) else {
        return fail(ResultCode::PARAMETER);
    };
    let timeout = match request.timeout_ms {
        0 => DEFAULT_TIMEOUT,
        timeout => Duration::from_millis(timeout.into()).min(MAX_TIMEOUT),
    };
    // The UDF holds the partition lock until it returns.
    let mut records = partition.lock();
    let stored = records
        .get(&request.digest)
        .filter(|record| !record.is_expired(on.now_s()));
    if stored.is_none() && request.attributes.must_exist() {
        return fail(ResultCode::NOT_FOUND);
    }
    if let Some(record) = stored {
        let view = RecordView::of(record, &request.digest, request.set, on.now_ms);
        filter::check(request, &view, scratch).map_err(|result| (result, record.meta()))?;
        check_key(record, request.key)?;
    }
    let identity = Identity {
        digest: request.digest,
        set: request.set.into(),
        key: request.key.map(Into::into),
    };
    let open = OpenRecord::new(identity, *on.namespace.rules(), on.now_ms, stored.cloned()).with_ttl(request.ttl);
    let shared = Shared::new(open);
    let result = modules.apply(&module, &function, &shared, arguments, timeout);

    let mut open = shared.lock();
    let before = open.stored().map(Record::meta).unwrap_or_default();
    let value = match result {
        Ok(value) => value,
        Err(failure) => {
            row.op(code::READ, kind::STRING, FAILURE, &failure.message);
            return Ok((ResultCode::UDF, before));
        }
    };
    // The UDF's changes take effect only now.
    let meta = match open.finish().map_err(|result| (result, before))? {
        Change::None => before,
        Change::Written(record) => {
            let meta = record.meta();
            store(on, request, record, &mut records)?;
            meta
        }
        Change::Removed(record) => {
            if let Some(removed) = records.remove(&request.digest) {
                on.namespace.forget(&request.digest, &removed);
            }
            record.meta()
        }
    };
    let Ok((particle, bytes)) = value.to_reply() else {
        return fail(ResultCode::SERVER_ERROR);
    };
    row.op(code::READ, particle, SUCCESS, &bytes);
    Ok((ResultCode::OK, meta))
}

/// Stores the record as the UDF left it.
fn store(
    on: Target<'_>,
    request: &Request<'_>,
    mut record: Record,
    records: &mut Records,
) -> Result<(), (ResultCode, Meta)> {
    let digest = &request.digest;
    let Some(set) = on.namespace.find_or_make_set(request.set) else {
        return fail(ResultCode::PARAMETER);
    };
    record.set = set;
    if record.void_time != 0 {
        on.namespace.note_expiring();
    }
    let before = match records.get(digest) {
        Some(expired) if expired.is_expired(on.now_s()) => {
            on.namespace.forget(digest, expired);
            None
        }
        before => before,
    };
    if before.is_none() {
        on.namespace.count_created(set);
    }
    let before = before.map(|before| RecordView::of(before, digest, request.set, on.now_ms));
    let changes = on.namespace.indexes().change(set, before.as_ref());
    changes.finish(digest, Some(&RecordView::of(&record, digest, request.set, on.now_ms)));
    records.insert(*digest, record);
    Ok(())
}
