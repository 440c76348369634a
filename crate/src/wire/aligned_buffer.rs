//! Memory that Rust fills and JavaScript reads, aligned for typed arrays.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;

/// The alignment that Arrow recommends; also the size of a cache line.
const ALIGN: usize = 64;

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

    /// Allocates `length` zero bytes, or returns `None` if there is not that much memory: the caller of a command chooses
    /// the length, so its call fails instead of the process.
    pub fn zeroed(length: usize) -> Option<Self> {
        let layout = Self::layout(length)?;
        // SAFETY: the layout's size is at least 1.
        let start = unsafe { alloc_zeroed(layout) };
        Some(Aligned {
            start: NonNull::new(start)?,
            length,
            capacity: length,
        })
    }

    /// Returns `length` zero bytes: reuses `reused` if it is large enough, else allocates.
    pub fn reuse(reused: Option<Aligned>, length: usize) -> Option<Self> {
        match reused {
            Some(mut reused) if reused.capacity >= length => {
                reused.length = length;
                reused.bytes_mut().fill(0);
                Some(reused)
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

#[cfg(test)]
mod tests {
    use std::hint::black_box;

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
        // Miri ends a program that the system refuses memory.
        if cfg!(not(miri)) {
            // The optimiser removes an allocation that nobody uses, and assumes that it succeeded.
            let larger_than_the_address_space = black_box(Aligned::zeroed(black_box(1 << 62)));
            assert!(larger_than_the_address_space.is_none());
        }
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
