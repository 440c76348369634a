//! Queries of a whole set, through aerospike-core's own API.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aerospike_core::query::PartitionFilter;
use aerospike_core::{Bins, Client, Error, QueryPolicy, Record, Statement, Value};
use futures_util::StreamExt;

use crate::data::{self, NAMESPACE};
use crate::operations::Failure;

/// What a query found.
pub struct Queried {
    rows: u32,
    sum: f64,
    /// Nanoseconds until the first record was there.
    pub first_ns: u64,
}

impl Queried {
    /// Compares with what is stored.
    pub fn check(self, rows: u32) -> Result<u64, Failure> {
        if self.rows == rows && self.sum == data::query_sum(rows) {
            Ok(self.first_ns)
        } else {
            Err("a query found something else than what is stored".into())
        }
    }
}

fn policy(timeout_ms: u32) -> QueryPolicy {
    let mut policy = QueryPolicy::default();
    // A query has no limit in the JavaScript clients; the core reads 0 as none.
    policy.base_policy.total_timeout = 0;
    policy.base_policy.socket_timeout = timeout_ms;
    policy
}

/// Record by record, as its stream gives them.
pub async fn records(client: &Client, rows: u32, timeout_ms: u32) -> Result<Queried, Failure> {
    let begun = Instant::now();
    let statement = Statement::new(NAMESPACE, data::query_set(rows), Bins::All);
    let found = client
        .query(&policy(timeout_ms), PartitionFilter::all(), statement)
        .await?;
    let mut stream = found.into_stream();
    let mut queried = Queried {
        rows: 0,
        sum: 0.0,
        first_ns: 0,
    };
    while let Some(record) = stream.next().await {
        let record = record?;
        if queried.rows == 0 {
            queried.first_ns = begun.elapsed().as_nanos() as u64;
        }
        queried.rows += 1;
        queried.sum += sum_of(&record);
    }
    Ok(queried)
}

fn sum_of(record: &Record) -> f64 {
    let number = |bin| data::number(record, bin).unwrap_or(f64::NAN);
    number("n") + number("x") + number("k")
}

/// The columns that the JavaScript clients fill, and what came before they were.
struct Columns {
    n: Vec<f64>,
    x: Vec<f64>,
    k: Vec<f64>,
    s: Vec<u8>,
    first: Option<Instant>,
    failure: Option<Error>,
}

impl Columns {
    fn append(&mut self, record: Result<Record, Error>) {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                self.failure.get_or_insert(error);
                return;
            }
        };
        self.first.get_or_insert_with(Instant::now);
        let number = |bin| data::number(&record, bin).unwrap_or(f64::NAN);
        self.n.push(number("n"));
        self.x.push(number("x"));
        self.k.push(number("k"));
        if let Some(Value::String(text)) = record.bins.get("s") {
            self.s.extend_from_slice(text.as_bytes());
        }
    }
}

/// Into columns, from its callback.
pub async fn columns(client: &Client, rows: u32, timeout_ms: u32) -> Result<Queried, Failure> {
    let begun = Instant::now();
    let room = || Vec::with_capacity(rows as usize);
    let columns = Arc::new(Mutex::new(Columns {
        n: room(),
        x: room(),
        k: room(),
        s: Vec::new(),
        first: None,
        failure: None,
    }));
    let filled = Arc::clone(&columns);
    let bins = Bins::Some(["n", "x", "k", "s"].map(String::from).into());
    let statement = Statement::new(NAMESPACE, data::query_set(rows), bins);
    let on_record = move |record| {
        filled.lock().unwrap_or_else(PoisonError::into_inner).append(record);
        std::future::ready(true)
    };
    client
        .query_foreach(&policy(timeout_ms), PartitionFilter::all(), statement, on_record)
        .await?
        .wait()
        .await?;
    let mut columns = columns.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = columns.failure.take() {
        return Err(error.into());
    }
    let rows = columns.n.len() as u32;
    let sum = columns.n.iter().chain(&columns.x).chain(&columns.k).sum();
    let first_ns = columns.first.map_or(0, |first| (first - begun).as_nanos() as u64);
    Ok(Queried { rows, sum, first_ns })
}
