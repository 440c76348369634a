//! Durations and sizes of operations, by operation, namespace, set and error.
//!
//! The per-command lookup uses a small thread-local table, keyed by the raw bytes of the names in the request. It
//! locks, formats and allocates nothing.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use parking_lot::RwLock;

use crate::catalog::commands::{has_rows, has_subject};
use crate::requests::Body;
use crate::requests::subject::Subject;
use crate::telemetry::metrics::definitions::{BATCH_SIZE, DURATION, OPERATION_DURATION, RETURNED_ROWS, ROWS, label};
use crate::telemetry::metrics::histogram::Histogram;
use crate::telemetry::metrics::metric::{Collection, Labels, Metric};
use crate::wire::Reader;

/// Maximum number of distinct combinations of operation, namespace and set. An application may create sets by the
/// thousand; a metric with that many series is of no use and costs memory here and in the collector.
pub const MAX_SERIES: usize = 1000;

/// Replaces the set, or the namespace, when there are too many.
pub const OTHER: &str = "_OTHER";

/// Number of entries in a thread's table.
const PLACES: usize = 128;

/// The metrics of one operation on one set.
#[derive(Debug)]
struct Series {
    done: Histogram,
    failed: RwLock<Vec<(String, Arc<Histogram>)>>,
    batch_size: OnceLock<Box<Histogram>>,
    returned_rows: OnceLock<Box<Histogram>>,
}

/// The outcome of an operation.
#[derive(Debug)]
pub struct OperationOutcome {
    /// Time from the acceptance of the request to its answer.
    pub took: Duration,
    /// The error's `code`; `None` on success.
    pub error: Option<Cow<'static, str>>,
    /// For a stream: number of delivered rows.
    pub returned_rows: Option<u64>,
}

type Key = (&'static str, String, String);

static ALL: LazyLock<RwLock<HashMap<Key, Arc<Series>>>> = LazyLock::new(RwLock::default);

struct CachedSeries {
    command: u8,
    variant: u8,
    /// Namespace and set, as encoded in the request.
    names: Box<[u8]>,
    series: Arc<Series>,
}

thread_local! {
    static KNOWN: RefCell<[Option<CachedSeries>; PLACES]> = const { RefCell::new([const { None }; PLACES]) };
}

/// The entry of a thread's table for a command on a namespace and set.
fn place(command: u8, variant: u8, names: &[u8]) -> usize {
    const SEED: u64 = 0x517c_c1b7_2722_0a95;
    let mut hash = u64::from(command) << 8 | u64::from(variant);
    for chunk in names.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(SEED);
    }
    (hash >> 40) as usize % PLACES
}

/// The encoded namespace and set at the start of a body, each after its length, and what follows them.
fn names(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let namespace = usize::from(*body.first()?);
    let set = usize::from(*body.get(1 + namespace)?);
    body.split_at_checked(2 + namespace + set)
}

/// Records an operation that has ended.
pub fn record(body: &Body, outcome: &OperationOutcome) {
    let names = if has_subject(body.command) {
        names(body.bytes())
    } else {
        None
    };
    let Some((names, rest)) = names else {
        return find(body.operation(), Subject::default()).record(outcome, None);
    };
    let rows = if has_rows(body.command) {
        Reader::new(rest).u32().ok()
    } else {
        None
    };
    KNOWN.with_borrow_mut(|known| {
        let place = &mut known[place(body.command, body.variant, names)];
        let fits = |place: &CachedSeries| {
            place.command == body.command && place.variant == body.variant && *place.names == *names
        };
        let place = match place {
            Some(place) if fits(place) => place,
            other => other.insert(CachedSeries {
                command: body.command,
                variant: body.variant,
                names: names.into(),
                series: find(body.operation(), body.subject()),
            }),
        };
        place.series.record(outcome, rows);
    });
}

fn find(operation: &'static str, subject: Subject<'_>) -> Arc<Series> {
    let key = (operation, subject.namespace.to_owned(), subject.set.to_owned());
    let known = ALL.read();
    if let Some(series) = known.get(&key) {
        return Arc::clone(series);
    }
    drop(known);
    let mut all = ALL.write();
    let key = if all.len() < MAX_SERIES || all.contains_key(&key) {
        key
    } else {
        bounded(&all, key)
    };
    Arc::clone(all.entry(key).or_insert_with(|| Arc::new(Series::new())))
}

/// The series for a combination beyond the limit: `_OTHER` as set, and also as namespace if the namespace is not known.
fn bounded(all: &HashMap<Key, Arc<Series>>, (operation, namespace, _): Key) -> Key {
    let known = namespace.is_empty() || all.keys().any(|(_, other, _)| *other == namespace);
    let namespace = if known { namespace } else { OTHER.to_owned() };
    (operation, namespace, OTHER.to_owned())
}

impl Series {
    fn new() -> Self {
        Series {
            done: Histogram::new(&DURATION),
            failed: RwLock::default(),
            batch_size: OnceLock::new(),
            returned_rows: OnceLock::new(),
        }
    }

    fn record(&self, outcome: &OperationOutcome, batch_size: Option<u32>) {
        match &outcome.error {
            None => self.done.record_time(outcome.took),
            Some(error) => self.failure(error).record_time(outcome.took),
        }
        let rows = || Box::new(Histogram::new(&ROWS));
        if let Some(size) = batch_size {
            self.batch_size.get_or_init(rows).record(u64::from(size));
        }
        if let Some(count) = outcome.returned_rows {
            self.returned_rows.get_or_init(rows).record(count);
        }
    }

    /// The number of these is bounded by the number of error codes: the byte-sized server codes and a few names.
    fn failure(&self, error: &str) -> Arc<Histogram> {
        let find = |failed: &[(String, Arc<Histogram>)]| {
            let found = failed.iter().find(|(name, _)| name == error);
            found.map(|(_, histogram)| Arc::clone(histogram))
        };
        if let Some(found) = find(&self.failed.read()) {
            return found;
        }
        let mut failed = self.failed.write();
        find(&failed).unwrap_or_else(|| {
            let histogram = Arc::new(Histogram::new(&DURATION));
            failed.push((error.to_owned(), Arc::clone(&histogram)));
            histogram
        })
    }
}

fn labels((operation, namespace, set): &Key) -> Labels {
    vec![
        (label::SYSTEM, "aerospike".to_owned()),
        (label::NAMESPACE, namespace.clone()),
        (label::SET, set.clone()),
        (label::OPERATION, (*operation).to_owned()),
    ]
}

/// Collects the metrics, sorted by name.
pub fn collect(into: &mut Collection) {
    let all = ALL.read();
    let mut series: Vec<_> = all.iter().collect();
    series.sort_by_key(|(key, _)| *key);
    let mut add = |family: &'static Metric, key, histogram: &Histogram, error: Option<&str>| {
        if histogram.is_empty() {
            return;
        }
        let mut labels = labels(key);
        if let Some(error) = error {
            labels.push((label::ERROR, error.to_owned()));
        }
        into.add(family, labels, histogram.value());
    };
    for (key, series) in series {
        add(&OPERATION_DURATION, key, &series.done, Some(""));
        for (error, histogram) in &*series.failed.read() {
            add(&OPERATION_DURATION, key, histogram, Some(error));
        }
        if let Some(rows) = series.batch_size.get() {
            add(&BATCH_SIZE, key, rows, None);
        }
        if let Some(rows) = series.returned_rows.get() {
            add(&RETURNED_ROWS, key, rows, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::metrics::metric::{Point, Value};

    const PUT: u8 = 3;
    const GET: u8 = 4;
    const BATCH_READ: u8 = 16;
    const QUERY: u8 = 30;

    fn outcome(millis: u64, error: Option<&'static str>) -> OperationOutcome {
        OperationOutcome {
            took: Duration::from_millis(millis),
            error: error.map(Cow::Borrowed),
            returned_rows: None,
        }
    }

    fn body(command: u8, bytes: Vec<u8>) -> Body {
        Body {
            range: (0, bytes.len()),
            block: bytes.into(),
            command,
            variant: 0,
        }
    }

    /// The body of a single-record command or a query.
    fn on(command: u8, namespace: &str, set: &str) -> Body {
        let names = [namespace, set].map(|name| [&[name.len() as u8], name.as_bytes()].concat());
        body(command, names.concat())
    }

    /// The values recorded for a namespace. All tests of the process share the metrics.
    fn reported(family: &'static Metric, namespace: &str) -> Vec<(Vec<String>, u64)> {
        let mut all = Collection::default();
        collect(&mut all);
        let points = all
            .0
            .into_iter()
            .filter(|reported| std::ptr::eq(reported.family, family))
            .flat_map(|reported| reported.points);
        points
            .filter(|point: &Point| point.labels[1].1 == namespace)
            .map(|point| {
                let Value::Buckets(buckets) = point.value else {
                    unreachable!()
                };
                let labels = point.labels[2..].iter().map(|(_, value)| value.clone()).collect();
                (labels, buckets.counts.iter().sum())
            })
            .collect()
    }

    #[test]
    fn operations_sets_and_errors_have_their_own_series() {
        let count = |command, set, millis, error| record(&on(command, "ns-a", set), &outcome(millis, error));
        count(GET, "users", 2, None);
        count(GET, "users", 3, None);
        count(GET, "users", 3, Some("TIMEOUT"));
        count(PUT, "users", 2, None);
        count(GET, "", 2, Some("RECORD_NOT_FOUND"));
        let line = |set: &str, operation: &str, error: &str, count| {
            (vec![set.to_owned(), operation.to_owned(), error.to_owned()], count)
        };
        assert_eq!(
            reported(&OPERATION_DURATION, "ns-a"),
            [
                line("", "get", "RECORD_NOT_FOUND", 1),
                line("users", "get", "", 2),
                line("users", "get", "TIMEOUT", 1),
                line("users", "put", "", 1),
            ]
        );
    }

    #[test]
    fn rows_of_batches_and_of_streams_are_two_things() {
        let mut batch = b"\x04ns-b\x01s".to_vec();
        batch.extend(7u32.to_le_bytes());
        record(&body(BATCH_READ, batch), &outcome(1, None));
        let query = OperationOutcome {
            returned_rows: Some(0),
            ..outcome(1, None)
        };
        record(&on(QUERY, "ns-b", "s"), &query);
        assert_eq!(
            reported(&BATCH_SIZE, "ns-b"),
            [(vec!["s".to_owned(), "batch_read".to_owned()], 1)]
        );
        assert_eq!(
            reported(&RETURNED_ROWS, "ns-b"),
            [(vec!["s".to_owned(), "query".to_owned()], 1)]
        );
    }

    #[test]
    fn a_body_that_ends_early_is_counted_without_names() {
        assert_eq!(names(b"\x02ns\x01sREST"), Some((&b"\x02ns\x01s"[..], &b"REST"[..])));
        for cut in [&b""[..], b"\x02", b"\x02ns", b"\x02ns\x02s"] {
            assert_eq!(names(cut), None);
            record(&body(GET, cut.to_vec()), &outcome(1, Some("cut")));
        }
        let of_none = reported(&OPERATION_DURATION, "");
        assert!(of_none.contains(&(vec![String::new(), "get".to_owned(), "cut".to_owned()], 4)));
    }

    #[test]
    fn there_are_no_more_series_than_the_bound() {
        let mut all = HashMap::new();
        for number in 0..MAX_SERIES {
            all.insert(("get", "known".to_owned(), number.to_string()), Arc::new(Series::new()));
        }
        let key = |namespace: &str| ("get", namespace.to_owned(), "one more".to_owned());
        let other = |namespace: &str| ("get", namespace.to_owned(), OTHER.to_owned());
        assert_eq!(bounded(&all, key("known")), other("known"));
        assert_eq!(bounded(&all, key("unknown")), other(OTHER));
    }

    #[test]
    fn places_that_collide_are_counted_apart() {
        for round in 0..3 {
            for set in 0..400 {
                let set = set.to_string();
                record(&on(GET, "ns-c", &set), &outcome(round, None));
            }
        }
        let counted = reported(&OPERATION_DURATION, "ns-c");
        assert_eq!(counted.len(), 400);
        assert!(counted.iter().all(|(_, count)| *count == 3));
    }
}
