//! The wire protocol: parsing requests and encoding replies.
//!
//! This module does not know what commands do. All integers are big-endian unless stated otherwise.

pub mod cursor;
pub mod field;
pub mod header;
pub mod message;
pub mod op;
pub mod reply;
