//! The wire protocol: taking requests apart and putting replies together.
//!
//! Nothing in here knows what a command does. All integers are big-endian unless a name says
//! otherwise.

pub mod cursor;
pub mod field;
pub mod header;
pub mod message;
pub mod op;
pub mod reply;
