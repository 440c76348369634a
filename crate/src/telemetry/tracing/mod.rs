//! OpenTelemetry spans, exported with OTLP over gRPC.
//!
//! A span is created when its command or stream ends, from the data in [`EndReport`]: nothing inside the client needs it
//! earlier. There is one tracer per process; it exists while an environment uses it.

mod config;
mod queue;
mod span;

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard, RwLock};

pub use config::Config;
pub use queue::stats;

use crate::common::errors::Failure;
use crate::requests::Channel;
use crate::requests::EndReport;
use crate::telemetry::observers::{self, TRACING};
use crate::telemetry::tracing::queue::SpanQueue;
use crate::telemetry::tracing::span::SpanBuilder;

struct Tracer {
    maker: SpanBuilder,
    /// `None` if spans are not exported.
    queue: Option<SpanQueue>,
}

static TRACER: RwLock<Option<Arc<Tracer>>> = RwLock::new(None);

/// Number of environments that use the tracer.
static USERS: Mutex<usize> = Mutex::new(0);

fn users() -> MutexGuard<'static, usize> {
    USERS.lock()
}

fn tracer() -> Option<Arc<Tracer>> {
    TRACER.read().clone()
}

fn replace(tracer: Option<Arc<Tracer>>) -> Option<Arc<Tracer>> {
    let on = tracer.is_some();
    let before = std::mem::replace(&mut *TRACER.write(), tracer);
    observers::set(TRACING, on);
    before
}

/// Starts to use the tracer for an environment; the first use creates it. `warned` receives a notice if spans cannot be
/// exported.
///
/// # Errors
/// No exporter can be created from the configuration, or there is no runtime.
pub fn start_use(config: Config, warned: Weak<Channel>) -> Result<(), Failure> {
    let mut users = users();
    if *users == 0 {
        let maker = SpanBuilder::new(config.sampler);
        let queue = config
            .export
            .map(|export| SpanQueue::start(export, warned))
            .transpose()?;
        replace(Some(Arc::new(Tracer { maker, queue })));
    }
    *users += 1;
    Ok(())
}

/// The end of a use of the tracer: its queued spans are still to be exported.
#[must_use]
pub struct EndedUse {
    tracer: Option<Arc<Tracer>>,
    last: bool,
}

/// Ends the use of the tracer by an environment. The last use also ends the tracer, so that the next use begins with its
/// own configuration.
pub fn end_use() -> EndedUse {
    let mut users = users();
    *users = users.saturating_sub(1);
    let last = *users == 0;
    let tracer = if last { replace(None) } else { tracer() };
    EndedUse { tracer, last }
}

impl EndedUse {
    /// Waits up to `timeout` until the queued spans are exported.
    pub async fn flush(self, timeout: Duration) {
        let Some(queue) = self.tracer.as_ref().and_then(|tracer| tracer.queue.as_ref()) else {
            return;
        };
        queue.flush(timeout).await;
        if self.last {
            queue.end();
        }
    }
}

/// Creates the span of a call that has ended, if it is sampled.
pub fn ended(report: &EndReport, failure: Option<&Failure>) {
    let Some(tracer) = tracer() else { return };
    let Some(trace) = tracer.maker.sample(report) else {
        return;
    };
    match &tracer.queue {
        Some(queue) => queue.push(|| tracer.maker.span(trace, report, failure)),
        None => queue::made_alone(),
    }
}
