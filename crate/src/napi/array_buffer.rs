//! ArrayBuffers of memory that Rust has filled, without a copy if the runtime allows it.

use std::ffi::c_void;
use std::ptr;

use napi::sys;

/// Below this size, a copy is cheaper than an external ArrayBuffer with its finalizer and its garbage collector
/// accounting.
pub(super) const EXTERNAL_BYTES: usize = 64 << 10;

unsafe extern "C" fn drop_owner(_: sys::napi_env, _: *mut c_void, owner: *mut c_void) {
    // SAFETY: `owner` is the box that `array_buffer` leaked for exactly this call.
    drop(unsafe { Box::from_raw(owner.cast::<Vec<u8>>()) });
}

/// Creates an ArrayBuffer with these bytes. A large buffer is passed without a copy if the runtime supports external
/// memory (Electron does not).
pub fn array_buffer(env: sys::napi_env, bytes: Vec<u8>) -> napi::Result<sys::napi_value> {
    if bytes.len() < EXTERNAL_BYTES {
        return copy(env, &bytes);
    }
    let mut owner = Box::new(bytes);
    let (start, length) = (owner.as_mut_ptr(), owner.len());
    let owner = Box::into_raw(owner);
    let mut result = ptr::null_mut();
    // SAFETY: `env` is the environment of the running call; start and length describe memory that lives in `owner`
    // until `drop_owner` frees it.
    let status = unsafe {
        sys::napi_create_external_arraybuffer(env, start.cast(), length, Some(drop_owner), owner.cast(), &mut result)
    };
    if status == sys::Status::napi_ok {
        return Ok(result);
    }
    // SAFETY: the call failed, so no finalizer will run: the box is ours again.
    let owner = unsafe { Box::from_raw(owner) };
    copy(env, &owner)
}

/// Creates an ArrayBuffer with a copy of these bytes.
pub(super) fn copy(env: sys::napi_env, bytes: &[u8]) -> napi::Result<sys::napi_value> {
    let mut data = ptr::null_mut();
    let mut result = ptr::null_mut();
    // SAFETY: `env` is the environment of the running call; the out pointers are ours.
    let status = unsafe { sys::napi_create_arraybuffer(env, bytes.len(), &mut data, &mut result) };
    if status != sys::Status::napi_ok {
        return Err(napi::Error::from_reason("an ArrayBuffer could not be allocated"));
    }
    if !bytes.is_empty() {
        // SAFETY: `data` points to `bytes.len()` fresh bytes of the ArrayBuffer.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), data.cast(), bytes.len()) };
    }
    Ok(result)
}
