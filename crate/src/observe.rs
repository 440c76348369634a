//! Reports the ends of calls to the observers: metrics and traces.
//!
//! Without observers, a block of requests costs one relaxed load; with observers, a request costs no more than a flag until
//! its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::boundary::completion::Request;
use crate::errors::Failure;
use crate::metrics;
use crate::requests::EndReport;
use crate::tracing;

/// Observer: spans.
pub const TRACING: u8 = 1 << 0;
/// Observer: metrics. On by default.
pub const METRICS: u8 = 1 << 1;

static LISTENERS: AtomicU8 = AtomicU8::new(METRICS);

/// Turns an observer on or off.
pub fn listen(who: u8, on: bool) {
    if on {
        LISTENERS.fetch_or(who, Ordering::Relaxed);
    } else {
        LISTENERS.fetch_and(!who, Ordering::Relaxed);
    }
}

/// Whether there is any observer.
pub fn observed() -> bool {
    LISTENERS.load(Ordering::Relaxed) != 0
}

/// Whether the observer `who` is on.
pub fn listens(who: u8) -> bool {
    LISTENERS.load(Ordering::Relaxed) & who != 0
}

/// Reports the end of a call, with the failure if there was one.
pub fn end(call: &EndReport, failure: Option<&Failure>) {
    if listens(METRICS) {
        metrics::ended(call.body(), call.accepted, call.rows, failure);
    }
    if call.traced {
        tracing::ended(call, failure);
    }
}

/// Reports the end of a request that is being answered. The hook of every channel.
pub fn answered(request: &Arc<Request>, failure: Option<&Failure>) {
    if metrics::profiled() {
        metrics::answered(request.runs_for());
    }
    // Metrics need only the request itself, so skip creating an `EndReport`.
    if LISTENERS.load(Ordering::Relaxed) == METRICS {
        metrics::ended(request.body(), request.created(), None, failure);
    } else {
        end(&EndReport::of(request), failure);
    }
}
