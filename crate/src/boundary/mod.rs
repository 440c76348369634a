//! The only module that uses Node-API: the wire format, the exported functions, and the wakeups of the JavaScript
//! thread.

pub mod buffer;
// Unused in tests, which run without Node.
#[cfg_attr(test, allow(dead_code))]
mod cleanup;
pub mod completion;
// Unused in tests, which run without Node.
#[cfg_attr(test, allow(dead_code))]
mod exports;
mod frames;
// Unused in tests, which run without Node.
#[cfg_attr(test, allow(dead_code))]
mod lent;
// Unused in tests, which run without Node.
#[cfg_attr(test, allow(dead_code))]
mod logs;
// Unused in tests, which run without Node.
#[cfg_attr(test, allow(dead_code))]
mod metrics;
// Unused in tests, which run without Node.
#[cfg_attr(test, allow(dead_code))]
mod observe;
mod pin;
mod request;
pub mod shapes;
mod table;
mod wake;
pub mod wire;
