//! What a metric is called and made of, and its way into Prometheus' text.
//!
//! Names, labels and units are those of OpenTelemetry; Prometheus' follow from them, as its specification says.

use prometheus::proto;

/// What kind of metric it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// A part of a sum, which grows and shrinks.
    UpDown,
    /// A value as it is now, of which sums mean nothing.
    Gauge,
    /// A distribution.
    Histogram,
}

/// A metric: all that it says, whatever its labels are.
#[derive(Debug)]
pub struct Family {
    /// Name, with dots.
    pub name: &'static str,
    /// Unit, as UCUM has it: `s`, `By`, or what is counted in braces.
    pub unit: &'static str,
    /// Kind.
    pub kind: Kind,
    /// What it says.
    pub help: &'static str,
}

/// A distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    /// Upper ends.
    pub bounds: Vec<f64>,
    /// How many there are in each, not cumulated; what is above all bounds is last.
    pub counts: Vec<u64>,
    /// Sum of all.
    pub sum: f64,
}

/// What a metric says for one set of labels.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of counters and gauges.
    Number(f64),
    /// Of histograms.
    Buckets(Buckets),
}

/// Labels, with dots.
pub type Labels = Vec<(&'static str, String)>;

/// One line, or one histogram.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Labels.
    pub labels: Labels,
    /// Value.
    pub value: Value,
}

/// A metric and what it says now.
#[derive(Debug)]
pub struct Collected {
    /// The metric.
    pub family: &'static Family,
    /// One for each set of labels.
    pub points: Vec<Point>,
}

/// Several metrics, as they are put together.
#[derive(Debug, Default)]
pub struct Collection(pub Vec<Collected>);

impl Collection {
    /// Adds a value.
    pub fn add(&mut self, family: &'static Family, labels: Labels, value: Value) {
        let point = Point { labels, value };
        match self.0.iter_mut().find(|known| std::ptr::eq(known.family, family)) {
            Some(known) => known.points.push(point),
            None => self.0.push(Collected {
                family,
                points: vec![point],
            }),
        }
    }

    /// Adds a number.
    pub fn number(&mut self, family: &'static Family, labels: &[(&'static str, &str)], value: f64) {
        let labels = labels
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        self.add(family, labels, Value::Number(value));
    }

    /// All of it as Prometheus' text.
    pub fn text(&self) -> String {
        let families: Vec<_> = self.0.iter().map(Collected::to_proto).collect();
        // It fails for a family without points, which `add` makes none of.
        prometheus::TextEncoder::new()
            .encode_to_string(&families)
            .unwrap_or_default()
    }
}

fn plain(name: &str) -> String {
    name.replace('.', "_")
}

impl Family {
    /// The name that Prometheus knows it by.
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

    static BYTES: Family = Family {
        name: "aerospike.node.sent",
        unit: "By",
        kind: Kind::Counter,
        help: "Bytes",
    };
    static TIMES: Family = Family {
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
