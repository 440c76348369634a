//! Streams: results that JavaScript pulls chunk by chunk.
//!
//! Producers push rows, already encoded, and wait while a bounded number of rows and bytes lie ahead of the consumer. A pull
//! brings a chunk, the end, or the failure after the rows that came before it; `pulls` answers JavaScript's. A stream that is
//! closed (by the consumer, the collector, its client's end) tells its producers to stop.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::boundary::completion::Channel;
use crate::convert::column::Columns;
use crate::errors::Failure;
use crate::observe::Call;

/// A pull that finds so many rows does not wait for more.
const ENOUGH: usize = 128;

/// How much a stream holds.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Rows of a chunk at most.
    pub chunk_rows: usize,
    /// Bytes of a chunk, which its last row may exceed.
    pub chunk_bytes: usize,
    /// Rows ahead of the consumer, beyond which producers wait.
    pub ahead_rows: usize,
    /// Bytes ahead of the consumer, beyond which producers wait.
    pub ahead_bytes: usize,
    /// How long a pull waits for a chunk to fill that has rows already; None: until it is full.
    pub linger: Option<Duration>,
}

impl Bounds {
    /// Chunks of encoded rows.
    pub const ROWS: Bounds = Bounds {
        chunk_rows: 1024,
        chunk_bytes: 256 << 10,
        ahead_rows: 4096,
        ahead_bytes: 1 << 20,
        linger: Some(Duration::from_millis(1)),
    };

    /// Chunks of columns, each of `rows` rows but the last. What rows have in common is known before; the bytes here are
    /// those of varying length. What lies ahead is two whole chunks: less could keep a pull waiting for a chunk that
    /// producers have no room to fill, or a parked stream from going on.
    pub fn columns(rows: usize) -> Bounds {
        const VARYING_BYTES: usize = 16 << 20;
        Bounds {
            chunk_rows: rows,
            chunk_bytes: VARYING_BYTES,
            ahead_rows: rows.saturating_mul(2),
            ahead_bytes: VARYING_BYTES * 2,
            linger: None,
        }
    }
}

/// Some rows on their way.
pub enum Rows {
    /// Encoded one behind the other.
    Encoded(Vec<u8>),
    /// Laid into columns.
    Columns(Box<Columns>),
}

/// Makes the rows of a new chunk, if there is memory for them.
pub type Fresh = Box<dyn Fn() -> Result<Rows, Failure> + Send + Sync>;

/// Rows that a pull brings at once.
pub struct Chunk {
    /// The rows.
    pub rows: Rows,
    /// How many.
    pub count: usize,
    bytes: usize,
}

/// What a pull brings.
pub struct Pulled {
    /// Rows; None where only the end came.
    pub chunk: Option<Chunk>,
    /// No more rows come; with what is said at the end.
    pub ended: Option<Vec<u8>>,
}

/// What became of a row that was pushed.
pub struct Push {
    go_on: bool,
    full: Option<Arc<Stream>>,
}

impl Push {
    /// Waits until there is room for more. Tells whether to go on.
    pub async fn room(self) -> bool {
        match self.full {
            Some(stream) => stream.wait_for_room().await,
            None => self.go_on,
        }
    }
}

/// Why producers are to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Nobody wants rows any more.
    Closed,
    /// The consumer rests: what the producers hold is to be given back until it comes again.
    Parked,
}

struct Inner {
    ready: VecDeque<Chunk>,
    filling: Option<Chunk>,
    rows: usize,
    bytes: usize,
    outcome: Option<Result<Vec<u8>, Failure>>,
    stop: Option<Stop>,
    /// Chunks need not be whole.
    may_linger: bool,
    /// A pull waits.
    pulling: bool,
    last_pull: Instant,
}

/// One stream, shared by its producers, its driver and its pulls.
pub struct Stream {
    channel: Arc<Channel>,
    bounds: Bounds,
    /// Makes the rows of a new chunk.
    fresh: Fresh,
    inner: Mutex<Inner>,
    /// What is told of it at its end, if anybody listens.
    call: Mutex<Option<Call>>,
    // Each of these wakes all that wait for it, by `notify_waiters`, and whoever waits creates its `notified()` before it
    // looks at the state. So a wake-up is neither missed nor taken by one waiter from another: the driver awaits several
    // conditions at once.
    /// Wakes the pull.
    rows: Notify,
    /// Wakes producers that wait for room, or are to stop.
    room: Notify,
    /// Wakes the driver: a pull came, producers wait, or it is to stop.
    driver: Notify,
}

impl Stream {
    /// A stream of encoded rows whose shapes are those of `channel`.
    pub fn encoded(channel: Arc<Channel>) -> Arc<Self> {
        Self::new(channel, Bounds::ROWS, Box::new(|| Ok(Rows::Encoded(Vec::new()))))
    }

    /// A stream whose chunks `fresh` makes.
    pub fn new(channel: Arc<Channel>, bounds: Bounds, fresh: Fresh) -> Arc<Self> {
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
            call: Mutex::default(),
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
        // Plain data, consistent between statements.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a row by `add`, which gives how many bytes it took. A row of a parked stream is kept: it counts as delivered.
    pub fn push(self: &Arc<Self>, add: impl FnOnce(&mut Rows) -> usize) -> Push {
        let go_on = self.add(add) == Some(true);
        let full = (go_on && self.full()).then(|| Arc::clone(self));
        Push { go_on, full }
    }

    fn full(&self) -> bool {
        let inner = self.lock();
        inner.rows >= self.bounds.ahead_rows || inner.bytes >= self.bounds.ahead_bytes
    }

    /// None when the stream is closed, else whether to go on.
    fn add(&self, add: impl FnOnce(&mut Rows) -> usize) -> Option<bool> {
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
        let tell = inner.pulling && (first || whole);
        let go_on = inner.stop.is_none();
        let full = inner.rows >= self.bounds.ahead_rows || inner.bytes >= self.bounds.ahead_bytes;
        drop(inner);
        if tell {
            self.rows.notify_waiters();
        }
        if full {
            self.driver.notify_waiters();
        }
        Some(go_on)
    }

    /// Waits until `look` finds what it looks for; it looks again after each wake-up by `changed`.
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

    /// Takes over what is told of the call that has opened it: it ends with the stream.
    pub fn observe(&self, mut call: Call) {
        call.rows = Some(0);
        *self.call.lock().unwrap_or_else(PoisonError::into_inner) = Some(call);
    }

    /// So many rows were given.
    pub fn gave(&self, rows: usize) {
        if let Some(call) = self.call.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            *call.rows.get_or_insert(0) += rows as u64;
        }
    }

    /// Tells of its end, once.
    pub fn tell_end(&self, failure: Option<&Failure>) {
        let call = self.call.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(call) = call {
            call.end(failure);
        }
    }

    /// No more rows come: the stream ends with `outcome`, what is said at its end or why it failed.
    pub fn end(&self, outcome: Result<Vec<u8>, Failure>) {
        self.lock().outcome.get_or_insert(outcome);
        self.rows.notify_waiters();
        self.room.notify_waiters();
    }

    /// Fails at once, whatever rows are there: a deadline, a client that closes.
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

    /// Nobody pulls any more: producers are told to stop.
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

    /// Why producers are to stop, if they are.
    pub fn stop(&self) -> Option<Stop> {
        self.lock().stop
    }

    /// Whether nobody wants rows any more.
    pub fn closed(&self) -> bool {
        self.stop() == Some(Stop::Closed)
    }

    /// Waits until nobody wants rows any more.
    pub async fn until_closed(&self) {
        self.until(&self.driver, |inner| (inner.stop == Some(Stop::Closed)).then_some(()))
            .await;
    }

    /// Waits until producers have filled all there is room for and no pull came for `rest`; then they are told to stop and
    /// to give back what they hold. Or until the stream is closed. For the driver alone.
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

    /// Waits until a parked stream is pulled down to half of what it may hold, and lets producers go on. False when it was
    /// closed meanwhile. For the driver alone.
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

    /// Waits for the next chunk, or the end. One pull at a time.
    ///
    /// # Errors
    /// What the stream failed with, once the rows before it were given; a stream that was closed.
    pub async fn pull(&self) -> Result<Pulled, Failure> {
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
                let lingered =
                    linger.is_some_and(|since| self.bounds.linger.is_some_and(|most| since.elapsed() >= most));
                if let Some(pulled) = inner.take(lingered)? {
                    break pulled;
                }
                inner.filling.is_some()
            };
            match (since, self.bounds.linger) {
                (true, Some(most)) => {
                    linger.get_or_insert_with(Instant::now);
                    let _ = tokio::time::timeout(most, woken).await;
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
        self.tell_end(None);
    }
}

/// A pull that waits; dropped with it.
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

    /// The next chunk, if there is a whole one, or what there is when no more comes or enough was waited for.
    fn take(&mut self, lingered: bool) -> Result<Option<Pulled>, Failure> {
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
            Some(Ok(said)) if last => Some(std::mem::take(said)),
            // The rows that came before a failure are given first.
            Some(Err(failure)) if chunk.is_none() => return Err(failure.clone()),
            _ => None,
        };
        Ok((chunk.is_some() || ended.is_some()).then_some(Pulled { chunk, ended }))
    }
}

#[cfg(test)]
#[path = "streams_tests.rs"]
mod tests;
