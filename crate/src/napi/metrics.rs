//! The metrics functions that JavaScript calls. `lib/native/native.ts` is the only caller.

use napi_derive::napi;

use crate::napi::exports::{NativeSession, entry};
use crate::telemetry::metrics::{self, ClientStats, Kind, MetricsOptions, StatsSource, Value};

/// One data point of a metric: a number or a histogram.
#[napi(object)]
pub struct NativePoint {
    /// Label names and values, alternating. Names are dotted.
    pub labels: Vec<String>,
    /// The number, or the sum of a histogram.
    pub value: f64,
    /// For a histogram: the count of each bucket, not cumulative.
    pub counts: Option<Vec<f64>>,
}

/// A metric with its data points.
#[napi(object)]
pub struct NativeFamily {
    /// Dotted name.
    pub name: String,
    /// The name in the Prometheus text format.
    pub prometheus_name: String,
    /// Unit, as a UCUM code.
    pub unit: String,
    /// `counter`, `updown`, `gauge` or `histogram`.
    pub kind: String,
    /// Description.
    pub help: String,
    /// For a histogram: the upper bounds of the buckets, except the last, which is unbounded.
    pub bounds: Vec<f64>,
    /// One point for each combination of labels.
    pub points: Vec<NativePoint>,
}

/// Statistics of one node of a client's cluster; see `metrics::NodeStats`.
#[napi(object)]
pub struct NativeNodeStats {
    pub name: String,
    pub address: String,
    pub used: f64,
    pub idle: f64,
    pub opening: f64,
    pub recovering: f64,
    pub limit: f64,
    pub opened: f64,
    pub closed: Vec<f64>,
    pub failed: Vec<f64>,
    pub pool_empty: f64,
    pub tends: f64,
    pub failed_tends: f64,
    pub partition_updates: f64,
    pub breaker_errors: f64,
    pub breaker_limit: f64,
    pub refused: f64,
    pub retries: f64,
    pub errors: f64,
    pub sent: f64,
    pub received: f64,
}

/// Statistics of a client; see `metrics::ClientStats`.
#[napi(object)]
pub struct NativeClientStats {
    pub running: f64,
    pub queued: f64,
    pub limit: f64,
    pub streams: f64,
    pub invalid_peers: f64,
    pub details: bool,
    pub nodes: Vec<NativeNodeStats>,
}

/// Returns all metrics in the Prometheus text format.
#[napi]
pub fn metrics_text() -> napi::Result<String> {
    entry(|| Ok(metrics::collect().text()))
}

/// Starts or stops collecting metrics.
#[napi]
pub fn enable_metrics(on: bool, details: bool, stages: bool) -> napi::Result<()> {
    entry(|| {
        metrics::enable(on, MetricsOptions { details, stages });
        Ok(())
    })
}

/// Returns all metrics, for exporters.
#[napi]
pub fn metric_families() -> napi::Result<Vec<NativeFamily>> {
    entry(|| {
        let families = metrics::collect_all().into_iter();
        Ok(families
            .map(|metrics::Collected { family, points }| {
                let bounds = points.iter().find_map(|point| match &point.value {
                    Value::Buckets(buckets) => Some(buckets.bounds.clone()),
                    Value::Number(_) => None,
                });
                NativeFamily {
                    name: family.name.to_owned(),
                    prometheus_name: family.prometheus_name(),
                    unit: family.unit.to_owned(),
                    kind: match family.kind {
                        Kind::Counter => "counter",
                        Kind::UpDown => "updown",
                        Kind::Gauge => "gauge",
                        Kind::Histogram => "histogram",
                    }
                    .to_owned(),
                    help: family.help.to_owned(),
                    bounds: bounds.unwrap_or_default(),
                    points: points.into_iter().map(native_point).collect(),
                }
            })
            .collect())
    })
}

fn native_point(point: metrics::Point) -> NativePoint {
    let labels = point
        .labels
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value])
        .collect();
    let (value, counts) = match point.value {
        Value::Number(number) => (number, None),
        Value::Buckets(buckets) => (
            buckets.sum,
            Some(buckets.counts.iter().map(|count| *count as f64).collect()),
        ),
    };
    NativePoint { labels, value, counts }
}

#[napi]
impl NativeSession {
    /// Returns the statistics of a client, or null if it is closed.
    #[napi]
    pub fn client_stats(&self, client: u32) -> napi::Result<Option<NativeClientStats>> {
        entry(|| {
            Ok(self
                .environment()
                .client(client)
                .map(|client| native_stats(client.stats())))
        })
    }
}

/// Records stage times that JavaScript measured, as pairs of a stage number and nanoseconds.
#[napi]
pub fn record_stages(measured: &[f64]) -> napi::Result<()> {
    entry(|| {
        metrics::record_stages(measured);
        Ok(())
    })
}

fn native_stats(stats: ClientStats) -> NativeClientStats {
    NativeClientStats {
        running: stats.running as f64,
        queued: stats.queued as f64,
        limit: stats.limit as f64,
        streams: stats.streams as f64,
        invalid_peers: stats.invalid_peers as f64,
        details: metrics::details(),
        nodes: stats.nodes.into_iter().map(native_node).collect(),
    }
}

fn native_node(node: metrics::NodeStats) -> NativeNodeStats {
    let counts = |reasons: &[(&str, u64)]| reasons.iter().map(|(_, count)| *count as f64).collect();
    NativeNodeStats {
        used: node.pool.used as f64,
        idle: node.pool.idle as f64,
        opening: node.pool.opening as f64,
        recovering: node.pool.recovering as f64,
        limit: node.pool.limit as f64,
        opened: node.opened as f64,
        closed: counts(&node.closed),
        failed: counts(&node.failed),
        pool_empty: node.pool_empty as f64,
        tends: node.tends as f64,
        failed_tends: node.failed_tends as f64,
        partition_updates: node.partition_updates as f64,
        breaker_errors: node.breaker_errors as f64,
        breaker_limit: node.breaker_limit as f64,
        refused: node.refused as f64,
        retries: node.retries as f64,
        errors: node.errors as f64,
        sent: node.bytes.iter().map(|(_, sent, _)| *sent as f64).sum(),
        received: node.bytes.iter().map(|(_, _, received)| *received as f64).sum(),
        name: node.name,
        address: node.address,
    }
}
