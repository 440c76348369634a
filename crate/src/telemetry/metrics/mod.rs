//! Metrics, available in the Prometheus text format and as data for exporters.
//!
//! They belong to the process, whichever environment created the clients.

mod clients;
mod definitions;
mod histogram;
mod metric;
mod operations;
mod server;
mod stages;
mod stats;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

pub use clients::unregister;
use definitions::{INFO, LOOP_DELAY, QUEUE_WAIT, SPANS, WAIT, label};
use histogram::Histogram;
use metric::Metric;
pub use metric::{Collected, Collection, Kind, Point, Value};
pub use server::{Address, start as start_server, stop as stop_server};
pub use stages::{profiled, record_all as record_stages};
pub use stats::{ClientStats, NodeStats, Pool, StatsSource};

use crate::common::errors::Failure;
use crate::requests::Body;
use crate::telemetry::error_names::code_name;
use crate::telemetry::metrics::stages::Stage;
use crate::telemetry::observers::{self, METRICS};
use crate::telemetry::tracing;

static DETAILS: AtomicBool = AtomicBool::new(false);

static QUEUE_WAITS: LazyLock<Histogram> = LazyLock::new(|| Histogram::new(&WAIT));
static LOOP_DELAYS: LazyLock<Histogram> = LazyLock::new(|| Histogram::new(&WAIT));

/// Optional metrics.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct MetricsOptions {
    /// Whether the core counts each command.
    pub details: bool,
    /// Whether the stages of calls are profiled.
    pub stages: bool,
}

/// Whether detailed metrics are on.
pub fn details() -> bool {
    DETAILS.load(Ordering::Relaxed)
}

/// Starts or stops collecting metrics. Existing values are kept.
pub fn enable(on: bool, extent: MetricsOptions) {
    observers::set(METRICS, on);
    stages::profile(on && extent.stages);
    let details = on && extent.details;
    if DETAILS.swap(details, Ordering::Relaxed) != details {
        clients::set_details(details);
    }
}

/// Registers a connected client, whose metrics are reported until it is closed.
pub fn register(client: &Arc<impl StatsSource + 'static>) {
    clients::register(client, details());
}

/// Registers `new` in place of `former`.
pub fn replace(former: &impl StatsSource, new: &Arc<impl StatsSource + 'static>) {
    clients::replace(former, new, details());
}

/// Whether metrics are on.
pub fn on() -> bool {
    observers::is_on(METRICS)
}

/// Records the end of a request that was accepted at `accepted`. `rows` is the number of rows that a stream delivered.
pub fn ended(body: &Body, accepted: Instant, rows: Option<u64>, failure: Option<&Failure>) {
    let outcome = operations::OperationOutcome {
        took: accepted.elapsed(),
        error: failure.map(code_name),
        returned_rows: rows,
    };
    operations::record(body, &outcome);
}

/// Records how long a command waited in the queue.
pub fn waited(time: Duration) {
    QUEUE_WAITS.record_time(time);
    if stages::profiled() {
        stages::record(Stage::Queue, time);
    }
}

/// Records the time from the start of a command to its answer.
pub fn answered(time: Duration) {
    stages::record(Stage::Network, time);
}

/// Records how long replies waited for the event loop.
pub fn delayed(time: Duration) {
    LOOP_DELAYS.record_time(time);
    if stages::profiled() {
        stages::record(Stage::Wake, time);
    }
}

/// Collects all metrics, including those without data, for exporters.
pub fn collect_all() -> Vec<Collected> {
    let mut collected = collect().0;
    let mut take = |family: &'static Metric| {
        let place = collected
            .iter()
            .position(|collected| std::ptr::eq(collected.family, family));
        place.map_or_else(Vec::new, |place| collected.swap_remove(place).points)
    };
    let all = definitions::ALL.iter();
    all.map(|family| Collected {
        family,
        points: take(family),
    })
    .collect()
}

/// Collects all metrics that have data.
pub fn collect() -> Collection {
    let mut all = Collection::default();
    operations::collect(&mut all);
    for (family, histogram) in [(&QUEUE_WAIT, &QUEUE_WAITS), (&LOOP_DELAY, &LOOP_DELAYS)] {
        all.add(family, Vec::new(), histogram.value());
    }
    stages::collect(&mut all);
    clients::collect(&mut all, details());
    let spans = tracing::stats();
    if spans.made > 0 {
        for (outcome, count) in [
            ("exported", spans.exported),
            ("failed", spans.failed),
            ("dropped", spans.dropped),
        ] {
            all.number(&SPANS, &[(label::OUTCOME, outcome)], count as f64);
        }
    }
    all.number(&INFO, &[(label::VERSION, env!("CARGO_PKG_VERSION"))], 1.0);
    all
}
