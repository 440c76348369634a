//! Applies a UDF to a record.

use std::time::Duration;

use super::read::check_key;
use super::transaction;
use super::write::check_durable;
use super::{Request, Scratch, Target, fail, filter};
use crate::common::result_code::ResultCode;
use crate::compute::udf::{self, Change, Identity, Modules, OpenRecord, Shared};
use crate::proto::field::UdfFields;
use crate::proto::op::code;
use crate::proto::reply::{Meta, Row};
use crate::record::Record;
use crate::record::particle::kind;
use crate::record::view::RecordView;

/// Time limit of a UDF if the client sends no timeout.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);

/// Maximum time limit of a UDF, whatever timeout the client sends.
const MAX_TIMEOUT: Duration = Duration::from_secs(10);

/// Names of the reply bins.
const SUCCESS: &[u8] = b"SUCCESS";
const FAILURE: &[u8] = b"FAILURE";

/// Adds the version of a record that a UDF in a transaction has read but not written, so that the client verifies it.
fn add_read_version(row: &mut Row<'_>, scratch: &Scratch) {
    if let Some(version) = scratch.version {
        transaction::add_version(row, version);
    }
}

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
    let timeout = match request.timeout_ms {
        0 => DEFAULT_TIMEOUT,
        timeout => Duration::from_millis(timeout.into()).min(MAX_TIMEOUT),
    };
    // The UDF holds the partition lock until it returns.
    let Some(mut records) = on.lock(request) else {
        return fail(ResultCode::PARAMETER);
    };
    let place = transaction::place(on, request, &records, scratch)?;
    let stored = place
        .current(request, &records)
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
            add_read_version(row, scratch);
            row.op(code::READ, kind::STRING, FAILURE, &failure.message);
            return Ok((ResultCode::UDF, before));
        }
    };
    // The UDF's changes take effect only now.
    let meta = match open.finish().map_err(|result| (result, before))? {
        Change::None => {
            add_read_version(row, scratch);
            before
        }
        Change::Written(record) => {
            let meta = record.meta();
            let Some(set) = on.namespace.find_or_make_set(request.set) else {
                return fail(ResultCode::PARAMETER);
            };
            place.store(on, request, &mut records, Some(Record { set, ..record }));
            meta
        }
        Change::Removed(record) => {
            check_durable(on, request)?;
            place.store(on, request, &mut records, None);
            record.meta()
        }
    };
    let Ok((particle, bytes)) = value.to_reply() else {
        return fail(ResultCode::SERVER_ERROR);
    };
    row.op(code::READ, particle, SUCCESS, &bytes);
    Ok((ResultCode::OK, meta))
}
