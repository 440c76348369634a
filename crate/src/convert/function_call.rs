//! Calls of user-defined functions.

use aerospike_core::{BatchRecord, Record, Value};

use super::value;
use crate::common::errors::{Failure, code};
use crate::common::in_doubt::never_ran;
use crate::wire::Reader;

/// The bin of a batch row with the result of its function.
const RESULT_BIN: &str = "SUCCESS";
/// The bin of a batch row that says why its function failed.
const FAILURE_BIN: &str = "FAILURE";

/// The result of the function of a batch row.
pub fn result(found: &Record) -> &Value {
    found.bins.get(RESULT_BIN).unwrap_or(&Value::Nil)
}

/// Adds to the failure of a batch row why its function failed. The core judges the row by its result code, which does not
/// say whether the function ran before it failed. `rolled_back`: whether the servers roll back a function that fails.
pub fn add_reason(failure: &mut Failure, row: &BatchRecord, rolled_back: bool) {
    if failure.code == code::UDF
        && let Some(Value::String(reason)) = row.record.as_ref().and_then(|record| record.bins.get(FAILURE_BIN))
    {
        failure.in_doubt |= !rolled_back && !never_ran(reason);
        failure.message.clone_from(reason);
    }
}

/// A function of a module, with its arguments.
#[derive(Debug, Clone)]
pub struct FunctionCall {
    /// Name of the module, without `.lua`.
    pub module: String,
    pub function: String,
    pub args: Vec<Value>,
}

impl FunctionCall {
    /// Reads module, function and arguments.
    ///
    /// # Errors
    /// The body ends early, or the core does not support an argument.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Failure> {
        let (module, function) = (reader.text()?.to_owned(), reader.text()?.to_owned());
        let count = reader.u16()?;
        let args = (0..count).map(|_| value::read(reader)).collect::<Result<_, _>>()?;
        Ok(FunctionCall { module, function, args })
    }
}
