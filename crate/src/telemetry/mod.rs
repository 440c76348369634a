//! Metrics, traces and log lines.

pub mod observers;
