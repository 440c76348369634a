//! Command line: `--name value` pairs, written by `harness/core.ts`.

use std::time::Duration;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One record read.
    Get,
    /// One record written.
    Put,
    /// A list and a map of one record.
    Operate,
    /// Many records read, as records.
    BatchRead,
    /// Many records read, into columns as they arrive.
    BatchReadColumns,
    /// Many records written.
    BatchWrite,
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
    /// Measured.
    pub duration: Duration,
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
            duration: Duration::from_secs(1),
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
                "--measure-ms" => options.duration = Duration::from_millis(number()?.into()),
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
        "operate" => Kind::Operate,
        "batchRead" => Kind::BatchRead,
        "batchReadColumns" => Kind::BatchReadColumns,
        "batchWrite" => Kind::BatchWrite,
        _ => return Err(format!("there is no case {name}")),
    })
}
