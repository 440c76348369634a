//! Histograms that every command writes to. Recording takes a few nanoseconds on any thread.
//!
//! The prometheus crate's histogram keeps all data in one place and adds to the sum in a compare-and-swap loop. Threads
//! that record the same operation, which is the normal case, would contend for its cache lines.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crate::telemetry::metrics::metric::{Buckets, Value};

/// Number of shards of a histogram. A thread always uses the same one.
const SHARDS: usize = 4;

/// Maximum number of bounds of a histogram.
pub const MAX_BOUNDS: usize = 14;

#[derive(Debug, Default)]
#[repr(align(128))]
struct Shard {
    /// One more than the number of bounds: the last counts values above all bounds.
    counts: [AtomicU64; MAX_BOUNDS + 1],
    sum: AtomicU64,
}

/// The unit and bucket bounds of a histogram.
#[derive(Debug)]
pub struct Scale {
    /// Upper bounds of the buckets, in recorded units.
    pub bounds: &'static [u64],
    /// Number of recorded units per reported unit. Values are divided by it, so that 1 ms is exactly 0.001 s.
    pub per_unit: f64,
}

/// A histogram in shards, to avoid contention between threads.
#[derive(Debug)]
pub struct Histogram {
    scale: &'static Scale,
    shards: [Shard; SHARDS],
}

thread_local! {
    static SHARD: Cell<usize> = const { Cell::new(usize::MAX) };
}

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn shard() -> usize {
    SHARD.with(|shard| {
        if shard.get() == usize::MAX {
            shard.set(NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS);
        }
        shard.get()
    })
}

impl Histogram {
    /// Creates an empty histogram.
    pub fn new(scale: &'static Scale) -> Self {
        Histogram {
            scale,
            shards: Default::default(),
        }
    }

    /// Records a value, in the units of the scale.
    pub fn record(&self, value: u64) {
        let bucket = self.scale.bounds.iter().filter(|bound| value > **bound).count();
        let shard = &self.shards[shard()];
        shard.counts[bucket].fetch_add(1, Ordering::Relaxed);
        shard.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Records a duration in nanoseconds.
    pub fn record_time(&self, time: Duration) {
        self.record(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// The current counts and sum.
    pub fn value(&self) -> Value {
        let bounds = self.scale.bounds;
        let mut counts = vec![0; bounds.len() + 1];
        let mut sum: u64 = 0;
        for shard in &self.shards {
            for (total, count) in counts.iter_mut().zip(&shard.counts) {
                *total += count.load(Ordering::Relaxed);
            }
            sum = sum.wrapping_add(shard.sum.load(Ordering::Relaxed));
        }
        Value::Buckets(Buckets {
            bounds: bounds.iter().map(|bound| *bound as f64 / self.scale.per_unit).collect(),
            counts,
            sum: sum as f64 / self.scale.per_unit,
        })
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.shards
            .iter()
            .all(|shard| shard.counts.iter().all(|count| count.load(Ordering::Relaxed) == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale = Scale {
        bounds: &[1_000_000, 5_000_000],
        per_unit: 1e9,
    };

    fn buckets(histogram: &Histogram) -> Buckets {
        let Value::Buckets(buckets) = histogram.value() else {
            unreachable!()
        };
        buckets
    }

    #[test]
    fn a_value_belongs_to_the_bucket_that_ends_with_it() {
        static TOLD: Scale = SCALE;
        let histogram = Histogram::new(&TOLD);
        assert!(histogram.is_empty());
        for millis in [0, 1, 2, 5, 6, 7] {
            histogram.record_time(Duration::from_millis(millis));
        }
        let reported = buckets(&histogram);
        assert_eq!(reported.counts, [2, 2, 2]);
        assert!((reported.sum - 0.021).abs() < 1e-9);
        assert_eq!(
            reported.bounds.iter().map(f64::to_string).collect::<Vec<_>>(),
            ["0.001", "0.005"]
        );
    }

    #[test]
    fn threads_lose_nothing() {
        static TOLD: Scale = SCALE;
        let histogram = Histogram::new(&TOLD);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for value in 0..10_000 {
                        histogram.record(value * 1000);
                    }
                });
            }
        });
        let reported = buckets(&histogram);
        assert_eq!(reported.counts.iter().sum::<u64>(), 80_000);
        assert_eq!(reported.counts, [8 * 1001, 8 * 4000, 8 * 4999]);
    }
}
