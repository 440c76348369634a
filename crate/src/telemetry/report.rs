//! Reports the ends of calls to the observers: metrics and traces.
//!
//! Without observers, a block of requests costs one relaxed load; with observers, a request costs no more than a flag until
//! its end.

use std::sync::Arc;

use crate::common::errors::Failure;
use crate::requests::{EndReport, Request};
use crate::telemetry::observers::{METRICS, is_on, is_only};
use crate::telemetry::{metrics, tracing};

/// Reports the end of a call, with the failure if there was one.
pub fn end(report: &EndReport, failure: Option<&Failure>) {
    if is_on(METRICS) {
        metrics::ended(report.body(), report.accepted, report.rows, failure);
    }
    if report.traced {
        tracing::ended(report, failure);
    }
}

/// Reports the end of a request that is being answered. The hook of every channel.
pub fn answered(request: &Arc<Request>, failure: Option<&Failure>) {
    if metrics::profiled() {
        metrics::answered(request.runs_for());
    }
    // Metrics need only the request itself, so skip creating an `EndReport`.
    if is_only(METRICS) {
        metrics::ended(request.body(), request.created(), None, failure);
    } else {
        end(&EndReport::new(request), failure);
    }
}
