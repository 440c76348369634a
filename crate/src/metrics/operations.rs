//! Durations and sizes of operations, by operation, namespace, set and error.
//!
//! What is looked up for every command is looked up in a small table of the thread's own, by the bytes of the names as
//! they lie in the request: nothing is locked, formatted or allocated there.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use super::families::{BATCH_SIZE, DURATION, OPERATION_DURATION, RETURNED_ROWS, ROWS, label};
use super::family::{Collection, Family, Labels};
use super::histogram::Histogram;

/// Combinations of operation, namespace and set that are told apart. Sets may be made by the thousand; a metric with as many
/// lines helps nobody, and costs memory here and in whatever collects it.
pub const MOST_SERIES: usize = 1000;

/// What stands in place of a set, or a namespace, when there are too many.
pub const OTHER: &str = "_OTHER";

/// Places in a thread's own table.
const PLACES: usize = 128;

/// One operation on one set.
#[derive(Debug)]
struct Series {
    done: Histogram,
    failed: RwLock<Vec<(String, Arc<Histogram>)>>,
    batch_size: OnceLock<Box<Histogram>>,
    returned_rows: OnceLock<Box<Histogram>>,
}

/// What a series is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Of<'a> {
    /// Method, in lower case.
    pub operation: &'static str,
    /// Namespace, or empty.
    pub namespace: &'a str,
    /// Set, or empty.
    pub set: &'a str,
}

/// How an operation has ended.
#[derive(Debug)]
pub struct Outcome {
    /// From its acceptance to its answer.
    pub took: Duration,
    /// The error's `code`.
    pub error: Option<Cow<'static, str>>,
    /// Rows of a batch.
    pub batch_size: Option<u32>,
    /// Rows that a stream has given.
    pub returned_rows: Option<u64>,
}

type Key = (&'static str, String, String);

static ALL: LazyLock<RwLock<HashMap<Key, Arc<Series>>>> = LazyLock::new(RwLock::default);

struct Place {
    operation: &'static str,
    namespace: Box<str>,
    set: Box<str>,
    series: Arc<Series>,
}

thread_local! {
    static KNOWN: RefCell<[Option<Place>; PLACES]> = const { RefCell::new([const { None }; PLACES]) };
}

fn mix(hash: u64, bytes: &[u8]) -> u64 {
    const SEED: u64 = 0x517c_c1b7_2722_0a95;
    let mut hash = hash.rotate_left(5) ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(SEED);
    }
    hash
}

impl Of<'_> {
    fn place(&self) -> usize {
        // Names of operations are static: their address tells them apart well enough for a place.
        let hash = mix(self.operation.as_ptr() as u64, self.namespace.as_bytes());
        (mix(hash, self.set.as_bytes()) >> 40) as usize % PLACES
    }
}

/// Counts an operation that has ended.
pub fn record(of: Of<'_>, outcome: &Outcome) {
    KNOWN.with_borrow_mut(|known| {
        let place = &mut known[of.place()];
        let fits = |place: &Place| {
            place.operation == of.operation && *place.set == *of.set && *place.namespace == *of.namespace
        };
        let place = match place {
            Some(place) if fits(place) => place,
            other => other.insert(Place {
                operation: of.operation,
                namespace: of.namespace.into(),
                set: of.set.into(),
                series: find(of),
            }),
        };
        place.series.record(outcome);
    });
}

fn find(of: Of<'_>) -> Arc<Series> {
    let key = (of.operation, of.namespace.to_owned(), of.set.to_owned());
    let known = ALL.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(series) = known.get(&key) {
        return Arc::clone(series);
    }
    drop(known);
    let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
    let key = if all.len() < MOST_SERIES || all.contains_key(&key) {
        key
    } else {
        bounded(&all, key)
    };
    Arc::clone(all.entry(key).or_insert_with(|| Arc::new(Series::new())))
}

/// The series that takes what has no place of its own: that of the namespace, where it is one of those that are known.
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

    fn record(&self, outcome: &Outcome) {
        match &outcome.error {
            None => self.done.record_time(outcome.took),
            Some(error) => self.failure(error).record_time(outcome.took),
        }
        let rows = || Box::new(Histogram::new(&ROWS));
        if let Some(size) = outcome.batch_size {
            self.batch_size.get_or_init(rows).record(u64::from(size));
        }
        if let Some(count) = outcome.returned_rows {
            self.returned_rows.get_or_init(rows).record(count);
        }
    }

    /// There are no more of these than codes, which are bytes and a few names.
    fn failure(&self, error: &str) -> Arc<Histogram> {
        let find = |failed: &[(String, Arc<Histogram>)]| {
            let found = failed.iter().find(|(name, _)| name == error);
            found.map(|(_, histogram)| Arc::clone(histogram))
        };
        if let Some(found) = find(&self.failed.read().unwrap_or_else(PoisonError::into_inner)) {
            return found;
        }
        let mut failed = self.failed.write().unwrap_or_else(PoisonError::into_inner);
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

/// Tells what was counted, in the order of the names.
pub fn collect(into: &mut Collection) {
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    let mut series: Vec<_> = all.iter().collect();
    series.sort_by_key(|(key, _)| *key);
    let mut add = |family: &'static Family, key, histogram: &Histogram, error: Option<&str>| {
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
        for (error, histogram) in &*series.failed.read().unwrap_or_else(PoisonError::into_inner) {
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
    use crate::metrics::family::{Point, Value};

    fn outcome(millis: u64, error: Option<&'static str>) -> Outcome {
        Outcome {
            took: Duration::from_millis(millis),
            error: error.map(Cow::Borrowed),
            batch_size: None,
            returned_rows: None,
        }
    }

    /// What was counted of a namespace: the tests of one process share all of it.
    fn told(family: &'static Family, namespace: &str) -> Vec<(Vec<String>, u64)> {
        let mut all = Collection::default();
        collect(&mut all);
        let points = all
            .0
            .into_iter()
            .filter(|told| std::ptr::eq(told.family, family))
            .flat_map(|told| told.points);
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
    fn operations_sets_and_errors_are_told_apart() {
        let of = |operation, set| Of {
            operation,
            namespace: "ns-a",
            set,
        };
        record(of("get", "users"), &outcome(2, None));
        record(of("get", "users"), &outcome(3, None));
        record(of("get", "users"), &outcome(3, Some("TIMEOUT")));
        record(of("put", "users"), &outcome(2, None));
        record(of("get", ""), &outcome(2, Some("RECORD_NOT_FOUND")));
        let line = |set: &str, operation: &str, error: &str, count| {
            (vec![set.to_owned(), operation.to_owned(), error.to_owned()], count)
        };
        assert_eq!(
            told(&OPERATION_DURATION, "ns-a"),
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
        let of = |operation| Of {
            operation,
            namespace: "ns-b",
            set: "s",
        };
        record(
            of("batch_read"),
            &Outcome {
                batch_size: Some(7),
                ..outcome(1, None)
            },
        );
        record(
            of("query"),
            &Outcome {
                returned_rows: Some(0),
                ..outcome(1, None)
            },
        );
        assert_eq!(
            told(&BATCH_SIZE, "ns-b"),
            [(vec!["s".to_owned(), "batch_read".to_owned()], 1)]
        );
        assert_eq!(
            told(&RETURNED_ROWS, "ns-b"),
            [(vec!["s".to_owned(), "query".to_owned()], 1)]
        );
    }

    #[test]
    fn there_are_no_more_series_than_the_bound() {
        let mut all = HashMap::new();
        for number in 0..MOST_SERIES {
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
                record(
                    Of {
                        operation: "get",
                        namespace: "ns-c",
                        set: &set,
                    },
                    &outcome(round, None),
                );
            }
        }
        let counted = told(&OPERATION_DURATION, "ns-c");
        assert_eq!(counted.len(), 400);
        assert!(counted.iter().all(|(_, count)| *count == 3));
    }
}
