//! Metrics, traces and log lines.

mod error_names;
pub mod logging;
pub mod metrics;
pub mod observers;
pub mod report;
pub mod tracing;
