//! Wakes the JavaScript thread of an environment from any other thread.
//!
//! Each environment has one threadsafe function. It exists only while something can wake the environment, and it is
//! unreferenced unless JavaScript has pending work, so an idle client does not keep the process alive. napi's own
//! wrapper is not used, because it allocates for each call and passes arguments that are not needed here.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use napi::sys;
use parking_lot::{Mutex, MutexGuard};

use crate::telemetry::metrics;

/// One in this many wakeups is measured.
const MEASURED: u64 = 8;

/// The handle of a threadsafe function that calls a JavaScript function without arguments.
#[derive(Debug)]
pub struct Wake {
    /// Null while closed. The lock prevents a call from another thread while the function is being released.
    function: Mutex<Function>,
    /// When the pending wakeup was requested, in nanoseconds after `since`; 0 if none is being measured.
    woken: AtomicU64,
    since: Instant,
    /// Number of wakeups so far.
    wakes: AtomicU64,
}

#[derive(Debug)]
struct Function(sys::napi_threadsafe_function);

// SAFETY: a threadsafe function may be called from any thread.
unsafe impl Send for Function {}

unsafe extern "C" fn call(env: sys::napi_env, callback: sys::napi_value, _: *mut c_void, _: *mut c_void) {
    // Both are null when the environment is being torn down.
    if env.is_null() || callback.is_null() {
        return;
    }
    let mut receiver = ptr::null_mut();
    let mut result = ptr::null_mut();
    // SAFETY: Node calls us on the JavaScript thread of `env`, inside a handle scope. An exception that the callback
    // throws stays pending and is Node's to report.
    unsafe {
        if sys::napi_get_undefined(env, &mut receiver) == sys::Status::napi_ok {
            sys::napi_call_function(env, receiver, callback, 0, ptr::null(), &mut result);
        }
    }
}

impl Default for Wake {
    fn default() -> Self {
        Wake {
            function: Mutex::new(Function(ptr::null_mut())),
            woken: AtomicU64::new(0),
            since: Instant::now(),
            wakes: AtomicU64::new(0),
        }
    }
}

impl Wake {
    /// Enables wakeups, which call `callback`, a JavaScript function of `env`. Node keeps it until `release`.
    pub fn open(&self, env: sys::napi_env, callback: sys::napi_value) -> napi::Result<()> {
        let mut name = ptr::null_mut();
        let mut function = ptr::null_mut();
        let label = c"aerospike";
        // SAFETY: `env` and `callback` belong to the running call; the out pointers are ours.
        let status = unsafe {
            sys::napi_create_string_utf8(env, label.as_ptr(), label.count_bytes() as isize, &mut name);
            sys::napi_create_threadsafe_function(
                env,
                callback,
                ptr::null_mut(),
                name,
                0,
                1,
                ptr::null_mut(),
                None,
                ptr::null_mut(),
                Some(call),
                &mut function,
            )
        };
        if status != sys::Status::napi_ok {
            return Err(napi::Error::from_reason("the completion queue could not be set up"));
        }
        // SAFETY: just made, on this thread.
        unsafe { sys::napi_unref_threadsafe_function(env, function) };
        self.release();
        self.lock().0 = function;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Function> {
        self.function.lock()
    }

    /// Only one in `MEASURED` wakeups is measured, unless the stages are profiled: if each wakeup delivers one reply,
    /// two clock reads would be a large part of the cost of metrics.
    fn is_measured(&self) -> bool {
        self.wakes.fetch_add(1, Ordering::Relaxed).is_multiple_of(MEASURED) || metrics::profiled()
    }

    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Call when the JavaScript thread starts to drain: records the time since the wakeup in the metrics.
    pub fn taken(&self) {
        if self.woken.load(Ordering::Relaxed) == 0 {
            return;
        }
        let woken = self.woken.swap(0, Ordering::Relaxed);
        if woken != 0 {
            metrics::delayed(Duration::from_nanos(self.now().saturating_sub(woken)));
        }
    }

    /// Wakes the thread, unless its environment is gone.
    pub fn wake(&self) {
        if metrics::on() && self.is_measured() {
            self.woken.store(self.now(), Ordering::Relaxed);
        }
        let function = self.lock();
        if !function.0.is_null() {
            // SAFETY: not released while we hold the lock; callable from any thread.
            unsafe {
                sys::napi_call_threadsafe_function(
                    function.0,
                    ptr::null_mut(),
                    sys::ThreadsafeFunctionCallMode::nonblocking,
                );
            }
        }
    }

    /// References the function, so that the event loop stays alive, or unreferences it.
    pub fn hold(&self, env: sys::napi_env, alive: bool) {
        let function = self.lock();
        if function.0.is_null() {
            return;
        }
        // SAFETY: on the environment's thread, with a function that was not released.
        unsafe {
            if alive {
                sys::napi_ref_threadsafe_function(env, function.0);
            } else {
                sys::napi_unref_threadsafe_function(env, function.0);
            }
        }
    }

    /// Releases the function: it is not called any more, and Node drops its references.
    pub fn release(&self) {
        let function = std::mem::replace(&mut self.lock().0, ptr::null_mut());
        if !function.is_null() {
            // SAFETY: the function is ours and is released only once.
            unsafe {
                sys::napi_release_threadsafe_function(function, sys::ThreadsafeFunctionReleaseMode::abort);
            }
        }
    }
}
