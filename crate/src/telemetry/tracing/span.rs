//! Creates spans with the attributes of OpenTelemetry's database conventions.

use std::time::SystemTime;

use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{
    IdGenerator, RandomIdGenerator, Sampler, SamplingDecision, ShouldSample, SpanData, SpanEvents, SpanLinks,
};

use crate::common::errors::Failure;
use crate::requests::subject::Subject;
use crate::requests::{EndReport, TraceParent};
use crate::telemetry::error_names::code_name;

/// Decides which calls get a span.
#[derive(Debug)]
pub struct Sampling {
    /// The sampler for spans without a parent, or for all spans.
    pub root: Sampler,
    /// Whether a span with a parent follows its parent's decision.
    pub parent_based: bool,
}

impl Sampling {
    fn takes(&self, trace: TraceId, parent: Option<TraceParent>) -> bool {
        match parent {
            Some(parent) if self.parent_based => parent.flags & TraceFlags::SAMPLED.to_u8() != 0,
            // These samplers use only the trace id.
            _ => {
                let result = self.root.should_sample(None, trace, "", &SpanKind::Client, &[], &[]);
                result.decision == SamplingDecision::RecordAndSample
            }
        }
    }
}

pub struct SpanBuilder {
    sampling: Sampling,
    ids: RandomIdGenerator,
    scope: InstrumentationScope,
}

impl SpanBuilder {
    /// Creates a maker with this sampling.
    pub fn new(sampling: Sampling) -> Self {
        let scope = InstrumentationScope::builder("aerospike-napi")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        SpanBuilder {
            sampling,
            ids: RandomIdGenerator::default(),
            scope,
        }
    }

    /// The trace of a call's span; `None` if the call is not sampled.
    pub fn sample(&self, report: &EndReport) -> Option<TraceId> {
        let trace_id = match report.parent {
            Some(parent) => TraceId::from_bytes(parent.trace),
            None => self.ids.new_trace_id(),
        };
        self.sampling.takes(trace_id, report.parent).then_some(trace_id)
    }

    /// Creates the span of a call that ends now.
    pub fn span(&self, trace_id: TraceId, report: &EndReport, failure: Option<&Failure>) -> SpanData {
        let end_time = SystemTime::now();
        let start_time = end_time.checked_sub(report.accepted.elapsed()).unwrap_or(end_time);
        let subject = report.subject();
        let operation = report.operation().to_ascii_uppercase();
        let name = name(&operation, subject);
        SpanData {
            span_context: SpanContext::new(
                trace_id,
                self.ids.new_span_id(),
                TraceFlags::SAMPLED,
                false,
                TraceState::NONE,
            ),
            parent_span_id: report
                .parent
                .map_or(SpanId::INVALID, |parent| SpanId::from_bytes(parent.span)),
            parent_span_is_remote: false,
            span_kind: SpanKind::Client,
            name: name.into(),
            start_time,
            end_time,
            attributes: attributes(report, operation, subject, failure),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            // The message of a failure contains no key: user data must not get into traces.
            status: failure.map_or(Status::Unset, |failure| Status::error(failure.shown().into_owned())),
            instrumentation_scope: self.scope.clone(),
        }
    }
}

/// `OPERATION namespace.set`, without the parts that are unknown.
fn name(operation: &str, Subject { namespace, set, .. }: Subject<'_>) -> String {
    match (namespace, set) {
        ("", _) => operation.to_owned(),
        (_, "") => [operation, " ", namespace].concat(),
        _ => [operation, " ", namespace, ".", set].concat(),
    }
}

fn attributes(report: &EndReport, operation: String, subject: Subject<'_>, failure: Option<&Failure>) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(if failure.is_some() { 11 } else { 7 });
    attributes.push(KeyValue::new("db.system.name", "aerospike"));
    attributes.push(KeyValue::new("db.operation.name", operation));
    if !subject.namespace.is_empty() {
        attributes.push(KeyValue::new("db.namespace", subject.namespace.to_owned()));
    }
    if !subject.set.is_empty() {
        attributes.push(KeyValue::new("db.collection.name", subject.set.to_owned()));
    }
    // The conventions do not treat a batch of one as a batch.
    if let Some(rows) = subject.rows.filter(|rows| *rows != 1) {
        attributes.push(KeyValue::new("db.operation.batch.size", i64::from(rows)));
    }
    if let Some(rows) = report.rows {
        attributes.push(KeyValue::new("db.response.returned_rows", rows.cast_signed()));
    }
    if let Some(server) = &report.server {
        attributes.push(KeyValue::new("server.address", server.address.clone()));
        attributes.push(KeyValue::new("server.port", i64::from(server.port)));
    }
    if let Some(failure) = failure {
        attributes.push(KeyValue::new("error.type", code_name(failure)));
        attributes.push(KeyValue::new("db.response.status_code", failure.code.to_string()));
        if let Some((host, port)) = failure.address.rsplit_once(':')
            && let Ok(port) = port.parse::<i64>()
        {
            attributes.push(KeyValue::new("network.peer.address", host.to_owned()));
            attributes.push(KeyValue::new("network.peer.port", port));
        }
    }
    attributes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::*;

    const GET: u8 = 4;

    fn report(parent: Option<TraceParent>) -> EndReport {
        let block: Arc<[u8]> = Arc::from(&b"\x04test\x05users"[..]);
        let accepted = Instant::now()
            .checked_sub(Duration::from_millis(20))
            .unwrap_or_else(Instant::now);
        let mut report = EndReport::of_body(GET, 0, &block, (0, block.len()), accepted);
        report.parent = parent;
        report
    }

    fn maker(root: Sampler, parent_based: bool) -> SpanBuilder {
        SpanBuilder::new(Sampling { root, parent_based })
    }

    fn made(maker: &SpanBuilder, report: &EndReport, failure: Option<&Failure>) -> SpanData {
        let Some(trace) = maker.sample(report) else {
            unreachable!()
        };
        maker.span(trace, report, failure)
    }

    fn parent(flags: u8) -> Option<TraceParent> {
        Some(TraceParent {
            trace: [1; 16],
            span: [2; 8],
            flags,
        })
    }

    #[test]
    fn a_span_describes_its_call() {
        let span = made(&maker(Sampler::AlwaysOn, true), &report(None), None);
        assert_eq!(span.name, "GET test.users");
        assert_eq!(span.parent_span_id, SpanId::INVALID);
        assert_ne!(span.span_context.trace_id(), TraceId::INVALID);
        assert!(
            span.end_time
                .duration_since(span.start_time)
                .is_ok_and(|time| time >= Duration::from_millis(20))
        );
        assert!(span.attributes.contains(&KeyValue::new("db.collection.name", "users")));
        assert_eq!(span.status, Status::Unset);
    }

    #[test]
    fn a_failed_span_has_the_code_of_the_failure() {
        let failure = Failure {
            address: "[::1]:3000".to_owned(),
            ..Failure::new(crate::common::errors::Kind::Server, 2, "Key not found")
        };
        let span = made(&maker(Sampler::AlwaysOn, true), &report(None), Some(&failure));
        assert_eq!(span.status, Status::error("Key not found"));
        for done in [
            KeyValue::new("error.type", "RECORD_NOT_FOUND"),
            KeyValue::new("db.response.status_code", "2"),
            KeyValue::new("network.peer.address", "[::1]"),
            KeyValue::new("network.peer.port", 3000),
        ] {
            assert!(span.attributes.contains(&done), "{done:?}");
        }
    }

    #[test]
    fn a_parent_decides_where_it_is_asked() {
        let off = maker(Sampler::AlwaysOff, true);
        assert!(off.sample(&report(None)).is_none());
        let span = made(&off, &report(parent(1)), None);
        assert_eq!(span.span_context.trace_id(), TraceId::from_bytes([1; 16]));
        assert_eq!(span.parent_span_id, SpanId::from_bytes([2; 8]));
        assert!(maker(Sampler::AlwaysOn, true).sample(&report(parent(0))).is_none());
        assert!(maker(Sampler::AlwaysOff, false).sample(&report(parent(1))).is_none());
        assert!(maker(Sampler::AlwaysOn, false).sample(&report(parent(0))).is_some());
    }

    #[test]
    fn a_ratio_takes_its_part_of_the_traces() {
        let half = maker(Sampler::TraceIdRatioBased(0.5), true);
        let taken = (0..2000).filter(|_| half.sample(&report(None)).is_some()).count();
        assert!((800..1200).contains(&taken), "{taken}");
    }
}
