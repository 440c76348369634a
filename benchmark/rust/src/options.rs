//! Command line: `--name value` pairs, written by `harness/core.ts`.

use std::time::Duration;

use crate::data;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One record read.
    Get,
    /// One record written.
    Put,
    /// Whether one record exists.
    Exists,
    /// Four reads for each write.
    Mixed,
    /// A list and a map of one record.
    Operate,
    /// Many records read, as records.
    BatchRead,
    /// Many records read, into columns as they arrive.
    BatchReadColumns,
    /// Ten strings of many records, into columns as they arrive.
    BatchReadWide,
    /// An embedding of many records, into one array as they arrive.
    BatchReadEmbeddings,
    /// Many records written.
    BatchWrite,
    /// Many records written, from columns.
    BatchWriteColumns,
    /// A whole set, record by record.
    QueryRecords,
    /// A whole set, into columns as the records arrive.
    QueryColumns,
}

impl Kind {
    /// Rows of the batches to be prepared: of queries, `rows` says how large their set is.
    pub fn batch_rows(self, rows: u32) -> u32 {
        if matches!(self, Kind::QueryRecords | Kind::QueryColumns) {
            0
        } else {
            rows
        }
    }
}

/// One measurement.
#[derive(Debug, Clone)]
pub struct Options {
    /// `host:port`.
    pub server: String,
    /// What is measured.
    pub kind: Kind,
    /// Operations at once.
    pub in_flight: u32,
    /// Rows of a batch.
    pub rows: u32,
    /// Connections at most.
    pub connections: usize,
    /// Threads of the runtime.
    pub workers: usize,
    /// ms that an operation may take.
    pub timeout_ms: u32,
    /// Before measuring.
    pub warmup: Duration,
    /// Operations of a round.
    pub operations: u64,
    /// Set of single reads.
    pub set: String,
    /// Number of records in it.
    pub records: u32,
}

impl Options {
    /// Reads the command line.
    pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Options {
            server: String::new(),
            kind: Kind::Get,
            in_flight: 1,
            rows: 0,
            connections: 100,
            workers: 2,
            timeout_ms: 1000,
            warmup: Duration::ZERO,
            operations: 1,
            set: data::GET_SET.into(),
            records: data::RECORDS,
        };
        while let Some(name) = args.next() {
            let value = args.next().ok_or_else(|| format!("{name} lacks its value"))?;
            let number = || {
                value
                    .parse::<u32>()
                    .map_err(|_| format!("{name} is no number: {value}"))
            };
            match name.as_str() {
                "--server" => options.server = value,
                "--kind" => options.kind = kind(&value)?,
                "--in-flight" => options.in_flight = number()?,
                "--rows" => options.rows = number()?,
                "--connections" => options.connections = number()? as usize,
                "--workers" => options.workers = number()? as usize,
                "--timeout-ms" => options.timeout_ms = number()?,
                "--warmup-ms" => options.warmup = Duration::from_millis(number()?.into()),
                "--operations" => options.operations = number()?.into(),
                "--set" => options.set = value,
                "--records" => options.records = number()?,
                _ => return Err(format!("{name} is unknown")),
            }
        }
        if options.server.is_empty() {
            return Err("--server is missing".into());
        }
        Ok(options)
    }
}

fn kind(name: &str) -> Result<Kind, String> {
    Ok(match name {
        "get" => Kind::Get,
        "put" => Kind::Put,
        "exists" => Kind::Exists,
        "mixed" => Kind::Mixed,
        "operate" => Kind::Operate,
        "batchRead" => Kind::BatchRead,
        "batchReadColumns" => Kind::BatchReadColumns,
        "batchReadWide" => Kind::BatchReadWide,
        "batchReadEmbeddings" => Kind::BatchReadEmbeddings,
        "batchWrite" => Kind::BatchWrite,
        "batchWriteColumns" => Kind::BatchWriteColumns,
        "queryRecords" => Kind::QueryRecords,
        "queryColumns" => Kind::QueryColumns,
        _ => return Err(format!("there is no case {name}")),
    })
}
