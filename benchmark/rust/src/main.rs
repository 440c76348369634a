//! Measures aerospike-core alone: no Node, no boundary. Prints a line of JSON for each round.

mod data;
mod operations;
mod options;
mod process;
mod queries;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aerospike_core::{Client, ClientPolicy};
use tokio::io::AsyncBufReadExt;
use tokio::sync::Semaphore;

use crate::data::Random;
use crate::operations::{Failure, Work};
use crate::options::Options;

/// Begins each line that is a result, as `harness/job.ts` reads it.
const RESULT: &str = "result: ";

/// Warm-up before a round, at most, as in `harness/job.ts`.
const ROUND_WARMUP: Duration = Duration::from_millis(200);

/// A round that takes this long is not preceded by a warm-up.
const LONG_ROUND: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("benchmark-core: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let options = Options::parse(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.workers)
        .enable_all()
        .build()?;
    // Spawned: the thread that blocks here would be one more worker than the addon has.
    runtime.block_on(runtime.spawn(measure(options)))?
}

async fn measure(options: Options) -> Result<(), Failure> {
    let policy = ClientPolicy {
        max_conns_per_node: options.connections,
        ..ClientPolicy::default()
    };
    let client = Client::new(&policy, &options.server).await?;
    let work = Arc::new(Work::new(client.clone(), &options));
    // The core has no queue of its own: a command that finds no connection fails or sleeps.
    let permits = Arc::new(Semaphore::new(options.connections));

    let mut last = warm_up(&work, &permits, &options, options.warmup).await?;
    println!(r#"{RESULT}"ready""#);
    // The runner sends a line for each round. Read by a thread of its own, which the workers do not wait for.
    let mut input = tokio::io::BufReader::new(tokio::io::stdin()).lines();
    while input.next_line().await?.is_some() {
        // After the turns of the other clients, caches are cold.
        if last < LONG_ROUND {
            let time = options.warmup.min(ROUND_WARMUP);
            last = warm_up(&work, &permits, &options, time).await?;
        }
        println!("{RESULT}{}", round(&work, &permits, &options).await?);
    }
    work.verify().await?;
    client.close().await?;
    Ok(())
}

/// Runs rounds until the time for it has passed. Returns the time of the last one.
async fn warm_up(
    work: &Arc<Work>,
    permits: &Arc<Semaphore>,
    options: &Options,
    time: Duration,
) -> Result<Duration, Failure> {
    let end = Instant::now() + time;
    loop {
        let start = Instant::now();
        loops(work, permits, options).await?;
        if Instant::now() >= end {
            return Ok(start.elapsed());
        }
    }
}

/// Measures one round.
async fn round(work: &Arc<Work>, permits: &Arc<Semaphore>, options: &Options) -> Result<String, Failure> {
    let cpu = process::cpu_us();
    let start = Instant::now();
    let (mut latencies, mut firsts) = loops(work, permits, options).await?;
    let seconds = start.elapsed().as_secs_f64();
    let cpu_us = process::cpu_us().zip(cpu).map(|(after, before)| after - before);
    let (rss, peak) = (process::rss_mib("VmRSS:"), process::rss_mib("VmHWM:"));

    latencies.sort_unstable();
    firsts.sort_unstable();
    let first_us = (!firsts.is_empty()).then(|| percentile(&firsts, 0.5));
    Ok(format!(
        r#"{{"operations":{},"seconds":{seconds},"p50Us":{},"p95Us":{},"p99Us":{},"p999Us":{},"cpuUs":{},"rssMiB":{},"peakRssMiB":{},"firstUs":{}}}"#,
        latencies.len(),
        percentile(&latencies, 0.5),
        percentile(&latencies, 0.95),
        percentile(&latencies, 0.99),
        percentile(&latencies, 0.999),
        json(cpu_us),
        json(rss),
        json(peak),
        json(first_us),
    ))
}

/// A loop for each operation in flight, each awaiting one operation after the other until all are done. Gives every
/// latency in nanoseconds, and of queries the time until their first record.
async fn loops(work: &Arc<Work>, permits: &Arc<Semaphore>, options: &Options) -> Result<(Vec<u64>, Vec<u64>), Failure> {
    let begun = Arc::new(AtomicU64::new(0));
    let operations = options.operations;
    let tasks: Vec<_> = (0..options.in_flight)
        .map(|index| {
            let (work, permits, begun) = (Arc::clone(work), Arc::clone(permits), Arc::clone(&begun));
            tokio::spawn(async move {
                let mut random = Random::new(index);
                let (mut latencies, mut firsts) = (Vec::new(), Vec::new());
                while begun.fetch_add(1, Ordering::Relaxed) < operations {
                    let start = Instant::now();
                    let _permit = permits.acquire().await?;
                    firsts.extend(work.run(&mut random).await?);
                    latencies.push(start.elapsed().as_nanos() as u64);
                }
                Ok::<_, Failure>((latencies, firsts))
            })
        })
        .collect();
    let mut all = (Vec::new(), Vec::new());
    for task in tasks {
        let (mut latencies, mut firsts) = task.await??;
        all.0.append(&mut latencies);
        all.1.append(&mut firsts);
    }
    Ok(all)
}

/// In microseconds, of sorted nanoseconds.
fn percentile(sorted: &[u64], share: f64) -> f64 {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).map_or(0.0, |ns| *ns as f64 / 1000.0)
}

fn json(value: Option<f64>) -> String {
    value.map_or_else(|| "null".into(), |value| value.to_string())
}
