//! An environment's share of the log lines: `lib/telemetry/logging.ts` is the only caller.

use std::cell::Cell;
use std::sync::Arc;

use napi::bindgen_prelude::{FromNapiValue, Function, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;

use super::buffer::array_buffer;
use super::cleanup::Cleanup;
use super::wake::Wake;
use crate::guard;
use crate::logging::{Sink, TARGETS};

/// Log lines on their way to JavaScript. Made when an environment sets a logger, closed when it has none any more; never keeps
/// its loop alive.
#[napi]
pub struct NativeLogs {
    sink: Arc<Sink>,
    wake: Arc<Wake>,
    cleanup: Cell<Option<Cleanup>>,
}

#[napi]
impl NativeLogs {
    /// `wake` is called on the JavaScript thread when lines wait.
    #[napi(constructor)]
    pub fn new(env: Env, wake: Function<'_, (), ()>) -> napi::Result<Self> {
        guard::install();
        super::pin::pin();
        let waker = Arc::new(Wake::default());
        waker.open(env.raw(), wake.raw())?;
        let woken = Arc::clone(&waker);
        let sink = Sink::new(Box::new(move || woken.wake()));
        let (closing, released) = (Arc::clone(&sink), Arc::clone(&waker));
        // Added after the threadsafe function, and therefore done before Node takes that away.
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

    /// Hears nothing any more, and keeps nothing of the environment.
    #[napi]
    pub fn close(&self, env: Env) {
        self.sink.close();
        self.wake.release();
        if let Some(cleanup) = self.cleanup.take() {
            cleanup.remove(env.raw());
        }
    }

    /// What is heard, by target: 0 nothing, 1 errors, 2 warnings, 3 infos, 4 debug lines, 5 traces.
    #[napi]
    pub fn set_levels(&self, napi: u8, cluster: u8, batch: u8, command: u8) {
        let levels: [u8; TARGETS] = [napi, cluster, batch, command];
        self.sink.set_levels(levels);
    }

    /// Takes up to `most` lines: how many wait behind them (u32), then for each level u8, target u8, ms since 1970 f64, module
    /// and text.
    #[napi(ts_return_type = "ArrayBuffer")]
    pub fn take(&self, env: Env, most: u32) -> napi::Result<Unknown<'static>> {
        let value = array_buffer(env.raw(), self.sink.take(most as usize))?;
        // SAFETY: `value` was made in `env` by the running call.
        unsafe { Unknown::from_napi_value(env.raw(), value) }
    }
}
