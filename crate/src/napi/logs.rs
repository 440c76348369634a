//! Delivers log lines to an environment. `lib/telemetry/logging.ts` is the only caller.

use std::cell::Cell;
use std::sync::Arc;

use napi::bindgen_prelude::{FromNapiValue, Function, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;

use crate::common::guard;
use crate::napi::array_buffer::array_buffer;
use crate::napi::cleanup::Cleanup;
use crate::napi::wake::Wake;
use crate::telemetry::logging::{Sink, TARGETS};

/// The log subscription of one environment. Created when the environment sets a logger, closed when it removes the last
/// one. It does not keep the event loop alive.
#[napi]
pub struct NativeLogs {
    sink: Arc<Sink>,
    wake: Arc<Wake>,
    cleanup: Cell<Option<Cleanup>>,
}

#[napi]
impl NativeLogs {
    /// Subscribes. `wake` is called on the JavaScript thread when lines are waiting.
    #[napi(constructor)]
    pub fn new(env: Env, wake: Function<'_, (), ()>) -> napi::Result<Self> {
        guard::install();
        crate::napi::pin::pin();
        let waker = Arc::new(Wake::default());
        waker.open(env.raw(), wake.raw())?;
        let woken = Arc::clone(&waker);
        let sink = Sink::new(Box::new(move || woken.wake()));
        let (closing, released) = (Arc::clone(&sink), Arc::clone(&waker));
        // Cleanup hooks run in reverse order: this one runs before Node removes the threadsafe function.
        let cleanup = Cleanup::add(env.raw(), move || {
            closing.close();
            released.release();
        })?;
        Ok(NativeLogs {
            sink,
            wake: waker,
            cleanup: Cell::new(Some(cleanup)),
        })
    }

    /// Ends the subscription and releases every reference to the environment.
    #[napi]
    pub fn close(&self, env: Env) {
        self.sink.close();
        self.wake.release();
        if let Some(cleanup) = self.cleanup.take() {
            cleanup.remove(env.raw());
        }
    }

    /// Sets the highest level that is delivered, by target: 0 off, 1 error, 2 warn, 3 info, 4 debug, 5 trace.
    #[napi]
    pub fn set_levels(&self, napi: u8, cluster: u8, batch: u8, command: u8) {
        let levels: [u8; TARGETS] = [napi, cluster, batch, command];
        self.sink.set_levels(levels);
    }

    /// Takes up to `max` lines. The result starts with the number of lines that are still waiting (u32); each line is
    /// level u8, target u8, milliseconds since 1970 f64, module and text.
    #[napi(ts_return_type = "ArrayBuffer")]
    pub fn take(&self, env: Env, max: u32) -> napi::Result<Unknown<'static>> {
        let value = array_buffer(env.raw(), self.sink.take(max as usize))?;
        // SAFETY: `value` was made in `env` by the running call.
        unsafe { Unknown::from_napi_value(env.raw(), value) }
    }
}
