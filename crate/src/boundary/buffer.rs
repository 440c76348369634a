//! Memory that Rust fills and JavaScript reads: aligned for typed arrays, and passed without a copy if the runtime
//! allows it.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::ffi::c_void;
use std::ptr::{self, NonNull};

use napi::sys;

/// The alignment that Arrow recommends; also the size of a cache line.
const ALIGN: usize = 64;

/// Below this size, a copy is cheaper than an external ArrayBuffer with its finalizer and its garbage collector
/// accounting.
pub(super) const EXTERNAL_BYTES: usize = 64 << 10;

/// Bytes with a 64-byte-aligned start, initially zero.
#[derive(Debug)]
pub struct Aligned {
    start: NonNull<u8>,
    length: usize,
    /// Allocated bytes; all of them are initialised.
    capacity: usize,
}

// SAFETY: `Aligned` owns its bytes alone, as a Vec does; nothing in it is bound to a thread.
unsafe impl Send for Aligned {}
// SAFETY: shared access only reads.
unsafe impl Sync for Aligned {}

impl Aligned {
    fn layout(length: usize) -> Option<Layout> {
        Layout::from_size_align(length.max(1), ALIGN).ok()
    }

    /// Allocates `length` zero bytes, or returns `None` if the size exceeds the largest possible allocation.
    pub fn zeroed(length: usize) -> Option<Self> {
        let layout = Self::layout(length)?;
        // SAFETY: the layout's size is at least 1.
        let start = unsafe { alloc_zeroed(layout) };
        match NonNull::new(start) {
            Some(start) => Some(Aligned {
                start,
                length,
                capacity: length,
            }),
            None => handle_alloc_error(layout),
        }
    }

    /// Returns `length` zero bytes: reuses `spare` if it is large enough, else allocates.
    pub fn reuse(spare: Option<Aligned>, length: usize) -> Option<Self> {
        match spare {
            Some(mut spare) if spare.capacity >= length => {
                spare.length = length;
                spare.bytes_mut().fill(0);
                Some(spare)
            }
            _ => Self::zeroed(length),
        }
    }

    /// Extends the bytes with zeros to `length`, which must not be less than the current length.
    pub fn grow(mut self, length: usize) -> Option<Self> {
        let old = self.length.min(length);
        if self.capacity >= length {
            self.length = length;
            self.bytes_mut()[old..].fill(0);
            return Some(self);
        }
        let mut grown = Self::zeroed(length)?;
        grown.bytes_mut()[..old].copy_from_slice(&self.bytes()[..old]);
        Some(grown)
    }

    /// Moves the bytes to memory of the right size if less than a quarter of the capacity is used.
    pub fn fitted(self) -> Option<Self> {
        if self.capacity / 4 <= self.length {
            return Some(self);
        }
        let mut fitted = Self::zeroed(self.length)?;
        fitted.bytes_mut().copy_from_slice(self.bytes());
        Some(fitted)
    }

    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `start` points to `capacity` initialised bytes that we own, and `length` is no more.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`, and `&mut self` makes us the only one.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }
}

impl Drop for Aligned {
    fn drop(&mut self) {
        if let Some(layout) = Self::layout(self.capacity) {
            // SAFETY: allocated in `zeroed` with the same layout, freed once.
            unsafe { dealloc(self.start.as_ptr(), layout) }
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_zeroed_and_aligned() {
        let mut memory = Aligned::zeroed(1000).unwrap_or_else(|| unreachable!());
        assert_eq!(memory.bytes().as_ptr() as usize % ALIGN, 0);
        assert!(memory.bytes().iter().all(|byte| *byte == 0));
        memory.bytes_mut()[999] = 7;
        assert_eq!(memory.bytes()[999], 7);
        assert_eq!(Aligned::zeroed(0).map(|memory| memory.bytes().len()), Some(0));
        assert!(Aligned::zeroed(usize::MAX).is_none());
    }

    #[test]
    fn memory_that_is_used_again_is_zeroed() {
        let mut memory = Aligned::zeroed(1000).unwrap_or_else(|| unreachable!());
        memory.bytes_mut().fill(7);
        let start = memory.bytes().as_ptr();
        let again = Aligned::reuse(Some(memory), 500).unwrap_or_else(|| unreachable!());
        assert_eq!(again.bytes().as_ptr(), start);
        assert_eq!(again.bytes(), [0; 500]);
        let mut grown = again.grow(900).unwrap_or_else(|| unreachable!());
        assert_eq!(grown.bytes().as_ptr(), start);
        assert_eq!(grown.bytes(), [0; 900]);
        grown.bytes_mut()[899] = 5;
        let larger = grown.grow(2000).unwrap_or_else(|| unreachable!());
        assert_eq!(
            (larger.bytes().len(), larger.bytes()[899], larger.bytes()[1999]),
            (2000, 5, 0)
        );
        let start = larger.bytes().as_ptr();
        let mut less = Aligned::reuse(Some(larger), 100).unwrap_or_else(|| unreachable!());
        assert_eq!((less.bytes().as_ptr(), less.bytes()), (start, &[0; 100][..]));
        less.bytes_mut()[99] = 3;
        let fitted = less.fitted().unwrap_or_else(|| unreachable!());
        assert_eq!(
            (fitted.capacity, fitted.bytes().len(), fitted.bytes()[99]),
            (100, 100, 3)
        );
    }
}
