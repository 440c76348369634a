//! Streams: results that JavaScript pulls chunk by chunk.
//!
//! Producers push encoded rows and wait while the consumer is a bounded number of rows and bytes behind. A pull returns
//! a chunk, the end, or a failure after the rows that preceded it; `pulls` serves JavaScript's pulls. Closing a stream
//! (by the consumer, the garbage collector or the end of its client) stops its producers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use crate::common::errors::Failure;
use crate::convert::column::Columns;
use crate::requests::{Channel, EndReport};
use crate::telemetry::report;

/// A pull that finds this many rows does not wait for more.
const ENOUGH: usize = 128;

/// Limits of a stream's buffer.
#[derive(Debug, Clone, Copy)]
pub struct BufferLimits {
    /// Maximum number of rows in a chunk.
    pub chunk_rows: usize,
    /// Bytes at which a chunk is complete. Its last row may exceed this.
    pub chunk_bytes: usize,
    /// Number of buffered rows at which producers wait.
    pub ahead_rows: usize,
    /// Number of buffered bytes at which producers wait.
    pub ahead_bytes: usize,
    /// How long a pull waits for a started chunk to fill; `None`: until it is complete.
    pub linger: Option<Duration>,
}

impl BufferLimits {
    /// Limits for chunks of encoded rows.
    pub const ROWS: BufferLimits = BufferLimits {
        chunk_rows: 1024,
        chunk_bytes: 256 << 10,
        ahead_rows: 4096,
        ahead_bytes: 1 << 20,
        linger: Some(Duration::from_millis(1)),
    };

    /// Limits for chunks of columns, of `rows` rows each except the last. The fixed-width memory of a chunk is known in
    /// advance, so the bytes here count only variable-length values. The buffer holds two whole chunks: with less, a
    /// pull could wait for a chunk that producers have no room to fill, or a parked stream could never resume.
    pub fn columns(rows: usize) -> BufferLimits {
        const VARYING_BYTES: usize = 16 << 20;
        BufferLimits {
            chunk_rows: rows,
            chunk_bytes: VARYING_BYTES,
            ahead_rows: rows.saturating_mul(2),
            ahead_bytes: VARYING_BYTES * 2,
            linger: None,
        }
    }
}

/// The rows of a chunk.
pub enum ChunkRows {
    /// Concatenated encoded rows.
    Encoded(Vec<u8>),
    /// Rows in columns.
    Columns(Box<Columns>),
}

/// Creates the rows of a new chunk, or fails if there is not enough memory.
pub type ChunkFactory = Box<dyn Fn() -> Result<ChunkRows, Failure> + Send + Sync>;

/// The rows that one pull returns.
pub struct Chunk {
    pub rows: ChunkRows,
    pub count: usize,
    bytes: usize,
}

/// The result of a pull.
pub struct Pull {
    /// The rows; `None` if only the end was left.
    pub chunk: Option<Chunk>,
    /// Set when no more rows follow: the final data of the stream.
    pub ended: Option<Vec<u8>>,
}

/// The result of pushing a row.
pub struct Pushed {
    go_on: bool,
    full: Option<Arc<Stream>>,
}

impl Pushed {
    /// Waits until there is room for more rows. Returns whether to continue.
    pub async fn room(self) -> bool {
        match self.full {
            Some(stream) => stream.wait_for_room().await,
            None => self.go_on,
        }
    }
}

/// Why producers must stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The stream is closed.
    Closed,
    /// The consumer has stopped reading: the producers must release their resources until it reads again.
    Parked,
}

struct Inner {
    ready: VecDeque<Chunk>,
    filling: Option<Chunk>,
    rows: usize,
    bytes: usize,
    outcome: Option<Result<Vec<u8>, Failure>>,
    stop: Option<Stop>,
    /// Whether a pull may return an incomplete chunk.
    may_linger: bool,
    /// Whether a pull is waiting.
    pulling: bool,
    last_pull: Instant,
}

/// A stream, shared by its producers, its driver and its pulls.
pub struct Stream {
    channel: Arc<Channel>,
    bounds: BufferLimits,
    fresh: ChunkFactory,
    inner: Mutex<Inner>,
    /// The call that opened the stream, until its end is reported; `None` if nothing observes it.
    report: Mutex<Option<EndReport>>,
    // Each of these wakes all of its waiters with `notify_waiters`, and every waiter creates its `notified()` future
    // before it checks the state. So no wakeup is missed, and no waiter takes the wakeup of another: the driver awaits
    // several conditions at once.
    /// Wakes the pull.
    rows: Notify,
    /// Wakes producers that wait for room or must stop.
    room: Notify,
    /// Wakes the driver: a pull arrived, producers are waiting, or the stream is closed.
    driver: Notify,
}

impl Stream {
    /// Creates a stream of encoded rows, which refer to the shapes of `channel`.
    pub fn encoded(channel: Arc<Channel>) -> Arc<Self> {
        Self::new(
            channel,
            BufferLimits::ROWS,
            Box::new(|| Ok(ChunkRows::Encoded(Vec::new()))),
        )
    }

    /// Creates a stream whose chunks are created by `fresh`.
    pub fn new(channel: Arc<Channel>, bounds: BufferLimits, fresh: ChunkFactory) -> Arc<Self> {
        Arc::new(Stream {
            channel,
            bounds,
            fresh,
            inner: Mutex::new(Inner {
                ready: VecDeque::new(),
                filling: None,
                rows: 0,
                bytes: 0,
                outcome: None,
                stop: None,
                may_linger: bounds.linger.is_some(),
                pulling: false,
                last_pull: Instant::now(),
            }),
            report: Mutex::default(),
            rows: Notify::new(),
            room: Notify::new(),
            driver: Notify::new(),
        })
    }

    /// The channel whose shapes the rows refer to.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock()
    }

    /// Adds a row with `add`, which returns the number of bytes added. A row that is pushed to a parked stream is kept
    /// and counts as delivered.
    pub fn push(self: &Arc<Self>, add: impl FnOnce(&mut ChunkRows) -> usize) -> Pushed {
        let go_on = self.add(add) == Some(true);
        let full = (go_on && self.full()).then(|| Arc::clone(self));
        Pushed { go_on, full }
    }

    fn full(&self) -> bool {
        let inner = self.lock();
        inner.rows >= self.bounds.ahead_rows || inner.bytes >= self.bounds.ahead_bytes
    }

    /// Returns `None` if the stream is closed, else whether to continue.
    fn add(&self, add: impl FnOnce(&mut ChunkRows) -> usize) -> Option<bool> {
        let mut inner = self.lock();
        if inner.stop == Some(Stop::Closed) || inner.outcome.is_some() {
            return None;
        }
        if inner.filling.is_none() {
            match (self.fresh)() {
                Ok(rows) => {
                    inner.filling = Some(Chunk {
                        rows,
                        count: 0,
                        bytes: 0,
                    });
                }
                Err(failure) => {
                    drop(inner);
                    self.fail_now(failure);
                    return None;
                }
            }
        }
        let chunk = inner.filling.as_mut()?;
        let bytes = add(&mut chunk.rows);
        chunk.count += 1;
        chunk.bytes += bytes;
        let first = chunk.count == 1;
        let whole = chunk.count >= self.bounds.chunk_rows || chunk.bytes >= self.bounds.chunk_bytes;
        inner.rows += 1;
        inner.bytes += bytes;
        if whole && let Some(chunk) = inner.filling.take() {
            inner.ready.push_back(chunk);
        }
        let wake = inner.pulling && (first || whole);
        let go_on = inner.stop.is_none();
        let full = inner.rows >= self.bounds.ahead_rows || inner.bytes >= self.bounds.ahead_bytes;
        drop(inner);
        if wake {
            self.rows.notify_waiters();
        }
        if full {
            self.driver.notify_waiters();
        }
        Some(go_on)
    }

    /// Waits until `look` returns a value. Checks again after each wakeup by `changed`.
    async fn until<T>(&self, changed: &Notify, mut look: impl FnMut(&mut Inner) -> Option<T>) -> T {
        loop {
            let woken = changed.notified();
            let found = look(&mut self.lock());
            match found {
                Some(found) => return found,
                None => woken.await,
            }
        }
    }

    async fn wait_for_room(&self) -> bool {
        self.until(&self.room, |inner| {
            if inner.stop.is_some() || inner.outcome.is_some() {
                return Some(false);
            }
            let room = inner.rows < self.bounds.ahead_rows && inner.bytes < self.bounds.ahead_bytes;
            room.then_some(true)
        })
        .await
    }

    /// Takes over the report of the call that opened the stream, so that the call ends with the stream.
    pub fn take_over_report(&self, mut report: EndReport) {
        report.rows = Some(0);
        *self.report.lock() = Some(report);
    }

    /// Adds `rows` to the number of delivered rows.
    pub fn count_delivered(&self, rows: usize) {
        if let Some(report) = self.report.lock().as_mut() {
            *report.rows.get_or_insert(0) += rows as u64;
        }
    }

    /// Reports the end of the stream, once.
    pub fn report_end(&self, failure: Option<&Failure>) {
        let report = self.report.lock().take();
        if let Some(report) = report {
            report::end(&report, failure);
        }
    }

    /// Ends the stream after the buffered rows, with its final data or a failure.
    pub fn end(&self, outcome: Result<Vec<u8>, Failure>) {
        self.lock().outcome.get_or_insert(outcome);
        self.rows.notify_waiters();
        self.room.notify_waiters();
    }

    /// Fails at once and drops the buffered rows: for a deadline or a client that closes.
    pub fn fail_now(&self, failure: Failure) {
        {
            let mut inner = self.lock();
            if matches!(inner.outcome, Some(Ok(_))) && inner.rows == 0 {
                return;
            }
            inner.outcome = Some(Err(failure));
            inner.forget_rows();
            inner.stop = Some(Stop::Closed);
        }
        self.wake_all();
    }

    /// Closes the stream: drops the buffered rows and stops the producers.
    pub fn close(&self) {
        {
            let mut inner = self.lock();
            inner.stop = Some(Stop::Closed);
            inner.forget_rows();
        }
        self.wake_all();
    }

    fn wake_all(&self) {
        self.rows.notify_waiters();
        self.room.notify_waiters();
        self.driver.notify_waiters();
    }

    /// Why producers must stop, if they must.
    pub fn stop(&self) -> Option<Stop> {
        self.lock().stop
    }

    /// Whether the stream is closed.
    pub fn closed(&self) -> bool {
        self.stop() == Some(Stop::Closed)
    }

    /// Waits until the stream is closed.
    pub async fn until_closed(&self) {
        self.until(&self.driver, |inner| (inner.stop == Some(Stop::Closed)).then_some(()))
            .await;
    }

    /// Waits until the buffer is full and no pull has arrived for `rest`, then parks the stream: producers stop and
    /// release their resources. Also returns when the stream is closed. For the driver only.
    pub async fn until_parked(&self, rest: impl Fn() -> Duration) -> Stop {
        const LOOK: Duration = Duration::from_millis(20);
        loop {
            let woken = self.driver.notified();
            let full = {
                let mut inner = self.lock();
                if let Some(stop) = inner.stop {
                    return stop;
                }
                let full = inner.rows >= self.bounds.ahead_rows || inner.bytes >= self.bounds.ahead_bytes;
                if full && !inner.pulling && inner.last_pull.elapsed() >= rest() {
                    inner.stop = Some(Stop::Parked);
                }
                full
            };
            if self.stop() == Some(Stop::Parked) {
                self.room.notify_waiters();
                return Stop::Parked;
            }
            if full {
                let _ = tokio::time::timeout(LOOK, woken).await;
            } else {
                woken.await;
            }
        }
    }

    /// Waits until a parked stream is drained to half of its limits, then lets producers continue. Returns false if the
    /// stream was closed. For the driver only.
    pub async fn until_wanted(&self) -> bool {
        self.until(&self.driver, |inner| {
            if inner.stop == Some(Stop::Closed) {
                return Some(false);
            }
            let wanted = inner.rows <= self.bounds.ahead_rows / 2 && inner.bytes <= self.bounds.ahead_bytes / 2;
            wanted.then(|| {
                inner.stop = None;
                true
            })
        })
        .await
    }

    /// Waits for the next chunk or the end. Only one pull may run at a time.
    ///
    /// # Errors
    /// The stream failed, and the rows before the failure are already delivered; or the stream was closed.
    pub async fn pull(&self) -> Result<Pull, Failure> {
        let waits = Pulling(self);
        {
            let mut inner = self.lock();
            inner.pulling = true;
            inner.last_pull = Instant::now();
        }
        let mut linger: Option<Instant> = None;
        let pulled = loop {
            let woken = self.rows.notified();
            let since = {
                let mut inner = self.lock();
                let lingered = linger.is_some_and(|since| self.bounds.linger.is_some_and(|max| since.elapsed() >= max));
                if let Some(pulled) = inner.take(lingered)? {
                    break pulled;
                }
                inner.filling.is_some()
            };
            match (since, self.bounds.linger) {
                (true, Some(max)) => {
                    linger.get_or_insert_with(Instant::now);
                    let _ = tokio::time::timeout(max, woken).await;
                }
                _ => woken.await,
            }
        };
        drop(waits);
        self.room.notify_waiters();
        self.driver.notify_waiters();
        Ok(pulled)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.report_end(None);
    }
}

/// Marks a waiting pull until it is dropped.
struct Pulling<'s>(&'s Stream);

impl Drop for Pulling<'_> {
    fn drop(&mut self) {
        self.0.lock().pulling = false;
    }
}

impl Inner {
    fn forget_rows(&mut self) {
        self.ready.clear();
        self.filling = None;
        self.rows = 0;
        self.bytes = 0;
    }

    /// Returns the next chunk if it is complete; an incomplete one if no more rows follow or the pull has waited long
    /// enough.
    fn take(&mut self, lingered: bool) -> Result<Option<Pull>, Failure> {
        if self.stop == Some(Stop::Closed) && self.outcome.is_none() {
            return Err(Failure::client("the stream is closed"));
        }
        let chunk = self.ready.pop_front().or_else(|| {
            let enough = self.filling.as_ref().is_some_and(|chunk| chunk.count >= ENOUGH);
            let whole = self.outcome.is_some() || lingered || (enough && self.may_linger);
            if whole { self.filling.take() } else { None }
        });
        if let Some(chunk) = &chunk {
            self.rows -= chunk.count;
            self.bytes -= chunk.bytes;
        }
        let last = self.ready.is_empty() && self.filling.is_none();
        let ended = match &mut self.outcome {
            Some(Ok(trailer)) if last => Some(std::mem::take(trailer)),
            // Deliver the rows that preceded a failure first.
            Some(Err(failure)) if chunk.is_none() => return Err(failure.clone()),
            _ => None,
        };
        Ok((chunk.is_some() || ended.is_some()).then_some(Pull { chunk, ended }))
    }
}

#[cfg(test)]
#[path = "buffer_tests.rs"]
pub mod tests;
