//! Deletes a record.

use super::read::check_key;
use super::transaction;
use super::write::{check_durable, check_generation};
use super::{Outcome, Request, Scratch, Target, fail, filter};
use crate::common::result_code::ResultCode;
use crate::proto::reply::Meta;
use crate::record::view::RecordView;

pub(super) fn delete(on: Target<'_>, request: &Request<'_>, scratch: &mut Scratch) -> Outcome {
    let Some(mut records) = on.lock(request) else {
        return fail(ResultCode::PARAMETER);
    };
    let place = transaction::place(on, request, &records, scratch)?;
    let Some(record) = place.current(request, &records) else {
        return fail(ResultCode::NOT_FOUND);
    };
    let expired = record.is_expired(on.now_s());
    if !expired {
        let meta = record.meta();
        check_durable(on, request)?;
        check_generation(request, record.generation).map_err(|result| (result, meta))?;
        let view = RecordView::of(record, &request.digest, request.set, on.now_ms);
        // Like a real server: the reply to a delete that is filtered out has no record metadata.
        filter::check(request, &view, scratch).or_else(fail)?;
        check_key(record, request.key)?;
    }
    place.store(on, request, &mut records, None);
    if expired {
        return fail(ResultCode::NOT_FOUND);
    }
    // A deleted record has neither generation nor expiry.
    Ok(Meta::default())
}
