//! The functions that JavaScript calls. `lib/native/native.ts` is the only caller.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use napi::bindgen_prelude::{FromNapiValue, Function, Uint8ArraySlice, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;
use parking_lot::{Condvar, Mutex};

use crate::client::transactions::Transactions;
use crate::common::errors::Failure;
use crate::common::{guard, runtime};
use crate::environment::Environment;
use crate::napi::array_buffer::array_buffer;
use crate::napi::buffer_loans::Loans;
use crate::napi::cleanup::Cleanup;
use crate::napi::wake::Wake;
use crate::requests::{Attachment, Channel};
use crate::telemetry::report;

/// Longest time that a blocking wait occupies the JavaScript thread, so that `worker.terminate()` can interrupt it.
const SLICE: Duration = Duration::from_millis(100);

fn js_error(failure: Failure) -> napi::Error {
    napi::Error::from_reason(failure.shown())
}

/// Runs an entry point and converts a failure or a panic to a JavaScript error.
pub(super) fn entry<T>(work: impl FnOnce() -> Result<T, Failure>) -> napi::Result<T> {
    guard::guard(work).and_then(|result| result).map_err(js_error)
}

/// The version of this binary. It must equal the version of the package that loads it.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Returns the digest of a key: RIPEMD-160 of the set, the key's type and its bytes. `lib/values/key.ts` encodes `key`.
#[napi(ts_return_type = "ArrayBuffer")]
pub fn digest(env: Env, key: &[u8]) -> napi::Result<Unknown<'static>> {
    let digest = entry(|| Ok(crate::convert::key::read(&mut crate::wire::Reader::new(key))?.digest()))?;
    to_unknown(env, array_buffer(env.raw(), digest.to_vec())?)
}

fn part(block: &[u8], length: u32) -> Result<&[u8], Failure> {
    block
        .get(..length as usize)
        .ok_or_else(|| Failure::client("a block is shorter than its length"))
}

fn to_unknown(env: Env, value: napi::sys::napi_value) -> napi::Result<Unknown<'static>> {
    // SAFETY: `value` was made in `env` by the running call.
    unsafe { Unknown::from_napi_value(env.raw(), value) }
}

/// Wakes JavaScript. A single reply wakes it at once. If more replies are pending, the wakeup is deferred until the
/// runtime has run the tasks that are ready now, so that replies that arrive together are delivered together: a wakeup
/// costs both threads more than a reply does.
fn wake_javascript(wake: &Arc<Wake>, more: bool) {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) if more => {
            let wake = Arc::clone(wake);
            runtime.spawn(async move {
                tokio::task::yield_now().await;
                wake.wake();
            });
        }
        _ => wake.wake(),
    }
}

/// Signals a waiting JavaScript thread that its blocking command was answered.
#[derive(Default)]
struct Signal {
    raised: Mutex<bool>,
    changed: Condvar,
}

impl Signal {
    fn raise(&self) {
        *self.raised.lock() = true;
        self.changed.notify_one();
    }

    /// Waits up to `SLICE` for the signal, resets it, and returns whether it was raised.
    fn wait(&self) -> bool {
        let mut raised = self.raised.lock();
        self.changed.wait_while_for(&mut raised, |raised| !*raised, SLICE);
        std::mem::take(&mut *raised)
    }
}

/// The state of one JavaScript environment. Each evaluation of the package creates one. It is open only while it has
/// clients, pending calls or another source of replies; while it is closed, it keeps no reference to JavaScript
/// objects.
#[napi]
pub struct NativeSession {
    environment: Arc<Environment>,
    wake: Arc<Wake>,
    signal: Arc<Signal>,
    held: AtomicBool,
    loans: Arc<Loans>,
    /// The cleanup hook that closes the session with its environment. Set while the session is open.
    cleanup: Cell<Option<Cleanup>>,
}

impl NativeSession {
    pub(super) fn environment(&self) -> &Environment {
        &self.environment
    }
}

#[napi]
impl NativeSession {
    /// Creates a session that is not open.
    #[napi(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        guard::install();
        crate::napi::pin::pin();
        let wake = Arc::new(Wake::default());
        let waker = Arc::clone(&wake);
        let signal = Arc::new(Signal::default());
        let raised = Arc::clone(&signal);
        let environment = Arc::new(Environment::new(
            Channel::new(Box::new(move |more| wake_javascript(&waker, more)), report::answered),
            Channel::new(Box::new(move |_| raised.raise()), report::answered),
        ));
        NativeSession {
            environment,
            wake,
            signal,
            held: AtomicBool::new(false),
            loans: Arc::default(),
            cleanup: Cell::new(None),
        }
    }

    /// Opens the session. `drain` is called on the JavaScript thread when replies are waiting; `hold` releases it.
    #[napi]
    pub fn open(&self, env: Env, drain: Function<'_, (), ()>) -> napi::Result<()> {
        let open = self.cleanup.take();
        if open.is_some() {
            self.cleanup.set(open);
            return Ok(());
        }
        self.wake.open(env.raw(), drain.raw())?;
        let (closing, released) = (Arc::clone(&self.environment), Arc::clone(&self.wake));
        // Cleanup hooks run in reverse order: this one runs before Node removes the threadsafe function.
        let cleanup = Cleanup::add(env.raw(), move || {
            closing.close();
            released.release();
        })?;
        self.cleanup.set(Some(cleanup));
        // Frames that were queued before `open` woke nobody.
        if self.environment.channel.has_frames() {
            self.wake.wake();
        }
        Ok(())
    }

    /// Accepts a block of requests for `client`: the first `length` bytes of `block`. `pending` is the number of calls
    /// that JavaScript is waiting for: the event loop stays alive while it is greater than 0.
    #[napi]
    pub fn submit(&self, env: Env, client: u32, block: &[u8], length: u32, pending: u32) -> napi::Result<()> {
        entry(|| {
            self.environment
                .submit(&self.environment.channel, client, part(block, length)?)
        })?;
        self.hold(env, pending);
        Ok(())
    }

    /// Sets the number of calls that JavaScript is waiting for. If there are none and the session is idle, closes the
    /// session and releases `drain`. Returns whether the session is open.
    #[napi]
    pub fn hold(&self, env: Env, pending: u32) -> bool {
        let Some(cleanup) = self.cleanup.take() else {
            return false;
        };
        let alive = pending > 0;
        if !alive && self.environment.is_idle() {
            self.held.store(false, Ordering::Relaxed);
            self.wake.release();
            cleanup.remove(env.raw());
            return false;
        }
        self.cleanup.set(Some(cleanup));
        if self.held.swap(alive, Ordering::Relaxed) != alive {
            self.wake.hold(env.raw(), alive);
        }
        true
    }

    /// Copies whole reply frames into `target`, at most `frames`. Returns the number of bytes; if more frames are
    /// waiting, returns minus the number of bytes minus 1.
    #[napi]
    pub fn drain(&self, mut target: Uint8ArraySlice<'_>, frames: u32) -> f64 {
        self.wake.taken();
        let drained = self.environment.channel.drain(bytes_mut(&mut target), frames);
        let bytes = drained.bytes as f64;
        if drained.more { -bytes - 1.0 } else { bytes }
    }

    /// Takes the attachment `number` of a reply; null if there is none.
    #[napi(ts_return_type = "ArrayBuffer | null")]
    pub fn take(&self, env: Env, number: u32, blocking: bool) -> napi::Result<Option<Unknown<'static>>> {
        let channel = if blocking {
            &self.environment.blocking
        } else {
            &self.environment.channel
        };
        let value = match channel.take(number) {
            None => return Ok(None),
            Some(Attachment::Bytes(bytes)) => array_buffer(env.raw(), bytes)?,
            Some(Attachment::Columns(columns)) => self.loans.lend(env.raw(), columns)?,
        };
        to_unknown(env, value).map(Some)
    }

    /// Detaches the memory of a previous result so that the next request can reuse it. Returns the number by which that
    /// request refers to it, or 0 if this session cannot reuse the memory.
    #[napi(ts_args_type = "memory: ArrayBuffer")]
    pub fn take_over(&self, env: Env, memory: Unknown<'_>) -> napi::Result<u32> {
        let taken = self.loans.take_over(env.raw(), memory.raw())?;
        Ok(taken.map_or(0, |memory| self.environment.reusable.keep(memory)))
    }

    /// Aborts the call in `slot`. Returns whether it is a write that may have been applied, or null if it was already
    /// answered and its reply is waiting to be drained.
    #[napi(ts_return_type = "boolean | null")]
    pub fn abort(&self, slot: u32) -> napi::Result<Option<bool>> {
        entry(|| Ok(self.environment.channel.abort(slot)))
    }

    /// Accepts one request whose reply this thread will wait for.
    #[napi]
    pub fn submit_blocking(&self, client: u32, block: &[u8], length: u32) -> napi::Result<()> {
        entry(|| {
            self.environment
                .submit(&self.environment.blocking, client, part(block, length)?)
        })
    }

    /// Waits up to 100 ms for that reply. Returns false if it has not arrived: call again.
    #[napi]
    pub fn wait_blocking(&self) -> bool {
        self.signal.wait()
    }

    /// Like `drain`, for blocking requests.
    #[napi]
    pub fn drain_blocking(&self, mut target: Uint8ArraySlice<'_>, frames: u32) -> f64 {
        let drained = self.environment.blocking.drain(bytes_mut(&mut target), frames);
        let bytes = drained.bytes as f64;
        if drained.more { -bytes - 1.0 } else { bytes }
    }

    /// Whether the client has at least one node that it can use.
    #[napi]
    pub fn is_connected(&self, client: u32) -> bool {
        self.environment
            .client(client)
            .is_some_and(|client| client.core.is_connected())
    }

    /// The names of the nodes that the client knows; empty if the client is closed.
    #[napi]
    pub fn node_names(&self, client: u32) -> Vec<String> {
        self.environment
            .client(client)
            .map(|client| client.core.node_names())
            .unwrap_or_default()
    }

    /// Closes a stream that is no longer read.
    #[napi]
    pub fn close_stream(&self, client: u32, stream: u32) {
        let _ = guard::guard(|| {
            if let Some(client) = self.environment.client(client) {
                client.streams.close(stream);
            }
        });
    }

    /// Forgets a transaction that has ended, or aborts one whose JavaScript object was garbage-collected.
    #[napi]
    pub fn release_transaction(&self, client: u32, transaction: u32) {
        let _ = guard::guard(|| {
            if let Some(client) = self.environment.client(client) {
                Transactions::release(&client, transaction);
            }
        });
    }

    /// The number of transactions of a client that are not released.
    #[napi]
    pub fn open_transactions(&self, client: u32) -> u32 {
        self.environment.client(client).map_or(0, |client| {
            u32::try_from(client.transactions.count()).unwrap_or(u32::MAX)
        })
    }

    /// The number of open streams of a client.
    #[napi]
    pub fn open_streams(&self, client: u32) -> u32 {
        self.environment
            .client(client)
            .map_or(0, |client| client.streams.count())
    }

    /// The number of tasks in the runtime of this process. For tests that look for leaked streams, calls and clients.
    #[napi]
    pub fn running_tasks(&self) -> u32 {
        u32::try_from(runtime::tasks()).unwrap_or(u32::MAX)
    }

    /// Closes a client whose JavaScript object was garbage-collected.
    #[napi]
    pub fn abandon(&self, client: u32) {
        let _ = guard::guard(|| self.environment.abandon(client));
    }
}

fn bytes_mut<'a>(target: &'a mut Uint8ArraySlice<'_>) -> &'a mut [u8] {
    // SAFETY: the buffer belongs to `lib/boundary/completion.ts`; nothing else uses it while this call runs on its
    // thread.
    unsafe { target.as_mut() }
}
