//! Operations that read bits.

use super::code;
use super::region::Region;
use super::request::{Request, overflow};
use crate::common::result_code::ResultCode;
use crate::record::particle::{Effect, Value, kind};

/// Performs a read operation.
pub(super) fn read(bin: Value<'_>, request: &Request<'_>) -> Result<Effect, ResultCode> {
    if bin.kind != kind::BLOB {
        return Err(ResultCode::BIN_TYPE);
    }
    let region = place(bin.bytes, request)?;
    let number = match request.code {
        code::GET => {
            return Ok(Effect {
                answer: Some((kind::BLOB, region.extract(bin.bytes))),
                changed: None,
            });
        }
        code::COUNT => region.count(bin.bytes).cast_signed(),
        code::LEFT_SCAN => region
            .scan(bin.bytes, request.number != 0, false)
            .and_then(|at| i64::try_from(at).ok())
            .unwrap_or(-1),
        code::RIGHT_SCAN => right_scan(region, bin.bytes, request.number != 0).unwrap_or(-1),
        _ if request.flags & overflow::SIGNED != 0 => region.sign_extend(region.number(bin.bytes)),
        _ => region.number(bin.bytes).cast_signed(),
    };
    Ok(Effect {
        answer: Some((kind::INTEGER, number.to_be_bytes().to_vec())),
        changed: None,
    })
}

/// Finds the last matching bit. If no bit matches, a real server continues into the bits before the region, up
/// to the beginning of the first byte, and returns numbers below -1.
fn right_scan(region: Region, bytes: &[u8], wanted: bool) -> Option<i64> {
    let before = region.start % 8;
    let whole_bytes = Region {
        start: region.start - before,
        size: region.size + before,
    };
    let at = i64::try_from(whole_bytes.scan(bytes, wanted, true)?).ok()?;
    Some(at - before as i64)
}

/// The region that the request addresses. Fails unless all of it exists.
fn place(bytes: &[u8], request: &Request<'_>) -> Result<Region, ResultCode> {
    let all = bytes.len() * 8;
    let start = super::modify::absolute(request.offset, all)?;
    let size = usize::try_from(request.size).map_err(|_| ResultCode::PARAMETER)?;
    if start + size > all {
        return Err(ResultCode::NOT_APPLICABLE);
    }
    Ok(Region { start, size })
}
