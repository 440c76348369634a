//! User-defined functions (UDFs): registered Lua modules, and the records that their functions work on.

// `Text` as a map key is compared by its bytes, which never change. Only its memory accounting is mutable.
#![allow(clippy::mutable_key_type)]

mod lua;
mod modules;
mod record;
mod shared;
mod value;

pub use lua::{NO_MODULE, SyntaxError};
pub use modules::{Modules, Source};
pub use record::{Change, Identity, OpenRecord};
pub use value::{Shared, Value, arguments};

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
