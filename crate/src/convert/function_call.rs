//! Calls of user-defined functions.

use aerospike_core::Value;

use super::value;
use crate::common::errors::Failure;
use crate::wire::Reader;

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
