//! The only place that knows JavaScript: what crosses, how, and when.

pub mod buffer;
// Tests have no Node to leave.
#[cfg_attr(test, allow(dead_code))]
mod cleanup;
pub mod completion;
// Tests have no Node to export to.
#[cfg_attr(test, allow(dead_code))]
mod exports;
mod frames;
// Tests have no Node to lend to.
#[cfg_attr(test, allow(dead_code))]
mod lent;
// Tests have no Node to log to.
#[cfg_attr(test, allow(dead_code))]
mod logs;
// Tests have no Node to export to.
#[cfg_attr(test, allow(dead_code))]
mod metrics;
// Tests have no Node to export to.
#[cfg_attr(test, allow(dead_code))]
mod observe;
mod pin;
mod request;
pub mod shapes;
mod table;
mod wake;
pub mod wire;
