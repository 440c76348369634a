//! An environment's share of the log lines: `lib/logging.ts` is the only caller.

use std::sync::Arc;

use napi::bindgen_prelude::{FromNapiValue, Function, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;

use super::buffer::array_buffer;
use super::wake::Wake;
use crate::guard;
use crate::logging::{Sink, TARGETS};

/// Log lines on their way to JavaScript. Made when an environment sets its first logger; never keeps its loop alive.
#[napi]
pub struct NativeLogs {
    sink: Arc<Sink>,
}

#[napi]
impl NativeLogs {
    /// `wake` is called on the JavaScript thread when lines wait.
    #[napi(constructor)]
    pub fn new(env: Env, wake: Function<'_, (), ()>) -> napi::Result<Self> {
        guard::install();
        super::pin::pin();
        let wake = Arc::new(Wake::new(env.raw(), wake.raw())?);
        let waker = Arc::clone(&wake);
        let sink = Sink::new(Box::new(move || waker.wake()));
        let closing = Arc::clone(&sink);
        // Registered after the threadsafe function, and therefore run before Node takes that away.
        env.add_env_cleanup_hook((), move |()| {
            let _ = guard::guard(|| {
                closing.close();
                wake.release();
            });
        })?;
        Ok(NativeLogs { sink })
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
