//! Log lines of the core and the addon, queued for the JavaScript environments that subscribe to them.
//!
//! The `log` crate has one logger per process. This one keeps a queue for each environment that has set a logger: it
//! checks a line against that environment's levels before it formats the line, and keeps the lines in order until
//! JavaScript takes them. A queue is bounded. Lines that do not fit are dropped and counted, and a line with their
//! number appears in their place. The core does not report which client a line belongs to, so each environment gets the
//! lines of the whole process.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use log::{Level, LevelFilter, Log, Metadata, Record};
use parking_lot::{Mutex, MutexGuard, RwLock};

use crate::common::errors::Failure;
use crate::common::node_names::name_at;
use crate::common::shorten::shorten;
use crate::wire::Writer;

/// Maximum number of queued lines.
const MAX_LINES: usize = 10_000;
/// Maximum bytes of their texts.
const MAX_BYTES: usize = 8 << 20;
/// Maximum bytes of a line: at `trace`, the core logs whole answers to info commands.
const LINE_BYTES: usize = 16 << 10;

/// The modules under which failed commands and failed batches are logged.
const COMMANDS: &str = "aerospike_napi::commands";
const BATCHES: &str = "aerospike_napi::commands::batch";

pub use crate::catalog::boundary::LogTarget as Target;

pub const TARGETS: usize = Target::ALL.len();

impl Target {
    /// The target of a module of this crate, the core or its TLS library. `None` for all other libraries.
    pub fn of(module: &str) -> Option<Target> {
        if module.starts_with("aerospike_napi") {
            return Some(match module {
                BATCHES => Target::Batch,
                COMMANDS => Target::Command,
                _ => Target::Napi,
            });
        }
        let Some(path) = module.strip_prefix("aerospike_core::") else {
            return match module {
                "query" | "aerospike_lua" => Some(Target::Command),
                _ if module.starts_with("rustls") || module.starts_with("tokio_rustls") => Some(Target::Cluster),
                _ => None,
            };
        };
        if path.starts_with("batch") || path.starts_with("commands::batch") {
            Some(Target::Batch)
        } else if path.starts_with("commands") || path.starts_with("query") || path.starts_with("operations") {
            Some(Target::Command)
        } else {
            Some(Target::Cluster)
        }
    }
}

struct Line {
    level: Level,
    target: Target,
    module: String,
    text: Arc<str>,
    time: f64,
}

#[derive(Default)]
struct LineQueue {
    lines: VecDeque<Line>,
    bytes: usize,
    /// Number of lines dropped since the last one was queued.
    dropped: u64,
    /// Whether JavaScript was woken and has not emptied the queue since.
    woken: bool,
    closed: bool,
}

impl LineQueue {
    fn push(&mut self, line: Line) {
        self.bytes += line.text.len();
        self.lines.push_back(line);
    }

    fn pop(&mut self) -> Option<Line> {
        let line = self.lines.pop_front()?;
        self.bytes -= line.text.len();
        Some(line)
    }

    /// Adds a line with the number of dropped lines, at the place where they are missing.
    fn push_dropped_count(&mut self) {
        if self.dropped == 0 {
            return;
        }
        let count = std::mem::take(&mut self.dropped);
        let noun = if count == 1 { "line was" } else { "lines were" };
        let text = format!("{count} log {noun} dropped: the logger did not keep up");
        self.push(Line {
            level: Level::Warn,
            target: Target::Napi,
            module: module_path!().to_owned(),
            text: text.into(),
            time: now(),
        });
    }
}

/// The log subscription of one environment.
pub struct Sink {
    /// Level by target: 0 for off, else the number of a `log::Level`.
    levels: [AtomicU8; TARGETS],
    queue: Mutex<LineQueue>,
    wake: Box<dyn Fn() + Send + Sync>,
    /// Receive only lines of this thread: other tests log on their own threads.
    #[cfg(test)]
    thread: std::thread::ThreadId,
}

static SINKS: RwLock<Vec<Arc<Sink>>> = RwLock::new(Vec::new());

struct Logger;

static LOGGER: Logger = Logger;

tokio::task_local! {
    /// Set while a command of a logger runs: its lines would cause more commands and lines.
    static QUIET: ();
}

thread_local! {
    /// Set while a line is being formatted on this thread: lines logged meanwhile are ignored.
    static FORMATTING: Cell<bool> = const { Cell::new(false) };
}

struct Formatting;

impl Formatting {
    fn begin() -> Self {
        FORMATTING.set(true);
        Formatting
    }
}

impl Drop for Formatting {
    fn drop(&mut self) {
        FORMATTING.set(false);
    }
}

/// Runs a command that a logger has called, without logging any lines.
pub fn quietly<F: Future>(work: F) -> impl Future<Output = F::Output> {
    QUIET.scope((), work)
}

/// Logs the failure of a command at `debug`. A missing record is usually expected, so it is logged only at `trace`.
pub fn failed(operation: &str, batch: bool, failure: &Failure) {
    const NOT_FOUND: i32 = 2;
    let level = if failure.code == NOT_FOUND {
        Level::Trace
    } else {
        Level::Debug
    };
    log::log!(
        target: if batch { BATCHES } else { COMMANDS },
        level,
        "{operation} failed: {} (code {}, attempts {}{})",
        failure.message,
        failure.code,
        failure.attempts,
        LastNode(&failure.address)
    );
}

/// The name and the address of the node of the last attempt, as the end of a list.
struct LastNode<'a>(&'a str);

impl fmt::Display for LastNode<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LastNode(address) = self;
        if address.is_empty() {
            return Ok(());
        }
        let name = name_at(address);
        if !name.is_empty() {
            write!(out, ", node {name}")?;
        }
        write!(out, ", address {address}")
    }
}

fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64() * 1000.0)
}

/// The text of a line, shortened to `LINE_BYTES`.
fn text_of(record: &Record<'_>) -> Arc<str> {
    let text = match record.args().as_str() {
        Some(text) => return text.into(),
        None => record.args().to_string(),
    };
    shorten(&text, LINE_BYTES).into()
}

impl Sink {
    /// Subscribes an environment. All levels start off. `wake` is called when lines are waiting and no wakeup is
    /// pending.
    pub fn new(wake: Box<dyn Fn() + Send + Sync>) -> Arc<Self> {
        let sink = Arc::new(Sink {
            levels: Default::default(),
            queue: Mutex::default(),
            wake,
            #[cfg(test)]
            thread: std::thread::current().id(),
        });
        SINKS.write().push(Arc::clone(&sink));
        // Fails if the logger is already set, which is fine.
        let _ = log::set_logger(&LOGGER);
        sink
    }

    fn queue(&self) -> MutexGuard<'_, LineQueue> {
        self.queue.lock()
    }

    fn accepts(&self, level: Level, target: Target) -> bool {
        #[cfg(test)]
        if self.thread != std::thread::current().id() {
            return false;
        }
        level as u8 <= self.levels[target as usize].load(Ordering::Relaxed)
    }

    /// Sets the level of each target: 0 off, 1 error, up to 5 trace.
    pub fn set_levels(&self, levels: [u8; TARGETS]) {
        for (level, given) in self.levels.iter().zip(levels) {
            level.store(given.min(5), Ordering::Relaxed);
        }
        set_max_level();
    }

    fn push_line(&self, mut line: Line) {
        let mut queue = self.queue();
        if queue.closed {
            return;
        }
        // Set under the lock, so that times are in queue order.
        line.time = now();
        if queue.lines.len() >= MAX_LINES || queue.bytes + line.text.len() > MAX_BYTES {
            queue.dropped += 1;
            return;
        }
        queue.push_dropped_count();
        queue.push(line);
        let wake = !std::mem::replace(&mut queue.woken, true);
        drop(queue);
        if wake {
            (self.wake)();
        }
    }

    /// Takes up to `max` lines. The result is the number of lines that are still waiting, then the level, target,
    /// time, module and text of each line.
    pub fn take(&self, max: usize) -> Vec<u8> {
        let mut queue = self.queue();
        let mut lines = Vec::with_capacity(max.min(queue.lines.len()));
        while lines.len() < max
            && let Some(line) = queue.pop()
        {
            lines.push(line);
            if queue.lines.is_empty() {
                queue.push_dropped_count();
            }
        }
        let waiting = queue.lines.len();
        queue.woken = waiting > 0;
        drop(queue);
        let mut out = Vec::with_capacity(4 + lines.iter().map(|line| 64 + line.text.len()).sum::<usize>());
        out.put_u32(waiting as u32);
        for line in &lines {
            out.put_u8(line.level as u8);
            out.put_u8(line.target as u8);
            out.put_f64(line.time);
            out.put_text(&line.module);
            out.put_text(&line.text);
        }
        out
    }

    /// Ends the subscription and drops its lines.
    pub fn close(self: &Arc<Self>) {
        SINKS.write().retain(|sink| !Arc::ptr_eq(sink, self));
        let mut queue = self.queue();
        queue.closed = true;
        queue.lines.clear();
        drop(queue);
        set_max_level();
    }
}

/// Sets the maximum level of the `log` macros, so that a line that no subscriber wants costs one relaxed load.
fn set_max_level() {
    let sinks = SINKS.read();
    let max = sinks
        .iter()
        .flat_map(|sink| sink.levels.iter())
        .map(|level| level.load(Ordering::Relaxed))
        .max()
        .unwrap_or(0);
    log::set_max_level(match max {
        0 => LevelFilter::Off,
        1 => LevelFilter::Error,
        2 => LevelFilter::Warn,
        3 => LevelFilter::Info,
        4 => LevelFilter::Debug,
        _ => LevelFilter::Trace,
    });
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let Some(target) = Target::of(metadata.target()) else {
            return false;
        };
        let sinks = SINKS.read();
        sinks.iter().any(|sink| sink.accepts(metadata.level(), target))
    }

    fn log(&self, record: &Record<'_>) {
        let (level, Some(target)) = (record.level(), Target::of(record.target())) else {
            return;
        };
        if FORMATTING.get() || QUIET.try_with(|()| ()).is_ok() {
            return;
        }
        let accepting: Vec<Arc<Sink>> = {
            let sinks = SINKS.read();
            sinks
                .iter()
                .filter(|sink| sink.accepts(level, target))
                .cloned()
                .collect()
        };
        if accepting.is_empty() {
            return;
        }
        let text = {
            let _formatting = Formatting::begin();
            text_of(record)
        };
        for sink in accepting {
            sink.push_line(Line {
                level,
                target,
                module: record.target().to_owned(),
                text: Arc::clone(&text),
                time: 0.0,
            });
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
#[path = "logging_tests.rs"]
mod tests;
