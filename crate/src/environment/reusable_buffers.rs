//! Memory of earlier results that JavaScript has handed back, to be reused for the results of calls.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::wire::Aligned;

#[derive(Default)]
struct Buffers {
    kept: HashMap<u32, Aligned>,
    last: u32,
}

/// Memory to reuse, until the request that refers to it is submitted.
#[derive(Default)]
pub struct ReusableBuffers(Mutex<Buffers>);

impl ReusableBuffers {
    /// Keeps memory and returns the number by which a request refers to it. The number is never 0.
    pub fn keep(&self, memory: Aligned) -> u32 {
        let mut buffers = self.0.lock();
        buffers.last = buffers.last.wrapping_add(1).max(1);
        let number = buffers.last;
        buffers.kept.insert(number, memory);
        number
    }

    /// Takes the memory with this number.
    pub fn take(&self, number: u32) -> Option<Aligned> {
        self.0.lock().kept.remove(&number)
    }

    /// Frees all memory that no request has taken.
    pub fn clear(&self) {
        self.0.lock().kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_taken_once() {
        let buffers = ReusableBuffers::default();
        let keep = || buffers.keep(Aligned::zeroed(64).unwrap_or_else(|| unreachable!()));
        let (first, second) = (keep(), keep());
        assert_eq!(buffers.take(first).map(|memory| memory.bytes().len()), Some(64));
        assert!(buffers.take(first).is_none());
        assert!(buffers.take(0).is_none());
        buffers.clear();
        assert!(buffers.take(second).is_none());
    }
}
