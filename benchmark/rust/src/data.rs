//! The records of the benchmark: the twin of `suites/data.ts`, which writes them.

use aerospike_core::{Bin, Key, Record, Value};

/// Namespace of all records.
pub const NAMESPACE: &str = "test";
/// Set of the records that single reads ask for.
pub const GET_SET: &str = "bench-get";
/// Set of the records that writes write.
pub const PUT_SET: &str = "bench-put";
/// Set of the records of a list and a map.
pub const OPERATE_SET: &str = "bench-operate";
/// Set of the records of five numbers.
pub const BATCH_SET: &str = "bench-batch";
/// Set of the records of five numbers that batches write.
pub const BATCH_PUT_SET: &str = "bench-batch-put";
/// Set of the records of ten strings.
pub const WIDE_SET: &str = "bench-wide";
/// Set of the records of an embedding.
pub const EMBEDDING_SET: &str = "bench-embedding";
/// Bytes of each string.
pub const WIDE_BYTES: usize = 100;
/// Strings of a record.
pub const WIDE_BINS: usize = 10;
/// Floats of an embedding.
pub const WIDTH: usize = 384;
/// How many records each set has.
pub const RECORDS: u32 = 10_000;
/// Step from one row of a batch to the next: coprime to RECORDS, so that no batch has a key twice.
const STRIDE: u32 = 7919;

/// The bins of a row of the batches.
pub const NUMBER_BINS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// A key, made where it is used, as users make them.
pub fn key(set: &str, id: &str) -> Result<Key, aerospike_core::Error> {
    Key::new(NAMESPACE, set, Value::from(id))
}

/// User keys of single records.
pub fn user_ids() -> Vec<String> {
    (0..RECORDS).map(|index| format!("user-{index}")).collect()
}

/// The bins of a single record.
pub fn user_bins(index: u32) -> [Bin; 3] {
    [
        Bin::new("name", Value::from(format!("user {index} of the benchmark"))),
        Bin::new("visits", Value::from(i64::from(index))),
        Bin::new("score", Value::from(f64::from(index) + 0.5)),
    ]
}

/// A batch and what the sum of all its numbers is.
pub struct Batch {
    /// User keys.
    pub ids: Vec<String>,
    /// The record of each.
    pub indexes: Vec<u32>,
    /// The sum.
    pub sum: f64,
}

/// Some batches of so many rows.
pub fn batches(rows: u32, count: u32) -> Vec<Batch> {
    let mut random = Random::new(0);
    (0..count)
        .map(|_| {
            let start = random.index();
            let indexes = (0..rows).map(|row| (start + row * STRIDE) % RECORDS);
            Batch {
                ids: indexes.clone().map(|index| format!("row-{index}")).collect(),
                sum: indexes.clone().map(row_sum).sum(),
                indexes: indexes.collect(),
            }
        })
        .collect()
}

/// The bins of a record of five numbers.
pub fn number_bins(index: u32) -> [Bin; 5] {
    let value = f64::from(index);
    let numbers = [
        Value::from(i64::from(index)),
        Value::from(i64::from(index) * -3),
        Value::from(value + 0.5),
        Value::from(value * 0.25 + 0.125),
        Value::from(f64::from(index % 1000) + 0.5),
    ];
    let mut names = NUMBER_BINS.iter();
    numbers.map(|number| Bin::new(names.next().copied().unwrap_or_default(), number))
}

/// Set of so many records that queries read.
pub fn query_set(rows: u32) -> String {
    format!("bench-query-{rows}")
}

/// The sum of their numbers: exact, because it is below 2^53.
pub fn query_sum(rows: u32) -> f64 {
    (0..rows)
        .map(|index| f64::from(index) * 2.0 + 0.5 + f64::from(index % 100))
        .sum()
}

fn row_sum(index: u32) -> f64 {
    let value = f64::from(index);
    value + value * -3.0 + (value + 0.5) + (value * 0.25 + 0.125) + (f64::from(index % 1000) + 0.5)
}

/// A number of a record, integer or not.
pub fn number(record: &Record, bin: &str) -> Option<f64> {
    match record.bins.get(bin)? {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(f64::from(value)),
        _ => None,
    }
}

/// The same sequence of indexes as the JavaScript clients have.
pub struct Random(u32);

impl Random {
    /// A sequence of its own for each loop.
    pub fn new(loop_index: u32) -> Self {
        Random(loop_index.wrapping_add(1).wrapping_mul(2_654_435_761))
    }

    /// The next record's index.
    pub fn index(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % RECORDS
    }
}
