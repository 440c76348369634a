//! Operations on HyperLogLogs.

mod estimate;
mod hash;
mod modify;
mod read;
mod request;
mod sketch;

use crate::common::result_code::ResultCode;
use crate::record::particle::{Access, Effect, Value, kind};
use request::Request;
use sketch::Sketch;

/// Whether these bytes are a valid HyperLogLog.
#[must_use]
pub fn is_valid(bytes: &[u8]) -> bool {
    Sketch::parse(bytes).is_some()
}

/// Performs one operation on a bin.
///
/// # Errors
/// Returns the result code to send to the client. Nothing is changed in that case.
pub fn operate(bin: Option<Value<'_>>, payload: &[u8], access: Access) -> Result<Effect, ResultCode> {
    if bin.is_none() && access == Access::Read {
        // Like a real server: if the bin does not exist, every read returns an empty result, even an invalid one.
        return Ok(Effect::default());
    }
    let (request, policy) = Request::parse(payload)?;
    if request.reads() != (access == Access::Read) {
        return Err(ResultCode::PARAMETER);
    }
    let sketch = match bin {
        Some(bin) if bin.kind == kind::HLL => Some(Sketch::parse(bin.bytes).ok_or(ResultCode::BIN_TYPE)?),
        Some(_) => return Err(ResultCode::BIN_TYPE),
        None => None,
    };
    match sketch {
        Some(sketch) if request.reads() => read::read(sketch, request),
        sketch => modify::modify(sketch, request, policy),
    }
}

fn int(value: u64) -> (u8, Vec<u8>) {
    (kind::INTEGER, value.to_be_bytes().to_vec())
}
