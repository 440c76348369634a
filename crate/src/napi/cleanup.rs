//! Work that runs when an environment ends. napi's own hook leaks its data when it is removed, so this calls Node-API
//! directly.

use std::ffi::c_void;

use napi::sys;

use crate::common::guard;

type Work = Box<dyn FnOnce()>;

/// A registered cleanup hook.
#[derive(Debug)]
pub struct Cleanup {
    work: *mut Work,
}

unsafe extern "C" fn run(work: *mut c_void) {
    // SAFETY: `work` is the box that `add` leaked. Node calls this once, and never after the hook was removed.
    let work = unsafe { Box::from_raw(work.cast::<Work>()) };
    let _ = guard::guard(work);
}

impl Cleanup {
    /// Runs `work` when `env` ends, before hooks that were added earlier.
    pub fn add(env: sys::napi_env, work: impl FnOnce() + 'static) -> napi::Result<Self> {
        let work = Box::into_raw(Box::new(Box::new(work) as Work));
        // SAFETY: `env` is the environment of the running call; `work` lives until `run` or `remove` takes it.
        let status = unsafe { sys::napi_add_env_cleanup_hook(env, Some(run), work.cast()) };
        if status == sys::Status::napi_ok {
            return Ok(Cleanup { work });
        }
        // SAFETY: the call failed, so nothing else owns the box.
        drop(unsafe { Box::from_raw(work) });
        Err(napi::Error::from_reason("a cleanup hook could not be added"))
    }

    /// Removes the hook and drops its data.
    pub fn remove(self, env: sys::napi_env) {
        // SAFETY: `env` is the environment of the running call. It is not ending, so the hook has not run: the box is
        // ours once the hook is removed.
        unsafe {
            if sys::napi_remove_env_cleanup_hook(env, Some(run), self.work.cast()) == sys::Status::napi_ok {
                drop(Box::from_raw(self.work));
            }
        }
    }
}
