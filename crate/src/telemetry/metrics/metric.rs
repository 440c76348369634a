//! Definitions of metrics, and their conversion to the Prometheus text format.
//!
//! Names, labels and units follow OpenTelemetry; the Prometheus names are derived from them as its specification
//! defines.

use prometheus::proto;

/// The type of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A monotonic sum.
    Counter,
    /// A sum that can decrease.
    UpDown,
    /// A current value that cannot be added up.
    Gauge,
    Histogram,
}

/// The definition of a metric.
#[derive(Debug)]
pub struct Metric {
    /// Dotted name.
    pub name: &'static str,
    /// Unit as a UCUM code: `s`, `By`, or the counted thing in braces.
    pub unit: &'static str,
    pub kind: Kind,
    pub help: &'static str,
}

/// The data of a histogram.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    /// Upper bounds of the buckets.
    pub bounds: Vec<f64>,
    /// Count of each bucket, not cumulative. The last counts values above all bounds.
    pub counts: Vec<u64>,
    /// Sum of all values.
    pub sum: f64,
}

/// The value of a metric for one set of labels.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of counters and gauges.
    Number(f64),
    /// Of histograms.
    Buckets(Buckets),
}

/// Labels, with dotted names.
pub type Labels = Vec<(&'static str, String)>;

/// One data point: a number or a histogram.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub labels: Labels,
    pub value: Value,
}

/// A metric with its data points.
#[derive(Debug)]
pub struct Collected {
    pub family: &'static Metric,
    /// One point for each combination of labels.
    pub points: Vec<Point>,
}

#[derive(Debug, Default)]
pub struct Collection(pub Vec<Collected>);

impl Collection {
    /// Adds a data point.
    pub fn add(&mut self, family: &'static Metric, labels: Labels, value: Value) {
        let point = Point { labels, value };
        match self.0.iter_mut().find(|known| std::ptr::eq(known.family, family)) {
            Some(known) => known.points.push(point),
            None => self.0.push(Collected {
                family,
                points: vec![point],
            }),
        }
    }

    pub fn number(&mut self, family: &'static Metric, labels: &[(&'static str, &str)], value: f64) {
        let labels = labels
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        self.add(family, labels, Value::Number(value));
    }

    /// The metrics in the Prometheus text format.
    pub fn text(&self) -> String {
        let families: Vec<_> = self.0.iter().map(Collected::to_proto).collect();
        // Encoding fails only for a family without points, which `add` never creates.
        prometheus::TextEncoder::new()
            .encode_to_string(&families)
            .unwrap_or_default()
    }
}

fn plain(name: &str) -> String {
    name.replace('.', "_")
}

impl Metric {
    /// The name in the Prometheus text format.
    pub fn prometheus_name(&self) -> String {
        let unit = match self.unit {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        let total = if self.kind == Kind::Counter { "_total" } else { "" };
        format!("{}{unit}{total}", plain(self.name))
    }
}

impl Collected {
    fn to_proto(&self) -> proto::MetricFamily {
        let mut family = proto::MetricFamily::default();
        family.set_name(self.family.prometheus_name());
        family.set_help(self.family.help.to_owned());
        family.set_field_type(match self.family.kind {
            Kind::Counter => proto::MetricType::COUNTER,
            Kind::UpDown | Kind::Gauge => proto::MetricType::GAUGE,
            Kind::Histogram => proto::MetricType::HISTOGRAM,
        });
        family.set_metric(
            self.points
                .iter()
                .map(|point| point.to_proto(self.family.kind))
                .collect(),
        );
        family
    }
}

impl Point {
    fn to_proto(&self, kind: Kind) -> proto::Metric {
        let labels = self.labels.iter().map(|(name, value)| {
            let mut label = proto::LabelPair::default();
            label.set_name(plain(name));
            label.set_value(value.clone());
            label
        });
        let mut metric = proto::Metric::from_label(labels.collect());
        match &self.value {
            Value::Number(number) if kind == Kind::Counter => {
                let mut counter = proto::Counter::default();
                counter.set_value(*number);
                metric.set_counter(counter);
            }
            Value::Number(number) => {
                let mut gauge = proto::Gauge::default();
                gauge.set_value(*number);
                metric.set_gauge(gauge);
            }
            Value::Buckets(buckets) => metric.set_histogram(buckets.to_proto()),
        }
        metric
    }
}

impl Buckets {
    fn to_proto(&self) -> proto::Histogram {
        let mut histogram = proto::Histogram::default();
        let mut cumulated = 0;
        let buckets = self.bounds.iter().zip(&self.counts).map(|(bound, count)| {
            cumulated += count;
            let mut bucket = proto::Bucket::default();
            bucket.set_upper_bound(*bound);
            bucket.set_cumulative_count(cumulated);
            bucket
        });
        histogram.set_bucket(buckets.collect());
        histogram.set_sample_count(self.counts.iter().sum());
        histogram.set_sample_sum(self.sum);
        histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static BYTES: Metric = Metric {
        name: "aerospike.node.sent",
        unit: "By",
        kind: Kind::Counter,
        help: "Bytes",
    };
    static TIMES: Metric = Metric {
        name: "db.client.operation.duration",
        unit: "s",
        kind: Kind::Histogram,
        help: "Durations",
    };

    #[test]
    fn labels_are_escaped_and_names_translated() {
        let mut all = Collection::default();
        all.number(&BYTES, &[("db.namespace", "a\"b\\c\nd ä☃")], 3.0);
        assert_eq!(
            all.text(),
            "# HELP aerospike_node_sent_bytes_total Bytes\n# TYPE aerospike_node_sent_bytes_total counter\n\
             aerospike_node_sent_bytes_total{db_namespace=\"a\\\"b\\\\c\\nd ä☃\"} 3\n"
        );
    }

    #[test]
    fn buckets_are_cumulated() {
        let mut all = Collection::default();
        let buckets = Buckets {
            bounds: vec![0.001, 1.0],
            counts: vec![2, 3, 4],
            sum: 7.5,
        };
        all.add(&TIMES, Vec::new(), Value::Buckets(buckets));
        let name = "db_client_operation_duration_seconds";
        let lines = [
            "_bucket{le=\"0.001\"} 2",
            "_bucket{le=\"1\"} 5",
            "_bucket{le=\"+Inf\"} 9",
            "_sum 7.5",
            "_count 9",
        ];
        for line in lines {
            assert!(all.text().contains(&format!("\n{name}{line}\n")), "{}", all.text());
        }
    }

    #[test]
    fn nothing_is_no_text() {
        assert_eq!(Collection::default().text(), "");
    }
}
