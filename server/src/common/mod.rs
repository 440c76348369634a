//! The clock, the log and result codes, which every other layer uses.

pub mod clock;
pub(crate) mod log;
pub mod result_code;
