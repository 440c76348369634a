//! User-defined functions: Lua modules that clients register, and what their functions do to records.

// A text is told from others by its bytes, not by what is counted of it.
#![allow(clippy::mutable_key_type)]

mod lua;
mod modules;
mod record;
mod shared;
mod value;

pub use lua::{NO_MODULE, SyntaxError};
pub use modules::{Modules, Source};
pub use record::{Change, Identity, Open};
pub use value::{Shared, Value, arguments};

/// Why a function did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What it, or Lua, said.
    pub message: Vec<u8>,
}

impl Failure {
    /// A failure with a message.
    #[must_use]
    pub fn new(message: &str) -> Self {
        Self {
            message: message.as_bytes().to_vec(),
        }
    }
}
