//! Operations on HyperLogLogs.

use crate::cdt::Access;
use crate::particle::{Effect, Value};
use crate::result_code::ResultCode;

/// Does one operation on a bin.
///
/// # Errors
/// With the result code to answer. Nothing changes then.
pub fn operate(bin: Option<Value<'_>>, payload: &[u8], access: Access) -> Result<Effect, ResultCode> {
    let _ = (bin, payload, access);
    Err(ResultCode::UNSUPPORTED)
}
