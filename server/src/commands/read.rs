//! Reads a record.

use super::operate::{self, ReadOps};
use super::transaction;
use super::{Outcome, Request, Scratch, Target, fail, filter};
use crate::common::result_code::ResultCode;
use crate::proto::reply::{Meta, Row};
use crate::record::Record;
use crate::record::view::RecordView;

/// The read-touch percentage that disables renewal.
const TOUCH_NEVER: u32 = u32::MAX;

pub(super) fn read(on: Target<'_>, request: &Request<'_>, scratch: &mut Scratch, row: &mut Row<'_>) -> Outcome {
    let Some(mut records) = on.lock(request) else {
        return fail(ResultCode::PARAMETER);
    };
    let record = transaction::visible(on, request, &mut records, scratch, row)?;
    read_record(on, request, record, scratch, row)
}

/// Reads a record that was looked up.
pub(super) fn read_record(
    on: Target<'_>,
    request: &Request<'_>,
    record: Option<&mut Record>,
    scratch: &mut Scratch,
    row: &mut Row<'_>,
) -> Outcome {
    let Some(record) = record else {
        return fail(ResultCode::NOT_FOUND);
    };
    let meta = record.meta();
    if record.is_expired(on.now_s()) {
        // A real server returns the metadata of an expired record that it has not removed yet.
        return Err((ResultCode::NOT_FOUND, meta));
    }
    let view = RecordView::of(record, &request.digest, request.set, on.now_ms);
    filter::check(request, &view, scratch).map_err(|result| (result, meta))?;
    check_key(record, request.key)?;
    add_bins(request, view, record.bin_count, row).map_err(|result| (result, meta))?;
    renew(record, request.ttl, on.now_ms);
    Ok(meta)
}

/// Checks that the key in the request equals the stored key, if both are present.
pub(super) fn check_key(record: &Record, key: Option<&[u8]>) -> Result<(), (ResultCode, Meta)> {
    match (key, &record.key) {
        (Some(sent), Some(stored)) if *sent != **stored => Err((ResultCode::KEY_MISMATCH, record.meta())),
        _ => Ok(()),
    }
}

fn add_bins(request: &Request<'_>, view: RecordView<'_>, count: u16, row: &mut Row<'_>) -> Result<(), ResultCode> {
    let wanted = request.attributes;
    // "All bins" and "no bins" take precedence over other operations.
    if wanted.no_bin_data() {
        return Ok(());
    }
    if wanted.gets_all() {
        row.encoded_ops(view.bins, count);
        return Ok(());
    }
    if request.ops.count() == 0 {
        return Err(ResultCode::PARAMETER);
    }
    let ops = ReadOps::new(wanted, view, count);
    for op in request.ops.iter() {
        if !operate::is_read(op.code) {
            return Err(ResultCode::PARAMETER);
        }
        ops.read(&op, row)?;
    }
    Ok(())
}

/// Renews a record's time to live if less than `percent` of it is left.
///
/// A real server does this after it sends the reply, so the reply has the old expiry.
fn renew(record: &mut Record, percent: u32, now_ms: u64) {
    if percent == 0 || percent == TOUCH_NEVER || percent > 100 {
        return;
    }
    let Some(time_to_live) = record.time_to_live() else {
        return;
    };
    let now_s = u32::try_from(now_ms / 1000).unwrap_or(u32::MAX);
    let left = record.void_time.saturating_sub(now_s);
    if u64::from(left) * 100 < u64::from(time_to_live) * u64::from(percent) {
        record.void_time = now_s.saturating_add(time_to_live);
        record.last_update_ms = now_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::SetId;

    fn record() -> Record {
        let mut record = Record::new(SetId(0));
        record.last_update_ms = 100_000;
        record.void_time = 110;
        record.generation = 1;
        record
    }

    #[test]
    fn reads_renew_the_ttl_within_their_percentage() {
        let mut late = record();
        renew(&mut late, 80, 103_000);
        assert_eq!(late.void_time, 113);
        assert_eq!((late.last_update_ms, late.generation), (103_000, 1));
        let mut early = record();
        renew(&mut early, 80, 101_000);
        assert_eq!(early.void_time, 110);
    }

    #[test]
    fn reads_do_not_renew_the_ttl_unless_requested() {
        for percent in [0, TOUCH_NEVER, 101] {
            let mut unchanged = record();
            renew(&mut unchanged, percent, 109_000);
            assert_eq!(unchanged.void_time, 110);
        }
        let mut eternal = record();
        eternal.void_time = 0;
        renew(&mut eternal, 80, 109_000);
        assert_eq!(eternal.void_time, 0);
    }
}
