//! User-defined functions (UDFs): registered Lua modules, and the records that their functions work on.

// `Text` as a map key is compared by its bytes, which never change. Only its memory accounting is mutable.
#![allow(clippy::mutable_key_type)]

mod lua;
mod modules;
mod record;
mod shared;
mod source;
mod value;

use std::borrow::Cow;

use crate::common::result_code::ResultCode;

pub use lua::{NO_MODULE, SyntaxError};
pub use modules::Modules;
pub use record::{Change, Identity, OpenRecord};
pub use source::Source;
pub use value::{Shared, Value, arguments};

/// Maximum length in bytes of the names of modules and functions in requests.
const MAX_NAME: usize = 127;

/// The name of a module or function in a request. A name that is not UTF-8 belongs to no module or function.
///
/// # Errors
/// Returns the result code to send to the client if the name is too long.
pub fn request_name(bytes: &[u8]) -> Result<Cow<'_, str>, ResultCode> {
    if bytes.len() > MAX_NAME {
        return Err(ResultCode::PARAMETER);
    }
    Ok(String::from_utf8_lossy(bytes))
}

/// The error of a UDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The message from Lua or from the function.
    pub message: Vec<u8>,
}

impl Failure {
    /// Creates a failure with a message.
    #[must_use]
    pub fn new(message: &str) -> Self {
        Self {
            message: message.as_bytes().to_vec(),
        }
    }
}
