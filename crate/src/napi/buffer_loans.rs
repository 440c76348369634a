//! Memory that JavaScript uses through external ArrayBuffers and that can be taken back for reuse.
//!
//! The table owns the memory. Either the ArrayBuffer's finalizer removes it from the table, or `take_over` does when
//! JavaScript passes the ArrayBuffer back; the later of the two finds nothing. Memory that was taken over belongs to
//! Rust alone: nothing in JavaScript frees it, not even the end of its environment.

use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use napi::sys;
use parking_lot::{Mutex, MutexGuard};

use crate::common::guard::guard;
use crate::napi::array_buffer::{EXTERNAL_BYTES, copy};
use crate::wire::Aligned;

struct Entry {
    /// Distinguishes successive loans of the same address.
    loan: u64,
    memory: Aligned,
}

#[derive(Default)]
struct Table {
    by_address: HashMap<usize, Entry>,
    next: u64,
}

/// The memory that the ArrayBuffers of one environment refer to.
#[derive(Default)]
pub struct Loans {
    table: Mutex<Table>,
}

/// The data of a finalizer.
struct Loan {
    loans: Arc<Loans>,
    address: usize,
    loan: u64,
}

unsafe extern "C" fn end(_: sys::napi_env, _: *mut c_void, loan: *mut c_void) {
    // SAFETY: `loan` is the box that `lend` leaked for exactly this call.
    let loan = unsafe { Box::from_raw(loan.cast::<Loan>()) };
    let _ = guard(|| drop(loan.loans.end(loan.address, loan.loan)));
}

impl Loans {
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock()
    }

    /// Adds memory to the table and returns its address and the number of the loan.
    fn insert(&self, mut memory: Aligned) -> (*mut u8, u64) {
        let start = memory.bytes_mut().as_mut_ptr();
        let mut table = self.lock();
        table.next += 1;
        let loan = table.next;
        table.by_address.insert(start as usize, Entry { loan, memory });
        (start, loan)
    }

    /// Removes and returns the memory of this loan, if it is still in the table.
    fn end(&self, address: usize, loan: u64) -> Option<Aligned> {
        let mut table = self.lock();
        if table.by_address.get(&address)?.loan != loan {
            return None;
        }
        table.by_address.remove(&address).map(|entry| entry.memory)
    }

    /// Removes and returns the `length` bytes at `address`, if they are lent.
    fn reclaim(&self, address: usize, length: usize) -> Option<Aligned> {
        let mut table = self.lock();
        if table.by_address.get(&address)?.memory.bytes().len() != length {
            return None;
        }
        table.by_address.remove(&address).map(|entry| entry.memory)
    }

    /// Creates an ArrayBuffer with this memory. A large one is passed without a copy if the runtime supports external
    /// memory (Electron does not).
    pub fn lend(self: &Arc<Self>, env: sys::napi_env, memory: Aligned) -> napi::Result<sys::napi_value> {
        let length = memory.bytes().len();
        if length < EXTERNAL_BYTES {
            return copy(env, memory.bytes());
        }
        let (start, loan) = self.insert(memory);
        let address = start as usize;
        let hint = Box::into_raw(Box::new(Loan {
            loans: Arc::clone(self),
            address,
            loan,
        }));
        let mut result = ptr::null_mut();
        // SAFETY: `env` is the environment of the running call; start and length describe memory that stays in the
        // table until `end` runs or the ArrayBuffer is detached.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(env, start.cast(), length, Some(end), hint.cast(), &mut result)
        };
        if status == sys::Status::napi_ok {
            return Ok(result);
        }
        // SAFETY: the call failed, so no finalizer will run: the box is ours again.
        drop(unsafe { Box::from_raw(hint) });
        match self.end(address, loan) {
            Some(memory) => copy(env, memory.bytes()),
            None => Err(napi::Error::from_reason("lent memory was gone")),
        }
    }

    /// Detaches an ArrayBuffer and returns its memory if Rust allocated it. Returns `None` for memory that JavaScript
    /// allocated.
    ///
    /// # Errors
    /// The value is not an ArrayBuffer or cannot be detached. It is then unchanged.
    pub fn take_over(&self, env: sys::napi_env, buffer: sys::napi_value) -> napi::Result<Option<Aligned>> {
        let (mut start, mut length) = (ptr::null_mut(), 0);
        // SAFETY: `env` is the environment of the running call, `buffer` a value of it; the out pointers are ours.
        let known = unsafe { sys::napi_get_arraybuffer_info(env, buffer, &mut start, &mut length) };
        if known != sys::Status::napi_ok {
            return Err(napi::Error::from_reason("it is no ArrayBuffer"));
        }
        // SAFETY: as above. The memory of an ArrayBuffer belongs to it alone, so once it is detached, nothing in
        // JavaScript reaches the memory; the table still has it.
        let detached = unsafe { sys::napi_detach_arraybuffer(env, buffer) };
        if detached != sys::Status::napi_ok {
            return Err(napi::Error::from_reason("the ArrayBuffer cannot be detached"));
        }
        Ok(self.reclaim(start as usize, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(length: usize) -> Aligned {
        Aligned::zeroed(length).unwrap_or_else(|| unreachable!())
    }

    #[test]
    fn a_loan_ends_once() {
        let loans = Loans::default();
        let (start, loan) = loans.insert(memory(100));
        assert!(loans.end(start as usize, loan + 1).is_none());
        assert!(loans.end(start as usize, loan).is_some());
        assert!(loans.end(start as usize, loan).is_none());
    }

    #[test]
    fn what_is_taken_over_and_lent_again_outlives_the_first_finalizer() {
        let loans = Loans::default();
        let (start, first) = loans.insert(memory(100));
        let address = start as usize;
        assert!(loans.reclaim(address, 99).is_none());
        assert!(loans.reclaim(address + 64, 100).is_none());
        let taken = loans.reclaim(address, 100).unwrap_or_else(|| unreachable!());
        assert!(loans.reclaim(address, 100).is_none());
        let (again, second) = loans.insert(taken);
        assert_eq!(again, start);
        // The finalizer of the first ArrayBuffer runs late.
        assert!(loans.end(address, first).is_none());
        assert!(loans.end(address, second).is_some());
    }
}
