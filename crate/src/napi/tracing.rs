//! The tracing functions that JavaScript calls. `lib/native/native.ts` is the only caller.

use napi_derive::napi;

use crate::napi::exports::{NativeSession, entry};
use crate::telemetry::tracing;
use crate::wire::Reader;

/// Numbers of spans since the process started.
#[napi(object)]
pub struct SpanCounts {
    /// Sampled spans that were created.
    pub made: f64,
    /// Spans that the collector accepted.
    pub exported: f64,
    /// Spans that were sent but not accepted.
    pub failed: f64,
    /// Spans that were not sent, because the queue was full or the tracer had ended.
    pub dropped: f64,
}

/// Returns the numbers of spans since the process started.
#[napi]
pub fn span_counts() -> SpanCounts {
    let stats = tracing::stats();
    SpanCounts {
        made: stats.made as f64,
        exported: stats.exported as f64,
        failed: stats.failed as f64,
        dropped: stats.dropped as f64,
    }
}

#[napi]
impl NativeSession {
    /// Starts to create spans, as `config` specifies. Returns false if this environment has already started.
    #[napi]
    pub fn init_tracing(&self, config: &[u8]) -> napi::Result<bool> {
        entry(|| {
            let config = tracing::Config::read(&mut Reader::new(config))?;
            self.environment().init_tracing(config)
        })
    }
}
