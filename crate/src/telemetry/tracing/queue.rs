//! Exports spans: a bounded queue, and a task that sends its contents to the collector.
//!
//! The SDK's batch processor is not used: it does not expose how many spans it drops, it has its own thread, and at
//! shutdown it waits for a collector that does not respond.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::TelemetryResourceDetector;
use opentelemetry_sdk::trace::{SpanData, SpanExporter as _};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::AbortHandle;
use tonic::metadata::{Ascii, MetadataKey, MetadataValue};
use tonic::transport::{Certificate, ClientTlsConfig, Identity};

use crate::common::errors::Failure;
use crate::common::runtime;
use crate::requests::Channel;
use crate::telemetry::tracing::config::{Export, Tls};

/// Number of sampled spans since the process started.
static MADE: AtomicU64 = AtomicU64::new(0);
static EXPORTED: AtomicU64 = AtomicU64::new(0);
static FAILED: AtomicU64 = AtomicU64::new(0);
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Numbers of spans since the process started.
#[derive(Debug, Clone, Copy)]
pub struct Stats {
    /// Sampled spans that were created.
    pub made: u64,
    /// Spans that the collector accepted.
    pub exported: u64,
    /// Spans that were sent but not accepted.
    pub failed: u64,
    /// Spans that were not sent, because the queue was full or the tracer had ended.
    pub dropped: u64,
}

/// The numbers of spans since the process started.
pub fn stats() -> Stats {
    Stats {
        made: MADE.load(Ordering::Relaxed),
        exported: EXPORTED.load(Ordering::Relaxed),
        failed: FAILED.load(Ordering::Relaxed),
        dropped: DROPPED.load(Ordering::Relaxed),
    }
}

/// Counts a span that is not exported.
pub fn made_alone() {
    MADE.fetch_add(1, Ordering::Relaxed);
}

struct Waiting {
    spans: Mutex<VecDeque<SpanData>>,
    /// Notified when there are enough spans for an export.
    enough: Notify,
    max: usize,
    batch: usize,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, VecDeque<SpanData>> {
        self.spans.lock()
    }

    /// Takes the oldest spans, at most one batch. Returns nothing if there are fewer than `min`.
    fn take(&self, min: usize) -> Vec<SpanData> {
        let mut spans = self.lock();
        if spans.len() < min.max(1) {
            return Vec::new();
        }
        let count = spans.len().min(self.batch);
        spans.drain(..count).collect()
    }
}

/// The queue of spans to export.
pub struct SpanQueue {
    waiting: Arc<Waiting>,
    /// Requests to export all queued spans.
    flushes: mpsc::UnboundedSender<oneshot::Sender<()>>,
    task: AbortHandle,
}

impl SpanQueue {
    /// Starts the export task. `warned` receives one notice if an export fails.
    ///
    /// # Errors
    /// No exporter can be created from the configuration, or there is no runtime.
    pub fn start(export: Export, warned: Weak<Channel>) -> Result<Self, Failure> {
        let runtime = runtime::handle()?;
        // The exporter opens its connection in the runtime.
        let _entered = runtime.enter();
        let waiting = Arc::new(Waiting {
            spans: Mutex::default(),
            enough: Notify::new(),
            max: export.max.max(1),
            batch: export.batch.clamp(1, export.max.max(1)),
        });
        let (flushes, asked) = mpsc::unbounded_channel();
        let task = Task {
            exporter: exporter(&export)?,
            waiting: Arc::clone(&waiting),
            asked,
            endpoint: export.endpoint,
            timeout: export.timeout,
            delay: export.delay,
            warned: Some(warned),
        };
        let task = runtime.spawn(task.run()).abort_handle();
        Ok(SpanQueue { waiting, flushes, task })
    }

    /// Adds the span that `make` creates, or drops it if the queue is full.
    pub fn push(&self, make: impl FnOnce() -> SpanData) {
        MADE.fetch_add(1, Ordering::Relaxed);
        // Check before creating the span, so that dropping is cheap.
        if self.waiting.lock().len() >= self.waiting.max {
            DROPPED.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let span = make();
        let mut spans = self.waiting.lock();
        if spans.len() >= self.waiting.max {
            drop(spans);
            DROPPED.fetch_add(1, Ordering::Relaxed);
            return;
        }
        spans.push_back(span);
        let enough = spans.len() == self.waiting.batch;
        drop(spans);
        if enough {
            self.waiting.enough.notify_one();
        }
    }

    /// Exports all queued spans, within `timeout`.
    pub async fn flush(&self, timeout: Duration) {
        let (notify, done) = oneshot::channel();
        if self.flushes.send(notify).is_ok() {
            let _ = tokio::time::timeout(timeout, done).await;
        }
    }

    /// Stops at once and drops the spans that are not exported.
    pub fn end(&self) {
        self.task.abort();
        let left = std::mem::take(&mut *self.waiting.lock()).len();
        DROPPED.fetch_add(left as u64, Ordering::Relaxed);
    }
}

fn invalid(what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::invalid(format!("{what}: {error}"))
}

fn tls(
    Tls {
        authorities,
        identity,
        server_name,
    }: &Tls,
) -> ClientTlsConfig {
    let config = match authorities {
        Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        None => ClientTlsConfig::new().with_enabled_roots(),
    };
    let config = match server_name {
        Some(name) => config.domain_name(name),
        None => config,
    };
    match identity {
        Some((certificate, key)) => config.identity(Identity::from_pem(certificate, key)),
        None => config,
    }
}

fn exporter(export: &Export) -> Result<SpanExporter, Failure> {
    let mut headers: Vec<(MetadataKey<Ascii>, MetadataValue<Ascii>)> = Vec::new();
    for (key, value) in &export.headers {
        let reject = |error: &dyn std::fmt::Display| invalid(&format!("the header {key}"), error);
        headers.push((
            MetadataKey::from_bytes(key.to_ascii_lowercase().as_bytes()).map_err(|error| reject(&error))?,
            value.parse().map_err(|error| reject(&error))?,
        ));
    }
    // The library reads the environment's headers itself; the configured headers take precedence.
    let with_headers = move |mut request: tonic::Request<()>| {
        for (key, value) in &headers {
            request.metadata_mut().insert(key.clone(), value.clone());
        }
        Ok(request)
    };
    let mut builder = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&export.endpoint)
        .with_timeout(export.timeout)
        .with_interceptor(with_headers);
    if export.endpoint.starts_with("https:") {
        builder = builder.with_tls_config(tls(&export.tls));
    }
    let mut exporter = builder.build().map_err(|error| invalid("the exporter", &error))?;
    let resource = Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes(export.resource.iter().cloned())
        .build();
    exporter.set_resource(&resource);
    Ok(exporter)
}

struct Task {
    exporter: SpanExporter,
    waiting: Arc<Waiting>,
    asked: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
    endpoint: String,
    timeout: Duration,
    delay: Duration,
    warned: Option<Weak<Channel>>,
}

impl Task {
    async fn run(mut self) {
        loop {
            let (asked, min) = tokio::select! {
                asked = self.asked.recv() => match asked {
                    Some(asked) => (Some(asked), 1),
                    None => return,
                },
                () = self.waiting.enough.notified() => (None, self.waiting.batch),
                () = tokio::time::sleep(self.delay) => (None, 1),
            };
            loop {
                let spans = self.waiting.take(min);
                if spans.is_empty() {
                    break;
                }
                self.export(spans).await;
            }
            if let Some(asked) = asked {
                let _ = asked.send(());
            }
        }
    }

    async fn export(&mut self, spans: Vec<SpanData>) {
        let mut sent = Sent(spans.len() as u64);
        // The exporter's own timeout does not cover opening a connection.
        let outcome = match tokio::time::timeout(self.timeout, self.exporter.export(spans)).await {
            Ok(outcome) => outcome.map_err(|error| reason(&error.to_string()).to_owned()),
            Err(_) => Err(format!("no answer within {} ms", self.timeout.as_millis())),
        };
        let count = std::mem::take(&mut sent.0);
        match outcome {
            Ok(()) => EXPORTED.fetch_add(count, Ordering::Relaxed),
            Err(error) => {
                self.warn(&error);
                FAILED.fetch_add(count, Ordering::Relaxed)
            }
        };
    }

    fn warn(&mut self, error: &str) {
        if let Some(channel) = self.warned.take().and_then(|channel| channel.upgrade()) {
            let endpoint = &self.endpoint;
            channel.notice(&format!(
                "spans cannot be exported to {endpoint}: {error}. They are dropped until that succeeds; this is reported once"
            ));
        }
    }
}

/// Removes the redundant start of an exporter's error, which names the exporter.
fn reason(error: &str) -> &str {
    error.split_once("gRPC code: ").map_or(error, |(_, reason)| reason)
}

/// The number of spans in the export in progress. If the task is aborted, they count as dropped.
struct Sent(u64);

impl Drop for Sent {
    fn drop(&mut self) {
        DROPPED.fetch_add(self.0, Ordering::Relaxed);
    }
}
