//! What JavaScript can call to see inside. `lib/native/native.ts` is the only caller.

use napi_derive::napi;

use super::exports::{NativeSession, entry};
use super::wire::Reader;
use crate::tracing;

/// What became of spans, since the process began.
#[napi(object)]
pub struct SpanCounts {
    /// Made: those that are sampled.
    pub made: f64,
    /// Taken by the collector.
    pub exported: f64,
    /// Sent, and not taken.
    pub failed: f64,
    /// Never sent: the queue was full, or the tracer ended.
    pub dropped: f64,
}

/// What became of spans.
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
    /// Begins to make spans, as `config` says. False when this environment does so already.
    #[napi]
    pub fn init_tracing(&self, config: &[u8]) -> napi::Result<bool> {
        entry(|| {
            let config = tracing::Config::read(&mut Reader::new(config))?;
            self.session().init_tracing(config)
        })
    }
}
