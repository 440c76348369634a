//! What JavaScript calls, and how its thread is woken. The only folder that uses Node-API.

// Most of it is unused in tests, which run without Node.
#[cfg_attr(test, allow(dead_code))]
mod array_buffer;
#[cfg_attr(test, allow(dead_code))]
mod buffer_loans;
#[cfg_attr(test, allow(dead_code))]
mod cleanup;
#[cfg_attr(test, allow(dead_code))]
mod exports;
#[cfg_attr(test, allow(dead_code))]
mod logs;
#[cfg_attr(test, allow(dead_code))]
mod metrics;
mod pin;
#[cfg_attr(test, allow(dead_code))]
mod tracing;
mod wake;
