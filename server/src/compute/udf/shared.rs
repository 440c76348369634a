//! Values that several references in Lua can share, and accounting of their memory, which is outside of Lua.
//!
//! Lua limits only its own memory. The memory of lists, maps, bytes and strings on the Rust side is counted in
//! the account of the interpreter that runs on the current thread.

use std::cell::RefCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Mutex, MutexGuard};

/// Size of a string in bytes without its content.
const TEXT_HEAD: usize = 64;

thread_local! {
    static CURRENT: RefCell<Option<Account>> = const { RefCell::new(None) };
}

/// The memory account of an interpreter.
#[derive(Debug, Clone, Default)]
pub struct Account(Arc<AtomicUsize>);

impl Account {
    /// Number of bytes in use.
    #[must_use]
    pub fn used(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Charges allocations on this thread to the account until the returned guard is dropped.
    pub fn enter(&self) -> Entered {
        Entered(CURRENT.replace(Some(self.clone())))
    }
}

/// A guard that restores the previous account of the thread when it is dropped.
#[must_use]
#[derive(Debug)]
pub struct Entered(Option<Account>);

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// A number of bytes charged to an account until this is dropped.
#[derive(Debug)]
pub struct Charge {
    account: Option<Account>,
    bytes: AtomicUsize,
}

impl Charge {
    /// Charges bytes to the account of the current thread, if there is one.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        let charge = Self {
            account: CURRENT.with_borrow(Clone::clone),
            bytes: AtomicUsize::new(0),
        };
        charge.set(bytes);
        charge
    }

    fn set(&self, bytes: usize) {
        if let Some(Account(used)) = &self.account {
            let before = self.bytes.swap(bytes, Ordering::Relaxed);
            // The difference may be negative: unsigned arithmetic wraps to the correct result.
            used.fetch_add(bytes.wrapping_sub(before), Ordering::Relaxed);
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// A value that may hold shared content with further values in it.
pub trait Nested: Sized {
    /// Moves the lists and maps in this value to `out`, if this is the last reference to it.
    fn take_nested(self, out: &mut Vec<Self>);
}

/// Content that can be shared.
pub trait Content {
    /// The values that the content may hold.
    type Item: Nested;

    /// Approximate size in bytes, without shared content inside.
    fn footprint(&self) -> usize;

    /// Moves nested lists and maps to `out` before the content is dropped.
    fn take_nested(&mut self, _out: &mut Vec<Self::Item>) {}
}

struct Cell<T: Content> {
    content: Mutex<T>,
    charge: Charge,
}

impl<T: Content> Cell<T> {
    fn take_nested(&mut self, out: &mut Vec<T::Item>) {
        let content = self.content.get_mut();
        content.take_nested(out);
    }
}

impl<T: Content> Drop for Cell<T> {
    /// Drops nested lists and maps iteratively, so that deep nesting cannot overflow the stack.
    fn drop(&mut self) {
        let mut left = Vec::new();
        self.take_nested(&mut left);
        while let Some(value) = left.pop() {
            value.take_nested(&mut left);
        }
    }
}

/// A shared mutable value in Lua.
pub struct Shared<T: Content>(Arc<Cell<T>>);

impl<T: Content> Shared<T> {
    /// Creates a shared value.
    pub fn new(content: T) -> Self {
        let charge = Charge::new(content.footprint());
        let content = Mutex::new(content);
        Self(Arc::new(Cell { content, charge }))
    }

    /// Locks the content. While you hold the guard, do not call into Lua and do not lock another value.
    pub fn lock(&self) -> Guard<'_, T> {
        Guard {
            content: self.0.content.lock(),
            charge: &self.0.charge,
        }
    }

    /// Moves nested lists and maps to `out`, if this is the last reference.
    pub(super) fn take_nested(self, out: &mut Vec<T::Item>) {
        if let Some(mut cell) = Arc::into_inner(self.0) {
            cell.take_nested(out);
        }
    }
}

impl<T: Content> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Content + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.content.fmt(f)
    }
}

/// A lock on the content of a [`Shared`]. Dropping it updates the memory charge.
pub struct Guard<'a, T: Content> {
    content: MutexGuard<'a, T>,
    charge: &'a Charge,
}

impl<T: Content> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.content
    }
}

impl<T: Content> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.content
    }
}

impl<T: Content> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.charge.set(self.content.footprint());
    }
}

/// A string whose memory is charged to an account.
#[derive(Clone)]
pub struct Text(Arc<(Box<[u8]>, Charge)>);

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Self {
        Self(Arc::new((bytes.into(), Charge::new(bytes.len() + TEXT_HEAD))))
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        bytes.as_slice().into()
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}
