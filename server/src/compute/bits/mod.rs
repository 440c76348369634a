//! Bitwise operations on blobs.

mod modify;
mod read;
mod region;
mod request;

use crate::common::result_code::ResultCode;
use crate::record::particle::{Access, Effect, Value};
use request::Request;

mod code {
    pub(super) const RESIZE: i64 = 0;
    pub(super) const INSERT: i64 = 1;
    pub(super) const REMOVE: i64 = 2;
    pub(super) const SET: i64 = 3;
    pub(super) const OR: i64 = 4;
    pub(super) const XOR: i64 = 5;
    pub(super) const AND: i64 = 6;
    pub(super) const NOT: i64 = 7;
    pub(super) const LEFT_SHIFT: i64 = 8;
    pub(super) const RIGHT_SHIFT: i64 = 9;
    pub(super) const ADD: i64 = 10;
    pub(super) const SUBTRACT: i64 = 11;
    pub(super) const SET_INT: i64 = 12;
    pub(super) const GET: i64 = 50;
    pub(super) const COUNT: i64 = 51;
    pub(super) const LEFT_SCAN: i64 = 52;
    pub(super) const RIGHT_SCAN: i64 = 53;
    pub(super) const GET_INT: i64 = 54;
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
    let request = Request::parse(payload)?;
    let reads = request.code >= code::GET;
    if reads != (access == Access::Read) {
        return Err(ResultCode::PARAMETER);
    }
    match bin {
        Some(bin) if reads => read::read(bin, &request),
        _ => modify::modify(bin, &request),
    }
}
